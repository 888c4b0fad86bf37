//! What all workers of a plane have in common, and what one step of a worker carries along.

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::disk::Disk;
use crate::port::Returns;
use crate::secure::Identity;
use crate::stats::Counters;
use crate::{Limits, MediaEvent};

/// Fixed for the life of a plane.
pub(crate) struct Shared {
    pub(crate) start: Instant,
    pub(crate) identity: Identity,
    pub(crate) bind: IpAddr,
    pub(crate) ports: RangeInclusive<u16>,
    pub(crate) silence_timeout: Duration,
    pub(crate) limits: Limits,
    /// Our canonical name in RTCP: random, because it is nobody's business (RFC 7022).
    pub(crate) cname: String,
    pub(crate) returns: Returns,
    pub(crate) disk: Arc<Disk>,
    pub(crate) sink: Box<dyn Fn(MediaEvent) + Send + Sync>,
}

/// One moment of one worker.
#[derive(Clone, Copy)]
pub(crate) struct Moment<'a> {
    /// Since the start of the plane.
    pub(crate) now: Duration,
    pub(crate) shared: &'a Shared,
    pub(crate) counters: &'a Counters,
}

impl Moment<'_> {
    pub(crate) fn tell(&self, event: MediaEvent) {
        (self.shared.sink)(event);
    }
}
