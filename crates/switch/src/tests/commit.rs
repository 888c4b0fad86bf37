//! Nothing leaves before it is written, and what cannot be written is not begun.

use std::fs;

use engine::{Actor, AgentAction, Cause, Command, LegCommand, Request, Scope};
use model::AgentId;
use tokio::sync::oneshot;

use super::world::{ACME, Commands, START, World, start};
use crate::journal::{Entry, Health, Reader, Settings};
use crate::{Ask, NoSink, Switch, SwitchLimits};

#[test]
fn replies_and_events_wait_until_the_turn_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (mut switch, ear) = start(folder.path(), Settings::default(), START);
    let (reply, mut answer) = oneshot::channel();
    let request = Request::Agent { agent: AgentId(1), scope: Scope::All, action: AgentAction::Login };
    switch.ask(
        Ask::Request { tenant: ACME, actor: Actor::Owner, request, reply },
        START,
        &mut Commands::default(),
    );
    let inputs = || {
        let records = Reader::open(folder.path(), super::world::KEY).unwrap();
        records.filter(|record| matches!(record.as_ref().unwrap().entry, Entry::Input(_))).count()
    };
    assert!(answer.try_recv().is_err(), "not answered yet");
    assert_eq!((inputs(), ear.0.lock().unwrap().published.len()), (0, 0));
    switch.commit(START);
    assert!(answer.try_recv().unwrap().is_ok());
    assert_eq!(inputs(), 1);
    assert!(!ear.0.lock().unwrap().published.is_empty());
}

#[test]
fn a_reader_of_the_state_is_told_nothing_that_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let (mut switch, ear) = start(folder.path(), Settings::default(), START);
    World::new(1).ask(&mut switch, 1, AgentAction::Login);
    let (reply, mut answer) = oneshot::channel();
    switch.ask(Ask::Snapshot { tenant: ACME, reply }, START, &mut Commands::default());
    let snapshot = answer.try_recv().unwrap().unwrap();
    let last = ear.0.lock().unwrap().published.last().unwrap().seq;
    assert_eq!(snapshot.seq, last, "the event had left before");
}

#[test]
fn without_a_journal_nothing_waits() {
    let mut switch = Switch::new(SwitchLimits::default(), 1, Box::new(NoSink));
    switch.configure(std::sync::Arc::new(super::world::directory()), START, &mut Commands::default());
    let (reply, mut answer) = oneshot::channel();
    let request = Request::Agent { agent: AgentId(1), scope: Scope::All, action: AgentAction::Login };
    switch.ask(
        Ask::Request { tenant: ACME, actor: Actor::Owner, request, reply },
        START,
        &mut Commands::default(),
    );
    assert!(answer.try_recv().is_ok());
}

#[test]
fn a_switch_whose_disk_refuses_keeps_its_calls_and_takes_no_new_ones() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("journal");
    fs::create_dir(&inner).unwrap();
    let settings = Settings { segment_inputs_max: 20, ..Settings::default() };
    let (mut switch, _ear) = start(&inner, settings, START);
    let health = switch.journal_health().unwrap();
    let mut world = World::new(3);
    world.staff(&mut switch);
    world.call(&mut switch, "+49301111");
    switch.commit(world.now);
    let calls = switch.call_count();
    assert_eq!(calls, 1);

    fs::rename(&inner, folder.path().join("away")).unwrap();
    while !switch.journal_health().is_some_and(|health| *health.borrow() == Health::Failing) {
        world.ask(&mut switch, 4, AgentAction::Ready);
        switch.commit(world.now);
    }
    let mut port = Commands::default();
    let arrival = engine::Input::Leg(
        model::LegId(1_000),
        engine::LegInput::Arrived(engine::Arrival {
            origin: engine::Origin::Trunk(model::TrunkId(1)),
            dialed: "8000".into(),
            caller: model::CallerId::new("+49302222", ""),
            max_forwards: 70,
        }),
    );
    switch.input(ACME, arrival.clone(), world.now, &mut port);
    switch.commit(world.now);
    let refused = Command::Leg(model::LegId(1_000), LegCommand::Refuse(Cause::Congestion));
    assert_eq!((port.0, switch.call_count()), (vec![refused], calls));
    world.ask(&mut switch, 4, AgentAction::Logout);
    switch.commit(world.now);

    fs::rename(folder.path().join("away"), &inner).unwrap();
    world.now = world.now.after(std::time::Duration::from_secs(2));
    switch.commit(world.now);
    assert_eq!(*health.borrow(), Health::Good);
    switch.input(ACME, arrival, world.now, &mut Commands::default());
    switch.commit(world.now);
    assert_eq!(switch.call_count(), calls + 1);

    // What was not recorded is in the snapshot of the next segment: nothing of it is lost, and it is said.
    let found =
        crate::replay(Reader::open(&inner, super::world::KEY).unwrap(), &SwitchLimits::default()).unwrap();
    assert_eq!((found.gaps, found.difference), (1, None));
}
