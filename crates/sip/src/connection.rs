//! What all connections have in common: a handle for the endpoint, a bounded queue to write, a deadline for
//! every silence.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use bytes::Bytes;
use sip_proto::Flow;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use crate::counters::Counters;
use crate::endpoint::{Inbound, SendError};
use crate::limits::Limits;

/// What a connection's task tells the endpoint.
#[expect(clippy::large_enum_variant, reason = "nearly all are messages; a box would cost each an allocation")]
pub(crate) enum Report {
    /// It can be written to. Comes before everything else about it.
    Opened(Handle),
    /// Something to hand over.
    Item(Inbound),
    /// It is gone. Comes last.
    Closed(Flow),
}

/// What every connection needs.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) limits: Limits,
    pub(crate) reports: mpsc::Sender<Report>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) last_id: Arc<AtomicU64>,
}

impl Shared {
    /// An id that no other connection of this endpoint has or had.
    pub(crate) fn next_id(&self) -> u64 {
        self.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// The endpoint's end of a connection.
#[derive(Clone)]
pub(crate) struct Handle {
    pub(crate) flow: Flow,
    queue: mpsc::Sender<Bytes>,
    pub(crate) queued_bytes: Arc<AtomicUsize>,
    pub(crate) close: Arc<Notify>,
}

/// The task's end of it.
pub(crate) struct Work {
    pub(crate) queue: mpsc::Receiver<Bytes>,
    pub(crate) handle: Handle,
}

/// Both ends of a connection that is to be.
pub(crate) fn pair(flow: Flow, limits: &Limits) -> (Handle, Work) {
    let (sender, queue) = mpsc::channel(limits.queue_messages_max.max(1));
    let handle = Handle {
        flow,
        queue: sender,
        queued_bytes: Arc::new(AtomicUsize::new(0)),
        close: Arc::new(Notify::new()),
    };
    (handle.clone(), Work { queue, handle })
}

impl Handle {
    /// Puts bytes in the queue, or closes a connection whose peer lets it fill up.
    pub(crate) fn send(&self, bytes: Bytes, limits: &Limits) -> Result<(), SendError> {
        let len = bytes.len();
        let before = self.queued_bytes.fetch_add(len, Ordering::Relaxed);
        if before.saturating_add(len) > limits.queue_bytes_max || self.queue.try_send(bytes).is_err() {
            self.close();
            return Err(SendError::Overflow);
        }
        Ok(())
    }

    /// Ends the connection's task; its `Closed` follows.
    pub(crate) fn close(&self) {
        self.close.notify_one();
    }
}

/// Says that a connection is gone.
pub(crate) async fn report_closed(flow: Flow, shared: &Shared) {
    // Without a receiver the endpoint itself is gone.
    let _ = shared.reports.send(Report::Closed(flow)).await;
}

/// How long a peer may be silent now.
pub(crate) struct Patience<'a> {
    limits: &'a Limits,
    /// It has sent a valid message, or we called it.
    proved: bool,
    /// A message has begun and not ended.
    in_part: bool,
    pub(crate) deadline: Instant,
}

impl<'a> Patience<'a> {
    pub(crate) fn new(limits: &'a Limits, proved: bool) -> Self {
        let first = if proved { limits.idle_timeout } else { limits.first_message_timeout };
        Self { limits, proved, in_part: false, deadline: Instant::now() + first }
    }

    /// Something came. Until a valid message nothing moves the first deadline, and a message in
    /// pieces does not move its own: a peer that drips cannot hold a connection for ever.
    pub(crate) fn heard(&mut self, valid: bool, has_part: bool) {
        self.proved |= valid;
        if !self.proved {
            return;
        }
        let goes_on = self.in_part && !valid;
        self.in_part = has_part;
        if !has_part {
            self.deadline = Instant::now() + self.limits.idle_timeout;
        } else if !goes_on {
            self.deadline = Instant::now() + self.limits.message_timeout;
        }
    }
}
