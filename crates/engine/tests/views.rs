//! What the views say, and what hostile or broken inputs do: nothing.

use std::sync::Arc;

use engine::{Actor, AgentAction};
use engine::{
    AgentState, Arrival, CallState, CallView, Cause, Command, DeviceInput, Engine, EventKind, Exclusion,
    FirstIds, Input, LegCommand, LegInput, Limits, MediaInput, Origin, QueueOutcome, Rejection, Request,
    Scope, WhyNot,
};
use model::{
    AgentId, CallId, CallerId, LegId, NotReadyReason, OfferId, PlayId, QueueId, RequestId, Timestamp, TrunkId,
};

use crate::world;

fn engine(limits: Limits, lines: &[&str]) -> Engine {
    let mut directory = world::directory();
    for line in lines {
        assert!(world::provision(&mut directory, line), "{line}");
    }
    let first = FirstIds { call: CallId(1), leg: LegId(1), offer: OfferId(1), play: PlayId(1) };
    Engine::new(Arc::new(directory), limits, first, Timestamp::ZERO)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_secs(seconds)
}

fn arrives(leg: u64, dialed: &str) -> Input {
    let origin = Origin::Trunk(TrunkId(1));
    let caller = CallerId::new("+4930", "Cal");
    let arrival = Arrival { origin, dialed: dialed.into(), caller, max_forwards: 70 };
    Input::Leg(LegId(leg), LegInput::Arrived(arrival))
}

fn up(who: &str) -> Input {
    Input::Device(world::extension(who), DeviceInput::Reachable)
}

fn asks(who: &str, action: AgentAction) -> Input {
    let agent = world::agent(who).expect("an agent");
    Input::Request(RequestId(1), Actor::Owner, Request::Agent { agent, scope: Scope::All, action })
}

fn play(engine: &mut Engine, steps: impl IntoIterator<Item = (i64, Input)>) {
    for (seconds, input) in steps {
        let _ = engine.step(input, at(seconds));
    }
}

#[test]
fn a_call_made_for_a_call_may_pass_one_server_less() {
    let mut engine = engine(Limits::default(), &["queue 8000: ann; manual patient"]);
    play(&mut engine, [(1, up("ann"))]);
    let dialed = |engine: &mut Engine, leg: u64, hops: u8| {
        let Input::Leg(leg, LegInput::Arrived(arrival)) = arrives(leg, "1001") else { return None };
        let arrival = Arrival { max_forwards: hops, ..arrival };
        let out = engine.step(Input::Leg(leg, LegInput::Arrived(arrival)), at(2));
        let made = out.commands.iter().find_map(|command| match command {
            Command::Leg(_, LegCommand::Dial { max_forwards, .. }) => Some(*max_forwards),
            Command::Leg(..)
            | Command::Media(_)
            | Command::Fetch(..)
            | Command::Erase { .. }
            | Command::KeepPrompt(_)
            | Command::Lamp { .. } => None,
        });
        let _ = engine.step(Input::Leg(leg, LegInput::Ended(Cause::Normal)), at(3));
        made
    };
    for (leg, came, goes) in [(2, 70, 69), (4, 5, 4), (6, 1, 0), (8, 255, 70)] {
        assert_eq!(dialed(&mut engine, leg, came), Some(goes), "{came}");
    }
}

#[test]
fn an_agents_overall_state_is_the_most_telling_and_keeps_its_beginning() {
    let mut engine =
        engine(Limits::default(), &["queue 8000: ann; manual patient", "queue 8001: ann; manual"]);
    let ann = world::agent("ann").expect("she is there");
    let now = |engine: &Engine| {
        let view = engine.view().agent(ann).expect("she is there");
        (view.state, view.since)
    };
    assert_eq!(now(&engine), (AgentState::Offline, at(0)));
    play(&mut engine, [(1, up("ann")), (2, up("ann"))]);
    assert_eq!(now(&engine), (AgentState::LoggedOut, at(1)));
    play(&mut engine, [(3, asks("ann", AgentAction::Login))]);
    let (state, since) = now(&engine);
    assert!(matches!(state, AgentState::NotReady { .. }) && since == at(3));
    play(&mut engine, [(4, asks("ann", AgentAction::Ready))]);
    assert_eq!(now(&engine), (AgentState::Ready, at(4)));
    play(&mut engine, [(5, arrives(2, "8000")), (6, Input::Leg(LegId(1), LegInput::Answered))]);
    assert_eq!(
        now(&engine),
        (AgentState::QueueCall { call: CallId(1) }, at(6)),
        "not the other queue's view"
    );
    play(&mut engine, [(7, asks("ann", AgentAction::Ready))]);
    assert_eq!(now(&engine).1, at(6), "nothing has changed");
}

#[test]
fn an_agent_without_queues_is_offline_logged_out_or_on_a_direct_call() {
    let mut engine = engine(Limits::default(), &[]);
    let zed = world::agent("zed").expect("he is there");
    let state = |engine: &Engine| engine.view().agent(zed).map(|view| (view.state, view.since));
    assert_eq!(state(&engine), Some((AgentState::Offline, at(0))));
    play(&mut engine, [(1, up("zed"))]);
    assert_eq!(state(&engine), Some((AgentState::LoggedOut, at(1))));
    play(&mut engine, [(2, arrives(2, "1004")), (3, Input::Leg(LegId(1), LegInput::Answered))]);
    assert_eq!(state(&engine), Some((AgentState::OtherCall { call: CallId(1) }, at(3))));
    play(&mut engine, [(4, Input::Leg(LegId(1), LegInput::Ended(Cause::Normal)))]);
    assert_eq!(state(&engine), Some((AgentState::LoggedOut, at(4))));
}

#[test]
fn a_calls_view_names_the_agent_on_it_or_rung_for_it_alone() {
    let ring_all = "queue 8000: ann bob; strategy=ring_all";
    let mut engine = engine(Limits::default(), &[ring_all]);
    let (ann, bob) = (world::agent("ann"), world::agent("bob"));
    play(&mut engine, [(1, up("ann")), (1, asks("ann", AgentAction::Login))]);
    play(&mut engine, [(2, arrives(2, "8000"))]);
    let view = engine.view().call(CallId(1)).expect("it lives");
    assert_eq!(view.agent, ann);
    let CallState::Waiting { queue, enqueued_at, ref offered_to, .. } = view.state else {
        panic!("it waits, and is {:?}", view.state)
    };
    assert_eq!((queue, enqueued_at, offered_to.as_slice()), (QueueId(8000), at(2), ann.as_slice()));
    play(&mut engine, [(3, up("bob")), (3, asks("bob", AgentAction::Login))]);
    play(&mut engine, [(4, Input::Leg(LegId(2), LegInput::Ended(Cause::Normal)))]);
    play(
        &mut engine,
        [(4, Input::Leg(LegId(1), LegInput::Ended(Cause::CallerGone))), (5, arrives(4, "8000"))],
    );
    let view = engine.view().call(CallId(2)).expect("it lives");
    assert_eq!(view.agent, None, "two are rung");
    let leg = view.legs.iter().find(|leg| leg.agent == bob).expect("bob is rung").leg;
    play(&mut engine, [(6, Input::Leg(leg, LegInput::Answered))]);
    let view = engine.view().call(CallId(2)).expect("it lives");
    assert_eq!((view.agent, view.answered_at), (bob, Some(at(6))));
    assert_eq!(view.state, CallState::Connected { queue: Some(QueueId(8000)) });
}

#[test]
fn a_live_calls_record_holds_its_first_and_its_latest_decisions() {
    let limits = Limits { decisions_per_call_max: 3, alert_max: None, ..Limits::default() };
    let mut engine = engine(limits, &["queue 8000: ann bob; strategy=linear retry=1 ring=5 patient"]);
    for who in ["ann", "bob"] {
        play(&mut engine, [(1, up(who)), (1, asks(who, AgentAction::Login))]);
    }
    let mut told = 0;
    let mut latest = None;
    let first = engine.step(arrives(2, "8000"), at(2));
    let mut outs = vec![first];
    for seconds in 3..60 {
        let out = engine.step(Input::Tick, at(seconds));
        let dead = out.commands.iter().filter_map(|command| match command {
            Command::Leg(leg, LegCommand::End(_)) => Some(*leg),
            Command::Leg(..)
            | Command::Media(_)
            | Command::Fetch(..)
            | Command::Erase { .. }
            | Command::KeepPrompt(_)
            | Command::Lamp { .. } => None,
        });
        let dead: Vec<LegId> = dead.collect();
        outs.push(out);
        for leg in dead {
            outs.push(engine.step(Input::Leg(leg, LegInput::Ended(Cause::Normal)), at(seconds)));
        }
    }
    for out in &outs {
        for event in &out.events {
            if let EventKind::Decided { decision } = &event.kind {
                told += 1;
                latest = Some(decision.at);
            }
        }
    }
    assert!(told > 3, "only {told} decisions");
    let record = engine.view().record(CallId(1)).expect("it lives");
    let at_times: Vec<Timestamp> = record.decisions.iter().map(|decision| decision.at).collect();
    assert_eq!((at_times.len(), at_times.first(), at_times.last()), (3, Some(&at(2)), latest.as_ref()));
}

#[test]
fn counters_say_what_a_queue_has_done() {
    let mut engine = engine(Limits::default(), &["queue 8000: ann; patient sla=5"]);
    play(&mut engine, [(1, arrives(2, "8000")), (2, arrives(4, "8000"))]);
    play(&mut engine, [(9, Input::Leg(LegId(4), LegInput::Ended(Cause::Normal)))]);
    play(&mut engine, [(10, up("ann")), (10, asks("ann", AgentAction::Login))]);
    play(&mut engine, [(11, Input::Leg(LegId(1), LegInput::Answered))]);
    play(&mut engine, [(14, Input::Leg(LegId(2), LegInput::Ended(Cause::Normal)))]);
    let view = engine.view().queue(QueueId(8000)).expect("it is there");
    let counters = view.counters;
    assert_eq!((counters.offered, counters.answered, counters.answered_in_time), (2, 1, 0));
    assert_eq!((counters.abandoned_late, counters.left[&QueueOutcome::Abandoned]), (1, 1));
    assert_eq!((counters.wait_ms, counters.talk_ms, view.waiting), (10_000, 3_000, 0));
}

#[test]
fn inputs_that_make_no_sense_change_nothing_and_harm_nothing() {
    let mut engine = engine(Limits::default(), &["queue 8000: ann; patient"]);
    play(&mut engine, [(5, arrives(2, "8000"))]);
    let before = engine.view().calls();
    let nonsense = [
        Input::Leg(LegId(99), LegInput::Ringing),
        Input::Leg(LegId(99), LegInput::Answered),
        Input::Leg(LegId(99), LegInput::Ended(Cause::Normal)),
        Input::Leg(LegId(2), LegInput::Ringing),
        Input::Leg(LegId(2), LegInput::Answered),
        Input::Leg(LegId(2), LegInput::Digit('#')),
        Input::Leg(LegId(2), LegInput::Held(true)),
        Input::Media(LegId(99), MediaInput::Silent),
        Input::Media(LegId(2), MediaInput::PlayEnded(PlayId(77))),
        Input::Tick,
        arrives(2, "8000"),
    ];
    for input in nonsense {
        // Time that runs backwards is read as the same moment.
        let out = engine.step(input.clone(), at(1));
        assert!(out.commands.is_empty() && out.events.is_empty(), "{input:?} led to {out:?}");
    }
    assert_eq!(engine.view().calls(), before);
}

#[test]
fn a_hold_is_counted_with_who_holds_however_she_does_it() {
    let mut engine = engine(Limits::default(), &["queue 8000: ann; patient"]);
    let ready = Input::Request(
        RequestId(1),
        Actor::Owner,
        Request::Agent { agent: AgentId(1), scope: Scope::All, action: AgentAction::Login },
    );
    play(
        &mut engine,
        [(1, up("ann")), (1, ready), (1, asks("ann", AgentAction::Ready)), (2, arrives(2, "8000"))],
    );
    let hers = engine.view().call(CallId(1)).expect("it lives").legs[1].leg;
    let phone = |leg, on| Input::Leg(leg, LegInput::Held(on));
    let asked = |on| {
        let request = Request::Hold { call: CallId(1), on, only_own: false };
        Input::Request(RequestId(2), Actor::Owner, request)
    };
    // Before she has answered she holds nobody.
    play(
        &mut engine,
        [(3, phone(hers, true)), (4, phone(hers, false)), (5, Input::Leg(hers, LegInput::Answered))],
    );
    // By her phone for two seconds; by both, one within the other, for six; the caller's own hold is not hers.
    play(&mut engine, [(10, phone(hers, true)), (11, phone(hers, true)), (12, phone(hers, false))]);
    play(
        &mut engine,
        [(20, asked(true)), (22, phone(hers, true)), (24, asked(false)), (26, phone(hers, false))],
    );
    play(&mut engine, [(30, phone(LegId(2), true)), (33, phone(LegId(2), false))]);
    let holds = |record: &CallView| {
        let legs = record.legs.iter();
        legs.map(|leg| (leg.holds.count, leg.holds.micros / 1_000_000)).collect::<Vec<_>>()
    };
    assert_eq!(holds(&engine.view().call(CallId(1)).expect("it lives")), [(1, 3), (2, 8)]);
    // One that lasts is counted when its leg ends, and not before.
    play(&mut engine, [(40, asked(true))]);
    assert_eq!(holds(&engine.view().call(CallId(1)).expect("it lives")), [(1, 3), (2, 8)]);
    play(&mut engine, [(45, Input::Leg(LegId(2), LegInput::Ended(Cause::Normal)))]);
    let out = engine.step(Input::Leg(hers, LegInput::Ended(Cause::Normal)), at(46));
    let record = out.events.iter().find_map(|event| {
        if let EventKind::CallEnded { record } = &event.kind { Some(record.clone()) } else { None }
    });
    let record = record.expect("the call is over");
    let kept = record.legs.iter().map(|leg| (leg.holds.count, leg.holds.micros / 1_000_000));
    assert_eq!(kept.collect::<Vec<_>>(), [(1, 3), (3, 14)]);
}

#[test]
fn a_hostile_dialed_text_is_cut_cleaned_and_not_found() {
    let mut engine = engine(Limits::default(), &[]);
    let dialed = format!("\r\n\0{}", "☎".repeat(10_000));
    let out = engine.step(arrives(2, &dialed), at(1));
    assert_eq!(out.commands, [Command::Leg(LegId(2), LegCommand::Refuse(Cause::NotFound))]);
    let call = engine.view().call(CallId(1)).expect("it lives until its leg has ended");
    assert_eq!(call.dialed, "☎".repeat(128));
    assert_eq!(call.state, CallState::Ending);
}

#[test]
fn a_leg_that_never_says_that_it_ended_is_closed_and_told_as_a_fault() {
    let mut engine = engine(Limits::default(), &["queue 8000: ann; patient"]);
    play(&mut engine, [(1, up("ann")), (1, asks("ann", AgentAction::Login)), (1, arrives(2, "8000"))]);
    play(&mut engine, [(2, Input::Leg(LegId(1), LegInput::Answered))]);
    play(&mut engine, [(3, Input::Leg(LegId(2), LegInput::Ended(Cause::Normal)))]);
    assert_eq!(engine.next_deadline(), Some(at(123)));
    let out = engine.step(Input::Tick, at(123));
    let names: Vec<&str> = out.events.iter().map(|event| event.kind.name()).collect();
    assert_eq!(names.first(), Some(&"call_faulted"));
    assert_eq!(names.last(), Some(&"call_ended"));
    assert_eq!((engine.call_count(), engine.next_deadline()), (0, None));
    let ann = engine.view().agents().into_iter().next().expect("she is there");
    assert_eq!(ann.state, AgentState::Ready, "the agent is not lost with her leg");
}

#[test]
fn a_waiting_call_says_why_from_the_record_of_its_last_decision() {
    let lines = ["queue 8000: ann bob; patient", "vip +4930 6"];
    let mut engine = engine(Limits::default(), &lines);
    play(&mut engine, [(1, up("ann")), (1, asks("ann", AgentAction::Login))]);
    play(&mut engine, [(2, asks("ann", AgentAction::NotReady(NotReadyReason::chosen("lunch"))))]);
    let out = engine.step(arrives(2, "8000"), at(3));
    play(&mut engine, [(4, arrives(4, "8000"))]);
    let why = engine.view().why_waiting(CallId(1)).expect("it waits");
    assert_eq!((why.queue, why.place.position, why.waiting, why.place.priority), (QueueId(8000), 1, 2, 6));
    let decision = why.decision.expect("it was decided that nobody can have it");
    let told = out.events.iter().find_map(|event| {
        if let EventKind::Decided { decision } = &event.kind { Some(Arc::clone(decision)) } else { None }
    });
    assert_eq!(Some(decision.clone()), told, "what is shown is what was told, not something new");
    let [ann, bob] = ["ann", "bob"].map(|who| world::agent(who).expect("an agent"));
    assert_eq!(decision.excluded, [(Exclusion::LoggedOut, vec![bob]), (Exclusion::NotReady, vec![ann])]);
    assert_eq!(engine.view().why_waiting(CallId(9)), None);
    play(&mut engine, [(5, Input::Leg(LegId(2), LegInput::Ended(Cause::Normal)))]);
    assert_eq!(engine.view().why_waiting(CallId(1)), None, "it waits no longer");
}

#[test]
fn an_agent_without_calls_says_why_for_each_of_her_queues() {
    let lines = ["queue 8000: ann bob; strategy=linear patient", "queue 8001: bob; patient"];
    let mut engine = engine(Limits::default(), &lines);
    for who in ["ann", "bob"] {
        play(&mut engine, [(1, up(who)), (1, asks(who, AgentAction::Login))]);
    }
    play(&mut engine, [(2, arrives(2, "8000"))]);
    let [ann, bob] = ["ann", "bob"].map(|who| world::agent(who).expect("an agent"));
    let why = engine.view().why_no_call(bob).expect("he is there");
    let [support, other] = why.as_slice() else { panic!("one for each of his queues: {why:?}") };
    assert_eq!((support.queue, support.standing), (QueueId(8000), None));
    let passed = support.passed.as_ref().expect("he was passed over");
    assert_eq!((passed.decision.call, &passed.why), (CallId(1), &WhyNot::Behind(vec![ann])));
    assert_eq!((other.queue, other.standing, &other.passed), (QueueId(8001), None, &None));
    play(&mut engine, [(3, asks("bob", AgentAction::NotReady(NotReadyReason::chosen("lunch"))))]);
    let why = engine.view().why_no_call(bob).expect("he is there");
    assert!(why.iter().all(|no_call| no_call.standing == Some(Exclusion::NotReady)));
    assert_eq!(engine.view().why_no_call(AgentId(99)), None);
}

#[test]
fn what_was_due_before_a_move_has_happened_with_its_answer_however_late_the_clock_is() {
    let mut engine =
        engine(Limits::default(), &["queue 8000: ann; patient wait=10", "queue 8001: bob; patient"]);
    play(&mut engine, [(1, arrives(2, "8000"))]);
    // His longest wait passed at 11, and no tick has come since.
    let request = Request::Move { call: CallId(1), queue: QueueId(8000), to: QueueId(8001) };
    let out = engine.step(Input::Request(RequestId(1), Actor::Owner, request), at(13));
    assert_eq!(out.replies, [(RequestId(1), Err(Rejection::NotWaiting))]);
    let left = |event: &engine::Event| matches!(event.kind, EventKind::CallLeftQueue { .. });
    assert!(out.events.iter().any(left), "{:?}", out.events);
    assert_eq!(engine.view().call(CallId(1)).map(|call| call.state), Some(CallState::Ending));
}
