//! Prompts and music.

use media::{Codec, EndpointCommand, MediaEvent, Sounds};
use rtp::power_share;
use rtp::tone::Tone;

use crate::world::World;

/// 300 ms of a tone, under a name of its own.
fn sounds() -> Sounds {
    let tone = |frequency| Tone::sine(frequency).samples(16_000, std::time::Duration::from_millis(300));
    Sounds::embedded().with("low", 16_000, &tone(440.0)).with("high", 16_000, &tone(1_000.0))
}

#[test]
fn a_prompt_is_heard_whole_and_its_end_is_told() {
    for codec in [Codec::Pcmu, Codec::Pcma] {
        let mut world = World::of(sounds());
        let ann = world.leg(codec);
        let play = world.play(ann.id, &["low", "no-such-sound", "high"], false);
        world.await_play(ann.id, play);
        let packets: Vec<_> = (0..30).map(|_| ann.phone.hear()).collect();
        assert!(ann.phone.hears_nothing());
        assert!(packets.iter().enumerate().all(|(n, (header, _))| header.marker == (n == 0)));
        for pair in packets.windows(2) {
            assert_eq!(pair[1].0.sequence, pair[0].0.sequence.wrapping_add(1));
            assert_eq!(pair[1].0.timestamp, pair[0].0.timestamp.wrapping_add(160));
        }
        let decode = |packets: &[(_, Vec<u8>)]| -> Vec<i16> {
            packets.iter().flat_map(|(_, payload)| payload.iter().map(|byte| codec.decode(*byte))).collect()
        };
        assert!(power_share(&decode(&packets[..15]), 8_000, 440.0) >= 0.9);
        assert!(power_share(&decode(&packets[15..]), 8_000, 1_000.0) >= 0.9);
        assert_eq!(world.plane.gauges().players, 0);
    }
}

#[test]
fn a_list_without_a_known_sound_ends_at_once() {
    let mut world = World::new();
    let ann = world.leg(Codec::Pcmu);
    let play = world.play(ann.id, &["no-such-sound", "xx/nor-this"], true);
    world.await_play(ann.id, play);
    assert!(ann.phone.hears_nothing());
}

#[test]
fn music_goes_on_until_stopped_and_its_end_is_not_told() {
    let mut world = World::of(sounds());
    let ann = world.leg(Codec::Pcmu);
    world.play(ann.id, &["low"], true);
    ann.phone.listen(40);
    world.plane.command(ann.id, EndpointCommand::StopPlay);
    assert_eq!(world.events_until_settled(ann.id), []);
    ann.phone.forget();
    let play = world.play(ann.id, &["high"], false);
    world.await_play(ann.id, play);
    assert!(power_share(&ann.phone.listen(15), 8_000, 1_000.0) >= 0.9, "nothing of the music is left");
    assert!(ann.phone.hears_nothing());
}

#[test]
fn a_new_list_takes_the_place_of_the_old() {
    let mut world = World::of(sounds());
    let ann = world.leg(Codec::Pcmu);
    world.play(ann.id, &["music"], true);
    ann.phone.hear();
    let play = world.play(ann.id, &["high"], false);
    let ended = world.await_event(|event| matches!(event, MediaEvent::PlayEnded { .. }));
    assert_eq!(ended, MediaEvent::PlayEnded { endpoint: ann.id, play });
    assert_eq!(world.plane.gauges().players, 0);
}

#[test]
fn many_listeners_hear_the_same_music_in_both_laws() {
    let mut world = World::with(|config| config.workers = 1);
    let legs: Vec<_> = [Codec::Pcmu, Codec::Pcma, Codec::Pcmu].map(|codec| world.leg(codec)).into();
    for leg in &legs {
        world.play(leg.id, &["music"], true);
    }
    let heard: Vec<Vec<Vec<u8>>> =
        legs.iter().map(|leg| (0..100).map(|_| leg.phone.hear().1).collect()).collect();
    // The third began at most a few frames after the first and hears the same from there on.
    let shift = (0..50).find(|shift| heard[2][..50] == heard[0][*shift..shift + 50]);
    assert!(shift.is_some());
    assert_ne!(heard[1][99], heard[0][99]);
}

#[test]
fn a_bridge_ends_the_music_of_both() {
    let mut world = World::new();
    let (ann, bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcmu));
    world.play(ann.id, &["music"], true);
    world.play(bob.id, &["please-wait"], false);
    world.await_gauges(|gauges| gauges.players == 2);
    world.plane.command(ann.id, EndpointCommand::Bridge { other: bob.id });
    let gauges = world.await_gauges(|gauges| gauges.bridges == 1 && gauges.players == 0);
    ann.phone.forget();
    bob.phone.forget();
    assert_eq!(world.events_until_settled(ann.id), []);
    assert_eq!(world.events_until_settled(bob.id), []);
    assert_eq!(world.plane.gauges().packets_out, gauges.packets_out);
}
