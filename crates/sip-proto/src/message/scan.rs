//! Small tools for reading header bytes: tokens, quotes, lists, numbers.

use std::borrow::Cow;

/// Without the white space around it; line ends count as white space inside a folded header.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

/// Which bytes are letters, digits or one of `others`: looked up, because each byte of a message is asked.
pub(crate) const fn table(others: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let mut at = 0;
    while at < others.len() {
        table[others[at] as usize] = true;
        at += 1;
    }
    table
}

/// The bytes of a token (RFC 3261 section 25.1).
static TOKEN: [bool; 256] = table(b"-.!%*_+`'~");

/// Whether `byte` may stand in a token.
pub(crate) fn is_token_byte(byte: u8) -> bool {
    TOKEN[usize::from(byte)]
}

/// Whether all of `bytes` is one token.
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|&byte| is_token_byte(byte))
}

/// Bytes as text: UTF-8 if they are, else each byte as the Latin-1 character it is.
///
/// Nothing is lost either way; old gateways still send Latin-1 display names.
pub fn text(bytes: &[u8]) -> String {
    text_of(bytes).into_owned()
}

/// As [`text`], copied only where it has to be.
pub(crate) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

/// A decimal number of digits only; `None` on anything else and on overflow.
pub(crate) fn number<T: TryFrom<u64>>(bytes: &[u8]) -> Option<T> {
    // Twenty digits hold any u64; leading zeros beyond that are nobody's honest message.
    if bytes.is_empty() || bytes.len() > 20 {
        return None;
    }
    let mut value: u64 = 0;
    for &byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
    }
    T::try_from(value).ok()
}

/// The place of the first `wanted` byte that is outside quotes, and outside `<>` if `angles`.
pub(crate) fn find_outside(bytes: &[u8], wanted: u8, angles: bool) -> Option<usize> {
    // Nearly always there is nothing to be outside of, and often nothing to find.
    let first = bytes.iter().position(|&byte| byte == wanted)?;
    if !bytes[..first].iter().any(|&byte| byte == b'"' || (angles && byte == b'<')) {
        return Some(first);
    }
    let mut quoted = false;
    let mut escaped = false;
    let mut inside = false;
    for (at, &byte) in bytes.iter().enumerate() {
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = false,
                _ => {}
            }
            continue;
        }
        if !inside && byte == wanted {
            return Some(at);
        }
        match byte {
            b'"' if !inside => quoted = true,
            b'<' if angles => inside = true,
            b'>' => inside = false,
            _ => {}
        }
    }
    None
}

/// The elements of a comma list, trimmed; empty elements are passed over.
#[derive(Clone, Debug)]
pub struct List<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> List<'a> {
    /// The elements of one header value.
    pub fn new(value: &'a [u8]) -> Self {
        List { rest: Some(value) }
    }
}

impl<'a> Iterator for List<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let rest = self.rest?;
            let (element, after) = match find_outside(rest, b',', true) {
                Some(comma) => (&rest[..comma], Some(&rest[comma + 1..])),
                None => (rest, None),
            };
            self.rest = after;
            let element = trim(element);
            if !element.is_empty() {
                return Some(element);
            }
        }
    }
}

/// What follows a quoted string at the start of `bytes`; `None` if there is none, or it does not end.
pub(crate) fn after_quoted(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(b"\"")?;
    let mut at = 0;
    loop {
        match *rest.get(at)? {
            b'"' => return Some(&rest[at + 1..]),
            b'\\' => {
                rest.get(at + 1)?;
                at += 2;
            }
            _ => at += 1,
        }
    }
}

/// Reads a quoted string at the start of `bytes`: its content without escapes, and what follows.
pub(crate) fn quoted(bytes: &[u8]) -> Option<(String, &[u8])> {
    let rest = bytes.strip_prefix(b"\"")?;
    let mut content = Vec::new();
    let mut at = 0;
    loop {
        match *rest.get(at)? {
            b'"' => return Some((text(&content), &rest[at + 1..])),
            b'\\' => {
                content.push(*rest.get(at + 1)?);
                at += 2;
            }
            byte => {
                content.push(byte);
                at += 1;
            }
        }
    }
}

/// `text` as a quoted string with the escapes it needs.
pub(crate) fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            // A line end in a display name would begin a header of the attacker's choice.
            '\r' | '\n' => out.push(' '),
            _ => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_split_at_commas_outside_quotes_and_angles_only() {
        let all: Vec<_> = List::new(b"\"a, \\\"b\" <sip:x,y@h>;q=1 , <sip:z>,, c").collect();
        assert_eq!(all, [&b"\"a, \\\"b\" <sip:x,y@h>;q=1"[..], b"<sip:z>", b"c"]);
    }

    #[test]
    fn numbers_are_digits_and_do_not_overflow() {
        assert_eq!(number::<u16>(b"65535"), Some(65535));
        assert_eq!(number::<u16>(b"65536"), None);
        assert_eq!(number::<u64>(b"18446744073709551616"), None);
        assert_eq!(number::<u32>(b"-1"), None);
        assert_eq!(number::<u32>(b""), None);
    }

    #[test]
    fn a_latin_1_byte_becomes_its_character() {
        assert_eq!(text(b"J\xf6rg"), "J\u{f6}rg");
        assert_eq!(text("Jörg".as_bytes()), "Jörg");
    }
}
