//! Lists: `{"items": […], "next": null | cursor}`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{CallId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Problem, ProblemKind};

/// A list, or one page of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct List<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Send it as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A list on one page.
    #[must_use]
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// Which page.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// What the page before gave as `next`; nothing for the first one.
    pub cursor: Option<String>,
    /// Most items on the page, 1 to 200; 50 unless set.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
}

impl PageParams {
    /// `limit` unless set.
    pub const LIMIT_DEFAULT: u16 = 50;
    /// Most that may be asked for.
    pub const LIMIT_MAX: u16 = 200;

    /// Where it begins; an empty text says as little as none.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.cursor.as_deref().filter(|text| !text.is_empty())
    }

    /// How many items this page may have.
    ///
    /// # Errors
    /// A problem if the number is out of range.
    pub fn limit(&self) -> Result<usize, Problem> {
        let limit = self.limit.unwrap_or(Self::LIMIT_DEFAULT);
        if !(1..=Self::LIMIT_MAX).contains(&limit) {
            let detail = format!("`limit` is {limit}; 1 to {} are possible", Self::LIMIT_MAX);
            return Err(Problem::new(ProblemKind::InvalidParameter, detail));
        }
        Ok(usize::from(limit))
    }
}

/// A place in the list of calls, newest first: the call after which the page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallCursor {
    /// When that call started.
    pub started_at: Timestamp,
    /// That call.
    pub call: CallId,
}

impl CallCursor {
    /// As it is sent: time and id as 16 bytes.
    #[must_use]
    pub fn encode(self) -> String {
        URL_SAFE_NO_PAD.encode([self.started_at.0.to_be_bytes(), self.call.0.to_be_bytes()].concat())
    }

    /// As it came.
    ///
    /// # Errors
    /// A problem if it is none of ours.
    pub fn decode(text: &str) -> Result<Self, Problem> {
        let read = || {
            let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
            let (at, call) = bytes.split_first_chunk::<8>()?;
            let started_at = Timestamp(i64::from_be_bytes(*at));
            Some(Self { started_at, call: CallId(u64::from_be_bytes(call.try_into().ok()?)) })
        };
        read().ok_or_else(|| Problem::plain(ProblemKind::StrangeCursor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went_out() {
        let cursor = CallCursor { started_at: Timestamp(1_700_000_000_123_456), call: CallId(42) };
        assert_eq!(CallCursor::decode(&cursor.encode()), Ok(cursor));
    }

    #[test]
    fn a_made_up_cursor_is_a_problem_and_not_a_panic() {
        for text in ["", "x", "AAAA", "LjE", "999999999999999999999999", "é"] {
            assert_eq!(CallCursor::decode(text).map_err(|p| p.kind), Err(ProblemKind::StrangeCursor));
        }
    }
}
