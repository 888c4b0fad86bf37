//! What the shell must do.

use borsh::{BorshDeserialize, BorshSerialize};
use callflow::Secrecy;
use model::{CallId, CallerId, ExtensionNumber, LegId, MailboxId, PlayId, RecordId, Timestamp, TrunkId};

use crate::cause::Cause;
use crate::keys::Keys;

/// What the shell must do.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Command {
    /// To a leg's signalling.
    Leg(LegId, LegCommand),
    /// To a leg's media.
    Media(MediaCommand),
    /// Ask an outside service for a call; answered by one `Fetched` with the same number.
    Fetch(CallId, Fetch),
    /// Remove a recording's file; answered by `Erased`, also if there was none.
    Erase {
        /// In which box.
        mailbox: MailboxId,
        /// Which.
        record: RecordId,
    },
    /// Make a prompt of a recording in the box [`MailboxId::PROMPTS`]; answered by `Kept`.
    KeepPrompt(NewPrompt),
    /// Show on the phones of a mailbox how many messages wait.
    Lamp {
        /// The box's number.
        mailbox: ExtensionNumber,
        /// Messages that nobody has heard.
        new: u32,
        /// The others.
        old: u32,
    },
}

/// A recording that is to become a prompt of the domain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct NewPrompt {
    /// Which.
    pub record: RecordId,
    /// The prompt's name.
    pub name: String,
    /// The name of who recorded it.
    pub by: String,
}

/// A POST of JSON to an outside service.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Fetch {
    /// Counts what this call's flow has asked.
    pub number: u32,
    /// The caller's leg, whose hidden digits may be wanted.
    pub leg: Option<LegId>,
    /// `https://…`.
    pub url: String,
    /// Names and values; a value that is none was hidden, and whoever kept it fills it in.
    pub send: Vec<(String, Option<String>)>,
    /// Names that the answer may set.
    pub take: Vec<String>,
    /// Seconds it may take.
    pub timeout: u32,
}

/// To a leg's signalling. After `Refuse` or `End` the leg answers with one `Ended`, whatever crosses it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum LegCommand {
    /// Tell the caller that it rings (180).
    Ring,
    /// Answer an arrived leg (200).
    Answer,
    /// Refuse an arrived, unanswered leg.
    Refuse(Cause),
    /// Make this leg (its id is odd and new) by calling somebody.
    Dial {
        /// Whom.
        to: DialTarget,
        /// Who calls, shown there.
        caller: CallerId,
        /// The leg of the call that will speak with it first; none if there is none yet.
        beside: Option<LegId>,
        /// Through which queue, shown there as part of the name; none for a direct call.
        queue: Option<String>,
        /// Servers it may pass (Max-Forwards).
        max_forwards: u8,
        /// Whether the phone is to answer by itself.
        auto_answer: bool,
    },
    /// Who may see the digits that this party keys from now on: what is hidden comes as [`callflow::Run::HIDDEN`].
    Secrecy(Secrecy),
    /// End it, in whatever state it is.
    End(Cause),
    /// Ask the phone that rings to lift by itself. It may not know how, and answers as ever if it does.
    Lift,
}

/// Whom to call.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum DialTarget {
    /// All devices of an extension at once; the first to answer has it (A52).
    Extension(ExtensionNumber),
    /// A number outside, through a trunk.
    Trunk(TrunkId, String),
}

/// To a leg's media.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum MediaCommand {
    /// Play prompts one after another to an answered leg, in place of what it heard.
    Play {
        /// Which leg.
        leg: LegId,
        /// Named in `PlayEnded`.
        play: PlayId,
        /// Prompt names.
        prompts: Vec<String>,
        /// Start again at the end, for ever; then there is no `PlayEnded`.
        repeat: bool,
    },
    /// Play a recording of a mailbox once, in place of what was heard.
    PlayRecord {
        /// Which leg.
        leg: LegId,
        /// Named in `PlayEnded`.
        play: PlayId,
        /// In which box.
        mailbox: MailboxId,
        /// Which.
        record: RecordId,
    },
    /// Write what an answered leg says into a file of a mailbox, until stopped; ends with one
    /// [`RecordingInput::Ended`](crate::RecordingInput::Ended), also if the leg is over before.
    Record {
        /// Which leg.
        leg: LegId,
        /// In which box.
        mailbox: MailboxId,
        /// Names it.
        record: RecordId,
        /// Longest, seconds.
        max: u16,
        /// It ends by itself after so long a silence, seconds.
        silence: u16,
    },
    /// Write what a leg says in a talk into a file, from now on in step with the clock, until stopped or the leg is
    /// over. Nobody is told of its end.
    RecordTalk {
        /// Which leg.
        leg: LegId,
        /// Names it.
        record: RecordId,
        /// When the talk began; files are kept by day.
        from: Timestamp,
    },
    /// End the recording of a leg.
    StopRecord {
        /// Which leg.
        leg: LegId,
    },
    /// Stop what plays, without a `PlayEnded`.
    StopPlay {
        /// Which leg.
        leg: LegId,
    },
    /// The two hear each other; what played stops.
    Bridge {
        /// One.
        a: LegId,
        /// The other.
        b: LegId,
    },
    /// They hear each other no more.
    Unbridge {
        /// One.
        a: LegId,
        /// The other.
        b: LegId,
    },
    /// Press keys that an answered leg hears, in place of what it heard; afterwards it hears that again.
    Press {
        /// Which leg.
        leg: LegId,
        /// Named in `PlayEnded`.
        play: PlayId,
        /// The keys.
        keys: Keys,
    },
}
