//! Tags, branches and Call-IDs: unguessable to peers, repeatable from the seed.

use sha2::{Digest, Sha256};

/// SHA-256 in counter mode: a peer that sees some tags cannot compute the others.
#[derive(Debug)]
pub(crate) struct Rng {
    seed: u64,
    counter: u64,
    block: [u8; 32],
    used: usize,
}

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Rng { seed, counter: 0, block: [0; 32], used: 32 }
    }

    pub(crate) fn next(&mut self) -> u64 {
        if self.used >= self.block.len() {
            let mut hash = Sha256::new();
            hash.update(self.seed.to_be_bytes());
            hash.update(self.counter.to_be_bytes());
            self.block = hash.finalize().into();
            self.counter = self.counter.wrapping_add(1);
            self.used = 0;
        }
        let mut word = 0;
        for byte in &self.block[self.used..self.used + 8] {
            word = word << 8 | u64::from(*byte);
        }
        self.used += 8;
        word
    }

    /// A number below `bound`; 0 if `bound` is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// 64 random bits as text for a tag.
    pub(crate) fn tag(&mut self) -> String {
        format!("{:016x}", self.next())
    }

    /// 128 random bits as text for a Call-ID.
    pub(crate) fn call_id(&mut self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }
}

/// A tag that follows from what is hashed and the seed: the same request gets the same one.
pub(crate) fn derived_tag(seed: u64, parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    hash.update(b"stateless tag");
    hash.update(seed.to_be_bytes());
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_gives_others() {
        let numbers = |seed| {
            let mut rng = Rng::new(seed);
            (0..9).map(|_| rng.next()).collect::<Vec<_>>()
        };
        assert_eq!(numbers(1), numbers(1));
        assert_ne!(numbers(1), numbers(2));
        assert_ne!(numbers(1)[0], numbers(1)[4]);
        assert_ne!(derived_tag(1, &[b"ab", b"c"]), derived_tag(1, &[b"a", b"bc"]));
    }
}
