//! RTP as values: packets, reports, codecs, digits, tones. No socket, no clock, no thread.
//!
//! Reading order: [`packet`] is the header of RFC 3550, [`stream`] numbers what we send,
//! [`reception`] judges what arrives, [`source`] decides whom to believe, [`rtcp`] tells the other
//! side. [`codec`] is G.711, [`dtmf`] telephone events, [`inband`] keys as tones, [`wav`], [`resample`], [`tone`] and
//! [`goertzel`] are for sounds and for the tests that listen to them.
//!
//! Time is an argument everywhere: a [`core::time::Duration`] since any fixed start, never earlier
//! than in the call before. Every function takes hostile bytes: it returns an error or nothing.

pub mod codec;
pub mod dtmf;
pub mod goertzel;
pub mod inband;
pub mod packet;
pub mod reception;
pub mod resample;
pub mod rtcp;
pub mod source;
pub mod stream;
pub mod tone;
pub mod wav;

pub use codec::Codec;
pub use dtmf::{DtmfReceiver, DtmfSender};
pub use goertzel::power_share;
pub use inband::InbandReceiver;
pub use packet::{Header, Packet};
pub use reception::Reception;
pub use source::{SourceLock, Verdict};
pub use stream::{OutStream, Stamp};

/// Samples per second of every codec here, and of the RTP clock that goes with it.
pub const RATE: u32 = 8_000;

/// Samples (and, in G.711, bytes) in one frame of 20 ms.
pub const FRAME: usize = 160;

/// Static payload type of comfort noise (RFC 3389): the sender is alive but silent.
pub const COMFORT_NOISE: u8 = 13;
