//! Texts that a spreadsheet would run.
//!
//! What people call themselves is in tables, and a spreadsheet runs what looks like a formula. So a text that begins like
//! one has a `'` before it (OWASP, "CSV Injection"), also behind a `;`, where half of the world's spreadsheets begin
//! another cell.

use std::borrow::Cow;

/// With which characters a spreadsheet takes a text for a formula, those of full width too.
#[must_use]
pub const fn begins_a_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

/// Whether a text would be taken for a formula, or looks like one that was defused.
#[must_use]
pub fn is_armed(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(begins_a_formula)
}

/// A text as no spreadsheet takes it for a formula.
#[must_use]
pub fn defused(text: &str) -> Cow<'_, str> {
    if !text.split(';').any(is_armed) {
        return Cow::Borrowed(text);
    }
    let parts = text.split(';').map(|part| if is_armed(part) { format!("'{part}") } else { part.to_owned() });
    Cow::Owned(parts.collect::<Vec<_>>().join(";"))
}
