//! A small company under chance: callers, agents and phones, the same for the same seed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::{
    Actor, AgentAction, Arrival, Cause, Command, DeviceInput, Input, LegCommand, LegInput, MediaCommand,
    MediaInput, Origin, Request, Scope,
};
use model::{
    Agent, AgentId, AgentStatus, CallerId, Directory, ExtensionNumber, LegId, Membership, NotReadyReason,
    Queue, QueueId, RequestId, Role, Tenant, TenantId, Timestamp, Trunk, TrunkId,
};

use crate::journal::{self, Key};
use crate::{EventSink, JournalPlace, Port, Published, Switch, SwitchLimits};

pub(super) const ACME: TenantId = TenantId(1);
pub(super) const SUPPORT: QueueId = QueueId(1);
pub(super) const KEY: Key = Key::new([9; 32]);
pub(super) const START: Timestamp = Timestamp::from_secs(1_000);
const AGENTS: u64 = 4;

pub(super) fn extension(agent: u64) -> ExtensionNumber {
    ExtensionNumber::parse(&format!("100{agent}")).unwrap()
}

pub(super) fn directory() -> Directory {
    let mut directory = Directory::new(Tenant::new(ACME, "acme.test"));
    let mut queue = Queue::new(SUPPORT, ExtensionNumber::parse("8000").unwrap(), "Support");
    (queue.ring_time, queue.wrap_up_time) = (8, 10);
    directory.insert_queue(queue);
    for id in 1..=AGENTS {
        directory.insert_agent(Agent {
            id: AgentId(id),
            extension: Some(extension(id)),
            name: format!("Agent {id}"),
            email: format!("{id}@acme.test"),
            role: Role::Agent,
            supervises: None,
            groups: Vec::new(),
            skills: BTreeMap::new(),
            status: AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
            personal: model::Personal::default(),
            spoken_name: None,
            call_link: None,
        });
        directory.insert_membership(Membership::new(SUPPORT, AgentId(id)));
    }
    let trunk = Trunk { id: TrunkId(1), name: "c".into(), host: "192.0.2.1".into(), allow_from: Vec::new() };
    directory.trunks.insert(trunk.id, trunk);
    directory
}

/// What a sink was told.
#[derive(Default)]
pub(super) struct Told {
    pub(super) published: Vec<Arc<Published>>,
    pub(super) replayed: Vec<Arc<Published>>,
}

#[derive(Clone, Default)]
pub(super) struct Ear(pub(super) Arc<Mutex<Told>>);

impl EventSink for Ear {
    fn published(&mut self, _tenant: TenantId, published: &Arc<Published>) {
        self.0.lock().unwrap().published.push(published.clone());
    }

    fn replayed(&mut self, _tenant: TenantId, published: &Arc<Published>) {
        self.0.lock().unwrap().replayed.push(published.clone());
    }
}

#[derive(Default)]
pub(super) struct Commands(pub(super) Vec<Command>);

impl Port for Commands {
    fn command(&mut self, _tenant: TenantId, command: Command) {
        self.0.push(command);
    }
}

pub(super) fn place(folder: &std::path::Path, settings: journal::Settings, kept: u64) -> JournalPlace {
    let kept = BTreeMap::from([(ACME, kept)]);
    JournalPlace { folder: folder.to_owned(), key: KEY, settings, kept }
}

/// A switch over the journal in `folder`, provisioned.
pub(super) fn start(folder: &std::path::Path, settings: journal::Settings, now: Timestamp) -> (Switch, Ear) {
    let ear = Ear::default();
    let place = place(folder, settings, 0);
    let mut switch = Switch::recover(SwitchLimits::default(), 1, Box::new(ear.clone()), place, now).unwrap();
    switch.configure(Arc::new(directory()), now, &mut Commands::default());
    switch.commit(now);
    (switch, ear)
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }
}

/// The shell and the people behind it.
pub(super) struct World {
    chance: Chance,
    pub(super) now: Timestamp,
    coming: BTreeMap<(Timestamp, u64), Input>,
    open: BTreeSet<LegId>,
    next_leg: u64,
    count: u64,
    pub(super) commands: Commands,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            chance: Chance(seed),
            now: START,
            coming: BTreeMap::new(),
            open: BTreeSet::new(),
            next_leg: 2,
            count: 0,
            commands: Commands::default(),
        }
    }

    /// All phones register, all agents log in and are ready.
    pub(super) fn staff(&mut self, switch: &mut Switch) {
        for id in 1..=AGENTS {
            self.give(switch, Input::Device(extension(id), DeviceInput::Reachable));
            for action in [AgentAction::Login, AgentAction::Ready] {
                self.ask(switch, id, action);
            }
        }
        switch.commit(self.now);
    }

    pub(super) fn ask(&mut self, switch: &mut Switch, agent: u64, action: AgentAction) {
        let request = Request::Agent { agent: AgentId(agent), scope: Scope::All, action };
        self.count += 1;
        self.give(switch, Input::Request(RequestId(self.count), Actor::Owner, request));
    }

    pub(super) fn call(&mut self, switch: &mut Switch, caller: &str) -> LegId {
        let leg = LegId(self.next_leg);
        self.next_leg += 2;
        let arrival = Arrival {
            origin: Origin::Trunk(TrunkId(1)),
            dialed: "8000".into(),
            caller: CallerId::new(caller, ""),
            max_forwards: 70,
        };
        self.open.insert(leg);
        self.give(switch, Input::Leg(leg, LegInput::Arrived(arrival)));
        leg
    }

    pub(super) fn give(&mut self, switch: &mut Switch, input: Input) {
        switch.input(ACME, input, self.now, &mut self.commands);
        self.obey();
    }

    /// One turn: the next thing that happens, then what is due.
    pub(super) fn turn(&mut self, switch: &mut Switch) {
        self.now = self.now.after(Duration::from_millis(self.chance.below(1_500)));
        while let Some(entry) = self.coming.first_entry().filter(|entry| entry.key().0 <= self.now) {
            let input = entry.remove();
            if let Input::Leg(leg, LegInput::Ended(_)) = &input
                && !self.open.remove(leg)
            {
                continue;
            }
            self.give(switch, input);
        }
        switch.tick(self.now, &mut self.commands);
        self.obey();
        let agent = 1 + self.chance.below(AGENTS);
        match self.chance.below(12) {
            0..=3 => {
                let caller = format!("+49301{:04}", self.chance.below(50));
                let leg = self.call(switch, &caller);
                let patience = Duration::from_secs(5 + self.chance.below(60));
                self.later(patience, Input::Leg(leg, LegInput::Ended(Cause::Normal)));
            }
            4 => self.ask(switch, agent, AgentAction::NotReady(NotReadyReason::Supervisor)),
            5 | 6 => self.ask(switch, agent, AgentAction::Ready),
            7 if self.chance.below(4) == 0 => {
                self.give(switch, Input::Device(extension(agent), DeviceInput::Unreachable));
            }
            7 | 8 => self.give(switch, Input::Device(extension(agent), DeviceInput::Reachable)),
            _ => {}
        }
        switch.commit(self.now);
    }

    fn later(&mut self, after: Duration, input: Input) {
        self.count += 1;
        self.coming.insert((self.now.after(after), self.count), input);
    }

    /// Does what was commanded, some of it late.
    fn obey(&mut self) {
        for command in std::mem::take(&mut self.commands.0) {
            match command {
                Command::Leg(leg, LegCommand::Dial { .. }) => {
                    self.open.insert(leg);
                    let rings = Duration::from_millis(self.chance.below(300));
                    self.later(rings, Input::Leg(leg, LegInput::Ringing));
                    let answers = Duration::from_millis(400 + self.chance.below(9_000));
                    let answer = match self.chance.below(5) {
                        0 => LegInput::Ended(Cause::Busy),
                        1..=3 => LegInput::Answered,
                        _ => continue,
                    };
                    self.later(answers, Input::Leg(leg, answer.clone()));
                    if answer == LegInput::Answered {
                        let talks = answers + Duration::from_secs(self.chance.below(40));
                        self.later(talks, Input::Leg(leg, LegInput::Ended(Cause::Normal)));
                    }
                }
                Command::Leg(leg, LegCommand::End(cause) | LegCommand::Refuse(cause)) => {
                    self.later(Duration::from_millis(50), Input::Leg(leg, LegInput::Ended(cause)));
                }
                Command::Media(MediaCommand::Play { leg, play, repeat: false, .. }) => {
                    self.later(Duration::from_secs(2), Input::Media(leg, MediaInput::PlayEnded(play)));
                }
                Command::Leg(..)
                | Command::Media(_)
                | Command::Fetch(..)
                | Command::Erase { .. }
                | Command::KeepPrompt(_)
                | Command::Lamp { .. } => {}
            }
        }
    }
}
