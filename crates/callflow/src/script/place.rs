//! The world of a script, laid over another.

use std::collections::BTreeMap;
use std::time::Duration;

use model::flow::document::NamePart;
use model::{ExtensionNumber, Reachable};

use crate::keypad;
use crate::world::{Begins, HoursState, Line, Named, Reach, World};

/// A phone of the script.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phone {
    pub(super) is_agent: bool,
    pub(super) reach: Reach,
}

/// What the script says of the world.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// Everything that has a number; those that are phones say how they are.
    numbers: BTreeMap<String, Option<Phone>>,
    pub(super) lines: BTreeMap<String, Line>,
    pub(super) hours: BTreeMap<String, HoursState>,
    pub(super) prompts: BTreeMap<String, Duration>,
    /// Names by number.
    pub(super) names: BTreeMap<ExtensionNumber, String>,
}

impl Place {
    pub(super) fn phone(&mut self, number: &str, phone: Phone) {
        self.numbers.insert(number.into(), Some(phone));
    }

    pub(super) fn number(&mut self, number: &str) {
        self.numbers.entry(number.into()).or_insert(None);
    }
}

/// The script's world, and for what it leaves unsaid another one.
#[derive(Clone, Copy)]
pub(super) struct Laid<'a> {
    pub(super) place: &'a Place,
    pub(super) base: &'a dyn World,
}

impl World for Laid<'_> {
    fn begins(&self, digits: &str) -> Begins {
        let base = self.base.begins(digits);
        let longer = |number: &String| number.len() > digits.len() && number.starts_with(digits);
        Begins {
            exact: base.exact || self.place.numbers.contains_key(digits),
            longer: base.longer || self.place.numbers.keys().any(longer),
        }
    }

    fn longest(&self) -> usize {
        self.place.numbers.keys().map(String::len).max().unwrap_or(0).max(self.base.longest())
    }

    fn is_phone(&self, number: &str, reachable: Reachable) -> bool {
        match (self.place.numbers.get(number), reachable) {
            (Some(Some(phone)), Reachable::Agents) => phone.is_agent,
            (Some(phone), Reachable::Phones) => phone.is_some(),
            (Some(None), Reachable::Agents) => false,
            (None, _) => self.base.is_phone(number, reachable),
        }
    }

    fn reach(&self, number: &str, not_ready_too: bool) -> Reach {
        match self.place.numbers.get(number) {
            Some(Some(phone)) => phone.reach,
            Some(None) | None => self.base.reach(number, not_ready_too),
        }
    }

    fn named(&self, keys: &str, by: NamePart, max: usize) -> Vec<Named> {
        let here = self.place.names.iter().filter(|(_, name)| keypad::begins(name, keys, by));
        let here = here.map(|(number, _)| Named { number: number.clone(), spoken: None });
        here.chain(self.base.named(keys, by, max)).take(max).collect()
    }

    fn hours(&self, name: &str) -> HoursState {
        self.place.hours.get(name).copied().unwrap_or_else(|| self.base.hours(name))
    }

    fn line(&self, queue: &str) -> Option<Line> {
        self.place.lines.get(queue).copied().or_else(|| self.base.line(queue))
    }
}

/// A world in which nothing is but what the script says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

impl World for Nowhere {
    fn begins(&self, _: &str) -> Begins {
        Begins::default()
    }

    fn longest(&self) -> usize {
        0
    }

    fn is_phone(&self, _: &str, _: Reachable) -> bool {
        false
    }

    fn reach(&self, _: &str, _: bool) -> Reach {
        Reach::Unavailable
    }

    fn named(&self, _: &str, _: NamePart, _: usize) -> Vec<Named> {
        Vec::new()
    }

    fn hours(&self, _: &str) -> HoursState {
        HoursState::Closed
    }

    fn line(&self, _: &str) -> Option<Line> {
        None
    }
}
