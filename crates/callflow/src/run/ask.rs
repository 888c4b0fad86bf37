//! Questions: what is said, what is keyed, when that is enough, and what follows if it leads nowhere.
//!
//! All kinds share one course (domain 4): the prompt, which a key cuts short; a pause for the first key and one
//! between keys; one count of failures, whether nothing was keyed or something that leads nowhere; and the plan
//! for who has failed too often.

use model::flow::document::{Said, TransferTarget};
use model::{ExtensionNumber, KeyRules};

use super::{Doing, Run, Turn, seconds};
use crate::flow::{Action, Ask, Edge, Reached, Unreached, Want};
use crate::output::{Fallback, Output, Secrecy};

/// Why an answer was none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    NoInput,
    Invalid,
}

impl Run {
    /// Asks for the first time.
    pub(super) fn ask(&mut self, ask: &Ask, turn: &mut Turn<'_>) {
        let prompts = self.names(&ask.prompts);
        self.listen(ask, 0, prompts, turn);
    }

    /// Says something and listens.
    pub(super) fn listen(&mut self, ask: &Ask, failed: u8, prompts: Vec<String>, turn: &mut Turn<'_>) {
        // Whoever is to key something must be heard.
        self.answer(turn);
        self.keep_secret(ask, turn);
        let playing = self.play(prompts, turn);
        if !playing {
            self.deadline = Some(turn.now.after(seconds(ask.rules.first_timeout)));
        }
        self.doing = Doing::Asks { failed, playing, keyed: String::new() };
    }

    /// A key, whatever goes on.
    pub(super) fn key(&mut self, key: char, action: &Action, turn: &mut Turn<'_>) -> Option<Edge> {
        match (&self.doing, action) {
            (Doing::Says, Action::Play { barge_in: true, next, .. }) => {
                turn.out.push(Output::StopPlay);
                Some(next.clone())
            }
            (Doing::Asks { .. }, Action::Ask(ask)) => self.keyed(key, ask, turn),
            (Doing::Chooses { .. }, Action::Ask(ask)) => self.chosen(key, ask, turn),
            (Doing::Rings, action) if key == '*' => {
                let star = reached(action)?.on_star.clone()?;
                turn.out.push(Output::StopDial);
                turn.out.push(Output::FellBack(Fallback::Star));
                Some(star)
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

    /// A key for a question.
    fn keyed(&mut self, key: char, ask: &Ask, turn: &mut Turn<'_>) -> Option<Edge> {
        let Doing::Asks { playing, keyed, .. } = &mut self.doing else { return None };
        // `*` is a command as long as nothing is resolved, whatever plays (FC-3g, A27).
        if let (Want::Extension { on_star, .. } | Want::Name { on_star, .. }, '*') = (&ask.want, key) {
            if *playing {
                turn.out.push(Output::StopPlay);
            }
            turn.out.push(Output::FellBack(Fallback::Star));
            return Some(on_star.clone());
        }
        let is_digit = key.is_ascii_digit() || key == Self::HIDDEN;
        if (*playing && !ask.rules.barge_in) || !(is_digit || "*#".contains(key)) {
            return None;
        }
        if std::mem::take(playing) {
            turn.out.push(Output::StopPlay);
        }
        match &ask.want {
            Want::Key { keys, dial } if keyed.is_empty() => {
                let mut text = [0; 4];
                let begins = turn.world.begins(key.encode_utf8(&mut text));
                if dial.is_some() && key.is_ascii_digit() && (begins.exact || begins.longer) {
                    return self.dialed_so_far(key, ask.rules, turn);
                }
                let next = u8::try_from(key).ok().and_then(|key| keys.get(&key)).cloned();
                next.or_else(|| self.fail(ask, Failure::Invalid, turn))
            }
            // `#` is no end where it does not end, and `*` is no digit.
            Want::Key { .. } | Want::Extension { .. } | Want::Name { .. } if !is_digit => {
                (key == '#' && ask.rules.hash_ends).then(|| self.listened(ask, turn)).flatten()
            }
            Want::Key { .. } | Want::Extension { .. } => self
                .dialed_so_far(key, ask.rules, turn)
                .or_else(|| self.is_resolved(turn).then(|| self.listened(ask, turn)).flatten()),
            Want::Name { by, reached, .. } => {
                let waits = self.dialed_so_far(key, ask.rules, turn);
                waits.or_else(|| self.name_so_far((*by, reached), ask, turn))
            }
            Want::Digits { max, .. } => self.digit(key, (ask, *max), turn),
        }
    }

    /// One more key of an extension.
    fn dialed_so_far(&mut self, key: char, rules: KeyRules, turn: &Turn<'_>) -> Option<Edge> {
        if let Doing::Asks { keyed, .. } = &mut self.doing {
            keyed.push(key);
            self.deadline = Some(turn.now.after(seconds(rules.next_timeout)));
        }
        None
    }

    /// Whether what was keyed can be nothing else any more (A28).
    fn is_resolved(&self, turn: &Turn<'_>) -> bool {
        let Doing::Asks { keyed, .. } = &self.doing else { return false };
        let begins = turn.world.begins(keyed);
        keyed.len() >= turn.world.longest() || (begins.exact && !begins.longer)
    }

    /// One more key of what is kept: `*` begins anew, `#` ends.
    fn digit(&mut self, key: char, (ask, max): (&Ask, u8), turn: &mut Turn<'_>) -> Option<Edge> {
        let Doing::Asks { keyed, .. } = &mut self.doing else { return None };
        self.deadline = Some(turn.now.after(seconds(ask.rules.next_timeout)));
        match key {
            '#' if ask.rules.hash_ends => return self.listened(ask, turn),
            '#' => {}
            '*' => {
                keyed.clear();
                self.keep_secret(ask, turn);
            }
            _ => keyed.push(key),
        }
        let full = matches!(&self.doing, Doing::Asks { keyed, .. } if keyed.len() >= usize::from(max));
        full.then(|| self.listened(ask, turn)).flatten()
    }

    /// Nothing more is waited for: what was keyed counts.
    pub(super) fn listened(&mut self, ask: &Ask, turn: &mut Turn<'_>) -> Option<Edge> {
        let Doing::Asks { keyed, .. } = &mut self.doing else { return None };
        let keyed = std::mem::take(keyed);
        if keyed.is_empty() {
            return self.fail(ask, Failure::NoInput, turn);
        }
        match &ask.want {
            Want::Key { keys, dial } => {
                let key = keyed.bytes().next().filter(|_| keyed.len() == 1);
                match (key.and_then(|key| keys.get(&key)), dial) {
                    (Some(next), _) => Some(next.clone()),
                    (None, Some(reached)) => self.resolve(&keyed, reached, ask, turn),
                    (None, None) => self.fail(ask, Failure::Invalid, turn),
                }
            }
            Want::Extension { reached, .. } => self.resolve(&keyed, reached, ask, turn),
            Want::Name { by, reached, .. } => self.by_name(&keyed, (*by, reached), ask, turn),
            Want::Digits { variable, min, sensitive, next, .. } => {
                if keyed.len() < usize::from(*min) {
                    return self.fail(ask, Failure::Invalid, turn);
                }
                if *sensitive {
                    turn.out.push(Output::Secrecy(Secrecy::Dropped));
                    self.variables.hide(variable);
                } else {
                    self.variables.set(variable, &keyed);
                }
                turn.out.push(collected(variable, &keyed));
                Some(next.clone())
            }
        }
    }

    /// Whose extension was dialed.
    fn resolve(&mut self, keyed: &str, reached: &Reached, ask: &Ask, turn: &mut Turn<'_>) -> Option<Edge> {
        turn.out.push(collected("", keyed));
        let world = turn.world;
        let excluded = reached.exclude.iter().any(|range| range.contains(keyed));
        let number = ExtensionNumber::parse(keyed).ok();
        let number = number.filter(|_| !excluded && world.is_phone(keyed, reached.reachable));
        let Some(number) = number else { return self.fail(ask, Failure::Invalid, turn) };
        self.dialed = Some(number.clone());
        let reach = world.reach(keyed, reached.ring.not_ready_too);
        self.ring(TransferTarget::Extension(number), reached.ring, (reach, &reached.unreached), turn)
    }

    /// From now on, and anew, digits are seen by nobody if the question is of that kind, and else by everybody.
    fn keep_secret(&mut self, ask: &Ask, turn: &mut Turn<'_>) {
        if let Want::Digits { variable, sensitive: true, .. } = &ask.want {
            self.secret = true;
            turn.out.push(Output::Secrecy(Secrecy::KeptAs(variable.clone())));
        } else {
            self.open(turn);
        }
    }

    /// It led nowhere: said again, or given up (FC-3f).
    pub(super) fn fail(&mut self, ask: &Ask, failure: Failure, turn: &mut Turn<'_>) -> Option<Edge> {
        let (Doing::Asks { failed, .. } | Doing::Chooses { failed, .. }) = self.doing else { return None };
        if failed >= ask.repeats {
            turn.out.push(Output::FellBack(Fallback::RepeatsExhausted));
            return Some(ask.on_failed.clone());
        }
        let message = match failure {
            Failure::NoInput => &ask.no_input,
            Failure::Invalid => &ask.invalid,
        };
        let message = message.iter().cloned().map(Said::Prompt);
        let again = ask.asked_again || message.len() == 0;
        let said: Vec<Said> = message.chain(ask.prompts.iter().filter(|_| again).cloned()).collect();
        let prompts = self.names(&said);
        self.listen(ask, failed + 1, prompts, turn);
        None
    }
}

pub(super) fn collected(variable: &str, keyed: &str) -> Output {
    Output::Collected { variable: variable.into(), length: u8::try_from(keyed.len()).unwrap_or(u8::MAX) }
}

/// Whom a question reaches, if it rings anybody.
fn reached(action: &Action) -> Option<&Reached> {
    let Action::Ask(ask) = action else { return None };
    match &ask.want {
        Want::Key { dial, .. } => dial.as_ref(),
        Want::Extension { reached, .. } | Want::Name { reached, .. } => Some(reached),
        Want::Digits { .. } => None,
    }
}

/// What follows at this step if who was rung is not reached.
pub(super) fn unreached(action: &Action) -> Option<&Unreached> {
    match action {
        Action::Transfer { unreached, .. } => Some(unreached),
        Action::Ask(_) => reached(action).map(|reached| &reached.unreached),
        Action::Answer { .. }
        | Action::Ring { .. }
        | Action::Play { .. }
        | Action::Branch { .. }
        | Action::Set { .. }
        | Action::Language { .. }
        | Action::Repeat { .. }
        | Action::Webhook { .. }
        | Action::Enqueue { .. }
        | Action::Leave(_) => None,
    }
}
