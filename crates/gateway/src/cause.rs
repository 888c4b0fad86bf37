//! Causes and SIP statuses, each way.

use engine::Cause;
use sip_proto::agent::Reason;

/// The final status that refuses a leg for this cause (RFC 3261 section 21).
pub(crate) const fn status_of(cause: Cause) -> u16 {
    match cause {
        Cause::Busy => 486,
        Cause::Declined => 603,
        Cause::NoAnswer
        | Cause::Unreachable
        | Cause::QueueRule
        | Cause::CallerGone
        | Cause::AnsweredElsewhere => 480,
        Cause::NotFound => 404,
        Cause::Forbidden | Cause::Blocked => 403,
        Cause::Congestion | Cause::Shutdown => 503,
        Cause::NoCommonCodec => 488,
        Cause::SignallingTimeout => 408,
        Cause::Normal | Cause::Transferred | Cause::Administrative => 480,
        Cause::MediaTimeout | Cause::Internal | Cause::NodeRestart => 500,
    }
}

/// What a final status from a dialed party means.
pub(crate) const fn cause_of(status: u16) -> Cause {
    match status {
        486 | 600 => Cause::Busy,
        603 | 607 | 403 | 401 | 407 => Cause::Declined,
        404 | 410 | 604 | 484 => Cause::NotFound,
        408 | 480 | 430 => Cause::Unreachable,
        487 => Cause::CallerGone,
        488 | 606 | 415 => Cause::NoCommonCodec,
        503 => Cause::Congestion,
        _ => Cause::Unreachable,
    }
}

/// The Reason header of a BYE or CANCEL (RFC 3326); none for a plain hang-up.
pub(crate) fn reason_of(cause: Cause) -> Option<Reason> {
    match cause {
        // Phones show no missed call for this one (RFC 3326 section 2).
        Cause::AnsweredElsewhere => Some(Reason::sip(200, "Call completed elsewhere")),
        Cause::NoCommonCodec => Some(Reason::sip(488, "No codec in common")),
        Cause::MediaTimeout => Some(Reason::q850(41, "No audio")),
        Cause::NoAnswer => Some(Reason::q850(19, "No answer")),
        Cause::Transferred => Some(Reason::q850(16, "Transferred")),
        Cause::Administrative => Some(Reason::q850(16, "Ended by a supervisor")),
        Cause::QueueRule => Some(Reason::q850(16, "Queue rule")),
        Cause::Shutdown => Some(Reason::q850(41, "Server going down")),
        Cause::NodeRestart => Some(Reason::q850(41, "Server restarted")),
        Cause::Internal => Some(Reason::q850(41, "Internal fault")),
        Cause::Normal
        | Cause::Busy
        | Cause::Declined
        | Cause::Unreachable
        | Cause::NotFound
        | Cause::Forbidden
        | Cause::Blocked
        | Cause::CallerGone
        | Cause::Congestion
        | Cause::SignallingTimeout => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_read_back_means_the_same() {
        for cause in [Cause::Busy, Cause::Declined, Cause::NotFound, Cause::NoCommonCodec, Cause::Congestion]
        {
            assert_eq!(cause_of(status_of(cause)), cause);
        }
    }
}
