//! Keys of programs, log-ins, second factors and requests sent twice, over the real storage.

use std::net::SocketAddr;
use std::sync::Arc;

use api::storage::Stored;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use store::{RecordWriter, Secret, Store};

use crate::world::{Answer, World};

const PEOPLE: &str = r#"
domain: acme.test
groups: [support]
agents:
  - {extension: "1001", name: Ann Ash, email: ann@acme.test, password: ann-password, groups: [support]}
  - {extension: "1002", name: Ada Bay, email: ada@acme.test, password: ada-password, groups: [support], role: admin}
queues:
  - {number: "8000", name: Support}
"#;
const OTHERS: &str = "domain: globex.test\n";

const KEYS: &str = "/v1/domains/~/api-keys";

struct Office {
    world: World,
    store: Store,
    _directory: tempfile::TempDir,
}

impl Office {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        for domain in [PEOPLE, OTHERS] {
            let plan = store.plan(store::provisioning::parse(domain, &[]).unwrap()).await.unwrap();
            store.apply(&plan, model::Timestamp::from_secs(1_700_000_000)).await.unwrap();
        }
        store.set_owner("owner@acme.test", &Secret::new("owner-password")).await.unwrap();
        let writer = Arc::new(RecordWriter::start(store.clone()));
        let world = World::over(Arc::new(Stored::new(store.clone(), writer))).await;
        Self { world, store, _directory: directory }
    }

    async fn login(&self, who: &str) -> String {
        let body = json!({"email": format!("{who}@acme.test"), "password": format!("{who}-password")});
        let answer = self.world.post("/v1/auth/login", "", &body.to_string()).await;
        answer.body["token"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
    }

    async fn key(&self, token: &str, body: Value) -> Answer {
        self.world.post(KEYS, token, &body.to_string()).await
    }

    async fn get_from(&self, path: &str, token: &str, address: &str) -> Answer {
        let peer: SocketAddr = format!("{address}:4711").parse().unwrap();
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        self.world.send(request).await
    }
}

fn text(answer: &Answer, field: &str) -> String {
    answer.body[field].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

#[tokio::test]
async fn a_key_does_what_it_was_given_and_no_more() {
    let office = Office::new().await;
    let ada = office.login("ada").await;
    let made = office.key(&ada, json!({"name": "crm", "rights": ["read", "night_mode"]})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let key = text(&made, "key");
    assert!(
        key.starts_with("cb_") && key.len() == 46 && key.starts_with(&text(&made, "hint")),
        "{}",
        made.text
    );
    let get = async |path: &str| office.world.get(path, &key).await.status;
    assert_eq!(get("/v1/domains/~/agents").await, 200);
    assert_eq!(get("/v1/domains/~/provisioning").await, 403);
    assert_eq!(get("/v1/domains/globex.test/agents").await, 404);
    let night = office.world.ask(Method::PUT, "/v1/domains/~/night-mode", &key, r#"{"on":true}"#).await;
    assert_eq!(night.status, 200, "{}", night.text);
    let me = office.world.get("/v1/auth/me", &key).await.body;
    assert_eq!(me["rights"], json!(["read", "night_mode"]));
    assert_eq!((&me["role"], &me["name"], &me["expires_at"]), (&Value::Null, &json!("crm"), &Value::Null));
    let listed = office.world.get(KEYS, &ada).await.body["items"][0].clone();
    assert!(listed["used_at"].is_string() && listed["key"].is_null(), "{listed:#}");
    assert_eq!(listed["created_by"], "Ada Bay");
    // Nothing of it lies in the database but its hash.
    let stored = std::fs::read(office.store.data_dir().join("cordboard.sqlite")).unwrap();
    assert!(!stored.windows(key.len()).any(|window| window == key.as_bytes()));
    let removed = office.world.ask(Method::DELETE, &format!("{KEYS}/{}", text(&made, "id")), &ada, "").await;
    assert_eq!(removed.status, 204, "{}", removed.text);
    assert_eq!(get("/v1/domains/~/agents").await, 401);
    let audit = office.world.get("/v1/domains/~/audit", &ada).await.body;
    assert_eq!(audit["items"][0]["changes"], json!(["- API key crm"]));
    assert_eq!(audit["items"][1]["changes"], json!(["+ API key crm (read, night_mode)"]));
}

#[tokio::test]
async fn a_key_comes_from_its_networks_only_and_ends() {
    let office = Office::new().await;
    let ada = office.login("ada").await;
    let networks = json!(["192.0.2.0/24", "2001:db8::/32"]);
    let made = office.key(&ada, json!({"name": "crm", "rights": ["read"], "networks": networks})).await;
    let key = text(&made, "key");
    let from = async |address: &str| office.get_from("/v1/domains/~/agents", &key, address).await.status;
    assert_eq!(from("192.0.2.9").await, 200);
    assert_eq!(from("[2001:db8::9]").await, 200);
    assert_eq!(from("198.51.100.1").await, 401);
    assert_eq!(
        office.world.get("/v1/domains/~/agents", &key).await.status,
        401,
        "an unknown address is none of them"
    );
    let past = json!({"name": "old", "rights": ["read"], "expires_at": "2001-01-01T00:00:00Z"});
    assert_eq!(office.key(&ada, past).await.problem(), "unusable_key");
    let soon = json!({"name": "new", "rights": ["read"], "expires_at": "2101-01-01T00:00:00Z"});
    assert_eq!(office.key(&ada, soon).await.body["expires_at"], "2101-01-01T00:00:00.000Z");
}

#[tokio::test]
async fn what_cannot_be_a_key_is_refused_in_words() {
    let office = Office::new().await;
    let ada = office.login("ada").await;
    for (body, problem, words) in [
        (json!({"name": "", "rights": ["read"]}), "unusable_key", "1 to 64"),
        (json!({"name": "a", "rights": []}), "unusable_key", "could do nothing"),
        (json!({"name": "a", "rights": ["own"]}), "unusable_key", "nobody's"),
        (json!({"name": "a", "rights": ["everything"]}), "invalid_body", "unknown variant"),
        (
            json!({"name": "a", "rights": ["read"], "networks": ["10.0.0.0/33"]}),
            "unusable_key",
            "10.0.0.0/33",
        ),
        (json!({"name": "a", "rights": ["read"], "expires_at": "tomorrow"}), "unusable_key", "tomorrow"),
        (json!({"name": "a", "rights": ["read"], "owner": true}), "invalid_body", "unknown field"),
    ] {
        let answer = office.key(&ada, body.clone()).await;
        assert_eq!(answer.problem(), problem, "{body}: {}", answer.text);
        assert!(answer.text.contains(words), "{body}: {}", answer.text);
    }
    let made = office.key(&ada, json!({"name": "a", "rights": ["read", "access"]})).await;
    assert_eq!(office.key(&ada, json!({"name": "a", "rights": ["read"]})).await.problem(), "entry_exists");
    // A key makes no key that may do more than it.
    let more = office.key(&text(&made, "key"), json!({"name": "b", "rights": ["provisioning"]})).await;
    assert_eq!((more.status, more.problem()), (403, "forbidden"), "{}", more.text);
    assert_eq!(office.key(&text(&made, "key"), json!({"name": "b", "rights": ["read"]})).await.status, 201);
}

#[tokio::test]
async fn a_login_is_listed_and_can_be_ended() {
    let office = Office::new().await;
    let (ann, ada) = (office.login("ann").await, office.login("ada").await);
    let other = office.login("ann").await;
    let own = office.world.get("/v1/auth/sessions", &ann).await.body;
    let current: Vec<_> =
        own["items"].as_array().unwrap().iter().map(|item| item["current"].clone()).collect();
    assert_eq!(current, [json!(false), json!(true)], "newest first: {own:#}");
    let of_other = own["items"][0]["id"].as_str().unwrap();
    let end = async |path: &str, token: &str| office.world.ask(Method::DELETE, path, token, "").await;
    let path = format!("/v1/auth/sessions/{of_other}");
    assert_eq!(end(&path, &ada).await.problem(), "unknown_session", "it is not hers");
    assert_eq!(end(&path, &ann).await.status, 204);
    assert_eq!(office.world.get("/v1/auth/me", &other).await.status, 401);
    let all = office.world.get("/v1/domains/~/sessions", &ada).await.body;
    let names: Vec<_> = all["items"].as_array().unwrap().iter().map(|item| item["name"].clone()).collect();
    assert_eq!(names, ["Ada Bay", "Ann Ash"], "{all:#}");
    let of_ann = all["items"][1]["id"].as_str().unwrap();
    let path = format!("/v1/domains/~/sessions/{of_ann}");
    assert_eq!(end(&path, &ann).await.problem(), "forbidden");
    assert_eq!(end(&path, &ada).await.status, 204);
    assert_eq!(office.world.get("/v1/auth/me", &ann).await.status, 401);
}

#[tokio::test]
async fn the_owner_of_the_server_is_of_all_domains_and_nobody_else_is() {
    let office = Office::new().await;
    let (owner, ada) = (office.login("owner").await, office.login("ada").await);
    let names = async |token: &str| {
        let body = office.world.get("/v1/domains", token).await.body;
        body["items"].as_array().unwrap().iter().map(|item| item["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&owner).await, ["acme.test", "globex.test"]);
    assert_eq!(names(&ada).await, ["acme.test"]);
    let agents = async |token: &str| office.world.get("/v1/domains/globex.test/agents", token).await;
    assert_eq!(agents(&owner).await.body["items"][0]["name"], "Gus Yew");
    assert_eq!(agents(&ada).await.problem(), "unknown_domain");
    let made = office
        .world
        .post("/v1/domains/globex.test/api-keys", &owner, r#"{"name":"g","rights":["read"]}"#)
        .await;
    let key = text(&made, "key");
    assert_eq!(agents(&key).await.status, 200);
    assert_eq!(office.world.get("/v1/domains/acme.test/agents", &key).await.problem(), "unknown_domain");
}

#[tokio::test]
async fn a_second_factor_is_wanted_once_it_is_confirmed_and_each_code_is_good_once() {
    let office = Office::new().await;
    let ann = office.login("ann").await;
    let offered = office.world.post("/v1/auth/totp", &ann, "").await;
    assert!(text(&offered, "uri").starts_with("otpauth://totp/acme.test:Ann%20Ash?"), "{}", offered.text);
    office.login("ann").await;
    let code = async || code_of(&text(&offered, "secret"), office.world.clock.now());
    let wrong = office.world.post("/v1/auth/totp/confirm", &ann, r#"{"code":"12345"}"#).await;
    assert_eq!(wrong.problem(), "wrong_code");
    let body = json!({"code": code().await}).to_string();
    let confirmed = office.world.post("/v1/auth/totp/confirm", &ann, &body).await;
    let recovery: Vec<String> = serde_json::from_value(confirmed.body["recovery_codes"].clone())
        .unwrap_or_else(|_| panic!("{}", confirmed.text));
    assert_eq!(recovery.len(), 10);
    assert_eq!(office.world.post("/v1/auth/totp", &ann, "").await.problem(), "second_factor_on");

    let login = async |code: Option<&str>| {
        let body = json!({"email": "ann@acme.test", "password": "ann-password", "code": code});
        office.world.post("/v1/auth/login", "", &body.to_string()).await
    };
    assert_eq!(login(None).await.problem(), "second_factor_wanted");
    assert_eq!(
        login(Some(&code().await)).await.problem(),
        "bad_credentials",
        "that code was used to confirm"
    );
    assert_eq!(login(Some(&recovery[3])).await.status, 200);
    assert_eq!(login(Some(&recovery[3])).await.problem(), "bad_credentials", "a recovery code is good once");
    let wrong_password = json!({"email": "ann@acme.test", "password": "guess"}).to_string();
    let answer = office.world.post("/v1/auth/login", "", &wrong_password).await;
    assert_eq!(
        answer.problem(),
        "bad_credentials",
        "whether there is one is said to who knows the password only"
    );

    let ada = office.login("ada").await;
    let path = "/v1/domains/~/agents/1001/totp";
    assert_eq!(office.world.ask(Method::DELETE, path, &ann, "").await.problem(), "forbidden");
    assert_eq!(office.world.ask(Method::DELETE, path, &ada, "").await.status, 204);
    assert_eq!(login(None).await.status, 200);

    // Again, and taken away by herself; taking away what is not there is no change.
    let offered = office.world.post("/v1/auth/totp", &ann, "").await;
    let code = || json!({"code": code_of(&text(&offered, "secret"), office.world.clock.now())}).to_string();
    let confirmed = office.world.post("/v1/auth/totp/confirm", &ann, &code()).await;
    let recovery = json!({"code": confirmed.body["recovery_codes"][0]}).to_string();
    for _ in 0..2 {
        let removed = office.world.ask(Method::DELETE, "/v1/auth/totp", &ann, &recovery).await;
        assert_eq!(removed.status, 204, "{}", removed.text);
    }
    let long = json!({"code": "1".repeat(65)}).to_string();
    let refused = office.world.ask(Method::DELETE, "/v1/auth/totp", &ann, &long).await;
    assert_eq!(refused.problem(), "invalid_body");
    let audit = office.world.get("/v1/domains/~/audit", &ada).await.body;
    let said: Vec<_> = audit["items"].as_array().unwrap().iter().map(|item| &item["changes"][0]).collect();
    let (gone, used) = ("- second factor of Ann Ash", "+ second factor of Ann Ash");
    assert_eq!(said[..4], [gone, used, gone, used]);
}

#[tokio::test]
async fn who_has_a_role_that_wants_a_second_factor_can_do_nothing_but_set_one_up() {
    let office = Office::new().await;
    let (ann, ada) = (office.login("ann").await, office.login("ada").await);
    let key = text(&office.key(&ada, json!({"name": "crm", "rights": ["read"]})).await, "key");
    let demand = async |roles: &str| {
        let file = format!("second_factor: {roles}\n{}", PEOPLE.trim_start());
        let plan = office.store.plan(store::provisioning::parse(&file, &[]).unwrap()).await.unwrap();
        office.store.apply(&plan, office.world.clock.now()).await.unwrap();
        plan.lines().to_vec()
    };
    // She demands it of herself, and has none: the door is not locked, it leads to setting one up.
    assert_eq!(demand("[admin]").await, ["~ domain acme.test second_factor [] -> [admin]"]);
    for token in [ada.clone(), office.login("ada").await] {
        for path in ["agents", "provisioning", "audit", "statistics/document"] {
            let answer = office.world.get(&format!("/v1/domains/~/{path}"), &token).await;
            assert_eq!((answer.status, answer.problem()), (403, "second_factor_due"), "{path}");
        }
        let forbidden =
            office.world.post("/v1/domains/~/agents/~/ready", &token, r#"{"queue": "8000"}"#).await;
        assert_eq!(forbidden.problem(), "second_factor_due");
        assert_eq!(office.world.get("/v1/auth/phone", &token).await.status, 403);
        let me = office.world.get("/v1/auth/me", &token).await.body;
        assert_eq!((&me["second_factor_due"], &me["rights"]), (&true.into(), &json!([])));
    }
    // Others, keys and the owner of the server are not asked.
    let me = office.world.get("/v1/auth/me", &ann).await.body;
    assert_eq!(me["second_factor_due"], false);
    assert_eq!(office.world.get("/v1/domains/~/agents", &key).await.status, 200);
    let owner = office.login("owner").await;
    assert_eq!(office.world.get("/v1/domains/acme.test/agents", &owner).await.status, 200);

    // Somebody else who knew her password alone.
    let thief = office.login("ada").await;
    let offered = office.world.post("/v1/auth/totp", &ada, "").await;
    assert_eq!(
        office.world.get("/v1/domains/~/agents", &ada).await.problem(),
        "second_factor_due",
        "not confirmed"
    );
    let body = json!({"code": code_of(&text(&offered, "secret"), office.world.clock.now())}).to_string();
    assert_eq!(office.world.post("/v1/auth/totp/confirm", &ada, &body).await.status, 200);
    assert_eq!(office.world.get("/v1/domains/~/agents", &ada).await.status, 200);
    assert_eq!(
        office.world.get("/v1/auth/me", &thief).await.status,
        401,
        "her code makes nobody else welcome"
    );
    for stays in [&ann, &key, &owner] {
        assert_ne!(office.world.get("/v1/domains/acme.test/agents", stays).await.status, 401);
    }

    // Who lost hers: somebody takes it away, and she sets up another.
    let path = "/v1/domains/acme.test/agents/1002/totp";
    assert_eq!(office.world.ask(Method::DELETE, path, &owner, "").await.status, 204);
    assert_eq!(office.world.get("/v1/domains/~/agents", &ada).await.problem(), "second_factor_due");
    assert_eq!(demand("[]").await, ["~ domain acme.test second_factor [admin] -> []"]);
    assert_eq!(office.world.get("/v1/domains/~/agents", &ada).await.status, 200);
}

#[test]
fn a_second_factor_is_demanded_of_roles_that_there_are() {
    let said = |roles: &str| {
        let problems = store::provisioning::parse(&format!("domain: a.test\nsecond_factor: {roles}\n"), &[]);
        problems.expect_err("it has a problem")[0].to_string()
    };
    assert!(
        said("[boss]")
            .contains("`second_factor` names the role `boss`; it can be agent, supervisor, admin, owner")
    );
    assert!(said("[admin, admin]").contains("`second_factor` names admin twice"));
}

/// As an app makes it (RFC 6238).
fn code_of(secret: &str, now: model::Timestamp) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("a").build().unwrap();
    totp.generate(u64::try_from(now.0 / 1_000_000).unwrap()).to_string()
}

async fn keyed(office: &Office, token: &str, key: &str, body: &str) -> Answer {
    let request = Request::post(KEYS)
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", key)
        .body(Body::from(body.to_owned()))
        .unwrap();
    office.world.send(request).await
}

#[tokio::test]
async fn a_request_that_is_sent_twice_is_done_once() {
    let office = Office::new().await;
    let ada = office.login("ada").await;
    let body = r#"{"name":"crm","rights":["read"]}"#;
    let first = keyed(&office, &ada, "\"order-7\"", body).await;
    let second = keyed(&office, &ada, "order-7", body).await;
    assert_eq!((first.status, second.status), (201, 201), "{}", second.text);
    assert_eq!(first.body, second.body, "the key itself too");
    assert_eq!((first.header("idempotency-replayed"), second.header("idempotency-replayed")), ("", "true"));
    assert_eq!(second.header("content-type"), first.header("content-type"));
    let other = keyed(&office, &ada, "order-7", r#"{"name":"other","rights":["read"]}"#).await;
    assert_eq!((other.status, other.problem()), (422, "idempotency_mismatch"));
    // What was refused changed nothing: it is tried anew.
    let refused = keyed(&office, &ada, "order-8", body).await;
    assert_eq!(refused.problem(), "entry_exists");
    let id = text(&first, "id");
    assert_eq!(office.world.ask(Method::DELETE, &format!("{KEYS}/{id}"), &ada, "").await.status, 204);
    assert_eq!(keyed(&office, &ada, "order-8", body).await.status, 201);
    for wrong in ["", "a b", &"k".repeat(256)] {
        assert_eq!(keyed(&office, &ada, wrong, body).await.problem(), "invalid_parameter", "{wrong}");
    }
    // Another person's key of the same name is another key.
    let owner = office.login("owner").await;
    let hers = keyed(&office, &owner, "order-7", r#"{"name":"hers","rights":["read"]}"#).await;
    assert_eq!((hers.status, hers.header("idempotency-replayed")), (201, ""), "{}", hers.text);
    let stored = std::fs::read(office.store.data_dir().join("cordboard.sqlite")).unwrap();
    let key = text(&first, "key");
    assert!(!stored.windows(key.len()).any(|window| window == key.as_bytes()), "answers lie sealed");
}

#[tokio::test]
async fn who_has_lost_the_right_gets_no_old_answer() {
    let office = Office::new().await;
    let ada = office.login("ada").await;
    let body = r#"{"name":"crm","rights":["read"]}"#;
    assert_eq!(keyed(&office, &ada, "order-7", body).await.status, 201);
    let people = PEOPLE.replace("role: admin", "role: agent");
    let plan = office.store.plan(store::provisioning::parse(&people, &[]).unwrap()).await.unwrap();
    office.store.apply(&plan, model::Timestamp::from_secs(1_700_000_001)).await.unwrap();
    let again = keyed(&office, &ada, "order-7", body).await;
    assert_eq!((again.status, again.problem()), (403, "forbidden"), "{}", again.text);
    assert!(again.header("idempotency-replayed").is_empty());
}

#[tokio::test]
async fn two_at_once_with_one_key_are_not_both_done() {
    let office = Office::new().await;
    let ada = office.login("ada").await;
    let body = r#"{"name":"crm","rights":["read"]}"#;
    let (a, b) = tokio::join!(keyed(&office, &ada, "k", body), keyed(&office, &ada, "k", body));
    let done = [&a, &b].iter().filter(|answer| answer.status == 201).count();
    let waits = [&a, &b].iter().filter(|answer| answer.problem() == "idempotency_unanswered").count();
    assert_eq!(done + waits, 2, "{} {}", a.text, b.text);
    assert!(done >= 1);
    let listed = office.world.get(KEYS, &ada).await.body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}
