//! Numbers dialed from outside.

use model::{Did, TenantId};
use sqlx::SqliteConnection;

use crate::error::StoreError;
use crate::fallback;
use crate::sql::{narrow, signed};

/// The numbers of a domain, by number.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<Did>, StoreError> {
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT number, open_json, skills_json, priority FROM dids WHERE tenant = $1 ORDER BY number",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(number, open, skills, priority)| {
            Ok(Did {
                number,
                open: fallback::read_open(&open)?,
                skills: crate::skill::read(&skills)?,
                priority: narrow(priority, "priority of a number")?,
            })
        })
        .collect()
}

/// Makes or changes a number.
pub(crate) async fn save(conn: &mut SqliteConnection, tenant: TenantId, did: &Did) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO dids (tenant, number, open_json, skills_json, priority) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant, number) DO UPDATE SET open_json = excluded.open_json,
           skills_json = excluded.skills_json, priority = excluded.priority",
    )
    .bind(signed(tenant.0))
    .bind(&did.number)
    .bind(fallback::write_open(&did.open)?)
    .bind(crate::skill::write(&did.skills)?)
    .bind(i64::from(did.priority))
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
