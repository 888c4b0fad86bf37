//! Opening, silence, closing, and what is left afterwards.

use std::collections::BTreeSet;
use std::time::Duration;

use media::{
    Codec, EndpointCommand, EndpointId, Gauges, Limits, MediaConfig, MediaEvent, MediaPlane, Negotiated,
    OpenError, StartError,
};
use rtp::rtcp::{self, Report, Rtcp, SenderInfo};

use crate::world::{LOOPBACK, Phone, World};

#[test]
fn silence_is_told_once_for_each_negotiation_that_expects_sound() {
    let mut world = World::with(|config| config.silence_timeout = Duration::from_millis(60));
    let mut ann = world.leg(Codec::Pcmu);
    let silent = MediaEvent::Silent { endpoint: ann.id };
    world.await_event(|event| *event == silent);
    // Sound after the silence, and a prompt longer than the timeout: it is not told again.
    ann.phone.say(ann.at, 1);
    let play = world.play(ann.id, &["tone-beep"], false);
    world.await_event(|event| {
        assert_ne!(*event, silent);
        *event == MediaEvent::PlayEnded { endpoint: ann.id, play }
    });
    // A party that will not speak is not expected to, nor is one that holds, whatever it says.
    let talk = ann.phone.negotiated();
    for quiet in [Negotiated { receive: false, ..talk }, Negotiated { send: false, ..talk }] {
        world.configure(ann.id, quiet);
        let play = world.play(ann.id, &["tone-beep"], false);
        world.await_event(|event| {
            assert_ne!(*event, silent);
            *event == MediaEvent::PlayEnded { endpoint: ann.id, play }
        });
    }
    world.plane.command(ann.id, EndpointCommand::Configure(ann.phone.negotiated()));
    world.await_event(|event| *event == silent);
}

#[test]
fn a_stranger_does_not_break_the_silence() {
    let mut world = World::with(|config| config.silence_timeout = Duration::from_millis(200));
    let mut ann = world.leg(Codec::Pcmu);
    ann.phone.say(ann.at, 1);
    let mut evil = Phone::new(Codec::Pcmu);
    // If they were taken for sound, they would put the silence off for ever.
    let told = (0..4_000).find_map(|_| {
        evil.say(ann.at, 66);
        world.next_event()
    });
    assert_eq!(told, Some(MediaEvent::Silent { endpoint: ann.id }));
}

#[test]
fn ports_come_in_even_pairs_run_out_and_come_back() {
    let mut world = World::new();
    let pairs = world.ports.len() / 2;
    let opened: Vec<_> = (0..pairs).map(|_| world.plane.open().unwrap()).collect();
    let ports: BTreeSet<u16> = opened.iter().map(|opened| opened.rtp_port).collect();
    assert_eq!(ports.len(), pairs);
    assert!(ports.iter().all(|port| port % 2 == 0 && world.ports.contains(port)));
    assert!(matches!(world.plane.open(), Err(OpenError::Exhausted)));
    assert_eq!(world.plane.gauges().ports_in_use, u64::try_from(pairs * 2).unwrap());
    let back = opened[1];
    world.close(back.id);
    let again = world.plane.open().unwrap();
    assert_eq!(again.rtp_port, back.rtp_port);
    assert_ne!(again.id, back.id, "an id is never used again");
}

#[test]
fn a_port_rests_before_it_serves_the_next_call() {
    let mut world = World::with(|config| {
        config.ports = *config.ports.start()..=*config.ports.start() + 1;
        config.limits.quarantine = Duration::from_secs(3_600);
    });
    let (id, _) = world.open();
    world.close(id);
    assert!(matches!(world.plane.open(), Err(OpenError::Exhausted)));
    assert_eq!(world.plane.gauges().ports_in_use, 0);
}

#[test]
fn packets_for_the_last_call_do_not_reach_the_next_on_the_same_port() {
    let mut world = World::with(|config| {
        config.ports = *config.ports.start()..=*config.ports.start() + 1;
    });
    let (id, at) = world.open();
    world.close(id);
    let mut late = Phone::new(Codec::Pcmu);
    for _ in 0..20 {
        late.say(at, 1);
    }
    let (next, _) = world.open();
    world.configure(next, late.negotiated());
    let stats = world.close(next);
    assert_eq!((stats.packets_in, stats.rejected), (0, 0));
}

#[test]
fn a_port_that_somebody_else_holds_is_passed_over() {
    let mut world = World::new();
    let taken = std::net::UdpSocket::bind((LOOPBACK, *world.ports.start())).unwrap();
    let pairs = world.ports.len() / 2;
    let opened: Vec<_> = (0..pairs - 1).map(|_| world.plane.open().unwrap().rtp_port).collect();
    assert!(!opened.contains(&taken.local_addr().unwrap().port()));
    assert!(matches!(world.plane.open(), Err(OpenError::Exhausted)));
    drop(taken);
    assert!(world.plane.open().is_ok());
}

#[test]
fn everything_is_back_at_zero_when_all_is_closed() {
    let mut world = World::new();
    let mut legs: Vec<_> = (0..6).map(|_| world.leg(Codec::Pcmu)).collect();
    world.bridge(legs[0].id, legs[1].id);
    world.bridge(legs[2].id, legs[3].id);
    world.play(legs[4].id, &["music"], true);
    world.play(legs[0].id, &["music"], true);
    let at = legs[2].at;
    legs[2].phone.say(at, 1);
    legs[3].phone.hear();
    let busy = world.await_gauges(|gauges| gauges.players == 2);
    assert_eq!((busy.endpoints, busy.bridges, busy.ports_in_use), (6, 2, 12));
    for leg in &legs {
        world.close(leg.id);
    }
    let idle = world.plane.gauges();
    let sums = Gauges { packets_in: 0, packets_out: 0, ..idle };
    assert_eq!(sums, Gauges::default());
    assert_eq!((idle.packets_in, idle.packets_out >= 1), (1, true));
    // What comes too late is passed over.
    world.plane.command(legs[0].id, EndpointCommand::Close);
    world.plane.command(EndpointId(999), EndpointCommand::Unbridge);
    world.plane.stop();
}

#[test]
fn a_full_queue_refuses_commands_and_never_a_close() {
    let mut world = World::with(|config| config.limits = Limits { commands_max: 0, ..config.limits });
    let (one, _) = world.open();
    let (other, _) = world.open();
    world.plane.command(one, EndpointCommand::Bridge { other });
    world.play(one, &["music"], true);
    assert_eq!(world.plane.gauges().commands_refused, 2);
    world.close(one);
    world.close(other);
    let gauges = world.plane.gauges();
    assert_eq!((gauges.endpoints, gauges.bridges), (0, 0));
}

#[test]
fn the_last_report_says_what_was_sent_and_lost() {
    let mut world = World::new();
    let (mut ann, mut bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcmu));
    let control = Phone::new(Codec::Pcmu);
    let named = Negotiated { rtcp: Some(control.address()), ..ann.phone.negotiated() };
    world.configure(ann.id, named);
    world.bridge(ann.id, bob.id);
    for n in 0..40 {
        bob.phone.say(bob.at, 1);
        if n % 4 == 0 {
            ann.phone.sequence = ann.phone.sequence.wrapping_add(1);
        }
        ann.phone.say(ann.at, 2);
    }
    let ssrc = (0..40).map(|_| ann.phone.hear().0.ssrc).next().unwrap();
    world.await_gauges(|gauges| gauges.packets_in == 80);
    // A report of the other side's, so that its reception is known.
    let told = rtcp::ReportBlock { ssrc, lost: 3, jitter: 16, ..rtcp::ReportBlock::default() };
    let sender = Some(SenderInfo { ntp: 7 << 32, ..SenderInfo::default() });
    let report = Report { ssrc: ann.phone.ssrc, sender, block: Some(told), cname: "ann", bye: false };
    let mut rtcp_port = ann.at;
    rtcp_port.set_port(ann.at.port() + 1);
    control.socket.send_to(&report.write(), rtcp_port).unwrap();
    control.socket.send_to(b"not a report", rtcp_port).unwrap();
    world.await_gauges(|gauges| gauges.rejected == 1);

    let stats = world.close(ann.id);
    assert_eq!((stats.packets_in, stats.packets_out, stats.bytes_out), (40, 40, 6_400));
    // The first gap lies before the first packet, where nobody can see it.
    assert_eq!((stats.lost, stats.remote_lost, stats.remote_jitter_us), (9, 3, 2_000));
    let mut buffer = [0; 512];
    let (length, _) = control.socket.recv_from(&mut buffer).unwrap();
    let packets: Vec<_> = rtcp::parse(&buffer[..length]).collect::<Result<_, _>>().unwrap();
    let Rtcp::SenderReport(from, info, mut blocks) = packets[0] else { panic!("{packets:?}") };
    assert_eq!((from, info.packets, info.bytes), (ssrc, 40, 6_400));
    let block = blocks.next().unwrap();
    assert_eq!((block.ssrc, block.lost, block.last_sender_report), (ann.phone.ssrc, 9, 7 << 16));
    assert_eq!(packets.last(), Some(&Rtcp::Bye));
}

#[test]
fn a_plane_that_cannot_work_does_not_start() {
    let config = |ports, bind: &str| MediaConfig {
        bind: bind.parse().unwrap(),
        ports,
        workers: 0,
        silence_timeout: Duration::ZERO,
        limits: Limits::default(),
    };
    let start = |config| MediaPlane::start(config, Box::new(|_| {})).map(drop);
    assert!(matches!(start(config(9_001..=9_002, "127.0.0.1")), Err(StartError::Ports { .. })));
    assert!(matches!(start(config(9_000..=9_001, "192.0.2.1")), Err(StartError::Bind { .. })));
    assert!(start(config(9_000..=9_001, "127.0.0.1")).is_ok());
}
