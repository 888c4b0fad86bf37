//! A journal that a switch has written, for tests: one agent, one queue, callers at regular times.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use engine::{
    Actor, AgentAction, Arrival, Cause, Command, DeviceInput, Input, LegCommand, LegInput, Origin, Request,
    Scope,
};
use model::{AgentId, CallerId, ExtensionNumber, LegId, RequestId, TenantId, Timestamp, TrunkId};
use store::Store;
use switch::journal::segments;
use switch::{JournalPlace, NoSink, Port, Switch, SwitchLimits};

use super::{FOLDER, Place};

/// What is provisioned.
pub(crate) const FILE: &str = "domain: tiny.test\ngroups: [all]\nagents:\n  - {extension: \"100\", name: Ann Ash, \
    sip_password: change-me, groups: [all]}\n  - {extension: \"101\", name: Bob Oak, sip_password: change-me, \
    groups: [all]}\nqueues:\n  - {number: \"800\", name: Front desk, members: [{agent: \"100\"}]}\nnumbers:\n  \
    - {number: \"+4930\", open: {queue: \"800\"}}\ntrunks:\n  - {name: carrier, host: sip.carrier.example, \
    allow_from: [192.0.2.0/24]}\n";
/// When the first caller comes, seconds.
const FIRST: i64 = 10;
/// How long an agent is rung, and how long they talk, seconds.
const RING: i64 = 4;
const TALK: i64 = 46;

/// A store with [`FILE`] in it, and a switch that takes its calls.
pub(crate) struct Office {
    pub(crate) store: Store,
    pub(crate) tenant: TenantId,
    pub(crate) switch: Switch,
    legs: Legs,
}

/// What the switch has commanded and nobody has done yet.
#[derive(Default)]
struct Legs {
    dialed: Vec<LegId>,
    ended: Vec<LegId>,
}

impl Port for Legs {
    fn command(&mut self, _tenant: TenantId, command: Command) {
        match command {
            Command::Leg(leg, LegCommand::Dial { .. }) => self.dialed.push(leg),
            Command::Leg(leg, LegCommand::End(_) | LegCommand::Refuse(_)) => self.ended.push(leg),
            Command::Leg(..)
            | Command::Media(_)
            | Command::Fetch(..)
            | Command::Erase { .. }
            | Command::KeepPrompt(_)
            | Command::Lamp { .. } => {}
        }
    }
}

impl Office {
    /// Ann is ready at second 2.
    pub(crate) async fn open(folder: &Path) -> Self {
        let store = Store::open(folder).await.unwrap();
        let plan = store.plan(store::provisioning::parse(FILE, &[]).unwrap()).await.unwrap();
        let tenant = store.apply(&plan, Timestamp::ZERO).await.unwrap().tenant;
        let directory = Arc::new(store.directory(tenant).await.unwrap());
        let ann = directory.agent_of("100").unwrap().id;
        let journal = JournalPlace {
            folder: folder.join(FOLDER),
            key: switch::journal::Key::new(store.journal_key()),
            settings: switch::journal::Settings::default(),
            kept: BTreeMap::new(),
        };
        let start = Timestamp::ZERO;
        let mut switch =
            Switch::recover(SwitchLimits::default(), 1, Box::new(NoSink), journal, start).unwrap();
        switch.configure(directory, start, &mut Legs::default());
        let mut office = Self { store, tenant, switch, legs: Legs::default() };
        let extension = ExtensionNumber::parse("100").unwrap();
        office.give(1, Input::Device(extension, DeviceInput::Reachable));
        office.ask(2, ann, AgentAction::Login);
        office.ask(2, ann, AgentAction::Ready);
        office
    }

    pub(crate) fn place(&self) -> Place {
        Place::new(self.store.data_dir().join(FOLDER), self.store.journal_key())
    }

    /// So many callers, one every so many seconds; each talks with Ann and hangs up.
    pub(crate) fn calls(&mut self, count: u64, every: i64) {
        let mut coming: BTreeMap<(i64, u64), Coming> = BTreeMap::new();
        for call in 0..count {
            coming.insert(
                (FIRST + every * i64::try_from(call).unwrap(), 2 * call),
                Coming::Arrives(LegId(2 * call + 2)),
            );
        }
        let mut waiting = VecDeque::new();
        let mut talks = BTreeMap::new();
        while let Some(((at, order), what)) = coming.pop_first() {
            match what {
                Coming::Arrives(leg) => {
                    waiting.push_back(leg);
                    self.give(at, Input::Leg(leg, LegInput::Arrived(arrival())));
                }
                Coming::Lifts(leg) => {
                    talks.insert(leg, waiting.pop_front().unwrap());
                    self.give(at, Input::Leg(leg, LegInput::Answered));
                    coming.insert((at + TALK, order), Coming::HangUp(leg));
                }
                Coming::HangUp(leg) => {
                    let caller = talks.remove(&leg).unwrap();
                    for leg in [caller, leg] {
                        self.give(at, Input::Leg(leg, LegInput::Ended(Cause::Normal)));
                    }
                }
            }
            for leg in std::mem::take(&mut self.legs.ended) {
                self.give(at, Input::Leg(leg, LegInput::Ended(Cause::Normal)));
            }
            for leg in std::mem::take(&mut self.legs.dialed) {
                coming.insert((at + RING, leg.0), Coming::Lifts(leg));
            }
        }
    }

    /// Writes to the end of the newest segment.
    pub(crate) fn append(&self, bytes: &[u8]) {
        let newest = segments(&self.store.data_dir().join(FOLDER)).unwrap().pop().unwrap();
        let mut file = std::fs::OpenOptions::new().append(true).open(newest.path).unwrap();
        file.write_all(bytes).unwrap();
    }

    fn ask(&mut self, second: i64, agent: AgentId, action: AgentAction) {
        let asked = Request::Agent { agent, scope: Scope::All, action };
        self.give(second, Input::Request(RequestId(1), Actor::System, asked));
    }

    fn give(&mut self, second: i64, input: Input) {
        let now = Timestamp::from_secs(second);
        self.switch.tick(now, &mut self.legs);
        self.switch.input(self.tenant, input, now, &mut self.legs);
        self.switch.commit(now);
    }
}

enum Coming {
    Arrives(LegId),
    Lifts(LegId),
    HangUp(LegId),
}

fn arrival() -> Arrival {
    Arrival {
        origin: Origin::Trunk(TrunkId(1)),
        dialed: "+4930".into(),
        caller: CallerId::new("+49301234567", ""),
        max_forwards: 70,
    }
}
