//! What calls can have been about, in the words that a domain offers for it.

use model::{Disposition, ExtensionNumber, TenantId};
use sqlx::SqliteConnection;

use crate::error::StoreError;
use crate::fallback;
use crate::sql::{self, from_json, signed, to_json};

/// The dispositions of a domain, by code.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<Disposition>, StoreError> {
    let rows: Vec<(String, String, bool, String)> = sqlx::query_as(
        "SELECT code, label, enabled, queues_json FROM dispositions WHERE tenant = $1 ORDER BY code",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    let disposition = |(code, label, enabled, queues): (String, String, bool, String)| {
        let queues: Vec<String> = from_json(&queues, "queues of a disposition")?;
        let queues = queues.iter().map(|queue| fallback::number(queue)).collect::<Result<_, _>>()?;
        Ok(Disposition { code, label, enabled, queues })
    };
    rows.into_iter().map(disposition).collect()
}

/// Makes or changes a disposition.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    Disposition { code, label, enabled, queues }: &Disposition,
) -> Result<(), StoreError> {
    let queues: Vec<&str> = queues.iter().map(ExtensionNumber::as_str).collect();
    sqlx::query(
        "INSERT INTO dispositions (tenant, code, label, enabled, queues_json) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant, code) DO UPDATE SET label = excluded.label, enabled = excluded.enabled,
           queues_json = excluded.queues_json",
    )
    .bind(signed(tenant.0))
    .bind(code)
    .bind(label)
    .bind(*enabled)
    .bind(to_json(&queues)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a disposition. Calls that were given it keep it.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    code: &str,
) -> Result<(), StoreError> {
    sql::remove(conn, "DELETE FROM dispositions WHERE tenant = $1 AND code = $2", tenant, code).await
}
