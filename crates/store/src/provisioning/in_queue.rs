//! What those who wait in a line hear, and the keys that mean something there.

use model::{Announce, AnnouncePlace, CallbackRules, Exit, InQueue, Intro, Key};

use super::fallbacks::{Owner, fallback, prompt};
use super::limits::{
    ANNOUNCE_EVERY, ANNOUNCED_MAX, CALLBACK_HOURS, CALLBACK_PAUSE, CALLBACK_PREFIX_MAX, CALLBACK_RETRIES,
    CALLBACK_RING_TIME,
};
use super::reader::{Fields, Shape};
use super::yaml::{Node, Value};

pub(crate) const INTRO: Shape = Shape { what: "intro", known: &["prompt", "whole"], later: &[] };

pub(crate) const ANNOUNCE: Shape = Shape { what: "announce", known: &["prompts", "every"], later: &[] };

pub(crate) const ANNOUNCE_PLACE: Shape =
    Shape { what: "announce_place", known: &["position", "wait", "every"], later: &[] };

pub(crate) const EXIT: Shape = Shape { what: "exit", known: &["key", "to"], later: &[] };

pub(crate) const CALLBACK: Shape = Shape {
    what: "callback",
    known: &["key", "offer_after", "prefix", "change", "max_hours", "retries", "retry_after", "ring_time"],
    later: &[],
};

/// Seconds of music before an announcement, unless said.
pub(crate) const ANNOUNCE_EVERY_DEFAULT: u32 = 60;

/// The key that asks for a callback, unless said.
pub(crate) const CALLBACK_KEY_DEFAULT: char = '3';

/// All of it.
pub(crate) fn in_queue(fields: &Fields<'_>, owner: &Owner<'_>) -> InQueue {
    InQueue {
        intro: intro(fields),
        announce: announce(fields),
        place: place(fields).unwrap_or_default(),
        exit: exit(fields, owner),
        callback: callback(fields),
    }
}

fn callback(fields: &Fields<'_>) -> Option<CallbackRules> {
    let callback = Fields::of(fields.reading, fields.get("callback")?, &CALLBACK)?;
    let default = Key::parse(CALLBACK_KEY_DEFAULT)?;
    let key = match callback.get("key") {
        Some(_) => key(&callback, "key").filter(|key| digit(&callback, *key)),
        None => Some(default),
    };
    let rules = CallbackRules::new(key.unwrap_or(default));
    let offer_after = callback.get("offer_after");
    let rules = CallbackRules {
        offer_after: offer_after.and_then(|node| callback.as_whole("offer_after", node, CALLBACK_PAUSE)),
        prefix: prefix(&callback).unwrap_or_default(),
        change: callback.flag("change", rules.change),
        max_hours: callback.whole("max_hours", CALLBACK_HOURS, rules.max_hours),
        retries: callback.whole("retries", CALLBACK_RETRIES, rules.retries),
        retry_after: callback.whole("retry_after", CALLBACK_PAUSE, rules.retry_after),
        ring_time: callback.whole("ring_time", CALLBACK_RING_TIME, rules.ring_time),
        ..rules
    };
    let exit = fields.get("exit").and_then(|node| Fields::of(fields.reading, node, &EXIT));
    if let Some((text, line)) = exit.as_ref().and_then(|exit| exit.text("key"))
        && text.chars().eq([rules.key.sign()])
    {
        fields.problem(line, format!("`key` of the exit is `{text}`, and so is that of the callback"));
    }
    Some(rules)
}

/// Star and hash have a meaning of their own where a number is asked for.
fn digit(fields: &Fields<'_>, key: Key) -> bool {
    let is_digit = key.sign().is_ascii_digit();
    if !is_digit {
        let (sign, line) = (key.sign(), fields.line_of("key"));
        fields.problem(line, format!("`key` of the callback is `{sign}`; it is a digit"));
    }
    is_digit
}

/// What is dialed before a number: a few digits.
fn prefix(fields: &Fields<'_>) -> Option<String> {
    fields.get("prefix")?;
    let (text, line) = fields.text("prefix")?;
    if text.len() <= CALLBACK_PREFIX_MAX && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.to_owned());
    }
    let shown = super::agents::clean(text);
    fields.problem(
        line,
        format!("`prefix` of the callback is `{shown}`; it has at most {CALLBACK_PREFIX_MAX} digits"),
    );
    None
}

fn intro(fields: &Fields<'_>) -> Option<Intro> {
    let intro = Fields::of(fields.reading, fields.get("intro")?, &INTRO)?;
    intro.must("prompt")?;
    Some(Intro { prompt: prompt(&intro, "prompt")?, whole: intro.flag("whole", false) })
}

fn announce(fields: &Fields<'_>) -> Option<Announce> {
    let announce = Fields::of(fields.reading, fields.get("announce")?, &ANNOUNCE)?;
    let every = announce.whole("every", ANNOUNCE_EVERY, ANNOUNCE_EVERY_DEFAULT);
    announce.must("prompts")?;
    let prompts = prompts(&announce, ANNOUNCED_MAX)?;
    Some(Announce { prompts, every })
}

/// The field `prompts`: at least one name. None if one is wrong, which is noted.
pub(crate) fn prompts(fields: &Fields<'_>, max: usize) -> Option<Vec<String>> {
    let nodes = fields.list("prompts", max);
    if let Some(Node { value: Value::List(list), .. }) = fields.get("prompts")
        && list.is_empty()
    {
        fields.problem(fields.line_of("prompts"), format!("`prompts` of the {} names none", fields.what));
        return None;
    }
    if nodes.is_empty() {
        return None;
    }
    let name = |node| {
        let (name, line) = fields.as_text("prompts", node)?;
        fields.reading.prompt(line, &format!("`prompts` of the {}", fields.what), name);
        Some(name.to_owned())
    };
    // All of them are looked at, so that every problem is found.
    let names: Vec<Option<String>> = nodes.iter().map(name).collect();
    names.into_iter().collect()
}

fn place(fields: &Fields<'_>) -> Option<AnnouncePlace> {
    let place = Fields::of(fields.reading, fields.get("announce_place")?, &ANNOUNCE_PLACE)?;
    Some(AnnouncePlace {
        position: place.flag("position", true),
        wait: place.flag("wait", false),
        every: place.whole("every", ANNOUNCE_EVERY, AnnouncePlace::EVERY_DEFAULT),
    })
}

fn exit(fields: &Fields<'_>, owner: &Owner<'_>) -> Option<Exit> {
    let exit = Fields::of(fields.reading, fields.get("exit")?, &EXIT)?;
    exit.must("key")?;
    let key = key(&exit, "key");
    exit.must("to")?;
    let to = fallback(&exit, "to", &Owner { what: "exit of queue", ..*owner });
    Some(Exit { key: key?, to: to? })
}

/// A field that is a key of a telephone.
pub(crate) fn key(fields: &Fields<'_>, name: &str) -> Option<Key> {
    let (text, line) = fields.text(name)?;
    let mut signs = text.chars();
    let key = match (signs.next(), signs.next()) {
        (Some(sign), None) => Key::parse(sign),
        (None, _) | (Some(_), Some(_)) => None,
    };
    if key.is_none() {
        let shown = super::agents::clean(text);
        let what = fields.what;
        fields.problem(line, format!("`{name}` of the {what} is `{shown}`; it is one of 0 to 9, * and #"));
    }
    key
}
