//! Figures per interval: they add up, whatever happened, and are read from what is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{CallRecord, Cause, Direction, Holds, LegRecord, LegStatus, QueueOutcome, QueueStay};
use model::{AgentId, CallId, CallerId, ExtensionNumber, LegId, QueueId, TenantId, Timestamp};
use proptest::prelude::*;
use sqlx::{Connection as _, Row as _};
use store::AgentLogEntry;
use store::statistics::agent::{AgentFigures, Change, Leg, State, Times, times};
use store::statistics::intervals::{Intervals, Length};
use store::statistics::queue::{QueueFigures, Stay};
use store::statistics::{AgentInterval, Held, OfAgent};
use store::words::Word as _;

use crate::world::World;

const TENANT: TenantId = TenantId(1);
const OTHER: TenantId = TenantId(2);
const ANN: AgentId = AgentId(7);
const SUPPORT: QueueId = QueueId(3);
const SALES: QueueId = QueueId(4);
/// 2026-03-28, the day before Berlin's clock changes, 23:00 there.
const START: i64 = 1_774_735_200;

fn cut(hours: i64, length: Length) -> Intervals {
    let (from, to) = (Timestamp::from_secs(START), Timestamp::from_secs(START + hours * 3_600));
    Intervals::cut((from, to), length, "Europe/Berlin").unwrap()
}

fn stay() -> impl Strategy<Value = (i64, Stay)> {
    let outcome = prop::sample::select(QueueOutcome::ALL);
    let talked = prop::option::of(0_u64..600_000);
    let held = (0_u64..5, 0_u64..60_000).prop_map(|(count, ms)| Held { count, ms });
    let parts = (
        0_i64..48 * 3_600,
        outcome,
        0_u64..100_000,
        prop::bool::weighted(0.1),
        any::<Option<bool>>(),
        talked,
        held,
    );
    parts.prop_map(|(second, outcome, waited_ms, is_callback, in_time, talked_ms, held)| {
        (START + second, Stay { outcome, waited_ms, is_callback, in_time, talked_ms, held })
    })
}

/// What adds up.
fn sums(of: &QueueFigures) -> [u64; 24] {
    [
        of.offered,
        of.answered,
        of.abandoned,
        of.overflow_timeout,
        of.full,
        of.no_agents,
        of.closed,
        of.night,
        of.exited,
        of.callback_requested,
        of.removed,
        of.answered_in_time,
        of.answered_judged,
        of.abandoned_short,
        of.abandoned_late,
        of.callbacks_done,
        of.callbacks_failed,
        of.callbacks_cancelled,
        of.wait_ms,
        of.talk_ms,
        of.talks,
        of.holds,
        of.hold_ms,
        of.wrap_ups,
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let state = prop::option::weighted(0.95, prop::sample::select(&State::ALL[..]));
    (-3_600_000_000_i64..49 * 3_600_000_000, 1_u64..4, state).prop_map(|(micros, queue, state)| Change {
        at: Timestamp(START * 1_000_000 + micros),
        queue: QueueId(queue),
        state,
    })
}

/// What she does at a moment, found the slow way.
fn does(changes: &[Change], ms: i64) -> Option<State> {
    let mut queues = BTreeMap::new();
    for change in changes.iter().filter(|change| change.at.0.div_euclid(1_000) <= ms) {
        queues.insert(change.queue, change.state);
    }
    queues.into_values().flatten().max()
}

/// How long she was in each state from one moment to another, found the slow way.
fn slowly(changes: &[Change], from: i64, to: i64) -> BTreeMap<Option<State>, u64> {
    let inside =
        changes.iter().map(|change| change.at.0.div_euclid(1_000)).filter(|at| *at > from && *at < to);
    let cuts: BTreeSet<i64> = inside.chain([from, to]).collect();
    let mut times = BTreeMap::new();
    for (begins, ends) in cuts.iter().zip(cuts.iter().skip(1)) {
        *times.entry(does(changes, *begins)).or_default() += u64::try_from(ends - begins).unwrap();
    }
    times
}

fn is(times: &Times, slow: &BTreeMap<Option<State>, u64>) -> bool {
    let of = |state| slow.get(&state).copied().unwrap_or_default();
    State::ALL.into_iter().all(|state| times.of(state) == of(Some(state))) && times.unknown_ms == of(None)
}

proptest! {
    #[test]
    fn what_is_counted_in_intervals_is_what_is_counted_in_one(
        stays in prop::collection::vec(stay(), 0..200),
        length in prop::sample::select(&Length::ALL[..]),
        threshold_ms in prop::sample::select(&[0_u64, 20_000][..]),
    ) {
        let intervals = cut(48, length);
        let mut parts = vec![QueueFigures::default(); intervals.count()];
        let mut whole = QueueFigures::default();
        for (second, stay) in &stays {
            parts[intervals.index_of(Timestamp::from_secs(*second)).unwrap()].add(stay, threshold_ms);
            whole.add(stay, threshold_ms);
        }
        for part in &parts {
            prop_assert_eq!(part.offered, part.accounted());
            prop_assert!(part.answered_in_time <= part.answered_judged && part.answered_judged <= part.answered);
            prop_assert!(part.abandoned_short <= part.abandoned && part.abandoned_late <= part.abandoned);
        }
        let mut sum = [0; 24];
        for part in &parts {
            for (sum, part) in sum.iter_mut().zip(sums(part)) {
                *sum += part;
            }
        }
        prop_assert_eq!(sum, sums(&whole));
        prop_assert_eq!(parts.iter().map(|part| part.wait_max_ms).max(), Some(whole.wait_max_ms));
        let callbacks = stays.iter().filter(|(_, stay)| stay.is_callback).count() as u64;
        prop_assert_eq!(whole.offered + callbacks, stays.len() as u64);
        prop_assert_eq!(whole.callbacks_done + whole.callbacks_failed + whole.callbacks_cancelled, callbacks);
    }

    #[test]
    fn an_agents_states_are_all_of_her_time_to_the_millisecond(
        mut changes in prop::collection::vec(change(), 0..60),
        length in prop::sample::select(&Length::ALL[..]),
        until in prop::sample::select(&[0_i64, 1, 17 * 3_600 + 59, 100 * 3_600][..]),
    ) {
        changes.sort_by_key(|change| change.at);
        let intervals = cut(48, length);
        let until = Timestamp(START * 1_000_000 + until * 1_000_000 + 1_234);
        let found = times(&intervals, &changes, until);
        prop_assert_eq!(found.len(), intervals.count());
        let ms = |at: Timestamp| at.0.div_euclid(1_000);
        for (times, (begins, ends)) in found.iter().zip(intervals.iter()) {
            let ends = ms(ends).min(ms(until)).max(ms(begins));
            prop_assert_eq!(times.all_ms(), u64::try_from(ends - ms(begins)).unwrap());
            prop_assert!(is(times, &slowly(&changes, ms(begins), ends)), "{times:?}");
            let others = times.of(State::Offline) + times.of(State::LoggedOut) + times.unknown_ms;
            prop_assert_eq!(times.logged_in_ms() + others, times.all_ms());
        }
    }

    #[test]
    fn every_offer_came_to_one_end(legs in prop::collection::vec(
        (any::<bool>(), prop::sample::select(LegStatus::ALL), prop::option::of(0_u64..1_000)), 0..50,
    )) {
        let mut figures = AgentFigures::default();
        for (of_queue, status, talked_ms) in legs.iter().copied() {
            let held = Held { count: u64::from(talked_ms.is_some()), ms: talked_ms.unwrap_or_default() / 2 };
            figures.add(&Leg { of_queue, status, talked_ms, held });
        }
        let of = &figures;
        prop_assert_eq!(of.offered, of.answered + of.missed + of.declined + of.unreachable + of.withdrawn);
        prop_assert_eq!(of.offered, legs.iter().filter(|(of_queue, ..)| *of_queue).count() as u64);
        let talked: u64 = legs.iter().filter_map(|(.., talked)| *talked).sum();
        prop_assert_eq!(of.talk_ms + of.other_talk_ms, talked);
        prop_assert_eq!(of.holds + of.other_holds, legs.iter().filter(|(.., talked)| talked.is_some()).count() as u64);
        prop_assert!(of.hold_ms <= of.talk_ms && of.other_hold_ms <= of.other_talk_ms);
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_secs(START + second)
}

fn line(queue: QueueId, (entered, left): (i64, i64), outcome: QueueOutcome) -> QueueStay {
    let answered = matches!(outcome, QueueOutcome::Answered | QueueOutcome::CallbackDone);
    QueueStay {
        queue,
        number: ExtensionNumber::parse("8000").unwrap(),
        entered_at: at(entered),
        left_at: at(left),
        outcome,
        agent: answered.then_some(ANN),
        in_time: (outcome == QueueOutcome::Answered).then_some(left - entered <= 20),
    }
}

/// A leg to Ann's phone, answered and ended if it says when.
fn leg(
    id: u64,
    queue: Option<QueueId>,
    began: i64,
    talked: Option<(i64, i64)>,
    status: LegStatus,
) -> LegRecord {
    LegRecord {
        leg: LegId(id),
        extension: None,
        agent: Some(ANN),
        trunk: None,
        queue,
        started_at: at(began),
        ringing_at: None,
        answered_at: talked.map(|(answered, _)| at(answered)),
        ended_at: talked.map(|(_, ended)| at(ended)),
        status,
        cause: None,
        holds: Holds::default(),
    }
}

/// With so many holds, and so many milliseconds of them.
fn holding(leg: LegRecord, count: u32, ms: u64) -> LegRecord {
    LegRecord { holds: Holds { count, micros: ms * 1_000 + 999 }, ..leg }
}

fn call(id: u64, queues: Vec<QueueStay>, legs: Vec<LegRecord>) -> (TenantId, Arc<CallRecord>) {
    let record = CallRecord {
        call: CallId(id),
        direction: Direction::Inbound,
        caller: CallerId::new("+4930", ""),
        dialed: "8000".into(),
        started_at: at(0),
        answered_at: None,
        ended_at: at(9_000),
        cause: Cause::Normal,
        queues,
        legs,
        recordings: Vec::new(),
        decisions: Vec::new(),
    };
    (TENANT, Arc::new(record))
}

/// Two hours of Support with a callback, a caller who comes back into the line, and one of another queue.
fn calls() -> Vec<(TenantId, Arc<CallRecord>)> {
    use LegStatus::{Answered, Cancelled, Declined, NoAnswer};
    let callback = line(SUPPORT, (130, 4_000), QueueOutcome::CallbackDone);
    let wish = line(SUPPORT, (100, 130), QueueOutcome::CallbackRequested);
    vec![
        call(
            1,
            vec![line(SUPPORT, (10, 25), QueueOutcome::Answered)],
            vec![
                leg(1, Some(SUPPORT), 10, None, NoAnswer),
                holding(leg(2, Some(SUPPORT), 20, Some((25, 85)), Answered), 2, 30_500),
            ],
        ),
        call(
            2,
            vec![line(SUPPORT, (30, 35), QueueOutcome::Abandoned)],
            vec![leg(3, Some(SUPPORT), 31, None, Cancelled)],
        ),
        call(3, vec![line(SUPPORT, (40, 70), QueueOutcome::Abandoned)], Vec::new()),
        call(4, vec![wish, callback], vec![leg(4, Some(SUPPORT), 3_990, Some((3_995, 4_095)), Answered)]),
        // Answered late in the first hour, then sent back into the line and answered in the second.
        call(
            5,
            vec![
                line(SUPPORT, (3_500, 3_530), QueueOutcome::Answered),
                line(SUPPORT, (3_700, 3_710), QueueOutcome::Answered),
            ],
            vec![
                leg(5, Some(SUPPORT), 3_520, Some((3_530, 3_650)), Answered),
                holding(leg(6, Some(SUPPORT), 3_700, Some((3_710, 3_720)), Answered), 1, 4_000),
            ],
        ),
        call(
            6,
            vec![line(SALES, (50, 60), QueueOutcome::Full)],
            vec![
                holding(leg(7, None, 5_000, Some((5_010, 5_040)), Answered), 1, 7_000),
                leg(8, Some(SALES), 5_100, None, Declined),
            ],
        ),
    ]
}

async fn kept() -> World {
    let world = World::new().await;
    world.store.append_calls(&calls()).await.unwrap();
    let elsewhere: Vec<_> = calls().into_iter().map(|(_, record)| (OTHER, record)).collect();
    world.store.append_calls(&elsewhere[..1]).await.unwrap();
    world
}

#[tokio::test]
async fn a_queues_figures_are_those_of_the_calls_that_entered_it() {
    let world = kept().await;
    log(
        &world,
        &[(SUPPORT, "wrap_up", 85), (SUPPORT, "wrap_up", 86), (SUPPORT, "ready", 90), (SALES, "wrap_up", 95)],
    )
    .await;
    // One that ends in the interval behind it, and one that never ends.
    log(&world, &[(SUPPORT, "wrap_up", 3_590), (SUPPORT, "ready", 3_610), (SUPPORT, "wrap_up", 7_000)]).await;
    let hours = cut(2, Length::Hour);
    let found = world.store.queue_figures((TENANT, SUPPORT), &hours, 20_000).await.unwrap();
    let first = QueueFigures {
        offered: 5,
        answered: 2,
        answered_judged: 2,
        answered_in_time: 1,
        abandoned: 2,
        abandoned_short: 1,
        abandoned_late: 1,
        callback_requested: 1,
        callbacks_done: 1,
        wait_ms: 45_000,
        wait_max_ms: 30_000,
        talk_ms: 60_000 + 100_000 + 120_000,
        talks: 3,
        holds: 2,
        hold_ms: 30_500,
        wrap_up_ms: 25_000,
        wrap_ups: 2,
        ..QueueFigures::default()
    };
    let second = QueueFigures {
        offered: 1,
        answered: 1,
        answered_judged: 1,
        answered_in_time: 1,
        wait_ms: 10_000,
        wait_max_ms: 10_000,
        talk_ms: 10_000,
        talks: 1,
        holds: 1,
        hold_ms: 4_000,
        ..QueueFigures::default()
    };
    assert_eq!(found, [first, second]);
    let sales = world.store.queue_figures((TENANT, SALES), &hours, 0).await.unwrap();
    assert_eq!((sales[0].offered, sales[0].full, sales[1]), (1, 1, QueueFigures::default()));
    let other = world.store.queue_figures((OTHER, SUPPORT), &hours, 0).await.unwrap();
    assert_eq!((other[0].offered, other[1].offered), (1, 0), "another domain's are its own");
}

async fn log(world: &World, changes: &[(QueueId, &str, i64)]) {
    let entry = |(queue, state, second): &(QueueId, &str, i64)| AgentLogEntry {
        agent: ANN,
        queue: *queue,
        state: (*state).to_owned(),
        reason: None,
        actor: "system".into(),
        at: at(*second),
    };
    let entries: Vec<_> = changes.iter().map(|change| (TENANT, entry(change))).collect();
    world.store.append_agent_log(&entries).await.unwrap();
}

#[tokio::test]
async fn an_agents_time_is_read_from_her_log_and_her_calls_from_their_records() {
    let world = kept().await;
    // Ready since before; in Sales, which she has left by now, until a call there an hour later.
    log(&world, &[(SUPPORT, "ready", -500), (SALES, "not_ready", -400), (SALES, "other_call", 3_700)]).await;
    log(
        &world,
        &[(SUPPORT, "queue_call", 3_500), (SUPPORT, "wrap_up", 3_650), (SUPPORT, "logged_out", 4_000)],
    )
    .await;
    let hours = cut(2, Length::Hour);
    let of = OfAgent { tenant: TENANT, agent: ANN, queues: BTreeSet::from([SUPPORT]) };
    let found = world.store.agent_figures(&of, &hours, at(7_000)).await.unwrap();
    let shown = |interval: &AgentInterval| {
        let states = State::ALL.into_iter().filter(|state| interval.times.of(*state) > 0);
        states
            .map(|state| format!("{} {}", state.word(), interval.times.of(state)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(shown(&found[0]), "ready 3500000, queue_call 100000");
    assert_eq!(shown(&found[1]), "logged_out 3000000, wrap_up 350000, queue_call 50000");
    let first = AgentFigures {
        offered: 4,
        answered: 2,
        missed: 1,
        withdrawn: 1,
        talk_ms: 180_000,
        holds: 2,
        hold_ms: 30_500,
        ..Default::default()
    };
    let second = AgentFigures {
        offered: 3,
        answered: 2,
        declined: 1,
        talk_ms: 110_000,
        other_calls: 1,
        other_talk_ms: 30_000,
        holds: 1,
        hold_ms: 4_000,
        other_holds: 1,
        other_hold_ms: 7_000,
        ..Default::default()
    };
    assert_eq!([found[0].figures, found[1].figures], [first, second]);
    let nobody = OfAgent { agent: AgentId(99), ..of };
    let found = world.store.agent_figures(&nobody, &hours, at(7_000)).await.unwrap();
    assert_eq!((found[0].times.unknown_ms, found[1].times.unknown_ms), (3_600_000, 3_400_000));
}

#[tokio::test]
async fn records_from_before_the_figures_are_counted_as_those_after() {
    let world = kept().await;
    let path = world.directory.path().join("cordboard.sqlite");
    let mut conn = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let migration = include_str!("../migrations/0022_statistics.sql");
    let (_, backfill) = migration.split_once("-- The records that are there already.").unwrap();
    // Holds came later: of records from before nothing is known of them.
    for (table, columns) in [
        (
            "queue_stays",
            "position, queue, started_at, at, entered_at, left_at, outcome, callback, agent, in_time, talked",
        ),
        ("agent_legs", "position, agent, queue, started_at, at, status, talked"),
    ] {
        let rows = async |conn: &mut sqlx::SqliteConnection| {
            let order =
                format!("SELECT tenant, call_id, {columns} FROM {table} ORDER BY tenant, call_id, position");
            let rows = sqlx::query(sqlx::AssertSqlSafe(order)).fetch_all(conn).await.unwrap();
            let row = |row: &sqlx::sqlite::SqliteRow| {
                let cell = |index| {
                    let number = row.try_get_unchecked::<Option<i64>, _>(index).unwrap();
                    let text = row.try_get_unchecked::<Option<String>, _>(index).ok().flatten();
                    format!("{number:?} {text:?}")
                };
                (0..row.len()).map(cell).collect::<Vec<_>>()
            };
            rows.iter().map(row).collect::<Vec<_>>()
        };
        let before = rows(&mut conn).await;
        assert!(!before.is_empty());
        let emptied = format!("DELETE FROM {table}");
        sqlx::query(sqlx::AssertSqlSafe(emptied)).execute(&mut conn).await.unwrap();
        let statement =
            backfill.split(';').find(|one| one.contains(&format!("INSERT INTO {table}"))).unwrap();
        sqlx::query(statement).execute(&mut conn).await.unwrap();
        assert_eq!(rows(&mut conn).await, before, "{table}");
    }
}
