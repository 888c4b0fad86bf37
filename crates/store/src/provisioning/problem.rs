//! A problem of a provisioning file: where, and what to mend.

use super::limits::PROBLEMS_MAX;

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The line, from 1; 0 if it is about the whole file.
    pub line: u64,
    /// What, in one sentence.
    pub text: String,
}

impl Problem {
    pub(crate) fn new(line: u64, text: impl Into<String>) -> Self {
        Self { line, text: text.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => f.write_str(&self.text),
            line => write!(f, "line {line}: {}", self.text),
        }
    }
}

/// Problems while they are being found; those past the limit are only counted.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    uncounted: usize,
}

impl Problems {
    pub(crate) fn push(&mut self, problem: Problem) {
        if self.list.len() < PROBLEMS_MAX {
            self.list.push(problem);
        } else {
            self.uncounted += 1;
        }
    }

    /// All of them, by line.
    pub(crate) fn into_sorted(mut self) -> Vec<Problem> {
        self.list.sort();
        self.list.dedup();
        if self.uncounted > 0 {
            self.list.push(Problem::new(0, format!("and {} more", self.uncounted)));
        }
        self.list
    }
}
