//! Playing a script: everybody does what is written, the flow what it does, and all of it is written down.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use model::flow::document::TransferTarget;
use model::{CallerId, FallbackAction, Timestamp};

use super::clock;
use super::parse::{Deed, Script};
use super::place::Laid;
use crate::flow::Flow;
use crate::output::{Fallback, Input, Leave, NotReached, Output, Secrecy};
use crate::run::{Entering, Run};
use crate::world::World;

/// How long a prompt is of which the script says nothing.
const PROMPT: Duration = Duration::from_secs(2);
/// How long an outside service takes.
const SERVICE: Duration = Duration::from_millis(200);
/// A script that is not over by then is ended.
const LAST: Timestamp = Timestamp::from_secs(7_200);
/// Most lines that are written down.
const WRITTEN_MAX: usize = 5_000;

/// Everything that is about to happen.
#[derive(Debug, Default)]
struct Due {
    prompt: Option<Timestamp>,
    ring: Option<Timestamp>,
    service: Option<Timestamp>,
}

struct Stage<'a> {
    script: &'a Script,
    world: Laid<'a>,
    now: Timestamp,
    due: Due,
    rung: String,
    secret: bool,
    over: bool,
    written: Vec<String>,
}

pub(super) fn play(flow: &Arc<Flow>, script: &Script, base: &dyn World) -> Vec<String> {
    let mut stage = Stage {
        script,
        world: Laid { place: &script.place, base },
        now: Timestamp::ZERO,
        due: Due::default(),
        rung: String::new(),
        secret: false,
        over: false,
        written: Vec::new(),
    };
    let caller = CallerId::new(&script.caller, "");
    let entering = Entering { caller: &caller, dialed: flow.number.as_str(), answered: false, language: "" };
    let mut out = Vec::new();
    let mut run = Run::begin(Arc::clone(flow), entering, &stage.world, stage.now, &mut out);
    stage.carry_out(flow, &mut out);
    let mut deeds: VecDeque<(Timestamp, Deed)> =
        script.deeds.iter().map(|(at, deed)| (Timestamp::ZERO.after(*at), *deed)).collect();
    while !stage.over && stage.written.len() < WRITTEN_MAX {
        let Some(input) = stage.next(&mut run, &mut deeds) else { break };
        let Some(input) = input else { continue };
        run.handle(input, &stage.world, stage.now, &mut out);
        stage.carry_out(flow, &mut out);
    }
    stage.written
}

impl Stage<'_> {
    fn write(&mut self, text: &str) {
        let at = clock(self.now);
        self.written.push(format!("{at:<6} {text}"));
    }

    /// What happens next; inside none: something that the flow is not told. None: nothing more happens.
    fn next(&mut self, run: &mut Run, deeds: &mut VecDeque<(Timestamp, Deed)>) -> Option<Option<Input>> {
        let deed = deeds.front().map(|(at, _)| *at);
        let moments = [deed, self.due.prompt, self.due.ring, self.due.service, run.next_deadline()];
        let at = moments.into_iter().flatten().min().filter(|at| *at <= LAST)?;
        self.now = self.now.max(at);
        if deed == Some(at) {
            let (_, deed) = deeds.pop_front()?;
            return Some(self.does(deed));
        }
        for (due, input) in [
            (&mut self.due.prompt, Input::PlayEnded),
            (&mut self.due.ring, Input::NotReached(NotReached::NoAnswer)),
            (&mut self.due.service, Input::Fetched(self.script.service.clone())),
        ] {
            if *due == Some(at) {
                *due = None;
                return Some(Some(input));
            }
        }
        Some(Some(Input::Tick))
    }

    fn does(&mut self, deed: Deed) -> Option<Input> {
        match deed {
            Deed::Key(key) if self.secret && key.is_ascii_digit() => Some(Input::Key(Run::HIDDEN)),
            Deed::Key(key) => Some(Input::Key(key)),
            Deed::HangsUp => {
                self.write("the caller hangs up");
                self.over = true;
                None
            }
            Deed::Answers | Deed::Declines | Deed::IsGone if self.due.ring.is_none() => None,
            Deed::Answers => {
                self.write(&format!("talks with {}", self.rung));
                self.over = true;
                None
            }
            Deed::Declines => {
                self.due.ring = None;
                Some(Input::NotReached(NotReached::Busy))
            }
            Deed::IsGone => {
                self.due.ring = None;
                Some(Input::NotReached(NotReached::Unavailable))
            }
        }
    }

    fn carry_out(&mut self, flow: &Flow, out: &mut Vec<Output>) {
        for output in out.drain(..) {
            self.one(flow, output);
        }
    }

    fn one(&mut self, flow: &Flow, output: Output) {
        match output {
            Output::Step(step) => self.write(&format!("step {}", flow.step_name(step))),
            Output::Answer => self.write("answer"),
            Output::Alert => self.write("rings unanswered"),
            Output::Play(names) => {
                let lengths = names.iter().map(|name| self.script.place.prompts.get(name).copied());
                let length: Duration = lengths.map(|length| length.unwrap_or(PROMPT)).sum();
                self.due.prompt = Some(self.now.after(length));
                self.write(&format!("play {}", names.join(" ")));
            }
            Output::StopPlay => {
                self.due.prompt = None;
                self.write("cut short");
            }
            Output::Secrecy(secrecy) => {
                self.secret = secrecy != Secrecy::Open;
                self.write(&match secrecy {
                    Secrecy::Open => "keys are seen".to_owned(),
                    Secrecy::KeptAs(name) => format!("keys of {name} are hidden"),
                    Secrecy::Dropped => "further keys are hidden".to_owned(),
                });
            }
            Output::Collected { variable, length } => {
                let what = if variable.is_empty() { "an extension" } else { variable.as_str() };
                self.write(&format!("keyed {what}, {length} digits"));
            }
            Output::Dial { to, seconds } => {
                self.rung = match to {
                    TransferTarget::Extension(number) => number.to_string(),
                    TransferTarget::RingGroup(number) => format!("ring group {number}"),
                    TransferTarget::External(number) => number,
                };
                self.due.prompt = None;
                self.due.ring = Some(self.now.after(Duration::from_secs(seconds.into())));
                self.write(&format!("ring {} for {seconds} s", self.rung));
            }
            Output::StopDial => {
                self.due.ring = None;
                self.write("rings no longer");
            }
            Output::Fetch { url, send, .. } => {
                let names: Vec<&str> = send.iter().map(|(name, _)| name.as_str()).collect();
                self.due.service = Some(self.now.after(SERVICE));
                self.write(format!("ask {url} {}", names.join(" ")).trim_end());
            }
            Output::FellBack(rule) => self.write(rule_in_words(rule)),
            Output::Leave(leave) => {
                self.over = true;
                self.write(&leave_in_words(&leave));
            }
        }
    }
}

const fn rule_in_words(rule: Fallback) -> &'static str {
    match rule {
        Fallback::Unavailable => "unavailable",
        Fallback::NoAnswer => "no answer",
        Fallback::Busy => "busy",
        Fallback::RepeatsExhausted => "repeats exhausted",
        Fallback::Star => "star",
    }
}

fn leave_in_words(leave: &Leave) -> String {
    let after =
        |message: &Option<String>| message.as_ref().map_or(String::new(), |name| format!(" after {name}"));
    match leave {
        Leave::Enqueue { queue, skills, priority } => {
            let skills = skills.iter().map(|need| format!(" {} {}", need.skill, need.level));
            let priority = if *priority > 0 { format!(" priority {priority}") } else { String::new() };
            format!("to queue {queue}{}{priority}", skills.collect::<String>())
        }
        Leave::TooLong => "hang up: the flow goes on and on".into(),
        Leave::To { action, dialed } => match action {
            FallbackAction::Hangup { message } => format!("hang up{}", after(message)),
            FallbackAction::Voicemail { message, mailbox } => {
                let whose = mailbox
                    .as_ref()
                    .or(dialed.as_ref())
                    .map_or(String::new(), |number| format!(" of {number}"));
                format!("to voicemail{whose}{}", after(message))
            }
            FallbackAction::Queue(number) => format!("to queue {number}"),
            FallbackAction::Extension(number) => format!("to extension {number}"),
            FallbackAction::Flow(number) => format!("to flow {number}"),
            FallbackAction::RingGroup(number) => format!("to ring group {number}"),
            FallbackAction::External(number) => format!("to {number} outside"),
        },
    }
}
