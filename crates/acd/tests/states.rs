//! The table state × what happens → state, driven out of the ACD itself and kept as a page of the book.

use std::fmt::Write as _;

use acd::{
    Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, AgentState, Entering, Gone, Limits, MembershipView,
    OfferFailure, OtherLeg, Pending, Refusal, Scope,
};
use expect_test::expect_file;
use model::{AgentId, CallId, LegId, NotReadyReason, OfferId, QueueId, Timestamp};

use crate::world::World;

const ANN: AgentId = AgentId(1);
const SUPPORT: QueueId = QueueId(1);
const SALES: QueueId = QueueId(2);
const START: Timestamp = Timestamp::from_secs(1_000);

/// The states in the order of the domain's table.
const STATES: [&str; 8] =
    ["offline", "logged out", "not ready", "ready", "ringing", "queue call", "other call", "wrap-up"];

/// What can happen, in the order of the page.
const EVENTS: [&str; 28] = [
    "log in",
    "ready",
    "not ready: lunch",
    "one call",
    "wrap-up asked",
    "more time asked",
    "log out",
    "a caller comes",
    "she answers",
    "it rings out",
    "she declines",
    "her phone is busy",
    "no device is reached",
    "the caller hangs up",
    "her queue call ends",
    "a direct call rings",
    "a direct call begins",
    "the direct call ends",
    "another queue's call ends",
    "another queue's call ends, then 10 s of wrap-up",
    "wrap-up runs out",
    "her phone is lost",
    "her phone is back",
    "a minute passes",
    "entry switched off",
    "taken out of the queue",
    "agent disabled",
    "queue deleted",
];

/// One agent of two queues, seen from the first.
struct Desk {
    world: World,
    acd: Acd,
    now: Timestamp,
    rings: Option<(OfferId, CallId)>,
    talks: Option<CallId>,
    direct: bool,
    next_call: u64,
}

impl Desk {
    fn new(rules: &str) -> Self {
        let mut world = World::new();
        world.declare(&format!("queue support: ann, stay-when-empty, offer 20s, {rules}"));
        world.declare("queue sales: ann, stay-when-empty, offer 20s, auto-ready");
        let mut acd = Acd::new(Limits::default(), OfferId(1));
        let mut out = AcdOutbox::default();
        acd.configure(&world.directory, START, &mut out);
        let mut desk = Self { world, acd, now: START, rings: None, talks: None, direct: false, next_call: 1 };
        desk.input(AcdInput::Device { agent: ANN, reachable: true });
        desk
    }

    /// A fresh desk in one of the states; it must be that state.
    fn in_state(rules: &str, state: &str) -> Self {
        let mut desk = Self::new(rules);
        if state != "logged out" {
            assert_eq!(desk.act(AgentAction::Login), Ok(()));
            assert_eq!(desk.act(AgentAction::Ready), Ok(()));
        }
        match state {
            "offline" => desk.happens("her phone is lost"),
            "not ready" => desk.happens("not ready: lunch"),
            "ringing" => desk.happens("a caller comes"),
            "queue call" => desk.happens("a caller comes") && desk.happens("she answers"),
            "other call" => desk.happens("a direct call begins"),
            "wrap-up" => desk.happens("wrap-up asked"),
            _ => true,
        };
        let view = desk.view().expect("a member");
        assert_eq!(name(&view.state), state, "with {rules}");
        desk
    }

    fn view(&self) -> Option<MembershipView> {
        self.acd.memberships(ANN).into_iter().find(|view| view.queue == SUPPORT)
    }

    fn input(&mut self, input: AcdInput) -> bool {
        let mut out = AcdOutbox::default();
        self.acd.handle(input, self.now, &mut out);
        self.told(out)
    }

    fn told(&mut self, out: AcdOutbox) -> bool {
        for output in out.outputs {
            match output {
                AcdOutput::Offered { offer, call, .. } => self.rings = Some((offer, call)),
                AcdOutput::OfferEnded { .. } => self.rings = None,
                AcdOutput::Connected { call, .. } => {
                    self.rings = None;
                    self.talks = Some(call);
                }
                AcdOutput::Queued { .. }
                | AcdOutput::Decided { .. }
                | AcdOutput::LeftQueue { .. }
                | AcdOutput::AgentChanged { .. }
                | AcdOutput::AgentRemoved { .. } => {}
                AcdOutput::Faulted { what, .. } => panic!("{what}"),
            }
        }
        let broken = self.acd.check();
        assert!(broken.is_empty(), "{broken:#?}");
        true
    }

    fn act(&mut self, action: AgentAction) -> Result<(), Refusal> {
        let mut out = AcdOutbox::default();
        let results = self.acd.act(ANN, Scope::Queue(SUPPORT), action, self.now, &mut out);
        self.told(out);
        results[0].result.clone().map(|_| ())
    }

    fn call_comes(&mut self, queue: QueueId) -> bool {
        let call = CallId(self.next_call);
        self.next_call += 1;
        self.input(AcdInput::Enqueued(Entering::new(call, queue, self.now)))
    }

    fn fails(&mut self, why: OfferFailure) -> bool {
        let Some((offer, _)) = self.rings else { return false };
        self.input(AcdInput::OfferFailed { offer, why })
    }

    fn direct(&mut self, state: OtherLeg) -> bool {
        self.direct = state != OtherLeg::Ended;
        self.input(AcdInput::OtherLeg { agent: ANN, leg: LegId(99), call: CallId(999), state })
    }

    fn passes(&mut self, seconds: i64) -> bool {
        let until = Timestamp(self.now.0 + seconds * 1_000_000);
        while let Some(at) = self.acd.next_deadline().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.input(AcdInput::Tick);
        }
        self.now = until;
        true
    }

    fn provision(&mut self, change: &str) -> bool {
        self.world.change(change);
        let mut out = AcdOutbox::default();
        self.acd.configure(&self.world.directory, self.now, &mut out);
        self.told(out)
    }

    /// Lets it happen; false if it cannot happen now.
    fn happens(&mut self, event: &str) -> bool {
        let asks = |desk: &mut Self, action| {
            let _ = desk.act(action);
            true
        };
        let rings = self.rings;
        match event {
            "log in" => asks(self, AgentAction::Login),
            "ready" => asks(self, AgentAction::Ready),
            "not ready: lunch" => asks(self, AgentAction::NotReady(NotReadyReason::chosen("lunch"))),
            "one call" => asks(self, AgentAction::SingleCall),
            "wrap-up asked" => asks(self, AgentAction::WrapUp),
            "more time asked" => asks(self, AgentAction::MoreTime(60)),
            "log out" => asks(self, AgentAction::Logout),
            "a caller comes" => self.call_comes(SUPPORT),
            "she answers" => rings.is_some_and(|(offer, _)| self.input(AcdInput::OfferAnswered { offer })),
            "it rings out" => rings.is_some() && self.passes(20),
            "she declines" => self.fails(OfferFailure::Declined),
            "her phone is busy" => self.fails(OfferFailure::Busy),
            "no device is reached" => self.fails(OfferFailure::Unreachable),
            "the caller hangs up" => {
                rings.is_some_and(|(_, call)| self.input(AcdInput::CallerGone { call, why: Gone::HungUp }))
            }
            "her queue call ends" => {
                self.talks.is_some_and(|call| self.input(AcdInput::QueueLegEnded { agent: ANN, call }))
            }
            "a direct call rings" => !self.direct && self.direct(OtherLeg::Ringing),
            "a direct call begins" => !self.direct && self.direct(OtherLeg::Active),
            "the direct call ends" => self.direct && self.direct(OtherLeg::Ended),
            "another queue's call ends" => {
                self.direct && self.direct(OtherLeg::Ended) && self.call_of_sales_ends()
            }
            "another queue's call ends, then 10 s of wrap-up" => {
                self.direct
                    && self.provision("queue sales: wrap-up 10s")
                    && self.direct(OtherLeg::Ended)
                    && self.call_of_sales_ends()
            }
            "wrap-up runs out" => {
                let Some(view) = self.view() else { return false };
                matches!(view.state, AgentState::WrapUp { until: Some(_) }) && self.passes(30)
            }
            "her phone is lost" => {
                self.acd.reachable(ANN) && self.input(AcdInput::Device { agent: ANN, reachable: false })
            }
            "her phone is back" => {
                !self.acd.reachable(ANN) && self.input(AcdInput::Device { agent: ANN, reachable: true })
            }
            "a minute passes" => !self.acd.reachable(ANN) && self.passes(60),
            "entry switched off" => self.provision("member ann support: disabled"),
            "taken out of the queue" => self.provision("member ann support gone"),
            "agent disabled" => self.provision("agent ann: disabled"),
            "queue deleted" => self.provision("queue support gone"),
            other => panic!("`{other}` never happens"),
        }
    }

    /// The other call was one of another queue: she takes one there and it ends.
    fn call_of_sales_ends(&mut self) -> bool {
        let _ = self.act(AgentAction::Ready);
        let mut out = AcdOutbox::default();
        for action in [AgentAction::Login, AgentAction::Ready] {
            self.acd.act(ANN, Scope::Queue(SALES), action, self.now, &mut out);
        }
        self.call_comes(SALES) && self.happens("she answers") && {
            let view = self.view().expect("a member");
            assert_eq!(name(&view.state), "other call");
            self.happens("her queue call ends")
        }
    }
}

fn name(state: &AgentState) -> &'static str {
    match state {
        AgentState::Offline => "offline",
        AgentState::LoggedOut => "logged out",
        AgentState::NotReady { .. } => "not ready",
        AgentState::Ready => "ready",
        AgentState::Ringing { .. } => "ringing",
        AgentState::QueueCall { .. } => "queue call",
        AgentState::OtherCall { .. } => "other call",
        AgentState::WrapUp { .. } => "wrap-up",
    }
}

/// The state in words; what is not plain of it in brackets.
fn words(view: &MembershipView, now: Timestamp) -> String {
    let mut text = match &view.state {
        AgentState::NotReady { reason } => format!("not ready: {}", reason.as_str()),
        AgentState::WrapUp { until: Some(until) } => format!("wrap-up, {} s", until.since(now).as_secs()),
        AgentState::WrapUp { until: None } => "wrap-up, no end".into(),
        plain @ (AgentState::Offline
        | AgentState::LoggedOut
        | AgentState::Ready
        | AgentState::Ringing { .. }
        | AgentState::QueueCall { .. }
        | AgentState::OtherCall { .. }) => name(plain).into(),
    };
    if view.state == AgentState::Ready && !view.available {
        text += " (not available)";
    }
    match &view.pending {
        Some(Pending::Logout) => text += " (then logged out)",
        Some(Pending::NotReady(reason)) => {
            let _ = write!(text, " (then not ready: {})", reason.as_str());
        }
        None => {}
    }
    text
}

fn cell(rules: &str, state: &str, event: &str) -> String {
    let mut desk = Desk::in_state(rules, state);
    let before = desk.view();
    let action = match event {
        "log in" => Some(AgentAction::Login),
        "ready" => Some(AgentAction::Ready),
        "not ready: lunch" => Some(AgentAction::NotReady(NotReadyReason::chosen("lunch"))),
        "one call" => Some(AgentAction::SingleCall),
        "wrap-up asked" => Some(AgentAction::WrapUp),
        "more time asked" => Some(AgentAction::MoreTime(60)),
        "log out" => Some(AgentAction::Logout),
        _ => None,
    };
    if let Some(action) = action {
        match desk.act(action) {
            Ok(()) => {}
            Err(Refusal::NotLoggedIn) => return "refused: not logged in".into(),
            Err(Refusal::WrongState) => return "refused: wrong state".into(),
            Err(other) => panic!("{other:?}"),
        }
    } else if !desk.happens(event) {
        return String::new();
    }
    match desk.view() {
        None => "*(no member)*".into(),
        after if after == before => "–".into(),
        Some(after) => words(&after, desk.now),
    }
}

fn table(page: &mut String, rules: &str) {
    let _ = writeln!(page, "| | {} |", STATES.join(" | "));
    let _ = writeln!(page, "|---{}|", "|---".repeat(STATES.len()));
    for event in EVENTS {
        let cells: Vec<String> = STATES.iter().map(|state| cell(rules, state, event)).collect();
        let _ = writeln!(page, "| **{event}** | {} |", cells.join(" | "));
    }
}

const INTRODUCTION: &str = "\
# Agent states

What an agent does, as one of her queues sees it, and what becomes of it.
This page is written by a test of the `acd` crate, which brings an agent into each state and lets each thing
happen to her; `UPDATE_EXPECT=1 cargo test -p acd` writes it anew.

The columns are the state before, the rows what happens, the cells the state after.
`–` means that nothing changes, an empty cell that it cannot happen in that state.
In brackets: what is asked for the end of the call, and *not available* where a ready agent is not offered calls
for now.
*Offline* is an agent who is logged in and whose phone is lost; *not ready* is her own, with the reason lunch.
The agent takes one call at a time and is in two queues; the page shows the first.
Her login outlives her phone by 60 seconds; logged out without a phone she is offline too.
";

#[test]
fn the_page_of_agent_states_is_what_the_acd_does() {
    let mut page = String::from(INTRODUCTION);
    for (title, rules) in [
        ("Ready by itself (`auto_ready: true`), no wrap-up", "auto-ready, wrap-up 0s"),
        ("Ready by hand (`auto_ready: false`), no wrap-up time", "manual, wrap-up 0s"),
        ("Ready by itself, 30 seconds of wrap-up", "auto-ready, wrap-up 30s"),
        ("Ready by hand, 30 seconds of wrap-up", "manual, wrap-up 30s"),
    ] {
        let _ = write!(page, "\n## {title}\n\n");
        table(&mut page, rules);
    }
    expect_file!["../../../docs/book/src/reference/agent-states.md"].assert_eq(&page);
}
