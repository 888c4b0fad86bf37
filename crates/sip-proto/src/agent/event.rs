//! What a user agent wants sent and what it has to tell.

use std::sync::Arc;

use super::command::{DialogId, Reason, RequestKey};
use crate::flow::{Destination, Flow};
use crate::message::{Message, scan};

/// Bytes to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transmit {
    /// Where.
    pub to: Destination,
    /// One whole message.
    pub bytes: Arc<[u8]>,
    /// Give it back with [`UaInput::SendFailed`](super::UaInput) if sending fails; 0: do not.
    pub token: u64,
}

/// What came of one input. The caller owns it, empties it, and gives it again.
#[derive(Debug, Default)]
pub struct UaOutbox {
    /// To send, in order.
    pub transmits: Vec<Transmit>,
    /// To tell, in order.
    pub events: Vec<UaEvent>,
}

/// Why a call is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndReason {
    /// We wanted it: Hangup or Reject.
    Local,
    /// The peer sent BYE.
    Bye,
    /// The caller gave up before the answer.
    Cancel,
    /// The peer no longer answers.
    Timeout,
    /// The peer does not know this call any more.
    Unknown,
    /// The connection was lost.
    Transport,
    /// The answer was never acknowledged.
    AckMissing,
    /// The session timer ran out.
    SessionExpired,
}

/// What has happened.
///
/// Each call that was announced by `Invite` or commanded ends with exactly one `Failed` or `Ended`;
/// nothing about it follows that.
#[derive(Debug)]
pub enum UaEvent {
    /// A call came in, was admitted, and waits for Progress, Answer or Reject.
    Invite {
        /// Its number.
        dialog: DialogId,
        /// The INVITE.
        request: Box<Message>,
        /// How it came.
        flow: Flow,
    },
    /// The called side says something before the answer.
    Progress {
        /// A call we made.
        dialog: DialogId,
        /// 101 to 199.
        status: u16,
        /// Early media; when a call forked, of one of the branches.
        sdp: Option<Vec<u8>>,
    },
    /// The called side answered.
    Answered {
        /// A call we made.
        dialog: DialogId,
        /// The answer, or the offer if we made none.
        sdp: Option<Vec<u8>>,
        /// The whole 2xx.
        response: Box<Message>,
    },
    /// The called side wants credentials; answer with Retry or Hangup within 64*T1.
    Challenged {
        /// A call we made.
        dialog: DialogId,
        /// The 401 or 407.
        response: Box<Message>,
    },
    /// A call we made was not answered.
    Failed {
        /// Which.
        dialog: DialogId,
        /// The status; 408 if nobody answered, 503 if nobody could be reached.
        status: u16,
        /// The reason phrase.
        reason: String,
        /// The response, if there was one.
        response: Option<Box<Message>>,
    },
    /// The caller acknowledged our answer.
    Established {
        /// A call that came in.
        dialog: DialogId,
        /// The caller's answer, if we made the offer.
        sdp: Option<Vec<u8>>,
    },
    /// The call is over.
    Ended {
        /// Which.
        dialog: DialogId,
        /// Who or what ended it.
        why: EndReason,
        /// What the peer says about it.
        reason: Option<Reason>,
    },
    /// The peer offers another session and waits for AcceptReinvite or RejectReinvite.
    Reinvite {
        /// An answered call.
        dialog: DialogId,
        /// The offer; `None` asks us for one.
        sdp: Option<Vec<u8>>,
    },
    /// The peer took its offer back.
    ReinviteCancelled {
        /// An answered call.
        dialog: DialogId,
    },
    /// The peer acknowledged the session we accepted.
    ReinviteEstablished {
        /// An answered call.
        dialog: DialogId,
        /// The peer's answer, if we made the offer.
        sdp: Option<Vec<u8>>,
    },
    /// The peer accepted the session we offered.
    ReinviteAnswered {
        /// An answered call.
        dialog: DialogId,
        /// The answer.
        sdp: Option<Vec<u8>>,
    },
    /// The peer refused the session we offered; the old one goes on.
    ReinviteFailed {
        /// An answered call.
        dialog: DialogId,
        /// The status.
        status: u16,
    },
    /// The peer sent an INFO; it has been answered.
    Info {
        /// A call.
        dialog: DialogId,
        /// Media type in lower case.
        content_type: String,
        /// The body.
        body: Vec<u8>,
    },
    /// The peer answered an INFO of ours.
    InfoAnswered {
        /// A call.
        dialog: DialogId,
        /// The status; 408 if it did not.
        status: u16,
    },
    /// A request came, was admitted, and waits for Respond.
    Request {
        /// Which.
        key: RequestKey,
        /// The call it belongs to, if any.
        dialog: Option<DialogId>,
        /// Our tag in the answers to it, for an application that makes a dialog of its own by it.
        tag: String,
        /// The request.
        request: Box<Message>,
        /// How it came.
        flow: Flow,
    },
    /// A request the application sent was answered, finally.
    Response {
        /// Which.
        key: RequestKey,
        /// The status; 408 if nobody answered, 503 if nobody could be reached.
        status: u16,
        /// The response, if there was one.
        response: Option<Box<Message>>,
    },
}

impl Reason {
    /// A reason in the causes of ISDN, which carriers and call records understand.
    pub fn q850(cause: u16, text: &str) -> Reason {
        Reason { protocol: "Q.850".to_owned(), cause, text: text.to_owned() }
    }

    /// A reason by SIP status.
    pub fn sip(status: u16, text: &str) -> Reason {
        Reason { protocol: "SIP".to_owned(), cause: status, text: text.to_owned() }
    }

    /// The value of a Reason header.
    pub fn to_header(&self) -> String {
        let mut value = format!("{};cause={}", self.protocol, self.cause);
        if !self.text.is_empty() {
            value.push_str(";text=");
            scan::quote(&self.text, &mut value);
        }
        value
    }

    /// The first Reason of a message that can be read.
    pub fn of(message: &Message) -> Option<Reason> {
        message.headers.list(crate::message::Name::Reason).find_map(|value| {
            let end = value.iter().position(|&byte| byte == b';')?;
            let params = crate::message::Params::parse(&value[end..])?;
            let text = params.get("text").unwrap_or("");
            let unquoted = scan::quoted(text.as_bytes()).map(|(text, _)| text);
            Some(Reason {
                protocol: scan::text(scan::trim(&value[..end])),
                cause: scan::number(params.get("cause")?.as_bytes())?,
                text: unquoted.unwrap_or_else(|| text.to_owned()),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Method, Name, Uri};

    #[test]
    fn a_reason_is_written_and_read() {
        let reason = Reason::q850(16, "Normal \"call\" clearing");
        let mut message = Message::request(Method::Bye, Uri::default());
        message.headers.push(Name::Reason, "garbage, SIP");
        message.headers.push(Name::Reason, reason.to_header());
        assert_eq!(Reason::of(&message), Some(reason));
    }
}
