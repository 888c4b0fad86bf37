//! What those who wait in a line hear, and what their agent hears, in a plan.

use model::{AnnouncePlace, CallbackRules, InQueue, Intro};

use super::{Field, field};
use crate::provisioning::in_words::{action, bracketed};

fn in_words(rules: &CallbackRules) -> String {
    let CallbackRules { key, offer_after, prefix, change, max_hours, retries, retry_after, ring_time } =
        rules;
    let mut words = format!("key {}", key.sign());
    if let Some(after) = offer_after {
        words.push_str(&format!(", offered after {after}s"));
    }
    if !prefix.is_empty() {
        words.push_str(&format!(", prefix {prefix}"));
    }
    if !change {
        words.push_str(", own number only");
    }
    format!("{words}, rings {ring_time}s, {retries} retries after {retry_after}s, within {max_hours}h")
}

/// One field for each of its parts.
pub(super) fn fields(rules: &InQueue, music: &str, to_agent: Option<&str>, recording: bool) -> Vec<Field> {
    let InQueue { intro, announce, place, exit, callback } = rules;
    let none = || "none".to_owned();
    let intro = intro.as_ref().map(
        |Intro { prompt, whole }| {
            if *whole { format!("{prompt} whole") } else { prompt.clone() }
        },
    );
    let announce = announce
        .as_ref()
        .map(|announce| format!("{} every {}s", bracketed(announce.prompts.iter().cloned()), announce.every));
    let AnnouncePlace { position, wait, every } = *place;
    let place = match (position, wait) {
        (false, false) => none(),
        (true, false) => format!("position every {every}s"),
        (false, true) => format!("wait every {every}s"),
        (true, true) => format!("position and wait every {every}s"),
    };
    let exit = exit.as_ref().map(|exit| format!("{} {}", exit.key.sign(), action(Some(&exit.to))));
    vec![
        field("moh", music),
        field("announce_to_agent", to_agent.unwrap_or("none")),
        field("intro", intro.unwrap_or_else(none)),
        field("announce", announce.unwrap_or_else(none)),
        field("announce_place", place),
        field("exit", exit.unwrap_or_else(none)),
        field("recording", recording),
        field("callback", callback.as_ref().map_or_else(none, in_words)),
    ]
}
