//! Changing the session of a call, and keeping it alive.

use std::time::Duration;

use sip_proto::agent::UaCommand;
use sip_proto::{Method, Name};

use crate::wire::{A, B, SDP_A, SDP_B, World};

fn reinvite(world: &mut World, who: usize, dialog: sip_proto::agent::DialogId) {
    world.command(who, UaCommand::Reinvite { dialog, sdp: SDP_A.to_vec() });
}

fn accept(world: &mut World, who: usize, dialog: sip_proto::agent::DialogId) {
    world.command(who, UaCommand::AcceptReinvite { dialog, sdp: SDP_B.to_vec() });
}

#[test]
fn either_side_changes_the_session() {
    let mut world = World::new(1);
    let (a, b) = world.talking();
    reinvite(&mut world, A, a);
    world.run_ms(30);
    accept(&mut world, B, b);
    world.run_ms(50);
    reinvite(&mut world, B, b);
    world.run_ms(30);
    world.command(A, UaCommand::RejectReinvite { dialog: a, status: 488 });
    world.run_ms(50);
    assert_eq!(
        world.log,
        [
            "b: reinvite sdp",
            "a: reinvite answered sdp",
            "b: reinvite established",
            "a: reinvite sdp",
            "b: reinvite failed 488"
        ]
    );
    world.hang_up(A, a);
    world.assert_nothing_is_left();
}

#[test]
fn a_reinvite_before_the_ack_waits_for_it_and_the_latest_counts() {
    let mut world = World::new(2);
    world.call(1, B);
    world.run_ms(30);
    let b = world.incoming(B);
    world.answer(B, b);
    world.command(B, UaCommand::Reinvite { dialog: b, sdp: b"old".to_vec() });
    world.command(B, UaCommand::Reinvite { dialog: b, sdp: b"new".to_vec() });
    assert_eq!(world.count(B, "INVITE"), 0);
    world.run_ms(30);
    assert_eq!(world.count(B, "INVITE"), 1);
    assert_eq!(world.last_sent(B, "INVITE").body, b"new");
    world.hang_up(B, b);
    world.assert_nothing_is_left();
}

#[test]
fn reinvites_that_cross_are_both_refused_491_and_tried_again_apart() {
    for seed in 0..40 {
        let mut world = World::new(seed);
        let (a, b) = world.talking();
        reinvite(&mut world, A, a);
        reinvite(&mut world, B, b);
        world.run_ms(50);
        assert_eq!((world.count(A, "491 INVITE"), world.count(B, "491 INVITE")), (1, 1));
        assert!(world.log.is_empty());
        for _ in 0..10_000 {
            world.run_ms(1);
            if world.log.last().is_some_and(|line| line == "b: reinvite sdp") {
                accept(&mut world, B, b);
            } else if world.log.last().is_some_and(|line| line == "a: reinvite sdp") {
                accept(&mut world, A, a);
            }
        }
        for wanted in ["a: reinvite answered sdp", "b: reinvite answered sdp"] {
            assert_eq!(world.log.iter().filter(|line| *line == wanted).count(), 1, "{seed} {:?}", world.log);
        }
        world.hang_up(A, a);
        world.assert_nothing_is_left();
    }
}

#[test]
fn a_hangup_settles_an_offer_that_is_under_way() {
    for who in [A, B] {
        let mut world = World::new(3);
        let (a, b) = world.talking();
        reinvite(&mut world, A, a);
        world.run_ms(30);
        world.hang_up(who, [a, b][who]);
        world.run_ms(50);
        assert_eq!(world.count(B, "487 INVITE"), 1);
        assert_eq!(world.log.iter().filter(|line| line.contains("ended")).count(), 2);
        world.assert_nothing_is_left();
    }
}

#[test]
fn a_reinvite_whose_ack_never_comes_ends_the_call() {
    let mut world = World::new(4);
    let (a, b) = world.talking();
    world.sieve = Box::new(|_, message| message.method() != Some(&Method::Ack));
    reinvite(&mut world, A, a);
    world.run_ms(30);
    accept(&mut world, B, b);
    world.run(Duration::from_secs(40));
    assert_eq!(
        world.log,
        ["b: reinvite sdp", "a: reinvite answered sdp", "b: ended ack missing", "a: ended bye 408"]
    );
    world.assert_nothing_is_left();
}

#[test]
fn a_reinvite_nobody_answers_ends_the_call() {
    let mut world = World::new(5);
    let (a, _) = world.talking();
    world.sieve = Box::new(|_, _| false);
    reinvite(&mut world, A, a);
    world.run(Duration::from_secs(33));
    assert_eq!(world.log, ["a: reinvite failed 408", "a: ended timeout"]);
}

#[test]
fn a_session_timer_refreshes_a_long_call_quietly() {
    let mut world = World::new(6);
    let (a, _) = world.talking();
    world.run(Duration::from_secs(4 * 3600));
    assert!(world.log.is_empty(), "{:?}", world.log);
    // The called side refreshes at half of 1800 s; the sixteenth is due a moment after four hours.
    assert_eq!(world.count(B, "UPDATE"), 15);
    assert_eq!(world.count(A, "200 UPDATE"), 15);
    world.hang_up(A, a);
    world.assert_nothing_is_left();
}

#[test]
fn a_peer_without_update_is_refreshed_by_reinvite() {
    let mut world = World::with(7, |config| config.allow.retain(|method| *method != Method::Update));
    let (a, b) = world.talking();
    world.run(Duration::from_secs(905));
    assert_eq!(world.log, ["a: reinvite sdp"]);
    assert_eq!(world.last_sent(B, "INVITE").body, SDP_B);
    world.command(A, UaCommand::AcceptReinvite { dialog: a, sdp: SDP_A.to_vec() });
    world.run_ms(50);
    assert_eq!(world.log, ["a: reinvite sdp", "a: reinvite established"]);
    world.hang_up(B, b);
    world.assert_nothing_is_left();
}

#[test]
fn both_sides_give_a_call_up_when_nothing_comes_through_any_more() {
    let mut world = World::new(8);
    world.talking();
    world.sieve = Box::new(|_, _| false);
    world.run(Duration::from_secs(1801));
    let mut log = world.log.clone();
    log.sort();
    // The refresher sees its UPDATE unanswered; the other waits for the end of the interval.
    assert_eq!(log, ["a: ended session expired", "b: ended timeout"]);
    world.assert_nothing_is_left();
}

#[test]
fn a_session_interval_below_the_least_is_refused_and_tried_again_longer() {
    let mut world = World::with(9, |config| config.session_expires = Duration::from_secs(120));
    world.agents[B] = {
        let mut config = world.agents[B].config().clone();
        config.min_se = Duration::from_secs(600);
        sip_proto::agent::UserAgent::new(config, 77)
    };
    world.call(1, B);
    world.run_ms(50);
    assert_eq!(world.count(B, "422 INVITE"), 1);
    assert_eq!(world.last_sent(B, "422 INVITE").headers.get(Name::MinSe), Some(&b"600"[..]));
    assert_eq!(world.last_sent(A, "INVITE").number(Name::SessionExpires), Some(600));
    assert_eq!(world.last_sent(A, "INVITE").number(Name::MinSe), Some(600), "it is repeated");
    assert_eq!(world.last_sent(A, "INVITE").cseq().unwrap().number, 2);
    assert_eq!(world.log, ["b: invite"]);
    let b = world.incoming(B);
    world.hang_up(B, b);
    world.assert_nothing_is_left();
}
