//! G.711 by tables that the compiler fills: 256 entries to decode, 256 to go from law to law.
//!
//! Encoding is arithmetic: the segment is the position of the highest bit, which is one instruction,
//! so that a table of 65,536 entries would only spend the cache.

/// Added before the µ-law segments are cut, so that each begins at a power of two.
const MU_BIAS: i32 = 0x84;
/// The largest magnitude that µ-law can say before the bias.
const MU_CLIP: i32 = 32_635;
/// A-law inverts every second bit on the wire.
const A_MASK: u8 = 0x55;

static MU_DECODE: [i16; 256] = {
    let mut table = [0; 256];
    let mut byte: i32 = 0;
    while byte < 256 {
        table[byte as usize] = mu_expand(low_byte(byte));
        byte += 1;
    }
    table
};

static A_DECODE: [i16; 256] = {
    let mut table = [0; 256];
    let mut byte: i32 = 0;
    while byte < 256 {
        table[byte as usize] = a_expand(low_byte(byte));
        byte += 1;
    }
    table
};

/// µ-law byte to the nearest A-law byte.
pub(super) static MU_TO_A: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte: i32 = 0;
    while byte < 256 {
        table[byte as usize] = a_encode(mu_expand(low_byte(byte)));
        byte += 1;
    }
    table
};

/// A-law byte to the nearest µ-law byte.
pub(super) static A_TO_MU: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte: i32 = 0;
    while byte < 256 {
        table[byte as usize] = mu_encode(a_expand(low_byte(byte)));
        byte += 1;
    }
    table
};

/// One µ-law byte into a 16-bit sample.
pub fn mu_decode(byte: u8) -> i16 {
    MU_DECODE[byte as usize]
}

/// One A-law byte into a 16-bit sample.
pub fn a_decode(byte: u8) -> i16 {
    A_DECODE[byte as usize]
}

/// One 16-bit sample into a µ-law byte.
pub const fn mu_encode(sample: i16) -> u8 {
    let sample = sample as i32;
    let (sign, magnitude) = if sample < 0 { (0x80, -sample) } else { (0, sample) };
    let biased = if magnitude > MU_CLIP { MU_CLIP } else { magnitude } + MU_BIAS;
    // With the bias the highest bit is one of 7 to 14: segments 0 to 7.
    let segment = 24 - biased.leading_zeros() as i32;
    let mantissa = (biased >> (segment + 3)) & 0x0f;
    !low_byte(sign | (segment << 4) | mantissa)
}

/// One 16-bit sample into an A-law byte.
pub const fn a_encode(sample: i16) -> u8 {
    let sample = sample as i32;
    // A-law has 13 bits; the negative side is one step off so that it mirrors the positive one.
    let (sign, magnitude) = if sample < 0 { (0, !sample >> 3) } else { (0x80, sample >> 3) };
    let code = if magnitude < 32 {
        magnitude >> 1
    } else {
        let segment = 27 - magnitude.leading_zeros() as i32;
        (segment << 4) | ((magnitude >> segment) & 0x0f)
    };
    low_byte(sign | code) ^ A_MASK
}

const fn mu_expand(byte: u8) -> i16 {
    let bits = !byte as i32;
    let biased = (((bits & 0x0f) << 3) + MU_BIAS) << ((bits & 0x70) >> 4);
    narrow(if bits & 0x80 != 0 { MU_BIAS - biased } else { biased - MU_BIAS })
}

const fn a_expand(byte: u8) -> i16 {
    let bits = (byte ^ A_MASK) as i32;
    let segment = (bits & 0x70) >> 4;
    let mantissa = (bits & 0x0f) << 4;
    // Each step is answered with its middle; segment 0 has no hidden bit.
    let magnitude = if segment == 0 { mantissa + 8 } else { (mantissa + 0x108) << (segment - 1) };
    narrow(if bits & 0x80 != 0 { magnitude } else { -magnitude })
}

#[expect(clippy::cast_possible_truncation, reason = "every caller stays within one byte")]
const fn low_byte(value: i32) -> u8 {
    value as u8
}

#[expect(clippy::cast_possible_truncation, reason = "the largest magnitude of either law is 32,256")]
const fn narrow(value: i32) -> i16 {
    value as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_decoding_and_encoding() {
        for byte in 0..=255_u8 {
            // µ-law has two zeros; the negative one is written as the positive one.
            let expected = if byte == 0x7f { 0xff } else { byte };
            assert_eq!(mu_encode(mu_decode(byte)), expected);
            assert_eq!(a_encode(a_decode(byte)), byte);
        }
    }

    #[test]
    fn known_values_of_the_recommendation_hold() {
        assert_eq!((mu_decode(0x00), mu_decode(0x80), mu_decode(0xff)), (-32_124, 32_124, 0));
        assert_eq!((a_decode(0x2a), a_decode(0xaa), a_decode(0xd5)), (-32_256, 32_256, 8));
        assert_eq!((mu_encode(i16::MAX), mu_encode(i16::MIN)), (0x80, 0x00));
        assert_eq!((a_encode(i16::MAX), a_encode(i16::MIN)), (0xaa, 0x2a));
    }

    #[test]
    fn every_sample_is_met_within_half_a_step() {
        for sample in i16::MIN..=i16::MAX {
            let magnitude = i32::from(sample).abs();
            let step = (magnitude / 16).max(16);
            let mu = i32::from(mu_decode(mu_encode(sample)));
            let a = i32::from(a_decode(a_encode(sample)));
            let clipped = i32::from(sample).clamp(-32_635, 32_635);
            assert!((mu - clipped).abs() <= step, "µ {sample} {mu}");
            assert!((a - i32::from(sample)).abs() <= step, "A {sample} {a}");
        }
    }

    #[test]
    fn law_to_law_is_the_nearest_value() {
        for byte in 0..=255_u8 {
            assert_eq!(MU_TO_A[byte as usize], a_encode(mu_decode(byte)));
            assert_eq!(A_TO_MU[byte as usize], mu_encode(a_decode(byte)));
        }
    }
}
