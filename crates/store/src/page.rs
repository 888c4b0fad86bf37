//! Lists in pages: newest first, with a cursor that nobody needs to understand.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Most items of one page.
pub const PAGE_MAX: u32 = 500;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, newest first.
    pub items: Vec<T>,
    /// Where the next page begins; none after the last.
    pub next: Option<Cursor>,
}

/// A place in a list. It stays right while new items come in before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The time of the last item that was seen, microseconds; 0 in lists by id alone.
    pub(crate) at: i64,
    /// Its id.
    pub(crate) id: i64,
}

impl Cursor {
    /// The place before the newest item.
    pub(crate) const START: Self = Self { at: i64::MAX, id: i64::MAX };

    /// Reads a cursor that [`Cursor`]'s `Display` has written; none if it is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (at, id) = bytes.split_first_chunk::<8>()?;
        Some(Self { at: i64::from_be_bytes(*at), id: i64::from_be_bytes(id.try_into().ok()?) })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = [self.at.to_be_bytes(), self.id.to_be_bytes()].concat();
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// Makes a page of one row more than was asked for: that row only says that there is a next page.
pub(crate) fn page<R>(mut rows: Vec<R>, limit: u32, place: impl Fn(&R) -> Cursor) -> Page<R> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(place);
    Page { items: rows, next }
}

/// The number of rows to ask for, within the limit.
pub(crate) fn bounded(limit: u32) -> u32 {
    limit.clamp(1, PAGE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went_out_and_nothing_else_is_one() {
        let cursor = Cursor { at: 1_700_000_000_000_000, id: 42 };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        for hostile in ["", "x", "AAAA", "!!", &"A".repeat(1000)] {
            assert_eq!(Cursor::parse(hostile), None, "{hostile}");
        }
    }
}
