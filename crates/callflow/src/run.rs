//! One caller inside a flow.

mod ask;
mod name;
mod step;
mod vars;

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::{CallerId, ExtensionNumber, Timestamp};

use crate::flow::{Action, Edge, Flow};
use crate::output::{Fallback, Input, Leave, NotReached, Output, Secrecy};
use crate::world::World;
use vars::Variables;

/// Most steps of one caller; over it the flow is left ([`Leave::TooLong`]). Who presses a key every second is in
/// there for a quarter of an hour.
pub const STEPS_MAX: u32 = 1_000;
/// How long what is played may last; it counts as heard then.
const PROMPT_MAX: Duration = Duration::from_secs(120);

/// One caller inside a flow, in the version that he entered.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Run {
    flow: Arc<Flow>,
    /// The step he is at.
    at: u16,
    doing: Doing,
    answered: bool,
    language: String,
    variables: Variables,
    /// How often each `repeat` has gone round.
    rounds: BTreeMap<u16, u8>,
    steps: u32,
    /// Digits are kept from everybody.
    secret: bool,
    /// The extension that he dialed last.
    dialed: Option<ExtensionNumber>,
    deadline: Option<Timestamp>,
}

/// What goes on at a step.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
enum Doing {
    /// It rings before it is answered.
    Waits,
    /// A `play` plays.
    Says,
    /// A question.
    Asks {
        /// How often it has failed.
        failed: u8,
        /// Its prompt plays.
        playing: bool,
        /// What was keyed; [`Run::HIDDEN`] for what nobody may see.
        keyed: String,
    },
    /// Several people have the name that was keyed: one is chosen.
    Chooses {
        /// How often the question has failed.
        failed: u8,
        /// They are read out.
        playing: bool,
        /// Who, in the order of their keys.
        found: Vec<ExtensionNumber>,
    },
    /// Somebody rings.
    Rings,
    /// An outside service is asked.
    Fetches,
    /// The run is over.
    Left,
}

/// Who comes into a flow.
#[derive(Clone, Copy, Debug)]
pub struct Entering<'a> {
    /// Who calls.
    pub caller: &'a CallerId,
    /// What was dialed.
    pub dialed: &'a str,
    /// Whether the call is answered already.
    pub answered: bool,
    /// The language of his call, where the flow does not say its own; empty: whatever is spoken here.
    pub language: &'a str,
}

/// The moment of a step and where it writes to.
struct Turn<'a> {
    world: &'a dyn World,
    now: Timestamp,
    out: &'a mut Vec<Output>,
}

impl Run {
    /// The key that stands for a digit nobody may see.
    pub const HIDDEN: char = '?';

    /// Begins a flow.
    #[must_use]
    pub fn begin(
        flow: Arc<Flow>,
        entering: Entering<'_>,
        world: &dyn World,
        now: Timestamp,
        out: &mut Vec<Output>,
    ) -> Self {
        let mut run = Self {
            language: if flow.language.is_empty() { entering.language.into() } else { flow.language.clone() },
            flow,
            at: 0,
            doing: Doing::Says,
            answered: entering.answered,
            variables: Variables::of(entering.caller, entering.dialed),
            rounds: BTreeMap::new(),
            steps: 0,
            secret: false,
            dialed: None,
            deadline: None,
        };
        run.follow(Edge::Step(0), &mut Turn { world, now, out });
        run
    }

    /// Applies one input; what is to be done is appended to `out`. What does not fit what goes on is ignored.
    pub fn handle(&mut self, input: Input, world: &dyn World, now: Timestamp, out: &mut Vec<Output>) {
        let turn = &mut Turn { world, now, out };
        let flow = Arc::clone(&self.flow);
        let Some(step) = flow.steps.get(usize::from(self.at)) else { return };
        let next = match input {
            Input::PlayEnded => self.heard(&step.action, turn),
            Input::Key(key) => self.key(key, &step.action, turn),
            Input::NotReached(why) => self.not_reached(why, &step.action, turn),
            Input::Fetched(answer) => self.fetched(answer, &step.action),
            Input::Tick => match self.deadline {
                Some(at) if at <= now => {
                    self.deadline = None;
                    self.overdue(&step.action, turn)
                }
                Some(_) | None => None,
            },
        };
        if let Some(next) = next {
            self.follow(next, turn);
        }
    }

    /// When [`Input::Tick`] is next due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.deadline
    }

    /// The flow he is in, in his version.
    #[must_use]
    pub fn flow(&self) -> &Arc<Flow> {
        &self.flow
    }

    /// The step he is at.
    #[must_use]
    pub fn at(&self) -> u16 {
        self.at
    }

    /// What has been learned of him, without what nobody may see.
    pub fn learned(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.learned()
    }

    /// Whether digits are kept from everybody; who ends a run from outside makes them seen again.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// The language that was chosen; empty: none.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }

    /// Goes on until a step waits for something.
    fn follow(&mut self, next: Edge, turn: &mut Turn<'_>) {
        let flow = Arc::clone(&self.flow);
        let mut next = Some(next);
        while let Some(edge) = next {
            self.deadline = None;
            next = match edge {
                Edge::Leave(action) => {
                    let dialed = self.dialed.clone();
                    return self.leave(Leave::To { action, dialed }, turn);
                }
                Edge::Step(number) => {
                    self.steps = self.steps.saturating_add(1);
                    let Some(step) = flow.steps.get(usize::from(number)).filter(|_| self.steps <= STEPS_MAX)
                    else {
                        return self.leave(Leave::TooLong, turn);
                    };
                    self.at = number;
                    turn.out.push(Output::Step(number));
                    self.enter(&step.action, turn)
                }
            };
        }
    }

    fn leave(&mut self, leave: Leave, turn: &mut Turn<'_>) {
        self.doing = Doing::Left;
        self.deadline = None;
        self.open(turn);
        turn.out.push(Output::Leave(leave));
    }

    /// What was played has been heard.
    fn heard(&mut self, action: &Action, turn: &Turn<'_>) -> Option<Edge> {
        match (&mut self.doing, action) {
            (Doing::Says, Action::Play { next, .. }) => Some(next.clone()),
            (
                Doing::Asks { playing: playing @ true, .. } | Doing::Chooses { playing: playing @ true, .. },
                Action::Ask(ask),
            ) => {
                *playing = false;
                self.deadline = Some(turn.now.after(seconds(ask.rules.first_timeout)));
                None
            }
            (
                Doing::Waits
                | Doing::Says
                | Doing::Asks { .. }
                | Doing::Chooses { .. }
                | Doing::Rings
                | Doing::Fetches
                | Doing::Left,
                _,
            ) => None,
        }
    }

    /// Who rang did not answer.
    fn not_reached(&mut self, why: NotReached, action: &Action, turn: &mut Turn<'_>) -> Option<Edge> {
        if self.doing != Doing::Rings {
            return None;
        }
        let unreached = ask::unreached(action)?;
        let (rule, next) = match why {
            NotReached::NoAnswer => (Fallback::NoAnswer, &unreached.on_no_answer),
            NotReached::Busy => (Fallback::Busy, &unreached.on_busy),
            NotReached::Unavailable => (Fallback::Unavailable, &unreached.on_unavailable),
        };
        turn.out.push(Output::FellBack(rule));
        Some(next.clone())
    }

    /// What a step waited for has not come in time.
    fn overdue(&mut self, action: &Action, turn: &mut Turn<'_>) -> Option<Edge> {
        match (&self.doing, action) {
            (Doing::Waits, Action::Ring { next, .. }) => Some(next.clone()),
            (Doing::Says | Doing::Asks { playing: true, .. } | Doing::Chooses { playing: true, .. }, _) => {
                self.heard(action, turn)
            }
            (Doing::Chooses { .. }, Action::Ask(ask)) => self.chose_nobody(ask, turn),
            (Doing::Asks { .. }, Action::Ask(ask)) => self.listened(ask, turn),
            (Doing::Fetches, Action::Webhook { on_failed, .. }) => Some(on_failed.clone()),
            (
                Doing::Waits
                | Doing::Asks { .. }
                | Doing::Chooses { .. }
                | Doing::Rings
                | Doing::Fetches
                | Doing::Left,
                _,
            ) => None,
        }
    }

    /// The outside service has answered.
    fn fetched(&mut self, answer: Option<Vec<(String, String)>>, action: &Action) -> Option<Edge> {
        let Action::Webhook { take, next, on_failed, .. } = action else { return None };
        if self.doing != Doing::Fetches {
            return None;
        }
        let Some(answer) = answer else { return Some(on_failed.clone()) };
        for (name, value) in answer.into_iter().filter(|(name, _)| take.contains(name)) {
            self.variables.set(&name, &value);
        }
        Some(next.clone())
    }

    /// Plays, answered if need be, with a limit to how long that may last. False: there is nothing to play.
    fn play(&mut self, prompts: Vec<String>, turn: &mut Turn<'_>) -> bool {
        if prompts.is_empty() {
            return false;
        }
        self.answer(turn);
        turn.out.push(Output::Play(prompts));
        self.deadline = Some(turn.now.after(PROMPT_MAX));
        true
    }

    /// Digits are seen again.
    fn open(&mut self, turn: &mut Turn<'_>) {
        if std::mem::take(&mut self.secret) {
            turn.out.push(Output::Secrecy(Secrecy::Open));
        }
    }

    fn answer(&mut self, turn: &mut Turn<'_>) {
        if !std::mem::replace(&mut self.answered, true) {
            turn.out.push(Output::Answer);
        }
    }
}

const fn seconds(count: u32) -> Duration {
    Duration::from_secs(count as u64)
}
