//! What is in the files, read by a reader of PDF of our own: objects, streams, letters.

mod reader;

use model::Timestamp;
use proptest::prelude::*;
use store::statistics::agent::AgentFigures;

use self::reader::Read;
use super::*;
use crate::words::{MEANINGS, NAMES};

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

fn asked(language: Language, (from, to): (&str, &str), length: Length) -> Asked {
    Asked {
        title: "Überblick für Straße".into(),
        domain: "acme.test".into(),
        zone: "Europe/Berlin".into(),
        language,
        intervals: Intervals::cut((at(from), at(to)), length, "Europe/Berlin").unwrap(),
        length,
        made_at: at("2026-05-05T05:00:00Z"),
    }
}

/// A day by the hour.
const DAY: (&str, &str) = ("2026-05-03T22:00:00Z", "2026-05-04T22:00:00Z");

fn subject(number: &str, name: &str) -> Subject {
    Subject { number: number.into(), name: name.into() }
}

fn busy(offered: u64) -> QueueFigures {
    QueueFigures {
        offered,
        answered: offered / 2,
        abandoned: offered - offered / 2,
        answered_in_time: offered / 2,
        answered_judged: offered / 2,
        wait_ms: 12_345,
        wait_max_ms: 75_000,
        talk_ms: 3_723_000,
        talks: 1,
        ..QueueFigures::default()
    }
}

/// A queue with calls in the hours of 8 and 9.
fn one(name: &str) -> Content {
    let mut figures = vec![QueueFigures::default(); 24];
    (figures[8], figures[9]) = (busy(4), busy(7));
    Content::Queues(vec![(subject("8000", name), figures)])
}

#[test]
fn a_document_says_what_it_is_of_and_has_the_rows_the_sums_and_the_meanings() {
    let file = Read::of(&pdf(&asked(Language::De, DAY, Length::Hour), &one("Käufer")).unwrap());
    let texts = file.texts();
    for text in [
        "Überblick für Straße",
        "Mo 04.05.2026 · Europe/Berlin",
        "Käufer · 8000",
        "acme.test · erstellt am Di 05.05.2026, 07:00",
        "Nach Zeit",
        "08:00",
        "09:00",
        "Zusammen",
        "Was diese Zahlen bedeuten",
        "Ein Agent hat angenommen.",
        "Seite 1 von 1",
        "1:02:03",
    ] {
        assert!(texts.iter().any(|shown| shown == text), "{text} is not among {texts:#?}");
    }
    assert!(!texts.iter().any(|text| text == "10:00"), "nothing happened then");
    let total = texts.iter().rposition(|text| text == "Zusammen" && texts.len() > 40);
    assert!(total.is_some() && texts.contains(&"11".into()), "{texts:#?}");
}

#[test]
fn numbers_end_at_the_same_place_in_every_row() {
    let file = Read::of(&pdf(&asked(Language::En, DAY, Length::Hour), &one("Sales")).unwrap());
    let ends: Vec<f32> = file
        .placed()
        .into_iter()
        .filter(|(text, _)| text == "4" || text == "7" || text == "11")
        .map(|(_, end)| end)
        .collect();
    // Of the row of the total in the bold font too.
    let column: Vec<&f32> = ends.iter().filter(|end| (**end - ends[1]).abs() < 0.05).collect();
    assert!(column.len() >= 3, "{ends:?}");
}

#[test]
fn a_long_table_goes_over_pages_with_its_head_on_each() {
    let month = ("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z");
    let asked = asked(Language::En, month, Length::Hour);
    let figures = vec![busy(3); asked.intervals.count()];
    let file = Read::of(&pdf(&asked, &Content::Queues(vec![(subject("8000", "Sales"), figures)])).unwrap());
    let pages = file.pages();
    assert_eq!(asked.intervals.count(), 745, "October has an hour more");
    assert!(pages.len() > 20, "{}", pages.len());
    for (index, page) in pages.iter().enumerate() {
        let number = format!("Page {} of {}", index + 1, pages.len());
        assert!(page.contains(&number), "{number}");
        if index + 2 < pages.len() {
            assert!(page.contains(&"Offered".to_owned()), "page {} has no head", index + 1);
        }
    }
    let all = file.texts();
    assert!(all.contains(&"Sun 10-25 02:00 +02:00".into()) && all.contains(&"Sun 10-25 02:00 +01:00".into()));
}

#[test]
fn names_in_any_script_are_shown_or_seen_to_be_missing() {
    for (name, shown) in [
        ("Łukasz Ångström ñ", "Łukasz Ångström ñ · 8000"),
        ("Алексей Ψυχή", "Алексей Ψυχή · 8000"),
        ("Nguyễn Thị", "Nguyễn Thị · 8000"),
        ("田中 x", "\u{fffd}\u{fffd} x · 8000"),
        ("a\u{202e}b\u{0}c\r\nd", "abc d · 8000"),
        ("😀", "\u{fffd} · 8000"),
        (") Tj ET (", ") Tj ET ( · 8000"),
    ] {
        let file = Read::of(&pdf(&asked(Language::En, DAY, Length::Hour), &one(name)).unwrap());
        let texts = file.texts();
        let shown = shown.replace("  ", " ");
        assert!(texts.iter().any(|text| text.replace("  ", " ") == shown), "{name:?}: {texts:?}");
    }
}

#[test]
fn several_are_shown_together_and_each() {
    let Content::Queues(mut all) = one("Sales") else { unreachable!() };
    all.push((subject("8001", "Support"), vec![busy(1); 24]));
    let file = Read::of(&pdf(&asked(Language::En, DAY, Length::Hour), &Content::Queues(all)).unwrap());
    let texts = file.texts();
    for text in ["Queues: 2", "By interval", "By queue", "Sales · 8000", "Support · 8001"] {
        assert!(texts.iter().any(|shown| shown == text), "{text} is not among {texts:#?}");
    }
}

#[test]
fn agents_have_a_document_and_a_table_too() {
    let figures =
        AgentFigures { offered: 3, answered: 2, missed: 1, talk_ms: 61_500, ..AgentFigures::default() };
    let mut hours = vec![AgentInterval::default(); 24];
    hours[8].figures = figures;
    let content = Content::Agents(vec![(subject("1001", "=Ann"), hours)]);
    let asked = asked(Language::En, DAY, Length::Hour);
    let texts = Read::of(&pdf(&asked, &content).unwrap()).texts();
    assert!(texts.contains(&"=Ann · 1001".into()) && texts.contains(&"Occupancy".into()), "{texts:#?}");
    let table = String::from_utf8(csv(&asked, &content).unwrap()).unwrap();
    let lines: Vec<&str> = table.split("\r\n").collect();
    assert!(lines[0].starts_with("agent,name,begins_at,ends_at,offered,answered,missed"), "{}", lines[0]);
    assert!(
        lines[9].starts_with(
            "1001,'=Ann,2026-05-04T06:00:00.000Z,2026-05-04T07:00:00.000Z,3,2,1,0,0,0,61.5,0,0.0"
        ),
        "{}",
        lines[9]
    );
    assert_eq!(lines.len(), 26, "with a head and an end");
}

#[test]
fn a_table_has_every_interval_and_no_words_but_those_of_the_api() {
    let table =
        String::from_utf8(csv(&asked(Language::De, DAY, Length::Hour), &one("Käufer")).unwrap()).unwrap();
    let lines: Vec<&str> = table.split("\r\n").collect();
    assert_eq!(lines.len(), 26);
    assert!(
        lines[9].starts_with("8000,Käufer,2026-05-04T06:00:00.000Z,2026-05-04T07:00:00.000Z,4,2,2,2"),
        "{}",
        lines[9]
    );
    assert!(lines[9].contains(",1.0,6.173,75.0,3723.0,"), "{}", lines[9]);
}

#[test]
fn what_would_be_too_long_is_refused() {
    let asked = asked(Language::En, ("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"), Length::Quarter);
    let all = vec![(subject("1", ""), Vec::new()); 40];
    assert_eq!(csv(&asked, &Content::Queues(all)), Err(ReportError::TooLong(2_980 * 40)));
}

#[test]
fn an_empty_report_says_so() {
    let texts =
        Read::of(&pdf(&asked(Language::De, DAY, Length::Hour), &Content::Queues(Vec::new())).unwrap())
            .texts();
    assert!(texts.contains(&"In dieser Zeit ist nichts geschehen.".into()), "{texts:?}");
}

#[test]
fn every_word_is_there_in_both_languages() {
    for (key, english, german) in NAMES.iter().chain(MEANINGS) {
        assert!(!english.is_empty() && !german.is_empty(), "{key}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_name_breaks_the_file(name in "\\PC{0,60}|.{0,60}") {
        let asked = Asked { title: name.clone(), ..asked(Language::En, DAY, Length::Hour) };
        let file = Read::of(&pdf(&asked, &one(&name)).unwrap());
        prop_assert!(file.texts().contains(&"Together".to_owned()));
        prop_assert_eq!(csv(&asked, &one(&name)).is_ok(), true);
    }
}
