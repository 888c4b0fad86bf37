//! The phones of the demo: one SIP user agent for all of them, on one socket.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sip_proto::agent::{
    AdmitAll, DialogId, OutboundInvite, RequestKey, UaCommand, UaConfig, UaEvent, UaInput, UaOutbox,
    UserAgent,
};
use sip_proto::auth::DigestClient;
use sip_proto::sdp::{AudioCapabilities, CodecKind, Description, Direction, LocalMedia, LocalSdp};
use sip_proto::{Destination, Headers, Message, Moment, Name, NameAddr, Transport, Uri};
use tokio::sync::oneshot;

use super::audio::Line;
use super::dice::Dice;
use super::people::{DemoAgent, DemoPlan, Temper};

/// What somebody does later.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Register(usize),
    Dial { agent: usize, code: &'static str },
    CallerArrives,
    Answer(DialogId),
    Decline(DialogId),
    HangUp(DialogId),
}

/// One party of one call.
struct Party {
    line: Line,
    sdp: LocalSdp,
    offer: Option<Description>,
    /// The agent whose phone it is; none for a caller.
    agent: Option<usize>,
    /// True for a feature code: the phone hangs up when the prompt is over.
    code: bool,
    connected: bool,
}

pub(super) struct Phones {
    pub(super) plan: DemoPlan,
    dice: Dice,
    agent: UserAgent,
    out: UaOutbox,
    endpoint: sip::Endpoint,
    pub(super) here: SocketAddr,
    started: Instant,
    acts: BTreeMap<(Moment, u64), Act>,
    next: u64,
    parties: BTreeMap<DialogId, Party>,
    pub(super) digests: Vec<DigestClient>,
    pub(super) registering: BTreeMap<RequestKey, usize>,
    pub(super) sequence: BTreeMap<usize, u32>,
}

/// Plays the demo until `stop`.
pub(crate) async fn run(plan: DemoPlan, mut stop: oneshot::Receiver<()>) -> Result<()> {
    let mut phones = Phones::new(plan).await?;
    phones.begin();
    let mut batch = Vec::new();
    loop {
        phones.settle().await;
        let timer = tokio::time::sleep_until(phones.deadline().into());
        tokio::select! {
            () = phones.endpoint.receive(&mut batch) => {
                for inbound in batch.drain(..) {
                    phones.inbound(inbound);
                }
            }
            () = timer => phones.due().await,
            _ = &mut stop => return Ok(()),
        }
    }
}

impl Phones {
    async fn new(plan: DemoPlan) -> Result<Self> {
        let config =
            sip::Config { udp: vec![SocketAddr::new(plan.server.ip(), 0)], ..sip::Config::default() };
        let endpoint = sip::Endpoint::bind(config).await.context("the demo's phones find no port")?;
        let here =
            endpoint.local_addrs().first().map(|(_, at)| *at).context("the demo's phones find no port")?;
        let digests = plan
            .agents
            .iter()
            .zip(0..)
            .map(|(agent, at)| DigestClient::new(&agent.extension, &agent.secret, plan.seed ^ at))
            .collect();
        Ok(Self {
            dice: Dice::new(plan.seed),
            agent: UserAgent::new(UaConfig::new(here), plan.seed),
            out: UaOutbox::default(),
            endpoint,
            here,
            started: Instant::now(),
            acts: BTreeMap::new(),
            next: 1,
            parties: BTreeMap::new(),
            digests,
            registering: BTreeMap::new(),
            sequence: BTreeMap::new(),
            plan,
        })
    }

    fn now(&self) -> Moment {
        Moment(u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    fn deadline(&self) -> Instant {
        let acts = self.acts.keys().next().map(|(at, _)| *at);
        let soonest = [acts, self.agent.next_deadline()].into_iter().flatten().min();
        let at = soonest.map_or(Duration::from_secs(60), |at| Duration::from_micros(at.0));
        self.started + at
    }

    pub(super) fn later(&mut self, after: Duration, act: Act) {
        self.next += 1;
        let at = Moment(self.now().0.saturating_add(u64::try_from(after.as_micros()).unwrap_or(0)));
        self.acts.insert((at, self.next), act);
    }

    pub(super) fn new_id(&mut self) -> u64 {
        self.next += 1;
        self.next * 2 + 1
    }

    /// The shift starts: phones register one after the other, agents log in and get ready.
    fn begin(&mut self) {
        for at in 0..self.plan.agents.len() {
            let offset = Duration::from_millis(150 * u64::try_from(at).unwrap_or(0));
            self.later(offset, Act::Register(at));
            self.later(offset + Duration::from_secs(1), Act::Dial { agent: at, code: "*38" });
            self.later(offset + Duration::from_secs(6), Act::Dial { agent: at, code: "*36" });
        }
        self.later(Duration::from_secs(4), Act::CallerArrives);
    }

    async fn due(&mut self) {
        let now = self.now();
        self.ua(UaInput::Tick);
        while let Some(entry) = self.acts.first_entry() {
            if entry.key().0 > now {
                return;
            }
            let act = entry.remove();
            self.perform(act).await;
        }
    }

    async fn perform(&mut self, act: Act) {
        match act {
            Act::Register(agent) => {
                self.register(agent);
                self.later(Duration::from_secs(90), Act::Register(agent));
            }
            Act::Dial { agent, code } => self.dial_code(agent, code).await,
            Act::CallerArrives => {
                let next = self.dice.next_caller(self.plan.between_callers);
                self.later(next, Act::CallerArrives);
                self.call_in().await;
            }
            Act::Answer(dialog) => self.answer(dialog),
            Act::Decline(dialog) => {
                let (reason, headers) = (String::new(), Headers::new());
                self.command(UaCommand::Reject { dialog, status: 603, reason, headers });
            }
            Act::HangUp(dialog) => self.command(UaCommand::Hangup { dialog, reason: None }),
        }
    }

    fn ua(&mut self, input: UaInput) {
        let now = self.now();
        self.agent.handle(input, now, &mut AdmitAll, &mut self.out);
    }

    pub(super) fn command(&mut self, command: UaCommand) {
        self.ua(UaInput::Command(command));
    }

    fn inbound(&mut self, inbound: sip::Inbound) {
        self.ua(match inbound {
            sip::Inbound::Message { flow, message } => UaInput::Received { flow, message },
            sip::Inbound::Malformed { flow, error } => UaInput::Malformed { flow, error },
            sip::Inbound::Closed { flow } => UaInput::FlowClosed(flow),
            sip::Inbound::KeepAlive { .. } | sip::Inbound::Asserted { .. } => return,
        });
    }

    async fn settle(&mut self) {
        while !self.out.events.is_empty() {
            for event in std::mem::take(&mut self.out.events) {
                self.heard(event).await;
            }
        }
        for transmit in std::mem::take(&mut self.out.transmits) {
            // Lost is lost: the transaction sends again.
            let _sent = gateway::transmit(&mut self.endpoint, transmit);
        }
    }

    pub(super) fn server(&self) -> Destination {
        Destination::Address { transport: Transport::Udp, remote: self.plan.server }
    }

    pub(super) fn own_uri(&self, user: &str) -> Uri {
        Uri::sip(Some(user), &self.plan.domain, None)
    }

    async fn party(&mut self, dialog: DialogId, agent: Option<usize>, code: bool) -> Option<String> {
        let mut line = Line::open(self.here.ip()).await.ok()?;
        let mut sdp = LocalSdp::new(dialog.0);
        let local = LocalMedia { addr: self.here.ip(), port: line.port, direction: Direction::SendRecv };
        let body = sdp.build_offer(&pcmu(), &local);
        // A line that hears nothing of the offer still keeps its port open for early sounds.
        line.port = local.port;
        self.parties.insert(dialog, Party { line, sdp, offer: None, agent, code, connected: false });
        Some(body)
    }

    /// An agent dials a feature code.
    async fn dial_code(&mut self, agent: usize, code: &'static str) {
        let Some(DemoAgent { extension, .. }) = self.plan.agents.get(agent).cloned() else { return };
        let from = NameAddr::new(self.own_uri(&extension));
        self.invite(from, code, Some(agent)).await;
    }

    /// A caller dials one of the numbers.
    async fn call_in(&mut self) {
        let callers = self.parties.values().filter(|party| party.agent.is_none()).count();
        if callers >= self.plan.callers_max {
            return;
        }
        let at = usize::try_from(self.dice.below(self.plan.numbers.len() as u64)).unwrap_or(0);
        let Some(number) = self.plan.numbers.get(at).cloned() else { return };
        let mut from = NameAddr::new(Uri::sip_address(Some(&self.dice.caller_number()), self.here));
        from.display = Some(self.dice.caller_name().into());
        if let Some(dialog) = self.invite(from, &number, None).await {
            let patience = self.dice.patience();
            self.later(patience, Act::HangUp(dialog));
        }
    }

    async fn invite(&mut self, from: NameAddr, number: &str, agent: Option<usize>) -> Option<DialogId> {
        let dialog = DialogId(self.new_id());
        let body = self.party(dialog, agent, agent.is_some()).await?;
        let target = Uri::sip_address(Some(number), self.plan.server);
        let mut invite = OutboundInvite::new(self.server(), target.clone(), from, NameAddr::new(target));
        invite.sdp = Some(body.into_bytes());
        invite.authenticates = agent.is_some();
        self.command(UaCommand::Invite { dialog, invite: Box::new(invite) });
        Some(dialog)
    }

    async fn heard(&mut self, event: UaEvent) {
        match event {
            UaEvent::Invite { dialog, request, .. } => self.rings(dialog, &request).await,
            UaEvent::Challenged { dialog, response } => self.prove(dialog, &response),
            UaEvent::Answered { dialog, sdp, .. } => self.talks(dialog, sdp.as_deref()),
            UaEvent::Failed { dialog, .. } => {
                self.parties.remove(&dialog);
            }
            UaEvent::Ended { dialog, .. } => self.over(dialog),
            UaEvent::Response { key, status, response } => self.registered(key, status, response.as_deref()),
            UaEvent::Request { key, .. } => {
                let (reason, headers, body) = (String::new(), Headers::new(), Vec::new());
                self.command(UaCommand::Respond { key, status: 200, reason, headers, body });
            }
            UaEvent::Reinvite { dialog, .. } => {
                self.command(UaCommand::RejectReinvite { dialog, status: 488 })
            }
            UaEvent::Progress { .. }
            | UaEvent::Established { .. }
            | UaEvent::ReinviteCancelled { .. }
            | UaEvent::ReinviteEstablished { .. }
            | UaEvent::ReinviteAnswered { .. }
            | UaEvent::ReinviteFailed { .. }
            | UaEvent::Info { .. }
            | UaEvent::InfoAnswered { .. } => {}
        }
    }

    /// An agent's phone rings.
    async fn rings(&mut self, dialog: DialogId, request: &Message) {
        let user = request.request_uri().map(Uri::user_text).unwrap_or_default();
        let agent = self.plan.agents.iter().position(|agent| agent.extension == user);
        let offer = Description::parse(&request.body).ok();
        let (Some(agent), Some(offer)) = (agent, offer) else {
            let (reason, headers) = (String::new(), Headers::new());
            return self.command(UaCommand::Reject { dialog, status: 404, reason, headers });
        };
        if self.party(dialog, Some(agent), false).await.is_none() {
            return;
        }
        if let Some(party) = self.parties.get_mut(&dialog) {
            party.offer = Some(offer);
            party.sdp = LocalSdp::new(dialog.0);
        }
        self.command(UaCommand::Progress { dialog, status: 180, sdp: None });
        match self.dice.temper() {
            Temper::Answers(after) => self.later(after, Act::Answer(dialog)),
            Temper::Declines(after) => self.later(after, Act::Decline(dialog)),
            // Back at the desk after a while: ready again.
            Temper::Away => {
                let back = self.dice.between(Duration::from_secs(25), Duration::from_secs(45));
                self.later(back, Act::Dial { agent, code: "*36" });
            }
        }
    }

    fn answer(&mut self, dialog: DialogId) {
        let ip = self.here.ip();
        let Some(party) = self.parties.get_mut(&dialog) else { return };
        let Some(offer) = party.offer.take() else { return };
        let local = LocalMedia { addr: ip, port: party.line.port, direction: Direction::SendRecv };
        let Ok((body, negotiated)) = party.sdp.build_answer(&offer, &pcmu(), &local) else { return };
        party.connected = true;
        if let Some(remote) = negotiated.remote {
            party.line.speak(remote, 350.0, ssrc(dialog));
        }
        self.command(UaCommand::Answer { dialog, sdp: body.into_bytes(), headers: Headers::new() });
        let talk = self.dice.talk();
        self.later(talk, Act::HangUp(dialog));
    }

    /// Our side of a call we made was answered: by music, a prompt or a person.
    fn talks(&mut self, dialog: DialogId, sdp: Option<&[u8]>) {
        let Some(party) = self.parties.get_mut(&dialog) else { return };
        let answer = sdp.and_then(|body| Description::parse(body).ok());
        let negotiated = answer.and_then(|answer| party.sdp.read_answer(&answer).ok());
        party.connected = true;
        if let Some(remote) = negotiated.and_then(|negotiated| negotiated.remote) {
            party.line.speak(remote, 440.0, ssrc(dialog));
        }
    }

    fn prove(&mut self, dialog: DialogId, response: &Message) {
        let agent = self.parties.get(&dialog).filter(|party| party.code).and_then(|party| party.agent);
        let uri = response.to().map(|to| to.uri.to_string()).unwrap_or_default();
        let values: Vec<&[u8]> = response.headers.all(Name::WwwAuthenticate).collect();
        let proof = agent.and_then(|agent| self.digests.get_mut(agent)).and_then(|digest| {
            digest.challenged(&values).ok()?;
            let proof = digest.authorization("INVITE", &uri);
            digest.accepted();
            proof
        });
        match proof {
            Some(proof) => {
                let mut headers = Headers::new();
                headers.push(Name::Authorization, proof);
                self.command(UaCommand::Retry { dialog, headers });
            }
            None => self.command(UaCommand::Hangup { dialog, reason: None }),
        }
    }

    /// A call is over: sometimes the agent needs a break before the next.
    fn over(&mut self, dialog: DialogId) {
        let Some(party) = self.parties.remove(&dialog) else { return };
        let Some(agent) = party.agent.filter(|_| party.connected && !party.code) else { return };
        if self.dice.chance(6) {
            self.later(Duration::from_secs(8), Act::Dial { agent, code: "*37" });
            let pause = self.dice.between(Duration::from_secs(20), Duration::from_secs(60));
            self.later(Duration::from_secs(8) + pause, Act::Dial { agent, code: "*36" });
        }
    }
}

fn pcmu() -> AudioCapabilities {
    AudioCapabilities { codecs: vec![CodecKind::Pcmu], ..AudioCapabilities::g711() }
}

fn ssrc(dialog: DialogId) -> u32 {
    u32::try_from(dialog.0 & 0xFFFF_FFFF).unwrap_or(0)
}
