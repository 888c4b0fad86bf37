//! A journal of another version of the program: kept aside, and gone on from by what was handed over.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use engine::{AgentState, Engine, FirstIds, Input, Limits};
use model::{CallId, LegId, OfferId, PlayId, Timestamp};

use super::recovery::{ask, snapshot};
use super::world::{ACME, Commands, Ear, KEY, START, World, directory, place, start};
use crate::journal::frame::{Header, MAGIC};
use crate::journal::hand_over::{NEWEST, TAKEN, read};
use crate::journal::{HAND_OVER_EVERY, Hash, JournalError, Settings, segments};
use crate::publish::Snapshot;
use crate::{Ask, Subscription, Switch, SwitchLimits};

const FIRST_ID: u64 = 99_999;

/// Makes every segment one of the next version.
fn of_another_version(folder: &Path) {
    for segment in segments(folder).unwrap() {
        let mut bytes = fs::read(&segment.path).unwrap();
        let mut header = Header::read(&bytes, MAGIC).unwrap().unwrap();
        header.state += 1;
        let header = header.bytes(MAGIC);
        bytes[..header.len()].copy_from_slice(&header);
        fs::write(&segment.path, bytes).unwrap();
    }
}

/// A start over what is in the folder; not yet provisioned.
fn begin(folder: &Path, now: Timestamp) -> (Switch, Ear) {
    let ear = Ear::default();
    let place = place(folder, Settings::default(), 0);
    let switch =
        Switch::recover(SwitchLimits::default(), FIRST_ID, Box::new(ear.clone()), place, now).unwrap();
    (switch, ear)
}

fn provision(switch: &mut Switch, now: Timestamp) {
    switch.configure(Arc::new(directory()), now, &mut Commands::default());
    switch.commit(now);
}

/// What was kept aside beside the journal's folder.
fn kept(folder: &Path) -> Vec<PathBuf> {
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned() + "-until-";
    let all = fs::read_dir(folder.parent().unwrap()).unwrap().map(|file| file.unwrap().path());
    all.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&name)).collect()
}

/// The folder `journal` in a new one.
fn folder() -> (tempfile::TempDir, PathBuf) {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("journal");
    fs::create_dir(&folder).unwrap();
    (above, folder)
}

/// A lively while, after which every call is over and some agent works after one.
fn lively(world: &mut World, switch: &mut Switch, turns: u32) {
    world.staff(switch);
    (0..turns).for_each(|_| world.turn(switch));
}

/// Agents and queues as people see them, but for phones, which a restart forgets.
fn shown(snapshot: &Snapshot) -> String {
    format!("{:#?}{:#?}", snapshot.agents, snapshot.queues)
}

#[test]
fn what_is_handed_over_shows_the_same_agents_counters_and_places_as_a_restart() {
    let (_above, folder) = folder();
    let (mut switch, _) = start(&folder, Settings::default(), START);
    let mut world = World::new(7);
    world.staff(&mut switch);
    let first = FirstIds { call: CallId(9), leg: LegId(9), offer: OfferId(9), play: PlayId(9) };
    let (mut wrapped_up, mut places) = (0, 0);
    for turn in 0..200 {
        world.turn(&mut switch);
        let now = world.now;
        let bytes = switch.state(Hash::default(), now).unwrap().hosts.remove(0).engine;
        let load = || Engine::load(&bytes, Limits::default()).unwrap();
        let mut restarted = load();
        let _out = restarted.step(Input::Restarted, now);
        let handed = load().hand_over(now);
        places += handed.places.len();
        let mut other = Engine::new(Arc::new(directory()), Limits::default(), first, now);
        let out = other.step(Input::HandedOver(Box::new(handed.clone())), now);
        assert!(out.touched.all && out.events.len() == 1, "turn {turn}: nothing is told but that all is new");
        assert_eq!(restarted.view().agents(), other.view().agents(), "turn {turn}");
        assert_eq!(restarted.view().queues(), other.view().queues(), "turn {turn}");
        assert_eq!(restarted.next_deadline(), other.next_deadline(), "turn {turn}: the same clocks run");
        assert_eq!(
            other.hand_over(now),
            handed_without_calls(handed),
            "turn {turn}: nothing is lost by the way"
        );
        let wraps_up = |state: &AgentState| matches!(state, AgentState::WrapUp { .. });
        wrapped_up += restarted.view().agents().iter().filter(|agent| wraps_up(&agent.state)).count();
    }
    assert!(wrapped_up > 10 && places > 10, "{wrapped_up} {places}");
}

fn handed_without_calls(mut handed: engine::HandOver) -> engine::HandOver {
    handed.calls = 0;
    handed
}

#[test]
fn after_an_end_in_order_another_version_goes_on_with_states_counters_and_the_next_event() {
    let (_above, folder) = folder();
    let (mut switch, _) = start(&folder, Settings::default(), START);
    let mut world = World::new(3);
    lively(&mut world, &mut switch, 120);
    let was = snapshot(&mut switch, world.now);
    switch.close(world.now).unwrap();
    let segments_before = segments(&folder).unwrap().len();
    let newest = segments(&folder).unwrap().pop().unwrap().number;
    of_another_version(&folder);

    // Killed before it was told what is provisioned, it still has what was handed over.
    drop(begin(&folder, world.now));
    let (mut again, _) = begin(&folder, world.now);
    provision(&mut again, world.now);
    let is = snapshot(&mut again, world.now);
    assert_eq!(is.seq, was.seq + 1, "one event says that all is new");
    assert!(is.agents.iter().any(|agent| agent.memberships.iter().any(|one| one.answered > 0)));
    for (was, is) in was.agents.iter().zip(&is.agents) {
        for (was, is) in was.memberships.iter().zip(&is.memberships) {
            assert_eq!((was.answered, was.missed), (is.answered, is.missed));
            if let AgentState::NotReady { .. } | AgentState::Ready | AgentState::WrapUp { .. } = was.state {
                assert_eq!((&was.state, was.since), (&is.state, is.since));
            }
        }
    }
    let (before, after) = (&was.queues[0].counters, &is.queues[0].counters);
    assert!(after.answered > 5 && after.answered == before.answered && after.offered == before.offered);
    let Subscription { snapshot: whole, missed, .. } =
        ask(&mut again, world.now, |reply| Ask::Subscribe { tenant: ACME, since: Some(was.seq), reply })
            .unwrap();
    assert!(whole.is_none() && missed.len() == 1, "who listened before goes on without a gap");

    let kept = kept(&folder);
    assert_eq!(kept.len(), 1);
    assert_eq!(segments(&kept[0]).unwrap().len(), segments_before, "the old journal is whole");
    assert!(segments(&folder).unwrap()[0].number > newest);
    // From now on its own journal is enough.
    drop(again);
    let (mut third, _) = begin(&folder, world.now);
    provision(&mut third, world.now);
    assert_eq!(shown(&snapshot(&mut third, world.now)), shown(&is));
}

#[test]
fn after_an_end_without_a_word_the_last_hand_over_counts_and_no_number_is_given_twice() {
    let (_above, folder) = folder();
    let (mut switch, _) = start(&folder, Settings::default(), START);
    let mut world = World::new(3);
    lively(&mut world, &mut switch, 60);
    world.now = world.now.after(HAND_OVER_EVERY);
    world.turn(&mut switch);
    let handed = snapshot(&mut switch, world.now);
    (0..20).for_each(|_| world.turn(&mut switch));
    let died = snapshot(&mut switch, world.now);
    drop(switch);
    let left = read(&folder, NEWEST, &KEY).unwrap().unwrap();
    assert_eq!((left.closed, left.domains[0].seq), (false, handed.seq));
    of_another_version(&folder);
    let (mut again, _) = begin(&folder, world.now);
    provision(&mut again, world.now);
    let is = snapshot(&mut again, world.now);
    assert_eq!(is.queues[0].counters.offered, handed.queues[0].counters.offered);
    assert!(is.seq > FIRST_ID && FIRST_ID > died.seq, "{} after {}", is.seq, died.seq);
    let call = world.call(&mut again, "+4930999");
    assert!(again.call_count() == 1 && call.0 > 0);
}

#[test]
fn without_a_hand_over_that_can_be_read_it_starts_all_the_same() {
    type Spoil = fn(&Path);
    let spoils: [Spoil; 3] = [
        |file| fs::remove_file(file).unwrap(),
        |file| fs::write(file, [7; 100]).unwrap(),
        |file| {
            let mut bytes = fs::read(file).unwrap();
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            fs::write(file, bytes).unwrap();
        },
    ];
    for spoil in spoils {
        let (_above, folder) = folder();
        let (mut switch, _) = start(&folder, Settings::default(), START);
        let mut world = World::new(3);
        lively(&mut world, &mut switch, 20);
        switch.close(world.now).unwrap();
        spoil(&folder.join(NEWEST));
        of_another_version(&folder);
        let (mut again, _) = begin(&folder, world.now);
        provision(&mut again, world.now);
        let is = snapshot(&mut again, world.now);
        assert!(is.agents.iter().all(|agent| agent.state == AgentState::Offline) && is.seq >= FIRST_ID);
        assert_eq!((is.queues[0].counters.offered, kept(&folder).len()), (0, 1));
    }
}

#[test]
fn a_hand_over_of_another_key_stops_the_start_as_the_journal_would() {
    let (_above, folder) = folder();
    let (switch, _) = start(&folder, Settings::default(), START);
    switch.close(START).unwrap();
    of_another_version(&folder);
    let place = crate::JournalPlace {
        key: crate::journal::Key::new([1; 32]),
        ..place(&folder, Settings::default(), 0)
    };
    let refused = Switch::recover(SwitchLimits::default(), 1, Box::new(Ear::default()), place, START);
    assert!(matches!(refused.err(), Some(JournalError::Key { .. })));
    assert_eq!(kept(&folder).len(), 0, "nothing was moved");
}

#[test]
fn what_was_taken_over_and_kept_aside_goes_when_it_is_past_its_time() {
    let (_above, folder) = folder();
    let (switch, _) = start(&folder, Settings::default(), START);
    switch.close(START).unwrap();
    of_another_version(&folder);
    let (mut again, _) = begin(&folder, START);
    provision(&mut again, START);
    assert!(folder.join(TAKEN).exists());
    again.close(START).unwrap();
    assert!(!folder.join(TAKEN).exists() && folder.join(NEWEST).exists());
    let late = START.after(Settings::default().keep + Duration::from_secs(1));
    assert_eq!(kept(&folder).len(), 1);
    drop(begin(&folder, late));
    assert_eq!(kept(&folder).len(), 0);
}
