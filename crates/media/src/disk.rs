//! The disk, on a thread of its own: recordings are written and read there, and nobody waits for it.
//!
//! A recording is written under another name, and takes its own when it is whole and safe on the disk: what is
//! there under its own name is never half of something. What a crash has left under the other name can be
//! [salvaged](salvage).

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rtp::RATE;
use rtp::resample::resample;
use rtp::wav::{HEAD_LEN, Wav};

use crate::player::Prompt;
use crate::shared::Shared;
use crate::{EndpointId, MediaEvent, RecordEnd};

/// Bytes of a recording that is read to be played: an hour and more.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// Recordings waiting to be read for a listener; beyond, a listener hears none.
const LOADS_MAX: usize = 1_024;

/// What is done with a file that was read; `None` if it could not be.
pub(crate) type Then = Box<dyn FnOnce(Option<Arc<Prompt>>) + Send>;

/// One recording as its worker and the disk share it.
#[derive(Debug)]
pub(crate) struct Take {
    endpoint: EndpointId,
    record: u64,
    file: PathBuf,
    in_step: bool,
    failed: AtomicBool,
}

impl Take {
    pub(crate) fn new(endpoint: EndpointId, record: u64, file: PathBuf, in_step: bool) -> Take {
        Take { endpoint, record, file, in_step, failed: AtomicBool::new(false) }
    }

    /// Whether it cannot be written any more.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    fn fail(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }
}

enum Job {
    Begin(Arc<Take>),
    Write(Arc<Take>, Vec<i16>),
    /// Keeps so many samples.
    Finish(Arc<Take>, u64, RecordEnd),
    Load(PathBuf, Then),
    Erase(u64, PathBuf),
    Stop,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    chunks: usize,
    loads: usize,
}

/// The way to the disk's thread. Begin, finish and stop always fit: they are bounded by the number of endpoints.
pub(crate) struct Disk {
    waiting: Mutex<Waiting>,
    ready: Condvar,
    chunks_max: usize,
}

impl Disk {
    pub(crate) fn new(chunks_max: usize) -> Disk {
        Disk { waiting: Mutex::default(), ready: Condvar::new(), chunks_max }
    }

    pub(crate) fn begin(&self, take: &Arc<Take>) {
        self.push(self.lock(), Job::Begin(Arc::clone(take)));
    }

    /// Appends samples. A disk that does not keep up fails the recording.
    pub(crate) fn write(&self, take: &Arc<Take>, samples: Vec<i16>) {
        let mut waiting = self.lock();
        if waiting.chunks >= self.chunks_max {
            tracing::error!(file = %take.file.display(), "the disk does not keep up: a recording was lost");
            return take.fail();
        }
        waiting.chunks += 1;
        self.push(waiting, Job::Write(Arc::clone(take), samples));
    }

    pub(crate) fn finish(&self, take: &Arc<Take>, samples: u64, why: RecordEnd) {
        self.push(self.lock(), Job::Finish(Arc::clone(take), samples, why));
    }

    pub(crate) fn load(&self, file: PathBuf, then: Then) {
        let mut waiting = self.lock();
        if waiting.loads >= LOADS_MAX {
            drop(waiting);
            return then(None);
        }
        waiting.loads += 1;
        self.push(waiting, Job::Load(file, then));
    }

    /// Removes a file. They are as many at most as there were recordings.
    pub(crate) fn erase(&self, erase: u64, file: PathBuf) {
        self.push(self.lock(), Job::Erase(erase, file));
    }

    /// The thread ends when it has done all that was asked before.
    pub(crate) fn stop(&self) {
        self.push(self.lock(), Job::Stop);
    }

    fn push(&self, mut waiting: MutexGuard<'_, Waiting>, job: Job) {
        waiting.jobs.push_back(job);
        drop(waiting);
        self.ready.notify_one();
    }

    fn take(&self) -> Job {
        let mut waiting = self.lock();
        loop {
            if let Some(job) = waiting.jobs.pop_front() {
                match job {
                    Job::Write(..) => waiting.chunks -= 1,
                    Job::Load(..) => waiting.loads -= 1,
                    Job::Begin(_) | Job::Finish(..) | Job::Erase(..) | Job::Stop => {}
                }
                return job;
            }
            waiting = self.ready.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The disk's thread.
pub(crate) struct Writer {
    shared: Arc<Shared>,
    open: BTreeMap<(EndpointId, u64), File>,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>) -> Writer {
        Writer { shared, open: BTreeMap::new() }
    }

    /// Runs until it is told to stop.
    pub(crate) fn run(mut self) {
        loop {
            match self.shared.disk.take() {
                Job::Begin(take) => match self.begin(&take) {
                    Ok(file) => drop(self.open.insert((take.endpoint, take.record), file)),
                    Err(error) => self.lose(&take, &error),
                },
                Job::Write(take, samples) => {
                    if let Err(error) = self.write(&take, &samples) {
                        self.lose(&take, &error);
                    }
                }
                Job::Finish(take, samples, why) => self.finish(&take, samples, why),
                Job::Load(path, then) => then(load(&path)),
                Job::Erase(erase, path) => self.erase(erase, &path),
                Job::Stop => return,
            }
        }
    }

    fn begin(&self, take: &Take) -> io::Result<File> {
        if let Some(folder) = take.file.parent() {
            fs::create_dir_all(folder)?;
        }
        self.has_room(take)?;
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(part(&take.file))?;
        file.write_all(&Wav::head(RATE, None))?;
        Ok(file)
    }

    fn write(&mut self, take: &Take, samples: &[i16]) -> io::Result<()> {
        if take.has_failed() {
            return Ok(());
        }
        self.has_room(take)?;
        let Some(file) = self.open.get_mut(&(take.endpoint, take.record)) else { return Ok(()) };
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        file.write_all(&bytes)
    }

    /// Others need the disk, too: the journal and the database must never find it full because of a message.
    fn has_room(&self, take: &Take) -> io::Result<()> {
        let folder = take.file.parent().unwrap_or(Path::new("."));
        let disk = nix::sys::statvfs::statvfs(folder)?;
        let free = disk.blocks_available().saturating_mul(disk.fragment_size());
        let least = self.shared.limits.record_free_min;
        if free < least {
            let text = format!("the disk has {} MiB left, and {} stay free", free >> 20, least >> 20);
            return Err(io::Error::new(io::ErrorKind::StorageFull, text));
        }
        Ok(())
    }

    /// From here on the worker knows that there is nothing to record, and ends it.
    fn lose(&mut self, take: &Take, error: &io::Error) {
        take.fail();
        let begun = self.open.remove(&(take.endpoint, take.record)).filter(|_| take.in_step);
        // Half a message is none; of a talk what there is counts.
        let kept = begun.is_some_and(|file| keep_begun(&file, &take.file).is_ok());
        if !kept {
            let _absent = fs::remove_file(part(&take.file));
        }
        let what = if kept { "cut off" } else { "lost" };
        tracing::error!(file = %take.file.display(), %error, "a recording was {what}: make room, or mend the disk");
    }

    fn finish(&mut self, take: &Take, samples: u64, why: RecordEnd) {
        let file = self.open.remove(&(take.endpoint, take.record)).filter(|_| !take.has_failed());
        let kept = match file {
            None => Err(None),
            Some(_) if samples == 0 => {
                let _absent = fs::remove_file(part(&take.file));
                Ok(())
            }
            Some(file) => keep(&file, samples, &take.file).map_err(Some),
        };
        if let Err(Some(error)) = &kept {
            self.lose(take, error);
        } else if kept.is_err() {
            let _absent = fs::remove_file(part(&take.file));
        }
        let (length, why) = match kept {
            Ok(()) => (length_of(samples), why),
            Err(_) => (Duration::ZERO, RecordEnd::Failed),
        };
        let (endpoint, record) = (take.endpoint, take.record);
        (self.shared.sink)(MediaEvent::RecordEnded { endpoint, record, length, why });
    }
}

impl Writer {
    fn erase(&self, erase: u64, path: &Path) {
        match fs::remove_file(path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // It is asked for again at the next start.
            Err(error) => {
                return tracing::error!(file = %path.display(), %error, "a recording cannot be removed");
            }
        }
        (self.shared.sink)(MediaEvent::Erased { erase });
    }
}

/// Makes a whole file of what has come so far.
fn keep_begun(file: &File, path: &Path) -> io::Result<()> {
    let head = u64::try_from(HEAD_LEN).unwrap_or(0);
    keep(file, file.metadata()?.len().saturating_sub(head) / 2, path)
}

/// Makes a whole file of what was written, under its own name, safe on the disk.
fn keep(mut file: &File, samples: u64, path: &Path) -> io::Result<()> {
    let head = Wav::head(RATE, usize::try_from(samples).ok());
    file.set_len(u64::try_from(HEAD_LEN).unwrap_or(0) + samples * 2)?;
    file.rewind()?;
    file.write_all(&head)?;
    file.sync_all()?;
    fs::rename(part(path), path)?;
    match path.parent() {
        // The new name, too.
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn load(path: &Path) -> Option<Arc<Prompt>> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let wav = read().map_err(|error| error.to_string());
    match wav.and_then(|bytes| Wav::parse(&bytes).map_err(|error| error.to_string())) {
        Ok(wav) => Some(Arc::new(Prompt::new(&resample(&wav.samples, wav.rate, RATE)))),
        Err(error) => {
            tracing::error!(file = %path.display(), error, "a recording cannot be played");
            None
        }
    }
}

/// The name of a recording until it is whole.
fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

fn length_of(samples: u64) -> Duration {
    Duration::from_micros(samples.saturating_mul(1_000_000) / u64::from(RATE))
}

/// What there was of a recording after a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Salvaged {
    /// It is whole, or was made so from what had been written, and is so long.
    Kept(Duration),
    /// There is nothing of it.
    Nothing,
}

/// Makes a recording whole that a crash has cut off; one that is whole already is left as it is. Less than a second
/// is nothing. Reads and writes the disk: for the start of a process, before there are calls.
///
/// # Errors
/// The disk cannot be read or written; the file stays for another try.
pub fn salvage(file: &Path) -> io::Result<Salvaged> {
    let head = u64::try_from(HEAD_LEN).unwrap_or(0);
    let samples = |bytes: u64| bytes.saturating_sub(head) / 2;
    match fs::metadata(file) {
        Ok(whole) => return Ok(Salvaged::Kept(length_of(samples(whole.len())))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let cut = match OpenOptions::new().write(true).open(part(file)) {
        Ok(cut) => cut,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Salvaged::Nothing),
        Err(error) => return Err(error),
    };
    let samples = samples(cut.metadata()?.len());
    if samples < u64::from(RATE) {
        fs::remove_file(part(file))?;
        return Ok(Salvaged::Nothing);
    }
    keep(&cut, samples, file)?;
    Ok(Salvaged::Kept(length_of(samples)))
}
