//! The table of bindings, and its three indexes.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;

use crate::message::{Message, Uri};
use crate::{Flow, Moment};

use super::request::{Ask, Registration, Reject, Wish, read};
use super::{Became, Binding, BindingLost, LostBy, RegisterLimits, RegisterOutcome};

/// Every binding of a registrar.
#[derive(Debug, Default)]
pub struct Bindings {
    limits: RegisterLimits,
    by_aor: BTreeMap<Arc<str>, Vec<Binding>>,
    /// Whose binding an id is.
    owner: BTreeMap<u64, Arc<str>>,
    by_time: BTreeSet<(Moment, u64)>,
    /// Only connections: a UDP flow never says that it has closed.
    by_flow: BTreeSet<(Flow, u64)>,
    last_id: u64,
}

impl Bindings {
    /// An empty table.
    #[must_use]
    pub fn new(limits: RegisterLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Carries out a REGISTER for an address of record. The caller has proved that its sender may
    /// do so, and `aor` is the address in the one form it is looked up by. Call
    /// [`expire`](Self::expire) for the same moment first.
    pub fn register(
        &mut self,
        aor: &str,
        request: &Message,
        flow: Flow,
        now: Moment,
    ) -> Result<RegisterOutcome, Reject> {
        let (ask, registration) = read(request, flow, &self.limits)?;
        let before = self.bound(aor).to_vec();
        let had = self.reachable(aor).len();
        let after = match ask {
            Ask::Query => None,
            Ask::RemoveAll if before.iter().any(|binding| registration.is_behind(binding)) => {
                return Err(Reject::OutOfOrder);
            }
            Ask::RemoveAll => Some(Vec::new()),
            Ask::Update(wishes) => Some(self.updated(before, wishes, &registration, (flow, now))?),
        };
        let asked = after.is_some();
        if let Some(after) = after {
            self.replace(aor, after)?;
        }
        let left = self.reachable(aor).len();
        let became = match (asked, had, left) {
            (false, _, _) | (true, 0, 0) => Became::Unchanged,
            (true, 0, _) => Became::Registered,
            (true, _, 0) => Became::Unregistered,
            (true, _, _) => Became::Refreshed,
        };
        let contacts = self.bound(aor).iter().map(|binding| contact_value(binding, now)).collect();
        Ok(RegisterOutcome { contacts, became, path: registration.path })
    }

    /// The devices of an address where somebody answers, most preferred first, then the longest known.
    #[must_use]
    pub fn reachable(&self, aor: &str) -> &[Binding] {
        let bound = self.bound(aor);
        &bound[..bound.partition_point(|binding| !binding.silent)]
    }

    /// All devices of an address, those where nobody answers last.
    fn bound(&self, aor: &str) -> &[Binding] {
        self.by_aor.get(aor).map_or(&[], Vec::as_slice)
    }

    /// A device on a connection, and whose it is.
    #[must_use]
    pub fn one_on(&self, flow: Flow) -> Option<(&str, &Binding)> {
        let (_, id) = self.by_flow.range((flow, 0)..=(flow, u64::MAX)).next()?;
        let aor = self.owner.get(id)?;
        let binding = self.by_aor.get(aor)?.iter().find(|binding| binding.id == *id)?;
        Some((aor, binding))
    }

    /// Nobody answers on a connection: its devices are kept and cannot be reached.
    pub fn fall_silent(&mut self, flow: Flow, out: &mut Vec<BindingLost>) {
        for (aor, contact) in self.set_silent(flow, true) {
            let left = self.reachable(&aor).len();
            out.push(BindingLost { aor: aor.to_string(), contact, by: LostBy::Silent, left });
        }
    }

    /// Somebody answers again. Gives the addresses that had no device and have one now.
    pub fn speak_again(&mut self, flow: Flow) -> Vec<String> {
        let changed = self.set_silent(flow, false);
        let mut aors: Vec<Arc<str>> = changed.into_iter().map(|(aor, _)| aor).collect();
        aors.sort_unstable();
        let runs = aors.chunk_by(|one, other| one == other);
        runs.filter(|run| self.reachable(&run[0]).len() == run.len()).map(|run| run[0].to_string()).collect()
    }

    /// Marks the devices on a connection, and gives those for which that was a change.
    fn set_silent(&mut self, flow: Flow, silent: bool) -> Vec<(Arc<str>, Uri)> {
        let ids = self.by_flow.range((flow, 0)..=(flow, u64::MAX)).map(|(_, id)| *id);
        let mut changed = Vec::new();
        for id in ids {
            let Some(aor) = self.owner.get(&id) else { continue };
            let Some(bindings) = self.by_aor.get_mut(aor) else { continue };
            let Some(binding) = bindings.iter_mut().find(|binding| binding.id == id) else { continue };
            if binding.silent != silent {
                binding.silent = silent;
                changed.push((Arc::clone(aor), binding.contact.clone()));
                sort(bindings);
            }
        }
        changed
    }

    /// Removes every binding of an address, as when it is no longer provisioned. True if it had any.
    pub fn remove(&mut self, aor: &str) -> bool {
        let bindings = self.by_aor.remove(aor).unwrap_or_default();
        for binding in &bindings {
            self.unindex(binding);
        }
        !bindings.is_empty()
    }

    /// Where devices on this connection take others.
    #[must_use]
    pub fn homes(&self, flow: Flow) -> BTreeSet<SocketAddr> {
        self.on(flow).filter_map(Binding::listens_at).collect()
    }

    /// Devices on a connection are reached by another one from now on: those that take connections at its
    /// far end. When that one closes too they are lost.
    pub fn rebind(&mut self, from: Flow, to: Flow) {
        let moved = self.on(from).filter(|binding| binding.listens_at() == Some(to.remote));
        for id in moved.map(|binding| binding.id).collect::<Vec<_>>() {
            let Some(bindings) = self.owner.get(&id).and_then(|aor| self.by_aor.get_mut(aor)) else {
                continue;
            };
            if let Some(binding) = bindings.iter_mut().find(|binding| binding.id == id) {
                binding.flow = to;
                self.by_flow.remove(&(from, id));
                self.by_flow.insert((to, id));
            }
        }
    }

    fn on(&self, flow: Flow) -> impl Iterator<Item = &Binding> {
        let ids = self.by_flow.range((flow, 0)..=(flow, u64::MAX)).map(|(_, id)| *id);
        ids.filter_map(|id| self.by_aor.get(self.owner.get(&id)?)?.iter().find(|binding| binding.id == id))
    }

    /// A connection has closed: its devices cannot be reached any more.
    pub fn flow_closed(&mut self, flow: Flow, out: &mut Vec<BindingLost>) {
        while let Some((_, id)) = self.by_flow.range((flow, 0)..=(flow, u64::MAX)).next().copied() {
            if !self.lose(id, LostBy::FlowClosed, out) {
                // An index without its binding cannot be; dropping it keeps the loop finite.
                self.by_flow.remove(&(flow, id));
            }
        }
    }

    /// Removes what has not been refreshed in time.
    pub fn expire(&mut self, now: Moment, out: &mut Vec<BindingLost>) {
        while let Some(due) = self.by_time.first().copied().filter(|(at, _)| *at <= now) {
            if !self.lose(due.1, LostBy::Expired, out) {
                self.by_time.remove(&due);
            }
        }
    }

    /// When the next binding ends.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Moment> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// Bindings in all, for a gauge.
    #[must_use]
    pub fn len(&self) -> usize {
        self.owner.len()
    }

    /// True when nobody is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.owner.is_empty()
    }

    /// Addresses that have a device.
    #[must_use]
    pub fn aor_count(&self) -> usize {
        self.by_aor.len()
    }

    fn updated(
        &mut self,
        mut bindings: Vec<Binding>,
        wishes: Vec<Wish>,
        registration: &Registration,
        (flow, now): (Flow, Moment),
    ) -> Result<Vec<Binding>, Reject> {
        let late = |wish: &Wish| bindings.iter().any(|b| wish.is_for(b) && registration.is_behind(b));
        if wishes.iter().any(late) {
            return Err(Reject::OutOfOrder);
        }
        for wish in wishes {
            let known = bindings.iter().position(|binding| wish.is_for(binding));
            match (known, wish.expires) {
                (Some(at), 0) => {
                    bindings.remove(at);
                }
                (None, 0) => {}
                (Some(at), _) => {
                    let id = bindings[at].id;
                    bindings[at] = registration.bind(wish, id, flow, now);
                }
                (None, _) => {
                    self.last_id += 1;
                    bindings.push(registration.bind(wish, self.last_id, flow, now));
                }
            }
        }
        while bindings.len() > self.limits.contacts_max {
            let soonest = bindings.iter().enumerate().min_by_key(|(_, b)| (b.expires_at, b.id));
            let Some((at, _)) = soonest else { break };
            bindings.remove(at);
        }
        sort(&mut bindings);
        Ok(bindings)
    }

    /// Puts the bindings of an address in place of those it had, all or none.
    fn replace(&mut self, aor: &str, after: Vec<Binding>) -> Result<(), Reject> {
        let had = self.bound(aor).len();
        if after.len() > had && self.owner.len() - had + after.len() > self.limits.bindings_max {
            return Err(Reject::Full);
        }
        let (key, before) = match self.by_aor.remove_entry(aor) {
            Some(entry) => entry,
            None => (Arc::from(aor), Vec::new()),
        };
        for binding in &before {
            self.unindex(binding);
        }
        for binding in &after {
            self.owner.insert(binding.id, Arc::clone(&key));
            self.by_time.insert((binding.expires_at, binding.id));
            if binding.flow.transport.is_reliable() {
                self.by_flow.insert((binding.flow, binding.id));
            }
        }
        if !after.is_empty() {
            self.by_aor.insert(key, after);
        }
        Ok(())
    }

    fn unindex(&mut self, binding: &Binding) {
        self.owner.remove(&binding.id);
        self.by_time.remove(&(binding.expires_at, binding.id));
        self.by_flow.remove(&(binding.flow, binding.id));
    }

    fn lose(&mut self, id: u64, by: LostBy, out: &mut Vec<BindingLost>) -> bool {
        let Some(aor) = self.owner.get(&id).cloned() else { return false };
        let Some(bindings) = self.by_aor.get_mut(&aor) else { return false };
        let Some(at) = bindings.iter().position(|binding| binding.id == id) else { return false };
        let binding = bindings.remove(at);
        if bindings.is_empty() {
            self.by_aor.remove(&aor);
        }
        self.unindex(&binding);
        // That nobody answers there has been told before.
        if !binding.silent {
            let left = self.reachable(&aor).len();
            out.push(BindingLost { aor: aor.to_string(), contact: binding.contact, by, left });
        }
        true
    }
}

fn sort(bindings: &mut [Binding]) {
    bindings.sort_by_key(|binding| (binding.silent, std::cmp::Reverse(binding.q), binding.id));
}

fn contact_value(binding: &Binding, now: Moment) -> String {
    // Rounded up, so that a binding that holds is never said to end in zero seconds.
    let left = binding.expires_at.saturating_since(now).as_micros().div_ceil(1_000_000);
    let mut value = format!("<{}>;expires={left}", binding.contact);
    if binding.q != 1000 {
        value.push_str(&format!(";q=0.{:03}", binding.q));
    }
    if let Some(instance) = &binding.instance {
        value.push_str(&format!(";+sip.instance=\"{instance}\""));
    }
    if let Some(reg_id) = binding.reg_id {
        value.push_str(&format!(";reg-id={reg_id}"));
    }
    value
}
