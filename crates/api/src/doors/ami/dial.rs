//! The legs that are dialed, in Asterisk's words: `DialBegin`, `DialState` while they ring, `DialEnd` with how it went.
//!
//! Rocket.Chat's connector knows calls of no queue by them: `ConnectedLineNum` is who was dialed, `CallerIDNum` who dials,
//! and `Uniqueid` is that of the queue's events, by which it tells that a call came out of a queue. Of the states that
//! Asterisk has there is `RINGING` alone: whether a far side only proceeds is not told apart here.

use std::collections::BTreeMap;

use engine::{CallView, Cause, Direction, LegRecord, LegStatus};
use model::{CallId, Directory, LegId};

use super::wire::Packet;

/// What Asterisk writes where it knows nothing.
pub(super) const UNKNOWN: &str = "<unknown>";

/// Asterisk's states of a channel, with their names.
type ChannelState = (u8, &'static str);
const DOWN: ChannelState = (0, "Down");
const RING: ChannelState = (4, "Ring");
const RINGING: ChannelState = (5, "Ringing");
const UP: ChannelState = (6, "Up");

/// How far a leg was when it was last told about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    #[default]
    Nothing,
    Begun,
    Ringing,
    Over,
}

/// What was told of each leg that was dialed.
#[derive(Debug, Default)]
pub(super) struct Dials {
    told: BTreeMap<(CallId, LegId), Told>,
    /// Where calls were sent on, for what is dialed to the outside after that.
    sent: BTreeMap<CallId, String>,
}

impl Dials {
    /// What there is of a call already was told to others.
    pub(super) fn know(&mut self, call: &CallView) {
        let legs = call.legs.iter().filter(|leg| leg.is_dialed());
        self.told.extend(legs.map(|leg| ((call.call, leg.leg), reached(leg))));
    }

    /// A call goes to another number from now on.
    pub(super) fn sent_on(&mut self, call: CallId, to: &str) {
        self.sent.insert(call, to.to_owned());
    }

    pub(super) fn forget(&mut self, call: CallId) {
        self.told.retain(|(of, _), _| *of != call);
        self.sent.remove(&call);
    }

    /// What is to be told of a leg. `about` begins an event about its call.
    pub(super) fn take(
        &mut self,
        (call, leg): (&CallView, LegId),
        directory: &Directory,
        about: impl Fn(&str) -> Packet,
        out: &mut Vec<Packet>,
    ) {
        let Some(record) = call.legs.iter().find(|one| one.leg == leg && one.is_dialed()) else { return };
        let before = *self.told.get(&(call.call, leg)).unwrap_or(&Told::Nothing);
        let now = reached(record);
        if now <= before {
            return;
        }
        self.told.insert((call.call, leg), now);
        let number = self.number(call, record);
        let packet = |event: &str, state| sides(about(event), call, (record, &number, state), directory);
        if before == Told::Nothing {
            out.push(packet("DialBegin", DOWN).with("DialString", &number));
        }
        if before < Told::Ringing && record.ringing_at.is_some() {
            out.push(packet("DialState", RINGING).with("DialStatus", "RINGING"));
        }
        if now == Told::Over {
            let rang = if record.ringing_at.is_some() { RINGING } else { DOWN };
            let state = if record.answered_at.is_some() { UP } else { rang };
            out.push(packet("DialEnd", state).with("DialStatus", status(record)));
        }
    }

    /// Whom a leg was dialed for. A personal phone's number is its agent's affair: she is known by her extension.
    fn number(&self, call: &CallView, leg: &LegRecord) -> String {
        if let Some(extension) = &leg.extension {
            return extension.to_string();
        }
        if let Some(to) = self.sent.get(&call.call) {
            return to.clone();
        }
        match (call.direction, leg.queue) {
            (Direction::Outbound | Direction::Internal, _) => call.dialed.clone(),
            // Only who is called back is dialed for a queue, and no extension.
            (Direction::Inbound, Some(_)) => call.caller.number.reveal().clone(),
            (Direction::Inbound, None) => UNKNOWN.to_owned(),
        }
    }
}

/// How far it is.
const fn reached(leg: &LegRecord) -> Told {
    if leg.answered_at.is_some() || leg.ended_at.is_some() {
        Told::Over
    } else if leg.ringing_at.is_some() {
        Told::Ringing
    } else {
        Told::Begun
    }
}

/// How the dialing went: of a leg that was answered or is over.
const fn status(leg: &LegRecord) -> &'static str {
    if leg.answered_at.is_some() {
        return "ANSWER";
    }
    match leg.status {
        LegStatus::Answered => "ANSWER",
        LegStatus::NoAnswer => "NOANSWER",
        LegStatus::Busy | LegStatus::Declined => "BUSY",
        LegStatus::Ringing | LegStatus::Cancelled => "CANCEL",
        LegStatus::Failed => match leg.cause {
            Some(
                Cause::Unreachable
                | Cause::NotFound
                | Cause::Forbidden
                | Cause::Blocked
                | Cause::SignallingTimeout,
            ) => "CHANUNAVAIL",
            None
            | Some(
                Cause::Normal
                | Cause::Busy
                | Cause::Declined
                | Cause::NoAnswer
                | Cause::CallerGone
                | Cause::AnsweredElsewhere
                | Cause::Congestion
                | Cause::MediaTimeout
                | Cause::NoCommonCodec
                | Cause::Transferred
                | Cause::Administrative
                | Cause::QueueRule
                | Cause::Shutdown
                | Cause::NodeRestart
                | Cause::Internal,
            ) => "CONGESTION",
        },
    }
}

/// Both sides: who calls, and who is dialed.
fn sides(
    about: Packet,
    call: &CallView,
    (leg, number, state): (&LegRecord, &str, ChannelState),
    directory: &Directory,
) -> Packet {
    let caller_answered = call.legs.first().is_some_and(|first| first.answered_at.is_some());
    let callers = if caller_answered { UP } else { RING };
    let name = |text: Option<&str>| text.unwrap_or(UNKNOWN).to_owned();
    let agent = leg.agent.and_then(|agent| directory.agents.get(&agent));
    let dialed = name(agent.map(|agent| agent.name.as_str()));
    let trunk = leg.trunk.and_then(|trunk| directory.trunks.get(&trunk));
    let peer = trunk.map_or(number, |trunk| trunk.name.as_str());
    about
        .with("ChannelState", callers.0)
        .with("ChannelStateDesc", callers.1)
        .with("ConnectedLineNum", number)
        .with("ConnectedLineName", &dialed)
        .with("Exten", &call.dialed)
        .with("DestChannel", format_args!("PJSIP/{peer}-{:08x}", leg.leg.0))
        .with("DestChannelState", state.0)
        .with("DestChannelStateDesc", state.1)
        .with("DestCallerIDNum", number)
        .with("DestCallerIDName", dialed)
        .with("DestConnectedLineNum", call.caller.number.reveal())
        .with("DestConnectedLineName", call.caller.name.reveal())
        .with("DestExten", number)
        .with("DestUniqueid", format_args!("{}.{}", call.call, leg.leg))
        .with("DestLinkedid", call.call)
}

#[cfg(test)]
mod tests {
    use model::{ExtensionNumber, Timestamp};

    use super::*;

    fn over(status: LegStatus, cause: Cause) -> LegRecord {
        LegRecord {
            leg: LegId(3),
            extension: ExtensionNumber::parse("1001").ok(),
            agent: None,
            trunk: None,
            queue: None,
            started_at: Timestamp(0),
            ringing_at: None,
            answered_at: None,
            ended_at: Some(Timestamp(1)),
            status,
            cause: Some(cause),
            holds: engine::Holds::default(),
        }
    }

    #[test]
    fn each_end_has_asterisks_word() {
        for (how, cause, word) in [
            (LegStatus::NoAnswer, Cause::NoAnswer, "NOANSWER"),
            (LegStatus::Busy, Cause::Busy, "BUSY"),
            (LegStatus::Declined, Cause::Declined, "BUSY"),
            (LegStatus::Cancelled, Cause::AnsweredElsewhere, "CANCEL"),
            (LegStatus::Cancelled, Cause::CallerGone, "CANCEL"),
            (LegStatus::Failed, Cause::Unreachable, "CHANUNAVAIL"),
            (LegStatus::Failed, Cause::NotFound, "CHANUNAVAIL"),
            (LegStatus::Failed, Cause::Congestion, "CONGESTION"),
        ] {
            assert_eq!(super::status(&over(how, cause)), word, "{how:?} {cause:?}");
        }
        // Who answered, and was then asked for a key that did not come, has answered.
        let asked =
            LegRecord { answered_at: Some(Timestamp(1)), ..over(LegStatus::NoAnswer, Cause::NoAnswer) };
        assert_eq!(super::status(&asked), "ANSWER");
    }
}
