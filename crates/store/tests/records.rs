//! Call records and the agent log: exactly once, newest first, and through a disk that says no.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{
    CallRecord, Candidate, Cause, Decision, Direction, Exclusion, LegRecord, LegStatus, QueueOutcome,
    QueueStay, Recorded,
};
use model::{
    AgentId, CallId, CallerId, ExtensionNumber, LegId, QueueId, RecordId, Strategy, TenantId, Timestamp,
    TrunkId,
};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use store::{AgentLogEntry, CallDisposition, CallFilter, Part, RecordWriter};

use crate::opening::pool;
use crate::world::World;

const TENANT: TenantId = TenantId(1);
const OTHER: TenantId = TenantId(2);

/// One candidate for each thing that an order may look at.
fn candidates(at: impl Fn(i64) -> Timestamp) -> Vec<Candidate> {
    use engine::LookedAt;
    let looked_at = [
        LookedAt::Idle,
        LookedAt::Order,
        LookedAt::LastRung(Some(at(-30))),
        LookedAt::LastRung(None),
        LookedAt::Answered(12),
        LookedAt::Tier(2),
        LookedAt::Chance,
        LookedAt::Level(5),
        LookedAt::LevelLastRung(5, Some(at(-30))),
        LookedAt::LevelAnswered(5, 12),
    ];
    let candidate = |(agent, looked_at)| Candidate {
        agent: AgentId(agent),
        idle_since: at(-60),
        order: -2,
        looked_at,
        preferred: agent == 7,
    };
    (7..).zip(looked_at).map(candidate).collect()
}

fn record(call: u64, started: i64) -> CallRecord {
    let at = |seconds| Timestamp::from_secs(started + seconds);
    let number = |text| ExtensionNumber::parse(text).unwrap();
    let decision = Decision {
        at: at(1),
        call: CallId(call),
        queue: QueueId(3),
        strategy: Strategy::RingAll,
        position: 1,
        needs: vec![("french".into(), 3)],
        candidates: candidates(at).into(),
        candidate_count: 10,
        excluded_counts: [(Exclusion::NotReady, 2), (Exclusion::OtherQueueFirst, 1)].into_iter().collect(),
        excluded: vec![
            (Exclusion::NotReady, vec![AgentId(8), AgentId(9)]),
            (Exclusion::OtherQueueFirst, vec![AgentId(10)]),
        ],
        winners: vec![AgentId(7)].into(),
        picked_up: None,
        left: None,
    };
    let sent_on = Decision {
        winners: Vec::new().into(),
        picked_up: Some(AgentId(9)),
        left: Some(QueueOutcome::OverflowTimeout),
        ..decision.clone()
    };
    let recorded = Recorded {
        sides: [(LegId(2), RecordId(7)), (LegId(5), RecordId(8))],
        from: Timestamp::from_secs(30),
        until: Some(Timestamp::from_secs(40)),
    };
    CallRecord {
        call: CallId(call),
        direction: Direction::Inbound,
        caller: CallerId::new("+491701234567", "O'Hara \"x\""),
        dialed: "+493012345678".into(),
        started_at: at(0),
        answered_at: Some(at(4)),
        ended_at: at(90),
        cause: Cause::Normal,
        queues: vec![QueueStay {
            queue: QueueId(3),
            number: number("8000"),
            entered_at: at(1),
            left_at: at(4),
            outcome: QueueOutcome::Answered,
            agent: Some(AgentId(7)),
            in_time: Some(true),
        }],
        legs: vec![
            LegRecord {
                leg: LegId(call * 2),
                extension: None,
                agent: None,
                trunk: Some(TrunkId(1)),
                queue: None,
                started_at: at(0),
                ringing_at: None,
                answered_at: Some(at(1)),
                ended_at: Some(at(90)),
                status: LegStatus::Answered,
                cause: Some(Cause::Normal),
                holds: engine::Holds::default(),
            },
            LegRecord {
                leg: LegId(call * 2 + 1),
                extension: Some(number("1001")),
                agent: Some(AgentId(7)),
                trunk: None,
                queue: Some(QueueId(3)),
                started_at: at(1),
                ringing_at: Some(at(2)),
                answered_at: None,
                ended_at: None,
                status: LegStatus::Ringing,
                cause: None,
                holds: engine::Holds::default(),
            },
        ],
        recordings: vec![recorded],
        decisions: vec![Arc::new(decision), Arc::new(sent_on)],
    }
}

fn without_decisions(record: &CallRecord) -> CallRecord {
    CallRecord { decisions: Vec::new(), ..record.clone() }
}

#[tokio::test]
async fn a_record_comes_back_as_it_was_with_its_decisions() {
    let world = World::new().await;
    let record = record(5, 1_000);
    world.store.append_calls(&[(TENANT, Arc::new(record.clone()))]).await.unwrap();
    let kept = world.store.call(TENANT, CallId(5)).await.unwrap().unwrap();
    assert_eq!(kept, without_decisions(&record));
    let decisions = world.store.decisions(TENANT, CallId(5)).await.unwrap().unwrap();
    let written: Vec<Decision> = record.decisions.iter().map(|decision| decision.as_ref().clone()).collect();
    assert_eq!(decisions, written);
    assert_eq!(world.store.call(OTHER, CallId(5)).await.unwrap(), None, "another domain sees nothing of it");
    assert_eq!(world.store.decisions(TENANT, CallId(6)).await.unwrap(), None);
}

#[tokio::test]
async fn a_call_has_one_record_however_often_it_is_written() {
    let world = World::new().await;
    let first = Arc::new(record(5, 1_000));
    let again = Arc::new(CallRecord { cause: Cause::Internal, ..record(5, 2_000) });
    world.store.append_calls(&[(TENANT, Arc::clone(&first)), (TENANT, again)]).await.unwrap();
    world.store.append_calls(&[(TENANT, Arc::clone(&first))]).await.unwrap();
    let page = world.store.calls(TENANT, &CallFilter::default(), Part::newest(10)).await.unwrap();
    assert_eq!(page.items, [without_decisions(&first)]);
    assert_eq!(page.next, None);
}

#[tokio::test]
async fn a_list_goes_from_the_newest_to_the_oldest_without_gap_or_repeat() {
    let world = World::new().await;
    // Two began in the same second; a late one is written last.
    let starts = [(1, 100), (2, 200), (3, 200), (4, 300), (5, 50)];
    let records: Vec<_> = starts.iter().map(|(call, at)| (TENANT, Arc::new(record(*call, *at)))).collect();
    world.store.append_calls(&records).await.unwrap();
    let mut seen = Vec::new();
    let mut part = Part::newest(2);
    loop {
        let page = world.store.calls(TENANT, &CallFilter::default(), part).await.unwrap();
        seen.extend(page.items.iter().map(|record| record.call.0));
        if seen.len() == 2 {
            world.store.append_calls(&[(TENANT, Arc::new(record(9, 900)))]).await.unwrap();
        }
        if page.next.is_none() {
            break;
        }
        part = part.behind(page.next);
    }
    assert_eq!(seen, [4, 3, 2, 1, 5], "what came in meanwhile disturbs nothing");
    let mut part = Part { oldest_first: true, ..Part::newest(4) };
    let first = world.store.calls(TENANT, &CallFilter::default(), part).await.unwrap();
    part = part.behind(first.next);
    let rest = world.store.calls(TENANT, &CallFilter::default(), part).await.unwrap();
    let seen: Vec<_> = first.items.iter().chain(&rest.items).map(|record| record.call.0).collect();
    assert_eq!((seen, rest.next), (vec![5, 1, 2, 3, 4, 9], None), "the other way round");
}

#[tokio::test]
async fn the_writer_keeps_all_that_is_pushed_and_flushes_when_it_is_shut_down() {
    let world = World::new().await;
    let writer = RecordWriter::start(world.store.clone());
    for call in 1..=1_000 {
        writer.push(TENANT, call, Arc::new(record(call, 1_000)));
    }
    writer.push_agent_log(TENANT, 1_001, entry(7, "ready", 1));
    let stats = writer.shutdown().await;
    assert_eq!((stats.written, stats.waiting, stats.lost), (1_001, 0, 0));
    let world = world.reopen().await;
    assert!(world.store.call(TENANT, CallId(1)).await.unwrap().is_some());
    assert!(world.store.call(TENANT, CallId(1_000)).await.unwrap().is_some());
    assert_eq!(world.store.agent_log(TENANT, None, Part::newest(10)).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn what_a_journal_tells_again_is_kept_once_and_it_is_known_how_far_all_is_kept() {
    let world = World::new().await;
    assert!(world.store.kept_events().await.unwrap().is_empty());
    for _start in 0..2 {
        let writer = RecordWriter::start(world.store.clone());
        writer.push_agent_log(TENANT, 11, entry(7, "ready", 1));
        writer.push(TENANT, 12, Arc::new(record(1, 1_000)));
        writer.push_agent_log(TENANT, 14, entry(7, "not_ready", 2));
        writer.push_agent_log(OTHER, 3, entry(8, "ready", 1));
        assert_eq!(writer.shutdown().await.waiting, 0);
    }
    let log = world.store.agent_log(TENANT, None, Part::newest(10)).await.unwrap().items;
    assert_eq!(log, [entry(7, "not_ready", 2), entry(7, "ready", 1)]);
    assert_eq!(
        world.store.calls(TENANT, &CallFilter::default(), Part::newest(10)).await.unwrap().items.len(),
        1
    );
    let kept = world.store.kept_events().await.unwrap();
    assert_eq!(kept.into_iter().collect::<Vec<_>>(), [(TENANT, 14), (OTHER, 3)]);
}

#[tokio::test]
async fn a_full_disk_keeps_records_waiting_and_loses_none() {
    let world = World::new().await;
    let other = pool(world.directory.path()).await;
    sqlx::query(
        "CREATE TRIGGER disk_full BEFORE INSERT ON call_records
         BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    )
    .execute(&other)
    .await
    .unwrap();
    let writer = RecordWriter::start(world.store.clone());
    writer.push(TENANT, 1, Arc::new(record(1, 1_000)));
    writer.push(TENANT, 2, Arc::new(record(2, 1_000)));
    let stats = writer.until(|stats| stats.failing).await;
    assert_eq!((stats.waiting, stats.written), (2, 0));
    assert_eq!(writer.pending(TENANT, CallId(2)).unwrap().call, CallId(2), "it can still be looked at");
    assert!(writer.pending(OTHER, CallId(2)).is_none());
    sqlx::query("DROP TRIGGER disk_full").execute(&other).await.unwrap();
    writer.flush().await;
    let stats = writer.stats();
    assert_eq!((stats.waiting, stats.written, stats.lost, stats.failing), (0, 2, 0, false));
    assert!(world.store.call(TENANT, CallId(2)).await.unwrap().is_some());
    assert_eq!(writer.shutdown().await.waiting, 0);
}

#[tokio::test]
async fn what_cannot_be_written_to_the_end_is_told_and_the_end_still_comes() {
    let world = World::new().await;
    let other = pool(world.directory.path()).await;
    sqlx::query("DROP TABLE agent_log").execute(&other).await.unwrap();
    let writer = RecordWriter::start(world.store.clone());
    writer.push_agent_log(TENANT, 1, entry(7, "ready", 1));
    let stats = writer.shutdown().await;
    assert_eq!((stats.waiting, stats.written), (1, 0));
    assert!(stats.failures >= 1);
}

fn entry(agent: u64, state: &str, at: i64) -> AgentLogEntry {
    AgentLogEntry {
        agent: AgentId(agent),
        queue: QueueId(3),
        state: state.into(),
        reason: (state == "not_ready").then(|| "lunch".into()),
        actor: "feature_code".into(),
        at: Timestamp::from_secs(at),
    }
}

fn said_of_it(code: &str, at: i64) -> CallDisposition {
    let (code, notes, by) = (code.into(), "Wants a blue one.\nCalls again.".into(), "Ann Ash".into());
    CallDisposition { code, notes, by, at: Timestamp::from_secs(at) }
}

/// Calls of a few queues, agents and callers, each anything.
fn any_calls(rng: &mut StdRng) -> Vec<(TenantId, Arc<CallRecord>)> {
    let mut all = Vec::new();
    for call in 1..120 {
        let mut of = record(call, rng.random_range(0..20));
        let stay = of.queues.remove(0);
        for _ in 0..rng.random_range(0..4) {
            let outcome = [QueueOutcome::Answered, QueueOutcome::Abandoned][rng.random_range(0..2)];
            let queue = QueueId(rng.random_range(1..4));
            of.queues.push(QueueStay { queue, outcome, ..stay.clone() });
        }
        let leg = of.legs.remove(1);
        for _ in 0..rng.random_range(0..4) {
            of.legs.push(LegRecord { agent: Some(AgentId(rng.random_range(1..4))), ..leg.clone() });
        }
        let number = ["", "+4930", "+49301", "+4931", "030", "%", "+49_"][rng.random_range(0..7)];
        of.caller = CallerId::new(number, "");
        all.push((TENANT, Arc::new(of)));
    }
    all
}

fn any_filter(rng: &mut StdRng) -> CallFilter {
    let mut maybe = |share: f64, most: u64| rng.random_bool(share).then(|| rng.random_range(1..most));
    let outcomes = [QueueOutcome::Answered, QueueOutcome::Abandoned];
    let callers = ["+493", "+4930", "0", "%", "'; DROP TABLE call_records; --"];
    let at = |second: u64| Timestamp::from_secs(i64::try_from(second).unwrap());
    CallFilter {
        queue: maybe(0.5, 5).map(QueueId),
        outcome: maybe(0.3, 3).map(|index| outcomes[usize::try_from(index).unwrap() - 1]),
        agent: maybe(0.4, 5).map(AgentId),
        caller: maybe(0.4, 6).map(|index| callers[usize::try_from(index).unwrap() - 1].to_owned()),
        from: maybe(0.3, 20).map(at),
        to: maybe(0.3, 20).map(at),
        disposition: maybe(0.2, 3)
            .map(|index| ["sale", "other"][usize::try_from(index).unwrap() - 1].to_owned()),
    }
}

#[tokio::test]
async fn calls_are_found_by_what_they_were_in_either_order_without_gap_or_repeat() {
    let world = World::new().await;
    let mut rng = StdRng::seed_from_u64(1);
    let calls = any_calls(&mut rng);
    world.store.append_calls(&calls).await.unwrap();
    world.store.append_calls(&[(OTHER, Arc::clone(&calls[0].1))]).await.unwrap();
    let mut said = BTreeMap::new();
    for (_, record) in &calls {
        let Some(code) = ["sale", "other"].get(rng.random_range(0..3_usize)) else { continue };
        world.store.dispose(TENANT, (record.call, record.started_at), &said_of_it(code, 1)).await.unwrap();
        said.insert(record.call, *code);
    }
    let mut found = 0;
    for _ in 0..200 {
        let filter = any_filter(&mut rng);
        // Without a queue an outcome says nothing.
        let filter = CallFilter { outcome: filter.outcome.filter(|_| filter.queue.is_some()), ..filter };
        let fitting = calls.iter().filter(|(_, record)| filter.fits(record, said.get(&record.call).copied()));
        let mut wanted: Vec<_> = fitting.map(|(_, record)| (record.started_at, record.call)).collect();
        wanted.sort_unstable();
        found += wanted.len();
        for oldest_first in [true, false] {
            let (mut part, mut seen) = (Part { oldest_first, ..Part::newest(7) }, Vec::new());
            loop {
                let page = world.store.calls(TENANT, &filter, part).await.unwrap();
                seen.extend(page.items.iter().map(|record| (record.started_at, record.call)));
                if page.next.is_none() {
                    break;
                }
                part = part.behind(page.next);
            }
            assert_eq!(seen, wanted, "{filter:?}, oldest first: {oldest_first}");
            wanted.reverse();
        }
    }
    assert!(found > 500, "only {found} calls were found in all");
}

#[tokio::test]
async fn what_is_said_of_a_call_is_there_before_its_record_the_last_word_holds_and_goes_with_the_record() {
    let mut world = World::new().await;
    let of = |calls: &[u64]| calls.iter().map(|call| CallId(*call)).collect::<Vec<_>>();
    let first = record(1, 100);
    let place = (first.call, first.started_at);
    world.store.dispose(TENANT, place, &said_of_it("other", 1)).await.unwrap();
    world.store.dispose(TENANT, place, &said_of_it("sale", 2)).await.unwrap();
    world.store.dispose(OTHER, place, &said_of_it("other", 3)).await.unwrap();
    world.store.append_calls(&[(TENANT, Arc::new(first)), (TENANT, Arc::new(record(2, 200)))]).await.unwrap();
    world = world.reopen().await;
    let said = world.store.call_dispositions(TENANT, &of(&[1, 2, 3])).await.unwrap();
    assert_eq!(said, BTreeMap::from([(CallId(1), said_of_it("sale", 2))]));
    assert!(world.store.call_dispositions(TENANT, &[]).await.unwrap().is_empty());

    // However a record is removed.
    let database = pool(world.directory.path()).await;
    sqlx::query("DELETE FROM call_records WHERE tenant = 1").execute(&database).await.unwrap();
    assert!(world.store.call_dispositions(TENANT, &of(&[1])).await.unwrap().is_empty());
    let of_another = world.store.call_dispositions(OTHER, &of(&[1])).await.unwrap();
    assert_eq!(of_another, BTreeMap::from([(CallId(1), said_of_it("other", 3))]));
}

#[tokio::test]
async fn what_was_said_is_asked_for_of_many_calls_at_a_time() {
    let world = World::new().await;
    let calls: Vec<CallId> = (1..=600).map(CallId).collect();
    for call in calls.iter().filter(|call| call.0 % 150 == 0) {
        world.store.dispose(TENANT, (*call, Timestamp::ZERO), &said_of_it("sale", 1)).await.unwrap();
    }
    let said = world.store.call_dispositions(TENANT, &calls).await.unwrap();
    assert_eq!(said.keys().map(|call| call.0).collect::<Vec<_>>(), [150, 300, 450, 600]);
}

#[tokio::test]
async fn the_agent_log_is_listed_newest_first_for_one_agent_or_all() {
    let world = World::new().await;
    let log = [entry(7, "ready", 1), entry(8, "not_ready", 2), entry(7, "not_ready", 3)];
    let entries: Vec<_> = log.iter().cloned().map(|entry| (TENANT, entry)).collect();
    world.store.append_agent_log(&entries).await.unwrap();
    world.store.append_agent_log(&[(OTHER, entry(7, "ready", 9))]).await.unwrap();
    let all = world.store.agent_log(TENANT, None, Part::newest(2)).await.unwrap();
    assert_eq!(all.items, [log[2].clone(), log[1].clone()]);
    let rest = world.store.agent_log(TENANT, None, Part::newest(2).behind(all.next)).await.unwrap();
    assert_eq!((rest.items, rest.next), (vec![log[0].clone()], None));
    let ann = world.store.agent_log(TENANT, Some(AgentId(7)), Part::newest(10)).await.unwrap();
    assert_eq!(ann.items, [log[2].clone(), log[0].clone()]);
    let oldest = Part { oldest_first: true, ..Part::newest(1) };
    let ann = world.store.agent_log(TENANT, Some(AgentId(7)), oldest).await.unwrap();
    let rest = world.store.agent_log(TENANT, Some(AgentId(7)), oldest.behind(ann.next)).await.unwrap();
    assert_eq!((ann.items, rest.items), (vec![log[0].clone()], vec![log[2].clone()]));
}
