//! Webhooks as the interface sees them.

use std::sync::Arc;

use api::live::hook;
use api::storage::{Answer, StorageError};
use api::time::Time as Moment;
use api::webhooks::{LogPart, Tested, WebhookKey, Webhooks};
use model::TenantId;
use serde_json::json;
use store::webhook::deliveries::NewDelivery;
use store::webhook::log::{Delivery, DeliveryDetail};
use store::webhook::state::WebhookState;
use store::{Author, Page, Store};
use switch::Clock;
use tokio::sync::Semaphore;

use super::post::post;
use super::{Shared, Time};

/// The kind of a test.
const TEST: &str = "webhook.test";
/// Tests at once: who asks for one waits for it.
const TESTS_MAX: usize = 8;

/// What the interface asks for.
pub(crate) struct LiveWebhooks<T = Clock> {
    shared: Arc<Shared<T>>,
    tests: Semaphore,
}

impl<T: Time> LiveWebhooks<T> {
    pub(crate) fn new(shared: Arc<Shared<T>>) -> Self {
        Self { shared, tests: Semaphore::new(TESTS_MAX) }
    }

    async fn send_test(&self, key: &WebhookKey) -> Result<Option<Tested>, StorageError> {
        let store = &self.shared.store;
        let Some(target) = store.webhook_named(key.tenant, &key.name).await? else { return Ok(None) };
        let _turn = self.tests.try_acquire().map_err(|_| StorageError::Busy)?;
        let data = json!({ "webhook": key.name }).to_string();
        let payload = hook::envelope(TEST, Moment(self.shared.time.now()), &data);
        let delivery = Store::webhook_message_id();
        let attempt = post(&self.shared, &target, &delivery, payload.clone()).await;
        let new = NewDelivery {
            webhook: target.id,
            seq: None,
            kind: TEST.into(),
            object: "test".into(),
            payload: payload.into(),
        };
        store.webhook_sent(&new, &delivery, &attempt).await?;
        Ok(Some(Tested { delivery, attempt }))
    }
}

impl<T: Time> Webhooks for LiveWebhooks<T> {
    fn list(&self, tenant: TenantId) -> Answer<'_, Vec<WebhookState>> {
        Box::pin(async move { Ok(self.shared.store.webhooks(tenant).await?) })
    }

    fn log(&self, key: WebhookKey, part: LogPart) -> Answer<'_, Option<Page<Delivery>>> {
        Box::pin(async move {
            let LogPart { state, part } = part;
            Ok(self.shared.store.webhook_log((key.tenant, &key.name), state, part).await?)
        })
    }

    fn delivery(&self, key: WebhookKey, delivery: String) -> Answer<'_, Option<DeliveryDetail>> {
        Box::pin(
            async move { Ok(self.shared.store.webhook_delivery((key.tenant, &key.name), &delivery).await?) },
        )
    }

    fn redeliver(&self, key: WebhookKey, delivery: String) -> Answer<'_, bool> {
        Box::pin(async move {
            let (store, now) = (&self.shared.store, self.shared.time.now());
            let webhook = store.webhook_redeliver((key.tenant, &key.name), &delivery, now).await?;
            webhook.into_iter().for_each(|webhook| self.shared.wake(webhook));
            Ok(webhook.is_some())
        })
    }

    fn test(&self, key: WebhookKey) -> Answer<'_, Option<Tested>> {
        Box::pin(async move { self.send_test(&key).await })
    }

    fn resume(&self, key: WebhookKey, by: Author) -> Answer<'_, bool> {
        Box::pin(async move {
            let (store, now) = (&self.shared.store, self.shared.time.now());
            let webhook = store.webhook_resume(key.tenant, &key.name, (now, &by)).await?;
            webhook.into_iter().for_each(|webhook| self.shared.wake(webhook));
            Ok(webhook.is_some())
        })
    }
}
