//! Roles of a domain's own.

use model::{CustomRole, Right, Rights, Role, Supervises, TenantId};
use sqlx::{FromRow, SqliteConnection, SqlitePool};

use crate::error::StoreError;
use crate::sql::{self, from_json, signed, to_json};
use crate::words::Word as _;

#[derive(FromRow)]
struct Row {
    name: String,
    rights_json: String,
    supervises: String,
}

impl TryFrom<Row> for CustomRole {
    type Error = StoreError;

    fn try_from(Row { name, rights_json, supervises }: Row) -> Result<Self, StoreError> {
        let corrupt = || StoreError::corrupt("a role", &name);
        let supervises = Supervises::from_word(&supervises).ok_or_else(corrupt)?;
        Ok(Self { rights: read_rights(&rights_json)?, name, supervises })
    }
}

fn read_rights(json: &str) -> Result<Rights, StoreError> {
    let words: Vec<String> = from_json(json, "rights of a role")?;
    let right = |word: &String| Right::from_word(word).ok_or_else(|| StoreError::corrupt("a right", word));
    words.iter().map(right).collect()
}

/// The roles of a domain, by name.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<CustomRole>, StoreError> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT name, rights_json, supervises FROM roles WHERE tenant = $1 ORDER BY name")
            .bind(signed(tenant.0))
            .fetch_all(conn)
            .await?;
    rows.into_iter().map(CustomRole::try_from).collect()
}

/// One of them, if it is there.
pub(crate) async fn find(
    reader: &SqlitePool,
    tenant: i64,
    role: &Role,
) -> Result<Option<CustomRole>, StoreError> {
    let Role::Custom(name) = role else { return Ok(None) };
    let row: Option<Row> =
        sqlx::query_as("SELECT name, rights_json, supervises FROM roles WHERE tenant = $1 AND name = $2")
            .bind(tenant)
            .bind(name)
            .fetch_optional(reader)
            .await?;
    row.map(CustomRole::try_from).transpose()
}

/// Makes or changes a role.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    role: &CustomRole,
) -> Result<(), StoreError> {
    let rights: Vec<&str> = role.rights.iter().map(Right::word).collect();
    sqlx::query(
        "INSERT INTO roles (tenant, name, rights_json, supervises) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, name) DO UPDATE SET rights_json = excluded.rights_json,
           supervises = excluded.supervises",
    )
    .bind(signed(tenant.0))
    .bind(&role.name)
    .bind(to_json(&rights)?)
    .bind(role.supervises.word())
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a role. Nobody may have it any more.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    name: &str,
) -> Result<(), StoreError> {
    sql::remove(conn, "DELETE FROM roles WHERE tenant = $1 AND name = $2", tenant, name).await
}
