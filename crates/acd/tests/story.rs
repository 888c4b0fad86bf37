//! Stories: text in, what happened out.
//!
//! First what is provisioned (`world.rs` knows the words), then lines that begin with a time. All agents'
//! phones are registered at the start unless `offline`. Deadlines before the time of a line pass first; what
//! happens at the very moment of a deadline comes before it. After every step the ACD audits itself.
//!
//! ```text
//! queue support: ann bob, longest-idle, offer 20s
//! 0s   ann login
//! 10s  caller 1 -> support
//! 15s  ann accepts
//! ```

use std::fmt::Write as _;
use std::time::Duration;

use acd::{
    Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, AgentState, Decision, Entering, Exclusion, Gone,
    MembershipResult, NoCall, NoPickup, OfferFailure, OfferOutcome, OtherLeg, PassedOver, Pending,
    QueueOutcome, Refusal, Scope, WhyNot,
};
use expect_test::Expect;
use model::{AgentId, CallId, FallbackAction, LegId, NotReadyReason, OfferId, QueueId, Timestamp};

use crate::world::{World, need};

/// Tells the story and compares what happened.
pub(crate) fn check(story: &str, expected: &Expect) {
    expected.assert_eq(&tell(story));
}

/// Most deadlines between two lines of a story.
const TICKS_MAX: usize = 10_000;

struct Story {
    world: World,
    acd: Acd,
    now: Timestamp,
    log: String,
    /// Live offers in the order in which they were made.
    rings: Vec<(OfferId, AgentId, CallId)>,
    /// Connected queue calls, oldest first.
    legs: Vec<(AgentId, CallId)>,
}

fn tell(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let mut world = World::new();
    let told = lines.iter().position(|line| !world.declare(line)).unwrap_or(lines.len());
    let acd = Acd::new(world.limits.clone(), OfferId(1));
    let mut story =
        Story { world, acd, now: Timestamp::ZERO, log: String::new(), rings: Vec::new(), legs: Vec::new() };
    story.start();
    for line in &lines[told..] {
        let (time, rest) = line.split_once(char::is_whitespace).unwrap_or_else(|| panic!("`{line}`"));
        story.pass_until(moment(time));
        story.line(rest.trim());
    }
    story.log
}

/// `30s` or `30.5s`.
fn moment(text: &str) -> Timestamp {
    let number = text.strip_suffix('s').unwrap_or_else(|| panic!("`{text}` is no time"));
    let (whole, ms) = number.split_once('.').unwrap_or((number, "0"));
    let ms: i64 = format!("{ms:0<3}").parse().expect("milliseconds");
    Timestamp::from_millis(whole.parse::<i64>().expect("seconds") * 1_000 + ms)
}

fn in_seconds(micros: i64) -> String {
    let (whole, rest) = (micros / 1_000_000, micros % 1_000_000 / 1_000);
    let text = format!("{whole}.{rest:03}");
    format!("{}s", text.trim_end_matches('0').trim_end_matches('.'))
}

fn span(length: Duration) -> String {
    in_seconds(i64::try_from(length.as_micros()).expect("a short story"))
}

impl Story {
    /// Provisions and registers; nothing of it is told.
    fn start(&mut self) {
        let mut out = AcdOutbox::default();
        self.acd.configure(&self.world.directory, self.now, &mut out);
        for id in self.world.agents.values().filter(|id| !self.world.offline.contains(id)) {
            self.acd.handle(AcdInput::Device { agent: *id, reachable: true }, self.now, &mut out);
        }
        self.audit();
    }

    fn audit(&self) {
        let broken = self.acd.check();
        assert!(broken.is_empty(), "at {}: {broken:#?}\n{}", in_seconds(self.now.0), self.log);
    }

    fn pass_until(&mut self, time: Timestamp) {
        assert!(time >= self.now, "a story does not go back");
        for _ in 0..TICKS_MAX {
            match self.acd.next_deadline() {
                Some(at) if at < time => {
                    self.now = at;
                    self.input(AcdInput::Tick);
                }
                Some(_) | None => {
                    self.now = time;
                    return;
                }
            }
        }
        panic!("the clock never stops:\n{}", self.log);
    }

    fn input(&mut self, input: AcdInput) {
        let mut out = AcdOutbox::default();
        self.acd.handle(input, self.now, &mut out);
        self.tell(out);
    }

    fn tell(&mut self, out: AcdOutbox) {
        for output in out.outputs {
            self.output(&output);
        }
        self.audit();
    }

    fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["end"] => {}
            ["config", ..] => {
                for change in line.trim_start_matches("config").split('&') {
                    self.world.change(change.trim());
                }
                let mut out = AcdOutbox::default();
                self.acd.configure(&self.world.directory, self.now, &mut out);
                self.tell(out);
            }
            ["caller", call, "->", queue, rest @ ..] => {
                let mut entering = Entering::new(number(call), self.world.queue(queue), self.now);
                self.entering(rest, &mut entering);
                self.input(AcdInput::Enqueued(entering));
            }
            ["caller", call, "wants", "callback"] => {
                self.input(AcdInput::CallbackRequested { call: number(call) });
            }
            ["midnight"] => self.input(AcdInput::DayBegins),
            ["why", agent] => self.why(self.world.agent(agent)),
            ["expected", queue] => {
                let wait = self.acd.expected_wait(self.world.queue(queue)).map_or("unknown".into(), span);
                self.say("expected", &format!("{queue}  {wait}"));
            }
            ["caller", call, "hangs", "up"] => {
                self.input(AcdInput::CallerGone { call: number(call), why: Gone::HungUp });
            }
            ["caller", call, "removed"] => {
                self.input(AcdInput::CallerGone { call: number(call), why: Gone::Removed });
            }
            ["offer", offer, "answered"] => {
                self.input(AcdInput::OfferAnswered { offer: OfferId(number(offer).0) });
            }
            [agent, rest @ ..] => {
                let agent = self.world.agent(agent);
                self.agent_line(agent, rest);
            }
            [] => {}
        }
    }

    /// `vip 5`, `needs french 3`, `prefers ann`, `received 3s`, `resumes 3s`, in any order.
    fn entering(&self, words: &[&str], entering: &mut Entering) {
        match words {
            [] => return,
            ["vip", priority, ..] => entering.priority = priority.parse().expect("a priority"),
            ["prefers", agent, ..] => entering.preferred.push(self.world.agent(agent)),
            ["received", time, ..] => entering.received_at = moment(time),
            ["resumes", time, ..] => entering.resumes = Some(moment(time)),
            ["needs", skill, level, "less", by, "each", time, rest @ ..] => {
                entering.skills.push(need(&[skill, level, "less", by, "each", time]));
                return self.entering(rest, entering);
            }
            ["needs", skill, level, rest @ ..] => {
                entering.skills.push(need(&[skill, level]));
                return self.entering(rest, entering);
            }
            _ => panic!("`{words:?}`"),
        }
        self.entering(&words[2..], entering);
    }

    fn why(&mut self, agent: AgentId) {
        for NoCall { queue, standing, since, passed } in self.acd.why_no_call(agent) {
            let standing = standing.map_or("free", exclusion);
            let passed = passed.map_or(String::new(), |PassedOver { decision, why }| {
                let why = match why {
                    WhyNot::Excluded(why) => exclusion(why).to_owned(),
                    WhyNot::Behind(ahead) => {
                        let names: Vec<&str> = ahead.iter().map(|id| self.world.agent_name(*id)).collect();
                        format!("behind {}", names.join(" "))
                    }
                };
                format!("; call {} at {}: {why}", decision.call, in_seconds(decision.at.0))
            });
            let line = format!("{}: {standing} since {}{passed}", self.at(agent, queue), in_seconds(since.0));
            self.say("why not", &line);
        }
    }

    fn agent_line(&mut self, agent: AgentId, words: &[&str]) {
        let failed = |why| move |offer| AcdInput::OfferFailed { offer, why };
        let leg = |leg: &str, state| AcdInput::OtherLeg {
            agent,
            leg: LegId(number(leg).0),
            call: CallId(number(leg).0 + 900),
            state,
        };
        match words {
            ["accepts", call @ ..] => {
                self.on_offer(agent, call, |offer| AcdInput::OfferAnswered { offer });
            }
            ["declines", call @ ..] => self.on_offer(agent, call, failed(OfferFailure::Declined)),
            ["busy", call @ ..] => self.on_offer(agent, call, failed(OfferFailure::Busy)),
            ["lifts", call @ ..] => self.on_offer(agent, call, |offer| AcdInput::OfferPicked { offer }),
            ["does", "not", "accept", call @ ..] => {
                self.on_offer(agent, call, |offer| AcdInput::NotAccepted { offers: vec![offer] });
            }
            ["picks", call, queue] => self.picks(agent, number(call), self.world.queue(queue)),
            ["hours", "begin"] => self.input(AcdInput::Hours { edges: vec![(agent, true)] }),
            ["hours", "end"] => self.input(AcdInput::Hours { edges: vec![(agent, false)] }),
            ["unreachable", call @ ..] => self.on_offer(agent, call, failed(OfferFailure::Unreachable)),
            ["hangs", "up", call @ ..] => {
                let fits = |c: &CallId| call.first().is_none_or(|call| number(call) == *c);
                let index = self.legs.iter().position(|(a, c)| *a == agent && fits(c));
                let (_, call) = self.legs.remove(index.expect("she talks"));
                self.input(AcdInput::QueueLegEnded { agent, call });
            }
            ["rung", n] => self.input(leg(n, OtherLeg::Ringing)),
            ["talks", n] => self.input(leg(n, OtherLeg::Active)),
            ["ends", n] => self.input(leg(n, OtherLeg::Ended)),
            ["registers"] => self.input(AcdInput::Device { agent, reachable: true }),
            ["unregisters"] => self.input(AcdInput::Device { agent, reachable: false }),
            [verb, rest @ ..] => {
                let (scope, rest) = match rest.split_last() {
                    Some((last, before)) if self.world.queues.contains_key(*last) => {
                        (Scope::Queue(self.world.queue(last)), before)
                    }
                    Some(_) | None => (Scope::All, rest),
                };
                let reason = rest.first().copied().unwrap_or("");
                let action = match *verb {
                    "login" => AgentAction::Login,
                    "logout" => AgentAction::Logout,
                    "ready" => AgentAction::Ready,
                    "not-ready" => AgentAction::NotReady(NotReadyReason::chosen(reason)),
                    "single-call" => AgentAction::SingleCall,
                    "wrap-up" => AgentAction::WrapUp,
                    "more-time" => AgentAction::MoreTime(60),
                    other => panic!("nobody knows how to `{other}`"),
                };
                self.act(agent, scope, action);
            }
            [] => panic!("an agent does nothing"),
        }
    }

    fn on_offer(&mut self, agent: AgentId, call: &[&str], input: impl Fn(OfferId) -> AcdInput) {
        let fits = |c: CallId| call.first().is_none_or(|call| number(call) == c);
        let ring = self.rings.iter().find(|(_, a, c)| *a == agent && fits(*c));
        let (offer, ..) = *ring.unwrap_or_else(|| panic!("nothing rings her:\n{}", self.log));
        self.input(input(offer));
    }

    fn picks(&mut self, agent: AgentId, call: CallId, queue: QueueId) {
        let mut out = AcdOutbox::default();
        if let Err(why) = self.acd.pick_up((call, queue), agent, self.now, &mut out) {
            let why = match why {
                NoPickup::NotWaiting => "does not wait there",
                NoPickup::BeingAnswered => "somebody answers it",
                NoPickup::OffersUsedUp => "has rung too often",
                NoPickup::Agent(why) => exclusion(why),
            };
            self.say("refused", &format!("call {call}  {}: {why}", self.world.agent_name(agent)));
        }
        self.tell(out);
    }

    fn act(&mut self, agent: AgentId, scope: Scope, action: AgentAction) {
        let mut out = AcdOutbox::default();
        let results = self.acd.act(agent, scope, action, self.now, &mut out);
        if results.is_empty() {
            self.say("nothing", &format!("{} is in no queue", self.world.agent_name(agent)));
        }
        for MembershipResult { queue, result, .. } in results {
            match result {
                Err(why) => self.say("refused", &format!("{}: {}", self.at(agent, queue), refusal(why))),
                Ok(now) if now.pending.is_some() => {
                    self.say("accepted", &format!("{}: after the call", self.at(agent, queue)));
                }
                Ok(_) => {}
            }
        }
        self.tell(out);
    }

    fn at(&self, agent: AgentId, queue: QueueId) -> String {
        format!("{}@{}", self.world.agent_name(agent), self.world.queue_name(queue))
    }

    fn say(&mut self, verb: &str, what: &str) {
        let _ = writeln!(self.log, "{:<6} {verb:<10} {what}", in_seconds(self.now.0));
    }

    fn output(&mut self, output: &AcdOutput) {
        match output {
            AcdOutput::Queued { call, queue, position, .. } => {
                let queue = self.world.queue_name(*queue);
                self.say("queued", &format!("call {call}  {queue}, position {position}"));
            }
            AcdOutput::Offered { offer, call, agent, until, decision, .. } => {
                self.rings.push((*offer, *agent, *call));
                let ring = span(until.since(self.now));
                let name = self.world.agent_name(*agent);
                let mut line = if decision.picked_up == Some(*agent) {
                    format!("call {call}  {name} (picks it up, for {ring})")
                } else {
                    let chosen = decision.candidates.iter().find(|c| c.agent == *agent).expect("a winner");
                    let idle = span(self.now.since(chosen.idle_since));
                    format!("call {call}  {name} (idle {idle}, for {ring})")
                };
                for (why, agents) in &decision.excluded {
                    if *why == Exclusion::OtherQueueFirst {
                        let names: Vec<&str> = agents.iter().map(|id| self.world.agent_name(*id)).collect();
                        let _ = write!(line, "; {}: {}", exclusion(*why), names.join(" "));
                    }
                }
                self.say("offered", &line);
            }
            AcdOutput::OfferEnded { offer, call, agent, outcome, .. } => {
                self.rings.retain(|(id, ..)| id != offer);
                let name = self.world.agent_name(*agent).to_owned();
                let (verb, note) = offer_outcome(*outcome);
                self.say(verb, &format!("call {call}  {name}{note}"));
            }
            AcdOutput::Decided { decision } => {
                if let Some(agent) = decision.picked_up {
                    let name = self.world.agent_name(agent);
                    return self
                        .say("picked up", &format!("call {}  {name}, who is rung already", decision.call));
                }
                let why = self.exclusions(decision);
                let verb = if decision.left.is_some() { "sent on" } else { "waits" };
                self.say(verb, &format!("call {}  position {}{why}", decision.call, decision.position));
            }
            AcdOutput::Connected { offer, call, agent, enqueued_at, .. } => {
                self.rings.retain(|(id, ..)| id != offer);
                self.legs.push((*agent, *call));
                let waited = span(self.now.since(*enqueued_at));
                let name = self.world.agent_name(*agent).to_owned();
                self.say("connected", &format!("call {call}  {name} (waited {waited})"));
            }
            AcdOutput::LeftQueue { call, queue, outcome, next, .. } => {
                let next = next.as_ref().map_or(String::new(), |next| format!(" -> {}", fallback(next)));
                let queue = self.world.queue_name(*queue);
                self.say("left", &format!("call {call}  {queue}: {}{next}", queue_outcome(*outcome)));
            }
            AcdOutput::AgentChanged { agent, queue, state, since, available, pending } => {
                let mut line = format!("{:<13} {}", self.at(*agent, *queue), self.state(state));
                match (*state == AgentState::Ready, available) {
                    (true, false) => line += ", not available",
                    (false, true) => line += ", available",
                    (true, true) | (false, false) => {}
                }
                match pending {
                    Some(Pending::Logout) => line += ", then logged out",
                    Some(Pending::NotReady(reason)) => {
                        let _ = write!(line, ", then not ready: {}", reason.as_str());
                    }
                    None => {}
                }
                if *since != self.now {
                    let _ = write!(line, ", since {}", in_seconds(since.0));
                }
                self.say("state", &line);
            }
            AcdOutput::AgentRemoved { agent, queue } => self.say("removed", &self.at(*agent, *queue)),
            AcdOutput::Faulted { call, what } => panic!("call {call}: {what}\n{}", self.log),
        }
    }

    fn state(&self, state: &AgentState) -> String {
        match state {
            AgentState::Offline => "offline".into(),
            AgentState::LoggedOut => "logged out".into(),
            AgentState::NotReady { reason } => format!("not ready: {}", reason.as_str()),
            AgentState::Ready => "ready".into(),
            AgentState::Ringing { offer } => format!("ringing, offer {offer}"),
            AgentState::QueueCall { call } => format!("queue call {call}"),
            AgentState::OtherCall { call } => format!("other call {call}"),
            AgentState::WrapUp { until: Some(until) } => format!("wrap-up until {}", in_seconds(until.0)),
            AgentState::WrapUp { until: None } => "wrap-up".into(),
        }
    }

    fn exclusions(&self, decision: &Decision) -> String {
        assert!(decision.winners.is_empty(), "{decision:?}");
        assert!(decision.candidates.is_empty() || decision.left.is_some(), "{decision:?}");
        let mut text = String::new();
        for (why, agents) in &decision.excluded {
            let names: Vec<&str> = agents.iter().map(|id| self.world.agent_name(*id)).collect();
            let _ = write!(text, "; {}: {}", exclusion(*why), names.join(" "));
        }
        text
    }
}

fn number(text: &str) -> CallId {
    CallId(text.parse().unwrap_or_else(|_| panic!("`{text}` is no number")))
}

fn offer_outcome(outcome: OfferOutcome) -> (&'static str, &'static str) {
    match outcome {
        OfferOutcome::NoAnswer => ("expired", ""),
        OfferOutcome::Declined => ("declined", ""),
        OfferOutcome::Busy => ("busy", ""),
        OfferOutcome::Unreachable => ("no-device", ""),
        OfferOutcome::AnsweredElsewhere => ("withdrawn", " (answered elsewhere)"),
        OfferOutcome::CallerGone => ("withdrawn", " (caller gone)"),
        OfferOutcome::WaitExpired => ("withdrawn", " (wait expired)"),
        OfferOutcome::AgentLeft => ("withdrawn", " (agent left)"),
        OfferOutcome::PickedUp => ("withdrawn", " (picked up)"),
    }
}

fn queue_outcome(outcome: QueueOutcome) -> &'static str {
    match outcome {
        QueueOutcome::Answered => "answered",
        QueueOutcome::Abandoned => "abandoned",
        QueueOutcome::OverflowTimeout => "waited too long",
        QueueOutcome::Full => "full",
        QueueOutcome::NoAgents => "no agents",
        QueueOutcome::Removed => "removed",
        QueueOutcome::QueueGone => "queue gone",
        QueueOutcome::Closed => "closed",
        QueueOutcome::Night => "night",
        QueueOutcome::Exited => "exited",
        QueueOutcome::CallbackRequested => "callback requested",
        QueueOutcome::CallbackDone => "called back",
        QueueOutcome::CallbackFailed => "callback failed",
    }
}

pub(crate) fn exclusion(why: Exclusion) -> &'static str {
    match why {
        Exclusion::NotActive => "not active",
        Exclusion::NoExtension => "no extension",
        Exclusion::EntryDisabled => "entry disabled",
        Exclusion::LoggedOut => "logged out",
        Exclusion::Unreachable => "unreachable",
        Exclusion::Dnd => "do not disturb",
        Exclusion::OnCall => "on a call",
        Exclusion::Ringing => "ringing",
        Exclusion::WrapUp => "wrap-up",
        Exclusion::NotReady => "not ready",
        Exclusion::PendingLeave => "about to leave",
        Exclusion::DeclinedThis => "declined it",
        Exclusion::RetryDelay => "missed one just now",
        Exclusion::SkillMissing => "lacks a skill",
        Exclusion::OtherQueueFirst => "another queue first",
    }
}

fn refusal(why: Refusal) -> &'static str {
    match why {
        Refusal::NotAMember => "not a member",
        Refusal::NoExtension => "no extension",
        Refusal::NotActive => "not active",
        Refusal::NotLoggedIn => "not logged in",
        Refusal::EntryDisabled => "entry disabled",
        Refusal::WrongState => "not in this state",
    }
}

fn fallback(next: &FallbackAction) -> String {
    match next {
        FallbackAction::Hangup { .. } => "hang up".into(),
        FallbackAction::Queue(number) => format!("queue {number}"),
        FallbackAction::Extension(number) => format!("extension {number}"),
        FallbackAction::Flow(number) => format!("flow {number}"),
        FallbackAction::RingGroup(number) => format!("group {number}"),
        FallbackAction::External(number) => format!("{number} outside"),
        FallbackAction::Voicemail { .. } => "voicemail".into(),
    }
}
