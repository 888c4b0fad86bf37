//! Devices on WebSockets that fall silent, and come back: heartbeats and the registrar together, in virtual time.

use std::time::Duration;

use sip_proto::register::{
    Became, BindingLost, Bindings, Due, HeartbeatLimits, Heartbeats, LostBy, RegisterLimits,
};
use sip_proto::{Flow, Message, Moment, Transport, parse_datagram};

const AOR: &str = "1/1001";
const START: Moment = Moment(50_000_000);

fn page(id: u64) -> Flow {
    Flow {
        transport: Transport::Ws,
        local: "192.0.2.1:5060".parse().unwrap(),
        remote: "198.51.100.7:4711".parse().unwrap(),
        id,
    }
}

fn at(seconds: u64) -> Moment {
    START + Duration::from_secs(seconds)
}

fn register(user: &str, cseq: u32) -> Message {
    let text = format!(
        "REGISTER sip:acme.test SIP/2.0\r\nVia: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK1\r\n\
         From: <sip:1001@acme.test>;tag=1\r\nTo: <sip:1001@acme.test>\r\nCall-ID: {user}\r\n\
         CSeq: {cseq} REGISTER\r\nContact: <sip:{user}@df7jal23ls0d.invalid;transport=ws>\r\n\r\n"
    );
    parse_datagram(text.as_bytes()).unwrap()
}

fn heartbeats() -> Heartbeats {
    Heartbeats::new(HeartbeatLimits::default())
}

/// What is to be done, second by second.
fn run(heartbeats: &mut Heartbeats, seconds: std::ops::RangeInclusive<u64>) -> Vec<(u64, Due)> {
    let mut all = Vec::new();
    for second in seconds {
        while let Some(due) = heartbeats.next_due(at(second)) {
            all.push((second, due));
        }
    }
    all
}

#[test]
fn a_silent_page_is_asked_twice_and_is_gone_after_fifteen_seconds() {
    let mut beats = heartbeats();
    beats.watch(page(1), START);
    assert_eq!(beats.next_deadline(), Some(at(5)));
    let told = run(&mut beats, 0..=140);
    let ask = |second| (second, Due::Ask(page(1)));
    // Where nobody is, a question now and then is enough.
    assert_eq!(told, [ask(5), ask(10), (15, Due::Silent(page(1))), ask(75), ask(135)]);
    assert!(beats.heard(page(1), at(141)), "it is there again");
    assert_eq!(run(&mut beats, 141..=156).last(), Some(&(156, Due::Silent(page(1)))));
}

#[test]
fn a_page_that_answers_or_asks_is_never_gone() {
    let mut beats = heartbeats();
    beats.watch(page(1), START);
    let mut asked = 0;
    for second in 0..600 {
        while let Some(due) = beats.next_due(at(second)) {
            assert_eq!(due, Due::Ask(page(1)));
            asked += 1;
            // One in three is lost on the way.
            if asked % 3 != 0 {
                assert!(!beats.heard(page(1), at(second)));
            }
        }
    }
    assert!(asked > 100, "{asked}");
}

#[test]
fn a_call_is_a_question_whose_answer_is_not_waited_for_twice() {
    let mut beats = heartbeats();
    beats.watch(page(1), START);
    beats.expect(page(1), at(2));
    assert_eq!(run(&mut beats, 2..=8), [(7, Due::Silent(page(1)))]);
    // Another call changes nothing where nobody is, nor where the end is near.
    beats.expect(page(1), at(9));
    assert_eq!(beats.next_deadline(), Some(at(67)));
    beats.heard(page(1), at(10));
    beats.expect(page(1), at(11));
    beats.expect(page(1), at(13));
    assert_eq!(beats.next_deadline(), Some(at(16)));
    beats.heard(page(1), at(14));
    assert_eq!(beats.next_deadline(), Some(at(19)));
}

#[test]
fn what_is_not_watched_is_nobody() {
    let mut beats = heartbeats();
    beats.watch(page(1), START);
    beats.forget(page(1));
    beats.expect(page(1), START);
    assert!(!beats.heard(page(1), START) && beats.next_deadline().is_none());
}

fn silent(bindings: &mut Bindings, flow: Flow) -> Vec<BindingLost> {
    let mut lost = Vec::new();
    bindings.fall_silent(flow, &mut lost);
    lost
}

#[test]
fn a_silent_device_is_not_reachable_and_comes_back_by_any_word_or_by_registering() {
    let mut bindings = Bindings::new(RegisterLimits::default());
    bindings.register(AOR, &register("a", 1), page(1), START).unwrap();
    let lost = silent(&mut bindings, page(1));
    assert_eq!((lost.len(), lost[0].by, lost[0].left), (1, LostBy::Silent, 0));
    assert_eq!(silent(&mut bindings, page(1)), [], "it is told once");
    assert!(bindings.reachable(AOR).is_empty() && bindings.len() == 1);
    assert_eq!(bindings.speak_again(page(1)), [AOR]);
    assert_eq!(bindings.speak_again(page(1)), Vec::<String>::new());
    assert_eq!(bindings.reachable(AOR).len(), 1);

    silent(&mut bindings, page(1));
    let again = bindings.register(AOR, &register("a", 2), page(2), at(60)).unwrap();
    assert_eq!((again.became, again.contacts.len()), (Became::Registered, 1));
    assert_eq!(bindings.reachable(AOR)[0].flow, page(2));
}

#[test]
fn beside_a_silent_device_another_is_called() {
    let mut bindings = Bindings::new(RegisterLimits::default());
    for (user, flow) in [("a", page(1)), ("b", page(2))] {
        bindings.register(AOR, &register(user, 1), flow, START).unwrap();
    }
    assert_eq!(silent(&mut bindings, page(1)).first().map(|lost| lost.left), Some(1));
    let called: Vec<_> = bindings.reachable(AOR).iter().map(|binding| binding.flow).collect();
    assert_eq!(called, [page(2)]);
    assert_eq!(bindings.speak_again(page(1)), Vec::<String>::new(), "it had one all the time");
    // The order is what it was.
    let called: Vec<_> = bindings.reachable(AOR).iter().map(|binding| binding.flow).collect();
    assert_eq!(called, [page(1), page(2)]);
}

#[test]
fn a_silent_device_whose_connection_closes_or_whose_time_ends_is_not_lost_again() {
    let mut bindings = Bindings::new(RegisterLimits::default());
    let mut lost = Vec::new();
    for (user, flow) in [("a", page(1)), ("b", page(2))] {
        bindings.register(AOR, &register(user, 1), flow, START).unwrap();
        silent(&mut bindings, flow);
    }
    bindings.flow_closed(page(1), &mut lost);
    bindings.expire(at(3600), &mut lost);
    assert!(lost.is_empty() && bindings.is_empty() && bindings.aor_count() == 0);
    assert!(bindings.one_on(page(2)).is_none());
}
