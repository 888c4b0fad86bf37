//! Days of the calendar, without a time of day and without a time zone.

use borsh::{BorshDeserialize, BorshSerialize};

/// Days from 0000-03-01 to 1970-01-01, both of the calendar that holds now, counted backwards.
const EPOCH: i64 = 719_468;
/// Days of 400 years, after which the calendar repeats itself.
const ERA: i64 = 146_097;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Date {
    /// The first and the last year that a date may have.
    pub const YEARS: (i32, i32) = (1970, 9999);

    /// The day, if the calendar has it; 29 February is there in leap years only.
    #[must_use]
    pub const fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let in_range = year >= Self::YEARS.0 && year <= Self::YEARS.1;
        if in_range && day >= 1 && day <= days_of(year, month) {
            Some(Self { year, month, day })
        } else {
            None
        }
    }

    /// The day so many days after 1970-01-01.
    ///
    /// Years are counted from March, so that the day that comes and goes is their last
    /// (H. Hinnant, "chrono-compatible low-level date algorithms").
    #[must_use]
    pub fn of_day(days: i64) -> Self {
        let days = days.saturating_add(EPOCH);
        let (era, of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era.saturating_mul(400) + year_of_era + i64::from(month <= 2);
        Self {
            year: i32::try_from(year).unwrap_or(i32::MAX),
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
        }
    }

    /// How many days after 1970-01-01 it is.
    #[must_use]
    pub fn day_number(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let from_march = if month > 2 { month - 3 } else { month + 9 };
        let of_year = (153 * from_march + 2) / 5 + day - 1;
        era * ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - EPOCH
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }

    /// Month and day, which come again every year; 29 February every fourth.
    #[must_use]
    pub const fn in_year(self) -> (u8, u8) {
        (self.month, self.day)
    }
}

/// As ISO 8601 writes it: `2026-12-25`.
impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

const fn days_of(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_over_two_eras() {
        assert_eq!(Date::of_day(0).to_string(), "1970-01-01");
        assert_eq!(Date::of_day(-1).to_string(), "1969-12-31");
        assert_eq!(Date::of_day(20_667).to_string(), "2026-08-02");
        let mut before = Date::of_day(-1);
        for day in 0..2 * ERA {
            let date = Date::of_day(day);
            assert_eq!(date.day_number(), day, "{date}");
            assert!(before < date, "{before} {date}");
            assert_eq!(Date::new(date.year(), date.in_year().0, date.in_year().1), Some(date));
            before = date;
        }
    }

    #[test]
    fn a_day_that_the_calendar_does_not_have_is_none() {
        for (year, month, day) in [
            (2026, 2, 29),
            (2100, 2, 29),
            (2026, 4, 31),
            (2026, 13, 1),
            (2026, 0, 1),
            (2026, 1, 0),
            (1969, 1, 1),
        ] {
            assert_eq!(Date::new(year, month, day), None, "{year}-{month}-{day}");
        }
        assert!(Date::new(2028, 2, 29).is_some() && Date::new(2000, 2, 29).is_some());
    }
}
