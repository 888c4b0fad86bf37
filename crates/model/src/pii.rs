//! Personal data as a type: it prints masked until somebody asks for it by name.

use borsh::{BorshDeserialize, BorshSerialize};

/// A value that names a person. `Debug` and `Display` show the last four characters at most.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct Pii<T>(pub T);

impl<T> Pii<T> {
    /// The value itself, for the wire, the database and the person who may see it; never for a log.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

fn masked(text: &str, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let count = text.chars().count();
    if count <= 4 {
        return f.write_str("•••");
    }
    write!(f, "•••{}", text.chars().skip(count - 4).collect::<String>())
}

impl<T: AsRef<str>> std::fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        masked(self.0.as_ref(), f)
    }
}

impl<T: AsRef<str>> std::fmt::Display for Pii<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        masked(self.0.as_ref(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_prints_its_last_four_digits_only() {
        assert_eq!(format!("{:?} {}", Pii("+493012345678"), Pii("123")), "•••5678 •••");
    }
}
