//! What the gateway asks of an endpoint.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::{Sound, TelephoneEvent, Voice};

/// One endpoint; never given twice in the life of a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId(pub u64);

/// A new endpoint and the port to write into our SDP; RTCP is the port above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Names it in every command and event.
    pub id: EndpointId,
    /// Even.
    pub rtp_port: u16,
    /// The number of the stream that it sends.
    pub ssrc: u32,
}

/// What offer and answer have settled for one endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Negotiated {
    /// Where the other side's SDP says that it listens. Unspecified means hold: nothing is sent.
    pub remote: SocketAddr,
    /// Its RTCP address if the SDP names one (RFC 3605); equal to `remote` for `rtcp-mux`. Otherwise the
    /// port above `remote`.
    pub rtcp: Option<SocketAddr>,
    /// What is spoken, both ways.
    pub voice: Voice,
    /// Its payload type.
    pub payload_type: u8,
    /// The telephone events that we send and understand, if both sides have them.
    pub telephone_event: Option<TelephoneEvent>,
    /// Others that are understood as well.
    pub also_event: Option<TelephoneEvent>,
    /// Whether the other side wants to hear us (its `sendrecv` or `recvonly`).
    pub send: bool,
    /// Whether it will speak (its `sendrecv` or `sendonly`). Its silence is told if it also listens; a party
    /// that holds may be silent as long as it likes.
    pub receive: bool,
}

/// By what one side's connectivity checks are known (RFC 8839 5.4).
#[derive(Clone, PartialEq, Eq)]
pub struct IceCredentials {
    /// The name.
    pub ufrag: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IceCredentials").field("ufrag", &self.ufrag).finish_non_exhaustive()
    }
}

/// What offer and answer have settled about DTLS-SRTP with ICE; the other side is the full agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecureSession {
    /// Ours.
    pub local: IceCredentials,
    /// The other side's.
    pub remote: IceCredentials,
    /// SHA-256 of the other side's certificate.
    pub fingerprint: [u8; 32],
    /// Whether we begin the handshake.
    pub active: bool,
    /// The other side's streams by their numbers, as far as it names them.
    pub sources: Vec<u32>,
    /// Names the other side's peer connection: with another one the keys are agreed on anew.
    pub association: String,
    /// The addresses of ours that the other side was told, with the endpoint's port.
    pub candidates: Vec<SocketAddr>,
}

/// A cipher with its tag (RFC 4568 6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CryptoSuite {
    /// Tags of 80 bits.
    AesCm128HmacSha1_80,
    /// Tags of 32 bits on audio, of 80 on reports.
    AesCm128HmacSha1_32,
}

/// A master key of 128 bits and its salt of 112.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey(pub [u8; 30]);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// The keys of SRTP as signalling has settled them (RFC 4568).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SrtpKeys {
    /// Both ways.
    pub suite: CryptoSuite,
    /// For what we send.
    pub ours: MasterKey,
    /// For what the other side sends.
    pub theirs: MasterKey,
}

/// A recording to be made: one channel of 16-bit PCM at 8 kHz. What the party sends as telephone events is silence
/// in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Comes back in [`MediaEvent::RecordEnded`](crate::MediaEvent::RecordEnded); never given twice.
    pub record: u64,
    /// The file, which exists once the recording has ended well. Until then its name ends with `.part`. The
    /// folder is made if it is not there.
    pub file: PathBuf,
    /// It ends by itself after so long.
    pub max: Duration,
    /// It ends by itself after so long a silence; zero never does.
    pub silence: Duration,
    /// Whether it keeps step with the clock: silence stands for what did not come, so that two that were begun at once
    /// lie side by side.
    pub in_step: bool,
}

/// What to do with an endpoint. Commands of one endpoint are carried out in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointCommand {
    /// Makes the endpoint speak DTLS-SRTP, from now on and for life; or another negotiation of it. Said before
    /// [`EndpointCommand::Configure`], whose addresses then mean nothing.
    Secure(Box<SecureSession>),
    /// Makes the endpoint speak SRTP by these keys, from now on and for life; or by others after another negotiation.
    /// Said before [`EndpointCommand::Configure`].
    Keys(Box<SrtpKeys>),
    /// After the first negotiation and after every other one. Opens the source lock for three seconds, so
    /// it belongs to the moment of the answer, not to that of the offer.
    Configure(Negotiated),
    /// Plays sounds one after the other, in the place of what was playing. Bridged or not: the bridge is
    /// heard again afterwards.
    Play {
        /// Comes back in [`MediaEvent::PlayEnded`](crate::MediaEvent::PlayEnded).
        play: u64,
        /// What is heard. Without any it ends at once.
        items: Vec<Sound>,
        /// From the start again, until stopped: music, of which everybody on a worker hears the same place.
        repeat: bool,
    },
    /// Plays a recording from the disk once, in the place of what was playing. The worker does not wait for the
    /// disk; the listener hears nothing until the file is there. One that cannot be read ends at once.
    PlayFile {
        /// Comes back in [`MediaEvent::PlayEnded`](crate::MediaEvent::PlayEnded).
        play: u64,
        /// A WAV file.
        file: PathBuf,
    },
    /// Ends what is playing; nothing is told.
    StopPlay,
    /// Writes what the party says into a file, from now on. An endpoint makes one recording at a time: the one
    /// before is stopped.
    Record(Record),
    /// Ends the recording.
    StopRecord,
    /// Lets two endpoints hear each other; saying it to one of them is enough. Ends what is playing on
    /// either and every earlier bridge of either.
    Bridge {
        /// The other one.
        other: EndpointId,
    },
    /// Parts the endpoint and the one it is bridged with.
    Unbridge,
    /// Gives the ports back. The last word on an endpoint; it is answered by
    /// [`MediaEvent::Closed`](crate::MediaEvent::Closed).
    Close,
}
