//! Who may ask anything of us: decided before any memory is spent on the request.

use crate::flow::Flow;
use crate::message::{Headers, Message};
use crate::time::Moment;

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is taken.
    Admit,
    /// It is answered without keeping anything about it.
    Refuse {
        /// 300 to 699.
        status: u16,
        /// Reason phrase; empty for the usual one.
        reason: String,
        /// More headers, such as WWW-Authenticate.
        headers: Headers,
    },
    /// It never came.
    Drop,
}

impl Verdict {
    /// A refusal without more headers.
    pub fn refuse(status: u16) -> Verdict {
        Verdict::Refuse { status, reason: String::new(), headers: Headers::new() }
    }
}

/// Decides about requests: rate limits, digest, addresses of trunks.
///
/// CANCELs and requests for calls we do not know are shown to the guard too, but cannot be
/// challenged (RFC 3261 section 22.1): of its verdict only `Drop` counts.
pub trait Guard {
    /// A request that belongs to no transaction and no call.
    fn admit(&mut self, request: &Message, flow: &Flow, now: Moment) -> Verdict;

    /// A request that belongs to a call, but comes from elsewhere than the call did.
    ///
    /// The tags are right, so whoever sent it has seen the call's messages.
    fn admit_in_dialog(&mut self, request: &Message, flow: &Flow, now: Moment) -> Verdict {
        self.admit(request, flow, now)
    }
}

/// Admits everything: for tests, and behind a proxy that decides.
#[derive(Clone, Copy, Debug, Default)]
pub struct AdmitAll;

impl Guard for AdmitAll {
    fn admit(&mut self, _: &Message, _: &Flow, _: Moment) -> Verdict {
        Verdict::Admit
    }
}
