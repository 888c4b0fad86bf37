//! Values as the lines of a plan show them.

use model::{FallbackAction, RnaPolicy, SkillNeed};

use crate::words::Word as _;

/// Minutes of a day as `HH:MM`.
pub(crate) fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// What an agent must know.
pub(crate) fn needs(needs: &[SkillNeed]) -> String {
    bracketed(needs.iter().map(|SkillNeed { skill, level, relax_after, relax_by }| {
        let relaxed = if *relax_after == 0 { String::new() } else { format!(" -{relax_by}/{relax_after}s") };
        format!("{skill} {level}{relaxed}")
    }))
}

/// For how many days a caller is led to the agent of last time.
pub(crate) fn sticky(days: u16) -> String {
    if days == 0 { "off".to_owned() } else { format!("{days}d") }
}

/// A list.
pub(crate) fn bracketed(list: impl Iterator<Item = String>) -> String {
    format!("[{}]", list.collect::<Vec<_>>().join(", "))
}

/// What follows an offer that rang out.
pub(crate) fn policy(policy: Option<&RnaPolicy>) -> String {
    policy.map_or_else(
        || "none".into(),
        |RnaPolicy { action, scope, after_n }| format!("{}/{}/{after_n}", action.word(), scope.word()),
    )
}

/// Where a caller goes.
pub(crate) fn action(action: Option<&FallbackAction>) -> String {
    match action {
        None => "none".into(),
        Some(FallbackAction::Queue(number)) => format!("queue:{number}"),
        Some(FallbackAction::Extension(number)) => format!("extension:{number}"),
        Some(FallbackAction::Flow(number)) => format!("flow:{number}"),
        Some(FallbackAction::RingGroup(number)) => format!("ring_group:{number}"),
        Some(FallbackAction::External(number)) => format!("external:{number}"),
        Some(FallbackAction::Hangup { message }) => with_message("hangup", message.as_deref()),
        Some(FallbackAction::Voicemail { mailbox, message }) => {
            let place = mailbox.as_ref().map_or_else(String::new, |number| format!("({number})"));
            with_message(&format!("voicemail{place}"), message.as_deref())
        }
    }
}

fn with_message(word: &str, message: Option<&str>) -> String {
    message.map_or_else(|| word.to_owned(), |message| format!("{word}:{message}"))
}
