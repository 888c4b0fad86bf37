//! What live calls would feel of a plan: the plan's effects, held against everything as it stands.

use engine::{AgentState, CallState};
use model::{AgentId, QueueId, Timestamp};
use store::provisioning::{Effects, EndedMembership, LoweredLimit};
use switch::Snapshot;

/// Most agents named in one line; the rest are counted.
const NAMED_MAX: usize = 10;

/// One sentence for each effect that somebody would feel at `now`; none if nobody would.
#[must_use]
pub fn lines(effects: &Effects, snapshot: &Snapshot, now: Timestamp) -> Vec<String> {
    let removed = effects.removed_queues.iter().filter_map(|queue| {
        let count = waits(snapshot, queue.queue, now).len();
        let number = &queue.number;
        (count > 0).then(|| {
            format!("{} in queue {number}, which goes away: on to its on_no_answer", callers_wait(count))
        })
    });
    let lowered = effects.lowered_limits.iter().filter_map(|limit| self::lowered(limit, snapshot, now));
    let ended = ended(&effects.ended_memberships, snapshot);
    removed.chain(lowered).chain(ended).collect()
}

/// How long each caller of a queue has waited, seconds.
fn waits(snapshot: &Snapshot, queue: QueueId, now: Timestamp) -> Vec<u64> {
    let waited = |call: &engine::CallView| match &call.state {
        CallState::Waiting { queue: of, enqueued_at, callback: false, .. } if *of == queue => {
            Some(now.since(*enqueued_at).as_secs())
        }
        CallState::Waiting { .. }
        | CallState::Started
        | CallState::InFlow { .. }
        | CallState::Ringing
        | CallState::CallingBack { .. }
        | CallState::Connected { .. }
        | CallState::Ending => None,
    };
    snapshot.calls.iter().filter_map(waited).collect()
}

fn lowered(limit: &LoweredLimit, snapshot: &Snapshot, now: Timestamp) -> Option<String> {
    let waits = waits(snapshot, limit.queue, now);
    if waits.is_empty() {
        return None;
    }
    let LoweredLimit { queue: _, number, field, from, to } = limit;
    let from = if *from == 0 { "none".to_owned() } else { from.to_string() };
    let effect = if *field == "max_waiting_time" {
        let over = waits.iter().filter(|waited| **waited >= u64::from(*to)).count();
        format!("{over} of them for that long already, who leave the line at once")
    } else {
        "they stay, and new ones are let in only below it".to_owned()
    };
    let wait = callers_wait(waits.len());
    Some(format!("{wait} in queue {number}, whose {field} goes from {from} to {to}: {effect}"))
}

fn ended(memberships: &[EndedMembership], snapshot: &Snapshot) -> Option<String> {
    let talks = |agent: AgentId, queue: QueueId| {
        let found = snapshot.agents.binary_search_by_key(&agent, |view| view.agent).ok();
        found.and_then(|index| snapshot.agents.get(index)).is_some_and(|view| {
            let mut of_queue = view.memberships.iter().filter(|membership| membership.queue == queue);
            of_queue.any(|membership| matches!(membership.state, AgentState::QueueCall { .. }))
        })
    };
    let talking: Vec<&EndedMembership> =
        memberships.iter().filter(|ended| talks(ended.agent, ended.queue)).collect();
    let named = talking.iter().take(NAMED_MAX).map(|ended| format!("{} in {}", ended.called, ended.number));
    let mut names = named.collect::<Vec<_>>().join(", ");
    if talking.len() > NAMED_MAX {
        names.push_str(&format!(" and {} more", talking.len() - NAMED_MAX));
    }
    match talking.len() {
        0 => None,
        1 => Some(format!("1 agent is on a call of a queue that she leaves ({names}): the call goes on")),
        count => {
            Some(format!("{count} agents are on calls of queues that they leave ({names}): the calls go on"))
        }
    }
}

fn callers_wait(count: usize) -> String {
    if count == 1 { "1 caller waits".to_owned() } else { format!("{count} callers wait") }
}
