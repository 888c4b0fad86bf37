//! The table of results.

use std::fmt::Write as _;

/// One figure beside its aim.
pub(crate) struct Row {
    what: String,
    figure: String,
    aim: &'static str,
    note: String,
}

impl Row {
    pub(crate) fn new(what: impl Into<String>, figure: impl Into<String>, aim: &'static str) -> Self {
        Self { what: what.into(), figure: figure.into(), aim, note: String::new() }
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    pub(crate) fn failed(what: &str, error: &anyhow::Error) -> Self {
        Self::new(what, "FAILED", "").note(format!("{error:#}").lines().next().unwrap_or_default())
    }
}

/// All rows, in columns.
pub(crate) fn print(rows: &[Row]) -> String {
    let width =
        |column: fn(&Row) -> &str| rows.iter().map(|row| column(row).chars().count()).max().unwrap_or(0);
    let (what, figure, aim) =
        (width(|r| &r.what).max(4), width(|r| &r.figure).max(8), width(|r| r.aim).max(3));
    let mut out = String::new();
    let mut line = |w: &str, f: &str, a: &str, note: &str| {
        let text = format!("{w:<what$}  {f:>figure$}  {a:<aim$}  {note}");
        let _ = writeln!(out, "{}", text.trim_end());
    };
    line("what", "measured", "aim", "how");
    for row in rows {
        line(&row.what, &row.figure, row.aim, &row.note);
    }
    out
}
