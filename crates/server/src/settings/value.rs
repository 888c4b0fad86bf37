//! A TOML file as a flat list of keys with the line each stands on.

use toml::de::{DeTable, DeValue};

/// One key of the file.
#[derive(Debug)]
pub(super) struct Entry {
    /// `section.key`.
    pub(super) name: String,
    /// Its value as text; lists joined by commas.
    pub(super) value: String,
    /// Where it stands, from 1.
    pub(super) line: usize,
}

/// Reads the file.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, (usize, String)> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        (line_of(text, at), format!("not TOML: {}", error.message().replace('\n', " ")))
    })?;
    let mut found = Vec::new();
    for (section, value) in table.get_ref() {
        match value.get_ref() {
            DeValue::Table(keys) => {
                for (key, value) in keys {
                    let name = format!("{}.{}", section.get_ref(), key.get_ref());
                    let line = line_of(text, key.span().start);
                    found.push(Entry { name, value: as_text(value.get_ref()), line });
                }
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => {
                let line = line_of(text, section.span().start);
                found.push(Entry {
                    name: section.get_ref().to_string(),
                    value: as_text(value.get_ref()),
                    line,
                });
            }
        }
    }
    found.sort_by_key(|entry| entry.line);
    Ok(found)
}

fn as_text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(items) => {
            items.iter().map(|item| as_text(item.get_ref())).collect::<Vec<_>>().join(",")
        }
        DeValue::Table(_) => String::from("{…}"),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
