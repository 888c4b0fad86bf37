//! Tells webhooks what happens.
//!
//! For each domain that has webhooks a [`follower`] writes what they are to be told, durably and with how far it has
//! read, before anybody tries to send it. For each webhook a [`sender`] sends it: of one object one after the other,
//! with retries, and without waiting for any other webhook. [`live`] is what the interface sees of it.

mod follower;
pub(crate) mod live;
mod post;
mod sender;
mod time;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::TenantId;
use outbound::http::Client;
use store::Store;
use store::webhook::state::Subscriber;
use switch::{Clock, Handle};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use self::follower::Follower;
use self::sender::Sender;
pub(crate) use self::time::Time;

/// Most requests at once, of all webhooks of all domains.
const AT_ONCE_MAX: usize = 128;
/// How often figures are taken, old deliveries removed, and what could not be read is read again.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(15);
/// How long to wait when the database cannot be read or written.
const DATABASE_PAUSE: Duration = Duration::from_secs(2);
/// How long a stop waits for what is under way.
const STOP_GRACE: Duration = Duration::from_secs(3);

/// What followers, senders and the interface share.
pub(crate) struct Shared<T = Clock> {
    pub(crate) store: Store,
    pub(crate) client: Client,
    pub(crate) time: T,
    /// Room for requests.
    room: Semaphore,
    /// Wakes senders, by webhook.
    wakes: Mutex<BTreeMap<u64, Arc<Notify>>>,
}

impl<T: Time> Shared<T> {
    pub(crate) fn new(store: Store, client: Client, time: T) -> Arc<Self> {
        let room = Semaphore::new(AT_ONCE_MAX);
        Arc::new(Self { store, client, time, room, wakes: Mutex::default() })
    }

    /// Has a webhook's sender look at once.
    fn wake(&self, webhook: u64) {
        if let Some(wake) = self.wakes.lock().unwrap_or_else(PoisonError::into_inner).get(&webhook) {
            wake.notify_one();
        }
    }
}

/// Running webhooks.
pub(crate) struct Hooks {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Hooks {
    /// Starts them. `changes` tells that something was provisioned.
    pub(crate) fn start<T: Time>(
        shared: Arc<Shared<T>>,
        switch: Handle,
        changes: watch::Receiver<u64>,
    ) -> Self {
        let (stop, stopping) = watch::channel(false);
        let supervisor =
            Supervisor { shared, switch, stopping, followers: BTreeMap::new(), senders: BTreeMap::new() };
        Self { stop, task: tokio::spawn(supervisor.run(changes)) }
    }

    /// Writes what was published before the switch ended, and lets requests end that do so soon. The switch has to
    /// be stopped before.
    pub(crate) async fn stop(self) {
        let _ended = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the webhooks have failed");
        }
    }
}

/// A task that ends with whoever started it.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A running follower, and the way to tell it whom it writes for.
struct Following {
    webhooks: watch::Sender<Arc<[Subscriber]>>,
    task: Task,
}

struct Supervisor<T> {
    shared: Arc<Shared<T>>,
    switch: Handle,
    stopping: watch::Receiver<bool>,
    followers: BTreeMap<TenantId, Following>,
    senders: BTreeMap<u64, Task>,
}

impl<T: Time> Supervisor<T> {
    async fn run(mut self, mut changes: watch::Receiver<u64>) {
        let mut upkeep = tokio::time::interval(UPKEEP_INTERVAL);
        upkeep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stopping = self.stopping.clone();
        let mut known = false;
        loop {
            tokio::select! {
                // An interval's first tick is at once: so it begins.
                _ = upkeep.tick() => {
                    self.upkeep().await;
                    if !known {
                        known = self.settle().await;
                    }
                }
                Ok(()) = changes.changed() => known = self.settle().await,
                _ = stopping.changed() => break,
            }
        }
        self.end().await;
    }

    /// Starts and ends followers and senders, as webhooks are provisioned; says whether they could be read.
    async fn settle(&mut self) -> bool {
        match self.try_settle().await {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(%error, "the webhooks cannot be read; it is tried again");
                false
            }
        }
    }

    async fn try_settle(&mut self) -> Result<(), store::StoreError> {
        let mut domains: BTreeMap<TenantId, Vec<Subscriber>> = BTreeMap::new();
        for subscriber in self.shared.store.webhook_subscribers().await? {
            domains.entry(subscriber.tenant).or_default().push(subscriber);
        }
        let wanted: Vec<u64> = domains.values().flatten().map(|subscriber| subscriber.id).collect();
        self.settle_senders(&wanted);
        self.followers.retain(|tenant, _| domains.contains_key(tenant));
        for tenant in self.shared.store.webhook_followed().await? {
            if !domains.contains_key(&tenant) {
                self.shared.store.webhook_leave(tenant).await?;
            }
        }
        for (tenant, webhooks) in domains {
            let webhooks: Arc<[Subscriber]> = webhooks.into();
            if let Some(following) = self.followers.get(&tenant) {
                following.webhooks.send_replace(webhooks);
                continue;
            }
            let (sender, receiver) = watch::channel(webhooks);
            let follower = Follower::new(tenant, self.shared.clone(), self.switch.clone(), receiver);
            let task = Task(tokio::spawn(follower.run()));
            self.followers.insert(tenant, Following { webhooks: sender, task });
        }
        Ok(())
    }

    fn settle_senders(&mut self, wanted: &[u64]) {
        let mut wakes = self.shared.wakes.lock().unwrap_or_else(PoisonError::into_inner);
        self.senders.retain(|webhook, _| wanted.contains(webhook));
        wakes.retain(|webhook, _| wanted.contains(webhook));
        for &webhook in wanted {
            let wake = wakes.entry(webhook).or_default();
            // It may be sent elsewhere now, or not be paused any more.
            wake.notify_one();
            let (shared, wake, stopping) = (self.shared.clone(), wake.clone(), self.stopping.clone());
            self.senders
                .entry(webhook)
                .or_insert_with(|| Task(tokio::spawn(Sender::new(webhook, shared, wake).run(stopping))));
        }
    }

    async fn upkeep(&self) {
        let (store, now) = (&self.shared.store, self.shared.time.now());
        let swept = async {
            while store.webhook_sweep(now).await? {}
            store.webhook_figures().await
        };
        match swept.await {
            Ok((waiting, paused)) => {
                metrics::gauge!("cordboard_webhook_deliveries").set(waiting as f64);
                metrics::gauge!("cordboard_webhooks_paused").set(paused as f64);
            }
            Err(error) => tracing::error!(%error, "old deliveries of webhooks cannot be removed"),
        }
    }

    async fn end(self) {
        for (tenant, mut following) in self.followers {
            // It ends by itself once it has written all that the switch had said.
            if tokio::time::timeout(STOP_GRACE, &mut following.task.0).await.is_err() {
                tracing::error!(tenant.id = tenant.0, "the last events were not written for webhooks");
            }
        }
        for (webhook, mut task) in self.senders {
            if let Err(error) = (&mut task.0).await {
                tracing::error!(%error, webhook.id = webhook, "the sender of a webhook has failed");
            }
        }
    }
}

#[cfg(test)]
mod tests;
