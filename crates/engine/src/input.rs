//! What the world did.

use borsh::{BorshDeserialize, BorshSerialize};
use std::sync::Arc;

use model::{CallId, CallerId, Directory, ExtensionNumber, LegId, PlayId, RecordId, RequestId, TrunkId};

use crate::cause::Cause;
use crate::hand_over::HandOver;
use crate::request::{Actor, Request};

/// What the world did.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum Input {
    /// A deadline has passed.
    Tick,
    /// Something happened on a leg. An unknown leg is ignored: it has ended here already.
    Leg(LegId, LegInput),
    /// Something happened to a leg's media.
    Media(LegId, MediaInput),
    /// What became of a recording; one that is not known is passed over.
    Recording(RecordId, RecordingInput),
    /// A phone extension's devices changed.
    Device(ExtensionNumber, DeviceInput),
    /// An agent, supervisor or integration asks; answered by exactly one reply in the same step.
    Request(RequestId, Actor, Request),
    /// An outside service has answered a call's flow; with nothing: it failed, or took too long.
    Fetched {
        /// Whose flow asked.
        call: CallId,
        /// As in the command.
        number: u32,
        /// Names and values.
        answer: Option<Vec<(String, String)>>,
    },
    /// Provisioning changed.
    Directory(Arc<Directory>),
    /// No new calls from now on; live ones go on.
    Drain,
    /// The process ended without a word and this engine was loaded into a new one: every leg is lost.
    Restarted,
    /// An engine of another version has left this, and nothing has happened to this one yet.
    HandedOver(Box<HandOver>),
}

/// What happened on a leg.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum LegInput {
    /// A new leg from outside; its id is even and new.
    Arrived(Arrival),
    /// The dialed party is being alerted.
    Ringing,
    /// The dialed party has answered; media is set up.
    Answered,
    /// The party pressed a key: `0`–`9`, `*`, `#`, `A`–`D`, `?` for a digit that nobody may see.
    Digit(#[borsh(serialize_with = "digit::write", deserialize_with = "digit::read")] char),
    /// The party holds us (true) or has come back (false).
    Held(bool),
    /// The leg is over; nothing follows. Also the answer to every `End` and `Refuse`.
    Ended(Cause),
}

/// A new leg from outside.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Arrival {
    /// Where it comes from, authenticated.
    pub origin: Origin,
    /// What was dialed, as it came; hostile text of at most 128 characters.
    pub dialed: String,
    /// Who calls.
    pub caller: CallerId,
    /// Servers this leg may still pass (Max-Forwards); a call made for it may pass one less (RFC 7332).
    pub max_forwards: u8,
}

/// Where a leg comes from.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Origin {
    /// A trunk's address.
    Trunk(TrunkId),
    /// A phone that proved to be this extension's.
    Extension(ExtensionNumber),
    /// Somebody who followed the call link of this extension's agent: she is called, whatever was dialed.
    Guest(ExtensionNumber),
}

/// What happened to a leg's media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum MediaInput {
    /// A player came to its end by itself.
    PlayEnded(PlayId),
    /// No audio has arrived for the set time.
    Silent,
}

/// What became of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum RecordingInput {
    /// It has ended, also after its leg was over, and its file is safe; told once for each `Record`. After a start
    /// the shell tells it for those that it finds unfinished.
    Ended {
        /// How long it is, milliseconds; zero: there is no file.
        length: u64,
        /// Why it ended.
        why: RecordEnd,
    },
    /// Its file is gone.
    Erased,
    /// A prompt was made of it, or could not be.
    Kept(bool),
}

/// Why a recording ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum RecordEnd {
    /// It was stopped, or its leg was over.
    Stopped,
    /// It became as long as it may.
    Max,
    /// Nothing was said for as long as that may be.
    Silence,
    /// It could not be written.
    Failed,
}

/// What happened to an extension's devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum DeviceInput {
    /// At least one is registered now.
    Reachable,
    /// None is any more.
    Unreachable,
}

/// A key as one byte: only what a phone has is ever one.
mod digit {
    use std::io::{Error, ErrorKind, Read, Result, Write};

    pub(super) fn write<W: Write>(key: &char, to: &mut W) -> Result<()> {
        to.write_all(&[u8::try_from(*key).map_err(|_| Error::from(ErrorKind::InvalidData))?])
    }

    pub(super) fn read<R: Read>(from: &mut R) -> Result<char> {
        let mut byte = [0];
        from.read_exact(&mut byte)?;
        Ok(char::from(byte[0]))
    }
}
