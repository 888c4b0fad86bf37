//! One delivery: how it looks, when it is tried again, and in which order.

use api::webhooks::Webhooks as _;
use store::webhook::log::DeliveryState;

use super::super::post::PAUSES;
use super::*;

#[tokio::test]
async fn an_event_arrives_signed_in_the_envelope_of_standard_webhooks() {
    let receiver = Receiver::good().await;
    let world = World::new(&[("crm", &receiver.field())]).await;
    world.phone(1001, true);
    let seen = receiver.until(1).await.remove(0);
    assert_eq!(seen.said(), "device_changed 1001 true");
    assert!(seen.is_signed());
    assert_eq!(seen.headers["webhook-timestamp"], NOON.0.div_euclid(1_000_000).to_string());
    assert_eq!(seen.headers["content-type"], "application/json");
    assert_eq!(seen.id().len(), 36);
    let data = &seen.body["data"];
    assert_eq!((&data["type"], &data["seq"]), (&"device_changed".into(), &world.seq().await.into()));
    assert_eq!(seen.body["timestamp"], data["at"]);
    let log = until("it to be noted", async || {
        Some(world.log("crm").await).filter(|log| log[0].state == DeliveryState::Delivered)
    });
    let done = log.await.remove(0);
    assert_eq!((done.message.as_str(), done.tries, done.object.as_str()), (seen.id(), 1, "phone 1001"));
    let key = world.key("crm");
    let detail = world.live().delivery(key, done.message).await.expect("an answer").expect("a delivery");
    assert_eq!((detail.payload, detail.attempts[0].status), (seen.text, Some(200)));
    assert_eq!(detail.attempts[0].answer, "said");
}

#[tokio::test]
async fn a_failure_is_tried_again_after_each_pause_and_then_given_up() {
    let receiver = Receiver::start(|_| Reply::Status(500)).await;
    let world = World::new(&[("crm", &receiver.field())]).await;
    world.phone(1001, true);
    let mut now = NOON;
    for (tries, pause) in (1..).zip(PAUSES) {
        receiver.until(tries).await;
        let waits = until("the failure to be noted", async || {
            Some(world.log("crm").await.remove(0)).filter(|one| usize::try_from(one.tries) == Ok(tries))
        });
        let waits = waits.await;
        assert_eq!((waits.state, waits.due_at), (DeliveryState::Waiting, Some(now.after(pause))));
        now = now.after(pause);
        world.shared.time.set(now);
    }
    let seen = receiver.until(6).await;
    assert!(seen.iter().all(|one| one.id() == seen[0].id() && one.text == seen[0].text && one.is_signed()));
    let end = until("it to be given up", async || {
        Some(world.log("crm").await.remove(0)).filter(|one| one.state == DeliveryState::GivenUp)
    });
    let end = end.await;
    assert_eq!((end.tries, end.reason.as_deref(), end.ended_at), (6, Some("it answered 500"), Some(now)));
    // The next of the same phone goes out now.
    receiver.answer(|_| Reply::Status(204));
    world.phone(1001, false);
    assert_eq!(receiver.until(7).await[6].said(), "device_changed 1001 false");
}

#[tokio::test]
async fn what_is_newer_of_the_same_object_waits_and_nothing_else_does() {
    let receiver = Receiver::start(|seen| {
        Reply::Status(if seen.said() == "device_changed 1001 true" { 503 } else { 200 })
    });
    let receiver = receiver.await;
    let world = World::new(&[("crm", &receiver.field())]).await;
    world.phone(1001, true);
    receiver.until(1).await;
    world.phone(1001, false);
    world.phone(1002, true);
    receiver.until(2).await;
    world.phone(1002, false);
    receiver.until(3).await;
    receiver.answer(|_| Reply::Status(200));
    until("the failure to be noted", async || (world.log("crm").await[0].tries == 1).then_some(())).await;
    world.shared.time.set(NOON.after(PAUSES[0]));
    receiver.until(5).await;
    let expected = ["1001 true", "1002 true", "1002 false", "1001 true", "1001 false"]
        .map(|what| format!("device_changed {what}"));
    assert_eq!(receiver.said(), expected);
}

#[tokio::test]
async fn a_slow_receiver_holds_no_other() {
    let (slow, good) = (Receiver::start(|_| Reply::Hang).await, Receiver::good().await);
    let world = World::new(&[("slow", &slow.field()), ("good", &good.field())]).await;
    for number in 1001..=1010 {
        world.phone(number, true);
    }
    let begun = tokio::time::Instant::now();
    good.until(10).await;
    assert!(begun.elapsed() < Duration::from_secs(4), "sooner than the slow one is given up");
    assert!(slow.seen().len() <= 4, "and it is not asked everything at once");
}

#[tokio::test]
async fn a_receiver_is_told_of_what_it_wants() {
    let (some, none) = (Receiver::good().await, Receiver::good().await);
    let wants = format!("{}, events: [device_changed]", some.field());
    let others = format!("{}, events: [calls, message_left]", none.field());
    let world = World::new(&[("some", &wants), ("none", &others)]).await;
    world.phone(1001, true);
    world.phone(1001, false);
    some.until(2).await;
    assert!(world.log("none").await.is_empty() && none.seen().is_empty());
}

#[tokio::test]
async fn one_is_sent_again_by_request_under_its_id() {
    let receiver = Receiver::good().await;
    let world = World::new(&[("crm", &receiver.field())]).await;
    world.phone(1001, true);
    let id = receiver.until(1).await[0].id().to_owned();
    until("it to be noted", async || {
        (world.log("crm").await[0].state == DeliveryState::Delivered).then_some(())
    })
    .await;
    assert!(world.live().redeliver(world.key("crm"), id.clone()).await.expect("an answer"));
    assert_eq!(receiver.until(2).await[1].id(), id);
    assert!(!world.live().redeliver(world.key("crm"), "none".into()).await.expect("an answer"));
    assert!(!world.live().redeliver(world.key("erp"), id).await.expect("an answer"));
}

#[tokio::test]
async fn a_test_says_what_came_back_and_counts_for_nothing() {
    let receiver = Receiver::start(|_| Reply::Status(410)).await;
    let off = format!("{}, enabled: false", receiver.field());
    let field = receiver.field();
    let world = World::new(&[("crm", &field), ("off", &off)]).await;
    for name in ["crm", "off"] {
        let tested = world.live().test(world.key(name)).await.expect("an answer").expect("a webhook");
        assert_eq!((tested.attempt.status, tested.attempt.answer.as_str()), (Some(410), "said"));
        assert_eq!(tested.attempt.error.as_deref(), Some("it answered 410"));
        let log = world.log(name).await;
        assert_eq!(
            (log[0].message.as_str(), log[0].kind.as_str()),
            (tested.delivery.as_str(), "webhook.test")
        );
        assert_eq!((world.state(name).await.paused, world.state(name).await.given_up), (None, 0));
    }
    let seen = receiver.seen();
    assert!(seen.iter().all(Seen::is_signed));
    assert_eq!((seen.len(), &seen[0].body["data"]["webhook"]), (2, &"crm".into()));
    assert_eq!(world.live().test(world.key("none")).await, Ok(None));
}

#[tokio::test]
async fn an_address_inside_is_not_asked_unless_the_operator_says_so() {
    let receiver = Receiver::good().await;
    let world = World::allowing(&[("crm", &receiver.field())], Vec::new()).await;
    let tested = world.live().test(world.key("crm")).await.expect("an answer").expect("a webhook");
    assert!(tested.attempt.error.expect("it fails").contains("`outbound.allow`"));
    assert!(receiver.seen().is_empty());
}
