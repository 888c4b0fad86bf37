//! Rings of several agents in the reference: sets that grow, tiers that follow one another, what is asked for less.

use model::{AgentId, CallId, QueueId, Strategy, Timestamp};

use crate::reference::Reference;
use crate::reference::action::plus;
use crate::reference::agent::Ring;
use crate::reference::line::{Entry, Line};

impl Reference {
    /// How many a call may ring now.
    fn width(line: &Line, entry: &Entry) -> usize {
        let first = u32::from(line.rules.sim_ring_first);
        match line.rules.strategy {
            Strategy::RingAll if first > 0 => {
                let grown = u32::from(line.rules.sim_ring_increment) * entry.round;
                usize::try_from(first + grown).unwrap_or(usize::MAX)
            }
            Strategy::RingAll | Strategy::LinearCascade => usize::MAX,
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

    /// The rings of a call.
    pub(crate) fn rings_of(&self, call: CallId) -> impl Iterator<Item = &Ring> {
        self.agents.values().flat_map(|agent| &agent.rings).filter(move |ring| ring.call == call)
    }

    /// Whether it may ring one more.
    pub(crate) fn is_open(&self, line: &Line, entry: &Entry) -> bool {
        !entry.held && self.rings_of(entry.call).count() < Self::width(line, entry)
    }

    /// Whether a cascade has come to her.
    pub(crate) fn is_reached(&self, id: AgentId, queue: QueueId, entry: &Entry) -> bool {
        let tier = self.agents.get(&id).and_then(|agent| agent.members.get(&queue)).map(|member| member.tier);
        entry.reach.is_none_or(|reach| tier.is_some_and(|tier| tier <= reach))
    }

    /// How long a ring of this call lasts at most: a cascade's through all its later tiers.
    pub(crate) fn ring_time(&self, call: CallId, queue: QueueId) -> u32 {
        let Some(rules) = self.rules(queue) else { return 1 };
        let reach = self.entry(call).and_then(|(_, entry)| entry.reach);
        let tiers: std::collections::BTreeSet<u8> =
            self.directory.members(queue).map(|member| member.tier).collect();
        let later = reach.map_or(0, |reach| tiers.into_iter().filter(|tier| *tier > reach).count());
        rules.ring_time.max(1) * (1 + u32::try_from(later).unwrap_or(0))
    }

    /// A call is about to ring her: a set that grows has its clock from its first ring on.
    pub(crate) fn ring_begins(&mut self, call: CallId, queue: QueueId, id: AgentId) {
        let tier =
            self.agents.get(&id).and_then(|agent| agent.members.get(&queue)).map_or(1, |member| member.tier);
        let Some((strategy, first, ring_time)) =
            self.rules(queue).map(|rules| (rules.strategy, rules.sim_ring_first, rules.ring_time.max(1)))
        else {
            return;
        };
        let at = plus(self.now, ring_time);
        let Some(entry) = self.entry_mut(call) else { return };
        if strategy == Strategy::LinearCascade && entry.reach.is_none() {
            entry.reach = Some(tier);
            entry.grows_at = Some(at);
            entry.over_at = None;
        } else if strategy == Strategy::RingAll && first > 0 && entry.offers_made == 0 {
            entry.grows_at = Some(at);
        }
    }

    /// A ring of this call is over: a cascade that rings nobody any more begins anew with its next.
    pub(crate) fn ring_ends(&mut self, call: CallId) {
        if self.rings_of(call).next().is_some() {
            return;
        }
        if let Some(entry) = self.entry_mut(call)
            && entry.reach.take().is_some()
        {
            entry.grows_at = None;
        }
    }

    /// A ring time has passed and nobody has answered.
    pub(crate) fn grows(&mut self, call: CallId) {
        let Some((queue, entry)) = self.entry(call) else { return };
        let Some(line) = self.lines.get(&queue) else { return };
        let later = entry.reach.and_then(|reach| {
            let probe = Entry { reach: None, ..entry.clone() };
            let tiers = self.agents.iter().filter(|(id, _)| self.may_get(**id, queue, line, &probe));
            tiers
                .filter_map(|(_, agent)| Some(agent.members.get(&queue)?.tier))
                .filter(|tier| *tier > reach)
                .min()
        });
        let at = plus(self.now, line.rules.ring_time.max(1));
        let (now, ring_all) = (self.now, line.rules.strategy == Strategy::RingAll);
        let Some(entry) = self.entry_mut(call) else { return };
        if ring_all {
            entry.round += 1;
            entry.grows_at = Some(at);
        } else if let Some(tier) = later {
            entry.reach = Some(tier);
            entry.grows_at = Some(at);
        } else {
            entry.over_at = Some(now);
            entry.grows_at = None;
        }
    }

    /// Whether a ring may end as not answered now: rung out, its cascade over, or lifted without a key.
    pub(crate) fn may_be_missed(&self, ring: &Ring) -> bool {
        let over = self.entry(ring.call).is_some_and(|(_, entry)| entry.over_at.is_some());
        ring.picked || self.now >= ring.rings_out || over
    }

    /// When a call next asks for less, seen from when it was last looked at.
    pub(crate) fn relaxes_at(&self, entry: &Entry) -> Option<Timestamp> {
        let waited = entry.asked_at.since(entry.enqueued_at);
        let needs = self.needs(entry);
        let next = needs.iter().filter_map(|need| need.next_relaxation(waited)).min()?;
        Some(entry.enqueued_at.after(next))
    }

    /// Its own needs, else its queue's.
    fn needs(&self, entry: &Entry) -> Vec<model::SkillNeed> {
        if !entry.skills.is_empty() {
            return entry.skills.clone();
        }
        let queue = self.entry(entry.call).map(|(queue, _)| queue);
        queue.and_then(|queue| self.rules(queue)).map_or_else(Vec::new, |rules| rules.skills.clone())
    }

    /// 9: whether she knows what the call asks for by now.
    pub(crate) fn knows(&self, id: AgentId, entry: &Entry) -> bool {
        let waited = entry.asked_at.since(entry.enqueued_at);
        let Some(agent) = self.agents.get(&id) else { return false };
        self.needs(entry).iter().all(|need| need.is_met(&agent.skills, waited))
    }

    /// An answer to a live offer joins the two, unless the agent is to hear or press something first.
    pub(crate) fn check_picked(&mut self) {
        let Some((id, ring)) = self.lifted.take().and_then(|offer| self.ring(offer)) else { return };
        let confirms = self
            .directory
            .memberships
            .get(&(ring.queue, id))
            .is_some_and(|member| member.answer_confirmation);
        let announces =
            self.directory.queues.get(&ring.queue).is_some_and(|queue| queue.announce_to_agent.is_some());
        if !confirms && !announces {
            self.broken("2", format!("agent {id} answered offer {} and hears nobody", ring.offer));
        }
    }
}
