//! The engines and their surroundings, as one value.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{Cause, Command, FirstIds, Input, LegCommand, LegInput, MailboxView, Outbox, Reply, Unfinished};
use model::{CallId, Directory, LegId, MailboxId, OfferId, PlayId, RequestId, TenantId, Timestamp};
use tokio::sync::{mpsc, oneshot, watch};

use crate::handle::{Ask, CaughtUp, Subscription};
use crate::host::{self, Host, Hosts};
use crate::journal::{self, Domain, Hash, Health, Journal, JournalError};
use crate::port::{EventSink, Port};
use crate::publish::{Published, Snapshot};
use crate::upgrade;

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

/// What a turn has led to and what leaves when it is committed.
#[derive(Default)]
struct Pending {
    replies: Vec<(Answer, Result<Reply, engine::Rejection>)>,
    published: Vec<(TenantId, Arc<Published>)>,
}

/// All engines of this process. Owned by one thread; no lock anywhere.
pub struct Switch {
    hosts: Hosts,
    limits: SwitchLimits,
    first_id: u64,
    next_request: u64,
    open_requests: BTreeMap<RequestId, Answer>,
    sink: Box<dyn EventSink>,
    journal: Option<Journal>,
    /// What engines of another version have left to domains that are not configured yet.
    handed: upgrade::Pending,
    pending: Pending,
    out: Outbox,
    /// The latest moment at which anything happened here.
    latest: Timestamp,
}

impl Switch {
    /// A switch without domains and without a journal. `first_id` starts every counter of ids and events: the
    /// store reserves it, so that nothing is numbered twice over restarts.
    #[must_use]
    pub fn new(limits: SwitchLimits, first_id: u64, sink: Box<dyn EventSink>) -> Self {
        Self {
            hosts: Hosts::new(),
            limits,
            first_id,
            next_request: 1,
            open_requests: BTreeMap::new(),
            sink,
            journal: None,
            handed: upgrade::Pending::new(),
            pending: Pending::default(),
            out: Outbox::default(),
            latest: Timestamp::ZERO,
        }
    }

    /// Takes over provisioning: makes the domain's engine if it is new. What is provisioned already changes
    /// nothing.
    pub fn configure(&mut self, directory: Arc<Directory>, now: Timestamp, port: &mut dyn Port) {
        let tenant = directory.tenant.id;
        if let Some(host) = self.hosts.get(&tenant) {
            if **host.engine.directory() != *directory {
                self.input(tenant, Input::Directory(directory), now, port);
            }
            return;
        }
        let first = FirstIds {
            call: CallId(self.first_id),
            leg: LegId(self.first_id * 2 + 1),
            offer: OfferId(self.first_id),
            play: PlayId(self.first_id),
        };
        let (seq, handed) = self
            .handed
            .remove(&tenant)
            .map_or((self.first_id, None), |(seq, handed)| (seq, Some(Input::HandedOver(Box::new(handed)))));
        let domain = Domain { directory, first, seq, at: now };
        if let Some(journal) = &mut self.journal {
            journal.domain(&domain);
        }
        self.hosts.insert(tenant, Host::new(&domain, &self.limits));
        if let Some(handed) = handed {
            self.input(tenant, handed, now, port);
        }
    }

    /// Applies one input to a domain's engine; an unknown domain ignores it.
    ///
    /// Commands go to `port` at once. Replies and events leave with [`Switch::commit`], and the port must not let
    /// anything out of the process before it either.
    pub fn input(&mut self, tenant: TenantId, input: Input, now: Timestamp, port: &mut dyn Port) {
        let Some(host) = self.hosts.get_mut(&tenant) else { return };
        self.latest = self.latest.max(now);
        if let Some(journal) = &mut self.journal {
            if let (true, Input::Leg(leg, LegInput::Arrived(_))) = (journal.is_failing(), &input) {
                // The engine never hears of it, so there is nothing that a crash could lose.
                port.command(tenant, Command::Leg(*leg, LegCommand::Refuse(Cause::Congestion)));
                return;
            }
            journal.input(tenant, now, &input);
        }
        host.apply(input, now, &mut self.out);
        if let Some(journal) = &mut self.journal {
            journal.step(&self.out, now);
        }
        // Replies first: who asked learns the result before the world hears of it.
        for (request, result) in self.out.replies.drain(..) {
            if let Some(answer) = self.open_requests.remove(&request) {
                self.pending.replies.push((answer, result));
            }
        }
        for command in self.out.commands.drain(..) {
            port.command(tenant, command);
        }
        let published = &mut self.pending.published;
        host.number(now, &mut self.out, |each| published.push((tenant, each)));
        if self.journal.is_none() {
            // Nothing has to be written first.
            self.release();
        }
    }

    /// Ends a turn: what was decided is written, then replies and events leave. Whatever the port has gathered
    /// may leave the process after this.
    pub fn commit(&mut self, now: Timestamp) {
        let Some(journal) = &mut self.journal else { return };
        journal.commit(now);
        let (wants_segment, wants_hand_over) = (journal.wants_segment(now), journal.wants_hand_over(now));
        self.release();
        if wants_segment {
            self.begin_segment(now);
        } else if wants_hand_over {
            self.hand_over(now);
        }
    }

    fn hand_over(&mut self, now: Timestamp) {
        // What a state has no form for is told with the next segment.
        if let (Some(journal), Ok(hosts)) = (&mut self.journal, host::save(&self.hosts)) {
            journal.hand_over(hosts, now);
        }
    }

    fn release(&mut self) {
        for (answer, result) in self.pending.replies.drain(..) {
            // Who asked may have gone away; the deed is done all the same.
            let _gone = answer.send(result);
        }
        for (tenant, published) in self.pending.published.drain(..) {
            self.sink.published(tenant, &published);
            if let Some(host) = self.hosts.get_mut(&tenant) {
                host.publisher.tell(&published);
            }
        }
    }

    fn begin_segment(&mut self, now: Timestamp) {
        let Some(mut journal) = self.journal.take() else { return };
        // A failure is the journal's state and has been told; it is tried again.
        let hash = journal.checkpoint();
        let _failing = match self.state(hash, now) {
            Ok(snapshot) => journal.begin_segment(&snapshot, now),
            Err(error) => Err(journal.refused(&error, now)),
        };
        self.journal = Some(journal);
    }

    /// Everything as it stands, for the journal.
    ///
    /// # Errors
    /// None that a state can cause; the encoder's own are passed on.
    pub(crate) fn state(&self, hash: Hash, now: Timestamp) -> std::io::Result<journal::Snapshot> {
        Ok(journal::Snapshot { hash, at: self.latest.max(now), hosts: host::save(&self.hosts)? })
    }

    /// Goes on with these domains, and with what others were handed over once they are configured.
    pub(crate) fn resume(&mut self, hosts: Hosts, handed: upgrade::Pending, now: Timestamp) {
        self.hosts = hosts;
        self.handed = handed;
        self.latest = now;
    }

    /// Writes to this journal from now on; its first segment is begun.
    pub(crate) fn keep_journal(&mut self, journal: Journal) {
        self.journal = Some(journal);
    }

    /// How the journal is doing, for those who watch; none without one.
    #[must_use]
    pub fn journal_health(&self) -> Option<watch::Receiver<Health>> {
        self.journal.as_ref().map(Journal::health)
    }

    /// The latest moment at which anything happened here: a clock that goes on from a journal begins no earlier.
    #[must_use]
    pub const fn latest(&self) -> Timestamp {
        self.latest
    }

    /// Ends in order: what was decided is written, with a last snapshot.
    ///
    /// # Errors
    /// [`JournalError`] if that cannot be written; the next start recovers as after a crash then.
    pub fn close(mut self, now: Timestamp) -> Result<(), JournalError> {
        self.commit(now);
        let Some(mut journal) = self.journal.take() else { return Ok(()) };
        let hash = journal.checkpoint();
        let snapshot = self.state(hash, now).map_err(|error| journal.refused(&error, now))?;
        journal.close(&snapshot, now)
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

    /// One mailbox of a domain with its messages; none if it is not there.
    #[must_use]
    pub fn mailbox(&self, tenant: TenantId, mailbox: MailboxId) -> Option<MailboxView> {
        self.hosts.get(&tenant)?.engine.view().mailbox(mailbox)
    }

    /// Recordings of a domain that its port owes an answer for.
    #[must_use]
    pub fn unfinished(&self, tenant: TenantId) -> Vec<Unfinished> {
        self.hosts.get(&tenant).map_or_else(Vec::new, |host| host.engine.view().unfinished())
    }

    /// Live calls of all domains.
    #[must_use]
    pub fn call_count(&self) -> usize {
        self.hosts.values().map(|host| host.engine.call_count()).sum()
    }

    /// Answers one question. What it reads is written before it is told.
    pub fn ask(&mut self, ask: Ask, now: Timestamp, port: &mut dyn Port) {
        self.commit(now);
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
            Ask::Mailbox { tenant, mailbox, reply } => {
                let _gone = reply.send(self.mailbox(tenant, mailbox));
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
            Ask::CatchUp { tenant, since, reply } => {
                let _gone = reply.send(self.hosts.get(&tenant).map(|host| catch_up(host, since, now)));
            }
            Ask::Record { tenant, call, reply } => {
                let _gone =
                    reply.send(self.hosts.get(&tenant).and_then(|host| host.engine.view().record(call)));
            }
            Ask::Waiting { tenant, queue, reply } => {
                let line = self.hosts.get(&tenant).map(|host| host.engine.view().waiting(queue));
                let _gone = reply.send(line.unwrap_or_default());
            }
            Ask::WhyWaiting { tenant, call, reply } => {
                let host = self.hosts.get(&tenant);
                let _gone = reply.send(host.and_then(|host| host.engine.view().why_waiting(call)));
            }
            Ask::WhyNoCall { tenant, agent, reply } => {
                let host = self.hosts.get(&tenant);
                let _gone = reply.send(host.and_then(|host| host.engine.view().why_no_call(agent)));
            }
            Ask::WhatIf { tenant, number, caller, at, reply } => {
                let host = self.hosts.get(&tenant);
                let _gone =
                    reply.send(host.and_then(|host| host.engine.view().what_if(&number, &caller, at)));
            }
            Ask::Directory { directory, reply } => {
                self.configure(directory, now, port);
                self.commit(now);
                let _gone = reply.send(());
            }
            Ask::Input { tenant, input } => self.input(tenant, *input, now, port),
            Ask::Drain { reply } => {
                let _gone = reply.send(self.drain(now, port));
            }
        }
    }

    fn drain(&mut self, now: Timestamp, port: &mut dyn Port) -> usize {
        for tenant in self.hosts.keys().copied().collect::<Vec<_>>() {
            self.input(tenant, Input::Drain, now, port);
        }
        self.commit(now);
        self.call_count()
    }
}

fn snapshot(host: &Host, now: Timestamp) -> Snapshot {
    let view = host.engine.view();
    Snapshot {
        seq: host.publisher.seq(),
        at: now,
        domain: view.domain(),
        agents: view.agents(),
        queues: view.queues(),
        calls: view.calls(),
        directory: host.engine.directory().clone(),
    }
}

fn subscribe(host: &mut Host, since: Option<u64>, lag: usize, now: Timestamp) -> Subscription {
    let (to, events) = mpsc::channel(lag);
    let CaughtUp { snapshot, missed } = catch_up(host, since, now);
    host.publisher.subscribe(to);
    Subscription { snapshot, missed, events }
}

fn catch_up(host: &Host, since: Option<u64>, now: Timestamp) -> CaughtUp {
    match since.and_then(|since| host.publisher.after(since)) {
        Some(missed) => CaughtUp { snapshot: None, missed },
        None => CaughtUp { snapshot: Some(snapshot(host, now)), missed: Vec::new() },
    }
}
