//! What a flow may know of the rest: who can be rung, how lines stand, what has which number.

use acd::AgentState;
use callflow::{Begins, HoursState, Known, Line, Named, Reach, World, keypad};
use model::flow::document::NamePart;
use model::{Agent, AgentId, AgentStatus, Directory, ExtensionNumber, Opening, Reachable, Timestamp};

use crate::call::Call;
use crate::engine::Engine;
use crate::reach;

/// The switch at the moment a flow asks.
pub(crate) struct Sight<'a> {
    pub(crate) engine: &'a Engine,
    /// Whose flow asks.
    pub(crate) call: &'a Call,
    pub(crate) now: Timestamp,
}

impl World for Sight<'_> {
    fn begins(&self, digits: &str) -> Begins {
        let (exact, longer) = self.engine.directory.begins(digits);
        Begins { exact, longer }
    }

    fn longest(&self) -> usize {
        self.engine.directory.longest_number()
    }

    fn is_phone(&self, number: &str, reachable: Reachable) -> bool {
        let extension = self.engine.directory.extensions.get(number);
        extension.is_some_and(|extension| match reachable {
            Reachable::Agents => extension.agent.is_some(),
            Reachable::Phones => true,
        })
    }

    fn reach(&self, number: &str, not_ready_too: bool) -> Reach {
        let directory = &self.engine.directory;
        let Some(extension) = directory.extensions.get(number) else { return Reach::Unavailable };
        let dnd = self.engine.reach.is_dnd(directory, &extension.number);
        let there = self.engine.devices.is_registered(&extension.number);
        let forwarded = || extension.agent.is_some_and(|agent| reach::in_place(self.engine, agent).is_some());
        if dnd || !(there || forwarded()) {
            return Reach::Unavailable;
        }
        let own = self.call.caller_leg().and_then(|leg| leg.record.extension.as_ref());
        if own == Some(&extension.number) {
            return Reach::Busy;
        }
        extension.agent.map_or(Reach::Free, |agent| self.reach_agent(agent, not_ready_too))
    }

    fn named(&self, keys: &str, by: NamePart, max: usize) -> Vec<Named> {
        let agents = self.engine.directory.agents.values();
        let there = agents.filter(|agent| agent.status == AgentStatus::Active);
        let found = there.filter(|agent| keypad::begins(&agent.name, keys, by));
        let named = |agent: &Agent| {
            Some(Named { number: agent.extension.clone()?, spoken: agent.spoken_name.clone() })
        };
        let mut found: Vec<Named> = found.filter_map(named).collect();
        found.sort_by(|a, b| a.number.cmp(&b.number));
        found.truncate(max);
        found
    }

    fn hours(&self, name: &str) -> HoursState {
        let hours = self.engine.directory.business_hours.get(name);
        match hours.map_or(Opening::Closed, |hours| hours.opening(self.now)) {
            Opening::Open => HoursState::Open,
            Opening::Closed => HoursState::Closed,
            Opening::Holiday(_) => HoursState::Holiday,
        }
    }

    fn line(&self, queue: &str) -> Option<Line> {
        let queue = self.engine.directory.queue(queue)?.id;
        let expected = self.engine.acd.expected_wait(queue);
        Some(Line {
            waiting: u32::try_from(self.engine.acd.waiting_count(queue)).unwrap_or(u32::MAX),
            staffed: self.engine.acd.is_staffed(queue),
            expected_wait: expected.map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX)),
        })
    }
}

impl Sight<'_> {
    /// Whether an agent whose phone is there can be rung (domain 4, row RESOLVE; A25).
    fn reach_agent(&self, agent: AgentId, not_ready_too: bool) -> Reach {
        let Some(provisioned) = self.engine.directory.agents.get(&agent) else { return Reach::Unavailable };
        let off = self.engine.directory.works(agent, self.now).is_some_and(|(works, _)| !works);
        if provisioned.status != AgentStatus::Active || off {
            return Reach::Unavailable;
        }
        if self.engine.acd.is_engaged(agent) {
            return Reach::Busy;
        }
        // Not ready counts only if it does everywhere she is logged in to; logged out everywhere she can be rung.
        let states = self.engine.acd.memberships(agent).into_iter().map(|membership| membership.state);
        let mut logged_in =
            states.filter(|state| !matches!(state, AgentState::LoggedOut | AgentState::Offline)).peekable();
        let not_ready =
            logged_in.peek().is_some() && logged_in.all(|state| matches!(state, AgentState::NotReady { .. }));
        if not_ready && !not_ready_too { Reach::Unavailable } else { Reach::Free }
    }
}

/// What a directory holds, for the compiler. Prompts are not in it: whoever saved a flow has looked.
pub(crate) struct Provisioned<'a>(pub(crate) &'a Directory);

impl Provisioned<'_> {
    fn has(&self, number: &str, what: impl FnOnce(model::Destination<'_>) -> bool) -> bool {
        self.0.destination(number).is_some_and(what)
    }
}

impl Known for Provisioned<'_> {
    fn prompt(&self, _name: &str) -> bool {
        true
    }

    fn queue(&self, number: &str) -> bool {
        self.0.queue(number).is_some()
    }

    fn phone(&self, number: &str) -> bool {
        ExtensionNumber::parse(number).is_ok_and(|number| self.0.extensions.contains_key(&number))
    }

    fn flow(&self, number: &str) -> bool {
        self.has(number, |found| matches!(found, model::Destination::Flow(_)))
    }

    fn ring_group(&self, number: &str) -> bool {
        self.has(number, |found| matches!(found, model::Destination::RingGroup(_)))
    }

    fn hours(&self, name: &str) -> bool {
        self.0.business_hours.contains_key(name)
    }

    fn anything(&self, number: &str) -> bool {
        self.has(number, |_| true)
    }
}
