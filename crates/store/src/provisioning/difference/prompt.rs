//! A prompt and a playlist in a plan.

use super::{Identity, Item, bracketed, field, hidden};
use crate::directory::Snapshot;
use crate::playlist::Playlist;
use crate::prompt::{Prompt, PromptSource};

/// The prompts and playlists, in this order.
pub(super) fn items(rows: &Snapshot) -> impl Iterator<Item = (Identity, Item)> + '_ {
    let prompts =
        rows.prompts.iter().map(|row| ((14, format!("{} {}", row.language, row.name)), prompt(row)));
    prompts.chain(rows.playlists.iter().map(|row| ((15, row.name.clone()), playlist(row))))
}

/// A prompt with its fields; of its sound only that it changes.
fn prompt(row: &Prompt) -> Item {
    let Prompt { language, name, source, provisioned: _, sound, changed_at: _, changed_by: _ } = row;
    let (content, voice) = match source {
        PromptSource::Text { text, voice } => (text.as_str(), voice.as_deref()),
        PromptSource::File { path } => (path.as_str(), None),
        PromptSource::Upload | PromptSource::Phone => ("none", None),
    };
    // A text says what is new in its sound; of a file only the sound itself does.
    let sound = match source {
        PromptSource::Text { .. } => None,
        PromptSource::File { .. } | PromptSource::Upload | PromptSource::Phone => Some(&sound.sha256),
    };
    let fields = vec![
        field("source", source.word()),
        field(source.word(), content),
        field("voice", voice.unwrap_or("none")),
        hidden("sound", sound),
    ];
    Item { kind: "prompt", name: format!("{language}/{name}"), fields }
}

fn playlist(row: &Playlist) -> Item {
    let Playlist { name, prompts } = row;
    let fields = vec![field("prompts", bracketed(prompts.iter().cloned()))];
    Item { kind: "playlist", name: name.clone(), fields }
}
