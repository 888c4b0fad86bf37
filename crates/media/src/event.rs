//! What the media plane tells.

use crate::{EndpointId, EndpointStats};

/// Something has happened on an endpoint. After [`MediaEvent::Closed`] nothing more is told of it.
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
