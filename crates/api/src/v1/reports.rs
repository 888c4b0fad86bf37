//! Figures as files, and reports that go by e-mail. They are provisioned; see `…/provisioning/reports`.

pub(crate) mod document;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod send;

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use report::{Asked, ReportError};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::reports::{Gathered, Ungathered};
use crate::storage::FiguresFailed;

/// `…/reports/{report}`.
#[derive(Deserialize)]
pub(crate) struct ReportPath {
    report: String,
}

impl ReportPath {
    fn unknown(&self) -> Problem {
        let detail = format!("there is no report `{}`", shown(&self.report));
        Problem::new(ProblemKind::UnknownReport, detail)
    }
}

/// As which file figures come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileWord {
    /// A table for spreadsheets.
    Csv,
    /// A document to read.
    Pdf,
}

/// When to try again while others make reports, seconds.
const RETRY_AFTER: u64 = 10;

/// Makes the file, off the runtime's threads: a long one takes a moment.
async fn file(asked: Asked, gathered: Gathered, word: FileWord) -> Result<Response, Problem> {
    let made = tokio::task::spawn_blocking(move || match word {
        FileWord::Csv => report::csv(&asked, gathered.content()),
        FileWord::Pdf => report::pdf(&asked, gathered.content()),
    });
    let (kind, name) = match word {
        FileWord::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"report.csv\""),
        FileWord::Pdf => ("application/pdf", "attachment; filename=\"report.pdf\""),
    };
    let bytes = match made.await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error @ ReportError::TooLong(_))) => {
            return Err(Problem::new(ProblemKind::UnusableSpan, error.to_string()));
        }
        Ok(Err(error @ ReportError::Document(_))) => {
            tracing::error!(%error, "a report");
            return Err(Problem::plain(ProblemKind::Internal));
        }
        Err(error) => {
            tracing::error!(%error, "a report");
            return Err(Problem::plain(ProblemKind::Internal));
        }
    };
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], bytes).into_response())
}

impl From<Ungathered> for Problem {
    fn from(error: Ungathered) -> Self {
        match error {
            Ungathered::Busy => Self::new(ProblemKind::Busy, error.detail()).retry_after(RETRY_AFTER),
            Ungathered::Many(_) | Ungathered::Long(_) => Self::new(ProblemKind::UnusableSpan, error.detail()),
            Ungathered::Figures(error @ (FiguresFailed::TooMuch | FiguresFailed::Storage(_))) => error.into(),
        }
    }
}
