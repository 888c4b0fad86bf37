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
    pub(crate) const fn id(&self) -> LegId {
        self.record.leg
    }

    /// Whether it was dialed by us: the ids that we give are odd.
    pub(crate) const fn is_dialed(&self) -> bool {
        self.record.leg.0 % 2 == 1
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
