//! Logging in by a provider, which is told here what to say; the real one is asked in `e2e`.

use std::sync::{Arc, Mutex};

use api::sso::{LoginState, Returned, SingleSignOn, SsoAnswer, SsoError};
use api::storage::Stored;
use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use store::{RecordWriter, Secret, Store};

use crate::world::{ACME, Answer, World};

const PEOPLE: &str = r#"
domain: acme.test
groups: [support]
agents:
  - {extension: "1001", name: Ann Ash, email: ann@acme.test, groups: [support], role: admin}
  - {extension: "1002", name: Bob Oak, email: bob@acme.test, groups: [support], status: disabled}
"#;

/// Says what it is told to.
struct Told {
    answer: Mutex<Result<String, SsoError>>,
    /// Codes that came to it, each with the log-in that it came with.
    codes: Mutex<Vec<String>>,
}

impl SingleSignOn for Told {
    fn name(&self) -> &str {
        "Acme account"
    }

    fn secure(&self) -> bool {
        true
    }

    fn begin<'a>(&'a self, login: &'a LoginState) -> SsoAnswer<'a, String> {
        let location = format!("https://id.acme.test/?state={}&nonce={}", login.state, login.nonce);
        Box::pin(async move {
            match &*self.answer.lock().unwrap() {
                Err(SsoError::Unreachable(what)) => Err(SsoError::Unreachable(what.clone())),
                Ok(_) | Err(_) => Ok(location),
            }
        })
    }

    fn end<'a>(&'a self, returned: Returned<'a>, _: &'a LoginState) -> SsoAnswer<'a, String> {
        self.codes.lock().unwrap().push(returned.code.to_owned());
        Box::pin(async { self.answer.lock().unwrap().clone() })
    }
}

struct Office {
    world: World,
    store: Store,
    provider: Arc<Told>,
    _directory: tempfile::TempDir,
}

/// A browser on its way: the state that it was sent with, and its cookie.
struct OnItsWay {
    state: String,
    cookie: String,
}

impl Office {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let provider =
            Arc::new(Told { answer: Mutex::new(Ok("ann@acme.test".into())), codes: Mutex::default() });
        let writer = Arc::new(RecordWriter::start(store.clone()));
        let world = World::with_sso(Arc::new(Stored::new(store.clone(), writer)), provider.clone()).await;
        assert!(world.applier.live.set((store.clone(), world.switch.clone())).is_ok());
        let office = Self { world, store, provider, _directory: directory };
        office.apply(PEOPLE).await;
        office.store.set_owner("owner@acme.test", &Secret::new("owner-password")).await.unwrap();
        office
    }

    async fn apply(&self, text: &str) {
        let plan = self.store.plan(store::provisioning::parse(text, &[]).unwrap()).await.unwrap();
        self.store.apply(&plan, self.world.clock.now()).await.unwrap();
        let directory = self.store.directory(ACME).await.unwrap();
        self.world.switch.directory(Arc::new(directory)).await.unwrap();
    }

    fn says(&self, answer: Result<&str, SsoError>) {
        *self.provider.answer.lock().unwrap() = answer.map(str::to_owned);
    }

    async fn begin(&self) -> OnItsWay {
        let sent = self.world.get("/v1/auth/oidc/start", "").await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let location = sent.header("location");
        let state = location.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let set = sent.header("set-cookie");
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Secure"), "{set}");
        OnItsWay { state, cookie: set.split(';').next().unwrap().to_owned() }
    }

    async fn back(&self, query: &str, cookie: &str) -> Answer {
        let request = Request::get(format!("/v1/auth/oidc/callback?{query}")).header("cookie", cookie);
        self.world.send(request.body(Body::empty()).unwrap()).await
    }

    /// A whole way to the provider and back; where it ends.
    async fn way(&self) -> String {
        self.way_with_cookie().await.0
    }

    /// The same, and the cookie that the browser has then.
    async fn way_with_cookie(&self) -> (String, String) {
        let OnItsWay { state, cookie } = self.begin().await;
        let back = self.back(&format!("state={state}&code=c-1"), &cookie).await;
        let cookie = back.header("set-cookie").split(';').next().unwrap().to_owned();
        (back.header("location").to_owned(), cookie)
    }

    async fn redeem(&self, code: &str, cookie: &str) -> Answer {
        let request = Request::post("/v1/auth/oidc/redeem").header("cookie", cookie);
        let body = json!({"code": code}).to_string();
        self.world.send(request.body(Body::from(body)).unwrap()).await
    }
}

#[tokio::test]
async fn without_a_provider_nothing_is_offered() {
    let world = World::new().await;
    let offer = world.get("/v1/auth/oidc", "").await.body;
    assert_eq!(offer, json!({"offered": false, "name": null}));
    for path in ["start", "callback?code=c&state=s"] {
        assert_eq!(world.get(&format!("/v1/auth/oidc/{path}"), "").await.problem(), "oidc_off");
    }
}

#[tokio::test]
async fn whoever_comes_back_gets_a_token_for_a_code_that_is_good_once() {
    let office = Office::new().await;
    let offer = office.world.get("/v1/auth/oidc", "").await.body;
    assert_eq!(offer, json!({"offered": true, "name": "Acme account"}));
    let (place, cookie) = office.way_with_cookie().await;
    let code = place.strip_prefix("/#oidc=").unwrap_or_else(|| panic!("{place}"));
    let other = office.begin().await.cookie;
    for led in [other.as_str(), ""] {
        assert_eq!(office.redeem(code, led).await.problem(), "oidc_stale", "another browser was led to it");
    }
    let made = office.redeem(code, &cookie).await;
    assert!(made.header("set-cookie").contains("Max-Age=0"), "{}", made.header("set-cookie"));
    assert_eq!((made.status, &made.body["name"]), (200, &json!("Ann Ash")), "{}", made.text);
    let token = made.body["token"].as_str().unwrap();
    assert_eq!(office.world.get("/v1/auth/me", token).await.body["role"], "admin");
    assert_eq!(office.redeem(code, &cookie).await.status, 403);
    assert_eq!(office.redeem("", &cookie).await.problem(), "oidc_stale");
    let sessions = office.world.get("/v1/auth/sessions", token).await.body;
    assert_eq!(sessions["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_log_in_is_ended_by_the_browser_that_began_it_and_with_what_it_was_sent() {
    let office = Office::new().await;
    let (first, second) = (office.begin().await, office.begin().await);
    let other_name = first.cookie.replace("__Host-", "");
    for (state, cookie) in [
        ("", first.cookie.as_str()),
        ("guess", &first.cookie),
        (&second.state, &first.cookie),
        (&first.state, ""),
        (&first.state, "__Host-cordboard-oidc=a.b.c.d"),
        (&first.state, &other_name),
    ] {
        let answer = office.back(&format!("state={state}&code=c-1"), cookie).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/#oidc-problem=oidc_stale"),
            "{state} {cookie}"
        );
    }
    for query in ["", "code=c-1", &format!("state={}", first.state), &format!("state={}&code=", first.state)]
    {
        let answer = office.back(query, &first.cookie).await;
        assert_eq!(answer.header("location"), "/#oidc-problem=oidc_stale", "{query}");
    }
    let long = format!("state={}&code={}", first.state, "c".repeat(5_000));
    assert_eq!(office.back(&long, &first.cookie).await.header("location"), "/#oidc-problem=oidc_stale");
    assert_eq!(office.back("code=a&code=b", &first.cookie).await.problem(), "invalid_parameter");
    assert!(office.provider.codes.lock().unwrap().is_empty(), "the provider was asked about none of them");
    let denied = office.back(&format!("state={}&error=access_denied", first.state), &first.cookie).await;
    assert_eq!(denied.header("location"), "/#oidc-problem=oidc_refused");
    assert!(denied.header("set-cookie").contains("Max-Age=0"), "{}", denied.header("set-cookie"));
}

#[tokio::test]
async fn who_is_not_known_or_not_vouched_for_is_told_so_on_our_own_page() {
    let office = Office::new().await;
    for (answer, problem) in [
        (Ok("nobody@acme.test"), "oidc_unknown"),
        // Shut off; and the owner of the server, who is nobody's agent.
        (Ok("bob@acme.test"), "oidc_unknown"),
        (Ok("owner@acme.test"), "oidc_unknown"),
        (Err(SsoError::Unverified("no".into())), "oidc_unverified"),
        (Err(SsoError::Untrusted("no".into())), "oidc_untrusted"),
        (Err(SsoError::Busy), "busy"),
    ] {
        office.says(answer);
        assert_eq!(office.way().await, format!("/#oidc-problem={problem}"));
        assert_eq!(office.world.get(&format!("/problems/{problem}"), "").await.status, 200);
    }
    office.says(Err(SsoError::Refused("invalid_grant".into())));
    for _ in 0..30 {
        assert_eq!(office.way().await, "/#oidc-problem=oidc_refused");
    }
    assert_eq!(office.way().await, "/#oidc-problem=too_many_attempts", "codes are not made up without end");
    office.says(Err(SsoError::Unreachable("gone".into())));
    let sent = office.world.get("/v1/auth/oidc/start", "").await;
    assert_eq!((sent.status, sent.header("location")), (303, "/#oidc-problem=oidc_unreachable"));
}

#[tokio::test]
async fn whoever_was_invited_to_the_address_has_confirmed_it() {
    let office = Office::new().await;
    office.store.set_mails(true);
    office
        .apply(&format!(
            "{PEOPLE}  - {{extension: \"1003\", name: Eve Fir, email: eve@acme.test, groups: [support]}}\n"
        ))
        .await;
    let (place, cookie) = office.way_with_cookie().await;
    let made = office.redeem(place.strip_prefix("/#oidc=").unwrap(), &cookie).await;
    let ann = made.body["token"].as_str().unwrap().to_owned();
    let status = async || office.world.get("/v1/domains/~/agents/1003", &ann).await.body["status"].clone();
    assert_eq!(status().await, "invited");
    office.says(Ok("eve@acme.test"));
    assert!(office.way().await.starts_with("/#oidc="));
    assert_eq!(status().await, "active");
    let audit = office.world.get("/v1/domains/~/audit", &ann).await.body;
    assert_eq!(audit["items"][0]["changes"], json!(["~ invitation of 1003 confirmed"]));
    assert_eq!(audit["items"][0]["who"], "Eve Fir");
}
