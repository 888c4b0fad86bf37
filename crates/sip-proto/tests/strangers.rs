//! What strangers send: odd, old, hostile and forked messages, written by hand.

use std::time::Duration;

use sip_proto::agent::{DialogId, Guard, OutboundRequest, RequestKey, UaCommand, UaEvent, UaInput, Verdict};
use sip_proto::{Destination, Flow, Headers, Message, Method, Moment, Name, NameAddr, Transport, Uri};

use crate::wire::{A, B, SDP_B, STRANGER, World};

fn request(method: &str, cseq: u32, branch: &str, to: &str, more: &str) -> String {
    format!(
        "{method} sip:bob@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.99;branch=z9hG4bK{branch};rport\r\n\
         Max-Forwards: 70\r\nFrom: <sip:eve@192.0.2.99>;tag=eve\r\nTo: <sip:bob@192.0.2.2>{to}\r\n\
         Call-ID: call-of-eve\r\nCSeq: {cseq} {method}\r\nContact: <sip:eve@192.0.2.99:5060>\r\n{more}\
         Content-Length: 0\r\n\r\n"
    )
}

/// What B answers to one request, which must leave nothing behind.
fn refusal(text: &str) -> Message {
    let mut world = World::new(1);
    world.stranger_sends(B, text);
    world.run_ms(30);
    assert_eq!(world.agents[B].gauges(), Default::default(), "a refusal keeps nothing");
    assert_eq!(world.mail.len(), 1);
    assert!(world.log.is_empty());
    world.mail.remove(0)
}

/// The stranger calls B and B answers: the To tag of the call, with everything settled.
fn call_by_stranger(world: &mut World, more: &str) -> String {
    world.stranger_sends(B, &request("INVITE", 10, "i", "", more));
    world.run_ms(30);
    let dialog = world.incoming(B);
    world.answer(B, dialog);
    world.run_ms(30);
    let ok = world.mail.last().unwrap();
    assert_eq!(ok.status(), Some(200));
    let tag = format!(";tag={}", ok.to().unwrap().tag().unwrap());
    world.stranger_sends(B, &request("ACK", 10, "a", &tag, ""));
    world.run_ms(30);
    assert_eq!(world.log.last().unwrap(), "b: established");
    world.log.clear();
    world.mail.clear();
    world.raw_mail.clear();
    tag
}

#[test]
fn what_cannot_be_taken_is_refused_with_the_right_status() {
    let invite = |more: &str| request("INVITE", 1, "1", "", more);
    assert_eq!(refusal(&invite("").replace("Max-Forwards: 70", "Max-Forwards: 0")).status(), Some(483));
    assert_eq!(
        refusal(&invite("").replace("INVITE sip:bob@192.0.2.2", "INVITE xyz:bob")).status(),
        Some(416)
    );
    assert_eq!(refusal(&invite("").replace("Contact:", "X-Contact:")).status(), Some(400));
    assert_eq!(refusal(&invite("Accept: text/plain\r\n")).status(), Some(406));
    assert_eq!(refusal(&request("BYE", 1, "1", ";tag=x", "")).status(), Some(481));
    assert_eq!(refusal(&request("INVITE", 1, "1", ";tag=x", "")).status(), Some(481));
    assert_eq!(refusal(&request("CANCEL", 1, "1", "", "")).status(), Some(481));
    let unknown = refusal(&request("FOO", 1, "1", "", ""));
    assert_eq!(unknown.status(), Some(405));
    assert!(unknown.headers.has_token(Name::Allow, "INVITE"));
    let required = refusal(&invite("Require: 100rel, timer, xyz\r\n"));
    assert_eq!(required.status(), Some(420));
    assert_eq!(required.headers.get(Name::Unsupported), Some(&b"100rel, xyz"[..]));
    let text = invite("Content-Type: text/plain\r\n").replace("Content-Length: 0\r\n\r\n", "\r\nhello");
    assert_eq!(refusal(&text).status(), Some(415));
    assert_eq!(refusal(&invite("Session-Expires: 30\r\nSupported: timer\r\n")).status(), Some(422));
}

#[test]
fn what_cannot_be_read_is_answered_if_it_can_be() {
    for (text, status) in [
        (request("INVITE", 1, "1", "", "").replace("SIP/2.0\r\nVia", "SIP/7.0\r\nVia"), 505),
        (request("INVITE", 1, "1", "", "").replace("CSeq: 1", "CSeq: 99999999999"), 400),
        (request("INVITE", 1, "1", "", "").replace("Content-Length: 0", "Content-Length: 7"), 400),
    ] {
        let mut world = World::new(2);
        let error = sip_proto::parse_datagram(text.as_bytes()).unwrap_err();
        let flow = world.flow(B, STRANGER);
        world.input(B, UaInput::Malformed { flow, error });
        world.run_ms(30);
        assert_eq!(world.statuses(), [status]);
    }
    let mut world = World::new(2);
    let text = request("ACK", 1, "1", "", "").replace("CSeq: 1", "CSeq: x");
    let error = sip_proto::parse_datagram(text.as_bytes()).unwrap_err();
    let flow = world.flow(B, STRANGER);
    world.input(B, UaInput::Malformed { flow, error });
    world.run_ms(30);
    assert!(world.mail.is_empty());
}

#[test]
fn stray_acks_and_responses_are_absorbed() {
    let mut world = World::new(3);
    world.stranger_sends(B, &request("ACK", 1, "1", ";tag=x", ""));
    world.stranger_sends(B, &request("ACK", 1, "2", "", ""));
    let invite = sip_proto::parse_datagram(request("INVITE", 1, "1.1", "", "").as_bytes()).unwrap();
    let stray = Message::response(&invite, 200, "", Some("t"));
    world.send(STRANGER, B, stray.to_bytes());
    world.run_ms(30);
    assert!(world.mail.is_empty() && world.log.is_empty());
    assert_eq!(world.agents[B].gauges(), Default::default());
}

#[test]
fn options_is_answered_with_what_we_can_do_and_again_the_same() {
    let mut world = World::new(4);
    for _ in 0..2 {
        world.stranger_sends(B, &request("OPTIONS", 1, "o", "", ""));
    }
    world.run_ms(30);
    assert_eq!(world.statuses(), [200, 200]);
    assert_eq!(world.raw_mail[0], world.raw_mail[1]);
    assert!(world.mail[0].headers.has_token(Name::Allow, "INVITE"));
    assert!(world.mail[0].headers.has_token(Name::Accept, "application/sdp"));
    assert!(world.mail[0].to().unwrap().tag().is_some());
}

#[test]
fn a_request_sent_again_gets_the_identical_answer() {
    let mut world = World::new(5);
    let register = request("REGISTER", 1, "r", "", "");
    world.stranger_sends(B, &register);
    world.run_ms(30);
    let key = world.events.iter().find_map(|(_, event)| match event {
        UaEvent::Request { key, .. } => Some(*key),
        _ => None,
    });
    let mut headers = Headers::new();
    headers.push(Name::Contact, "<sip:eve@192.0.2.99>;expires=60");
    let (reason, body) = (String::new(), Vec::new());
    world.command(B, UaCommand::Respond { key: key.unwrap(), status: 200, reason, headers, body });
    world.run_ms(30);
    world.stranger_sends(B, &register);
    world.run_ms(30);
    assert_eq!(world.log, ["b: request REGISTER"]);
    assert_eq!(world.raw_mail.len(), 2);
    assert_eq!(world.raw_mail[0], world.raw_mail[1]);
    world.assert_nothing_is_left();
}

#[test]
fn a_request_the_application_never_answers_is_forgotten() {
    let mut world = World::new(6);
    world.stranger_sends(B, &request("SUBSCRIBE", 1, "s", "", ""));
    world.run_ms(30);
    assert_eq!(world.log, ["b: request SUBSCRIBE"]);
    world.assert_nothing_is_left();
}

#[test]
fn a_copy_of_an_invite_by_another_way_is_refused_482() {
    let mut world = World::new(7);
    world.stranger_sends(B, &request("INVITE", 1, "1", "", ""));
    world.stranger_sends(B, &request("INVITE", 1, "2", "", ""));
    world.run_ms(30);
    assert_eq!(world.statuses(), [100, 482]);
    assert_eq!(world.log, ["b: invite"]);
}

#[test]
fn an_invite_sent_again_after_its_failure_gets_the_failure_again() {
    let mut world = World::new(8);
    world.stranger_sends(B, &request("INVITE", 1, "1", "", ""));
    world.run_ms(30);
    let dialog = world.incoming(B);
    let reason = String::new();
    world.command(B, UaCommand::Reject { dialog, status: 404, reason, headers: Headers::new() });
    world.stranger_sends(B, &request("INVITE", 1, "1", "", ""));
    world.run_ms(30);
    assert_eq!(world.statuses(), [100, 404, 404]);
    assert_eq!(world.log, ["b: invite", "b: ended local"]);
    world.assert_nothing_is_left();
}

#[test]
fn an_invite_sent_again_after_its_200_makes_no_second_call() {
    let mut world = World::new(26);
    let tag = call_by_stranger(&mut world, "");
    world.stranger_sends(B, &request("INVITE", 10, "i", "", ""));
    world.run_ms(30);
    assert!(world.mail.is_empty() && world.log.is_empty());
    world.stranger_sends(B, &request("BYE", 11, "b", &tag, ""));
    world.run_ms(30);
    assert_eq!(world.log, ["b: ended bye"]);
    world.assert_nothing_is_left();
}

#[test]
fn an_ack_with_the_branch_of_its_invite_is_taken() {
    let mut world = World::new(27);
    world.stranger_sends(B, &request("INVITE", 10, "i", "", ""));
    world.run_ms(30);
    let dialog = world.incoming(B);
    world.answer(B, dialog);
    world.run_ms(30);
    let tag = format!(";tag={}", world.mail.last().unwrap().to().unwrap().tag().unwrap());
    world.stranger_sends(B, &request("ACK", 10, "i", &tag, ""));
    world.run_ms(30);
    assert_eq!(world.log, ["b: invite", "b: established"]);
}

#[test]
fn a_peer_of_rfc_2543_without_magic_cookie_can_call() {
    let mut world = World::new(9);
    let old = |text: String| text.replace("branch=z9hG4bK", "branch=");
    world.stranger_sends(B, &old(request("INVITE", 1, "1", "", "")));
    world.stranger_sends(B, &old(request("INVITE", 1, "1", "", "")));
    world.run_ms(30);
    assert_eq!(world.log, ["b: invite"]);
    world.stranger_sends(B, &old(request("CANCEL", 1, "1", "", "")));
    world.run_ms(30);
    assert_eq!(world.log, ["b: invite", "b: ended cancel"]);
    assert_eq!(world.statuses(), [100, 100, 200, 487]);
    let tag = format!(";tag={}", world.mail[3].to().unwrap().tag().unwrap());
    world.stranger_sends(B, &old(request("ACK", 1, "1", &tag, "")));
    world.run(Duration::from_secs(3));
    assert_eq!(world.mail.len(), 4, "the ACK stops the failure");
    world.assert_nothing_is_left();
}

#[test]
fn numbers_may_have_gaps_but_not_go_back() {
    let mut world = World::new(10);
    let tag = call_by_stranger(&mut world, "");
    world.stranger_sends(B, &request("OPTIONS", 15, "o1", &tag, ""));
    world.stranger_sends(B, &request("OPTIONS", 12, "o2", &tag, ""));
    world.run_ms(30);
    assert_eq!(world.statuses(), [200, 500]);
    world.stranger_sends(B, &request("BYE", 20, "b", &tag, ""));
    world.run_ms(30);
    assert_eq!(world.log, ["b: ended bye"]);
    world.assert_nothing_is_left();
}

#[test]
fn an_update_refreshes_alone_or_brings_an_offer() {
    let mut world = World::new(11);
    let tag = call_by_stranger(&mut world, "");
    let more = "Supported: timer\r\nSession-Expires: 300;refresher=uac\r\n";
    world.stranger_sends(B, &request("UPDATE", 11, "u1", &tag, more));
    world.run_ms(30);
    assert_eq!(world.mail[0].headers.get(Name::SessionExpires), Some(&b"300;refresher=uac"[..]));
    let more = format!("{more}Content-Type: application/sdp\r\n");
    let offer = request("UPDATE", 12, "u2", &tag, &more).replace("Content-Length: 0\r\n\r\n", "\r\nv=0\r\n");
    world.stranger_sends(B, &offer);
    world.run_ms(30);
    assert_eq!(world.log, ["b: reinvite sdp"]);
    world.stranger_sends(B, &offer.replace("12 UPDATE", "13 UPDATE").replace("u2", "u3"));
    world.run_ms(30);
    assert_eq!(world.mail[1].status(), Some(500));
    assert!(world.mail[1].headers.get(Name::RetryAfter).is_some());
    let dialog = world.incoming(B);
    world.command(B, UaCommand::AcceptReinvite { dialog, sdp: SDP_B.to_vec() });
    world.run_ms(30);
    assert_eq!((world.mail[2].status(), world.mail[2].body.as_slice()), (Some(200), SDP_B));
    // The refresher was the peer; nothing came; the call ends by itself.
    world.run(Duration::from_secs(1900));
    assert!(world.log.iter().any(|line| line.starts_with("b: ended")), "{:?}", world.log);
    world.assert_nothing_is_left();
}

#[test]
fn a_reinvite_without_an_offer_asks_for_one_and_can_be_cancelled() {
    let mut world = World::new(12);
    let tag = call_by_stranger(&mut world, "");
    world.stranger_sends(B, &request("INVITE", 11, "r1", &tag, ""));
    world.run_ms(30);
    world.stranger_sends(B, &request("CANCEL", 11, "r1", &tag, ""));
    world.run_ms(30);
    assert_eq!(world.log, ["b: reinvite", "b: reinvite cancelled"]);
    assert_eq!(world.statuses(), [100, 200, 487]);
    world.stranger_sends(B, &request("ACK", 11, "r1", &tag, ""));
    world.stranger_sends(B, &request("INVITE", 12, "r2", &tag, ""));
    world.run_ms(30);
    let dialog = world.incoming(B);
    world.command(B, UaCommand::AcceptReinvite { dialog, sdp: SDP_B.to_vec() });
    world.run_ms(30);
    let ack = request("ACK", 12, "r2a", &tag, "Content-Type: application/sdp\r\n");
    world.stranger_sends(B, &ack.replace("Content-Length: 0\r\n\r\n", "\r\nv=0\r\n"));
    world.run_ms(30);
    assert_eq!(world.log[2..], ["b: reinvite", "b: reinvite established sdp"]);
    world.hang_up(B, dialog);
    world.stranger_sends(B, &request("BYE", 13, "x", &tag, ""));
    world.assert_nothing_is_left();
}

#[test]
fn a_bye_before_the_answer_ends_the_call_and_its_invite() {
    let mut world = World::new(13);
    world.stranger_sends(B, &request("INVITE", 10, "i", "", ""));
    world.run_ms(30);
    let dialog = world.incoming(B);
    world.command(B, UaCommand::Progress { dialog, status: 180, sdp: None });
    world.run_ms(30);
    let tag = format!(";tag={}", world.mail.last().unwrap().to().unwrap().tag().unwrap());
    world.stranger_sends(B, &request("BYE", 11, "b", &tag, ""));
    world.run_ms(30);
    assert_eq!(world.log, ["b: invite", "b: ended bye"]);
    assert_eq!(world.statuses(), [100, 180, 200, 487]);
    world.assert_nothing_is_left();
}

#[test]
fn requests_within_a_call_reach_the_application_up_to_a_limit() {
    let mut world = World::with(14, |config| config.limits.pending_per_dialog_max = 2);
    let tag = call_by_stranger(&mut world, "");
    for number in 11..=13 {
        let branch = format!("n{number}");
        world.stranger_sends(B, &request("REFER", number, &branch, &tag, "Refer-To: <sip:x@y>\r\n"));
    }
    world.stranger_sends(B, &request("PRACK", 20, "p", &tag, "RAck: 1 10 INVITE\r\n"));
    world.stranger_sends(B, &request("FOO", 21, "f", &tag, ""));
    world.stranger_sends(B, &request("INFO", 22, "g", &tag, "Info-Package: x\r\n"));
    world.run_ms(30);
    assert_eq!(world.log, ["b: request REFER", "b: request REFER"]);
    assert_eq!(world.statuses(), [500, 481, 405, 469]);
    let dialog = world.incoming(B);
    world.hang_up(B, dialog);
    world.assert_nothing_is_left();
}

#[test]
fn a_flood_of_requests_within_a_call_is_refused_and_the_call_can_still_end() {
    let mut world = World::new(28);
    let tag = call_by_stranger(&mut world, "");
    for number in 11..500 {
        world.stranger_sends(B, &request("OPTIONS", number, &format!("n{number}"), &tag, ""));
    }
    world.stranger_sends(B, &request("BYE", 500, "bye", &tag, ""));
    world.run_ms(30);
    let answered = |status: u16| world.statuses().iter().filter(|one| **one == status).count();
    // The ACK is not counted: it is never answered, and leaves nothing.
    assert_eq!((answered(200), answered(503)), (51, 439));
    assert_eq!(world.log, ["b: ended bye"]);
    world.assert_nothing_is_left();
}

#[test]
fn the_application_sends_its_own_requests_within_a_call() {
    let mut world = World::new(29);
    call_by_stranger(&mut world, "");
    let dialog = world.incoming(B);
    let mut headers = Headers::new();
    headers.push(Name::Event, "refer");
    headers.push(Name::ContentType, "message/sipfrag");
    let body = b"SIP/2.0 200 OK".to_vec();
    for method in [Method::Notify, Method::Bye] {
        let (headers, body) = (headers.clone(), body.clone());
        world.command(B, UaCommand::SendWithin { dialog, key: RequestKey(5), method, headers, body });
    }
    world.run_ms(30);
    assert_eq!(world.log, ["b: response 481"], "a BYE is not the application's own");
    let notify = world.mail[0].clone();
    assert_eq!(notify.method(), Some(&Method::Notify));
    assert_eq!((notify.to().unwrap().tag(), notify.body.as_slice()), (Some("eve"), body.as_slice()));
    let ok = Message::response(&notify, 200, "", None).to_bytes();
    world.send(STRANGER, B, ok);
    world.run_ms(30);
    assert_eq!(world.log[1..], ["b: response 200"]);
    world.hang_up(B, dialog);
    world.command(
        B,
        UaCommand::SendWithin {
            dialog: DialogId(99),
            key: RequestKey(6),
            method: Method::Notify,
            headers,
            body,
        },
    );
    assert_eq!(world.log.last().unwrap(), "b: response 481");
    world.assert_nothing_is_left();
}

/// The answers of several phones to one INVITE of A.
fn forked(world: &World, status: u16, tag: &str) -> Vec<u8> {
    let invite = world.last_sent(A, "INVITE");
    let mut response = Message::response(&invite, status, "", Some(tag));
    response.headers.push(Name::Contact, format!("<sip:{tag}@192.0.2.99:5060>"));
    if status == 200 {
        response.set_body("application/sdp", SDP_B.to_vec());
    }
    response.to_bytes()
}

#[test]
fn the_application_sends_its_own_requests_to_what_rings_and_numbers_go_on_from_there() {
    let mut world = World::new(31);
    let a = world.call(1, STRANGER);
    let notify = |world: &mut World| {
        let (method, mut headers) = (Method::Notify, Headers::new());
        headers.push(Name::Event, "talk");
        let key = RequestKey(7);
        world.command(A, UaCommand::SendWithin { dialog: a, key, method, headers, body: Vec::new() });
        world.run_ms(30);
    };
    world.run_ms(30);
    notify(&mut world);
    assert_eq!(world.log, ["a: response 481"], "nothing rings yet");
    for tag in ["one", "two"] {
        let response = forked(&world, 180, tag);
        world.send(STRANGER, A, response);
        world.run_ms(30);
    }
    notify(&mut world);
    let asked = world.last_sent(A, "NOTIFY");
    assert_eq!(asked.to().unwrap().tag(), Some("two"), "the one that began last");
    assert_eq!(asked.request_uri().unwrap().to_string(), "sip:two@192.0.2.99:5060");
    assert_eq!((asked.cseq().unwrap().number, asked.headers.text(Name::Event).as_deref()), (2, Some("talk")));
    world.send(STRANGER, A, Message::response(&asked, 489, "", None).to_bytes());
    let response = forked(&world, 200, "two");
    world.send(STRANGER, A, response);
    world.run_ms(30);
    assert_eq!(world.last_sent(A, "ACK").cseq().unwrap().number, 1, "the number of the INVITE");
    world.hang_up(A, a);
    world.run_ms(30);
    let bye = world.last_sent(A, "BYE");
    assert_eq!(bye.cseq().unwrap().number, 3, "no number is used twice");
    world.send(STRANGER, A, Message::response(&bye, 200, "", None).to_bytes());
    world.run_ms(30);
}

#[test]
fn the_first_of_forked_answers_wins_and_the_others_are_acknowledged_and_hung_up() {
    let mut world = World::new(15);
    let a = world.call(1, STRANGER);
    world.run_ms(30);
    for (status, tag) in [(180, "one"), (180, "two"), (200, "two"), (200, "one"), (200, "two"), (200, "one")]
    {
        let response = forked(&world, status, tag);
        world.send(STRANGER, A, response);
        world.run_ms(30);
    }
    assert_eq!(world.log, ["a: progress 180", "a: progress 180", "a: answered sdp"]);
    assert_eq!((world.count(A, "ACK"), world.count(A, "BYE")), (4, 1));
    let bye = world.last_sent(A, "BYE");
    assert_eq!(bye.to().unwrap().tag(), Some("one"));
    assert_eq!(bye.request_uri().unwrap().user.as_deref(), Some("one"));
    let ok = Message::response(&bye, 200, "", None).to_bytes();
    world.send(STRANGER, A, ok);
    world.hang_up(A, a);
    assert_eq!(world.last_sent(A, "BYE").to().unwrap().tag(), Some("two"));
    world.assert_nothing_is_left();
}

#[test]
fn forks_beyond_the_limit_are_passed_over() {
    let mut world = World::with(16, |config| config.limits.forks_per_invite_max = 3);
    let a = world.call(1, STRANGER);
    world.run_ms(30);
    for number in 0..50 {
        let response = forked(&world, 180, &format!("t{number}"));
        world.send(STRANGER, A, response);
    }
    world.run_ms(30);
    assert_eq!(world.log.len(), 3);
    for number in 0..50 {
        let response = forked(&world, 200, &format!("t{number}"));
        world.send(STRANGER, A, response);
    }
    world.run_ms(30);
    assert_eq!((world.count(A, "ACK"), world.count(A, "BYE")), (3, 2));
    world.hang_up(A, a);
    world.assert_nothing_is_left();
}

#[test]
fn a_challenge_is_shown_twice_and_then_the_call_fails() {
    let mut world = World::new(17);
    let mut invite = world.invite_from(A, STRANGER);
    invite.authenticates = true;
    let dialog = DialogId(1);
    world.command(A, UaCommand::Invite { dialog, invite: Box::new(invite) });
    for number in 1..=3 {
        world.run_ms(30);
        assert_eq!(world.last_sent(A, "INVITE").cseq().unwrap().number, number);
        let response = forked(&world, 407, "proxy");
        world.send(STRANGER, A, response);
        world.run_ms(30);
        let mut headers = Headers::new();
        headers.push(Name::ProxyAuthorization, format!("Digest try={number}"));
        world.command(A, UaCommand::Retry { dialog, headers });
    }
    assert_eq!(world.log, ["a: challenged 407", "a: challenged 407", "a: failed 407"]);
    assert_eq!(
        world.last_sent(A, "INVITE").headers.get(Name::ProxyAuthorization),
        Some(&b"Digest try=2"[..])
    );
    let ids: Vec<_> = world
        .mail
        .iter()
        .filter(|message| message.method() == Some(&Method::Invite))
        .map(|message| (message.call_id().unwrap().to_vec(), message.from().unwrap()))
        .collect();
    assert!(ids.len() == 3 && ids[0] == ids[1] && ids[1] == ids[2]);
    world.assert_nothing_is_left();
}

#[test]
fn a_challenge_nobody_answers_fails_the_call() {
    let mut world = World::new(18);
    let mut invite = world.invite_from(A, STRANGER);
    invite.authenticates = true;
    world.command(A, UaCommand::Invite { dialog: DialogId(1), invite: Box::new(invite) });
    world.run_ms(30);
    let response = forked(&world, 401, "t");
    world.send(STRANGER, A, response);
    world.run(Duration::from_secs(33));
    assert_eq!(world.log, ["a: challenged 401", "a: failed 408"]);
    world.assert_nothing_is_left();
}

#[test]
fn a_request_outside_dialogs_is_answered_or_times_out() {
    let mut world = World::new(19);
    let remote = world.flow(A, STRANGER).remote;
    let request = OutboundRequest {
        destination: Destination::Address { transport: Transport::Udp, remote },
        method: Method::Options,
        request_uri: Uri::sip_address(None, remote),
        from: NameAddr::new(Uri::sip(Some("us"), "192.0.2.1", None)),
        to: NameAddr::new(Uri::sip_address(None, remote)),
        sequence: None,
        headers: Headers::new(),
        body: Vec::new(),
    };
    world.command(A, UaCommand::Request { key: RequestKey(7), request: Box::new(request.clone()) });
    world.run_ms(30);
    let ok = Message::response(&world.mail[0], 200, "", Some("t")).to_bytes();
    world.send(STRANGER, A, ok);
    world.run_ms(30);
    world.command(A, UaCommand::Request { key: RequestKey(8), request: Box::new(request) });
    world.run(Duration::from_secs(33));
    assert_eq!(world.log, ["a: response 200", "a: response 408"]);
    world.assert_nothing_is_left();
}

/// Refuses whom it does not know, and counts.
struct Door {
    verdict: Verdict,
}

impl Guard for Door {
    fn admit(&mut self, _: &Message, _: &Flow, _: Moment) -> Verdict {
        self.verdict.clone()
    }
}

#[test]
fn a_flood_of_refused_requests_leaves_nothing_behind() {
    let mut world = World::new(20);
    let mut headers = Headers::new();
    headers.push(Name::WwwAuthenticate, "Digest realm=\"acme\", nonce=\"1\"");
    world.guards[B] =
        Box::new(Door { verdict: Verdict::Refuse { status: 401, reason: String::new(), headers } });
    for number in 0..2_000 {
        let method = ["INVITE", "REGISTER", "MESSAGE", "SUBSCRIBE"][number % 4];
        world.stranger_sends(B, &request(method, 1, &format!("f{}", number / 2), "", ""));
    }
    world.run_ms(100);
    assert_eq!(world.mail.len(), 2_000);
    assert!(world.mail.iter().all(|answer| answer.status() == Some(401)));
    assert!(world.mail[0].headers.get(Name::WwwAuthenticate).is_some());
    assert_eq!(world.agents[B].gauges(), Default::default());
    assert!(world.log.is_empty());
    let tags = |at: usize| world.mail[at].to().unwrap().tag().unwrap().to_owned();
    assert_eq!(tags(0).len(), 16);
}

#[test]
fn what_the_guard_drops_never_came() {
    let mut world = World::new(21);
    world.guards[B] = Box::new(Door { verdict: Verdict::Drop });
    for method in ["INVITE", "CANCEL", "REGISTER", "ACK"] {
        world.stranger_sends(B, &request(method, 1, "1", "", ""));
    }
    world.stranger_sends(B, &request("BYE", 1, "2", ";tag=x", ""));
    world.run_ms(30);
    assert!(world.mail.is_empty() && world.log.is_empty());
}

#[test]
fn a_request_within_a_call_from_elsewhere_is_for_the_guard_to_decide() {
    let mut world = World::new(22);
    let (_, _) = world.talking();
    world.guards[B] = Box::new(Door { verdict: Verdict::refuse(403) });
    let mut bye = Message::request(Method::Bye, Uri::sip(None, "192.0.2.2", None));
    bye.headers.push(Name::Via, "SIP/2.0/UDP 192.0.2.99;branch=z9hG4bKstolen");
    // What someone who saw the call's messages knows.
    let seen = world.events.iter().find_map(|(_, event)| match event {
        UaEvent::Answered { response, .. } => Some(response.clone()),
        _ => None,
    });
    let seen = seen.unwrap();
    for name in [Name::From, Name::To, Name::CallId] {
        bye.headers.copy(&seen.headers, name);
    }
    bye.headers.push(Name::CSeq, "100 BYE");
    world.send(STRANGER, B, bye.to_bytes());
    world.run_ms(30);
    assert_eq!(world.statuses(), [403]);
    assert!(world.log.is_empty());
    world.send(A, B, bye.to_bytes());
    world.run_ms(30);
    assert_eq!(world.log, ["b: ended bye"]);
}

#[test]
fn over_the_limits_requests_are_refused_503_and_calls_in_progress_can_end() {
    let mut world = World::with(23, |config| config.limits.transactions_max = 3);
    world.agents[A] = sip_proto::agent::UserAgent::new(
        sip_proto::agent::UaConfig::new("192.0.2.1:5060".parse().unwrap()),
        99,
    );
    let (a, _) = world.talking();
    for number in 0..20 {
        let method = if number % 2 == 0 { "INVITE" } else { "REGISTER" };
        world.stranger_sends(B, &request(method, number, &format!("l{number}"), "", ""));
    }
    world.run_ms(30);
    let refused: Vec<_> = world.mail.iter().filter(|answer| answer.status() == Some(503)).collect();
    assert!(refused.len() >= 17, "{:?}", world.statuses());
    assert!(refused.iter().all(|answer| answer.headers.get(Name::RetryAfter).is_some()));
    world.log.clear();
    world.hang_up(A, a);
    world.run_ms(50);
    assert_eq!(world.log, ["a: ended local", "b: ended bye 16"]);
    let invite = Box::new(world.invite_from(B, A));
    world.command(B, UaCommand::Invite { dialog: DialogId(5), invite });
    assert_eq!(world.log.last().unwrap(), "b: failed 503");
}

#[test]
fn more_calls_than_the_limit_are_refused_503() {
    let mut world = World::with(24, |config| config.limits.dialogs_max = 1);
    world.stranger_sends(B, &request("INVITE", 1, "1", "", ""));
    world.stranger_sends(B, &request("INVITE", 2, "2", "", ""));
    world.run_ms(30);
    assert_eq!(world.statuses(), [100, 503]);
}

#[test]
fn record_routes_are_followed_in_their_order() {
    let mut world = World::new(25);
    let more = "Record-Route: <sip:192.0.2.99;lr>, <sip:far;lr>\r\n";
    call_by_stranger(&mut world, more);
    let dialog = world.incoming(B);
    world.hang_up(B, dialog);
    world.run_ms(30);
    let bye = &world.mail[0];
    assert_eq!(bye.method(), Some(&Method::Bye));
    let routes: Vec<_> = bye.headers.all(Name::Route).collect();
    assert_eq!(routes, [&b"<sip:192.0.2.99;lr>"[..], b"<sip:far;lr>"]);
    assert_eq!(bye.request_uri().unwrap().to_string(), "sip:eve@192.0.2.99:5060");
}
