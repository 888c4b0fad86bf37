//! How events become deliveries, over stops, crashes and gaps.

use std::collections::BTreeSet;

use super::super::follower::GAP;
use super::*;

/// The numbers of the events that a receiver was sent, in the order of their first arrival.
fn numbers(receiver: &Receiver) -> Vec<u64> {
    receiver.seen().iter().filter_map(|seen| seen.body["data"]["seq"].as_u64()).collect()
}

#[tokio::test]
async fn what_happens_while_nobody_follows_is_told_after_the_start_once() {
    let receiver = Receiver::good().await;
    let mut world = World::new(&[("crm", &receiver.field())]).await;
    let first = world.seq().await + 1;
    world.phone(1001, true);
    receiver.until(1).await;
    // What is sent and not yet noted is sent again after a crash, and may be.
    until("it to be noted", async || (world.state("crm").await.delivered == 1).then_some(())).await;
    world.crash().await;
    world.phone(1001, false);
    world.phone(1002, true);
    world.start().await;
    world.phone(1003, true);
    let last = world.seq().await;
    receiver.until(usize::try_from(last + 1 - first).expect("few")).await;
    let mut told = numbers(&receiver);
    told.sort_unstable();
    assert_eq!(told, (first..=last).collect::<Vec<_>>());
    let ids: BTreeSet<_> = receiver.seen().iter().map(|seen| seen.id().to_owned()).collect();
    assert_eq!(ids.len(), told.len());
}

#[tokio::test]
async fn what_was_written_and_not_sent_is_sent_after_a_start_under_its_id() {
    let receiver = Receiver::start(|_| Reply::Hang).await;
    let mut world = World::new(&[("crm", &receiver.field())]).await;
    for number in 1001..=1003 {
        world.phone(number, true);
        world.phone(number, false);
    }
    let written =
        until("all to be written", async || Some(world.log("crm").await).filter(|log| log.len() == 6)).await;
    receiver.until(1).await;
    world.crash().await;
    receiver.answer(|_| Reply::Status(200));
    world.start().await;
    let all: BTreeSet<String> = written.into_iter().map(|one| one.message).collect();
    until("all to be delivered", async || (world.state("crm").await.delivered == 6).then_some(())).await;
    let sent: BTreeSet<String> = receiver.seen().iter().map(|seen| seen.id().to_owned()).collect();
    assert_eq!(sent, all, "no other id");
}

#[tokio::test]
async fn events_that_are_kept_no_more_are_named() {
    let receiver = Receiver::good().await;
    let mut world = World::new(&[("crm", &receiver.field())]).await;
    world.phone(1001, true);
    receiver.until(1).await;
    let read = world.seq().await;
    world.crash().await;
    for round in 0..11_000_u32 {
        world.phone(1001, round % 2 == 1);
        if round % 500 == 0 {
            // So that the switch keeps up.
            world.seq().await;
        }
    }
    let now = world.seq().await;
    assert!(now > read + 10_000, "more than are kept");
    world.start().await;
    let gap = until("the gap to be told", async || {
        receiver.seen().into_iter().find(|seen| seen.body["type"] == GAP)
    })
    .await;
    assert!(gap.is_signed());
    assert_eq!(gap.body["data"], serde_json::json!({"from": read + 1, "to": now, "why": "not_kept"}));
    world.phone(1002, true);
    until("what follows to be told", async || (numbers(&receiver).last() == Some(&(now + 1))).then_some(()))
        .await;
}

#[tokio::test]
async fn who_follows_no_more_begins_with_what_happens_then() {
    let receiver = Receiver::good().await;
    let mut world = World::new(&[("crm", &receiver.field())]).await;
    apply(&world.shared.store, &[]).await;
    world.changes.send_modify(|changes| *changes += 1);
    until("nobody to follow", async || {
        world.shared.store.webhook_cursor(world.tenant).await.expect("a cursor").is_none().then_some(())
    })
    .await;
    world.phone(1001, true);
    world.crash().await;
    apply(&world.shared.store, &[("crm", &receiver.field())]).await;
    world.start().await;
    world.phone(1002, true);
    assert_eq!(receiver.until(1).await[0].said(), "device_changed 1002 true");
}
