//! Queues as they are shown. Nothing here changes by the clock alone.

use engine::{QueueCounters, QueueOutcome, QueueView};
use model::Strategy;
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::seconds_of_ms;

/// Who is offered a call first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StrategyWord {
    /// Whoever has been without a call for longest.
    LongestIdle,
    /// Everybody at once.
    RingAll,
    /// In the members' order, from the top each time.
    Linear,
    /// Whoever has not been rung for longest.
    Cyclic,
    /// Whoever has answered the fewest calls of this queue today.
    LeastWorked,
    /// The first tier, then each ring time the next tier as well.
    LinearCascade,
    /// Whoever has been without a call for longest in the lowest tier.
    TieredLongestIdle,
    /// Anybody.
    Random,
    /// The best skilled, in the members' order.
    SkillLinear,
    /// The best skilled, whoever has not been rung for longest.
    SkillCyclic,
    /// The best skilled, whoever has answered the fewest.
    SkillLeastWorked,
}

impl From<Strategy> for StrategyWord {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::LongestIdle => Self::LongestIdle,
            Strategy::RingAll => Self::RingAll,
            Strategy::Linear => Self::Linear,
            Strategy::Cyclic => Self::Cyclic,
            Strategy::LeastWorked => Self::LeastWorked,
            Strategy::LinearCascade => Self::LinearCascade,
            Strategy::TieredLongestIdle => Self::TieredLongestIdle,
            Strategy::Random => Self::Random,
            Strategy::SkillLinear => Self::SkillLinear,
            Strategy::SkillCyclic => Self::SkillCyclic,
            Strategy::SkillLeastWorked => Self::SkillLeastWorked,
        }
    }
}

/// How a call's stay in a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeWord {
    /// An agent answered.
    Answered,
    /// The caller hung up.
    Abandoned,
    /// The longest wait passed.
    OverflowTimeout,
    /// The line was full on arrival.
    Full,
    /// Nobody was logged in and reachable.
    NoAgents,
    /// Taken out by somebody.
    Removed,
    /// The queue went away under it.
    QueueGone,
    /// The queue was out of its hours, or on a holiday, on arrival.
    Closed,
    /// The queue was in night mode on arrival.
    Night,
    /// The caller pressed the key that leads out of the line.
    Exited,
    /// The caller asked to be called back and hung up.
    CallbackRequested,
    /// He was called back and answered.
    CallbackDone,
    /// He was to be called back and was not reached.
    CallbackFailed,
}

impl From<QueueOutcome> for OutcomeWord {
    fn from(outcome: QueueOutcome) -> Self {
        match outcome {
            QueueOutcome::Answered => Self::Answered,
            QueueOutcome::Abandoned => Self::Abandoned,
            QueueOutcome::OverflowTimeout => Self::OverflowTimeout,
            QueueOutcome::Full => Self::Full,
            QueueOutcome::NoAgents => Self::NoAgents,
            QueueOutcome::Removed => Self::Removed,
            QueueOutcome::QueueGone => Self::QueueGone,
            QueueOutcome::Closed => Self::Closed,
            QueueOutcome::Night => Self::Night,
            QueueOutcome::Exited => Self::Exited,
            QueueOutcome::CallbackRequested => Self::CallbackRequested,
            QueueOutcome::CallbackDone => Self::CallbackDone,
            QueueOutcome::CallbackFailed => Self::CallbackFailed,
        }
    }
}

/// One queue.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct QueueItem {
    /// Its id, which never changes.
    #[schema(example = "1")]
    pub id: String,
    /// The extension that reaches it.
    #[schema(example = "8000")]
    pub number: String,
    /// Its name.
    #[schema(example = "Support")]
    pub name: String,
    /// Who is offered a call first.
    pub strategy: StrategyWord,
    /// How many wait on the line, those being offered to somebody included.
    pub waiting: u32,
    /// How many have hung up and are to be called back.
    pub callbacks: u32,
    /// Whether its own night mode is on. The domain's is the domain's.
    pub night_mode: bool,
    /// What it has done since the server started.
    #[serde(flatten)]
    pub counters: CountersItem,
}

/// What a queue has done since the server started. Always
/// `offered = answered + abandoned + overflowed + closed + night + exited + callback_requested + removed + waiting`, and
/// `callback_requested = callbacks_done + callbacks_failed + callbacks_cancelled + callbacks`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CountersItem {
    /// Calls that entered, or tried to.
    pub offered: u64,
    /// Answered by an agent.
    pub answered: u64,
    /// Answered within the threshold.
    pub answered_in_time: u64,
    /// The caller hung up before an agent answered.
    pub abandoned: u64,
    /// Of the abandoned: later than the threshold.
    pub abandoned_late: u64,
    /// Left by a rule of the queue: the wait was too long, the line full, or nobody there.
    pub overflowed: u64,
    /// Of the overflowed: the wait was too long.
    pub overflow_timeout: u64,
    /// Of the overflowed: the line was full.
    pub full: u64,
    /// Of the overflowed: nobody was logged in and reachable.
    pub no_agents: u64,
    /// Not let in because the queue was out of its hours, or on a holiday.
    pub closed: u64,
    /// Not let in because the queue was in night mode.
    pub night: u64,
    /// The caller pressed the key that leads out of the line.
    pub exited: u64,
    /// The caller asked to be called back and hung up.
    pub callback_requested: u64,
    /// Of them: called back, and they answered.
    pub callbacks_done: u64,
    /// Of them: not reached.
    pub callbacks_failed: u64,
    /// Of them: not called, because they called again or somebody took them out.
    pub callbacks_cancelled: u64,
    /// Taken out by somebody, or because the queue went away.
    pub removed: u64,
    /// Seconds that the answered calls waited, together.
    pub wait_time: f64,
    /// Seconds talked on queue calls that are over, together.
    pub talk_time: f64,
    /// Of the answered: those whose wait could be estimated when they came.
    pub estimated: u64,
    /// Seconds that their waits differed from the estimate, longer or shorter, together.
    pub estimate_error: f64,
    /// Of them: those who waited longer than estimated.
    pub estimate_exceeded: u64,
}

impl CountersItem {
    pub(crate) fn new(counters: &QueueCounters) -> Self {
        let left = |outcome| counters.left.get(&outcome).copied().unwrap_or_default();
        let (overflow_timeout, full, no_agents) =
            (left(QueueOutcome::OverflowTimeout), left(QueueOutcome::Full), left(QueueOutcome::NoAgents));
        Self {
            offered: counters.offered,
            answered: counters.answered,
            answered_in_time: counters.answered_in_time,
            abandoned: left(QueueOutcome::Abandoned),
            abandoned_late: counters.abandoned_late,
            overflowed: overflow_timeout + full + no_agents,
            overflow_timeout,
            full,
            no_agents,
            closed: left(QueueOutcome::Closed),
            night: left(QueueOutcome::Night),
            exited: left(QueueOutcome::Exited),
            callback_requested: left(QueueOutcome::CallbackRequested),
            callbacks_done: counters.callbacks_done,
            callbacks_failed: counters.callbacks_failed,
            callbacks_cancelled: counters.callbacks_cancelled,
            removed: left(QueueOutcome::Removed) + left(QueueOutcome::QueueGone),
            wait_time: seconds_of_ms(counters.wait_ms),
            talk_time: seconds_of_ms(counters.talk_ms),
            estimated: counters.estimated,
            estimate_error: seconds_of_ms(counters.estimate_error_ms),
            estimate_exceeded: counters.estimate_exceeded,
        }
    }

    /// Those of the offered that are out of the line again.
    pub(crate) const fn accounted(&self) -> u64 {
        self.answered
            + self.abandoned
            + self.overflowed
            + self.closed
            + self.night
            + self.exited
            + self.callback_requested
            + self.removed
    }
}

impl QueueItem {
    pub(crate) fn new(view: &QueueView) -> Self {
        Self {
            id: view.queue.to_string(),
            number: view.number.to_string(),
            name: view.name.clone(),
            strategy: view.strategy.into(),
            waiting: view.waiting,
            callbacks: view.callbacks,
            night_mode: view.night_mode,
            counters: CountersItem::new(&view.counters),
        }
    }
}
