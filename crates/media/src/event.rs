//! What the media plane tells.

use std::time::Duration;

use crate::{EndpointId, EndpointStats};

/// Why a recording ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordEnd {
    /// It was stopped, replaced, or its endpoint closed.
    Stopped,
    /// It became as long as it may.
    Max,
    /// The party has said nothing for the time set.
    Silence,
    /// It could not be written; there is no file. The log has the reason.
    Failed,
}

/// Something has happened on an endpoint. After [`MediaEvent::Closed`] nothing more is told of it, but for the end
/// of its recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// A key was pressed; told once, at its first packet.
    Digit {
        /// Where.
        endpoint: EndpointId,
        /// `0` to `9`, `*`, `#`, `A` to `D`.
        digit: char,
    },
    /// The last sound has been heard to its end, or none of them could be played. Not told of what was
    /// stopped, replaced or ended by a bridge.
    PlayEnded {
        /// Where.
        endpoint: EndpointId,
        /// As given with the command.
        play: u64,
    },
    /// A recording has ended and is safe on the disk, or there is none. Told once for each.
    RecordEnded {
        /// Where.
        endpoint: EndpointId,
        /// As given with the command.
        record: u64,
        /// How long it is, the silence at its end apart. Zero if nothing was said: there is no file then.
        length: Duration,
        /// Why it ended.
        why: RecordEnd,
    },
    /// A file is gone, or was not there; told once for each [`MediaPlane::erase`](crate::MediaPlane::erase) that
    /// did it.
    Erased {
        /// As given with the command.
        erase: u64,
    },
    /// RTP is expected and none has come for the time set; told once for each negotiation.
    Silent {
        /// Where.
        endpoint: EndpointId,
    },
    /// The endpoint is gone and its ports are back in the pool.
    Closed {
        /// Which.
        endpoint: EndpointId,
        /// What it has seen.
        stats: EndpointStats,
    },
}
