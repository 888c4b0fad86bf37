//! The loop: whatever comes first (a datagram, a question, a sound that ended, a deadline) goes in; what comes
//! out is carried out before the next.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use media::{MediaEvent, MediaPlane};
use model::Timestamp;
use sip::{Endpoint, Inbound};
use sip_proto::agent::{Transmit, UaConfig, UaInput, UserAgent};
use sip_proto::register::{Bindings, Heartbeats, RegisterLimits};
use sip_proto::subscription::Summary;
use sip_proto::{Destination, Method, Moment, Transport};
use switch::{Ask, Clock, Switch};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::addresses::Addresses;
use crate::border::Border;
use crate::config::{Control, DomainSettings, GatewayConfig};
use crate::ports::{PortParts, Ports};
use crate::services::ServiceAnswer;
use crate::studio::PromptKept;

/// Rounds of "an event leads to an input leads to a command leads to an event" within one turn. Far above
/// what any call can need; reaching it is a fault that is logged, and the rest waits for the next turn.
const ROUNDS_MAX: usize = 10_000;
/// How often gauges are set.
const GAUGES_EVERY: Duration = Duration::from_secs(1);

/// What the loop listens to besides the sockets.
pub struct GatewayEnds {
    /// Questions to the switch.
    pub asks: mpsc::Receiver<Ask>,
    /// Questions to the gateway.
    pub control: mpsc::Receiver<Control>,
    /// What the media plane says.
    pub media: mpsc::Receiver<MediaEvent>,
    /// What outside services have answered.
    pub answers: mpsc::Receiver<ServiceAnswer>,
    /// What became of recordings that were to become prompts.
    pub kept: mpsc::Receiver<PromptKept>,
}

/// Everything that decides about calls, on one thread.
pub struct Gateway {
    ports: Ports,
    switch: Switch,
    endpoint: Endpoint,
    clock: Clock,
    unsent: Vec<u64>,
}

impl Gateway {
    /// A gateway over bound sockets, a started media plane and a switch that may have been recovered.
    #[must_use]
    pub fn new(config: GatewayConfig, endpoint: Endpoint, media: MediaPlane, switch: Switch) -> Self {
        let bound = endpoint.local_addrs();
        let first = |wanted| bound.iter().find(|(transport, _)| *transport == wanted).map(|(_, at)| *at);
        let (udp_bound, tcp_bound, tls_bound) =
            (first(Transport::Udp), first(Transport::Tcp), first(Transport::Tls));
        let own_ports = bound.iter().map(|(_, at)| at.port()).collect();
        let mut addresses = Addresses::new(config.public_address);
        // What Via and Contact say: the address that peers off this machine can reach.
        let outside = addresses.outside(udp_bound.or(tcp_bound).or(tls_bound));
        let mut ua = ua_config(outside);
        if let Some(tcp) = tcp_bound {
            ua.tcp.port = tcp.port();
        }
        if let Some(tls) = tls_bound {
            ua.tls.port = tls.port();
        }
        if let Some(port) = config.websocket_port {
            ua.ws.port = port;
        }
        let seconds = u32::try_from(config.expires_min.as_secs()).unwrap_or(60);
        let limits = RegisterLimits { expires_min: seconds, ..RegisterLimits::default() };
        let ports = Ports::new(PortParts {
            agent: UserAgent::new(ua, config.seed),
            border: Border::new(config.digest, config.nonce_secret, own_ports),
            bindings: Bindings::new(limits),
            heartbeats: Heartbeats::new(config.heartbeat),
            media,
            recordings: config.recordings,
            services: config.services,
            takes: config.takes,
            addresses,
            udp_bound,
            tcp_bound,
            tls_bound,
            offers_srtp: config.offers_srtp,
            first_id: config.first_id,
        });
        let clock = Clock::start_not_before(switch.latest());
        Self { ports, switch, endpoint, clock, unsent: Vec::new() }
    }

    /// Takes over a domain's provisioning.
    pub fn configure(&mut self, settings: DomainSettings) {
        let DomainSettings { directory, accounts, trunk_hosts, sounds } = settings;
        let tenant = directory.tenant.id;
        let now = self.now();
        self.ports.border.set(directory.clone(), accounts);
        self.ports.trunk_hosts.retain(|(owner, _), _| *owner != tenant);
        self.ports.trunk_hosts.extend(trunk_hosts.into_iter().map(|(trunk, at)| ((tenant, trunk), at)));
        self.ports.sounds.insert(tenant, sounds);
        let numbers: Vec<_> =
            directory.mailboxes.values().map(|mailbox| (mailbox.id, mailbox.number.clone())).collect();
        self.switch.configure(directory, now, &mut self.ports);
        let summary = |(id, number)| {
            let view = self.switch.mailbox(tenant, id)?;
            Some((number, Summary { new: view.new, old: view.old }))
        };
        let lamps = numbers.into_iter().filter_map(summary).collect();
        self.ports.set_lamps(tenant, lamps);
        self.settle(now);
    }

    fn now(&mut self) -> Timestamp {
        let now = self.clock.now();
        self.ports.now = moment(now);
        now
    }

    /// Runs until [`Control::Stop`] or until every handle is gone.
    pub async fn run(mut self, mut ends: GatewayEnds) {
        self.take_up_recordings();
        let mut batch = Vec::with_capacity(64);
        let mut gauges = tokio::time::interval(GAUGES_EVERY);
        // One timer for all turns: to set another for each would cost more than most turns wait.
        let timer = tokio::time::sleep_until(Instant::now());
        tokio::pin!(timer);
        let stopped = loop {
            let deadline = self.deadline().map(Instant::from);
            if let Some(at) = deadline.filter(|at| *at != timer.deadline()) {
                timer.as_mut().reset(at);
            }
            tokio::select! {
                () = self.endpoint.receive(&mut batch) => {
                    let now = self.now();
                    for inbound in batch.drain(..) {
                        self.inbound(inbound);
                        self.settle(now);
                    }
                }
                ask = ends.asks.recv() => {
                    let Some(ask) = ask else { break None };
                    let now = self.now();
                    self.switch.ask(ask, now, &mut self.ports);
                    self.settle(now);
                }
                control = ends.control.recv() => match control {
                    Some(Control::Domain(settings, done)) => {
                        self.configure(*settings);
                        // Who asked may have gone away; the deed is done all the same.
                        let _gone = done.send(());
                    }
                    Some(Control::TestTrunk(question, tell)) => {
                        let now = self.now();
                        self.ports.test_trunk(&question, tell);
                        self.settle(now);
                    }
                    Some(Control::Stop(done)) => break Some(done),
                    None => break None,
                },
                Some(event) = ends.media.recv() => {
                    let now = self.now();
                    self.ports.media_event(event);
                    while let Ok(event) = ends.media.try_recv() {
                        self.ports.media_event(event);
                    }
                    self.settle(now);
                }
                Some(answer) = ends.answers.recv() => {
                    let now = self.now();
                    self.ports.inputs.push_back(answer.into());
                    self.settle(now);
                }
                Some(kept) = ends.kept.recv() => {
                    let now = self.now();
                    self.ports.inputs.push_back(kept.into());
                    self.settle(now);
                }
                () = &mut timer, if deadline.is_some() => self.tick(),
                _ = gauges.tick() => {
                    // A journal that could not be written is tried again although nothing happens.
                    let now = self.now();
                    self.switch.commit(now);
                    self.set_gauges();
                }
            }
        };
        self.stop(stopped);
    }

    /// What was being recorded when the process ended is looked for before the first call.
    fn take_up_recordings(&mut self) {
        let now = self.now();
        for tenant in self.switch.tenants().collect::<Vec<_>>() {
            self.ports.take_up(tenant, self.switch.unfinished(tenant));
        }
        self.settle(now);
    }

    fn stop(mut self, stopped: Option<oneshot::Sender<()>>) {
        let now = self.now();
        self.ports.media.stop();
        if let Err(error) = self.switch.close(now) {
            tracing::error!(%error, "the journal was not closed; the next start recovers as after a crash");
        }
        if let Some(done) = stopped {
            let _gone = done.send(());
        }
    }

    fn deadline(&self) -> Option<std::time::Instant> {
        let agent = self.ports.agent.next_deadline().map(timestamp);
        let bindings = self.ports.bindings.next_deadline().map(timestamp);
        let subscriptions = self.ports.lamps.subscriptions.next_deadline().map(timestamp);
        let heartbeats = self.ports.heartbeats.next_deadline().map(timestamp);
        let all = [self.switch.next_deadline(), agent, bindings, subscriptions, heartbeats];
        let soonest = all.into_iter().flatten().min()?;
        Some(self.clock.instant(soonest))
    }

    fn tick(&mut self) {
        let now = self.now();
        let ports = &mut self.ports;
        ports.agent.handle(UaInput::Tick, ports.now, &mut ports.border, &mut ports.ua_out);
        ports.expire_bindings();
        ports.expire_subscriptions();
        ports.look_after_silence();
        self.settle(now);
        self.switch.tick(now, &mut self.ports);
        self.settle(now);
    }

    fn inbound(&mut self, inbound: Inbound) {
        let ports = &mut self.ports;
        let input = match inbound {
            Inbound::Message { flow, message } => {
                ports.heard_on(flow);
                UaInput::Received { flow, message }
            }
            Inbound::Malformed { flow, error } => UaInput::Malformed { flow, error },
            Inbound::Closed { flow } => {
                for home in ports.bindings.homes(flow) {
                    if let Ok(dialed) = self.endpoint.connect(home) {
                        ports.bindings.rebind(flow, dialed);
                    }
                }
                ports.flow_closed(flow);
                UaInput::FlowClosed(flow)
            }
            Inbound::KeepAlive { flow } => return ports.heard_on(flow),
            Inbound::Asserted { flow, identity } => return ports.border.assert(flow, &identity),
        };
        ports.agent.handle(input, ports.now, &mut ports.border, &mut ports.ua_out);
    }

    /// Goes round until nothing is left to say: events become inputs, inputs commands, commands events.
    fn settle(&mut self, now: Timestamp) {
        for _ in 0..ROUNDS_MAX {
            if let Some(event) = self.ports.next_event() {
                self.ports.ua_event(event);
            } else if let Some((tenant, input)) = self.ports.inputs.pop_front() {
                self.switch.input(tenant, input, now, &mut self.ports);
            } else {
                self.flush(now);
                // What could not be sent has its own consequences.
                if self.ports.is_settled() {
                    return;
                }
            }
        }
        tracing::error!("one input led to more than {ROUNDS_MAX} steps; the rest waits for the next turn");
        self.flush(now);
    }

    /// Writes what one turn has decided, then lets go what it has said, to media and to phones.
    fn flush(&mut self, now: Timestamp) {
        self.switch.commit(now);
        let ports = &mut self.ports;
        ports.media.flush();
        for sent in ports.ua_out.transmits.drain(..) {
            let token = sent.token;
            if let Err(error) = transmit(&mut self.endpoint, sent) {
                metrics::counter!("cordboard_sip_send_failures_total").increment(1);
                tracing::debug!(%error, "a SIP message could not be sent");
                if token != 0 {
                    self.unsent.push(token);
                }
            }
        }
        for token in self.unsent.drain(..) {
            let input = UaInput::SendFailed { token };
            ports.agent.handle(input, ports.now, &mut ports.border, &mut ports.ua_out);
        }
    }

    fn set_gauges(&self) {
        let agent = self.ports.agent.gauges();
        let media = self.ports.media.gauges();
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        for (name, value) in [
            ("cordboard_calls", self.switch.call_count() as f64),
            ("cordboard_legs", self.ports.legs.len() as f64),
            ("cordboard_registrations", self.ports.bindings.len() as f64),
            ("cordboard_subscriptions", self.ports.lamps.subscriptions.len() as f64),
            ("cordboard_sip_dialogs", agent.dialogs as f64),
            ("cordboard_sip_transactions", agent.transactions as f64),
            ("cordboard_sip_timers", agent.timers as f64),
            ("cordboard_sip_nonces", self.ports.border.used_nonces() as f64),
            ("cordboard_media_endpoints", media.endpoints as f64),
            ("cordboard_media_ports", media.ports_in_use as f64),
            ("cordboard_media_players", media.players as f64),
            ("cordboard_media_recorders", media.recorders as f64),
            ("cordboard_media_bridges", media.bridges as f64),
            ("cordboard_switch_tasks", tasks as f64),
        ] {
            metrics::gauge!(name).set(value);
        }
        let failed = self.endpoint.counts().handshakes_failed;
        metrics::counter!("cordboard_tls_handshakes_failed_total", "listener" => "sip").absolute(failed);
    }
}

/// Sends what a user agent wants sent: along a flow that exists, or over a socket or connection to an address.
///
/// # Errors
/// [`sip::SendError`] if it cannot be sent now.
pub fn transmit(endpoint: &mut Endpoint, transmit: Transmit) -> Result<(), sip::SendError> {
    let flow = match transmit.to {
        Destination::Flow(flow) => flow,
        Destination::Address { transport: Transport::Udp, remote } => endpoint.udp_flow(remote)?,
        Destination::Address { transport: Transport::Tcp, remote } => endpoint.connect(remote)?,
        // Browsers and phones behind TLS call us; there is no way to call them.
        Destination::Address { transport: Transport::Tls | Transport::Ws, .. } => {
            return Err(sip::SendError::NoTransport);
        }
    };
    match flow.transport {
        Transport::Udp => endpoint.send_datagram(flow, &transmit.bytes),
        Transport::Tcp | Transport::Tls | Transport::Ws => {
            endpoint.send(flow, Bytes::from_owner(transmit.bytes))
        }
    }
}

/// The settings of the user agent: only the methods that are served are allowed.
fn ua_config(address: SocketAddr) -> UaConfig {
    UaConfig {
        allow: vec![
            Method::Invite,
            Method::Ack,
            Method::Cancel,
            Method::Bye,
            Method::Options,
            Method::Info,
            Method::Update,
            Method::Register,
            Method::Subscribe,
            Method::Publish,
        ],
        ..UaConfig::new(address)
    }
}

fn moment(at: Timestamp) -> Moment {
    Moment(u64::try_from(at.0).unwrap_or(0))
}

fn timestamp(at: Moment) -> Timestamp {
    Timestamp(i64::try_from(at.0).unwrap_or(i64::MAX))
}
