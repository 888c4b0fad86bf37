//! What is wrong with a message that could not be read.

use std::fmt;

use super::{Message, Name};

/// Why bytes are not a message we take, with what could be read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// The headers that could be read, for an answer; no body. `None` if not even a first line was.
    pub partial: Option<Box<Message>>,
}

/// What is wrong with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseErrorKind {
    /// Nothing but line ends: a keep-alive.
    Empty,
    /// The first line is neither a request line nor a status line.
    StartLine,
    /// A version of SIP that is not 2.0.
    Version,
    /// A line that is no header.
    HeaderLine,
    /// The headers do not end.
    Unfinished,
    /// More bytes of headers than we take.
    HeaderBytes,
    /// More headers than we take.
    HeaderCount,
    /// A header every message must have is not there.
    Missing(Name),
    /// A header that may come once came more than once.
    Repeated(Name),
    /// A header has a value that cannot be read.
    Malformed(Name),
    /// The body is shorter than Content-Length says.
    BodyShort,
    /// More follows than Content-Length says.
    BodyBeyond,
    /// The body is longer than we take.
    BodyBytes,
    /// The method in CSeq is not the method of the request.
    MethodMismatch,
}

impl ParseError {
    /// The status a request with this fault is answered with.
    pub fn status(&self) -> u16 {
        match self.kind {
            ParseErrorKind::Version => 505,
            ParseErrorKind::HeaderBytes | ParseErrorKind::HeaderCount | ParseErrorKind::BodyBytes => 513,
            ParseErrorKind::Empty
            | ParseErrorKind::StartLine
            | ParseErrorKind::HeaderLine
            | ParseErrorKind::Unfinished
            | ParseErrorKind::Missing(_)
            | ParseErrorKind::Repeated(_)
            | ParseErrorKind::Malformed(_)
            | ParseErrorKind::BodyShort
            | ParseErrorKind::BodyBeyond
            | ParseErrorKind::MethodMismatch => 400,
        }
    }

    /// A reason phrase that tells the peer's operator what to mend.
    pub fn reason(&self) -> String {
        match self.kind {
            ParseErrorKind::Version => "Version Not Supported".to_owned(),
            ParseErrorKind::HeaderBytes | ParseErrorKind::HeaderCount | ParseErrorKind::BodyBytes => {
                "Message Too Large".to_owned()
            }
            ParseErrorKind::Empty
            | ParseErrorKind::StartLine
            | ParseErrorKind::HeaderLine
            | ParseErrorKind::Unfinished
            | ParseErrorKind::Missing(_)
            | ParseErrorKind::Repeated(_)
            | ParseErrorKind::Malformed(_)
            | ParseErrorKind::BodyShort
            | ParseErrorKind::BodyBeyond
            | ParseErrorKind::MethodMismatch => format!("Bad Request: {}", self.kind),
        }
    }
}

impl fmt::Display for ParseErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseErrorKind::Empty => f.write_str("empty"),
            ParseErrorKind::StartLine => f.write_str("malformed first line"),
            ParseErrorKind::Version => f.write_str("not SIP/2.0"),
            ParseErrorKind::HeaderLine => f.write_str("malformed header line"),
            ParseErrorKind::Unfinished => f.write_str("headers do not end"),
            ParseErrorKind::HeaderBytes => f.write_str("headers too long"),
            ParseErrorKind::HeaderCount => f.write_str("too many headers"),
            ParseErrorKind::Missing(name) => write!(f, "no {}", name.as_str()),
            ParseErrorKind::Repeated(name) => write!(f, "more than one {}", name.as_str()),
            ParseErrorKind::Malformed(name) => write!(f, "malformed {}", name.as_str()),
            ParseErrorKind::BodyShort => f.write_str("body shorter than Content-Length"),
            ParseErrorKind::BodyBeyond => f.write_str("more than Content-Length says"),
            ParseErrorKind::BodyBytes => f.write_str("body too long"),
            ParseErrorKind::MethodMismatch => f.write_str("CSeq has another method"),
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for ParseError {}
