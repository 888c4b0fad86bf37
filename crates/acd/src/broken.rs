//! Rules that a test breaks on purpose, one at a time, to show that the simulated worlds find it out.
//!
//! Only with the feature `broken`; without it [`broken!`](crate::broken) is the constant `false` and nothing here
//! exists. Each name says what goes wrong where it stands.

/// A rule, broken.
#[cfg(feature = "broken")]
#[expect(missing_docs, reason = "each name is the sentence")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    AgeingIgnored,
    AnswerCountedTwice,
    AnswerOfTheDayForgotten,
    CallbackEndsWithTheCall,
    CallbackFallsBehind,
    CallbackIsNotOffered,
    CallbackLeavesWithTheLastAgent,
    CallbackRingsTwo,
    CallbackWithoutEnd,
    DayForgotten,
    DeclinedIsAskedAgain,
    DelayForgotten,
    DndIsOffered,
    EntersForNobody,
    ExpectedWaitIgnored,
    GoneCallerRingsOn,
    GonePhoneIsOffered,
    GraceWithoutEnd,
    HeldForEver,
    HoursForgotten,
    IdleSinceLogin,
    IntroIsNoHold,
    LastCallIsTheMean,
    LiftedIsCutOff,
    LoggedOutRingsOn,
    LoserHasMissed,
    LowestLevelFirst,
    MissCountedTwice,
    NoWrapUp,
    NobodyLeftForgotten,
    NotReadyIsOffered,
    OneCallIsMany,
    OneCallerTooMany,
    OneHopTooMany,
    OneRingTooMany,
    OrderByIgnored,
    OwnAgentsIgnored,
    PendingForgottenInWrapUp,
    PlacesLost,
    PolicyForgotten,
    PriorityIgnored,
    QueueOrderIgnored,
    RecordWrittenTwice,
    RequeuedAtTheTail,
    RevokedOfferIsJoined,
    RingForgotten,
    ShortestIdleFirst,
    SkillsIgnored,
    StillBridged,
    ThresholdOffByOne,
    VipIgnored,
    WaitWithoutEnd,
    WayOutNotCounted,
    WeightIgnored,
    WrapUpEndsEarly,
    WrapUpIsOffered,
}

#[cfg(feature = "broken")]
impl Broken {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::AgeingIgnored,
        Self::AnswerCountedTwice,
        Self::AnswerOfTheDayForgotten,
        Self::CallbackEndsWithTheCall,
        Self::CallbackFallsBehind,
        Self::CallbackIsNotOffered,
        Self::CallbackLeavesWithTheLastAgent,
        Self::CallbackRingsTwo,
        Self::CallbackWithoutEnd,
        Self::DayForgotten,
        Self::DeclinedIsAskedAgain,
        Self::DelayForgotten,
        Self::DndIsOffered,
        Self::EntersForNobody,
        Self::ExpectedWaitIgnored,
        Self::GoneCallerRingsOn,
        Self::GonePhoneIsOffered,
        Self::GraceWithoutEnd,
        Self::HeldForEver,
        Self::HoursForgotten,
        Self::IdleSinceLogin,
        Self::IntroIsNoHold,
        Self::LastCallIsTheMean,
        Self::LiftedIsCutOff,
        Self::LoggedOutRingsOn,
        Self::LoserHasMissed,
        Self::LowestLevelFirst,
        Self::MissCountedTwice,
        Self::NoWrapUp,
        Self::NobodyLeftForgotten,
        Self::NotReadyIsOffered,
        Self::OneCallIsMany,
        Self::OneCallerTooMany,
        Self::OneHopTooMany,
        Self::OneRingTooMany,
        Self::OrderByIgnored,
        Self::OwnAgentsIgnored,
        Self::PendingForgottenInWrapUp,
        Self::PlacesLost,
        Self::PolicyForgotten,
        Self::PriorityIgnored,
        Self::QueueOrderIgnored,
        Self::RecordWrittenTwice,
        Self::RequeuedAtTheTail,
        Self::RevokedOfferIsJoined,
        Self::RingForgotten,
        Self::ShortestIdleFirst,
        Self::SkillsIgnored,
        Self::StillBridged,
        Self::ThresholdOffByOne,
        Self::VipIgnored,
        Self::WaitWithoutEnd,
        Self::WayOutNotCounted,
        Self::WeightIgnored,
        Self::WrapUpEndsEarly,
        Self::WrapUpIsOffered,
    ];
}

#[cfg(feature = "broken")]
thread_local! {
    /// What is broken in the step that runs on this thread.
    static NOW: std::cell::Cell<Option<Broken>> = const { std::cell::Cell::new(None) };
}

/// A step begins in which this is broken.
#[cfg(feature = "broken")]
pub fn begins(broken: Option<Broken>) {
    NOW.set(broken);
}

/// Whether this rule is broken in the step that runs.
#[cfg(feature = "broken")]
#[must_use]
pub fn is(rule: Broken) -> bool {
    NOW.get() == Some(rule)
}

/// Whether a rule is broken on purpose.
#[cfg(feature = "broken")]
#[macro_export]
macro_rules! broken {
    ($rule:ident) => {
        $crate::broken::is($crate::broken::Broken::$rule)
    };
}

/// Whether a rule is broken on purpose: never.
#[cfg(not(feature = "broken"))]
#[macro_export]
macro_rules! broken {
    ($rule:ident) => {
        false
    };
}
