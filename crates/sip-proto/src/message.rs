//! SIP messages: what is on the wire, taken apart and put together.

mod address;
mod error;
mod headers;
mod method;
mod name;
mod params;
mod parse;
mod print;
mod raw;
pub mod scan;
mod status;
mod stream;
mod uri;
mod via;

use std::borrow::Cow;

use self::raw::RawAddr;
pub use address::NameAddr;
pub use error::{ParseError, ParseErrorKind};
pub use headers::Headers;
pub use method::Method;
pub use name::{Key, Name};
pub use params::Params;
pub use parse::{ParseLimits, parse_datagram, parse_datagram_within, parse_frame_within};
pub use scan::List;
pub use status::reason_phrase;
pub use stream::{StreamItem, StreamParser};
pub use uri::{Scheme, Uri};
pub use via::{MAGIC_COOKIE, Via};

/// A request or a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub start: StartLine,
    /// The headers in order.
    pub headers: Headers,
    /// The body; its length is Content-Length when written.
    pub body: Vec<u8>,
}

/// The first line of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartLine {
    /// What somebody wants.
    Request {
        /// What is wanted.
        method: Method,
        /// Of whom.
        uri: Uri,
    },
    /// What became of it.
    Response {
        /// Three digits.
        status: u16,
        /// For people.
        reason: String,
    },
}

/// The number and method of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CSeq {
    /// Below 2^31 (RFC 3261 section 8.1.1.5).
    pub number: u32,
    /// The method of the request.
    pub method: Method,
}

impl CSeq {
    /// Reads `4711 INVITE`.
    pub fn parse(bytes: &[u8]) -> Option<CSeq> {
        let bytes = scan::trim(bytes);
        let space = bytes.iter().position(u8::is_ascii_whitespace)?;
        let number = scan::number::<u32>(&bytes[..space]).filter(|number| *number < 1 << 31)?;
        Some(CSeq { number, method: Method::parse(scan::trim(&bytes[space..]))? })
    }
}

impl std::fmt::Display for CSeq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.number, self.method)
    }
}

impl Message {
    /// A request without headers.
    pub fn request(method: Method, uri: Uri) -> Message {
        Message {
            start: StartLine::Request { method, uri },
            headers: Headers::with_capacity(16, 768),
            body: Vec::new(),
        }
    }

    /// A response to `request` with the headers RFC 3261 section 8.2.6 wants copied.
    ///
    /// `to_tag` is added unless the request has one already or the status is 100.
    pub fn response(request: &Message, status: u16, reason: &str, to_tag: Option<&str>) -> Message {
        let mut headers = Headers::with_capacity(16, 768);
        for name in [Name::Via, Name::From, Name::To, Name::CallId, Name::CSeq, Name::Timestamp] {
            if name == Name::Timestamp && status != 100 {
                continue;
            }
            headers.copy(&request.headers, name);
        }
        let tagged = request.to_tag().is_some();
        if let (Some(tag), false, true) = (to_tag, tagged, status > 100)
            && let Some(to) = request.headers.get(Name::To)
        {
            let mut to = to.to_vec();
            to.extend_from_slice(b";tag=");
            to.extend_from_slice(tag.as_bytes());
            headers.replace_first(Name::To, to);
        }
        let reason = if reason.is_empty() { reason_phrase(status) } else { reason };
        Message {
            start: StartLine::Response { status, reason: reason.to_owned() },
            headers,
            body: Vec::new(),
        }
    }

    /// The method, if this is a request.
    pub fn method(&self) -> Option<&Method> {
        match &self.start {
            StartLine::Request { method, .. } => Some(method),
            StartLine::Response { .. } => None,
        }
    }

    /// The Request-URI, if this is a request.
    pub fn request_uri(&self) -> Option<&Uri> {
        match &self.start {
            StartLine::Request { uri, .. } => Some(uri),
            StartLine::Response { .. } => None,
        }
    }

    /// The status, if this is a response.
    pub fn status(&self) -> Option<u16> {
        match &self.start {
            StartLine::Request { .. } => None,
            StartLine::Response { status, .. } => Some(*status),
        }
    }

    /// The reason phrase, if this is a response.
    pub fn reason(&self) -> Option<&str> {
        match &self.start {
            StartLine::Request { .. } => None,
            StartLine::Response { reason, .. } => Some(reason),
        }
    }

    /// Whether this is a request.
    pub fn is_request(&self) -> bool {
        self.method().is_some()
    }

    /// The topmost Via.
    pub fn via(&self) -> Option<Via> {
        self.headers.list(Name::Via).next().and_then(Via::parse)
    }

    /// The From header.
    pub fn from(&self) -> Option<NameAddr> {
        self.headers.get(Name::From).and_then(NameAddr::parse)
    }

    /// The To header.
    pub fn to(&self) -> Option<NameAddr> {
        self.headers.get(Name::To).and_then(NameAddr::parse)
    }

    /// The tag of From, if it has one; without a copy of the header.
    pub fn from_tag(&self) -> Option<Cow<'_, str>> {
        self.headers.get(Name::From).and_then(RawAddr::tag_of).map(scan::text_of)
    }

    /// The tag of To, likewise.
    pub fn to_tag(&self) -> Option<Cow<'_, str>> {
        self.headers.get(Name::To).and_then(RawAddr::tag_of).map(scan::text_of)
    }

    /// The CSeq header.
    pub fn cseq(&self) -> Option<CSeq> {
        self.headers.get(Name::CSeq).and_then(CSeq::parse)
    }

    /// The Call-ID, as it came.
    pub fn call_id(&self) -> Option<&[u8]> {
        self.headers.get(Name::CallId)
    }

    /// The first Contact that is an address.
    pub fn contact(&self) -> Option<NameAddr> {
        self.headers.list(Name::Contact).find_map(NameAddr::parse)
    }

    /// The addresses of a list header (Contact, Route, Record-Route, Path); malformed ones left out.
    pub fn addresses(&self, name: Name) -> impl Iterator<Item = NameAddr> {
        self.headers.list(name).filter_map(NameAddr::parse)
    }

    /// The media type of the body in lower case without parameters; `None` if there is no header.
    pub fn content_type(&self) -> Option<String> {
        let value = self.headers.get(Name::ContentType)?;
        let end = value.iter().position(|&byte| byte == b';').unwrap_or(value.len());
        Some(scan::text(scan::trim(&value[..end])).to_ascii_lowercase())
    }

    /// A header that is a number of digits, parameters passed over: Expires, Min-SE, Retry-After.
    pub fn number(&self, name: Name) -> Option<u32> {
        let value = self.headers.get(name)?;
        let end = value.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(value.len());
        scan::number(&value[..end])
    }

    /// Sets body and Content-Type.
    pub fn set_body(&mut self, content_type: &str, body: Vec<u8>) {
        self.headers.set(Name::ContentType, content_type);
        self.body = body;
    }
}
