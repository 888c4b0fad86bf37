//! The agent log: every change of what an agent does, and who caused it.

use model::{AgentId, QueueId, TenantId, Timestamp};
use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection};

use crate::error::StoreError;
use crate::ids::{Counter, take};
use crate::page::{Cursor, Page, Part};
use crate::sql::{signed, unsigned};
use crate::store::Store;

/// Rows of one statement: far below the database's limit of parameters.
const ROWS_PER_STATEMENT: usize = 64;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentLogEntry {
    /// Who.
    pub agent: AgentId,
    /// In which queue.
    pub queue: QueueId,
    /// What she does now, as the API says it.
    pub state: String,
    /// Why, if she is not ready.
    pub reason: Option<String>,
    /// Who caused it, as the API says it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    agent: i64,
    queue: i64,
    state: String,
    reason: Option<String>,
    actor: String,
    at: i64,
}

impl Store {
    /// Keeps entries in one transaction, in order.
    ///
    /// # Errors
    /// [`StoreError`]; none of them is kept then.
    pub async fn append_agent_log(&self, entries: &[(TenantId, AgentLogEntry)]) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        let entries: Vec<_> = entries.iter().map(|(tenant, entry)| (*tenant, None, entry)).collect();
        append(&mut tx, &entries).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The log of a domain, or of one of its agents.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn agent_log(
        &self,
        tenant: TenantId,
        agent: Option<AgentId>,
        part: Part,
    ) -> Result<Page<AgentLogEntry>, StoreError> {
        let query = match agent {
            Some(agent) => sqlx::query_as(part.statement(
                "SELECT id, agent, queue, state, reason, actor, at FROM agent_log
                 WHERE tenant = $1 AND id < $2 AND agent = $4 ORDER BY id DESC LIMIT $3",
                "SELECT id, agent, queue, state, reason, actor, at FROM agent_log
                 WHERE tenant = $1 AND id > $2 AND agent = $4 ORDER BY id LIMIT $3",
            ))
            .bind(signed(tenant.0))
            .bind(part.place().id)
            .bind(part.rows())
            .bind(signed(agent.0)),
            None => sqlx::query_as(part.statement(
                "SELECT id, agent, queue, state, reason, actor, at FROM agent_log
                 WHERE tenant = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                "SELECT id, agent, queue, state, reason, actor, at FROM agent_log
                 WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3",
            ))
            .bind(signed(tenant.0))
            .bind(part.place().id)
            .bind(part.rows()),
        };
        let rows: Vec<Row> = query.fetch_all(self.reader()).await?;
        let Page { items, next } = part.page(rows, |row| Cursor { at: 0, id: row.id });
        let entry = |row: Row| AgentLogEntry {
            agent: AgentId(unsigned(row.agent)),
            queue: QueueId(unsigned(row.queue)),
            state: row.state,
            reason: row.reason,
            actor: row.actor,
            at: Timestamp(row.at),
        };
        Ok(Page { items: items.into_iter().map(entry).collect(), next })
    }
}

/// Keeps entries, in order, many with one statement, each with the number of its event. Of an event that is there
/// already nothing more is kept.
pub(crate) async fn append(
    conn: &mut SqliteConnection,
    entries: &[(TenantId, Option<u64>, &AgentLogEntry)],
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut next = take(conn, Counter::Log, entries.len() as u64).await?;
    for entries in entries.chunks(ROWS_PER_STATEMENT) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO agent_log (id, tenant, seq, agent, queue, state, reason, actor, at) ",
        );
        insert.push_values((next..).zip(entries), |mut row, (id, (tenant, seq, entry))| {
            row.push_bind(signed(id))
                .push_bind(signed(tenant.0))
                .push_bind(seq.map(signed))
                .push_bind(signed(entry.agent.0))
                .push_bind(signed(entry.queue.0))
                .push_bind(entry.state.as_str())
                .push_bind(entry.reason.as_deref())
                .push_bind(entry.actor.as_str())
                .push_bind(entry.at.0);
        });
        insert.push(" ON CONFLICT (tenant, seq) DO NOTHING");
        next += entries.len() as u64;
        // Its text depends on the number of rows: keeping each would push out the statements used again.
        insert.build().persistent(false).execute(&mut *conn).await?;
    }
    Ok(())
}
