//! Domains.

use model::{Tenant, TenantId, Timestamp, Zone};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::sql::{from_json, narrow, signed, to_json, unsigned};
use crate::store::Store;

#[derive(FromRow)]
struct Row {
    id: i64,
    name: String,
    timezone: String,
    language: String,
    max_hops: i64,
    revision: i64,
}

/// A domain and how often it was changed.
#[derive(Clone, Debug)]
pub(crate) struct TenantRow {
    pub(crate) tenant: Tenant,
    /// Counts the changes, so that a plan made before another change is not carried out.
    pub(crate) revision: i64,
}

impl TryFrom<Row> for TenantRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let tenant = Tenant {
            id: TenantId(unsigned(row.id)),
            name: row.name,
            timezone: row.timezone,
            // The table is filled in when a directory is made.
            zone: Zone::default(),
            language: row.language,
            max_hops: narrow(row.max_hops, "max_hops of a domain")?,
        };
        Ok(Self { tenant, revision: row.revision })
    }
}

impl Store {
    /// The domains, the first made first: that one is the default domain.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn domains(&self) -> Result<Vec<Tenant>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, name, timezone, language, max_hops, revision FROM tenants ORDER BY id",
        )
        .fetch_all(self.reader())
        .await?;
        rows.into_iter().map(|row| TenantRow::try_from(row).map(|row| row.tenant)).collect()
    }
}

/// One domain, by id.
pub(crate) async fn fetch(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Option<TenantRow>, StoreError> {
    let row: Option<Row> =
        sqlx::query_as("SELECT id, name, timezone, language, max_hops, revision FROM tenants WHERE id = $1")
            .bind(signed(tenant.0))
            .fetch_optional(conn)
            .await?;
    row.map(TenantRow::try_from).transpose()
}

/// One domain, by name.
pub(crate) async fn find(conn: &mut SqliteConnection, name: &str) -> Result<Option<TenantRow>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, name, timezone, language, max_hops, revision FROM tenants WHERE name = $1",
    )
    .bind(name)
    .fetch_optional(conn)
    .await?;
    row.map(TenantRow::try_from).transpose()
}

/// What requests of a domain to outside services are signed with, sealed; none if it has none.
pub(crate) async fn webhook_secret(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Option<String>, StoreError> {
    let sealed: Option<Option<String>> =
        sqlx::query_scalar("SELECT webhook_secret_sealed FROM tenants WHERE id = $1")
            .bind(signed(tenant.0))
            .fetch_optional(conn)
            .await?;
    Ok(sealed.flatten())
}

/// Keeps the sealed secret of a domain's requests.
pub(crate) async fn save_webhook_secret(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    sealed: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE tenants SET webhook_secret_sealed = $2 WHERE id = $1")
        .bind(signed(tenant.0))
        .bind(sealed)
        .execute(conn)
        .await?;
    Ok(())
}

/// Names of the roles whose people must have a second factor.
pub(crate) async fn second_factor(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<String>, StoreError> {
    let json: Option<String> = sqlx::query_scalar("SELECT second_factor_json FROM tenants WHERE id = $1")
        .bind(signed(tenant.0))
        .fetch_optional(conn)
        .await?;
    json.map_or_else(|| Ok(Vec::new()), |json| from_json(&json, "roles with a second factor"))
}

/// Keeps which roles those are.
pub(crate) async fn save_second_factor(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    roles: &[String],
) -> Result<(), StoreError> {
    sqlx::query("UPDATE tenants SET second_factor_json = $2 WHERE id = $1")
        .bind(signed(tenant.0))
        .bind(to_json(&roles)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Makes or changes a domain; either counts as one change of it.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: &Tenant,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO tenants (id, name, timezone, language, max_hops, revision, created_at)
         VALUES ($1, $2, $3, $4, $5, 1, $6)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, timezone = excluded.timezone,
           language = excluded.language, max_hops = excluded.max_hops, revision = tenants.revision + 1",
    )
    .bind(signed(tenant.id.0))
    .bind(&tenant.name)
    .bind(&tenant.timezone)
    .bind(&tenant.language)
    .bind(i64::from(tenant.max_hops))
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}
