//! A synthetic load on the routing core: callers at random, in virtual time.
//!
//! The core is [`acd::Acd`] itself, with the queues, agents and skills of a [`Directory`]; nothing of its rules is
//! written here a second time. Calls arrive as a Poisson process; each draws its source, its handling time and its
//! patience when it arrives, in this order and from generators of its own, so that the same seed brings the same
//! callers under any provisioning.
//!
//! * An agent who is offered a call answers after the ring delay, at once if it is 0, and is taken up from the
//!   offer on. A caller may give up until he is answered, while an agent is being rung too.
//! * The handling time is all of what a call costs the agent: wrap-up is part of it, and no other follows.
//! * [`Room::None`]: the core has no line without room (0 callers means no limit there), so the caller is taken out
//!   of the line in the same instant unless an agent was offered to him: nobody ever waits.
//! * What a queue's rules send to another queue goes there, with the wait going on; whoever leaves the last line
//!   otherwise has overflowed.

mod caller;
mod tally;
mod world;

use model::{Directory, ExtensionNumber, Queue, QueueId};

pub use tally::{AgentTally, Results, Share, Summary, Tally, summarise};

/// Most calls of one replication.
pub const CALLS_MAX: u32 = 10_000_000;
/// Share of the calls that only fill the system: one in so many.
const WARM_UP: u32 = 10;

/// What comes in, and who is there.
#[derive(Clone, Debug)]
pub struct Load {
    /// Queues, agents, skills. All agents of all queues are logged in and ready.
    pub directory: Directory,
    /// Where calls come from; at least one.
    pub sources: Vec<Source>,
    /// How many calls come in one replication, the warm-up included: its first tenth.
    pub calls: u32,
    /// How long an agent is rung before she answers, seconds.
    pub ring_delay: f64,
    /// Within which wait an answer is in time, seconds.
    pub threshold: f64,
    /// Everything follows from it.
    pub seed: u64,
}

/// A stream of calls into one queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The queue.
    pub queue: QueueId,
    /// How many come on average, above 0.
    pub calls_per_hour: f64,
    /// Mean handling time with wrap-up, seconds, above 0.
    pub aht: f64,
    /// Mean patience, seconds, above 0; none: nobody ever gives up.
    pub patience: Option<f64>,
    /// Priority in every line, 0–9.
    pub priority: u8,
    /// Whether callers may wait.
    pub room: Room,
}

/// How many callers may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// As many as the queue's own rules say.
    AsProvisioned,
    /// Nobody.
    None,
}

/// Why a load cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// No source, a source of an unknown queue, or a number that is not what it must be.
    OutOfRange,
    /// More calls than [`CALLS_MAX`].
    TooManyCalls,
    /// The ring delay is not shorter than the ring time of this queue: nobody would ever answer.
    RingsOut(ExtensionNumber),
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OutOfRange => {
                f.write_str("there is a queue, and calls, handling time and patience are above 0")
            }
            Self::TooManyCalls => write!(f, "a replication has at most {CALLS_MAX} calls"),
            Self::RingsOut(queue) => {
                write!(f, "the ring delay is not below the ring time of queue {queue}: every offer rings out")
            }
        }
    }
}

impl Load {
    /// Checks the numbers, and sets the queues' rules to those of a load: agents are ready again after each call.
    ///
    /// # Errors
    /// [`LoadError`].
    pub fn prepare(mut self) -> Result<Prepared, LoadError> {
        let fine = |number: f64| number.is_finite() && number > 0.0;
        let source_fine = |source: &Source| {
            fine(source.calls_per_hour)
                && fine(source.aht)
                && source.patience.is_none_or(fine)
                && self.directory.queues.contains_key(&source.queue)
        };
        let delay_fine = self.ring_delay.is_finite() && self.ring_delay >= 0.0;
        if self.sources.is_empty() || !self.sources.iter().all(source_fine) || !delay_fine {
            return Err(LoadError::OutOfRange);
        }
        if self.calls > CALLS_MAX || self.calls == 0 {
            return Err(LoadError::TooManyCalls);
        }
        let rings_out = |queue: &&Queue| self.ring_delay >= f64::from(queue.ring_time.max(1));
        if let Some(queue) = self.directory.queues.values().find(rings_out) {
            return Err(LoadError::RingsOut(queue.number.clone()));
        }
        for queue in self.directory.queues.values_mut() {
            (queue.auto_ready, queue.wrap_up_time) = (true, 0);
        }
        self.directory.memberships.values_mut().for_each(|member| member.wrap_up_time = None);
        Ok(Prepared(self))
    }
}

/// A load that can be run.
#[derive(Clone, Debug)]
pub struct Prepared(Load);

impl Prepared {
    /// What is run.
    #[must_use]
    pub const fn load(&self) -> &Load {
        &self.0
    }

    /// Runs replication number `index`; each is independent of all others, so they may run side by side.
    #[must_use]
    pub fn replication(&self, index: u32) -> Tally {
        world::run(&self.0, index)
    }

    /// The callers of replication `index` as they are drawn: when each comes, how long it keeps an agent, when it
    /// gives up; microseconds. For those who want to serve them otherwise.
    #[must_use]
    pub fn callers(&self, index: u32) -> Vec<(i64, i64, Option<i64>)> {
        let mut callers = caller::Callers::new(&self.0, index);
        (0..self.0.calls)
            .map(|_| callers.next())
            .map(|drawn| (drawn.at.0, drawn.handling, drawn.gives_up_at.map(|at| at.0)))
            .collect()
    }
}
