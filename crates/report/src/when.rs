//! Days and hours as a document shows them.

use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp as Moment, Zoned};
use model::Timestamp;
use store::report::Language;
use store::statistics::intervals::Length;

use crate::Asked;

/// Days of the week, Monday first.
const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAYS_DE: [&str; 7] = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];

fn local(zone: &str, at: Timestamp) -> Zoned {
    let at = Moment::from_microsecond(at.0).unwrap_or(Moment::UNIX_EPOCH);
    // Zones are checked where they are written down.
    at.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
}

fn weekday(at: &Zoned, language: Language) -> &'static str {
    let days = match language {
        Language::En => DAYS_EN,
        Language::De => DAYS_DE,
    };
    let index = usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or_default();
    days.get(index).copied().unwrap_or_default()
}

fn day(at: &Zoned, language: Language) -> String {
    let format = match language {
        Language::En => "%Y-%m-%d",
        Language::De => "%d.%m.%Y",
    };
    format!("{} {}", weekday(at, language), at.strftime(format))
}

/// The first and the last day of a report, or the one.
pub(crate) fn days(asked: &Asked) -> String {
    let (begin, end) = (asked.intervals.begin(), asked.intervals.end());
    let first = local(&asked.zone, begin);
    let last = local(&asked.zone, Timestamp((end.0 - 1).max(begin.0)));
    if first.date() == last.date() {
        return day(&first, asked.language);
    }
    format!("{} – {}", day(&first, asked.language), day(&last, asked.language))
}

/// A moment with its day.
pub(crate) fn moment(asked: &Asked, at: Timestamp) -> String {
    let at = local(&asked.zone, at);
    format!("{}, {}", day(&at, asked.language), at.strftime("%H:%M"))
}

/// An interval by its beginning: its day, its hour, or both. An hour that comes twice on a day has its offset with it.
pub(crate) fn interval(asked: &Asked, begins: Timestamp) -> String {
    let at = local(&asked.zone, begins);
    let short = match asked.language {
        Language::En => "%m-%d",
        Language::De => "%d.%m.",
    };
    let date = format!("{} {}", weekday(&at, asked.language), at.strftime(short));
    if asked.length == Length::Day {
        return date;
    }
    let ambiguous = at.time_zone().to_ambiguous_timestamp(at.datetime());
    let twice = matches!(ambiguous.offset(), AmbiguousOffset::Fold { .. });
    let hour = at.strftime(if twice { "%H:%M %:z" } else { "%H:%M" }).to_string();
    let days = Timestamp(asked.intervals.end().0 - 1);
    let several = local(&asked.zone, asked.intervals.begin()).date() != local(&asked.zone, days).date();
    if several { format!("{date} {hour}") } else { hour }
}

/// A length of time as a clock shows it: `1:05`, `2:00:09`.
pub(crate) fn clock(ms: u64) -> String {
    let seconds = ms / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// The same of a mean.
pub(crate) fn mean_clock(ms: u64, count: u64) -> String {
    ms.checked_div(count).map_or_else(|| "–".into(), clock)
}

/// A share in whole per cent.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    let half = whole / 2;
    (part * 100 + half).checked_div(whole).map_or_else(|| "–".into(), |share| format!("{share} %"))
}
