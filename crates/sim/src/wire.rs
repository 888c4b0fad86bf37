//! The phones and the wire: what the world makes of the engine's commands. Drawn from the seed and the leg, so
//! that the same leg behaves alike when something else is left out.

use std::time::Duration;

use engine::{Cause, Command, DeviceInput, Input, LegCommand, LegInput, MediaCommand, MediaInput, Outbox};
use model::LegId;

use crate::fault::Fault;
use crate::rng::Chance;
use crate::violation::Violation;
use crate::world::{Coming, World};

/// How long a message that was lost takes when it is sent again (64·T1).
const RESENT: Duration = Duration::from_secs(32);

impl World {
    /// What comes of one step's commands.
    pub(crate) fn carry_out(&mut self, out: &Outbox) {
        for command in &out.commands {
            match command {
                Command::Leg(leg, LegCommand::Dial { .. }) => self.dialed(*leg),
                Command::Leg(leg, LegCommand::End(_) | LegCommand::Refuse(_)) => {
                    let mut chance = self.of(*leg, 2);
                    let delay = if chance.one_in(3) { Duration::ZERO } else { self.lag(&mut chance, 300) };
                    self.end_later(*leg, delay, Cause::Normal);
                }
                Command::Media(MediaCommand::Play { leg, play, repeat: false, .. }) => {
                    let mut chance = self.of(*leg, 100 + play.0);
                    if !(self.plan.faults.has(Fault::LossyWire) && chance.one_in(10)) {
                        let delay = chance.millis(4_000);
                        self.later(delay, Input::Media(*leg, MediaInput::PlayEnded(*play)));
                    }
                }
                Command::Media(MediaCommand::Bridge { a, b }) => self.talk(*a, *b),
                // No world has flows, so nobody asks an outside service.
                Command::Leg(..)
                | Command::Media(_)
                | Command::Fetch(..)
                | Command::Erase { .. }
                | Command::KeepPrompt(_)
                | Command::Lamp { .. } => {}
            }
            if let Command::Media(MediaCommand::Play { leg, prompts, .. }) = command {
                self.asked(*leg, prompts);
            }
        }
    }

    /// Somebody is asked for a key: an agent to accept, a caller who is known whether he goes on. Most press one.
    fn asked(&mut self, leg: LegId, prompts: &[String]) {
        let keys: &[char] = match prompts.first().map(String::as_str) {
            Some("press-one-to-accept") => &['1', '1', '1', '5'],
            Some("blocked-warning") => &['2', '2', '1', '5'],
            // The key that leads out of a line, where there is one.
            Some("music" | "thank-you" | "all-busy") => &['5', '5', '5', '8'],
            Some(_) | None => return,
        };
        let mut chance = self.of(leg, 4);
        let Some(key) = chance.pick(keys).filter(|_| !chance.clone().one_in(5)) else { return };
        let delay = chance.millis(6_000);
        self.later(delay, Input::Leg(leg, LegInput::Digit(key)));
    }

    fn of(&self, leg: LegId, matter: u64) -> Chance {
        Chance::about(self.plan.seed ^ leg.0.wrapping_mul(0x9E37_79B9), matter)
    }

    /// How long a report takes; a lost one is sent again.
    fn lag(&self, chance: &mut Chance, usual: u64) -> Duration {
        if self.plan.faults.has(Fault::LossyWire) && chance.one_in(20) {
            return RESENT;
        }
        chance.millis(if self.plan.faults.has(Fault::SlowWire) { 3_000 } else { usual })
    }

    /// Two people talk until one of them, or both at once, hang up.
    fn talk(&mut self, a: LegId, b: LegId) {
        let mut chance = self.of(b, 3);
        let talk = chance.millis(25_000);
        let (first, second) = if chance.one_in(2) { (a, b) } else { (b, a) };
        let cause = chance.pick(&[Cause::Normal, Cause::Normal, Cause::SignallingTimeout]);
        self.end_later(first, talk, cause.unwrap_or(Cause::Normal));
        if chance.one_in(4) {
            self.end_later(second, talk, Cause::Normal);
        }
    }

    /// A phone: it rings or not, is answered soon or late, declined, busy, not there, or never says a word.
    fn dialed(&mut self, leg: LegId) {
        self.open.insert(leg);
        let mut chance = self.of(leg, 1);
        let faults = self.plan.faults.clone();
        let first = self.lag(&mut chance, 500);
        if faults.has(Fault::BusyPhones) && chance.one_in(5) {
            let causes =
                [Cause::Busy, Cause::Busy, Cause::Unreachable, Cause::NoCommonCodec, Cause::NotFound];
            let cause = chance.pick(&causes).unwrap_or(Cause::Busy);
            return self.end_later(leg, first, cause);
        }
        if !chance.one_in(8) {
            self.report(leg, first, &mut chance, LegInput::Ringing);
        }
        let longest = if chance.one_in(4) { 14_000 } else { 4_000 };
        let second = first + chance.millis(longest);
        if faults.has(Fault::Declines) && chance.one_in(4) {
            let cause = chance.pick(&[Cause::Declined, Cause::Busy, Cause::NoAnswer]);
            self.end_later(leg, second, cause.unwrap_or(Cause::Declined));
        } else if !(faults.has(Fault::NoAnswers) && chance.one_in(3)) {
            self.report(leg, second, &mut chance, LegInput::Answered);
        }
    }

    fn report(&mut self, leg: LegId, delay: Duration, chance: &mut Chance, input: LegInput) {
        if self.plan.faults.has(Fault::TwiceWire) && chance.one_in(3) {
            let again = delay + chance.millis(2_000);
            self.later(again, Input::Leg(leg, input.clone()));
        }
        self.later(delay, Input::Leg(leg, input));
    }

    pub(crate) fn later(&mut self, delay: Duration, input: Input) {
        let whole = self.plan.faults.has(Fault::Coincidence);
        let delay = if whole { Duration::from_secs(delay.as_secs()) } else { delay };
        self.comes(self.now.after(delay), Coming::Input(input));
    }

    /// Whoever comes first ends the leg; what would come later is not said any more.
    pub(crate) fn end_later(&mut self, leg: LegId, delay: Duration, cause: Cause) {
        self.later(delay, Input::Leg(leg, LegInput::Ended(cause)));
    }

    /// The process dies with all it knew of legs and phones; its phones register again one by one.
    pub(crate) fn restart(&mut self) {
        self.kill();
        self.open.clear();
        self.laws.process_died();
        self.feed(Input::Restarted);
        let mut chance = Chance::about(self.plan.seed, self.steps);
        for number in std::mem::take(&mut self.phones) {
            let delay = chance.millis(8_000);
            self.phones.insert(number.clone());
            self.later(delay, Input::Device(number, DeviceInput::Reachable));
        }
    }

    /// The process is killed between two inputs and takes up from its journal.
    pub(crate) fn kill(&mut self) {
        match self.journal.taken_up(&self.engine, &self.limits) {
            Ok(engine) => self.engine = engine,
            Err(_) if self.steps == 0 => {}
            Err(what) => {
                self.broken.get_or_insert((self.steps, Violation { law: "16", what }));
            }
        }
    }
}
