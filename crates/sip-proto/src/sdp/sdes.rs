//! Keys of SRTP in a description (SDES, RFC 4568): whoever reads it can hear the call, so it is for signalling that
//! nobody else reads.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sdp_types::{Attribute, Media};

use super::secure::Unusable;

/// Bytes of a master key with its salt (RFC 4568 6.2).
pub const MASTER_LEN: usize = 30;
/// Lines of keys that are read of one stream; a phone writes one or two.
const LINES_MAX: usize = 16;

/// A cipher with its tag (RFC 4568 6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CryptoSuite {
    /// `AES_CM_128_HMAC_SHA1_80`.
    AesCm128HmacSha1_80,
    /// `AES_CM_128_HMAC_SHA1_32`: shorter tags on audio.
    AesCm128HmacSha1_32,
}

impl CryptoSuite {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AesCm128HmacSha1_80 => "AES_CM_128_HMAC_SHA1_80",
            Self::AesCm128HmacSha1_32 => "AES_CM_128_HMAC_SHA1_32",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::AesCm128HmacSha1_80, Self::AesCm128HmacSha1_32]
            .into_iter()
            .find(|suite| suite.as_str().eq_ignore_ascii_case(name))
    }
}

/// A master key with its salt, for what its writer sends.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey(pub [u8; MASTER_LEN]);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// One `a=crypto`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crypto {
    /// Its number; an answer names the offer's.
    pub tag: u32,
    /// How.
    pub suite: CryptoSuite,
    /// By what.
    pub key: MasterKey,
}

impl std::fmt::Display for Crypto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { tag, suite, key } = self;
        write!(f, "{tag} {} inline:{}", suite.as_str(), STANDARD.encode(key.0))
    }
}

impl Crypto {
    /// Reads the value of `a=crypto`, if it is one of ours: one key for the whole call, everything secret.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let mut words = value.split_ascii_whitespace();
        let tag = words.next().filter(|tag| tag.len() <= 9)?.parse().ok()?;
        let suite = CryptoSuite::parse(words.next()?)?;
        let (method, parameters) = words.next()?.split_once(':')?;
        // Behind the key its lifetime may stand, which no call reaches; behind that a name for keys in packets.
        let mut parts = parameters.split('|');
        let key = STANDARD.decode(parts.next()?).ok()?;
        let named = parts.any(|part| part.contains(':'));
        // Others leave something in the clear, or change the keys on the way (RFC 4568 6.3).
        let harmless = words.all(|word| word.to_ascii_uppercase().starts_with("WSH="));
        if !method.eq_ignore_ascii_case("inline") || named || !harmless {
            return None;
        }
        Some(Self { tag, suite, key: MasterKey(key.try_into().ok()?) })
    }
}

/// What was agreed about the keys of SRTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NegotiatedKeys {
    /// Both ways.
    pub suite: CryptoSuite,
    /// For what we send.
    pub ours: MasterKey,
    /// For what the other side sends.
    pub theirs: MasterKey,
}

/// The keys of a media line whose protocol wants some.
pub(super) fn describe(media: &Media) -> Result<Crypto, Unusable> {
    let lines = media.attributes.iter().filter(|a| a.attribute == "crypto").take(LINES_MAX);
    let read = |line: &Attribute| Crypto::parse(line.value.as_deref()?);
    lines.filter_map(read).next().ok_or(Unusable::Keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

    #[test]
    fn what_is_printed_is_read_back() {
        let crypto =
            Crypto { tag: 7, suite: CryptoSuite::AesCm128HmacSha1_32, key: MasterKey([9; MASTER_LEN]) };
        assert_eq!(Crypto::parse(&crypto.to_string()), Some(crypto.clone()));
        assert_eq!(format!("{:?}", crypto.key), "MasterKey(…)");
    }

    #[test]
    fn keys_are_taken_with_a_lifetime_and_a_hint_and_not_with_more() {
        let read = |rest: &str| Crypto::parse(&format!("1 AES_CM_128_HMAC_SHA1_80 {rest}")).is_some();
        assert!(read(KEY));
        assert!(read(&format!("{KEY}|2^20")));
        assert!(read(&format!("{KEY} WSH=64")));
        for (rest, why) in [
            (format!("{KEY}|2^20|1:4"), "keys by name"),
            (format!("{KEY}|1:4"), "keys by name"),
            (format!("{KEY};{KEY}"), "several keys"),
            (format!("{KEY} UNENCRYPTED_SRTP"), "nothing secret"),
            (format!("{KEY} UNAUTHENTICATED_SRTP"), "nothing proved"),
            (format!("{KEY} KDR=1"), "other keys on the way"),
            ("inline:AAAA".to_owned(), "a short key"),
            ("inline:%%%%".to_owned(), "no key"),
            ("uri:https://keys.test/1".to_owned(), "a key elsewhere"),
        ] {
            assert!(!read(&rest), "{why}");
        }
        assert!(Crypto::parse(&format!("1 F8_128_HMAC_SHA1_80 {KEY}")).is_none());
        assert!(Crypto::parse(&format!("99999999999 AES_CM_128_HMAC_SHA1_80 {KEY}")).is_none());
    }
}
