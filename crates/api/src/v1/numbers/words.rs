//! The steps of what would happen, in words.

use engine::{NumberRule, OpeningThen, QueueOutcome, WhatIf};
use model::{BlockLevel, Destination, FallbackAction, FlowId, ForwardWhen, QueueId, Timestamp, Zone};

use crate::v1::names::Names;

/// One step as a sentence.
pub(crate) fn step(what: &WhatIf, names: Names<'_>) -> String {
    match what {
        WhatIf::Number(number) => format!("{number} is a number of the domain."),
        WhatIf::Blacklisted => "The caller is on the blacklist: he is refused without a word.".into(),
        WhatIf::NightMode { queue, on } => night_mode(*queue, *on, names),
        WhatIf::Hours { hours, opening, until } => self::hours(hours, opening, *until, names),
        WhatIf::Rule { rule, action } => {
            let because = match rule {
                NumberRule::Open => "The number is open",
                NumberRule::Closed => "The number is closed",
                NumberRule::Holiday => "The number is on a holiday",
                NumberRule::Night => "The number has its plan for the night",
            };
            format!("{because}: {}.", plan(action, names))
        }
        WhatIf::Queue(queue) => format!("The caller comes to {}.", queue_in_words(*queue, names)),
        WhatIf::KeptOut(BlockLevel::Warned) => {
            "He is on the blacklist of the queues: he is warned, and goes on if he presses 2.".into()
        }
        WhatIf::KeptOut(BlockLevel::Refused) => {
            "He is on the blacklist of the queues: he hears that he is not served, and the call ends.".into()
        }
        WhatIf::Waits { queue: _, longest, working: (working, members), waits_for_nobody: _ } => {
            let longest =
                if *longest == 0 { "without a limit".into() } else { format!("{longest} s at most") };
            format!("He waits, {longest}. Of {members} members {working} have their working hours then.")
        }
        WhatIf::Plan { outcome, action, taken: _ } => way_out(*outcome, action, names),
        WhatIf::Rings { .. } | WhatIf::RingGroup { .. } => rings(what, names),
        WhatIf::Outside(number) => format!("{number} is called by a trunk."),
        WhatIf::Flow(flow) => {
            let number = flow_number(*flow, names);
            format!("The flow {number} takes the call: what is next depends on what the caller presses.")
        }
        WhatIf::Mailbox { mailbox, message } => {
            let greeting = message
                .as_ref()
                .map_or_else(|| "the greeting of its owner".to_owned(), |message| format!("`{message}`"));
            let mailbox = names.mailbox(*mailbox);
            format!("He hears {greeting} and can leave a message in mailbox {mailbox}; then the call ends.")
        }
        WhatIf::Ends { message: Some(message) } => format!("He hears `{message}`, and the call ends."),
        WhatIf::Ends { message: None } => "The call ends.".into(),
        WhatIf::Nowhere(number) => format!("Nothing has the number {number}: the call ends."),
        WhatIf::HopLimit(hops) => {
            format!("He was sent on {hops} times, as often as the domain allows: the call ends.")
        }
    }
}

/// Whose phones ring.
fn rings(what: &WhatIf, names: Names<'_>) -> String {
    if let WhatIf::RingGroup { group, working: (working, members), longest, action } = what {
        let named = names.0.ring_groups.get(group).map_or("", |group| group.name.as_str());
        return format!(
            "The ring group {group} ({named}) rings for {longest} s at most. Of {members} members {working} have \
             their working hours then. If nobody answers: {}.",
            plan(action, names)
        );
    }
    let WhatIf::Rings { extension, agent, works, longest, forward_when } = what else { return String::new() };
    let whose = agent.map_or_else(|| extension.to_string(), |agent| names.agent_in_words(agent));
    let works = match works {
        Some(true) => " She has her working hours then.",
        Some(false) => " It is out of her working hours, which a direct call does not look at.",
        None => "",
    };
    let forward = match forward_when {
        ForwardWhen::Never => "",
        ForwardWhen::Offline => " If none is registered, her personal phone rings instead.",
        ForwardWhen::Always => " Not they ring but her personal phone.",
        ForwardWhen::NoAnswer => " Then her personal phone rings.",
    };
    format!("The phones of {whose} ring for {longest} s at most.{forward}{works}")
}

/// A flow's number; one that is not provisioned any more has `#` and its id.
pub(crate) fn flow_number(flow: FlowId, Names(directory): Names<'_>) -> String {
    directory.flows.get(&flow).map_or_else(|| format!("#{flow}"), |flow| flow.number.to_string())
}

fn night_mode(queue: Option<QueueId>, on: bool, names: Names<'_>) -> String {
    let on = if on { "on" } else { "off" };
    match queue {
        None => format!("Night mode of the domain is {on}."),
        Some(id) => format!("Night mode of {} is {on}.", queue_in_words(id, names)),
    }
}

fn hours(name: &str, opening: &OpeningThen, until: Option<Timestamp>, names: Names<'_>) -> String {
    let zone = names.0.business_hours.get(name).map(|hours| &hours.schedule.zone);
    let until = match (until, zone) {
        (Some(until), Some(zone)) => format!(" until {}", local(until, zone)),
        (Some(_) | None, _) => String::new(),
    };
    match opening {
        OpeningThen::Open => format!("The business hours `{name}` are open{until}."),
        OpeningThen::Closed => format!("The business hours `{name}` are closed{until}."),
        OpeningThen::Holiday(holiday) => {
            format!("The business hours `{name}` have a holiday{until}: {holiday}.")
        }
    }
}

/// A moment by the clock of a zone, RFC 3339.
fn local(at: Timestamp, zone: &Zone) -> String {
    let offset = jiff::tz::Offset::from_seconds(zone.offset(at)).unwrap_or(jiff::tz::Offset::UTC);
    let moment = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::MAX);
    moment.display_with_offset(offset).to_string()
}

fn way_out(outcome: QueueOutcome, action: &FallbackAction, names: Names<'_>) -> String {
    let when = match outcome {
        QueueOutcome::OverflowTimeout => "If nobody answers by then",
        QueueOutcome::Full => "If the line is full, or the expected wait too long",
        QueueOutcome::NoAgents => "If nobody is logged in with a phone that can be reached",
        QueueOutcome::Closed => "The queue is closed",
        QueueOutcome::Night => "The queue is in night mode",
        QueueOutcome::Exited => "If he presses the key that leads out",
        QueueOutcome::Answered
        | QueueOutcome::Abandoned
        | QueueOutcome::Removed
        | QueueOutcome::CallbackRequested
        | QueueOutcome::CallbackDone
        | QueueOutcome::CallbackFailed
        | QueueOutcome::QueueGone => "If he leaves the line",
    };
    format!("{when}: {}.", plan(action, names))
}

fn plan(action: &FallbackAction, names: Names<'_>) -> String {
    match action {
        FallbackAction::Queue(number)
        | FallbackAction::Extension(number)
        | FallbackAction::Flow(number)
        | FallbackAction::RingGroup(number) => match names.0.destination(number.as_str()) {
            Some(Destination::Queue(queue)) => format!("on to {}", queue_in_words(queue.id, names)),
            Some(Destination::Extension(extension)) => match extension.agent {
                Some(agent) => format!("on to {}", names.agent_in_words(agent)),
                None => format!("on to extension {number}"),
            },
            Some(Destination::Flow(_)) => format!("on to flow {number}"),
            Some(Destination::RingGroup(group)) => format!("on to ring group {number} ({})", group.name),
            Some(Destination::Mailbox(_)) => format!("on to mailbox {number}"),
            None => format!("on to {number}"),
        },
        FallbackAction::External(number) => format!("{number} is called by a trunk"),
        FallbackAction::Voicemail { mailbox, message } => {
            let whose = mailbox.as_ref().map_or_else(String::new, |number| format!(" for mailbox {number}"));
            match message {
                Some(message) => format!("a message{whose} is asked for with `{message}`"),
                None => format!("a message{whose} is asked for"),
            }
        }
        FallbackAction::Hangup { message } => match message {
            Some(message) => format!("`{message}` is played and the call ends"),
            None => "the call ends".into(),
        },
    }
}

fn queue_in_words(id: QueueId, names: Names<'_>) -> String {
    format!("queue {} ({})", names.queue(id), names.queue_name(id))
}
