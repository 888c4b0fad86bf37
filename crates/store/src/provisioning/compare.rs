//! Two sets of rows: what went away, what is new or different.

use std::collections::BTreeMap;

/// What to do to come from one set of rows to the other.
pub(crate) struct Changes<'a, R> {
    /// Rows of the old set whose key the new one does not have.
    pub(crate) removed: Vec<&'a R>,
    /// Rows of the new set that the old one does not have like this.
    pub(crate) saved: Vec<&'a R>,
}

/// Compares by key, then row by row.
pub(crate) fn changes<'a, R: PartialEq, K: Ord>(
    old: &'a [R],
    new: &'a [R],
    key: impl Fn(&'a R) -> K,
) -> Changes<'a, R> {
    let old_by_key: BTreeMap<K, &R> = old.iter().map(|row| (key(row), row)).collect();
    let new_by_key: BTreeMap<K, &R> = new.iter().map(|row| (key(row), row)).collect();
    let removed = old_by_key.iter().filter(|(key, _)| !new_by_key.contains_key(*key)).map(|(_, row)| *row);
    let saved = new_by_key
        .iter()
        .filter(|(key, row)| old_by_key.get(*key).is_none_or(|old| *old != **row))
        .map(|(_, row)| *row);
    Changes { removed: removed.collect(), saved: saved.collect() }
}
