//! Deliveries of webhooks: kept before they are tried, in the order of their objects, and not for ever.

use std::sync::Arc;
use std::time::Duration;

use model::{TenantId, Timestamp};
use store::webhook::deliveries::{NewDelivery, WAITING_MAX};
use store::webhook::log::{DeliveryState, ENDED_MAX, KEPT_FOR};
use store::webhook::outcome::{Attempt, Ended, Verdict};
use store::{Author, Part};

use crate::webhooks::file;
use crate::world::{NOW, World};

const IN_ROW_MAX: u32 = 3;

struct Log {
    world: World,
    tenant: TenantId,
    webhook: u64,
}

impl Log {
    async fn new() -> Self {
        let world = World::new().await;
        let tenant = world.apply(&file("  - {name: crm, url: \"https://a/\"}\n")).await.tenant;
        let webhook = world.store.webhook_subscribers().await.unwrap()[0].id;
        Self { world, tenant, webhook }
    }

    fn new_one(&self, seq: u64, object: &str) -> NewDelivery {
        let payload: Arc<str> = format!("{{\"seq\":{seq}}}").into();
        NewDelivery {
            webhook: self.webhook,
            seq: Some(seq),
            kind: "call_ended".into(),
            object: object.into(),
            payload,
        }
    }

    async fn put(&self, seq: u64, objects: &[&str]) -> u64 {
        let first = seq + 1 - objects.len() as u64;
        let new: Vec<_> = (first..).zip(objects).map(|(seq, object)| self.new_one(seq, object)).collect();
        self.world.store.webhook_put(self.tenant, seq, &new, NOW).await.unwrap()
    }

    /// What may be sent: row and body's number.
    async fn due(&self) -> Vec<(i64, String)> {
        let due = self.world.store.webhook_due(self.webhook, 100).await.unwrap();
        due.into_iter().map(|one| (one.id, one.payload)).collect()
    }

    async fn numbers(&self) -> Vec<u64> {
        let number = |payload: &str| payload.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
        self.due().await.iter().map(|(_, payload)| number(payload)).collect()
    }

    async fn end(&self, verdict: Verdict) -> Option<String> {
        let first = self.world.store.webhook_due(self.webhook, 1).await.unwrap().remove(0);
        let error = if verdict == Verdict::Taken { None } else { Some("it answered 500".to_owned()) };
        let status = Some(if error.is_none() { 200 } else { 500 });
        let attempt = Attempt { at: NOW, milliseconds: 7, status, answer: "well".into(), error };
        let ended = Ended { delivery: first.id, object: first.object, attempt, verdict };
        self.world.store.webhook_ended(self.webhook, &[ended], IN_ROW_MAX).await.unwrap()
    }

    async fn states(&self) -> Vec<DeliveryState> {
        let page = self.world.store.webhook_log((self.tenant, "crm"), None, Part::newest(100)).await.unwrap();
        page.unwrap().items.into_iter().map(|one| one.state).collect()
    }
}

#[tokio::test]
async fn of_one_object_one_is_sent_after_the_other() {
    let log = Log::new().await;
    assert_eq!(log.put(13, &["call 1", "call 2", "call 1"]).await, 0);
    assert_eq!(log.numbers().await, [11, 12]);
    assert_eq!(log.world.store.webhook_cursor(log.tenant).await.unwrap(), Some(13));
    log.end(Verdict::Taken).await;
    assert_eq!(log.numbers().await, [12, 13], "the next of call 1");
    log.end(Verdict::Again(NOW.after(Duration::from_secs(15)))).await;
    assert_eq!(log.numbers().await, [13, 12], "call 2 is due later");
    log.put(14, &["call 2"]).await;
    log.end(Verdict::Taken).await;
    assert_eq!(log.numbers().await, [12], "14 waits for 12");
    log.end(Verdict::GivenUp { pause: false }).await;
    assert_eq!(log.numbers().await, [14]);
    // What is written outlives everything.
    let world = log.world.reopen().await;
    assert_eq!(world.store.webhook_due(log.webhook, 9).await.unwrap().len(), 1);
    assert_eq!(world.store.webhook_cursor(log.tenant).await.unwrap(), Some(14));
}

#[tokio::test]
async fn a_delivery_is_seen_with_its_tries_and_sent_again_under_its_id() {
    let log = Log::new().await;
    log.put(2, &["call 1", "call 1"]).await;
    log.end(Verdict::Again(NOW)).await;
    log.end(Verdict::Taken).await;
    let (store, of) = (&log.world.store, (log.tenant, "crm"));
    let done = Some(DeliveryState::Delivered);
    let page = store.webhook_log(of, done, Part::newest(10)).await.unwrap().unwrap();
    let message = page.items[0].message.clone();
    let detail = store.webhook_delivery(of, &message).await.unwrap().unwrap();
    assert_eq!((detail.delivery.tries, detail.delivery.seq), (2, Some(1)));
    assert_eq!((detail.payload.as_str(), detail.attempts.len()), ("{\"seq\":1}", 2));
    assert_eq!(detail.attempts[0].error.as_deref(), Some("it answered 500"));
    assert_eq!((detail.attempts[1].status, detail.attempts[1].answer.as_str()), (Some(200), "well"));

    assert_eq!(store.webhook_redeliver(of, &message, NOW).await.unwrap(), Some(log.webhook));
    let due = store.webhook_due(log.webhook, 10).await.unwrap();
    assert_eq!(due.iter().map(|one| &one.message).collect::<Vec<_>>(), [&message], "before what is newer");
    assert_eq!(due[0].tries, 0);
    log.end(Verdict::Taken).await;
    assert_eq!(log.numbers().await, [2]);
    assert_eq!(store.webhook_delivery(of, &message).await.unwrap().unwrap().attempts.len(), 3);

    // Nothing of it is seen or sent from another domain, or under another name.
    let other = log.world.apply("domain: globex.test\n").await.tenant;
    for of in [(other, "crm"), (log.tenant, "erp")] {
        assert_eq!(store.webhook_log(of, None, Part::newest(10)).await.unwrap(), None);
        assert_eq!(store.webhook_delivery(of, &message).await.unwrap(), None);
        assert_eq!(store.webhook_redeliver(of, &message, NOW).await.unwrap(), None);
        assert_eq!(store.webhook_resume(of.0, of.1, (NOW, &Author::default())).await.unwrap(), None);
    }
    assert_eq!(store.webhook_delivery((log.tenant, "crm"), "no-such").await.unwrap(), None);
}

#[tokio::test]
async fn many_given_up_in_a_row_pause_a_webhook_until_it_is_resumed_or_sent_elsewhere() {
    let log = Log::new().await;
    let store = &log.world.store;
    let active = async || store.webhook_named(log.tenant, "crm").await.unwrap().unwrap().active;
    log.put(6, &["a", "b", "c", "d", "e", "f"]).await;
    let given_up = || log.end(Verdict::GivenUp { pause: false });
    assert_eq!((given_up().await, given_up().await), (None, None));
    log.end(Verdict::Taken).await;
    assert_eq!((given_up().await, given_up().await), (None, None), "not in a row");
    let why = given_up().await;
    assert_eq!(why.as_deref(), Some("3 deliveries in a row were given up"));
    assert!(!active().await);
    let state = store.webhooks(log.tenant).await.unwrap().remove(0);
    assert_eq!((state.paused, state.delivered, state.given_up), (Some((NOW, why.unwrap())), 1, 5));
    assert_eq!(state.last_failure, Some((NOW, "it answered 500".into())));

    let by = Author::named("Ada");
    assert_eq!(store.webhook_resume(log.tenant, "crm", (NOW, &by)).await.unwrap(), Some(log.webhook));
    assert!(active().await);
    let audit = store.audit(log.tenant, Part::newest(1), None).await.unwrap().items.remove(0);
    assert_eq!(audit.changes, ["~ webhook crm paused true -> false"]);

    log.put(7, &["g"]).await;
    let gone = log.end(Verdict::GivenUp { pause: true }).await;
    assert_eq!(gone.as_deref(), Some("it answered 500"));
    log.world.apply(&file("  - {name: crm, url: \"https://a/\", events: [calls]}\n")).await;
    assert!(!active().await, "what it is told of is not why");
    log.world.apply(&file("  - {name: crm, url: \"https://b/\", events: [calls]}\n")).await;
    assert!(active().await);
}

#[tokio::test]
async fn too_many_that_wait_cost_the_oldest_and_are_counted() {
    let log = Log::new().await;
    let many = WAITING_MAX;
    let objects = vec!["call 1"; usize::try_from(many).unwrap()];
    assert_eq!(log.put(many, &objects).await, 0);
    assert_eq!(log.put(many + 3, &["call 2", "call 1", "call 1"]).await, 3);
    assert_eq!(log.numbers().await, [4, many + 1], "the next of call 1 may be sent");
    let state = log.world.store.webhooks(log.tenant).await.unwrap().remove(0);
    assert_eq!((state.waiting, state.dropped, state.given_up), (many, 3, 3));
}

#[tokio::test]
async fn the_log_is_kept_for_days_and_so_long() {
    let log = Log::new().await;
    let (store, of) = (&log.world.store, (log.tenant, "crm"));
    let many = ENDED_MAX + 1_200;
    for from in (0..many).step_by(100) {
        let new: Vec<_> = (from..from + 100).map(|seq| log.new_one(seq, &format!("call {seq}"))).collect();
        store.webhook_put(log.tenant, from, &new, NOW).await.unwrap();
        let due = store.webhook_due(log.webhook, 200).await.unwrap();
        let taken = |one: store::webhook::deliveries::DueDelivery| {
            let attempt =
                Attempt { at: NOW, milliseconds: 1, status: Some(200), answer: String::new(), error: None };
            Ended { delivery: one.id, object: one.object, attempt, verdict: Verdict::Taken }
        };
        let ended: Vec<_> = due.into_iter().map(taken).collect();
        store.webhook_ended(log.webhook, &ended, IN_ROW_MAX).await.unwrap();
    }
    log.put(many + 1, &["call x"]).await;
    let sweep = async |at: Timestamp| while store.webhook_sweep(at).await.unwrap() {};
    sweep(NOW.after(Duration::from_secs(1))).await;
    let mut seen = 0;
    let mut after = None;
    loop {
        let page = store.webhook_log(of, None, Part::newest(500).behind(after)).await.unwrap().unwrap();
        seen += page.items.len() as u64;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ENDED_MAX + 1, "the newest, and the one that waits");
    sweep(NOW.after(KEPT_FOR + Duration::from_secs(1))).await;
    // What waited for so long has only now been given up.
    assert_eq!(log.states().await, [DeliveryState::GivenUp]);
}

#[tokio::test]
async fn a_webhook_that_goes_takes_its_deliveries_along_and_one_of_its_name_is_another() {
    let log = Log::new().await;
    log.put(1, &["call 1"]).await;
    let due = log.world.store.webhook_due(log.webhook, 1).await.unwrap().remove(0);
    log.world.apply(&file("  []\n")).await;
    assert!(log.due().await.is_empty());
    // Whoever is just sending or writing something finds out, and nothing breaks.
    let attempt = Attempt { at: NOW, milliseconds: 1, status: Some(200), answer: String::new(), error: None };
    let ended = Ended { delivery: due.id, object: due.object, attempt, verdict: Verdict::Taken };
    log.world.store.webhook_ended(log.webhook, &[ended], IN_ROW_MAX).await.unwrap();
    log.put(2, &["call 1"]).await;
    assert!(log.due().await.is_empty());
    log.world.apply(&file("  - {name: crm, url: \"https://a/\"}\n")).await;
    let again = log.world.store.webhook_subscribers().await.unwrap().remove(0);
    assert_ne!(again.id, log.webhook);
    let of = (log.tenant, "crm");
    assert!(log.world.store.webhook_log(of, None, Part::newest(10)).await.unwrap().unwrap().items.is_empty());
}
