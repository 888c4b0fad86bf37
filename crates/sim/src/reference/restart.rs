//! The process died, in the reference: calls end, places are kept, agents keep all but their phones. And the clocks
//! that are not the ACD's: working hours, midnight.

use engine::Pending;
use model::{AgentId, NotReadyReason};

use crate::reference::agent::Intent;
use crate::reference::line::Place;
use crate::reference::{Fact, Reference};

impl Reference {
    /// Whoever waited when the process died may come back to his place: also he whose longest wait passed while
    /// nobody was there to act upon it.
    pub(crate) fn keep_places(&mut self) {
        let until = self.now.after(self.limits.resume_for);
        for (queue, line) in &self.lines {
            for entry in &line.entries {
                let number =
                    self.callers.get(&entry.call).map(|caller| caller.number.clone()).unwrap_or_default();
                let received_at = self.callers.get(&entry.call).map_or(self.now, |caller| caller.received_at);
                if number.is_empty() {
                    continue;
                }
                let (enqueued_at, priority) = (entry.enqueued_at, entry.priority);
                let place = Place { enqueued_at, received_at, priority, until };
                let kept = self.places.entry((number, *queue)).or_insert(place);
                if (place.enqueued_at, place.received_at) < (kept.enqueued_at, kept.received_at) {
                    *kept = place;
                }
            }
        }
    }

    /// Every leg is over; nobody can be rung until her phone is heard of.
    pub(crate) fn restarted(&mut self) {
        self.registered.clear();
        self.told.values_mut().for_each(|told| *told = false);
        for agent in self.agents.values_mut() {
            agent.awaited |= agent.reachable();
            agent.registered = false;
            agent.suspect = false;
        }
        for leg in self.legs.keys().copied().collect::<Vec<_>>() {
            self.ended(leg);
        }
        while self.apply_late() {}
        // What was due at this very moment is over with it.
        self.clocks(true);
    }

    /// A23: what is counted since midnight begins anew.
    pub(crate) fn new_day(&mut self) {
        let midnight = self.directory.tenant.zone.midnight(self.now);
        if midnight > self.midnight {
            self.midnight = midnight;
            let members = self.agents.values_mut().flat_map(|agent| agent.members.values_mut());
            members.for_each(|member| member.answered_today = 0);
        }
    }

    /// A50: whether somebody's hours began or ended now; what follows from it.
    pub(crate) fn hours_edges(&mut self) -> bool {
        let now = self.now;
        let works = |id: &AgentId| Some((*id, self.directory.works(*id, now)?.0));
        let scheduled = self.directory.agents.keys().filter_map(works);
        let scheduled: Vec<(AgentId, bool)> = scheduled.collect();
        let mut edges = false;
        for (id, open) in scheduled {
            if self.hours.insert(id, open).unwrap_or(true) != open {
                edges = true;
                self.late.push_back(Fact::Hours(id, open));
            }
        }
        edges
    }

    pub(crate) fn hours_changed(&mut self, id: AgentId, open: bool) {
        let Some(agent) = self.agents.get_mut(&id) else { return };
        let talking = agent.talking() > 0;
        for member in agent.members.values_mut() {
            if open {
                if member.intent == Intent::NotReady(NotReadyReason::Hours) {
                    member.intent = Intent::Ready;
                }
                if member.pending == Some(Pending::NotReady(NotReadyReason::Hours)) {
                    member.pending = None;
                }
                continue;
            }
            let ready = !matches!(member.intent, Intent::NotReady(_)) && member.used_single().is_none();
            if !member.logged_in || !ready {
                continue;
            }
            member.asked_ready = false;
            if talking {
                member.pending.get_or_insert(Pending::NotReady(NotReadyReason::Hours));
            } else {
                member.intent = Intent::NotReady(NotReadyReason::Hours);
            }
        }
    }
}
