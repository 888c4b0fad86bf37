//! Calls that ring several agents: how many at once, and how the set grows while nobody answers.
//!
//! **Ring all.** With `sim_ring_first` 0 everybody is rung. Else so many at first, and with each `ring_time` that
//! passes since, `sim_ring_increment` more are rung at a time. Every offer rings for `ring_time` as in any other
//! strategy; who missed it is in her retry delay when the next, larger set is rung.
//!
//! **Linear cascade.** The lowest tier that has somebody free rings; with each `ring_time` the next tier that has
//! somebody free rings as well, and the earlier ones ring on (NS: "also"). When no further tier has anybody free,
//! the cascade is over: all its offers end as not answered, and with whoever is free after that it begins anew.
//! If everybody rung has declined before that, it begins anew at once. An offer's own limit is the longest
//! that its cascade can take.
//!
//! No call ever rings more than [`Limits::ring_all_max`] agents.

use crate::broken;
use std::time::Duration;

use model::{CallId, OfferId, Strategy, Timestamp};

use crate::acd::Acd;
use crate::decision::{Decision, LookedAt};
use crate::limits::Limits;
use crate::line::Line;
use crate::output::AcdOutbox;
use crate::record::Seek;
use crate::timer::TimerKind;
use crate::waiting::{self, Entry};
use crate::{dispatch, offer};

/// How many agents a call may ring now.
fn width(line: &Line, entry: &Entry, limits: &Limits) -> usize {
    let most = usize::try_from(limits.ring_all_max).unwrap_or(usize::MAX).max(1);
    match line.rules.strategy {
        Strategy::RingAll if line.rules.sim_ring_first > 0 => {
            let grown = usize::from(line.rules.sim_ring_increment).saturating_mul(usize::from(entry.round));
            usize::from(line.rules.sim_ring_first).saturating_add(grown).min(most)
        }
        Strategy::RingAll | Strategy::LinearCascade => most,
        Strategy::LongestIdle
        | Strategy::Linear
        | Strategy::Cyclic
        | Strategy::LeastWorked
        | Strategy::TieredLongestIdle
        | Strategy::Random
        | Strategy::SkillLinear
        | Strategy::SkillCyclic
        | Strategy::SkillLeastWorked => 1,
    }
}

/// How many more agents a call may ring now.
pub(crate) fn room(line: &Line, entry: &Entry, limits: &Limits) -> usize {
    if entry.held || entry.pickup.is_some() {
        return 0;
    }
    let left = limits.offers_per_call_max.saturating_sub(entry.offers_made);
    let left = usize::try_from(left).unwrap_or(usize::MAX);
    let width = match entry.callback_since {
        Some(_) if broken!(CallbackIsNotOffered) => 0,
        Some(_) if broken!(CallbackRingsTwo) => 2,
        Some(_) | None => width(line, entry, limits),
    };
    width.saturating_sub(entry.live.len()).min(left)
}

/// How long an offer of this queue rings at most.
pub(crate) fn ring_time(line: &Line, entry: &Entry) -> Duration {
    let ring_time = Duration::from_secs(line.rules.ring_time.max(1).into());
    match (line.rules.strategy, entry.reach) {
        (Strategy::LinearCascade, Some(reach)) => {
            let later = line.tiers.range(reach.saturating_add(1)..).count();
            ring_time.saturating_mul(u32::try_from(later).unwrap_or(u32::MAX).saturating_add(1))
        }
        _ => ring_time,
    }
}

/// The winners of a decision are about to be rung: a set that grows has its clock from the first ring on.
pub(crate) fn begins(acd: &mut Acd, decision: &Decision) {
    let Some(entry) = acd.entries.get_mut(&decision.call) else { return };
    let Some(line) = acd.lines.get(&decision.queue) else { return };
    match line.rules.strategy {
        Strategy::LinearCascade if entry.reach.is_none() => {
            let Some(LookedAt::Tier(tier)) = decision.candidates.first().map(|first| first.looked_at) else {
                return;
            };
            entry.reach = Some(tier);
        }
        Strategy::RingAll if line.rules.sim_ring_first > 0 && entry.offers_made == 0 => {}
        Strategy::RingAll
        | Strategy::LinearCascade
        | Strategy::LongestIdle
        | Strategy::Linear
        | Strategy::Cyclic
        | Strategy::LeastWorked
        | Strategy::TieredLongestIdle
        | Strategy::Random
        | Strategy::SkillLinear
        | Strategy::SkillCyclic
        | Strategy::SkillLeastWorked => return,
    }
    let at = next(line, acd.now);
    acd.timers.set(TimerKind::Grows(decision.call), at);
}

/// The rules of a waiting call's queue have changed: its set grows by them from now on, if it has begun to ring.
pub(crate) fn begins_anew(acd: &mut Acd, call: CallId) {
    acd.timers.stop(TimerKind::Grows(call));
    let Some(entry) = acd.entries.get(&call) else { return };
    let Some(line) = acd.lines.get(&entry.queue) else { return };
    let most = usize::try_from(acd.limits.ring_all_max).unwrap_or(usize::MAX);
    if line.rules.strategy == Strategy::RingAll
        && entry.offers_made > 0
        && width(line, entry, &acd.limits) < most
    {
        let at = next(line, acd.now);
        acd.timers.set(TimerKind::Grows(call), at);
    }
}

fn next(line: &Line, now: Timestamp) -> Timestamp {
    now.after(Duration::from_secs(line.rules.ring_time.max(1).into()))
}

/// A ring time has passed and nobody has answered.
pub(crate) fn grows(acd: &mut Acd, call: CallId, out: &mut AcdOutbox) {
    dispatch::refresh_stale(acd);
    let Some(entry) = acd.entries.get(&call) else { return };
    let Some(line) = acd.lines.get(&entry.queue) else { return };
    let at = next(line, acd.now);
    let later = entry.reach.and_then(|reach| Seek::new(acd, call, None)?.tier_above(reach));
    let most = usize::try_from(acd.limits.ring_all_max).unwrap_or(usize::MAX);
    let (strategy, queue) = (line.rules.strategy, entry.queue);
    if strategy == Strategy::RingAll {
        let (Some(entry), Some(line)) = (acd.entries.get_mut(&call), acd.lines.get(&queue)) else { return };
        entry.round = entry.round.saturating_add(1);
        if width(line, entry, &acd.limits) < most {
            acd.timers.set(TimerKind::Grows(call), at);
        }
        grew(acd, call);
    } else if let Some(tier) = later {
        let Some(entry) = acd.entries.get_mut(&call) else { return };
        entry.reach = Some(tier);
        acd.timers.set(TimerKind::Grows(call), at);
        grew(acd, call);
    } else {
        let picked = |id: &OfferId| acd.offers.get(id).is_some_and(|offer| offer.picked);
        let over: Vec<OfferId> = entry.live.iter().copied().filter(|id| !picked(id)).collect();
        for id in over {
            offer::expired(acd, id, out);
        }
    }
}

/// A larger set may be rung; a call that rings nobody goes on waiting without a new record.
fn grew(acd: &mut Acd, call: CallId) {
    let undecided = acd.step.unserved.iter().any(|unserved| unserved == call);
    waiting::reopen(acd, call);
    if !undecided {
        acd.step.unserved.remove(call);
    }
}
