//! Callbacks: a caller who has hung up keeps his place in the line, and is called when his turn has come.
//!
//! His call goes on without him: its entry is offered like any other, the agent is rung first, and on her answer the
//! caller is dialed through a trunk while she hears it ring. [`ask`] is how he comes to it. Nothing of it needs a
//! leg that lives on, so it outlives the process: after a restart it stands in its line as before.

pub(crate) mod ask;

use std::time::Duration;

use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, CallId, CallbackRules, CallerId, LegId, Pii, QueueId, Strategy, Timestamp};

use acd::{AcdInput, Entering, Gone, QueueOutcome};

use crate::call::connect::{self, Joined};
use crate::call::queue::Offer;
use crate::call::{Call, Entry, Place, clear, enter, in_queue};
use crate::cause::Cause;
use crate::command::{DialTarget, LegCommand, MediaCommand};
use crate::counters::millis;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::hand_over::HandedCallback;
use crate::leg::{Leg, Phase, Role};
use crate::record::{Direction, LegRecord, LegStatus, QueueStay};
use crate::step::Step;
use crate::timer::TimerKind;

/// How often an agent may hang up before the caller has answered; then the callback has failed.
const DROPS_MAX: u8 = 3;

/// A caller who is to be called back, or was.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Callback {
    /// What is dialed, without the queue's prefix.
    pub(crate) number: Pii<String>,
    /// When he asked for it.
    pub(crate) requested_at: Timestamp,
    /// How often he was dialed and not reached.
    attempts: u8,
    /// How often an agent hung up meanwhile.
    drops: u8,
    /// The leg to him, since he was last dialed.
    pub(crate) party: Option<LegId>,
}

impl Callback {
    /// One that waits in its line.
    pub(crate) const fn new(number: Pii<String>, requested_at: Timestamp) -> Self {
        Self { number, requested_at, attempts: 0, drops: 0, party: None }
    }
}

impl Call {
    /// Whether its caller is still to be called back.
    pub(crate) fn is_to_be_called_back(&self) -> bool {
        self.callback.is_some() && self.entry.is_some()
    }
}

/// The rules of a queue that calls back.
pub(crate) fn rules(engine: &Engine, queue: QueueId) -> Option<&CallbackRules> {
    engine.directory.queues.get(&queue)?.in_queue.callback.as_ref()
}

/// The digits of a number: what two ways to write it have in common.
pub(crate) fn digits(number: &str) -> Pii<String> {
    Pii(number.chars().filter(char::is_ascii_digit).collect())
}

/// He has asked to be called back: counted as the end of his wait, while his entry keeps his place.
pub(crate) fn request(engine: &mut Engine, id: CallId, queue: QueueId, number: &str, step: &mut Step<'_>) {
    // A newer wish of the same number takes the place of an older one.
    cancel(engine, queue, number, step);
    engine.tell_acd(AcdInput::CallbackRequested { call: id }, step);
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let Some(entry) = &call.entry else { return };
    call.queues.push(QueueStay {
        queue,
        number: entry.number.clone(),
        entered_at: entry.entered_at,
        left_at: step.now,
        outcome: QueueOutcome::CallbackRequested,
        agent: None,
        in_time: None,
    });
    call.callback = Some(Box::new(Callback::new(Pii(number.to_owned()), step.now)));
    engine.counters.left(queue, QueueOutcome::CallbackRequested, false);
    engine.counters.callback_begins(queue);
    engine.callbacks.insert((queue, digits(number)), id);
    step.touch_call(id);
    step.touch_queue(queue);
    step.event(EventKind::CallLeftQueue { call: id, queue, outcome: QueueOutcome::CallbackRequested });
}

/// The same number calls this queue again, or asks once more: who waited to be called back waits no longer (A45).
/// One who is being called at this moment is called all the same.
pub(crate) fn cancel(engine: &mut Engine, queue: QueueId, number: &str, step: &mut Step<'_>) {
    if engine.callbacks.is_empty() {
        return;
    }
    let Some(&id) = engine.callbacks.get(&(queue, digits(number))) else { return };
    match engine.calls.get(&id).map(|call| call.place) {
        Some(Place::Waiting { .. }) => {
            engine.tell_acd(AcdInput::CallerGone { call: id, why: Gone::Removed }, step);
        }
        Some(Place::Rests { .. }) => over(engine, id, QueueOutcome::Removed, Cause::QueueRule, step),
        Some(
            Place::CallsBack { .. }
            | Place::Started
            | Place::InFlow
            | Place::Prompt { .. }
            | Place::Warned { .. }
            | Place::RingsFirst { .. }
            | Place::Ringing { .. }
            | Place::Hunting
            | Place::Voicemail
            | Place::Connected { .. }
            | Place::Ending,
        )
        | None => {}
    }
}

/// Who is shown to an agent who is rung: his number of now.
pub(crate) fn shown(call: &Call) -> CallerId {
    match &call.callback {
        Some(callback) => CallerId::new(callback.number.reveal(), &call.caller.name.reveal().clone()),
        None => call.caller.clone(),
    }
}

/// The queue's name as that agent is shown it.
pub(crate) fn name_shown(call: &Call, name: &str) -> String {
    if call.callback.is_some() { format!("{name} (callback)") } else { name.to_owned() }
}

/// The agent has answered and accepted: he is dialed, unless he is still on the line and can be joined at once.
pub(crate) fn agent_ready(engine: &mut Engine, made: Offer, leg: LegId, step: &mut Step<'_>) {
    let Offer { call: id, queue, agent, .. } = made;
    if let Some(leg) = engine.calls.get_mut(&id).and_then(|call| call.leg_mut(leg)) {
        leg.role = Role::Serves(agent);
        leg.record.status = LegStatus::Answered;
    }
    in_queue::leaves(engine, id, queue, false, step);
    if engine.calls.get(&id).is_some_and(Call::caller_is_answered) {
        return reached(engine, id, (queue, agent, leg), step);
    }
    let Some(call) = engine.calls.get(&id) else { return };
    let Some(callback) = &call.callback else { return };
    let number = callback.number.reveal().clone();
    let trunk = engine.directory.trunks.keys().next().copied();
    let room = call.legs.len() < engine.limits.legs_per_call_max;
    let name = engine.directory.queues.get(&queue).map(|queue| queue.name.clone()).unwrap_or_default();
    let (caller, max_forwards) = (CallerId::new(&call.dialed, &name), call.max_forwards);
    let rules = rules(engine, queue);
    let prefix = rules.map(|rules| rules.prefix.clone()).unwrap_or_default();
    let ring_time = rules.map_or(CallbackRules::RING_TIME_DEFAULT, |rules| rules.ring_time);
    let Some(trunk) = trunk.filter(|_| room) else {
        return over(engine, id, QueueOutcome::CallbackFailed, Cause::NotFound, step);
    };
    let party = engine.ids.leg();
    let record = LegRecord { trunk: Some(trunk), queue: Some(queue), ..LegRecord::begun(party, step.now) };
    engine.add_leg(id, Leg::new(record, Role::Plain));
    if let Some(call) = engine.calls.get_mut(&id) {
        call.place = Place::CallsBack { queue, agent, leg, party };
        if let Some(callback) = &mut call.callback {
            callback.party = Some(party);
        }
    }
    engine.timers.set(TimerKind::RingTimeout(id), step.now.after(Duration::from_secs(ring_time.into())));
    let to = DialTarget::Trunk(trunk, format!("{prefix}{number}"));
    step.leg(
        party,
        LegCommand::Dial { to, caller, beside: Some(leg), queue: None, max_forwards, auto_answer: false },
    );
    let play = engine.ids.play();
    step.media(MediaCommand::Play { leg, play, prompts: vec!["tone-ringback".into()], repeat: true });
    step.leg_changed(id, party);
    step.touch_agent(agent);
}

/// He has answered: the two hear each other.
pub(crate) fn answered(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let Place::CallsBack { queue, agent, leg, party } = call.place else { return };
    let Some(answered) = call.leg_mut(party).filter(|leg| leg.phase == Phase::Early) else { return };
    answered.phase = Phase::Answered;
    answered.record.answered_at = Some(step.now);
    answered.record.status = LegStatus::Answered;
    step.leg_changed(id, party);
    engine.timers.stop(TimerKind::RingTimeout(id));
    reached(engine, id, (queue, agent, leg), step);
}

fn reached(
    engine: &mut Engine,
    id: CallId,
    (queue, agent, party): (QueueId, AgentId, LegId),
    step: &mut Step<'_>,
) {
    let entered_at = engine.calls.get(&id).and_then(|call| call.entry.as_ref()).map(|entry| entry.entered_at);
    let Some(entered_at) = entered_at else { return };
    closes(engine, id, QueueOutcome::CallbackDone, Some(agent), step);
    let number = engine.calls.get(&id).and_then(|call| call.callback.as_ref()).map(|c| c.number.clone());
    let sticks = |rules: &model::Queue| rules.sticky_days > 0 && rules.strategy != Strategy::RingAll;
    if let Some(number) = number.filter(|_| engine.directory.queues.get(&queue).is_some_and(sticks)) {
        engine.sticky.remember(&number, queue, agent, step.now, engine.limits.sticky_max);
    }
    let waited_ms = millis(step.now.since(entered_at));
    connect::join(engine, id, Joined { party, queue: Some(queue), agent: Some(agent), waited_ms }, step);
}

/// He was dialed and does not answer.
pub(crate) fn not_reached(engine: &mut Engine, id: CallId, why: Cause, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let Place::CallsBack { queue, leg, party, .. } = call.place else { return };
    engine.timers.stop(TimerKind::RingTimeout(id));
    if why == Cause::NodeRestart {
        return back(engine, id, queue, step);
    }
    let attempts = call.callback.as_mut().map_or(u8::MAX, |callback| {
        callback.attempts = callback.attempts.saturating_add(1);
        callback.party = None;
        callback.attempts
    });
    let rules = rules(engine, queue).cloned();
    if rules.as_ref().is_none_or(|rules| attempts > rules.retries) {
        return over(engine, id, QueueOutcome::CallbackFailed, why, step);
    }
    if let Some(call) = engine.calls.get_mut(&id) {
        call.place = Place::Rests { queue };
    }
    let pause = rules.map_or(0, |rules| rules.retry_after);
    engine.timers.set(TimerKind::CallbackRetry(id), step.now.after(Duration::from_secs(pause.into())));
    clear::end_leg(engine, id, party, why, step);
    clear::end_leg(engine, id, leg, why, step);
    step.touch_call(id);
}

/// The agent hung up before he answered: he goes back to his place, so often.
pub(crate) fn agent_gone(engine: &mut Engine, id: CallId, why: Cause, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let Place::CallsBack { queue, party, .. } = call.place else { return };
    engine.timers.stop(TimerKind::RingTimeout(id));
    let restarted = why == Cause::NodeRestart;
    let drops = call.callback.as_mut().map_or(DROPS_MAX, |callback| {
        callback.drops = callback.drops.saturating_add(u8::from(!restarted));
        callback.drops
    });
    if drops >= DROPS_MAX {
        return over(engine, id, QueueOutcome::CallbackFailed, why, step);
    }
    back(engine, id, queue, step);
    clear::end_leg(engine, id, party, Cause::CallerGone, step);
}

/// A pause between two attempts is over.
pub(crate) fn retry(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    if let Some(Place::Rests { queue }) = engine.calls.get(&id).map(|call| call.place) {
        back(engine, id, queue, step);
    }
}

/// Into the line again, at the old place.
pub(crate) fn back(engine: &mut Engine, id: CallId, queue: QueueId, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let Some(callback) = &mut call.callback else { return };
    let Some(entry) = &call.entry else { return };
    callback.party = None;
    call.place = Place::Waiting { queue };
    let (requested_at, enqueued_at, priority) = (callback.requested_at, entry.entered_at, entry.priority);
    let since = entry.waits_since;
    let Some(call) = engine.calls.get(&id) else { return };
    let preferred = engine
        .directory
        .queues
        .get(&queue)
        .map_or_else(Vec::new, |rules| enter::preferred(engine, call, rules, step.now));
    let entering = Entering {
        call: id,
        queue,
        priority,
        received_at: call.started_at,
        skills: call.skills.clone(),
        preferred,
        since: Some(since),
        resumes: Some(enqueued_at),
        held: false,
        callback: Some(requested_at),
    };
    step.touch_call(id);
    engine.tell_acd(AcdInput::Enqueued(entering), step);
}

/// It comes to nothing, or is not wanted any more.
pub(crate) fn over(engine: &mut Engine, id: CallId, outcome: QueueOutcome, why: Cause, step: &mut Step<'_>) {
    closes(engine, id, outcome, None, step);
    clear::end_call(engine, id, why, step);
}

/// The callback has its end: counted once.
pub(crate) fn closes(
    engine: &mut Engine,
    id: CallId,
    outcome: QueueOutcome,
    agent: Option<AgentId>,
    step: &mut Step<'_>,
) {
    engine.timers.stop(TimerKind::CallbackRetry(id));
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let Some(entry) = call.entry.take() else { return };
    let queue = entry.queue;
    call.queues.push(QueueStay {
        queue,
        number: entry.number,
        entered_at: call.callback.as_ref().map_or(entry.entered_at, |callback| callback.requested_at),
        left_at: step.now,
        outcome,
        agent,
        in_time: None,
    });
    let number = call.callback.as_ref().map(|callback| digits(callback.number.reveal()));
    if let Some(key) = number.map(|number| (queue, number))
        && engine.callbacks.get(&key) == Some(&id)
    {
        engine.callbacks.remove(&key);
    }
    engine.counters.callback_ends(queue, outcome);
    engine.ended.insert(id);
    step.touch_call(id);
    step.touch_queue(queue);
    step.event(EventKind::CallLeftQueue { call: id, queue, outcome });
}

/// Who waits to be called back, for another version.
pub(crate) fn handed(engine: &Engine) -> Vec<HandedCallback> {
    let waits = engine.calls.values().filter(|call| call.is_to_be_called_back());
    let handed = waits.filter_map(|call| {
        let (callback, entry) = (call.callback.as_ref()?, call.entry.as_ref()?);
        Some(HandedCallback {
            queue: entry.queue,
            number: callback.number.clone(),
            caller: (call.caller.number.clone(), call.caller.name.clone()),
            dialed: call.dialed.clone(),
            enqueued_at: entry.waits_since,
            received_at: call.started_at,
            requested_at: callback.requested_at,
            priority: entry.priority,
        })
    });
    handed.collect()
}

/// One whom another version has left, if his queue is still there.
pub(crate) fn take_over(engine: &mut Engine, of: &HandedCallback, step: &mut Step<'_>) {
    let Some(rules) = engine.directory.queues.get(&of.queue) else { return };
    let (queue, number, sla_time) = (of.queue, rules.number.clone(), rules.sla_time);
    let id = engine.ids.call();
    let caller = CallerId { number: of.caller.0.clone(), name: of.caller.1.clone() };
    let mut call = Call::new(id, Direction::Inbound, caller, of.dialed.clone(), None, of.received_at);
    call.callback = Some(Box::new(Callback::new(of.number.clone(), of.requested_at)));
    let (entered_at, priority) = (of.enqueued_at, of.priority);
    let waits_since = entered_at;
    call.entry = Some(Entry { queue, number, sla_time, entered_at, waits_since, priority, expected: None });
    engine.calls.insert(id, call);
    engine.counters.callback_begins(queue);
    engine.callbacks.insert((queue, digits(of.number.reveal())), id);
    step.event(EventKind::CallArrived { call: id });
    back(engine, id, queue, step);
}

/// How it ends whose call is being ended while it stands in no line; none if it stands in one.
pub(crate) const fn way_out(place: Place) -> Option<QueueOutcome> {
    match place {
        Place::CallsBack { .. } => Some(QueueOutcome::CallbackFailed),
        Place::Rests { .. } => Some(QueueOutcome::Removed),
        Place::Started
        | Place::InFlow
        | Place::Prompt { .. }
        | Place::Warned { .. }
        | Place::Waiting { .. }
        | Place::RingsFirst { .. }
        | Place::Ringing { .. }
        | Place::Hunting
        | Place::Voicemail
        | Place::Connected { .. }
        | Place::Ending => None,
    }
}
