//! Figures for intervals of time, reckoned from what is kept of calls and of what agents did.
//!
//! A call is of the interval in which it entered the line, and all that came of it too, so that the figures of two
//! intervals add up to those of both. In here: [`intervals`] cuts the time, [`queue`] and [`agent`] say what is counted,
//! and below is only where it is read from.

pub mod agent;
pub mod intervals;
pub mod queue;

use std::collections::{BTreeMap, BTreeSet};

use engine::{LegStatus, QueueOutcome};
use model::{AgentId, QueueId, TenantId, Timestamp};
use sqlx::FromRow;

use self::agent::{AgentFigures, Change, Leg, State, Times};
use self::intervals::Intervals;
use self::queue::{QueueFigures, Stay};
use crate::error::StoreError;
use crate::sql::{signed, unsigned};
use crate::store::Store;
use crate::words::Word as _;

/// Rows that are read at a time.
const ROWS_AT_ONCE: i64 = 10_000;
/// Most rows that are read for one answer.
const ROWS_MAX: u64 = 1_000_000;
/// How long after the last interval a wrap-up that began in it may end and be counted, microseconds.
const WRAP_UP_ENDS_WITHIN: i64 = 86_400_000_000;

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum FiguresError {
    /// There is more to be read than one answer may cost.
    #[error("over {ROWS_MAX} calls or changes lie in the span; ask for a shorter one")]
    TooMuch,
    /// The database could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for FiguresError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// How often somebody was put on hold, and how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// How often.
    pub count: u64,
    /// How long together, milliseconds.
    pub ms: u64,
}

/// What an agent did in an interval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentInterval {
    /// Her calls.
    pub figures: AgentFigures,
    /// Her time.
    pub times: Times,
}

/// Whose figures.
#[derive(Clone, Debug)]
pub struct OfAgent {
    /// The domain.
    pub tenant: TenantId,
    /// The agent.
    pub agent: AgentId,
    /// The queues that she is a member of now. In others her last change was the end of it.
    pub queues: BTreeSet<QueueId>,
}

#[derive(FromRow)]
struct StayRow {
    call_id: i64,
    position: i64,
    at: i64,
    waited: i64,
    outcome: String,
    callback: bool,
    in_time: Option<bool>,
    talked: Option<i64>,
    holds: i64,
    held: i64,
}

#[derive(FromRow)]
struct LegRow {
    call_id: i64,
    position: i64,
    at: i64,
    queue: Option<i64>,
    status: String,
    talked: Option<i64>,
    holds: i64,
    held: i64,
}

#[derive(FromRow)]
struct LogRow {
    id: i64,
    agent: i64,
    queue: i64,
    state: String,
    at: i64,
}

/// How much was read, and where to read on.
struct Reading {
    at: i64,
    call: i64,
    position: i64,
    rows: u64,
}

impl Reading {
    fn since(at: Timestamp) -> Self {
        Self { at: at.0, call: i64::MIN, position: i64::MIN, rows: 0 }
    }

    /// Goes on behind a row; whether there may be more.
    fn behind(&mut self, last: Option<(i64, i64, i64)>, count: usize) -> Result<bool, FiguresError> {
        self.rows += count as u64;
        if self.rows > ROWS_MAX {
            return Err(FiguresError::TooMuch);
        }
        let Some(last) = last else { return Ok(false) };
        (self.at, self.call, self.position) = last;
        Ok(i64::try_from(count).unwrap_or(i64::MAX) >= ROWS_AT_ONCE)
    }
}

impl Store {
    /// The figures of a queue for each interval. `threshold_ms` is how long who gave up may have waited without being
    /// late; 0: there is no such limit. Calls that are not over are not among them.
    ///
    /// # Errors
    /// [`FiguresError`]
    pub async fn queue_figures(
        &self,
        (tenant, queue): (TenantId, QueueId),
        intervals: &Intervals,
        threshold_ms: u64,
    ) -> Result<Vec<QueueFigures>, FiguresError> {
        let mut figures = vec![QueueFigures::default(); intervals.count()];
        let mut reading = Reading::since(intervals.begin());
        loop {
            let rows: Vec<StayRow> = sqlx::query_as(
                "SELECT call_id, position, at, left_at - entered_at AS waited, outcome, callback, in_time, talked,
                   holds, held
                 FROM queue_stays
                 WHERE tenant = $1 AND queue = $2 AND (at, call_id, position) > ($3, $4, $5) AND at < $6
                 ORDER BY at, call_id, position LIMIT $7",
            )
            .bind(signed(tenant.0))
            .bind(signed(queue.0))
            .bind(reading.at)
            .bind(reading.call)
            .bind(reading.position)
            .bind(intervals.end().0)
            .bind(ROWS_AT_ONCE)
            .fetch_all(self.reader())
            .await?;
            for row in &rows {
                let outcome = QueueOutcome::from_word(&row.outcome);
                let stay = Stay {
                    outcome: outcome.ok_or_else(|| StoreError::corrupt("an outcome", &row.outcome))?,
                    waited_ms: ms(row.waited),
                    is_callback: row.callback,
                    in_time: row.in_time,
                    talked_ms: row.talked.map(ms),
                    held: Held { count: unsigned(row.holds), ms: ms(row.held) },
                };
                let index = intervals.index_of(Timestamp(row.at));
                if let Some(figures) = index.and_then(|index| figures.get_mut(index)) {
                    figures.add(&stay, threshold_ms);
                }
            }
            let last = rows.last().map(|row| (row.at, row.call_id, row.position));
            if !reading.behind(last, rows.len())? {
                break;
            }
        }
        self.wrap_ups((tenant, queue), intervals, &mut figures).await?;
        Ok(figures)
    }

    /// Counts the wrap-ups that began in each interval and are over.
    async fn wrap_ups(
        &self,
        (tenant, queue): (TenantId, QueueId),
        intervals: &Intervals,
        figures: &mut [QueueFigures],
    ) -> Result<(), FiguresError> {
        let mut began: BTreeMap<i64, i64> = BTreeMap::new();
        let mut reading = Reading::since(intervals.begin());
        loop {
            let rows: Vec<LogRow> = sqlx::query_as(
                "SELECT id, agent, queue, state, at FROM agent_log
                 WHERE tenant = $1 AND queue = $2 AND (at, id) > ($3, $4) AND at < $5 ORDER BY at, id LIMIT $6",
            )
            .bind(signed(tenant.0))
            .bind(signed(queue.0))
            .bind(reading.at)
            .bind(reading.call)
            .bind(intervals.end().0.saturating_add(WRAP_UP_ENDS_WITHIN))
            .bind(ROWS_AT_ONCE)
            .fetch_all(self.reader())
            .await?;
            for row in &rows {
                if row.state == State::WrapUp.word() {
                    began.entry(row.agent).or_insert(row.at);
                } else if let Some(since) = began.remove(&row.agent) {
                    let index = intervals.index_of(Timestamp(since));
                    if let Some(figures) = index.and_then(|index| figures.get_mut(index)) {
                        figures.add_wrap_up(ms(row.at - since));
                    }
                }
            }
            let last = rows.last().map(|row| (row.at, row.id, i64::MIN));
            if !reading.behind(last, rows.len())? {
                return Ok(());
            }
        }
    }

    /// What an agent did in each interval, until `until` at the latest. Calls that are not over are not among hers.
    ///
    /// # Errors
    /// [`FiguresError`]
    pub async fn agent_figures(
        &self,
        of: &OfAgent,
        intervals: &Intervals,
        until: Timestamp,
    ) -> Result<Vec<AgentInterval>, FiguresError> {
        let changes = self.changes(of, intervals).await?;
        let times = agent::times(intervals, &changes, until);
        let mut found: Vec<AgentInterval> =
            times.into_iter().map(|times| AgentInterval { times, ..AgentInterval::default() }).collect();
        let mut reading = Reading::since(intervals.begin());
        loop {
            let rows: Vec<LegRow> = sqlx::query_as(
                "SELECT call_id, position, at, queue, status, talked, holds, held FROM agent_legs
                 WHERE tenant = $1 AND agent = $2 AND (at, call_id, position) > ($3, $4, $5) AND at < $6
                 ORDER BY at, call_id, position LIMIT $7",
            )
            .bind(signed(of.tenant.0))
            .bind(signed(of.agent.0))
            .bind(reading.at)
            .bind(reading.call)
            .bind(reading.position)
            .bind(intervals.end().0)
            .bind(ROWS_AT_ONCE)
            .fetch_all(self.reader())
            .await?;
            for row in &rows {
                let status = LegStatus::from_word(&row.status);
                let leg = Leg {
                    of_queue: row.queue.is_some(),
                    status: status.ok_or_else(|| StoreError::corrupt("how a leg ended", &row.status))?,
                    talked_ms: row.talked.map(ms),
                    held: Held { count: unsigned(row.holds), ms: ms(row.held) },
                };
                let index = intervals.index_of(Timestamp(row.at));
                if let Some(interval) = index.and_then(|index| found.get_mut(index)) {
                    interval.figures.add(&leg);
                }
            }
            let last = rows.last().map(|row| (row.at, row.call_id, row.position));
            if !reading.behind(last, rows.len())? {
                return Ok(found);
            }
        }
    }

    /// What she did in each of her queues when the first interval began, and what changed until the last ends.
    async fn changes(&self, of: &OfAgent, intervals: &Intervals) -> Result<Vec<Change>, FiguresError> {
        let (mut changes, mut ends) = (Vec::new(), BTreeMap::new());
        for queue in self.queues_of(of).await? {
            let before = self.last_change(of, queue, intervals.begin()).await?;
            // Her last change in a queue that she has left was the end of it.
            let last = self.last_change(of, queue, Timestamp(i64::MAX)).await?;
            let left = !of.queues.contains(&QueueId(unsigned(queue)));
            let end = last.map(|row| row.id).filter(|_| left);
            if let Some(row) = before.filter(|row| Some(row.id) != end) {
                changes.push(row);
            }
            ends.insert(queue, end);
        }
        changes.sort_by_key(|row| (row.at, row.id));
        let mut reading = Reading::since(intervals.begin());
        loop {
            let rows: Vec<LogRow> = sqlx::query_as(
                "SELECT id, agent, queue, state, at FROM agent_log
                 WHERE tenant = $1 AND agent = $2 AND (at, id) > ($3, $4) AND at < $5 ORDER BY at, id LIMIT $6",
            )
            .bind(signed(of.tenant.0))
            .bind(signed(of.agent.0))
            .bind(reading.at)
            .bind(reading.call)
            .bind(intervals.end().0)
            .bind(ROWS_AT_ONCE)
            .fetch_all(self.reader())
            .await?;
            let (last, count) = (rows.last().map(|row| (row.at, row.id, i64::MIN)), rows.len());
            changes.extend(rows);
            if !reading.behind(last, count)? {
                break;
            }
        }
        let change = |row: LogRow| {
            let state = State::from_word(&row.state);
            let state = state.ok_or_else(|| StoreError::corrupt("a state of an agent", &row.state))?;
            let is_end = ends.get(&row.queue).is_some_and(|end| *end == Some(row.id));
            let state = Some(state).filter(|_| !is_end);
            Ok::<_, FiguresError>(Change {
                at: Timestamp(row.at),
                queue: QueueId(unsigned(row.queue)),
                state,
            })
        };
        changes.into_iter().map(change).collect()
    }

    /// The queues that her log names.
    async fn queues_of(&self, of: &OfAgent) -> Result<Vec<i64>, FiguresError> {
        // From one to the next in the index, however many lines there are of each.
        let queues = sqlx::query_scalar(
            "WITH RECURSIVE found (queue) AS (
               SELECT MIN(queue) FROM agent_log WHERE tenant = $1 AND agent = $2
               UNION ALL
               SELECT (SELECT MIN(queue) FROM agent_log WHERE tenant = $1 AND agent = $2 AND queue > found.queue)
               FROM found WHERE found.queue IS NOT NULL
             ) SELECT queue FROM found WHERE queue IS NOT NULL",
        )
        .bind(signed(of.tenant.0))
        .bind(signed(of.agent.0))
        .fetch_all(self.reader())
        .await?;
        Ok(queues)
    }

    async fn last_change(
        &self,
        of: &OfAgent,
        queue: i64,
        before: Timestamp,
    ) -> Result<Option<LogRow>, FiguresError> {
        let row = sqlx::query_as(
            "SELECT id, agent, queue, state, at FROM agent_log
             WHERE tenant = $1 AND agent = $2 AND queue = $3 AND at < $4 ORDER BY at DESC, id DESC LIMIT 1",
        )
        .bind(signed(of.tenant.0))
        .bind(signed(of.agent.0))
        .bind(queue)
        .bind(before.0)
        .fetch_optional(self.reader())
        .await?;
        Ok(row)
    }
}

/// Microseconds in milliseconds.
fn ms(micros: i64) -> u64 {
    unsigned(micros / 1_000)
}
