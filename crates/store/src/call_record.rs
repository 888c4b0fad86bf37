//! Call records: one row a call, its legs, stays in queues and decisions as JSON beside it; and what was said of calls.

mod disposition;
mod facts;
mod filter;
mod row;

use std::sync::Arc;

use engine::{CallRecord, Decision};
use model::{CallId, CallerId, TenantId, Timestamp};
use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection};

use crate::error::StoreError;
use crate::page::{Cursor, Page, Part};
use crate::sql::{from_json, signed, to_json, unsigned};
use crate::store::Store;
use crate::words::Word as _;

use row::{DecisionRow, LegRow, RecordedRow, StayRow};

pub use disposition::CallDisposition;
pub use filter::CallFilter;

/// Rows of one statement: far below the database's limit of parameters.
const ROWS_PER_STATEMENT: usize = 64;

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
    recordings_json: Option<String>,
}

impl TryFrom<Row> for CallRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let corrupt = || StoreError::corrupt("a call record", row.call_id);
        let stays: Vec<StayRow> = from_json(&row.queues_json, "queues of a call record")?;
        let legs: Vec<LegRow> = from_json(&row.legs_json, "legs of a call record")?;
        let recordings = row.recordings_json.as_deref();
        let recordings =
            recordings.map(|json| from_json::<Vec<RecordedRow>>(json, "recordings of a call record"));
        let recordings = recordings.transpose()?;
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
            recordings: recordings.into_iter().flatten().map(Into::into).collect(),
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
        let records: Vec<_> = records.iter().map(|(tenant, record)| (*tenant, record.as_ref())).collect();
        append(&mut tx, &records).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ended calls that fit, by their start, without their decisions.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn calls(
        &self,
        tenant: TenantId,
        filter: &CallFilter,
        part: Part,
    ) -> Result<Page<CallRecord>, StoreError> {
        let mut statement = filter.statement(tenant, part);
        let rows: Vec<Row> = statement.build_query_as().fetch_all(self.reader()).await?;
        let Page { items, next } = part.page(rows, |row| Cursor { at: row.started_at, id: row.call_id });
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
               cause, queues_json, legs_json, recordings_json
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

/// Keeps records, many with one statement; a call that is there already is left as it is.
pub(crate) async fn append(
    conn: &mut SqliteConnection,
    records: &[(TenantId, &CallRecord)],
) -> Result<(), StoreError> {
    for records in records.chunks(ROWS_PER_STATEMENT) {
        let mut rows = Vec::with_capacity(records.len());
        for (tenant, record) in records {
            rows.push((*tenant, *record, Lists::of(record)?));
        }
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO call_records (tenant, call_id, direction, caller_number, caller_name, dialed,
               started_at, answered_at, ended_at, cause, queues_json, legs_json, recordings_json, decisions_json) ",
        );
        insert.push_values(rows, |mut row, (tenant, record, lists)| {
            row.push_bind(signed(tenant.0))
                .push_bind(signed(record.call.0))
                .push_bind(record.direction.word())
                .push_bind(record.caller.number.reveal().as_str())
                .push_bind(record.caller.name.reveal().as_str())
                .push_bind(record.dialed.as_str())
                .push_bind(record.started_at.0)
                .push_bind(record.answered_at.map(|at| at.0))
                .push_bind(record.ended_at.0)
                .push_bind(record.cause.word())
                .push_bind(lists.queues)
                .push_bind(lists.legs)
                .push_bind(lists.recordings)
                .push_bind(lists.decisions);
        });
        insert.push(" ON CONFLICT (tenant, call_id) DO NOTHING");
        // Its text depends on the number of rows: keeping each would push out the statements used again.
        insert.build().persistent(false).execute(&mut *conn).await?;
    }
    facts::append(conn, records).await
}

/// What a record has several of, as JSON.
struct Lists {
    queues: String,
    legs: String,
    recordings: Option<String>,
    decisions: String,
}

impl Lists {
    fn of(record: &CallRecord) -> Result<Self, StoreError> {
        let stays: Vec<StayRow> = record.queues.iter().map(StayRow::from).collect();
        let legs: Vec<LegRow> = record.legs.iter().map(LegRow::from).collect();
        let decisions: Vec<DecisionRow> =
            record.decisions.iter().map(|decision| DecisionRow::from(decision.as_ref())).collect();
        let recordings: Vec<RecordedRow> = record.recordings.iter().map(RecordedRow::from).collect();
        Ok(Self {
            queues: to_json(&stays)?,
            legs: to_json(&legs)?,
            recordings: (!recordings.is_empty()).then(|| to_json(&recordings)).transpose()?,
            decisions: to_json(&decisions)?,
        })
    }
}
