//! What an agent, a supervisor or an integration asks, and the one reply to it.

use acd::{AgentAction, Exclusion, MembershipResult, QueueOutcome, Scope};
use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, CallId, MailboxId, Pii, QueueId, RecordId, RequestId};

use crate::agents;
use crate::call::{clear, hold, lift, moving, originate, pickup, press, transfer};
use crate::engine::Engine;
use crate::keys::Keys;
use crate::reach::{self, ReachChange};
use crate::step::Step;
use crate::{mailboxes, night};

/// Who asks, for the agent log and the audit.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Actor {
    /// A person logged in to the API.
    Agent(AgentId),
    /// The owner of the server, who need not be an agent.
    Owner,
    /// A phone, by feature code.
    FeatureCode(AgentId),
    /// The switch itself.
    System,
    /// A program, by the id of its key.
    ApiKey(u64),
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Request {
    /// Change an agent's state.
    Agent {
        /// Whose.
        agent: AgentId,
        /// In which queues.
        scope: Scope,
        /// To what.
        action: AgentAction,
    },
    /// End a call.
    HangUp {
        /// Which.
        call: CallId,
    },
    /// Ring an agent, and when she has answered dial a number for her.
    MakeCall {
        /// Whose call it is.
        agent: AgentId,
        /// A number of the domain, or one outside.
        to: String,
    },
    /// Offer a waiting call to this agent at once, past the order of its line.
    PickUp {
        /// Which.
        call: CallId,
        /// In whose line it waits.
        queue: QueueId,
        /// Who is to have it.
        agent: AgentId,
    },
    /// Take a waiting call to another line, where it stands by how long it has waited.
    Move {
        /// Which.
        call: CallId,
        /// In whose line it waits.
        queue: QueueId,
        /// In whose line it is to wait.
        to: QueueId,
    },
    /// The agent's side of a talk leaves, and the other goes on to a number.
    Transfer {
        /// Which call.
        call: CallId,
        /// A number of the domain, or one outside.
        to: String,
        /// Only if whoever asks is an agent on it.
        only_own: bool,
    },
    /// Part two who talk for a while, or join them again.
    Hold {
        /// Which call.
        call: CallId,
        /// On hold, or off.
        on: bool,
        /// Only if whoever asks is an agent on it.
        only_own: bool,
    },
    /// Switch night mode.
    NightMode {
        /// Of which queue; none: of the domain.
        queue: Option<QueueId>,
        /// On or off.
        on: bool,
    },
    /// Change how an agent is reached.
    Reach {
        /// Whose.
        agent: AgentId,
        /// What.
        change: ReachChange,
    },
    /// Change or delete a message.
    Message {
        /// In which box.
        mailbox: MailboxId,
        /// Which.
        record: RecordId,
        /// What.
        action: MessageAction,
    },
    /// Change what callers of a mailbox hear first.
    Greeting {
        /// Of which box.
        mailbox: MailboxId,
        /// How.
        change: GreetingChange,
    },
    /// Press keys for the agent's side of a talk.
    Press {
        /// Which call.
        call: CallId,
        /// The keys.
        keys: Keys,
        /// Only if whoever asks is an agent on it.
        only_own: bool,
    },
    /// Ask an agent's phone that rings to lift by itself.
    Lift {
        /// Which call.
        call: CallId,
        /// Whose phone; none: that of who asks, or the only one that rings.
        agent: Option<AgentId>,
        /// Only if whoever asks is an agent on it.
        only_own: bool,
    },
}

/// What is done with the greeting of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum GreetingChange {
    /// The file of a new one is about to be written; answered with its number. One that was begun before and not
    /// kept is given up.
    Begin,
    /// The file is there, so many milliseconds long: callers hear it from now on. Too short a one is erased.
    Kept(RecordId, u64),
    /// The program's own is heard again.
    Remove,
}

/// What is done with a message.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum MessageAction {
    /// It counts as heard.
    Read,
    /// It counts as new.
    Unread,
    /// It goes.
    Delete,
    /// It goes because its e-mail is on its way.
    Emailed,
    /// A service has put it into text.
    Transcribed(Pii<String>),
}

/// The answer to a [`Request`] that was carried out.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Reply {
    /// One result for each membership meant.
    Agent(Vec<MembershipResult>),
    /// The call is being ended.
    HangUp,
    /// This call has begun: it rings her.
    Call(CallId),
    /// The call rings her.
    PickUp,
    /// The call waits in the other line.
    Move,
    /// The call is on its way.
    Transfer,
    /// The call is on hold, or is not, as asked.
    Hold,
    /// The switch stands as asked.
    NightMode,
    /// She is reached as was asked.
    Reach,
    /// The message is as was asked.
    Message,
    /// The greeting is as was asked; the number of the one that is to be written.
    Greeting(Option<RecordId>),
    /// The keys are on their way.
    Press,
    /// Her phone has been asked.
    Lift,
}

/// Why a request was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Rejection {
    /// No such agent.
    UnknownAgent,
    /// No such queue.
    UnknownQueue,
    /// No such live call.
    UnknownCall,
    /// She is not on this call, and may ask for her own only.
    NotHers,
    /// Nobody talks on it: it rings, waits, or hears something.
    NotTalking,
    /// The call has been led on as often as a call may.
    TooManyHops,
    /// No number of the domain, and none that goes outside.
    UnknownDestination,
    /// There is no room for another call, or the server is about to stop.
    NoRoom,
    /// The call does not wait in this queue.
    NotWaiting,
    /// Another agent has lifted the phone for the call.
    BeingAnswered,
    /// The call has rung as often as a call may.
    OffersUsedUp,
    /// The queue lets nobody in now, for this reason.
    TurnedAway(QueueOutcome),
    /// She can have no call now, for this reason.
    CannotTake(Exclusion),
    /// No such mailbox.
    UnknownMailbox,
    /// No such message.
    UnknownMessage,
    /// The agent has no extension.
    NoExtension,
    /// Calls are to be forwarded and there is no personal phone.
    NoPersonalPhone,
    /// The agent has no call link that could be shut or opened.
    NoCallLink,
    /// A personal phone is no number outside.
    NoOutsideNumber,
    /// A personal phone is one of the domain's own numbers.
    OwnNumber,
    /// No agent's phone rings for the call, or not hers.
    NotRinging,
    /// The call rings several agents, and nobody said which is meant.
    SeveralRing,
}

/// Carries a request out, or says why not: one reply, in the same step.
pub(crate) fn handle(engine: &mut Engine, id: RequestId, actor: &Actor, asked: Request, step: &mut Step<'_>) {
    let reply = match asked {
        Request::Agent { agent, scope, action } => agents::asked(engine, agent, scope, action, actor, step),
        Request::HangUp { call } => clear::hang_up(engine, call, step),
        Request::MakeCall { agent, to } => originate::asked(engine, agent, &to, step),
        Request::PickUp { call, queue, agent } => pickup::asked(engine, (call, queue), agent, actor, step),
        Request::Move { call, queue, to } => moving::asked(engine, (call, queue), to, step),
        Request::Transfer { call, to, only_own } => {
            transfer::asked(engine, call, (&to, only_own), actor, step)
        }
        Request::Hold { call, on, only_own } => hold::asked(engine, call, (on, only_own), actor, step),
        Request::NightMode { queue, on } => night::switch(engine, queue, on, actor, step),
        Request::Reach { agent, change } => reach::asked(engine, agent, &change, actor, step),
        Request::Message { mailbox, record, action } => {
            mailboxes::asked(engine, mailbox, record, action, step)
        }
        Request::Greeting { mailbox, change } => mailboxes::greeting_asked(engine, mailbox, change, step),
        Request::Press { call, keys, only_own } => press::asked(engine, call, (keys, only_own), actor, step),
        Request::Lift { call, agent, only_own } => lift::asked(engine, call, (agent, only_own), actor, step),
    };
    step.out.replies.push((id, reply));
}
