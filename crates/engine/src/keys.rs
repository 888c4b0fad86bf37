//! Keys that are pressed for somebody. They may be a secret (a card's number, a code of a bank), so neither a log nor
//! the journal has more of them than how many they were; nothing that the engine decides depends on which.

use std::fmt;
use std::io;

use borsh::{BorshDeserialize, BorshSerialize};

/// One to thirty-two keys of a phone: digits, `*`, `#`, and the letters A to D.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys(String);

impl Keys {
    /// Most at once.
    pub const MAX: usize = 32;

    /// None if it is empty, too long, or has what is no key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase();
        let is_key = |byte: u8| byte.is_ascii_digit() || b"*#ABCD".contains(&byte);
        ((1..=Self::MAX).contains(&text.len()) && text.bytes().all(is_key)).then_some(Self(text))
    }

    /// The keys themselves, for the wire.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} keys", self.0.len())
    }
}

impl BorshSerialize for Keys {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        u8::try_from(self.0.len()).unwrap_or(u8::MAX).serialize(writer)
    }
}

impl BorshDeserialize for Keys {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        // A replay presses as many, and says so of none.
        Ok(Self("*".repeat(u8::deserialize_reader(reader)?.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_refused() {
        for wrong in ["", "12 3", "E", "é", "+49", &"1".repeat(33)] {
            assert_eq!(Keys::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Keys::parse("0*#d").unwrap().reveal(), "0*#D");
    }

    #[test]
    fn neither_a_log_nor_the_journal_has_the_keys() {
        let keys = Keys::parse("4111").unwrap();
        assert_eq!(format!("{keys:?}"), "4 keys");
        let kept = borsh::to_vec(&keys).unwrap();
        assert_eq!(kept, [4]);
        assert_eq!(borsh::from_slice::<Keys>(&kept).unwrap().reveal(), "****");
    }
}
