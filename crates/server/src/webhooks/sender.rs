//! Sends what one webhook is to be told.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::Timestamp;
use store::StoreError;
use store::webhook::deliveries::DueDelivery;
use store::webhook::outcome::{Ended, Verdict};
use store::webhook::state::WebhookTarget;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinError, JoinSet};

use super::post::{PAUSES, post, verdict};
use super::{DATABASE_PAUSE, STOP_GRACE, Shared, Time};

/// Most requests of one webhook at once; while it fails, one.
const AT_ONCE_MAX: usize = 4;
/// After so many deliveries in a row that were given up nothing more is sent.
pub(super) const GIVEN_UP_IN_ROW_MAX: u32 = 10;
/// A sleep that something else ends.
const LONG: Duration = Duration::from_secs(600);

/// The sender of one webhook.
pub(super) struct Sender<T> {
    webhook: u64,
    shared: Arc<Shared<T>>,
    wake: Arc<Notify>,
    under_way: JoinSet<Ended>,
    /// What is under way: deliveries, and what they are about.
    ids: BTreeSet<i64>,
    objects: BTreeSet<String>,
    /// The last request failed.
    failing: bool,
}

impl<T: Time> Sender<T> {
    pub(super) fn new(webhook: u64, shared: Arc<Shared<T>>, wake: Arc<Notify>) -> Self {
        Self {
            webhook,
            shared,
            wake,
            under_way: JoinSet::new(),
            ids: BTreeSet::new(),
            objects: BTreeSet::new(),
            failing: false,
        }
    }

    /// Sends until it is told to stop.
    pub(super) async fn run(mut self, mut stopping: watch::Receiver<bool>) {
        while !*stopping.borrow() {
            let next = match self.begin().await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, webhook.id = self.webhook, "deliveries cannot be read; it is tried again");
                    tokio::time::sleep(DATABASE_PAUSE).await;
                    continue;
                }
            };
            let time = self.shared.time.clone();
            tokio::select! {
                Some(ended) = self.under_way.join_next() => self.ended(ended).await,
                () = self.wake.notified() => {}
                () = time.until(next) => {}
                _ = stopping.changed() => {}
            }
        }
        let rest = async {
            while let Some(ended) = self.under_way.join_next().await {
                self.ended(ended).await;
            }
        };
        // What has not ended by then is sent again after the next start, under the same id.
        let _late = tokio::time::timeout(STOP_GRACE, rest).await;
    }

    /// Begins what is due, as far as there is room; says when there is more to do.
    async fn begin(&mut self) -> Result<Timestamp, StoreError> {
        let later = self.shared.time.now().after(LONG);
        let at_once = if self.failing { 1 } else { AT_ONCE_MAX };
        let mut room = at_once.saturating_sub(self.under_way.len());
        if room == 0 {
            return Ok(later);
        }
        let target = self.shared.store.webhook_target(self.webhook).await?;
        let Some(target) = target.filter(|target| target.active) else { return Ok(later) };
        let target = Arc::new(target);
        // Those under way are among them.
        let limit = u32::try_from(room + self.ids.len() + self.objects.len() + 1).unwrap_or(u32::MAX);
        let due = self.shared.store.webhook_due(self.webhook, limit).await?;
        let now = self.shared.time.now();
        for delivery in due {
            if self.ids.contains(&delivery.id) {
                continue;
            }
            // Further ahead than any pause: the clock was set back.
            let furthest = now.after(PAUSES[PAUSES.len() - 1] * 2);
            if delivery.due_at() > now && delivery.due_at() <= furthest {
                return Ok(delivery.due_at());
            }
            if room == 0 {
                return Ok(later);
            }
            // One that is sent again by request may have overtaken what is under way.
            if self.objects.contains(&delivery.object) {
                continue;
            }
            room -= 1;
            self.send(delivery, target.clone());
        }
        Ok(later)
    }

    fn send(&mut self, delivery: DueDelivery, target: Arc<WebhookTarget>) {
        self.ids.insert(delivery.id);
        self.objects.insert(delivery.object.clone());
        let shared = self.shared.clone();
        self.under_way.spawn(async move {
            let DueDelivery { id, message, object, payload, tries, .. } = delivery;
            // It is never closed; without a permit it would only be one too many.
            let permit = shared.room.acquire().await;
            let attempt = post(&shared, &target, &message, payload).await;
            drop(permit);
            let verdict = verdict(&attempt, tries, shared.time.now());
            Ended { delivery: id, object, attempt, verdict }
        });
    }

    /// Notes what has ended, all of it at once.
    async fn ended(&mut self, first: Result<Ended, JoinError>) {
        let mut all = Vec::new();
        let mut next = Some(first);
        while let Some(ended) = next {
            match ended {
                Ok(ended) => all.push(ended),
                Err(error) => tracing::error!(%error, webhook.id = self.webhook, "a delivery has failed"),
            }
            next = self.under_way.try_join_next();
        }
        let store = self.shared.store.clone();
        let paused = loop {
            match store.webhook_ended(self.webhook, &all, GIVEN_UP_IN_ROW_MAX).await {
                Ok(paused) => break paused,
                Err(error) => {
                    // To go on would be to send it again.
                    tracing::error!(%error, "what was sent to a webhook cannot be noted; it is tried again");
                    tokio::time::sleep(DATABASE_PAUSE).await;
                }
            }
        };
        for ended in all {
            self.ids.remove(&ended.delivery);
            self.objects.remove(&ended.object);
            let failed_before = std::mem::replace(&mut self.failing, ended.attempt.error.is_some());
            self.say(&ended, failed_before);
        }
        if let Some(reason) = paused {
            tracing::error!(webhook.id = self.webhook, reason, "a webhook is paused");
        }
    }

    /// One that is down fails many times: the log has where it began and where it ended, the delivery log has all.
    fn say(&self, ended: &Ended, failed_before: bool) {
        let outcome = match &ended.verdict {
            Verdict::Taken => "delivered",
            Verdict::Again(_) => "failed",
            Verdict::GivenUp { .. } => "given_up",
        };
        metrics::counter!("cordboard_webhook_deliveries_total", "outcome" => outcome).increment(1);
        let webhook = self.webhook;
        match &ended.attempt.error {
            Some(what) if failed_before => {
                tracing::debug!(webhook.id = webhook, outcome, what, "a webhook still takes no deliveries");
            }
            Some(what) => {
                tracing::warn!(webhook.id = webhook, outcome, what, "a webhook did not take a delivery");
            }
            None if failed_before => tracing::info!(webhook.id = webhook, "a webhook takes deliveries again"),
            None => {}
        }
    }
}
