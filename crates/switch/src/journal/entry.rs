//! What is in a journal.

use std::io;
use std::sync::Arc;

use borsh::{BorshDeserialize, BorshSerialize};
use engine::{FirstIds, Input};
use model::{Directory, TenantId, Timestamp};

use super::hash::Hash;

/// One record of a journal.
#[derive(Debug)]
pub enum Entry {
    /// Everything as it stood; the first record of every segment.
    Snapshot(Snapshot),
    /// A domain's engine was made.
    Domain(Domain),
    /// An input to a domain's engine.
    Input(Given),
    /// The hash of all that has come out so far.
    Checkpoint(Hash),
    /// The process ended in order after this.
    Closed(Hash),
}

/// An input to a domain's engine, and when.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Given {
    /// The domain.
    pub tenant: TenantId,
    /// The moment it was applied at.
    pub at: Timestamp,
    /// The input.
    pub input: Input,
}

/// A domain's engine was made.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Domain {
    /// What was provisioned.
    pub directory: Arc<Directory>,
    /// Where its ids began.
    pub first: FirstIds,
    /// The last number before its first event.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
}

/// Everything as it stood between two inputs.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Snapshot {
    /// The hash of all that had come out until then.
    pub hash: Hash,
    /// The latest moment that any engine had seen.
    pub at: Timestamp,
    /// The domains, by id.
    pub hosts: Vec<HostState>,
}

/// One domain as it stood.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HostState {
    /// The domain.
    pub tenant: TenantId,
    /// The number of its last event.
    pub seq: u64,
    /// The number of its last event of which the store keeps something; 0 for none.
    pub kept_seq: u64,
    /// What [`engine::Engine::save`] gave.
    pub engine: Vec<u8>,
}

/// What a record's kind byte says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Snapshot = 1,
    Domain = 2,
    Input = 3,
    Checkpoint = 4,
    Closed = 5,
    /// In no segment: a file of its own has it.
    HandOver = 6,
}

impl Kind {
    pub(crate) const fn of(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Snapshot),
            2 => Some(Self::Domain),
            3 => Some(Self::Input),
            4 => Some(Self::Checkpoint),
            5 => Some(Self::Closed),
            6 => Some(Self::HandOver),
            _ => None,
        }
    }
}

impl Entry {
    /// Reads the content of a record of this kind.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] if it is anything else, or more.
    pub(crate) fn decode(kind: Kind, payload: &[u8]) -> io::Result<Self> {
        Ok(match kind {
            Kind::Snapshot => Self::Snapshot(Snapshot::try_from_slice(payload)?),
            Kind::Domain => Self::Domain(Domain::try_from_slice(payload)?),
            Kind::Input => Self::Input(Given::try_from_slice(payload)?),
            Kind::Checkpoint => Self::Checkpoint(Hash::try_from_slice(payload)?),
            Kind::Closed => Self::Closed(Hash::try_from_slice(payload)?),
            Kind::HandOver => return Err(io::Error::new(io::ErrorKind::InvalidData, "it is in no segment")),
        })
    }
}
