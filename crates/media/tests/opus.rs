//! Parties that speak Opus: with each other, with those who do not, and with what is played and recorded.

use std::time::Duration;

use media::{
    Codec, EndpointCommand, EndpointId, MediaEvent, Negotiated, Record, RecordEnd, Sound, TelephoneEvent,
    Voice,
};
use ropus::{Application, Channels, DecodeMode, Decoder, Encoder};
use rtp::tone::Tone;
use rtp::wav::Wav;
use rtp::{FRAME, Header, RATE, power_share};

use crate::world::{LOOPBACK, Leg, Phone, World};

const OPUS: u8 = 111;
/// On the clock of Opus, and on the one that browsers send.
const EVENT: u8 = 110;
const OTHER_EVENT: u8 = 126;
const CLOCK: u32 = 48_000;

/// A phone that speaks Opus, at 48 kHz.
struct Modern {
    id: EndpointId,
    at: std::net::SocketAddr,
    phone: Phone,
    encoder: Encoder,
    decoder: Decoder,
}

impl Modern {
    fn new(world: &mut World) -> Modern {
        let opened = world.plane.open().unwrap();
        let phone = Phone::new(Codec::Pcmu);
        let modern = Modern {
            id: opened.id,
            at: std::net::SocketAddr::new(LOOPBACK, opened.rtp_port),
            encoder: Encoder::builder(CLOCK, Channels::Mono, Application::Voip).build().unwrap(),
            decoder: Decoder::new(CLOCK, Channels::Stereo).unwrap(),
            phone,
        };
        world.configure(modern.id, modern.negotiated());
        modern
    }

    fn negotiated(&self) -> Negotiated {
        Negotiated {
            voice: Voice::Opus,
            payload_type: OPUS,
            telephone_event: Some(TelephoneEvent { payload_type: EVENT, clock: CLOCK }),
            also_event: Some(TelephoneEvent { payload_type: OTHER_EVENT, clock: RATE }),
            ..self.phone.negotiated()
        }
    }

    fn say(&mut self, payload: &[u8]) {
        let packet = self.phone.header(OPUS, false).packet(payload);
        self.phone.timestamp = self.phone.timestamp.wrapping_add(960);
        self.phone.socket.send_to(&packet, self.at).unwrap();
    }

    /// A tone, all at once, in so many packets of 20 ms; without those that are `lost`.
    fn sing(&mut self, frequency: f64, frames: u64, lost: impl Fn(usize) -> bool) {
        let samples = Tone::sine(frequency).samples(CLOCK, Duration::from_millis(20 * frames));
        for (n, frame) in samples.chunks_exact(960).enumerate() {
            let mut payload = [0; 500];
            let length = self.encoder.encode(frame, &mut payload).unwrap();
            if lost(n) {
                self.phone.header(OPUS, false);
                self.phone.timestamp = self.phone.timestamp.wrapping_add(960);
            } else {
                self.say(&payload[..length]);
            }
        }
    }

    /// The next packets, and the left one of their channels at 48 kHz.
    fn listen(&mut self, frames: usize) -> (Vec<Header>, Vec<i16>) {
        let (mut headers, mut samples) = (Vec::new(), Vec::new());
        for _ in 0..frames {
            let (header, payload) = self.phone.hear();
            let mut frame = [0; 2 * 5_760];
            let length = self.decoder.decode(&payload, &mut frame, DecodeMode::Normal).unwrap();
            assert_eq!((header.payload_type, length), (OPUS, 960));
            headers.push(header);
            samples.extend(frame[..2 * length].iter().step_by(2));
        }
        (headers, samples)
    }
}

fn continuous(headers: &[Header]) {
    for pair in headers.windows(2) {
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
        assert_eq!(pair[1].timestamp, pair[0].timestamp.wrapping_add(960));
        assert_eq!((pair[1].ssrc, pair[1].marker), (pair[0].ssrc, false));
    }
}

fn pair(codec: Codec) -> (World, Modern, Leg) {
    let mut world = World::new();
    let (ann, bob) = (Modern::new(&mut world), world.leg(codec));
    world.bridge(ann.id, bob.id);
    (world, ann, bob)
}

/// Asserts that most of what is heard is a tone, piece by piece: where a packet was made up it may have lost its step.
fn goes_on(heard: &[i16], frequency: f64) {
    let pieces: Vec<f64> =
        heard.chunks_exact(5 * FRAME).map(|piece| power_share(piece, RATE, frequency)).collect();
    let mean = pieces.iter().sum::<f64>() / f64::from(u32::try_from(pieces.len()).unwrap());
    assert!(mean >= 0.8, "{mean} of {pieces:?}");
}

#[test]
fn a_tone_crosses_between_opus_and_both_laws_both_ways() {
    for codec in [Codec::Pcmu, Codec::Pcma] {
        let (world, mut ann, mut bob) = pair(codec);
        ann.sing(440.0, 50, |_| false);
        bob.phone.sing(bob.at, 1_000.0, 50);
        let (headers, at_ann) = ann.listen(50);
        assert!(headers[0].marker);
        continuous(&headers);
        assert!(power_share(&at_ann[960..], CLOCK, 1_000.0) >= 0.8);
        let packets: Vec<_> = (0..50).map(|_| bob.phone.hear()).collect();
        for pair in packets.windows(2) {
            assert_eq!(pair[1].0.sequence, pair[0].0.sequence.wrapping_add(1));
            assert_eq!(pair[1].0.timestamp, pair[0].0.timestamp.wrapping_add(160));
        }
        let at_bob: Vec<i16> =
            packets.iter().flat_map(|(_, payload)| payload.iter().map(|byte| codec.decode(*byte))).collect();
        assert_eq!(at_bob.len(), 50 * FRAME);
        assert!(power_share(&at_bob[FRAME..], RATE, 440.0) >= 0.8);
        assert_eq!(world.plane.gauges().dropped, 0);
    }
}

#[test]
fn what_is_lost_of_opus_is_made_up_for_one_who_could_not() {
    let (_world, mut ann, bob) = pair(Codec::Pcma);
    ann.sing(440.0, 100, |n| n % 10 == 7);
    goes_on(&bob.phone.listen(100)[FRAME..], 440.0);
}

#[test]
fn opus_goes_to_opus_as_it_came() {
    let mut world = World::new();
    let (mut ann, bob) = (Modern::new(&mut world), Modern::new(&mut world));
    world.bridge(ann.id, bob.id);
    // Not even Opus: nobody looks into it.
    let payloads: Vec<Vec<u8>> = (1..20).map(|n| vec![n; usize::from(n) * 7]).collect();
    for payload in &payloads {
        ann.say(payload);
    }
    let heard: Vec<_> = payloads.iter().map(|_| bob.phone.hear()).collect();
    assert!(heard.iter().map(|(_, payload)| payload).eq(&payloads));
    continuous(&heard.into_iter().map(|(header, _)| header).collect::<Vec<_>>());
}

#[test]
fn sounds_and_keys_are_heard_in_opus_and_a_bridge_after_them() {
    let mut world = World::new();
    let (mut ann, mut bob) = (Modern::new(&mut world), world.leg(Codec::Pcmu));
    let low = Sound::new(&Tone::sine(440.0).samples(RATE, Duration::from_secs(1)));
    let items = vec![low, Sound::keys("5")];
    world.plane.command(ann.id, EndpointCommand::Play { play: 1, items, repeat: false });
    world.await_play(ann.id, 1);
    let (headers, heard) = ann.listen(50);
    continuous(&headers);
    assert!(power_share(&heard[960..], CLOCK, 440.0) >= 0.8);
    let press: Vec<_> = (0..7).map(|_| ann.phone.hear()).collect();
    let began = headers[49].timestamp.wrapping_add(960);
    for (header, payload) in &press {
        assert_eq!((header.payload_type, header.timestamp, payload[0]), (EVENT, began, 5));
    }
    assert_eq!(press[6].1[2..], 4_800_u16.to_be_bytes(), "100 ms");
    // The pause after the key.
    ann.listen(4);
    assert!(ann.phone.hears_nothing());
    world.bridge(ann.id, bob.id);
    bob.phone.sing(bob.at, 1_000.0, 50);
    let (headers, heard) = ann.listen(50);
    assert!(headers[0].marker);
    continuous(&headers);
    let share = power_share(&heard[5 * 960..], CLOCK, 1_000.0);
    assert!(share >= 0.8, "{share}");
}

/// Three packets of the end, as a browser sends a key.
fn press(ann: &mut Modern, payload_type: u8, event: u8, duration: u16) {
    let [high, low] = duration.to_be_bytes();
    for _ in 0..3 {
        let packet = ann.phone.header(payload_type, false).packet(&[event, 0x8a, high, low]);
        ann.phone.socket.send_to(&packet, ann.at).unwrap();
    }
    ann.phone.timestamp = ann.phone.timestamp.wrapping_add(9_600);
}

#[test]
fn a_key_beside_opus_is_told_once_and_crosses_in_the_units_of_the_other_side() {
    let (mut world, mut ann, bob) = pair(Codec::Pcmu);
    ann.sing(440.0, 2, |_| false);
    press(&mut ann, OTHER_EVENT, 4, 800);
    press(&mut ann, EVENT, 2, 4_800);
    ann.sing(440.0, 1, |_| false);
    let heard: Vec<_> = (0..9).map(|_| bob.phone.hear()).collect();
    let endpoint = ann.id;
    let told = world.events_until_settled(endpoint);
    assert_eq!(told, ['4', '2'].map(|digit| MediaEvent::Digit { endpoint, digit }));
    let began = heard[0].0.timestamp;
    for (n, (header, payload)) in heard.iter().enumerate() {
        assert_eq!(header.sequence, heard[0].0.sequence.wrapping_add(u16::try_from(n).unwrap()), "{n}");
        let (wanted, after) = match n {
            0 | 1 => (0, u32::try_from(n).unwrap() * 160),
            2..5 => (crate::world::EVENT, 320),
            5..8 => (crate::world::EVENT, 320 + 1_600),
            _ => (0, 320 + 3_200),
        };
        assert_eq!((header.payload_type, header.timestamp.wrapping_sub(began)), (wanted, after), "{n}");
        if wanted != 0 {
            assert_eq!(payload[2..], 800_u16.to_be_bytes());
        }
    }
}

#[test]
fn what_a_party_says_in_opus_is_recorded_and_its_tones_are_keys() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("7.wav");
    let mut world = World::new();
    let mut ann = Modern::new(&mut world);
    let bare = Negotiated { telephone_event: None, also_event: None, ..ann.negotiated() };
    world.configure(ann.id, bare);
    let long = Duration::from_secs(60);
    let record = Record { record: 7, file: file.clone(), max: long, silence: long, in_step: false };
    world.plane.command(ann.id, EndpointCommand::Record(record));
    ann.sing(440.0, 100, |n| n % 20 == 3);
    let key = Tone::key('8').unwrap().samples(CLOCK, Duration::from_millis(200));
    for frame in key.chunks_exact(960) {
        let mut payload = [0; 500];
        let length = ann.encoder.encode(frame, &mut payload).unwrap();
        ann.say(&payload[..length]);
    }
    let digit = world.await_event(|event| matches!(event, MediaEvent::Digit { .. }));
    assert_eq!(digit, MediaEvent::Digit { endpoint: ann.id, digit: '8' });
    world.await_gauges(|gauges| gauges.packets_in == 95 + 10);
    world.plane.command(ann.id, EndpointCommand::StopRecord);
    let ended = world.await_event(|event| matches!(event, MediaEvent::RecordEnded { .. }));
    let MediaEvent::RecordEnded { length, why, .. } = ended else { panic!("{ended:?}") };
    assert_eq!((length, why), (Duration::from_millis(2_200), RecordEnd::Stopped));
    let wav = Wav::parse(&std::fs::read(&file).unwrap()).unwrap();
    goes_on(&wav.samples[FRAME..2 * 8_000], 440.0);
}

#[test]
fn nothing_that_a_stranger_sends_as_opus_stops_the_others() {
    let (mut world, mut ann, mut bob) = pair(Codec::Pcmu);
    let mut state = 1_u32;
    // Not more than it may say in a second.
    for n in 0..30_usize {
        let payload: Vec<u8> = (0..=n * 9)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            })
            .collect();
        ann.phone.timestamp = ann.phone.timestamp.wrapping_add(state >> 12);
        ann.say(&payload);
        // Not faster than it can be read: what the system throws away shows nothing.
        if n % 10 == 9 {
            let sent = u64::try_from(n).unwrap() + 1;
            world.await_gauges(|gauges| gauges.packets_in == sent);
        }
    }
    // The law that it has not negotiated is none of its language.
    ann.phone.say(ann.at, 0x11);
    world.await_gauges(|gauges| gauges.dropped > 0);
    bob.phone.forget();
    bob.phone.sing(bob.at, 1_000.0, 25);
    let (_, heard) = ann.listen(25);
    let share = power_share(&heard[960..], CLOCK, 1_000.0);
    assert!(share >= 0.8, "{share}");
    let carol = world.leg(Codec::Pcma);
    world.bridge(ann.id, carol.id);
    ann.sing(440.0, 50, |_| false);
    let heard = carol.phone.listen(50);
    goes_on(&heard[5 * FRAME..], 440.0);
}
