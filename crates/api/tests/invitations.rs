//! Inviting people, over the real storage: who is invited takes no calls, and her link lets her in.

use std::sync::Arc;

use api::storage::Stored;
use axum::http::Method;
use serde_json::{Value, json};
use store::{Errand, RecordWriter, Store};

use crate::world::{ACME, Answer, World};

/// Bob has no e-mail.
const PEOPLE: &str = r#"
domain: acme.test
groups: [support]
agents:
  - {extension: "1001", name: Ann Ash, email: ann@acme.test, password: ann-password, groups: [support]}
  - {extension: "1002", name: Ada Bay, email: ada@acme.test, password: ada-password, groups: [support], role: admin}
  - {extension: "1003", name: Bob Oak, groups: [support]}
queues:
  - {number: "8000", name: Support, members: [{agent: "1001"}], wait_when_no_agents: true}
"#;

struct Office {
    world: World,
    store: Store,
    _directory: tempfile::TempDir,
}

impl Office {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        store.set_mails(true);
        let writer = Arc::new(RecordWriter::start(store.clone()));
        let world = World::over(Arc::new(Stored::new(store.clone(), writer))).await;
        let office = Self { world, store, _directory: directory };
        assert!(office.world.applier.live.set((office.store.clone(), office.world.switch.clone())).is_ok());
        office.apply(PEOPLE).await;
        office
    }

    /// Applies a file and has it taken over; the lines of its plan.
    async fn apply(&self, text: &str) -> Vec<String> {
        let plan = self.store.plan(store::provisioning::parse(text, &[]).unwrap()).await.unwrap();
        self.store.apply_by(&plan, self.world.clock.now(), &store::Author::named("Ada Bay")).await.unwrap();
        let directory = self.store.directory(ACME).await.unwrap();
        self.world.switch.directory(Arc::new(directory)).await.unwrap();
        plan.lines().to_vec()
    }

    async fn login(&self, who: &str, password: &str) -> Answer {
        let body = json!({"email": format!("{who}@acme.test"), "password": password}).to_string();
        self.world.post("/v1/auth/login", "", &body).await
    }

    async fn ada(&self) -> String {
        self.login("ada", "ada-password").await.body["token"].as_str().unwrap().to_owned()
    }

    /// The links in the mails that wait, oldest first, each with its address.
    async fn links(&self) -> Vec<(String, String)> {
        let mut links = Vec::new();
        for row in self.store.outbox(Errand::Invitation, 100).await.unwrap() {
            if let Some(letter) = self.store.invitation_letter(row.record.0).await.unwrap() {
                links.push((letter.invited.email, letter.token.reveal().to_owned()));
            }
        }
        links
    }

    async fn shown(&self, token: &str) -> Answer {
        self.world.post("/v1/auth/invitation", "", &json!({"token": token}).to_string()).await
    }

    async fn accept(&self, token: &str, password: &str) -> Answer {
        let body = json!({"token": token, "password": password}).to_string();
        self.world.post("/v1/auth/invitation/accept", "", &body).await
    }

    async fn status(&self, extension: &str, token: &str) -> Value {
        self.world.get(&format!("/v1/domains/~/agents/{extension}"), token).await.body["status"].clone()
    }

    async fn audited(&self, token: &str) -> Vec<Value> {
        let audit = self.world.get("/v1/domains/~/audit", token).await.body;
        audit["items"].as_array().unwrap().iter().map(|item| item["changes"].clone()).collect()
    }
}

/// The file with another agent in it.
fn with(agent: &str) -> String {
    PEOPLE.replace("queues:\n", &format!("  - {{{agent}, groups: [support]}}\nqueues:\n"))
}

const EVE: &str = "extension: \"1004\", name: Eve Fir, email: eve@acme.test";
const OF_EVE: &str = "/v1/domains/~/agents/1004/invitation";

#[tokio::test]
async fn who_is_new_without_a_password_is_invited_and_takes_calls_once_she_has_set_one() {
    let office = Office::new().await;
    let ada = office.ada().await;
    let member = with(EVE).replace("{agent: \"1001\"}", "{agent: \"1001\"}, {agent: \"1004\"}");
    let lines = office.apply(&member).await;
    assert_eq!(lines, ["+ agent 1004", "+ invitation of 1004", "+ member 1004 of 8000"]);
    assert_eq!(office.apply(&member).await, [""; 0], "a second run has nothing to do");

    assert_eq!(office.status("1004", &ada).await, "invited");
    assert_eq!(office.status("1001", &ada).await, "active");
    let why = office.world.get("/v1/domains/~/agents/1004/why-no-call", &ada).await.body;
    assert_eq!(why["text"], "Support (8000) gives her no call: invited, and she has not confirmed yet.");
    office.world.registered("1004", true);
    let ready = office.world.post("/v1/domains/~/agents/1004/login", &ada, r#"{"queue":"8000"}"#).await;
    assert_eq!(ready.problem(), "not_active", "{}", ready.text);

    let invitation = office.world.get(OF_EVE, &ada).await.body;
    assert_eq!(invitation["status"], "open");
    assert_eq!((&invitation["mail"], &invitation["mailed_at"]), (&json!("waiting"), &Value::Null));
    assert_eq!(
        (&invitation["email"], &invitation["invited_by"]),
        (&json!("eve@acme.test"), &json!("Ada Bay"))
    );

    let links = office.links().await;
    let [(email, token)] = links.as_slice() else { panic!("{links:?}") };
    assert_eq!(email, "eve@acme.test");
    let shown = office.shown(token).await;
    assert_eq!((&shown.body["name"], &shown.body["domain"]), (&json!("Eve Fir"), &json!("acme.test")));
    let short = office.accept(token, "short").await;
    assert_eq!((short.status, short.problem()), (400, "invalid_body"), "{}", short.text);
    assert_eq!(office.login("eve", "long-and-secret").await.problem(), "bad_credentials");
    assert_eq!(office.accept(token, "long-and-secret").await.status, 200);

    assert_eq!(office.login("eve", "long-and-secret").await.status, 200);
    assert_eq!(office.status("1004", &ada).await, "active");
    let ready = office.world.post("/v1/domains/~/agents/1004/login", &ada, r#"{"queue":"8000"}"#).await;
    assert_eq!(ready.status, 200, "{}", ready.text);
    assert_eq!(office.world.get(OF_EVE, &ada).await.body["status"], "confirmed");
    for answer in [office.shown(token).await, office.accept(token, "another-password").await] {
        assert_eq!((answer.status, answer.problem()), (403, "invitation_refused"), "the link is used up");
    }
    assert_eq!(office.apply(&member).await, [""; 0], "what she has set is no difference to the file");
    assert_eq!(office.audited(&ada).await[0], json!(["~ invitation of 1004 confirmed"]));
}

#[tokio::test]
async fn an_invitation_is_sent_again_and_taken_back_and_only_the_newest_link_is_good() {
    let office = Office::new().await;
    let ada = office.ada().await;
    office.apply(&with(EVE)).await;
    let first = office.links().await.remove(0).1;
    let again = office.world.post(OF_EVE, &ada, "").await;
    assert_eq!((again.status, &again.body["status"]), (202, &json!("open")), "{}", again.text);
    let links = office.links().await;
    assert_eq!(links.len(), 1, "the old mail is not sent any more");
    let second = links[0].1.clone();
    assert_eq!(office.shown(&first).await.problem(), "invitation_refused");
    assert_eq!(office.shown(&second).await.status, 200);

    let back = office.world.ask(Method::DELETE, OF_EVE, &ada, "").await;
    assert_eq!(back.status, 204, "{}", back.text);
    assert_eq!(office.shown(&second).await.problem(), "invitation_refused");
    assert_eq!(office.world.get(OF_EVE, &ada).await.problem(), "unknown_invitation");
    assert_eq!(office.world.ask(Method::DELETE, OF_EVE, &ada, "").await.problem(), "unknown_invitation");
    assert_eq!(office.status("1004", &ada).await, "active", "she is what the file says");
    assert_eq!(office.apply(&with(EVE)).await, [""; 0], "a file invites nobody who has been there");
    let audited = office.audited(&ada).await;
    assert_eq!(audited[0], json!(["- invitation of 1004 to eve@acme.test"]));
    assert_eq!(audited[1], json!(["~ invitation of 1004 sent again to eve@acme.test"]));
}

#[tokio::test]
async fn another_address_gets_a_link_of_its_own_and_the_old_one_is_dead() {
    let office = Office::new().await;
    let ada = office.ada().await;
    office.apply(&with(EVE)).await;
    let old = office.links().await.remove(0).1;
    let lines = office.apply(&with(EVE).replace("eve@", "eva@")).await;
    assert_eq!(
        lines,
        [
            "~ agent 1004 email eve@acme.test -> eva@acme.test",
            "~ invitation of 1004 email eve@acme.test -> eva@acme.test"
        ]
    );
    assert_eq!(office.shown(&old).await.problem(), "invitation_refused");
    let links = office.links().await;
    assert_eq!(links.iter().map(|(email, _)| email.as_str()).collect::<Vec<_>>(), ["eva@acme.test"]);
    // An admin who sets a password has settled it.
    let settled = with(EVE).replace("eve@acme.test", "eva@acme.test, password: eva-password");
    assert_eq!(office.apply(&settled).await, ["~ agent 1004 password", "- invitation of 1004"]);
    assert_eq!(office.shown(&links[0].1).await.problem(), "invitation_refused");
    assert_eq!(office.status("1004", &ada).await, "active");
}

#[tokio::test]
async fn who_was_there_before_goes_on_until_an_admin_invites_her() {
    let office = Office::new().await;
    let ada = office.ada().await;
    let of_bob = "/v1/domains/~/agents/1003/invitation";
    let nowhere = office.world.post(of_bob, &ada, "").await;
    assert_eq!((nowhere.status, nowhere.problem()), (409, "not_invitable"));
    assert!(nowhere.text.contains("no e-mail"), "{}", nowhere.text);
    let ann = office.world.post("/v1/domains/~/agents/1001/invitation", &ada, "").await;
    assert!(ann.text.contains("has a password"), "{}", ann.text);

    let with_email = PEOPLE.replace("name: Bob Oak,", "name: Bob Oak, email: bob@acme.test,");
    assert_eq!(office.apply(&with_email).await, ["~ agent 1003 email \"\" -> bob@acme.test"]);
    assert_eq!(office.status("1003", &ada).await, "active");
    assert_eq!(
        office.world.post("/v1/domains/~/agents/BOB@acme.test/invitation", &ada, "").await.status,
        202
    );
    assert_eq!(office.status("1003", &ada).await, "invited");

    // Who is to be invited from the start, and who is shut off.
    let disabled = with_email.replace("email: bob@acme.test,", "email: bob@acme.test, status: disabled,");
    let lines = office.apply(&disabled).await;
    assert_eq!(lines, ["~ agent 1003 status active -> disabled", "- invitation of 1003"]);
    assert!(office.world.post(of_bob, &ada, "").await.text.contains("disabled"));
    let invited = with_email.replace("email: bob@acme.test,", "email: bob@acme.test, status: invited,");
    let lines = office.apply(&invited).await;
    assert_eq!(lines, ["~ agent 1003 status disabled -> invited", "+ invitation of 1003"]);
    let token = office.links().await.remove(0).1;
    assert_eq!(office.accept(&token, "bob-password").await.status, 200);
    assert_eq!(office.status("1003", &ada).await, "active", "she has confirmed what the file asks for");
    assert!(office.apply(&invited).await.is_empty(), "nothing changes");
    assert_eq!(office.status("1003", &ada).await, "active", "and once is enough");
    office.apply(&disabled).await;
    office.apply(&invited).await;
    assert_eq!(office.status("1003", &ada).await, "invited", "asked for anew, she has not confirmed it");
}

#[tokio::test]
async fn without_a_mail_server_nobody_is_invited_and_the_plan_says_so() {
    let office = Office::new().await;
    let ada = office.ada().await;
    office.apply(&with(EVE)).await;
    office.store.set_mails(false);
    let text = with(&format!(
        "{EVE}, groups: [support]}}\n  - {{extension: \"1005\", name: Kim Lin, email: kim@acme.test"
    ));
    let plan = office.store.plan(store::provisioning::parse(&text, &[]).unwrap()).await.unwrap();
    assert_eq!(plan.lines(), ["+ agent 1005"]);
    let [said] = plan.warnings() else { panic!("{:?}", plan.warnings()) };
    assert!(said.starts_with("no invitation is sent to 1005, with an e-mail and no password"), "{said}");
    office.apply(&text).await;
    assert_eq!(office.status("1005", &ada).await, "active");
    let refused = office.world.post(OF_EVE, &ada, "").await;
    assert!(refused.text.contains("smtp.host"), "{}", refused.text);

    // Who has another address is not let in by the mail to the old one, nor without any.
    let old = office.links().await.remove(0).1;
    office.apply(&text.replace("eve@", "eva@")).await;
    assert_eq!(office.shown(&old).await.problem(), "invitation_refused");
    let invitation = office.world.get(OF_EVE, &ada).await.body;
    assert_eq!((&invitation["mail"], &invitation["email"]), (&json!("failed"), &json!("eva@acme.test")));
    assert_eq!(office.status("1004", &ada).await, "invited");
}

#[tokio::test]
async fn links_are_kept_as_hashes_end_by_themselves_and_are_not_guessed() {
    let office = Office::new().await;
    office.apply(&with(EVE)).await;
    let row = office.store.outbox(Errand::Invitation, 1).await.unwrap().remove(0);
    let token = office.links().await.remove(0).1;
    office.store.invitation_mailed(row.record.0, office.world.clock.now()).await.unwrap();
    assert!(office.store.invitation_letter(row.record.0).await.unwrap().is_none(), "it is in the mail only");
    let stored = std::fs::read(office.store.data_dir().join("cordboard.sqlite")).unwrap();
    assert!(!stored.windows(token.len()).any(|window| window == token.as_bytes()));
    let late = office.world.clock.now().after(store::invitation::LIFETIME);
    assert_eq!(office.store.invited(&token, late).await.unwrap(), None);
    assert_eq!(
        office.store.invitation_accept(&token, &store::Secret::new("long-enough"), "", late).await.unwrap(),
        None
    );

    // Two who follow it at once: one of them has it.
    let (a, b) =
        tokio::join!(office.accept(&token, "first-password"), office.accept(&token, "second-password"));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403], "{} {}", a.text, b.text);

    let wrong = format!("cbi_{}", "A".repeat(43));
    for token in ["", "x", &wrong, &"x".repeat(10_000)] {
        assert_eq!(office.shown(token).await.problem(), "invitation_refused");
    }
    for _ in 0..4 {
        assert_eq!(office.shown(&wrong).await.problem(), "invitation_refused");
    }
    assert_eq!(office.shown(&wrong).await.problem(), "too_many_attempts");
    assert_eq!(office.accept(&wrong, "long-enough").await.status, 429);
    let page = office.world.get("/invitation", "").await;
    assert!(page.status == 200 && page.header("content-type").starts_with("text/html"));
}
