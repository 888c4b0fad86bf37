//! What a step has marked: a small sorted set that keeps its room from step to step.

use borsh::{BorshDeserialize, BorshSerialize};

/// A sorted set of marks.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Marks<T>(Vec<T>);

impl<T> Default for Marks<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + Ord> Marks<T> {
    /// Adds a mark, unless it is there.
    pub(crate) fn insert(&mut self, mark: T) {
        if self.0.last().is_none_or(|last| *last < mark) {
            self.0.push(mark);
        } else if let Err(index) = self.0.binary_search(&mark) {
            self.0.insert(index, mark);
        }
    }

    /// Takes a mark away.
    pub(crate) fn remove(&mut self, mark: T) {
        if let Ok(index) = self.0.binary_search(&mark) {
            self.0.remove(index);
        }
    }

    /// Takes the last mark out.
    pub(crate) fn pop(&mut self) -> Option<T> {
        self.0.pop()
    }

    /// The first mark, or the first after one.
    pub(crate) fn next(&self, after: Option<T>) -> Option<T> {
        let index = after.map_or(0, |after| self.0.partition_point(|mark| *mark <= after));
        self.0.get(index).copied()
    }

    /// All, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = T> {
        self.0.iter().copied()
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes all away; the room stays.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
