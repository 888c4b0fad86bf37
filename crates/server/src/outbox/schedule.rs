//! Looks when reports are due, and takes them into the outbox then.
//!
//! That each is taken once is the store's matter, in one transaction with its mails; in here is only when to look: when
//! the next one is due, when something was provisioned, and every minute in case the clock was set.

use std::time::Duration;

use store::Store;
use switch::Clock;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::DATABASE_PAUSE;

/// The longest sleep: the clock may have been set.
const SLEEP_MAX: Duration = Duration::from_secs(60);

/// A running look-out.
pub(crate) struct Schedule {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Schedule {
    /// Starts it; `changes` tells that something was provisioned.
    pub(crate) fn start(store: Store, changes: watch::Receiver<u64>) -> Self {
        let (stop, stopping) = watch::channel(false);
        Self { stop, task: tokio::spawn(run(store, changes, stopping)) }
    }

    /// Ends it.
    pub(crate) async fn stop(self) {
        let _ended = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the schedule of reports has failed");
        }
    }
}

async fn run(store: Store, mut changes: watch::Receiver<u64>, mut stopping: watch::Receiver<bool>) {
    let mut changing = true;
    loop {
        // A running clock keeps the wall time it began with, and the machine's may have been set since.
        let now = Clock::start().now();
        let pause = match store.reports_take(now).await {
            Ok((taken, next)) => {
                if taken > 0 {
                    tracing::info!(mails = taken, "reports are due");
                }
                next.map_or(SLEEP_MAX, |next| next.since(now).min(SLEEP_MAX))
            }
            Err(error) => {
                tracing::error!(%error, "whether reports are due cannot be read; it is tried again");
                DATABASE_PAUSE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            changed = changes.changed(), if changing => changing = changed.is_ok(),
            _ = stopping.changed() => return,
        }
    }
}
