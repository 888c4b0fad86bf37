//! Calls: the whole conversation as people see it, its legs, and the place where it stands.
//!
//! The rooms below hold one matter each: [`arrive`] takes a new leg in, [`connect`] follows routes and joins
//! two parties, [`enter`] puts a call into a line, [`queue`] carries out what the ACD says, [`accept`] is the
//! agent's side of it, [`alert`] asks whether her phone rings at all, [`in_queue`] what its caller hears meanwhile, [`callback`] calls back who has hung up, [`flow`]
//! takes it through a flow, [`direct`] rings an extension, [`group`] a ring group, [`feature`] runs a feature code,
//! [`originate`] is a call that somebody asks for, [`pickup`] gives a waiting call to who chose it, [`prompt`] plays a
//! message, [`voicemail`] is a call with a mailbox, [`talk`] says whose side is whose where two talk, [`recorded`] lets them
//! hear each other and has that recorded, [`hold`] parts them for a while, [`lift`] has a phone answer by itself, [`transfer`] sends one of them on, [`key`] leads pressed keys to whoever waits for one, [`clear`]
//! ends.

pub(crate) mod accept;
pub(crate) mod alert;
pub(crate) mod arrive;
pub(crate) mod callback;
pub(crate) mod clear;
pub(crate) mod connect;
pub(crate) mod direct;
pub(crate) mod enter;
pub(crate) mod feature;
pub(crate) mod flow;
pub(crate) mod group;
pub(crate) mod hold;
pub(crate) mod in_queue;
pub(crate) mod key;
pub(crate) mod lift;
pub(crate) mod moving;
pub(crate) mod originate;
pub(crate) mod pickup;
pub(crate) mod press;
pub(crate) mod prompt;
pub(crate) mod queue;
pub(crate) mod recorded;
pub(crate) mod talk;
pub(crate) mod transfer;
pub(crate) mod voicemail;

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;
use std::sync::Arc;

use acd::Decision;
use model::{AgentId, CallId, CallerId, ExtensionNumber, LegId, PlayId, QueueId, SkillNeed, Timestamp};

use crate::cause::Cause;
use crate::leg::{Leg, Phase};
use crate::record::{CallRecord, Direction, QueueStay, Recorded};

/// Servers a call may pass when nobody has said otherwise (RFC 3261 8.1.1.6).
const MAX_FORWARDS: u8 = 70;

/// One live call.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Call {
    pub(crate) id: CallId,
    pub(crate) direction: Direction,
    pub(crate) caller: CallerId,
    pub(crate) dialed: String,
    pub(crate) started_at: Timestamp,
    /// When a person answered, not music or a prompt.
    pub(crate) answered_at: Option<Timestamp>,
    /// Why it is over, once that is known.
    pub(crate) cause: Option<Cause>,
    /// Its legs, the caller's first.
    pub(crate) legs: Vec<Leg>,
    pub(crate) place: Place,
    /// The flow its caller is in, also while that rings somebody.
    pub(crate) flow: Option<Box<flow::InFlow>>,
    /// The ring group it is in.
    pub(crate) group: Option<Box<group::InGroup>>,
    /// What its last transfer has made of it.
    pub(crate) sent_on: Option<Box<transfer::SentOn>>,
    /// The number outside that was dialed last.
    pub(crate) outside: Option<String>,
    /// What flows have learned of its caller.
    pub(crate) learned: BTreeMap<String, String>,
    /// The language that a flow has chosen; empty: none.
    pub(crate) language: String,
    /// The line it stands in, until the ACD says that it left it.
    pub(crate) entry: Option<Entry>,
    /// What the caller hears while he stands in a line.
    pub(crate) hears: Option<Box<in_queue::Hears>>,
    /// His wish to be called back.
    pub(crate) callback: Option<Box<callback::Callback>>,
    /// Two talk, and one of them is on hold.
    pub(crate) held: bool,
    /// What two say to each other is recorded.
    pub(crate) is_recorded: bool,
    /// What was.
    pub(crate) recordings: Vec<Recorded>,
    /// The music the caller hears.
    pub(crate) music: Option<String>,
    /// Servers that a call made for it may pass: a loop through other servers comes to its end by this.
    pub(crate) max_forwards: u8,
    /// What its agent must know, by the number dialed; empty: what the queue says.
    pub(crate) skills: Vec<SkillNeed>,
    /// Its priority in any line, by the number dialed.
    pub(crate) priority: u8,
    /// Its caller was warned and goes on.
    pub(crate) warned: bool,
    /// Fallbacks taken.
    pub(crate) hops: u8,
    pub(crate) queues: Vec<QueueStay>,
    pub(crate) decisions: Vec<Arc<Decision>>,
}

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Place {
    /// Just arrived.
    Started,
    /// In a flow that rings nobody.
    InFlow,
    /// Hears a message to its end and is ended then.
    Prompt { play: PlayId, then: Cause },
    /// Kept out of this queue's line until a key says that the caller goes on.
    Warned { queue: QueueId, play: PlayId },
    /// In a line.
    Waiting { queue: QueueId },
    /// Its caller is being called back: his agent hears it ring.
    CallsBack { queue: QueueId, agent: AgentId, leg: LegId, party: LegId },
    /// Between two attempts to call him back.
    Rests { queue: QueueId },
    /// Rings the agent for whom it was asked for; the number is dialed when she has answered.
    RingsFirst { leg: LegId },
    /// Rings a dialed party that no queue offered it to.
    Ringing { leg: LegId },
    /// In a ring group: rings its members.
    Hunting,
    /// With a mailbox, to leave a message or to hear some.
    Voicemail,
    /// Two parties talk.
    Connected { queue: Option<QueueId>, agent: Option<AgentId>, party: LegId, since: Timestamp },
    /// Being ended: legs are still closing.
    Ending,
}

/// What a queue's rules were when the call entered its line.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Entry {
    pub(crate) queue: QueueId,
    pub(crate) number: ExtensionNumber,
    pub(crate) sla_time: u32,
    pub(crate) entered_at: Timestamp,
    /// Since when he has waited, in this line and in those from which he was moved.
    pub(crate) waits_since: Timestamp,
    pub(crate) priority: u8,
    /// How long he was to wait when he came, as far as could be told.
    pub(crate) expected: Option<u64>,
}

impl Call {
    /// A new call with its caller's leg; none: he is only to be called back.
    pub(crate) fn new(
        id: CallId,
        direction: Direction,
        caller: CallerId,
        dialed: String,
        leg: Option<Leg>,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            direction,
            caller,
            dialed,
            started_at: now,
            answered_at: None,
            cause: None,
            legs: leg.into_iter().collect(),
            place: Place::Started,
            flow: None,
            group: None,
            sent_on: None,
            outside: None,
            learned: BTreeMap::new(),
            language: String::new(),
            entry: None,
            hears: None,
            callback: None,
            held: false,
            is_recorded: false,
            recordings: Vec::new(),
            music: None,
            max_forwards: MAX_FORWARDS,
            skills: Vec::new(),
            priority: 0,
            warned: false,
            hops: 0,
            queues: Vec::new(),
            decisions: Vec::new(),
        }
    }

    /// The caller's leg: the one that he came with, the one on which he is called back, or since a transfer the one
    /// that stayed. A call is made with the first, unless it was handed over, and legs are never taken away.
    pub(crate) fn caller_leg(&self) -> Option<&Leg> {
        let sent_on = self.sent_on.as_ref().map(|sent_on| sent_on.leg);
        match self.callback.as_ref().and_then(|callback| callback.party).or(sent_on) {
            Some(leg) => self.leg(leg),
            None => self.legs.first().filter(|leg| leg.record.queue.is_none()),
        }
    }

    /// Whether this leg is the one on which its caller is called back.
    pub(crate) fn is_called_back_on(&self, leg: LegId) -> bool {
        self.callback.as_ref().is_some_and(|callback| callback.party == Some(leg))
    }

    pub(crate) fn is_caller(&self, leg: LegId) -> bool {
        self.caller_leg().is_some_and(|caller| caller.id() == leg)
    }

    /// Whether a guest has made it, by a call link.
    pub(crate) fn is_guests(&self) -> bool {
        self.legs.first().is_some_and(|leg| leg.record.is_guest())
    }

    /// Whether the caller's leg is answered and stands.
    pub(crate) fn caller_is_answered(&self) -> bool {
        self.caller_leg().is_some_and(|leg| leg.phase == Phase::Answered)
    }

    /// A leg of it. The last are searched first: they are the ones that live.
    pub(crate) fn leg(&self, leg: LegId) -> Option<&Leg> {
        self.legs.iter().rfind(|l| l.id() == leg)
    }

    pub(crate) fn leg_mut(&mut self, leg: LegId) -> Option<&mut Leg> {
        self.legs.iter_mut().rfind(|l| l.id() == leg)
    }

    /// Whether every leg has ended.
    pub(crate) fn is_over(&self) -> bool {
        self.legs.iter().all(|leg| leg.phase == Phase::Ended)
    }

    /// Keeps a decision: the first and the latest `max - 1` of them.
    pub(crate) fn keep(&mut self, decision: Arc<Decision>, max: usize) {
        if max == 0 {
            return;
        }
        if self.decisions.len() >= max {
            self.decisions.remove(1.min(max - 1));
        }
        self.decisions.push(decision);
    }

    /// What is kept of it, as far as it has come.
    pub(crate) fn record(&self, ended_at: Timestamp) -> CallRecord {
        // Whose process ended parts nobody.
        let over = |one: &Recorded| Recorded { until: one.until.or(Some(ended_at)), ..one.clone() };
        CallRecord {
            call: self.id,
            direction: self.direction,
            caller: self.sent_on.as_ref().map_or(&self.caller, |sent_on| &sent_on.called_by).clone(),
            dialed: self.dialed.clone(),
            started_at: self.started_at,
            answered_at: self.answered_at,
            ended_at,
            cause: self.cause.unwrap_or(Cause::Normal),
            queues: self.queues.clone(),
            legs: self.legs.iter().map(|leg| leg.record.clone()).collect(),
            recordings: self.recordings.iter().map(over).collect(),
            decisions: self.decisions.clone(),
        }
    }
}
