//! A call comes to a line: who is kept out of it, and with what it enters.

use acd::{AcdInput, Entering};
use model::{AgentId, BlockLevel, CallId, Queue, QueueId, Timestamp};

use crate::agents;
use crate::call::queue::{self, Left};
use crate::call::{Call, Entry, Place, callback, clear, connect, in_queue, prompt};
use crate::cause::Cause;
use crate::engine::Engine;
use crate::lists;
use crate::opening;
use crate::step::Step;
use crate::timer::TimerKind;

/// Highest priority in a line.
const PRIORITY_MAX: u8 = 9;

/// Takes the call to the line of a queue, unless its caller is kept out.
pub(crate) fn enter(engine: &mut Engine, id: CallId, queue: QueueId, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get(&id) else { return };
    if !engine.directory.queues.contains_key(&queue) {
        return clear::end_call(engine, id, Cause::NotFound, step);
    }
    let kept_out = lists::kept_out(&engine.directory, call.caller.number.reveal(), step.now);
    let warned = call.warned;
    // An agent who calls is on a call, whatever she hears.
    agents::caller_talks(engine, id, step);
    match kept_out {
        Some(BlockLevel::Refused) => prompt::play_then_end(engine, id, &["blocked"], Cause::Blocked, step),
        Some(BlockLevel::Warned) if !warned => warn(engine, id, queue, step),
        Some(BlockLevel::Warned) | None => join(engine, id, queue, None, step),
    }
}

/// Tells the caller that he is known, and waits for a key: 1 ends the call, 2 goes on.
fn warn(engine: &mut Engine, id: CallId, queue: QueueId, step: &mut Step<'_>) {
    connect::answer_caller(engine, id, step);
    let Some(play) = connect::play(engine, id, vec!["blocked-warning".into()], false, step) else {
        return clear::end_call(engine, id, Cause::Blocked, step);
    };
    let Some(call) = engine.calls.get_mut(&id) else { return };
    call.place = Place::Warned { queue, play };
    step.touch_call(id);
    let last = engine.limits.prompt_max.saturating_add(engine.limits.key_wait);
    engine.timers.set(TimerKind::KeyOverdue(id), step.now.after(last));
}

/// The warning has been heard: a key is waited for a little longer.
pub(crate) fn warning_heard(engine: &mut Engine, id: CallId, step: &Step<'_>) {
    engine.timers.set(TimerKind::KeyOverdue(id), step.now.after(engine.limits.key_wait));
}

/// The warned caller pressed a key; others than 1 and 2 mean nothing.
pub(crate) fn key(engine: &mut Engine, id: CallId, queue: QueueId, key: char, step: &mut Step<'_>) {
    match key {
        '1' => clear::end_call(engine, id, Cause::Blocked, step),
        '2' => {
            engine.timers.stop(TimerKind::KeyOverdue(id));
            if let Some(call) = engine.calls.get_mut(&id) {
                call.warned = true;
            }
            enter(engine, id, queue, step);
        }
        _ => {}
    }
}

/// The warned caller pressed nothing.
pub(crate) fn key_overdue(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    match engine.calls.get(&id).map(|call| call.place) {
        Some(Place::Warned { .. }) => clear::end_call(engine, id, Cause::Blocked, step),
        Some(
            Place::Started
            | Place::InFlow
            | Place::Prompt { .. }
            | Place::Waiting { .. }
            | Place::RingsFirst { .. }
            | Place::Ringing { .. }
            | Place::Hunting
            | Place::Voicemail
            | Place::CallsBack { .. }
            | Place::Rests { .. }
            | Place::Connected { .. }
            | Place::Ending,
        )
        | None => {}
    }
}

/// Puts the call into the line, unless the queue is closed or in night mode. Whether it is answered depends on what the
/// ACD says: a call that cannot stay and has nothing to hear is refused, which costs its caller nothing. `before`: it has
/// waited in other lines since then, with this priority.
pub(crate) fn join(
    engine: &mut Engine,
    id: CallId,
    queue: QueueId,
    before: Option<(Timestamp, u8)>,
    step: &mut Step<'_>,
) {
    let Some(call) = engine.calls.get(&id) else { return };
    let Some(rules) = engine.directory.queues.get(&queue) else { return };
    if let Some((outcome, next)) = opening::queue(&engine.directory, &engine.night, rules, step.now) {
        let next = Some(next.clone());
        let entry = Entry {
            queue,
            number: rules.number.clone(),
            sla_time: rules.sla_time,
            entered_at: step.now,
            waits_since: step.now,
            priority: 0,
            expected: None,
        };
        stands_in(engine, id, entry, step);
        return queue::left(engine, Left { call: id, queue, outcome, enqueued_at: step.now, next }, step);
    }
    let number = call.caller.number.reveal().clone();
    callback::cancel(engine, queue, &number, step);
    agents::carry_out(engine, step);
    let Some(call) = engine.calls.get(&id) else { return };
    let Some(rules) = engine.directory.queues.get(&queue) else { return };
    let resumed = engine.resumable.take(queue, &call.caller.number, step.now);
    let vip = lists::vip_priority(&engine.directory, call.caller.number.reveal(), step.now);
    let kept =
        before.map(|(_, priority)| priority).into_iter().chain(resumed.map(|place| place.priority)).max();
    let priority = call.priority.max(vip).max(kept.unwrap_or(0));
    let entered_at = resumed.map_or(step.now, |place| place.enqueued_at);
    let since =
        before.map(|(since, _)| since).into_iter().chain(resumed.map(|place| place.waits_since)).min();
    let waits_since = since.unwrap_or(entered_at);
    let entering = Entering {
        call: id,
        queue,
        priority: priority.min(PRIORITY_MAX),
        received_at: resumed.map_or(call.started_at, |place| place.received_at),
        skills: call.skills.clone(),
        preferred: preferred(engine, call, rules, step.now),
        since: Some(waits_since),
        resumes: resumed.map(|place| place.enqueued_at),
        held: in_queue::holds(&rules.in_queue),
        callback: None,
    };
    let entry = Entry {
        queue,
        number: rules.number.clone(),
        sla_time: rules.sla_time,
        entered_at,
        waits_since,
        priority: entering.priority,
        expected: None,
    };
    stands_in(engine, id, entry, step);
    engine.tell_acd(AcdInput::Enqueued(entering), step);
}

/// It has come to a line, whether that lets it in or not: counted as offered.
fn stands_in(engine: &mut Engine, id: CallId, entry: Entry, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let queue = entry.queue;
    call.place = Place::Waiting { queue };
    call.entry = Some(entry);
    engine.counters.offered(queue);
    step.touch_call(id);
    step.touch_queue(queue);
}

/// Who is tried first: the caller's own agents, else the one who served him last.
pub(crate) fn preferred(engine: &Engine, call: &Call, rules: &Queue, now: Timestamp) -> Vec<AgentId> {
    let number = &call.caller.number;
    let own = lists::own_agents(&engine.directory, number.reveal(), rules.id, now);
    if own.is_empty() {
        engine.sticky.agent(number, rules.id, rules.sticky_days, now).into_iter().collect()
    } else {
        own
    }
}
