//! A plane of its own for each test, and phones that speak to it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use media::{
    Codec, EndpointCommand, EndpointId, EndpointStats, Gauges, Limits, MediaConfig, MediaEvent, MediaPlane,
    Negotiated, Sounds, TelephoneEvent,
};
use rtp::tone::Tone;
use rtp::{FRAME, Header, Packet, RATE};

/// Reached only by a test that fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// Ports of one test.
const PORTS: u16 = 16;
pub(crate) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
pub(crate) const EVENT: u8 = 101;

/// A range that nobody else has, below those that the system gives away by itself.
fn free_ports() -> RangeInclusive<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let offset = u16::try_from(std::process::id() % 500).unwrap() * 32;
    loop {
        let first = 11_000 + (offset + NEXT.fetch_add(PORTS, Ordering::Relaxed)) % 20_000;
        let ports = first..=first + PORTS - 1;
        if ports.clone().all(|port| UdpSocket::bind((LOOPBACK, port)).is_ok()) {
            return ports;
        }
    }
}

pub(crate) struct World {
    pub(crate) plane: MediaPlane,
    pub(crate) ports: RangeInclusive<u16>,
    /// What can be played by name.
    pub(crate) sounds: Sounds,
    events: Receiver<MediaEvent>,
    plays: u64,
}

/// An endpoint and the phone at its far end.
pub(crate) struct Leg {
    pub(crate) id: EndpointId,
    pub(crate) at: SocketAddr,
    pub(crate) phone: Phone,
}

impl World {
    pub(crate) fn new() -> World {
        World::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut MediaConfig)) -> World {
        let ports = free_ports();
        let mut config = MediaConfig {
            bind: LOOPBACK,
            ports: ports.clone(),
            workers: 2,
            silence_timeout: Duration::ZERO,
            limits: Limits { quarantine: Duration::ZERO, ..Limits::default() },
        };
        change(&mut config);
        let (tell, events) = sync_channel(10_000);
        let plane = MediaPlane::start(config, Box::new(move |event| tell.try_send(event).unwrap())).unwrap();
        World { plane, ports, sounds: Sounds::embedded(), events, plays: 1_000_000 }
    }

    /// A plane whose phones can hear these sounds.
    pub(crate) fn of(sounds: Sounds) -> World {
        World { sounds, ..World::new() }
    }

    /// An endpoint that is open and nothing more.
    pub(crate) fn open(&mut self) -> (EndpointId, SocketAddr) {
        let opened = self.plane.open().unwrap();
        (opened.id, SocketAddr::new(LOOPBACK, opened.rtp_port))
    }

    /// An endpoint configured for a new phone.
    pub(crate) fn leg(&mut self, codec: Codec) -> Leg {
        let (id, at) = self.open();
        let phone = Phone::new(codec);
        self.configure(id, phone.negotiated());
        Leg { id, at, phone }
    }

    pub(crate) fn configure(&mut self, id: EndpointId, negotiated: Negotiated) {
        self.plane.command(id, EndpointCommand::Configure(negotiated));
        self.settle(id);
    }

    pub(crate) fn play(&mut self, id: EndpointId, items: &[&str], repeat: bool) -> u64 {
        self.plays += 1;
        let items = items.iter().filter_map(|item| self.sounds.find(item)).cloned().collect();
        self.plane.command(id, EndpointCommand::Play { play: self.plays, items, repeat });
        self.plays
    }

    pub(crate) fn bridge(&mut self, one: EndpointId, other: EndpointId) {
        self.plane.command(one, EndpointCommand::Bridge { other });
        self.settle(one);
        self.settle(other);
    }

    /// Waits until every earlier command of an endpoint has been carried out: a `Play` of nothing ends at
    /// once.
    pub(crate) fn settle(&mut self, id: EndpointId) {
        let play = self.play(id, &[], false);
        self.await_play(id, play);
    }

    pub(crate) fn await_play(&mut self, endpoint: EndpointId, play: u64) {
        self.await_event(|event| *event == MediaEvent::PlayEnded { endpoint, play });
    }

    pub(crate) fn await_event(&mut self, wanted: impl Fn(&MediaEvent) -> bool) -> MediaEvent {
        let until = Instant::now() + PATIENCE;
        loop {
            let event = self.events.recv_timeout(until.saturating_duration_since(Instant::now())).unwrap();
            if wanted(&event) {
                return event;
            }
        }
    }

    /// An event, if one comes within a few milliseconds.
    pub(crate) fn next_event(&self) -> Option<MediaEvent> {
        self.events.recv_timeout(Duration::from_millis(5)).ok()
    }

    /// All events that are not yet awaited, up to a settled endpoint.
    pub(crate) fn events_until_settled(&mut self, id: EndpointId) -> Vec<MediaEvent> {
        let play = self.play(id, &[], false);
        let mut seen = Vec::new();
        loop {
            let event = self.events.recv_timeout(PATIENCE).unwrap();
            if event == (MediaEvent::PlayEnded { endpoint: id, play }) {
                return seen;
            }
            seen.push(event);
        }
    }

    pub(crate) fn close(&mut self, id: EndpointId) -> EndpointStats {
        self.plane.command(id, EndpointCommand::Close);
        let closed =
            self.await_event(|event| matches!(event, MediaEvent::Closed { endpoint, .. } if *endpoint == id));
        let MediaEvent::Closed { stats, .. } = closed else { panic!("{closed:?}") };
        stats
    }

    /// Waits until the gauges are as wanted.
    pub(crate) fn await_gauges(&self, wanted: impl Fn(&Gauges) -> bool) -> Gauges {
        let until = Instant::now() + PATIENCE;
        loop {
            let gauges = self.plane.gauges();
            if wanted(&gauges) {
                return gauges;
            }
            assert!(Instant::now() < until, "{gauges:?}");
            std::thread::yield_now();
        }
    }
}

/// A party that sends and hears RTP on its own socket.
pub(crate) struct Phone {
    pub(crate) socket: UdpSocket,
    pub(crate) codec: Codec,
    pub(crate) ssrc: u32,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
}

impl Phone {
    pub(crate) fn new(codec: Codec) -> Phone {
        let socket = UdpSocket::bind((LOOPBACK, 0)).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let ssrc = u32::from(socket.local_addr().unwrap().port());
        Phone { socket, codec, ssrc, sequence: 65_530, timestamp: u32::MAX - 500 }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.socket.local_addr().unwrap()
    }

    pub(crate) fn negotiated(&self) -> Negotiated {
        Negotiated {
            remote: self.address(),
            rtcp: None,
            voice: self.codec.into(),
            payload_type: self.codec.static_payload_type(),
            telephone_event: Some(TelephoneEvent { payload_type: EVENT, clock: RATE }),
            also_event: None,
            send: true,
            receive: true,
        }
    }

    pub(crate) fn header(&mut self, payload_type: u8, marker: bool) -> Header {
        let header = Header {
            marker,
            payload_type,
            sequence: self.sequence,
            timestamp: self.timestamp,
            ssrc: self.ssrc,
        };
        self.sequence = self.sequence.wrapping_add(1);
        header
    }

    /// Sends a frame of one repeated byte.
    pub(crate) fn say(&mut self, to: SocketAddr, byte: u8) {
        let packet = self.header(self.codec.static_payload_type(), false).packet(&[byte; FRAME]);
        self.timestamp = self.timestamp.wrapping_add(160);
        self.socket.send_to(&packet, to).unwrap();
    }

    /// Sends a tone of `frames` frames, all at once.
    pub(crate) fn sing(&mut self, to: SocketAddr, frequency: f64, frames: u64) {
        let samples = Tone::sine(frequency).samples(RATE, Duration::from_millis(20 * frames));
        for frame in samples.chunks_exact(FRAME) {
            let payload: Vec<u8> = frame.iter().map(|sample| self.codec.encode(*sample)).collect();
            let packet = self.header(self.codec.static_payload_type(), false).packet(&payload);
            self.timestamp = self.timestamp.wrapping_add(160);
            self.socket.send_to(&packet, to).unwrap();
        }
    }

    /// The next packet.
    pub(crate) fn hear(&self) -> (Header, Vec<u8>) {
        let mut buffer = [0; 2_048];
        let (length, _) = self.socket.recv_from(&mut buffer).unwrap();
        let packet = Packet::parse(&buffer[..length]).unwrap();
        (packet.header, packet.payload.to_vec())
    }

    /// The samples of the next `frames` packets.
    pub(crate) fn listen(&self, frames: usize) -> Vec<i16> {
        let packets = (0..frames).map(|_| self.hear().1);
        packets.flat_map(|payload| payload.into_iter().map(|byte| self.codec.decode(byte))).collect()
    }

    /// Whether nothing has come that was not heard.
    pub(crate) fn hears_nothing(&self) -> bool {
        self.socket.set_nonblocking(true).unwrap();
        let nothing = self.socket.recv_from(&mut [0; 16]).is_err();
        self.socket.set_nonblocking(false).unwrap();
        nothing
    }

    /// Throws away what has come so far.
    pub(crate) fn forget(&self) {
        while !self.hears_nothing() {}
    }
}
