//! What those who wait in a line hear and can do, as JSON in a column of their queue.

use model::{Announce, AnnouncePlace, CallbackRules, Exit, InQueue, Intro, Key};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::fallback;
use crate::sql::{from_json, to_json};

#[derive(Default, Serialize, Deserialize)]
struct Row {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    intro: Option<IntroRow>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    announce: Option<AnnounceRow>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<PlaceRow>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exit: Option<ExitRow>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    callback: Option<CallbackRow>,
}

#[derive(Serialize, Deserialize)]
struct IntroRow {
    prompt: String,
    whole: bool,
}

#[derive(Serialize, Deserialize)]
struct AnnounceRow {
    prompts: Vec<String>,
    every: u32,
}

#[derive(Serialize, Deserialize)]
struct PlaceRow {
    position: bool,
    wait: bool,
    every: u32,
}

#[derive(Serialize, Deserialize)]
struct ExitRow {
    key: char,
    /// An action as its own column would keep it.
    to: String,
}

#[derive(Serialize, Deserialize)]
struct CallbackRow {
    key: char,
    offer_after: Option<u32>,
    prefix: String,
    change: bool,
    max_hours: u8,
    retries: u8,
    retry_after: u32,
    ring_time: u32,
}

/// As the column keeps it.
pub(crate) fn write(rules: &InQueue) -> Result<String, StoreError> {
    let InQueue { intro, announce, place, exit, callback } = rules;
    let exit = match exit {
        Some(Exit { key, to }) => Some(ExitRow { key: key.sign(), to: fallback::write(to)? }),
        None => None,
    };
    let AnnouncePlace { position, wait, every } = *place;
    to_json(&Row {
        intro: intro.clone().map(|Intro { prompt, whole }| IntroRow { prompt, whole }),
        announce: announce.clone().map(|Announce { prompts, every }| AnnounceRow { prompts, every }),
        place: Some(PlaceRow { position, wait, every }),
        exit,
        callback: callback.clone().map(write_callback),
    })
}

fn write_callback(rules: CallbackRules) -> CallbackRow {
    let CallbackRules { key, offer_after, prefix, change, max_hours, retries, retry_after, ring_time } =
        rules;
    let key = key.sign();
    CallbackRow { key, offer_after, prefix, change, max_hours, retries, retry_after, ring_time }
}

fn read_callback(row: CallbackRow) -> Result<CallbackRules, StoreError> {
    let CallbackRow { key, offer_after, prefix, change, max_hours, retries, retry_after, ring_time } = row;
    let key = self::key(key)?;
    Ok(CallbackRules { key, offer_after, prefix, change, max_hours, retries, retry_after, ring_time })
}

/// From its column.
pub(crate) fn read(text: &str) -> Result<InQueue, StoreError> {
    let Row { intro, announce, place, exit, callback } = from_json(text, "what those who wait hear")?;
    let exit = match exit {
        Some(ExitRow { key, to }) => Some(Exit { key: self::key(key)?, to: fallback::read(&to)? }),
        None => None,
    };
    Ok(InQueue {
        intro: intro.map(|IntroRow { prompt, whole }| Intro { prompt, whole }),
        announce: announce.map(|AnnounceRow { prompts, every }| Announce { prompts, every }),
        place: place
            .map(|PlaceRow { position, wait, every }| AnnouncePlace { position, wait, every })
            .unwrap_or_default(),
        exit,
        callback: callback.map(read_callback).transpose()?,
    })
}

fn key(sign: char) -> Result<Key, StoreError> {
    Key::parse(sign).ok_or_else(|| StoreError::corrupt("a key", sign))
}
