//! Figures of queues and agents as files that people get: a table for spreadsheets, a document to read.
//!
//! Whoever asks brings the figures; in here nothing is read from anywhere. [`queues`] and [`agents`] say what is shown
//! of them, [`words`] in which words; [`table`] writes the one file, [`pdf`] sets the other.

#![forbid(unsafe_code)]

mod agents;
pub mod formula;
mod pdf;
mod queues;
mod sheet;
mod table;
mod when;
mod words;

use model::Timestamp;
use store::report::Language;
use store::statistics::AgentInterval;
use store::statistics::intervals::{Intervals, Length};
use store::statistics::queue::QueueFigures;

/// Most queues, or agents, that one report is about.
pub const SUBJECTS_MAX: usize = 500;
/// Most rows of a table.
pub const ROWS_MAX: usize = 100_000;

/// Which report it is.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What it is called.
    pub title: String,
    /// Of which domain it is.
    pub domain: String,
    /// By whose clock its times are, an IANA name.
    pub zone: String,
    /// In which language its document is.
    pub language: Language,
    /// Its rows.
    pub intervals: Intervals,
    /// How long each of them is.
    pub length: Length,
    /// When it is made.
    pub made_at: Timestamp,
}

/// A queue or an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The queue's number, the agent's extension.
    pub number: String,
    /// What people call it, or her.
    pub name: String,
}

/// The figures of each, one for each interval.
#[derive(Clone, Debug)]
pub enum Content {
    /// What came of queues' calls.
    Queues(Vec<(Subject, Vec<QueueFigures>)>),
    /// What agents did.
    Agents(Vec<(Subject, Vec<AgentInterval>)>),
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// It would be too long for anybody.
    #[error(
        "the report would have {0} rows, and {ROWS_MAX} are the most; take longer intervals or fewer of them"
    )]
    TooLong(usize),
    /// The document could not be set; a fault of ours.
    #[error("the document could not be made: {0}")]
    Document(String),
}

impl Content {
    fn subjects(&self) -> usize {
        match self {
            Self::Queues(all) => all.len(),
            Self::Agents(all) => all.len(),
        }
    }
}

/// The table for spreadsheets (RFC 4180, UTF-8): a row for each queue, or agent, and interval, with the names and units of
/// the API.
///
/// # Errors
/// [`ReportError::TooLong`]
pub fn csv(asked: &Asked, content: &Content) -> Result<Vec<u8>, ReportError> {
    let rows = content.subjects().saturating_mul(asked.intervals.count());
    if rows > ROWS_MAX {
        return Err(ReportError::TooLong(rows));
    }
    Ok(table::table(asked, content))
}

/// The document: A4, with the sums, a row for each interval, one for each queue or agent, and what the numbers mean.
///
/// # Errors
/// [`ReportError`]
pub fn pdf(asked: &Asked, content: &Content) -> Result<Vec<u8>, ReportError> {
    pdf::document(&sheet::sheet(asked, content))
}

/// The sums by name, as a mail shows them.
#[must_use]
pub fn sums(asked: &Asked, content: &Content) -> Vec<(&'static str, String)> {
    sheet::sums(asked, content)
}

/// What a document is called that nobody has named: what it is about.
#[must_use]
pub fn title(language: Language, content: &Content) -> String {
    let one = match content {
        Content::Queues(all) => all.first().filter(|_| all.len() == 1).map(|(one, _)| one),
        Content::Agents(all) => all.first().filter(|_| all.len() == 1).map(|(one, _)| one),
    };
    let all = match content {
        Content::Queues(_) => words::say(language, "queues"),
        Content::Agents(_) => words::say(language, "agents"),
    };
    one.map_or_else(|| all.to_owned(), |one| one.name.clone())
}

/// Of which time it is, in words: `Mon 2026-05-04`, or two such days.
#[must_use]
pub fn time(asked: &Asked) -> String {
    when::days(asked)
}

#[cfg(test)]
mod tests;
