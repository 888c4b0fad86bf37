//! What a user agent is told: what was received, and what the application wants.

use crate::flow::{Destination, Flow};
use crate::message::{Headers, Message, Method, NameAddr, ParseError, Uri};

/// One call as SIP sees it: all dialogs one INVITE makes, until they are over.
///
/// The application chooses odd numbers for calls it makes; those of calls that come in are even.
/// A number is never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialogId(pub u64);

/// A request that waits for the application's answer, or one the application sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestKey(pub u64);

/// Why a call was ended, for people and for counting (RFC 3326).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// `Q.850` or `SIP`.
    pub protocol: String,
    /// The cause in that protocol.
    pub cause: u16,
    /// For people; may be empty.
    pub text: String,
}

/// What happened.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every input is a message")]
pub enum UaInput {
    /// A message came.
    Received {
        /// How.
        flow: Flow,
        /// What.
        message: Message,
    },
    /// A message came that could not be read; a request is answered.
    Malformed {
        /// How.
        flow: Flow,
        /// What is wrong with it.
        error: ParseError,
    },
    /// A connection is closed.
    FlowClosed(Flow),
    /// A [`Transmit`](super::Transmit) with this token could not be sent.
    SendFailed {
        /// The token, not 0.
        token: u64,
    },
    /// A deadline may be due.
    Tick,
    /// The application wants something.
    Command(UaCommand),
}

/// What the application wants. A command for a dialog that is over does nothing.
#[derive(Debug)]
pub enum UaCommand {
    /// Make a call. A dialog number in use is left alone.
    Invite {
        /// The new call's number: odd, never used before.
        dialog: DialogId,
        /// Whom and how.
        invite: Box<OutboundInvite>,
    },
    /// Send the INVITE again with credentials, after [`UaEvent::Challenged`](super::UaEvent).
    Retry {
        /// The challenged call.
        dialog: DialogId,
        /// Authorization or Proxy-Authorization.
        headers: Headers,
    },
    /// Acknowledge an answer that carried the offer, with our answer to it.
    Acknowledge {
        /// A call made without SDP.
        dialog: DialogId,
        /// Our answer.
        sdp: Vec<u8>,
    },
    /// Answer an incoming call provisionally.
    Progress {
        /// An unanswered incoming call.
        dialog: DialogId,
        /// 101 to 199.
        status: u16,
        /// Early media, if any.
        sdp: Option<Vec<u8>>,
    },
    /// Answer an incoming call.
    Answer {
        /// An unanswered incoming call.
        dialog: DialogId,
        /// The answer, or the offer if the INVITE had none.
        sdp: Vec<u8>,
        /// More headers for the 200.
        headers: Headers,
    },
    /// Refuse an incoming call.
    Reject {
        /// An unanswered incoming call.
        dialog: DialogId,
        /// 300 to 699.
        status: u16,
        /// Reason phrase; empty for the usual one.
        reason: String,
        /// More headers, such as Contact or Retry-After.
        headers: Headers,
    },
    /// End the call, whatever it is doing: by CANCEL, BYE or 480.
    Hangup {
        /// Any call.
        dialog: DialogId,
        /// What the peer is told about why.
        reason: Option<Reason>,
    },
    /// Offer the peer another session.
    Reinvite {
        /// An answered call. While another offer is under way the latest waits.
        dialog: DialogId,
        /// The offer.
        sdp: Vec<u8>,
    },
    /// Accept the session the peer offers.
    AcceptReinvite {
        /// A call with [`UaEvent::Reinvite`](super::UaEvent) open.
        dialog: DialogId,
        /// The answer, or the offer if the re-INVITE had none.
        sdp: Vec<u8>,
    },
    /// Refuse the session the peer offers; the old one goes on.
    RejectReinvite {
        /// A call with [`UaEvent::Reinvite`](super::UaEvent) open.
        dialog: DialogId,
        /// Usually 488.
        status: u16,
    },
    /// Send an INFO in an answered call.
    SendInfo {
        /// An answered call.
        dialog: DialogId,
        /// Media type of the body.
        content_type: String,
        /// The body.
        body: Vec<u8>,
    },
    /// Send a request of the application in an answered call, or in one of ours that rings: NOTIFY, REFER, MESSAGE.
    ///
    /// While several devices ring, the one that began last is meant. Its outcome comes as
    /// [`UaEvent::Response`](super::UaEvent).
    SendWithin {
        /// An answered call, or one that we make and that rings.
        dialog: DialogId,
        /// The application's own number for it.
        key: RequestKey,
        /// Not INVITE, ACK, BYE, CANCEL or UPDATE, which have their own commands.
        method: Method,
        /// More headers: Event, Subscription-State, Refer-To, Content-Type.
        headers: Headers,
        /// The body.
        body: Vec<u8>,
    },
    /// Answer a request that came as [`UaEvent::Request`](super::UaEvent).
    Respond {
        /// Which.
        key: RequestKey,
        /// 100 to 699.
        status: u16,
        /// Reason phrase; empty for the usual one.
        reason: String,
        /// More headers.
        headers: Headers,
        /// The body; its type is among the headers.
        body: Vec<u8>,
    },
    /// Send a request outside any dialog.
    Request {
        /// The application's own number for it, given back with the response.
        key: RequestKey,
        /// Whom and what.
        request: Box<OutboundRequest>,
    },
}

/// An INVITE to send.
#[derive(Clone, Debug)]
pub struct OutboundInvite {
    /// Where the bytes go.
    pub destination: Destination,
    /// Whom the call is for.
    pub request_uri: Uri,
    /// Who calls; a tag is added.
    pub from: NameAddr,
    /// Who is called.
    pub to: NameAddr,
    /// Proxies to pass: what Path or an outbound proxy asks for.
    pub routes: Vec<NameAddr>,
    /// The offer; without one the peer makes it (see [`UaCommand::Acknowledge`]).
    pub sdp: Option<Vec<u8>>,
    /// More headers.
    pub headers: Headers,
    /// Call-ID, if the application chooses it.
    pub call_id: Option<String>,
    /// Hops left; one less than those of the call this one is made for (RFC 7332).
    pub max_forwards: u8,
    /// Whether a 401 or 407 is shown to the application for an answer with credentials.
    pub authenticates: bool,
}

impl OutboundInvite {
    /// An INVITE with what every INVITE must have.
    pub fn new(destination: Destination, request_uri: Uri, from: NameAddr, to: NameAddr) -> Self {
        OutboundInvite {
            destination,
            request_uri,
            from,
            to,
            routes: Vec::new(),
            sdp: None,
            headers: Headers::new(),
            call_id: None,
            max_forwards: 70,
            authenticates: false,
        }
    }
}

/// A request to send outside any dialog.
#[derive(Clone, Debug)]
pub struct OutboundRequest {
    /// Where the bytes go.
    pub destination: Destination,
    /// OPTIONS, NOTIFY, MESSAGE, REGISTER; not INVITE, ACK or CANCEL.
    pub method: Method,
    /// Whom it is for.
    pub request_uri: Uri,
    /// Who asks; a tag is added if there is none.
    pub from: NameAddr,
    /// Whom it concerns.
    pub to: NameAddr,
    /// Call-ID and CSeq, to continue what an earlier request began; else new ones.
    pub sequence: Option<(String, u32)>,
    /// More headers: Route, Event, Content-Type.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
}
