//! When a report is due, and of which time it is: pure, by the clock of a place.
//!
//! A report is due once on each of its days. An hour that the clock skips on that day is taken as the same time after the
//! last one before it, and of one that comes twice the first is meant (RFC 5545, 3.3.5). A month that has no such day is
//! served on its last.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use model::Timestamp;

/// Most of what is due that is looked at in one go; of a server that was away for longer the latest count.
pub const LATE_MAX: usize = 7;
/// How many days are looked through for the next one that is due: every month has one.
const DAYS_AHEAD: i64 = 63;

/// On which days something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// On each.
    Day,
    /// On one of the week.
    Week,
    /// On one of the month.
    Month,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weekday {
    /// The first, as ISO 8601 counts.
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The last.
    Sunday,
}

impl Weekday {
    const fn civil(self) -> jiff::civil::Weekday {
        match self {
            Self::Monday => jiff::civil::Weekday::Monday,
            Self::Tuesday => jiff::civil::Weekday::Tuesday,
            Self::Wednesday => jiff::civil::Weekday::Wednesday,
            Self::Thursday => jiff::civil::Weekday::Thursday,
            Self::Friday => jiff::civil::Weekday::Friday,
            Self::Saturday => jiff::civil::Weekday::Saturday,
            Self::Sunday => jiff::civil::Weekday::Sunday,
        }
    }
}

/// Which time a report is about, seen from the day on which it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportSpan {
    /// The day before.
    Yesterday,
    /// The week before, Monday to Sunday.
    LastWeek,
    /// The month before.
    LastMonth,
}

impl ReportSpan {
    /// Its first day, and the one behind its last.
    fn days(self, today: Date) -> Option<(Date, Date)> {
        match self {
            Self::Yesterday => Some((today.checked_sub(1.day()).ok()?, today)),
            Self::LastWeek => {
                let since = i64::from(today.weekday().to_monday_zero_offset());
                let monday = today.checked_sub(since.days()).ok()?;
                Some((monday.checked_sub(7.days()).ok()?, monday))
            }
            Self::LastMonth => {
                let first = today.first_of_month();
                Some((first.checked_sub(1.month()).ok()?, first))
            }
        }
    }

    /// From when to before when it is, by the clock of `zone`, if the report goes at `at`. None: beyond all calendars.
    #[must_use]
    pub fn bounds(self, at: Timestamp, zone: &str) -> Option<(Timestamp, Timestamp)> {
        let zone = TimeZone::get(zone).ok()?;
        self.bounds_on(date(at, &zone)?, &zone)
    }

    fn bounds_on(self, day: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let (first, behind) = self.days(day)?;
        let midnight =
            |day: Date| Some(Timestamp(day.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond()));
        Some((midnight(first)?, midnight(behind)?))
    }
}

/// The times at which something goes.
#[derive(Clone, Debug)]
pub struct Timetable {
    every: Every,
    weekday: Weekday,
    day: u8,
    at: Time,
    zone: TimeZone,
}

impl Timetable {
    /// That of a report, by the clock of `zone`; none if there is no such zone.
    #[must_use]
    pub fn of(report: &super::Report, zone: &str) -> Option<Self> {
        let (hour, minute) = (i8::try_from(report.at / 60).ok()?, i8::try_from(report.at % 60).ok()?);
        Some(Self {
            every: report.every,
            weekday: report.weekday,
            day: report.day,
            at: Time::new(hour, minute, 0, 0).ok()?,
            zone: TimeZone::get(zone).ok()?,
        })
    }

    /// Whether it goes on a day.
    fn has(&self, day: Date) -> bool {
        match self.every {
            Every::Day => true,
            Every::Week => day.weekday() == self.weekday.civil(),
            Every::Month => {
                let wanted = i8::try_from(self.day).unwrap_or(i8::MAX).min(day.days_in_month());
                day.day() == wanted
            }
        }
    }

    /// When it goes on a day that has it.
    fn on(&self, day: Date) -> Option<Timestamp> {
        let moment = self.zone.to_ambiguous_timestamp(day.to_datetime(self.at)).compatible().ok()?;
        Some(Timestamp(moment.as_microsecond()))
    }

    /// From when to before when a report is that was due at `at`: seen from the day that it was due on, which is the day
    /// before where the clock skipped the hour and midnight with it.
    #[must_use]
    pub fn bounds(&self, span: ReportSpan, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let shown = date(at, &self.zone)?;
        let before = shown.checked_sub(1.day()).ok()?;
        let due = if self.has(before) && self.on(before) == Some(at) { before } else { shown };
        span.bounds_on(due, &self.zone)
    }

    /// The next time behind `after`.
    #[must_use]
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        // A day that a zone has left out goes with the next one, so the day before may be the one.
        let mut day = date(after, &self.zone)?.checked_sub(1.day()).ok()?;
        for _ in 0..DAYS_AHEAD {
            if self.has(day)
                && let Some(at) = self.on(day)
                && at > after
            {
                return Some(at);
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }

    /// All times behind `after` until `now`, of many the latest [`LATE_MAX`], and the next one behind them.
    #[must_use]
    pub fn due(&self, after: Timestamp, now: Timestamp) -> (Vec<Timestamp>, Option<Timestamp>) {
        let mut due: Vec<Timestamp> = Vec::new();
        // Nobody waits for what was due months ago.
        let mut at = after.max(now.before(std::time::Duration::from_secs(400 * 86_400)));
        loop {
            let next = self.next(at);
            match next {
                Some(next) if next <= now => {
                    due.push(next);
                    at = next;
                }
                Some(_) | None => return (due.split_off(due.len().saturating_sub(LATE_MAX)), next),
            }
        }
    }
}

fn date(at: Timestamp, zone: &TimeZone) -> Option<Date> {
    let at = jiff::Timestamp::from_microsecond(at.0).ok()?;
    Some(zone.to_datetime(at).date())
}

#[cfg(test)]
#[path = "due_tests.rs"]
mod tests;
