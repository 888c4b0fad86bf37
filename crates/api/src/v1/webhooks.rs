//! Webhooks: who is told of events, what was sent, and the way to send it again. They are provisioned; see
//! `…/provisioning/webhooks`.

pub(crate) mod deliveries;
pub(crate) mod delivery;
pub(crate) mod list;
pub(crate) mod redeliver;
pub(crate) mod resume;
pub(crate) mod test;
pub(crate) mod view;

use serde::Deserialize;

use crate::auth::Access;
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::webhooks::WebhookKey;

/// `…/webhooks/{webhook}`.
#[derive(Deserialize)]
pub(crate) struct WebhookPath {
    webhook: String,
}

impl WebhookPath {
    fn key(&self, access: &Access) -> WebhookKey {
        WebhookKey { tenant: access.tenant(), name: self.webhook.clone() }
    }

    fn unknown(&self) -> Problem {
        let detail = format!("there is no webhook `{}`", shown(&self.webhook));
        Problem::new(ProblemKind::UnknownWebhook, detail)
    }
}

/// `…/webhooks/{webhook}/deliveries/{delivery}`.
#[derive(Deserialize)]
pub(crate) struct DeliveryPath {
    webhook: String,
    delivery: String,
}

impl DeliveryPath {
    fn key(&self, access: &Access) -> WebhookKey {
        WebhookKey { tenant: access.tenant(), name: self.webhook.clone() }
    }

    fn unknown(&self) -> Problem {
        let (webhook, delivery) = (shown(&self.webhook), shown(&self.delivery));
        let detail = format!("there is no delivery `{delivery}` of a webhook `{webhook}`");
        Problem::new(ProblemKind::UnknownDelivery, detail)
    }
}
