//! Memberships: agents' places in queues.

use model::{AgentId, Membership, QueueId, TenantId};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::sql::{narrow, signed, unsigned};

#[derive(FromRow)]
struct Row {
    queue: i64,
    agent: i64,
    list_order: i64,
    skill_level: i64,
    queue_priority: i64,
    wrap_up_time: Option<i64>,
    enabled: bool,
    tier: i64,
    auto_answer: bool,
    answer_confirmation: bool,
}

impl TryFrom<Row> for Membership {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wrap_up_time = row.wrap_up_time.map(|value| narrow(value, "wrap_up_time of a membership"));
        let (queue, agent) = (QueueId(unsigned(row.queue)), AgentId(unsigned(row.agent)));
        Ok(Self {
            order: narrow(row.list_order, "order of a membership")?,
            skill_level: narrow(row.skill_level, "skill_level of a membership")?,
            queue_priority: narrow(row.queue_priority, "queue_priority of a membership")?,
            wrap_up_time: wrap_up_time.transpose()?,
            enabled: row.enabled,
            tier: narrow(row.tier, "tier of a membership")?,
            auto_answer: row.auto_answer,
            answer_confirmation: row.answer_confirmation,
            queue,
            agent,
        })
    }
}

/// The memberships of a domain, by queue and agent.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<Membership>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT queue, agent, list_order, skill_level, queue_priority, wrap_up_time, enabled, tier, auto_answer,
           answer_confirmation
         FROM memberships WHERE tenant = $1 ORDER BY queue, agent",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Membership::try_from).collect()
}

/// Makes or changes a membership.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    membership: &Membership,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO memberships (tenant, queue, agent, list_order, skill_level, queue_priority, wrap_up_time,
           enabled, tier, auto_answer, answer_confirmation)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (queue, agent) DO UPDATE SET list_order = excluded.list_order,
           skill_level = excluded.skill_level, queue_priority = excluded.queue_priority,
           wrap_up_time = excluded.wrap_up_time, enabled = excluded.enabled,
           tier = excluded.tier, auto_answer = excluded.auto_answer,
           answer_confirmation = excluded.answer_confirmation",
    )
    .bind(signed(tenant.0))
    .bind(signed(membership.queue.0))
    .bind(signed(membership.agent.0))
    .bind(i64::from(membership.order))
    .bind(i64::from(membership.skill_level))
    .bind(i64::from(membership.queue_priority))
    .bind(membership.wrap_up_time.map(i64::from))
    .bind(membership.enabled)
    .bind(i64::from(membership.tier))
    .bind(membership.auto_answer)
    .bind(membership.answer_confirmation)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a membership.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    queue: QueueId,
    agent: AgentId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM memberships WHERE queue = $1 AND agent = $2")
        .bind(signed(queue.0))
        .bind(signed(agent.0))
        .execute(conn)
        .await?;
    Ok(())
}
