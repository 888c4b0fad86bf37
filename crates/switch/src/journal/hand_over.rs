//! The hand-over: a file beside the segments that another version of the program can read, when it cannot read them.
//!
//! It has a header like a segment's and one sealed record, the borsh form of [`Left`], whose version is apart from
//! that of the engines' state and does not grow with it. It is written anew at the begin of each segment, every
//! [`HAND_OVER_EVERY`] and at the end, by a thread of its own from a copy of the state, so no decision waits for it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use borsh::{BorshDeserialize, BorshSerialize};
use engine::{Engine, HandOver, HandOver6};
use model::{TenantId, Timestamp};

use super::entry::{HostState, Kind};
use super::error::JournalError;
use super::frame::{self, FORMAT, Frame, HEAD_LENGTH, HEADER_LENGTH, Header};
use super::seal::{Cipher, Key};

/// What the file begins with.
const MAGIC: [u8; 8] = *b"CORDHAND";
/// The newest hand-over.
pub(crate) const NEWEST: &str = "hand-over.cbh";
/// What another version has left and is being taken over.
pub(crate) const TAKEN: &str = "taken-over.cbh";
/// Most bytes of such a file that are read.
const READ_MAX: u64 = 512 * 1024 * 1024;

/// What a switch leaves to one of another version.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Left {
    /// The segment that was being written.
    pub(crate) segment: u64,
    /// Nothing came after it: the process ended in order.
    pub(crate) closed: bool,
    /// When it was made.
    pub(crate) at: Timestamp,
    /// The domains.
    pub(crate) domains: Vec<Handed>,
}

/// One domain of it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Handed {
    /// The domain.
    pub(crate) tenant: TenantId,
    /// The number of its last event.
    pub(crate) seq: u64,
    /// What people would miss of it.
    pub(crate) state: HandOver,
}

/// As a program of version 6 has left it.
#[derive(BorshSerialize, BorshDeserialize)]
struct Left6 {
    segment: u64,
    closed: bool,
    at: Timestamp,
    domains: Vec<(TenantId, u64, HandOver6)>,
}

impl From<Left6> for Left {
    fn from(Left6 { segment, closed, at, domains }: Left6) -> Self {
        let handed =
            |(tenant, seq, state): (TenantId, u64, HandOver6)| Handed { tenant, seq, state: state.into() };
        Self { segment, closed, at, domains: domains.into_iter().map(handed).collect() }
    }
}

/// Writes a hand-over in place of an older one: whole, or not at all.
///
/// # Errors
/// [`JournalError`]; the older one is still there then.
pub(crate) fn write(folder: &Path, name: &str, key: &Key, left: &Left) -> Result<(), JournalError> {
    let path = folder.join(name);
    let prefix = rand::random();
    let header = Header {
        format: FORMAT,
        state: HandOver::VERSION,
        segment: left.segment,
        begun_at: left.at.0,
        prefix,
        key: key.name(),
    };
    let mut bytes = header.bytes(MAGIC).to_vec();
    bytes.resize(HEADER_LENGTH + HEAD_LENGTH, 0);
    let too_long = || JournalError::content(&path, "a hand-over is too long");
    borsh::to_writer(&mut bytes, left).map_err(JournalError::io(&path))?;
    let payload = bytes.get_mut(HEADER_LENGTH + HEAD_LENGTH..).unwrap_or_default();
    let cipher = Cipher::new(key, prefix, left.segment);
    let tag = cipher.seal(0, Kind::HandOver as u8, payload).ok_or_else(too_long)?;
    bytes.extend_from_slice(&tag);
    let record = bytes.get_mut(HEADER_LENGTH..).unwrap_or_default();
    if !frame::finish(record, 0, Kind::HandOver) {
        return Err(too_long());
    }
    let new = path.with_extension("new");
    let written = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&new, &path)?;
        File::open(folder)?.sync_all()
    };
    written().map_err(JournalError::io(&path))
}

/// Reads a hand-over; none if there is none.
///
/// # Errors
/// [`JournalError`]: of a version that is not known even of this form, sealed with another key, or damaged.
pub(crate) fn read(folder: &Path, name: &str, key: &Key) -> Result<Option<Left>, JournalError> {
    let path = folder.join(name);
    match std::fs::metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(JournalError::io(&path)(error)),
        Ok(about) if about.len() > READ_MAX => return Err(JournalError::content(&path, "it is too long")),
        Ok(_) => {}
    }
    let bytes = std::fs::read(&path).map_err(JournalError::io(&path))?;
    let damaged = || JournalError::content(&path, "the hand-over is damaged");
    let header = Header::read(&bytes, MAGIC).ok().flatten().ok_or_else(damaged)?;
    let known = [HandOver6::VERSION, HandOver::VERSION];
    if header.format != FORMAT || !known.contains(&header.state) {
        let found = format!("{}.{}", header.format, header.state);
        let known = format!("{FORMAT}.{}", HandOver::VERSION);
        return Err(JournalError::Version { path, found, known });
    }
    if header.key != key.name() {
        return Err(JournalError::Key { path });
    }
    let frame = Frame::read(&bytes, HEADER_LENGTH).ok_or_else(damaged)?;
    let cipher = Cipher::new(key, header.prefix, header.segment);
    let payload = cipher.open(0, Kind::HandOver as u8, frame.payload).ok_or_else(damaged)?;
    let left = if header.state == HandOver6::VERSION {
        Left6::try_from_slice(&payload).map(Left::from)
    } else {
        Left::try_from_slice(&payload)
    };
    Ok(Some(left.map_err(|_| damaged())?))
}

/// A state to be left.
pub(crate) struct Job {
    pub(crate) segment: u64,
    pub(crate) closed: bool,
    pub(crate) at: Timestamp,
    pub(crate) hosts: Vec<HostState>,
    /// What another version had left is in it.
    pub(crate) settled: bool,
}

impl Job {
    fn left(self) -> io::Result<Left> {
        let Self { segment, closed, at, hosts, .. } = self;
        let handed = |HostState { tenant, seq, engine, .. }: HostState| {
            // How long what is handed over lasts is for whoever takes it over, by limits of its own.
            let engine = Engine::load(&engine, engine::Limits::default())?;
            Ok(Handed { tenant, seq, state: engine.hand_over(at) })
        };
        let domains = hosts.into_iter().map(handed).collect::<io::Result<_>>()?;
        Ok(Left { segment, closed, at, domains })
    }
}

/// The thread that writes them. It ends, after the last one, when this is dropped.
pub(crate) struct Leaving {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    next: Mutex<Next>,
    wake: Condvar,
}

/// What is to be written next: a newer state takes the place of one that nobody has begun with.
#[derive(Default)]
struct Next {
    job: Option<Job>,
    stopping: bool,
}

impl Shared {
    /// A panic elsewhere while it was locked leaves a whole value: each change is one step.
    fn lock(&self) -> MutexGuard<'_, Next> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leaving {
    pub(crate) fn start(folder: PathBuf, key: Key) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let run = move || run(&folder, &key, &theirs);
        let thread = std::thread::Builder::new().name("hand-over".into()).spawn(run)?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Leaves this, soon.
    pub(crate) fn leave(&self, job: Job) {
        self.shared.lock().job = Some(job);
        self.shared.wake.notify_one();
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.shared.lock().stopping = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that writes hand-overs had failed");
        }
    }
}

fn run(folder: &Path, key: &Key, shared: &Shared) {
    loop {
        let idle = |next: &mut Next| next.job.is_none() && !next.stopping;
        let mut next = shared.wake.wait_while(shared.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        let Some(job) = next.job.take() else { return };
        drop(next);
        let settled = job.settled;
        let left = job.left().map_err(JournalError::io(folder));
        match left.and_then(|left| write(folder, NEWEST, key, &left)) {
            Ok(()) if settled => {
                // It may never have been there.
                let _none = std::fs::remove_file(folder.join(TAKEN));
            }
            Ok(()) => {}
            Err(error) => {
                tracing::warn!(%error, "no hand-over for another version of this program was written")
            }
        }
    }
}
