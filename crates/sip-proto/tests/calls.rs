//! Calls between two user agents: making, answering, ending, and what the wire does to that.

use std::time::Duration;

use sip_proto::agent::{UaCommand, UaEvent};
use sip_proto::{Headers, Method, Name, Transport};

use crate::wire::{A, B, SDP_A, SDP_B, World};

#[test]
fn a_call_is_made_answered_and_hung_up_by_the_caller() {
    let mut world = World::new(1);
    let a = world.call(1, B);
    world.run_ms(30);
    let b = world.incoming(B);
    world.command(B, UaCommand::Progress { dialog: b, status: 180, sdp: None });
    world.run_ms(30);
    world.answer(B, b);
    world.run_ms(50);
    world.hang_up(A, a);
    world.run_ms(50);
    assert_eq!(
        world.log,
        [
            "b: invite",
            "a: progress 180",
            "a: answered sdp",
            "b: established",
            "a: ended local",
            "b: ended bye 16"
        ]
    );
    assert_eq!((world.count(A, "INVITE"), world.count(A, "ACK"), world.count(B, "200 INVITE")), (1, 1, 1));
    assert_eq!(world.count(B, "100 INVITE"), 1);
    world.assert_nothing_is_left();
}

#[test]
fn the_called_side_hangs_up_over_each_transport() {
    for transport in [Transport::Udp, Transport::Tcp, Transport::Tls, Transport::Ws] {
        let mut world = World::new(2);
        world.transport = transport;
        let (_, b) = world.talking();
        world.hang_up(B, b);
        world.run_ms(50);
        assert_eq!(world.log, ["b: ended local", "a: ended bye 16"]);
        assert_eq!(world.count(A, "200 BYE"), 1);
        world.assert_nothing_is_left();
    }
}

#[test]
fn a_call_over_tls_is_not_led_into_the_clear() {
    let mut world = World::new(2);
    world.transport = Transport::Tls;
    let (a, b) = world.talking();
    // Whoever knows the call's names sends from another place, or the phone itself forgets how it called.
    world.transport = Transport::Udp;
    world.hang_up(A, a);
    world.run_ms(50);
    assert_eq!(world.count(B, "403 BYE"), 1, "{:?}", world.trace);
    assert!(!world.log.contains(&"b: ended bye 16".to_owned()), "{:?}", world.log);
    world.transport = Transport::Tls;
    world.hang_up(B, b);
    world.run_ms(50);
    assert!(world.log.contains(&"b: ended local".to_owned()), "{:?}", world.log);
}

#[test]
fn an_invite_that_comes_back_to_its_sender_is_a_loop_and_makes_no_second_call() {
    let mut world = World::new(3);
    world.call(1, A);
    world.run_ms(60);
    assert_eq!(world.log, ["a: failed 482"]);
    world.assert_nothing_is_left();
}

#[test]
fn a_refusal_ends_the_call_on_both_sides_and_is_acknowledged() {
    let mut world = World::new(3);
    world.call(1, B);
    world.run_ms(30);
    let dialog = world.incoming(B);
    let reason = "Busy Here".to_owned();
    world.command(B, UaCommand::Reject { dialog, status: 486, reason, headers: Headers::new() });
    world.run_ms(50);
    assert_eq!(world.log, ["b: invite", "b: ended local", "a: failed 486"]);
    assert_eq!(world.count(A, "ACK"), 1);
    world.assert_nothing_is_left();
}

#[test]
fn a_lost_refusal_is_sent_again_and_a_lost_ack_too() {
    let mut world = World::new(4);
    let mut lost = 0;
    world.sieve = Box::new(move |_, message| {
        let drop = message.status() == Some(404) || message.method() == Some(&Method::Ack);
        lost += u32::from(drop);
        !drop || lost > 3
    });
    world.call(1, B);
    world.run_ms(30);
    let dialog = world.incoming(B);
    let reason = String::new();
    world.command(B, UaCommand::Reject { dialog, status: 404, reason, headers: Headers::new() });
    world.run(Duration::from_secs(10));
    assert_eq!(world.log, ["b: invite", "b: ended local", "a: failed 404"]);
    world.assert_nothing_is_left();
}

#[test]
fn an_invite_nobody_answers_is_sent_seven_times_and_fails_with_408() {
    let mut world = World::new(5);
    world.sieve = Box::new(|_, _| false);
    world.call(1, B);
    world.run(Duration::from_millis(31_999));
    assert!(world.log.is_empty());
    world.run_ms(2);
    assert_eq!(world.log, ["a: failed 408"]);
    assert_eq!(world.count(A, "INVITE"), 7);
    world.assert_nothing_is_left();
}

#[test]
fn a_lost_ack_is_sent_again_for_the_repeated_200() {
    let mut world = World::new(6);
    let mut acks = 0;
    world.sieve = Box::new(move |_, message| {
        acks += u32::from(message.method() == Some(&Method::Ack));
        message.method() != Some(&Method::Ack) || acks > 2
    });
    world.call(1, B);
    world.run_ms(30);
    let b = world.incoming(B);
    world.answer(B, b);
    world.run(Duration::from_secs(5));
    assert_eq!(world.log, ["b: invite", "a: answered sdp", "b: established"]);
    assert_eq!((world.count(B, "200 INVITE"), world.count(A, "ACK")), (3, 3));
    world.hang_up(B, b);
    world.assert_nothing_is_left();
}

#[test]
fn a_200_that_is_lost_is_sent_again_until_it_arrives() {
    let mut world = World::new(7);
    let mut lost = 0;
    world.sieve = Box::new(move |_, message| {
        let answer = message.status() == Some(200) && message.cseq().unwrap().method == Method::Invite;
        lost += u32::from(answer);
        !answer || lost > 4
    });
    world.call(1, B);
    world.run_ms(30);
    let b = world.incoming(B);
    world.answer(B, b);
    world.run(Duration::from_secs(12));
    assert_eq!(world.log, ["b: invite", "a: answered sdp", "b: established"]);
    world.hang_up(B, b);
    world.assert_nothing_is_left();
}

#[test]
fn an_ack_that_never_comes_ends_the_call_after_32_seconds_with_a_bye() {
    let mut world = World::new(8);
    world.sieve = Box::new(|_, message| message.method() != Some(&Method::Ack));
    world.call(1, B);
    world.run_ms(30);
    let b = world.incoming(B);
    world.answer(B, b);
    world.run(Duration::from_millis(31_999));
    assert_eq!(world.log, ["b: invite", "a: answered sdp"]);
    // 0, .5, 1.5, 3.5, 7.5 and every 4 s after that.
    assert_eq!(world.count(B, "200 INVITE"), 11);
    world.run_ms(100);
    assert_eq!(world.log[2..], ["b: ended ack missing", "a: ended bye 408"]);
    world.assert_nothing_is_left();
}

#[test]
fn a_bye_is_sent_again_until_answered_and_given_up_if_never() {
    let mut world = World::new(9);
    let (a, _) = world.talking();
    let mut byes = 0;
    world.sieve = Box::new(move |_, message| {
        byes += u32::from(message.method() == Some(&Method::Bye));
        byes > 2
    });
    world.hang_up(A, a);
    world.run(Duration::from_secs(5));
    assert_eq!(world.log, ["a: ended local", "b: ended bye 16"]);
    world.assert_nothing_is_left();

    let mut world = World::new(10);
    let (a, b) = world.talking();
    world.sieve = Box::new(|_, _| false);
    world.hang_up(A, a);
    world.run(Duration::from_secs(40));
    assert_eq!(world.log, ["a: ended local"]);
    world.hang_up(B, b);
    world.assert_nothing_is_left();
}

#[test]
fn byes_that_cross_are_both_answered_200() {
    let mut world = World::new(11);
    let (a, b) = world.talking();
    world.hang_up(A, a);
    world.hang_up(B, b);
    world.run_ms(100);
    assert_eq!(world.log, ["a: ended local", "b: ended local"]);
    assert_eq!((world.count(A, "200 BYE"), world.count(B, "200 BYE")), (1, 1));
    world.assert_nothing_is_left();
}

#[test]
fn a_hangup_before_any_answer_waits_for_one_and_then_cancels() {
    let mut world = World::new(12);
    let a = world.call(1, B);
    world.hang_up(A, a);
    assert_eq!(world.count(A, "CANCEL"), 0);
    world.run_ms(100);
    assert_eq!(world.log, ["a: ended local", "b: invite", "b: ended cancel 16"]);
    assert_eq!(
        (world.count(B, "200 CANCEL"), world.count(B, "487 INVITE"), world.count(A, "ACK")),
        (1, 1, 1)
    );
    let (ok, terminated) = (world.last_sent(B, "200 CANCEL"), world.last_sent(B, "487 INVITE"));
    assert_eq!(ok.to().unwrap().tag(), terminated.to().unwrap().tag());
    assert!(ok.to().unwrap().tag().is_some());
    world.assert_nothing_is_left();
}

#[test]
fn a_cancel_that_crosses_the_200_ends_in_ack_and_bye_and_is_never_an_answer() {
    let mut world = World::new(13);
    let a = world.call(1, B);
    world.run_ms(50);
    let b = world.incoming(B);
    world.answer(B, b);
    world.hang_up(A, a);
    world.run_ms(100);
    assert_eq!(world.log, ["b: invite", "a: ended local", "b: established", "b: ended bye"]);
    assert_eq!((world.count(A, "CANCEL"), world.count(A, "ACK"), world.count(A, "BYE")), (1, 1, 1));
    assert_eq!((world.count(B, "200 CANCEL"), world.count(B, "487 INVITE")), (1, 0));
    world.assert_nothing_is_left();
}

/// The caller hangs up at every millisecond of a call's setup, with and without losses.
#[test]
fn a_hangup_at_any_moment_of_the_setup_ends_both_sides_once() {
    for loss in [0, 150] {
        for at in 0..=120u64 {
            let mut world = World::new(at * 7 + loss);
            world.loss = loss;
            let a = world.call(1, B);
            let (mut rang, mut answered, mut hung_up) = (false, false, false);
            for ms in 0..=400 {
                let came = world.log.iter().any(|line| line == "b: invite");
                if came && !rang {
                    rang = true;
                    let dialog = world.incoming(B);
                    world.command(B, UaCommand::Progress { dialog, status: 180, sdp: None });
                }
                if came && !answered && ms >= 60 {
                    answered = true;
                    let dialog = world.incoming(B);
                    world.answer(B, dialog);
                }
                if ms == at {
                    hung_up = true;
                    world.hang_up(A, a);
                    world.log.push("hung up".to_owned());
                }
                world.run_ms(1);
            }
            assert!(hung_up);
            world.assert_nothing_is_left();
            let after = world.log.iter().skip_while(|line| *line != "hung up").skip(1);
            assert_eq!(after.filter(|line| line.starts_with("a:")).count(), 0, "{at} {:?}", world.log);
            let ends = |who: &str| {
                let ends = world.log.iter().filter(|line| line.starts_with(&format!("{who}: ended")));
                ends.count()
                    + world.log.iter().filter(|line| line.starts_with(&format!("{who}: failed"))).count()
            };
            assert_eq!(ends("a"), 1, "at {at}: {:?}", world.log);
            let came = usize::from(world.log.iter().any(|line| line == "b: invite"));
            assert_eq!(ends("b"), came, "at {at}: {:?}", world.log);
        }
    }
}

#[test]
fn a_hangup_by_the_called_side_before_the_ack_waits_for_the_ack() {
    let mut world = World::new(14);
    world.call(1, B);
    world.run_ms(30);
    let b = world.incoming(B);
    world.answer(B, b);
    world.hang_up(B, b);
    assert_eq!(world.count(B, "BYE"), 0);
    world.run_ms(100);
    assert_eq!(world.log, ["b: invite", "b: ended local", "a: answered sdp", "a: ended bye 16"]);
    world.assert_nothing_is_left();
}

#[test]
fn hanging_up_an_unanswered_incoming_call_refuses_it_by_its_cause() {
    let mut world = World::new(15);
    world.call(1, B);
    world.run_ms(30);
    let dialog = world.incoming(B);
    let reason = Some(sip_proto::agent::Reason::q850(17, "User busy"));
    world.command(B, UaCommand::Hangup { dialog, reason });
    world.run_ms(30);
    assert_eq!(world.log, ["b: invite", "b: ended local", "a: failed 486"]);
    world.assert_nothing_is_left();
}

#[test]
fn a_call_without_an_offer_gets_one_in_the_200_and_answers_it_in_the_ack() {
    let mut world = World::new(16);
    let mut invite = world.invite_from(A, B);
    invite.sdp = None;
    let a = sip_proto::agent::DialogId(1);
    world.command(A, UaCommand::Invite { dialog: a, invite: Box::new(invite) });
    world.run_ms(30);
    let b = world.incoming(B);
    world.answer(B, b);
    world.run(Duration::from_secs(1));
    assert_eq!(world.log, ["b: invite", "a: answered sdp"]);
    assert_eq!(world.count(A, "ACK"), 0);
    world.command(A, UaCommand::Acknowledge { dialog: a, sdp: SDP_A.to_vec() });
    world.run(Duration::from_secs(1));
    assert_eq!(world.log[2..], ["b: established sdp"]);
    let established = world.events.iter().find_map(|(_, event)| match event {
        UaEvent::Established { sdp, .. } => sdp.clone(),
        _ => None,
    });
    assert_eq!(established.as_deref(), Some(SDP_A));
    world.hang_up(A, a);
    world.assert_nothing_is_left();
}

#[test]
fn a_call_without_an_offer_may_be_hung_up_before_its_ack() {
    let mut world = World::new(17);
    let mut invite = world.invite_from(A, B);
    invite.sdp = None;
    let a = sip_proto::agent::DialogId(1);
    world.command(A, UaCommand::Invite { dialog: a, invite: Box::new(invite) });
    world.run_ms(30);
    let b = world.incoming(B);
    world.answer(B, b);
    world.run_ms(30);
    world.hang_up(A, a);
    world.run_ms(50);
    assert_eq!(world.log[2..], ["a: ended local", "b: established", "b: ended bye 16"]);
    world.assert_nothing_is_left();
}

#[test]
fn ringing_is_said_again_every_minute_and_ends_after_ten() {
    let mut world = World::new(18);
    world.call(1, B);
    world.run_ms(30);
    let dialog = world.incoming(B);
    let sdp = Some(SDP_B.to_vec());
    world.command(B, UaCommand::Progress { dialog, status: 183, sdp });
    world.run(Duration::from_secs(200));
    assert_eq!(world.count(B, "183 INVITE"), 4);
    assert_eq!(world.log[1], "a: progress 183 sdp");
    world.sieve = Box::new(|_, message| message.status() != Some(183));
    world.run(Duration::from_secs(601));
    assert!(
        world.log.ends_with(&["a: failed 408".to_owned(), "b: ended cancel".to_owned()]),
        "{:?}",
        world.log
    );
    world.assert_nothing_is_left();
}

#[test]
fn info_is_answered_and_delivered() {
    let mut world = World::new(19);
    let (a, b) = world.talking();
    let body = b"Signal=5\r\nDuration=160\r\n".to_vec();
    let content_type = "application/dtmf-relay".to_owned();
    world.command(A, UaCommand::SendInfo { dialog: a, content_type, body });
    world.run_ms(50);
    assert_eq!(world.log, ["b: info application/dtmf-relay", "a: info answered 200"]);
    world.hang_up(B, b);
    world.assert_nothing_is_left();
}

#[test]
fn a_closed_connection_ends_what_was_not_answered_on_both_sides() {
    for transport in [Transport::Tcp, Transport::Ws] {
        let mut world = World::new(20);
        world.transport = transport;
        world.call(1, B);
        world.run_ms(30);
        world.input(B, sip_proto::agent::UaInput::FlowClosed(world.flow(B, A)));
        world.input(A, sip_proto::agent::UaInput::FlowClosed(world.flow(A, B)));
        assert_eq!(world.log, ["b: invite", "b: ended transport", "a: failed 503"]);
        world.sieve = Box::new(|_, _| false);
        world.assert_nothing_is_left();
    }
}

#[test]
fn a_call_outlives_its_websocket_by_the_grace_only() {
    let mut world = World::new(21);
    world.transport = Transport::Ws;
    world.talking();
    world.sieve = Box::new(|_, _| false);
    world.input(B, sip_proto::agent::UaInput::FlowClosed(world.flow(B, A)));
    world.run(Duration::from_millis(14_900));
    assert!(world.log.is_empty());
    world.run_ms(200);
    assert_eq!(world.log, ["b: ended transport"]);
    world.input(A, sip_proto::agent::UaInput::FlowClosed(world.flow(A, B)));
    world.assert_nothing_is_left();
}

#[test]
fn a_call_whose_peer_comes_back_in_time_goes_on() {
    let mut world = World::new(24);
    world.transport = Transport::Ws;
    let (a, _) = world.talking();
    world.input(B, sip_proto::agent::UaInput::FlowClosed(world.flow(B, A)));
    world.run(Duration::from_secs(3));
    let content_type = "application/dtmf-relay".to_owned();
    world.command(A, UaCommand::SendInfo { dialog: a, content_type, body: b"Signal=1".to_vec() });
    world.run(Duration::from_secs(30));
    assert_eq!(world.log, ["b: info application/dtmf-relay", "a: info answered 200"]);
    world.hang_up(A, a);
    world.assert_nothing_is_left();
}

#[test]
fn a_call_goes_on_when_its_tcp_connection_is_replaced() {
    let mut world = World::new(22);
    world.transport = Transport::Tcp;
    let (a, _) = world.talking();
    world.input(A, sip_proto::agent::UaInput::FlowClosed(world.flow(A, B)));
    world.input(B, sip_proto::agent::UaInput::FlowClosed(world.flow(B, A)));
    world.run(Duration::from_secs(30));
    assert!(world.log.is_empty());
    world.hang_up(A, a);
    world.run_ms(50);
    assert_eq!(world.log, ["a: ended local", "b: ended bye 16"]);
    world.assert_nothing_is_left();
}

#[test]
fn the_answer_carries_what_a_dialog_needs() {
    let mut world = World::new(23);
    world.call(1, B);
    world.run_ms(30);
    let b = world.incoming(B);
    world.answer(B, b);
    world.run_ms(30);
    let (invite, ok, ack) =
        (world.last_sent(A, "INVITE"), world.last_sent(B, "200 INVITE"), world.last_sent(A, "ACK"));
    for message in [&invite, &ok] {
        for name in [Name::Contact, Name::Allow, Name::Supported, Name::SessionExpires] {
            assert!(message.headers.get(name).is_some(), "{name:?}");
        }
    }
    assert_eq!(ok.headers.get(Name::SessionExpires), Some(&b"1800;refresher=uas"[..]));
    assert_eq!(ack.request_uri().unwrap(), &ok.contact().unwrap().uri);
    assert_eq!(ack.cseq().unwrap().number, invite.cseq().unwrap().number);
    assert_ne!(ack.via().unwrap().branch(), invite.via().unwrap().branch());
    assert_eq!(ok.via().unwrap().params.get("received"), Some("192.0.2.1"));
    assert_eq!(ok.via().unwrap().params.get("rport"), Some("5060"));
    assert_eq!(ok.headers.get("User-Agent"), None);
}
