//! Why a configuration cannot be read at all.

use crate::report::Place;

/// Where it ended, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    place: Place,
    text: String,
}

impl ImportError {
    pub(crate) fn new(place: &Place, text: impl Into<String>) -> Self {
        Self { place: place.clone(), text: text.into() }
    }
}

impl std::fmt::Display for ImportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

impl std::error::Error for ImportError {}
