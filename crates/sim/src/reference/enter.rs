//! How a call enters a line in the reference: priority, needs, agents of its own, an old place.

use engine::{Arrival, Origin};
use model::caller_list::is_listed;
use model::{AgentId, CallId, QueueId, Strategy};

use crate::reference::Reference;
use crate::reference::line::{Caller, Entry, Place};

/// Fewest digits of a number that names one caller.
const DIGITS_MIN: usize = 5;

/// Both ways in which a number is written.
fn ways(number: &str) -> [String; 2] {
    let other = number.strip_prefix('+').map_or_else(|| format!("+{number}"), str::to_owned);
    [number.to_owned(), other]
}

fn names_one(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or(number);
    digits.len() >= DIGITS_MIN && digits.bytes().all(|b| b.is_ascii_digit())
}

impl Reference {
    /// What a call comes with.
    pub(crate) fn caller(&self, arrival: &Arrival) -> Caller {
        let number = arrival.caller.number.reveal().clone();
        let did = match arrival.origin {
            Origin::Trunk(_) => ways(&arrival.dialed).iter().find_map(|way| self.directory.numbers.get(way)),
            Origin::Extension(_) | Origin::Guest(_) => None,
        };
        Caller {
            number,
            received_at: self.now,
            priority: did.map_or(0, |did| did.priority),
            skills: did.map_or_else(Vec::new, |did| did.skills.clone()),
        }
    }

    /// The entry of a call that is let in now.
    pub(crate) fn entering(&mut self, call: CallId, queue: QueueId) -> Entry {
        let old = self.old_place(call, queue);
        let caller = self.callers.get(&call).cloned();
        let number = caller.as_ref().map(|caller| caller.number.clone()).unwrap_or_default();
        let vip = ways(&number).iter().find_map(|way| self.directory.vip_numbers.get(way)).cloned();
        let vip = vip.filter(|vip| is_listed(vip.until, self.now)).map_or(0, |vip| vip.priority);
        let own = caller.as_ref().map_or(0, |caller| caller.priority);
        Entry {
            call,
            priority: own.max(vip).max(old.map_or(0, |old| old.priority)),
            enqueued_at: old.map_or(self.now, |old| old.enqueued_at),
            received_at: old.map_or_else(
                || caller.as_ref().map_or(self.now, |caller| caller.received_at),
                |old| old.received_at,
            ),
            sla_time: self.rules(queue).map_or(0, |rules| rules.sla_time),
            resumed_at: old.filter(|old| old.enqueued_at < self.now).map(|_| self.now),
            held: self
                .rules(queue)
                .and_then(|rules| rules.in_queue.intro.as_ref())
                .is_some_and(|intro| intro.whole),
            skills: caller.map(|caller| caller.skills).unwrap_or_default(),
            asked_at: self.now,
            preferred: self.preferred(&number, queue),
            declined: std::collections::BTreeSet::new(),
            offers_made: 0,
            round: 0,
            reach: None,
            grows_at: None,
            over_at: None,
        }
    }

    /// The place a restart took from this caller in this line, given back once.
    pub(crate) fn old_place(&mut self, call: CallId, queue: QueueId) -> Option<Place> {
        let number = self.callers.get(&call)?.number.clone();
        self.places.remove(&(number, queue)).filter(|place| self.now < place.until)
    }

    /// His own agents, else the one who served him last.
    fn preferred(&self, number: &str, queue: QueueId) -> Vec<AgentId> {
        let own = ways(number)
            .iter()
            .find_map(|way| self.directory.exclusive_numbers.get(&(way.clone(), queue)))
            .filter(|own| is_listed(own.until, self.now))
            .map(|own| own.agents.clone())
            .unwrap_or_default();
        if !own.is_empty() {
            return own;
        }
        let sticks = self.rules(queue).is_some_and(|rules| rules.sticky_days > 0);
        let last = self.sticky.get(&(number.to_owned(), queue)).filter(|_| sticks);
        last.map(|(agent, _)| *agent).into_iter().collect()
    }

    /// She has served him: he is led to her again.
    pub(crate) fn remember_agent(&mut self, call: CallId, queue: QueueId, agent: AgentId) {
        let Some(rules) = self.directory.queues.get(&queue) else { return };
        let Some(number) = self.callers.get(&call).map(|caller| caller.number.clone()) else { return };
        if rules.sticky_days > 0 && rules.strategy != Strategy::RingAll && names_one(&number) {
            self.sticky.insert((number, queue), (agent, self.now));
        }
    }
}
