//! How a waiting caller asks to be called back: his number is read back to him, and he confirms it, names another
//! one or stays on the line.

use borsh::{BorshDeserialize, BorshSerialize};
use callflow::say::{Say, say};
use model::{Pii, Timestamp};

use crate::route::OUTSIDE_DIGITS_MIN;

/// Most digits of a number; further ones are not taken.
const DIGITS_MAX: usize = 20;
/// How often nothing may be pressed before he is taken to stay on the line.
const IDLE_MAX: u8 = 2;

/// A caller who is asked for his number.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Asks {
    /// What was read back to him; none: there is nothing to confirm yet.
    number: Option<Pii<String>>,
    /// What he has keyed since.
    keyed: Pii<String>,
    /// Whether he may name another number than his own.
    change: bool,
    /// How often nothing was pressed.
    idle: u8,
    /// Until when he may press something; none while he hears the question.
    pub(crate) until: Option<Timestamp>,
}

/// What follows from a key, or from none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// He keys on: what he heard is stopped.
    Listen,
    /// He hears this.
    Say(Vec<String>),
    /// He stays on the line.
    Declined,
    /// He is to be called back there.
    Confirmed(String),
}

impl Asks {
    /// Begins to ask a caller of this number, and says with what. Whose number cannot be called may name one, if
    /// anybody may. None: there is nothing to ask.
    pub(crate) fn begin(number: &str, change: bool, language: &str) -> Option<(Self, Vec<String>)> {
        let number = is_dialable(number).then(|| Pii(number.to_owned()));
        if number.is_none() && !change {
            return None;
        }
        let asks = Self { number, change, ..Self::default() };
        let question = asks.question(language);
        Some((asks, question))
    }

    fn question(&self, language: &str) -> Vec<String> {
        let word = |name: &str| format!("{language}/{name}");
        let Some(number) = &self.number else { return vec![word("callback-enter-number")] };
        let mut prompts = vec![word("callback-your-number")];
        prompts.extend(say(language, Say::Digits(number.reveal())));
        prompts.push(word(if self.change { "callback-confirm" } else { "callback-confirm-only" }));
        prompts
    }

    /// He pressed a key.
    pub(crate) fn key(&mut self, key: char, language: &str) -> Next {
        self.idle = 0;
        match key {
            '*' => Next::Declined,
            '#' => self.entered(language),
            '0'..='9' if self.change => {
                if self.keyed.0.len() < DIGITS_MAX {
                    self.keyed.0.push(key);
                }
                Next::Listen
            }
            _ => Next::Listen,
        }
    }

    /// What he has keyed is all of it.
    fn entered(&mut self, language: &str) -> Next {
        let keyed = std::mem::take(&mut self.keyed);
        if keyed.0.is_empty() {
            return match &self.number {
                Some(number) => Next::Confirmed(number.reveal().clone()),
                None => Next::Say(self.question(language)),
            };
        }
        let valid = is_dialable(keyed.reveal());
        self.number = if valid { Some(keyed) } else { self.number.take() };
        let mut prompts = self.question(language);
        if !valid {
            prompts.insert(0, format!("{language}/callback-invalid-number"));
        }
        Next::Say(prompts)
    }

    /// He has pressed nothing for a while.
    pub(crate) fn silence(&mut self, language: &str) -> Next {
        if !self.keyed.0.is_empty() {
            return self.entered(language);
        }
        self.idle = self.idle.saturating_add(1);
        if self.idle >= IDLE_MAX { Next::Declined } else { Next::Say(self.question(language)) }
    }
}

/// Whether a number can be called through a trunk.
pub(crate) fn is_dialable(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or(number);
    (OUTSIDE_DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(asks: &mut Asks, keys: &str) -> Next {
        let mut next = Next::Listen;
        for key in keys.chars() {
            next = asks.key(key, "en");
        }
        next
    }

    fn begin(number: &str, change: bool) -> Asks {
        Asks::begin(number, change, "en").unwrap().0
    }

    #[test]
    fn his_own_number_is_read_back_and_confirmed_by_hash_alone() {
        let (mut asks, question) = Asks::begin("+49301", true, "de").unwrap();
        let digits = "de/digit-4 de/digit-9 de/digit-3 de/digit-0 de/digit-1";
        assert_eq!(question.join(" "), format!("de/callback-your-number {digits} de/callback-confirm"));
        assert_eq!(keys(&mut asks, "#"), Next::Confirmed("+49301".into()));
        assert_eq!(keys(&mut begin("+49301", true), "12*"), Next::Declined);
    }

    #[test]
    fn another_number_is_read_back_before_it_counts() {
        let mut asks = begin("+49301", true);
        let Next::Say(question) = keys(&mut asks, "0301234#") else { panic!("it is not read back") };
        assert!(question.join(" ").starts_with("en/callback-your-number en/digit-0 en/digit-3"));
        assert_eq!(keys(&mut asks, "#"), Next::Confirmed("0301234".into()));
    }

    #[test]
    fn a_number_that_is_none_is_refused_and_the_one_before_stays() {
        let mut asks = begin("+49301", true);
        let Next::Say(question) = keys(&mut asks, "0301#") else { panic!("nothing is said") };
        assert_eq!(question.first().map(String::as_str), Some("en/callback-invalid-number"));
        assert_eq!(keys(&mut asks, "#"), Next::Confirmed("+49301".into()));
        // Without end: further digits are not taken.
        let Next::Say(question) = keys(&mut asks, &format!("{}#", "1".repeat(1_000))) else { panic!() };
        assert_eq!(question.len(), DIGITS_MAX + 2);
    }

    #[test]
    fn who_has_no_number_is_asked_for_one_unless_nobody_may_name_one() {
        let (mut asks, question) = Asks::begin("anonymous", true, "en").unwrap();
        assert_eq!(question, ["en/callback-enter-number"]);
        assert_eq!(keys(&mut asks, "#"), Next::Say(question));
        assert_eq!(Asks::begin("anonymous", false, "en"), None);
        let mut fixed = begin("+49301", false);
        assert_eq!(keys(&mut fixed, "0309999#"), Next::Confirmed("+49301".into()), "he may not change it");
    }

    #[test]
    fn silence_asks_once_more_and_then_he_stays_on_the_line() {
        let mut asks = begin("+49301", true);
        assert!(matches!(asks.silence("en"), Next::Say(_)));
        assert_eq!(asks.silence("en"), Next::Declined);
        let mut asks = begin("+49301", true);
        keys(&mut asks, "0305555");
        assert!(matches!(asks.silence("en"), Next::Say(_)), "what was keyed counts without the hash");
        assert_eq!(keys(&mut asks, "#"), Next::Confirmed("0305555".into()));
    }
}
