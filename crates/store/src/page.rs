//! Lists in pages: newest first unless the oldest are wanted first, from a place on.

/// Most items of one page.
pub const PAGE_MAX: u32 = 500;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the order that was asked for.
    pub items: Vec<T>,
    /// Where the next page begins; none after the last.
    pub next: Option<Cursor>,
}

/// A place in a list. It stays right while new items come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The time of the last item that was seen, microseconds; 0 in lists by id alone.
    pub at: i64,
    /// Its id.
    pub id: i64,
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Those behind this place; none: from the beginning.
    pub after: Option<Cursor>,
    /// The oldest first, not the newest.
    pub oldest_first: bool,
    /// Most items; never more than [`PAGE_MAX`].
    pub limit: u32,
}

impl Part {
    /// So many of the newest.
    #[must_use]
    pub const fn newest(limit: u32) -> Self {
        Self { after: None, oldest_first: false, limit }
    }

    /// The next part after the one that ended at `place`.
    #[must_use]
    pub const fn behind(self, place: Option<Cursor>) -> Self {
        Self { after: place, ..self }
    }

    /// The place that it begins behind.
    pub(crate) fn place(self) -> Cursor {
        const NEWEST: Cursor = Cursor { at: i64::MAX, id: i64::MAX };
        const OLDEST: Cursor = Cursor { at: i64::MIN, id: i64::MIN };
        self.after.unwrap_or(if self.oldest_first { OLDEST } else { NEWEST })
    }

    /// The statement for its order. Both are written here in the code: nothing that anybody sends becomes one.
    pub(crate) const fn statement(self, newest: &'static str, oldest: &'static str) -> &'static str {
        if self.oldest_first { oldest } else { newest }
    }

    /// How many items it has, within the limit.
    pub(crate) fn bounded(self) -> u32 {
        self.limit.clamp(1, PAGE_MAX)
    }

    /// How many rows to ask for: one more than it has, which only says that there is a next part.
    pub(crate) fn rows(self) -> i64 {
        i64::from(self.bounded()) + 1
    }

    /// Makes a page of one row more than it has.
    pub(crate) fn page<R>(self, mut rows: Vec<R>, place: impl Fn(&R) -> Cursor) -> Page<R> {
        let limit = usize::try_from(self.bounded()).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(place);
        Page { items: rows, next }
    }
}
