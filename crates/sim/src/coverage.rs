//! Which event met which agent state, counted over many worlds; and which pairs cannot be, with the reason.

use std::collections::BTreeMap;

/// What an agent does in one queue, without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Not logged in, no phone.
    OfflineOut,
    /// Not logged in, with a phone.
    LoggedOut,
    /// Logged in, no phone.
    OfflineIn,
    /// Not ready.
    NotReady,
    /// Ready.
    Ready,
    /// Rung by a queue.
    Ringing,
    /// On a call of this queue.
    QueueCall,
    /// On any other call.
    OtherCall,
    /// Work after a call.
    WrapUp,
}

/// What happens to her.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Met {
    /// Log in.
    Login,
    /// Log out.
    Logout,
    /// Ready.
    SetReady,
    /// Not ready.
    SetNotReady,
    /// One call.
    SetSingleCall,
    /// Wrap-up by request.
    SetWrapUp,
    /// More time for a wrap-up.
    MoreTime,
    /// This queue rings her.
    Offer,
    /// She answers this queue's call.
    Answer,
    /// This queue's call rang out.
    RingTimeout,
    /// She declines this queue's call.
    Decline,
    /// Her phone is busy.
    Busy,
    /// The offer reaches no phone.
    Unreachable,
    /// Somebody else was first.
    AnsweredElsewhere,
    /// The caller who rings her is gone.
    CallerGone,
    /// The caller who rings her has waited too long.
    WaitExpired,
    /// Her ring is withdrawn because of what she did, or was done to her.
    Withdrawn,
    /// Her call of this queue ends.
    QueueCallEnds,
    /// A direct call rings her.
    DirectRings,
    /// A direct call of hers begins.
    DirectBegins,
    /// A direct call of hers ends.
    DirectEnds,
    /// A phone registers.
    DeviceUp,
    /// The last phone goes.
    DeviceDown,
    /// The wrap-up clock runs down.
    WrapUpEnds,
    /// The delay after a miss is over.
    DelayEnds,
    /// The grace of a lost phone is over.
    GraceEnds,
    /// The entry is taken away.
    Removed,
    /// She is disabled, or loses her extension.
    ShutOff,
    /// Do not disturb is set.
    DndSet,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::OfflineOut,
        Self::LoggedOut,
        Self::OfflineIn,
        Self::NotReady,
        Self::Ready,
        Self::Ringing,
        Self::QueueCall,
        Self::OtherCall,
        Self::WrapUp,
    ];
}

impl Met {
    /// All of them.
    pub const ALL: [Self; 29] = [
        Self::Login,
        Self::Logout,
        Self::SetReady,
        Self::SetNotReady,
        Self::SetSingleCall,
        Self::SetWrapUp,
        Self::MoreTime,
        Self::Offer,
        Self::Answer,
        Self::RingTimeout,
        Self::Decline,
        Self::Busy,
        Self::Unreachable,
        Self::AnsweredElsewhere,
        Self::CallerGone,
        Self::WaitExpired,
        Self::Withdrawn,
        Self::QueueCallEnds,
        Self::DirectRings,
        Self::DirectBegins,
        Self::DirectEnds,
        Self::DeviceUp,
        Self::DeviceDown,
        Self::WrapUpEnds,
        Self::DelayEnds,
        Self::GraceEnds,
        Self::Removed,
        Self::ShutOff,
        Self::DndSet,
    ];
}

impl Met {
    /// A clock that means nothing where she is not logged in.
    pub(crate) const fn needs_login(self) -> bool {
        matches!(self, Self::WrapUpEnds | Self::DelayEnds | Self::GraceEnds)
    }
}

/// How often each pair came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    hits: BTreeMap<(State, Met), u64>,
}

impl Coverage {
    /// Counts one.
    pub fn hit(&mut self, state: State, met: Met) {
        *self.hits.entry((state, met)).or_default() += 1;
    }

    /// Adds another world's.
    pub fn add(&mut self, other: &Self) {
        for (pair, hits) in &other.hits {
            *self.hits.entry(*pair).or_default() += hits;
        }
    }

    /// How often a pair came.
    #[must_use]
    pub fn count(&self, state: State, met: Met) -> u64 {
        self.hits.get(&(state, met)).copied().unwrap_or(0)
    }

    /// Pairs that can be and never came.
    #[must_use]
    pub fn missing(&self) -> Vec<(State, Met)> {
        let pairs =
            State::ALL.into_iter().flat_map(|state| Met::ALL.into_iter().map(move |met| (state, met)));
        pairs
            .filter(|(state, met)| impossible(*state, *met).is_none() && self.count(*state, *met) == 0)
            .collect()
    }

    /// Pairs that cannot be and came: the table below is wrong, or something else is.
    #[must_use]
    pub fn unexpected(&self) -> Vec<(State, Met)> {
        self.hits.keys().filter(|(state, met)| impossible(*state, *met).is_some()).copied().collect()
    }

    /// The whole table as text.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = format!("{:<18}", "");
        for state in State::ALL {
            text.push_str(&format!("{:>11}", format!("{state:?}")));
        }
        for met in Met::ALL {
            text.push_str(&format!("\n{:<18}", format!("{met:?}")));
            for state in State::ALL {
                let cell = match (self.count(state, met), impossible(state, met)) {
                    (0, Some(_)) => "-".to_owned(),
                    (count, _) => count.to_string(),
                };
                text.push_str(&format!("{cell:>11}"));
            }
        }
        text
    }
}

/// Events that end a ring or answer it.
const OF_A_RING: [Met; 9] = [
    Met::Answer,
    Met::RingTimeout,
    Met::Decline,
    Met::Busy,
    Met::Unreachable,
    Met::AnsweredElsewhere,
    Met::CallerGone,
    Met::WaitExpired,
    Met::Withdrawn,
];

/// Events that mean something only where she is logged in.
const OF_A_LOGIN: [Met; 7] = [
    Met::SetReady,
    Met::SetNotReady,
    Met::SetWrapUp,
    Met::MoreTime,
    Met::WrapUpEnds,
    Met::DelayEnds,
    Met::GraceEnds,
];

/// Why a pair cannot be; none if it can.
#[must_use]
pub fn impossible(state: State, met: Met) -> Option<&'static str> {
    let is = |states: &[State]| states.contains(&state);
    let on_call = is(&[State::QueueCall, State::OtherCall]);
    let rung = on_call || state == State::Ringing;
    let rules = [
        (
            met == Met::Offer && !rung && state != State::Ready,
            "only an agent who is ready, or has room for one more call, is offered one",
        ),
        (
            OF_A_RING.contains(&met) && !rung,
            "nothing of this queue rings her in this state: an offer ends with what would end the ring",
        ),
        (met == Met::QueueCallEnds && state != State::QueueCall, "she is on no call of this queue"),
        (
            OF_A_LOGIN.contains(&met) && is(&[State::OfflineOut, State::LoggedOut]),
            "she is not logged in here: refused or skipped, and no clock of hers means anything here",
        ),
        (met == Met::DeviceUp && state == State::Ringing, "a phone that rings is registered already"),
        (
            met == Met::SetWrapUp && (rung || state == State::OfflineIn),
            "refused: wrap-up by request is for ready, not ready and wrap-up",
        ),
        (met == Met::MoreTime && !is(&[State::WrapUp, State::OtherCall]), "refused: no wrap-up runs"),
        (
            met == Met::GraceEnds && !is(&[State::OfflineIn, State::WrapUp]),
            "the grace runs only while she is logged in without a phone and without a call",
        ),
        (
            met == Met::WrapUpEnds && !is(&[State::WrapUp, State::OtherCall]),
            "no wrap-up runs: it begins with the end of the last queue call and shows, except in a direct call",
        ),
    ];
    rules.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
}
