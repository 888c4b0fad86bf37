//! One call: what an INVITE began, until nothing of it is left.

use super::command::{DialogId, OutboundInvite, Reason};
use super::core::{Cx, Timer, UsageTimer};
use super::event::{EndReason, UaEvent};
use super::refresh::{SessionTimer, TimerAnswer};
use crate::dialog::Dialog;
use crate::flow::{Destination, Flow};
use crate::message::{Headers, Message};
use crate::time::Moment;
use crate::timer::TimerId;
use std::sync::Arc;
use std::time::Duration;

/// One call.
pub(crate) struct Usage {
    pub(crate) id: DialogId,
    /// Our tag, by which requests of the peer are found.
    pub(crate) local_tag: String,
    /// The user part of our Contact.
    pub(crate) contact_user: String,
    pub(crate) phase: Phase,
    pub(crate) timers: Vec<(UsageTimer, TimerId)>,
    /// Whether the application was told that the call is over: it hears nothing after that.
    pub(crate) told: bool,
    /// The second now counted, and how many requests of the peer came in it.
    pub(crate) rate: (Moment, u32),
    /// The connection under which the agent keeps this call in its index; 0 for none.
    pub(crate) bound: u64,
}

pub(crate) enum Phase {
    /// Our INVITE has no final answer.
    Calling(Box<Calling>),
    /// The peer's INVITE has no final answer.
    Incoming(Box<Incoming>),
    /// A 2xx was sent or received.
    Confirmed(Box<Confirmed>),
    /// Our BYE has no answer.
    Ending(Box<Dialog>, u64),
    /// Nothing is left.
    Gone,
}

pub(crate) struct Calling {
    pub(crate) invite: OutboundInvite,
    pub(crate) call_id: String,
    pub(crate) cseq: u32,
    /// The INVITE's client transaction; `None` while credentials are awaited.
    pub(crate) client: Option<u64>,
    /// How often the INVITE was sent again for a challenge or a 422.
    pub(crate) tries: u32,
    pub(crate) session_expires: Duration,
    /// The longest Min-SE of a 422, to be repeated (RFC 4028 section 7.3).
    pub(crate) min_se: Option<Duration>,
    /// Authorization and Proxy-Authorization of the last try.
    pub(crate) credentials: Headers,
    /// One for each device that has answered provisionally, the latest last.
    pub(crate) early: Vec<Dialog>,
}

pub(crate) struct Incoming {
    pub(crate) server: u64,
    pub(crate) dialog: Dialog,
    pub(crate) offered: bool,
    pub(crate) timer: TimerAnswer,
    pub(crate) updates: bool,
}

pub(crate) struct Confirmed {
    pub(crate) dialog: Dialog,
    /// Our 2xx whose ACK is awaited.
    pub(crate) unacked: Option<Unacked>,
    /// Their 2xx with an offer, which our ACK must answer: client transaction and CSeq.
    pub(crate) acknowledge: Option<(u64, u32)>,
    /// Their offer that the application has not answered.
    pub(crate) incoming: Option<PeerOffer>,
    /// Our re-INVITE that the peer has not answered.
    pub(crate) outgoing: Option<OwnOffer>,
    /// Our next offer, which must wait, and whether it only refreshes.
    pub(crate) queued: Option<(Vec<u8>, bool)>,
    /// Whether it waits for the back-off after a 491.
    pub(crate) backing_off: bool,
    pub(crate) glares: u32,
    /// Hung up before the ACK came: the BYE follows the ACK (RFC 3261 section 15).
    pub(crate) hangup: Option<Option<Reason>>,
    pub(crate) session: Option<SessionTimer>,
    /// Whether the peer's Allow has UPDATE.
    pub(crate) updates: bool,
    /// Our last session description, for refreshes.
    pub(crate) sdp: Vec<u8>,
    /// Server transactions of this dialog that wait for the application.
    pub(crate) requests: Vec<u64>,
}

pub(crate) struct Unacked {
    pub(crate) cseq: u32,
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) flow: Flow,
    pub(crate) interval: Duration,
    /// Whether the ACK brings the answer to our offer.
    pub(crate) late_offer: bool,
    /// Whether this is the answer to the first INVITE.
    pub(crate) initial: bool,
}

pub(crate) struct PeerOffer {
    pub(crate) server: u64,
    pub(crate) update: bool,
    pub(crate) offered: bool,
    pub(crate) cseq: u32,
    pub(crate) timer: TimerAnswer,
}

pub(crate) struct OwnOffer {
    pub(crate) client: u64,
    pub(crate) cseq: u32,
    pub(crate) sdp: Vec<u8>,
    pub(crate) refresh: bool,
}

impl Confirmed {
    pub(crate) fn new(dialog: Dialog, updates: bool, sdp: Vec<u8>) -> Self {
        Confirmed {
            dialog,
            unacked: None,
            acknowledge: None,
            incoming: None,
            outgoing: None,
            queued: None,
            backing_off: false,
            glares: 0,
            hangup: None,
            session: None,
            updates,
            sdp,
            requests: Vec::new(),
        }
    }
}

impl Usage {
    pub(crate) fn new(id: DialogId, local_tag: String, contact_user: String, phase: Phase) -> Self {
        Usage {
            id,
            local_tag,
            contact_user,
            phase,
            timers: Vec::new(),
            told: false,
            rate: (Moment(0), 0),
            bound: 0,
        }
    }

    pub(crate) fn is_gone(&self) -> bool {
        matches!(self.phase, Phase::Gone)
    }

    pub(crate) fn is_calling(&self) -> bool {
        matches!(self.phase, Phase::Calling(_))
    }

    pub(crate) fn confirmed(&mut self) -> Option<&mut Confirmed> {
        match &mut self.phase {
            Phase::Confirmed(confirmed) => Some(confirmed),
            Phase::Calling(_) | Phase::Incoming(_) | Phase::Ending(..) | Phase::Gone => None,
        }
    }

    /// The dialog, once both tags are settled.
    pub(crate) fn dialog(&self) -> Option<&Dialog> {
        match &self.phase {
            Phase::Incoming(incoming) => Some(&incoming.dialog),
            Phase::Confirmed(confirmed) => Some(&confirmed.dialog),
            Phase::Ending(dialog, _) => Some(dialog),
            Phase::Calling(_) | Phase::Gone => None,
        }
    }

    pub(crate) fn dialog_mut(&mut self) -> Option<&mut Dialog> {
        match &mut self.phase {
            Phase::Incoming(incoming) => Some(&mut incoming.dialog),
            Phase::Confirmed(confirmed) => Some(&mut confirmed.dialog),
            Phase::Ending(dialog, _) => Some(dialog),
            Phase::Calling(_) | Phase::Gone => None,
        }
    }

    /// Whether a message with our tag is of this call, by Call-ID and the peer's tag.
    pub(crate) fn owns(&self, message: &Message, remote_tag: &str) -> bool {
        match &self.phase {
            Phase::Calling(calling) => message.call_id() == Some(calling.call_id.as_bytes()),
            Phase::Incoming(_) | Phase::Confirmed(_) | Phase::Ending(..) | Phase::Gone => {
                self.dialog().is_some_and(|dialog| dialog.is_of(&message.headers, remote_tag))
            }
        }
    }

    /// The connection this call hangs on; 0 for UDP.
    pub(crate) fn flow_id(&self) -> u64 {
        match &self.phase {
            Phase::Incoming(incoming) => incoming.dialog.flow.id,
            Phase::Confirmed(confirmed) => confirmed.dialog.flow.id,
            Phase::Calling(_) | Phase::Ending(..) | Phase::Gone => 0,
        }
    }

    /// Whether a request comes from where this call is.
    pub(crate) fn is_from_peer(&self, flow: &Flow) -> bool {
        let same = |other: &Flow| {
            other == flow || (other.transport == flow.transport && other.remote.ip() == flow.remote.ip())
        };
        match &self.phase {
            Phase::Calling(calling) => match calling.invite.destination {
                Destination::Flow(other) => same(&other),
                Destination::Address { remote, .. } => remote.ip() == flow.remote.ip(),
            },
            Phase::Incoming(_) | Phase::Confirmed(_) | Phase::Ending(..) | Phase::Gone => {
                self.dialog().is_some_and(|dialog| same(&dialog.flow))
            }
        }
    }

    /// Counts a request of the peer: whether it is one too many for this second.
    pub(crate) fn is_flooded(&mut self, now: Moment, most: u32) -> bool {
        let (since, count) = &mut self.rate;
        if now.saturating_since(*since) >= Duration::from_secs(1) {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count > most
    }

    /// Tells the application something, unless it knows that the call is over.
    pub(crate) fn tell(&self, cx: &mut Cx<'_>, event: UaEvent) {
        if !self.told {
            cx.out.events.push(event);
        }
    }

    /// Tells the application that the call is over, once.
    pub(crate) fn tell_ended(&mut self, cx: &mut Cx<'_>, why: EndReason, reason: Option<Reason>) {
        self.tell(cx, UaEvent::Ended { dialog: self.id, why, reason });
        self.told = true;
    }

    pub(crate) fn set_timer(&mut self, cx: &mut Cx<'_>, timer: UsageTimer, after: Duration) {
        self.stop_timer(cx, timer);
        let id = cx.set_timer(after, Timer::Usage(self.id, timer));
        self.timers.push((timer, id));
    }

    pub(crate) fn stop_timer(&mut self, cx: &mut Cx<'_>, timer: UsageTimer) {
        if let Some(at) = self.timers.iter().position(|(kind, _)| *kind == timer) {
            let (_, id) = self.timers.swap_remove(at);
            cx.core.timers.stop(Some(id));
        }
    }

    pub(crate) fn stop_all_timers(&mut self, cx: &mut Cx<'_>) {
        for (_, id) in self.timers.drain(..) {
            cx.core.timers.stop(Some(id));
        }
    }
}
