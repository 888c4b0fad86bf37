//! Ring groups.

use model::{ExtensionNumber, RingGroup, RingStrategy, TenantId};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::fallback;
use crate::sql::{self, from_json, narrow, signed, to_json};
use crate::words::Word as _;

#[derive(FromRow)]
struct Row {
    number: String,
    name: String,
    strategy: String,
    members_json: String,
    ring_time: i64,
    max_time: i64,
    skip_busy: bool,
    repeat: i64,
    on_no_answer_json: String,
}

impl TryFrom<Row> for RingGroup {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let members: Vec<String> = from_json(&row.members_json, "members of a ring group")?;
        let corrupt = || StoreError::corrupt("a ring group", &row.number);
        Ok(Self {
            number: fallback::number(&row.number)?,
            strategy: RingStrategy::from_word(&row.strategy).ok_or_else(corrupt)?,
            members: members.iter().map(|member| fallback::number(member)).collect::<Result<_, _>>()?,
            ring_time: narrow(row.ring_time, "ring_time of a ring group")?,
            max_time: narrow(row.max_time, "max_time of a ring group")?,
            skip_busy: row.skip_busy,
            repeat: narrow(row.repeat, "repeat of a ring group")?,
            on_no_answer: fallback::read(&row.on_no_answer_json)?,
            name: row.name,
        })
    }
}

/// The ring groups of a domain, by number.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<RingGroup>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT number, name, strategy, members_json, ring_time, max_time, skip_busy, repeat, on_no_answer_json
         FROM ring_groups WHERE tenant = $1 ORDER BY number",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(RingGroup::try_from).collect()
}

/// Makes or changes a ring group.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    group: &RingGroup,
) -> Result<(), StoreError> {
    let members: Vec<&str> = group.members.iter().map(ExtensionNumber::as_str).collect();
    sqlx::query(
        "INSERT INTO ring_groups (tenant, number, name, strategy, members_json, ring_time, max_time, skip_busy,
           repeat, on_no_answer_json)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (tenant, number) DO UPDATE SET name = excluded.name, strategy = excluded.strategy,
           members_json = excluded.members_json, ring_time = excluded.ring_time, max_time = excluded.max_time,
           skip_busy = excluded.skip_busy, repeat = excluded.repeat,
           on_no_answer_json = excluded.on_no_answer_json",
    )
    .bind(signed(tenant.0))
    .bind(group.number.as_str())
    .bind(&group.name)
    .bind(group.strategy.word())
    .bind(to_json(&members)?)
    .bind(i64::from(group.ring_time))
    .bind(i64::from(group.max_time))
    .bind(group.skip_busy)
    .bind(i64::from(group.repeat))
    .bind(fallback::write(&group.on_no_answer)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a ring group.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    number: &ExtensionNumber,
) -> Result<(), StoreError> {
    sql::remove(conn, "DELETE FROM ring_groups WHERE tenant = $1 AND number = $2", tenant, number.as_str())
        .await
}
