//! The record of one routing decision: who could have had the call, who could not and why, in which order.

use std::fmt;
use std::io::{Error, Read, Write};

use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, CallId, QueueId, Strategy, Timestamp};

use crate::output::QueueOutcome;
use crate::short::Short;

/// One routing decision, made once and kept; nothing recomputes it.
///
/// Of a queue with no more members than [`crate::Limits::names_recorded`] it names every member. Of a larger one
/// it names the first candidates and those whom something about this call excludes, and counts all others; what
/// stood in the way of each of them is at [`crate::Acd::why_no_call`].
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// The call.
    pub call: CallId,
    /// The queue.
    pub queue: QueueId,
    /// How the order was made.
    pub strategy: Strategy,
    /// The call's place in the line when it was decided; 1 is the head. Of a call that was not let in: the place
    /// behind the last.
    pub position: u32,
    /// What the call asked for at that moment: skill and least level.
    pub needs: Vec<(String, u8)>,
    /// Who could have had it, best first, with what the order looked at; the first of them if there are many.
    pub candidates: Short<Candidate>,
    /// How many could have had it.
    pub candidate_count: u32,
    /// Who could not, grouped by reason, each agent once, in id order. In a large queue only those whom something
    /// about this call excludes.
    pub excluded: Vec<(Exclusion, Vec<AgentId>)>,
    /// How many could not, by reason: all of them.
    pub excluded_counts: Counts,
    /// Who was offered it: the first candidate, or several for strategies that ring several. Empty: it waits, or
    /// leaves.
    pub winners: Short<AgentId>,
    /// Who chose this very call, or had it chosen for her: nobody was compared with anybody. If it rang her already
    /// there is no winner.
    pub picked_up: Option<AgentId>,
    /// The rule by which it leaves the line, or was not let in.
    pub left: Option<QueueOutcome>,
}

/// One agent who could have had the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Candidate {
    /// The agent.
    pub agent: AgentId,
    /// Since when she has been without a call.
    pub idle_since: Timestamp,
    /// Her `order` in the queue.
    pub order: i32,
    /// What the strategy looked at before that.
    pub looked_at: LookedAt,
    /// She is the caller's own, or served him last: tried before the strategy's order.
    pub preferred: bool,
}

/// What a strategy looked at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum LookedAt {
    /// Idle time.
    #[default]
    Idle,
    /// Her `order`.
    Order,
    /// When this queue last rang her, if ever.
    LastRung(Option<Timestamp>),
    /// Calls of this queue answered since midnight.
    Answered(u32),
    /// Her tier.
    Tier(u8),
    /// Nothing: a draw.
    Chance,
    /// Her skill level in the queue.
    Level(u8),
    /// Her skill level, then when this queue last rang her.
    LevelLastRung(u8, Option<Timestamp>),
    /// Her skill level, then calls answered since midnight.
    LevelAnswered(u8, u32),
}

/// Why an agent could not have the call. The first that holds, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub enum Exclusion {
    /// Not active: invited or disabled.
    NotActive,
    /// No extension.
    NoExtension,
    /// Her entry in this queue is switched off.
    EntryDisabled,
    /// Not logged in to this queue.
    LoggedOut,
    /// No device registered.
    Unreachable,
    /// Do not disturb.
    Dnd,
    /// On a call.
    OnCall,
    /// Another offer rings her.
    Ringing,
    /// Wrap-up.
    WrapUp,
    /// Not ready.
    NotReady,
    /// Will be logged out or not ready at the end of her call.
    PendingLeave,
    /// She declined this call.
    DeclinedThis,
    /// She missed, declined or could not take a call a moment ago.
    RetryDelay,
    /// She does not know what this call asks for.
    SkillMissing,
    /// She serves another queue first (her order of queues).
    OtherQueueFirst,
}

impl Exclusion {
    /// All, in order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::NotActive,
        Self::NoExtension,
        Self::EntryDisabled,
        Self::LoggedOut,
        Self::Unreachable,
        Self::Dnd,
        Self::OnCall,
        Self::Ringing,
        Self::WrapUp,
        Self::NotReady,
        Self::PendingLeave,
        Self::DeclinedThis,
        Self::RetryDelay,
        Self::SkillMissing,
        Self::OtherQueueFirst,
    ];

    /// How many there are.
    pub(crate) const COUNT: usize = 15;

    /// Its place among all.
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

/// How many agents could not have a call, by reason, in the order of [`Exclusion`]; written like a list of those
/// reasons that somebody had.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts(pub(crate) [u32; Exclusion::COUNT]);

impl Counts {
    /// The reasons that somebody had, and how many had each.
    pub fn iter(&self) -> impl Iterator<Item = (Exclusion, u32)> {
        Exclusion::ALL.into_iter().zip(self.0).filter(|(_, count)| *count > 0)
    }

    /// Whether nobody was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

impl FromIterator<(Exclusion, u32)> for Counts {
    fn from_iter<I: IntoIterator<Item = (Exclusion, u32)>>(counted: I) -> Self {
        let mut counts = Self::default();
        for (why, count) in counted {
            if let Some(known) = counts.0.get_mut(why.index()) {
                *known = known.saturating_add(count);
            }
        }
        counts
    }
}

impl fmt::Debug for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl BorshSerialize for Counts {
    fn serialize<W: Write>(&self, writer: &mut W) -> Result<(), Error> {
        u32::try_from(self.iter().count()).map_err(Error::other)?.serialize(writer)?;
        self.iter().try_for_each(|counted| counted.serialize(writer))
    }
}

impl BorshDeserialize for Counts {
    fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Self, Error> {
        let counted = Vec::<(Exclusion, u32)>::deserialize_reader(reader)?;
        Ok(counted.into_iter().collect())
    }
}
