//! Mailboxes: where callers leave messages.
//!
//! A box is named by its number. If that is an agent's extension or a queue's number, the box is hers or the
//! queue's; else it is a shared box, and to dial its number is to leave a message in it.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::id::MailboxId;
use crate::number::ExtensionNumber;

/// A mailbox.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Mailbox {
    /// Its id.
    pub id: MailboxId,
    /// An agent's extension, a queue's number, or one of its own.
    pub number: ExtensionNumber,
    /// Shown to people, 1–64 characters.
    pub name: String,
    /// What its owner must key in; without one it can be heard from her own phone only.
    pub pin: Option<Pin>,
    /// Who is told of a new message, with the recording.
    pub email: Option<String>,
    /// A message goes once its e-mail has been taken by the mail server.
    pub delete_after_email: bool,
    /// The language of its e-mails, `en` or `de`; `en` unless set.
    pub language: String,
    /// Messages older than so many days go; 0: never.
    pub retention_days: u16,
    /// Longest message, seconds, 5–1,800; 180 unless set.
    pub max_seconds: u16,
    /// Most messages, 1–1,000; 100 unless set.
    pub max_messages: u16,
    /// The service that puts messages into text, `https://…`.
    pub transcription: Option<String>,
    /// What a caller hears first.
    pub greetings: Greetings,
}

/// Prompt names by why the caller came to the box. Where none is set he hears the greeting that was recorded by
/// phone, and where there is none either, the program's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Greetings {
    /// Nobody answered.
    pub no_answer: Option<String>,
    /// She talks, or declined.
    pub busy: Option<String>,
    /// In every other state: away, closed, no agents.
    pub unavailable: Option<String>,
}

impl Mailbox {
    /// `max_seconds` unless set.
    pub const MAX_SECONDS_DEFAULT: u16 = 180;
    /// `max_messages` unless set.
    pub const MAX_MESSAGES_DEFAULT: u16 = 100;
    /// `language` unless set.
    pub const LANGUAGE_DEFAULT: &str = "en";

    /// A box with the defaults of the domain model: no PIN, no e-mail, messages kept for ever.
    #[must_use]
    pub fn new(id: MailboxId, number: ExtensionNumber, name: &str) -> Self {
        Self {
            id,
            number,
            name: name.into(),
            pin: None,
            email: None,
            delete_after_email: false,
            language: Self::LANGUAGE_DEFAULT.into(),
            retention_days: 0,
            max_seconds: Self::MAX_SECONDS_DEFAULT,
            max_messages: Self::MAX_MESSAGES_DEFAULT,
            transcription: None,
            greetings: Greetings::default(),
        }
    }
}

/// The number that opens a mailbox: 4 to 10 digits. It prints as dots.
#[derive(Clone, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Pin(Box<str>);

impl Pin {
    /// Fewest digits.
    pub const LENGTH_MIN: usize = 4;
    /// Most digits.
    pub const LENGTH_MAX: usize = 10;

    /// Reads one; none if it is too short, too long, or not of digits alone.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (Self::LENGTH_MIN..=Self::LENGTH_MAX).contains(&text.len());
        (fits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| Self(text.into()))
    }

    /// Whether these are its digits.
    #[must_use]
    pub fn is(&self, digits: &str) -> bool {
        *self.0 == *digits
    }

    /// The digits, to be sealed.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("••••")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_digits_within_its_bounds_and_is_not_printed() {
        let pin = Pin::parse("4711").unwrap();
        assert!(pin.is("4711") && !pin.is("471") && !pin.is("47110"));
        assert_eq!(format!("{pin:?}"), "••••");
        for wrong in ["", "123", "12345678901", "12a4", "１２３４"] {
            assert_eq!(Pin::parse(wrong), None, "{wrong}");
        }
    }
}
