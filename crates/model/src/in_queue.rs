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
