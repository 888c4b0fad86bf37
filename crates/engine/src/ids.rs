//! The ids that are born inside: each is given once and never again.

use borsh::{BorshDeserialize, BorshSerialize};
use model::{CallId, LegId, PlayId, RecordId};

use crate::engine::FirstIds;

/// Counters of the ids that the engine gives.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Ids {
    call: u64,
    leg: u64,
    play: u64,
    record: u64,
}

impl Ids {
    pub(crate) fn new(first: FirstIds) -> Self {
        // Even leg ids are the shell's; a first id that is even by mistake must not make the two meet.
        Self { call: first.call.0, leg: first.leg.0 | 1, play: first.play.0, record: first.play.0 }
    }

    pub(crate) fn call(&mut self) -> CallId {
        let id = CallId(self.call);
        self.call = self.call.wrapping_add(1);
        id
    }

    /// The next dialed leg; odd.
    pub(crate) fn leg(&mut self) -> LegId {
        let id = LegId(self.leg);
        self.leg = self.leg.wrapping_add(2);
        id
    }

    pub(crate) fn record(&mut self) -> RecordId {
        let id = RecordId(self.record);
        self.record = self.record.wrapping_add(1);
        id
    }

    pub(crate) fn play(&mut self) -> PlayId {
        let id = PlayId(self.play);
        self.play = self.play.wrapping_add(1);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::OfferId;

    #[test]
    fn dialed_legs_are_odd_even_if_the_first_id_given_is_not() {
        let first = FirstIds { call: CallId(1), leg: LegId(10), offer: OfferId(1), play: PlayId(1) };
        let mut ids = Ids::new(first);
        assert_eq!([ids.leg(), ids.leg(), ids.leg()], [LegId(11), LegId(13), LegId(15)]);
        assert_eq!([ids.call(), ids.call()], [CallId(1), CallId(2)]);
    }
}
