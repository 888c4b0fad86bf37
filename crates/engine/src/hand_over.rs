//! What an engine leaves to one of another version, which cannot read its state: what people would miss.
//!
//! **Frozen.** Another version of the program reads these bytes. What is to change becomes a new type beside the
//! old one, and [`HandOver::VERSION`] grows; a test holds the bytes.

mod six;

use acd::HandedAgent;
use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, CallId, ExtensionNumber, MailboxId, Personal, Pii, QueueId, RecordId, Timestamp};

use crate::agents;
use crate::call::callback;
use crate::day;
use crate::devices;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::hours;
use crate::input::Input;
use crate::mailboxes;
use crate::night::NightMode;
use crate::outbox::Outbox;
use crate::reach::{self, Reach};
use crate::resume::Resume;
use crate::step::Step;
use crate::timer::TimerKind;
use crate::view::QueueCounters;
use acd::QueueOutcome;

pub use six::HandOver6;

/// What people would miss of an engine. Calls are not in it: they have ended.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HandOver {
    /// When it was made.
    pub at: Timestamp,
    /// The last midnight of the domain then.
    pub day: Timestamp,
    /// How many calls were alive: their records are not in it.
    pub calls: u64,
    /// What agents did.
    pub agents: Vec<HandedAgent>,
    /// Since when each agent did what was most telling of it.
    pub since: Vec<(AgentId, Timestamp)>,
    /// Whether the working hours of those who have some were open.
    pub hours: Vec<(AgentId, bool)>,
    /// What each queue has done.
    pub queues: Vec<HandedQueue>,
    /// Who served each caller last: number, queue, agent, when; the longest ago first.
    pub sticky: Vec<(Pii<String>, QueueId, AgentId, Timestamp)>,
    /// The places of those who waited.
    pub places: Vec<HandedPlace>,
    /// Who was to be called back, in the order of asking.
    pub callbacks: Vec<HandedCallback>,
    /// Whether the domain's night mode was on.
    pub night_mode: bool,
    /// The queues whose own night mode was on.
    pub queues_in_night_mode: Vec<QueueId>,
    /// Do not disturb where it was set otherwise than provisioned.
    pub dnd: Vec<(ExtensionNumber, bool)>,
    /// Personal phones that agents have set themselves.
    pub personal: Vec<(AgentId, Personal)>,
    /// What is in each mailbox.
    pub mailboxes: Vec<HandedMailbox>,
    /// Call links where they were shut or opened otherwise than provisioned. Since version 7.
    pub private_links: Vec<(AgentId, bool)>,
}

/// What is in a mailbox. The sounds are the shell's, named by their recordings.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HandedMailbox {
    /// The mailbox.
    pub mailbox: MailboxId,
    /// Its messages.
    pub messages: Vec<HandedMessage>,
    /// The greeting that was recorded by phone.
    pub greeting: Option<RecordId>,
    /// Wrong PINs in a row.
    pub failures: u32,
    /// Until when nobody gets in.
    pub locked_until: Option<Timestamp>,
    /// What was being recorded: the call that was leaving a message, none if nobody wants it.
    pub under_way: Vec<(Option<CallId>, HandedMessage)>,
    /// Recordings whose files were to go.
    pub erasing: Vec<RecordId>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HandedMessage {
    /// Its recording.
    pub record: RecordId,
    /// Who left it: number and name.
    pub caller: (Pii<String>, Pii<String>),
    /// When its recording began.
    pub at: Timestamp,
    /// How long it is, seconds; 0 while it is being left.
    pub seconds: u32,
    /// Whether it was heard.
    pub read: bool,
    /// What is said in it, if it was put into text.
    pub text: Option<Pii<String>>,
}

/// What a queue has done, as [`QueueCounters`].
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HandedQueue {
    /// The queue.
    pub queue: QueueId,
    /// Calls that entered, or tried to.
    pub offered: u64,
    /// Answered by an agent.
    pub answered: u64,
    /// Answered within the threshold.
    pub answered_in_time: u64,
    /// Left by each other way out, in the order of [`WAYS_OUT`].
    pub left: [u64; 10],
    /// Of the abandoned: later than the threshold.
    pub abandoned_late: u64,
    /// Sum of the waits of the answered, milliseconds.
    pub wait_ms: u64,
    /// Sum of talk times of ended queue calls, milliseconds.
    pub talk_ms: u64,
    /// Of the answered: whose wait could be told when they came; what their waits differed from that, together,
    /// milliseconds; and how many of them waited longer.
    pub estimated: (u64, u64, u64),
    /// Of those who were to be called back: who was reached, who was not, and whom nobody tried.
    pub callbacks: (u64, u64, u64),
}

/// The ways out of a line but for an answer, in the order in which they are handed over.
const WAYS_OUT: [QueueOutcome; 10] = [
    QueueOutcome::Abandoned,
    QueueOutcome::OverflowTimeout,
    QueueOutcome::Full,
    QueueOutcome::NoAgents,
    QueueOutcome::Removed,
    QueueOutcome::QueueGone,
    QueueOutcome::Closed,
    QueueOutcome::Night,
    QueueOutcome::Exited,
    QueueOutcome::CallbackRequested,
];

/// The place of a caller who waited.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HandedPlace {
    /// The queue.
    pub queue: QueueId,
    /// His number.
    pub number: Pii<String>,
    /// When he had entered the line.
    pub enqueued_at: Timestamp,
    /// When his call had reached the switch.
    pub received_at: Timestamp,
    /// His priority in that line.
    pub priority: u8,
}

/// A caller who was to be called back.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HandedCallback {
    /// The queue.
    pub queue: QueueId,
    /// What is to be dialed.
    pub number: Pii<String>,
    /// The number and the name that he came with.
    pub caller: (Pii<String>, Pii<String>),
    /// What he had dialed.
    pub dialed: String,
    /// When he had entered the line.
    pub enqueued_at: Timestamp,
    /// When his call had reached the switch.
    pub received_at: Timestamp,
    /// When he had asked for it.
    pub requested_at: Timestamp,
    /// His priority in that line.
    pub priority: u8,
}

impl HandOver {
    /// The form of these bytes.
    pub const VERSION: u16 = 7;
}

impl Engine {
    /// What this engine leaves to one of another version. Its calls end by it, as after [`Input::Restarted`].
    #[must_use]
    pub fn hand_over(mut self, now: Timestamp) -> HandOver {
        let calls = u64::try_from(self.calls.len()).unwrap_or(u64::MAX);
        self.handle(Input::Restarted, now, &mut Outbox::default());
        let sticky = self.sticky.iter().map(|(number, queue, agent, at)| (number.clone(), queue, agent, at));
        let mut sticky: Vec<_> = sticky.collect();
        sticky.sort_by_key(|(_, _, _, at)| *at);
        let place = |(queue, number, place): (QueueId, &Pii<String>, &Resume)| HandedPlace {
            queue,
            number: number.clone(),
            // One moment is all that this form has: his place counts for more than a longest wait that begins anew.
            enqueued_at: place.waits_since,
            received_at: place.received_at,
            priority: place.priority,
        };
        HandOver {
            at: now,
            day: self.day,
            calls,
            agents: self.acd.hand_over(),
            since: self.agents.since().collect(),
            hours: self.hours.open().iter().map(|(agent, open)| (*agent, *open)).collect(),
            queues: self.counters.all().iter().map(|(queue, counters)| handed(*queue, counters)).collect(),
            sticky,
            places: self.resumable.iter().map(place).collect(),
            callbacks: callback::handed(&self),
            night_mode: self.night.domain(),
            queues_in_night_mode: self.night.queues().collect(),
            dnd: self.reach.dnd_set().map(|(number, on)| (number.clone(), on)).collect(),
            personal: self.reach.personal_set().map(|(agent, set)| (*agent, set.clone())).collect(),
            private_links: self.reach.private_links_set().collect(),
            mailboxes: self.mailboxes.hand_over(),
        }
    }
}

fn handed(queue: QueueId, of: &QueueCounters) -> HandedQueue {
    HandedQueue {
        queue,
        offered: of.offered,
        answered: of.answered,
        answered_in_time: of.answered_in_time,
        left: WAYS_OUT.map(|way| of.left.get(&way).copied().unwrap_or_default()),
        abandoned_late: of.abandoned_late,
        wait_ms: of.wait_ms,
        talk_ms: of.talk_ms,
        estimated: (of.estimated, of.estimate_error_ms, of.estimate_exceeded),
        callbacks: (of.callbacks_done, of.callbacks_failed, of.callbacks_cancelled),
    }
}

/// Goes on from what another engine has left, as far as it is still provisioned. Whoever listens is shown
/// everything anew.
pub(crate) fn take_over(engine: &mut Engine, handed: &HandOver, step: &mut Step<'_>) {
    engine.acd.take_over(&handed.agents, step.now, &mut engine.acd_out);
    engine.take_said();
    for (agent, since) in &handed.since {
        agents::does_since(engine, *agent, *since);
    }
    engine.day = handed.day;
    day::look(engine, step);
    hours::take_over(engine, &handed.hours, step);
    for of in handed.queues.iter().filter(|of| engine.directory.queues.contains_key(&of.queue)) {
        let left = WAYS_OUT.into_iter().zip(of.left).filter(|(_, count)| *count > 0).collect();
        let counters = QueueCounters {
            offered: of.offered,
            answered: of.answered,
            answered_in_time: of.answered_in_time,
            left,
            abandoned_late: of.abandoned_late,
            wait_ms: of.wait_ms,
            talk_ms: of.talk_ms,
            estimated: of.estimated.0,
            estimate_error_ms: of.estimated.1,
            estimate_exceeded: of.estimated.2,
            callbacks_done: of.callbacks.0,
            callbacks_failed: of.callbacks.1,
            callbacks_cancelled: of.callbacks.2,
        };
        engine.counters.set(of.queue, counters);
    }
    for (number, queue, agent, at) in &handed.sticky {
        engine.sticky.remember(number, *queue, *agent, *at, engine.limits.sticky_max);
    }
    engine.sticky.configure(&engine.directory);
    let until = step.now.after(engine.limits.resume_for);
    for of in &handed.places {
        let HandedPlace { queue, number, enqueued_at, received_at, priority } = of;
        let (enqueued_at, received_at, priority) = (*enqueued_at, *received_at, *priority);
        let place = Resume { enqueued_at, waits_since: enqueued_at, received_at, priority, until };
        engine.resumable.keep(*queue, number, place);
        engine.timers.set(TimerKind::PlacesLapse, until);
    }
    for of in &handed.callbacks {
        callback::take_over(engine, of, step);
    }
    engine.night = NightMode::of(handed.night_mode, &handed.queues_in_night_mode);
    engine.night.configure(&engine.directory);
    engine.reach = Reach::of(&handed.dnd, &handed.personal, &handed.private_links);
    let directory = std::sync::Arc::clone(&engine.directory);
    reach::configure(engine, &directory, step);
    devices::configure(engine, step);
    mailboxes::take_over(engine, &handed.mailboxes, step);
    agents::carry_out(engine, step);
    step.out.touched.all = true;
    step.event(EventKind::DirectoryChanged);
}
