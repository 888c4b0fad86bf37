//! The rolling hash: what two runs of the same inputs are compared by.
//!
//! SHA-256 over the borsh form of every step's outbox. At each checkpoint the digest so far is taken and the
//! next stretch begins with it, so a run can also begin at a snapshot.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
use engine::Outbox;
use sha2::{Digest as _, Sha256};

/// A hash, and how many inputs are in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Hash {
    /// Inputs since the journal began.
    pub inputs: u64,
    /// SHA-256.
    pub digest: [u8; 32],
}

impl fmt::Display for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digest.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// The hash as it grows.
pub(crate) struct Rolling {
    /// The latest checkpoint.
    latest: Hash,
    inputs: u64,
    hasher: Sha256,
    bytes: Vec<u8>,
}

impl Rolling {
    /// Goes on from a hash.
    pub(crate) fn from(hash: Hash) -> Self {
        let hasher = Sha256::new_with_prefix(hash.digest);
        Self { latest: hash, inputs: hash.inputs, hasher, bytes: Vec::new() }
    }

    pub(crate) const fn inputs(&self) -> u64 {
        self.inputs
    }

    /// Adds what one input led to.
    pub(crate) fn step(&mut self, out: &Outbox) {
        self.inputs += 1;
        self.bytes.clear();
        // Writing to memory fails only where a value has no form at all; then its step counts as empty, here as
        // in every other run.
        if borsh::to_writer(&mut self.bytes, out).is_err() {
            self.bytes.clear();
        }
        self.hasher.update(&self.bytes);
    }

    /// The hash so far; the next stretch begins with it. Without an input since the latest it is the latest.
    pub(crate) fn checkpoint(&mut self) -> Hash {
        if self.inputs != self.latest.inputs {
            self.latest = Hash { inputs: self.inputs, digest: self.hasher.finalize_reset().into() };
            self.hasher.update(self.latest.digest);
        }
        self.latest
    }
}
