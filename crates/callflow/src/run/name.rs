//! Dialing somebody by the keys of her name: found at once, or chosen among those who have the same keys.

use model::ExtensionNumber;
use model::flow::document::{NamePart, TransferTarget};

use super::ask::{Failure, collected};
use super::{Doing, Run, STEPS_MAX, Turn};
use crate::flow::{Ask, Edge, Reached, Want};
use crate::output::{Leave, Output};
use crate::say::{Say, say};
use crate::world::Named;

/// Fewest keys of a name.
const KEYS_MIN: usize = 3;
/// Most keys that are kept of one.
const KEYS_MAX: usize = 32;
/// Most people who are read out: one for each key.
const FOUND_MAX: usize = 9;

impl Run {
    /// One more key of a name: nobody has it, one has it, or more keys are waited for.
    pub(super) fn name_so_far(
        &mut self,
        (by, reached): (NamePart, &Reached),
        ask: &Ask,
        turn: &mut Turn<'_>,
    ) -> Option<Edge> {
        let Doing::Asks { keyed, .. } = &mut self.doing else { return None };
        if keyed.len() < KEYS_MIN {
            return None;
        }
        let several = turn.world.named(keyed, by, 2).len() > 1;
        if several && keyed.len() < KEYS_MAX {
            return None;
        }
        let keyed = std::mem::take(keyed);
        self.by_name(&keyed, (by, reached), ask, turn)
    }

    /// No more keys come: who has this name.
    pub(super) fn by_name(
        &mut self,
        keyed: &str,
        (by, reached): (NamePart, &Reached),
        ask: &Ask,
        turn: &mut Turn<'_>,
    ) -> Option<Edge> {
        turn.out.push(collected("", keyed));
        let enough = keyed.len() >= KEYS_MIN;
        let mut found = if enough { turn.world.named(keyed, by, FOUND_MAX) } else { Vec::new() };
        match (found.pop(), found.is_empty()) {
            (None, _) => self.fail(ask, Failure::Invalid, turn),
            (Some(only), true) => self.ring_named(only.number, reached, turn),
            (Some(last), false) => {
                found.push(last);
                self.choose(&found, turn);
                None
            }
        }
    }

    /// Reads out who has the name.
    fn choose(&mut self, found: &[Named], turn: &mut Turn<'_>) {
        let Doing::Asks { failed, .. } = self.doing else { return };
        let mut prompts = Vec::new();
        for (named, key) in found.iter().zip('1'..='9') {
            prompts.push(self.in_language("name-for"));
            match &named.spoken {
                Some(name) => prompts.push(self.in_language(name)),
                None => prompts.extend(say(&self.language, Say::Digits(named.number.as_str()))),
            }
            prompts.push(self.in_language("name-press"));
            prompts.extend(say(&self.language, Say::Digits(key.encode_utf8(&mut [0; 4]))));
        }
        prompts.push(self.in_language("name-again"));
        let playing = self.play(prompts, turn);
        let found = found.iter().map(|named| named.number.clone()).collect();
        self.doing = Doing::Chooses { failed, playing, found };
    }

    /// A key while they are read out, or after: one of them, or `*` to key another name.
    pub(super) fn chosen(&mut self, key: char, ask: &Ask, turn: &mut Turn<'_>) -> Option<Edge> {
        let (Doing::Chooses { failed, playing, found }, Want::Name { reached, .. }) =
            (&mut self.doing, &ask.want)
        else {
            return None;
        };
        let place = key.to_digit(10).and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1));
        let number = place.and_then(|place| found.get(place)).cloned();
        if number.is_none() && key != '*' {
            // Another key means nothing: he may still hear them out.
            return None;
        }
        let failed = *failed;
        if std::mem::take(playing) {
            turn.out.push(Output::StopPlay);
        }
        if let Some(number) = number {
            return self.ring_named(number, reached, turn);
        }
        // Back and back again ends like any other way round.
        self.steps = self.steps.saturating_add(1);
        if self.steps > STEPS_MAX {
            self.leave(Leave::TooLong, turn);
            return None;
        }
        let prompts = self.names(&ask.prompts);
        self.listen(ask, failed, prompts, turn);
        None
    }

    /// He has chosen nobody of them in time.
    pub(super) fn chose_nobody(&mut self, ask: &Ask, turn: &mut Turn<'_>) -> Option<Edge> {
        self.fail(ask, Failure::NoInput, turn)
    }

    fn ring_named(
        &mut self,
        number: ExtensionNumber,
        reached: &Reached,
        turn: &mut Turn<'_>,
    ) -> Option<Edge> {
        self.dialed = Some(number.clone());
        let reach = turn.world.reach(number.as_str(), reached.ring.not_ready_too);
        self.ring(TransferTarget::Extension(number), reached.ring, (reach, &reached.unreached), turn)
    }
}
