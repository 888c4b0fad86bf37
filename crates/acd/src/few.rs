//! A map of a few things: a sorted list, so that one of them lies in one place and not in a tree's node with room
//! for eleven.

use borsh::{BorshDeserialize, BorshSerialize};

/// A few things by id, in order.
#[derive(Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Few<K, V>(Vec<(K, V)>);

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Copy + Ord, V> Few<K, V> {
    fn place(&self, id: &K) -> Result<usize, usize> {
        match self.0.as_slice() {
            // Most agents serve one queue.
            [(only, _)] if only == id => Ok(0),
            all => all.binary_search_by_key(id, |(known, _)| *known),
        }
    }

    /// The thing with an id.
    pub(crate) fn get(&self, id: &K) -> Option<&V> {
        self.0.get(self.place(id).ok()?).map(|(_, thing)| thing)
    }

    /// The thing with an id, to be changed.
    pub(crate) fn get_mut(&mut self, id: &K) -> Option<&mut V> {
        let place = self.place(id).ok()?;
        self.0.get_mut(place).map(|(_, thing)| thing)
    }

    /// The thing at a place, from 0, with its id.
    pub(crate) fn nth(&self, place: usize) -> Option<&(K, V)> {
        self.0.get(place)
    }

    /// Whether there is one.
    pub(crate) fn contains_key(&self, id: &K) -> bool {
        self.place(id).is_ok()
    }

    /// Puts a thing in the place of the one before, if there was one.
    pub(crate) fn insert(&mut self, id: K, thing: V) {
        match self.place(&id) {
            Ok(place) => self.0[place].1 = thing,
            Err(place) => self.0.insert(place, (id, thing)),
        }
    }

    /// The thing with an id, made if there is none.
    pub(crate) fn get_or_insert_with(&mut self, id: K, make: impl FnOnce() -> V) -> &mut V {
        let place = self.place(&id).unwrap_or_else(|place| {
            self.0.insert(place, (id, make()));
            place
        });
        &mut self.0[place].1
    }

    /// Takes a thing out.
    pub(crate) fn remove(&mut self, id: &K) -> Option<V> {
        self.place(id).ok().map(|place| self.0.remove(place).1)
    }

    /// All, by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(id, thing)| (id, thing))
    }

    /// All, by id, to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.0.iter_mut().map(|(id, thing)| (&*id, thing))
    }

    /// All ids, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(id, _)| id)
    }

    /// All without their ids, in order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, thing)| thing)
    }

    /// All without their ids, in order, to be changed.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.iter_mut().map(|(_, thing)| thing)
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
