//! Call records: one row a call, its legs, stays in queues and decisions as JSON beside it.

mod row;

use std::sync::Arc;

use engine::{CallRecord, Decision};
use model::{CallId, CallerId, TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::page::{Cursor, Page, bounded, page};
use crate::sql::{from_json, signed, to_json, unsigned};
use crate::store::Store;
use crate::words::Word as _;

use row::{DecisionRow, LegRow, StayRow};

#[derive(FromRow)]
struct Row {
    call_id: i64,
    direction: String,
    caller_number: String,
    caller_name: String,
    dialed: String,
    started_at: i64,
    answered_at: Option<i64>,
    ended_at: i64,
    cause: String,
    queues_json: String,
    legs_json: String,
}

impl TryFrom<Row> for CallRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let corrupt = || StoreError::corrupt("a call record", row.call_id);
        let stays: Vec<StayRow> = from_json(&row.queues_json, "queues of a call record")?;
        let legs: Vec<LegRow> = from_json(&row.legs_json, "legs of a call record")?;
        Ok(Self {
            call: CallId(unsigned(row.call_id)),
            direction: engine::Direction::from_word(&row.direction).ok_or_else(corrupt)?,
            caller: CallerId::new(&row.caller_number, &row.caller_name),
            dialed: row.dialed,
            started_at: Timestamp(row.started_at),
            answered_at: row.answered_at.map(Timestamp),
            ended_at: Timestamp(row.ended_at),
            cause: engine::Cause::from_word(&row.cause).ok_or_else(corrupt)?,
            queues: stays.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            legs: legs.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            decisions: Vec::new(),
        })
    }
}

impl Store {
    /// Keeps records in one transaction. A call that is there already is left as it is.
    ///
    /// [`crate::RecordWriter`] is what a server uses: this waits for the disk.
    ///
    /// # Errors
    /// [`StoreError::Database`]; none of them is kept then.
    pub async fn append_calls(&self, records: &[(TenantId, Arc<CallRecord>)]) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        for (tenant, record) in records {
            append(&mut tx, *tenant, record).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Ended calls, newest first by their start, without their decisions.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn calls(
        &self,
        tenant: TenantId,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<CallRecord>, StoreError> {
        let limit = bounded(limit);
        let after = after.unwrap_or(Cursor::START);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT call_id, direction, caller_number, caller_name, dialed, started_at, answered_at, ended_at,
               cause, queues_json, legs_json
             FROM call_records
             WHERE tenant = $1 AND (started_at < $2 OR (started_at = $2 AND call_id < $3))
             ORDER BY started_at DESC, call_id DESC LIMIT $4",
        )
        .bind(signed(tenant.0))
        .bind(after.at)
        .bind(after.id)
        .bind(i64::from(limit) + 1)
        .fetch_all(self.reader())
        .await?;
        let Page { items, next } = page(rows, limit, |row| Cursor { at: row.started_at, id: row.call_id });
        let items = items.into_iter().map(CallRecord::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// One ended call without its decisions.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn call(&self, tenant: TenantId, call: CallId) -> Result<Option<CallRecord>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT call_id, direction, caller_number, caller_name, dialed, started_at, answered_at, ended_at,
               cause, queues_json, legs_json
             FROM call_records WHERE tenant = $1 AND call_id = $2",
        )
        .bind(signed(tenant.0))
        .bind(signed(call.0))
        .fetch_optional(self.reader())
        .await?;
        row.map(CallRecord::try_from).transpose()
    }

    /// The routing decisions of one ended call, in order; none if there is no such call.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn decisions(
        &self,
        tenant: TenantId,
        call: CallId,
    ) -> Result<Option<Vec<Decision>>, StoreError> {
        let text: Option<String> =
            sqlx::query_scalar("SELECT decisions_json FROM call_records WHERE tenant = $1 AND call_id = $2")
                .bind(signed(tenant.0))
                .bind(signed(call.0))
                .fetch_optional(self.reader())
                .await?;
        let Some(text) = text else { return Ok(None) };
        let rows: Vec<DecisionRow> = from_json(&text, "decisions of a call record")?;
        rows.into_iter().map(|row| row.decision(call)).collect::<Result<_, _>>().map(Some)
    }
}

/// Keeps one record; a call that is there already is left as it is.
pub(crate) async fn append(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    record: &CallRecord,
) -> Result<(), StoreError> {
    let stays: Vec<StayRow> = record.queues.iter().map(StayRow::from).collect();
    let legs: Vec<LegRow> = record.legs.iter().map(LegRow::from).collect();
    let decisions: Vec<DecisionRow> =
        record.decisions.iter().map(|decision| DecisionRow::from(decision.as_ref())).collect();
    sqlx::query(
        "INSERT INTO call_records (tenant, call_id, direction, caller_number, caller_name, dialed, started_at,
           answered_at, ended_at, cause, queues_json, legs_json, decisions_json)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (tenant, call_id) DO NOTHING",
    )
    .bind(signed(tenant.0))
    .bind(signed(record.call.0))
    .bind(record.direction.word())
    .bind(record.caller.number.reveal())
    .bind(record.caller.name.reveal())
    .bind(&record.dialed)
    .bind(record.started_at.0)
    .bind(record.answered_at.map(|at| at.0))
    .bind(record.ended_at.0)
    .bind(record.cause.word())
    .bind(to_json(&stays)?)
    .bind(to_json(&legs)?)
    .bind(to_json(&decisions)?)
    .execute(conn)
    .await?;
    Ok(())
}
