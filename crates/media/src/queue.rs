//! The way from the plane to a worker: bounded, ordered, and never waited for.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mio::Waker;

use crate::EndpointId;
use crate::command::Negotiated;
use crate::endpoint::Endpoint;
use crate::outlet::Outlet;

/// What a worker is told.
pub(crate) enum WorkerCommand {
    Adopt(Box<Endpoint>),
    Configure(EndpointId, Negotiated),
    Play {
        endpoint: EndpointId,
        play: u64,
        items: Vec<String>,
        repeat: bool,
    },
    StopPlay(EndpointId),
    /// From now on the endpoint is heard by, and hears, the party behind the outlet.
    Link(EndpointId, Arc<Outlet>),
    Unlink(EndpointId),
    Close(EndpointId),
    Stop,
}

/// The queue of one worker. Only the plane pushes, only the worker takes.
pub(crate) struct CommandQueue {
    waiting: Mutex<Waiting>,
    waker: Waker,
    limit: usize,
}

#[derive(Default)]
struct Waiting {
    commands: VecDeque<WorkerCommand>,
    /// The worker has been woken and has not come yet.
    woken: bool,
}

impl CommandQueue {
    pub(crate) fn new(waker: Waker, limit: usize) -> CommandQueue {
        CommandQueue { waiting: Mutex::default(), waker, limit }
    }

    /// Whether `count` ordinary commands may still be pushed.
    pub(crate) fn has_room(&self, count: usize) -> bool {
        self.lock().commands.len().saturating_add(count) <= self.limit
    }

    /// Pushes, even over the limit; the worker sleeps on. What must not be lost is bounded by the number of
    /// ports: an endpoint is adopted, parted and closed once.
    pub(crate) fn push(&self, command: WorkerCommand) {
        self.lock().commands.push_back(command);
    }

    /// Wakes the worker if something waits for it that it has not been woken for.
    pub(crate) fn wake(&self) {
        let mut waiting = self.lock();
        if waiting.commands.is_empty() || std::mem::replace(&mut waiting.woken, true) {
            return;
        }
        drop(waiting);
        if let Err(error) = self.waker.wake() {
            tracing::error!(%error, "a media worker cannot be woken; its commands wait for its next packet");
        }
    }

    /// Takes all that waits; `into` is empty and gives its memory in exchange.
    pub(crate) fn take(&self, into: &mut VecDeque<WorkerCommand>) {
        let mut waiting = self.lock();
        waiting.woken = false;
        std::mem::swap(&mut waiting.commands, into);
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
