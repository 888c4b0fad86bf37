//! The way from the plane to a worker: bounded, ordered, and never waited for.
//!
//! To wake a thread costs more than most commands. So a worker is woken only while it sleeps: once it is up, it
//! looks again by itself for a while, and says under the queue's lock when it goes back to sleep.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mio::Waker;

use crate::command::{Negotiated, Record, SecureSession, SrtpKeys};
use crate::endpoint::Endpoint;
use crate::outlet::Outlet;
use crate::player::Prompt;
use crate::{EndpointId, Sound};

/// What a worker is told.
pub(crate) enum WorkerCommand {
    Adopt(Box<Endpoint>),
    Secure(EndpointId, Box<SecureSession>),
    Keys(EndpointId, Box<SrtpKeys>),
    Configure(EndpointId, Negotiated),
    Play {
        endpoint: EndpointId,
        play: u64,
        items: Vec<Sound>,
        repeat: bool,
    },
    /// A file is being read, to be played; what plays ends.
    Await {
        endpoint: EndpointId,
        play: u64,
    },
    /// The file has been read, or could not be.
    Loaded {
        endpoint: EndpointId,
        play: u64,
        prompt: Option<Arc<Prompt>>,
    },
    StopPlay(EndpointId),
    Record(EndpointId, Record),
    StopRecord(EndpointId),
    /// From now on the endpoint is heard by, and hears, the party behind the outlet.
    Link(EndpointId, Arc<Outlet>),
    Unlink(EndpointId),
    Close(EndpointId),
    Stop,
}

/// The queue of one worker. The plane and the disk push, only the worker takes.
pub(crate) struct CommandQueue {
    waiting: Mutex<Waiting>,
    waker: Waker,
    limit: usize,
}

#[derive(Default)]
struct Waiting {
    commands: VecDeque<WorkerCommand>,
    /// The worker looks here soon without being woken: it is on its way, at work, or sleeps for a moment only.
    awake: bool,
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

    /// Wakes the worker if something waits for it and it would not come by itself.
    pub(crate) fn wake(&self) {
        let mut waiting = self.lock();
        if waiting.commands.is_empty() || std::mem::replace(&mut waiting.awake, true) {
            return;
        }
        drop(waiting);
        if let Err(error) = self.waker.wake() {
            tracing::error!(%error, "a media worker cannot be woken; its commands wait for its next packet");
        }
    }

    /// Takes all that waits; `into` is empty and gives its memory in exchange. From now on nobody wakes the
    /// worker until it [goes to sleep](Self::sleep).
    pub(crate) fn take(&self, into: &mut VecDeque<WorkerCommand>) {
        let mut waiting = self.lock();
        waiting.awake = true;
        std::mem::swap(&mut waiting.commands, into);
    }

    /// The worker sleeps until it is woken: `false` if something waits, so that it must look first.
    pub(crate) fn sleep(&self) -> bool {
        let mut waiting = self.lock();
        waiting.awake = !waiting.commands.is_empty();
        !waiting.awake
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mio::{Events, Poll, Token};

    use super::*;

    fn queue() -> (Poll, CommandQueue) {
        let poll = Poll::new().unwrap();
        let waker = Waker::new(poll.registry(), Token(0)).unwrap();
        (poll, CommandQueue::new(waker, 8))
    }

    fn was_woken(poll: &mut Poll) -> bool {
        let mut events = Events::with_capacity(4);
        poll.poll(&mut events, Some(Duration::ZERO)).unwrap();
        !events.is_empty()
    }

    fn say(queue: &CommandQueue, id: u64) {
        queue.push(WorkerCommand::Unlink(EndpointId(id)));
        queue.wake();
    }

    #[test]
    fn a_worker_is_woken_once_for_all_that_comes_until_it_sleeps_again() {
        let (mut poll, queue) = queue();
        let mut taken = VecDeque::new();
        say(&queue, 1);
        assert!(was_woken(&mut poll));
        say(&queue, 2);
        assert!(!was_woken(&mut poll), "it is on its way");
        queue.take(&mut taken);
        assert_eq!(taken.drain(..).count(), 2);
        say(&queue, 3);
        assert!(!was_woken(&mut poll), "it looks again by itself");
        assert!(!queue.sleep(), "it may not sleep over what it was not woken for");
        queue.take(&mut taken);
        assert_eq!(taken.drain(..).count(), 1);
        assert!(queue.sleep());
        say(&queue, 4);
        assert!(was_woken(&mut poll));
    }

    #[test]
    fn what_waits_without_a_wake_is_taken_by_a_worker_that_comes_for_a_packet() {
        let (mut poll, queue) = queue();
        queue.push(WorkerCommand::Unlink(EndpointId(1)));
        let mut taken = VecDeque::new();
        queue.take(&mut taken);
        queue.wake();
        assert_eq!((taken.len(), was_woken(&mut poll)), (1, false));
    }

    #[test]
    fn no_command_is_slept_over_however_the_two_threads_cross() {
        const COMMANDS: u64 = 20_000;
        let (mut poll, queue) = queue();
        let queue = Arc::new(queue);
        let teller = Arc::clone(&queue);
        let thread = std::thread::spawn(move || {
            for id in 0..COMMANDS {
                say(&teller, id);
                // Lets the worker reach every point of its round.
                for _ in 0..id % 97 {
                    std::hint::spin_loop();
                }
            }
        });
        let mut events = Events::with_capacity(4);
        let (mut taken, mut next) = (VecDeque::new(), 0);
        while next < COMMANDS {
            if queue.sleep() {
                poll.poll(&mut events, Some(Duration::from_secs(60))).unwrap();
                assert!(!events.is_empty(), "slept over command {next}");
            }
            queue.take(&mut taken);
            for command in taken.drain(..) {
                assert!(matches!(command, WorkerCommand::Unlink(EndpointId(id)) if id == next));
                next += 1;
            }
        }
        thread.join().unwrap();
    }
}
