//! The media plane: RTP on threads of its own, apart from signalling.
//!
//! Reading order: [`MediaPlane`] is what the gateway holds; [`EndpointCommand`] goes in and
//! [`MediaEvent`] comes out, and neither side ever waits for the other. An endpoint is a pair of ports
//! with one party at its far end; its worker reads them. `worker` is the loop, `endpoint` what one party
//! sends, `outlet` what is sent to it, `secure` what a browser wants between both and the wire, `srtp` the same for a desk phone, `ticker` the 20 ms of the players, `port` the pool of sockets.
//!
//! A packet between bridged endpoints is passed on at its arrival, by the thread that read it, without
//! decoding, unless one of them speaks Opus and the other does not: then `hearing` makes samples of it, and the outlet
//! the other's codec (`opus`). It is sent from the other endpoint's own port, so no two packets of a round share a socket,
//! and batching system calls would gain nothing.
//!
//! Whatever arrives here is hostile: errors are counted and never end a call. What ends one is silence,
//! and that is only told.

mod address;
mod command;
mod config;
mod disk;
mod embedded;
mod endpoint;
mod event;
mod hearing;
mod inband;
mod intake;
mod opus;
mod outlet;
mod plane;
mod player;
mod port;
mod queue;
mod recorder;
mod report;
mod secure;
mod shared;
mod sounds;
mod srtp;
mod stats;
mod ticker;
mod voice;
mod window;
mod worker;

pub use command::{
    CryptoSuite, EndpointCommand, EndpointId, IceCredentials, MasterKey, Negotiated, Opened, Record,
    SecureSession, SrtpKeys,
};
pub use config::{Limits, MediaConfig};
pub use disk::{Salvaged, salvage};
pub use event::{MediaEvent, RecordEnd};
pub use intake::{INTAKE_BYTES_MAX, INTAKE_MAX, Intake, IntakeError, TARGET_LUFS, intake};
pub use plane::{MediaPlane, StartError};
pub use port::OpenError;
pub use rtp::Codec;
pub use sounds::{Sound, SoundError, Sounds};
pub use stats::{EndpointStats, Gauges};
pub use voice::{TelephoneEvent, Voice};
