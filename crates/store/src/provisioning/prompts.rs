//! Prompts: made from a text, or from a file beside the provisioning file.

use std::collections::{BTreeMap, BTreeSet};

use super::agents::clean;
use super::in_queue;
use super::limits::{PLAYLIST_MAX, PLAYLISTS_MAX, PROMPTS_MAX};
use super::reader::{Fields, Shape};
use super::reading::Reading;
use super::yaml::Node;
use crate::playlist::Playlist;
use crate::prompt::{
    KeptSound, PROMPT_TEXT_MAX, Prompt, PromptSource, is_prompt_name, is_voice, language_tag,
};

pub(crate) const PROMPT: Shape =
    Shape { what: "prompt", known: &["name", "language", "text", "voice", "file"], later: &[] };
pub(crate) const PLAYLIST: Shape = Shape { what: "playlist", known: &["name", "prompts"], later: &[] };

/// Longest path of a file, characters.
const PATH_MAX: usize = 1_024;

/// A prompt that the file says is there.
#[derive(Clone, Debug)]
pub struct WantedPrompt {
    /// Its name.
    pub name: String,
    /// A language tag in lower case.
    pub language: String,
    /// A text or a file, nothing else.
    pub source: PromptSource,
    /// Its line in the file.
    pub line: u64,
    /// Its sound, once somebody has made it.
    pub sound: Option<KeptSound>,
}

impl WantedPrompt {
    /// Whether the row is this prompt, from the same source.
    pub(crate) fn is(&self, row: &Prompt) -> bool {
        row.provisioned
            && (&row.language, &row.name, &row.source) == (&self.language, &self.name, &self.source)
    }
}

/// The prompts; the rest of the file may name them.
pub(crate) fn prompts(top: &Fields<'_>, language: &str) -> Vec<WantedPrompt> {
    let mut seen = BTreeMap::new();
    let list = top.list("prompts", PROMPTS_MAX);
    list.iter().filter_map(|node| prompt(top.reading, node, language, &mut seen)).collect()
}

fn prompt<'a>(
    reading: &'a Reading<'a>,
    node: &'a Node,
    domains: &str,
    seen: &mut BTreeMap<(String, String), u64>,
) -> Option<WantedPrompt> {
    let fields = Fields::of(reading, node, &PROMPT)?;
    let name = name(&fields);
    if let Some(name) = &name {
        reading.declare_prompt(name);
    }
    let language = match fields.text("language") {
        Some((text, line)) => as_language(&fields, text, line),
        None => fields.given("language").is_none().then(|| domains.to_owned()),
    };
    let source = source(&fields);
    let (name, language, source) = (name?, language?, source?);
    let line = fields.line_of("name");
    if let Some(at) = seen.insert((language.clone(), name.clone()), line) {
        let at = reading.on(at);
        fields.problem(line, format!("prompt {language}/{name} is there already{at}"));
    }
    Some(WantedPrompt { name, language, source, line, sound: None })
}

/// The playlists; the rest of the file may name them like prompts, they themselves may not.
pub(crate) fn playlists(top: &Fields<'_>) -> Vec<Playlist> {
    let list = top.list("playlists", PLAYLISTS_MAX);
    let mut seen = BTreeSet::new();
    let playlists: Vec<Playlist> =
        list.iter().filter_map(|node| playlist(top.reading, node, &mut seen)).collect();
    for playlist in &playlists {
        top.reading.declare_prompt(&playlist.name);
    }
    playlists
}

fn playlist<'a>(reading: &'a Reading<'a>, node: &'a Node, seen: &mut BTreeSet<String>) -> Option<Playlist> {
    let fields = Fields::of(reading, node, &PLAYLIST)?;
    let name = name(&fields);
    fields.must("prompts")?;
    let prompts = in_queue::prompts(&fields, PLAYLIST_MAX);
    let (name, prompts) = (name?, prompts?);
    let line = fields.line_of("name");
    if reading.has_prompt(&name) {
        fields.problem(line, format!("`name` of the playlist is `{name}`, and a prompt has it already"));
    } else if !seen.insert(name.clone()) {
        fields.problem(line, format!("there is a playlist {name} already"));
    }
    Some(Playlist { name, prompts })
}

/// A name that may stand in paths; noted if it is none.
pub(crate) fn name(fields: &Fields<'_>) -> Option<String> {
    fields.must("name")?;
    let (text, line) = fields.text("name")?;
    if is_prompt_name(text) {
        return Some(text.to_owned());
    }
    let text = clean(text);
    let pattern = "1 to 64 of lower-case letters, digits and `-`";
    fields.problem(line, format!("`name` of the {} is `{text}`; it has {pattern}", fields.what));
    None
}

/// A language tag; noted if it is none.
pub(crate) fn as_language(fields: &Fields<'_>, text: &str, line: u64) -> Option<String> {
    let tag = language_tag(text);
    if tag.is_none() {
        let (what, text) = (fields.what, clean(text));
        fields.problem(line, format!("`language` of the {what} is `{text}`; it is a tag like de or de-AT"));
    }
    tag
}

fn source(fields: &Fields<'_>) -> Option<PromptSource> {
    match (fields.get("text"), fields.get("file")) {
        (Some(_), None) => {
            let text = bounded(fields, "text", PROMPT_TEXT_MAX);
            let voice = voice(fields);
            Some(PromptSource::Text { text: text?, voice: voice? })
        }
        (None, Some(_)) => {
            if fields.given("voice").is_some() {
                fields.problem(
                    fields.line_of("voice"),
                    "`voice` of the prompt is for a `text`, not for a `file`",
                );
            }
            Some(PromptSource::File { path: bounded(fields, "file", PATH_MAX)? })
        }
        (Some(_), Some(_)) | (None, None) => {
            fields.problem(fields.line, "the prompt wants exactly one of text, file");
            None
        }
    }
}

fn voice(fields: &Fields<'_>) -> Option<Option<String>> {
    if fields.given("voice").is_none() {
        return Some(None);
    }
    let (text, line) = fields.text("voice")?;
    if !is_voice(text) {
        fields.problem(line, "`voice` of the prompt is the name of an espeak-ng voice, like en-us or de+f3");
        return None;
    }
    Some(Some(text.to_owned()))
}

fn bounded(fields: &Fields<'_>, field: &str, max: usize) -> Option<String> {
    let (text, line) = fields.text(field)?;
    let length = text.trim().chars().count();
    if !(1..=max).contains(&length) {
        fields.problem(
            line,
            format!("`{field}` of the prompt has {length} characters; 1 to {max} are allowed"),
        );
        return None;
    }
    Some(text.trim().to_owned())
}
