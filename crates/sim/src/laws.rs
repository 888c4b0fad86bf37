//! What must be true of every step, whoever wrote the story: of commands, events, replies and views. These rules
//! need no reference; they look at what goes out only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{
    AgentView, CallRecord, CallView, Command, Engine, EventKind, Input, LegCommand, LegInput, MediaCommand,
    Outbox, QueueOutcome, QueueView,
};
use model::{AgentId, CallId, LegId, OfferId, QueueId, Timestamp};

use crate::violation::Violation;

pub(crate) mod record;

/// All views at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) agents: BTreeMap<AgentId, AgentView>,
    pub(crate) queues: BTreeMap<QueueId, QueueView>,
    pub(crate) calls: BTreeMap<CallId, CallView>,
}

impl Snapshot {
    fn of(engine: &Engine) -> Self {
        let view = engine.view();
        Self {
            agents: view.agents().into_iter().map(|agent| (agent.agent, agent)).collect(),
            queues: view.queues().into_iter().map(|queue| (queue.queue, queue)).collect(),
            calls: view.calls().into_iter().map(|call| (call.call, call)).collect(),
        }
    }
}

/// One leg as the shell sees it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    arrived: bool,
    answered: bool,
    told_to_end: bool,
    pub(crate) over: bool,
}

/// The rules, and what they must remember.
#[derive(Clone, Debug, Default)]
pub(crate) struct Laws {
    pub(crate) before: Snapshot,
    pub(crate) legs: BTreeMap<LegId, Seen>,
    pub(crate) bridged: BTreeMap<LegId, LegId>,
    pub(crate) arrived: BTreeSet<CallId>,
    pub(crate) live_offers: BTreeSet<OfferId>,
    pub(crate) used_offers: BTreeSet<OfferId>,
    pub(crate) connected: BTreeSet<CallId>,
    /// How each stay in a line ended, by call, in order, as the events said.
    pub(crate) ways_out: BTreeMap<CallId, Vec<(QueueId, QueueOutcome)>>,
    pub(crate) records: BTreeMap<CallId, Arc<CallRecord>>,
    pub(crate) broken: Vec<Violation>,
}

impl Laws {
    pub(crate) fn new(engine: &Engine) -> Self {
        Self { before: Snapshot::of(engine), ..Self::default() }
    }

    pub(crate) fn rule(&mut self, law: &'static str, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.broken.push(Violation { law, what: what() });
        }
    }

    /// After one step.
    pub(crate) fn check(&mut self, engine: &Engine, input: &Input, now: Timestamp, out: &Outbox) {
        self.note(input);
        for command in out.commands.iter().filter(|_| !matches!(input, Input::Restarted)) {
            self.command(command);
        }
        for event in &out.events {
            self.event(&event.kind, now);
        }
        let after = Snapshot::of(engine);
        self.views(&after, out);
        self.changes(&after, out);
        self.before = after;
        let asked = usize::from(matches!(input, Input::Request(..)));
        self.rule("34", out.replies.len() == asked, || format!("{} replies to {input:?}", out.replies.len()));
        self.callers_gone(input, out);
        self.comes_and_goes(engine, input, out);
        let ticked = matches!(input, Input::Tick);
        let late = engine.next_deadline().filter(|at| ticked && *at <= now);
        self.rule("38", late.is_none(), || format!("a clock of {late:?} has not fired at {now:?}"));
    }

    /// Every leg is over, and nobody hears anybody.
    pub(crate) fn process_died(&mut self) {
        self.legs.values_mut().for_each(|leg| leg.over = true);
        self.bridged.clear();
    }

    fn note(&mut self, input: &Input) {
        let Input::Leg(leg, input) = input else { return };
        match input {
            LegInput::Arrived(_) => {
                self.legs.insert(*leg, Seen { arrived: true, ..Seen::default() });
            }
            LegInput::Answered => self.legs.entry(*leg).or_default().answered = true,
            LegInput::Ended(_) => self.legs.entry(*leg).or_default().over = true,
            LegInput::Ringing | LegInput::Digit(_) | LegInput::Held(_) => {}
        }
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Leg(leg, LegCommand::Dial { .. }) => {
                let new = self.legs.insert(*leg, Seen::default()).is_none();
                self.rule("41", new && leg.0 % 2 == 1, || format!("dialed leg {leg} is not new and odd"));
            }
            Command::Leg(leg, command) => self.leg_command(*leg, command),
            Command::Media(MediaCommand::Play { leg, prompts, .. }) => {
                let hears = self.living(*leg, command).answered && !prompts.is_empty();
                self.rule("30", hears, || format!("{command:?}: leg {leg} cannot hear it"));
            }
            Command::Media(
                MediaCommand::PlayRecord { leg, .. }
                | MediaCommand::Record { leg, .. }
                | MediaCommand::Press { leg, .. },
            ) => {
                let hears = self.living(*leg, command).answered;
                self.rule("30", hears, || format!("{command:?}: leg {leg} is not answered"));
            }
            Command::Media(MediaCommand::RecordTalk { leg, .. }) => {
                self.living(*leg, command);
                let talks = self.bridged.contains_key(leg);
                self.rule("30", talks, || format!("{command:?}: leg {leg} talks with nobody"));
            }
            Command::Erase { .. } | Command::KeepPrompt(_) | Command::Lamp { .. } => {}
            Command::Media(MediaCommand::StopPlay { leg } | MediaCommand::StopRecord { leg }) => {
                self.living(*leg, command);
            }
            Command::Media(MediaCommand::Bridge { a, b }) => {
                let ready = self.living(*a, command).answered && self.living(*b, command).answered;
                self.rule("3", ready, || format!("{command:?}: not both are answered"));
                let alone = self.bridged.insert(*a, *b).is_none() & self.bridged.insert(*b, *a).is_none();
                self.rule("30", alone, || format!("{command:?}: a leg hears two"));
            }
            Command::Media(MediaCommand::Unbridge { a, b }) => {
                let were = self.bridged.remove(a) == Some(*b) && self.bridged.remove(b) == Some(*a);
                self.rule("30", were, || format!("{command:?}: they did not hear each other"));
            }
            Command::Fetch(..) => {}
        }
    }

    fn leg_command(&mut self, leg: LegId, command: &LegCommand) {
        let seen = self.living(leg, command);
        let early = seen.arrived && !seen.answered;
        let fits = match command {
            LegCommand::Ring | LegCommand::Answer | LegCommand::Refuse(_) => early,
            LegCommand::End(_) => !early,
            LegCommand::Dial { .. } => true,
            LegCommand::Secrecy(_) => seen.arrived,
            LegCommand::Lift => !seen.arrived && !seen.answered,
        };
        self.rule("33", fits, || format!("{command:?} for leg {leg}, which is {seen:?}"));
        let state = self.legs.entry(leg).or_default();
        state.answered |= *command == LegCommand::Answer;
        state.told_to_end |= matches!(command, LegCommand::Refuse(_) | LegCommand::End(_));
    }

    /// The leg a command is for: it is there, not over, and not told to end.
    fn living(&mut self, leg: LegId, command: &impl std::fmt::Debug) -> Seen {
        let seen = self.legs.get(&leg).copied();
        let lives = seen.is_some_and(|seen| !seen.over && !seen.told_to_end);
        self.rule("33", lives, || format!("{command:?} for leg {leg}, which is {seen:?}"));
        seen.unwrap_or_default()
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "events that no law is about, those to come too")]
    fn event(&mut self, kind: &EventKind, now: Timestamp) {
        match kind {
            EventKind::CallFaulted { call, what } => {
                self.rule("error log", false, || format!("call {call} faulted: {what}"));
            }
            EventKind::CallArrived { call } => {
                let new = self.arrived.insert(*call);
                self.rule("15", new, || format!("call {call} arrived twice"));
            }
            EventKind::OfferMade { offer, .. } => {
                let new = self.used_offers.insert(*offer);
                self.live_offers.insert(*offer);
                self.rule("15", new, || format!("offer {offer} was made twice"));
            }
            EventKind::OfferEnded { offer, .. } => {
                let was = self.live_offers.remove(offer);
                self.rule("15", was, || format!("offer {offer} ended twice"));
            }
            EventKind::CallConnected { call, queue, .. } => {
                let first = self.connected.insert(*call);
                self.rule("2", first, || format!("call {call} was connected twice"));
                if let Some(queue) = queue {
                    self.ways_out.entry(*call).or_default().push((*queue, QueueOutcome::Answered));
                }
            }
            EventKind::CallLeftQueue { call, queue, outcome } => {
                self.ways_out.entry(*call).or_default().push((*queue, *outcome));
            }
            EventKind::CallEnded { record } => self.record(record, now),
            _ => {}
        }
    }

    /// 35: who knew the views before, and was told of the touched ones, knows the views now.
    fn views(&mut self, after: &Snapshot, out: &Outbox) {
        if out.touched.all {
            return;
        }
        let touched = &out.touched;
        let agents = untold(&self.before.agents, &after.agents, &touched.agents);
        let queues = untold(&self.before.queues, &after.queues, &touched.queues);
        let calls = untold(&self.before.calls, &after.calls, &touched.calls);
        let told = agents.is_empty() && queues.is_empty() && calls.is_empty();
        self.rule("35", told, || {
            format!("views changed and were not named: agents {agents:?} queues {queues:?} calls {calls:?}")
        });
    }

    /// 3.3.14: each change of a membership is told, once, as it is.
    fn changes(&mut self, after: &Snapshot, out: &Outbox) {
        let mut told = BTreeMap::new();
        for event in &out.events {
            if let EventKind::AgentChanged { agent, queue, state, available, pending, .. } = &event.kind {
                told.insert((*agent, *queue), (state.clone(), *available, pending.clone()));
            }
        }
        let flat = |snapshot: &Snapshot| -> BTreeMap<_, _> {
            let members = snapshot.agents.values().flat_map(|agent| &agent.memberships);
            members.map(|m| ((m.agent, m.queue), (m.state.clone(), m.available, m.pending.clone()))).collect()
        };
        let (was, is) = (flat(&self.before), flat(after));
        for (key, now) in &is {
            let said = told.get(key);
            let fits = if was.get(key) == Some(now) {
                said.is_none_or(|said| said == now)
            } else {
                said == Some(now)
            };
            self.rule("3.3.14", fits, || {
                format!("{key:?} is {now:?}, was {:?}, told {said:?}", was.get(key))
            });
        }
    }

    /// 39: a restart ends every call. 42: whoever comes is taken in or refused. 3.3.13: plans lead on so often only.
    fn comes_and_goes(&mut self, engine: &Engine, input: &Input, out: &Outbox) {
        let calls = engine.call_count();
        let died = matches!(input, Input::Restarted);
        self.rule("39", !died || calls == 0, || format!("{calls} calls outlived the process"));
        if let Input::Leg(leg, LegInput::Arrived(_)) = input {
            let taken = out.events.iter().any(|event| matches!(event.kind, EventKind::CallArrived { .. }));
            let refused = self.legs.get(leg).is_some_and(|seen| seen.told_to_end);
            self.rule("42", taken || refused, || format!("leg {leg} came and was told nothing"));
        }
        let hops = usize::from(engine.directory().tenant.max_hops);
        for event in &out.events {
            if let EventKind::CallEnded { record } = &event.kind {
                let stays = record.queues.len();
                let fits = stays <= hops + 1;
                self.rule("3.3.13", fits, || {
                    format!("call {} stood in {stays} lines, {hops} hops", record.call)
                });
            }
        }
    }

    /// 14: with the caller's leg every ring for him ends, in the same step.
    fn callers_gone(&mut self, input: &Input, out: &Outbox) {
        let Input::Leg(leg, LegInput::Ended(_)) = input else { return };
        if !self.legs.get(leg).is_some_and(|seen| seen.arrived) {
            return;
        }
        let of: Vec<CallId> = out
            .events
            .iter()
            .filter_map(|event| {
                let EventKind::LegChanged { call, leg: of } = event.kind else { return None };
                (of == *leg).then_some(call)
            })
            .collect();
        for call in of {
            let Some(view) = self.before.calls.get(&call) else { continue };
            let rings: Vec<LegId> = view
                .legs
                .iter()
                .filter(|leg| leg.ended_at.is_none())
                .map(|leg| leg.leg)
                .filter(|leg| self.legs.get(leg).is_some_and(|seen| !seen.told_to_end && !seen.over))
                .collect();
            self.rule("14", rings.is_empty(), || format!("call {call} has no caller and legs {rings:?}"));
        }
    }
}

/// Keys under which two maps differ and that nobody named.
fn untold<K: Ord + Copy, V: PartialEq>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
    touched: &BTreeSet<K>,
) -> Vec<K> {
    let keys: BTreeSet<K> = before.keys().chain(after.keys()).copied().collect();
    keys.into_iter().filter(|key| !touched.contains(key) && before.get(key) != after.get(key)).collect()
}
