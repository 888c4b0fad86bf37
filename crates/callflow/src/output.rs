//! The words between a run and whoever carries it out.

use borsh::{BorshDeserialize, BorshSerialize};
use model::flow::document::TransferTarget;
use model::{ExtensionNumber, FallbackAction, SkillNeed};

/// What happened to the caller inside a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// What was last to be played has been heard.
    PlayEnded,
    /// A key: `0`–`9`, `*`, `#`, `A`–`D`; [`Run::HIDDEN`](crate::Run::HIDDEN) for a digit that nobody may see.
    Key(char),
    /// Who was rung did not answer.
    NotReached(NotReached),
    /// The outside service has answered, with what it sets; none: it failed.
    Fetched(Option<Vec<(String, String)>>),
    /// A deadline has passed.
    Tick,
}

/// Why who was rung did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum NotReached {
    /// It rang long enough.
    NoAnswer,
    /// Engaged, or declined.
    Busy,
    /// It could not be rung.
    Unavailable,
}

/// What is to be done for the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// It is at this step now.
    Step(u16),
    /// Answer the call, unless it is answered.
    Answer,
    /// Let the caller hear it ring, without an answer.
    Alert,
    /// Play these, in place of what plays. Names, with a language before a `/` if one was chosen.
    Play(Vec<String>),
    /// Stop what plays.
    StopPlay,
    /// Who may see the digits that are keyed from now on.
    Secrecy(Secrecy),
    /// So many digits were keyed.
    Collected {
        /// Where they are kept; empty: they were an extension.
        variable: String,
        /// How many.
        length: u8,
    },
    /// Ring somebody for so long. An answer ends the run without another word from it.
    Dial {
        /// Whom.
        to: TransferTarget,
        /// Seconds.
        seconds: u32,
    },
    /// Ring him no longer.
    StopDial,
    /// Ask an outside service, by a POST of JSON.
    Fetch {
        /// Where.
        url: String,
        /// Names and values; a value that nobody may see is none: whoever kept it fills it in.
        send: Vec<(String, Option<String>)>,
        /// Names that the answer may set.
        take: Vec<String>,
        /// Seconds it may take.
        timeout: u32,
    },
    /// A plan failed and the next one is taken.
    FellBack(Fallback),
    /// The last word: the caller is led on.
    Leave(Leave),
}

/// Who may see digits.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Secrecy {
    /// Everybody, as always.
    Open,
    /// Nobody: they are counted to the run, and kept anew for what is sent as this variable.
    KeptAs(String),
    /// Nobody, and they are kept nowhere: what is keyed beyond the answer to a secret question may be more of it.
    Dropped,
}

/// Which plan failed (the rules a to g of FC-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Fallback {
    /// The dialed one cannot be rung.
    Unavailable,
    /// She did not answer.
    NoAnswer,
    /// She is engaged.
    Busy,
    /// Too many keys that lead nowhere, or none.
    RepeatsExhausted,
    /// `*`.
    Star,
}

/// Where the caller is led.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Into a line, with needs of his own.
    Enqueue {
        /// The queue.
        queue: ExtensionNumber,
        /// What its agent must know; empty: as before.
        skills: Vec<SkillNeed>,
        /// Priority.
        priority: u8,
    },
    /// Anywhere else. `agent` is the extension he had dialed, whose mailbox a message belongs to (A29).
    To {
        /// Where.
        action: FallbackAction,
        /// The extension he had dialed.
        dialed: Option<ExtensionNumber>,
    },
    /// Nowhere: the flow went on and on.
    TooLong,
}
