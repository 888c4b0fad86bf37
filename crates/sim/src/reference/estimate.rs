//! The expected wait in the reference: the whole past of a queue, walked anew each time.

use std::time::Duration;

use engine::Engine;
use model::{QueueId, Timestamp};

use crate::reference::Reference;

/// How much of the mean the newest call makes.
const NEWEST: f64 = 0.125;

/// How far off an estimate may be, seconds: the engine reckons in whole microseconds and loses some at each call.
const TOLERANCE: f64 = 0.01;

impl Reference {
    /// A queue's call is over: it has occupied its agent from then on, and does so for her work after it.
    pub(crate) fn took(&mut self, queue: QueueId, since: Timestamp, work: u32) {
        let took = self.now.since(since) + Duration::from_secs(work.into());
        if let Some(line) = self.lines.get_mut(&queue) {
            line.took.push(took);
        }
    }

    /// What a caller who comes now must expect, seconds: each newer call pushes the mean of all before an eighth
    /// of the way; so long for each who stands before him and himself, by all whom callers may count on.
    fn expected_wait(&self, queue: QueueId) -> Option<f64> {
        let line = self.lines.get(&queue)?;
        let free = self.agents.values().any(|agent| agent.available(queue));
        if free && !line.entries.iter().any(|entry| self.is_open(line, entry)) {
            return Some(0.0);
        }
        let newer = |mean: f64, took: f64| mean + (took - mean) * NEWEST;
        let mean = line.took.iter().map(Duration::as_secs_f64).reduce(newer)?;
        let staff = self.agents.values().filter(|agent| agent.staffs(queue)).count();
        let (before, staff) = (u32::try_from(line.entries.len()).ok()?, u32::try_from(staff).ok()?);
        (staff > 0).then(|| mean * f64::from(before + 1) / f64::from(staff))
    }

    /// Whether a caller who comes now would wait too long: certainly, and perhaps. The queue's limit is in whole
    /// seconds, and so is what is held against it.
    pub(crate) fn waits_too_long(&self, queue: QueueId) -> (bool, bool) {
        let most = self.rules(queue).map_or(0, |rules| rules.max_expected_wait);
        let Some(wait) = self.expected_wait(queue).filter(|_| most > 0) else { return (false, false) };
        let too_long = f64::from(most) + 1.0;
        (wait >= too_long + TOLERANCE, wait >= too_long - TOLERANCE)
    }

    /// 44: the estimate that is shown is what the past says, and absent without one.
    pub(crate) fn check_estimates(&mut self, engine: &Engine) {
        let mut found = Vec::new();
        for queue in self.directory.queues.keys() {
            let theirs = engine.view().expected_wait(*queue).map(|wait| wait.as_secs_f64());
            let ours = self.expected_wait(*queue);
            let same = match (ours, theirs) {
                (Some(ours), Some(theirs)) => (ours - theirs).abs() <= TOLERANCE,
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            };
            if !same {
                found.push(format!("queue {queue}: the engine expects {theirs:?} s, the reference {ours:?}"));
            }
        }
        for what in found {
            self.broken("44", what);
        }
    }
}
