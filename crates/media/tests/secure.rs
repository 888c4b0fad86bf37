//! Endpoints that speak DTLS-SRTP with ICE, as browsers do.

use std::time::Duration;

use media::{Codec, EndpointCommand, MediaEvent, Negotiated};
use rtp::power_share;

use crate::browser::Browser;
use crate::world::{EVENT, Phone, World};

#[test]
fn a_tone_crosses_between_a_browser_and_a_phone_both_ways() {
    for (law, workers) in [(Codec::Pcmu, 1), (Codec::Pcma, 2)] {
        let mut world = World::with(|config| config.workers = workers);
        let (mut ann, mut bob) = (world.connected(), world.leg(law));
        world.bridge(ann.id, bob.id);
        ann.sing(440.0, 50);
        assert!(power_share(&bob.phone.listen(50), 8_000, 440.0) >= 0.8);
        bob.phone.sing(bob.at, 1_000.0, 50);
        assert!(power_share(&ann.samples(50), 8_000, 1_000.0) >= 0.8);
        // A packet is counted after it was sent, and may be heard before.
        let gauges = world.await_gauges(|gauges| gauges.packets_out == 100);
        assert_eq!((gauges.dropped, gauges.packets_in), (0, 100));
        let stats = world.close(ann.id);
        assert_eq!((stats.packets_in, stats.packets_out, stats.lost), (50, 50, 0));
    }
}

#[test]
fn a_tone_crosses_between_two_browsers() {
    let mut world = World::new();
    let (mut ann, mut bob) = (world.connected(), world.connected());
    world.bridge(ann.id, bob.id);
    ann.sing(440.0, 50);
    bob.sing(1_000.0, 50);
    assert!(power_share(&bob.samples(50), 8_000, 440.0) >= 0.8);
    assert!(power_share(&ann.samples(50), 8_000, 1_000.0) >= 0.8);
}

#[test]
fn a_sound_waits_for_the_keys_and_is_heard_from_its_start() {
    let mut world = World::new();
    let mut ann = world.browser();
    let play = world.play(ann.id, &["tone-beep"], false);
    // Several frames' time: what is not held back is lost by now.
    let until = std::time::Instant::now() + Duration::from_millis(100);
    while std::time::Instant::now() < until {
        assert!(world.next_event().is_none());
    }
    ann.connect();
    world.await_play(ann.id, play);
    let mut phone = World::new();
    let bob = phone.leg(Codec::Pcmu);
    let same = phone.play(bob.id, &["tone-beep"], false);
    phone.await_play(bob.id, same);
    let frames = usize::try_from(phone.plane.gauges().packets_out).unwrap();
    assert!(frames > 3);
    let heard = ann.listen(0, frames);
    assert_eq!(heard, (0..frames).map(|_| bob.phone.hear().1).collect::<Vec<_>>());
}

#[test]
fn keys_are_heard_from_a_browser_and_pressed_for_one() {
    let mut world = World::new();
    let (mut ann, mut bob) = (world.connected(), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    ann.press(5);
    let digit = world.await_event(|event| matches!(event, MediaEvent::Digit { .. }));
    assert_eq!(digit, MediaEvent::Digit { endpoint: ann.id, digit: '5' });
    let at_bob: Vec<_> = (0..6).map(|_| bob.phone.hear()).collect();
    assert!(at_bob.iter().all(|(header, payload)| header.payload_type == EVENT && payload[0] == 5));
    for end in [0x0a, 0x8a] {
        let packet = bob.phone.header(EVENT, end == 0x0a).packet(&[11, end, 3, 32]);
        bob.phone.socket.send_to(&packet, bob.at).unwrap();
    }
    let at_ann = ann.listen(EVENT, 2);
    assert!(at_ann.iter().all(|payload| payload[0] == 11));
}

#[test]
fn a_browser_on_hold_hears_nothing_and_hears_again_afterwards() {
    let mut world = World::new();
    let (mut ann, mut bob) = (world.connected(), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    bob.phone.say(bob.at, 1);
    assert_eq!(ann.listen(0, 1), [[1; 160]]);
    // It is counted after it was sent.
    world.await_gauges(|gauges| gauges.packets_out == 1);
    world.configure(ann.id, Negotiated { send: false, ..Browser::negotiated() });
    bob.phone.say(bob.at, 2);
    world.await_gauges(|gauges| gauges.packets_in == 2);
    assert_eq!(world.plane.gauges().packets_out, 1);
    world.agree(&mut ann);
    bob.phone.say(bob.at, 3);
    assert_eq!(ann.listen(0, 1), [[3; 160]], "the keys are still the same");
}

/// Two packets under one number would be sealed with one key stream (RFC 3711 9.1).
#[test]
fn no_number_is_sealed_twice_whatever_comes_under_it() {
    let mut world = World::new();
    let (mut ann, mut bob) = (world.connected(), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    bob.phone.say(bob.at, 1);
    bob.phone.sequence = bob.phone.sequence.wrapping_sub(1);
    bob.phone.say(bob.at, 2);
    bob.phone.say(bob.at, 3);
    assert_eq!(ann.listen(0, 2), [[1; 160], [3; 160]]);
    world.await_gauges(|gauges| gauges.packets_in == 3 && gauges.packets_out == 2);
}

#[test]
fn a_browser_goes_on_from_another_network_with_the_same_keys() {
    let mut world = World::new();
    let (mut ann, mut bob) = (world.connected(), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    ann.say(1);
    assert_eq!(bob.phone.hear().1, [1; 160]);
    ann.roam();
    world.agree(&mut ann);
    ann.connect();
    bob.phone.socket.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
    // Checks take some turns; until the new way is chosen, she is a stranger there.
    let heard = (5..250).find(|byte| {
        ann.turn();
        ann.say(*byte);
        bob.phone.socket.recv_from(&mut [0; 400]).is_ok()
    });
    assert!(heard.is_some(), "nothing is heard from the new network");
    let back = (0..250).any(|_| {
        bob.phone.say(bob.at, 6);
        ann.turn();
        !ann.heard.is_empty()
    });
    assert!(back, "nothing is heard in the new network");
}

#[test]
fn a_page_that_was_loaded_again_has_keys_of_its_own() {
    let mut world = World::new();
    let (mut ann, mut bob) = (world.connected(), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    ann.say(1);
    assert_eq!(bob.phone.hear().1, [1; 160]);
    for _ in 0..2 {
        ann.reload(&world.plane);
        world.agree(&mut ann);
        ann.connect();
        ann.say(2);
        assert_eq!(bob.phone.hear().1, [2; 160]);
        bob.phone.say(bob.at, 3);
        assert_eq!(ann.listen(0, 1), [[3; 160]]);
    }
}

#[test]
fn a_certificate_other_than_the_signalled_one_is_not_talked_to() {
    let mut world = World::new();
    let bob = world.leg(Codec::Pcmu);
    let mut mallory = world.browser();
    mallory.session.fingerprint = [0; 32];
    mallory.session.association = "another".to_owned();
    world.agree(&mut mallory);
    world.bridge(mallory.id, bob.id);
    // Its half of the handshake may well end; ours must not.
    let until = std::time::Instant::now() + Duration::from_millis(500);
    while std::time::Instant::now() < until && !mallory.rtc.is_connected() {
        mallory.turn();
    }
    for byte in 0..10 {
        mallory.say(byte);
    }
    world.settle(mallory.id);
    let gauges = world.plane.gauges();
    assert_eq!((gauges.packets_in, gauges.packets_out), (0, 0));
    assert!(bob.phone.hears_nothing());
}

#[test]
fn strangers_are_rejected_and_disturb_nobody() {
    let mut world = World::with(|config| config.limits.packets_per_second_max = 1_000_000);
    let (mut ann, bob) = (world.connected(), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    ann.say(1);
    assert_eq!(bob.phone.hear().1, [1; 160]);
    let mut eve = Phone::new(Codec::Pcmu);
    // Plain RTP, under her own number and under Ann's; a check, a handshake and a report without the secrets.
    for _ in 0..10 {
        eve.say(ann.at, 66);
    }
    eve.ssrc = ann.session.sources[0];
    eve.say(ann.at, 66);
    let check = [&[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42][..], &[7; 12]].concat();
    let hello = [22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];
    for datagram in [&check[..], &hello, &[0x80, 200, 0, 1, 0, 0, 0, 1], &[], &[0x80]] {
        eve.socket.send_to(datagram, ann.at).unwrap();
    }
    world.await_gauges(|gauges| gauges.rejected == 16);
    // And her packets from the browser's own address, which no check of an address could tell apart.
    for byte in 0..10 {
        let packet = eve.header(0, false).packet(&[byte; 160]);
        ann.socket.send_to(&packet, ann.at).unwrap();
    }
    world.await_gauges(|gauges| gauges.rejected == 26);
    ann.say(2);
    assert_eq!(bob.phone.hear().1, [2; 160], "nothing of the intruder was passed on");
    assert!(bob.phone.hears_nothing());
    assert_eq!(world.close(ann.id).packets_in, 2);
}

#[test]
fn junk_from_the_browsers_own_address_ends_nothing() {
    let mut world = World::with(|config| config.limits.packets_per_second_max = 1_000_000);
    let (mut ann, bob) = (world.connected(), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    let mut state = 0x5eed_u64;
    for round in 0..2_000_u64 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bytes = state.to_le_bytes();
        // Each kind by its first byte: checks, handshakes, RTP under ever new numbers, reports.
        let first = [1, 22, 0x80, 0x90][usize::from(bytes[1] % 4)];
        let mut junk: Vec<u8> = bytes.iter().copied().cycle().take(20 + usize::from(bytes[2])).collect();
        junk[0] = first;
        ann.socket.send_to(&junk, ann.at).unwrap();
        if round % 50 == 0 {
            world.settle(ann.id);
        }
    }
    ann.say(9);
    assert_eq!(bob.phone.hear().1, [9; 160]);
    // What was never signalled gives way to what is.
    ann.change_microphone();
    world.agree(&mut ann);
    world.settle(ann.id);
    ann.say(10);
    assert_eq!(bob.phone.hear().1, [10; 160]);
    let stats = world.close(ann.id);
    assert_eq!(stats.packets_in, 2);
}

#[test]
fn a_browser_is_told_that_it_is_over_and_its_silence_is() {
    let mut world = World::with(|config| config.silence_timeout = Duration::from_millis(50));
    let mut ann = world.connected();
    ann.say(1);
    let silent = MediaEvent::Silent { endpoint: ann.id };
    world.await_event(|event| *event == silent);
    world.plane.command(ann.id, EndpointCommand::Close);
    ann.pump("good-bye", |browser| !browser.rtc.is_alive());
}
