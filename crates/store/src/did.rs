//! Numbers dialed from outside.

use model::{Did, TenantId};
use sqlx::SqliteConnection;

use crate::error::StoreError;
use crate::fallback;
use crate::sql::signed;

/// The numbers of a domain, by number.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<Did>, StoreError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT number, open_json FROM dids WHERE tenant = $1 ORDER BY number")
            .bind(signed(tenant.0))
            .fetch_all(conn)
            .await?;
    rows.into_iter()
        .map(|(number, open)| {
            Ok(Did { number, open: fallback::read_open(&open)?, skills: Vec::new(), priority: 0 })
        })
        .collect()
}

/// Makes or changes a number.
pub(crate) async fn save(conn: &mut SqliteConnection, tenant: TenantId, did: &Did) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO dids (tenant, number, open_json) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, number) DO UPDATE SET open_json = excluded.open_json",
    )
    .bind(signed(tenant.0))
    .bind(&did.number)
    .bind(fallback::write_open(&did.open)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a number.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    number: &str,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM dids WHERE tenant = $1 AND number = $2")
        .bind(signed(tenant.0))
        .bind(number)
        .execute(conn)
        .await?;
    Ok(())
}
