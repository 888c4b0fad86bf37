//! The journal: every input that decides, on disk before its consequences leave the process.
//!
//! A journal is a folder of segments, files that only grow. Each begins with a header and a [`Snapshot`] of all
//! engines; then the inputs follow, in order, with the hash of what they led to at every
//! [`CHECKPOINT_EVERY`]th and at the end. So the newest snapshot and the inputs after it give the state at the
//! last whole record, and any segment can be run again by itself and compared.
//!
//! # The form on disk
//!
//! | Part | Bytes |
//! |---|---|
//! | header | magic 8, format 2, state 2, segment 8, begun at 8, nonce prefix 8, key name 8, CRC-32 4 |
//! | record | length of the payload 4, CRC-32 of the rest 4, index 4, kind 1, payload |
//!
//! All numbers are little-endian. A payload is the borsh form of an [`Entry`]'s content, sealed with
//! AES-256-GCM: numbers and keys pressed are never on disk in clear. The nonce is the segment's random prefix
//! and the record's index, so no two records share one; segment and kind are authenticated with it.
//!
//! # What a crash leaves
//!
//! A process that is killed leaves whole records and perhaps a piece of one: [`Reader`] stops before it, and
//! recovery cuts it off. Damage with whole records after it is no crash but a broken disk, and is an error.
//!
//! # What another version reads
//!
//! A segment of another state cannot be run again. Beside the segments lies a hand-over (`hand-over.cbh`) in a form
//! of its own that does not grow with the state: a start of another version keeps the folder aside and goes on from
//! that.
//!
//! # What a power cut takes
//!
//! With [`Sync::Interval`] at most what was written within the last [`SYNC_EVERY`] and the time the disk took
//! for it; with [`Sync::Always`] nothing that has left the process. `kill -9` takes nothing in either.

mod background;
mod entry;
mod error;
pub(crate) mod frame;
pub(crate) mod hand_over;
mod hash;
mod reader;
mod seal;
mod segment;
mod writer;

#[cfg(test)]
mod tests;

use std::time::Duration;

pub use entry::{Domain, Entry, Given, HostState, Snapshot};
pub use error::JournalError;
pub use hash::Hash;
pub(crate) use hash::Rolling;
pub(crate) use reader::first_snapshot;
pub use reader::{Last, Reader, Record, Torn};
pub use seal::Key;
pub(crate) use segment::aside;
pub use segment::{Segment, segments};
pub use writer::{Begin, Health, Journal};

/// Inputs between two recorded hashes.
pub const CHECKPOINT_EVERY: u64 = 1_000;
/// The longest that what was written waits for the disk, under [`Sync::Interval`].
pub const SYNC_EVERY: Duration = Duration::from_millis(50);
/// How often a hand-over for another version of the program is written, while anything happens.
pub const HAND_OVER_EVERY: Duration = Duration::from_secs(5 * 60);
/// Most bytes of one record's payload; a snapshot of ten thousand busy agents is a hundredth of it.
pub const PAYLOAD_MAX: usize = 512 * 1024 * 1024;
/// Most bytes of one segment that are read.
pub const SEGMENT_READ_MAX: u64 = 2 * 1024 * 1024 * 1024;

/// When the disk is made to keep what was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sync {
    /// In the background, at most [`SYNC_EVERY`] later.
    #[default]
    Interval,
    /// Before anything leaves: each turn waits for the disk.
    Always,
}

/// How a journal is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// When the disk is made to keep what was written.
    pub sync: Sync,
    /// Old segments are kept for so long.
    pub keep: Duration,
    /// All segments together are at most so many bytes; the oldest go first.
    pub bytes_max: u64,
    /// Bytes after which a new segment is begun.
    pub segment_bytes_max: u64,
    /// Inputs after which a new segment is begun: what a start has to run again at most.
    pub segment_inputs_max: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sync: Sync::Interval,
            keep: Duration::from_secs(35 * 24 * 60 * 60),
            bytes_max: 4_096 * 1024 * 1024,
            segment_bytes_max: 64 * 1024 * 1024,
            segment_inputs_max: 100_000,
        }
    }
}
