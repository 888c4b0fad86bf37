//! What the journal costs: `cargo bench -p switch`.
//!
//! Calls are taken, offered, answered and ended by a switch without a journal, with one, and with one that waits
//! for the disk at every turn. A turn is one input, as in a server with little to do, or a batch of them, as in a
//! server under load; each is committed before the next. The journal lies in the system's folder for temporary
//! files, so the figures are those of that disk.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]
#![expect(clippy::unwrap_used, reason = "a benchmark may end on a mistake of its own")]

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{
    Actor, AgentAction, Arrival, Cause, Command, DeviceInput, Input, LegCommand, LegInput, Origin, Request,
    Scope,
};
use model::{
    Agent, AgentId, AgentStatus, CallerId, Directory, ExtensionNumber, LegId, Membership, Queue, QueueId,
    RequestId, Role, Tenant, TenantId, Timestamp, Trunk, TrunkId,
};
use switch::journal::{Key, Settings, Sync, segments};
use switch::{JournalPlace, NoSink, Port, Switch, SwitchLimits};

const ACME: TenantId = TenantId(1);
const AGENTS: u64 = 200;
const CALLS: u64 = 20_000;
/// With a disk that is waited for, a few calls say enough.
const CALLS_ALWAYS: u64 = 500;

fn main() {
    println!(
        "{:<34} {:>12} {:>12} {:>11} {:>11}",
        "", "inputs/s", "decisions/s", "us a call", "bytes a call"
    );
    let always = Settings { sync: Sync::Always, ..Settings::default() };
    for (name, settings, batch, calls) in [
        ("no journal", None, 1, CALLS),
        ("journal, a turn is one input", Some(Settings::default()), 1, CALLS),
        ("journal, a turn is 16 inputs", Some(Settings::default()), 16, CALLS),
        ("journal, always, one input", Some(always), 1, CALLS_ALWAYS),
        ("journal, always, 64 inputs", Some(always), 64, CALLS_ALWAYS),
    ] {
        let run = run(settings, batch, calls);
        let seconds = run.time.as_secs_f64();
        println!(
            "{name:<34} {:>12.0} {:>12.0} {:>11.1} {:>11}",
            run.inputs as f64 / seconds,
            run.decisions as f64 / seconds,
            seconds * 1e6 / calls as f64,
            run.bytes / calls
        );
    }
}

struct Run {
    time: Duration,
    inputs: u64,
    decisions: u64,
    bytes: u64,
}

/// What the engine commands becomes what the phones do: each rings, is answered and hangs up.
#[derive(Default)]
struct Phones {
    coming: VecDeque<Input>,
    decisions: u64,
}

impl Port for Phones {
    fn command(&mut self, _tenant: TenantId, command: Command) {
        match command {
            Command::Leg(leg, LegCommand::Dial { .. }) => {
                self.decisions += 1;
                for input in [LegInput::Ringing, LegInput::Answered, LegInput::Ended(Cause::Normal)] {
                    self.coming.push_back(Input::Leg(leg, input));
                }
            }
            Command::Leg(leg, LegCommand::End(cause) | LegCommand::Refuse(cause)) => {
                self.coming.push_back(Input::Leg(leg, LegInput::Ended(cause)));
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

fn run(settings: Option<Settings>, batch: u64, calls: u64) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let mut now = Timestamp::from_secs(1_000);
    let mut switch = settings.map_or_else(
        || Switch::new(SwitchLimits::default(), 1, Box::new(NoSink)),
        |settings| {
            let (folder, key) = (folder.path().to_owned(), Key::new([1; 32]));
            let place = JournalPlace { folder, key, settings, kept: BTreeMap::new() };
            Switch::recover(SwitchLimits::default(), 1, Box::new(NoSink), place, now).unwrap()
        },
    );
    let mut phones = Phones::default();
    switch.configure(Arc::new(directory()), now, &mut phones);
    for id in 1..=AGENTS {
        switch.input(ACME, Input::Device(extension(id), DeviceInput::Reachable), now, &mut phones);
        for action in [AgentAction::Login, AgentAction::Ready] {
            let request = Request::Agent { agent: AgentId(id), scope: Scope::All, action };
            switch.input(ACME, Input::Request(RequestId(id), Actor::Owner, request), now, &mut phones);
        }
    }
    switch.commit(now);
    let (start, mut inputs, mut made) = (Instant::now(), 0, 0);
    loop {
        let input = match phones.coming.pop_front() {
            Some(input) => input,
            None if made == calls => break,
            None => {
                made += 1;
                arrival(made)
            }
        };
        now = now.after(Duration::from_millis(1));
        switch.input(ACME, input, now, &mut phones);
        inputs += 1;
        if inputs % batch == 0 {
            switch.commit(now);
        }
    }
    switch.commit(now);
    let time = start.elapsed();
    assert_eq!(switch.call_count(), 0, "every call has come to its end");
    let bytes = segments(folder.path()).unwrap().iter().map(|segment| segment.bytes).sum();
    Run { time, inputs, decisions: phones.decisions, bytes }
}

fn arrival(number: u64) -> Input {
    let arrival = Arrival {
        origin: Origin::Trunk(TrunkId(1)),
        dialed: "8000".into(),
        caller: CallerId::new(&format!("+4930{number:07}"), ""),
        max_forwards: 70,
    };
    Input::Leg(LegId(number * 2), LegInput::Arrived(arrival))
}

fn extension(agent: u64) -> ExtensionNumber {
    ExtensionNumber::parse(&format!("1{agent:03}")).unwrap()
}

fn directory() -> Directory {
    let mut directory = Directory::new(Tenant::new(ACME, "acme.test"));
    let mut queue = Queue::new(QueueId(1), ExtensionNumber::parse("8000").unwrap(), "Support");
    queue.wrap_up_time = 0;
    queue.auto_ready = true;
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
        directory.insert_membership(Membership::new(QueueId(1), AgentId(id)));
    }
    let trunk = Trunk { id: TrunkId(1), name: "c".into(), host: "192.0.2.1".into(), allow_from: Vec::new() };
    directory.trunks.insert(trunk.id, trunk);
    directory
}
