//! One domain's engine with the numbers of its events; all of them together, as the switch and a replay hold them.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use engine::{Engine, EventKind, Input, Outbox};
use model::{TenantId, Timestamp};

use crate::journal::{Domain, HostState};
use crate::publish::{Published, Publisher};
use crate::run::SwitchLimits;

/// All domains, by id.
pub(crate) type Hosts = BTreeMap<TenantId, Host>;

/// One domain.
pub(crate) struct Host {
    pub(crate) engine: Engine,
    pub(crate) publisher: Publisher,
    /// The number of its last event of which the store keeps something; 0 for none.
    pub(crate) kept_seq: u64,
}

impl Host {
    /// A domain that begins.
    pub(crate) fn new(domain: &Domain, limits: &SwitchLimits) -> Self {
        let Domain { directory, first, seq, at } = domain;
        let engine = Engine::new(Arc::clone(directory), limits.engine.clone(), *first, *at);
        Self { engine, publisher: Publisher::new(*seq, limits.events_kept_max), kept_seq: 0 }
    }

    /// A domain as it was saved.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] if the bytes are no engine's.
    pub(crate) fn load(state: &HostState, limits: &SwitchLimits) -> io::Result<Self> {
        let engine = Engine::load(&state.engine, limits.engine.clone())?;
        let publisher = Publisher::new(state.seq, limits.events_kept_max);
        Ok(Self { engine, publisher, kept_seq: state.kept_seq })
    }

    /// The domain as it stands.
    ///
    /// # Errors
    /// None that a state can cause; the encoder's own are passed on.
    pub(crate) fn save(&self, tenant: TenantId) -> io::Result<HostState> {
        let engine = self.engine.save()?;
        Ok(HostState { tenant, seq: self.publisher.seq(), kept_seq: self.kept_seq, engine })
    }

    /// Applies an input; what it led to is left in `out`.
    pub(crate) fn apply(&mut self, input: Input, at: Timestamp, out: &mut Outbox) {
        out.clear();
        self.engine.handle(input, at, out);
    }

    /// Numbers the events in `out` and hands each on.
    pub(crate) fn number(&mut self, at: Timestamp, out: &mut Outbox, mut each: impl FnMut(Arc<Published>)) {
        let kept = &mut self.kept_seq;
        self.publisher.number(&self.engine, out, at, |published| {
            if published.event.as_ref().is_some_and(|event| is_kept(&event.kind)) {
                *kept = published.seq;
            }
            each(published);
        });
    }

    /// Counts the events in `out`, for a run that nobody listens to.
    pub(crate) fn count(&mut self, out: &Outbox) {
        let before = self.publisher.seq();
        for (seq, event) in (before + 1..).zip(&out.events) {
            if is_kept(&event.kind) {
                self.kept_seq = seq;
            }
        }
        self.publisher.count(out);
    }
}

/// Whether the store keeps something of such an event: a call's record, or a line of the agent log.
const fn is_kept(kind: &EventKind) -> bool {
    matches!(kind, EventKind::CallEnded { .. } | EventKind::AgentChanged { .. })
}

/// All domains as they stand.
///
/// # Errors
/// As [`Host::save`].
pub(crate) fn save(hosts: &Hosts) -> io::Result<Vec<HostState>> {
    hosts.iter().map(|(tenant, host)| host.save(*tenant)).collect()
}

/// All domains as they were saved.
///
/// # Errors
/// As [`Host::load`].
pub(crate) fn load(states: &[HostState], limits: &SwitchLimits) -> io::Result<Hosts> {
    states.iter().map(|state| Ok((state.tenant, Host::load(state, limits)?))).collect()
}
