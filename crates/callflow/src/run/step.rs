//! Entering a step: what it does at once, and whether the run goes on.

use model::flow::document::{Condition, RingRules, Said, TransferTarget};

use super::{Doing, Run, Turn, seconds};
use crate::flow::{Action, Edge, Unreached};
use crate::output::{Fallback, Leave, Output};
use crate::say::{Say, say};
use crate::world::{HoursState, Reach};

impl Run {
    /// Does what the step does. Where it goes on at once; none: it waits, or the run is over.
    pub(super) fn enter(&mut self, action: &Action, turn: &mut Turn<'_>) -> Option<Edge> {
        match action {
            Action::Answer { next } => {
                self.answer(turn);
                Some(next.clone())
            }
            Action::Ring { next, .. } if self.answered => Some(next.clone()),
            Action::Ring { seconds: count, .. } => {
                turn.out.push(Output::Alert);
                self.doing = Doing::Waits;
                self.deadline = Some(turn.now.after(seconds(*count)));
                None
            }
            Action::Play { prompts, next, .. } => {
                let prompts = self.names(prompts);
                self.doing = Doing::Says;
                if self.play(prompts, turn) { None } else { Some(next.clone()) }
            }
            Action::Ask(ask) => {
                self.ask(ask, turn);
                None
            }
            Action::Branch { when, otherwise } => {
                let found = when.iter().find(|(condition, _)| self.holds(condition, turn));
                Some(found.map_or(otherwise, |(_, next)| next).clone())
            }
            Action::Set { variable, value, next } => {
                let value = self.variables.fill(value);
                self.variables.set(variable, &value);
                Some(next.clone())
            }
            Action::Language { language, next } => {
                self.language.clone_from(language);
                Some(next.clone())
            }
            Action::Repeat { times, again, next } => {
                let rounds = self.rounds.entry(self.at).or_default();
                if *rounds >= *times {
                    return Some(next.clone());
                }
                *rounds += 1;
                Some(again.clone())
            }
            Action::Webhook { url, send, take, timeout, .. } => {
                let sent = send.iter().map(|name| (name.clone(), self.variables.sent(name))).collect();
                let (url, take, timeout) = (url.clone(), take.clone(), *timeout);
                turn.out.push(Output::Fetch { url, send: sent, take, timeout });
                self.doing = Doing::Fetches;
                // A little more than the service has: what comes in time is heard.
                self.deadline = Some(turn.now.after(seconds(timeout.saturating_add(1))));
                None
            }
            Action::Transfer { to, ring, unreached } => self.transfer(to, *ring, unreached, turn),
            Action::Enqueue { queue, skills, priority } => {
                let (queue, skills, priority) = (queue.clone(), skills.clone(), *priority);
                self.leave(Leave::Enqueue { queue, skills, priority }, turn);
                None
            }
            Action::Leave(action) => Some(Edge::Leave(action.clone())),
        }
    }

    fn transfer(
        &mut self,
        to: &TransferTarget,
        ring: RingRules,
        unreached: &Unreached,
        turn: &mut Turn<'_>,
    ) -> Option<Edge> {
        let reach = match to {
            TransferTarget::Extension(number) => {
                self.dialed = Some(number.clone());
                turn.world.reach(number.as_str(), ring.not_ready_too)
            }
            // Whether anybody of a group can be rung is found out by ringing it.
            TransferTarget::RingGroup(_) | TransferTarget::External(_) => Reach::Free,
        };
        self.ring(to.clone(), ring, (reach, unreached), turn)
    }

    /// Rings somebody, unless he cannot be rung.
    pub(super) fn ring(
        &mut self,
        to: TransferTarget,
        rules: RingRules,
        (reach, unreached): (Reach, &Unreached),
        turn: &mut Turn<'_>,
    ) -> Option<Edge> {
        let (rule, next) = match reach {
            Reach::Free => {
                turn.out.push(Output::Dial { to, seconds: rules.seconds });
                self.doing = Doing::Rings;
                self.deadline = None;
                return None;
            }
            Reach::Busy => (Fallback::Busy, &unreached.on_busy),
            Reach::Unavailable => (Fallback::Unavailable, &unreached.on_unavailable),
        };
        turn.out.push(Output::FellBack(rule));
        Some(next.clone())
    }

    fn holds(&self, condition: &Condition, turn: &Turn<'_>) -> bool {
        let line = |queue: &model::ExtensionNumber| turn.world.line(queue.as_str());
        match condition {
            Condition::Open(name) => turn.world.hours(name) == HoursState::Open,
            Condition::Holiday(name) => turn.world.hours(name) == HoursState::Holiday,
            Condition::Is { variable, value } => self.variables.get(variable) == Some(value.as_str()),
            Condition::Begins { variable, with } => {
                self.variables.get(variable).is_some_and(|value| value.starts_with(with.as_str()))
            }
            Condition::Caller(with) => {
                let number = self.variables.get("caller").unwrap_or_default();
                if with.is_empty() { number.is_empty() } else { number.starts_with(with.as_str()) }
            }
            Condition::Waiting { queue, least } => line(queue).is_some_and(|line| line.waiting >= *least),
            Condition::Unstaffed(queue) => line(queue).is_none_or(|line| !line.staffed),
            Condition::ExpectedWait { queue, least } => {
                line(queue).and_then(|line| line.expected_wait).is_some_and(|wait| wait >= *least)
            }
        }
    }

    /// The names of the prompts that say this, in the language that was chosen.
    pub(super) fn names(&self, said: &[Said]) -> Vec<String> {
        let mut names = Vec::new();
        for said in said {
            match said {
                Said::Prompt(name) => names.push(self.in_language(name)),
                Said::Digits(variable) => {
                    let digits = self.variables.get(variable).unwrap_or_default();
                    names.extend(say(&self.language, Say::Digits(digits)));
                }
                Said::Number(variable) => {
                    let number = self.variables.get(variable).and_then(|value| value.parse().ok());
                    names.extend(
                        number.into_iter().flat_map(|number| say(&self.language, Say::Number(number))),
                    );
                }
            }
        }
        names
    }

    pub(super) fn in_language(&self, name: &str) -> String {
        if self.language.is_empty() || name.contains('/') {
            return name.to_owned();
        }
        format!("{}/{name}", self.language)
    }
}
