//! A queue's figures: sums of what its calls came to. What is added up in two parts is what it is in one.

use engine::QueueOutcome;

use super::Held;

/// A caller who hangs up sooner has abandoned too soon for anybody to have answered, milliseconds.
pub const SHORT_MS: u64 = 10_000;

/// A call's stay in a line, as figures are made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// How it ended.
    pub outcome: QueueOutcome,
    /// How long it was, milliseconds.
    pub waited_ms: u64,
    /// Whether it was the wait to be called back, after its caller had hung up: no call that came of its own.
    pub is_callback: bool,
    /// Whether it was answered within the threshold that was in force; none without one.
    pub in_time: Option<bool>,
    /// How long the agent's side lasted from her answer to its end, milliseconds; none if nobody answered.
    pub talked_ms: Option<u64>,
    /// What of that its caller was on hold.
    pub held: Held,
}

/// Sums over a queue's calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueFigures {
    /// Calls that entered, or tried to: each is counted below exactly once.
    pub offered: u64,
    /// An agent answered.
    pub answered: u64,
    /// The caller hung up.
    pub abandoned: u64,
    /// The longest wait passed.
    pub overflow_timeout: u64,
    /// The line was full.
    pub full: u64,
    /// Nobody was logged in and reachable.
    pub no_agents: u64,
    /// The queue was out of its hours.
    pub closed: u64,
    /// The queue was in night mode.
    pub night: u64,
    /// The caller pressed the key that leads out.
    pub exited: u64,
    /// The caller asked to be called back and hung up.
    pub callback_requested: u64,
    /// Taken out by somebody, or because the queue went away.
    pub removed: u64,
    /// Of the answered: within the threshold.
    pub answered_in_time: u64,
    /// Of the answered: those that had a threshold.
    pub answered_judged: u64,
    /// Of the abandoned: sooner than [`SHORT_MS`].
    pub abandoned_short: u64,
    /// Of the abandoned: later than the threshold.
    pub abandoned_late: u64,
    /// Of those who asked to be called back: they answered.
    pub callbacks_done: u64,
    /// Of them: not reached.
    pub callbacks_failed: u64,
    /// Of them: not called.
    pub callbacks_cancelled: u64,
    /// How long the answered waited, together.
    pub wait_ms: u64,
    /// The longest wait of any call.
    pub wait_max_ms: u64,
    /// How long agents were on calls of the queue, together.
    pub talk_ms: u64,
    /// How many such calls.
    pub talks: u64,
    /// How often callers were put on hold on them.
    pub holds: u64,
    /// How long together, milliseconds; it is part of the talk.
    pub hold_ms: u64,
    /// How long agents wrapped up, together.
    pub wrap_up_ms: u64,
    /// How often.
    pub wrap_ups: u64,
}

impl QueueFigures {
    /// Counts a stay. `threshold_ms` is how long an abandoned caller may have waited without being late; 0: none.
    pub fn add(&mut self, stay: &Stay, threshold_ms: u64) {
        self.holds += stay.held.count;
        self.hold_ms += stay.held.ms;
        if let Some(talked) = stay.talked_ms {
            self.talk_ms += talked;
            self.talks += 1;
        }
        if stay.is_callback {
            match stay.outcome {
                QueueOutcome::CallbackDone | QueueOutcome::Answered => self.callbacks_done += 1,
                QueueOutcome::CallbackFailed => self.callbacks_failed += 1,
                QueueOutcome::Abandoned
                | QueueOutcome::OverflowTimeout
                | QueueOutcome::Full
                | QueueOutcome::NoAgents
                | QueueOutcome::Removed
                | QueueOutcome::QueueGone
                | QueueOutcome::Closed
                | QueueOutcome::Night
                | QueueOutcome::Exited
                | QueueOutcome::CallbackRequested => self.callbacks_cancelled += 1,
            }
            return;
        }
        self.offered += 1;
        self.wait_max_ms = self.wait_max_ms.max(stay.waited_ms);
        match stay.outcome {
            QueueOutcome::Answered => {
                self.answered += 1;
                self.answered_in_time += u64::from(stay.in_time == Some(true));
                self.answered_judged += u64::from(stay.in_time.is_some());
                self.wait_ms += stay.waited_ms;
            }
            QueueOutcome::Abandoned => {
                self.abandoned += 1;
                self.abandoned_short += u64::from(stay.waited_ms < SHORT_MS);
                self.abandoned_late += u64::from(threshold_ms > 0 && stay.waited_ms > threshold_ms);
            }
            QueueOutcome::OverflowTimeout => self.overflow_timeout += 1,
            QueueOutcome::Full => self.full += 1,
            QueueOutcome::NoAgents => self.no_agents += 1,
            QueueOutcome::Closed => self.closed += 1,
            QueueOutcome::Night => self.night += 1,
            QueueOutcome::Exited => self.exited += 1,
            QueueOutcome::CallbackRequested => self.callback_requested += 1,
            // The last two end a callback only, and there is none without its wish.
            QueueOutcome::Removed
            | QueueOutcome::QueueGone
            | QueueOutcome::CallbackDone
            | QueueOutcome::CallbackFailed => self.removed += 1,
        }
    }

    /// Takes the figures of another interval, or of another queue, in: sums are added, the longest stays the longest.
    pub fn take_in(&mut self, other: &Self) {
        // Taken apart, so that a figure that comes is not forgotten here.
        let Self {
            offered,
            answered,
            abandoned,
            overflow_timeout,
            full,
            no_agents,
            closed,
            night,
            exited,
            callback_requested,
            removed,
            answered_in_time,
            answered_judged,
            abandoned_short,
            abandoned_late,
            callbacks_done,
            callbacks_failed,
            callbacks_cancelled,
            wait_ms,
            wait_max_ms,
            talk_ms,
            talks,
            holds,
            hold_ms,
            wrap_up_ms,
            wrap_ups,
        } = other;
        self.offered += offered;
        self.answered += answered;
        self.abandoned += abandoned;
        self.overflow_timeout += overflow_timeout;
        self.full += full;
        self.no_agents += no_agents;
        self.closed += closed;
        self.night += night;
        self.exited += exited;
        self.callback_requested += callback_requested;
        self.removed += removed;
        self.answered_in_time += answered_in_time;
        self.answered_judged += answered_judged;
        self.abandoned_short += abandoned_short;
        self.abandoned_late += abandoned_late;
        self.callbacks_done += callbacks_done;
        self.callbacks_failed += callbacks_failed;
        self.callbacks_cancelled += callbacks_cancelled;
        self.wait_ms += wait_ms;
        self.wait_max_ms = self.wait_max_ms.max(*wait_max_ms);
        self.talk_ms += talk_ms;
        self.talks += talks;
        self.holds += holds;
        self.hold_ms += hold_ms;
        self.wrap_up_ms += wrap_up_ms;
        self.wrap_ups += wrap_ups;
    }

    /// Counts a wrap-up.
    pub fn add_wrap_up(&mut self, ms: u64) {
        self.wrap_up_ms += ms;
        self.wrap_ups += 1;
    }

    /// All calls that left by a rule of the queue.
    #[must_use]
    pub const fn overflowed(&self) -> u64 {
        self.overflow_timeout + self.full + self.no_agents
    }

    /// All outcomes together, which is all that were offered.
    #[must_use]
    pub const fn accounted(&self) -> u64 {
        self.answered
            + self.abandoned
            + self.overflowed()
            + self.closed
            + self.night
            + self.exited
            + self.callback_requested
            + self.removed
    }

    /// The calls by which the service level is judged.
    #[must_use]
    pub const fn judged(&self) -> u64 {
        self.answered_judged + self.abandoned_late
    }
}
