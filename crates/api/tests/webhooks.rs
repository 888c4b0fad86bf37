//! Webhooks over HTTP: who may, what is shown, and what is answered when there is none.

use std::sync::Mutex;

use api::storage::Answer as Soon;
use api::webhooks::{LogPart, Tested, WebhookKey, Webhooks};
use expect_test::expect;
use model::{TenantId, Timestamp};
use store::webhook::log::{Delivery, DeliveryDetail, DeliveryState};
use store::webhook::outcome::Attempt;
use store::webhook::state::WebhookState;
use store::{Author, Cursor, Page, Webhook};

use crate::world::{ACME, ADA, ANN, GUS, SUE, World};

const PATH: &str = "/v1/domains/~/webhooks";

/// `crm` of acme.test, with two deliveries. What it was told to do is kept.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) told: Mutex<Vec<String>>,
}

fn there(key: &WebhookKey) -> bool {
    key.tenant == ACME && key.name == "crm"
}

fn attempt(error: Option<&str>) -> Attempt {
    Attempt {
        at: Timestamp::from_secs(1_700_000_001),
        milliseconds: 1_500,
        status: Some(if error.is_some() { 500 } else { 204 }),
        answer: "said".into(),
        error: error.map(str::to_owned),
    }
}

fn delivery(message: &str, state: DeliveryState) -> Delivery {
    let at = Timestamp::from_secs(1_700_000_000);
    let ended = state != DeliveryState::Waiting;
    Delivery {
        message: message.into(),
        seq: Some(7),
        kind: "call_ended".into(),
        object: "call 17".into(),
        made_at: at,
        state,
        tries: 2,
        due_at: (!ended).then_some(at),
        ended_at: ended.then_some(at),
        reason: (state == DeliveryState::GivenUp).then(|| "it answered 500".into()),
    }
}

impl Ledger {
    fn note(&self, what: String) {
        self.told.lock().unwrap().push(what);
    }
}

impl Webhooks for Ledger {
    fn list(&self, tenant: TenantId) -> Soon<'_, Vec<WebhookState>> {
        let at = Timestamp::from_secs(1_700_000_000);
        let hook = |name: &str, enabled, paused| WebhookState {
            webhook: Webhook {
                name: name.into(),
                url: format!("https://{name}.example.com/"),
                events: Vec::new(),
                queues: Vec::new(),
                enabled,
            },
            paused,
            waiting: 3,
            delivered: 40,
            given_up: 2,
            dropped: 1,
            last_success_at: Some(at),
            last_failure: Some((at, "it answered 500".into())),
        };
        let all = vec![
            hook("crm", true, Some((at, "it answered 410".into()))),
            hook("erp", true, None),
            hook("off", false, None),
        ];
        Box::pin(async move { Ok(if tenant == ACME { all } else { Vec::new() }) })
    }

    fn log(&self, key: WebhookKey, part: LogPart) -> Soon<'_, Option<Page<Delivery>>> {
        let all = [delivery("two", DeliveryState::Waiting), delivery("one", DeliveryState::GivenUp)];
        let kept = all.into_iter().filter(|one| part.state.is_none_or(|state| state == one.state));
        let mut items: Vec<_> = kept.collect();
        let place = Some(Cursor { at: 0, id: 2 });
        if part.part.after.is_some() {
            items.remove(0);
        }
        let limit = usize::try_from(part.part.limit).unwrap();
        let next = place.filter(|_| items.len() > limit);
        items.truncate(limit);
        Box::pin(async move { Ok(there(&key).then_some(Page { items, next })) })
    }

    fn delivery(&self, key: WebhookKey, message: String) -> Soon<'_, Option<DeliveryDetail>> {
        let found = (there(&key) && message == "one").then(|| DeliveryDetail {
            delivery: delivery("one", DeliveryState::GivenUp),
            payload: "{\"type\": 1}".into(),
            attempts: vec![attempt(Some("it answered 500")), attempt(None)],
        });
        Box::pin(async move { Ok(found) })
    }

    fn redeliver(&self, key: WebhookKey, message: String) -> Soon<'_, bool> {
        let found = there(&key) && message == "one";
        if found {
            self.note(format!("redeliver {message}"));
        }
        Box::pin(async move { Ok(found) })
    }

    fn test(&self, key: WebhookKey) -> Soon<'_, Option<Tested>> {
        let tested = there(&key).then(|| Tested { delivery: "three".into(), attempt: attempt(None) });
        Box::pin(async move { Ok(tested) })
    }

    fn resume(&self, key: WebhookKey, by: Author) -> Soon<'_, bool> {
        if there(&key) {
            self.note(format!("resume {} by {}", key.name, by.name));
        }
        Box::pin(async move { Ok(there(&key)) })
    }
}

#[tokio::test]
async fn webhooks_are_listed_with_their_state_and_figures() {
    let world = World::new().await;
    let listed = world.get(PATH, ADA).await;
    let states = |at: usize| listed.body["items"][at]["state"].clone();
    assert_eq!([states(0), states(1), states(2)], ["paused", "active", "disabled"]);
    expect![[r#"
        {
          "delivered": 40,
          "dropped": 1,
          "enabled": true,
          "given_up": 2,
          "last_failure": "it answered 500",
          "last_failure_at": "2023-11-14T22:13:20.000Z",
          "last_success_at": "2023-11-14T22:13:20.000Z",
          "name": "crm",
          "reason": "it answered 410",
          "since": "2023-11-14T22:13:20.000Z",
          "state": "paused",
          "url": "https://crm.example.com/",
          "waiting": 3
        }"#]]
    .assert_eq(&format!("{:#}", listed.body["items"][0]));
    assert_eq!(world.get(PATH, GUS).await.body["items"].as_array().map(Vec::len), Some(0));
    assert_eq!(world.get(PATH, SUE).await.problem(), "forbidden");
    assert_eq!(world.get(PATH, ANN).await.problem(), "forbidden");
}

#[tokio::test]
async fn deliveries_come_in_pages_and_by_state() {
    let world = World::new().await;
    let path = format!("{PATH}/crm/deliveries");
    let first = world.get(&format!("{path}?limit=1"), ADA).await.body;
    assert_eq!(first["items"][0]["id"], "two");
    let next = first["next"].as_str().unwrap();
    let second = world.get(&format!("{path}?limit=1&cursor={next}"), ADA).await.body;
    assert_eq!((&second["items"][0]["id"], second["next"].is_null()), (&"one".into(), true));
    let failed = world.get(&format!("{path}?state=given_up"), ADA).await.body;
    expect![[r#"
        {
          "items": [
            {
              "ended_at": "2023-11-14T22:13:20.000Z",
              "id": "one",
              "made_at": "2023-11-14T22:13:20.000Z",
              "next_try_at": null,
              "object": "call 17",
              "reason": "it answered 500",
              "seq": 7,
              "state": "given_up",
              "tries": 2,
              "type": "call_ended"
            }
          ],
          "next": null
        }"#]]
    .assert_eq(&format!("{failed:#}"));
    for wrong in ["state=gone", "limit=0", "limit=201", "of=1"] {
        let answer = world.get(&format!("{path}?{wrong}"), ADA).await;
        assert_eq!((answer.status, answer.problem()), (400, "invalid_parameter"), "{wrong}");
    }
    let strange = world.get(&format!("{path}?cursor=x"), ADA).await;
    assert_eq!((strange.status, strange.problem()), (422, "strange_cursor"));
    for (path, login) in [(format!("{PATH}/erp/deliveries"), ADA), (path, GUS)] {
        let answer = world.get(&path, login).await;
        assert_eq!((answer.status, answer.problem()), (404, "unknown_webhook"), "{path}");
    }
}

#[tokio::test]
async fn a_delivery_is_shown_whole_and_sent_again() {
    let world = World::new().await;
    let path = format!("{PATH}/crm/deliveries/one");
    let shown = world.get(&path, ADA).await;
    expect![[r#"
        200 {
          "attempts": [
            {
              "answer": "said",
              "at": "<moment>",
              "error": "it answered 500",
              "seconds": "<seconds>",
              "status": 500
            },
            {
              "answer": "said",
              "at": "<moment>",
              "error": null,
              "seconds": "<seconds>",
              "status": 204
            }
          ],
          "ended_at": "<moment>",
          "id": "one",
          "made_at": "<moment>",
          "next_try_at": null,
          "object": "call 17",
          "payload": "{\"type\": 1}",
          "reason": "it answered 500",
          "seq": 7,
          "state": "given_up",
          "tries": 2,
          "type": "call_ended"
        }"#]]
    .assert_eq(&shown.shown());
    let again = world.post(&format!("{path}/redeliver"), ADA, "").await;
    assert_eq!((again.status, again.text.as_str()), (202, ""));
    assert_eq!(*world.ledger.told.lock().unwrap(), ["redeliver one"]);
    for path in ["crm/deliveries/none", "erp/deliveries/one"] {
        let path = format!("{PATH}/{path}");
        assert_eq!(world.get(&path, ADA).await.problem(), "unknown_delivery");
        assert_eq!(world.post(&format!("{path}/redeliver"), ADA, "").await.problem(), "unknown_delivery");
    }
}

#[tokio::test]
async fn a_webhook_is_tested_and_resumed() {
    let world = World::new().await;
    let tested = world.post(&format!("{PATH}/crm/test"), ADA, "").await;
    assert_eq!((tested.status, &tested.body["delivered"]), (200, &true.into()));
    assert_eq!((&tested.body["delivery"], &tested.body["attempt"]["status"]), (&"three".into(), &204.into()));
    assert_eq!(world.post(&format!("{PATH}/crm/resume"), ADA, "").await.status, 204);
    assert_eq!(*world.ledger.told.lock().unwrap(), ["resume crm by Ada Bay"]);
    for verb in ["test", "resume"] {
        let path = format!("{PATH}/crm/{verb}");
        assert_eq!(world.post(&path, GUS, "").await.problem(), "unknown_webhook", "{verb} of another domain");
        assert_eq!(world.post(&path, SUE, "").await.problem(), "forbidden");
    }
}
