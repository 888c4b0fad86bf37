//! What could not be carried over, each with its place.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::limits::REMARKS_MAX;

/// A line of a file. Line 0 is the whole file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name, relative to the folder.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

impl Place {
    /// A whole file.
    #[must_use]
    pub fn file(name: &str) -> Self {
        Self { file: name.into(), line: 0 }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => f.write_str(&self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// One thing that is not as it was, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Where it stands.
    pub place: Place,
    /// What, and why or what instead. No secret is ever in it.
    pub text: String,
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// The remarks while they are being made: each once, and past the limit only counted.
#[derive(Debug, Default)]
pub(crate) struct Report {
    remarks: BTreeSet<Remark>,
    uncounted: usize,
}

impl Report {
    pub(crate) fn add(&mut self, place: &Place, text: impl Into<String>) {
        let remark = Remark { place: place.clone(), text: text.into() };
        if self.remarks.len() < REMARKS_MAX {
            self.remarks.insert(remark);
        } else if !self.remarks.contains(&remark) {
            self.uncounted += 1;
        }
    }

    /// All of them, by file and line.
    pub(crate) fn finish(self) -> Vec<Remark> {
        let mut remarks: Vec<Remark> = self.remarks.into_iter().collect();
        if self.uncounted > 0 {
            let text = format!("and {} more remarks, which are not told one by one", self.uncounted);
            remarks.push(Remark { place: Place::file("all files"), text });
        }
        remarks
    }
}

/// Text of the files for a remark: on one line, and short.
pub(crate) fn shown(text: &str) -> String {
    const SHOWN_MAX: usize = 60;
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(SHOWN_MAX).collect();
    if text.chars().count() > SHOWN_MAX {
        short.push('…');
    }
    short
}
