//! The certificate that the server gets itself (ACME, RFC 8555), and renews when two thirds of its time are over.
//!
//! An authority is asked for it ([`order`]), comes to this server by HTTP to see that the names are ours
//! ([`challenges`]), and what it gives is kept in the data directory ([`kept`]), so that a restart asks for nothing.
//! What fails is tried again after pauses that grow and outlive a restart: authorities count, and shut out who asks
//! too often. Until there is a certificate handshakes are refused; a new one is for new connections, as with files.

mod authority;
mod challenges;
mod failure;
mod kept;
mod order;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use outbound::http::Client;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

pub(crate) use self::authority::roots;
pub(crate) use self::challenges::{Challenges, listener_router, router};
pub(crate) use self::failure::Failure;
pub(crate) use self::kept::{Kept, KeptFailure};
use self::order::Ordering;
use crate::settings::{AcmeSettings, Settings};
use crate::tls::{self, Certificate, Tls, day};

/// How often and for how long an authority is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// How long a request may take, from the name to the last byte of the answer.
    pub(crate) request_max: Duration,
    /// How long the authority may take to look at the challenges, and then to make the certificate.
    pub(crate) poll_max: Duration,
    /// The first pause between two looks at how far it is.
    pub(crate) poll_first: Duration,
    /// How long all of a try may take.
    pub(crate) try_max: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            request_max: Duration::from_secs(30),
            poll_max: Duration::from_secs(90),
            poll_first: Duration::from_millis(500),
            try_max: Duration::from_secs(300),
        }
    }
}

/// The pause, in seconds, after a first try that the authority has refused; it doubles. Let's Encrypt shuts out who
/// fails for a name five times in an hour.
const REFUSED_PAUSE: i64 = 900;
/// The same after one that it knows nothing of, since it was not reached.
const UNREACHED_PAUSE: i64 = 60;
/// The longest pause of our own, seconds.
const PAUSE_MAX: i64 = 6 * 3_600;
/// The longest that an authority may ask for, seconds.
const RETRY_AFTER_MAX: i64 = 7 * 86_400;
/// No two certificates within so many seconds, whatever the first one's time is.
const RENEWED_MIN: i64 = 3_600;
/// The longest sleep: the clock may have been set.
const SLEEP_MAX: Duration = Duration::from_secs(600);

/// Gets the certificate, and keeps it new.
pub(crate) struct Acme {
    ordering: Ordering,
    tls: Arc<Tls>,
    challenges: Arc<Challenges>,
    /// What was tried last, if it failed.
    failed: Mutex<Option<KeptFailure>>,
    /// When the certificate in use came, if it did since the start; seconds since the epoch.
    came: Mutex<Option<i64>>,
    asked: Notify,
}

/// What is kept of an authority: for who looks without asking it.
pub(crate) struct Standing {
    /// The certificate, if there is one that can be used.
    pub(crate) certificate: Option<Certificate>,
    /// The last try, if it failed.
    pub(crate) failed: Option<KeptFailure>,
}

/// What is kept for these settings at `now`, if the server gets its certificate itself.
///
/// # Errors
/// When `acme.ca` cannot be used.
pub(crate) fn standing(settings: &Settings, now: i64) -> Result<Option<Standing>> {
    if settings.acme.domains.is_empty() {
        return Ok(None);
    }
    settings.acme.ca.as_deref().map(roots).transpose()?;
    let kept = Kept::of(settings);
    let failed = kept.failure(&settings.acme.domains);
    Ok(Some(Standing { certificate: kept.certificate(&settings.acme.domains, now).ok().flatten(), failed }))
}

impl Acme {
    /// Takes what is kept into use; the authority is not asked yet. None: the server does not get its certificate itself.
    ///
    /// # Errors
    /// When `acme.ca` cannot be used, or nothing can be kept.
    pub(crate) fn open(settings: &Settings, tls: Option<&Arc<Tls>>, pace: Pace) -> Result<Option<Arc<Self>>> {
        let (Some(tls), false) = (tls, settings.acme.domains.is_empty()) else { return Ok(None) };
        let acme = settings.acme.clone();
        let client = client(settings)?;
        let (kept, now) = (Kept::of(settings), tls::now());
        kept.prepare().with_context(|| format!("{} cannot be made", kept.folder().display()))?;
        match kept.certificate(&acme.domains, now) {
            Ok(Some(certificate)) => tls.take(certificate),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "the certificate that was kept is of no use; another is asked for")
            }
        }
        let failed = kept.failure(&acme.domains);
        let challenges = Arc::new(Challenges::default());
        let ordering = Ordering { acme, client, kept, challenges: challenges.clone(), pace };
        let acme = Self {
            ordering,
            tls: tls.clone(),
            challenges,
            failed: Mutex::new(failed),
            came: Mutex::new(None),
            asked: Notify::new(),
        };
        acme.tell_standing(now);
        Ok(Some(Arc::new(acme)))
    }

    /// What answers the authority.
    pub(crate) fn challenges(&self) -> Arc<Challenges> {
        self.challenges.clone()
    }

    /// Somebody has mended something: what failed is tried again at once.
    pub(crate) fn try_now(&self) {
        self.asked.notify_one();
    }

    /// Asks when it is time to, for ever.
    pub(crate) async fn run(self: Arc<Self>) {
        loop {
            let now = tls::now();
            let wait = u64::try_from(self.due(now).saturating_sub(now)).unwrap_or(0);
            if wait == 0 {
                self.try_once(now).await;
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(SLEEP_MAX.min(Duration::from_secs(wait))) => {}
                () = self.asked.notified() => if self.has_failed() { self.try_once(tls::now()).await },
            }
        }
    }

    /// When the authority is to be asked next, seconds since the epoch; not after `now`: at once.
    fn due(&self, now: i64) -> i64 {
        if let Some(failed) = locked(&self.failed).as_ref() {
            // No pause is that long: the clock was set back.
            let set_back = failed.next > now.saturating_add(RETRY_AFTER_MAX);
            return if set_back { i64::MIN } else { failed.next };
        }
        let came = locked(&self.came).filter(|came| *came <= now);
        let came = came.map_or(i64::MIN, |came| came.saturating_add(RENEWED_MIN));
        self.tls.current().map_or(i64::MIN, |certificate| renewal(&certificate)).max(came)
    }

    fn has_failed(&self) -> bool {
        locked(&self.failed).is_some()
    }

    /// Asks once, and takes what comes.
    async fn try_once(&self, now: i64) {
        let begun = Instant::now();
        let names = self.ordering.acme.domains.join(", ");
        tracing::info!(names, directory = self.ordering.acme.directory, "a TLS certificate is asked for");
        // On a task of its own: an answer that the client's library breaks on ends this try and nothing else.
        let mut trying = JoinSet::new();
        let ordering = self.ordering.clone();
        trying.spawn(async move { ordering.certificate(now).await });
        let limit = self.ordering.pace.try_max;
        let came = match timeout(limit, trying.join_next()).await {
            Ok(Some(Ok(came))) => came,
            Ok(Some(Err(_)) | None) => Err(Failure::not_understood()),
            Err(_late) => Err(Failure::late(limit)),
        };
        // What it has laid out is gone before the next one begins.
        trying.shutdown().await;
        let now = later(now, begun);
        match came {
            Ok(certificate) => self.succeeded(certificate, now),
            Err(failure) => self.has_failed_by(&failure, now),
        }
    }

    fn succeeded(&self, certificate: Certificate, now: i64) {
        let (until, renewed) = (day(certificate.until), day(renewal(&certificate)));
        let names = certificate.names.join(", ");
        self.tls.take(certificate);
        *locked(&self.came) = Some(now);
        *locked(&self.failed) = None;
        self.ordering.kept.forget_failure();
        metrics::gauge!("cordboard_acme_failures").set(0.0);
        tracing::info!(names, until, renewed, "a new TLS certificate has come and is in use");
    }

    fn has_failed_by(&self, failure: &Failure, now: i64) {
        let tries = locked(&self.failed).as_ref().map_or(0, |failed| failed.tries).saturating_add(1);
        let next = now.saturating_add(pause(failure, tries));
        let domains = self.ordering.acme.domains.clone();
        let failed =
            KeptFailure { domains, tries, next, what: failure.what.clone(), mend: failure.mend.into() };
        metrics::gauge!("cordboard_acme_failures").set(f64::from(tries));
        let names = failed.domains.join(", ");
        let meanwhile = self.meanwhile();
        tracing::error!(
            names,
            tries,
            why = failed.what,
            mend = failed.mend,
            next = day(next),
            meanwhile,
            "no TLS certificate came; SIGHUP tries again at once"
        );
        self.ordering.kept.keep_failure(&failed);
        *locked(&self.failed) = Some(failed);
    }

    fn meanwhile(&self) -> String {
        match self.tls.current() {
            Some(current) => format!("the one in use is good until {}", day(current.until)),
            None => "https and SIP over TLS refuse handshakes".to_owned(),
        }
    }

    fn tell_standing(&self, now: i64) {
        let tries = locked(&self.failed).as_ref().map_or(0, |failed| failed.tries);
        metrics::gauge!("cordboard_acme_failures").set(f64::from(tries));
        if self.tls.current().is_some() {
            return;
        }
        let names = self.ordering.acme.domains.join(", ");
        let next = if self.due(now) > now { day(self.due(now)) } else { "now".to_owned() };
        tracing::warn!(
            names,
            next,
            "there is no TLS certificate yet: https and SIP over TLS refuse handshakes until it has come"
        );
    }
}

/// By what the authority is asked: whoever it trusts, and at any address that the operator has named it by.
fn client(settings: &Settings) -> Result<Client> {
    let allowed = settings.outbound_allow.clone();
    let client = match settings.acme.ca.as_deref() {
        Some(file) => Client::with_roots(roots(file)?, allowed),
        None => Client::new(allowed),
    };
    let client = client.map_err(|error| anyhow::anyhow!("TLS cannot be used: {error}"))?;
    Ok(client.trusting(&settings.acme.directory))
}

/// What the clock says, if it said `now` then.
fn later(now: i64, then: Instant) -> i64 {
    now.saturating_add(i64::try_from(then.elapsed().as_secs()).unwrap_or(i64::MAX))
}

/// How long to wait after so many tries that failed, the last by `failure`; seconds.
fn pause(failure: &Failure, tries: u32) -> i64 {
    let first = if failure.was_counted { REFUSED_PAUSE } else { UNREACHED_PAUSE };
    let doubled = first.saturating_mul(1_i64 << tries.saturating_sub(1).min(16)).min(PAUSE_MAX);
    // Not all who failed at the same moment come back at the same moment.
    let own = doubled + rand::random_range(0..=doubled / 8);
    let asked = failure.retry_after.map_or(0, |after| i64::try_from(after.as_secs()).unwrap_or(i64::MAX));
    own.max(asked.min(RETRY_AFTER_MAX))
}

/// When a certificate is to be renewed: when two thirds of its time are over, and by its own chance up to a thirtieth
/// sooner. The chance is the certificate's, so that a restart does not throw it again.
fn renewal(certificate: &Certificate) -> i64 {
    let life = certificate.until.saturating_sub(certificate.from).max(0);
    let sooner = i64::from(certificate.chance) * (life / 30) / i64::from(u8::MAX);
    certificate.from + life / 3 * 2 - sooner
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl AcmeSettings {
    /// Who the authority may write to, as it wants it (RFC 8555 section 7.3).
    fn contacts(&self) -> Vec<String> {
        self.contact.iter().map(|address| format!("mailto:{address}")).collect()
    }
}
