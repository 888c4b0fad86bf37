//! What the interface needs of whoever tells webhooks, as a trait: the server brings the real one, which sends.

use model::TenantId;
use store::webhook::log::{Delivery, DeliveryDetail, DeliveryState};
use store::webhook::outcome::Attempt;
use store::webhook::state::WebhookState;
use store::{Author, Page, Part};

use crate::storage::Answer;

/// Which webhook of which domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookKey {
    /// The domain.
    pub tenant: TenantId,
    /// The webhook's name.
    pub name: String,
}

/// Which part of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPart {
    /// Only deliveries in this state.
    pub state: Option<DeliveryState>,
    /// Which of them, in which order.
    pub part: Part,
}

/// What came of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// The id under which it stands in the log.
    pub delivery: String,
    /// The try.
    pub attempt: Attempt,
}

/// Whoever tells webhooks. What is asked of one that is not there is answered with none, or false.
pub trait Webhooks: Send + Sync + 'static {
    /// The webhooks of a domain, by name.
    fn list(&self, tenant: TenantId) -> Answer<'_, Vec<WebhookState>>;

    /// Deliveries of one.
    fn log(&self, key: WebhookKey, part: LogPart) -> Answer<'_, Option<Page<Delivery>>>;

    /// One delivery, by its id.
    fn delivery(&self, key: WebhookKey, delivery: String) -> Answer<'_, Option<DeliveryDetail>>;

    /// Has one sent again.
    fn redeliver(&self, key: WebhookKey, delivery: String) -> Answer<'_, bool>;

    /// Sends a test at once, even to one that is paused or switched off, and waits for what comes of it.
    fn test(&self, key: WebhookKey) -> Answer<'_, Option<Tested>>;

    /// One that is paused is so no more.
    fn resume(&self, key: WebhookKey, by: Author) -> Answer<'_, bool>;
}
