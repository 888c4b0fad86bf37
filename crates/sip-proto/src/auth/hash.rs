//! Hashes as digest uses them: lower-case hexadecimal text of parts joined by colons.

use md5::Md5;
use sha2::{Digest, Sha256};

use super::Algorithm;

/// A hash in lower-case hexadecimal, 32 or 64 characters.
#[derive(Clone, Copy)]
pub(super) struct Hex {
    bytes: [u8; 64],
    len: usize,
}

impl Hex {
    pub(super) fn encode(hash: &[u8]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut bytes = [0; 64];
        let mut len = 0;
        for (pair, byte) in bytes.chunks_exact_mut(2).zip(hash) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
            len += 2;
        }
        Self { bytes, len }
    }

    /// Text of a peer as a hash of this algorithm, in either case; `None` if it cannot be one.
    pub(super) fn read(text: &str, algorithm: Algorithm) -> Option<Self> {
        let len = match algorithm {
            Algorithm::Md5 => 32,
            Algorithm::Sha256 => 64,
        };
        if text.len() != len || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 64];
        for (to, from) in bytes.iter_mut().zip(text.bytes()) {
            *to = from.to_ascii_lowercase();
        }
        Some(Self { bytes, len })
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    pub(super) fn as_str(&self) -> &str {
        // Only hexadecimal digits are ever written, so this always is text.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// `H(parts[0] ":" parts[1] ":" …)` as hexadecimal.
pub(super) fn hex_of(algorithm: Algorithm, parts: &[&[u8]]) -> Hex {
    match algorithm {
        Algorithm::Md5 => Hex::encode(&joined::<Md5>(parts).finalize()),
        Algorithm::Sha256 => Hex::encode(&joined::<Sha256>(parts).finalize()),
    }
}

fn joined<D: Digest>(parts: &[&[u8]]) -> D {
    let mut hash = D::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            hash.update(b":");
        }
        hash.update(part);
    }
    hash
}

/// `MD5(user:realm:password)`, as a store may keep it. It is worth as much as the password.
#[must_use]
pub fn ha1_md5(username: &str, realm: &str, password: &str) -> [u8; 16] {
    joined::<Md5>(&[username.as_bytes(), realm.as_bytes(), password.as_bytes()]).finalize().into()
}

/// `SHA-256(user:realm:password)`, as a store may keep it. It is worth as much as the password.
#[must_use]
pub fn ha1_sha256(username: &str, realm: &str, password: &str) -> [u8; 32] {
    joined::<Sha256>(&[username.as_bytes(), realm.as_bytes(), password.as_bytes()]).finalize().into()
}

/// What both ends put into the response.
pub(super) struct ResponseInput<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) ha1: &'a Hex,
    pub(super) nonce: &'a str,
    /// `nc` as eight digits and `cnonce`; without them the form of RFC 2069 is computed.
    pub(super) count: Option<(&'a str, &'a str)>,
    pub(super) method: &'a str,
    pub(super) uri: &'a str,
}

/// The request digest of RFC 7616 3.4.1 for `qop=auth`, or without `qop`.
pub(super) fn response(input: &ResponseInput<'_>) -> Hex {
    let ha2 = hex_of(input.algorithm, &[input.method.as_bytes(), input.uri.as_bytes()]);
    let (ha1, nonce) = (input.ha1.as_bytes(), input.nonce.as_bytes());
    match input.count {
        Some((nc, cnonce)) => {
            let parts = [ha1, nonce, nc.as_bytes(), cnonce.as_bytes(), b"auth", ha2.as_bytes()];
            hex_of(input.algorithm, &parts)
        }
        None => hex_of(input.algorithm, &[ha1, nonce, ha2.as_bytes()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7616 3.9.1 gives one request with both algorithms, which is as good as a second
    /// implementation.
    #[test]
    fn the_response_is_the_one_printed_in_rfc_7616() {
        let expected = [
            (Algorithm::Md5, "8ca523f5e9506fed4657c9700eebdbec"),
            (Algorithm::Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ];
        for (algorithm, expected) in expected {
            let ha1 = hex_of(algorithm, &[b"Mufasa", b"http-auth@example.org", b"Circle of Life"]);
            let got = response(&ResponseInput {
                algorithm,
                ha1: &ha1,
                nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                count: Some(("00000001", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")),
                method: "GET",
                uri: "/dir/index.html",
            });
            assert_eq!(got.as_str(), expected);
        }
    }

    #[test]
    fn a_hash_is_read_in_either_case_and_only_at_its_full_length() {
        let text = "8CA523F5E9506FED4657C9700EEBDBEC";
        assert_eq!(Hex::read(text, Algorithm::Md5).map(|h| h.as_str().to_owned()), Some(text.to_lowercase()));
        assert!(Hex::read(text, Algorithm::Sha256).is_none());
        assert!(Hex::read("8ca523f5e9506fed4657c9700eebdbeg", Algorithm::Md5).is_none());
    }
}
