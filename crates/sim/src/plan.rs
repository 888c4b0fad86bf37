//! What will happen in one world from outside: who calls, who asks for what, which phones go, what is provisioned
//! anew, when the process is killed. Drawn by seed before anything runs, so that a part can be left out.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use engine::{AgentAction, Scope};
use model::{AgentId, Directory, NotReadyReason, QueueId, Timestamp};

use crate::callbacks;
use crate::fault::{Fault, Faults};
use crate::provision::{self, Change};
use crate::rng::Chance;

/// Everything that comes from outside into one world.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed; all reactions are drawn from it too.
    pub seed: u64,
    /// What may go wrong.
    pub faults: Faults,
    /// What is provisioned at first.
    pub directory: Arc<Directory>,
    /// By time.
    pub items: Vec<(Timestamp, Item)>,
    /// When nobody calls any more.
    pub end: Timestamp,
    /// What happens after that to callers who are to be called back, in a world of the ACD alone: by time there.
    pub callbacks: Vec<(Timestamp, u64)>,
}

/// One thing that comes from outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Somebody calls.
    Caller {
        /// What is dialed.
        dialed: String,
        /// From which phone; none: through the trunk.
        phone: Option<AgentId>,
        /// After how long the caller gives up; none: never.
        patience: Option<Duration>,
        /// His number.
        number: String,
    },
    /// An agent, or somebody for her, asks.
    Asks(AgentId, Scope, AgentAction),
    /// A phone code is dialed.
    Code(AgentId, String),
    /// A phone registers (true) or is gone.
    Device(AgentId, bool),
    /// The free phone registers or is gone.
    Lobby(bool),
    /// Provisioning changes.
    Change(Change),
    /// A supervisor ends the n-th live call.
    HangUp(u64),
    /// Something that means nothing, or hardly anything.
    Noise(u64),
    /// The process is killed: it takes up from its last snapshot and the inputs since.
    Kill,
    /// The same, and with it died every leg and what was known of phones.
    Restart,
}

/// What a shrunk seed leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Without {
    /// Items of the plan, by index; those of its callbacks are counted on.
    pub items: BTreeSet<usize>,
    /// Faults.
    pub faults: Vec<Fault>,
}

/// How long a world lasts before it comes to rest, seconds.
const LENGTH: u64 = 240;

impl Plan {
    /// The plan of a seed.
    #[must_use]
    pub fn drawn(seed: u64) -> Self {
        let faults = Faults::drawn(seed);
        let directory = provision::drawn(seed, &provision::STRATEGIES);
        let mut drawing = Drawing { chance: Chance::about(seed, 0x9A), faults: &faults, items: Vec::new() };
        drawing.agents(&directory);
        drawing.callers(&directory);
        drawing.troubles(&directory);
        let mut items = drawing.items;
        items.sort_by_key(|(at, _)| *at);
        let end = Timestamp::from_secs(i64::try_from(LENGTH).unwrap_or(0));
        Self { seed, faults, directory: Arc::new(directory), items, end, callbacks: callbacks::drawn(seed) }
    }

    /// The plan without some of its parts.
    #[must_use]
    pub fn without(mut self, left_out: &Without) -> Self {
        let mut index = 0;
        let mut stays = || {
            index += 1;
            !left_out.items.contains(&(index - 1))
        };
        self.items.retain(|_| stays());
        self.callbacks.retain(|_| stays());
        for fault in &left_out.faults {
            self.faults = self.faults.without(*fault);
        }
        self
    }
}

struct Drawing<'a> {
    chance: Chance,
    faults: &'a Faults,
    items: Vec<(Timestamp, Item)>,
}

impl Drawing<'_> {
    fn at(&mut self, seconds: u64) -> Timestamp {
        let whole = self.faults.has(Fault::Coincidence);
        let drawn = self.chance.millis(seconds * 1_000);
        Timestamp::ZERO.after(if whole { Duration::from_secs(drawn.as_secs()) } else { drawn })
    }

    fn add(&mut self, at: Timestamp, item: Item) {
        self.items.push((at, item));
    }

    /// Phones register, agents log in, and change their minds.
    fn agents(&mut self, directory: &Directory) {
        for agent in directory.agents.keys() {
            let at = self.at(10);
            self.add(at, Item::Device(*agent, true));
            if !self.chance.one_in(8) {
                let at = self.at(15);
                self.add(at, Item::Asks(*agent, Scope::All, AgentAction::Login));
                self.add(at, Item::Asks(*agent, Scope::All, AgentAction::Ready));
            }
            let asks = if self.faults.has(Fault::Fickle) { 24 } else { 5 };
            for _ in 0..asks {
                let (at, item) = (self.at(LENGTH), self.ask(*agent, directory));
                self.add(at, item);
            }
            let trips = if self.faults.has(Fault::Vanishing) { 5 } else { 0 };
            for _ in 0..trips {
                let at = self.at(LENGTH);
                self.add(at, Item::Device(*agent, false));
                let longest = if self.chance.one_in(3) { 90_000 } else { 8_000 };
                let gone = self.chance.millis(longest);
                self.add(at.after(gone), Item::Device(*agent, true));
            }
        }
        let at = self.at(20);
        self.add(at, Item::Lobby(true));
    }

    fn ask(&mut self, agent: AgentId, directory: &Directory) -> Item {
        let queues: Vec<QueueId> = directory.queues.keys().copied().collect();
        let one = self.chance.pick(&queues).unwrap_or_default();
        if self.chance.one_in(6) {
            let code = self.chance.pick(&["*36", "*37", "*38", "*39"]).unwrap_or("*36");
            let queue = if self.chance.one_in(2) { format!("{}", 8_000 + one.0) } else { String::new() };
            return Item::Code(agent, format!("{code}{queue}"));
        }
        let scope = if self.chance.one_in(3) { Scope::Queue(one) } else { Scope::All };
        let action = match self.chance.below(16) {
            0..=3 => AgentAction::Login,
            4..=7 => AgentAction::Ready,
            8 | 9 => AgentAction::NotReady(NotReadyReason::chosen("lunch")),
            10 => AgentAction::Logout,
            11 | 12 => AgentAction::SingleCall,
            13 | 14 => AgentAction::MoreTime(u32::try_from(self.chance.between(1, 90)).unwrap_or(1)),
            _ => AgentAction::WrapUp,
        };
        Item::Asks(agent, scope, action)
    }

    fn callers(&mut self, directory: &Directory) {
        let queues: Vec<QueueId> = directory.queues.keys().copied().collect();
        for _ in 0..self.chance.between(15, 45) {
            let at = self.at(LENGTH);
            let queue = self.chance.pick(&queues).unwrap_or_default();
            let dialed = if self.chance.one_in(2) {
                format!("+4930{}", queue.0)
            } else {
                format!("{}", 8_000 + queue.0)
            };
            let hasty = self.faults.has(Fault::Impatient) && !self.chance.one_in(3);
            let patience = match (hasty, self.chance.one_in(3)) {
                (true, _) => Some(self.chance.millis(12_000)),
                (false, true) => Some(self.chance.millis(90_000)),
                (false, false) => None,
            };
            let number = provision::caller_number(self.chance.below(16));
            self.add(at, Item::Caller { dialed, phone: None, patience, number });
        }
    }

    fn troubles(&mut self, directory: &Directory) {
        let agents: Vec<AgentId> = directory.agents.keys().copied().collect();
        let queues: Vec<QueueId> = directory.queues.keys().copied().collect();
        if self.faults.has(Fault::DirectCalls) {
            for _ in 0..self.chance.between(4, 14) {
                let at = self.at(LENGTH);
                let item = self.direct(&agents, &queues);
                self.add(at, item);
            }
        }
        if self.faults.has(Fault::Reprovision) {
            for _ in 0..self.chance.between(2, 10) {
                let (at, change) = (self.at(LENGTH), self.change(&agents, &queues));
                self.add(at, Item::Change(change));
            }
        }
        let n = self.chance.between(2, 8);
        self.several(Fault::HangUps, n, |chance| Item::HangUp(chance.draw()));
        self.several(Fault::Noise, 20, |chance| Item::Noise(chance.draw()));
        self.several(Fault::Kills, 12, |_| Item::Kill);
        let n = self.chance.between(1, 3);
        self.several(Fault::Restarts, n, |_| Item::Restart);
    }

    fn several(&mut self, fault: Fault, count: u64, item: impl Fn(&mut Chance) -> Item) {
        for _ in 0..if self.faults.has(fault) { count } else { 0 } {
            let at = self.at(LENGTH);
            let item = item(&mut self.chance);
            self.add(at, item);
        }
    }

    /// An agent calls a colleague, a queue, outside, nobody; or somebody calls her directly.
    fn direct(&mut self, agents: &[AgentId], queues: &[QueueId]) -> Item {
        let colleague = self.chance.pick(agents).unwrap_or_default();
        let dialed = match self.chance.below(8) {
            0..=3 => format!("{}", 1_000 + colleague.0),
            4 => format!("{}", 8_000 + self.chance.pick(queues).unwrap_or_default().0),
            5 => "+4940555".to_owned(),
            6 => provision::LOBBY.to_owned(),
            _ => "nobody".to_owned(),
        };
        let phone = if self.chance.one_in(3) { None } else { self.chance.pick(agents) };
        let patience = self.chance.one_in(2).then(|| self.chance.millis(30_000));
        Item::Caller { dialed, phone, patience, number: "90".into() }
    }

    fn change(&mut self, agents: &[AgentId], queues: &[QueueId]) -> Change {
        let agent = self.chance.pick(agents).unwrap_or_default();
        let queue = self.chance.pick(queues).unwrap_or_default();
        match self.chance.below(20) {
            0..=4 => Change::Membership(queue, agent),
            5..=7 => Change::Entry(queue, agent, self.chance.draw()),
            8..=10 => Change::Rules(queue, self.chance.draw()),
            11 | 12 => Change::Status(agent),
            13 => Change::MaxCalls(agent, self.chance.draw()),
            14 => Change::Skills(agent, self.chance.draw()),
            15 | 16 => Change::Dnd(agent),
            17 => Change::Extension(agent),
            18 => Change::AgentGone(agent),
            _ => Change::QueueGone(queue),
        }
    }
}
