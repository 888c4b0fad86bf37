//! Spans of time in intervals, as queues' and agents' statistics take them.

use std::time::Duration;

use model::Directory;
use serde::Deserialize;
use store::statistics::FiguresError;
use store::statistics::intervals::{Intervals, Length};
use utoipa::{IntoParams, ToSchema};

use crate::path::moment;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::storage::FiguresFailed;

/// How much time there is unless somebody says from when.
const SPAN: Duration = Duration::from_secs(86_400);

/// How long an interval is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
pub(crate) enum IntervalWord {
    /// 15 minutes.
    #[serde(rename = "15m")]
    Quarter,
    /// 30 minutes.
    #[serde(rename = "30m")]
    Half,
    /// An hour.
    #[serde(rename = "1h")]
    Hour,
    /// A day.
    #[serde(rename = "1d")]
    Day,
}

impl From<IntervalWord> for Length {
    fn from(word: IntervalWord) -> Self {
        match word {
            IntervalWord::Quarter => Self::Quarter,
            IntervalWord::Half => Self::Half,
            IntervalWord::Hour => Self::Hour,
            IntervalWord::Day => Self::Day,
        }
    }
}

/// Which time, and in which intervals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SpanParams {
    /// From when (RFC 3339), in the years 2020 to 2044: the first interval is the one with this moment; a day before
    /// `to` unless set. A `+` in it is written `%2B`.
    #[param(example = "2026-03-02T00:00:00Z")]
    pub(crate) from: Option<String>,
    /// Before when: the last interval is the one with the moment before; now unless set. At most 31 days behind `from`,
    /// with intervals of a day 400.
    #[param(example = "2026-03-03T00:00:00Z")]
    pub(crate) to: Option<String>,
    /// How long an interval is; `1h` unless set. A day is from midnight to midnight, with 23 or 25 hours where the clock
    /// changes; the shorter ones begin at midnight anew.
    #[param(inline)]
    pub(crate) interval: Option<IntervalWord>,
    /// By whose clock, an IANA name; the domain's unless set.
    #[param(example = "Europe/Berlin")]
    pub(crate) time_zone: Option<String>,
}

impl SpanParams {
    /// The intervals.
    pub(crate) fn cut(&self, app: &App, directory: &Directory) -> Result<Intervals, Problem> {
        let to = moment("to", self.to.as_deref(), app)?;
        let from = match &self.from {
            Some(from) => moment("from", Some(from), app)?,
            None => to.before(SPAN),
        };
        let (zone, length) = (self.zone(directory), self.length());
        let wrong = |error: store::statistics::intervals::CutError| {
            Problem::new(ProblemKind::UnusableSpan, error.to_string())
        };
        Intervals::cut((from, to), length, &zone).map_err(wrong)
    }

    /// By whose clock.
    pub(crate) fn zone(&self, directory: &Directory) -> String {
        let said = self.time_zone.clone().filter(|text| !text.is_empty());
        said.unwrap_or_else(|| directory.tenant.timezone.clone())
    }

    /// How long an interval is.
    pub(crate) fn length(&self) -> Length {
        self.interval.map_or(Length::Hour, Length::from)
    }
}

impl From<FiguresFailed> for Problem {
    fn from(error: FiguresFailed) -> Self {
        match error {
            FiguresFailed::TooMuch => Self::new(ProblemKind::UnusableSpan, FiguresError::TooMuch.to_string()),
            FiguresFailed::Storage(error) => Self::from(error),
        }
    }
}
