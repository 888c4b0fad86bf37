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
    /// How long an agent whose phone was busy is not offered a call (FS).
    pub busy_delay: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            queue_depth_max: 10_000,
            offers_per_call_max: 1_000,
            ring_all_max: 100,
            device_grace: Duration::from_secs(60),
            logout_on_unregister: true,
            busy_delay: Duration::from_secs(60),
        }
    }
}
