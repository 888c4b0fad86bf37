//! What a bridged direction costs the media plane, by the codecs of its two ends, and what a listener to music costs:
//! the CPU time of its one worker for each second of audio, sockets and all.
//!
//! `cargo run --release -p media --example opus_cost`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a tool for whoever measures: it speaks at the pace of a phone"
)]

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::thread::sleep;
use std::time::{Duration, Instant};

use media::{Codec, EndpointCommand, EndpointId, Limits, MediaConfig, MediaPlane, Negotiated, Sound, Voice};
use ropus::{Application, Bitrate, Channels, Encoder};
use rtp::{FRAME, Header, RATE};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// Directions at a time.
const PAIRS: u16 = 50;
/// Seconds of each measurement.
const SECONDS: u32 = 10;
const FRAMES: u32 = SECONDS * 50;
const G711: Voice = Voice::G711(Codec::Pcma);

/// A sound like speech: a voice that rises and falls, with its pauses and its breath.
fn speech(rate: u32) -> Vec<i16> {
    let mut noise = 1_u32;
    let samples = (0..rate * SECONDS).map(|n| {
        let at = f64::from(n) / f64::from(rate);
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [.., breath, _, _] = noise.to_le_bytes();
        let pitch = 140.0 * at + 12.0 * (at * 2.1).sin();
        let voice: f64 =
            (1..12).map(|k| (std::f64::consts::TAU * pitch * f64::from(k)).sin() / f64::from(k)).sum();
        let loudness = (at * 9.0).sin().max(0.0) * 5_000.0;
        rtp::resample::to_sample(loudness * voice + f64::from(breath) - 128.0)
    });
    samples.collect()
}

fn payloads(voice: Voice) -> Vec<Vec<u8>> {
    match voice {
        Voice::G711(codec) => {
            let frame = |frame: &[i16]| frame.iter().map(|sample| codec.encode(*sample)).collect();
            speech(RATE).chunks_exact(FRAME).map(frame).collect()
        }
        Voice::Opus => {
            let builder = Encoder::builder(48_000, Channels::Mono, Application::Voip);
            let mut encoder = builder.bitrate(Bitrate::Bits(28_000)).build().unwrap();
            let frame = |frame: &[i16]| {
                let mut packet = [0; 500];
                let length = encoder.encode(frame, &mut packet).unwrap();
                packet[..length].to_vec()
            };
            speech(48_000).chunks_exact(960).map(frame).collect()
        }
    }
}

fn number(voice: Voice) -> u8 {
    if voice == Voice::Opus { 111 } else { 8 }
}

struct Leg {
    id: EndpointId,
    at: SocketAddr,
    socket: UdpSocket,
}

fn leg(plane: &mut MediaPlane, voice: Voice) -> Leg {
    let opened = plane.open().unwrap();
    let socket = UdpSocket::bind((HERE, 0)).unwrap();
    let negotiated = Negotiated {
        remote: socket.local_addr().unwrap(),
        rtcp: None,
        voice,
        payload_type: number(voice),
        telephone_event: None,
        also_event: None,
        send: true,
        receive: true,
    };
    // Keys are not looked for in the audio, as it is with nearly every phone.
    let event = media::TelephoneEvent { payload_type: 101, clock: RATE };
    let negotiated = Negotiated { telephone_event: Some(event), ..negotiated };
    plane.command(opened.id, EndpointCommand::Configure(negotiated));
    Leg { id: opened.id, at: SocketAddr::new(HERE, opened.rtp_port), socket }
}

/// CPU time of the plane's worker so far.
fn worker_time() -> Duration {
    let tasks = fs::read_dir("/proc/self/task").unwrap().map(|task| task.unwrap().path());
    let worker = tasks.into_iter().find(|task| fs::read_to_string(task.join("comm")).unwrap() == "media-0\n");
    let schedule = fs::read_to_string(worker.unwrap().join("schedstat")).unwrap();
    Duration::from_nanos(schedule.split(' ').next().unwrap().parse().unwrap())
}

fn plane() -> MediaPlane {
    let config = MediaConfig {
        bind: HERE,
        ports: 21_000..=21_999,
        workers: 1,
        silence_timeout: Duration::ZERO,
        limits: Limits::default(),
    };
    MediaPlane::start(config, Box::new(|_| {})).unwrap()
}

fn row(what: &str, spent: Duration) {
    let share = spent.as_secs_f64() / f64::from(SECONDS) / f64::from(PAIRS);
    println!("{what:<24} {:6.2} ms of CPU for each second", share * 1_000.0);
}

fn bridged(from: Voice, to: Voice) -> Duration {
    let mut plane = plane();
    let payloads = payloads(from);
    let pairs: Vec<(Leg, Leg)> = (0..PAIRS).map(|_| (leg(&mut plane, from), leg(&mut plane, to))).collect();
    for (one, other) in &pairs {
        plane.command(one.id, EndpointCommand::Bridge { other: other.id });
    }
    sleep(Duration::from_millis(100));
    let (began, before) = (Instant::now(), worker_time());
    for (n, payload) in (0..FRAMES).zip(&payloads) {
        let timestamp = n.wrapping_mul(from.clock() / 50);
        let sequence = u16::try_from(n).unwrap();
        let header = Header { marker: n == 0, payload_type: number(from), sequence, timestamp, ssrc: 1 };
        let packet = header.packet(payload);
        for (one, _) in &pairs {
            one.socket.send_to(&packet, one.at).unwrap();
        }
        sleep((began + Duration::from_millis(20) * (n + 1)).saturating_duration_since(Instant::now()));
    }
    let spent = worker_time() - before;
    let mut heard = 0;
    for (_, other) in &pairs {
        other.socket.set_nonblocking(true).unwrap();
        while other.socket.recv_from(&mut [0; 2_000]).is_ok() {
            heard += 1;
        }
    }
    assert!(heard > 0, "nobody has heard anything");
    spent
}

fn listening(voice: Voice) -> Duration {
    let mut plane = plane();
    let music = Sound::new(&speech(RATE));
    let legs: Vec<Leg> = (0..PAIRS).map(|_| leg(&mut plane, voice)).collect();
    for leg in &legs {
        let items = vec![music.clone()];
        plane.command(leg.id, EndpointCommand::Play { play: 1, items, repeat: true });
    }
    sleep(Duration::from_millis(100));
    let before = worker_time();
    sleep(Duration::from_secs(SECONDS.into()));
    worker_time() - before
}

fn main() {
    for (what, from, to) in [
        ("G.711 to G.711", G711, G711),
        ("Opus to Opus", Voice::Opus, Voice::Opus),
        ("Opus to G.711", Voice::Opus, G711),
        ("G.711 to Opus", G711, Voice::Opus),
    ] {
        row(what, bridged(from, to));
    }
    row("music to G.711", listening(G711));
    row("music to Opus", listening(Voice::Opus));
}
