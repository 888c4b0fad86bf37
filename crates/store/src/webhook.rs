//! Who is told of a domain's events over HTTP: what is provisioned of a webhook.
//!
//! Whether it is paused, and what was sent, is kept beside it and outlives a change: [`state`], [`deliveries`].

pub mod deliveries;
pub mod log;
pub mod outcome;
pub mod state;
pub mod topics;

use model::TenantId;
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::ids::{Counter, take};
use crate::secret::{Secret, SecretKey};
use crate::sql::{self, from_json, signed, to_json};

use self::topics::topic_of;

/// A webhook as the provisioning file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its name, unique in the domain: 1 to 64 of lower-case letters, digits and `-`.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Topics and names of events; empty: all.
    pub events: Vec<String>,
    /// Numbers of queues: only what is of one of them; empty: all, and what is of none.
    pub queues: Vec<String>,
    /// Whether it is told of anything.
    pub enabled: bool,
}

impl Webhook {
    /// Whether it is told of an event of this name that is of these queues.
    #[must_use]
    pub fn wants(&self, event: &str, queues: &[String]) -> bool {
        let topic = topic_of(event);
        let said = |word: &String| word == event || topic == Some(word);
        (self.events.is_empty() || self.events.iter().any(said))
            && (self.queues.is_empty() || queues.iter().any(|queue| self.queues.contains(queue)))
    }
}

/// The same with its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebhookRow {
    pub(crate) webhook: Webhook,
    /// Sealed for its domain and name.
    pub(crate) secret: String,
}

#[derive(FromRow)]
struct Row {
    name: String,
    url: String,
    events_json: String,
    queues_json: String,
    enabled: bool,
    secret_sealed: String,
}

impl TryFrom<Row> for WebhookRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let webhook = Webhook {
            name: row.name,
            url: row.url,
            events: from_json(&row.events_json, "events of a webhook")?,
            queues: from_json(&row.queues_json, "queues of a webhook")?,
            enabled: row.enabled,
        };
        Ok(Self { webhook, secret: row.secret_sealed })
    }
}

/// The webhooks of a domain, by name.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<WebhookRow>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT name, url, events_json, queues_json, enabled, secret_sealed FROM webhooks
         WHERE tenant = $1 ORDER BY name",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(WebhookRow::try_from).collect()
}

/// Makes or changes a webhook. One that is sent elsewhere from now on, or was switched off, begins anew: it is paused
/// no more.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    row: &WebhookRow,
) -> Result<(), StoreError> {
    let id = take(conn, Counter::Webhook, 1).await?;
    let Webhook { name, url, events, queues, enabled } = &row.webhook;
    sqlx::query(
        "INSERT INTO webhooks (id, tenant, name, url, events_json, queues_json, enabled, secret_sealed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant, name) DO UPDATE SET
           paused_at = CASE WHEN url = excluded.url AND enabled THEN paused_at END,
           paused_reason = CASE WHEN url = excluded.url AND enabled THEN paused_reason END,
           given_up_in_row = CASE WHEN url = excluded.url AND enabled THEN given_up_in_row ELSE 0 END,
           url = excluded.url, events_json = excluded.events_json, queues_json = excluded.queues_json,
           enabled = excluded.enabled, secret_sealed = excluded.secret_sealed",
    )
    .bind(signed(id))
    .bind(signed(tenant.0))
    .bind(name)
    .bind(url)
    .bind(to_json(events)?)
    .bind(to_json(queues)?)
    .bind(enabled)
    .bind(&row.secret)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a webhook, with its deliveries.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    name: &str,
) -> Result<(), StoreError> {
    sql::remove(conn, "DELETE FROM webhooks WHERE tenant = $1 AND name = $2", tenant, name).await
}

/// A webhook's secret, sealed.
pub(crate) fn seal(key: &SecretKey, domain: &str, name: &str, secret: &Secret) -> Result<String, StoreError> {
    let sealed = key.seal(secret, &place(domain, name));
    sealed.ok_or_else(|| StoreError::Sealed(domain.to_owned()))
}

/// The secret that was sealed for a webhook.
pub(crate) fn open(key: &SecretKey, domain: &str, name: &str, sealed: &str) -> Option<Secret> {
    key.unseal(sealed, &place(domain, name))
}

/// What it is sealed for. A domain's name has no `/` in it.
fn place(domain: &str, name: &str) -> String {
    format!("webhooks/{domain}/{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_wants_its_topics_events_and_queues_and_nothing_else() {
        let hook = |events: &[&str], queues: &[&str]| {
            let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
            let (events, queues) = (texts(events), texts(queues));
            Webhook { name: "crm".into(), url: String::new(), events, queues, enabled: true }
        };
        let of = |queues: &[&str]| queues.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let all = hook(&[], &[]);
        assert!(all.wants("updated", &[]) && all.wants("call_ended", &of(&["8000"])));
        let some = hook(&["agents", "call_ended"], &[]);
        assert!(some.wants("agent_changed", &[]) && some.wants("call_ended", &[]));
        assert!(!some.wants("call_arrived", &[]) && !some.wants("call_queued", &[]));
        let one = hook(&[], &["8000"]);
        assert!(one.wants("call_ended", &of(&["8001", "8000"])));
        assert!(!one.wants("call_ended", &of(&["8001"])) && !one.wants("updated", &[]));
    }
}
