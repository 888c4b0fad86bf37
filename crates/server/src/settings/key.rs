//! What a setting is.

use super::Settings;

/// What every environment variable begins with.
pub(crate) const PREFIX: &str = "CORDBOARD_";

/// One setting.
pub(crate) struct Key {
    /// `section.key`.
    pub(crate) name: &'static str,
    /// Its default, as written in a file.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the reference page"))]
    pub(crate) default: &'static str,
    /// What it means, for the person who sets it.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the reference page"))]
    pub(crate) doc: &'static str,
    /// Reads a value into the settings, or says what would be right.
    pub(crate) set: fn(&mut Settings, &str) -> Result<(), String>,
}

impl Key {
    /// Its environment variable.
    #[must_use]
    pub(crate) fn environment(&self) -> String {
        format!("{PREFIX}{}", self.name.replace('.', "_").to_ascii_uppercase())
    }
}
