//! What the ACD keeps does not grow with what has been, what it draws is drawn fairly, and what it records of a large
//! queue is bounded and complete.

use acd::{
    Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, AgentState, Decision, Entering, Exclusion, Gone,
    OfferFailure, OtherLeg, Scope,
};
use model::{AgentId, CallId, LegId, OfferId, QueueId, Timestamp};

use crate::world::{World, need};

/// The most legs that are no queue's the ACD counts for one agent.
const OTHER_LEGS_MAX: u64 = 256;

struct Room {
    world: World,
    acd: Acd,
    now: Timestamp,
}

impl Room {
    fn new(lines: &[&str]) -> Self {
        let mut world = World::new();
        for line in lines {
            assert!(world.declare(line), "`{line}`");
        }
        let acd = Acd::new(world.limits.clone(), OfferId(1));
        let mut room = Self { world, acd, now: Timestamp::ZERO };
        room.configure();
        room
    }

    fn configure(&mut self) {
        let mut out = AcdOutbox::default();
        self.acd.configure(&self.world.directory, self.now, &mut out);
    }

    fn change(&mut self, line: &str) {
        self.world.change(line);
        self.configure();
    }

    fn input(&mut self, input: AcdInput) -> Vec<AcdOutput> {
        self.now = Timestamp(self.now.0 + 1_000_000);
        let mut out = AcdOutbox::default();
        self.acd.handle(input, self.now, &mut out);
        assert_eq!(self.acd.check(), Vec::<String>::new());
        out.outputs
    }

    fn log_in(&mut self, agent: AgentId) {
        self.input(AcdInput::Device { agent, reachable: true });
        let mut out = AcdOutbox::default();
        self.acd.act(agent, Scope::All, AgentAction::Login, self.now, &mut out);
    }

    fn saved(&self) -> usize {
        borsh::to_vec(&self.acd).expect("it encodes").len()
    }
}

#[test]
fn what_is_no_longer_provisioned_leaves_nothing_behind() {
    let mut room = Room::new(&["queue support: ann", "queue sales: ann"]);
    room.log_in(AgentId(1));
    let before = room.saved();
    for round in 0..50 {
        room.change(&format!("queue support: extra{round}"));
        room.change(&format!("agent extra{round}: knows french 1"));
        room.change(&format!("agent extra{round} gone"));
        room.change(&format!("member extra{round} support gone"));
        room.change("queue sales gone");
        room.change("queue sales: ann");
    }
    assert!(room.saved() <= before + 200, "{before} bytes became {}", room.saved());
}

#[test]
fn combinations_of_skills_that_nobody_has_any_more_are_forgotten() {
    let mut room = Room::new(&["queue support: ann"]);
    let before = room.saved();
    for level in 1..=200 {
        room.change(&format!("agent ann: knows french {}", level % 100 + 1));
        room.change(&format!("agent ann: knows german {}", level % 90 + 1));
    }
    assert!(room.saved() <= before + 400, "{before} bytes became {}", room.saved());
    // Who is numbered anew still knows what she knew.
    room.change("agent ann: knows nothing, knows french 7");
    room.log_in(AgentId(1));
    let mut entering = Entering::new(CallId(1), QueueId(1), room.now);
    entering.skills.push(need(&["french", "7"]));
    let out = room.input(AcdInput::Enqueued(entering));
    assert!(out.iter().any(|output| matches!(output, AcdOutput::Offered { .. })), "{out:?}");
}

#[test]
fn what_callers_asked_for_is_forgotten_with_them() {
    let mut room = Room::new(&["queue support: ann, stay-when-empty"]);
    let call = |room: &mut Room, call: u64, skill: &str| {
        let call = CallId(call);
        let mut entering = Entering::new(call, QueueId(1), room.now);
        entering.skills.push(need(&[skill, "1"]));
        room.input(AcdInput::Enqueued(entering));
        room.input(AcdInput::CallerGone { call, why: Gone::HungUp });
    };
    // A queue keeps its last decisions; once those are there nothing more comes.
    (0..10).for_each(|n| call(&mut room, n, "skill10"));
    let before = room.saved();
    (10..60).for_each(|n| call(&mut room, n, &format!("skill{n}")));
    assert_eq!(room.saved(), before);
}

#[test]
fn beyond_so_many_other_legs_only_the_known_ones_are_followed() {
    let mut room = Room::new(&["queue support: ann"]);
    let ann = AgentId(1);
    room.log_in(ann);
    let leg = |leg: u64, state| AcdInput::OtherLeg { agent: ann, leg: LegId(leg), call: CallId(leg), state };
    for known in 1..=OTHER_LEGS_MAX {
        room.input(leg(known, OtherLeg::Ringing));
    }
    room.input(leg(OTHER_LEGS_MAX + 1, OtherLeg::Active));
    let state = |room: &Room| room.acd.memberships(ann)[0].state.clone();
    assert_eq!(state(&room), AgentState::Ready);
    room.input(leg(OTHER_LEGS_MAX, OtherLeg::Active));
    assert_eq!(state(&room), AgentState::OtherCall { call: CallId(OTHER_LEGS_MAX) });
    room.input(leg(OTHER_LEGS_MAX, OtherLeg::Ended));
    assert_eq!(state(&room), AgentState::Ready);
}

#[test]
fn the_random_strategy_goes_on_drawing_when_the_rules_of_its_queue_change() {
    let mut room = Room::new(&["queue support: ann bob cid, random"]);
    (1..=3).for_each(|agent| room.log_in(AgentId(agent)));
    room.change("queue support: offer 30s");
    let mut drawn = [0; 3];
    for call in (0..60).map(CallId) {
        let out = room.input(AcdInput::Enqueued(Entering::new(call, QueueId(1), room.now)));
        let offered = out.iter().find_map(|output| {
            let AcdOutput::Offered { agent, .. } = output else { return None };
            Some(agent.0)
        });
        drawn[usize::try_from(offered.expect("somebody is free") - 1).expect("small")] += 1;
        room.input(AcdInput::CallerGone { call, why: Gone::HungUp });
    }
    assert!(drawn.iter().all(|times| *times >= 8), "{drawn:?}");
}

#[test]
fn the_record_has_the_callers_own_agents_first_and_then_everybody_else() {
    let mut room = Room::new(&["queue support: ann bob cid dan, linear"]);
    (1..=4).for_each(|agent| room.log_in(AgentId(agent)));
    let mut entering = Entering::new(CallId(1), QueueId(1), room.now);
    entering.preferred = vec![AgentId(4), AgentId(2), AgentId(4)];
    room.input(AcdInput::Enqueued(entering));
    let decision = room.acd.last_decision(CallId(1)).expect("it waits");
    let order: Vec<(u64, bool)> = decision.candidates.iter().map(|c| (c.agent.0, c.preferred)).collect();
    assert_eq!(order, [(4, true), (2, true), (1, false), (3, false)]);
    assert_eq!(decision.winners, [AgentId(4)]);
    assert_eq!(room.acd.last_decision(CallId(2)), None);
}

fn counted(decision: &Decision) -> Vec<(Exclusion, u32)> {
    decision.excluded_counts.iter().collect()
}

/// Every offer that is made is declined; then the last decision.
fn declined_by_all(room: &mut Room, call: CallId, entering: Entering) -> std::sync::Arc<Decision> {
    let mut out = room.input(AcdInput::Enqueued(entering));
    loop {
        let offer = out.iter().find_map(|output| {
            let AcdOutput::Offered { offer, .. } = output else { return None };
            Some(*offer)
        });
        let Some(offer) = offer else { break };
        out = room.input(AcdInput::OfferFailed { offer, why: OfferFailure::Declined });
    }
    room.acd.last_decision(call).expect("it waits")
}

#[test]
fn a_large_queue_names_only_so_many_whom_the_call_excludes_and_counts_them_all() {
    let mut room = Room::new(&["queue support: ann bob cid dan, linear", "limits: names 2, candidates 2"]);
    (1..=4).for_each(|agent| room.log_in(AgentId(agent)));
    let entering = Entering::new(CallId(1), QueueId(1), room.now);
    let decision = declined_by_all(&mut room, CallId(1), entering);
    assert_eq!(decision.excluded, [(Exclusion::DeclinedThis, vec![AgentId(1), AgentId(2)])]);
    assert_eq!(counted(&decision), [(Exclusion::DeclinedThis, 4)]);
}

#[test]
fn a_large_queue_names_nobody_who_could_have_had_no_call_at_all() {
    let mut room = Room::new(&["queue support: ann bob, ring-all", "limits: names 1, candidates 1"]);
    room.log_in(AgentId(1));
    room.input(AcdInput::Enqueued(Entering::new(CallId(1), QueueId(1), room.now)));
    room.log_in(AgentId(2));
    let decision = room.acd.last_decision(CallId(1)).expect("it waits");
    assert_eq!(decision.winners, [AgentId(2)]);
    assert_eq!(decision.excluded, []);
    assert_eq!(counted(&decision), [(Exclusion::Ringing, 1)]);
}

#[test]
fn who_declined_and_knows_no_longer_what_is_asked_for_is_counted_once() {
    let mut room = Room::new(&["queue support: ann bob, linear", "limits: names 1, candidates 1"]);
    room.world.change("agent ann: knows french 2");
    room.world.change("agent bob: knows french 2");
    room.configure();
    room.log_in(AgentId(1));
    let mut entering = Entering::new(CallId(1), QueueId(1), room.now);
    entering.skills.push(need(&["french", "1"]));
    declined_by_all(&mut room, CallId(1), entering);
    room.change("agent ann: knows nothing");
    room.log_in(AgentId(2));
    let decision = room.acd.last_decision(CallId(1)).expect("it waits");
    assert_eq!(decision.winners, [AgentId(2)]);
    assert_eq!(counted(&decision), [(Exclusion::DeclinedThis, 1)]);
    assert_eq!(decision.candidate_count, 1);
}
