//! Tables for spreadsheets (RFC 4180, UTF-8).
//!
//! What callers call themselves is in them, and a spreadsheet runs what looks like a formula: such a text is defused
//! ([`report::formula`]). It can be read back as it was: [`read`] is the inverse of [`written`].

use std::borrow::Cow;

use csv::{Terminator, Writer, WriterBuilder};
use report::formula::{defused as written, is_armed};
use serde_json::{Map, Value};

use super::shape::Field;
use crate::problem::{Problem, ProblemKind};

/// Between the items of a list in one cell.
const BETWEEN: &str = "; ";

/// A table being written.
pub(super) struct Table(Writer<Vec<u8>>);

impl Table {
    /// With its first row.
    pub(super) fn with_header(fields: &[Field]) -> Self {
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        let names = fields.iter().flat_map(|field| {
            field.columns.iter().map(|path| {
                let parts: Vec<&str> = std::iter::once(&field.name).chain(path).map(String::as_str).collect();
                parts.join(".")
            })
        });
        // A vector takes everything.
        let _ = writer.write_record(names);
        Self(writer)
    }

    /// Another row.
    pub(super) fn put(&mut self, fields: &[Field], item: &Map<String, Value>) -> Result<(), Problem> {
        let cells = fields.iter().flat_map(|field| {
            field.columns.iter().map(|path| {
                let whole = item.get(&field.name).unwrap_or(&Value::Null);
                let value = path.iter().fold(whole, |value, name| value.get(name).unwrap_or(&Value::Null));
                cell(value)
            })
        });
        self.0.write_record(cells).map_err(|_| Problem::plain(ProblemKind::Internal))
    }

    /// The whole of it.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap_or_default()
    }
}

/// A value as a cell: nothing for what is not there, a list with `; ` between its texts, and JSON for what is deeper.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => written(text).into_owned(),
        Value::Array(items) if items.is_empty() => String::new(),
        Value::Array(items) => {
            let plain = |item: &Value| {
                let text = item.as_str().filter(|text| text.trim() == *text && !text.is_empty());
                text.filter(|text| !text.contains(';') && !text.starts_with(['[', '\''])).map(str::to_owned)
            };
            match items.iter().map(plain).collect::<Option<Vec<_>>>() {
                Some(texts) => written(&texts.join(BETWEEN)).into_owned(),
                None => written(&value.to_string()).into_owned(),
            }
        }
        Value::Object(fields) if fields.is_empty() => String::new(),
        Value::Object(_) => written(&value.to_string()).into_owned(),
    }
}

/// The texts of a list that stands in one cell.
pub(crate) fn texts(cell: &str) -> Vec<String> {
    cell.split(';').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

/// A text as it was before [`written`]. One that nobody defused, such as a number with its `+`, is what it is.
pub(crate) fn read(text: &str) -> Cow<'_, str> {
    if !text.split(';').any(|part| part.starts_with('\'') && is_armed(part)) {
        return Cow::Borrowed(text);
    }
    let parts = text.split(';').map(|part| match part.strip_prefix('\'') {
        Some(rest) if is_armed(part) => rest,
        Some(_) | None => part,
    });
    Cow::Owned(parts.collect::<Vec<_>>().join(";"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use report::formula::begins_a_formula;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_one_no_more() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"http://evil\",\"x\")", "'=HYPERLINK(\"http://evil\",\"x\")"),
            ("+493012345678", "'+493012345678"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("＝1+1", "'＝1+1"),
            ("Carl;=1+1", "Carl;'=1+1"),
            ("'=1", "''=1"),
            ("Carl", "Carl"),
            ("O'Hara", "O'Hara"),
            ("'quoted'", "'quoted'"),
            ("a=1", "a=1"),
            ("", ""),
        ] {
            assert_eq!(super::cell(&json!(text)), cell, "{text}");
            assert_eq!(read(cell), text);
        }
        assert_eq!(read("+4930"), "+4930", "as somebody writes it by hand");
    }

    #[test]
    fn a_list_is_one_cell_and_what_is_deeper_is_json() {
        for (value, text) in [
            (json!(null), ""),
            (json!(-5), "-5"),
            (json!(12.5), "12.5"),
            (json!(true), "true"),
            (json!([]), ""),
            (json!({}), ""),
            (json!(["a", "b"]), "a; b"),
            (json!(["=a", "b"]), "'=a; b"),
            (json!(["a;b"]), r#"["a;b"]"#),
            (json!([1, 2]), "[1,2]"),
            (json!({"a": 1}), r#"{"a":1}"#),
        ] {
            assert_eq!(cell(&value), text);
        }
    }

    #[test]
    fn a_table_is_quoted_as_the_rfc_says() {
        let field = |name: &str, columns: Vec<Vec<String>>| Field { name: name.into(), columns };
        let fields = [
            field("caller", vec![vec!["name".into()], vec!["number".into()]]),
            field("dialed", vec![vec![]]),
        ];
        let mut table = Table::with_header(&fields);
        let caller = json!({"name": "Carl \"C\", Jr.\r\n=1", "number": "+4930"});
        let item = Map::from_iter([("caller".to_owned(), caller), ("dialed".to_owned(), json!("8000"))]);
        table.put(&fields, &item).unwrap();
        let text = String::from_utf8(table.into_bytes()).unwrap();
        assert_eq!(text, "caller.name,caller.number,dialed\r\n\"Carl \"\"C\"\", Jr.\r\n=1\",'+4930,8000\r\n");
    }

    proptest! {
        #[test]
        fn a_text_comes_back_as_it_was_and_never_begins_like_a_formula(text in "['=+@;,\"\t\r\nab-]{0,12}") {
            let cell = written(&text);
            prop_assert!(!cell.split(';').any(|part| part.starts_with(begins_a_formula)));
            prop_assert_eq!(read(&cell), text.as_str());
        }

        #[test]
        fn a_list_of_texts_comes_back_as_it_was(items in prop::collection::vec("['=+a; \\[]{0,4}", 1..4)) {
            let cell = cell(&json!(items));
            let cell = read(&cell);
            let back = serde_json::from_str::<Vec<String>>(&cell).unwrap_or_else(|_| texts(&cell));
            prop_assert_eq!(back, items);
        }
    }
}
