//! Keys: told once, passed on.

use std::time::Duration;

use media::{Codec, MediaEvent, Negotiated, TelephoneEvent};
use rtp::DtmfSender;

use crate::world::{EVENT, Leg, World};

/// Sends a press, without the packets that `lost` names.
fn press(leg: &mut Leg, digit: char, lost: impl Fn(usize) -> bool) {
    let packets = DtmfSender::new(digit, Duration::from_millis(100)).unwrap();
    for (n, packet) in packets.enumerate() {
        let datagram = leg.phone.header(EVENT, packet.marker).packet(&packet.payload);
        if !lost(n) {
            leg.phone.socket.send_to(&datagram, leg.at).unwrap();
        }
    }
    leg.phone.timestamp = leg.phone.timestamp.wrapping_add(1_600);
}

#[test]
fn a_key_is_told_exactly_once_with_its_end_lost_or_sent_again() {
    let mut world = World::new();
    let mut ann = world.leg(Codec::Pcmu);
    let mut sent: u64 = 0;
    for (digit, lost) in [('1', 0..0), ('1', 4..7), ('2', 0..4), ('#', 1..7), ('*', 5..6)] {
        sent += 7 - u64::try_from(lost.len()).unwrap();
        press(&mut ann, digit, |n| lost.contains(&n));
    }
    world.await_gauges(|gauges| gauges.packets_in == sent);
    let endpoint = ann.id;
    let told = world.events_until_settled(endpoint);
    let expected = ['1', '1', '2', '#', '*'].map(|digit| MediaEvent::Digit { endpoint, digit });
    assert_eq!(told, expected);
}

#[test]
fn a_key_crosses_a_bridge_with_the_payload_type_of_the_other_side() {
    let mut world = World::new();
    let (mut ann, bob, mut eve) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcma), world.leg(Codec::Pcmu));
    let other = Negotiated {
        telephone_event: Some(TelephoneEvent { payload_type: 96, clock: 8_000 }),
        ..bob.phone.negotiated()
    };
    world.configure(bob.id, other);
    world.bridge(ann.id, bob.id);
    press(&mut ann, '9', |_| false);
    let heard: Vec<_> = (0..7).map(|_| bob.phone.hear()).collect();
    assert!(heard.iter().all(|(header, payload)| header.payload_type == 96 && payload[0] == 9));
    assert!(heard.iter().all(|(header, _)| header.timestamp == heard[0].0.timestamp));
    // To a phone without telephone events it is left out, and the sequence has no gap.
    world.configure(bob.id, Negotiated { telephone_event: None, ..other });
    world.bridge(eve.id, bob.id);
    eve.phone.say(eve.at, 1);
    press(&mut eve, '5', |_| false);
    eve.phone.say(eve.at, 2);
    let (first, second) = (bob.phone.hear().0, bob.phone.hear().0);
    assert_eq!(second.sequence, first.sequence.wrapping_add(1));
}

/// Presses a key as two tones in the audio, 100 ms long, and a pause after it; how many packets it sent.
fn press_in_band(leg: &mut Leg, tones: [f64; 2]) -> u64 {
    let sound: Vec<u8> = (0..1_280_u32)
        .map(|n| {
            let at = |tone: f64| (std::f64::consts::TAU * tone * f64::from(n) / 8_000.0).sin();
            let loudness = if n < 800 { 6_000.0 } else { 0.0 };
            leg.phone.codec.encode(rtp::resample::to_sample(loudness * (at(tones[0]) + at(tones[1]))))
        })
        .collect();
    for frame in sound.chunks(160) {
        let payload_type = leg.phone.codec.static_payload_type();
        let datagram = leg.phone.header(payload_type, false).packet(frame);
        leg.phone.socket.send_to(&datagram, leg.at).unwrap();
        leg.phone.timestamp = leg.phone.timestamp.wrapping_add(160);
    }
    8
}

#[test]
fn the_tones_of_a_phone_are_its_keys_where_it_has_no_telephone_events() {
    let mut world = World::new();
    let (mut ann, mut bob) = (world.leg(Codec::Pcma), world.leg(Codec::Pcmu));
    world.configure(ann.id, Negotiated { telephone_event: None, ..ann.phone.negotiated() });
    let mut sent = 0;
    for tones in [[770.0, 1_336.0], [770.0, 1_336.0], [941.0, 1_477.0]] {
        // A phone that has telephone events may send the tones as well: they are no second press.
        sent += press_in_band(&mut ann, tones) + press_in_band(&mut bob, tones);
    }
    world.await_gauges(|gauges| gauges.packets_in == sent);
    let told = world.events_until_settled(ann.id);
    let expected = ['5', '5', '#'].map(|digit| MediaEvent::Digit { endpoint: ann.id, digit });
    assert_eq!(told, expected);
    assert_eq!(world.events_until_settled(bob.id), []);
}
