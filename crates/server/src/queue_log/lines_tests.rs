//! What happens to calls and agents of a small domain, and the lines that come of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{
    Actor, AgentState, CallRecord, CallState, CallView, Cause, Direction, Event, EventKind, LegRecord,
    LegStatus, OfferOutcome, QueueOutcome,
};
use expect_test::{Expect, expect};
use model::{
    Agent, AgentId, AgentStatus, CallId, CallerId, Directory, ExtensionNumber, FallbackAction, Key, LegId,
    NotReadyReason, OfferId, Personal, Queue, QueueId, Role, Tenant, TenantId, Timestamp,
};
use switch::Published;

use super::lines::Book;

fn number(text: &str) -> ExtensionNumber {
    ExtensionNumber::parse(text).unwrap()
}

/// 1001 and 1002; 8000, which lets callers out by 5.
fn directory() -> Directory {
    let mut directory = Directory::new(Tenant::new(TenantId(1), "a.test"));
    for (id, extension) in [(1, "1001"), (2, "1002")] {
        directory.insert_agent(Agent {
            id: AgentId(id),
            extension: Some(number(extension)),
            name: extension.into(),
            email: String::new(),
            role: Role::Agent,
            supervises: None,
            groups: Vec::new(),
            skills: BTreeMap::new(),
            status: AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
            personal: Personal::default(),
            spoken_name: None,
            call_link: None,
        });
    }
    let mut queue = Queue::new(QueueId(1), number("8000"), "Support");
    let to = FallbackAction::Queue(number("8000"));
    queue.in_queue.exit = Some(model::Exit { key: Key::parse('5').unwrap(), to });
    directory.insert_queue(queue);
    directory
}

fn agent_of(extension: &str) -> AgentId {
    AgentId(if extension == "1001" { 1 } else { 2 })
}

fn leg(id: u64, agent: Option<AgentId>, ended: i64) -> LegRecord {
    let at = |seconds| Some(Timestamp::from_secs(seconds));
    LegRecord {
        leg: LegId(id),
        extension: None,
        agent,
        trunk: None,
        queue: Some(QueueId(1)),
        started_at: Timestamp::ZERO,
        ringing_at: None,
        answered_at: at(0),
        ended_at: at(ended),
        status: LegStatus::Answered,
        cause: None,
        holds: engine::Holds::default(),
    }
}

fn call(id: CallId, caller: &str) -> CallView {
    CallView {
        call: id,
        direction: Direction::Inbound,
        state: CallState::Started,
        caller: CallerId::new(caller, ""),
        dialed: "8000".into(),
        started_at: Timestamp::ZERO,
        answered_at: None,
        agent: None,
        held: false,
        recordings: Vec::new(),
        learned: BTreeMap::new(),
        legs: Vec::new(),
    }
}

fn state(words: &[&str]) -> AgentState {
    match words {
        ["ready"] => AgentState::Ready,
        ["logged_out"] => AgentState::LoggedOut,
        ["offline"] => AgentState::Offline,
        ["wrap_up"] => AgentState::WrapUp { until: None },
        ["not_ready", reason] => AgentState::NotReady { reason: NotReadyReason::Chosen((*reason).into()) },
        other => panic!("{other:?}"),
    }
}

/// `ended 7 by agent 1001`, `ended 7 by caller 1001`, or both in one moment: `ended 7 by both 1001`.
fn record(id: CallId, by: &str, agent: AgentId) -> Arc<CallRecord> {
    let (caller, hers) = match by {
        "agent" => (61, 60),
        "caller" => (60, 61),
        _ => (60, 60),
    };
    Arc::new(CallRecord {
        call: id,
        direction: Direction::Inbound,
        caller: CallerId::new("+491", ""),
        dialed: "8000".into(),
        started_at: Timestamp::ZERO,
        answered_at: None,
        ended_at: Timestamp::from_secs(61),
        cause: Cause::Normal,
        queues: Vec::new(),
        legs: vec![leg(2, None, caller), leg(3, Some(agent), hers)],
        recordings: Vec::new(),
        decisions: Vec::new(),
    })
}

fn kind(words: &[&str]) -> EventKind {
    let queue = QueueId(1);
    let id = |at: usize| CallId(words[at].parse().unwrap());
    let left = |outcome| EventKind::CallLeftQueue { call: id(1), queue, outcome };
    let rang = |outcome| EventKind::OfferEnded {
        offer: OfferId(id(1).0),
        call: id(1),
        queue,
        agent: agent_of(words[2]),
        outcome,
    };
    match words[0] {
        "queued" => EventKind::CallQueued { call: id(1), queue, position: words[2].parse().unwrap() },
        "offer" => {
            EventKind::OfferMade { offer: OfferId(id(1).0), call: id(1), queue, agent: agent_of(words[2]) }
        }
        "no_answer" => rang(OfferOutcome::NoAnswer),
        "elsewhere" => rang(OfferOutcome::AnsweredElsewhere),
        "connected" => EventKind::CallConnected {
            call: id(1),
            queue: Some(queue),
            agent: Some(agent_of(words[2])),
            waited_ms: 0,
        },
        "leg" => EventKind::LegChanged { call: id(1), leg: LegId(words[2].parse().unwrap()) },
        "ended" => EventKind::CallEnded { record: record(id(1), words[3], agent_of(words[4])) },
        "transferred" => EventKind::CallTransferred {
            call: id(1),
            agent: (words[2] == "agent").then(|| agent_of("1001")),
            to: words[3].into(),
        },
        "abandoned" => left(QueueOutcome::Abandoned),
        "timeout" => left(QueueOutcome::OverflowTimeout),
        "exited" => left(QueueOutcome::Exited),
        "no_agents" => left(QueueOutcome::NoAgents),
        "agent" => EventKind::AgentChanged {
            agent: agent_of(words[1]),
            queue,
            state: state(&words[2..]),
            available: false,
            pending: None,
            actor: Actor::Owner,
        },
        other => panic!("{other}"),
    }
}

/// Each line: the second, then what happens in it in one step, with `;` between; a caller's number in brackets.
fn tell(story: &str, expected: &Expect) {
    let directory = Arc::new(directory());
    let mut book = Book::default();
    let mut out = String::new();
    for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (second, events) = line.split_once(' ').unwrap();
        let events: Vec<&str> = events.split(';').map(str::trim).collect();
        let mut calls = Vec::new();
        for (index, event) in events.iter().enumerate() {
            let (event, caller) = event.split_once(" (").unwrap_or((event, ""));
            let words: Vec<&str> = event.split(' ').collect();
            if words[0] == "queued" {
                calls.push(call(CallId(words[1].parse().unwrap()), caller.trim_end_matches(')')));
            }
            // Views come with the last event of a step.
            let is_last = index + 1 == events.len();
            let published = Published {
                seq: 0,
                at: Timestamp::from_secs(second.parse().unwrap()),
                event: Some(Event { kind: kind(&words) }),
                domain: None,
                agents: Vec::new(),
                queues: Vec::new(),
                calls: if is_last { std::mem::take(&mut calls) } else { Vec::new() },
                calls_ended: Vec::new(),
                whole: false,
                directory: directory.clone(),
            };
            for line in book.take(&published) {
                out += &(line + "\n");
            }
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn a_call_that_rings_out_once_and_is_answered_by_another() {
    tell(
        "
        100 queued 7 1 (+491701); offer 7 1001
        115 no_answer 7 1001
        116 offer 7 1002
        120 connected 7 1002
        180 ended 7 by agent 1002
        ",
        &expect![[r#"
            100|7|8000|NONE|ENTERQUEUE||+491701|1
            115|7|8000|Agent/1001|RINGNOANSWER|15000
            120|7|8000|Agent/1002|CONNECT|20|7|4
            180|7|8000|Agent/1002|COMPLETEAGENT|20|60|1
        "#]],
    );
}

#[test]
fn each_end_and_each_way_out_has_its_event() {
    tell(
        "
        100 queued 7 1 (+491)
        101 queued 8 2 (+492)
        102 queued 9 3 (+493)
        103 queued 10 4 (+494)
        104 connected 7 1001
        110 abandoned 9
        111 timeout 8
        112 exited 10
        113 queued 11 1 (+495); no_agents 11
        114 ended 7 by caller 1001
        ",
        &expect![[r#"
            100|7|8000|NONE|ENTERQUEUE||+491|1
            101|8|8000|NONE|ENTERQUEUE||+492|2
            102|9|8000|NONE|ENTERQUEUE||+493|3
            103|10|8000|NONE|ENTERQUEUE||+494|4
            104|7|8000|Agent/1001|CONNECT|4|7|0
            110|9|8000|NONE|ABANDON|2|3|8
            111|8|8000|NONE|EXITWITHTIMEOUT|1|2|10
            112|10|8000|NONE|EXITWITHKEY|5|1|4|9
            113|11|8000|NONE|ENTERQUEUE||+495|1
            113|11|8000|NONE|EXITEMPTY|1|1|0
            114|7|8000|Agent/1001|COMPLETECALLER|4|10|1
        "#]],
    );
}

#[test]
fn of_two_sides_that_are_over_in_one_moment_the_first_to_change_has_ended_it() {
    tell(
        "
        100 queued 7 1 (+491)
        104 leg 7 3; connected 7 1001
        110 leg 7 3; leg 7 2; ended 7 by both 1001
        200 queued 8 1 (+491)
        204 connected 8 1001
        210 leg 8 2; leg 8 3; ended 8 by both 1001
        ",
        &expect![[r#"
            100|7|8000|NONE|ENTERQUEUE||+491|1
            104|7|8000|Agent/1001|CONNECT|4|7|0
            110|7|8000|Agent/1001|COMPLETEAGENT|4|6|1
            200|8|8000|NONE|ENTERQUEUE||+491|1
            204|8|8000|Agent/1001|CONNECT|4|8|0
            210|8|8000|Agent/1001|COMPLETECALLER|4|6|1
        "#]],
    );
}

#[test]
fn a_call_that_is_sent_on_is_complete_once() {
    tell(
        "
        100 queued 7 1 (+491)
        104 connected 7 1001
        110 transferred 7 agent 8001
        120 ended 7 by caller 1001
        200 queued 8 1 (+491)
        204 connected 8 1001
        210 transferred 8 caller 8001
        ",
        &expect![[r#"
            100|7|8000|NONE|ENTERQUEUE||+491|1
            104|7|8000|Agent/1001|CONNECT|4|7|0
            110|7|8000|Agent/1001|BLINDTRANSFER|8001||4|6|1
            200|8|8000|NONE|ENTERQUEUE||+491|1
            204|8|8000|Agent/1001|CONNECT|4|8|0
            210|8|8000|Agent/1001|COMPLETECALLER|4|6|1
        "#]],
    );
}

#[test]
fn an_agent_is_a_member_while_she_is_logged_in_and_paused_while_she_is_not_ready() {
    tell(
        "
        100 agent 1001 not_ready login
        101 agent 1001 ready
        102 agent 1001 wrap_up
        103 agent 1001 not_ready lunch
        104 agent 1001 not_ready meeting
        105 agent 1001 logged_out
        106 agent 1002 offline
        107 agent 1002 ready
        108 agent 1002 offline
        ",
        &expect![[r#"
            100|NONE|8000|Agent/1001|ADDMEMBER
            100|NONE|8000|Agent/1001|PAUSE|login
            101|NONE|8000|Agent/1001|UNPAUSE
            103|NONE|8000|Agent/1001|PAUSE|lunch
            104|NONE|8000|Agent/1001|PAUSE|meeting
            105|NONE|8000|Agent/1001|REMOVEMEMBER
            107|NONE|8000|Agent/1002|ADDMEMBER
            108|NONE|8000|Agent/1002|REMOVEMEMBER
        "#]],
    );
}

#[test]
fn who_rang_for_somebody_elses_call_has_a_line_of_her_own() {
    tell(
        "
        100 queued 7 1 (+491); offer 7 1001
        103 elsewhere 7 1001
        ",
        &expect![[r#"
            100|7|8000|NONE|ENTERQUEUE||+491|1
            103|7|8000|Agent/1001|RINGCANCELED|3000
        "#]],
    );
}

#[test]
fn what_a_caller_calls_himself_is_one_field_of_one_line() {
    tell(
        "
        100 queued 7 1 (+49|1|NONE|ABANDON)
        101 agent 1001 not_ready a|b\u{7}\u{1b}[2J
        ",
        &expect![[r#"
            100|7|8000|NONE|ENTERQUEUE||+49_1_NONE_ABANDON|1
            101|NONE|8000|Agent/1001|ADDMEMBER
            101|NONE|8000|Agent/1001|PAUSE|a_b__[2J
        "#]],
    );
    let mut directory = directory();
    directory.agents.clear();
    let published = Published {
        seq: 0,
        at: Timestamp::from_secs(1),
        event: Some(Event {
            kind: EventKind::AgentChanged {
                agent: AgentId(1),
                queue: QueueId(9),
                state: AgentState::NotReady { reason: NotReadyReason::Chosen("a\n1|2|3".into()) },
                available: false,
                pending: None,
                actor: Actor::Owner,
            },
        }),
        domain: None,
        agents: Vec::new(),
        queues: Vec::new(),
        calls: Vec::new(),
        calls_ended: Vec::new(),
        whole: false,
        directory: Arc::new(directory),
    };
    let lines = Book::default().take(&published);
    assert_eq!(lines, ["1|NONE|#9|Agent/#1|ADDMEMBER", "1|NONE|#9|Agent/#1|PAUSE|a_1_2_3"]);
}
