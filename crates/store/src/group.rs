//! Groups of agents, by name.

use model::TenantId;
use sqlx::SqliteConnection;

use crate::error::StoreError;
use crate::sql::{self, signed};

/// The groups of a domain, in order of their names.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT name FROM agent_groups WHERE tenant = $1 ORDER BY name")
        .bind(signed(tenant.0))
        .fetch_all(conn)
        .await?)
}

/// Makes a group.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    name: &str,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO agent_groups (tenant, name) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(signed(tenant.0))
        .bind(name)
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes a group.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    name: &str,
) -> Result<(), StoreError> {
    sql::remove(conn, "DELETE FROM agent_groups WHERE tenant = $1 AND name = $2", tenant, name).await
}
