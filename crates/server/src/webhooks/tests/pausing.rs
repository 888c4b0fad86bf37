//! When nothing is sent any more, and how it goes on.

use api::webhooks::Webhooks as _;
use store::Author;
use store::webhook::log::DeliveryState;

use super::super::sender::GIVEN_UP_IN_ROW_MAX;
use super::*;

#[tokio::test]
async fn a_receiver_that_is_gone_is_sent_nothing_more_until_somebody_has_looked() {
    for status in [410, 404] {
        let receiver = Receiver::start(move |_| Reply::Status(status)).await;
        let world = World::new(&[("crm", &receiver.field())]).await;
        world.phone(1001, true);
        let paused = until("to be paused", async || world.state("crm").await.paused).await;
        assert_eq!(paused, (NOON, format!("it answered {status}")));
        world.phone(1002, true);
        until("it to be kept", async || (world.state("crm").await.waiting == 1).then_some(())).await;
        world.shared.time.set(NOON.after(Duration::from_secs(7_200)));
        receiver.answer(|_| Reply::Status(200));
        // Whatever comes of the time, nothing was sent: what is sent next is sent because of this.
        assert!(world.live().resume(world.key("crm"), Author::named("Ada")).await.expect("an answer"));
        receiver.until(2).await;
        assert_eq!(receiver.said(), ["device_changed 1001 true", "device_changed 1002 true"]);
        let log = world.log("crm").await;
        assert_eq!(log[0].state, DeliveryState::GivenUp, "it can be sent again by request");
        assert_eq!(world.state("crm").await.paused, None);
    }
}

#[tokio::test]
async fn many_given_up_in_a_row_pause_a_webhook() {
    let receiver = Receiver::start(|_| Reply::Status(500)).await;
    let world = World::new(&[("crm", &receiver.field())]).await;
    for number in 1001..=1010 {
        world.phone(number, true);
    }
    let mut now = NOON;
    let paused = until("to be paused", async || {
        now = now.after(Duration::from_secs(900));
        world.shared.time.set(now);
        world.state("crm").await.paused
    });
    let (_, why) = paused.await;
    assert_eq!(why, format!("{GIVEN_UP_IN_ROW_MAX} deliveries in a row were given up"));
    let state = world.state("crm").await;
    assert_eq!((state.given_up, state.delivered), (u64::from(GIVEN_UP_IN_ROW_MAX), 0));
    assert_eq!(receiver.seen().len(), 60, "each was tried six times");
}

#[tokio::test]
async fn another_address_begins_anew_and_what_is_provisioned_later_is_told_too() {
    let gone = Receiver::start(|_| Reply::Status(410)).await;
    let world = World::new(&[("crm", &gone.field())]).await;
    world.phone(1001, true);
    until("to be paused", async || world.state("crm").await.paused).await;
    world.phone(1002, true);
    until("it to be kept", async || (world.state("crm").await.waiting == 1).then_some(())).await;
    let (good, other) = (Receiver::good().await, Receiver::good().await);
    apply(&world.shared.store, &[("crm", &good.field()), ("erp", &other.field())]).await;
    world.changes.send_modify(|changes| *changes += 1);
    assert_eq!(good.until(1).await[0].said(), "device_changed 1002 true");
    // That it follows shows by what it is told of.
    let mut number = 1002;
    until("the new one to be told", async || {
        number = if number == 1010 { 1003 } else { number + 1 };
        world.phone(number, true);
        world.phone(number, false);
        (!other.seen().is_empty()).then_some(())
    })
    .await;
    // And one that goes is told nothing more.
    apply(&world.shared.store, &[("crm", &good.field())]).await;
    world.changes.send_modify(|changes| *changes += 1);
    let before = world.seq().await;
    world.phone(1001, false);
    until("the other to be told", async || {
        let told = good.seen().iter().any(|seen| seen.body["data"]["seq"].as_u64() > Some(before));
        told.then_some(())
    })
    .await;
    assert!(other.seen().iter().all(|seen| seen.body["data"]["seq"].as_u64() <= Some(before)));
}
