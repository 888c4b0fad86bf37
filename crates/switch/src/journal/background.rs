//! The disk's own pace: a thread that makes it keep what was written, and removes what is past its time.

use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use model::Timestamp;

use super::{SYNC_EVERY, Settings, segment};

/// What the thread and the journal share.
#[derive(Default)]
struct Shared {
    work: Mutex<Work>,
    wake: Condvar,
    failed: AtomicBool,
}

#[derive(Default)]
struct Work {
    /// Files with bytes that the disk may not have yet; two at a change of segment.
    written: Vec<Arc<File>>,
    /// Look for segments past their time, at this moment.
    prune: Option<Timestamp>,
    stopping: bool,
}

impl Shared {
    /// A panic elsewhere while it was locked leaves work that is whole: each change is one step.
    fn lock(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread. It ends, after a last look at the disk, when this is dropped.
pub(crate) struct Background {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    pub(crate) fn start(folder: PathBuf, settings: Settings) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let run = move || run(&theirs, &folder, &settings);
        let thread = std::thread::Builder::new().name("journal".into()).spawn(run)?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// The disk shall keep what was written to this file, soon.
    pub(crate) fn written(&self, file: &Arc<File>) {
        let mut work = self.shared.lock();
        if !work.written.iter().any(|known| Arc::ptr_eq(known, file)) {
            work.written.push(Arc::clone(file));
            self.shared.wake.notify_one();
        }
    }

    /// A segment was begun: old ones may go.
    pub(crate) fn prune(&self, now: Timestamp) {
        self.shared.lock().prune = Some(now);
        self.shared.wake.notify_one();
    }

    /// Whether the disk has refused to keep something since this was last asked.
    pub(crate) fn take_failed(&self) -> bool {
        self.shared.failed.swap(false, Ordering::Relaxed)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.shared.lock().stopping = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's thread had failed");
        }
    }
}

fn run(shared: &Shared, folder: &std::path::Path, settings: &Settings) {
    loop {
        let idle = |work: &mut Work| work.written.is_empty() && work.prune.is_none() && !work.stopping;
        let mut work = shared.wake.wait_while(shared.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        let (written, prune, stopping) =
            (std::mem::take(&mut work.written), work.prune.take(), work.stopping);
        drop(work);
        for file in written {
            if let Err(error) = file.sync_data() {
                tracing::error!(%error, "the disk does not keep the journal; a new segment is begun");
                shared.failed.store(true, Ordering::Relaxed);
            }
        }
        if let Some(now) = prune {
            match segment::prune(folder, settings.keep, settings.bytes_max, now) {
                Ok(0) => {}
                Ok(removed) => tracing::debug!(removed, "old segments of the journal were removed"),
                Err(error) => tracing::warn!(%error, "old segments of the journal cannot be removed"),
            }
            match segment::prune_aside(folder, settings.keep, now) {
                Ok(0) => {}
                Ok(removed) => {
                    tracing::info!(removed, "journals of other versions, kept aside, were removed")
                }
                Err(error) => tracing::warn!(%error, "a journal that was kept aside cannot be removed"),
            }
        }
        if stopping {
            return;
        }
        let pause = shared.wake.wait_timeout_while(shared.lock(), SYNC_EVERY, |work| !work.stopping);
        drop(pause);
    }
}
