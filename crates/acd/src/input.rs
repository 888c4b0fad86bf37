//! What the ACD is told.

use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, CallId, LegId, NotReadyReason, OfferId, QueueId, SkillNeed, Timestamp};

/// What has happened, as far as the ACD must know.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum AcdInput {
    /// A deadline has passed.
    Tick,
    /// A call enters a queue's line. It is in no other queue.
    Enqueued(Entering),
    /// The caller is no longer there to be served: hung up, or taken elsewhere.
    CallerGone {
        /// The call.
        call: CallId,
        /// How.
        why: Gone,
    },
    /// A caller who was to hear something first has heard it: his call may be offered from now on. Nothing if it
    /// does not wait for that.
    Released {
        /// The call.
        call: CallId,
    },
    /// The caller pressed the key that leads out of his line. Nothing if he does not wait, or the queue has no such
    /// key.
    Exits {
        /// The call.
        call: CallId,
    },
    /// The caller wants to be called back: he may hang up and keeps his place, which is offered like any other.
    /// Nothing if he does not wait.
    CallbackRequested {
        /// The call.
        call: CallId,
    },
    /// An offered agent has lifted the phone and is not joined yet: she hears an announcement, or is asked to accept.
    /// From now on neither the ring time nor the caller's longest wait ends the offer (A21).
    OfferPicked {
        /// The offer.
        offer: OfferId,
    },
    /// An offered agent has answered, and accepted where she must.
    OfferAnswered {
        /// The offer.
        offer: OfferId,
    },
    /// An offered agent could not be had.
    OfferFailed {
        /// The offer.
        offer: OfferId,
        /// Why.
        why: OfferFailure,
    },
    /// The agent's leg of a connected queue call has ended.
    QueueLegEnded {
        /// The agent.
        agent: AgentId,
        /// The call.
        call: CallId,
    },
    /// An agent's leg that is not a queue's has changed: direct calls in and out, feature codes.
    OtherLeg {
        /// The agent.
        agent: AgentId,
        /// The leg.
        leg: LegId,
        /// The call it belongs to.
        call: CallId,
        /// What it does now.
        state: OtherLeg,
    },
    /// An agent's devices: at least one registered, or none.
    Device {
        /// The agent.
        agent: AgentId,
        /// Whether she can be rung.
        reachable: bool,
    },
    /// Working hours of agents have begun (true) or ended at one moment (A50). It comes before whatever else is due by
    /// now: nobody is given a call in the moment in which her hours end, be it a moment that was noticed late.
    Hours {
        /// Whose, and whether they have begun.
        edges: Vec<(AgentId, bool)>,
    },
    /// An agent is not to be disturbed any more, or may be again.
    Dnd {
        /// The agent.
        agent: AgentId,
        /// Not to be disturbed.
        on: bool,
    },
    /// A new day has begun in the domain's time zone: what is counted since midnight starts at 0 (A23).
    DayBegins,
    /// Agents who had lifted did not accept in time: as offers that rang out. Whatever else is due at this moment
    /// happens first, so that the moment is decided upon as one.
    NotAccepted {
        /// The offers, in the order in which their time was up.
        offers: Vec<OfferId>,
    },
}

/// A call as it enters a line.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Entering {
    /// The call.
    pub call: CallId,
    /// The queue.
    pub queue: QueueId,
    /// Higher is served first, 0–9; 0 for most.
    pub priority: u8,
    /// When the call reached the switch.
    pub received_at: Timestamp,
    /// What its agent must know; empty: the queue's own needs.
    pub skills: Vec<SkillNeed>,
    /// Who is tried first, in this order, if free: the caller's own agents, or the one who served him last.
    pub preferred: Vec<AgentId>,
    /// Since when it has waited in other lines, if somebody moved it here: where it stands among those who entered.
    pub since: Option<Timestamp>,
    /// When it entered this line before a restart, if it resumes its old place.
    pub resumes: Option<Timestamp>,
    /// Nobody is rung for it until [`AcdInput::Released`]; its place and its longest wait count from now all the
    /// same.
    pub held: bool,
    /// When its caller asked to be called back, if he has hung up: it takes its place again without being asked
    /// whether there is room.
    pub callback: Option<Timestamp>,
}

impl Entering {
    /// A call without priority, needs or preferences.
    #[must_use]
    pub const fn new(call: CallId, queue: QueueId, received_at: Timestamp) -> Self {
        Self {
            call,
            queue,
            priority: 0,
            received_at,
            skills: Vec::new(),
            preferred: Vec::new(),
            since: None,
            resumes: None,
            held: false,
            callback: None,
        }
    }
}

/// How a caller left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Gone {
    /// Hung up: abandoned.
    HungUp,
    /// Taken out of the line by somebody: removed.
    Removed,
    /// He was to be called back, and cannot be.
    NotReached,
}

/// Why an offer failed before it was answered or its time was up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum OfferFailure {
    /// The agent declined (603, or 486 from a phone's reject key while it rang).
    Declined,
    /// The phone is busy and never rang.
    Busy,
    /// She picked up and did not accept in time: as one that rang out.
    NoAnswer,
    /// No device could be reached (404, 408, 480, 5xx, transport).
    Unreachable,
}

/// What an agent's leg that is not a queue's does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum OtherLeg {
    /// It rings her.
    Ringing,
    /// She talks on it.
    Active,
    /// It is over.
    Ended,
}

/// In which of her queues an action is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Scope {
    /// One queue.
    Queue(QueueId),
    /// All she is a member of (A2).
    All,
}

/// What an agent, or somebody for her, asks for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum AgentAction {
    /// Log in (`*38`).
    Login,
    /// Log out (`*39`).
    Logout,
    /// Ready (`*36`).
    Ready,
    /// Not ready (`*37`).
    NotReady(NotReadyReason),
    /// Take one call, then be logged out (NS one call).
    SingleCall,
    /// Wrap-up by request (PS `SET_WRAP_UP`).
    WrapUp,
    /// So many seconds more of a wrap-up whose clock runs.
    MoreTime(u32),
}
