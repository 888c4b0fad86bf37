//! How much of the server a domain may use: what its owner has set for it, over the defaults of the settings.

use model::{Counted, DomainLimits, TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use crate::audit::{self, Author};
use crate::error::StoreError;
use crate::sql::{narrow, signed};
use crate::store::Store;

#[derive(FromRow)]
struct Row {
    calls: Option<i64>,
    waiting: Option<i64>,
    agents: Option<i64>,
    webhooks: Option<i64>,
    sockets: Option<i64>,
    requests_per_second: Option<i64>,
}

impl TryFrom<Row> for DomainLimits {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let mut limits = Self::default();
        for counted in Counted::ALL {
            let value = match counted {
                Counted::Calls => row.calls,
                Counted::Waiting => row.waiting,
                Counted::Agents => row.agents,
                Counted::Webhooks => row.webhooks,
                Counted::Sockets => row.sockets,
                Counted::RequestsPerSecond => row.requests_per_second,
            };
            let most = value.map(|value| narrow(value, "a limit of a domain")).transpose()?;
            limits = limits.with(counted, most);
        }
        Ok(limits)
    }
}

/// Limits of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct KeptLimits {
    /// What is set for this domain; none: the default; 0: no limit.
    pub own: DomainLimits,
    /// What holds.
    pub in_force: DomainLimits,
}

/// What is set for a domain.
pub(crate) async fn own(conn: &mut SqliteConnection, tenant: TenantId) -> Result<DomainLimits, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT calls, waiting, agents, webhooks, sockets, requests_per_second
         FROM domain_limits WHERE tenant = $1",
    )
    .bind(signed(tenant.0))
    .fetch_optional(conn)
    .await?;
    row.map_or_else(|| Ok(DomainLimits::default()), DomainLimits::try_from)
}

impl Store {
    /// The limits of a domain.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn domain_limits(&self, tenant: TenantId) -> Result<KeptLimits, StoreError> {
        let mut tx = self.begin_read().await?;
        let own = own(&mut tx, tenant).await?;
        Ok(KeptLimits { own, in_force: own.over(self.default_limits()) })
    }

    /// Sets the limits of a domain, all of them. Whoever uses them must be told. What is there already stays.
    ///
    /// # Errors
    /// [`StoreError`] if they cannot be kept.
    pub async fn set_domain_limits(
        &self,
        tenant: TenantId,
        limits: &DomainLimits,
        now: Timestamp,
        by: &Author,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        let before = own(&mut tx, tenant).await?;
        if before == *limits {
            return Ok(());
        }
        let value = |counted: Counted| limits.of(counted).map(i64::from);
        sqlx::query(
            "INSERT INTO domain_limits (tenant, calls, waiting, agents, webhooks, sockets, requests_per_second)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (tenant) DO UPDATE SET calls = excluded.calls, waiting = excluded.waiting,
               agents = excluded.agents, webhooks = excluded.webhooks, sockets = excluded.sockets,
               requests_per_second = excluded.requests_per_second",
        )
        .bind(signed(tenant.0))
        .bind(value(Counted::Calls))
        .bind(value(Counted::Waiting))
        .bind(value(Counted::Agents))
        .bind(value(Counted::Webhooks))
        .bind(value(Counted::Sockets))
        .bind(value(Counted::RequestsPerSecond))
        .execute(&mut *tx)
        .await?;
        audit::append(&mut tx, tenant, (now, by), None, &lines(&before, limits)).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn lines(before: &DomainLimits, after: &DomainLimits) -> Vec<String> {
    let said = |most: Option<u32>| match most {
        None => "default".to_owned(),
        Some(0) => "none".to_owned(),
        Some(most) => most.to_string(),
    };
    let changed = Counted::ALL.into_iter().filter(|counted| before.of(*counted) != after.of(*counted));
    changed
        .map(|counted| {
            let (old, new) = (said(before.of(counted)), said(after.of(counted)));
            format!("~ limits {} {old} -> {new}", counted.word())
        })
        .collect()
}
