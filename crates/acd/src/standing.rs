//! How a member stands with her queue: kept with her membership, so that no decision derives it again.

use borsh::{BorshDeserialize, BorshSerialize};
use model::Timestamp;

use crate::decision::Exclusion;
use crate::strategy::Key;

/// How a member stands to the calls of her queue, whichever they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Standing {
    /// She would be given a call; this is her place in the order.
    Free(Key),
    /// She would not.
    Not(Exclusion),
}

impl Standing {
    /// Of a member who has just joined.
    pub(crate) const NEW: Self = Self::Not(Exclusion::LoggedOut);

    /// Why not; none if she is free.
    pub(crate) const fn why_not(self) -> Option<Exclusion> {
        match self {
            Self::Free(_) => None,
            Self::Not(why) => Some(why),
        }
    }
}

/// Most standings of a member that are remembered, so that recent decisions can say how she stood.
const MARKS_MAX: usize = 4;

/// From which decision on a member stood how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Mark {
    /// The number of the first decision that found her so.
    pub(crate) decision: u64,
    /// When that began.
    pub(crate) at: Timestamp,
    /// What she knew.
    pub(crate) profile: u32,
    /// Why she could have no call; none: she was free.
    pub(crate) why_not: Option<Exclusion>,
}

/// What is kept of how a member stands; brought up to date by `dispatch::refresh_stale`.
#[derive(Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Kept {
    /// How she stands.
    pub(crate) standing: Standing,
    /// What she knows.
    pub(crate) profile: u32,
    /// Whether callers may count on her (A19).
    pub(crate) staffs: bool,
    /// How she stood of late, newest first.
    marks: [Option<Mark>; MARKS_MAX],
}

impl Kept {
    /// Of a member who has just joined, before anything is derived.
    pub(crate) const fn new() -> Self {
        Self { standing: Standing::NEW, profile: 0, staffs: false, marks: [None; MARKS_MAX] }
    }

    /// She stands so from now on; false if she did already. `at` is the next decision's number and the time.
    pub(crate) fn now(&mut self, standing: Standing, profile: u32, at: (u64, Timestamp)) -> bool {
        if (self.standing, self.profile) == (standing, profile) && self.mark().is_some() {
            return false;
        }
        self.standing = standing;
        self.profile = profile;
        let mark = Mark { decision: at.0, at: at.1, profile, why_not: standing.why_not() };
        match &mut self.marks {
            [Some(newest), ..] if (newest.why_not, newest.profile) == (mark.why_not, profile) => {}
            // Nothing was decided meanwhile.
            [Some(newest), ..] if newest.decision == mark.decision => *newest = mark,
            marks => {
                marks.rotate_right(1);
                marks[0] = Some(mark);
            }
        }
        true
    }

    /// How she stood when decision `number` was made; none if that is no longer known.
    pub(crate) fn at(&self, number: u64) -> Option<Mark> {
        self.marks.iter().flatten().find(|mark| mark.decision <= number).copied()
    }

    /// How she stands.
    pub(crate) fn mark(&self) -> Option<Mark> {
        self.marks.first().copied().flatten()
    }
}
