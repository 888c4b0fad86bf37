//! Seeded damage to bytes, for tests that only ask that nothing breaks.

/// A small generator; the same seed gives the same damage for ever.
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % (limit.max(1) as u64)).unwrap()
    }
}

/// Pieces that parsers trip over.
const PIECES: [&[u8]; 16] = [
    b"\r\n",
    b"\r\n\r\n",
    b"\n ",
    b"\"",
    b"\\",
    b"<",
    b">",
    b";",
    b",",
    b"%",
    b"%0",
    b"\0",
    b"\xff\xfe",
    b"18446744073709551616",
    b"-1",
    b"sip:",
];

/// One to six changes, rather fewer: a byte flipped, set, removed, a range doubled, removed or moved, a piece put in.
pub(crate) fn mutate(bytes: &mut Vec<u8>, rng: &mut Rng) {
    for _ in 0..=rng.below(6).min(rng.below(6)) {
        let at = rng.below(bytes.len() + 1);
        let end = (at + rng.below(40)).min(bytes.len());
        match rng.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << rng.below(8),
            1 if at < bytes.len() => bytes[at] = u8::try_from(rng.below(256)).unwrap(),
            2 if at < bytes.len() => {
                bytes.remove(at);
            }
            3 => {
                let range = bytes[at..end].to_vec();
                bytes.splice(at..at, range);
            }
            4 => {
                bytes.drain(at..end);
            }
            5 => {
                let range: Vec<u8> = bytes.drain(at..end).collect();
                let to = rng.below(bytes.len() + 1);
                bytes.splice(to..to, range);
            }
            _ => {
                let piece = PIECES[rng.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
}
