//! A span of time cut into intervals by the clock of a place.
//!
//! A day is from midnight to midnight there, so it has 23 or 25 hours when the clock changes; shorter intervals begin at
//! midnight anew, so that they stand where people expect them on every day.

use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use model::Timestamp;

/// Longest span of intervals shorter than a day.
pub const SPAN_MAX: i64 = 31;
/// Longest span of days.
pub const DAYS_MAX: i64 = 400;

/// A month in which the clock is set back is longer than its days, microseconds.
const CLOCK_CHANGE_MAX: i64 = 3 * 3_600_000_000;

/// How long an interval is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// 15 minutes.
    Quarter,
    /// 30 minutes.
    Half,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Length {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Quarter, Self::Half, Self::Hour, Self::Day];

    const fn minutes(self) -> i64 {
        match self {
            Self::Quarter => 15,
            Self::Half => 30,
            Self::Hour => 60,
            // Two days are never shorter than one, so a day is one interval.
            Self::Day => 2 * 24 * 60,
        }
    }

    /// The longest span of them, days.
    #[must_use]
    pub const fn days_max(self) -> i64 {
        match self {
            Self::Quarter | Self::Half | Self::Hour => SPAN_MAX,
            Self::Day => DAYS_MAX,
        }
    }
}

/// Why a span cannot be cut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CutError {
    /// No such time zone.
    #[error("there is no time zone `{0}`; they are written like Europe/Berlin")]
    Zone(String),
    /// It has no length.
    #[error("`to` is not behind `from`")]
    Empty,
    /// It is longer than can be reckoned.
    #[error("the span is longer than {0} days, which is the most for intervals of this length")]
    TooLong(i64),
}

/// Intervals that follow each other without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intervals {
    /// Where each begins, and where the last ends.
    bounds: Vec<Timestamp>,
}

impl Intervals {
    /// Those that have some of the time from `from` until before `to`.
    ///
    /// # Errors
    /// [`CutError`]
    pub fn cut((from, to): (Timestamp, Timestamp), length: Length, zone: &str) -> Result<Self, CutError> {
        let unknown = || CutError::Zone(zone.chars().filter(|c| !c.is_control()).take(64).collect());
        let zone = TimeZone::get(zone).map_err(|_| unknown())?;
        if to <= from {
            return Err(CutError::Empty);
        }
        let most = length.days_max();
        if to.0 - from.0 > most * 86_400_000_000 + CLOCK_CHANGE_MAX {
            return Err(CutError::TooLong(most));
        }
        let first = jiff::Timestamp::from_microsecond(from.0).map_err(|_| CutError::TooLong(most))?;
        let mut day = first.to_zoned(zone.clone()).date();
        let mut bounds: Vec<Timestamp> = Vec::new();
        let midnight = |day: jiff::civil::Date| {
            let begins = day.to_zoned(zone.clone()).map_err(|_| CutError::TooLong(most))?;
            Ok(Timestamp(begins.timestamp().as_microsecond()))
        };
        let mut begins = midnight(day)?;
        loop {
            day = day.checked_add(1.day()).map_err(|_| CutError::TooLong(most))?;
            let ends = midnight(day)?;
            while begins < ends {
                let until = Timestamp(begins.0 + length.minutes() * 60_000_000).min(ends);
                if until > from {
                    bounds.push(begins);
                }
                if until >= to {
                    bounds.push(until);
                    return Ok(Self { bounds });
                }
                begins = until;
            }
        }
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    /// Each with where it begins and ends.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        self.bounds.iter().copied().zip(self.bounds.iter().copied().skip(1))
    }

    /// Where the first begins.
    #[must_use]
    pub fn begin(&self) -> Timestamp {
        self.bounds.first().copied().unwrap_or_default()
    }

    /// Where the last ends.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        self.bounds.last().copied().unwrap_or_default()
    }

    /// The one with this moment.
    #[must_use]
    pub fn index_of(&self, at: Timestamp) -> Option<usize> {
        let index = self.bounds.partition_point(|bound| *bound <= at).checked_sub(1)?;
        (index < self.count()).then_some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    fn cut(from: &str, to: &str, length: Length, zone: &str) -> Intervals {
        Intervals::cut((at(from), at(to)), length, zone).unwrap()
    }

    #[test]
    fn a_day_has_as_many_hours_as_its_clock_says() {
        for (day, hours, zone) in [
            ("2026-03-29T12:00:00Z", 23, "Europe/Berlin"),
            ("2026-10-25T12:00:00Z", 25, "Europe/Berlin"),
            ("2026-07-01T12:00:00Z", 24, "Europe/Berlin"),
            ("2026-03-29T12:00:00Z", 24, "UTC"),
        ] {
            let from = at(day);
            let one = (from, Timestamp(from.0 + 1));
            let days = Intervals::cut(one, Length::Day, zone).unwrap();
            let seconds = (days.end().0 - days.begin().0) / 1_000_000;
            assert_eq!((days.count(), seconds), (1, hours * 3_600), "{day}");
            let whole = (days.begin(), days.end());
            for (length, each) in [(Length::Quarter, 4), (Length::Half, 2), (Length::Hour, 1)] {
                let parts = Intervals::cut(whole, length, zone).unwrap();
                assert_eq!(i64::try_from(parts.count()).unwrap(), hours * each);
                assert_eq!((parts.begin(), parts.end()), whole);
            }
        }
    }

    #[test]
    fn they_begin_where_a_clock_shows_it_and_hold_all_that_was_asked_for() {
        let quarters = cut("2026-05-01T10:07:00Z", "2026-05-01T10:31:00Z", Length::Quarter, "Asia/Kolkata");
        assert_eq!(
            (quarters.begin(), quarters.end()),
            (at("2026-05-01T10:00:00Z"), at("2026-05-01T10:45:00Z"))
        );
        // Half past in Kolkata is on the hour elsewhere.
        let hours = cut("2026-05-01T10:07:00Z", "2026-05-01T10:31:00Z", Length::Hour, "Asia/Kolkata");
        assert_eq!((hours.begin(), hours.end()), (at("2026-05-01T09:30:00Z"), at("2026-05-01T11:30:00Z")));
        // The clock of Lord Howe changes by half an hour, at the end of which the next hour begins.
        let howe = cut("2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z", Length::Hour, "Australia/Lord_Howe");
        assert_eq!((howe.count(), howe.end().0 - howe.begin().0), (25, 24 * 3_600_000_000 + 1_800_000_000));
        assert_eq!(quarters.index_of(at("2026-05-01T10:14:59.999999Z")), Some(0));
        assert_eq!(quarters.index_of(at("2026-05-01T10:15:00Z")), Some(1));
        assert_eq!(quarters.index_of(at("2026-05-01T10:45:00Z")), None);
        assert_eq!(quarters.index_of(at("2026-05-01T09:59:59Z")), None);
    }

    #[test]
    fn what_cannot_be_cut_says_why() {
        let from = at("2026-05-01T00:00:00Z");
        let to = |days: i64| Timestamp(from.0 + days * 86_400_000_000);
        assert_eq!(Intervals::cut((from, from), Length::Day, "UTC"), Err(CutError::Empty));
        assert_eq!(Intervals::cut((from, to(32)), Length::Hour, "UTC"), Err(CutError::TooLong(31)));
        assert_eq!(Intervals::cut((from, to(31)), Length::Quarter, "UTC").unwrap().count(), 31 * 96);
        assert_eq!(Intervals::cut((from, to(401)), Length::Day, "UTC"), Err(CutError::TooLong(400)));
        assert_eq!(
            Intervals::cut((from, to(1)), Length::Day, "Mars/\nX"),
            Err(CutError::Zone("Mars/X".into()))
        );
    }
}
