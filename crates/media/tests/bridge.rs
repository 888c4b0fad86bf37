//! Two endpoints that hear each other.

use media::{Codec, EndpointCommand};
use rtp::power_share;

use crate::world::World;

/// Both ways, a tone of its own each way.
fn tones_cross(from: Codec, to: Codec, workers: usize) {
    let mut world = World::with(|config| config.workers = workers);
    let (mut ann, mut bob) = (world.leg(from), world.leg(to));
    world.bridge(ann.id, bob.id);
    ann.phone.sing(ann.at, 440.0, 50);
    bob.phone.sing(bob.at, 1_000.0, 50);
    let (at_bob, at_ann) = (bob.phone.listen(50), ann.phone.listen(50));
    assert!(power_share(&at_bob, 8_000, 440.0) >= 0.8);
    assert!(power_share(&at_ann, 8_000, 1_000.0) >= 0.8);
    assert_eq!(world.plane.gauges().dropped, 0);
}

#[test]
fn a_tone_crosses_a_bridge_both_ways_in_one_law() {
    tones_cross(Codec::Pcmu, Codec::Pcmu, 1);
    tones_cross(Codec::Pcma, Codec::Pcma, 2);
}

#[test]
fn a_tone_crosses_a_bridge_both_ways_from_law_to_law() {
    tones_cross(Codec::Pcmu, Codec::Pcma, 2);
    tones_cross(Codec::Pcma, Codec::Pcmu, 1);
}

#[test]
fn a_relayed_packet_bears_the_numbers_of_our_own_stream() {
    let mut world = World::new();
    let (mut ann, bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcmu));
    world.bridge(bob.id, ann.id);
    for byte in 0..20 {
        ann.phone.say(ann.at, byte);
    }
    let heard: Vec<_> = (0..20).map(|_| bob.phone.hear()).collect();
    let first = heard[0].0;
    assert_ne!(first.ssrc, ann.phone.ssrc);
    assert!(first.marker, "a talk spurt begins");
    for ((header, payload), n) in heard.iter().zip(0..20_u8) {
        assert_eq!(header.ssrc, first.ssrc);
        assert_eq!(header.sequence, first.sequence.wrapping_add(n.into()));
        assert_eq!(header.timestamp, first.timestamp.wrapping_add(u32::from(n) * 160));
        assert_eq!(payload, &[n; 160]);
    }
}

#[test]
fn a_stream_goes_on_without_a_break_from_prompt_to_bridge_and_back() {
    let mut world = World::new();
    let (mut ann, bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcma));
    world.play(bob.id, &["music"], true);
    let mut headers: Vec<_> = (0..5).map(|_| bob.phone.hear().0).collect();
    world.plane.command(ann.id, EndpointCommand::Bridge { other: bob.id });
    world.await_gauges(|gauges| gauges.bridges == 1 && gauges.players == 0);
    for _ in 0..5 {
        ann.phone.say(ann.at, 0x11);
    }
    world.await_gauges(|gauges| gauges.packets_in == 5);
    let beep = world.play(bob.id, &["tone-beep"], false);
    world.await_play(bob.id, beep);
    ann.phone.say(ann.at, 0x22);
    let spurts = loop {
        let (header, payload) = bob.phone.hear();
        headers.push(header);
        if payload[0] == mu_as_a(0x22) {
            break headers.iter().filter(|header| header.marker).count();
        }
    };
    assert_eq!(spurts, 4, "music, bridge, beep, bridge");
    for pair in headers.windows(2) {
        assert_eq!(pair[0].ssrc, pair[1].ssrc);
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
        let step = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
        assert!((160..80_000).contains(&step), "{step}");
    }
}

fn mu_as_a(byte: u8) -> u8 {
    let mut payload = [byte];
    Codec::Pcmu.transcode(Codec::Pcma, &mut payload);
    payload[0]
}

#[test]
fn parted_endpoints_hear_each_other_no_more() {
    let mut world = World::new();
    let (mut ann, mut bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcmu));
    let mut eve = world.leg(Codec::Pcmu);
    world.bridge(ann.id, bob.id);
    world.plane.command(bob.id, EndpointCommand::Unbridge);
    world.settle(ann.id);
    world.settle(bob.id);
    ann.phone.say(ann.at, 1);
    bob.phone.say(bob.at, 2);
    world.await_gauges(|gauges| gauges.packets_in == 2);
    assert!(ann.phone.hears_nothing() && bob.phone.hears_nothing());
    // A new bridge of one end parts it from the old partner.
    world.bridge(ann.id, bob.id);
    world.bridge(eve.id, bob.id);
    world.settle(ann.id);
    assert_eq!(world.plane.gauges().bridges, 1);
    ann.phone.say(ann.at, 3);
    world.await_gauges(|gauges| gauges.packets_in == 3);
    eve.phone.say(eve.at, 4);
    assert_eq!(bob.phone.hear().1, [4; 160]);
    bob.phone.say(bob.at, 5);
    assert_eq!(eve.phone.hear().1, [5; 160]);
    assert!(ann.phone.hears_nothing());
}

#[test]
fn a_party_on_hold_hears_nothing_and_hears_again_afterwards() {
    let mut world = World::new();
    let (mut ann, bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    let talking = bob.phone.negotiated();
    let mut unspecified = talking;
    unspecified.remote.set_ip("0.0.0.0".parse().unwrap());
    ann.phone.say(ann.at, 1);
    let before = bob.phone.hear().0;
    for hold in [media::Negotiated { send: false, ..talking }, unspecified] {
        world.configure(bob.id, hold);
        let heard = world.plane.gauges().packets_in;
        ann.phone.say(ann.at, 2);
        world.await_gauges(|gauges| gauges.packets_in == heard + 1);
        assert!(bob.phone.hears_nothing());
    }
    world.configure(bob.id, talking);
    ann.phone.say(ann.at, 3);
    let (after, payload) = bob.phone.hear();
    assert_eq!(payload, [3; 160]);
    assert_eq!(after.sequence, before.sequence.wrapping_add(1), "a hold is no loss");
}

#[test]
fn comfort_noise_is_not_passed_on_and_leaves_no_gap() {
    let mut world = World::new();
    let (mut ann, bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    ann.phone.say(ann.at, 1);
    let noise = ann.phone.header(rtp::COMFORT_NOISE, false).packet(&[40]);
    ann.phone.timestamp = ann.phone.timestamp.wrapping_add(1_600);
    ann.phone.socket.send_to(&noise, ann.at).unwrap();
    ann.phone.say(ann.at, 2);
    let (first, second) = (bob.phone.hear().0, bob.phone.hear().0);
    assert_eq!(second.sequence, first.sequence.wrapping_add(1));
    assert_eq!(second.timestamp.wrapping_sub(first.timestamp), 1_760);
}
