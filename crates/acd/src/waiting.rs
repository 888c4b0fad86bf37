//! Waiting: calls enter a line, keep their place in it whatever happens, and leave it once.

use crate::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::{AgentId, CallId, FallbackAction, OfferId, OrderBy, Queue, QueueId, SkillNeed, Timestamp};

use crate::acd::Acd;
use crate::decision::Decision;
use crate::input::{Entering, Gone};
use crate::limits::Limits;
use crate::output::{AcdOutbox, AcdOutput, OfferOutcome, QueueOutcome};
use crate::places::Place;
use crate::short::Short;
use crate::skills::{self, Needs};
use crate::table::Table;
use crate::timer::TimerKind;
use crate::{dispatch, growth, never, offer, overflow};

/// The highest priority there is.
const PRIORITY_MAX: u8 = 9;

/// Most agents of a caller's own who are tried first; the rest comes in the strategy's order.
const PREFERRED_MAX: usize = 16;

/// One call in a line.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Entry {
    /// The queue it is in: one at a time.
    pub(crate) queue: QueueId,
    /// Where it stands.
    pub(crate) place: Place,
    /// Higher is served first.
    pub(crate) priority: u8,
    /// When it entered this line.
    pub(crate) enqueued_at: Timestamp,
    /// Since when it has waited, in this line and in those from which it was moved.
    pub(crate) waits_since: Timestamp,
    /// When it reached the switch.
    pub(crate) received_at: Timestamp,
    /// When it took its old place again, if it did.
    pub(crate) resumed_at: Option<Timestamp>,
    /// Nobody is rung for it yet: the caller hears something first.
    pub(crate) held: bool,
    /// When the caller chose to be called back, if he did.
    pub(crate) callback_since: Option<Timestamp>,
    /// What it asks for; empty: the queue's own needs.
    pub(crate) skills: Vec<SkillNeed>,
    /// What it asks for by now.
    pub(crate) asks: Needs,
    /// Who is tried first.
    pub(crate) preferred: Vec<AgentId>,
    /// Its offers that ring, oldest first.
    pub(crate) live: Short<OfferId>,
    /// The one of them whose agent asked for this very call: while it rings, nobody else is rung.
    pub(crate) pickup: Option<OfferId>,
    /// How many offers it has had.
    pub(crate) offers_made: u32,
    /// Who declined it: never asked again for this stay in the line.
    pub(crate) declined: BTreeSet<AgentId>,
    /// How often the set of agents it rings at once has grown.
    pub(crate) round: u16,
    /// The tier to which its cascade has come, while it rings.
    pub(crate) reach: Option<u8>,
    /// What was last decided about it.
    pub(crate) last_decision: Option<Arc<Decision>>,
}

/// All waiting calls by id.
pub(crate) type Entries = Table<CallId, Entry>;

impl Entry {
    /// A call as it enters a line under these rules.
    pub(crate) fn new(entering: Entering, rules: Option<&Queue>, now: Timestamp) -> Self {
        let Entering { call, queue, priority, received_at, since, .. } = entering;
        let Entering { skills, mut preferred, resumes, held, callback, .. } = entering;
        preferred.truncate(if broken!(OwnAgentsIgnored) { 0 } else { PREFERRED_MAX });
        let resumes = resumes.filter(|before| *before < now);
        let enqueued_at = resumes.unwrap_or(now);
        let mut entry = Self {
            queue,
            place: Place { below: 0, moment: now, call },
            priority: if broken!(PriorityIgnored) { 0 } else { priority.min(PRIORITY_MAX) },
            enqueued_at,
            waits_since: since.map_or(enqueued_at, |since| since.min(enqueued_at)),
            received_at: received_at.min(now),
            resumed_at: resumes.map(|_| now),
            held: held && !broken!(IntroIsNoHold),
            callback_since: callback,
            skills,
            asks: Needs::new(),
            preferred,
            live: Short::new(),
            pickup: None,
            offers_made: 0,
            declined: BTreeSet::new(),
            round: 0,
            reach: None,
            last_decision: None,
        };
        if let Some(rules) = rules {
            entry.place = entry.place_under(rules);
        }
        entry
    }

    /// Its place under a queue's rules: by priority and then by moment, or where priority ages by the moment less
    /// what the priority is worth. Waiting moves both callers of a pair alike, so the order of two never changes.
    pub(crate) fn place_under(&self, rules: &Queue) -> Place {
        let moment = match rules.order_by {
            OrderBy::Entered => self.waits_since,
            OrderBy::Received if broken!(OrderByIgnored) => self.waits_since,
            OrderBy::Received => self.received_at.min(self.waits_since),
        };
        let call = self.place.call;
        if rules.ageing == 0 || broken!(AgeingIgnored) {
            return Place { below: PRIORITY_MAX - self.priority, moment, call };
        }
        let worth = i64::from(rules.ageing) * i64::from(self.priority) * 1_000_000;
        Place { below: 0, moment: Timestamp(moment.0.saturating_sub(worth)), call }
    }

    /// When its longest wait has passed, if it has an end: from its entry on; one that took its old place again
    /// has at least one ring's time; one that waits for a callback has its own limit.
    pub(crate) fn wait_limit(&self, rules: &Queue, limits: &Limits) -> Option<Timestamp> {
        if let Some(since) = self.callback_since {
            if broken!(CallbackWithoutEnd) {
                return None;
            }
            let hours = rules.in_queue.callback.as_ref().map(|rules| u64::from(rules.max_hours));
            let own = hours.map_or(limits.callback_max, |hours| Duration::from_secs(hours * 3_600));
            return Some(since.after(own.min(limits.callback_max)));
        }
        let seconds = u64::from(rules.max_waiting_time);
        let limit = self.enqueued_at.after(Duration::from_secs(seconds));
        let least = self.resumed_at.map(|at| at.after(Duration::from_secs(rules.ring_time.into())));
        (seconds > 0 && !broken!(WaitWithoutEnd)).then(|| least.map_or(limit, |least| limit.max(least)))
    }
}

/// A call enters a line, unless the queue's rules send it elsewhere at once.
pub(crate) fn enqueue(acd: &mut Acd, entering: Entering, out: &mut AcdOutbox) {
    let (call, queue) = (entering.call, entering.queue);
    if acd.entries.contains_key(&call) {
        never::fault(out, call, "a call entered a line while it stood in one");
        return;
    }
    // Timers that fired in this step may have sent the last agent home.
    dispatch::refresh_stale(acd);
    let entry = Entry::new(entering, acd.lines.get(&queue).map(|line| &line.rules), acd.now);
    let (place, enqueued_at) = (entry.place, entry.enqueued_at);
    if let Some((outcome, next)) = overflow::on_arrival(acd, &entry) {
        overflow::record(acd, &entry, outcome, out);
        out.push(AcdOutput::LeftQueue { call, queue, outcome, enqueued_at, next: Some(next) });
        return;
    }
    let Some(line) = acd.lines.get_mut(&queue) else { return };
    line.places.insert(place);
    line.callbacks += u32::from(entry.callback_since.is_some());
    out.push(AcdOutput::Queued { call, queue, position: line.position(place), enqueued_at });
    if let Some(until) = entry.wait_limit(&line.rules, &acd.limits) {
        acd.timers.set(TimerKind::WaitExpires(call), until);
    }
    acd.entries.insert(call, entry);
    reopen(acd, call);
    skills::asks_anew(acd, call);
}

/// The caller hung up or was taken away; nothing if the call does not wait, or if he hung up to be called back.
pub(crate) fn caller_gone(acd: &mut Acd, call: CallId, why: Gone, out: &mut AcdOutbox) {
    let outcome = match why {
        Gone::HungUp
            if acd.entries.get(&call).is_some_and(|entry| entry.callback_since.is_some())
                && !broken!(CallbackEndsWithTheCall) =>
        {
            return;
        }
        Gone::HungUp => QueueOutcome::Abandoned,
        Gone::Removed => QueueOutcome::Removed,
        Gone::NotReached => QueueOutcome::CallbackFailed,
    };
    leave(acd, call, (OfferOutcome::CallerGone, outcome), None, out);
}

/// The caller has heard what he was to hear first.
pub(crate) fn released(acd: &mut Acd, call: CallId) {
    let Some(entry) = acd.entries.get_mut(&call).filter(|entry| entry.held && !broken!(HeldForEver)) else {
        return;
    };
    entry.held = false;
    reopen(acd, call);
}

/// The caller wants to be called back: he may hang up, and his place stays.
pub(crate) fn callback_requested(acd: &mut Acd, call: CallId) {
    let Some(entry) = acd.entries.get_mut(&call).filter(|entry| entry.callback_since.is_none()) else {
        return;
    };
    entry.callback_since = Some(acd.now);
    let Some(line) = acd.lines.get_mut(&entry.queue) else { return };
    line.callbacks += 1;
    match entry.wait_limit(&line.rules, &acd.limits) {
        Some(until) => acd.timers.set(TimerKind::WaitExpires(call), until),
        None => acd.timers.stop(TimerKind::WaitExpires(call)),
    }
    #[cfg(feature = "broken")]
    if broken!(CallbackFallsBehind) {
        to_the_tail(acd, call);
    }
}

/// Takes a call out of its line: its offers end, and the world is told how and where to next.
pub(crate) fn leave(
    acd: &mut Acd,
    call: CallId,
    (offers, outcome): (OfferOutcome, QueueOutcome),
    next: Option<FallbackAction>,
    out: &mut AcdOutbox,
) {
    let Some(entry) = take(acd, call) else { return };
    for id in entry.live.iter().copied().filter(|_| !broken!(GoneCallerRingsOn)) {
        offer::end(acd, id, offers, out);
    }
    let (queue, enqueued_at) = (entry.queue, entry.enqueued_at);
    out.push(AcdOutput::LeftQueue { call, queue, outcome, enqueued_at, next });
}

/// Takes a call's entry out of the tables, its clocks with it; its offers are the caller's business.
pub(crate) fn take(acd: &mut Acd, call: CallId) -> Option<Entry> {
    let entry = acd.entries.remove(&call)?;
    if let Some(line) = acd.lines.get_mut(&entry.queue) {
        line.places.remove(entry.place);
        line.open.remove(&entry.asks, entry.place);
        line.callbacks -= u32::from(entry.callback_since.is_some());
    }
    for timer in [TimerKind::WaitExpires(call), TimerKind::Relaxes(call), TimerKind::Grows(call)] {
        acd.timers.stop(timer);
    }
    acd.step.unserved.remove(call);
    Some(entry)
}

/// A broken rule: a call whose offer failed goes to the end of its line.
#[cfg(feature = "broken")]
pub(crate) fn to_the_tail(acd: &mut Acd, call: CallId) {
    let Some(entry) = acd.entries.get_mut(&call) else { return };
    let Some(line) = acd.lines.get_mut(&entry.queue) else { return };
    line.places.remove(entry.place);
    line.open.remove(&entry.asks, entry.place);
    entry.place.moment = acd.now;
    line.places.insert(entry.place);
    reopen(acd, call);
}

/// Says anew whether a waiting call may be offered to one more agent, after its offers or the rules changed.
pub(crate) fn reopen(acd: &mut Acd, call: CallId) {
    let Some(entry) = acd.entries.get_mut(&call) else { return };
    let Some(line) = acd.lines.get_mut(&entry.queue) else { return };
    if entry.live.is_empty() && entry.reach.take().is_some() {
        acd.timers.stop(TimerKind::Grows(call));
    }
    if growth::room(line, entry, &acd.limits) > 0 {
        line.open.insert(&entry.asks, entry.place);
        acd.step.dirty.insert(entry.queue);
    } else {
        line.open.remove(&entry.asks, entry.place);
    }
    if entry.live.is_empty() && !entry.held {
        acd.step.unserved.insert(call);
    } else {
        acd.step.unserved.remove(call);
    }
}
