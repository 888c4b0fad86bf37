//! What those who wait in a line hear beside the music, and which keys mean something there.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::fallback::FallbackAction;

/// What those who wait in a line hear and can do. Nothing of it ever delays an agent's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct InQueue {
    /// What is heard first.
    pub intro: Option<Intro>,
    /// What is heard again and again.
    pub announce: Option<Announce>,
    /// Whether callers are told where they stand.
    pub place: AnnouncePlace,
    /// The key that leads out of the line.
    pub exit: Option<Exit>,
    /// Whether they may ask to be called back.
    pub callback: Option<CallbackRules>,
}

/// What a caller hears when he has come to a line.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Intro {
    /// Prompt name.
    pub prompt: String,
    /// Whether he hears all of it before an agent is rung for him (PS `FULL`); else an answer cuts it. His place in
    /// the line counts from the start either way.
    pub whole: bool,
}

/// Prompts that those who wait hear in turn.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Announce {
    /// Prompt names, at least one: one at a time, then the next, then from the first again.
    pub prompts: Vec<String>,
    /// Seconds of music before each of them, 10–1800.
    pub every: u32,
}

/// Whether callers are told where they stand: soon after they have come, and then as often as it got better (A43).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AnnouncePlace {
    /// Their place in the line.
    pub position: bool,
    /// How long they will wait, as far as the queue's past tells.
    pub wait: bool,
    /// Seconds between two looks at it, 10–1800.
    pub every: u32,
}

impl AnnouncePlace {
    /// `every` unless set.
    pub const EVERY_DEFAULT: u32 = 30;

    /// Whether anything is told at all.
    #[must_use]
    pub const fn is_on(self) -> bool {
        self.position || self.wait
    }
}

impl Default for AnnouncePlace {
    fn default() -> Self {
        Self { position: false, wait: false, every: Self::EVERY_DEFAULT }
    }
}

/// The key by which a caller leaves the line, and where he goes then.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Exit {
    /// Which.
    pub key: Key,
    /// The plan.
    pub to: FallbackAction,
}

/// How those who wait are called back when their turn has come, in place of waiting on the line.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CallbackRules {
    /// The key that asks for it, a digit; `3` unless set (PS).
    pub key: Key,
    /// Seconds after which it is offered, 10–3600, and before which the key means nothing; `None`: the key counts at any
    /// time, and nothing is said of it (PS modes `TIMEOUT` and `ACTIVE`).
    pub offer_after: Option<u32>,
    /// Dialed before the caller's number; empty unless set.
    pub prefix: String,
    /// Whether a caller may name another number than the one he calls from; true unless set.
    pub change: bool,
    /// Hours after which it is given up, 1–6; 6 unless set (NS).
    pub max_hours: u8,
    /// How often he is tried again who was not reached, 0–10; 0 unless set (A44).
    pub retries: u8,
    /// Seconds before the next try, 10–3600; 300 unless set.
    pub retry_after: u32,
    /// How long his phone rings, seconds, 5–120; 30 unless set.
    pub ring_time: u32,
}

impl CallbackRules {
    /// `ring_time` unless set.
    pub const RING_TIME_DEFAULT: u32 = 30;

    /// The rules unless something else is set.
    #[must_use]
    pub const fn new(key: Key) -> Self {
        Self {
            key,
            offer_after: None,
            prefix: String::new(),
            change: true,
            max_hours: 6,
            retries: 0,
            retry_after: 300,
            ring_time: Self::RING_TIME_DEFAULT,
        }
    }
}

/// A key of a telephone: `0`–`9`, `*` or `#`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Key(u8);

impl Key {
    /// The key of this sign; none if a telephone has none such.
    #[must_use]
    pub fn parse(sign: char) -> Option<Self> {
        let key = u8::try_from(sign).ok()?;
        matches!(key, b'0'..=b'9' | b'*' | b'#').then_some(Self(key))
    }

    /// Its sign.
    #[must_use]
    pub fn sign(self) -> char {
        char::from(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_telephones() {
        let signs = |text: &str| text.chars().filter_map(Key::parse).map(Key::sign).collect::<String>();
        assert_eq!(signs("0189*#"), "0189*#");
        assert_eq!(signs("aA +é\u{1F600}"), "");
    }
}
