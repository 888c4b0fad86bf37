//! A journal run again: the same engines, the same inputs, at the same moments.
//!
//! What comes out is compared with the hashes that were recorded when it happened, and at every later snapshot
//! the whole state with the one recorded. [`replay`] is for looking; recovery goes the same way to find where a
//! process that was killed had come to.

use std::path::PathBuf;
use std::sync::Arc;

use engine::Outbox;
use model::{TenantId, Timestamp};

use crate::host::{self, Host, Hosts};
use crate::journal::{Entry, Hash, JournalError, Reader, Record, Rolling, Snapshot};
use crate::publish::Published;
use crate::run::SwitchLimits;

/// What a replay found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// The hash at the end.
    pub hash: Hash,
    /// Inputs that were run.
    pub inputs: u64,
    /// Recorded hashes and states that were compared.
    pub compared: u64,
    /// The first of them that was another.
    pub difference: Option<Difference>,
    /// Stretches that were not recorded, because the disk was full: the run went on from the next snapshot.
    pub gaps: u64,
    /// Whether the last process ended in order.
    pub closed: bool,
}

/// Where a replay came to another result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The segment.
    pub segment: u64,
    /// The hash that was recorded, with its inputs.
    pub recorded: Hash,
    /// The hash that came out.
    pub found: Hash,
    /// Whether the hashes are equal and the states are not.
    pub in_state: bool,
}

/// Runs a whole journal again.
///
/// # Errors
/// [`JournalError`] if it cannot be read. A difference is none: it is in the result.
pub fn replay(reader: Reader, limits: &SwitchLimits) -> Result<Replayed, JournalError> {
    let mut run = Run::new(limits.clone(), Compare::States);
    for record in reader {
        run.take(record?, None)?;
    }
    Ok(run.end())
}

/// How closely a run is compared with what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    /// Hashes only.
    Hashes,
    /// At every snapshot the whole state too.
    States,
}

/// A run as far as it has come.
pub(crate) struct Run {
    limits: SwitchLimits,
    compare: Compare,
    pub(crate) hosts: Hosts,
    rolling: Option<Rolling>,
    /// The latest moment of any input.
    pub(crate) at: Timestamp,
    found: Replayed,
    out: Outbox,
}

/// Whom a run tells what has happened.
pub(crate) type Listener<'a> = &'a mut dyn FnMut(TenantId, Arc<Published>);

impl Run {
    pub(crate) fn new(limits: SwitchLimits, compare: Compare) -> Self {
        Self {
            limits,
            compare,
            hosts: Hosts::new(),
            rolling: None,
            at: Timestamp::ZERO,
            found: Replayed::default(),
            out: Outbox::default(),
        }
    }

    /// Takes the next record; `listener` hears what it led to, if there is one.
    pub(crate) fn take(
        &mut self,
        record: Record,
        listener: Option<Listener<'_>>,
    ) -> Result<(), JournalError> {
        let Record { segment, entry, .. } = record;
        self.found.closed = false;
        match entry {
            Entry::Snapshot(snapshot) => return self.snapshot(segment, &snapshot),
            Entry::Domain(domain) => {
                let tenant = domain.directory.tenant.id;
                self.hosts.insert(tenant, Host::new(&domain, &self.limits));
                self.at = self.at.max(domain.at);
            }
            Entry::Input(given) => {
                self.at = self.at.max(given.at);
                let Some(host) = self.hosts.get_mut(&given.tenant) else {
                    return Err(wrong(segment, "it names a domain that never began"));
                };
                host.apply(given.input, given.at, &mut self.out);
                if let Some(rolling) = &mut self.rolling {
                    rolling.step(&self.out);
                }
                self.found.inputs += 1;
                match listener {
                    None => host.count(&self.out),
                    Some(listener) => {
                        host.number(given.at, &mut self.out, |published| listener(given.tenant, published));
                    }
                }
            }
            Entry::Checkpoint(hash) => self.compare(segment, hash),
            Entry::Closed(hash) => {
                self.compare(segment, hash);
                self.found.closed = true;
            }
        }
        Ok(())
    }

    /// The hash of all that has come out; recovery goes on from it.
    pub(crate) fn hash(&mut self) -> Hash {
        self.rolling.as_mut().map(Rolling::checkpoint).unwrap_or_default()
    }

    pub(crate) fn end(mut self) -> Replayed {
        self.found.hash = self.hash();
        self.found
    }

    fn snapshot(&mut self, segment: u64, snapshot: &Snapshot) -> Result<(), JournalError> {
        let begins = self.rolling.is_none();
        let follows = !begins && self.hash().inputs == snapshot.hash.inputs;
        if follows {
            self.compare(segment, snapshot.hash);
            if self.compare == Compare::States
                && host::save(&self.hosts).ok().as_ref() != Some(&snapshot.hosts)
            {
                let (recorded, found) = (snapshot.hash, self.hash());
                let in_state = recorded == found;
                self.found.difference.get_or_insert(Difference { segment, recorded, found, in_state });
            }
            return Ok(());
        }
        self.found.gaps += u64::from(!begins);
        self.hosts = host::load(&snapshot.hosts, &self.limits)
            .map_err(|error| wrong(segment, &format!("its snapshot cannot be understood: {error}")))?;
        self.rolling = Some(Rolling::from(snapshot.hash));
        self.at = self.at.max(snapshot.at);
        Ok(())
    }

    fn compare(&mut self, segment: u64, recorded: Hash) {
        let found = self.hash();
        self.found.compared += 1;
        if found != recorded {
            self.found.difference.get_or_insert(Difference { segment, recorded, found, in_state: false });
            // What follows is compared by itself.
            self.rolling = Some(Rolling::from(recorded));
        }
    }
}

fn wrong(segment: u64, what: &str) -> JournalError {
    JournalError::content(&PathBuf::from(format!("segment {segment} of the journal")), what)
}
