//! Time zones as tables: the core knows no time-zone database, so a [`Zone`] is prepared here.
//!
//! A table spans fixed years, not years around today: the same file makes the same directory on every machine at
//! any time, and a journal replays under the rules that held then.

use jiff::tz::TimeZone;
use model::{Timestamp, Zone};

/// From when to when a table is true: 2020-01-01 to 2045-01-01. Before it its first offset holds, after it its last.
pub const SPAN: (Timestamp, Timestamp) = (Timestamp::from_secs(FROM), Timestamp::from_secs(TO));

/// 2020-01-01 00:00 UTC, in seconds.
const FROM: i64 = 1_577_836_800;
/// 2045-01-01 00:00 UTC, in seconds.
const TO: i64 = 2_366_841_600;
/// Most changes of a clock in a table; zones change theirs twice a year, a few of them four times.
const CHANGES_MAX: usize = 128;

/// The table of an IANA zone. A name that is not known has none, which is UTC: names are checked when a file is
/// read.
pub(crate) fn table(name: &str) -> Zone {
    let Ok(zone) = TimeZone::get(name) else { return Zone::default() };
    let Ok(from) = jiff::Timestamp::from_second(FROM) else { return Zone::default() };
    let first = (Timestamp::from_secs(FROM), zone.to_offset(from).seconds());
    let changes = zone
        .following(from)
        .map(|change| (change.timestamp().as_second(), change.offset().seconds()))
        .take_while(|(at, _)| *at < TO)
        .take(CHANGES_MAX)
        .map(|(at, offset)| (Timestamp::from_secs(at), offset));
    let mut offsets = vec![first];
    for (at, offset) in changes {
        // A change of name alone, or of what is called summer time, is none of the clock.
        if offsets.last().is_none_or(|(_, last)| *last != offset) {
            offsets.push((at, offset));
        }
    }
    Zone { offsets }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds since the epoch of a moment in RFC 3339.
    fn at(text: &str) -> Timestamp {
        Timestamp::from_secs(text.parse::<jiff::Timestamp>().unwrap().as_second())
    }

    #[test]
    fn berlin_changes_its_clock_on_the_last_sundays_of_march_and_october() {
        let zone = table("Europe/Berlin");
        assert_eq!(zone.offset(at("2026-03-29T00:59:59Z")), 3600);
        assert_eq!(zone.offset(at("2026-03-29T01:00:00Z")), 7200);
        assert_eq!(zone.offset(at("2026-10-25T00:59:59Z")), 7200);
        assert_eq!(zone.offset(at("2026-10-25T01:00:00Z")), 3600);
        assert_eq!(zone.midnight(at("2026-07-01T12:00:00Z")), at("2026-06-30T22:00:00Z"));
        assert_eq!(zone.offsets.len(), 51, "one and two a year for twenty-five years");
    }

    #[test]
    fn zones_without_a_change_have_one_line_and_unknown_ones_none() {
        assert_eq!(table("Asia/Kolkata").offsets, [(Timestamp::from_secs(FROM), 19_800)]);
        assert_eq!(table("UTC").offset(at("2026-03-29T01:00:00Z")), 0);
        assert_eq!(table("Mars/Olympus").offsets, []);
        assert_eq!(table("Africa/Casablanca").offset(at("2026-01-01T00:00:00Z")), 3600);
    }
}
