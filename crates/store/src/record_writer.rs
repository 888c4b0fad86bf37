//! Keeps call records and the agent log behind the callers' backs: nobody who ends a call waits for the disk.
//!
//! What is pushed waits in memory until it is committed. While the database refuses (disk full, locked for too
//! long), it is kept and tried again, up to a limit; past that it is counted as lost, loudly.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::CallRecord;
use model::{CallId, TenantId};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::agent_log::AgentLogEntry;
use crate::error::StoreError;
use crate::outbox::NewErrand;
use crate::store::Store;

/// Most that are written in one transaction.
const BATCH_MAX: usize = 256;
/// How long a batch gathers before it is written: a transaction costs the same for one record as for fifty, and
/// what waits can be looked at all the same.
const GATHER: Duration = Duration::from_millis(500);
/// How many wait before it is said that the disk does not keep up.
const QUEUE_USUAL_MAX: usize = 4_096;
/// How many wait at most; beyond, they are lost.
const QUEUE_MAX: usize = 65_536;
/// The wait after the first failure; it doubles.
const RETRY_FIRST: Duration = Duration::from_millis(100);
/// The longest wait between tries.
const RETRY_MAX: Duration = Duration::from_secs(5);
/// How often a failing write is tried again while the server goes down.
const SHUTDOWN_TRIES: u32 = 8;

/// What waits.
#[derive(Clone, Debug)]
enum Kept {
    Call(TenantId, u64, Arc<CallRecord>),
    AgentLog(TenantId, u64, Arc<AgentLogEntry>),
    Errand(TenantId, u64, NewErrand),
}

/// How the writer is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriterStats {
    /// How many wait now.
    pub waiting: usize,
    /// How many were committed.
    pub written: u64,
    /// How many came while more than usual waited.
    pub spilled: u64,
    /// How many were lost because the limit was reached.
    pub lost: u64,
    /// How many writes failed and were tried again.
    pub failures: u64,
    /// Whether the latest write failed.
    pub failing: bool,
}

/// The background writer. Push into it from anywhere; shut it down before the store is closed.
#[derive(Debug)]
pub struct RecordWriter {
    shared: Arc<Shared>,
    task: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    queue: Mutex<Queue>,
    /// Something was pushed.
    pushed: Notify,
    /// A whole batch waits.
    full: Notify,
    /// How often errands were written, for those who carry them out.
    errands: watch::Sender<u64>,
    /// The stats after each write, for those who wait for it.
    stats: watch::Sender<WriterStats>,
    stopping: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Queue {
    items: VecDeque<Kept>,
    stats: WriterStats,
}

impl Shared {
    /// A panic elsewhere while it was locked leaves a queue that is whole: each change is one step.
    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self) {
        let stats = self.stats();
        self.stats.send_replace(stats);
    }

    fn stats(&self) -> WriterStats {
        let queue = self.lock();
        WriterStats { waiting: queue.items.len(), ..queue.stats }
    }
}

impl RecordWriter {
    /// Starts the writer on the current runtime.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            pushed: Notify::new(),
            full: Notify::new(),
            errands: watch::Sender::default(),
            stats: watch::Sender::default(),
            stopping: watch::Sender::default(),
        });
        let task = tokio::spawn(run(store, Arc::clone(&shared)));
        Self { shared, task: Mutex::new(Some(task)) }
    }

    /// Takes a call record, with the number of the event that it came with. Never waits.
    pub fn push(&self, tenant: TenantId, seq: u64, record: Arc<CallRecord>) {
        self.take(Kept::Call(tenant, seq, record));
    }

    /// Takes an entry of the agent log, with the number of its event. Never waits.
    pub fn push_agent_log(&self, tenant: TenantId, seq: u64, entry: AgentLogEntry) {
        self.take(Kept::AgentLog(tenant, seq, Arc::new(entry)));
    }

    /// Takes something that is to be done outside, with the number of its event. Never waits.
    pub fn push_errand(&self, tenant: TenantId, seq: u64, errand: NewErrand) {
        self.take(Kept::Errand(tenant, seq, errand));
    }

    /// Changes whenever errands were written.
    #[must_use]
    pub fn errands(&self) -> watch::Receiver<u64> {
        self.shared.errands.subscribe()
    }

    /// Errands were changed beside the writer: who carries them out looks again.
    pub fn errands_changed(&self) {
        self.shared.errands.send_modify(|written| *written += 1);
    }

    /// Whether more wait than usual: who can, should wait before pushing more.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.shared.lock().items.len() >= QUEUE_USUAL_MAX
    }

    /// A record that was pushed and is not committed yet, so that a call is never in neither place.
    #[must_use]
    pub fn pending(&self, tenant: TenantId, call: CallId) -> Option<Arc<CallRecord>> {
        let queue = self.shared.lock();
        queue.items.iter().rev().find_map(|item| match item {
            Kept::Call(of, _, record) if *of == tenant && record.call == call => Some(Arc::clone(record)),
            Kept::Call(..) | Kept::AgentLog(..) | Kept::Errand(..) => None,
        })
    }

    /// All records of a domain that were pushed and are not committed yet, oldest first.
    #[must_use]
    pub fn pending_calls(&self, tenant: TenantId) -> Vec<Arc<CallRecord>> {
        let queue = self.shared.lock();
        let of_tenant = queue.items.iter().filter_map(|item| match item {
            Kept::Call(of, _, record) if *of == tenant => Some(Arc::clone(record)),
            Kept::Call(..) | Kept::AgentLog(..) | Kept::Errand(..) => None,
        });
        of_tenant.collect()
    }

    /// How it is doing.
    #[must_use]
    pub fn stats(&self) -> WriterStats {
        self.shared.stats()
    }

    /// Waits until all that was pushed before is committed or lost.
    pub async fn flush(&self) {
        let mut stats = self.shared.stats.subscribe();
        while self.shared.stats().waiting > 0 {
            if stats.changed().await.is_err() {
                return;
            }
        }
    }

    /// Waits until the writer's stats are as `wanted`, and returns them.
    pub async fn until(&self, wanted: impl Fn(&WriterStats) -> bool) -> WriterStats {
        let mut stats = self.shared.stats.subscribe();
        loop {
            let now = self.shared.stats();
            if wanted(&now) || stats.changed().await.is_err() {
                return now;
            }
        }
    }

    /// Writes what waits and stops. What could not be written after some tries is still `waiting` in the
    /// result: it is lost with the process. A second call only returns the stats.
    pub async fn shutdown(&self) -> WriterStats {
        self.shared.stopping.send_replace(true);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the writer of call records has failed");
        }
        let stats = self.shared.stats();
        if stats.waiting > 0 {
            tracing::error!(waiting = stats.waiting, "call records could not be written before the end");
        }
        stats
    }

    fn take(&self, item: Kept) {
        let mut queue = self.shared.lock();
        if queue.items.len() >= QUEUE_MAX {
            queue.stats.lost += 1;
            let lost = queue.stats.lost;
            drop(queue);
            // Each power of two: loud at once, and never a flood.
            if lost.is_power_of_two() {
                tracing::error!(lost, "call records are being lost: the database does not take them");
            }
            return;
        }
        if queue.items.len() >= QUEUE_USUAL_MAX {
            queue.stats.spilled += 1;
            if queue.items.len() == QUEUE_USUAL_MAX {
                tracing::warn!(waiting = QUEUE_USUAL_MAX, "the database does not keep up with call records");
            }
        }
        queue.items.push_back(item);
        let waiting = queue.items.len();
        drop(queue);
        if waiting == 1 {
            self.shared.pushed.notify_one();
        }
        if waiting == BATCH_MAX {
            self.shared.full.notify_one();
        }
    }
}

async fn run(store: Store, shared: Arc<Shared>) {
    let mut stopping = shared.stopping.subscribe();
    let mut retry = RETRY_FIRST;
    let mut tries_left = SHUTDOWN_TRIES;
    loop {
        let waiting = shared.lock().items.len();
        if waiting == 0 {
            if *stopping.borrow() {
                return;
            }
            tokio::select! {
                () = shared.pushed.notified() => {}
                _ = stopping.changed() => {}
            }
            continue;
        }
        if waiting < BATCH_MAX && !*stopping.borrow() {
            tokio::select! {
                () = tokio::time::sleep(GATHER) => {}
                () = shared.full.notified() => {}
                _ = stopping.changed() => {}
            }
        }
        let batch: Vec<Kept> = shared.lock().items.iter().take(BATCH_MAX).cloned().collect();
        match write(&store, &batch).await {
            Ok(()) => {
                written(&shared, batch.len());
                if batch.iter().any(|item| matches!(item, Kept::Errand(..))) {
                    shared.errands.send_modify(|written| *written += 1);
                }
                retry = RETRY_FIRST;
            }
            Err(error) => {
                failed(&shared, &error);
                if *stopping.borrow() {
                    tries_left -= 1;
                    if tries_left == 0 {
                        return;
                    }
                }
                wait(&mut stopping, retry).await;
                retry = (retry * 2).min(RETRY_MAX);
            }
        }
    }
}

/// Waits before the next try; the news that the server goes down cuts it short once.
async fn wait(stopping: &mut watch::Receiver<bool>, time: Duration) {
    let known = *stopping.borrow_and_update();
    if known {
        tokio::time::sleep(time.min(RETRY_FIRST)).await;
        return;
    }
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stopping.changed() => {}
    }
}

fn written(shared: &Shared, count: usize) {
    let mut queue = shared.lock();
    queue.items.drain(..count);
    queue.stats.written += count as u64;
    let recovered = std::mem::replace(&mut queue.stats.failing, false);
    drop(queue);
    if recovered {
        tracing::info!("call records are being written again");
    }
    shared.publish();
}

fn failed(shared: &Shared, error: &StoreError) {
    let mut queue = shared.lock();
    queue.stats.failures += 1;
    let first = !std::mem::replace(&mut queue.stats.failing, true);
    let waiting = queue.items.len();
    drop(queue);
    if first {
        tracing::error!(%error, waiting, "call records cannot be written; they are kept and tried again");
    }
    shared.publish();
}

async fn write(store: &Store, batch: &[Kept]) -> Result<(), StoreError> {
    let (mut calls, mut log, mut errands) = (Vec::new(), Vec::new(), Vec::new());
    let mut last: BTreeMap<TenantId, u64> = BTreeMap::new();
    for item in batch {
        let (tenant, seq) = match item {
            Kept::Call(tenant, seq, record) => {
                calls.push((*tenant, record.as_ref()));
                (tenant, seq)
            }
            Kept::AgentLog(tenant, seq, entry) => {
                log.push((*tenant, Some(*seq), entry.as_ref()));
                (tenant, seq)
            }
            Kept::Errand(tenant, seq, errand) => {
                errands.push((*tenant, *errand));
                (tenant, seq)
            }
        };
        // Events come in the order of their numbers.
        last.insert(*tenant, *seq);
    }
    let mut tx = store.begin_write().await?;
    crate::call_record::append(&mut tx, &calls).await?;
    crate::agent_log::append(&mut tx, &log).await?;
    crate::outbox::put(&mut tx, &errands).await?;
    for (tenant, seq) in last {
        crate::kept_events::note(&mut tx, tenant, seq).await?;
    }
    tx.commit().await?;
    Ok(())
}
