//! What every handler has at hand.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switch::{Clock, Handle, Recordings};
use tokio::sync::{Semaphore, broadcast};
use utoipa::openapi::OpenApi;

use crate::auth::handover::Handovers;
use crate::auth::rights::OperationRights;
use crate::auth::throttle::Throttle;
use crate::budget::Budgets;
use crate::guests::Tickets;
use crate::live::relay::Relays;
use crate::live::rendered::Rendered;
use crate::live::seats::Seats;
use crate::page::shape::Lists;
use crate::phones::ENDED_MAX;
use crate::prompts::Prompts;
use crate::provisioning::Provisioner;
use crate::seen::Switch;
use crate::setup::Setup;
use crate::sso::SingleSignOn;
use crate::storage::Storage;
use crate::talks::Talks;
use crate::trunks::TrunkTests;
use crate::webhooks::Webhooks;

/// Named limits of the interface.
#[derive(Clone, Debug)]
pub struct ApiLimits {
    /// Most bytes of a body.
    pub body_bytes_max: usize,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// Most bytes of a provisioning file.
    pub provisioning_bytes_max: usize,
    /// Provisioning files being applied at once.
    pub provisioning_max: usize,
    /// Most bytes of a sound that is uploaded.
    pub sound_bytes_max: usize,
    /// How long a sound may take to arrive.
    pub sound_timeout: Duration,
    /// Sounds on their way at once.
    pub uploads_max: usize,
    /// How long a login lasts.
    pub token_lifetime: Duration,
    /// Passwords being checked at once: each costs a good part of a core.
    pub password_checks_max: usize,
    /// Logins waiting for their turn; beyond: busy.
    pub password_checks_waiting_max: usize,
    /// Accounts and addresses remembered by the throttle, for each of its tables.
    pub throttle_entries_max: usize,
    /// Most event sockets.
    pub sockets_max: usize,
    /// Most event sockets of one login.
    pub sockets_per_login_max: usize,
    /// How often a socket is pinged and its login looked at again.
    pub ping_interval: Duration,
    /// How long a socket may be silent before it is closed.
    pub silence_max: Duration,
    /// How long one message may take to be taken off our hands.
    pub send_timeout: Duration,
    /// Batches of events (each of one to 64) that one who follows a domain may be behind before she starts over.
    pub events_behind_max: usize,
    /// Event messages kept as text, for all sockets that have yet to send them.
    pub rendered_messages_max: usize,
}

impl Default for ApiLimits {
    fn default() -> Self {
        Self {
            body_bytes_max: 64 * 1024,
            body_timeout: Duration::from_secs(30),
            provisioning_bytes_max: store::provisioning::limits::FILE_BYTES_MAX,
            provisioning_max: 1,
            // As much as the conversion takes.
            sound_bytes_max: 20 << 20,
            sound_timeout: Duration::from_secs(300),
            uploads_max: 4,
            token_lifetime: Duration::from_secs(12 * 3_600),
            password_checks_max: 2,
            password_checks_waiting_max: 32,
            throttle_entries_max: 10_000,
            sockets_max: 1_000,
            sockets_per_login_max: 20,
            ping_interval: Duration::from_secs(20),
            silence_max: Duration::from_secs(60),
            send_timeout: Duration::from_secs(20),
            events_behind_max: 1_024,
            rendered_messages_max: 256,
        }
    }
}

/// Whether the server takes calls, and if not, why.
#[derive(Clone, Debug)]
pub struct Readiness(Arc<Mutex<BTreeSet<String>>>);

impl Default for Readiness {
    /// Not ready: `starting`.
    fn default() -> Self {
        Self(Arc::new(Mutex::new(BTreeSet::from(["starting".to_owned()]))))
    }
}

impl Readiness {
    /// Takes calls from now on.
    pub fn ready(&self) {
        self.lock().clear();
    }

    /// Takes no calls from now on, for this reason too: `draining`, `the disk is full` …
    pub fn not_ready(&self, reason: impl Into<String>) {
        self.lock().insert(reason.into());
    }

    /// This reason holds no more.
    pub fn settled(&self, reason: &str) {
        self.lock().remove(reason);
    }

    /// Why it takes no calls; empty if it does.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        self.lock().iter().cloned().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the router is made of; whoever starts the server fills it in.
#[derive(Clone)]
pub struct AppState {
    /// The way to the engines.
    pub switch: Handle,
    /// Where recordings lie.
    pub recordings: Recordings,
    /// Keeps recordings of talks.
    pub talks: Arc<dyn Talks>,
    /// What is kept.
    pub storage: Arc<dyn Storage>,
    /// Applies provisioning files.
    pub provisioner: Arc<dyn Provisioner>,
    /// Keeps the domains' prompts.
    pub prompts: Arc<dyn Prompts>,
    /// Sends and logs webhooks.
    pub webhooks: Arc<dyn Webhooks>,
    /// Asks trunks whether they answer.
    pub trunks: Arc<dyn TrunkTests>,
    /// The provider that people may log in by, if there is one.
    pub sso: Option<Arc<dyn SingleSignOn>>,
    /// Where pages speak SIP, if they do; the same path on every host.
    pub phone_socket: Option<&'static str>,
    /// By which token the owner may be set up.
    pub setup: Setup,
    /// The process's one clock.
    pub clock: Clock,
    /// Whether the server takes calls.
    pub readiness: Readiness,
    /// Renders all metrics in Prometheus' text format.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// The server's version.
    pub version: &'static str,
    /// Named limits.
    pub limits: ApiLimits,
}

/// What all handlers share.
pub(crate) struct Shared {
    given: AppState,
    /// Stands before the one that was given, which lets anybody in.
    pub(crate) switch: Switch,
    pub(crate) rights: OperationRights,
    pub(crate) lists: &'static Lists,
    pub(crate) throttle: Throttle,
    pub(crate) handovers: Handovers,
    pub(crate) guests: Tickets,
    pub(crate) password_checks: Semaphore,
    pub(crate) password_checks_waiting: Semaphore,
    pub(crate) provisioning: Semaphore,
    pub(crate) uploads: Semaphore,
    pub(crate) seats: Seats,
    pub(crate) relays: Relays,
    pub(crate) budgets: Budgets,
    pub(crate) rendered: Rendered,
    pub(crate) document: String,
    /// Tells which log-ins were ended.
    pub(crate) ended: broadcast::Sender<u64>,
}

impl Deref for Shared {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.given
    }
}

/// What a handler gets.
pub(crate) type App = Arc<Shared>;

impl Shared {
    /// `document` is the finished OpenAPI document.
    pub(crate) fn new(given: AppState, document: &OpenApi) -> App {
        let limits = &given.limits;
        Arc::new(Self {
            switch: Switch::new(given.switch.clone()),
            rights: OperationRights::of(document),
            lists: Lists::of(document),
            throttle: Throttle::new(limits.throttle_entries_max),
            handovers: Handovers::default(),
            guests: Tickets::default(),
            password_checks: Semaphore::new(limits.password_checks_max),
            password_checks_waiting: Semaphore::new(limits.password_checks_waiting_max),
            provisioning: Semaphore::new(limits.provisioning_max),
            uploads: Semaphore::new(limits.uploads_max),
            seats: Seats::new(limits.sockets_max, limits.sockets_per_login_max),
            relays: Relays::new(limits.events_behind_max),
            budgets: Budgets::default(),
            rendered: Rendered::new(limits.rendered_messages_max),
            ended: broadcast::Sender::new(ENDED_MAX),
            document: document.to_pretty_json().unwrap_or_default(),
            given,
        })
    }

    /// Tells whoever holds something open for a log-in that it has ended.
    pub(crate) fn tell_ended(&self, session: Option<u64>) {
        if let Some(session) = session {
            // An error means that nobody listens.
            let _nobody = self.ended.send(session);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readiness_starts_with_a_reason_and_keeps_each_until_it_is_settled() {
        let readiness = Readiness::default();
        assert_eq!(readiness.reasons(), ["starting"]);
        readiness.ready();
        readiness.not_ready("draining");
        readiness.not_ready("disk");
        readiness.settled("disk");
        assert_eq!(readiness.reasons(), ["draining"]);
    }
}
