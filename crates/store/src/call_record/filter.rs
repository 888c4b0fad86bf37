//! Which calls are looked for: each condition has an index that finds its calls in the order of their starts.

use engine::{CallRecord, QueueOutcome};
use model::{AgentId, QueueId, TenantId, Timestamp};
use sqlx::{QueryBuilder, Sqlite};

use crate::page::Part;
use crate::sql::signed;
use crate::words::Word as _;

/// What calls must be like; without a condition all are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// They stood in this queue's line, or tried to.
    pub queue: Option<QueueId>,
    /// With a queue: they left it so.
    pub outcome: Option<QueueOutcome>,
    /// They reached this agent's phone, or came from it.
    pub agent: Option<AgentId>,
    /// Their caller's number begins like this.
    pub caller: Option<String>,
    /// They were given the disposition of this code.
    pub disposition: Option<String>,
    /// They started then or later.
    pub from: Option<Timestamp>,
    /// They started before then.
    pub to: Option<Timestamp>,
}

impl CallFilter {
    /// Whether a call is like that, which was given `disposition`, if any.
    #[must_use]
    pub fn fits(&self, record: &CallRecord, disposition: Option<&str>) -> bool {
        let left = |queue| {
            let mut stays = record.queues.iter().filter(|stay| stay.queue == queue);
            stays.any(|stay| self.outcome.is_none_or(|outcome| stay.outcome == outcome))
        };
        let begins = |text: &String| record.caller.number.reveal().starts_with(text.as_str());
        self.queue.is_none_or(left)
            && self.agent.is_none_or(|agent| record.legs.iter().any(|leg| leg.agent == Some(agent)))
            && self.caller.as_ref().is_none_or(begins)
            && self.disposition.as_deref().is_none_or(|code| disposition == Some(code))
            && self.from.is_none_or(|from| record.started_at >= from)
            && self.to.is_none_or(|to| record.started_at < to)
    }

    /// The statement that finds a part of them. Its text is put together of pieces that stand here; what anybody sent is
    /// bound.
    pub(super) fn statement(&self, tenant: TenantId, part: Part) -> QueryBuilder<Sqlite> {
        let mut sql = QueryBuilder::new(
            "SELECT r.call_id, r.direction, r.caller_number, r.caller_name, r.dialed, r.started_at, r.answered_at,
               r.ended_at, r.cause, r.queues_json, r.legs_json, r.recordings_json FROM ",
        );
        let (started, call) = self.lead(tenant, &mut sql);
        if let (Some(_), Some(agent)) = (self.queue, self.agent) {
            sql.push(
                " AND EXISTS (SELECT 1 FROM agent_legs l WHERE l.tenant = r.tenant AND l.call_id = r.call_id
                   AND l.agent = ",
            );
            sql.push_bind(signed(agent.0)).push(")");
        }
        if let (true, Some(code)) = (self.queue.is_some() || self.agent.is_some(), &self.disposition) {
            sql.push(
                " AND EXISTS (SELECT 1 FROM call_dispositions d WHERE d.tenant = r.tenant AND d.call_id = r.call_id
                   AND d.code = ",
            );
            sql.push_bind(code.clone()).push(")");
        }
        if let Some(caller) = &self.caller {
            sql.push(" AND r.caller_number >= ").push_bind(caller.clone());
            sql.push(" AND r.caller_number < ").push_bind(format!("{caller}\u{10ffff}"));
        }
        if let Some(from) = self.from {
            sql.push(" AND ").push(started).push(" >= ").push_bind(from.0);
        }
        if let Some(to) = self.to {
            sql.push(" AND ").push(started).push(" < ").push_bind(to.0);
        }
        let (than, order) = if part.oldest_first { (" > ", "") } else { (" < ", " DESC") };
        let place = part.place();
        sql.push(" AND (").push(started).push(", ").push(call).push(")").push(than);
        sql.push("(").push_bind(place.at).push(", ").push_bind(place.id).push(")");
        sql.push(" ORDER BY ").push(started).push(order).push(", ").push(call).push(order);
        sql.push(" LIMIT ").push_bind(part.rows());
        sql
    }

    /// Writes which table leads, by whose index calls are found in order; and what their starts and ids are called there.
    fn lead(&self, tenant: TenantId, sql: &mut QueryBuilder<Sqlite>) -> (&'static str, &'static str) {
        match (self.queue, self.agent, &self.disposition) {
            (Some(queue), _, _) => {
                sql.push(
                    "queue_stays s JOIN call_records r ON r.tenant = s.tenant AND r.call_id = s.call_id",
                );
                sql.push(" WHERE s.tenant = ").push_bind(signed(tenant.0));
                sql.push(" AND s.queue = ").push_bind(signed(queue.0));
                self.push_outcome(sql, " AND s.outcome = ");
                // Of several stays the first.
                sql.push(
                    " AND NOT EXISTS (SELECT 1 FROM queue_stays e WHERE e.tenant = s.tenant AND e.call_id = s.call_id
                       AND e.queue = s.queue AND e.position < s.position",
                );
                self.push_outcome(sql, " AND e.outcome = ");
                sql.push(")");
                ("s.started_at", "s.call_id")
            }
            (None, Some(agent), _) => {
                sql.push("agent_legs s JOIN call_records r ON r.tenant = s.tenant AND r.call_id = s.call_id");
                sql.push(" WHERE s.tenant = ").push_bind(signed(tenant.0));
                sql.push(" AND s.agent = ").push_bind(signed(agent.0));
                sql.push(
                    " AND NOT EXISTS (SELECT 1 FROM agent_legs e WHERE e.tenant = s.tenant AND e.call_id = s.call_id
                       AND e.agent = s.agent AND e.position < s.position)",
                );
                ("s.started_at", "s.call_id")
            }
            (None, None, Some(code)) => {
                sql.push(
                    "call_dispositions s JOIN call_records r ON r.tenant = s.tenant AND r.call_id = s.call_id",
                );
                sql.push(" WHERE s.tenant = ").push_bind(signed(tenant.0));
                sql.push(" AND s.code = ").push_bind(code.clone());
                ("s.started_at", "s.call_id")
            }
            (None, None, None) => {
                sql.push("call_records r WHERE r.tenant = ").push_bind(signed(tenant.0));
                // With a number its own index leads, and few are sorted: the plus keeps the one of the starts away.
                if self.caller.is_some() {
                    ("+r.started_at", "r.call_id")
                } else {
                    ("r.started_at", "r.call_id")
                }
            }
        }
    }

    fn push_outcome(&self, sql: &mut QueryBuilder<Sqlite>, before: &'static str) {
        if let Some(outcome) = self.outcome {
            sql.push(before).push_bind(outcome.word());
        }
    }
}
