//! What has happened, as text, and what the socket tells of it, as text.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{
    Actor, AgentState, AgentView, CallState, CallView, DomainView, Event, EventKind, MembershipView,
    QueueOutcome,
};
use engine::{Direction, LegRecord, LegStatus};
use expect_test::{Expect, expect};
use model::{
    Agent, AgentId, AgentStatus, CallId, CallerId, Directory, ExtensionNumber, LegId, Membership, OfferId,
    Personal, Queue, QueueId, Role, Tenant, TenantId, Timestamp,
};
use serde_json::Value;
use switch::{Published, Snapshot};

use super::command::Wanted;
use super::scope::Scope;
use super::story::Story;
use crate::storage::Identity;

pub(super) const TENANT: TenantId = TenantId(1);

fn number(text: &str) -> ExtensionNumber {
    ExtensionNumber::parse(text).expect("a number")
}

fn agent(id: u64, extension: &str, role: Role) -> Agent {
    Agent {
        id: AgentId(id),
        extension: Some(number(extension)),
        name: format!("Agent {extension}"),
        email: format!("{extension}@a.test"),
        role,
        supervises: None,
        groups: Vec::new(),
        skills: BTreeMap::new(),
        status: AgentStatus::Active,
        max_concurrent_calls: 1,
        hours: None,
        personal: Personal::default(),
        spoken_name: None,
        call_link: None,
    }
}

/// 1001 and 1002 serve 8000; 1003 supervises; 8001 has nobody.
pub(super) fn directory() -> Directory {
    let mut directory = Directory::new(Tenant::new(TENANT, "a.test"));
    for (id, extension, role) in
        [(1, "1001", Role::Agent), (2, "1002", Role::Agent), (3, "1003", Role::Supervisor)]
    {
        directory.insert_agent(agent(id, extension, role));
    }
    for (id, text) in [(1, "8000"), (2, "8001")] {
        directory.insert_queue(Queue::new(QueueId(id), number(text), "Support"));
    }
    for id in [1, 2] {
        directory.insert_membership(Membership::new(QueueId(1), AgentId(id)));
    }
    directory
}

fn view(directory: &Directory, extension: &str, state: AgentState) -> AgentView {
    let agent = directory.agent_of(extension).expect("an agent");
    let entry = |membership: &Membership| MembershipView {
        queue: membership.queue,
        agent: membership.agent,
        state: state.clone(),
        since: Timestamp::from_secs(90),
        available: false,
        pending: None,
        answered: 0,
        missed: 0,
    };
    AgentView {
        agent: agent.id,
        extension: agent.extension.clone(),
        name: agent.name.clone(),
        registered: true,
        dnd: false,
        personal: Personal::default(),
        call_link: None,
        state: state.clone(),
        since: Timestamp::from_secs(90),
        memberships: directory.memberships_of(agent.id).map(entry).collect(),
    }
}

/// `7 waiting`, `7 talks 1001`, `7 rings 1001`, `7 back`.
fn call(words: &[&str]) -> CallView {
    let leg = |extension: &str, status| LegRecord {
        leg: LegId(3),
        extension: Some(number(extension)),
        agent: None,
        trunk: None,
        queue: Some(QueueId(1)),
        started_at: Timestamp::ZERO,
        ringing_at: None,
        answered_at: None,
        ended_at: None,
        status,
        cause: None,
        holds: engine::Holds::default(),
    };
    let caller = LegRecord { extension: None, leg: LegId(2), ..leg("1000", LegStatus::Answered) };
    let waiting = |callback| CallState::Waiting {
        queue: QueueId(1),
        enqueued_at: Timestamp::from_secs(80),
        priority: 0,
        offered_to: Vec::new(),
        callback,
    };
    let mut legs = vec![caller];
    let state = match words[1] {
        "waiting" => waiting(false),
        "back" => waiting(true),
        "rings" => {
            legs.push(leg(words[2], LegStatus::Ringing));
            waiting(false)
        }
        "talks" => {
            legs.push(leg(words[2], LegStatus::Answered));
            CallState::Connected { queue: Some(QueueId(1)) }
        }
        other => panic!("{other}"),
    };
    CallView {
        call: CallId(words[0].parse().expect("an id")),
        direction: Direction::Inbound,
        state,
        caller: CallerId::new(&format!("+49{}", words[0]), "Carl"),
        dialed: "+493012345678".into(),
        started_at: Timestamp::from_secs(70),
        answered_at: None,
        agent: None,
        held: false,
        recordings: Vec::new(),
        learned: BTreeMap::new(),
        legs,
    }
}

fn state(words: &[&str]) -> AgentState {
    match words {
        ["ready"] => AgentState::Ready,
        ["ringing"] => AgentState::Ringing { offer: OfferId(1) },
        ["logged_out"] => AgentState::LoggedOut,
        ["offline"] => AgentState::Offline,
        ["wrap_up"] => AgentState::WrapUp { until: None },
        ["queue_call", call] => AgentState::QueueCall { call: CallId(call.parse().expect("an id")) },
        other => panic!("{other:?}"),
    }
}

fn kind(words: &[&str]) -> EventKind {
    let call = || CallId(words[1].parse().expect("an id"));
    let queue = QueueId(1);
    let left = |outcome| EventKind::CallLeftQueue { call: call(), queue, outcome };
    match words[0] {
        "arrived" => EventKind::CallArrived { call: call() },
        "queued" => {
            EventKind::CallQueued { call: call(), queue, position: words[2].parse().expect("a place") }
        }
        "connected" => {
            EventKind::CallConnected { call: call(), queue: Some(queue), agent: None, waited_ms: 0 }
        }
        "abandoned" => left(QueueOutcome::Abandoned),
        "timeout" => left(QueueOutcome::OverflowTimeout),
        "callback" => left(QueueOutcome::CallbackRequested),
        "called_back" => left(QueueOutcome::CallbackDone),
        "device" => EventKind::DeviceChanged { extension: number(words[1]), registered: words[2] == "on" },
        "dnd" => {
            EventKind::DndChanged { extension: number(words[1]), on: words[2] == "on", actor: Actor::Owner }
        }
        other => panic!("{other}"),
    }
}

/// A story in the world above; each line is a step: its events, then behind a bar its views.
fn tell(who: u64, follows: &Wanted, story: &str, expected: &Expect) {
    let directory = Arc::new(directory());
    let role = directory.agents[&AgentId(who)].role.clone();
    let identity = Identity {
        tenant: TENANT,
        domain: "a.test".into(),
        agent: Some(AgentId(who)),
        key: None,
        rights: role.rights(),
        role,
        supervises: None,
        name: "Somebody".into(),
        factor_due: false,
    };
    let mut scope = Scope::new(identity);
    let mut out = match scope.subscribe(follows, &directory) {
        Ok(()) => String::new(),
        Err(error) => format!("error: {error}\n"),
    };
    let agents = ["1001", "1002", "1003"].map(|extension| view(&directory, extension, AgentState::Ready));
    let snapshot = Snapshot {
        seq: 0,
        at: Timestamp::ZERO,
        domain: DomainView::default(),
        agents: agents.into(),
        queues: Vec::new(),
        calls: Vec::new(),
        directory: directory.clone(),
    };
    let mut story_of = Story::new(&snapshot);
    let mut published = Published {
        seq: 0,
        at: Timestamp::from_secs(100),
        event: None,
        domain: None,
        agents: Vec::new(),
        queues: Vec::new(),
        calls: Vec::new(),
        calls_ended: Vec::new(),
        whole: false,
        directory,
    };
    let mut all = Vec::new();
    for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (events, views) = line.split_once('|').unwrap_or((line, ""));
        let events: Vec<&str> = events.split(';').map(str::trim).filter(|text| !text.is_empty()).collect();
        for (index, event) in events.iter().enumerate() {
            published.seq += 1;
            let words: Vec<&str> = event.split(' ').collect();
            let mut step = published.clone();
            if words[0] != "nothing" {
                step.event = Some(Event { kind: kind(&words) });
            }
            if index + 1 == events.len() {
                see(&mut step, views);
            }
            if step.whole {
                published.directory = step.directory.clone();
            }
            all.extend(story_of.take(&Arc::new(step), &scope));
        }
    }
    for message in &all {
        out += &line_of(message);
    }
    expected.assert_eq(&out);
}

/// The views of a step.
fn see(step: &mut Published, views: &str) {
    for text in views.split(';').map(str::trim).filter(|text| !text.is_empty()) {
        let words: Vec<&str> = text.split(' ').collect();
        match words[0] {
            "call" => step.calls.push(call(&words[1..])),
            "gone" => step.calls_ended.push(CallId(words[1].parse().expect("an id"))),
            "agent" => {
                let seen = view(&step.directory, words[1], state(&words[2..]));
                step.agents.push(seen);
            }
            "without" => {
                let mut changed = (*step.directory).clone();
                changed.memberships.remove(&(QueueId(1), AgentId(words[1].parse().expect("an id"))));
                changed.queues.remove(&QueueId(2));
                step.directory = Arc::new(changed);
                step.whole = true;
                let agents = ["1001", "1002", "1003"];
                step.agents =
                    agents.map(|extension| view(&step.directory, extension, AgentState::Ready)).into();
            }
            other => panic!("{other}"),
        }
    }
}

/// A message on one line, its event first, then each field but those of every message.
fn line_of(message: &Value) -> String {
    let mut fields = message.as_object().expect("an object").clone();
    let event = fields.remove("event_type").expect("an event");
    for same in ["tenant_id", "queue_id", "extension_id"] {
        fields.remove(same);
    }
    format!("{} {}\n", event.as_str().unwrap_or_default(), Value::Object(fields))
}

pub(super) fn queue_of(number: &str) -> Wanted {
    Wanted { topics: vec!["queue_events".into()], queues: vec![number.into()], extensions: Vec::new() }
}

pub(super) fn extension_of(number: &str) -> Wanted {
    Wanted { topics: vec!["extension_events".into()], queues: Vec::new(), extensions: vec![number.into()] }
}

#[test]
fn a_call_that_is_answered() {
    tell(
        1,
        &queue_of("8000"),
        "
        arrived 7; queued 7 1 | call 7 waiting
        nothing | call 7 rings 1001; agent 1001 ringing
        connected 7 | call 7 talks 1001; agent 1001 queue_call 7
        nothing | agent 1001 wrap_up; gone 7
        ",
        &expect![[r#"
            queue_caller_status {"updated_callers":[{"caller_number":"+497","position":"1","reason":"enqueue","session_id":"7","timestamp":"100","type":"normal"}]}
            queue_caller_status {"updated_callers":[{"caller_number":"+497","position":"0","reason":"agent_answered","session_id":"7","timestamp":"100","type":"normal"}]}
            queue_agent_status {"removed_agents":[],"updated_agents":[{"agent_extension_number":"1001","caller_name":"Carl","caller_number":"+497","session_id":"7","state":"QUEUE_CALL","timestamp":"90"}]}
            queue_agent_status {"removed_agents":[],"updated_agents":[{"agent_extension_number":"1001","caller_name":"","caller_number":"","session_id":"","state":"WRAP_UP","timestamp":"90"}]}
        "#]],
    );
}

#[test]
fn each_way_out_of_the_line_has_its_reason() {
    tell(
        1,
        &queue_of("8000"),
        "
        queued 7 1 | call 7 waiting
        abandoned 7 | gone 7
        queued 8 1 | call 8 waiting
        timeout 8 | call 8 waiting
        queued 9 1 | call 9 waiting
        callback 9 | call 9 back
        called_back 9; connected 9 | call 9 talks 1002
        ",
        &expect![[r#"
            queue_caller_status {"updated_callers":[{"caller_number":"+497","position":"1","reason":"enqueue","session_id":"7","timestamp":"100","type":"normal"}]}
            queue_caller_status {"updated_callers":[{"caller_number":"+497","position":"0","reason":"hangup","session_id":"7","timestamp":"100","type":"normal"}]}
            queue_caller_status {"updated_callers":[{"caller_number":"+498","position":"1","reason":"enqueue","session_id":"8","timestamp":"100","type":"normal"}]}
            queue_caller_status {"updated_callers":[{"caller_number":"+498","position":"0","reason":"overflow","session_id":"8","timestamp":"100","type":"normal"}]}
            queue_caller_status {"updated_callers":[{"caller_number":"+499","position":"1","reason":"enqueue","session_id":"9","timestamp":"100","type":"normal"}]}
            queue_caller_status {"updated_callers":[{"caller_number":"+499","position":"0","reason":"callback","session_id":"9","timestamp":"100","type":"callback"}]}
            queue_caller_status {"updated_callers":[{"caller_number":"+499","position":"0","reason":"agent_answered","session_id":"9","timestamp":"100","type":"normal"}]}
        "#]],
    );
}

#[test]
fn an_extension_rings_talks_and_goes() {
    tell(
        1,
        &extension_of("1001"),
        "
        nothing | call 7 rings 1001; agent 1001 ringing
        connected 7 | call 7 talks 1001; agent 1001 queue_call 7
        nothing | gone 7; agent 1001 ready
        dnd 1001 on | agent 1001 ready
        device 1001 off | agent 1001 offline
        device 1002 off | agent 1002 offline
        ",
        &expect![[r#"
            extension_call {"call_status":"RINGING","extension":"sip:1001@a.test","time":"100"}
            extension_agent_status {"agent_status":[{"queue_number":"8000","status":"QUEUE_CALL"}],"extension":"sip:1001@a.test","time":"100"}
            extension_call {"call_status":"ON_CALL","extension":"sip:1001@a.test","time":"100"}
            extension_agent_status {"agent_status":[{"queue_number":"8000","status":"READY"}],"extension":"sip:1001@a.test","time":"100"}
            extension_call {"call_status":"","extension":"sip:1001@a.test","time":"100"}
            extension_presence {"extension":"sip:1001@a.test","presence":"DO_NOT_DISTURB","presence_note":"","time":"100"}
            extension_status {"status":[{"call_status":"","extension":"sip:1001@a.test","extension_id":"1001","online":false,"presence":"ONLINE","presence_note":"","push_online":false,"time":"100"}]}
            extension_agent_status {"agent_status":[{"queue_number":"8000","status":"OFFLINE"}],"extension":"sip:1001@a.test","time":"100"}
        "#]],
    );
}

#[test]
fn who_is_taken_out_of_the_queue_hears_nothing_of_it_any_more() {
    let story = "
        queued 7 1 | call 7 waiting
        nothing | without 1
        queued 8 2 | call 8 waiting
        ";
    tell(
        1,
        &queue_of("8000"),
        story,
        &expect![[r#"
            queue_caller_status {"updated_callers":[{"caller_number":"+497","position":"1","reason":"enqueue","session_id":"7","timestamp":"100","type":"normal"}]}
        "#]],
    );
    let mut managed = queue_of("8000");
    managed.topics.push("queue_management_events".into());
    tell(
        3,
        &managed,
        story,
        &expect![[r#"
            queue_caller_status {"updated_callers":[{"caller_number":"+497","position":"1","reason":"enqueue","session_id":"7","timestamp":"100","type":"normal"}]}
            queue_destroy {"queue_number":"8001"}
            queue_agent_status {"removed_agents":[{"agent_extension_number":"1001"}],"updated_agents":[]}
            queue_caller_status {"updated_callers":[{"caller_number":"+498","position":"2","reason":"enqueue","session_id":"8","timestamp":"100","type":"normal"}]}
        "#]],
    );
}
