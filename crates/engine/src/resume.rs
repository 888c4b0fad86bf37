//! Places in lines that a restart took from their callers: whoever dials again in time has his old place.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

use model::{Pii, QueueId, Timestamp};

/// The place of a caller who waited when the process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Resume {
    /// When he had entered the line.
    pub(crate) enqueued_at: Timestamp,
    /// Since when he had waited, in that line and in those from which he had been moved.
    pub(crate) waits_since: Timestamp,
    /// When his call had reached the switch.
    pub(crate) received_at: Timestamp,
    /// His priority in that line.
    pub(crate) priority: u8,
    /// Until when he may come back.
    pub(crate) until: Timestamp,
}

/// The places that are kept: at most one a caller and queue, as many as calls waited, for a limited time.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Resumable {
    places: BTreeMap<(QueueId, Pii<String>), Resume>,
}

impl Resumable {
    /// Keeps a place. Of two calls of one number the longer wait counts, then the earlier arrival; a caller without a number has none.
    pub(crate) fn keep(&mut self, queue: QueueId, number: &Pii<String>, place: Resume) {
        if number.reveal().is_empty() {
            return;
        }
        let kept = self.places.entry((queue, number.clone())).or_insert(place);
        if (place.enqueued_at, place.received_at) < (kept.enqueued_at, kept.received_at) {
            *kept = place;
        }
    }

    /// Every place.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (QueueId, &Pii<String>, &Resume)> {
        self.places.iter().map(|((queue, number), place)| (*queue, number, place))
    }

    /// Gives a place back, once.
    pub(crate) fn take(&mut self, queue: QueueId, number: &Pii<String>, now: Timestamp) -> Option<Resume> {
        if self.places.is_empty() {
            return None;
        }
        self.places.remove(&(queue, number.clone())).filter(|place| now < place.until)
    }

    /// Forgets the places whose time is over; says when the next one's is.
    pub(crate) fn lapse(&mut self, now: Timestamp) -> Option<Timestamp> {
        self.places.retain(|_, place| now < place.until);
        self.places.values().map(|place| place.until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(enqueued: i64, until: i64) -> Resume {
        Resume {
            enqueued_at: Timestamp::from_secs(enqueued),
            waits_since: Timestamp::from_secs(enqueued),
            received_at: Timestamp::ZERO,
            priority: 3,
            until: Timestamp::from_secs(until),
        }
    }

    #[test]
    fn a_place_is_given_back_once_in_time_and_to_the_longer_wait() {
        let (queue, number) = (QueueId(1), Pii("+4930555".to_owned()));
        let mut kept = Resumable::default();
        kept.keep(queue, &number, place(20, 100));
        kept.keep(queue, &number, place(10, 100));
        kept.keep(queue, &number, place(30, 100));
        kept.keep(queue, &Pii(String::new()), place(1, 100));
        let now = Timestamp::from_secs(99);
        assert_eq!(kept.take(QueueId(2), &number, now), None);
        assert_eq!(kept.take(queue, &Pii(String::new()), now), None);
        assert_eq!(kept.take(queue, &number, now), Some(place(10, 100)));
        assert_eq!(kept.take(queue, &number, now), None);
    }

    #[test]
    fn a_place_lapses_and_the_next_moment_of_that_is_known() {
        let mut kept = Resumable::default();
        kept.keep(QueueId(1), &Pii("11111".to_owned()), place(1, 100));
        kept.keep(QueueId(1), &Pii("22222".to_owned()), place(1, 200));
        assert_eq!(kept.lapse(Timestamp::from_secs(50)), Some(Timestamp::from_secs(100)));
        assert_eq!(kept.lapse(Timestamp::from_secs(100)), Some(Timestamp::from_secs(200)));
        assert_eq!(kept.take(QueueId(1), &Pii("11111".to_owned()), Timestamp::from_secs(100)), None);
        assert_eq!(kept.lapse(Timestamp::from_secs(200)), None);
    }
}
