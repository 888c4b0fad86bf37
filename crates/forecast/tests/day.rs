//! A day that really happened to an engine, recorded, and run again.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use engine::{
    Actor, AgentAction, Arrival, Cause, Command, DeviceInput, DialTarget, Engine, FirstIds, Input,
    LegCommand, LegInput, Limits, Origin, Outbox, Request, Scope,
};
use forecast::Chance;
use forecast::day::{Day, PastEnd, Presence, Recorder};
use forecast::pool;
use forecast::rerun::{Figures, Rerun, past, unrouted};
use model::{
    AgentHours, AgentId, CallId, CallerId, Did, Directory, ExtensionNumber, FallbackAction, LegId, OfferId,
    PlayId, Queue, QueueId, RequestId, Schedule, Slot, Strategy, Timestamp, Trunk, TrunkId, Zone,
};

const RING: i64 = 3_000_000;
const DIALED: &str = "+49301";

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Answers(LegId),
    HangsUp(LegId),
    Calls(LegId),
    Asks(AgentId, u8),
}

/// What the player knows of one caller.
#[derive(Clone, Copy)]
struct Caller {
    talk: i64,
    patience: i64,
    answered: bool,
}

struct Player {
    engine: Engine,
    recorder: Recorder,
    now: Timestamp,
    due: BinaryHeap<Reverse<(Timestamp, Due)>>,
    callers: BTreeMap<LegId, Caller>,
}

fn directory(agents: u32) -> Directory {
    let mut directory = pool::directory(agents, Strategy::LongestIdle, 0).unwrap();
    let queue = ExtensionNumber::parse("8000").unwrap();
    directory.numbers.insert(DIALED.into(), Did::new(DIALED.into(), FallbackAction::Queue(queue)));
    let trunk = Trunk { id: TrunkId(1), name: "t".into(), host: "127.0.0.1".into(), allow_from: Vec::new() };
    directory.trunks.insert(trunk.id, trunk);
    for queue in directory.queues.values_mut() {
        (queue.wrap_up_time, queue.ring_time) = (10, 20);
    }
    directory
}

/// Three agents, 90 callers in an hour; the third agent comes after half an hour. One number in four has called
/// before.
fn day() -> Day {
    let first = FirstIds { call: CallId(1), leg: LegId(1), offer: OfferId(1), play: PlayId(1) };
    let engine = Engine::new(Arc::new(directory(3)), Limits::default(), first, Timestamp::ZERO);
    let recorder = Recorder::new(&engine, Timestamp::ZERO);
    let mut player =
        Player { engine, recorder, now: Timestamp::ZERO, due: BinaryHeap::new(), callers: BTreeMap::new() };
    for (agent, at) in [(1, 1), (2, 2), (3, 1_800)] {
        for step in 0..3 {
            player.due.push(Reverse((Timestamp::from_secs(at), Due::Asks(AgentId(agent), step))));
        }
    }
    player.due.push(Reverse((Timestamp::from_secs(3_000), Due::Asks(AgentId(2), 3))));
    let mut chance = Chance::new(4, 0);
    let mut at = 5_000_000;
    for call in 1..=90 {
        at += chance.micros(40.0);
        let (talk, patience) = (chance.micros(90.0), chance.micros(60.0));
        player.callers.insert(LegId(2 * call), Caller { talk, patience, answered: false });
        player.due.push(Reverse((Timestamp(at), Due::Calls(LegId(2 * call)))));
    }
    player.play();
    player.recorder.end()
}

impl Player {
    fn play(&mut self) {
        loop {
            let due = self.due.peek().map(|Reverse((at, _))| *at);
            let tick = self.engine.next_deadline();
            let Some(at) = [due, tick].into_iter().flatten().min() else { break };
            self.now = at;
            if tick == Some(at) {
                self.step(Input::Tick);
            } else if let Some(Reverse((_, due))) = self.due.pop() {
                self.happen(due);
            }
        }
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Answers(leg) => self.step(Input::Leg(leg, LegInput::Answered)),
            Due::HangsUp(leg) => self.step(Input::Leg(leg, LegInput::Ended(Cause::Normal))),
            Due::Calls(leg) => {
                let arrival = Arrival {
                    origin: Origin::Trunk(TrunkId(1)),
                    dialed: DIALED.into(),
                    caller: CallerId::new(&format!("+4930000{}", leg.0 % 23), ""),
                    max_forwards: 70,
                };
                let patience = self.callers[&leg].patience;
                self.due.push(Reverse((Timestamp(self.now.0 + patience), Due::HangsUp(leg))));
                self.step(Input::Leg(leg, LegInput::Arrived(arrival)));
            }
            Due::Asks(agent, step) => {
                let extension = self.engine.directory().agents[&agent].extension.clone().unwrap();
                let action =
                    [AgentAction::Login, AgentAction::Login, AgentAction::Ready, AgentAction::Logout];
                if step == 0 {
                    return self.step(Input::Device(extension, DeviceInput::Reachable));
                }
                let asked =
                    Request::Agent { agent, scope: Scope::All, action: action[usize::from(step)].clone() };
                self.step(Input::Request(RequestId(1), Actor::Agent(agent), asked));
            }
        }
    }

    fn step(&mut self, input: Input) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let mut out = Outbox::default();
            self.engine.handle(input, self.now, &mut out);
            self.recorder.step(&self.engine, self.now, &out);
            for command in &out.commands {
                let Command::Leg(leg, command) = command else { continue };
                match command {
                    LegCommand::Dial { to: DialTarget::Extension(_), .. } => {
                        inputs.push(Input::Leg(*leg, LegInput::Ringing));
                        self.due.push(Reverse((Timestamp(self.now.0 + RING), Due::Answers(*leg))));
                    }
                    LegCommand::End(cause) | LegCommand::Refuse(cause) => {
                        inputs.push(Input::Leg(*leg, LegInput::Ended(*cause)));
                    }
                    LegCommand::Dial { .. }
                    | LegCommand::Ring
                    | LegCommand::Answer
                    | LegCommand::Lift
                    | LegCommand::Secrecy(_) => {}
                }
            }
            self.answered(&out);
        }
    }

    /// Who was joined with an agent does not give up any more; he talks.
    fn answered(&mut self, out: &Outbox) {
        for event in &out.events {
            let engine::EventKind::CallConnected { call, .. } = event.kind else { continue };
            let record = self.engine.view().record(call).unwrap();
            let leg = record.legs[0].leg;
            let caller = self.callers.get_mut(&leg).unwrap();
            caller.answered = true;
            let talk = caller.talk;
            let due = std::mem::take(&mut self.due).into_iter();
            self.due = due.filter(|Reverse((_, due))| *due != Due::HangsUp(leg)).collect();
            self.due.push(Reverse((Timestamp(self.now.0 + talk), Due::HangsUp(leg))));
        }
    }
}

#[test]
fn a_recorded_day_says_who_called_and_who_was_there() {
    let day = day();
    assert_eq!(day.calls.len(), 90);
    let answered = day.calls.iter().filter(|call| matches!(call.end, PastEnd::Answered { .. })).count();
    let gave_up = day.calls.iter().filter(|call| call.end == PastEnd::Abandoned).count();
    assert_eq!(answered + gave_up, 90);
    assert!(gave_up > 3 && answered > 40, "{gave_up} {answered}");
    for call in &day.calls {
        if let PastEnd::Answered { ring, talk, agent, wrap_up } = &call.end {
            assert_eq!((*ring, wrap_up), (RING, &None), "{agent:?}");
            assert!(*talk >= 0 && call.waited >= RING);
        }
    }
    let number = |text: &str| ExtensionNumber::parse(text).unwrap();
    let line = &day.presence[&(number("10003"), number("8000"))];
    assert_eq!(*line, [(Timestamp::from_secs(1_800), Presence::In)]);
    assert_eq!(day.presence[&(number("10002"), number("8000"))].last().unwrap().1, Presence::Out);
    let clocks = &day.clocks[&number("10001")];
    assert!(clocks.busy > 0 && clocks.busy < clocks.staffed);
    assert!(day.away_after_miss.is_empty() && day.offers.values().all(|(_, missed)| *missed == 0));
}

fn close(a: &Figures, b: &Figures) {
    let counts = |of: &Figures| (of.offered, of.answered, of.abandoned, of.left);
    assert_eq!(counts(a), counts(b));
    for (a, b) in a.waits.iter().zip(&b.waits) {
        assert!((a - b).abs() < 0.05, "{a} {b}");
    }
    for (extension, of) in &a.agents {
        let other = &b.agents[extension];
        assert!((of.occupancy - other.occupancy).abs() < 1e-3, "{extension} {of:?} {other:?}");
        assert_eq!(of.answered, other.answered, "{extension}");
    }
}

#[test]
fn a_day_under_its_own_provisioning_is_the_same_day_again() {
    let day = day();
    let again = Rerun::new(&day, directory(3), 1).run(0);
    close(&past(&day), &again);
}

#[test]
fn more_agents_make_shorter_waits_and_fewer_make_longer_ones() {
    let day = day();
    let was = past(&day);
    let more = Rerun::new(&day, directory(5), 1).run(0);
    assert!(more.wait_mean() < was.wait_mean() && more.abandoned <= was.abandoned);
    assert!(more.service_level() > was.service_level() && more.occupancy() < was.occupancy());
    let fewer = Rerun::new(&day, directory(1), 1);
    let fewer_twice = (fewer.run(0), fewer.run(0));
    assert_eq!(fewer_twice.0, fewer_twice.1, "the same seed");
    assert!(fewer_twice.0.wait_mean() > was.wait_mean() && fewer_twice.0.abandoned > was.abandoned);
    assert_eq!(fewer_twice.0.offered, 90);
}

#[test]
fn a_call_whose_queue_is_gone_is_said_to_find_none() {
    let day = day();
    let mut other = directory(3);
    other.queues.clear();
    let empty = Directory::new(other.tenant.clone());
    let rerun = Rerun::new(&day, empty, 1);
    assert_eq!(unrouted(&rerun), BTreeMap::from([("8000".to_owned(), 90)]));
    assert_eq!(rerun.run(0).left, 90);
}

#[test]
fn each_queue_has_its_own_part_of_the_day_and_a_run_ends_when_there_is_no_time_for_it() {
    let day = day();
    let was = past(&day);
    let queue = ExtensionNumber::parse("8000").unwrap();
    let part = &was.queues[&queue];
    assert_eq!(
        (part.offered, part.answered, part.in_time, part.abandoned, part.left),
        (was.offered, was.answered, was.in_time, was.abandoned, was.left)
    );
    let mean = was.waits.iter().sum::<f64>() / was.answered as f64;
    assert!((part.wait_mean().unwrap() - mean).abs() < 1e-9);
    assert_eq!(part.share(part.in_time), Some(was.service_level()));
    // A number that the other provisioning leads to a new queue counts there.
    let mut other = directory(3);
    let sales = ExtensionNumber::parse("8009").unwrap();
    other.insert_queue(Queue::new(QueueId(9), sales.clone(), "Sales"));
    other.numbers.get_mut(DIALED).unwrap().open = FallbackAction::Queue(sales.clone());
    let led = Rerun::new(&day, other, 1).run(0);
    assert_eq!(led.queues.keys().collect::<Vec<_>>(), [&sales]);
    assert_eq!(led.queues[&sales].offered, 90);
    let mut asked = 0;
    let mut no_time = || {
        asked += 1;
        false
    };
    assert_eq!(Rerun::new(&day, directory(3), 1).run_while(0, &mut no_time), None);
    assert_eq!(asked, 1);
}

#[test]
fn the_end_of_a_day_begins_with_who_was_there_then() {
    let whole = day();
    let mut end = whole.clone();
    end.keep_last(20);
    assert_eq!((end.calls.len(), end.from), (20, whole.calls[70].at));
    assert!(end.other_calls.iter().all(|(_, _, to)| *to > end.from));
    for (post, line) in &whole.presence {
        let then = line.iter().rev().find(|(at, _)| *at <= end.from).map(|(_, presence)| *presence);
        let first = end.presence[post].first().copied();
        assert_eq!(first.filter(|(at, _)| *at == end.from).map(|(_, presence)| presence), then, "{post:?}");
        assert_eq!(end.presence[post].last().map(|last| last.1), line.last().map(|last| last.1));
    }
    let mut all = whole.clone();
    all.keep_last(500);
    assert_eq!((all.calls.len(), all.from), (90, whole.from));
}

#[test]
fn working_hours_are_those_of_the_other_provisioning() {
    let day = day();
    let first = day.directory.agents[&AgentId(1)].extension.clone().unwrap().to_string();
    let with_hours = |from: u32, to: u32| {
        let mut other = directory(3);
        let hours = Schedule { slots: vec![Slot { from, to }], zone: Zone::default() };
        other.agents.get_mut(&AgentId(1)).unwrap().hours = Some(AgentHours::Own(hours));
        Rerun::new(&day, other, 1).run(0)
    };
    let minute = |at: Timestamp| {
        let days = at.0.div_euclid(60_000_000) + 3 * 24 * 60;
        u32::try_from(days.rem_euclid(7 * 24 * 60)).unwrap()
    };
    let (begin, whole) = (minute(Timestamp::ZERO), Rerun::new(&day, directory(3), 1).run(0));
    let staffed = |figures: &Figures| figures.agents[&first].staffed;
    let all = with_hours(begin, begin + 24 * 60);
    assert_eq!(staffed(&all), staffed(&whole));
    let half = with_hours(begin, begin + 20);
    assert!((1_100.0..1_500.0).contains(&staffed(&half)), "{}", staffed(&half));
    assert!(half.wait_mean() > whole.wait_mean() || half.abandoned > whole.abandoned);
    let late = with_hours(begin + 20, begin + 24 * 60);
    assert!((staffed(&late) - (staffed(&whole) - 1_200.0)).abs() < 10.0, "{}", staffed(&late));
    let never = with_hours(begin + 24 * 60, begin + 25 * 60);
    assert_eq!((staffed(&never), never.agents[&first].answered), (0.0, 0));
}
