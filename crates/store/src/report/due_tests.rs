//! Times at which reports are due, and what they are about.

use jiff::tz::AmbiguousOffset;
use proptest::prelude::*;

use super::super::{About, Format, Report};
use super::*;
use crate::statistics::intervals::Length;
use crate::words::Word as _;

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

fn report(every: Every, at: u16) -> Report {
    Report {
        name: "Daily".into(),
        about: About::Queues,
        queues: Vec::new(),
        agents: Vec::new(),
        groups: Vec::new(),
        span: ReportSpan::Yesterday,
        interval: Length::Hour,
        every,
        weekday: Weekday::Monday,
        day: 1,
        at,
        recipients: vec!["boss@acme.test".into()],
        format: Format::Both,
        language: None,
        enabled: true,
    }
}

fn berlin(report: &Report) -> Timetable {
    Timetable::of(report, "Europe/Berlin").unwrap()
}

/// All times from one moment on, until before another.
fn times(timetable: &Timetable, from: &str, to: &str) -> Vec<Timestamp> {
    let (mut at, to, mut found) = (at(from), self::at(to), Vec::new());
    while let Some(next) = timetable.next(at).filter(|next| *next < to) {
        found.push(next);
        at = next;
    }
    found
}

#[test]
fn an_hour_that_the_clock_skips_or_doubles_is_due_once() {
    // 02:30 is not there on 29 March, and twice on 25 October.
    let daily = berlin(&report(Every::Day, 150));
    assert_eq!(
        times(&daily, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z"),
        [at("2026-03-29T01:30:00Z"), at("2026-03-30T00:30:00Z")]
    );
    assert_eq!(
        times(&daily, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z"),
        [at("2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z")]
    );
    // Asked in the hour that comes a second time: it was due in the first.
    assert_eq!(daily.next(at("2026-10-25T01:00:00Z")), Some(at("2026-10-26T01:30:00Z")));
}

#[test]
fn a_day_that_a_month_has_not_is_its_last() {
    let monthly = Report { day: 31, ..report(Every::Month, 420) };
    let found = times(&berlin(&monthly), "2024-01-15T00:00:00Z", "2024-07-15T00:00:00Z");
    let days: Vec<String> = found
        .iter()
        .map(|at| jiff::Timestamp::from_microsecond(at.0).unwrap().strftime("%m-%d %H").to_string())
        .collect();
    assert_eq!(days, ["01-31 06", "02-29 06", "03-31 05", "04-30 05", "05-31 05", "06-30 05"]);
}

#[test]
fn a_day_that_a_place_has_left_out_is_due_with_the_next_and_not_twice() {
    // Samoa had no 30 December 2011.
    let daily = Timetable::of(&report(Every::Day, 420), "Pacific/Apia").unwrap();
    let found = times(&daily, "2011-12-28T00:00:00Z", "2012-01-02T00:00:00Z");
    assert_eq!(
        found,
        [
            "2011-12-28T17:00:00Z",
            "2011-12-29T17:00:00Z",
            "2011-12-30T17:00:00Z",
            "2011-12-31T17:00:00Z",
            "2012-01-01T17:00:00Z"
        ]
        .map(at)
    );
}

#[test]
fn a_day_whose_last_hour_is_skipped_keeps_what_it_is_of() {
    // 28 March 2026 has no 23:30 in Nuuk: it goes half past midnight, and is of the 27th all the same.
    let daily = Timetable::of(&report(Every::Day, 1_410), "America/Nuuk").unwrap();
    let found = times(&daily, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z");
    let day = |at| daily.bounds(ReportSpan::Yesterday, at).unwrap().0;
    assert_eq!(
        found.into_iter().map(day).collect::<Vec<_>>(),
        ["2026-03-27T02:00:00Z", "2026-03-28T02:00:00Z"].map(at)
    );
    // And Samoa's 29 December 2011 is what was due on the 30th, which was not there.
    let daily = Timetable::of(&report(Every::Day, 420), "Pacific/Apia").unwrap();
    let of = |due| daily.bounds(ReportSpan::Yesterday, at(due)).unwrap();
    assert_eq!(of("2011-12-30T17:00:00Z"), (at("2011-12-29T10:00:00Z"), at("2011-12-30T10:00:00Z")));
    assert_eq!(of("2011-12-31T17:00:00Z"), (at("2011-12-30T10:00:00Z"), at("2011-12-31T10:00:00Z")));
}

#[test]
fn a_server_that_was_away_sends_the_latest_ones_once_each() {
    let daily = berlin(&report(Every::Day, 420));
    let (due, next) = daily.due(at("2026-05-01T05:00:00Z"), at("2026-05-04T04:59:00Z"));
    assert_eq!(due, ["2026-05-02T05:00:00Z", "2026-05-03T05:00:00Z"].map(at));
    assert_eq!(next, Some(at("2026-05-04T05:00:00Z")));
    let (due, _) = daily.due(at("2026-01-01T06:00:00Z"), at("2026-05-04T05:00:00Z"));
    assert_eq!((due.len(), due.last()), (LATE_MAX, Some(&at("2026-05-04T05:00:00Z"))));
    assert_eq!(daily.due(Timestamp(0), at("2026-05-04T05:00:00Z")).0.len(), LATE_MAX);
    assert_eq!(daily.due(at("2026-05-04T05:00:00Z"), at("2026-05-04T05:00:00Z")).0, []);
}

#[test]
fn spans_are_whole_days_by_the_clock_of_the_place() {
    let bounds = |span: ReportSpan, day: &str| span.bounds(at(day), "Europe/Berlin").unwrap();
    for (span, day, from, to) in [
        // The night of 29 March has 23 hours.
        (ReportSpan::Yesterday, "2026-03-30T05:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        // Half past midnight there is still the day before here.
        (ReportSpan::Yesterday, "2026-05-01T22:30:00Z", "2026-04-30T22:00:00Z", "2026-05-01T22:00:00Z"),
        // On a Monday, and on a Sunday.
        (ReportSpan::LastWeek, "2026-05-04T05:00:00Z", "2026-04-26T22:00:00Z", "2026-05-03T22:00:00Z"),
        (ReportSpan::LastWeek, "2026-05-10T05:00:00Z", "2026-04-26T22:00:00Z", "2026-05-03T22:00:00Z"),
        // October has an hour more than its days, and January is of another year.
        (ReportSpan::LastMonth, "2026-11-30T05:00:00Z", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
        (ReportSpan::LastMonth, "2026-01-31T05:00:00Z", "2025-11-30T23:00:00Z", "2025-12-31T23:00:00Z"),
    ] {
        assert_eq!(bounds(span, day), (at(from), at(to)), "{span:?} on {day}");
    }
}

/// Every zone that there is.
fn zones() -> Vec<String> {
    jiff::tz::db().available().map(|name| name.to_string()).collect()
}

#[test]
fn in_every_zone_each_day_is_due_once_and_a_span_can_be_cut() {
    // Each quarter of an hour at which clocks change somewhere.
    let zones = zones();
    assert!(zones.len() > 300, "{}", zones.len());
    for zone in &zones {
        for minute in [0, 30, 90, 120, 150, 180, 420, 1410, 1439] {
            let timetable = Timetable::of(&report(Every::Day, minute), zone).unwrap();
            let found = times(&timetable, "2025-12-31T00:00:00Z", "2027-01-03T00:00:00Z");
            assert!((367..=370).contains(&found.len()), "{zone} {minute}: {}", found.len());
            let apart = |pair: &[Timestamp]| (pair[1].0 - pair[0].0) / 3_600_000_000;
            assert!(found.windows(2).all(|pair| (21..=27).contains(&apart(pair))), "{zone} {minute}");
            // What one is of ends where the next begins.
            let spans: Vec<_> =
                found.iter().map(|at| timetable.bounds(ReportSpan::Yesterday, *at).unwrap()).collect();
            assert!(spans.iter().all(|(from, to)| from < to), "{zone} {minute}");
            assert!(spans.windows(2).all(|pair| pair[0].1 == pair[1].0), "{zone} {minute}");
        }
        let now = at("2026-11-02T12:00:00Z");
        for span in [ReportSpan::Yesterday, ReportSpan::LastWeek, ReportSpan::LastMonth] {
            let bounds = span.bounds(now, zone).unwrap();
            for length in Length::ALL {
                crate::statistics::intervals::Intervals::cut(bounds, length, zone)
                    .unwrap_or_else(|error| panic!("{zone} {span:?} {}: {error}", length.word()));
            }
        }
    }
}

proptest! {
    #[test]
    fn however_a_server_is_stopped_and_started_each_time_is_taken_once(
        zone in prop::sample::select(zones()),
        every in prop::sample::select(vec![Every::Day, Every::Week, Every::Month]),
        minute in 0_u16..1_440,
        day in 1_u8..=31,
        start in 1_577_836_800_i64..1_893_456_000,
        steps in prop::collection::vec(1_i64..400_000, 1..40),
    ) {
        let report = Report { day, ..report(every, minute) };
        let timetable = Timetable::of(&report, &zone).unwrap();
        let start = Timestamp::from_secs(start);
        let (mut now, mut done, mut taken) = (start, start, Vec::new());
        for step in steps {
            now = Timestamp(now.0 + step * 1_000_000);
            let (due, next) = timetable.due(done, now);
            prop_assert!(next.is_none_or(|next| next > now));
            done = due.last().copied().unwrap_or(done);
            taken.extend(due);
        }
        let mut all = Vec::new();
        let mut at = start;
        while let Some(next) = timetable.next(at).filter(|next| *next <= now) {
            all.push(next);
            at = next;
        }
        prop_assert_eq!(taken, all);
    }

    #[test]
    fn the_next_time_shows_the_hour_that_was_asked_for_where_there_is_one(
        zone in prop::sample::select(zones()),
        minute in 0_u16..1_440,
        after in 1_577_836_800_i64..1_893_456_000,
    ) {
        let timetable = Timetable::of(&report(Every::Day, minute), &zone).unwrap();
        let next = timetable.next(Timestamp::from_secs(after)).unwrap();
        let zone = TimeZone::get(&zone).unwrap();
        let moment = jiff::Timestamp::from_microsecond(next.0).unwrap();
        let shown = zone.to_datetime(moment);
        let small = |value: u16| i8::try_from(value).unwrap();
        let wanted = shown.date().to_datetime(Time::new(small(minute / 60), small(minute % 60), 0, 0).unwrap());
        let ambiguous = zone.to_ambiguous_timestamp(wanted);
        if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
            return Ok(());
        }
        prop_assert_eq!(shown, wanted);
        prop_assert_eq!(ambiguous.earlier().unwrap(), moment);
    }
}
