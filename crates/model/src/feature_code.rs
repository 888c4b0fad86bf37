//! Feature codes: what a registered phone can dial to change its agent's state, night mode or do not disturb, to hear
//! messages, or to record a prompt.

use borsh::{BorshDeserialize, BorshSerialize};

/// What a code does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub enum Feature {
    /// `*36`: ready (PS-11).
    Ready,
    /// `*37`: not ready (PS-12).
    NotReady,
    /// `*38`: log in (PS-9).
    Login,
    /// `*39`: log out (PS-10).
    Logout,
    /// `*16`: switches night mode, of the domain or of the queue whose number follows.
    NightMode,
    /// `*57`: hear the messages of one's own mailbox; with a queue's number behind it, of that queue's.
    Voicemail,
    /// `*65`: record a prompt.
    RecordPrompt,
    /// `*78`: do not disturb this phone (PS).
    DndOn,
    /// `*79`: calls may ring this phone again (PS).
    DndOff,
}

/// A code and what it does, for one domain.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FeatureCode {
    /// One to three of `*` and `#`, then up to four digits.
    pub code: String,
    /// What it does.
    pub feature: Feature,
    /// Codes can be switched off.
    pub enabled: bool,
}

impl FeatureCode {
    /// The codes every domain starts with.
    #[must_use]
    pub fn defaults() -> Vec<Self> {
        [
            ("*16", Feature::NightMode),
            ("*36", Feature::Ready),
            ("*37", Feature::NotReady),
            ("*38", Feature::Login),
            ("*39", Feature::Logout),
            ("*57", Feature::Voicemail),
            ("*65", Feature::RecordPrompt),
            ("*78", Feature::DndOn),
            ("*79", Feature::DndOff),
        ]
        .map(|(code, feature)| Self { code: code.into(), feature, enabled: true })
        .into()
    }
}
