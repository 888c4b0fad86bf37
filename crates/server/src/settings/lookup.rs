//! Finding a setting by what somebody wrote, and what to say when there is none.

use super::keys::{Key, PREFIX, all};

/// The key of this name.
#[must_use]
pub(crate) fn find(name: &str) -> Option<&'static Key> {
    all().find(|key| key.name == name)
}

/// Whether a variable's name begins with a section of ours.
#[must_use]
pub(crate) fn is_known_section(variable: &str) -> bool {
    all().any(|key| {
        let section = key.name.split('.').next().unwrap_or_default().to_ascii_uppercase();
        variable.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with(&format!("{section}_")))
    })
}

/// What to say of a key that is not there: with the nearest that is.
#[must_use]
pub(crate) fn unknown(name: &str) -> String {
    let wanted = name.trim_start_matches(PREFIX).to_ascii_lowercase();
    let shared = |key: &Key| {
        let own = if name.starts_with(PREFIX) { key.name.replace('.', "_") } else { key.name.into() };
        own.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count()
    };
    match all().max_by_key(|key| shared(key)).filter(|key| shared(key) > 2) {
        Some(near) => format!("no setting `{name}`; did you mean `{}`?", near.name),
        None => format!("no setting `{name}`; see the settings reference for all of them"),
    }
}
