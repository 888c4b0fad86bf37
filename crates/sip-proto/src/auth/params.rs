//! Reading `Digest name=value, name="value"`, before anybody has proved anything.

use std::borrow::Cow;

use super::{CREDENTIALS_BYTES_MAX, PARAMETERS_MAX};

/// What a value turned out to be.
#[derive(Debug, PartialEq)]
pub(super) enum Parsed<'a> {
    /// Digest, well formed.
    Digest(Params<'a>),
    /// Another scheme, which is not ours to judge.
    OtherScheme,
    /// Digest, but not in a form that could be right.
    Malformed,
}

/// The parameters of one value; no name twice.
#[derive(Debug, PartialEq)]
pub(super) struct Params<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Params<'a> {
    /// The value of a parameter, its quotes and escapes removed.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_ref())
    }
}

/// Reads one header value. Linear in its length; refuses what is longer than the limits.
pub(super) fn parse(value: &[u8]) -> Parsed<'_> {
    let value = value.trim_ascii();
    let scheme_end = value.iter().position(|b| matches!(b, b' ' | b'\t')).unwrap_or(value.len());
    if !value[..scheme_end].eq_ignore_ascii_case(b"digest") {
        return Parsed::OtherScheme;
    }
    if value.len() > CREDENTIALS_BYTES_MAX {
        return Parsed::Malformed;
    }
    let Ok(text) = std::str::from_utf8(&value[scheme_end..]) else { return Parsed::Malformed };
    match parameters(text) {
        Some(params) => Parsed::Digest(Params(params)),
        None => Parsed::Malformed,
    }
}

fn parameters(mut text: &str) -> Option<Vec<(&str, Cow<'_, str>)>> {
    let mut found: Vec<(&str, Cow<'_, str>)> = Vec::with_capacity(10);
    loop {
        // Empty elements between commas are allowed in every list of RFC 7230.
        text = text.trim_start_matches([' ', '\t', ',']);
        if text.is_empty() {
            return (!found.is_empty()).then_some(found);
        }
        let (name, rest) = text.split_once('=')?;
        let name = name.trim_end();
        let known = found.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        if !is_token(name) || known || found.len() == PARAMETERS_MAX {
            return None;
        }
        let rest = rest.trim_start_matches([' ', '\t']);
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = rest.find([',', ' ', '\t']).unwrap_or(rest.len());
                let (value, rest) = rest.split_at(end);
                (Cow::Borrowed(value), rest)
            }
        };
        found.push((name, value));
        text = rest.trim_start_matches([' ', '\t']);
        if !text.is_empty() && !text.starts_with(',') {
            return None;
        }
    }
}

/// The text up to the closing quote with its escapes removed, and what follows the quote.
fn unquoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let stop = text.find(['"', '\\'])?;
    if text[stop..].starts_with('"') {
        return Some((Cow::Borrowed(&text[..stop]), &text[stop + 1..]));
    }
    let mut plain = String::from(&text[..stop]);
    let mut chars = text[stop..].char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((Cow::Owned(plain), &text[stop + at + 1..])),
            '\\' => plain.push(chars.next()?.1),
            other => plain.push(other),
        }
    }
    None
}

/// Puts quotes around a value and escapes what must be.
pub(super) fn quoted(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    text.push('"');
    for c in value.chars().filter(|c| !c.is_control()) {
        if matches!(c, '"' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('"');
    text
}

fn is_token(name: &str) -> bool {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b);
    !name.is_empty() && name.bytes().all(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(value: &str, name: &str) -> Option<String> {
        match parse(value.as_bytes()) {
            Parsed::Digest(params) => params.get(name).map(str::to_owned),
            Parsed::OtherScheme | Parsed::Malformed => None,
        }
    }

    #[test]
    fn quotes_escapes_spaces_and_empty_elements_are_read() {
        let value = r#"digest  username = "al \"x\" \\ice" ,, realm="a,b=c" , nc=00000001, qop=auth,"#;
        assert_eq!(get(value, "username").as_deref(), Some(r#"al "x" \ice"#));
        assert_eq!(get(value, "REALM").as_deref(), Some("a,b=c"));
        assert_eq!(get(value, "nc").as_deref(), Some("00000001"));
        assert_eq!(get(value, "qop").as_deref(), Some("auth"));
        assert_eq!(get(value, "cnonce"), None);
    }

    #[test]
    fn what_cannot_be_right_is_malformed_and_another_scheme_is_not_ours() {
        for value in [
            "Digest",
            "Digest ,",
            "Digest username",
            "Digest username=\"open",
            "Digest username=\"open\\",
            "Digest a=1, A=2",
            "Digest a=1 b=2",
            "Digest a=\"1\"b=2",
            "Digest a b=1",
            "Digest =1",
        ] {
            assert_eq!(parse(value.as_bytes()), Parsed::Malformed, "{value}");
        }
        assert_eq!(parse(b"Digest a=\"\xff\""), Parsed::Malformed);
        assert_eq!(parse(b"Basic YWxhZGRpbjpvcGVu"), Parsed::OtherScheme);
        assert_eq!(parse(b""), Parsed::OtherScheme);
        let many: String = (0..=PARAMETERS_MAX).map(|n| format!("p{n}=1,")).collect();
        assert_eq!(parse(format!("Digest {many}").as_bytes()), Parsed::Malformed);
        let long = format!("Digest a=\"{}\"", "x".repeat(CREDENTIALS_BYTES_MAX));
        assert_eq!(parse(long.as_bytes()), Parsed::Malformed);
    }

    #[test]
    fn what_we_quote_reads_back_as_it_was() {
        let value = format!("Digest realm={}", quoted("a \"b\" \\c"));
        assert_eq!(get(&value, "realm").as_deref(), Some("a \"b\" \\c"));
    }
}
