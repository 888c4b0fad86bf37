//! The lamps of phones: who watches which mailbox, and what is in it.

use std::collections::{BTreeMap, BTreeSet};

use model::{Directory, ExtensionNumber, TenantId};
use sip_proto::agent::{RequestKey, UaCommand};
use sip_proto::subscription::{Accepted, Notification, Refused, SubscriptionLimits, Subscriptions, Summary};
use sip_proto::{Flow, Headers, Message, Name};

use crate::ports::Ports;
use crate::registrar::aor;

/// What is watched, by whom, and what there is to see.
pub(crate) struct Lamps {
    pub(crate) subscriptions: Subscriptions,
    /// Messages by domain and number of the box: one entry for each mailbox that is provisioned.
    summaries: BTreeMap<(TenantId, ExtensionNumber), Summary>,
    /// Notifications without an answer: at most one for each subscription, and those that end one.
    asked: BTreeMap<RequestKey, u64>,
    last_key: u64,
    told: Vec<Notification>,
}

impl Default for Lamps {
    fn default() -> Self {
        Self {
            subscriptions: Subscriptions::new(SubscriptionLimits::default()),
            summaries: BTreeMap::new(),
            asked: BTreeMap::new(),
            last_key: 0,
            told: Vec::new(),
        }
    }
}

impl Lamps {
    /// A number for a request of ours outside calls, whoever asks.
    pub(crate) fn new_key(&mut self) -> RequestKey {
        self.last_key += 1;
        RequestKey(self.last_key)
    }
}

/// Whether the phone of `extension` may watch the mailbox of `number`: its own, that of a queue whose member its
/// agent is, and every shared one.
fn may_watch(directory: &Directory, extension: &ExtensionNumber, number: &ExtensionNumber) -> bool {
    if number == extension {
        return true;
    }
    let agent = directory.agent_of(extension.as_str());
    match directory.queue(number.as_str()) {
        Some(queue) => agent.is_some_and(|agent| directory.memberships.contains_key(&(queue.id, agent.id))),
        None => !directory.extensions.contains_key(number),
    }
}

impl Ports {
    /// A phone subscribes to a mailbox, refreshes that, or ends it.
    pub(crate) fn subscribe(
        &mut self,
        key: RequestKey,
        request: &Message,
        (tag, flow): (&str, Flow),
        (tenant, extension): (TenantId, &ExtensionNumber),
    ) {
        match self.try_subscribe(request, (tag, flow), (tenant, extension)) {
            Ok(Accepted { expires }) => {
                let mut headers = Headers::new();
                headers.push(Name::Expires, expires.to_string());
                self.respond(key, 200, headers);
            }
            Err((status, reason, headers)) => {
                self.ua(UaCommand::Respond { key, status, reason, headers, body: Vec::new() });
            }
        }
        self.send_told();
    }

    fn try_subscribe(
        &mut self,
        request: &Message,
        (tag, flow): (&str, Flow),
        (tenant, extension): (TenantId, &ExtensionNumber),
    ) -> Result<Accepted, (u16, String, Headers)> {
        let refuse = |status: u16| (status, String::new(), Headers::new());
        let refused = |why: Refused| (why.status(), why.reason().to_owned(), why.headers());
        let wanted = request.request_uri().map(sip_proto::Uri::user_text).unwrap_or_default();
        let number = ExtensionNumber::parse(&wanted).unwrap_or_else(|_| extension.clone());
        let directory = self.border.domains.get(tenant).map(|domain| domain.directory.clone());
        let known = directory.as_ref().is_some_and(|known| known.mailbox(number.as_str()).is_some());
        let allowed = directory.is_some_and(|directory| may_watch(&directory, extension, &number));
        // Another package is refused as such, also by whoever has no mailbox.
        let package = request.headers.text(Name::Event).unwrap_or_default();
        if !package.trim_start().to_ascii_lowercase().starts_with(sip_proto::subscription::PACKAGE) {
            return Err(refused(Refused::BadEvent));
        }
        if !allowed || !known {
            return Err(refuse(if allowed { 404 } else { 403 }));
        }
        let summary = self.lamps.summaries.get(&(tenant, number.clone())).copied().unwrap_or_default();
        let (watcher, mailbox) = (aor(tenant, extension.as_str()), aor(tenant, number.as_str()));
        let (lamps, now) = (&mut self.lamps, self.now);
        let asked = lamps.subscriptions.subscribe(
            (&watcher, &mailbox),
            request,
            (tag, flow),
            summary,
            now,
            &mut lamps.told,
        );
        asked.map_err(refused)
    }

    /// What is in a mailbox changed.
    pub(crate) fn lamp(&mut self, tenant: TenantId, mailbox: ExtensionNumber, summary: Summary) {
        let watched = aor(tenant, mailbox.as_str());
        self.lamps.summaries.insert((tenant, mailbox), summary);
        let now = self.now;
        self.lamps.subscriptions.changed(&watched, summary, now, &mut self.lamps.told);
        self.send_told();
    }

    /// The mailboxes of a domain as they are now, after a start or a change of provisioning.
    pub(crate) fn set_lamps(&mut self, tenant: TenantId, now: Vec<(ExtensionNumber, Summary)>) {
        let kept: BTreeSet<&ExtensionNumber> = now.iter().map(|(number, _)| number).collect();
        let of_domain = |(of, _): &&(TenantId, ExtensionNumber)| *of == tenant;
        let gone: Vec<(TenantId, ExtensionNumber)> =
            self.lamps.summaries.keys().filter(of_domain).cloned().collect();
        for (tenant, number) in gone.into_iter().filter(|(_, number)| !kept.contains(number)) {
            self.lamps.subscriptions.end_mailbox(&aor(tenant, number.as_str()), &mut self.lamps.told);
            self.lamps.summaries.remove(&(tenant, number));
        }
        for (number, summary) in now {
            if self.lamps.summaries.get(&(tenant, number.clone())) != Some(&summary) {
                self.lamp(tenant, number, summary);
            }
        }
        self.send_told();
    }

    /// A notification was answered, or was not.
    pub(crate) fn notified(&mut self, key: RequestKey, status: u16) {
        if let Some(subscription) = self.lamps.asked.remove(&key) {
            let now = self.now;
            self.lamps.subscriptions.answered(subscription, status, now, &mut self.lamps.told);
            self.send_told();
        }
    }

    /// Ends subscriptions whose time is over.
    pub(crate) fn expire_subscriptions(&mut self) {
        let now = self.now;
        self.lamps.subscriptions.expire(now, &mut self.lamps.told);
        self.send_told();
    }

    fn send_told(&mut self) {
        for Notification { subscription, request } in std::mem::take(&mut self.lamps.told) {
            let key = self.lamps.new_key();
            self.lamps.asked.insert(key, subscription);
            self.ua(UaCommand::Request { key, request: Box::new(request) });
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{Agent, AgentId, AgentStatus, Membership, Queue, QueueId, Role, Tenant};

    use super::*;

    #[test]
    fn a_phone_watches_its_own_its_queues_and_shared_mailboxes_only() {
        let number = |text: &str| ExtensionNumber::parse(text).unwrap();
        let mut directory = Directory::new(Tenant::new(TenantId(1), "acme.test"));
        for (id, extension) in [(1, "1001"), (2, "1002")] {
            directory.insert_agent(Agent {
                id: AgentId(id),
                extension: Some(number(extension)),
                name: "A".into(),
                email: String::new(),
                role: Role::Agent,
                supervises: None,
                groups: vec![],
                skills: BTreeMap::new(),
                status: AgentStatus::Active,
                max_concurrent_calls: 1,
                hours: None,
                personal: model::Personal::default(),
                spoken_name: None,
                call_link: None,
            });
        }
        directory.insert_queue(Queue::new(QueueId(1), number("8000"), "Support"));
        directory.insert_membership(Membership::new(QueueId(1), AgentId(1)));
        let may = |who: &str, what: &str| may_watch(&directory, &number(who), &number(what));
        assert!(may("1001", "1001") && may("1001", "8000") && may("1001", "8900"));
        assert!(may("1002", "8900") && !may("1002", "1001") && !may("1002", "8000"));
    }
}
