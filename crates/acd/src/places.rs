//! Places in a line, in order, with their positions.
//!
//! A sorted ring buffer: callers come at the tail and go at the head, where both cost nothing, and a position is
//! a binary search. A place in the middle costs the move of the shorter side, a few kilobytes at most.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::VecDeque;

use model::{CallId, Timestamp};

/// A call's place: higher priority first, then who came earlier, then the lower call id. It never changes
/// while the call stays in the line, however many offers fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub(crate) struct Place {
    /// How far from the highest priority, lower is served first; the same for all where priority ages.
    pub(crate) below: u8,
    /// The moment the line goes by; where priority ages, so much earlier as the priority is worth.
    pub(crate) moment: Timestamp,
    /// The call.
    pub(crate) call: CallId,
}

/// A set of places.
#[derive(Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Places(VecDeque<Place>);

impl Places {
    /// Adds a place, unless it is there.
    pub(crate) fn insert(&mut self, place: Place) {
        if self.0.back().is_none_or(|last| *last < place) {
            self.0.push_back(place);
        } else if let Err(index) = self.0.binary_search(&place) {
            self.0.insert(index, place);
        }
    }

    /// Takes a place out; whether it was there.
    pub(crate) fn remove(&mut self, place: Place) -> bool {
        if self.0.front() == Some(&place) {
            return self.0.pop_front().is_some();
        }
        self.0.binary_search(&place).is_ok_and(|index| self.0.remove(index).is_some())
    }

    /// How many stand before `place`, whether it is there or not.
    pub(crate) fn before(&self, place: Place) -> usize {
        self.0.partition_point(|other| *other < place)
    }

    /// Whether it is there.
    pub(crate) fn contains(&self, place: Place) -> bool {
        self.0.binary_search(&place).is_ok()
    }

    /// The first place, or the first after one.
    pub(crate) fn next(&self, after: Option<Place>) -> Option<Place> {
        match after {
            None => self.0.front().copied(),
            Some(place) => self.0.get(self.0.partition_point(|other| *other <= place)).copied(),
        }
    }

    /// All, head first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Place> {
        self.0.iter()
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_dense_and_follow_priority_then_age() {
        let place = |priority: u8, second: i64, call: u64| Place {
            below: u8::MAX - priority,
            moment: Timestamp::from_secs(second),
            call: CallId(call),
        };
        let order = [place(9, 30, 7), place(0, 10, 1), place(0, 10, 2), place(0, 20, 3), place(0, 25, 4)];
        let mut places = Places::default();
        for place in [order[3], order[0], order[4], order[2], order[1]] {
            places.insert(place);
        }
        let before: Vec<usize> = order.iter().map(|place| places.before(*place)).collect();
        assert_eq!(before, [0, 1, 2, 3, 4]);
        assert_eq!(places.next(None), Some(order[0]));
        assert_eq!(places.next(Some(order[1])), Some(order[2]));
        assert!(places.remove(order[1]) && !places.remove(order[1]));
        assert_eq!(places.next(Some(order[1])), Some(order[2]));
        assert_eq!((places.before(order[3]), places.len()), (2, 4));
    }
}
