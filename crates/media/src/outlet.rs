//! The sending half of an endpoint: its socket, its one outgoing stream, and who may fill it.
//!
//! It is shared, because a packet is passed on by the thread that read it, which need not be the thread
//! of the endpoint that sends it. The lock is held for one packet; nobody else wants it at that moment
//! but the endpoint's own player or report.

mod secrecy;

use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rtp::packet::HEADER_LEN;
use rtp::rtcp::{self, SenderInfo};
use rtp::{FRAME, Header, OutStream, RATE};

use crate::EndpointId;
use crate::opus::Encoder;
use crate::player::Prompt;
use crate::port::PortPair;
use crate::secure::Secure;
use crate::shared::Moment;
use crate::srtp::{SEALED_MAX, Sealing};
use crate::voice::{TelephoneEvent, Voice};

/// Who fills the stream. Anybody else's packets are dropped: a bridge that has just ended may have one
/// on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filler {
    Nobody,
    Player,
    Leg(EndpointId),
    /// The ports are no longer ours.
    Closed,
}

/// How the other side wants it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Format {
    pub(crate) voice: Voice,
    pub(crate) payload_type: u8,
    pub(crate) telephone_event: Option<TelephoneEvent>,
    pub(crate) send: bool,
}

/// What a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carried {
    Audio(Voice),
    /// By which clock a key's length is counted, Hz.
    TelephoneEvent(u32),
    ComfortNoise,
}

struct State {
    filler: Filler,
    format: Option<Format>,
    target: Option<SocketAddr>,
    stream: OutStream,
    /// Of a side that speaks Opus; its decoder hears one encoder, whatever it is told.
    encoder: Option<Box<Encoder>>,
    /// The timestamp of the key that is being pressed.
    pressed_at: u32,
    packets: u64,
    bytes: u64,
    /// Packets at the time of the last report.
    reported: u64,
    /// What is between the packets and the wire, unless they are sent as they are.
    secure: Option<Box<Secure>>,
    /// The same by keys that signalling has brought.
    sealing: Option<Box<Sealing>>,
}

/// The sending half of one endpoint.
pub(crate) struct Outlet {
    pub(crate) id: EndpointId,
    pub(crate) ports: Arc<PortPair>,
    /// The number of its stream, the same for its whole life.
    pub(crate) ssrc: u32,
    /// Of its timestamps, Hz.
    clock: AtomicU32,
    state: Mutex<State>,
}

impl Outlet {
    pub(crate) fn new(id: EndpointId, ports: Arc<PortPair>, stream: OutStream) -> Outlet {
        let ssrc = stream.ssrc();
        let state = State {
            filler: Filler::Nobody,
            format: None,
            target: None,
            stream,
            encoder: None,
            pressed_at: 0,
            packets: 0,
            bytes: 0,
            reported: 0,
            secure: None,
            sealing: None,
        };
        Outlet { id, ports, ssrc, clock: AtomicU32::new(RATE), state: Mutex::new(state) }
    }

    pub(crate) fn shape(&self, format: Format) {
        let clock = format.voice.clock();
        self.clock.store(clock, Ordering::Relaxed);
        let mut state = self.lock();
        state.format = Some(format);
        state.stream.set_rate(clock);
        state.encoder = match format.voice {
            Voice::G711(_) => None,
            Voice::Opus => Some(state.encoder.take().unwrap_or_default()),
        };
        if let Some(secure) = &mut state.secure {
            secure.clock = clock;
        }
    }

    /// The clock of its timestamps, Hz: of two sides that have the same, one understands the other.
    pub(crate) fn clock(&self) -> u32 {
        self.clock.load(Ordering::Relaxed)
    }

    /// Where packets go from now on; `None` sends nothing.
    pub(crate) fn aim(&self, target: Option<SocketAddr>) {
        self.lock().target = target;
    }

    pub(crate) fn target(&self) -> Option<SocketAddr> {
        self.lock().target
    }

    /// Who may fill the stream from now on. A closed one stays closed.
    pub(crate) fn fill_from(&self, filler: Filler) {
        let mut state = self.lock();
        if state.filler != Filler::Closed {
            state.filler = filler;
        }
    }

    /// Sends a frame of a sound.
    pub(crate) fn play(&self, prompt: &Prompt, frame: usize, moment: &Moment<'_>) {
        let mut state = self.lock();
        let state = &mut *state;
        let Some(format) = state.format.filter(|_| state.filler == Filler::Player) else { return };
        let Some(target) = state.target.filter(|_| format.send) else {
            state.stream.pass_local(format.voice.clock() / FRAMES_PER_SECOND);
            return;
        };
        let mut event = format.telephone_event.zip(prompt.event(frame));
        let mut sound = [0; FRAME];
        let length = match (&event, format.voice) {
            // What is not sent is not encoded: the decoder would miss it.
            (Some(_), _) => Some(0),
            (None, Voice::G711(codec)) => prompt.frame(codec, frame).map(|bytes| {
                sound.copy_from_slice(bytes);
                FRAME
            }),
            (None, Voice::Opus) => {
                prompt.samples(frame).and_then(|samples| state.encode(&samples, &mut sound))
            }
        };
        let Some(sound) = length.and_then(|length| sound.get(..length)) else { return };
        let stamp = state.stream.local(moment.now, format.voice.clock() / FRAMES_PER_SECOND);
        let mut header = Header {
            marker: stamp.marker,
            payload_type: format.payload_type,
            sequence: stamp.sequence,
            timestamp: stamp.timestamp,
            ssrc: self.ssrc,
        };
        if let Some((known, event)) = &mut event {
            // All packets of a press bear the timestamp of its first (RFC 4733 2.1).
            if event.marker {
                state.pressed_at = stamp.timestamp;
            }
            (header.marker, header.payload_type) = (event.marker, known.payload_type);
            header.timestamp = state.pressed_at;
            known.count_by(RATE, &mut event.payload);
        }
        let payload = event.as_ref().map_or(sound, |(_, event)| &event.payload);
        state.send_made(&self.ports.rtp, (&header, payload), target, moment);
    }

    /// Says 20 ms of the bridged endpoint `from`, whose codec is another one, in the codec of this side. The header
    /// is of a stream on this side's clock.
    pub(crate) fn speak(
        &self,
        from: EndpointId,
        header: &Header,
        samples: &[i16; FRAME],
        moment: &Moment<'_>,
    ) {
        let mut state = self.lock();
        let state = &mut *state;
        let Some((format, target)) = state.of_leg(from, header, moment) else { return };
        let mut payload = [0; FRAME];
        let length = match format.voice {
            Voice::G711(codec) => {
                payload = samples.map(|sample| codec.encode(sample));
                Some(FRAME)
            }
            Voice::Opus => state.encode(samples, &mut payload),
        };
        let Some(payload) = length.and_then(|length| payload.get(..length)) else {
            return state.stream.skip(header);
        };
        let Some(stamp) = state.stream.relay(moment.now, header) else {
            moment.counters.dropped.up();
            return;
        };
        let header = Header {
            marker: stamp.marker,
            payload_type: format.payload_type,
            sequence: stamp.sequence,
            timestamp: stamp.timestamp,
            ssrc: self.ssrc,
        };
        state.send_made(&self.ports.rtp, (&header, payload), target, moment);
    }

    /// Sends a packet of the bridged endpoint `from` on this stream. `datagram` is the packet as it came,
    /// its payload at `payload_at`; our header is written right before the payload, in place.
    pub(crate) fn relay(
        &self,
        from: EndpointId,
        carried: Carried,
        header: &Header,
        datagram: &mut [u8],
        payload_at: usize,
        moment: &Moment<'_>,
    ) {
        let mut state = self.lock();
        let state = &mut *state;
        let Some((format, target)) = state.of_leg(from, header, moment) else { return };
        let payload_type = match carried {
            // One that has been renegotiated in between is not understood.
            Carried::Audio(voice) => (voice.clock() == format.voice.clock()).then_some(format.payload_type),
            Carried::TelephoneEvent(_) => format.telephone_event.map(|event| event.payload_type),
            // Silence needs no packet: the next one shows by its timestamp how long it was.
            Carried::ComfortNoise => None,
        };
        let Some(payload_type) = payload_type else {
            state.stream.skip(header);
            return;
        };
        let Some(stamp) = state.stream.relay(moment.now, header) else {
            moment.counters.dropped.up();
            return;
        };
        let Some(bytes) = datagram.get_mut(payload_at - HEADER_LEN..) else { return };
        let Some((head, payload)) = bytes.split_first_chunk_mut() else { return };
        let out = Header {
            marker: stamp.marker,
            payload_type,
            sequence: stamp.sequence,
            timestamp: stamp.timestamp,
            ssrc: self.ssrc,
        };
        out.write(head);
        match (carried, format.voice, format.telephone_event) {
            (Carried::Audio(Voice::G711(codec)), Voice::G711(wanted), _) => codec.transcode(wanted, payload),
            (Carried::TelephoneEvent(clock), _, Some(event)) => event.count_by(clock, payload),
            (Carried::Audio(_) | Carried::TelephoneEvent(_) | Carried::ComfortNoise, _, _) => {}
        }
        state.send(&self.ports.rtp, bytes, target, moment);
    }

    /// What a sender report says; `None` if nothing was sent since the last.
    pub(crate) fn sender_info(&self, now: Duration) -> Option<SenderInfo> {
        let mut state = self.lock();
        if state.reported == state.packets {
            return None;
        }
        state.reported = state.packets;
        let wrapped = |count: u64| u32::try_from(count & u64::from(u32::MAX)).unwrap_or(0);
        Some(SenderInfo {
            ntp: rtcp::ntp(now),
            timestamp: state.stream.timestamp_at(now),
            packets: wrapped(state.packets),
            bytes: wrapped(state.bytes),
        })
    }

    /// Packets and payload bytes sent.
    pub(crate) fn sent(&self) -> (u64, u64) {
        let state = self.lock();
        (state.packets, state.bytes)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of 20 ms each.
const FRAMES_PER_SECOND: u32 = 50;

impl State {
    /// How and to where a packet of the bridged endpoint `from` goes on, if it does.
    fn of_leg(
        &mut self,
        from: EndpointId,
        header: &Header,
        moment: &Moment<'_>,
    ) -> Option<(Format, SocketAddr)> {
        if self.filler != Filler::Leg(from) {
            moment.counters.dropped.up();
            return None;
        }
        let aimed = self.format.filter(|format| format.send).zip(self.target);
        if aimed.is_none() {
            self.stream.skip(header);
        }
        aimed
    }

    fn encode(&mut self, samples: &[i16; FRAME], packet: &mut [u8]) -> Option<usize> {
        self.encoder.as_mut()?.encode(samples, packet)
    }

    /// Sends a packet that was made here.
    fn send_made(
        &mut self,
        socket: &UdpSocket,
        (header, payload): (&Header, &[u8]),
        target: SocketAddr,
        moment: &Moment<'_>,
    ) {
        let mut bytes = [0; HEADER_LEN + FRAME];
        let Some(bytes) = bytes.get_mut(..HEADER_LEN + payload.len()) else { return };
        if let Some((head, body)) = bytes.split_first_chunk_mut() {
            header.write(head);
            body.copy_from_slice(payload);
        }
        self.send(socket, bytes, target, moment);
    }

    fn send(&mut self, socket: &UdpSocket, bytes: &[u8], target: SocketAddr, moment: &Moment<'_>) {
        let sent = match (&mut self.secure, &mut self.sealing) {
            (None, None) => socket.send_to(bytes, target).is_ok(),
            (None, Some(sealing)) => {
                let mut out = [0; SEALED_MAX];
                let sealed = sealing.packet(bytes, &mut out);
                sealed.is_some_and(|bytes| socket.send_to(bytes, target).is_ok())
            }
            (Some(secure), _) => secure.send(bytes, socket, moment),
        };
        // A full buffer, an unreachable network: the call lives on, the far end sees a lost packet.
        if !sent {
            moment.counters.dropped.up();
            return;
        }
        moment.counters.packets_out.up();
        self.packets += 1;
        self.bytes += u64::try_from(bytes.len() - HEADER_LEN).unwrap_or(0);
    }
}
