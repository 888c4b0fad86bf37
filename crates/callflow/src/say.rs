//! The spoken grammar: from a thing to say to the prompts that say it, by the rules of each language.
//!
//! A prompt's name comes with its language (`de/n-21`), because the order of the words belongs to the language that
//! the words are in: a caller whose language has no grammar here hears all of it in English, not a mixture.

mod de;
mod en;

use std::time::Duration;

/// Numbers from here on are said digit by digit: nobody follows longer ones by ear.
pub const NUMBER_END: u32 = 1_000_000;
/// Digits of one number that are said; what follows is left out.
pub const DIGITS_MAX: usize = 32;

/// Something to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say<'a> {
    /// A number of things: seventeen.
    Number(u32),
    /// The digits of a telephone number or of an extension, one by one; other signs are not said.
    Digits(&'a str),
    /// A place in a line, 1 is the first: a whole sentence.
    Position(u32),
    /// How long a wait will be, as people say it: a whole sentence. Up to ten minutes by the minute, up to an hour by
    /// five, then "more than an hour".
    Wait(Duration),
    /// How long something is, a message say: to the second below a minute, to ten seconds below ten minutes, then to
    /// the minute.
    Length(Duration),
    /// A time of day. What no clock shows is brought to its last minute.
    Time {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
    /// A day without its year. What no calendar has is brought to its last day.
    Date {
        /// 1 is Monday.
        weekday: u8,
        /// 1 to 31.
        day: u8,
        /// 1 is January.
        month: u8,
    },
}

/// A language that has a grammar.
struct Language {
    /// Its folder in the sounds, ISO 639-1.
    code: &'static str,
    say: fn(Thing<'_>, &mut Names),
}

/// One line for each; the first is the one for all others.
const LANGUAGES: [Language; 2] =
    [Language { code: "en", say: en::say }, Language { code: "de", say: de::say }];

/// The codes of the languages that have a grammar.
pub fn languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|language| language.code)
}

/// The names of the prompts that say a thing, in order. `language` is a tag as `de` or `de-AT`; one without a grammar
/// is English.
///
/// ```
/// use callflow::say::{Say, say};
/// assert_eq!(say("de-AT", Say::Number(121)), ["de/n-100", "de/n-21"]);
/// ```
#[must_use]
pub fn say(language: &str, thing: Say<'_>) -> Vec<String> {
    let [english, ..] = &LANGUAGES;
    let base = language.split('-').next().unwrap_or_default();
    let language = LANGUAGES.iter().find(|known| known.code.eq_ignore_ascii_case(base)).unwrap_or(english);
    let mut names = Names { code: language.code, names: Vec::new() };
    (language.say)(Thing::of(thing), &mut names);
    names.names
}

/// A thing to say after what is the same in every language: bounds and rounding.
#[derive(Clone, Copy)]
enum Thing<'a> {
    Number(u32),
    Digits(&'a str),
    Next,
    Position(u32),
    Wait(Waiting),
    Length(Length),
    Time { hour: u32, minute: u32 },
    Date { weekday: u32, day: u32, month: u32 },
}

/// A wait as people say it.
#[derive(Clone, Copy)]
enum Waiting {
    LessThanAMinute,
    Minutes(u32),
    MoreThanAnHour,
}

/// What is not zero is said.
#[derive(Clone, Copy)]
struct Length {
    hours: u32,
    minutes: u32,
    seconds: u32,
}

impl<'a> Thing<'a> {
    fn of(thing: Say<'a>) -> Thing<'a> {
        match thing {
            Say::Number(number) => Thing::Number(number),
            Say::Digits(digits) => Thing::Digits(digits),
            Say::Position(0 | 1) => Thing::Next,
            Say::Position(position) => Thing::Position(position),
            Say::Wait(wait) => Thing::Wait(Waiting::of(wait)),
            Say::Length(length) => Thing::Length(Length::of(length)),
            Say::Time { hour, minute } => {
                Thing::Time { hour: u32::from(hour.min(23)), minute: u32::from(minute.min(59)) }
            }
            Say::Date { weekday, day, month } => Thing::Date {
                weekday: u32::from(weekday.clamp(1, 7)),
                day: u32::from(day.clamp(1, 31)),
                month: u32::from(month.clamp(1, 12)),
            },
        }
    }
}

impl Waiting {
    /// Rounded up: who is told three minutes and waits two is glad, the other way round is a broken promise.
    fn of(wait: Duration) -> Waiting {
        match u32::try_from(wait.as_secs().div_ceil(60)).unwrap_or(u32::MAX) {
            0 => Waiting::LessThanAMinute,
            1 if wait.as_secs() < 60 => Waiting::LessThanAMinute,
            minutes @ 1..=10 => Waiting::Minutes(minutes),
            minutes @ 11..=60 => Waiting::Minutes(minutes.next_multiple_of(5)),
            61.. => Waiting::MoreThanAnHour,
        }
    }
}

impl Length {
    fn of(length: Duration) -> Length {
        let rounded = |to: u64| length.as_secs().saturating_add(to / 2) / to * to;
        let seconds = match length.as_secs() {
            0..60 => length.as_secs(),
            60..595 => rounded(10),
            595.. => rounded(60),
        };
        let part = |of: u64| u32::try_from(of).unwrap_or(u32::MAX);
        Length { hours: part(seconds / 3_600), minutes: part(seconds / 60 % 60), seconds: part(seconds % 60) }
    }
}

/// The prompts so far.
struct Names {
    code: &'static str,
    names: Vec<String>,
}

impl Names {
    /// A prompt by its name.
    fn push(&mut self, name: &str) {
        self.names.push(format!("{}/{name}", self.code));
    }

    /// A prompt of a series: `n-21`, `day-3`.
    fn one_of(&mut self, series: &str, number: u32) {
        self.push(&format!("{series}-{number}"));
    }

    /// Digits one by one.
    fn digits(&mut self, digits: &str) {
        for digit in digits.chars().filter_map(|sign| sign.to_digit(10)).take(DIGITS_MAX) {
            self.one_of("digit", digit);
        }
    }

    /// Up to 999, in languages that put the hundreds before the rest and keep the rest in one word.
    fn below_thousand(&mut self, number: u32) {
        if number >= 100 {
            self.one_of("n", number / 100 * 100);
        }
        if !number.is_multiple_of(100) {
            self.one_of("n", number % 100);
        }
    }

    /// A length, in languages that count one thing by another word than many.
    fn length(&mut self, Length { hours, minutes, seconds }: Length) {
        let mut parts = vec![(hours, "one-hour", "hours"), (minutes, "one-minute", "minutes")];
        parts.push((seconds, "one-second", "seconds"));
        parts.retain(|(number, ..)| *number > 0);
        if parts.is_empty() {
            parts.push((0, "one-second", "seconds"));
        }
        for (index, (number, one, many)) in parts.iter().enumerate() {
            if index > 0 && index + 1 == parts.len() {
                self.push("and");
            }
            self.counted(*number, one, many);
        }
    }

    /// A number of things up to 999; larger ones digit by digit.
    fn counted(&mut self, number: u32, one: &str, many: &str) {
        match number {
            1 => return self.push(one),
            0 => self.push("n-0"),
            2..=999 => self.below_thousand(number),
            1_000.. => self.digits(&number.to_string()),
        }
        self.push(many);
    }

    /// How long a wait will be.
    fn wait(&mut self, wait: Waiting) {
        self.push("your-wait-is");
        match wait {
            Waiting::LessThanAMinute => self.push("less-than-a-minute"),
            Waiting::Minutes(minutes) => {
                self.push("about");
                self.counted(minutes, "one-minute", "minutes");
            }
            Waiting::MoreThanAnHour => self.push("more-than-an-hour"),
        }
    }
}
