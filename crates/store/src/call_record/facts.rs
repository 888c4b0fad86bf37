//! Rows beside a call record by which figures find it: its stays in lines and its ways to agents' phones.

use engine::{CallRecord, LegRecord, QueueOutcome, QueueStay};
use model::{AgentId, TenantId};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::error::StoreError;
use crate::sql::signed;
use crate::words::Word as _;

/// Rows of one statement: far below the database's limit of parameters.
const ROWS_PER_STATEMENT: usize = 256;

/// Keeps the rows of records; those that are there already are left as they are.
pub(super) async fn append(
    conn: &mut SqliteConnection,
    records: &[(TenantId, &CallRecord)],
) -> Result<(), StoreError> {
    let stays = records.iter().flat_map(|(tenant, record)| {
        record.queues.iter().enumerate().map(move |(index, stay)| (*tenant, *record, index, stay))
    });
    for rows in stays.collect::<Vec<_>>().chunks(ROWS_PER_STATEMENT) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO queue_stays (tenant, call_id, position, queue, started_at, at, entered_at, left_at, outcome, callback,
               agent, in_time, talked, holds, held) ",
        );
        insert.push_values(rows, |mut row, (tenant, record, index, stay)| {
            let wish = wish(record, *index);
            let hers = stay.agent.and_then(|agent| leg_of(record, stay, agent));
            let holds = hers.map(|leg| leg.holds).unwrap_or_default();
            row.push_bind(signed(tenant.0))
                .push_bind(signed(record.call.0))
                .push_bind(position(*index))
                .push_bind(signed(stay.queue.0))
                .push_bind(record.started_at.0)
                .push_bind(wish.unwrap_or(stay).entered_at.0)
                .push_bind(stay.entered_at.0)
                .push_bind(stay.left_at.0)
                .push_bind(stay.outcome.word())
                .push_bind(wish.is_some())
                .push_bind(stay.agent.map(|agent| signed(agent.0)))
                .push_bind(stay.in_time)
                .push_bind(hers.and_then(talked))
                .push_bind(i64::from(holds.count))
                .push_bind(signed(holds.micros));
        });
        insert.push(" ON CONFLICT (tenant, call_id, position) DO NOTHING");
        // Its text depends on the number of rows: keeping each would push out the statements used again.
        insert.build().persistent(false).execute(&mut *conn).await?;
    }
    let legs = records.iter().flat_map(|(tenant, record)| {
        let legs = record.legs.iter().enumerate();
        legs.filter_map(move |(index, leg)| Some((*tenant, *record, index, leg, leg.agent?)))
    });
    for rows in legs.collect::<Vec<_>>().chunks(ROWS_PER_STATEMENT) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO agent_legs (tenant, call_id, position, agent, queue, started_at, at, status, talked, holds, held) ",
        );
        insert.push_values(rows, |mut row, (tenant, record, index, leg, agent)| {
            row.push_bind(signed(tenant.0))
                .push_bind(signed(record.call.0))
                .push_bind(position(*index))
                .push_bind(signed(agent.0))
                .push_bind(leg.queue.map(|queue| signed(queue.0)))
                .push_bind(record.started_at.0)
                .push_bind(leg.started_at.0)
                .push_bind(leg.status.word())
                .push_bind(talked(leg))
                .push_bind(i64::from(leg.holds.count))
                .push_bind(signed(leg.holds.micros));
        });
        insert.push(" ON CONFLICT (tenant, call_id, position) DO NOTHING");
        insert.build().persistent(false).execute(&mut *conn).await?;
    }
    Ok(())
}

fn position(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

/// The stay in which its caller asked to be called back, if a stay is the wait for that.
fn wish(record: &CallRecord, index: usize) -> Option<&QueueStay> {
    let (before, stay) = (record.queues.get(index.checked_sub(1)?)?, record.queues.get(index)?);
    (before.outcome == QueueOutcome::CallbackRequested && before.queue == stay.queue).then_some(before)
}

/// The agent's side of a stay.
fn leg_of<'a>(record: &'a CallRecord, stay: &QueueStay, agent: AgentId) -> Option<&'a LegRecord> {
    let hers = |leg: &&LegRecord| {
        leg.agent == Some(agent)
            && leg.queue == Some(stay.queue)
            && leg.answered_at.is_some_and(|at| at >= stay.entered_at)
    };
    record.legs.iter().find(hers)
}

/// How long it lasted after the answer, microseconds.
fn talked(leg: &LegRecord) -> Option<i64> {
    Some(leg.ended_at?.0 - leg.answered_at?.0)
}
