//! The time by which retries go: the process's clock, or that of a test.

use std::future::Future;
use std::time::Duration;

use model::Timestamp;
use switch::Clock;

/// The longest sleep.
const SLEEP_MAX: Duration = Duration::from_secs(600);

/// A clock, and a way to wait for it.
pub(crate) trait Time: Clone + Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Until this moment, or somewhat earlier.
    fn until(&self, at: Timestamp) -> impl Future<Output = ()> + Send;
}

impl Time for Clock {
    fn now(&self) -> Timestamp {
        Clock::now(self)
    }

    async fn until(&self, at: Timestamp) {
        tokio::time::sleep(at.since(self.now()).min(SLEEP_MAX)).await;
    }
}
