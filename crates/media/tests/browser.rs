//! A browser for the tests: a full ICE agent that begins the DTLS handshake, on a socket of its own.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use media::{
    Codec, EndpointCommand, EndpointId, IceCredentials, MediaPlane, Negotiated, Opened, SecureSession,
    TelephoneEvent,
};
use rtp::tone::Tone;
use rtp::{FRAME, RATE};
use str0m::crypto::Fingerprint;
use str0m::format::{Codec as Format, FormatParams};
use str0m::media::{Frequency, MediaKind, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, IceCreds, Input, Output, Rtc, RtcConfig};

use crate::world::{EVENT, LOOPBACK, PATIENCE, World};

/// How long it sleeps for packets at most.
const PULSE: Duration = Duration::from_millis(5);

pub(crate) struct Browser {
    pub(crate) rtc: Rtc,
    pub(crate) socket: UdpSocket,
    opened: Opened,
    pub(crate) id: EndpointId,
    /// The endpoint's address.
    pub(crate) at: SocketAddr,
    pub(crate) session: SecureSession,
    /// Packets that have come and were not looked at.
    pub(crate) heard: Vec<RtpPacket>,
    ssrc: u32,
    sequence: u64,
    timestamp: u32,
    association: u32,
}

impl World {
    /// An endpoint with a browser at its far end that has only been signalled.
    pub(crate) fn browser(&mut self) -> Browser {
        let opened = self.plane.open().unwrap();
        let mut browser = Browser::new(opened, &self.plane, 1);
        self.agree(&mut browser);
        browser
    }

    /// And one that is connected.
    pub(crate) fn connected(&mut self) -> Browser {
        let mut browser = self.browser();
        browser.connect();
        browser
    }

    /// Tells the endpoint what its browser has signalled.
    pub(crate) fn agree(&mut self, browser: &mut Browser) {
        let session = Box::new(browser.session.clone());
        self.plane.command(browser.id, EndpointCommand::Secure(session));
        self.configure(browser.id, Browser::negotiated());
    }
}

fn creds(ice: &IceCredentials) -> IceCreds {
    IceCreds { ufrag: ice.ufrag.clone(), pass: ice.password.clone() }
}

impl Browser {
    /// A page of its own with a peer connection of its own.
    pub(crate) fn new(opened: Opened, plane: &MediaPlane, page: u32) -> Browser {
        let (id, at) = (opened.id, SocketAddr::new(LOOPBACK, opened.rtp_port));
        let socket = UdpSocket::bind((LOOPBACK, 0)).unwrap();
        socket.set_read_timeout(Some(PULSE)).unwrap();
        let mut config = RtcConfig::new()
            .set_rtp_mode(true)
            .clear_codecs()
            .clear_extension_map()
            .enable_pcmu(true, false)
            .enable_pcma(true, false);
        let (event, rate) = (Pt::new_with_value(EVENT), Frequency::EIGHT_KHZ);
        config.codec_config().add_config(event, None, Format::Tele, rate, None, FormatParams::default());
        let mut rtc = config.build(Instant::now());
        rtc.add_local_candidate(Candidate::host(socket.local_addr().unwrap(), "udp").unwrap());
        rtc.add_remote_candidate(Candidate::host(at, "udp").unwrap());
        let local = MediaPlane::ice_credentials();
        let ssrc = 1_000_000 + page;
        let mid = Mid::from("0");
        let mut direct = rtc.direct_api();
        direct.set_ice_controlling(true);
        let remote = direct.local_ice_credentials();
        direct.set_remote_ice_credentials(creds(&local));
        let fingerprint = direct.local_dtls_fingerprint().bytes.as_slice().try_into().unwrap();
        let bytes = plane.fingerprint().to_vec();
        direct.set_remote_fingerprint(Fingerprint { hash_func: "sha-256".to_owned(), bytes });
        direct.declare_media(mid, MediaKind::Audio);
        direct.declare_stream_tx(ssrc.into(), None, mid, None);
        direct.expect_stream_rx(opened.ssrc.into(), None, mid, None);
        direct.start_dtls(true).unwrap();
        let session = SecureSession {
            local,
            remote: IceCredentials { ufrag: remote.ufrag, password: remote.pass },
            fingerprint,
            active: false,
            sources: vec![ssrc],
            association: page.to_string(),
            candidates: vec![at],
        };
        let (heard, sequence, timestamp) = (Vec::new(), 100, 5_000);
        Browser { rtc, socket, opened, id, at, session, heard, ssrc, sequence, timestamp, association: page }
    }

    pub(crate) fn negotiated() -> Negotiated {
        Negotiated {
            remote: "0.0.0.0:9".parse().unwrap(),
            rtcp: None,
            voice: Codec::Pcmu.into(),
            payload_type: 0,
            telephone_event: Some(TelephoneEvent { payload_type: EVENT, clock: RATE }),
            also_event: None,
            send: true,
            receive: true,
        }
    }

    /// The same page loaded again.
    pub(crate) fn reload(&mut self, plane: &MediaPlane) {
        *self = Browser::new(self.opened, plane, self.association + 1);
    }

    /// Another socket and other credentials, the same keys: another network.
    pub(crate) fn roam(&mut self) {
        self.rtc
            .direct_api()
            .invalidate_candidate(&Candidate::host(self.socket.local_addr().unwrap(), "udp").unwrap());
        self.socket = UdpSocket::bind((LOOPBACK, 0)).unwrap();
        self.socket.set_read_timeout(Some(PULSE)).unwrap();
        let (ours, theirs) = (MediaPlane::ice_credentials(), MediaPlane::ice_credentials());
        let mut direct = self.rtc.direct_api();
        direct.set_local_ice_credentials(creds(&ours));
        direct.set_remote_ice_credentials(creds(&theirs));
        self.rtc.add_local_candidate(Candidate::host(self.socket.local_addr().unwrap(), "udp").unwrap());
        (self.session.remote, self.session.local) = (ours, theirs);
    }

    /// Another stream of the same page, signalled in place of the first.
    pub(crate) fn change_microphone(&mut self) {
        let mut direct = self.rtc.direct_api();
        // Of two with one name, str0m would send either.
        direct.remove_stream_tx(self.ssrc.into());
        self.ssrc += 500_000;
        self.session.sources = vec![self.ssrc];
        direct.declare_stream_tx(self.ssrc.into(), None, Mid::from("0"), None);
    }

    pub(crate) fn connect(&mut self) {
        self.pump("keys", |browser| browser.rtc.is_connected());
    }

    /// Lives until it is as wanted.
    pub(crate) fn pump(&mut self, what: &str, wanted: impl Fn(&Browser) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !wanted(self) {
            assert!(Instant::now() < until, "no {what}; {} packets heard", self.heard.len());
            self.turn();
        }
    }

    /// Sends what is due, and takes in one datagram if one comes.
    pub(crate) fn turn(&mut self) {
        self.flush();
        let mut buffer = [0; 2_000];
        let now = Instant::now();
        let Ok((length, from)) = self.socket.recv_from(&mut buffer) else {
            self.rtc.handle_input(Input::Timeout(now)).unwrap();
            return self.flush();
        };
        let here = self.socket.local_addr().unwrap();
        let receive = Receive::new(Protocol::Udp, from, here, &buffer[..length]).unwrap();
        self.rtc.handle_input(Input::Receive(now, receive)).unwrap();
        self.flush();
    }

    fn flush(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(_) => return,
                Output::Transmit(transmit) => {
                    self.socket.send_to(&transmit.contents, transmit.destination).unwrap();
                }
                Output::Event(Event::RtpPacket(packet)) => self.heard.push(packet),
                Output::Event(_) => {}
            }
        }
    }

    /// Sends one packet.
    pub(crate) fn send(&mut self, payload_type: u8, marker: bool, timestamp: u32, payload: &[u8]) {
        let now = Instant::now();
        let payload_type = Pt::new_with_value(payload_type);
        let write = RtpWrite::new(payload_type, self.sequence.into(), timestamp, now, payload.to_vec());
        self.sequence += 1;
        let mut direct = self.rtc.direct_api();
        direct.stream_tx(&self.ssrc.into()).unwrap().write_rtp(write.marker(marker));
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.flush();
    }

    /// Sends a frame of one repeated byte.
    pub(crate) fn say(&mut self, byte: u8) {
        self.send(0, false, self.timestamp, &[byte; FRAME]);
        self.timestamp = self.timestamp.wrapping_add(160);
    }

    /// Sends a tone of `frames` frames, all at once.
    pub(crate) fn sing(&mut self, frequency: f64, frames: u64) {
        let samples = Tone::sine(frequency).samples(RATE, Duration::from_millis(20 * frames));
        for frame in samples.chunks_exact(FRAME) {
            let payload: Vec<u8> = frame.iter().map(|sample| Codec::Pcmu.encode(*sample)).collect();
            self.send(0, false, self.timestamp, &payload);
            self.timestamp = self.timestamp.wrapping_add(160);
        }
    }

    /// Presses a key as RFC 4733 has it: three packets while it is down, three at its end.
    pub(crate) fn press(&mut self, event: u8) {
        for (n, end) in [(0, false), (1, false), (2, false), (3, true), (3, true), (3, true)] {
            let length = 160 * (n + 1_u16);
            let [high, low] = length.to_be_bytes();
            let payload = [event, if end { 0x8a } else { 0x0a }, high, low];
            self.send(EVENT, n == 0, self.timestamp, &payload);
        }
        self.timestamp = self.timestamp.wrapping_add(1_600);
    }

    /// The payloads of the next `count` packets of a type.
    pub(crate) fn listen(&mut self, payload_type: u8, count: usize) -> Vec<Vec<u8>> {
        let of_type = |packet: &RtpPacket| *packet.header.payload_type == payload_type;
        self.pump("sound", |browser| browser.heard.iter().filter(|packet| of_type(packet)).count() >= count);
        let heard = std::mem::take(&mut self.heard);
        heard.iter().filter(|packet| of_type(packet)).map(|packet| packet.payload.to_vec()).collect()
    }

    /// The samples of the next `frames` packets of sound.
    pub(crate) fn samples(&mut self, frames: usize) -> Vec<i16> {
        let heard = self.listen(0, frames);
        heard.concat().into_iter().map(|byte| Codec::Pcmu.decode(byte)).collect()
    }
}
