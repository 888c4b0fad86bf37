//! Who watches a mailbox: SUBSCRIBE, NOTIFY, and their ends.

use std::time::Duration;

use sip_proto::subscription::{Notification, Refused, SubscriptionLimits, Subscriptions, Summary};
use sip_proto::{Flow, Message, Method, Moment, Name, Transport, parse_datagram};

const NOW: Moment = Moment(1_000_000_000);

fn flow() -> Flow {
    let local = "192.0.2.1:5060".parse().unwrap();
    Flow { transport: Transport::Udp, local, remote: "192.0.2.9:5060".parse().unwrap(), id: 0 }
}

fn request(to_tag: &str, cseq: u32, more: &str) -> Message {
    let to = if to_tag.is_empty() { String::new() } else { format!(";tag={to_tag}") };
    let text = format!(
        "SUBSCRIBE sip:1001@acme.test SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK{cseq}\r\n\
         From: <sip:1001@acme.test>;tag=theirs\r\nTo: <sip:1001@acme.test>{to}\r\nCall-ID: c1\r\n\
         CSeq: {cseq} SUBSCRIBE\r\nContact: <sip:1001@192.0.2.9:5060>\r\n{more}Content-Length: 0\r\n\r\n"
    );
    parse_datagram(text.as_bytes()).unwrap()
}

struct Table {
    table: Subscriptions,
    out: Vec<Notification>,
    now: Moment,
}

impl Table {
    fn new() -> Self {
        Self { table: Subscriptions::new(SubscriptionLimits::default()), out: Vec::new(), now: NOW }
    }

    fn ask(&mut self, to_tag: &str, cseq: u32, more: &str) -> Result<u32, Refused> {
        let request = request(to_tag, cseq, more);
        let summary = Summary { new: 2, old: 1 };
        let who = ("1/1001", "1/1001");
        let asked = self.table.subscribe(who, &request, ("ours", flow()), summary, self.now, &mut self.out);
        asked.map(|accepted| accepted.expires)
    }

    fn changed(&mut self, new: u32) {
        self.table.changed("1/1001", Summary { new, old: 0 }, self.now, &mut self.out);
    }

    fn answered(&mut self, status: u16) {
        self.table.answered(1, status, self.now, &mut self.out);
    }

    /// Everything that was sent: state, body, CSeq.
    fn sent(&mut self) -> Vec<String> {
        let line = |sent: Notification| {
            let request = sent.request;
            assert_eq!(request.method, Method::Notify);
            assert_eq!(request.from.tag(), Some("ours"));
            assert_eq!(request.to.tag(), Some("theirs"));
            assert_eq!(request.request_uri.to_string(), "sip:1001@192.0.2.9:5060");
            let state = request.headers.text(Name::SubscriptionState).unwrap();
            let body = String::from_utf8(request.body).unwrap().replace("\r\n", "|");
            format!("{} {state} {body}", request.sequence.unwrap().1)
        };
        std::mem::take(&mut self.out).into_iter().map(line).collect()
    }
}

const MWI: &str = "Event: message-summary\r\nAccept: application/simple-message-summary\r\n";

#[test]
fn a_watcher_is_told_at_once_and_with_every_change() {
    let mut world = Table::new();
    assert_eq!(world.ask("", 1, MWI), Ok(3_600));
    assert_eq!(world.sent(), ["1 active;expires=3600 Messages-Waiting: yes|Voice-Message: 2/1 (0/0)|"]);
    world.answered(200);
    assert_eq!(world.sent(), [""; 0]);
    world.changed(0);
    assert_eq!(world.sent(), ["2 active;expires=3600 Messages-Waiting: no|Voice-Message: 0/0 (0/0)|"]);
}

#[test]
fn while_one_notify_is_under_way_the_latest_state_waits() {
    let mut world = Table::new();
    world.ask("", 1, MWI).unwrap();
    world.sent();
    world.changed(3);
    world.changed(4);
    assert_eq!(world.sent(), [""; 0]);
    world.answered(200);
    assert_eq!(world.sent(), ["2 active;expires=3600 Messages-Waiting: yes|Voice-Message: 4/0 (0/0)|"]);
}

#[test]
fn a_watcher_who_knows_nothing_or_does_not_answer_is_one_no_more() {
    for status in [481, 408, 503, 404] {
        let mut world = Table::new();
        world.ask("", 1, MWI).unwrap();
        world.answered(status);
        assert!(world.table.is_empty(), "{status}");
        assert_eq!(world.table.next_deadline(), None);
    }
}

#[test]
fn a_refresh_goes_on_and_expires_zero_ends() {
    let mut world = Table::new();
    world.ask("", 1, &format!("{MWI}Expires: 120\r\n")).unwrap();
    world.sent();
    world.answered(200);
    world.now = NOW + Duration::from_secs(100);
    assert_eq!(world.ask("ours", 2, &format!("{MWI}Expires: 120\r\n")), Ok(120));
    assert_eq!(world.sent().len(), 1, "a refresh is answered with the state");
    world.answered(200);
    assert_eq!(world.ask("ours", 2, MWI), Err(Refused::OutOfOrder));
    assert_eq!(world.ask("others", 3, MWI), Err(Refused::Gone));
    assert_eq!(world.ask("ours", 4, &format!("{MWI}Expires: 0\r\n")), Ok(0));
    assert!(world.sent()[0].contains("terminated;reason=timeout Messages-Waiting: yes"));
    assert!(world.table.is_empty());
    assert_eq!(world.ask("ours", 5, MWI), Err(Refused::Gone));
}

#[test]
fn a_subscription_that_is_not_refreshed_ends_and_its_watcher_is_told() {
    let mut world = Table::new();
    world.ask("", 1, &format!("{MWI}Expires: 60\r\n")).unwrap();
    world.sent();
    let due = world.table.next_deadline().unwrap();
    assert_eq!(due, NOW + Duration::from_secs(60));
    world.table.expire(due, &mut world.out);
    assert_eq!(world.sent(), ["2 terminated;reason=timeout "]);
    assert!(world.table.is_empty());
}

#[test]
fn a_fetch_keeps_nothing() {
    let mut world = Table::new();
    assert_eq!(world.ask("", 1, &format!("{MWI}Expires: 0\r\n")), Ok(0));
    assert_eq!(world.sent(), ["1 terminated;reason=timeout Messages-Waiting: yes|Voice-Message: 2/1 (0/0)|"]);
    assert!(world.table.is_empty());
}

#[test]
fn what_cannot_be_served_is_refused_by_its_name() {
    let mut world = Table::new();
    for (more, refused) in [
        ("", Refused::BadEvent),
        ("Event: presence\r\n", Refused::BadEvent),
        ("Event: message-summary\r\nAccept: text/plain\r\n", Refused::NotAcceptable),
        ("Event: message-summary\r\nExpires: 10\r\n", Refused::IntervalTooBrief(60)),
        ("Event: message-summary\r\nExpires: soon\r\n", Refused::BadRequest("Expires is no number")),
    ] {
        assert_eq!(world.ask("", 1, more), Err(refused), "{more}");
    }
    assert!(world.table.is_empty() && world.out.is_empty());
    assert_eq!(Refused::BadEvent.headers().text(Name::AllowEvents).as_deref(), Some("message-summary"));
}

#[test]
fn a_phone_that_forgets_its_subscriptions_pushes_out_its_own_oldest() {
    let mut world = Table::new();
    for _ in 0..30 {
        world.ask("", 1, MWI).unwrap();
    }
    assert_eq!(world.table.len(), SubscriptionLimits::default().per_watcher_max);
    world.table.end_mailbox("1/1001", &mut world.out);
    assert!(world.table.is_empty());
    assert_eq!(world.table.next_deadline(), None);
}
