//! What would happen to a call for a number at some moment, step by step, without any call.
//!
//! Only what is provisioned and the switches of night mode are known of another moment; who will be logged in
//! then is not. Night mode is taken as it stands now. Where a caller waits or a phone rings, the story goes on as
//! if nobody answered, so that it shows every plan up to the last.

use std::collections::BTreeSet;
use std::time::Duration;

use acd::QueueOutcome;
use model::{
    Agent, AgentId, BlockLevel, Destination, Directory, ExtensionNumber, FallbackAction, FlowId, ForwardWhen,
    MailboxId, Opening, Queue, QueueId, RingGroup, Timestamp,
};

use crate::lists;
use crate::night::NightMode;
use crate::opening::{self, NumberRule};
use crate::reach::Reach;

/// One step of what would happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatIfStep {
    /// When, if nobody answers before.
    pub at: Timestamp,
    /// What.
    pub what: WhatIf,
}

/// What would happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhatIf {
    /// The number is one of the domain's.
    Number(String),
    /// The caller is on the blacklist: refused without a word.
    Blacklisted,
    /// Whether night mode is on now, of the domain or of one queue.
    NightMode {
        /// Of which queue; none: of the domain.
        queue: Option<QueueId>,
        /// On or off.
        on: bool,
    },
    /// What the business hours say.
    Hours {
        /// Their name.
        hours: String,
        /// Open, closed or a holiday.
        opening: OpeningThen,
        /// Until when; none if it does not change for years.
        until: Option<Timestamp>,
    },
    /// The rule of the number that holds, and its plan.
    Rule {
        /// Which.
        rule: NumberRule,
        /// The plan.
        action: FallbackAction,
    },
    /// The caller comes to a queue.
    Queue(QueueId),
    /// The caller is on the blacklist of the queues.
    KeptOut(BlockLevel),
    /// He stands in the line.
    Waits {
        /// In which.
        queue: QueueId,
        /// How long at most, seconds; 0: without a limit.
        longest: u32,
        /// How many members have their working hours then, and how many members there are.
        working: (usize, usize),
        /// Whether he may wait while nobody is logged in and reachable.
        waits_for_nobody: bool,
    },
    /// A queue's plan for an outcome, and whether the story goes on with it.
    Plan {
        /// The outcome.
        outcome: QueueOutcome,
        /// The plan.
        action: FallbackAction,
        /// Whether the next steps are those of this plan.
        taken: bool,
    },
    /// Phones of an extension ring.
    Rings {
        /// Which.
        extension: ExtensionNumber,
        /// Whose.
        agent: Option<AgentId>,
        /// Whether she has her working hours then; none if she has none at all.
        works: Option<bool>,
        /// For how long, seconds.
        longest: u32,
        /// When the call goes to her personal phone.
        forward_when: ForwardWhen,
    },
    /// A ring group rings its members.
    RingGroup {
        /// Which.
        group: ExtensionNumber,
        /// How many members have their working hours then, or none at all, and how many there are.
        working: (usize, usize),
        /// For how long at most, seconds.
        longest: u32,
        /// Where the caller goes if nobody answers.
        action: FallbackAction,
    },
    /// A number outside is called.
    Outside(String),
    /// A flow takes the caller; what it does depends on what he presses.
    Flow(FlowId),
    /// The caller can leave a message.
    Mailbox {
        /// In which box.
        mailbox: MailboxId,
        /// Prompt that is heard in place of the box's greeting.
        message: Option<String>,
    },
    /// The call ends, after a message if one is named.
    Ends {
        /// Prompt name.
        message: Option<String>,
    },
    /// Nothing has this number: the call ends.
    Nowhere(ExtensionNumber),
    /// The chain of plans is as long as the domain allows: the call ends.
    HopLimit(u8),
}

/// What business hours say of that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpeningThen {
    /// In a slot of the week.
    Open,
    /// In none.
    Closed,
    /// On a holiday, by its name.
    Holiday(String),
}

/// What is known of that moment.
struct Story<'a> {
    directory: &'a Directory,
    night: &'a NightMode,
    reach: &'a Reach,
    /// Who calls, if that is known.
    caller: &'a str,
    at: Timestamp,
    hops: u8,
    /// The queue or ring group that he came to last: a plan that names no mailbox means its own.
    last_place: Option<&'a ExtensionNumber>,
    steps: Vec<WhatIfStep>,
}

/// The steps of a call of `caller` for `number`, as a trunk sends it, at `at`; none if it is no number of the
/// domain. An empty caller is on no list.
pub(crate) fn call(
    directory: &Directory,
    (night, reach): (&NightMode, &Reach),
    number: &str,
    caller: &str,
    at: Timestamp,
) -> Option<Vec<WhatIfStep>> {
    let did = lists::find(&directory.numbers, number)?;
    let mut story =
        Story { directory, night, reach, caller, at, hops: 0, last_place: None, steps: Vec::new() };
    story.step(WhatIf::Number(did.number.clone()));
    if lists::is_blocked(directory, caller, at) {
        story.step(WhatIf::Blacklisted);
        return Some(story.steps);
    }
    story.step(WhatIf::NightMode { queue: None, on: night.domain() });
    let (rule, action) = opening::number(directory, night, did, at);
    if rule != NumberRule::Night {
        story.hours(did.hours.as_deref());
    }
    story.step(WhatIf::Rule { rule, action: action.clone() });
    let mut next = Some(action);
    while let Some(action) = next {
        next = story.follow(action);
    }
    Some(story.steps)
}

impl<'a> Story<'a> {
    fn step(&mut self, what: WhatIf) {
        self.steps.push(WhatIfStep { at: self.at, what });
    }

    /// What hours of this name say now, if there are any.
    fn hours(&mut self, name: Option<&str>) {
        let Some(hours) = name.and_then(|name| self.directory.business_hours.get(name)) else { return };
        let opening = match hours.opening(self.at) {
            Opening::Open => OpeningThen::Open,
            Opening::Closed => OpeningThen::Closed,
            Opening::Holiday(name) => OpeningThen::Holiday(name.to_owned()),
        };
        self.step(WhatIf::Hours { hours: hours.name.clone(), opening, until: hours.next_change(self.at) });
    }

    /// Follows a plan, and says which is next if nobody answers.
    fn follow(&mut self, action: &FallbackAction) -> Option<&'a FallbackAction> {
        let number = match action {
            FallbackAction::Hangup { message } => {
                self.step(WhatIf::Ends { message: message.clone() });
                return None;
            }
            FallbackAction::Voicemail { mailbox, message } => {
                let whose = mailbox.as_ref().or(self.last_place);
                let mailbox = whose.and_then(|number| self.directory.mailbox(number.as_str()));
                let message = message.clone();
                self.step(match mailbox {
                    Some(mailbox) => WhatIf::Mailbox { mailbox: mailbox.id, message },
                    None => WhatIf::Ends { message },
                });
                return None;
            }
            FallbackAction::External(number) => {
                self.step(WhatIf::Outside(number.clone()));
                return None;
            }
            FallbackAction::Queue(number)
            | FallbackAction::Extension(number)
            | FallbackAction::RingGroup(number)
            | FallbackAction::Flow(number) => number,
        };
        match self.directory.destination(number.as_str()) {
            Some(Destination::Queue(queue)) => self.queue(queue),
            Some(Destination::Extension(extension)) => {
                let agent = extension.agent;
                let works = agent.and_then(|agent| self.directory.works(agent, self.at));
                self.step(WhatIf::Rings {
                    extension: extension.number.clone(),
                    agent,
                    works: works.map(|(works, _)| works),
                    longest: extension.ring_timeout,
                    forward_when: agent
                        .and_then(|agent| self.reach.personal(self.directory, agent))
                        .map_or(ForwardWhen::Never, |personal| personal.forward_when),
                });
                self.at = self.at.after(Duration::from_secs(extension.ring_timeout.into()));
                self.step(WhatIf::Ends { message: None });
                None
            }
            // The steps inside a flow are the flow's own matter: what it does next is decided by keys.
            Some(Destination::Flow(flow)) => {
                self.step(WhatIf::Flow(flow.id));
                None
            }
            Some(Destination::RingGroup(group)) => self.ring_group(group),
            Some(Destination::Mailbox(mailbox)) => {
                self.step(WhatIf::Mailbox { mailbox: mailbox.id, message: None });
                None
            }
            None => {
                self.step(WhatIf::Nowhere(number.clone()));
                None
            }
        }
    }

    fn ring_group(&mut self, group: &'a RingGroup) -> Option<&'a FallbackAction> {
        let agents = group.members.iter().map(|member| self.directory.agent_of(member.as_str()));
        let works = |agent: &Option<&Agent>| {
            let works = agent.and_then(|agent| self.directory.works(agent.id, self.at));
            works.is_none_or(|(works, _)| works)
        };
        let working = (agents.filter(works).count(), group.members.len());
        self.last_place = Some(&group.number);
        let longest = group.longest();
        self.step(WhatIf::RingGroup {
            group: group.number.clone(),
            working,
            longest,
            action: group.on_no_answer.clone(),
        });
        self.at = self.at.after(Duration::from_secs(longest.into()));
        self.hop(&group.on_no_answer)
    }

    fn queue(&mut self, queue: &'a Queue) -> Option<&'a FallbackAction> {
        self.step(WhatIf::Queue(queue.id));
        self.last_place = Some(&queue.number);
        if let Some(level) = lists::kept_out(self.directory, self.caller, self.at) {
            self.step(WhatIf::KeptOut(level));
            match level {
                BlockLevel::Refused => return None,
                BlockLevel::Warned => {}
            }
        }
        let on = opening::is_in_night_mode(self.night, queue);
        self.step(WhatIf::NightMode { queue: Some(queue.id), on });
        if !on {
            self.hours(queue.hours.as_deref());
        }
        if let Some((outcome, action)) = opening::queue(self.directory, self.night, queue, self.at) {
            return self.plan(outcome, action, true);
        }
        let members: BTreeSet<AgentId> = self
            .directory
            .members(queue.id)
            .filter(|member| member.enabled)
            .map(|member| member.agent)
            .collect();
        let works = |agent: &&AgentId| self.directory.works(**agent, self.at).is_none_or(|(works, _)| works);
        self.step(WhatIf::Waits {
            queue: queue.id,
            longest: queue.max_waiting_time,
            working: (members.iter().filter(works).count(), members.len()),
            waits_for_nobody: queue.wait_when_no_agents,
        });
        let otherwise = &queue.on_no_answer;
        if !queue.wait_when_no_agents {
            self.plan(QueueOutcome::NoAgents, queue.on_no_agents.as_ref().unwrap_or(otherwise), false);
        }
        if queue.max_callers > 0 || queue.max_expected_wait > 0 {
            self.plan(QueueOutcome::Full, queue.on_full.as_ref().unwrap_or(otherwise), false);
        }
        if let Some(exit) = &queue.in_queue.exit {
            self.plan(QueueOutcome::Exited, &exit.to, false);
        }
        if queue.max_waiting_time == 0 {
            return None;
        }
        self.at = self.at.after(Duration::from_secs(queue.max_waiting_time.into()));
        self.plan(QueueOutcome::OverflowTimeout, otherwise, true)
    }

    /// Notes a queue's plan.
    fn plan(
        &mut self,
        outcome: QueueOutcome,
        action: &'a FallbackAction,
        taken: bool,
    ) -> Option<&'a FallbackAction> {
        self.step(WhatIf::Plan { outcome, action: action.clone(), taken });
        if !taken {
            return None;
        }
        self.hop(action)
    }

    /// A plan that is taken; one that leads on counts as a hop.
    fn hop(&mut self, action: &'a FallbackAction) -> Option<&'a FallbackAction> {
        if action.leads_on() {
            if self.hops >= self.directory.tenant.max_hops {
                self.step(WhatIf::HopLimit(self.directory.tenant.max_hops));
                return None;
            }
            self.hops = self.hops.saturating_add(1);
        }
        Some(action)
    }
}
