//! The headers of a message: one buffer of bytes and an index into it, in the order they came.

use std::fmt;

use super::name::{Key, Name};
use super::scan::{self, List};

/// Header fields, in order. Values are bytes: what a peer sent is kept whatever its encoding.
#[derive(Clone, Default)]
pub struct Headers {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    known: Option<Name>,
    /// Where the spelling of an unknown name starts; it ends where the value starts.
    name: usize,
    value: usize,
    end: usize,
}

impl Headers {
    /// No headers.
    pub fn new() -> Self {
        Headers::default()
    }

    /// No headers, with room for `count` of them and `bytes` of values.
    pub fn with_capacity(count: usize, bytes: usize) -> Self {
        Headers { bytes: Vec::with_capacity(bytes), entries: Vec::with_capacity(count) }
    }

    /// The first value of this header, trimmed and unfolded.
    pub fn get<'k>(&self, key: impl Into<Key<'k>>) -> Option<&[u8]> {
        let key = key.into();
        self.entries.iter().find(|entry| self.is(entry, key)).map(|entry| self.value(entry))
    }

    /// The first value as text (see [`scan::text`] for what is not UTF-8).
    pub fn text<'k>(&self, key: impl Into<Key<'k>>) -> Option<String> {
        self.get(key).map(scan::text)
    }

    /// All values of this header, one per line it came on.
    pub fn all<'h, 'k: 'h>(&'h self, key: impl Into<Key<'k>>) -> impl Iterator<Item = &'h [u8]> {
        let key = key.into();
        self.entries.iter().filter(move |entry| self.is(entry, key)).map(|entry| self.value(entry))
    }

    /// All values of this header, comma lists taken apart.
    pub fn list<'h, 'k: 'h>(&'h self, key: impl Into<Key<'k>>) -> impl Iterator<Item = &'h [u8]> {
        self.all(key).flat_map(List::new)
    }

    /// Whether `token` is in the comma list of this header, in any case.
    pub fn has_token<'k>(&self, key: impl Into<Key<'k>>, token: &str) -> bool {
        let key = key.into();
        let mut values = self.entries.iter().filter(|entry| self.is(entry, key));
        values.any(|entry| List::new(self.value(entry)).any(|one| one.eq_ignore_ascii_case(token.as_bytes())))
    }

    /// Whether who sent this can read `content_type`: it stands in Accept, by itself or in a range, or there is no
    /// Accept (RFC 3261 20.1, RFC 3842 3.5: what the request is about is meant then).
    pub fn accepts(&self, content_type: &str) -> bool {
        let mut ranges = self.list(Name::Accept).peekable();
        if ranges.peek().is_none() {
            return true;
        }
        let group = content_type.split_once('/').map(|(group, _)| format!("{group}/*"));
        ranges.any(|range| {
            let end = range.iter().position(|&byte| byte == b';').unwrap_or(range.len());
            let range = scan::text(scan::trim(&range[..end])).to_ascii_lowercase();
            range == content_type || Some(&range) == group.as_ref() || range == "*/*"
        })
    }

    /// How many lines this header has.
    pub fn count<'k>(&self, key: impl Into<Key<'k>>) -> usize {
        let key = key.into();
        self.entries.iter().filter(|entry| self.is(entry, key)).count()
    }

    /// Every header as name and value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.entries.iter().map(|entry| (self.name(entry), self.value(entry)))
    }

    /// How many header lines there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no header.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The bytes kept for all headers, for accounting.
    pub fn byte_len(&self) -> usize {
        self.bytes.len().saturating_add(self.entries.len().saturating_mul(size_of::<Entry>()))
    }

    /// Adds a header at the end.
    ///
    /// Line ends inside the value become spaces, so that no value can begin a header of its own;
    /// a name that is not a token adds nothing.
    pub fn push<'k>(&mut self, key: impl Into<Key<'k>>, value: impl AsRef<[u8]>) {
        let at = self.entries.len();
        self.insert(at, key, value);
    }

    /// Adds a header at the end whose value is known to have no line ends: that of a header line, taken apart.
    pub(crate) fn push_line(&mut self, key: Key<'_>, value: &[u8]) {
        let at = self.entries.len();
        self.insert_clean(at, key, value);
    }

    /// Adds a header before all others; for a Via.
    pub fn push_front<'k>(&mut self, key: impl Into<Key<'k>>, value: impl AsRef<[u8]>) {
        self.insert(0, key, value);
    }

    /// Puts `value` in the place of all values of this header.
    pub fn set<'k>(&mut self, key: impl Into<Key<'k>>, value: impl AsRef<[u8]>) {
        let key = key.into();
        self.remove(key);
        self.push(key, value);
    }

    /// Removes every line of this header.
    pub fn remove<'k>(&mut self, key: impl Into<Key<'k>>) {
        let key = key.into();
        let mut entries = std::mem::take(&mut self.entries);
        entries.retain(|entry| !self.is(entry, key));
        self.entries = entries;
    }

    /// Replaces the value of the first line of this header; adds one if there is none.
    pub fn replace_first<'k>(&mut self, key: impl Into<Key<'k>>, value: impl AsRef<[u8]>) {
        let key = key.into();
        let Some(at) = self.entries.iter().position(|entry| self.is(entry, key)) else {
            return self.push(key, value);
        };
        self.entries.remove(at);
        self.insert(at, key, value);
    }

    /// Adds every line of this header that `other` has.
    pub fn copy<'k>(&mut self, other: &Headers, key: impl Into<Key<'k>>) {
        let key = key.into();
        for entry in other.entries.iter().filter(|entry| other.is(entry, key)) {
            self.push_line(key, other.value(entry));
        }
    }

    /// Adds every header of `other`.
    pub fn extend(&mut self, other: &Headers) {
        for entry in &other.entries {
            self.push_line(other.key(entry), other.value(entry));
        }
    }

    fn insert<'k>(&mut self, at: usize, key: impl Into<Key<'k>>, value: impl AsRef<[u8]>) {
        let start = self.bytes.len();
        self.insert_clean(at, key.into(), value.as_ref());
        for byte in &mut self.bytes[start..] {
            if matches!(byte, b'\r' | b'\n') {
                *byte = b' ';
            }
        }
    }

    fn insert_clean(&mut self, at: usize, key: Key<'_>, value: &[u8]) {
        let name = self.bytes.len();
        let known = match key {
            Key::Known(known) => Some(known),
            Key::Other(spelling) if scan::is_token(spelling) => {
                self.bytes.extend_from_slice(spelling);
                None
            }
            Key::Other(_) => return,
        };
        let start = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.entries.insert(at, Entry { known, name, value: start, end: self.bytes.len() });
    }

    fn is(&self, entry: &Entry, key: Key<'_>) -> bool {
        match (key, entry.known) {
            (Key::Known(wanted), Some(name)) => wanted == name,
            (Key::Other(wanted), None) => self.name(entry).eq_ignore_ascii_case(wanted),
            (Key::Known(_), None) | (Key::Other(_), Some(_)) => false,
        }
    }

    fn key<'h>(&'h self, entry: &'h Entry) -> Key<'h> {
        match entry.known {
            Some(name) => Key::Known(name),
            None => Key::Other(self.name(entry)),
        }
    }

    fn name<'h>(&'h self, entry: &'h Entry) -> &'h [u8] {
        match entry.known {
            Some(name) => name.as_str().as_bytes(),
            None => &self.bytes[entry.name..entry.value],
        }
    }

    fn value(&self, entry: &Entry) -> &[u8] {
        &self.bytes[entry.value..entry.end]
    }
}

impl PartialEq for Headers {
    fn eq(&self, other: &Headers) -> bool {
        self.len() == other.len() && self.iter().zip(other.iter()).all(|(ours, theirs)| ours == theirs)
    }
}

impl Eq for Headers {}

impl fmt::Debug for Headers {
    /// Credentials are not shown: a header list may end in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.entries.iter().map(|entry| {
                let value = match entry.known {
                    Some(Name::Authorization | Name::ProxyAuthorization) => "(hidden)".to_owned(),
                    _ => scan::text(self.value(entry)),
                };
                (scan::text(self.name(entry)), value)
            }))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_begin_a_header_of_its_own() {
        let mut headers = Headers::new();
        headers.push(Name::Subject, "hello\r\nX-Evil: 1");
        headers.push("bad name", "x");
        assert_eq!(headers.len(), 1);
        assert_eq!(headers.get(Name::Subject), Some(&b"hello  X-Evil: 1"[..]));
    }

    #[test]
    fn headers_are_found_by_any_spelling_and_replaced_in_place() {
        let mut headers = Headers::new();
        headers.push("X-One", "1");
        headers.push("s", "subject");
        headers.push("x-one", "2, 3");
        assert_eq!(headers.get("SUBJECT"), Some(&b"subject"[..]));
        assert_eq!(headers.list("X-ONE").count(), 3);
        headers.replace_first(Name::Subject, "new");
        assert_eq!(headers.iter().nth(1), Some((&b"Subject"[..], &b"new"[..])));
        headers.remove("X-One");
        assert_eq!(headers.len(), 1);
    }

    #[test]
    fn credentials_are_not_printed_by_debug() {
        let mut headers = Headers::new();
        headers.push(Name::Authorization, "Digest response=\"secret\"");
        assert!(!format!("{headers:?}").contains("secret"));
    }
}
