//! Keys on their way to the engine, and those that it must not see.
//!
//! A flow that asks for something secret says so before the first key: from then on digits are kept here, in memory
//! and no longer than their leg, and the engine is told only that there was one. So no journal, snapshot or log of
//! the engine's can hold them.

use std::collections::BTreeMap;

use engine::{LegInput, Secrecy};

use crate::legs::Key;
use crate::ports::Ports;

/// Most digits that are kept under one name.
const KEPT_MAX: usize = 64;
/// Most names.
const NAMES_MAX: usize = 16;
/// What stands for a digit that nobody may see.
const HIDDEN: char = '?';

/// What one party keys in secret.
pub(crate) struct Digits {
    secrecy: Secrecy,
    kept: BTreeMap<String, String>,
}

impl Default for Digits {
    fn default() -> Self {
        Self { secrecy: Secrecy::Open, kept: BTreeMap::new() }
    }
}

impl Digits {
    /// What the engine is told of a key.
    fn pressed(&mut self, key: char) -> char {
        if !key.is_ascii_digit() {
            return key;
        }
        match &self.secrecy {
            Secrecy::Open => key,
            Secrecy::Dropped => HIDDEN,
            Secrecy::KeptAs(name) => {
                if let Some(kept) = self.kept.get_mut(name).filter(|kept| kept.len() < KEPT_MAX) {
                    kept.push(key);
                }
                HIDDEN
            }
        }
    }

    /// What was keyed in secret under this name.
    pub(crate) fn kept(&self, name: &str) -> Option<&str> {
        self.kept.get(name).map(String::as_str)
    }

    fn set(&mut self, secrecy: Secrecy) {
        if let Secrecy::KeptAs(name) = &secrecy
            && (self.kept.len() < NAMES_MAX || self.kept.contains_key(name))
        {
            self.kept.insert(name.clone(), String::new());
        }
        self.secrecy = secrecy;
    }
}

impl Ports {
    /// A party pressed a key.
    pub(crate) fn pressed(&mut self, key: Key, pressed: char) {
        let Some(leg) = self.legs.get_mut(key) else { return };
        let told = leg.digits.pressed(pressed);
        self.tell(key, LegInput::Digit(told));
    }

    /// From now on digits of this party are hidden, or seen again.
    pub(crate) fn keep_digits(&mut self, key: Key, secrecy: Secrecy) {
        if let Some(leg) = self.legs.get_mut(key) {
            leg.digits.set(secrecy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(digits: &mut Digits, keys: &str) -> String {
        keys.chars().map(|key| digits.pressed(key)).collect()
    }

    #[test]
    fn what_is_keyed_in_secret_is_kept_here_and_told_as_hidden() {
        let mut digits = Digits::default();
        assert_eq!(told(&mut digits, "12*"), "12*");
        digits.set(Secrecy::KeptAs("pin".into()));
        assert_eq!(told(&mut digits, "47#"), "??#");
        digits.set(Secrecy::KeptAs("pin".into()));
        assert_eq!(told(&mut digits, "11"), "??");
        digits.set(Secrecy::Dropped);
        assert_eq!(told(&mut digits, "9"), "?");
        digits.set(Secrecy::Open);
        assert_eq!(told(&mut digits, "8"), "8");
        assert_eq!(digits.kept.get("pin").map(String::as_str), Some("11"), "anew, and nothing beyond");
    }

    #[test]
    fn neither_digits_nor_names_grow_without_end() {
        let mut digits = Digits::default();
        for name in 0..100 {
            digits.set(Secrecy::KeptAs(name.to_string()));
            told(&mut digits, &"1".repeat(1_000));
        }
        assert_eq!(digits.kept.len(), NAMES_MAX);
        assert!(digits.kept.values().all(|kept| kept.len() == KEPT_MAX));
    }
}
