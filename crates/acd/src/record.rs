//! Deciding one call: the free members in their order, the winners, and the record of both.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::{AgentId, CallId, Strategy};

use crate::acd::Acd;
use crate::broken;
use crate::candidate::{self, is_reached};
use crate::chance::Chance;
use crate::decision::{Candidate, Counts, Decision, Exclusion, LookedAt};
use crate::free::Place;
use crate::line::Line;
use crate::output::QueueOutcome;
use crate::short::Short;
use crate::standing::{Kept, Standing};
use crate::strategy;
use crate::waiting::Entry;

/// One call and the free members who are asked.
pub(crate) struct Seek<'a> {
    pub(crate) acd: &'a Acd,
    pub(crate) line: &'a Line,
    pub(crate) entry: &'a Entry,
    /// Those whom no other queue has a better claim on; none: all.
    pub(crate) here: Option<&'a BTreeSet<AgentId>>,
}

impl<'a> Seek<'a> {
    /// For a waiting call.
    pub(crate) fn new(acd: &'a Acd, call: CallId, here: Option<&'a BTreeSet<AgentId>>) -> Option<Self> {
        let entry = acd.entries.get(&call)?;
        let line = acd.lines.get(&entry.queue)?;
        Some(Self { acd, line, entry, here })
    }

    /// How a member of its queue stands.
    fn kept(&self, agent: AgentId) -> Option<&'a Kept> {
        self.acd.kept(agent, self.entry.queue)
    }

    /// Whether the call means the same to every agent: it rings nobody, and nobody has declined it.
    fn is_fresh(&self) -> bool {
        self.entry.live.is_empty() && self.entry.declined.is_empty()
    }

    /// Whether she may have it, what she knows aside.
    fn fits(&self, agent: AgentId) -> bool {
        self.here.is_none_or(|here| here.contains(&agent))
            && (self.is_fresh() || candidate::this_call(self.acd, agent, self.entry).is_none())
    }

    /// How many free members know what it asks for.
    fn knowing(&self) -> usize {
        if self.entry.asks.is_empty() {
            return self.line.free.len();
        }
        let asks = &self.entry.asks;
        let sets = self.line.free.fitting(|profile| self.acd.profiles.meet(profile, asks));
        sets.map(BTreeSet::len).sum()
    }

    /// Shows the first `most` who may have it, in order.
    fn first(&self, most: usize, see: impl FnMut(Place)) {
        let free = &self.line.free;
        let fits = |(_, agent): &Place| self.fits(*agent);
        if self.entry.asks.is_empty() {
            free.iter().filter(fits).take(most).for_each(see);
            return;
        }
        let mut found = Vec::new();
        let knows = |profile| broken!(SkillsIgnored) || self.acd.profiles.meet(profile, &self.entry.asks);
        for set in free.fitting(knows) {
            found.extend(set.iter().copied().filter(fits).take(most));
        }
        found.sort_unstable();
        found.into_iter().take(most).for_each(see);
    }

    /// One who may have it, each with the same chance. Where all may, it is one draw; else they are counted first.
    fn draw(&self, chance: &mut Chance) -> Option<Place> {
        if self.is_fresh() && self.here.is_none() && self.entry.asks.is_empty() {
            return self.line.free.in_pool(chance.below(self.line.free.len()));
        }
        let mut all = Vec::new();
        self.first(usize::MAX, |place| all.push(place));
        all.get(chance.below(all.len())).copied()
    }

    /// The candidates, best first: the caller's own agents, who was drawn, then the strategy's order.
    fn candidates(&self, most: usize, chance: Option<&mut Chance>) -> Short<Candidate> {
        let strategy = self.line.rules.strategy;
        let record = |(key, agent): Place| strategy::candidate(strategy, key, agent, self.acd.now);
        let mut all: Short<Candidate> = Short::with_room(most.min(self.line.free.len()));
        if !strategy::rings_many(strategy) {
            for agent in &self.entry.preferred {
                if let Some(Standing::Free(key)) = self.kept(*agent).map(|kept| kept.standing)
                    && self.fits(*agent)
                    && candidate::knows(self.acd, *agent, self.entry)
                    && !all.iter().any(|known| known.agent == *agent)
                    && all.len() < most
                {
                    all.push(Candidate { preferred: true, ..record((key, *agent)) });
                }
            }
        }
        if let Some(chance) = chance.filter(|_| strategy == Strategy::Random && all.is_empty())
            && let Some(place) = self.draw(chance)
        {
            all.push(record(place));
        }
        let ahead = all.len();
        self.first(most, |place| {
            if all.len() < most && !all.iter().take(ahead).any(|known| known.agent == place.1) {
                all.push(record(place));
            }
        });
        all
    }

    /// Whom something about this call may bar: it rings her, or she declined it.
    fn barred(&self) -> impl Iterator<Item = AgentId> {
        let ringing = self.entry.live.iter().filter_map(|id| Some(self.acd.offers.get(id)?.agent));
        let declined = self.entry.declined.iter().copied();
        let twice = move |agent: &AgentId| {
            !self.entry.live.iter().any(|id| self.acd.offers.get(id).is_some_and(|o| o.agent == *agent))
        };
        ringing.chain(declined.filter(twice))
    }

    /// The first reason why a member is no candidate; none if she is one.
    fn why_not(&self, agent: AgentId, standing: Standing) -> Option<Exclusion> {
        let this = if self.is_fresh() { None } else { candidate::this_call(self.acd, agent, self.entry) };
        let general = match standing {
            Standing::Not(why) => Some(why),
            Standing::Free(_) if !candidate::knows(self.acd, agent, self.entry) => {
                Some(Exclusion::SkillMissing)
            }
            Standing::Free(_) => {
                self.here.is_some_and(|here| !here.contains(&agent)).then_some(Exclusion::OtherQueueFirst)
            }
        };
        match (this, general) {
            (Some(this), Some(general)) => Some(this.min(general)),
            (this, general) => this.or(general),
        }
    }

    /// Every member who is no candidate, by reason: the members of a small queue.
    fn excluded_by_name(&self) -> Vec<(Exclusion, Vec<AgentId>)> {
        if self.is_fresh()
            && self.entry.asks.is_empty()
            && self.here.is_none()
            && let Some(names) = &self.line.names
        {
            let named = Exclusion::ALL.into_iter().zip(names).filter(|(_, agents)| !agents.is_empty());
            return named.map(|(why, agents)| (why, agents.clone())).collect();
        }
        let mut groups: Vec<(Exclusion, Vec<AgentId>)> = Vec::new();
        for agent in &self.line.members {
            let Some(kept) = self.kept(*agent) else { continue };
            let Some(why) = self.why_not(*agent, kept.standing) else { continue };
            match groups.binary_search_by_key(&why, |(known, _)| *known) {
                Ok(index) => {
                    if let Some((_, agents)) = groups.get_mut(index) {
                        agents.push(*agent);
                    }
                }
                Err(index) => groups.insert(index, (why, vec![*agent])),
            }
        }
        groups
    }

    /// The counts of a large queue, and by name those whom something about this call excludes.
    fn excluded_by_count(&self, names: usize) -> (Vec<(Exclusion, Vec<AgentId>)>, Counts) {
        let mut counts = self.line.counts;
        let mut named: Vec<(Exclusion, Vec<AgentId>)> = Vec::new();
        let mut add =
            |counts: &mut [u32; Exclusion::COUNT], why: Exclusion, agent: Option<AgentId>, n: u32| {
                if let Some(count) = counts.get_mut(why.index()) {
                    *count = count.saturating_add(n);
                }
                let Some(agent) = agent else { return };
                match named.binary_search_by_key(&why, |(known, _)| *known) {
                    Ok(index) => {
                        if let Some((_, agents)) = named.get_mut(index)
                            && agents.len() < names
                        {
                            agents.push(agent);
                        }
                    }
                    Err(index) => named.insert(index, (why, vec![agent])),
                }
            };
        let mut unknowing = self.line.free.len().saturating_sub(self.knowing());
        for agent in self.barred() {
            let Some(kept) = self.kept(agent) else { continue };
            let Some(why) = self.why_not(agent, kept.standing) else { continue };
            match kept.standing {
                Standing::Not(general) if general == why => continue,
                Standing::Not(general) => {
                    if let Some(count) = counts.get_mut(general.index()) {
                        *count = count.saturating_sub(1);
                    }
                }
                Standing::Free(_) => {
                    unknowing -= usize::from(!candidate::knows(self.acd, agent, self.entry));
                }
            }
            add(&mut counts, why, Some(agent), 1);
        }
        add(&mut counts, Exclusion::SkillMissing, None, u32::try_from(unknowing).unwrap_or(u32::MAX));
        if let Some(here) = self.here {
            for (_, agent) in self.line.free.iter().filter(|(_, agent)| !here.contains(agent)) {
                if candidate::may_have(self.acd, agent, self.entry) {
                    add(&mut counts, Exclusion::OtherQueueFirst, Some(agent), 1);
                }
            }
        }
        named.iter_mut().for_each(|(_, agents)| agents.sort_unstable());
        (named, Counts(counts))
    }

    /// The record. Of the candidates the first `room` win, as far as a cascade has come; none if there is no
    /// candidate and `room` for one.
    pub(crate) fn decide(&self, room: usize, chance: Option<&mut Chance>) -> Option<Decision> {
        let limits = &self.acd.limits;
        let small = self.line.members.len() <= limits.names_recorded;
        let most = if small { limits.names_recorded } else { limits.candidates_recorded };
        let candidates = self.candidates(most.max(room), chance);
        if candidates.is_empty() && room > 0 {
            return None;
        }
        let (excluded, excluded_counts) = if small {
            let excluded = self.excluded_by_name();
            let counted = excluded.iter().map(|(why, agents)| (*why, u32::try_from(agents.len())));
            let counts = counted.map(|(why, count)| (why, count.unwrap_or(u32::MAX))).collect();
            (excluded, counts)
        } else {
            self.excluded_by_count(limits.names_recorded)
        };
        let out: u64 = excluded_counts.iter().map(|(_, count)| u64::from(count)).sum();
        let members = u64::try_from(self.line.members.len()).unwrap_or(u64::MAX);
        Some(Decision {
            at: self.acd.now,
            call: self.entry.place.call,
            queue: self.entry.queue,
            strategy: self.line.rules.strategy,
            position: self.line.position(self.entry.place),
            needs: self.entry.asks.clone(),
            winners: self.winners(&candidates, room),
            candidates,
            candidate_count: u32::try_from(members.saturating_sub(out)).unwrap_or(u32::MAX),
            excluded,
            excluded_counts,
            picked_up: None,
            left: None,
        })
    }

    fn winners(&self, candidates: &[Candidate], room: usize) -> Short<AgentId> {
        let tier = |candidate: &Candidate| match candidate.looked_at {
            LookedAt::Tier(tier) => Some(tier),
            LookedAt::Idle
            | LookedAt::Order
            | LookedAt::LastRung(_)
            | LookedAt::Answered(_)
            | LookedAt::Chance
            | LookedAt::Level(_)
            | LookedAt::LevelLastRung(..)
            | LookedAt::LevelAnswered(..) => None,
        };
        let reach = match self.line.rules.strategy {
            Strategy::LinearCascade => self.entry.reach.or_else(|| candidates.first().and_then(tier)),
            Strategy::LongestIdle
            | Strategy::RingAll
            | Strategy::Linear
            | Strategy::Cyclic
            | Strategy::LeastWorked
            | Strategy::TieredLongestIdle
            | Strategy::Random
            | Strategy::SkillLinear
            | Strategy::SkillCyclic
            | Strategy::SkillLeastWorked => None,
        };
        let is_reached = |candidate: &&Candidate| {
            reach.is_none_or(|reach| tier(candidate).is_none_or(|tier| tier <= reach))
        };
        candidates.iter().take_while(is_reached).take(room).map(|candidate| candidate.agent).collect()
    }

    /// The lowest tier above `reach` that has somebody free for this call.
    pub(crate) fn tier_above(&self, reach: u8) -> Option<u8> {
        let above = strategy::Key::group(i64::from(reach).saturating_add(1));
        let mut later = self.line.free.from(above);
        let (key, _) =
            later.find(|(_, agent)| self.fits(*agent) && candidate::knows(self.acd, *agent, self.entry))?;
        u8::try_from(key.group).ok()
    }

    /// Whether any free member may be rung for it now.
    pub(crate) fn somebody(&self) -> bool {
        let mut reached = false;
        self.first(1, |(key, _)| reached = is_reached(self.entry, key));
        reached
    }
}

/// Keeps a decision with its queue and its call, so that it can be asked for.
pub(crate) fn keep(acd: &mut Acd, decision: Decision) -> Arc<Decision> {
    let decision = Arc::new(decision);
    let number = acd.decisions;
    acd.decisions += 1;
    if let Some(line) = acd.lines.get_mut(&decision.queue) {
        while line.recent.len() >= acd.limits.decisions_kept.max(1) {
            line.recent.pop_front();
        }
        line.recent.push_back((number, Arc::clone(&decision)));
    }
    if let Some(entry) = acd.entries.get_mut(&decision.call) {
        entry.last_decision = Some(Arc::clone(&decision));
    }
    decision
}

/// The record of a rule that takes a call out of its line or does not let it in: who could not have it and why,
/// unless the line is what stands in the way. Agents who became free in the very step in which the wait ended are
/// named as candidates.
pub(crate) fn of_rule(acd: &Acd, entry: &Entry, outcome: QueueOutcome) -> Option<Decision> {
    let line = acd.lines.get(&entry.queue)?;
    let seek = Seek { acd, line, entry, here: None };
    let mut decision = seek.decide(0, None)?;
    if !line.places.contains(entry.place) {
        let behind_all = u32::try_from(line.places.len()).unwrap_or(u32::MAX).saturating_add(1);
        decision.position = behind_all;
    }
    if !matches!(outcome, QueueOutcome::NoAgents | QueueOutcome::OverflowTimeout) {
        decision.candidates.clear();
        decision.candidate_count = 0;
        decision.excluded.clear();
        decision.excluded_counts = Counts::default();
    }
    decision.left = Some(outcome);
    Some(decision)
}
