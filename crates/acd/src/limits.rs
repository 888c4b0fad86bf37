//! Named limits and the few settings that are no queue's.

use std::time::Duration;

/// Limits of one ACD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most calls in one line, whatever the queue says; beyond: full.
    pub queue_depth_max: u32,
    /// Most offers for one call before it is treated as unanswered.
    pub offers_per_call_max: u32,
    /// Most agents rung at once by ring-all.
    pub ring_all_max: u32,
    /// How long a login outlives the loss of the last device (domain 3.4).
    pub device_grace: Duration,
    /// Whether the login ends after that.
    pub logout_on_unregister: bool,
    /// After what wait the head of a line goes before the weights of other queues, so that nobody starves.
    pub starves_after: Duration,
    /// How long a caller who chose to be called back keeps his place (PS: 0–6 hours).
    pub callback_max: Duration,
    /// Most members of a queue whose decisions name every one of them; beyond, the others are counted.
    pub names_recorded: usize,
    /// How many candidates the decisions of a larger queue name.
    pub candidates_recorded: usize,
    /// How many decisions each queue keeps to say why somebody got no call.
    pub decisions_kept: usize,
    /// The rule that a test breaks on purpose.
    #[cfg(feature = "broken")]
    pub broken: Option<crate::broken::Broken>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            queue_depth_max: 10_000,
            offers_per_call_max: 1_000,
            ring_all_max: 100,
            device_grace: Duration::from_secs(60),
            logout_on_unregister: true,
            starves_after: Duration::from_secs(180),
            callback_max: Duration::from_secs(6 * 3600),
            names_recorded: 64,
            candidates_recorded: 16,
            decisions_kept: 4,
            #[cfg(feature = "broken")]
            broken: None,
        }
    }
}
