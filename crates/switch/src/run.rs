//! The engines and their surroundings, as one value.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{Engine, FirstIds, Input, Outbox, Reply};
use model::{CallId, Directory, LegId, OfferId, PlayId, RequestId, TenantId, Timestamp};
use tokio::sync::{mpsc, oneshot};

use crate::handle::{Ask, Subscription};
use crate::port::{EventSink, Port};
use crate::publish::{Publisher, Snapshot};

/// Named limits of the switch.
#[derive(Clone, Debug)]
pub struct SwitchLimits {
    /// Events kept for those who resume, for each domain.
    pub events_kept_max: usize,
    /// Events a listener may be behind before it is dropped.
    pub subscriber_lag_max: usize,
    /// Steps one input may lead to within its own moment, before the loop breathes.
    pub ticks_per_turn_max: usize,
    /// Of each engine.
    pub engine: engine::Limits,
}

impl Default for SwitchLimits {
    fn default() -> Self {
        Self {
            events_kept_max: 10_000,
            subscriber_lag_max: 4_096,
            ticks_per_turn_max: 1_000,
            engine: engine::Limits::default(),
        }
    }
}

type Answer = oneshot::Sender<Result<Reply, engine::Rejection>>;

struct Host {
    engine: Engine,
    publisher: Publisher,
}

/// All engines of this process. Owned by one thread; no lock anywhere.
pub struct Switch {
    hosts: BTreeMap<TenantId, Host>,
    limits: SwitchLimits,
    first_id: u64,
    next_request: u64,
    open_requests: BTreeMap<RequestId, Answer>,
    sink: Box<dyn EventSink>,
    out: Outbox,
}

impl Switch {
    /// A switch without domains. `first_id` starts every counter of ids and events: the store reserves it,
    /// so that nothing is numbered twice over restarts.
    #[must_use]
    pub fn new(limits: SwitchLimits, first_id: u64, sink: Box<dyn EventSink>) -> Self {
        Self {
            hosts: BTreeMap::new(),
            limits,
            first_id,
            next_request: 1,
            open_requests: BTreeMap::new(),
            sink,
            out: Outbox::default(),
        }
    }

    /// Takes over provisioning: makes the domain's engine if it is new.
    pub fn configure(&mut self, directory: Arc<Directory>, now: Timestamp, port: &mut dyn Port) {
        let tenant = directory.tenant.id;
        if self.hosts.contains_key(&tenant) {
            self.input(tenant, Input::Directory(directory), now, port);
            return;
        }
        let first = FirstIds {
            call: CallId(self.first_id),
            leg: LegId(self.first_id * 2 + 1),
            offer: OfferId(self.first_id),
            play: PlayId(self.first_id),
        };
        let engine = Engine::new(directory, self.limits.engine.clone(), first, now);
        let publisher = Publisher::new(self.first_id, self.limits.events_kept_max);
        self.hosts.insert(tenant, Host { engine, publisher });
    }

    /// Applies one input to a domain's engine; an unknown domain ignores it.
    pub fn input(&mut self, tenant: TenantId, input: Input, now: Timestamp, port: &mut dyn Port) {
        let Some(host) = self.hosts.get_mut(&tenant) else { return };
        host.engine.handle(input, now, &mut self.out);
        // Replies first: who asked learns the result before the world hears of it.
        for (request, result) in self.out.replies.drain(..) {
            if let Some(answer) = self.open_requests.remove(&request) {
                // Who asked may have gone away; the deed is done all the same.
                let _gone = answer.send(result);
            }
        }
        for command in self.out.commands.drain(..) {
            port.command(tenant, command);
        }
        let sink = &mut self.sink;
        host.publisher
            .publish(&host.engine, &mut self.out, now, |published| sink.published(tenant, published));
        self.out.clear();
    }

    /// When [`Self::tick`] is next due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.hosts.values().filter_map(|host| host.engine.next_deadline()).min()
    }

    /// Lets every engine whose deadline has passed act on it.
    pub fn tick(&mut self, now: Timestamp, port: &mut dyn Port) {
        for _ in 0..self.limits.ticks_per_turn_max {
            let due = self
                .hosts
                .iter()
                .find(|(_, host)| host.engine.next_deadline().is_some_and(|at| at <= now))
                .map(|(tenant, _)| *tenant);
            let Some(tenant) = due else { return };
            self.input(tenant, Input::Tick, now, port);
        }
    }

    /// What is provisioned for a domain.
    #[must_use]
    pub fn directory(&self, tenant: TenantId) -> Option<&Arc<Directory>> {
        self.hosts.get(&tenant).map(|host| host.engine.directory())
    }

    /// The domains, by id.
    pub fn tenants(&self) -> impl Iterator<Item = TenantId> + '_ {
        self.hosts.keys().copied()
    }

    /// Live calls of all domains.
    #[must_use]
    pub fn call_count(&self) -> usize {
        self.hosts.values().map(|host| host.engine.call_count()).sum()
    }

    /// Answers one question.
    pub fn ask(&mut self, ask: Ask, now: Timestamp, port: &mut dyn Port) {
        match ask {
            Ask::Request { tenant, actor, request, reply } => {
                let id = RequestId(self.next_request);
                self.next_request += 1;
                self.open_requests.insert(id, reply);
                self.input(tenant, Input::Request(id, actor, request), now, port);
                // An unknown domain leaves it open: dropping the sender tells who asked.
                self.open_requests.remove(&id);
            }
            Ask::Snapshot { tenant, reply } => {
                let _gone = reply.send(self.hosts.get(&tenant).map(|host| snapshot(host, now)));
            }
            Ask::Provisioned { tenant, reply } => {
                let _gone = reply.send(self.directory(tenant).cloned());
            }
            Ask::Agent { tenant, agent, reply } => {
                let host = self.hosts.get(&tenant);
                let _gone = reply.send(host.and_then(|host| host.engine.view().agent(agent)));
            }
            Ask::Call { tenant, call, reply } => {
                let host = self.hosts.get(&tenant);
                let _gone = reply.send(host.and_then(|host| host.engine.view().call(call)));
            }
            Ask::Subscribe { tenant, since, reply } => {
                let lag = self.limits.subscriber_lag_max;
                let _gone =
                    reply.send(self.hosts.get_mut(&tenant).map(|host| subscribe(host, since, lag, now)));
            }
            Ask::Record { tenant, call, reply } => {
                let _gone =
                    reply.send(self.hosts.get(&tenant).and_then(|host| host.engine.view().record(call)));
            }
            Ask::Waiting { tenant, queue, reply } => {
                let line = self.hosts.get(&tenant).map(|host| host.engine.view().waiting(queue));
                let _gone = reply.send(line.unwrap_or_default());
            }
            Ask::Directory { directory, reply } => {
                self.configure(directory, now, port);
                let _gone = reply.send(());
            }
            Ask::Input { tenant, input } => self.input(tenant, *input, now, port),
            Ask::Drain { reply } => {
                for tenant in self.hosts.keys().copied().collect::<Vec<_>>() {
                    self.input(tenant, Input::Drain, now, port);
                }
                let _gone = reply.send(self.call_count());
            }
        }
    }
}

fn snapshot(host: &Host, now: Timestamp) -> Snapshot {
    let view = host.engine.view();
    Snapshot {
        seq: host.publisher.seq(),
        at: now,
        agents: view.agents(),
        queues: view.queues(),
        calls: view.calls(),
        directory: host.engine.directory().clone(),
    }
}

fn subscribe(host: &mut Host, since: Option<u64>, lag: usize, now: Timestamp) -> Subscription {
    let (to, events) = mpsc::channel(lag);
    let missed = since.and_then(|since| host.publisher.after(since));
    let snapshot = if missed.is_some() { None } else { Some(snapshot(host, now)) };
    host.publisher.subscribe(to);
    Subscription { snapshot, missed: missed.unwrap_or_default(), events }
}
