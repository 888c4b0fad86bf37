//! Webhooks as they are: what is provisioned of them, whether they are paused, and figures.

use model::{TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use super::{Row, Webhook, WebhookRow};
use crate::error::StoreError;
use crate::secret::Secret;
use crate::sql::{signed, unsigned};
use crate::store::Store;

/// A webhook as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookState {
    /// What is provisioned of it.
    pub webhook: Webhook,
    /// Since when nothing is sent, and why; none while it is active.
    pub paused: Option<(Timestamp, String)>,
    /// Deliveries that wait.
    pub waiting: u64,
    /// Deliveries that were taken, since it was made.
    pub delivered: u64,
    /// Those that were given up.
    pub given_up: u64,
    /// Of these, those that were given up because too many waited, or for too long.
    pub dropped: u64,
    /// When the last one was taken.
    pub last_success_at: Option<Timestamp>,
    /// When a try failed last, and why.
    pub last_failure: Option<(Timestamp, String)>,
}

/// A webhook that is told of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Its id, never used for another.
    pub id: u64,
    /// Its domain.
    pub tenant: TenantId,
    /// What is provisioned of it.
    pub webhook: Webhook,
}

/// Where and how requests go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookTarget {
    /// The webhook's id.
    pub id: u64,
    /// Its address.
    pub url: String,
    /// What requests are signed with.
    pub secret: Secret,
    /// Whether anything may be sent: it is switched on and not paused.
    pub active: bool,
}

#[derive(FromRow)]
struct StateRow {
    #[sqlx(flatten)]
    webhook: Row,
    paused_at: Option<i64>,
    paused_reason: Option<String>,
    waiting: i64,
    delivered: i64,
    given_up: i64,
    dropped: i64,
    last_success_at: Option<i64>,
    last_failure_at: Option<i64>,
    last_failure: Option<String>,
}

impl TryFrom<StateRow> for WebhookState {
    type Error = StoreError;

    fn try_from(row: StateRow) -> Result<Self, StoreError> {
        let both = |at: Option<i64>, why: Option<String>| Some((Timestamp(at?), why.unwrap_or_default()));
        Ok(Self {
            webhook: WebhookRow::try_from(row.webhook)?.webhook,
            paused: both(row.paused_at, row.paused_reason),
            waiting: unsigned(row.waiting),
            delivered: unsigned(row.delivered),
            given_up: unsigned(row.given_up),
            dropped: unsigned(row.dropped),
            last_success_at: row.last_success_at.map(Timestamp),
            last_failure: both(row.last_failure_at, row.last_failure),
        })
    }
}

#[derive(FromRow)]
struct SubscriberRow {
    id: i64,
    tenant: i64,
    #[sqlx(flatten)]
    webhook: Row,
}

#[derive(FromRow)]
struct TargetRow {
    id: i64,
    domain: String,
    name: String,
    url: String,
    secret_sealed: String,
    active: bool,
}

impl Store {
    /// The webhooks of a domain, by name.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn webhooks(&self, tenant: TenantId) -> Result<Vec<WebhookState>, StoreError> {
        let rows: Vec<StateRow> = sqlx::query_as(
            "SELECT name, url, events_json, queues_json, enabled, secret_sealed, paused_at, paused_reason,
               delivered, given_up, dropped, last_success_at, last_failure_at, last_failure,
               (SELECT COUNT(*) FROM webhook_deliveries WHERE webhook = webhooks.id AND state = 'waiting')
                 AS waiting
             FROM webhooks WHERE tenant = $1 ORDER BY name",
        )
        .bind(signed(tenant.0))
        .fetch_all(self.reader())
        .await?;
        rows.into_iter().map(WebhookState::try_from).collect()
    }

    /// The webhooks of all domains that are switched on, by domain and id.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn webhook_subscribers(&self) -> Result<Vec<Subscriber>, StoreError> {
        let rows: Vec<SubscriberRow> = sqlx::query_as(
            "SELECT id, tenant, name, url, events_json, queues_json, enabled, secret_sealed FROM webhooks
             WHERE enabled ORDER BY tenant, id",
        )
        .fetch_all(self.reader())
        .await?;
        let subscriber = |row: SubscriberRow| {
            let webhook = WebhookRow::try_from(row.webhook)?.webhook;
            Ok(Subscriber { id: unsigned(row.id), tenant: TenantId(unsigned(row.tenant)), webhook })
        };
        rows.into_iter().map(subscriber).collect()
    }

    /// The domains whose events were followed.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn webhook_followed(&self) -> Result<Vec<TenantId>, StoreError> {
        let rows: Vec<i64> = sqlx::query_scalar("SELECT tenant FROM webhook_cursors ORDER BY tenant")
            .fetch_all(self.reader())
            .await?;
        Ok(rows.into_iter().map(|tenant| TenantId(unsigned(tenant))).collect())
    }

    /// How many deliveries wait, of all webhooks, and how many webhooks are paused.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn webhook_figures(&self) -> Result<(u64, u64), StoreError> {
        let (waiting, paused): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'waiting'),
                    (SELECT COUNT(*) FROM webhooks WHERE enabled AND paused_at IS NOT NULL)",
        )
        .fetch_one(self.reader())
        .await?;
        Ok((unsigned(waiting), unsigned(paused)))
    }

    /// Where requests of a webhook go; none if it is gone.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read, or the key does not open its secret.
    pub async fn webhook_target(&self, id: u64) -> Result<Option<WebhookTarget>, StoreError> {
        let row: Option<TargetRow> = sqlx::query_as(
            "SELECT webhooks.id, tenants.name AS domain, webhooks.name, url, secret_sealed,
               enabled AND paused_at IS NULL AS active
             FROM webhooks JOIN tenants ON tenants.id = tenant WHERE webhooks.id = $1",
        )
        .bind(signed(id))
        .fetch_optional(self.reader())
        .await?;
        row.map(|row| self.target(row)).transpose()
    }

    /// The same of a domain's webhook by name.
    ///
    /// # Errors
    /// As [`Self::webhook_target`].
    pub async fn webhook_named(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<WebhookTarget>, StoreError> {
        let row: Option<TargetRow> = sqlx::query_as(
            "SELECT webhooks.id, tenants.name AS domain, webhooks.name, url, secret_sealed,
               enabled AND paused_at IS NULL AS active
             FROM webhooks JOIN tenants ON tenants.id = tenant WHERE tenant = $1 AND webhooks.name = $2",
        )
        .bind(signed(tenant.0))
        .bind(name)
        .fetch_optional(self.reader())
        .await?;
        row.map(|row| self.target(row)).transpose()
    }

    fn target(&self, row: TargetRow) -> Result<WebhookTarget, StoreError> {
        let secret = super::open(self.key(), &row.domain, &row.name, &row.secret_sealed);
        let secret = secret.ok_or(StoreError::Sealed(row.domain))?;
        Ok(WebhookTarget { id: unsigned(row.id), url: row.url, secret, active: row.active })
    }
}

/// The id of a webhook, and whether it is paused.
pub(super) async fn find(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    name: &str,
) -> Result<Option<(u64, bool)>, StoreError> {
    let row: Option<(i64, bool)> =
        sqlx::query_as("SELECT id, paused_at IS NOT NULL FROM webhooks WHERE tenant = $1 AND name = $2")
            .bind(signed(tenant.0))
            .bind(name)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(id, paused)| (unsigned(id), paused)))
}
