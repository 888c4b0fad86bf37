//! The registrar as devices, networks and strangers use it.

use std::net::SocketAddr;
use std::time::Duration;

use sip_proto::flow::Destination;
use sip_proto::register::{Became, BindingLost, Bindings, LostBy, RegisterLimits, RegisterOutcome, Reject};
use sip_proto::{Flow, Message, Moment, Transport, parse_datagram};

const AOR: &str = "1001@acme.test";
const NOW: Moment = Moment(50_000_000);

fn addr(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn udp() -> Flow {
    Flow {
        transport: Transport::Udp,
        local: addr("192.0.2.1:5060"),
        remote: addr("198.51.100.7:5060"),
        id: 0,
    }
}

fn tcp(id: u64) -> Flow {
    Flow { transport: Transport::Tcp, local: addr("192.0.2.1:5060"), remote: addr("198.51.100.7:40000"), id }
}

/// A REGISTER of `call_id` with this CSeq and these further lines.
fn request(call_id: &str, cseq: u32, lines: &str) -> Message {
    with_via("SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK1;rport", call_id, cseq, lines)
}

fn with_via(via: &str, call_id: &str, cseq: u32, lines: &str) -> Message {
    let text = format!(
        "REGISTER sip:acme.test SIP/2.0\nVia: {via}\nFrom: <sip:1001@acme.test>;tag=1\n\
         To: <sip:1001@acme.test>\nCall-ID: {call_id}\nCSeq: {cseq} REGISTER\n{lines}\n"
    );
    parse_datagram(text.replace('\n', "\r\n").as_bytes()).unwrap()
}

fn contact(host: &str) -> String {
    format!("Contact: <sip:1001@{host}>\n")
}

struct World {
    bindings: Bindings,
    now: Moment,
}

impl World {
    fn new() -> Self {
        World { bindings: Bindings::new(RegisterLimits::default()), now: NOW }
    }

    fn register(&mut self, message: &Message) -> Result<RegisterOutcome, Reject> {
        self.bindings.register(AOR, message, udp(), self.now)
    }

    fn after(&mut self, seconds: u64) -> Vec<BindingLost> {
        self.now = self.now + Duration::from_secs(seconds);
        let mut out = Vec::new();
        self.bindings.expire(self.now, &mut out);
        out
    }

    fn hosts(&self) -> Vec<String> {
        self.bindings.reachable(AOR).iter().map(|binding| binding.contact.host.clone()).collect()
    }
}

#[test]
fn a_device_registers_refreshes_is_seen_by_a_query_and_unregisters() {
    let mut world = World::new();
    let first = world.register(&request("a", 1, &contact("198.51.100.7"))).unwrap();
    assert_eq!(first.became, Became::Registered);
    assert_eq!(first.contacts, ["<sip:1001@198.51.100.7>;expires=3600"]);
    world.after(600);
    let query = world.register(&request("q", 1, "")).unwrap();
    assert_eq!(
        (query.became, query.contacts),
        (Became::Unchanged, vec!["<sip:1001@198.51.100.7>;expires=3000".into()])
    );
    let lines = contact("198.51.100.7") + "Expires: 120\n";
    let again = world.register(&request("a", 2, &lines)).unwrap();
    assert_eq!(
        (again.became, again.contacts),
        (Became::Refreshed, vec!["<sip:1001@198.51.100.7>;expires=120".into()])
    );
    let lines = contact("198.51.100.7") + "Expires: 0\n";
    let gone = world.register(&request("a", 3, &lines)).unwrap();
    assert_eq!((gone.became, gone.contacts.len()), (Became::Unregistered, 0));
    assert!(world.bindings.is_empty() && world.bindings.next_deadline().is_none());
    let twice = world.register(&request("a", 4, &lines)).unwrap();
    assert_eq!(twice.became, Became::Unchanged);
}

#[test]
fn each_contact_has_its_own_time_and_preference() {
    let mut world = World::new();
    let lines = "Contact: <sip:1001@198.51.100.1>;expires=100;q=0.2, <sip:1001@198.51.100.2>;q=0.75\n\
                 m: <sip:1001@198.51.100.3>;q=1\nExpires: 200\n";
    let outcome = world.register(&request("a", 1, lines)).unwrap();
    assert_eq!(
        outcome.contacts,
        [
            "<sip:1001@198.51.100.3>;expires=200",
            "<sip:1001@198.51.100.2>;expires=200;q=0.750",
            "<sip:1001@198.51.100.1>;expires=100;q=0.200",
        ]
    );
    assert_eq!(world.bindings.next_deadline(), Some(NOW + Duration::from_secs(100)));
}

#[test]
fn what_is_not_refreshed_in_time_ends_and_is_told() {
    let mut world = World::new();
    world
        .register(&request("a", 1, "Contact: <sip:a@198.51.100.1>;expires=60, <sip:b@198.51.100.2>\n"))
        .unwrap();
    assert_eq!(world.after(59), []);
    let lost = world.after(1);
    assert_eq!(lost.len(), 1);
    assert_eq!((lost[0].by, lost[0].left, lost[0].aor.as_str()), (LostBy::Expired, 1, AOR));
    assert_eq!(world.hosts(), ["198.51.100.2"]);
    assert_eq!(world.after(3600).first().map(|lost| lost.left), Some(0));
    assert_eq!(world.bindings.aor_count(), 0);
}

#[test]
fn star_removes_all_but_only_alone_and_with_expires_zero() {
    let mut world = World::new();
    world.register(&request("a", 1, "Contact: <sip:a@198.51.100.1>, <sip:b@198.51.100.2>\n")).unwrap();
    for lines in ["Contact: *\n", "Contact: *\nExpires: 60\n", "Contact: *\nContact: *\nExpires: 0\n"] {
        let text = request("b", 1, lines);
        assert_eq!(world.register(&text).map_err(Reject::status), Err(400), "{lines}");
    }
    assert_eq!(world.hosts().len(), 2);
    let outcome = world.register(&request("b", 2, "Contact: *\nExpires: 0\n")).unwrap();
    assert_eq!((outcome.became, outcome.contacts.len()), (Became::Unregistered, 0));
}

#[test]
fn a_request_that_was_overtaken_changes_nothing() {
    let mut world = World::new();
    world.register(&request("a", 5, &contact("198.51.100.1"))).unwrap();
    let removal = contact("198.51.100.1") + "Expires: 0\n";
    for (cseq, lines) in [(5, removal.as_str()), (4, removal.as_str()), (4, "Contact: *\nExpires: 0\n")] {
        assert_eq!(world.register(&request("a", cseq, lines)), Err(Reject::OutOfOrder));
    }
    let both = contact("198.51.100.9") + &contact("198.51.100.1");
    assert_eq!(world.register(&request("a", 3, &both)), Err(Reject::OutOfOrder));
    assert_eq!(world.hosts(), ["198.51.100.1"], "whole or not at all");
    assert!(world.register(&request("other", 1, &removal)).is_ok(), "another Call-ID counts anew");
}

#[test]
fn too_brief_is_refused_with_the_least_and_too_long_is_cut() {
    let mut world = World::new();
    let brief = world.register(&request("a", 1, "Contact: <sip:a@198.51.100.1>;expires=59\n")).unwrap_err();
    assert_eq!((brief.status(), brief.min_expires()), (423, Some(60)));
    for (expires, granted) in [("7200", 3600), ("99999999999999999999999", 3600), ("soon", 3600), ("61", 61)]
    {
        let lines = format!("Contact: <sip:a@198.51.100.1>;expires={expires}\n");
        let outcome = World::new().register(&request("a", 1, &lines)).unwrap();
        assert_eq!(outcome.contacts, [format!("<sip:a@198.51.100.1>;expires={granted}")]);
    }
}

#[test]
fn an_equivalent_address_is_the_same_device() {
    let mut world = World::new();
    world.register(&request("a", 1, "Contact: <sip:%61@Phone.Example.com;transport=tcp;x=1>\n")).unwrap();
    world.register(&request("a", 2, "Contact: <sip:a@phone.example.COM;Transport=TCP>\n")).unwrap();
    assert_eq!(world.hosts().len(), 1);
    world.register(&request("a", 3, "Contact: <sip:A@phone.example.com;transport=tcp>\n")).unwrap();
    assert_eq!(world.hosts().len(), 2, "the user part minds its case");
}

#[test]
fn an_instance_that_moves_is_the_same_device() {
    let mut world = World::new();
    let named = |host: &str, reg_id: &str| {
        format!("Contact: <sip:a@{host}>;+sip.instance=\"<urn:uuid:1>\"{reg_id}\n")
    };
    world.register(&request("a", 1, &named("198.51.100.1:5060", ""))).unwrap();
    let outcome = world.register(&request("b", 1, &named("198.51.100.1:9999", ""))).unwrap();
    assert_eq!(outcome.contacts, ["<sip:a@198.51.100.1:9999>;expires=3600;+sip.instance=\"<urn:uuid:1>\""]);
    world.register(&request("c", 1, &named("198.51.100.2", ";reg-id=1"))).unwrap();
    world.register(&request("c", 2, &named("198.51.100.3", ";reg-id=2"))).unwrap();
    assert_eq!(world.hosts().len(), 3, "each reg-id is a flow of its own");
}

#[test]
fn a_device_behind_nat_is_reached_by_its_flow_and_another_by_its_address() {
    let plain = "SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK1";
    let other_port = "SIP/2.0/UDP 198.51.100.7:5070;branch=z9hG4bK1";
    let private = "SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1;rport";
    let asked = "SIP/2.0/UDP 198.51.100.7:5070;branch=z9hG4bK1;rport";
    let named = "SIP/2.0/UDP phone.local;branch=z9hG4bK1";
    let by_flow = Destination::Flow(udp());
    let by_address = Destination::Address { transport: Transport::Udp, remote: addr("198.51.100.7:5080") };
    for (via, host, reach) in [
        (plain, "198.51.100.7:5080", by_address),
        (other_port, "198.51.100.7:5080", by_address),
        (private, "198.51.100.7:5080", by_flow),
        (asked, "198.51.100.7:5080", by_flow),
        (named, "198.51.100.7:5080", by_flow),
        (plain, "phone.local", by_flow),
        (plain, "0.0.0.0", by_flow),
    ] {
        let mut world = World::new();
        world.register(&with_via(via, "a", 1, &contact(host))).unwrap();
        assert_eq!(world.bindings.reachable(AOR)[0].destination(), reach, "{via} {host}");
    }
}

#[test]
fn a_device_on_a_connection_is_reached_by_it_and_goes_with_it() {
    let mut world = World::new();
    let mut on = |flow: Flow, cseq: u32, host: &str| {
        world.bindings.register(AOR, &request("a", cseq, &contact(host)), flow, NOW).unwrap();
    };
    on(tcp(1), 1, "198.51.100.1");
    on(tcp(1), 2, "198.51.100.2");
    on(tcp(2), 3, "198.51.100.3");
    on(udp(), 4, "198.51.100.4");
    on(tcp(2), 5, "198.51.100.1");
    assert_eq!(world.bindings.reachable(AOR)[0].destination(), Destination::Flow(tcp(2)), "it has moved");
    let mut lost = Vec::new();
    world.bindings.flow_closed(tcp(1), &mut lost);
    assert_eq!(lost.len(), 1);
    assert_eq!((lost[0].by, lost[0].contact.host.as_str()), (LostBy::FlowClosed, "198.51.100.2"));
    world.bindings.flow_closed(udp(), &mut lost);
    world.bindings.flow_closed(tcp(2), &mut lost);
    assert_eq!((lost.len(), world.hosts()), (3, vec!["198.51.100.4".to_owned()]));
}

#[test]
fn a_device_that_listens_elsewhere_outlives_the_connection_it_registered_on_once() {
    let plain = "SIP/2.0/TCP 198.51.100.7:40000;branch=z9hG4bK1";
    let asked = "SIP/2.0/TCP 198.51.100.7:5060;branch=z9hG4bK1;rport";
    let home = addr("198.51.100.7:5080");
    for (via, host, homes) in [
        (plain, "198.51.100.7:5080", vec![home]),
        (plain, "198.51.100.7:40000", vec![]),
        (plain, "198.51.100.8:5080", vec![]),
        (asked, "198.51.100.7:5080", vec![]),
    ] {
        let mut world = World::new();
        let message = with_via(via, "a", 1, &contact(host));
        world.bindings.register(AOR, &message, tcp(1), NOW).unwrap();
        let found: Vec<_> = world.bindings.homes(tcp(1)).into_iter().collect();
        assert_eq!(found, homes, "{via} {host}");
        let dialed = Flow { remote: home, ..tcp(2) };
        world.bindings.rebind(tcp(1), dialed);
        let mut lost = Vec::new();
        world.bindings.flow_closed(tcp(1), &mut lost);
        assert_eq!(lost.is_empty(), !homes.is_empty(), "{via} {host}");
        assert!(world.bindings.homes(dialed).is_empty(), "there is no third try");
        world.bindings.flow_closed(dialed, &mut lost);
        assert_eq!((lost.len(), world.bindings.len()), (1, 0));
    }
}

#[test]
fn an_eleventh_device_pushes_out_the_one_that_would_end_first() {
    let mut world = World::new();
    for n in 1..=11_u32 {
        let expires = if n == 4 { 100 } else { 3600 };
        let lines = format!("Contact: <sip:a@198.51.100.{n}>;expires={expires}\n");
        world.register(&request(&format!("c{n}"), 1, &lines)).unwrap();
    }
    let hosts = world.hosts();
    assert_eq!(hosts.len(), 10);
    assert!(!hosts.contains(&"198.51.100.4".to_owned()), "{hosts:?}");
    assert_eq!(world.bindings.len(), 10);
    let many = "Contact: <sip:a@h1>\n".repeat(11);
    assert_eq!(world.register(&request("x", 1, &many)).map_err(Reject::status), Err(400));
}

#[test]
fn a_full_table_refuses_newcomers_and_lets_the_known_refresh() {
    let limits = RegisterLimits { bindings_max: 2, ..RegisterLimits::default() };
    let mut bindings = Bindings::new(limits);
    for aor in ["1", "2"] {
        bindings.register(aor, &request(aor, 1, &contact("h.test")), udp(), NOW).unwrap();
    }
    let third = bindings.register("3", &request("3", 1, &contact("h.test")), udp(), NOW);
    assert_eq!(third.map_err(Reject::status), Err(503));
    assert!(bindings.register("1", &request("1", 2, &contact("h.test")), udp(), NOW).is_ok());
    assert!(bindings.remove("2") && !bindings.remove("2"));
    assert!(bindings.register("3", &request("3", 2, &contact("h.test")), udp(), NOW).is_ok());
    assert_eq!(bindings.len(), 2);
}

#[test]
fn path_is_kept_and_repeated() {
    let mut world = World::new();
    let lines = contact("198.51.100.1") + "Path: <sip:edge1.test;lr>, <sip:edge2.test;lr>\n";
    let outcome = world.register(&request("a", 1, &lines)).unwrap();
    assert_eq!(outcome.path, ["<sip:edge1.test;lr>", "<sip:edge2.test;lr>"]);
    let binding = &world.bindings.reachable(AOR)[0];
    assert_eq!((binding.path.len(), binding.destination()), (2, Destination::Flow(udp())));
}

#[test]
fn a_contact_that_is_no_place_for_a_call_is_refused() {
    let long = format!("Contact: <sip:a@{}>\n", "x".repeat(2000));
    for lines in ["Contact: <tel:+1>\n", "Contact: <mailto:a@b>\n", &long] {
        let verdict = World::new().register(&request("a", 1, lines));
        assert_eq!(verdict.map_err(Reject::status), Err(400), "{lines}");
    }
}

#[test]
fn random_traffic_keeps_the_indexes_and_the_bindings_the_same() {
    let mut rng = super::mutation::Rng(3);
    let mut bindings =
        Bindings::new(RegisterLimits { expires_min: 1, contacts_max: 4, ..RegisterLimits::default() });
    let mut now = NOW;
    let mut lost = Vec::new();
    for cseq in 1..=5_000 {
        now = now + Duration::from_secs(rng.next() % 3);
        bindings.expire(now, &mut lost);
        let aor = format!("aor{}", rng.below(20));
        let lines = match rng.below(10) {
            0 => "Contact: *\nExpires: 0\n".to_owned(),
            1 => String::new(),
            _ => format!("Contact: <sip:a@h{}>;expires={}\n", rng.below(8), rng.below(40)),
        };
        let flow = if rng.below(2) == 0 { udp() } else { tcp(rng.next() % 10) };
        bindings.register(&aor, &request("a", cseq, &lines), flow, now).unwrap();
        if rng.below(20) == 0 {
            bindings.flow_closed(tcp(rng.next() % 10), &mut lost);
        }
        let all: Vec<_> = (0..20).flat_map(|n| bindings.reachable(&format!("aor{n}")).to_vec()).collect();
        assert_eq!(bindings.len(), all.len());
        assert_eq!(bindings.next_deadline(), all.iter().map(|binding| binding.expires_at).min());
        assert!(all.iter().all(|binding| binding.expires_at > now));
    }
    for id in 0..10 {
        bindings.flow_closed(tcp(id), &mut lost);
    }
    bindings.expire(now + Duration::from_secs(40), &mut lost);
    assert!(bindings.is_empty() && bindings.aor_count() == 0 && !lost.is_empty());
}
