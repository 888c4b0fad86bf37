//! Reasons for not being ready that a domain lets its agents choose.

use model::{NotReadyCode, TenantId};
use sqlx::SqliteConnection;

use crate::error::StoreError;
use crate::sql::{self, signed};

/// The codes of a domain, by code.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<NotReadyCode>, StoreError> {
    let rows: Vec<(String, String, bool)> =
        sqlx::query_as("SELECT code, label, enabled FROM not_ready_codes WHERE tenant = $1 ORDER BY code")
            .bind(signed(tenant.0))
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|(code, label, enabled)| NotReadyCode { code, label, enabled }).collect())
}

/// Makes or changes a code.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    NotReadyCode { code, label, enabled }: &NotReadyCode,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO not_ready_codes (tenant, code, label, enabled) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, code) DO UPDATE SET label = excluded.label, enabled = excluded.enabled",
    )
    .bind(signed(tenant.0))
    .bind(code)
    .bind(label)
    .bind(*enabled)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a code. Who is not ready for it stays so.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    code: &str,
) -> Result<(), StoreError> {
    sql::remove(conn, "DELETE FROM not_ready_codes WHERE tenant = $1 AND code = $2", tenant, code).await
}
