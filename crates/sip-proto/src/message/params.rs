//! Parameters: `;name=value` after a URI, an address or a Via.

use std::fmt;

use super::scan;

/// Parameters in order. Names compare in any case; values are kept as they came, quotes included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params {
    list: Vec<(String, Option<String>)>,
}

impl Params {
    /// No parameters.
    pub fn new() -> Self {
        Params::default()
    }

    /// Reads `;a=b;c` (with or without the first semicolon). `None` if a name is missing or no token.
    pub fn parse(bytes: &[u8]) -> Option<Params> {
        let mut list = Vec::new();
        walk(bytes, |name, value| list.push((scan::text(name), value.map(scan::text))))?;
        Some(Params { list })
    }

    /// The value of the first parameter of this name: `None` if absent, `Some("")` if it has none.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.list.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(value.as_deref().unwrap_or(""))
    }

    /// Whether there is a parameter of this name.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets or replaces a parameter. An empty value is written as the name alone.
    pub fn set(&mut self, name: &str, value: &str) {
        let value = (!value.is_empty()).then(|| value.to_owned());
        match self.list.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(name)) {
            Some(slot) => slot.1 = value,
            None => self.list.push((name.to_owned(), value)),
        }
    }

    /// Removes every parameter of this name.
    pub fn remove(&mut self, name: &str) {
        self.list.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    }

    /// All parameters as name and value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.list.iter().map(|(name, value)| (name.as_str(), value.as_deref()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.list {
            f.write_str(";")?;
            f.write_str(name)?;
            if let Some(value) = value {
                f.write_str("=")?;
                f.write_str(value)?;
            }
        }
        Ok(())
    }
}

/// Shows each parameter of `;a=b;c` where it stands; `None` if one is malformed.
pub(crate) fn walk<'b>(bytes: &'b [u8], mut each: impl FnMut(&'b [u8], Option<&'b [u8]>)) -> Option<()> {
    let bytes = scan::trim(bytes);
    if bytes.is_empty() {
        return Some(());
    }
    let mut rest = bytes.strip_prefix(b";").unwrap_or(bytes);
    loop {
        let end = scan::find_outside(rest, b';', false);
        let one = scan::trim(end.map_or(rest, |end| &rest[..end]));
        let (name, value) = match scan::find_outside(one, b'=', false) {
            Some(at) => (scan::trim(&one[..at]), Some(scan::trim(&one[at + 1..]))),
            None => (one, None),
        };
        if !name.iter().all(|&byte| is_name_byte(byte)) || name.is_empty() || value.is_some_and(unclosed) {
            return None;
        }
        each(name, value);
        match end {
            Some(end) => rest = &rest[end + 1..],
            None => return Some(()),
        }
    }
}

/// The value of the first parameter of this name, as [`Params::get`]; `None` too if one is malformed.
pub(crate) fn find<'b>(bytes: &'b [u8], wanted: &str) -> Option<&'b [u8]> {
    let mut found = None;
    walk(bytes, |name, value| {
        if found.is_none() && name.eq_ignore_ascii_case(wanted.as_bytes()) {
            found = Some(value.unwrap_or_default());
        }
    })?;
    found
}

/// URI parameters may have more in their names than tokens have (RFC 3261 section 25.1, `paramchar`).
fn is_name_byte(byte: u8) -> bool {
    static NAME: [bool; 256] = scan::table(b"-.!%*_+`'~[]/:&$()");
    NAME[usize::from(byte)]
}

/// Whether a value starts a quoted string and does not end it.
fn unclosed(value: &[u8]) -> bool {
    value.starts_with(b"\"") && scan::after_quoted(value).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_with_space_and_quotes_and_written_back() {
        let params = Params::parse(b" ; a = 1 ;LR; c=\"x;y\"").unwrap();
        assert_eq!(params.get("A"), Some("1"));
        assert_eq!(params.get("lr"), Some(""));
        assert_eq!(params.to_string(), ";a=1;LR;c=\"x;y\"");
        assert_eq!(params.get("d"), None);
    }

    #[test]
    fn an_empty_parameter_is_malformed() {
        assert_eq!(Params::parse(b";;"), None);
        assert_eq!(Params::parse(b";a;;b"), None);
        assert_eq!(Params::parse(b";a=\"open"), None);
    }
}
