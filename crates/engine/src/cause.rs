//! Why a leg or a call ended, in our words; the gateway translates from and to SIP.

use borsh::{BorshDeserialize, BorshSerialize};
use callflow::NotReached;

/// Why a leg or a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub enum Cause {
    /// A party hung up, or the call came to its planned end.
    Normal,
    /// The party is busy.
    Busy,
    /// The party declined.
    Declined,
    /// It rang out.
    NoAnswer,
    /// No device could be reached.
    Unreachable,
    /// No such number.
    NotFound,
    /// Not allowed.
    Forbidden,
    /// The caller is on a list of those who are kept out.
    Blocked,
    /// The caller gave up before an answer.
    CallerGone,
    /// Somebody else answered.
    AnsweredElsewhere,
    /// A limit of ours was reached; try again later.
    Congestion,
    /// No audio arrived for the set time.
    MediaTimeout,
    /// The other side stopped answering our signalling.
    SignallingTimeout,
    /// No codec in common.
    NoCommonCodec,
    /// The party has sent the other one on elsewhere.
    Transferred,
    /// Ended by a supervisor or an integration.
    Administrative,
    /// A queue's rule ended it.
    QueueRule,
    /// The server is going down.
    Shutdown,
    /// The server ended without a word and has started anew: its signalling was lost with it.
    NodeRestart,
    /// One of our own rules was found broken.
    Internal,
}

impl Cause {
    /// Why whoever was rung was not reached, as a flow and a mailbox tell it apart (domain 4): a decline is busy, and
    /// only who rang long enough did not answer.
    pub(crate) const fn not_reached(self) -> NotReached {
        match self {
            Self::NoAnswer => NotReached::NoAnswer,
            Self::Busy | Self::Declined => NotReached::Busy,
            Self::Normal
            | Self::Unreachable
            | Self::NotFound
            | Self::Forbidden
            | Self::Blocked
            | Self::CallerGone
            | Self::AnsweredElsewhere
            | Self::Congestion
            | Self::MediaTimeout
            | Self::SignallingTimeout
            | Self::NoCommonCodec
            | Self::Transferred
            | Self::Administrative
            | Self::QueueRule
            | Self::Shutdown
            | Self::NodeRestart
            | Self::Internal => NotReached::Unavailable,
        }
    }

    /// As API and records say it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Busy => "busy",
            Self::Declined => "declined",
            Self::NoAnswer => "no_answer",
            Self::Unreachable => "unreachable",
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::Blocked => "blocked",
            Self::CallerGone => "caller_gone",
            Self::AnsweredElsewhere => "answered_elsewhere",
            Self::Congestion => "congestion",
            Self::MediaTimeout => "media_timeout",
            Self::SignallingTimeout => "signalling_timeout",
            Self::NoCommonCodec => "no_common_codec",
            Self::Transferred => "transferred",
            Self::Administrative => "administrative",
            Self::QueueRule => "queue_rule",
            Self::Shutdown => "shutdown",
            Self::NodeRestart => "node_restart",
            Self::Internal => "internal",
        }
    }
}
