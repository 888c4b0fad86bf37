//! Writing: records gather in memory during a turn and go to the file with one write at its end.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use borsh::BorshSerialize;
use engine::{Engine, Input, Outbox};
use model::{TenantId, Timestamp};
use tokio::sync::watch;

use super::background::Background;
use super::entry::{Domain, HostState, Kind, Snapshot};
use super::error::JournalError;
use super::frame::{self, FORMAT, HEAD_LENGTH, Header, MAGIC};
use super::hand_over::{Job, Leaving};
use super::hash::{Hash, Rolling};
use super::seal::{Cipher, Key};
use super::{CHECKPOINT_EVERY, HAND_OVER_EVERY, Settings, Sync, segment};

/// How long after a failure the next try is made.
const RETRY: Duration = Duration::from_secs(1);
/// Memory that the buffer of a turn keeps for the next.
const BUFFER_KEPT: usize = 1024 * 1024;

/// How a journal is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// What leaves was written before.
    #[default]
    Good,
    /// The disk refuses: live calls go on unrecorded, new ones are not taken.
    Failing,
}

/// Where a journal goes on.
#[derive(Clone, Debug)]
pub struct Begin {
    /// Its folder.
    pub folder: PathBuf,
    /// Its key.
    pub key: Key,
    /// How it is kept.
    pub settings: Settings,
    /// The number of its next segment.
    pub segment: u64,
    /// The hash of all that has come out so far.
    pub hash: Hash,
}

/// A journal that is being written. One thread owns it.
pub struct Journal {
    folder: PathBuf,
    key: Key,
    settings: Settings,
    next_segment: u64,
    current: Option<Current>,
    rolling: Rolling,
    next_checkpoint: u64,
    /// Whole records of this turn.
    buffer: Vec<u8>,
    failed_at: Option<Timestamp>,
    health: watch::Sender<Health>,
    background: Background,
    leaving: Leaving,
    /// When a hand-over was last written, and after how many inputs.
    left: (Timestamp, u64),
}

/// The segment that is being written.
struct Current {
    path: PathBuf,
    file: Arc<File>,
    cipher: Cipher,
    /// Bytes in the file.
    bytes: u64,
    /// How many of them are the header and the snapshot.
    begins: u64,
    index: u32,
    inputs: u64,
}

impl Journal {
    /// A journal that goes on as `begin` says. It takes inputs after the first [`Journal::begin_segment`].
    ///
    /// # Errors
    /// [`JournalError::Io`] if no thread can be started.
    pub fn new(begin: Begin) -> Result<Self, JournalError> {
        let Begin { folder, key, settings, segment, hash } = begin;
        let background = Background::start(folder.clone(), settings).map_err(JournalError::io(&folder))?;
        let leaving = Leaving::start(folder.clone(), key.clone()).map_err(JournalError::io(&folder))?;
        Ok(Self {
            folder,
            key,
            settings,
            next_segment: segment,
            current: None,
            rolling: Rolling::from(hash),
            next_checkpoint: hash.inputs.saturating_add(CHECKPOINT_EVERY),
            buffer: Vec::new(),
            failed_at: None,
            health: watch::Sender::default(),
            background,
            leaving,
            left: (Timestamp::ZERO, hash.inputs),
        })
    }

    /// How it is doing, for those who watch.
    #[must_use]
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    /// Whether the disk refuses.
    #[must_use]
    pub const fn is_failing(&self) -> bool {
        self.failed_at.is_some()
    }

    /// Whether a new segment should be begun now: this one is full, or the disk may take one again.
    #[must_use]
    pub fn wants_segment(&self, now: Timestamp) -> bool {
        match (self.failed_at, &self.current) {
            (Some(failed_at), _) => now.since(failed_at) >= RETRY,
            (None, None) => true,
            (None, Some(current)) => {
                current.bytes.saturating_sub(current.begins) >= self.settings.segment_bytes_max
                    || current.inputs >= self.settings.segment_inputs_max
                    || current.index >= u32::MAX / 2
            }
        }
    }

    /// The hash so far, for the snapshot that begins a segment; a stretch ends with it.
    pub fn checkpoint(&mut self) -> Hash {
        let hash = self.rolling.checkpoint();
        self.next_checkpoint = hash.inputs.saturating_add(CHECKPOINT_EVERY);
        hash
    }

    /// Begins a segment with `snapshot`, whose hash is that of [`Journal::checkpoint`]. What was recorded in this
    /// turn is in the snapshot, so it is written to the segment before only if that can be.
    ///
    /// # Errors
    /// [`JournalError`]; the journal is failing then, and the caller may go on without it.
    pub fn begin_segment(&mut self, snapshot: &Snapshot, now: Timestamp) -> Result<(), JournalError> {
        if let Some(current) = &mut self.current {
            let failing = self.failed_at.is_some();
            let hash = snapshot.hash;
            let whole = failing || current.record(&mut self.buffer, Kind::Checkpoint, &hash);
            if !failing && (!whole || current.write(&self.buffer).is_err()) {
                tracing::warn!(path = %current.path.display(), "the end of a journal's segment is not written");
            }
            self.background.written(&current.file);
        }
        self.buffer.clear();
        self.current = None;
        let begun = Current::begin(&self.folder, &self.key, self.next_segment, snapshot, now);
        // A number is never used twice: what a failed try has left is not touched again.
        self.next_segment = self.next_segment.saturating_add(1);
        match begun {
            Ok(current) => {
                self.background.written(&current.file);
                self.background.prune(now);
                self.current = Some(current);
                self.leave(snapshot.hosts.clone(), now, (false, false));
                if self.failed_at.take().is_some() {
                    tracing::info!("the journal is being written again");
                }
                self.health
                    .send_if_modified(|health| std::mem::replace(health, Health::Good) != Health::Good);
                Ok(())
            }
            Err(error) => {
                self.fail(&error.to_string(), now);
                Err(error)
            }
        }
    }

    /// Whether it is time to write a hand-over for another version of the program.
    #[must_use]
    pub fn wants_hand_over(&self, now: Timestamp) -> bool {
        let (at, inputs) = self.left;
        self.failed_at.is_none() && self.rolling.inputs() != inputs && now.since(at) >= HAND_OVER_EVERY
    }

    /// Has a hand-over written from the domains as they stand.
    pub fn hand_over(&mut self, hosts: Vec<HostState>, now: Timestamp) {
        self.leave(hosts, now, (false, true));
    }

    fn leave(&mut self, hosts: Vec<HostState>, at: Timestamp, (closed, settled): (bool, bool)) {
        self.left = (at, self.rolling.inputs());
        let segment = self.next_segment.saturating_sub(1);
        self.leaving.leave(Job { segment, closed, at, hosts, settled });
    }

    /// Records an input before it is applied.
    ///
    /// Keys pressed are recorded as the engine is told of them: secret ones were hidden before that, by the gateway.
    pub fn input(&mut self, tenant: TenantId, at: Timestamp, input: &Input) {
        self.record(Kind::Input, &(tenant, at, input), at);
        if let Some(current) = &mut self.current {
            current.inputs += 1;
        }
    }

    /// Takes note of what the input led to, for the hash.
    pub fn step(&mut self, out: &Outbox, now: Timestamp) {
        self.rolling.step(out);
        if self.rolling.inputs() >= self.next_checkpoint {
            let hash = self.checkpoint();
            self.record(Kind::Checkpoint, &hash, now);
        }
    }

    /// Records that a domain's engine was made.
    pub fn domain(&mut self, domain: &Domain) {
        self.record(Kind::Domain, domain, domain.at);
    }

    /// Writes what this turn has recorded; when this returns, a killed process loses nothing of it. A failure is
    /// told to those who watch, and tried again with a new segment later.
    pub fn commit(&mut self, now: Timestamp) {
        if self.background.take_failed() {
            self.fail("the disk did not keep what was written", now);
        }
        if self.buffer.is_empty() {
            return;
        }
        if self.failed_at.is_none()
            && let Some(current) = &mut self.current
        {
            match current.write(&self.buffer).and_then(|()| match self.settings.sync {
                Sync::Always => current.file.sync_data(),
                Sync::Interval => Ok(()),
            }) {
                Ok(()) if self.settings.sync == Sync::Interval => self.background.written(&current.file),
                Ok(()) => {}
                Err(error) => {
                    let why = format!("{}: {error}", current.path.display());
                    self.fail(&why, now);
                }
            }
        }
        self.buffer.clear();
        self.buffer.shrink_to(BUFFER_KEPT);
    }

    /// Ends the journal in order, after a last snapshot: the next start has nothing to run again.
    ///
    /// # Errors
    /// [`JournalError`] if that cannot be written; the next start recovers as after a crash then.
    pub fn close(mut self, snapshot: &Snapshot, now: Timestamp) -> Result<(), JournalError> {
        self.begin_segment(snapshot, now)?;
        self.record(Kind::Closed, &snapshot.hash, now);
        let Some(current) = &mut self.current else { return Ok(()) };
        current.write(&self.buffer).map_err(JournalError::io(&current.path))?;
        current.file.sync_all().map_err(JournalError::io(&current.path))?;
        self.leave(snapshot.hosts.clone(), now, (true, true));
        Ok(())
    }

    /// The state has no form that could be written: told like any other failure.
    pub(crate) fn refused(&mut self, error: &std::io::Error, now: Timestamp) -> JournalError {
        self.fail(&error.to_string(), now);
        JournalError::content(&self.folder, error.to_string())
    }

    fn record(&mut self, kind: Kind, content: &impl BorshSerialize, now: Timestamp) {
        if self.failed_at.is_some() {
            return;
        }
        let Some(current) = &mut self.current else { return };
        if !current.record(&mut self.buffer, kind, content) {
            self.fail("a record has no form or is too long", now);
        }
    }

    fn fail(&mut self, why: &str, now: Timestamp) {
        if self.failed_at.replace(now).is_none() {
            tracing::error!(
                why,
                "the journal cannot be written: live calls go on, new ones are refused; free space on the disk"
            );
        }
        self.health.send_if_modified(|health| std::mem::replace(health, Health::Failing) != Health::Failing);
    }
}

impl Current {
    fn begin(
        folder: &Path,
        key: &Key,
        number: u64,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Self, JournalError> {
        let path = segment::path(folder, number);
        let prefix = rand::random();
        let header = Header {
            format: FORMAT,
            state: Engine::STATE_VERSION,
            segment: number,
            begun_at: now.0,
            prefix,
            key: key.name(),
        };
        let file = Arc::new(segment::create(&path)?);
        let cipher = Cipher::new(key, prefix, number);
        let mut current = Self { path, file, cipher, bytes: 0, begins: 0, index: 0, inputs: 0 };
        let mut begins = header.bytes(MAGIC).to_vec();
        if !current.record(&mut begins, Kind::Snapshot, snapshot) {
            return Err(JournalError::content(&current.path, "a snapshot is too long for the journal"));
        }
        let written = current.write(&begins).and_then(|()| File::open(folder)?.sync_all());
        if let Err(source) = written {
            // Half a segment would only be in the way; if it stays, the next start passes over it.
            let _left = std::fs::remove_file(&current.path);
            return Err(JournalError::io(&current.path)(source));
        }
        current.begins = current.bytes;
        Ok(current)
    }

    /// Appends a sealed record to `buffer`; false, and nothing appended, if it is too long.
    #[must_use]
    fn record(&mut self, buffer: &mut Vec<u8>, kind: Kind, content: &impl BorshSerialize) -> bool {
        let begin = buffer.len();
        buffer.resize(begin + HEAD_LENGTH, 0);
        let whole = borsh::to_writer(&mut *buffer, content).is_ok()
            && buffer
                .get_mut(begin + HEAD_LENGTH..)
                .and_then(|payload| self.cipher.seal(self.index, kind as u8, payload))
                .is_some_and(|tag| {
                    buffer.extend_from_slice(&tag);
                    buffer.get_mut(begin..).is_some_and(|frame| frame::finish(frame, self.index, kind))
                });
        if whole {
            self.index += 1;
        } else {
            buffer.truncate(begin);
        }
        whole
    }

    /// Writes whole records. A write that fails in the middle is taken back as far as that can be.
    fn write(&mut self, records: &[u8]) -> std::io::Result<()> {
        (&*self.file).write_all(records).inspect_err(|_| {
            // If that fails too, a reader finds a torn end, as after a crash.
            let _torn = self.file.set_len(self.bytes);
        })?;
        self.bytes += records.len() as u64;
        Ok(())
    }
}
