//! What one domain may use of the interface: requests of a second by a bucket that fills up again, and open sockets.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use model::{Counted, DomainLimits, TenantId};
use switch::AskError;

use crate::problem::{Problem, ProblemKind};
use crate::seen::Switch;

/// How long limits are taken for what they are before the switch is asked again.
const KNOWN_FOR: Duration = Duration::from_secs(1);

/// The buckets of all domains: at most as many as there are domains.
#[derive(Default)]
pub(crate) struct Budgets(Mutex<HashMap<TenantId, Bucket>>);

struct Bucket {
    limits: DomainLimits,
    known_at: Instant,
    /// Requests that may come at once.
    left: f64,
    filled_at: Instant,
}

impl Bucket {
    fn new(limits: DomainLimits, now: Instant) -> Self {
        Self { limits, known_at: now, left: f64::from(rate(&limits).unwrap_or_default()), filled_at: now }
    }

    /// Takes one request; seconds to wait if there is none left. A full bucket is what one second brings.
    fn take(&mut self, now: Instant) -> Result<(), u64> {
        let Some(rate) = rate(&self.limits) else { return Ok(()) };
        let since = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.left = since.mul_add(f64::from(rate), self.left).min(f64::from(rate));
        self.filled_at = now;
        if self.left >= 1.0 {
            self.left -= 1.0;
            return Ok(());
        }
        // At one a second and more the next is there within a second.
        Err(1)
    }
}

const fn rate(limits: &DomainLimits) -> Option<u32> {
    limits.of(Counted::RequestsPerSecond)
}

impl Budgets {
    /// Counts a request of this domain.
    pub(crate) async fn request(&self, switch: &Switch, tenant: TenantId) -> Result<(), Problem> {
        let limits = self.limits(switch, tenant).await;
        if rate(&limits).is_none() {
            return Ok(());
        }
        let now = Instant::now();
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(tenant).or_insert_with(|| Bucket::new(limits, now));
        bucket.take(now).map_err(|seconds| {
            let most = rate(&limits).unwrap_or_default();
            let detail = format!("the domain may make {most} requests a second");
            Problem::new(ProblemKind::TooManyRequests, detail).retry_after(seconds)
        })
    }

    /// The limits of a domain, as the switch has them, or had them a moment ago.
    pub(crate) async fn limits(&self, switch: &Switch, tenant: TenantId) -> DomainLimits {
        let now = Instant::now();
        let known = |bucket: &Bucket| now.saturating_duration_since(bucket.known_at) < KNOWN_FOR;
        let fresh = {
            let buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            buckets.get(&tenant).filter(|bucket| known(bucket)).map(|bucket| bucket.limits)
        };
        if let Some(limits) = fresh {
            return limits;
        }
        let asked = switch.whole().provisioned(tenant).await.map(|directory| directory.limits);
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match asked {
            Ok(limits) => {
                let bucket = buckets.entry(tenant).or_insert_with(|| Bucket::new(limits, now));
                (bucket.limits, bucket.known_at) = (limits, now);
                limits
            }
            // There is no such domain any more, or none yet.
            Err(AskError::UnknownDomain) => {
                buckets.remove(&tenant);
                DomainLimits::default()
            }
            // Whoever asks is told so by her own question.
            Err(AskError::Busy | AskError::Stopped) => {
                buckets.get(&tenant).map(|bucket| bucket.limits).unwrap_or_default()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_what_a_second_brings_and_fills_up_again() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let limits = DomainLimits::default().with(Counted::RequestsPerSecond, Some(4));
        let mut bucket = Bucket::new(limits, start);
        let taken = |bucket: &mut Bucket, ms| (0..10).filter(|_| bucket.take(at(ms)).is_ok()).count();
        assert_eq!(taken(&mut bucket, 0), 4);
        assert_eq!(bucket.take(at(0)), Err(1));
        assert_eq!(taken(&mut bucket, 500), 2);
        assert_eq!(taken(&mut bucket, 60_000), 4, "a long rest brings no more than a second");
        bucket.limits = DomainLimits::default();
        assert_eq!(taken(&mut bucket, 60_000), 10);
    }
}
