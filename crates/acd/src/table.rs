//! A table by id: found by hash, kept dense, walked and written in the order of the ids.
//!
//! A row is two looks away however many there are, where a tree of ten thousand large rows is five nodes deep and
//! each of them a miss of the processor's cache. Rows lie side by side without gaps, and the room of one that went
//! is used by the next, so that calls which come and go allocate nothing. Nothing follows from where a row lies: it
//! depends on what came and went before, and differs after a restart.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::io::{Error, Read, Write};

use borsh::{BorshDeserialize, BorshSerialize};

/// Rows by id.
pub(crate) struct Table<K, V> {
    slots: HashMap<K, usize, BuildHasherDefault<IdHasher>>, // lookup only: whoever walks takes the rows
    rows: Vec<(K, V)>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { slots: HashMap::default(), rows: Vec::new() }
    }
}

impl<K: Copy + Ord + Hash, V> Table<K, V> {
    /// The row of an id.
    pub(crate) fn get(&self, id: &K) -> Option<&V> {
        self.rows.get(*self.slots.get(id)?).map(|(_, row)| row)
    }

    /// The row of an id, to be changed.
    pub(crate) fn get_mut(&mut self, id: &K) -> Option<&mut V> {
        self.rows.get_mut(*self.slots.get(id)?).map(|(_, row)| row)
    }

    /// Whether there is a row.
    pub(crate) fn contains_key(&self, id: &K) -> bool {
        self.slots.contains_key(id)
    }

    /// Puts a row in the place of the one before, if there was one.
    pub(crate) fn insert(&mut self, id: K, row: V) {
        let slot = *self.slots.entry(id).or_insert(self.rows.len());
        match self.rows.get_mut(slot) {
            Some((_, known)) => *known = row,
            None => self.rows.push((id, row)),
        }
    }

    /// The row of an id, made if there is none.
    pub(crate) fn get_or_insert_with(&mut self, id: K, make: impl FnOnce() -> V) -> &mut V {
        let slot = *self.slots.entry(id).or_insert(self.rows.len());
        if slot == self.rows.len() {
            self.rows.push((id, make()));
        }
        &mut self.rows[slot].1
    }

    /// Takes a row out.
    pub(crate) fn remove(&mut self, id: &K) -> Option<V> {
        let slot = self.slots.remove(id)?;
        let last = self.rows.pop()?;
        let Some(place) = self.rows.get_mut(slot) else { return Some(last.1) };
        self.slots.insert(last.0, slot);
        Some(std::mem::replace(place, last).1)
    }

    /// All, by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let mut rows: Vec<&(K, V)> = self.rows.iter().collect();
        rows.sort_unstable_by_key(|(id, _)| *id);
        rows.into_iter().map(|(id, row)| (id, row))
    }

    /// All, by id, to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        let mut rows: Vec<&mut (K, V)> = self.rows.iter_mut().collect();
        rows.sort_unstable_by_key(|(id, _)| *id);
        rows.into_iter().map(|(id, row)| (&*id, row))
    }

    /// All ids, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(id, _)| id)
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// In order, so that equal tables print alike.
impl<K: fmt::Debug + Copy + Ord + Hash, V: fmt::Debug> fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: BorshSerialize + Copy + Ord + Hash, V: BorshSerialize> BorshSerialize for Table<K, V> {
    fn serialize<W: Write>(&self, writer: &mut W) -> Result<(), Error> {
        u32::try_from(self.rows.len()).map_err(Error::other)?.serialize(writer)?;
        self.iter().try_for_each(|row| row.serialize(writer))
    }
}

impl<K: BorshDeserialize + Copy + Ord + Hash, V: BorshDeserialize> BorshDeserialize for Table<K, V> {
    fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Self, Error> {
        let mut table = Self::default();
        for (id, row) in Vec::<(K, V)>::deserialize_reader(reader)? {
            table.insert(id, row);
        }
        Ok(table)
    }
}

/// Mixes ids by multiplication, the same in every process. The ids are our own numbers: nobody outside can choose
/// them so that they fall together.
#[derive(Debug, Default)]
pub(crate) struct IdHasher(u64);

impl IdHasher {
    /// 2^64 by the golden ratio, made odd: neighbours land far apart (Knuth, TAOCP 6.4).
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
}

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_usize(&mut self, kind: usize) {
        self.write_u64(kind as u64);
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = (self.0.rotate_left(5) ^ id).wrapping_mul(Self::GOLDEN);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_table_is_what_a_tree_is_and_is_written_alike_whatever_came_and_went() {
        let (mut table, mut tree) = (Table::default(), BTreeMap::new());
        let mut random = 1_u64;
        for round in 0..5_000_u64 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let id = random >> 57;
            if random & 256 == 0 {
                assert_eq!(table.remove(&id), tree.remove(&id));
            } else {
                table.insert(id, round);
                tree.insert(id, round);
            }
            assert_eq!((table.get(&id), table.len()), (tree.get(&id), tree.len()));
        }
        assert!(table.iter().eq(tree.iter()) && table.len() > 30);
        let bytes = borsh::to_vec(&table).unwrap();
        assert_eq!(bytes, borsh::to_vec(&tree).unwrap());
        let read: Table<u64, u64> = borsh::from_slice(&bytes).unwrap();
        assert!(read.iter().eq(tree.iter()));
    }
}
