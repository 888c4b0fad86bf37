//! What is said, word for word, by the texts that the sounds were made from.

use std::collections::BTreeMap;
use std::time::Duration;

use callflow::say::{DIGITS_MAX, NUMBER_END, Say, languages, say};

/// The texts of the prompts, by name with language.
fn texts() -> BTreeMap<String, String> {
    let tables = [
        ("en", include_str!("../../../sounds/en/prompts.tsv")),
        ("de", include_str!("../../../sounds/de/prompts.tsv")),
    ];
    assert!(languages().eq(tables.map(|(code, _)| code)), "every language with a grammar has its texts here");
    let mut texts = BTreeMap::new();
    for (language, table) in tables {
        for (name, text) in table.lines().filter_map(|line| line.split_once('\t')) {
            texts.insert(format!("{language}/{name}"), text.to_owned());
        }
    }
    texts
}

#[track_caller]
fn is_said(cases: &[(Say<'_>, &str, &str)]) {
    let texts = texts();
    for (thing, english, german) in cases {
        for (language, expected) in [("en", english), ("de", german)] {
            let names = say(language, *thing);
            let words: Vec<&str> = names.iter().map(|name| texts[name].as_str()).collect();
            assert_eq!(&words.join(" "), expected, "{thing:?} in {language}");
        }
    }
}

#[test]
fn numbers_are_said_as_each_language_builds_them() {
    is_said(&[
        (Say::Number(0), "zero", "null"),
        (Say::Number(1), "one", "eins"),
        (Say::Number(21), "twenty-one", "einundzwanzig"),
        (Say::Number(100), "one hundred", "einhundert"),
        (Say::Number(101), "one hundred one", "einhundert eins"),
        (Say::Number(999), "nine hundred ninety-nine", "neunhundert neunundneunzig"),
        (Say::Number(1_000), "one thousand", "eintausend"),
        (Say::Number(1_001), "one thousand one", "eintausend eins"),
        (Say::Number(2_016), "two thousand sixteen", "zwei tausend sechzehn"),
        (Say::Number(21_000), "twenty-one thousand", "einundzwanzig tausend"),
        (Say::Number(101_300), "one hundred one thousand three hundred", "einhundert eintausend dreihundert"),
        (
            Say::Number(999_999),
            "nine hundred ninety-nine thousand nine hundred ninety-nine",
            "neunhundert neunundneunzig tausend neunhundert neunundneunzig",
        ),
        (Say::Number(NUMBER_END), "one zero zero zero zero zero zero", "eins null null null null null null"),
    ]);
}

#[test]
fn digits_are_said_one_by_one_and_other_signs_are_not() {
    is_said(&[
        (Say::Digits("+49 30-19"), "four nine three zero one nine", "vier neun drei null eins neun"),
        (Say::Digits(""), "", ""),
        (Say::Digits("x"), "", ""),
    ]);
    assert_eq!(say("en", Say::Digits(&"1".repeat(DIGITS_MAX + 10))).len(), DIGITS_MAX);
}

#[test]
fn a_place_in_a_line_is_a_sentence() {
    is_said(&[
        (Say::Position(0), "You are next in line.", "Sie sind als Nächstes an der Reihe."),
        (Say::Position(1), "You are next in line.", "Sie sind als Nächstes an der Reihe."),
        (Say::Position(3), "You are number three in line.", "Sie sind auf Platz drei"),
        (
            Say::Position(112),
            "You are number one hundred twelve in line.",
            "Sie sind auf Platz einhundert zwölf",
        ),
    ]);
}

#[test]
fn a_wait_is_rounded_up_the_way_people_say_it() {
    let wait = |seconds| Say::Wait(Duration::from_secs(seconds));
    let english = "Your expected waiting time is";
    let german = "Ihre voraussichtliche Wartezeit beträgt";
    for (seconds, en, de) in [
        (0, "less than one minute.", "weniger als eine Minute."),
        (59, "less than one minute.", "weniger als eine Minute."),
        (60, "about one minute", "etwa eine Minute"),
        (61, "about two minutes", "etwa zwei Minuten"),
        (600, "about ten minutes", "etwa zehn Minuten"),
        (601, "about fifteen minutes", "etwa fünfzehn Minuten"),
        (3_600, "about sixty minutes", "etwa sechzig Minuten"),
        (3_601, "more than one hour.", "mehr als eine Stunde."),
        (u64::MAX, "more than one hour.", "mehr als eine Stunde."),
    ] {
        is_said(&[(wait(seconds), &format!("{english} {en}"), &format!("{german} {de}"))]);
    }
}

#[test]
fn a_length_is_as_exact_as_anybody_wants_to_know() {
    let length = |seconds| Say::Length(Duration::from_secs(seconds));
    is_said(&[
        (length(0), "zero seconds", "null Sekunden"),
        (length(1), "one second", "eine Sekunde"),
        (length(59), "fifty-nine seconds", "neunundfünfzig Sekunden"),
        (length(64), "one minute", "eine Minute"),
        (length(65), "one minute and ten seconds", "eine Minute und zehn Sekunden"),
        (length(594), "nine minutes and fifty seconds", "neun Minuten und fünfzig Sekunden"),
        (length(599), "ten minutes", "zehn Minuten"),
        (length(629), "ten minutes", "zehn Minuten"),
        (length(630), "eleven minutes", "elf Minuten"),
        (length(3_660), "one hour and one minute", "eine Stunde und eine Minute"),
        (length(7_200), "two hours", "zwei Stunden"),
        (length(3_600 * 1_000), "one zero zero zero hours", "eins null null null Stunden"),
    ]);
}

#[test]
fn times_and_dates_are_said_by_the_clock_and_calendar_of_the_language() {
    let time = |hour, minute| Say::Time { hour, minute };
    let date = |weekday, day, month| Say::Date { weekday, day, month };
    is_said(&[
        (time(0, 0), "midnight", "null Uhr"),
        (time(0, 1), "twelve oh one A M", "null Uhr eins"),
        (time(1, 0), "one A M", "ein Uhr"),
        (time(12, 0), "noon", "zwölf Uhr"),
        (time(12, 30), "twelve thirty P M", "zwölf Uhr dreißig"),
        (time(15, 5), "three oh five P M", "fünfzehn Uhr fünf"),
        (time(99, 99), "eleven fifty-nine P M", "dreiundzwanzig Uhr neunundfünfzig"),
        (date(1, 3, 3), "Monday March third", "Montag der dritte März"),
        (date(7, 31, 12), "Sunday December thirty-first", "Sonntag der einunddreißigste Dezember"),
        (date(0, 0, 0), "Monday January first", "Montag der erste Januar"),
    ]);
}

#[test]
fn a_language_without_a_grammar_is_english_and_a_region_changes_nothing() {
    assert_eq!(say("fr", Say::Number(2)), ["en/n-2"]);
    assert_eq!(say("", Say::Number(2)), ["en/n-2"]);
    assert_eq!(say("DE-at", Say::Number(2)), ["de/n-2"]);
}

#[test]
fn every_name_that_can_be_said_has_its_sound() {
    let texts = texts();
    let numbers = (0..2_000).chain((2_000..=NUMBER_END + 999).step_by(997));
    let seconds = (0..8_000).chain((8_000..5_000_000).step_by(9_973));
    let lasting = |seconds: u64| Duration::from_secs(seconds);
    let mut things: Vec<Say<'_>> = numbers.flat_map(|n| [Say::Number(n), Say::Position(n)]).collect();
    things.extend(seconds.flat_map(|s| [Say::Wait(lasting(s)), Say::Length(lasting(s))]));
    things.extend((0..=24).flat_map(|hour| (0..=60).map(move |minute| Say::Time { hour, minute })));
    things.extend((0..=32).map(|n| Say::Date { weekday: n, day: n, month: n }));
    things.push(Say::Digits("0123456789*#+"));
    for language in languages() {
        for thing in &things {
            for name in say(language, *thing) {
                assert!(texts.contains_key(&name), "{thing:?} in {language} wants {name}");
            }
        }
    }
}
