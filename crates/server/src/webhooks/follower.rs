//! Follows the events of one domain and writes what its webhooks are to be told.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use api::live::hook::{self, HookEvent};
use api::time::Time as Moment;
use model::TenantId;
use serde_json::json;
use store::webhook::deliveries::NewDelivery;
use store::webhook::state::Subscriber;
use switch::{AskError, Handle, Published, Snapshot, Subscription};
use tokio::sync::watch;

use super::{DATABASE_PAUSE, Shared, Time};

/// Events that are written at once.
const BATCH_MAX: usize = 256;
/// Events that nobody is told of before it is noted that they were read.
const UNNOTED_MAX: u64 = 1_000;
/// How long to wait when the switch is too busy to be asked, or does not know the domain yet.
const BUSY_PAUSE: Duration = Duration::from_secs(1);
/// The kind of a delivery that says which events are missing.
pub(super) const GAP: &str = "webhook.gap";

/// The follower of one domain.
pub(super) struct Follower<T> {
    tenant: TenantId,
    shared: Arc<Shared<T>>,
    switch: Handle,
    webhooks: watch::Receiver<Arc<[Subscriber]>>,
    /// The last event that was read.
    read: Option<u64>,
    /// The last one of which the database knows.
    noted: u64,
}

impl<T: Time> Follower<T> {
    pub(super) fn new(
        tenant: TenantId,
        shared: Arc<Shared<T>>,
        switch: Handle,
        webhooks: watch::Receiver<Arc<[Subscriber]>>,
    ) -> Self {
        Self { tenant, shared, switch, webhooks, read: None, noted: 0 }
    }

    /// Follows until the switch ends.
    pub(super) async fn run(mut self) {
        self.read = loop {
            match self.shared.store.webhook_cursor(self.tenant).await {
                Ok(cursor) => break cursor,
                Err(error) => self.failed(&error).await,
            }
        };
        self.noted = self.read.unwrap_or(0);
        loop {
            match self.switch.subscribe(self.tenant, self.read).await {
                Ok(subscription) => self.follow(subscription).await,
                Err(AskError::Busy | AskError::UnknownDomain) => tokio::time::sleep(BUSY_PAUSE).await,
                Err(AskError::Stopped) => return,
            }
        }
    }

    /// One subscription, until it ends: the switch has, or this was too slow.
    async fn follow(&mut self, subscription: Subscription) {
        let Subscription { snapshot, missed, mut events } = subscription;
        if let Some(snapshot) = snapshot {
            self.begin_at(&snapshot).await;
        }
        for batch in missed.chunks(BATCH_MAX) {
            self.take(batch).await;
        }
        let mut batch = Vec::new();
        while events.recv_many(&mut batch, BATCH_MAX).await > 0 {
            self.take(&batch).await;
            batch.clear();
        }
    }

    /// Goes on from a moment, and says which events are missing if any were read before.
    async fn begin_at(&mut self, snapshot: &Snapshot) {
        let mut new = Vec::new();
        if let Some(read) = self.read {
            let (from, to, why) = if snapshot.seq > read {
                (read + 1, snapshot.seq, "not_kept")
            } else {
                // As after a loss of what was written last: numbers come again, with other events.
                (snapshot.seq + 1, read, "went_back")
            };
            tracing::warn!(from, to, why, "webhooks are not told of all events");
            let data = json!({ "from": from, "to": to, "why": why }).to_string();
            let payload: Arc<str> = hook::envelope(GAP, Moment(snapshot.at), &data).into();
            new.extend(self.webhooks.borrow().iter().map(|subscriber| NewDelivery {
                webhook: subscriber.id,
                seq: None,
                kind: GAP.into(),
                object: "domain".into(),
                payload: payload.clone(),
            }));
        }
        self.write(snapshot.seq, &new).await;
    }

    async fn take(&mut self, batch: &[Arc<Published>]) {
        let Some(last) = batch.last().map(|published| published.seq) else { return };
        let webhooks = self.webhooks.borrow().clone();
        let mut new = Vec::new();
        for published in batch {
            let event = HookEvent::new(published);
            let mut payload: Option<Arc<str>> = None;
            for subscriber in webhooks.iter().filter(|one| one.webhook.wants(event.name, &event.queues)) {
                new.push(NewDelivery {
                    webhook: subscriber.id,
                    seq: Some(published.seq),
                    kind: event.name.into(),
                    object: event.object.clone(),
                    payload: payload.get_or_insert_with(|| hook::payload(published).into()).clone(),
                });
            }
        }
        if new.is_empty() && last.saturating_sub(self.noted) < UNNOTED_MAX {
            self.read = Some(last);
            return;
        }
        self.write(last, &new).await;
    }

    /// Writes deliveries and how far was read; what is full or fails is tried until it is written.
    async fn write(&mut self, seq: u64, new: &[NewDelivery]) {
        let dropped = loop {
            let (store, now) = (&self.shared.store, self.shared.time.now());
            match store.webhook_put(self.tenant, seq, new, now).await {
                Ok(dropped) => break dropped,
                Err(error) => self.failed(&error).await,
            }
        };
        (self.read, self.noted) = (Some(seq), seq);
        if dropped > 0 {
            metrics::counter!("cordboard_webhook_deliveries_total", "outcome" => "dropped")
                .increment(dropped);
            tracing::warn!(dropped, "too many deliveries of webhooks wait: the oldest are given up");
        }
        for webhook in new.iter().map(|delivery| delivery.webhook).collect::<BTreeSet<_>>() {
            self.shared.wake(webhook);
        }
    }

    async fn failed(&self, error: &store::StoreError) {
        tracing::error!(%error, "deliveries of webhooks cannot be written; it is tried again");
        tokio::time::sleep(DATABASE_PAUSE).await;
    }
}
