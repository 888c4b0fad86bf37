//! Two user agents, a stranger, and a wire between them that delays, loses, repeats and reorders,
//! in virtual time and by a seed.

use std::collections::BTreeMap;
use std::time::Duration;

use sip_proto::agent::{
    AdmitAll, DialogId, EndReason, Gauges, Guard, OutboundInvite, Reason, Transmit, UaCommand, UaConfig,
    UaEvent, UaInput, UaOutbox, UserAgent,
};
use sip_proto::{Destination, Flow, Headers, Message, Moment, NameAddr, Transport, Uri, parse_datagram};

pub(crate) const A: usize = 0;
pub(crate) const B: usize = 1;
pub(crate) const SDP_A: &[u8] = b"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\n";
pub(crate) const SDP_B: &[u8] = b"v=0\r\no=b 1 1 IN IP4 192.0.2.2\r\n";
const ADDRESSES: [&str; 3] = ["192.0.2.1:5060", "192.0.2.2:5060", "192.0.2.99:5060"];
/// The one who is no user agent of ours.
pub(crate) const STRANGER: usize = 2;
const STEPS_MAX: usize = 2_000_000;

/// A small generator for the wire; the agents have their own.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound.max(1)
    }
}

type Sieve = Box<dyn FnMut(usize, &Message) -> bool>;

pub(crate) struct World {
    pub(crate) now: Moment,
    pub(crate) agents: Vec<UserAgent>,
    pub(crate) guards: Vec<Box<dyn Guard>>,
    pub(crate) transport: Transport,
    pub(crate) delay: Duration,
    /// Per mille.
    pub(crate) loss: u64,
    pub(crate) repeat: u64,
    pub(crate) jitter: Duration,
    pub(crate) chance: Chance,
    /// Says of each message whether it gets through.
    pub(crate) sieve: Sieve,
    wire: BTreeMap<(Moment, u64), (usize, usize, Vec<u8>)>,
    sent: u64,
    /// What the applications heard, as `a: answered`.
    pub(crate) log: Vec<String>,
    pub(crate) events: Vec<(usize, UaEvent)>,
    /// Every message put on the wire: who sent it, and its first words.
    pub(crate) trace: Vec<(usize, String)>,
    /// What the stranger received.
    pub(crate) mail: Vec<Message>,
    pub(crate) raw_mail: Vec<Vec<u8>>,
    pub(crate) last_raw: Vec<(usize, Vec<u8>)>,
}

impl World {
    pub(crate) fn new(seed: u64) -> World {
        World::with(seed, |_| {})
    }

    pub(crate) fn with(seed: u64, configure: impl Fn(&mut UaConfig)) -> World {
        let agent = |index: usize| {
            let mut config = UaConfig::new(ADDRESSES[index].parse().unwrap());
            configure(&mut config);
            UserAgent::new(config, seed.wrapping_mul(2).wrapping_add(index as u64))
        };
        World {
            now: Moment(1_000_000),
            agents: vec![agent(A), agent(B)],
            guards: vec![Box::new(AdmitAll), Box::new(AdmitAll)],
            transport: Transport::Udp,
            delay: Duration::from_millis(10),
            loss: 0,
            repeat: 0,
            jitter: Duration::ZERO,
            chance: Chance(seed),
            sieve: Box::new(|_, _| true),
            wire: BTreeMap::new(),
            sent: 0,
            log: Vec::new(),
            events: Vec::new(),
            trace: Vec::new(),
            mail: Vec::new(),
            raw_mail: Vec::new(),
            last_raw: Vec::new(),
        }
    }

    /// The path from one to another.
    pub(crate) fn flow(&self, local: usize, remote: usize) -> Flow {
        let id = if self.transport == Transport::Udp { 0 } else { 1 + (local + remote) as u64 };
        Flow {
            transport: self.transport,
            local: ADDRESSES[local].parse().unwrap(),
            remote: ADDRESSES[remote].parse().unwrap(),
            id,
        }
    }

    pub(crate) fn input(&mut self, who: usize, input: UaInput) {
        let mut out = UaOutbox::default();
        self.agents[who].handle(input, self.now, self.guards[who].as_mut(), &mut out);
        for transmit in out.transmits {
            self.put(who, transmit);
        }
        for event in out.events {
            self.log.push(format!("{}: {}", ["a", "b"][who], describe(&event)));
            self.events.push((who, event));
        }
    }

    pub(crate) fn command(&mut self, who: usize, command: UaCommand) {
        self.input(who, UaInput::Command(command));
    }

    fn put(&mut self, from: usize, transmit: Transmit) {
        let remote = transmit.to.remote().to_string();
        let to = ADDRESSES.iter().position(|address| *address == remote);
        self.send(from, to.unwrap_or(STRANGER), transmit.bytes.to_vec());
    }

    /// Puts bytes on the wire.
    pub(crate) fn send(&mut self, from: usize, to: usize, bytes: Vec<u8>) {
        // The answer to what cannot be read repeats what cannot be read.
        let message = match parse_datagram(&bytes) {
            Ok(message) => message,
            Err(error) => *error.partial.expect("what is sent has headers"),
        };
        let first = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        let words: Vec<&str> = first.split_whitespace().collect();
        let words = match message.status() {
            Some(status) => match message.cseq() {
                Some(cseq) => format!("{status} {}", cseq.method),
                None => status.to_string(),
            },
            None => words[0].to_owned(),
        };
        self.trace.push((from, words));
        self.last_raw.push((from, bytes.clone()));
        if !(self.sieve)(from, &message) || self.chance.below(1000) < self.loss {
            return;
        }
        let copies = if self.chance.below(1000) < self.repeat { 2 } else { 1 };
        for _ in 0..copies {
            let jitter = self.chance.below(u64::try_from(self.jitter.as_micros()).unwrap() + 1);
            let at = self.now + self.delay + Duration::from_micros(jitter);
            self.sent += 1;
            self.wire.insert((at, self.sent), (from, to, bytes.clone()));
        }
    }

    /// The stranger sends text to an agent.
    pub(crate) fn stranger_sends(&mut self, to: usize, text: &str) {
        self.send(STRANGER, to, text.as_bytes().to_vec());
    }

    /// Lets the next thing happen, if it happens before `until`. Whether one did.
    pub(crate) fn step(&mut self, until: Moment) -> bool {
        let packet = self.wire.first_key_value().map(|((at, _), _)| *at);
        let deadline = self.agents.iter().filter_map(UserAgent::next_deadline).min();
        let Some(next) = packet.into_iter().chain(deadline).min().filter(|next| *next <= until) else {
            return false;
        };
        self.now = self.now.max(next);
        if packet == Some(next) {
            let (_, (from, to, bytes)) = self.wire.pop_first().unwrap();
            self.arrive(from, to, &bytes);
            return true;
        }
        for who in [A, B] {
            if self.agents[who].next_deadline().is_some_and(|at| at <= self.now) {
                self.input(who, UaInput::Tick);
            }
        }
        true
    }

    fn arrive(&mut self, from: usize, to: usize, bytes: &[u8]) {
        if to == STRANGER {
            self.mail.push(parse_datagram(bytes).unwrap_or_else(|error| *error.partial.unwrap()));
            self.raw_mail.push(bytes.to_vec());
            return;
        }
        let flow = self.flow(to, from);
        match parse_datagram(bytes) {
            Ok(message) => self.input(to, UaInput::Received { flow, message }),
            Err(error) => self.input(to, UaInput::Malformed { flow, error }),
        }
    }

    pub(crate) fn run(&mut self, time: Duration) {
        let until = self.now + time;
        for _ in 0..STEPS_MAX {
            if !self.step(until) {
                self.now = until;
                return;
            }
        }
        panic!("no end of things happening: {:?}", &self.trace[self.trace.len() - 20..]);
    }

    pub(crate) fn run_ms(&mut self, ms: u64) {
        self.run(Duration::from_millis(ms));
    }

    /// Long enough for every transaction to be forgotten, then checks that they are.
    pub(crate) fn assert_nothing_is_left(&mut self) {
        self.run(Duration::from_secs(200));
        for who in [A, B] {
            let name = ["a", "b"][who];
            assert_eq!(
                self.agents[who].gauges(),
                Gauges::default(),
                "{name} holds something: {:?}",
                self.log
            );
        }
    }

    pub(crate) fn invite_from(&self, who: usize, to: usize) -> OutboundInvite {
        let address = |index: usize, user: &str| {
            NameAddr::new(Uri::sip_address(Some(user), ADDRESSES[index].parse().unwrap()))
        };
        let destination = match self.transport {
            Transport::Udp => {
                Destination::Address { transport: Transport::Udp, remote: ADDRESSES[to].parse().unwrap() }
            }
            Transport::Tcp | Transport::Tls | Transport::Ws => Destination::Flow(self.flow(who, to)),
        };
        let to = address(to, "bob");
        let mut invite = OutboundInvite::new(destination, to.uri.clone(), address(who, "alice"), to);
        invite.sdp = Some(SDP_A.to_vec());
        invite
    }

    /// A calls B (or the stranger).
    pub(crate) fn call(&mut self, dialog: u64, to: usize) -> DialogId {
        let invite = Box::new(self.invite_from(A, to));
        self.command(A, UaCommand::Invite { dialog: DialogId(dialog), invite });
        DialogId(dialog)
    }

    /// The last call that came in at `who`.
    pub(crate) fn incoming(&self, who: usize) -> DialogId {
        let found = self.events.iter().rev().find_map(|(at, event)| match event {
            UaEvent::Invite { dialog, .. } if *at == who => Some(*dialog),
            _ => None,
        });
        found.expect("a call came in")
    }

    pub(crate) fn answer(&mut self, who: usize, dialog: DialogId) {
        let sdp = SDP_B.to_vec();
        self.command(who, UaCommand::Answer { dialog, sdp, headers: Headers::new() });
    }

    pub(crate) fn hang_up(&mut self, who: usize, dialog: DialogId) {
        let reason = Some(Reason::q850(16, "Normal call clearing"));
        self.command(who, UaCommand::Hangup { dialog, reason });
    }

    /// A calls B, B answers, and all is settled: the two numbers.
    pub(crate) fn talking(&mut self) -> (DialogId, DialogId) {
        let a = self.call(1, B);
        self.run_ms(50);
        let b = self.incoming(B);
        self.answer(B, b);
        self.run_ms(50);
        self.log.clear();
        self.trace.clear();
        self.last_raw.clear();
        (a, b)
    }

    /// How often `who` sent this.
    pub(crate) fn count(&self, who: usize, words: &str) -> usize {
        self.trace.iter().filter(|(from, what)| *from == who && what == words).count()
    }

    /// The last message of this kind that `who` sent.
    pub(crate) fn last_sent(&self, who: usize, words: &str) -> Message {
        let at = self.trace.iter().rposition(|(from, what)| *from == who && what == words);
        parse_datagram(&self.last_raw[at.expect("it was sent")].1).unwrap()
    }

    pub(crate) fn statuses(&self) -> Vec<u16> {
        self.mail.iter().filter_map(Message::status).collect()
    }
}

pub(crate) fn describe(event: &UaEvent) -> String {
    let with = |sdp: &Option<Vec<u8>>| if sdp.is_some() { " sdp" } else { "" };
    match event {
        UaEvent::Invite { .. } => "invite".to_owned(),
        UaEvent::Progress { status, sdp, .. } => format!("progress {status}{}", with(sdp)),
        UaEvent::Answered { sdp, .. } => format!("answered{}", with(sdp)),
        UaEvent::Challenged { response, .. } => format!("challenged {}", response.status().unwrap()),
        UaEvent::Failed { status, .. } => format!("failed {status}"),
        UaEvent::Established { sdp, .. } => format!("established{}", with(sdp)),
        UaEvent::Ended { why, reason, .. } => {
            let why = match why {
                EndReason::Local => "local",
                EndReason::Bye => "bye",
                EndReason::Cancel => "cancel",
                EndReason::Timeout => "timeout",
                EndReason::Unknown => "unknown",
                EndReason::Transport => "transport",
                EndReason::AckMissing => "ack missing",
                EndReason::SessionExpired => "session expired",
            };
            let cause = reason.as_ref().map(|reason| format!(" {}", reason.cause)).unwrap_or_default();
            format!("ended {why}{cause}")
        }
        UaEvent::Reinvite { sdp, .. } => format!("reinvite{}", with(sdp)),
        UaEvent::ReinviteCancelled { .. } => "reinvite cancelled".to_owned(),
        UaEvent::ReinviteEstablished { sdp, .. } => format!("reinvite established{}", with(sdp)),
        UaEvent::ReinviteAnswered { sdp, .. } => format!("reinvite answered{}", with(sdp)),
        UaEvent::ReinviteFailed { status, .. } => format!("reinvite failed {status}"),
        UaEvent::Info { content_type, .. } => format!("info {content_type}"),
        UaEvent::InfoAnswered { status, .. } => format!("info answered {status}"),
        UaEvent::Request { request, .. } => format!("request {}", request.method().unwrap()),
        UaEvent::Response { status, .. } => format!("response {status}"),
    }
}
