//! Extensions and the secrets of their phones.

use model::{AgentId, Extension, ExtensionNumber, TenantId};
use sqlx::{FromRow, SqliteConnection, SqlitePool};

use crate::error::StoreError;
use crate::secret::{Secret, SecretKey};
use crate::sql::{self, narrow, signed, unsigned};
use crate::store::Store;

/// What the gateway needs to know of an extension to let its phones register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipAccount {
    /// The number, which is also the SIP user name.
    pub extension: ExtensionNumber,
    /// Whose it is, if it is not free.
    pub agent: Option<AgentId>,
    /// Shown on other phones.
    pub display_name: String,
    /// The phone's password.
    pub secret: Secret,
}

/// An extension and its phone's sealed secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExtensionRow {
    pub(crate) extension: Extension,
    pub(crate) secret: Option<String>,
}

#[derive(FromRow)]
struct Row {
    number: String,
    agent: Option<i64>,
    display_name: String,
    dnd: bool,
    ring_timeout: i64,
    secret: Option<String>,
}

impl TryFrom<Row> for ExtensionRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let number = ExtensionNumber::parse(&row.number);
        let extension = Extension {
            number: number.map_err(|_| StoreError::corrupt("an extension", &row.number))?,
            agent: row.agent.map(|agent| AgentId(unsigned(agent))),
            display_name: row.display_name,
            dnd: row.dnd,
            ring_timeout: narrow(row.ring_timeout, "ring_timeout of an extension")?,
        };
        Ok(Self { extension, secret: row.secret })
    }
}

impl Store {
    /// The phones of a domain with their passwords in the clear, by number. Extensions whose phone has no
    /// password yet are left out: nothing can register there.
    ///
    /// # Errors
    /// [`StoreError::UnknownTenant`], [`StoreError::Sealed`] if the key does not open a secret.
    pub async fn accounts(&self, tenant: TenantId) -> Result<Vec<SipAccount>, StoreError> {
        let mut tx = self.begin_read().await?;
        let row =
            crate::tenant::fetch(&mut tx, tenant).await?.ok_or(StoreError::UnknownTenant(tenant))?.tenant;
        let rows = list(&mut tx, tenant).await?;
        let account = |ExtensionRow { extension, secret }: ExtensionRow| {
            let sealed = secret?;
            let secret = unseal(self.key(), &row.name, &extension.number, &sealed);
            Some(secret.map(|secret| SipAccount {
                extension: extension.number,
                agent: extension.agent,
                display_name: extension.display_name,
                secret,
            }))
        };
        rows.into_iter().filter_map(account).collect()
    }
}

/// Seals the secret of a phone for its domain and number.
pub(crate) fn seal(
    key: &SecretKey,
    domain: &str,
    number: &ExtensionNumber,
    secret: &Secret,
) -> Result<String, StoreError> {
    key.seal(secret, &place(domain, number)).ok_or_else(|| StoreError::Sealed(number.to_string()))
}

/// Opens the secret of a phone.
pub(crate) fn unseal(
    key: &SecretKey,
    domain: &str,
    number: &ExtensionNumber,
    sealed: &str,
) -> Result<Secret, StoreError> {
    key.unseal(sealed, &place(domain, number)).ok_or_else(|| StoreError::Sealed(number.to_string()))
}

fn place(domain: &str, number: &ExtensionNumber) -> String {
    format!("{domain}/{number}")
}

/// Any sealed secret, to see which key is wanted.
pub(crate) async fn any_sealed(pool: &SqlitePool) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT secret FROM extensions WHERE secret IS NOT NULL LIMIT 1")
        .fetch_optional(pool)
        .await
}

/// The extensions of a domain, by number.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<ExtensionRow>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT number, agent, display_name, dnd, ring_timeout, secret FROM extensions
         WHERE tenant = $1 ORDER BY number",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(ExtensionRow::try_from).collect()
}

/// Makes or changes an extension.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    row: &ExtensionRow,
) -> Result<(), StoreError> {
    let extension = &row.extension;
    sqlx::query(
        "INSERT INTO extensions (tenant, number, agent, display_name, dnd, ring_timeout, secret)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant, number) DO UPDATE SET agent = excluded.agent,
           display_name = excluded.display_name, dnd = excluded.dnd, ring_timeout = excluded.ring_timeout,
           secret = excluded.secret",
    )
    .bind(signed(tenant.0))
    .bind(extension.number.as_str())
    .bind(extension.agent.map(|agent| signed(agent.0)))
    .bind(&extension.display_name)
    .bind(extension.dnd)
    .bind(i64::from(extension.ring_timeout))
    .bind(row.secret.as_deref())
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes an extension.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    number: &ExtensionNumber,
) -> Result<(), StoreError> {
    sql::remove(conn, "DELETE FROM extensions WHERE tenant = $1 AND number = $2", tenant, number.as_str())
        .await
}
