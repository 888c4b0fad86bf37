//! DTLS-SRTP with ICE, as a browser speaks it, for one endpoint: str0m without its SDP, its codecs and its clock.
//!
//! It is a layer below packets. What comes off the socket becomes a plain RTP packet or nothing ([`Secure::receive`]);
//! what leaves the outlet as a plain packet is sent as a secret one ([`Secure::send`]). Nothing above knows of
//! str0m, so another of its kind can take its place here.
//!
//! We are a lite agent (RFC 8445 2.5): the other side checks our addresses and chooses one, and where its checks
//! come from is where we send. RTCP is str0m's own; what it says of the far end is kept for the record.

mod numbers;

use std::collections::BTreeSet;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtp::packet::{self, HEADER_LEN};
use rtp::{Header, Packet, RATE};
use str0m::config::CryptoProvider;
use str0m::crypto::Fingerprint;
use str0m::format::{Codec, FormatParams};
use str0m::media::{Frequency, MediaKind, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, IceConnectionState, IceCreds, Input, Output, Rtc, RtcConfig};

use self::numbers::Numbers;
use crate::address;
use crate::command::{IceCredentials, SecureSession};
use crate::shared::Moment;

/// Streams of one association, signalled or not; a browser has one, and another for every change of its microphone.
const SOURCES_MAX: usize = 16;
/// Addresses from where one other side is heard in the life of an association: a browser has a few of them, and some
/// more with each network it comes to.
const WAYS_MAX: usize = 64;
/// What one step may send and tell: a handshake's flight is some packets.
const OUTPUTS_MAX: usize = 64;
/// Between two looks at what the other side reports.
const REPORTS: Duration = Duration::from_secs(5);
/// Payload types that are given their meaning by a description (RFC 3551 6).
const DYNAMIC: std::ops::RangeInclusive<u8> = 96..=127;
/// Its name matters to nobody: there is one stream.
const MID: &str = "0";

/// What all secure endpoints of a plane have in common: the certificate, which is dear to make, and how str0m is
/// set up.
pub(crate) struct Identity {
    config: RtcConfig,
    pub(crate) fingerprint: [u8; 32],
}

impl Identity {
    /// A new one; `None` if the system gives no randomness.
    pub(crate) fn new() -> Option<Identity> {
        let crypto: CryptoProvider = str0m::crypto::from_feature_flags();
        let certificate = crypto.dtls_provider.generate_certificate()?;
        let fingerprint = crypto.sha256_provider.sha256(&certificate.certificate);
        let mut config = RtcConfig::new()
            .set_crypto_provider(Arc::new(crypto))
            .set_dtls_cert(certificate)
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .set_stats_interval(Some(REPORTS))
            .clear_codecs()
            .clear_extension_map()
            .enable_pcmu(true, false)
            .enable_pcma(true, false)
            .enable_comfort_noise(true);
        // What a number means is judged above; here it only must not be unknown.
        for number in DYNAMIC {
            let payload_type = Pt::new_with_value(number);
            let opus = crate::voice::BROWSERS_OPUS.contains(&number);
            let rate = if opus { Frequency::FORTY_EIGHT_KHZ } else { Frequency::EIGHT_KHZ };
            config.codec_config().add_config(
                payload_type,
                None,
                Codec::Tele,
                rate,
                None,
                FormatParams::default(),
            );
        }
        Some(Identity { config, fingerprint })
    }
}

/// What a datagram turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// A plain RTP packet of this length now stands at the start of the buffer.
    Media(usize),
    /// A check, a handshake, a report.
    Control,
    /// It is not believed.
    Stranger,
}

/// What the other side says of what it hears.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FarEnd {
    pub(crate) lost: u64,
    pub(crate) jitter_us: u64,
    pub(crate) round_trip: Option<Duration>,
}

/// The secret half of one endpoint.
pub(crate) struct Secure {
    rtc: Rtc,
    session: SecureSession,
    ssrc: u32,
    /// The streams that are known.
    sources: Vec<u32>,
    /// The plane's start: str0m counts in instants.
    start: Instant,
    /// What str0m knows of time; it must not go backwards when threads take turns.
    latest: Duration,
    due: Duration,
    /// Where believed datagrams come from, once there are keys.
    peer: Option<SocketAddr>,
    flows: bool,
    numbers: Numbers,
    /// Of our timestamps, Hz.
    pub(crate) clock: u32,
    /// From where it has been sent to us, media apart.
    ways: BTreeSet<SocketAddr>,
    pub(crate) far_end: FarEnd,
}

impl Secure {
    /// An association with new keys, not yet connected.
    pub(crate) fn new(session: SecureSession, ssrc: u32, moment: &Moment<'_>) -> Secure {
        let start = moment.shared.start;
        let config = moment.shared.identity.config.clone();
        let mut rtc = config.build(start + moment.now);
        for candidate in candidates(&session) {
            rtc.add_local_candidate(candidate);
        }
        let mid = Mid::from(MID);
        let mut direct = rtc.direct_api();
        direct.set_ice_controlling(false);
        direct.set_local_ice_credentials(creds(&session.local));
        direct.set_remote_ice_credentials(creds(&session.remote));
        direct.set_remote_fingerprint(Fingerprint {
            hash_func: "sha-256".to_owned(),
            bytes: session.fingerprint.to_vec(),
        });
        direct.declare_media(mid, MediaKind::Audio);
        direct.declare_stream_tx(ssrc.into(), None, mid, None);
        if let Err(error) = direct.start_dtls(session.active) {
            tracing::warn!(%error, "a DTLS handshake cannot begin; the call stays mute");
        }
        let mut secure = Secure {
            rtc,
            ssrc,
            sources: Vec::new(),
            start,
            latest: moment.now,
            due: moment.now,
            peer: None,
            flows: false,
            numbers: Numbers::new(rand::random()),
            clock: RATE,
            ways: BTreeSet::new(),
            far_end: FarEnd::default(),
            session,
        };
        secure.expect_signalled();
        secure
    }

    /// Another negotiation; `false` if it is of another peer connection, which needs keys of its own.
    pub(crate) fn renegotiate(&mut self, session: &SecureSession) -> bool {
        let same = session.fingerprint == self.session.fingerprint
            && session.association == self.session.association
            && session.active == self.session.active
            && self.rtc.is_alive();
        if !same {
            return false;
        }
        if session.local != self.session.local || session.remote != self.session.remote {
            // The other side looks for a way anew. What was found before is forgotten with our old addresses; media
            // goes the old way until another is chosen.
            for candidate in candidates(&self.session) {
                self.rtc.direct_api().invalidate_candidate(&candidate);
            }
            let mut direct = self.rtc.direct_api();
            direct.set_local_ice_credentials(creds(&session.local));
            direct.set_remote_ice_credentials(creds(&session.remote));
            for candidate in candidates(session) {
                self.rtc.add_local_candidate(candidate);
            }
        }
        self.session = session.clone();
        self.expect_signalled();
        true
    }

    /// Where the other side is, once there are keys and a way.
    pub(crate) fn target(&self) -> Option<SocketAddr> {
        self.peer.filter(|_| self.flows)
    }

    /// Takes in a datagram.
    pub(crate) fn receive(
        &mut self,
        datagram: &mut [u8],
        from: SocketAddr,
        socket: &UdpSocket,
        moment: &Moment<'_>,
    ) -> Arrival {
        let from = SocketAddr::new(from.ip().to_canonical(), from.port());
        // The socket does not say which of our addresses was meant; all of them lead here.
        let to = self.session.candidates.iter().find(|to| to.is_ipv4() == from.is_ipv4()).copied();
        let source = media_source(datagram);
        let Some(to) = to.filter(|_| source.is_none_or(|source| self.is_known(source))) else {
            return Arrival::Stranger;
        };
        let Ok(receive) = Receive::new(Protocol::Udp, from, to, datagram) else { return Arrival::Stranger };
        let input = Input::Receive(self.at(moment.now), receive);
        if !self.rtc.accepts(&input) || (source.is_none() && !self.is_way(from)) {
            return Arrival::Stranger;
        }
        if let Some(source) = source {
            self.expect(source);
        }
        if let Err(error) = self.rtc.handle_input(input) {
            tracing::debug!(%error, "a datagram of a secure endpoint is not understood");
            self.drain(socket, moment);
            return Arrival::Stranger;
        }
        let heard = self.drain(socket, moment);
        self.peer = Some(from);
        match (heard, source) {
            (Some(heard), _) => write_plain(&heard, datagram).map_or(Arrival::Stranger, Arrival::Media),
            // A packet that was sent twice, or with other keys.
            (None, Some(_)) => Arrival::Stranger,
            (None, None) => Arrival::Control,
        }
    }

    /// Sends a plain RTP packet as a secret one; `false` if it could not be sent.
    pub(crate) fn send(&mut self, bytes: &[u8], socket: &UdpSocket, moment: &Moment<'_>) -> bool {
        let Ok(Packet { header, payload, .. }) = Packet::parse(bytes) else { return false };
        let Some(sequence) = self.numbers.next(header.sequence) else { return false };
        let now = self.at(moment.now);
        let payload_type = Pt::new_with_value(header.payload_type);
        let write = RtpWrite::new(payload_type, sequence.into(), header.timestamp, now, payload.to_vec());
        let mut direct = self.rtc.direct_api();
        let Some(stream) = direct.stream_tx(&self.ssrc.into()) else { return false };
        stream.write_rtp(write.marker(header.marker));
        if self.rtc.handle_input(Input::Timeout(now)).is_err() {
            return false;
        }
        self.drain(socket, moment);
        true
    }

    /// Does what is due by now.
    pub(crate) fn drive(&mut self, socket: &UdpSocket, moment: &Moment<'_>) {
        if moment.now < self.due {
            return;
        }
        let now = self.at(moment.now);
        if let Err(error) = self.rtc.handle_input(Input::Timeout(now)) {
            tracing::debug!(%error, "a secure endpoint fails at a deadline");
        }
        self.drain(socket, moment);
    }

    /// Says good-bye.
    pub(crate) fn close(&mut self, socket: &UdpSocket, moment: &Moment<'_>) {
        if let Err(error) = self.rtc.close() {
            tracing::debug!(%error, "a secure endpoint does not close in order");
        }
        self.drain(socket, moment);
    }

    /// Sends what str0m wants sent and notes what it tells; the media packet among it, if there is one.
    fn drain(&mut self, socket: &UdpSocket, moment: &Moment<'_>) -> Option<RtpPacket> {
        let mut heard = None;
        for _ in 0..OUTPUTS_MAX {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.due = at.saturating_duration_since(self.start);
                    break;
                }
                Ok(Output::Transmit(transmit)) => {
                    let to = address::for_socket(transmit.destination, moment.shared.bind);
                    let sent = address::sendable(to) && socket.send_to(&transmit.contents, to).is_ok();
                    if !sent {
                        moment.counters.dropped.up();
                    }
                }
                Ok(Output::Event(Event::RtpPacket(packet))) => heard = Some(packet),
                Ok(Output::Event(event)) => self.note(&event),
                Err(error) => {
                    // Most likely another certificate than the one that was signalled.
                    tracing::warn!(%error, "a secure endpoint has failed; its call is mute");
                    self.rtc.disconnect();
                    self.flows = false;
                    break;
                }
            }
        }
        self.flows |= self.rtc.is_connected();
        heard
    }

    fn note(&mut self, event: &Event) {
        if let Event::IceConnectionStateChange(IceConnectionState::Disconnected) = event {
            // Nobody has checked for long; what we sent would go to a stranger one day.
            self.flows = false;
        }
        if let Event::MediaEgressStats(stats) = event {
            if let Some(remote) = &stats.remote {
                self.far_end.lost = remote.packets_lost;
                self.far_end.jitter_us = u64::from(remote.jitter) * 1_000_000 / u64::from(self.clock.max(1));
            }
            self.far_end.round_trip = stats.rtt.or(self.far_end.round_trip);
        }
    }

    fn at(&mut self, now: Duration) -> Instant {
        self.latest = self.latest.max(now);
        self.start + self.latest
    }

    fn is_known(&self, source: u32) -> bool {
        self.sources.contains(&source) || (source != 0 && self.sources.len() < SOURCES_MAX)
    }

    /// Whether it may come from there. str0m remembers each address that a check came from for as long as the
    /// association lasts, and whoever is in one call knows its credentials.
    fn is_way(&mut self, from: SocketAddr) -> bool {
        self.ways.contains(&from) || (self.ways.len() < WAYS_MAX && self.ways.insert(from))
    }

    fn expect_signalled(&mut self) {
        for source in self.session.sources.clone() {
            if !self.sources.contains(&source) {
                self.make_room();
            }
            self.expect(source);
        }
    }

    /// A stream that nobody has signalled gives its place to one that somebody has.
    fn make_room(&mut self) {
        if self.sources.len() < SOURCES_MAX {
            return;
        }
        let signalled = &self.session.sources;
        if let Some(at) = self.sources.iter().position(|source| !signalled.contains(source)) {
            let gone = self.sources.remove(at);
            self.rtc.direct_api().remove_stream_rx(gone.into());
        }
    }

    fn expect(&mut self, source: u32) {
        if source != self.ssrc && self.is_known(source) && !self.sources.contains(&source) {
            self.sources.push(source);
            let mid = Mid::from(MID);
            let mut direct = self.rtc.direct_api();
            direct.expect_stream_rx(source.into(), None, mid, None).suppress_nack(true);
        }
    }
}

fn creds(ice: &IceCredentials) -> IceCreds {
    IceCreds { ufrag: ice.ufrag.clone(), pass: ice.password.clone() }
}

/// Our addresses as str0m wants them; those that nobody could check are left out.
fn candidates(session: &SecureSession) -> impl Iterator<Item = Candidate> {
    session.candidates.iter().filter_map(|at| Candidate::host(*at, Protocol::Udp).ok())
}

/// The number of the stream that a datagram claims to be of, if it is RTP (RFC 7983 7).
fn media_source(datagram: &[u8]) -> Option<u32> {
    let head: &[u8; HEADER_LEN] = datagram.first_chunk()?;
    let is_media = head[0] >> 6 == 2 && !packet::is_rtcp(datagram);
    is_media.then(|| u32::from_be_bytes([head[8], head[9], head[10], head[11]]))
}

/// Writes a packet without its secrets into the datagram it came in; how long it is then.
fn write_plain(heard: &RtpPacket, datagram: &mut [u8]) -> Option<usize> {
    let header = Header {
        marker: heard.header.marker,
        payload_type: *heard.header.payload_type,
        sequence: heard.header.sequence_number,
        timestamp: heard.header.timestamp,
        ssrc: *heard.header.ssrc,
    };
    let length = HEADER_LEN + heard.payload.len();
    let (head, payload) = datagram.get_mut(..length)?.split_first_chunk_mut()?;
    header.write(head);
    payload.copy_from_slice(&heard.payload);
    Some(length)
}
