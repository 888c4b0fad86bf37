//! Seeded nonsense on real ports: nothing falls over, nothing is passed on, the call goes on.

use media::{Codec, Negotiated};
use rtp::power_share;

use crate::world::{Phone, World};

fn noise(state: &mut u64) -> [u8; 8] {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    state.to_le_bytes()
}

#[test]
fn nonsense_on_both_ports_ends_no_call() {
    let mut world = World::with(|config| config.limits.packets_per_second_max = 1_000_000);
    let (mut ann, bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcma));
    let control = Phone::new(Codec::Pcmu);
    world.configure(ann.id, Negotiated { rtcp: Some(control.address()), ..ann.phone.negotiated() });
    world.bridge(ann.id, bob.id);
    let mut rtcp_port = ann.at;
    rtcp_port.set_port(ann.at.port() + 1);
    let report = rtp::rtcp::Report {
        ssrc: 1,
        sender: Some(rtp::rtcp::SenderInfo::default()),
        block: Some(rtp::rtcp::ReportBlock::default()),
        cname: "x",
        bye: true,
    };
    let (mut seed, report) = (0x5eed_u64, report.write());
    for round in 0..200_u64 {
        // The phone itself goes mad: its own good packets with some bits turned, and its reports.
        for _ in 0..10 {
            let random = noise(&mut seed);
            let mut packet = ann.phone.header(random[0] & 0x7f, false).packet(&random);
            packet[usize::from(random[1]) % 20] ^= random[2];
            packet.truncate(usize::from(random[3]) % 24);
            ann.phone.socket.send_to(&packet, ann.at).unwrap();
            let mut packet = report.clone();
            packet[usize::from(random[4]) % report.len()] ^= random[5];
            packet.truncate(usize::from(random[6]));
            control.socket.send_to(&packet, rtcp_port).unwrap();
        }
        ann.phone.socket.send_to(&[0x80; 1_900], ann.at).unwrap();
        ann.phone.socket.send_to(&[], ann.at).unwrap();
        // Too many at once would be lost in the socket, which is another test's matter.
        world.await_gauges(|gauges| gauges.rejected > round);
    }
    let mut other = Phone::new(Codec::Pcmu);
    other.socket = ann.phone.socket.try_clone().unwrap();
    world.settle(ann.id);
    bob.phone.forget();
    other.ssrc = 0xfeed;
    other.sing(ann.at, 440.0, 50);
    let mut heard: Vec<(u32, Vec<u8>)> = Vec::new();
    while heard.len() < 50 {
        let (header, payload) = bob.phone.hear();
        if payload.len() == 160 {
            heard.push((header.ssrc, payload));
        }
    }
    let samples: Vec<i16> =
        heard.iter().flat_map(|(_, payload)| payload.iter().map(|byte| Codec::Pcma.decode(*byte))).collect();
    assert!(power_share(&samples, 8_000, 440.0) >= 0.8);
}

#[test]
fn a_flood_is_bounded() {
    let mut world = World::with(|config| config.limits.packets_per_second_max = 10);
    let mut ann = world.leg(Codec::Pcmu);
    for _ in 0..100 {
        ann.phone.say(ann.at, 1);
    }
    let gauges = world.await_gauges(|gauges| gauges.packets_in + gauges.rejected == 100);
    // A second may begin while they come.
    assert!(gauges.packets_in <= 20, "{gauges:?}");
}
