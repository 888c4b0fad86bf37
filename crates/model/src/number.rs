//! Numbers: parsed once at the border, trusted after.

use crate::pii::Pii;
use borsh::{BorshDeserialize, BorshSerialize};

/// Why a text is no extension number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum InvalidNumber {
    /// Shorter than 3 or longer than 64 digits.
    Length,
    /// Something else than `0`–`9`.
    NotDigits,
}

impl std::fmt::Display for InvalidNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Length => "an extension has 3 to 64 digits",
            Self::NotDigits => "an extension has digits only",
        })
    }
}

/// A number inside the domain: 3 to 64 digits, one space for agents, queues, flows and phones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct ExtensionNumber(Box<str>);

impl ExtensionNumber {
    /// Fewest digits.
    pub const LENGTH_MIN: usize = 3;
    /// Most digits.
    pub const LENGTH_MAX: usize = 64;

    /// Parses `text`.
    ///
    /// # Errors
    /// [`InvalidNumber`] if it is not 3 to 64 ASCII digits.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        if !(Self::LENGTH_MIN..=Self::LENGTH_MAX).contains(&text.len()) {
            return Err(InvalidNumber::Length);
        }
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidNumber::NotDigits);
        }
        Ok(Self(text.into()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is read back is parsed again: a journal is a file, and files break.
impl BorshDeserialize for ExtensionNumber {
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        let text = String::deserialize_reader(reader)?;
        Self::parse(&text)
            .map_err(|why| std::io::Error::new(std::io::ErrorKind::InvalidData, why.to_string()))
    }
}

impl std::fmt::Display for ExtensionNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for ExtensionNumber {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Who calls, as the network said it: hostile text, cut to a length and masked in logs.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CallerId {
    /// The number or user name; empty if withheld.
    pub number: Pii<String>,
    /// The display name; empty if none.
    pub name: Pii<String>,
}

impl CallerId {
    /// Most characters kept of number and name each.
    pub const LENGTH_MAX: usize = 64;

    /// Takes what the network said, without control characters and those that turn the direction of what stands beside
    /// them, cut to [`Self::LENGTH_MAX`].
    #[must_use]
    pub fn new(number: &str, name: &str) -> Self {
        let clean = |text: &str| -> String {
            text.chars().filter(|c| !c.is_control() && !turns(*c)).take(Self::LENGTH_MAX).collect()
        };
        Self { number: Pii(clean(number)), name: Pii(clean(name)) }
    }
}

/// Whether a character turns the direction of text, beyond its own (Unicode UAX #9, explicit formatting).
const fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_three_to_sixty_four_digits() {
        assert_eq!(ExtensionNumber::parse("1001").map(|n| n.to_string()), Ok("1001".into()));
        assert_eq!(ExtensionNumber::parse("12"), Err(InvalidNumber::Length));
        assert_eq!(ExtensionNumber::parse("10a1"), Err(InvalidNumber::NotDigits));
        assert_eq!(ExtensionNumber::parse(&"1".repeat(65)), Err(InvalidNumber::Length));
    }

    #[test]
    fn a_caller_id_is_cut_and_cleaned() {
        let caller = CallerId::new("+49\u{7}30", &"x".repeat(100));
        assert_eq!(caller.number.reveal(), "+4930");
        assert_eq!(caller.name.reveal().len(), CallerId::LENGTH_MAX);
        let turned = CallerId::new("+49\u{202e}30", "Ann \u{2066}\u{5d0}\u{200f}Ash");
        assert_eq!(
            (turned.number.reveal().as_str(), turned.name.reveal().as_str()),
            ("+4930", "Ann \u{5d0}Ash")
        );
    }
}
