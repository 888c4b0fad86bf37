//! Legs: one party's connection to us, from its first sign to its end.

use acd::OfferOutcome;
use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, LegId, OfferId, PlayId, Timestamp};

use crate::cause::Cause;
use crate::record::{LegRecord, LegStatus};

/// One leg of a call.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Leg {
    pub(crate) record: LegRecord,
    pub(crate) phase: Phase,
    pub(crate) role: Role,
    pub(crate) holding: Holding,
}

/// Whether who is on a leg holds the other one: by a request, by a key of the phone, or both. One hold lasts until
/// neither does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Holding {
    by_request: bool,
    by_phone: bool,
    since: Option<Timestamp>,
}

/// By what somebody is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HoldBy {
    Request,
    Phone,
}

/// How far a leg is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Phase {
    /// Not answered yet.
    Early,
    /// Answered, by us or by the party.
    Answered,
    /// Told to end, for this cause; `Ended` will come.
    Ending(Cause),
    /// Over.
    Ended,
}

/// Which agent it occupies, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Role {
    /// Nobody's whom the ACD knows: a caller from outside, a free phone, a feature code.
    Plain,
    /// It rings an agent for a queue.
    Offered(OfferId),
    /// The agent has answered a queue's offer and is not joined with the caller yet.
    Picked {
        /// The offer.
        offer: OfferId,
        /// What she hears.
        play: PlayId,
        /// Whether she is asked for the key that accepts; else she hears the announcement.
        asked: bool,
    },
    /// An agent's personal phone has answered a call that is no queue's: whoever is there is asked for the key that
    /// accepts.
    Asked {
        /// The agent.
        agent: AgentId,
        /// What is heard.
        play: PlayId,
    },
    /// An agent serves a queue's call on it.
    Serves(AgentId),
    /// It occupies an agent, and is no queue's.
    Other(AgentId),
}

impl Leg {
    pub(crate) fn new(record: LegRecord, role: Role) -> Self {
        Self { record, phase: Phase::Early, role, holding: Holding::default() }
    }

    /// Who is on it holds the other one, or does no more. Whether the record changed.
    pub(crate) fn hold(&mut self, by: HoldBy, on: bool, now: Timestamp) -> bool {
        match by {
            HoldBy::Request => self.holding.by_request = on,
            HoldBy::Phone => self.holding.by_phone = on,
        }
        if self.holding.by_request || self.holding.by_phone {
            self.holding.since.get_or_insert(now);
            return false;
        }
        self.hold_over(now)
    }

    /// Whoever was held is not any more. Whether somebody was.
    pub(crate) fn hold_over(&mut self, now: Timestamp) -> bool {
        let Some(since) = std::mem::take(&mut self.holding).since else { return false };
        let lasted = u64::try_from(now.since(since).as_micros()).unwrap_or(u64::MAX);
        self.record.holds.count = self.record.holds.count.saturating_add(1);
        self.record.holds.micros = self.record.holds.micros.saturating_add(lasted);
        true
    }

    /// Whether the phone on it holds the other one by a key of its own.
    pub(crate) const fn is_holding_by_phone(&self) -> bool {
        self.holding.by_phone
    }

    pub(crate) const fn id(&self) -> LegId {
        self.record.leg
    }

    /// Whether it goes to an agent's personal phone.
    pub(crate) const fn is_forwarded(&self) -> bool {
        self.record.trunk.is_some() && self.record.agent.is_some()
    }

    /// Whether it is neither over nor told to end.
    pub(crate) const fn is_live(&self) -> bool {
        match self.phase {
            Phase::Early | Phase::Answered => true,
            Phase::Ending(_) | Phase::Ended => false,
        }
    }

    /// Notes that it is over. What we commanded says why, else what the party did.
    pub(crate) fn close(&mut self, cause: Cause, now: Timestamp) {
        let cause = match self.phase {
            Phase::Ending(ours) => ours,
            Phase::Early | Phase::Answered | Phase::Ended => cause,
        };
        self.hold_over(now);
        self.phase = Phase::Ended;
        self.record.ended_at = Some(now);
        self.record.cause = Some(cause);
        if self.record.status == LegStatus::Ringing {
            self.record.status = status_unanswered(cause, self.record.ringing_at.is_some());
        }
    }
}

/// How a leg ended that was never answered. A phone that rang and then says "busy" was declined by its key.
const fn status_unanswered(cause: Cause, rang: bool) -> LegStatus {
    match cause {
        Cause::Busy if !rang => LegStatus::Busy,
        Cause::Busy | Cause::Declined => LegStatus::Declined,
        Cause::NoAnswer => LegStatus::NoAnswer,
        Cause::Normal
        | Cause::CallerGone
        | Cause::AnsweredElsewhere
        | Cause::Transferred
        | Cause::Administrative
        | Cause::QueueRule
        | Cause::Shutdown
        | Cause::NodeRestart => LegStatus::Cancelled,
        Cause::Unreachable
        | Cause::NotFound
        | Cause::Forbidden
        | Cause::Blocked
        | Cause::Congestion
        | Cause::MediaTimeout
        | Cause::SignallingTimeout
        | Cause::NoCommonCodec
        | Cause::Internal => LegStatus::Failed,
    }
}

/// Why the leg of an offer is ended when the offer is over.
pub(crate) const fn cause_of(outcome: OfferOutcome) -> Cause {
    match outcome {
        OfferOutcome::NoAnswer => Cause::NoAnswer,
        OfferOutcome::Declined => Cause::Declined,
        OfferOutcome::Busy => Cause::Busy,
        OfferOutcome::Unreachable => Cause::Unreachable,
        OfferOutcome::AnsweredElsewhere | OfferOutcome::PickedUp => Cause::AnsweredElsewhere,
        OfferOutcome::CallerGone => Cause::CallerGone,
        OfferOutcome::WaitExpired | OfferOutcome::AgentLeft => Cause::QueueRule,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_stopped_for_an_offers_outcome_ends_in_the_status_of_that_outcome() {
        for outcome in [
            OfferOutcome::NoAnswer,
            OfferOutcome::Declined,
            OfferOutcome::Busy,
            OfferOutcome::Unreachable,
            OfferOutcome::AnsweredElsewhere,
            OfferOutcome::CallerGone,
            OfferOutcome::WaitExpired,
            OfferOutcome::AgentLeft,
            OfferOutcome::PickedUp,
        ] {
            assert_eq!(status_unanswered(cause_of(outcome), false), LegStatus::from(outcome), "{outcome:?}");
        }
    }

    #[test]
    fn busy_after_ringing_is_a_decline() {
        assert_eq!(status_unanswered(Cause::Busy, true), LegStatus::Declined);
        assert_eq!(status_unanswered(Cause::Busy, false), LegStatus::Busy);
    }
}
