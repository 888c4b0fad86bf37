//! What a SUBSCRIBE asks for, read and checked before anything is changed.

use super::{CONTENT_TYPE, PACKAGE, SubscriptionLimits};
use crate::message::{Headers, Message, Name, scan};

/// Bytes of an Event header that we keep.
const EVENT_BYTES_MAX: usize = 256;

/// Why a SUBSCRIBE is not carried out. Nothing has been changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// 400: the text says what is wrong.
    BadRequest(&'static str),
    /// 406: the watcher reads nothing that is written here.
    NotAcceptable,
    /// 423 with this Min-Expires, in seconds.
    IntervalTooBrief(u32),
    /// 481: there is no such subscription.
    Gone,
    /// 489: another event package (RFC 6665 4.2.1.1).
    BadEvent,
    /// 500: a later SUBSCRIBE has been carried out already.
    OutOfOrder,
    /// 503: the table is full.
    Full,
}

impl Refused {
    /// The status to answer with.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest(_) => 400,
            Self::NotAcceptable => 406,
            Self::IntervalTooBrief(_) => 423,
            Self::Gone => 481,
            Self::BadEvent => 489,
            Self::OutOfOrder => 500,
            Self::Full => 503,
        }
    }

    /// The reason phrase to answer with; empty for the usual one.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::BadRequest(what) => what,
            Self::NotAcceptable
            | Self::IntervalTooBrief(_)
            | Self::Gone
            | Self::BadEvent
            | Self::OutOfOrder
            | Self::Full => "",
        }
    }

    /// What belongs into the answer.
    #[must_use]
    pub fn headers(self) -> Headers {
        let mut headers = Headers::new();
        match self {
            Self::IntervalTooBrief(seconds) => headers.push(Name::MinExpires, seconds.to_string()),
            Self::BadEvent => headers.push(Name::AllowEvents, PACKAGE),
            Self::NotAcceptable => headers.push(Name::Accept, CONTENT_TYPE),
            Self::BadRequest(_) | Self::Gone | Self::OutOfOrder | Self::Full => {}
        }
        headers
    }
}

/// What is asked.
pub(super) struct Asked {
    /// The Event header as it came, for the notifications.
    pub(super) event: String,
    /// Seconds; 0 ends.
    pub(super) expires: u32,
}

pub(super) fn read(request: &Message, limits: &SubscriptionLimits) -> Result<Asked, Refused> {
    let event = request.headers.get(Name::Event).map(scan::text).ok_or(Refused::BadEvent)?;
    let package = event.split(';').next().unwrap_or_default().trim();
    if !package.eq_ignore_ascii_case(PACKAGE) || event.len() > EVENT_BYTES_MAX {
        return Err(Refused::BadEvent);
    }
    if !request.headers.accepts(CONTENT_TYPE) {
        return Err(Refused::NotAcceptable);
    }
    let expires = match request.headers.get(Name::Expires) {
        None => limits.expires_default,
        Some(_) => request.number(Name::Expires).ok_or(Refused::BadRequest("Expires is no number"))?,
    };
    if expires > 0 && expires < limits.expires_min {
        return Err(Refused::IntervalTooBrief(limits.expires_min));
    }
    Ok(Asked { event, expires: expires.min(limits.expires_max) })
}
