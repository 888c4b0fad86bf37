//! A short list: of one thing, which is the common case, it lies in place and nothing is allocated.

use std::fmt;
use std::io::{Error, Read, Write};
use std::ops::{Deref, DerefMut};

use borsh::{BorshDeserialize, BorshSerialize};

/// A list that is mostly of one thing or none. It reads as a slice and is written like a `Vec`.
#[derive(Clone)]
pub struct Short<T>(Room<T>);

#[derive(Clone)]
enum Room<T> {
    None,
    One(T),
    Many(Vec<T>),
}

impl<T> Short<T> {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self(Room::None)
    }

    /// Nothing yet, and room for so many.
    pub(crate) fn with_room(most: usize) -> Self {
        Self(if most > 1 { Room::Many(Vec::with_capacity(most)) } else { Room::None })
    }

    /// All, as a slice.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        self
    }

    /// Adds one at the end.
    pub fn push(&mut self, thing: T) {
        self.0 = match std::mem::replace(&mut self.0, Room::None) {
            Room::None => Room::One(thing),
            Room::One(first) => Room::Many(vec![first, thing]),
            Room::Many(mut all) => {
                all.push(thing);
                Room::Many(all)
            }
        };
    }

    /// Takes the first out for which `is` holds.
    pub(crate) fn take(&mut self, is: impl FnMut(&T) -> bool) -> Option<T> {
        let index = self.iter().position(is)?;
        match &mut self.0 {
            Room::Many(all) => Some(all.remove(index)),
            Room::None | Room::One(_) => match std::mem::replace(&mut self.0, Room::None) {
                Room::One(only) => Some(only),
                Room::None | Room::Many(_) => None,
            },
        }
    }

    /// Takes all out; the room stays.
    pub(crate) fn clear(&mut self) {
        match &mut self.0 {
            Room::Many(all) => all.clear(),
            Room::None | Room::One(_) => self.0 = Room::None,
        }
    }
}

impl<T> Default for Short<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for Short<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match &self.0 {
            Room::None => &[],
            Room::One(only) => std::slice::from_ref(only),
            Room::Many(all) => all,
        }
    }
}

impl<T> DerefMut for Short<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Room::None => &mut [],
            Room::One(only) => std::slice::from_mut(only),
            Room::Many(all) => all,
        }
    }
}

impl<T> FromIterator<T> for Short<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        let mut all = Self::new();
        things.into_iter().for_each(|thing| all.push(thing));
        all
    }
}

impl<T> From<Vec<T>> for Short<T> {
    fn from(all: Vec<T>) -> Self {
        if all.len() > 1 { Self(Room::Many(all)) } else { all.into_iter().collect() }
    }
}

impl<'a, T> IntoIterator for &'a Short<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for Short<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Short<T> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: Eq> Eq for Short<T> {}

impl<T: PartialEq, const N: usize> PartialEq<[T; N]> for Short<T> {
    fn eq(&self, other: &[T; N]) -> bool {
        self.as_slice() == other
    }
}

impl<T: BorshSerialize> BorshSerialize for Short<T> {
    fn serialize<W: Write>(&self, writer: &mut W) -> Result<(), Error> {
        self.as_slice().serialize(writer)
    }
}

impl<T: BorshDeserialize> BorshDeserialize for Short<T> {
    fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Self, Error> {
        Vec::deserialize_reader(reader).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_reads_and_is_written_as_a_vector_at_every_length() {
        let (mut short, mut vector) = (Short::new(), Vec::new());
        for thing in [3_u8, 1, 2, 1] {
            assert_eq!(
                (short.as_slice(), borsh::to_vec(&short).unwrap()),
                (&vector[..], borsh::to_vec(&vector).unwrap())
            );
            assert_eq!(borsh::from_slice::<Short<u8>>(&borsh::to_vec(&vector).unwrap()).unwrap(), short);
            short.push(thing);
            vector.push(thing);
        }
        for gone in [1, 3, 9, 1, 2] {
            let index = vector.iter().position(|thing| *thing == gone);
            assert_eq!(short.take(|thing| *thing == gone), index.map(|index| vector.remove(index)));
            assert_eq!(short.as_slice(), vector);
        }
        assert_eq!(Short::from(vec![7]), [7].into_iter().collect::<Short<_>>());
    }
}
