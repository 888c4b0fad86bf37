//! Dispatch: the only place where a call and an agent are paired by rule; a pickup is somebody's choice.
//!
//! It runs at the end of every step, for the queues in which something has changed: a call came or came back, or
//! asks for less, or an agent became available. Calls are served from the head of the line; an agent of several
//! queues goes to her first one (`claim`). When it is done, no caller waits whom a free agent could serve.
//!
//! It walks neither a line nor the members: calls are kept by what they ask for and members in the order of the
//! strategy, so it looks at the head of each. It passes only calls that the free agents have declined.

mod claim;

use std::collections::BTreeSet;

use model::{AgentId, CallId, QueueId};

use crate::acd::Acd;
use crate::output::{AcdOutbox, AcdOutput};
use crate::places::Place;
use crate::record::{self, Seek};
use crate::{candidate, growth, offer, overflow};

/// Pairs what can be paired, then records the decision of every call that begins to wait for somebody.
pub(crate) fn run(acd: &mut Acd, out: &mut AcdOutbox) {
    let mut last = None;
    while let Some(call) = acd.step.unserved.next(last) {
        overflow::offers_used_up(acd, call, out);
        last = Some(call);
    }
    loop {
        refresh_stale(acd);
        let mut served = false;
        let mut last = None;
        while let Some(queue) = acd.step.dirty.next(last) {
            overflow::nobody_left(acd, queue, out);
            served |= serve(acd, queue, out);
            last = Some(queue);
        }
        if !served && acd.step.stale.is_empty() {
            acd.step.dirty.clear();
            break;
        }
    }
    let mut last = None;
    while let Some(call) = acd.step.unserved.next(last) {
        last = Some(call);
        let decision = Seek::new(acd, call, None).and_then(|seek| seek.decide(0, None));
        if let Some(decision) = decision {
            let decision = record::keep(acd, decision);
            out.push(AcdOutput::Decided { decision });
        }
    }
    acd.step.unserved.clear();
}

/// Brings what the lines keep of their members up to what has changed.
pub(crate) fn refresh_stale(acd: &mut Acd) {
    while let Some(agent) = acd.step.stale.pop() {
        let Some(facts) = acd.agents.get_mut(&agent) else { continue };
        let mut nth = 0;
        // By number, because her facts, her other memberships among them, say how she stands in each.
        while let Some((queue, member)) = facts.memberships.nth(nth) {
            nth += 1;
            let queue = *queue;
            let Some(line) = acd.lines.get_mut(&queue) else { continue };
            let standing = candidate::standing(facts, member, line.rules.strategy);
            let stand = (standing, facts.profile, facts.staffs(member));
            let Some(member) = facts.memberships.get_mut(&queue) else { continue };
            if line.stand((agent, &mut member.kept), stand, (acd.decisions, acd.now)) {
                acd.step.dirty.insert(queue);
            }
        }
    }
}

/// Offers calls of one queue, head first, while there are agents for them; true if it made an offer.
fn serve(acd: &mut Acd, queue: QueueId, out: &mut AcdOutbox) -> bool {
    let mut served = false;
    let mut passed: Option<Place> = None;
    loop {
        let Some(place) = next_open(acd, queue, passed) else { return served };
        let here = claim::first_choice(acd, queue);
        if here.as_ref().is_some_and(BTreeSet::is_empty) {
            return served;
        }
        passed = Some(place);
        served |= offer_to(acd, place.call, here.as_ref(), out);
    }
}

/// The next call after `passed` that may be offered and whose needs a free agent meets.
fn next_open(acd: &Acd, queue: QueueId, passed: Option<Place>) -> Option<Place> {
    let line = acd.lines.get(&queue).filter(|line| !line.free.is_empty())?;
    line.open.next(passed, |needs| {
        needs.is_empty() || line.free.fitting(|profile| acd.profiles.meet(profile, needs)).next().is_some()
    })
}

/// Offers one call to the best of `here` (of all, if none), or to several; false if none of them may have it.
fn offer_to(acd: &mut Acd, call: CallId, here: Option<&BTreeSet<AgentId>>, out: &mut AcdOutbox) -> bool {
    let mut chance = acd.chance;
    let Some(seek) = Seek::new(acd, call, here) else { return false };
    let room = growth::room(seek.line, seek.entry, &acd.limits);
    if room == 0 || !seek.somebody() {
        return false;
    }
    let Some(decision) = seek.decide(room, Some(&mut chance)) else { return false };
    if decision.winners.is_empty() {
        return false;
    }
    acd.chance = chance;
    let decision = record::keep(acd, decision);
    growth::begins(acd, &decision);
    for winner in &decision.winners {
        offer::make(acd, *winner, &decision, out);
    }
    refresh_stale(acd);
    true
}
