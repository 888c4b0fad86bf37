//! A tree as YAML: as much of it as a provisioning file needs.

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Yaml {
    Text(String),
    Whole(i64),
    Flag(bool),
    List(Vec<Yaml>),
    Map(Vec<(&'static str, Yaml)>),
}

impl Yaml {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// Writes the fields of a mapping, each on its own line.
pub(crate) fn write(fields: &[(&'static str, Yaml)]) -> String {
    let mut out = String::new();
    map(&mut out, fields, 0);
    out
}

fn map(out: &mut String, fields: &[(&'static str, Yaml)], indent: usize) {
    for (index, (name, value)) in fields.iter().enumerate() {
        // The first one stands behind the dash or key that leads to it.
        if index > 0 || indent == 0 {
            blanks(out, indent);
        }
        out.push_str(name);
        out.push(':');
        value_of_key(out, value, indent);
    }
}

fn value_of_key(out: &mut String, value: &Yaml, indent: usize) {
    match value {
        Yaml::List(list) if !list.is_empty() => {
            out.push('\n');
            for item in list {
                blanks(out, indent + 2);
                out.push_str("- ");
                match item {
                    Yaml::Map(fields) if !fields.is_empty() => map(out, fields, indent + 4),
                    Yaml::Map(_) | Yaml::List(_) | Yaml::Text(_) | Yaml::Whole(_) | Yaml::Flag(_) => {
                        flow(out, item);
                        out.push('\n');
                    }
                }
            }
        }
        Yaml::List(_) | Yaml::Map(_) | Yaml::Text(_) | Yaml::Whole(_) | Yaml::Flag(_) => {
            out.push(' ');
            flow(out, value);
            out.push('\n');
        }
    }
}

/// A value on one line.
fn flow(out: &mut String, value: &Yaml) {
    match value {
        Yaml::Text(text) => quoted(out, text),
        Yaml::Whole(number) => out.push_str(&number.to_string()),
        Yaml::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Yaml::List(list) => {
            out.push('[');
            for (index, item) in list.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                flow(out, item);
            }
            out.push(']');
        }
        Yaml::Map(fields) => {
            out.push('{');
            for (index, (name, value)) in fields.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                out.push_str(name);
                out.push_str(": ");
                flow(out, value);
            }
            out.push('}');
        }
    }
}

/// A text in double quotes (YAML 1.2.2, 7.3.1): whatever it looks like, it is read back as text.
fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // What YAML does not take as it is, or might take for the end of a line (5.1, 5.4).
            c if c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') =>
            {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn blanks(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_in_quotes_and_stays_on_its_line() {
        let text = write(&[
            ("a", Yaml::text("no\n\"\\\u{85}")),
            ("b", Yaml::List(vec![Yaml::Map(vec![("c", Yaml::Whole(-1)), ("d", Yaml::Flag(true))])])),
            ("e", Yaml::Map(vec![("f", Yaml::text("ü"))])),
            ("g", Yaml::List(Vec::new())),
        ]);
        assert_eq!(
            text,
            "a: \"no\\u000a\\\"\\\\\\u0085\"\nb:\n  - c: -1\n    d: true\ne: {f: \"ü\"}\ng: []\n"
        );
    }
}
