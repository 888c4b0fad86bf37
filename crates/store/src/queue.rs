//! Queues.

use model::{Queue, QueueId, RnaAction, RnaPolicy, RnaScope, TenantId};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::fallback;
use crate::sql::{from_json, narrow, signed, to_json, unsigned};
use crate::words::Word as _;

#[derive(FromRow)]
struct Row {
    id: i64,
    number: String,
    name: String,
    strategy: String,
    ring_time: i64,
    max_callers: i64,
    max_waiting_time: i64,
    retry_delay: i64,
    wait_when_no_agents: bool,
    auto_ready: bool,
    after_non_acd: String,
    wrap_up_time: i64,
    rna_policy_json: Option<String>,
    decline_is_rna: bool,
    weight: i64,
    sla_time: i64,
    on_no_answer_json: String,
    on_full_json: Option<String>,
    on_no_agents_json: Option<String>,
    hours: Option<String>,
    on_closed_json: Option<String>,
    on_night_json: Option<String>,
    moh: String,
    sim_ring_first: i64,
    sim_ring_increment: i64,
    max_expected_wait: i64,
    busy_delay: i64,
    decline_delay: i64,
    skills_json: String,
    ageing: i64,
    order_by: String,
    sticky_days: i64,
    announce_to_agent: Option<String>,
    in_queue_json: String,
    recording: bool,
}

#[derive(Serialize, Deserialize)]
struct RnaPolicyRow {
    action: String,
    scope: String,
    after_n: u32,
}

impl TryFrom<Row> for Queue {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let corrupt = || StoreError::corrupt("a queue", row.id);
        let seconds = |value| narrow::<u32>(value, "a time of a queue");
        let optional = |text: &Option<String>| fallback::read_optional(text.as_deref());
        Ok(Self {
            id: QueueId(unsigned(row.id)),
            number: fallback::number(&row.number)?,
            name: row.name,
            strategy: model::Strategy::from_word(&row.strategy).ok_or_else(corrupt)?,
            ring_time: seconds(row.ring_time)?,
            max_callers: narrow(row.max_callers, "max_callers of a queue")?,
            max_waiting_time: seconds(row.max_waiting_time)?,
            retry_delay: seconds(row.retry_delay)?,
            wait_when_no_agents: row.wait_when_no_agents,
            auto_ready: row.auto_ready,
            after_non_acd: model::AfterNonAcd::from_word(&row.after_non_acd).ok_or_else(corrupt)?,
            wrap_up_time: seconds(row.wrap_up_time)?,
            rna_policy: row.rna_policy_json.as_deref().map(read_policy).transpose()?,
            decline_is_rna: row.decline_is_rna,
            weight: narrow(row.weight, "weight of a queue")?,
            sla_time: seconds(row.sla_time)?,
            on_no_answer: fallback::read(&row.on_no_answer_json)?,
            on_full: optional(&row.on_full_json)?,
            on_no_agents: optional(&row.on_no_agents_json)?,
            on_closed: optional(&row.on_closed_json)?,
            on_night: optional(&row.on_night_json)?,
            hours: row.hours,
            moh: row.moh,
            recording: row.recording,
            sim_ring_first: narrow(row.sim_ring_first, "sim_ring_first of a queue")?,
            sim_ring_increment: narrow(row.sim_ring_increment, "sim_ring_increment of a queue")?,
            max_expected_wait: seconds(row.max_expected_wait)?,
            busy_delay: seconds(row.busy_delay)?,
            decline_delay: seconds(row.decline_delay)?,
            skills: crate::skill::read(&row.skills_json)?,
            ageing: seconds(row.ageing)?,
            order_by: model::OrderBy::from_word(&row.order_by).ok_or_else(corrupt)?,
            sticky_days: narrow(row.sticky_days, "sticky days of a queue")?,
            announce_to_agent: row.announce_to_agent,
            in_queue: crate::in_queue::read(&row.in_queue_json)?,
        })
    }
}

fn read_policy(text: &str) -> Result<RnaPolicy, StoreError> {
    let corrupt = || StoreError::corrupt("an rna_policy", text);
    let row: RnaPolicyRow = from_json(text, "an rna_policy")?;
    Ok(RnaPolicy {
        action: RnaAction::from_word(&row.action).ok_or_else(corrupt)?,
        scope: RnaScope::from_word(&row.scope).ok_or_else(corrupt)?,
        after_n: row.after_n,
    })
}

fn write_policy(policy: &RnaPolicy) -> Result<String, StoreError> {
    to_json(&RnaPolicyRow {
        action: policy.action.word().into(),
        scope: policy.scope.word().into(),
        after_n: policy.after_n,
    })
}

/// The queues of a domain, by id.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<Queue>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as("SELECT * FROM queues WHERE tenant = $1 ORDER BY id")
        .bind(signed(tenant.0))
        .fetch_all(conn)
        .await?;
    rows.into_iter().map(Queue::try_from).collect()
}

/// Makes or changes a queue.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    queue: &Queue,
) -> Result<(), StoreError> {
    let optional = |action: &Option<model::FallbackAction>| fallback::write_optional(action.as_ref());
    sqlx::query(
        "INSERT INTO queues (id, tenant, number, name, strategy, ring_time, max_callers, max_waiting_time, retry_delay,
           wait_when_no_agents, auto_ready, after_non_acd, wrap_up_time, rna_policy_json, decline_is_rna, weight,
           sla_time, on_no_answer_json, on_full_json, on_no_agents_json, moh, sim_ring_first, sim_ring_increment,
           max_expected_wait, busy_delay, decline_delay, skills_json, ageing, order_by, sticky_days,
           announce_to_agent, hours, on_closed_json, on_night_json, in_queue_json, recording)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
           $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)
         ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = excluded.name, strategy =
           excluded.strategy, ring_time = excluded.ring_time, max_callers = excluded.max_callers, max_waiting_time =
           excluded.max_waiting_time, retry_delay = excluded.retry_delay, wait_when_no_agents =
           excluded.wait_when_no_agents, auto_ready = excluded.auto_ready, after_non_acd = excluded.after_non_acd,
           wrap_up_time = excluded.wrap_up_time, rna_policy_json = excluded.rna_policy_json, decline_is_rna =
           excluded.decline_is_rna, weight = excluded.weight, sla_time = excluded.sla_time, on_no_answer_json =
           excluded.on_no_answer_json, on_full_json = excluded.on_full_json, on_no_agents_json =
           excluded.on_no_agents_json, moh = excluded.moh, sim_ring_first = excluded.sim_ring_first,
           sim_ring_increment = excluded.sim_ring_increment, max_expected_wait = excluded.max_expected_wait,
           busy_delay = excluded.busy_delay, decline_delay = excluded.decline_delay, skills_json =
           excluded.skills_json, ageing = excluded.ageing, order_by = excluded.order_by, sticky_days =
           excluded.sticky_days, announce_to_agent = excluded.announce_to_agent, hours = excluded.hours,
           on_closed_json = excluded.on_closed_json, on_night_json = excluded.on_night_json, in_queue_json =
           excluded.in_queue_json, recording = excluded.recording",
    )
    .bind(signed(queue.id.0))
    .bind(signed(tenant.0))
    .bind(queue.number.as_str())
    .bind(&queue.name)
    .bind(queue.strategy.word())
    .bind(i64::from(queue.ring_time))
    .bind(i64::from(queue.max_callers))
    .bind(i64::from(queue.max_waiting_time))
    .bind(i64::from(queue.retry_delay))
    .bind(queue.wait_when_no_agents)
    .bind(queue.auto_ready)
    .bind(queue.after_non_acd.word())
    .bind(i64::from(queue.wrap_up_time))
    .bind(queue.rna_policy.as_ref().map(write_policy).transpose()?)
    .bind(queue.decline_is_rna)
    .bind(i64::from(queue.weight))
    .bind(i64::from(queue.sla_time))
    .bind(fallback::write(&queue.on_no_answer)?)
    .bind(optional(&queue.on_full)?)
    .bind(optional(&queue.on_no_agents)?)
    .bind(&queue.moh)
    .bind(i64::from(queue.sim_ring_first))
    .bind(i64::from(queue.sim_ring_increment))
    .bind(i64::from(queue.max_expected_wait))
    .bind(i64::from(queue.busy_delay))
    .bind(i64::from(queue.decline_delay))
    .bind(crate::skill::write(&queue.skills)?)
    .bind(i64::from(queue.ageing))
    .bind(queue.order_by.word())
    .bind(i64::from(queue.sticky_days))
    .bind(queue.announce_to_agent.as_deref())
    .bind(queue.hours.as_deref())
    .bind(optional(&queue.on_closed)?)
    .bind(optional(&queue.on_night)?)
    .bind(crate::in_queue::write(&queue.in_queue)?)
    .bind(queue.recording)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a queue. Its memberships must be gone.
pub(crate) async fn remove(conn: &mut SqliteConnection, queue: QueueId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM queues WHERE id = $1").bind(signed(queue.0)).execute(conn).await?;
    Ok(())
}
