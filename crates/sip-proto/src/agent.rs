//! The user agent: calls and requests over whatever transports the shell has.
//!
//! Give it what was received and what the application wants, with the moment it happened; carry
//! out the transmits, hear the events, and come back at [`UserAgent::next_deadline`].

mod admit;
mod body;
mod client;
mod command;
mod config;
mod core;
mod event;
mod guard;
mod hangup;
mod incoming;
mod outgoing;
mod receive;
mod refresh;
mod reinvite;
mod serve;
mod server;
mod transactions;
mod usage;
mod within;

pub use command::{DialogId, OutboundInvite, OutboundRequest, Reason, RequestKey, UaCommand, UaInput};
pub use config::{PublicAddress, UaConfig};
pub use event::{EndReason, Transmit, UaEvent, UaOutbox};
pub use guard::{AdmitAll, Guard, Verdict};

use std::collections::{BTreeSet, HashMap};

use self::core::{Core, Cx, Timer};
use self::transactions::Owner;
use self::usage::Usage;
use crate::time::Moment;

/// Transactions, dialogs and calls of one SIP endpoint.
pub struct UserAgent {
    core: Core,
    usages: HashMap<DialogId, Box<Usage>>, // lookup only: by key
    /// Calls by our tag.
    tags: HashMap<String, DialogId>, // lookup only: by key
    /// Calls by the connection they hang on.
    flows: BTreeSet<(u64, DialogId)>,
    next_dialog: u64,
}

/// What is held. All zero once everything is over and its 32 s have passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gauges {
    /// Client and server transactions.
    pub transactions: usize,
    /// Calls.
    pub dialogs: usize,
    /// Timers set.
    pub timers: usize,
    /// Bytes kept for retransmission.
    pub retained_bytes: usize,
}

impl UserAgent {
    /// `seed` decides tags, branches and back-offs: it must be secret, and new at each start.
    pub fn new(config: UaConfig, seed: u64) -> Self {
        UserAgent {
            core: Core::new(config, seed),
            usages: HashMap::new(),
            tags: HashMap::new(),
            flows: BTreeSet::new(),
            next_dialog: 2,
        }
    }

    /// Applies one input; what comes of it is appended to `out`.
    pub fn handle(&mut self, input: UaInput, now: Moment, guard: &mut dyn Guard, out: &mut UaOutbox) {
        match input {
            UaInput::Received { flow, message } => self.receive(flow, message, now, guard, out),
            UaInput::Malformed { flow, error } => self.receive_malformed(flow, &error, now, guard, out),
            UaInput::FlowClosed(flow) => self.flow_closed(flow, now, out),
            UaInput::SendFailed { token } => {
                let outcome = self.cx(now, out).client_transport_failed(token);
                self.deliver(outcome, now, out);
            }
            UaInput::Tick => self.tick(now, out),
            UaInput::Command(command) => self.command(command, now, out),
        }
    }

    /// When the next [`UaInput::Tick`] is due.
    pub fn next_deadline(&self) -> Option<Moment> {
        self.core.timers.next_deadline()
    }

    /// What is held now.
    pub fn gauges(&self) -> Gauges {
        Gauges {
            transactions: self.core.transaction_count(),
            dialogs: self.usages.len(),
            timers: self.core.timers.len(),
            retained_bytes: self.core.retained,
        }
    }

    /// The calls that we are making along a connection and that nobody has answered.
    pub fn calling_on(&self, flow: crate::Flow) -> Vec<DialogId> {
        let clients = self.core.client_flows.range((flow.id, 0)..).map_while(of(flow.id));
        let calls = clients.filter_map(|client: u64| match self.core.clients.get(&client)?.owner {
            Owner::Invite(id) => self.usages.get(&id).filter(|usage| usage.is_calling()).map(|_| id),
            Owner::Reinvite(_)
            | Owner::Update(_)
            | Owner::Info(_)
            | Owner::Bye(_)
            | Owner::Nobody
            | Owner::Application(_) => None,
        });
        calls.collect()
    }

    /// The settings it was made with.
    pub fn config(&self) -> &UaConfig {
        &self.core.config
    }

    fn tick(&mut self, now: Moment, out: &mut UaOutbox) {
        while let Some(timer) = self.core.timers.due(now) {
            match timer {
                Timer::Client(id, name) => {
                    let outcome = self.cx(now, out).client_timer(id, name);
                    self.deliver(outcome, now, out);
                }
                Timer::Server(id, name) => self.cx(now, out).server_timer(id, name),
                Timer::Usage(id, timer) => self.usage_timer(id, timer, now, out),
            }
        }
    }

    fn flow_closed(&mut self, flow: crate::Flow, now: Moment, out: &mut UaOutbox) {
        if flow.id == 0 {
            return;
        }
        let first = (flow.id, 0);
        let clients: Vec<u64> = self.core.client_flows.range(first..).map_while(of(flow.id)).collect();
        for client in clients {
            let outcome = self.cx(now, out).client_transport_failed(client);
            self.deliver(outcome, now, out);
        }
        let calls = self.flows.range((flow.id, DialogId(0))..).map_while(of(flow.id));
        for dialog in calls.collect::<Vec<DialogId>>() {
            self.with_usage(dialog, now, out, |usage, cx| usage.flow_closed(cx));
        }
    }

    fn cx<'a>(&'a mut self, now: Moment, out: &'a mut UaOutbox) -> Cx<'a> {
        Cx { core: &mut self.core, now, out }
    }

    /// Lets a call do something, then keeps the indexes true to what became of it.
    fn with_usage(
        &mut self,
        id: DialogId,
        now: Moment,
        out: &mut UaOutbox,
        work: impl FnOnce(&mut Usage, &mut Cx<'_>),
    ) {
        let Some(usage) = self.usages.get_mut(&id) else { return };
        let mut cx = Cx { core: &mut self.core, now, out };
        work(usage, &mut cx);
        let flow = usage.flow_id();
        if usage.bound != flow {
            self.flows.remove(&(usage.bound, id));
            if flow != 0 {
                self.flows.insert((flow, id));
            }
            usage.bound = flow;
        }
        if usage.is_gone() {
            usage.stop_all_timers(&mut cx);
            let tag = std::mem::take(&mut usage.local_tag);
            self.tags.remove(&tag);
            self.usages.remove(&id);
        }
    }

    fn keep_usage(&mut self, usage: Usage, now: Moment, out: &mut UaOutbox) {
        let id = usage.id;
        self.tags.insert(usage.local_tag.clone(), id);
        self.usages.insert(id, Box::new(usage));
        self.with_usage(id, now, out, |_, _| ());
    }
}

/// The entries of one connection in an index ordered by connection.
fn of<T: Copy>(flow: u64) -> impl Fn(&(u64, T)) -> Option<T> {
    move |(id, what)| (*id == flow).then_some(*what)
}
