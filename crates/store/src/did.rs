//! Numbers dialed from outside.

use model::{Did, TenantId};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::fallback::{self, read_optional, write_optional};
use crate::sql::{self, narrow, signed};

#[derive(FromRow)]
struct Row {
    number: String,
    hours: Option<String>,
    open_json: String,
    closed_json: Option<String>,
    holiday_json: Option<String>,
    night_json: Option<String>,
    skills_json: String,
    priority: i64,
}

impl TryFrom<Row> for Did {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.number,
            hours: row.hours,
            open: fallback::read(&row.open_json)?,
            closed: read_optional(row.closed_json.as_deref())?,
            holiday: read_optional(row.holiday_json.as_deref())?,
            night: read_optional(row.night_json.as_deref())?,
            skills: crate::skill::read(&row.skills_json)?,
            priority: narrow(row.priority, "priority of a number")?,
        })
    }
}

/// The numbers of a domain, by number.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<Did>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT number, hours, open_json, closed_json, holiday_json, night_json, skills_json, priority
         FROM dids WHERE tenant = $1 ORDER BY number",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Did::try_from).collect()
}

/// Makes or changes a number.
pub(crate) async fn save(conn: &mut SqliteConnection, tenant: TenantId, did: &Did) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO dids (tenant, number, hours, open_json, closed_json, holiday_json, night_json, skills_json,
           priority)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (tenant, number) DO UPDATE SET hours = excluded.hours, open_json = excluded.open_json,
           closed_json = excluded.closed_json, holiday_json = excluded.holiday_json,
           night_json = excluded.night_json, skills_json = excluded.skills_json, priority = excluded.priority",
    )
    .bind(signed(tenant.0))
    .bind(&did.number)
    .bind(did.hours.as_deref())
    .bind(fallback::write(&did.open)?)
    .bind(write_optional(did.closed.as_ref())?)
    .bind(write_optional(did.holiday.as_ref())?)
    .bind(write_optional(did.night.as_ref())?)
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
    sql::remove(conn, "DELETE FROM dids WHERE tenant = $1 AND number = $2", tenant, number).await
}
