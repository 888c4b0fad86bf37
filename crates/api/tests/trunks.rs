//! Trunks over HTTP: who may have one asked, what is shown of its answer, and why none was asked.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use api::trunks::{NotTested, TestToCome, TrunkAnswer, TrunkOutcome, TrunkTested, TrunkTests};
use model::{TenantId, Trunk};
use serde_json::json;

use crate::world::{ACME, ADA, ANN, GUS, SUE, World};

const PATH: &str = "/v1/domains/~/trunks/carrier/test";

/// Asks nobody; says what it is told to, and keeps who was to be asked.
pub(crate) struct Asker {
    says: Mutex<Result<TrunkTested, NotTested>>,
    asked: Mutex<Vec<(TenantId, String)>>,
}

impl Default for Asker {
    fn default() -> Self {
        let outcome = TrunkOutcome::Silent(Duration::from_secs(5));
        Self { says: Mutex::new(Ok(TrunkTested { address: at(), outcome })), asked: Mutex::default() }
    }
}

fn at() -> Option<SocketAddr> {
    "192.0.2.1:5060".parse().ok()
}

impl Asker {
    fn will_say(&self, said: Result<TrunkTested, NotTested>) {
        *self.says.lock().unwrap() = said;
    }
}

impl TrunkTests for Asker {
    fn test(&self, tenant: TenantId, trunk: Trunk) -> TestToCome<'_> {
        self.asked.lock().unwrap().push((tenant, trunk.host));
        let said = self.says.lock().unwrap().clone();
        Box::pin(async move { said })
    }
}

#[tokio::test]
async fn an_admin_is_told_what_a_trunk_answers_and_what_to_make_of_it() {
    let world = World::new().await;
    let answer = TrunkAnswer {
        status: 403,
        reason: "Forbidden".into(),
        took: Duration::from_millis(31),
        product: Some("Carrier 1.0".into()),
        allow: vec!["INVITE".into(), "BYE".into()],
        codecs: vec!["PCMA/8000".into()],
        seen_as: "203.0.113.9:40123".parse().ok(),
    };
    world.trunks.will_say(Ok(TrunkTested { address: at(), outcome: TrunkOutcome::Answered(answer) }));
    let answer = world.post(PATH, ADA, "").await;
    let wanted = json!({
        "trunk": "carrier", "host": "192.0.2.1", "transport": "udp", "address": "192.0.2.1:5060",
        "reachable": true, "verdict": "refuses",
        "advice": "It is there and refuses this server: have the carrier let in 203.0.113.9.",
        "status": 403, "reason": "Forbidden", "milliseconds": 31, "server": "Carrier 1.0",
        "allow": ["INVITE", "BYE"], "codecs": ["PCMA/8000"], "seen_as": "203.0.113.9:40123",
    });
    assert_eq!((answer.status, &answer.body), (200, &wanted));
    assert_eq!(*world.trunks.asked.lock().unwrap(), [(ACME, "192.0.2.1".to_owned())]);
}

#[tokio::test]
async fn one_that_says_nothing_has_nothing_to_show_but_what_to_do() {
    let world = World::new().await;
    let silent = world.post(PATH, ADA, "").await.body;
    assert_eq!((&silent["verdict"], &silent["reachable"]), (&json!("silent"), &json!(false)));
    assert_eq!((&silent["status"], &silent["milliseconds"]), (&json!(null), &json!(null)));
    assert!(silent["advice"].as_str().unwrap().contains("firewall"), "{silent}");
    let unknown = TrunkTested { address: None, outcome: TrunkOutcome::UnknownHost };
    world.trunks.will_say(Ok(unknown));
    let unknown = world.post(PATH, ADA, "").await.body;
    assert_eq!((&unknown["verdict"], &unknown["address"]), (&json!("unknown_host"), &json!(null)));
    assert!(unknown["advice"].as_str().unwrap().contains("192.0.2.1"), "{unknown}");
    world.trunks.will_say(Ok(TrunkTested { address: at(), outcome: TrunkOutcome::NotSent }));
    let unsent = world.post(PATH, ADA, "").await.body;
    assert!(unsent["advice"].as_str().unwrap().contains("sip.udp"), "{unsent}");
}

#[tokio::test]
async fn nobody_is_asked_for_who_may_not_or_asks_too_often() {
    let world = World::new().await;
    assert_eq!(world.post(PATH, ANN, "").await.problem(), "forbidden");
    assert_eq!(world.post(PATH, SUE, "").await.problem(), "forbidden");
    assert_eq!(world.post(&PATH.replace('~', "acme.test"), GUS, "").await.problem(), "unknown_domain");
    let unknown = world.post(&PATH.replace("carrier", "nobody"), ADA, "").await;
    assert_eq!((unknown.status, unknown.problem()), (404, "unknown_trunk"));
    assert!(world.trunks.asked.lock().unwrap().is_empty());

    world.trunks.will_say(Err(NotTested::Running));
    assert_eq!(world.post(PATH, ADA, "").await.problem(), "trunk_test_running");
    world.trunks.will_say(Err(NotTested::TooOften(40)));
    let often = world.post(PATH, ADA, "").await;
    assert_eq!((often.status, often.problem()), (429, "too_many_trunk_tests"));
    assert_eq!(often.headers["retry-after"], "40");
    world.trunks.will_say(Err(NotTested::Busy));
    assert_eq!(world.post(PATH, ADA, "").await.status, 503);
    world.trunks.will_say(Err(NotTested::Stopping));
    assert_eq!(world.post(PATH, ADA, "").await.problem(), "stopping");
}
