//! What those who wait in a line hear, and the keys that mean something there.

use model::{Announce, AnnouncePlace, Exit, InQueue, Intro, Key};

use super::fallbacks::{Owner, fallback, prompt};
use super::limits::{ANNOUNCE_EVERY, ANNOUNCED_MAX};
use super::reader::{Fields, Shape};
use super::yaml::{Node, Value};

pub(crate) const INTRO: Shape = Shape { what: "intro", known: &["prompt", "whole"], later: &[] };

pub(crate) const ANNOUNCE: Shape = Shape { what: "announce", known: &["prompts", "every"], later: &[] };

pub(crate) const ANNOUNCE_PLACE: Shape =
    Shape { what: "announce_place", known: &["position", "wait", "every"], later: &[] };

pub(crate) const EXIT: Shape = Shape { what: "exit", known: &["key", "to"], later: &[] };

/// Seconds of music before an announcement, unless said.
const ANNOUNCE_EVERY_DEFAULT: u32 = 60;

/// All of it.
pub(crate) fn in_queue(fields: &Fields<'_>, owner: &Owner<'_>) -> InQueue {
    InQueue {
        intro: intro(fields),
        announce: announce(fields),
        place: place(fields).unwrap_or_default(),
        exit: exit(fields, owner),
    }
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
    let to = fallback(&exit, "to", owner);
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
