//! Carries out what is to be done outside: e-mails with messages, invitations and reports, and messages put into text.
//!
//! What is to be done is in the database ([`store::outbox`]) before anybody tries it, and goes from there when it
//! is done or given up. One task for each kind of errand; it waits for no call and no call for it. While the other
//! side cannot be reached at all, one errand at a time tries it, with growing pauses.

pub(crate) mod carriers;
pub(crate) mod invitations;
pub(crate) mod mails;
mod report_texts;
pub(crate) mod reports;
pub(crate) mod schedule;
mod texts;
pub(crate) mod transcripts;

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use model::Timestamp;
use store::{Errand, OutboxRow, Store};
use switch::Clock;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// How long a stop waits for errands that are under way.
const STOP_GRACE: Duration = Duration::from_secs(3);
/// How long to wait when the database cannot be read or written.
const DATABASE_PAUSE: Duration = Duration::from_secs(2);
/// How long to wait when the switch is too busy to be asked.
const BUSY_PAUSE: Duration = Duration::from_secs(1);
/// The longest sleep: the clock may have been set.
const SLEEP_MAX: Duration = Duration::from_secs(600);

/// How often and for how long something is tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// The pause after the first failure; it doubles.
    pub(crate) first: Duration,
    /// The longest pause of one errand.
    pub(crate) pause_max: Duration,
    /// The longest pause of all while the other side cannot be reached.
    pub(crate) hold_max: Duration,
    /// An errand older than this is given up.
    pub(crate) give_up: Duration,
    /// Most under way at once.
    pub(crate) at_once: usize,
}

/// What came of an errand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is done.
    Done,
    /// There is nothing to do any more.
    Pointless,
    /// The switch could not be asked; that counts as no try.
    Busy,
    /// It may be done later. With `all`, nothing else can be done before either.
    Failed { what: String, all: bool },
    /// It can never be done.
    Hopeless(String),
}

/// Who carries one kind of errand out.
pub(crate) trait Carrier: Send + Sync + 'static {
    /// Which kind.
    const ERRAND: Errand;
    /// The counter of what came of them.
    const FIGURE: &'static str;
    /// What an errand is called in the log.
    const CALLED: &'static str;

    /// Carries it out once.
    fn carry(&self, row: OutboxRow) -> impl Future<Output = Outcome> + Send;
}

/// A running task that carries out one kind of errand.
pub(crate) struct Outbox {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Outbox {
    /// Starts it; `written` changes when there may be something new to do.
    pub(crate) fn start<C: Carrier>(
        carrier: C,
        store: Store,
        written: watch::Receiver<u64>,
        pace: Pace,
    ) -> Self {
        let (stop, stopping) = watch::channel(false);
        let worker = Worker {
            carrier: Arc::new(carrier),
            store,
            clock: Clock::start(),
            pace,
            under_way: JoinSet::new(),
            ids: BTreeSet::new(),
            failures: 0,
            held_until: Timestamp::ZERO,
        };
        Self { stop, task: tokio::spawn(worker.run(written, stopping)) }
    }

    /// Lets what is under way end, if it does so soon.
    pub(crate) async fn stop(self) {
        let _ended = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the outbox has failed");
        }
    }
}

struct Worker<C> {
    carrier: Arc<C>,
    store: Store,
    clock: Clock,
    pace: Pace,
    under_way: JoinSet<(OutboxRow, Outcome)>,
    ids: BTreeSet<i64>,
    /// How often in a row the other side could not be reached.
    failures: u32,
    /// Nothing is tried before, if there were any.
    held_until: Timestamp,
}

impl<C: Carrier> Worker<C> {
    async fn run(mut self, mut written: watch::Receiver<u64>, mut stopping: watch::Receiver<bool>) {
        loop {
            let pause = match self.begin().await {
                Ok(next) => next.since(self.clock.now()).min(SLEEP_MAX),
                Err(error) => {
                    tracing::error!(%error, "the outbox cannot be read; it is tried again");
                    DATABASE_PAUSE
                }
            };
            tokio::select! {
                Some(ended) = self.under_way.join_next() => match ended {
                    Ok((row, outcome)) => self.ended(&row, outcome).await,
                    Err(error) => tracing::error!(%error, "an errand has failed"),
                },
                // The writer of errands ends after this task.
                _ = written.changed() => {}
                () = tokio::time::sleep(pause) => {}
                _ = stopping.changed() => break,
            }
        }
        let rest = async {
            while let Some(ended) = self.under_way.join_next().await {
                if let Ok((row, outcome)) = ended {
                    self.ended(&row, outcome).await;
                }
            }
        };
        // What is not done by then is done after the next start.
        let _late = tokio::time::timeout(STOP_GRACE, rest).await;
    }

    /// Begins what is due, as far as there is room; says when there is more to do.
    async fn begin(&mut self) -> Result<Timestamp, store::StoreError> {
        let now = self.clock.now();
        let waiting = self.store.outbox_count(C::ERRAND).await?;
        metrics::gauge!("cordboard_outbox", "errand" => C::CALLED).set(waiting as f64);
        let at_once = if self.failures > 0 { 1 } else { self.pace.at_once };
        let room = at_once.saturating_sub(self.under_way.len());
        let never = now.after(SLEEP_MAX);
        if room == 0 {
            return Ok(never);
        }
        if self.failures > 0 && self.held_until > now {
            return Ok(self.held_until);
        }
        let limit = u32::try_from(room + self.ids.len() + 1).unwrap_or(u32::MAX);
        let rows = self.store.outbox(C::ERRAND, limit).await?;
        let mut room = room;
        for row in rows.into_iter().filter(|row| !self.ids.contains(&row.id)).collect::<Vec<_>>() {
            // Further ahead than any pause: the clock was set back.
            let due = row.due_at <= now || row.due_at > now.after(self.pace.pause_max * 2);
            if !due {
                return Ok(row.due_at);
            }
            if room == 0 {
                return Ok(never);
            }
            room -= 1;
            self.ids.insert(row.id);
            let carrier = self.carrier.clone();
            self.under_way.spawn(async move { (row, carrier.carry(row).await) });
        }
        Ok(never)
    }

    async fn ended(&mut self, row: &OutboxRow, outcome: Outcome) {
        let now = self.clock.now();
        let (message, tries) = (row.record.0, row.tries.saturating_add(1));
        let count = |outcome| metrics::counter!(C::FIGURE, "outcome" => outcome).increment(1);
        match outcome {
            Outcome::Done => {
                self.reached();
                count("taken");
                tracing::info!(id = message, tries, "{} was taken", C::CALLED);
                self.remove(row).await;
            }
            Outcome::Pointless => self.remove(row).await,
            Outcome::Busy => self.put_off(row, now.after(BUSY_PAUSE), row.tries).await,
            Outcome::Hopeless(what) => {
                self.reached();
                count("given_up");
                tracing::error!(id = message, what, "{} is given up", C::CALLED);
                self.remove(row).await;
            }
            Outcome::Failed { what, .. } if now.since(row.made_at) >= self.pace.give_up => {
                count("given_up");
                let called = C::CALLED;
                tracing::error!(id = message, tries, what, "{called} is given up");
                self.remove(row).await;
            }
            Outcome::Failed { what, all } => {
                if all {
                    self.failures = self.failures.saturating_add(1);
                    self.held_until = now.after(self.pause(self.failures).min(self.pace.hold_max));
                } else {
                    self.reached();
                }
                count("failed");
                let pause = self.pause(tries);
                let seconds = pause.as_secs();
                let called = C::CALLED;
                tracing::warn!(id = message, tries, seconds, what, "{called} failed; it is tried again");
                self.put_off(row, now.after(pause), tries).await;
            }
        }
        self.ids.remove(&row.id);
    }

    fn reached(&mut self) {
        self.failures = 0;
    }

    /// The pause after so many failures.
    fn pause(&self, failures: u32) -> Duration {
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        self.pace.first.saturating_mul(doubled.max(1)).min(self.pace.pause_max)
    }

    async fn remove(&self, row: &OutboxRow) {
        while let Err(error) = self.store.outbox_remove(row.id).await {
            // To go on would be to do it twice.
            tracing::error!(%error, "a done errand cannot be noted; it is tried again");
            tokio::time::sleep(DATABASE_PAUSE).await;
        }
    }

    async fn put_off(&self, row: &OutboxRow, due: Timestamp, tries: u32) {
        while let Err(error) = self.store.outbox_put_off(row.id, due, tries).await {
            tracing::error!(%error, "an errand cannot be put off; it is tried again");
            tokio::time::sleep(DATABASE_PAUSE).await;
        }
    }
}

#[cfg(test)]
mod tests;
