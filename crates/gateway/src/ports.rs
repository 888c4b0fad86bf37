//! Everything the engines act through, as one value: the SIP user agent, the registrar, the media plane, and
//! the table that ties a leg to its dialogs and its endpoint.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::{IpAddr, SocketAddr};

use engine::{Cause, Command, DialTarget, Input, LegCommand, LegInput};
use media::{MediaPlane, Sounds};
use model::{ExtensionNumber, LegId, TenantId, TrunkId};
use sip_proto::agent::{DialogId, UaCommand, UaEvent, UaInput, UaOutbox, UserAgent};
use sip_proto::register::{Bindings, Heartbeats};
use sip_proto::subscription::Summary;
use sip_proto::{Destination, Moment, Transport};
use switch::{Port, Recordings};
use tokio::sync::mpsc;

use crate::addresses::Addresses;
use crate::border::Border;
use crate::lamps::Lamps;
use crate::legs::{Key, Leg, Legs, Side};
use crate::recordings::Owed;
use crate::services::ServiceAsk;
use crate::studio::TakenPrompt;
use crate::trunk_tests::TrunkTests;

/// What the engines act through. Commands never block; what fails comes back in `inputs`.
pub(crate) struct Ports {
    pub(crate) agent: UserAgent,
    pub(crate) ua_out: UaOutbox,
    heard: VecDeque<UaEvent>,
    pub(crate) border: Border,
    pub(crate) bindings: Bindings,
    pub(crate) heartbeats: Heartbeats,
    /// Extensions that were called since their phones last registered: the engine may doubt that they can be
    /// reached. At most those that are provisioned.
    pub(crate) called: BTreeSet<(TenantId, ExtensionNumber)>,
    pub(crate) legs: Legs,
    pub(crate) media: MediaPlane,
    pub(crate) owed: Owed,
    pub(crate) lamps: Lamps,
    pub(crate) trunk_tests: TrunkTests,
    pub(crate) services: mpsc::Sender<ServiceAsk>,
    pub(crate) takes: mpsc::Sender<TakenPrompt>,
    pub(crate) addresses: Addresses,
    pub(crate) trunk_hosts: BTreeMap<(TenantId, TrunkId), SocketAddr>,
    /// What can be heard in each domain.
    pub(crate) sounds: BTreeMap<TenantId, Sounds>,
    pub(crate) inputs: VecDeque<(TenantId, Input)>,
    pub(crate) now: Moment,
    pub(crate) udp_bound: Option<SocketAddr>,
    pub(crate) tcp_bound: Option<SocketAddr>,
    pub(crate) tls_bound: Option<SocketAddr>,
    /// Whether phones behind TLS are offered SRTP.
    pub(crate) offers_srtp: bool,
    next_leg: u64,
    next_dialog: u64,
    next_sdp: u64,
}

/// What the ports are made of.
pub(crate) struct PortParts {
    pub(crate) agent: UserAgent,
    pub(crate) border: Border,
    pub(crate) bindings: Bindings,
    pub(crate) heartbeats: Heartbeats,
    pub(crate) media: MediaPlane,
    pub(crate) recordings: Recordings,
    pub(crate) services: mpsc::Sender<ServiceAsk>,
    pub(crate) takes: mpsc::Sender<TakenPrompt>,
    pub(crate) addresses: Addresses,
    pub(crate) udp_bound: Option<SocketAddr>,
    pub(crate) tcp_bound: Option<SocketAddr>,
    pub(crate) tls_bound: Option<SocketAddr>,
    pub(crate) offers_srtp: bool,
    pub(crate) first_id: u64,
}

impl Ports {
    pub(crate) fn new(mut parts: PortParts) -> Self {
        // One turn of the loop tells media several things; each worker is woken once for them.
        parts.media.gather();
        Self {
            agent: parts.agent,
            ua_out: UaOutbox::default(),
            heard: VecDeque::new(),
            border: parts.border,
            bindings: parts.bindings,
            heartbeats: parts.heartbeats,
            called: BTreeSet::new(),
            legs: Legs::default(),
            media: parts.media,
            owed: Owed::new(parts.recordings),
            lamps: Lamps::default(),
            trunk_tests: TrunkTests::default(),
            services: parts.services,
            takes: parts.takes,
            addresses: parts.addresses,
            trunk_hosts: BTreeMap::new(),
            sounds: BTreeMap::new(),
            inputs: VecDeque::new(),
            now: Moment(0),
            udp_bound: parts.udp_bound,
            tcp_bound: parts.tcp_bound,
            tls_bound: parts.tls_bound,
            offers_srtp: parts.offers_srtp,
            // Arrived legs are even, dialed ones odd (model::id); so are the dialogs of a user agent.
            next_leg: parts.first_id * 2,
            next_dialog: 1,
            next_sdp: parts.first_id,
        }
    }

    /// A new id for a leg that arrived.
    pub(crate) fn new_leg(&mut self) -> LegId {
        self.next_leg += 2;
        LegId(self.next_leg)
    }

    /// A new id for a dialog that we begin.
    pub(crate) fn new_dialog(&mut self) -> DialogId {
        self.next_dialog += 2;
        DialogId(self.next_dialog)
    }

    /// A new id for an SDP description.
    pub(crate) fn new_sdp(&mut self) -> u64 {
        self.next_sdp += 2;
        self.next_sdp
    }

    /// The oldest thing that the user agent has said and nobody has heard.
    pub(crate) fn next_event(&mut self) -> Option<UaEvent> {
        self.heard.extend(self.ua_out.events.drain(..));
        self.heard.pop_front()
    }

    /// Whether nothing is left to hear, to tell or to send.
    pub(crate) fn is_settled(&self) -> bool {
        self.heard.is_empty()
            && self.ua_out.events.is_empty()
            && self.ua_out.transmits.is_empty()
            && self.inputs.is_empty()
    }

    /// Gives the user agent a command; what it says is read by the loop.
    pub(crate) fn ua(&mut self, command: UaCommand) {
        self.agent.handle(UaInput::Command(command), self.now, &mut self.border, &mut self.ua_out);
    }

    /// Tells a leg's engine something, after the current step.
    pub(crate) fn tell(&mut self, (tenant, leg): Key, input: LegInput) {
        self.inputs.push_back((tenant, Input::Leg(leg, input)));
    }

    /// The address of ours that goes into the SDP for a peer.
    pub(crate) fn own_address(&mut self, to: Destination) -> IpAddr {
        let bound = match to.transport() {
            Transport::Udp => self.udp_bound,
            Transport::Tcp | Transport::Ws => self.tcp_bound,
            Transport::Tls => self.tls_bound,
        };
        let unset = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
        let peer = to.remote().ip();
        // An address of the other family is none that this peer could send to.
        let bound = bound.map(|address| address.ip()).filter(|ip| ip.is_ipv4() == peer.is_ipv4());
        self.addresses.toward(peer, bound.unwrap_or(unset))
    }

    /// Ends a leg here and now: its dialogs close by themselves, its endpoint is given back, and the engine
    /// is told that it is over. Nothing that crosses this can bring it back.
    pub(crate) fn end_leg(&mut self, key: Key, cause: Cause) {
        let Some(leg) = self.legs.remove(key) else { return };
        for dialog in dialogs(&leg) {
            self.hang_up(dialog, cause);
        }
        self.close_media(&leg);
        self.tell(key, LegInput::Ended(cause));
    }

    /// The other side ended a leg.
    pub(crate) fn leg_ended(&mut self, key: Key, cause: Cause) {
        let Some(leg) = self.legs.remove(key) else { return };
        self.close_media(&leg);
        self.tell(key, LegInput::Ended(cause));
    }
}

fn dialogs(leg: &Leg) -> Vec<DialogId> {
    match &leg.side {
        Side::Arrived { dialog, .. } => vec![*dialog],
        Side::Dialed { forks, answered, .. } => {
            forks.iter().map(|fork| fork.dialog).chain(*answered).collect()
        }
    }
}

impl Port for Ports {
    fn command(&mut self, tenant: TenantId, command: Command) {
        match command {
            Command::Leg(leg, LegCommand::Ring) => self.ring((tenant, leg)),
            Command::Leg(leg, LegCommand::Answer) => self.answer((tenant, leg)),
            Command::Leg(leg, LegCommand::Refuse(cause)) => self.refuse((tenant, leg), cause),
            Command::Leg(leg, LegCommand::Dial { to, caller, beside, queue, max_forwards, auto_answer }) => {
                let shown = (&caller, queue.as_deref());
                self.dial((tenant, leg), (&to, beside), shown, (max_forwards, auto_answer));
                if let DialTarget::Extension(number) = &to {
                    self.expect_answer(tenant, number);
                }
            }
            Command::Leg(leg, LegCommand::Secrecy(secrecy)) => self.keep_digits((tenant, leg), secrecy),
            Command::Leg(leg, LegCommand::Lift) => self.lift((tenant, leg)),
            Command::Leg(leg, LegCommand::End(cause)) => self.end_leg((tenant, leg), cause),
            Command::Media(command) => self.media_command(tenant, command),
            Command::Fetch(call, fetch) => self.fetch(tenant, call, fetch),
            Command::Erase { mailbox, record } => self.erase(tenant, mailbox, record),
            Command::KeepPrompt(prompt) => self.keep_prompt(tenant, prompt),
            Command::Lamp { mailbox, new, old } => self.lamp(tenant, mailbox, Summary { new, old }),
        }
    }
}
