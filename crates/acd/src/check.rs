//! The self-audit: the invariants of domain 3.3 and of the tables' own order, for tests and simulation.

use std::collections::{BTreeMap, BTreeSet};

use model::{AgentId, CallId, QueueId};

use crate::acd::Acd;
use crate::agent::Agent;
use crate::candidate::{self, is_reached};
use crate::decision::Exclusion;
use crate::growth;
use crate::line::Line;
use crate::membership::Intent;
use crate::output::Pending;
use crate::standing::Standing;
use crate::timer::TimerKind;
use crate::waiting::Entry;

impl Acd {
    /// Every rule that is broken between two steps, as a sentence each; none in a sound ACD.
    ///
    /// It walks everything: made for tests and simulation, never for a running switch.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let mut broken = Vec::new();
        self.check_lines(&mut broken);
        self.check_offers(&mut broken);
        self.check_agents(&mut broken);
        self.check_idle_with_waiting(&mut broken);
        self.check_timers(&mut broken);
        let step = &self.step;
        if !(step.touched.is_empty()
            && step.stale.is_empty()
            && step.dirty.is_empty()
            && step.unserved.is_empty())
        {
            broken.push(format!("a step left work behind: {step:?}"));
        }
        broken
    }

    /// 3.3.9, 26, 27: one line a call, within its depth, open where it has room, nobody left with nobody.
    fn check_lines(&self, broken: &mut Vec<String>) {
        let mut placed = 0;
        for (queue, line) in self.lines.iter() {
            placed += line.places.len();
            if line.deleted && (!line.places.is_empty() || line.members.is_empty()) {
                broken.push(format!("deleted queue {queue} lives on"));
            }
            if line.places.len() > usize::try_from(self.limits.queue_depth_max).unwrap_or(usize::MAX) {
                broken.push(format!("queue {queue} is deeper than its limit"));
            }
            let callbacks = usize::try_from(line.callbacks).unwrap_or(usize::MAX);
            let for_nobody = |entry: &&Entry| entry.callback_since.is_none() && entry.pickup.is_none();
            let entries = line.places.iter().filter_map(|place| self.entries.get(&place.call));
            let callers = entries.filter(for_nobody).count();
            if !line.rules.wait_when_no_agents && line.staffed == 0 && callers > 0 {
                broken.push(format!("callers wait in queue {queue} for nobody"));
            }
            let mut open = 0;
            let mut called_back = 0;
            for place in line.places.iter() {
                let Some(entry) = self.entries.get(&place.call) else {
                    broken.push(format!("call {} stands in queue {queue} without an entry", place.call));
                    continue;
                };
                let room = growth::room(line, entry, &self.limits) > 0;
                open += usize::from(room);
                called_back += usize::from(entry.callback_since.is_some());
                if entry.pickup.is_some_and(|offer| entry.live.as_slice() != [offer]) {
                    broken.push(format!("call {} is picked up and rings others", place.call));
                }
                let is_open = line.open.contains(&entry.asks, *place);
                // What is due at this very moment has not happened yet.
                let due = self.timers.at(TimerKind::Relaxes(place.call)).is_some_and(|at| at <= self.now);
                let asks = crate::skills::now(self, place.call).map(|(asks, _)| asks);
                let asks_rightly = due || asks.as_ref() == Some(&entry.asks);
                if entry.queue != *queue
                    || entry.place != *place
                    || entry.place != entry.place_under(&line.rules)
                    || is_open != room
                    || !asks_rightly
                {
                    broken.push(format!("call {} is misplaced in queue {queue}", place.call));
                }
            }
            if line.open.len() != open || called_back != callbacks {
                broken.push(format!("queue {queue} would offer calls that do not wait"));
            }
            self.check_members(*queue, line, broken);
        }
        if placed != self.entries.len() {
            broken.push(format!("{placed} places for {} waiting calls", self.entries.len()));
        }
    }

    /// The sets that dispatch trusts are what the agents' facts say.
    fn check_members(&self, queue: QueueId, line: &Line, broken: &mut Vec<String>) {
        let mut counts = [0; Exclusion::COUNT];
        let (mut staffed, mut free, mut members) = (0, BTreeSet::new(), 0);
        for (id, facts) in self.agents.iter() {
            let Some(member) = facts.memberships.get(&queue) else { continue };
            members += 1;
            let standing = candidate::standing(facts, member, line.rules.strategy);
            let staffs = facts.staffs(member);
            staffed += u32::from(staffs);
            match standing {
                Standing::Free(key) => {
                    free.insert((key, *id));
                }
                Standing::Not(why) => counts[why.index()] += 1,
            }
            let kept = &member.kept;
            let known = line.members.contains(id)
                && (kept.standing, kept.profile, kept.staffs) == (standing, facts.profile, staffs)
                && kept.mark().is_some_and(|mark| mark.why_not == standing.why_not());
            if !known {
                broken.push(format!("queue {queue} has the wrong picture of agent {id}"));
            }
        }
        let named = |why: Exclusion, names: &Vec<AgentId>| {
            let stands = |id: &&AgentId| self.kept(**id, queue).and_then(|kept| kept.standing.why_not());
            line.members.iter().filter(|id| stands(id) == Some(why)).eq(names)
        };
        let lists = line
            .names
            .as_ref()
            .is_none_or(|names| Exclusion::ALL.into_iter().zip(names).all(|(why, names)| named(why, names)));
        if !lists {
            broken.push(format!("queue {queue} names the wrong members"));
        }
        let sets = line.free.agrees() && line.free.iter().collect::<BTreeSet<_>>() == free;
        if !sets || line.counts != counts || line.staffed != staffed || line.members.len() != members {
            broken.push(format!("queue {queue} has the wrong picture of its members"));
        }
    }

    /// 3.3.5, 4.2.1, 2: one live offer a call and agent, known to all three tables.
    fn check_offers(&self, broken: &mut Vec<String>) {
        let mut pairs = BTreeSet::new();
        for (id, offer) in self.offers.iter() {
            if !pairs.insert((offer.call, offer.agent)) {
                broken.push(format!("call {} is offered twice to agent {}", offer.call, offer.agent));
            }
            let waits = self.entries.get(&offer.call).is_some_and(|entry| {
                entry.live.contains(id)
                    && entry.queue == offer.queue
                    && !entry.declined.contains(&offer.agent)
            });
            let rings = self.agents.get(&offer.agent).is_some_and(|facts| {
                facts.rings.iter().any(|ring| ring.offer == *id && ring.queue == offer.queue)
            });
            let clock = self.timers.at(TimerKind::OfferExpires(*id)).is_some();
            if !waits || !rings || clock == offer.picked {
                broken.push(format!("offer {id} is not known everywhere"));
            }
        }
        let live: usize = self.entries.iter().map(|(_, entry)| entry.live.len()).sum();
        let rings: usize = self.agents.iter().map(|(_, facts)| facts.rings.len()).sum();
        if live != self.offers.len() || rings != self.offers.len() {
            broken.push(format!("{} offers, {live} in the lines, {rings} at the agents", self.offers.len()));
        }
    }

    /// 3.3.3, 4, 6, 7, 8: what an agent does follows from her facts and fits together.
    fn check_agents(&self, broken: &mut Vec<String>) {
        let mut talks: BTreeMap<CallId, usize> = BTreeMap::new();
        for (id, facts) in self.agents.iter() {
            for leg in &facts.queue_legs {
                *talks.entry(leg.call).or_default() += 1;
                if !facts.memberships.contains_key(&leg.queue) && !leg.picked_up {
                    broken.push(format!("agent {id} talks for queue {} without a membership", leg.queue));
                }
            }
            if !facts.rings.is_empty() {
                let fits = facts.talking() + facts.rings.len() <= facts.max_calls;
                let may = facts.active && facts.has_extension && facts.reachable() && !facts.dnd;
                let member = |queue| facts.memberships.get(&queue).is_some_and(|m| m.logged_in && m.enabled);
                // Who picks a call up need not be a member.
                let asked = |id| self.entries.iter().any(|(_, entry)| entry.pickup == Some(id));
                let all = facts.rings.iter().all(|ring| member(ring.queue) || asked(ring.offer));
                if !fits || !may || facts.wrap_up.is_some() || !all {
                    broken.push(format!("agent {id} rings though she may not"));
                }
            }
            if facts.wrap_up.is_some() && !facts.is_logged_in() {
                broken.push(format!("agent {id} is in wrap-up and logged in nowhere"));
            }
            for (queue, member) in facts.memberships.iter() {
                self.check_member(facts, (*id, *queue), member, broken);
            }
        }
        for (call, agents) in talks.into_iter().filter(|(_, agents)| *agents > 1) {
            broken.push(format!("call {call} has {agents} agents"));
        }
    }

    fn check_member(
        &self,
        facts: &Agent,
        (agent, queue): (model::AgentId, QueueId),
        member: &crate::membership::Member,
        broken: &mut Vec<String>,
    ) {
        let mut claim = |holds: bool, what: &str| {
            if !holds {
                broken.push(format!("agent {agent} in queue {queue}: {what}"));
            }
        };
        let available = candidate::unavailable(facts, member).is_none();
        let shown = member.shown.as_ref();
        claim(
            shown.is_some_and(|s| {
                s.state == facts.state(queue, member)
                    && s.available == available
                    && s.pending == member.pending
                    && s.since <= self.now
            }),
            "the world was told something else",
        );
        let busy = facts.talking() > 0 || facts.wrap_up.is_some();
        claim(member.pending.is_none() || (member.logged_in && busy), "pending without a call");
        claim(
            member.pending != Some(Pending::Logout) || facts.serves(queue),
            "a logout that waits for nothing",
        );
        claim(!member.leaving || facts.serves(queue), "leaving without a call");
        let may = facts.active && facts.has_extension;
        claim(
            may || !member.logged_in || member.pending == Some(Pending::Logout) || member.leaving,
            "logged in though she may not take calls",
        );
        let used = match member.intent {
            Intent::SingleCall { used, .. } => used,
            Intent::Ready | Intent::NotReady(_) => false,
        };
        claim(!used || busy, "a used single call outlived its call");
        claim(!available || member.logged_in, "available and logged out");
        claim(self.lines.contains_key(&queue), "a membership without a queue");
    }

    /// 4.2.11: no caller waits whom a free agent could serve, in any queue of hers.
    fn check_idle_with_waiting(&self, broken: &mut Vec<String>) {
        for (queue, line) in self.lines.iter() {
            for (key, agent) in line.free.iter() {
                let serves = |call: &CallId| {
                    self.entries.get(call).is_some_and(|entry| {
                        growth::room(line, entry, &self.limits) > 0
                            && candidate::may_have(self, agent, entry)
                            && is_reached(entry, key)
                    })
                };
                if let Some(place) = line.places.iter().find(|place| serves(&place.call)) {
                    broken.push(format!(
                        "call {} waits in queue {queue} while agent {agent} is free",
                        place.call
                    ));
                }
            }
        }
    }

    /// 4.2.38: every clock has an owner, and every owner her clock.
    fn check_timers(&self, broken: &mut Vec<String>) {
        for (kind, at) in self.timers.iter() {
            let owned = match kind {
                TimerKind::WaitExpires(call) | TimerKind::Relaxes(call) | TimerKind::Grows(call) => {
                    self.entries.contains_key(&call)
                }
                TimerKind::OfferExpires(offer) => self.offers.contains_key(&offer),
                TimerKind::WrapUpEnds(agent) => {
                    self.agents.get(&agent).and_then(|facts| facts.wrap_up?.until) == Some(at)
                }
                TimerKind::DelayEnds(agent) => self.agents.get(&agent).is_some_and(|facts| facts.delayed),
                TimerKind::GraceEnds(agent) => {
                    self.agents.get(&agent).is_some_and(|facts| !facts.reachable() && facts.is_logged_in())
                }
            };
            if !owned {
                broken.push(format!("{kind:?} runs for nobody"));
            }
        }
        for (id, facts) in self.agents.iter() {
            let wrap_up = facts.wrap_up.and_then(|wrap_up| wrap_up.until);
            let delay = self.timers.at(TimerKind::DelayEnds(*id));
            if wrap_up != self.timers.at(TimerKind::WrapUpEnds(*id)) || facts.delayed != delay.is_some() {
                broken.push(format!("agent {id} waits for a clock that does not run"));
            }
        }
    }
}
