//! Working hours: slots of a week in a time zone.
//!
//! The core reads no clock and no time-zone database: a [`Zone`] is prepared outside as a table of offsets, so that
//! a journal replays under the rules that held then.

use borsh::{BorshDeserialize, BorshSerialize};
use std::time::Duration;

use crate::date::Date;
use crate::time::Timestamp;

/// Minutes of a day.
const DAY: u32 = 24 * 60;
/// Minutes of a week.
const WEEK: u32 = 7 * DAY;

/// One slot of a week: minutes since Monday 00:00 local time, `from` inclusive, `to` exclusive, `from < to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct Slot {
    /// Its first minute.
    pub from: u32,
    /// The minute after its last, at most 10,080.
    pub to: u32,
}

/// A time zone as a table: from each moment on, local time is ahead of UTC by so many seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Zone {
    /// By moment, ascending; before the first the first offset holds, without any entry UTC does.
    pub offsets: Vec<(Timestamp, i32)>,
}

/// Hours of a week.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Schedule {
    /// Ascending, not overlapping.
    pub slots: Vec<Slot>,
    /// Whose local time.
    pub zone: Zone,
}

impl Zone {
    /// How many seconds local time is ahead of UTC at `at`.
    #[must_use]
    pub fn offset(&self, at: Timestamp) -> i32 {
        let after = self.offsets.partition_point(|(from, _)| *from <= at);
        self.offsets.get(after.saturating_sub(1)).map_or(0, |(_, offset)| *offset)
    }

    /// When the offset next changes after `at`.
    fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let after = self.offsets.partition_point(|(from, _)| *from <= at);
        self.offsets.get(after).map(|(from, _)| *from)
    }

    /// Local seconds since the epoch.
    fn local(&self, at: Timestamp) -> i64 {
        at.0.div_euclid(1_000_000) + i64::from(self.offset(at))
    }

    /// The local date at `at`.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> Date {
        Date::of_day(self.local(at).div_euclid(i64::from(DAY) * 60))
    }

    /// The next moment after `at` at which the local date may be another: midnight, or a change of the clock
    /// before it.
    #[must_use]
    pub fn next_midnight(&self, at: Timestamp) -> Timestamp {
        let day = i64::from(DAY) * 60;
        let left = day - self.local(at).rem_euclid(day);
        let midnight = Timestamp(at.0.div_euclid(1_000_000).saturating_add(left).saturating_mul(1_000_000));
        self.next_change(at).map_or(midnight, |change| change.min(midnight))
    }

    /// The last local midnight at or before `at`; what is counted "since midnight" is counted since then.
    #[must_use]
    pub fn midnight(&self, at: Timestamp) -> Timestamp {
        let into_day = self.local(at).rem_euclid(i64::from(DAY) * 60);
        Timestamp(at.0.div_euclid(1_000_000).saturating_sub(into_day).saturating_mul(1_000_000))
    }
}

impl Schedule {
    /// Whether `at` lies in a slot.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        let second = self.second_of_week(at);
        self.slots.iter().any(|slot| second >= slot.from * 60 && second < slot.to * 60)
    }

    /// The next moment after `at` at which [`Self::is_open`] may differ; none if it never does.
    #[must_use]
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let second = self.second_of_week(at);
        let edges = self.slots.iter().flat_map(|slot| [slot.from * 60, slot.to * 60]);
        let until = |edge: u32| (edge + WEEK * 60 - second - 1) % (WEEK * 60) + 1;
        let ahead = edges.map(until).min()?;
        let whole = Timestamp(at.0.div_euclid(1_000_000).saturating_mul(1_000_000));
        let edge = whole.after(Duration::from_secs(ahead.into()));
        Some(self.zone.next_change(at).map_or(edge, |change| change.min(edge)))
    }

    fn second_of_week(&self, at: Timestamp) -> u32 {
        // The epoch was a Thursday.
        let since_monday = self.zone.local(at) + i64::from(3 * DAY) * 60;
        u32::try_from(since_monday.rem_euclid(i64::from(WEEK) * 60)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    #[test]
    fn nine_to_five_on_monday_is_open_then_and_only_then() {
        // 1970-01-05 was a Monday.
        let monday = 4 * 24 * HOUR;
        let zone = Zone { offsets: vec![(Timestamp::ZERO, 3600)] };
        let hours = Schedule { slots: vec![Slot { from: 9 * 60, to: 17 * 60 }], zone };
        let at = |hour: i64| Timestamp::from_secs(monday + hour * HOUR);
        assert!(!hours.is_open(at(7)), "08:00 local");
        assert!(hours.is_open(at(8)), "09:00 local");
        assert!(!hours.is_open(at(16)), "17:00 local");
        assert_eq!(hours.next_change(at(7)), Some(at(8)));
        assert_eq!(hours.next_change(at(8)), Some(at(16)));
        assert_eq!(hours.next_change(at(16)), Some(at(8 + 7 * 24)));
    }

    #[test]
    fn a_change_of_the_clock_is_a_change_too() {
        let monday = 4 * 24 * HOUR;
        let at = |hour: i64| Timestamp::from_secs(monday + hour * HOUR);
        let zone = Zone { offsets: vec![(Timestamp::ZERO, 0), (at(10), 3600)] };
        let hours = Schedule { slots: vec![Slot { from: 9 * 60, to: 17 * 60 }], zone };
        assert_eq!(hours.next_change(at(9)), Some(at(10)));
        assert!(hours.is_open(at(15)));
        assert!(!hours.is_open(at(16)), "17:00 by the new clock");
        assert_eq!(hours.zone.midnight(at(11)), at(-1), "midnight by the clock that holds now");
    }

    #[test]
    fn no_slots_never_change() {
        assert_eq!(Schedule::default().next_change(Timestamp::ZERO), None);
        assert!(!Schedule::default().is_open(Timestamp::ZERO));
    }
}
