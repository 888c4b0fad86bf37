//! Addresses with a name: From, To, Contact, Route and Record-Route (RFC 3261 section 20.10).

use std::fmt;

use super::params::Params;
use super::raw::RawAddr;
use super::scan;
use super::uri::Uri;

/// `"Display" <uri>;params`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAddr {
    /// Display name with its escapes undone; `None` if none is written.
    pub display: Option<String>,
    /// The address.
    pub uri: Uri,
    /// Parameters of the header, not of the URI: `tag`, `expires`, `q`.
    pub params: Params,
}

impl NameAddr {
    /// An address without name and parameters.
    pub fn new(uri: Uri) -> NameAddr {
        NameAddr { display: None, uri, params: Params::new() }
    }

    /// Reads one address. `None` if it is malformed, or a list.
    pub fn parse(bytes: &[u8]) -> Option<NameAddr> {
        RawAddr::read(bytes)?.to_name_addr()
    }

    /// The `tag` parameter.
    pub fn tag(&self) -> Option<&str> {
        self.params.get("tag").filter(|tag| !tag.is_empty())
    }

    /// The same address with this tag.
    #[must_use]
    pub fn with_tag(mut self, tag: &str) -> NameAddr {
        self.params.set("tag", tag);
        self
    }
}

impl fmt::Display for NameAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(display) = &self.display {
            let mut quoted = String::with_capacity(display.len() + 3);
            scan::quote(display, &mut quoted);
            f.write_str(&quoted)?;
            f.write_str(" ")?;
        }
        f.write_str("<")?;
        self.uri.fmt(f)?;
        f.write_str(">")?;
        self.params.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_name_with_escapes_survives_reading_and_writing() {
        let text = r#""Alice \"Al\" L\\" <sip:alice@example.com;lr>;tag=1"#;
        let address = NameAddr::parse(text.as_bytes()).unwrap();
        assert_eq!(address.display.as_deref(), Some(r#"Alice "Al" L\"#));
        assert_eq!(address.tag(), Some("1"));
        assert!(address.uri.params.has("lr"));
        assert_eq!(address.to_string(), text);
    }

    #[test]
    fn parameters_of_a_bare_address_belong_to_the_header() {
        let address = NameAddr::parse(b"sip:a@b;tag=9").unwrap();
        assert_eq!(address.tag(), Some("9"));
        assert!(address.uri.params.is_empty());
        assert_eq!(NameAddr::parse(b"sip:a@b?Route=x"), None);
    }

    #[test]
    fn malformed_addresses_are_refused() {
        for text in ["\"Mr. J <sip:j@h>;tag=1", "<sip:a@b", "<sip:a@b> x", "", "*", "\"x\" sip:a@b"] {
            assert_eq!(NameAddr::parse(text.as_bytes()), None, "{text}");
        }
    }
}
