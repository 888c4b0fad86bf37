//! Killed at any turn, the switch goes on where it was.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use engine::{AgentState, CallState, Cause, EventKind};
use model::Timestamp;
use tokio::sync::oneshot;

use super::world::{ACME, Commands, Ear, KEY, START, World, directory, place, start};
use crate::journal::{Entry, Hash, Reader, Settings, Snapshot as State, segments};
use crate::publish::Snapshot;
use crate::{Ask, Published, Subscription, Switch, SwitchLimits, replay};

pub(super) fn ask<T>(switch: &mut Switch, now: Timestamp, make: impl FnOnce(oneshot::Sender<T>) -> Ask) -> T {
    let (reply, mut answer) = oneshot::channel();
    switch.ask(make(reply), now, &mut Commands::default());
    answer.try_recv().unwrap()
}

pub(super) fn snapshot(switch: &mut Switch, now: Timestamp) -> Snapshot {
    ask(switch, now, |reply| Ask::Snapshot { tenant: ACME, reply }).unwrap()
}

fn copy(from: &Path, to: &Path) {
    for segment in segments(from).unwrap() {
        fs::copy(&segment.path, to.join(segment.path.file_name().unwrap())).unwrap();
    }
}

/// A switch recovered from a copy of the journal, and the state it began with.
fn recovered(folder: &Path, kept: u64, now: Timestamp) -> (Switch, Ear, State) {
    let ear = Ear::default();
    let place = place(folder, Settings::default(), kept);
    let switch = Switch::recover(SwitchLimits::default(), 99_999, Box::new(ear.clone()), place, now).unwrap();
    let newest = segments(folder).unwrap().pop().unwrap();
    let state = crate::journal::first_snapshot(&newest, &KEY).unwrap().unwrap();
    (switch, ear, state)
}

#[test]
fn a_switch_killed_after_any_turn_recovers_the_very_state_and_ends_what_died() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { segment_inputs_max: 60, ..Settings::default() };
    let (mut switch, ear) = start(folder.path(), settings, START);
    let mut world = World::new(7);
    world.staff(&mut switch);
    let (mut with_calls, mut answered) = (0, 0);
    for turn in 0..150 {
        world.turn(&mut switch);
        let killed = tempfile::tempdir().unwrap();
        copy(folder.path(), killed.path());
        let (mut again, heard, state) = recovered(killed.path(), u64::MAX, world.now);
        let before = switch.state(Hash::default(), world.now).unwrap();
        assert_eq!(state.hosts, before.hosts, "turn {turn}");

        // After the restart: no call, one record for each that lived, no gap in the numbers.
        let lived = snapshot(&mut switch, world.now);
        let now = snapshot(&mut again, world.now);
        with_calls += u32::from(!lived.calls.is_empty());
        assert!(now.calls.is_empty() && again.call_count() == 0, "turn {turn}: {:?}", now.calls);
        let told = heard.0.lock().unwrap();
        let records: Vec<_> = told.published.iter().filter_map(|one| one.record()).collect();
        assert_eq!(records.len(), lived.calls.len(), "turn {turn}");
        for record in records {
            // A call that was being ended already keeps its own cause.
            let was = lived.calls.iter().find(|call| call.call == record.call).unwrap();
            let ending = was.state == CallState::Ending;
            assert!(ending || record.cause == Cause::NodeRestart, "turn {turn}: {record:?}");
        }
        let numbers: Vec<u64> = told.published.iter().map(|one| one.seq).collect();
        assert_eq!(numbers, (lived.seq + 1..=now.seq).collect::<Vec<_>>(), "turn {turn}");
        for agent in &now.agents {
            let stuck = |state: &AgentState| {
                matches!(
                    state,
                    AgentState::Ringing { .. } | AgentState::QueueCall { .. } | AgentState::OtherCall { .. }
                )
            };
            assert!(!agent.memberships.iter().any(|one| stuck(&one.state) || one.available), "turn {turn}");
            // Whoever was on no call goes on with what she did, since when she did it.
            let was = lived.agents.iter().find(|one| one.agent == agent.agent).unwrap();
            for (was, is) in was.memberships.iter().zip(&agent.memberships) {
                if !stuck(&was.state) {
                    assert_eq!((&was.state, was.since), (&is.state, is.since), "turn {turn}: {agent:?}");
                }
            }
        }
        answered += now.queues.iter().map(|queue| queue.counters.answered).sum::<u64>();
    }
    assert!(with_calls > 50 && answered > 0, "the walk was lively: {with_calls}, {answered}");
    assert!(segments(folder.path()).unwrap().len() > 2);
    drop(ear);
}

#[test]
fn a_listener_goes_on_over_the_restart_without_a_gap_and_folds_to_the_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let (mut switch, ear) = start(folder.path(), Settings::default(), START);
    let mut world = World::new(11);
    world.staff(&mut switch);
    (0..60).for_each(|_| world.turn(&mut switch));
    let middle = ear.0.lock().unwrap().published[20].seq;
    drop(switch);
    let (mut again, _, _) = recovered(folder.path(), u64::MAX, world.now);
    let Subscription { snapshot: whole, missed, .. } =
        ask(&mut again, world.now, |reply| Ask::Subscribe { tenant: ACME, since: Some(middle), reply })
            .unwrap();
    assert!(whole.is_none(), "all events since are still there");
    let before: Vec<Arc<Published>> =
        ear.0.lock().unwrap().published.iter().filter(|one| one.seq > middle).cloned().collect();
    for (old, new) in before.iter().zip(&missed) {
        assert_eq!(format!("{old:?}"), format!("{new:?}"));
    }
    let numbers: Vec<u64> = missed.iter().map(|one| one.seq).collect();
    assert_eq!(numbers, (middle + 1..=snapshot(&mut again, world.now).seq).collect::<Vec<_>>());
}

#[test]
fn what_the_store_had_not_kept_is_told_again_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { segment_inputs_max: 40, ..Settings::default() };
    let (mut switch, ear) = start(folder.path(), settings, START);
    let mut world = World::new(5);
    world.staff(&mut switch);
    (0..100).for_each(|_| world.turn(&mut switch));
    let told: Vec<Arc<Published>> = ear.0.lock().unwrap().published.clone();
    drop(switch);
    let is_kept = |one: &&Arc<Published>| {
        one.event.as_ref().is_some_and(|event| {
            matches!(event.kind, EventKind::CallEnded { .. } | EventKind::AgentChanged { .. })
        })
    };
    for kept in [told[told.len() - 5].seq, told[told.len() / 2].seq, told[told.len() - 1].seq, u64::MAX] {
        let killed = tempfile::tempdir().unwrap();
        copy(folder.path(), killed.path());
        let (_, heard, _) = recovered(killed.path(), kept, world.now);
        let again = heard.0.lock().unwrap();
        let words = |all: &[Arc<Published>]| -> Vec<String> {
            all.iter().filter(is_kept).map(|one| format!("{} {:?}", one.seq, one.event)).collect()
        };
        let wanted: Vec<Arc<Published>> = told.iter().filter(|one| one.seq > kept).cloned().collect();
        assert_eq!(words(&again.replayed), words(&wanted), "{kept}");
    }
}

#[test]
fn a_torn_end_costs_the_turn_that_was_never_told_and_nothing_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut switch, _) = start(folder.path(), Settings::default(), START);
    let mut world = World::new(2);
    world.staff(&mut switch);
    (0..20).for_each(|_| world.turn(&mut switch));
    let before = switch.state(Hash::default(), world.now).unwrap();
    let path = segments(folder.path()).unwrap().pop().unwrap().path;
    let whole = fs::metadata(&path).unwrap().len();
    world.call(&mut switch, "+4930999");
    switch.commit(world.now);
    drop(switch);
    let length = fs::metadata(&path).unwrap().len();
    for cut in whole..length {
        let killed = tempfile::tempdir().unwrap();
        copy(folder.path(), killed.path());
        let torn = killed.path().join(path.file_name().unwrap());
        fs::OpenOptions::new().write(true).open(&torn).unwrap().set_len(cut).unwrap();
        let (_, _, state) = recovered(killed.path(), u64::MAX, world.now);
        assert_eq!(state.hosts, before.hosts, "{cut}");
        assert_eq!(fs::metadata(&torn).unwrap().len(), whole, "it is cut off");
    }
}

#[test]
fn an_end_in_order_leaves_nothing_to_run_again_and_draining_does_not_outlive_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut switch, _) = start(folder.path(), Settings::default(), START);
    let mut world = World::new(4);
    world.staff(&mut switch);
    (0..20).for_each(|_| world.turn(&mut switch));
    let _calls = ask(&mut switch, world.now, |reply| Ask::Drain { reply });
    switch.close(world.now).unwrap();
    let last = Reader::open(folder.path(), KEY).unwrap().last().unwrap().unwrap();
    assert!(matches!(last.entry, Entry::Closed(_)) && last.index == 1, "{last:?}");
    let (mut again, _, _) = recovered(folder.path(), u64::MAX, world.now);
    world.call(&mut again, "+4930999");
    assert_eq!(again.call_count(), 1, "new calls are taken");
}

#[test]
fn the_same_provisioning_again_is_no_event_and_other_provisioning_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let (switch, _) = start(folder.path(), Settings::default(), START);
    drop(switch);
    let (mut again, heard, _) = recovered(folder.path(), u64::MAX, START);
    let changes = || {
        let told = heard.0.lock().unwrap();
        told.published.iter().filter(|one| one.name() == "directory_changed").count()
    };
    again.configure(Arc::new(directory()), START, &mut Commands::default());
    again.commit(START);
    assert_eq!(changes(), 0);
    let mut other = directory();
    other.tenant.max_hops = 3;
    again.configure(Arc::new(other), START, &mut Commands::default());
    again.commit(START);
    assert_eq!(changes(), 1);
}

/// A day of two hundred turns and a kill in the middle, as a journal.
fn day(folder: &Path) {
    let settings = Settings { segment_inputs_max: 300, ..Settings::default() };
    let (mut switch, _) = start(folder, settings, START);
    let mut world = World::new(42);
    world.staff(&mut switch);
    (0..100).for_each(|_| world.turn(&mut switch));
    drop(switch);
    let mut morning = World::new(43);
    morning.now = world.now;
    let (mut switch, _) = start(folder, settings, morning.now);
    morning.staff(&mut switch);
    (0..100).for_each(|_| morning.turn(&mut switch));
    switch.close(morning.now).unwrap();
}

/// What [`day`] comes to, on every machine. If a rule, an event or a form of theirs was changed on purpose, put
/// the new hash here and let `Engine::STATE_VERSION` grow.
const REFERENCE: &str = "c724a4e3dd032d222aa8d398147bc15d17bd61a865d4afa55a34452de70d55f1";

#[test]
fn the_reference_day_has_the_same_hash_on_every_machine_and_in_its_replay() {
    let folder = tempfile::tempdir().unwrap();
    day(folder.path());
    let found = replay(Reader::open(folder.path(), KEY).unwrap(), &SwitchLimits::default()).unwrap();
    assert_eq!((&found.difference, found.gaps, found.closed), (&None, 0, true));
    assert!(found.inputs > 250 && found.compared > 3, "{found:?}");
    assert_eq!(found.hash.to_string(), REFERENCE);
}

#[test]
fn a_replay_under_other_rules_says_where_it_came_to_another_result() {
    let folder = tempfile::tempdir().unwrap();
    day(folder.path());
    let mut limits = SwitchLimits::default();
    limits.engine.acd.device_grace = std::time::Duration::from_millis(1);
    limits.engine.calls_max = 2;
    let found = replay(Reader::open(folder.path(), KEY).unwrap(), &limits).unwrap();
    let difference = found.difference.unwrap();
    assert_ne!(difference.recorded.digest, difference.found.digest);
}
