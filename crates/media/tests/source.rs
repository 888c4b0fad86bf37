//! Who is believed, and where we send.

use media::{Codec, EndpointCommand};

use crate::world::{Phone, World};

#[test]
fn a_packet_injected_from_another_address_is_rejected() {
    let mut world = World::new();
    let (mut ann, bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    ann.phone.say(ann.at, 1);
    assert_eq!(bob.phone.hear().1, [1; 160]);
    let mut evil = Phone::new(Codec::Pcmu);
    (evil.ssrc, evil.sequence, evil.timestamp) = (ann.phone.ssrc, ann.phone.sequence, ann.phone.timestamp);
    for _ in 0..10 {
        evil.say(ann.at, 66);
    }
    world.await_gauges(|gauges| gauges.rejected == 10);
    ann.phone.say(ann.at, 2);
    assert_eq!(bob.phone.hear().1, [2; 160], "nothing of the intruder was passed on");
    assert!(bob.phone.hears_nothing());
    let stats = world.close(ann.id);
    assert_eq!((stats.rejected, stats.packets_in), (10, 2));
}

#[test]
fn a_phone_behind_address_translation_is_found_and_heard() {
    let mut world = World::new();
    let (ann, mut bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    let mut translated = Phone::new(Codec::Pcmu);
    for byte in 0..6 {
        translated.say(ann.at, byte);
    }
    assert_eq!(bob.phone.hear().1, [4; 160], "the fifth packet locks");
    assert_eq!(bob.phone.hear().1, [5; 160]);
    bob.phone.say(bob.at, 7);
    assert_eq!(translated.hear().1, [7; 160], "ours go to the learned address");
    assert!(ann.phone.hears_nothing());
}

#[test]
fn a_new_negotiation_lets_the_source_move() {
    let mut world = World::new();
    let (mut ann, bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    ann.phone.say(ann.at, 1);
    assert_eq!(bob.phone.hear().1, [1; 160]);
    let mut moved = Phone::new(Codec::Pcma);
    world.configure(ann.id, moved.negotiated());
    moved.say(ann.at, 0xd5);
    assert_eq!(bob.phone.hear().1, [0xfe; 160], "the codec has moved with it");
    ann.phone.say(ann.at, 1);
    world.await_gauges(|gauges| gauges.rejected == 1);
}

#[test]
fn nothing_is_sent_to_groups_nobody_or_ourselves() {
    let mut world = World::new();
    let ann = world.leg(Codec::Pcmu);
    let (other, at_other) = world.open();
    for remote in ["0.0.0.0:4000", "224.0.0.1:4000", "255.255.255.255:4000", "127.0.0.1:0"] {
        let mut negotiated = ann.phone.negotiated();
        negotiated.remote = remote.parse().unwrap();
        world.configure(ann.id, negotiated);
        let play = world.play(ann.id, &["tone-beep"], false);
        world.await_play(ann.id, play);
    }
    // Two endpoints that claim each other's port would play ball for ever.
    let mut ours = ann.phone.negotiated();
    ours.remote = at_other;
    world.configure(ann.id, ours);
    ours.remote = ann.at;
    world.configure(other, ours);
    world.plane.command(ann.id, EndpointCommand::Bridge { other });
    let play = world.play(ann.id, &["tone-beep"], false);
    world.await_play(ann.id, play);
    let gauges = world.plane.gauges();
    assert_eq!((gauges.packets_out, gauges.packets_in, gauges.dropped), (0, 0, 0));
}

#[test]
fn a_plane_on_every_address_serves_ipv4_phones() {
    // With IPv6 its sockets write IPv4 addresses mapped; without, 0.0.0.0 is every address.
    let bind = if std::net::UdpSocket::bind("[::]:0").is_ok() { "::" } else { "0.0.0.0" };
    let mut world = World::with(|config| config.bind = bind.parse().unwrap());
    let (mut ann, mut bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    ann.phone.say(ann.at, 1);
    assert_eq!(bob.phone.hear().1, [1; 160]);
    bob.phone.say(bob.at, 2);
    assert_eq!(ann.phone.hear().1, [2; 160]);
    assert_eq!(world.plane.gauges().rejected, 0);
}
