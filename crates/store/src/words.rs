//! The words that the provisioning file, the database and the plan use for the model's enums.

use engine::{Cause, Direction, Exclusion, LegStatus, QueueOutcome};
use model::flow::document::NamePart;
use model::{
    AfterNonAcd, AgentStatus, BlockLevel, Feature, ForwardWhen, OrderBy, Reachable, RingStrategy, RnaAction,
    RnaScope, Strategy, Supervises,
};

use crate::report::due::{Every, ReportSpan, Weekday};
use crate::report::{About, Format, Language};
use crate::statistics::intervals::Length;

/// An enum of the model with one word for each variant.
pub trait Word: Copy + Sized + 'static {
    /// All variants, in the order in which a message lists them.
    const ALL: &'static [Self];

    /// The word.
    fn word(self) -> &'static str;

    /// The variant of a word.
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|variant| variant.word() == word)
    }
}

macro_rules! words {
    ($($ty:ident { $($variant:ident => $word:literal),+ $(,)? })+) => {$(
        impl Word for $ty {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }
    )+};
}

words! {
    Supervises { Domain => "domain", OwnGroups => "own_groups" }
    ForwardWhen { Never => "never", Offline => "offline", Always => "always", NoAnswer => "no_answer" }
    AgentStatus { Invited => "invited", Active => "active", Disabled => "disabled" }
    Strategy {
        LongestIdle => "longest_idle",
        RingAll => "ring_all",
        Linear => "linear",
        Cyclic => "cyclic",
        LeastWorked => "least_worked",
        LinearCascade => "linear_cascade",
        TieredLongestIdle => "tiered_longest_idle",
        Random => "random",
        SkillLinear => "skill_linear",
        SkillCyclic => "skill_cyclic",
        SkillLeastWorked => "skill_least_worked",
    }
    NamePart { Last => "last", First => "first", Both => "both" }
    RingStrategy {
        RingAll => "ring_all",
        Linear => "linear",
        LinearCascade => "linear_cascade",
        Cyclic => "cyclic",
        LongestIdle => "longest_idle",
        Random => "random",
    }
    Reachable { Agents => "agents", Phones => "phones" }
    OrderBy { Entered => "entered", Received => "received" }
    BlockLevel { Warned => "warned", Refused => "refused" }
    AfterNonAcd { Ready => "ready", NotReady => "not_ready", WrapUp => "wrap_up" }
    RnaAction { Stay => "stay", NotReady => "not_ready", Logout => "logout" }
    RnaScope { Queue => "queue", All => "all" }
    Feature {
        Ready => "ready",
        NotReady => "not_ready",
        Login => "login",
        Logout => "logout",
        NightMode => "night_mode",
        Voicemail => "voicemail",
        RecordPrompt => "record_prompt",
        DndOn => "dnd_on",
        DndOff => "dnd_off",
    }
    About { Queues => "queues", Agents => "agents" }
    Format { Csv => "csv", Pdf => "pdf", Both => "both" }
    Language { En => "en", De => "de" }
    ReportSpan { Yesterday => "yesterday", LastWeek => "last_week", LastMonth => "last_month" }
    Length { Quarter => "15m", Half => "30m", Hour => "1h", Day => "1d" }
    Every { Day => "day", Week => "week", Month => "month" }
    Weekday {
        Monday => "monday",
        Tuesday => "tuesday",
        Wednesday => "wednesday",
        Thursday => "thursday",
        Friday => "friday",
        Saturday => "saturday",
        Sunday => "sunday",
    }
    Direction { Inbound => "inbound", Outbound => "outbound", Internal => "internal" }
    LegStatus {
        Ringing => "ringing",
        Answered => "answered",
        NoAnswer => "no_answer",
        Declined => "declined",
        Busy => "busy",
        Failed => "failed",
        Cancelled => "cancelled",
    }
    QueueOutcome {
        Answered => "answered",
        Abandoned => "abandoned",
        OverflowTimeout => "overflow_timeout",
        Exited => "exited",
        CallbackRequested => "callback_requested",
        CallbackDone => "callback_done",
        CallbackFailed => "callback_failed",
        Full => "full",
        NoAgents => "no_agents",
        Removed => "removed",
        QueueGone => "queue_gone",
        Closed => "closed",
        Night => "night",
    }
    Exclusion {
        NotActive => "not_active",
        NoExtension => "no_extension",
        EntryDisabled => "entry_disabled",
        LoggedOut => "logged_out",
        Unreachable => "unreachable",
        Dnd => "dnd",
        OnCall => "on_call",
        Ringing => "ringing",
        WrapUp => "wrap_up",
        NotReady => "not_ready",
        PendingLeave => "pending_leave",
        DeclinedThis => "declined_this",
        RetryDelay => "retry_delay",
        SkillMissing => "skill_missing",
        OtherQueueFirst => "other_queue_first",
    }
    Cause {
        Normal => "normal",
        Busy => "busy",
        Declined => "declined",
        NoAnswer => "no_answer",
        Unreachable => "unreachable",
        NotFound => "not_found",
        Forbidden => "forbidden",
        CallerGone => "caller_gone",
        AnsweredElsewhere => "answered_elsewhere",
        Congestion => "congestion",
        MediaTimeout => "media_timeout",
        SignallingTimeout => "signalling_timeout",
        NoCommonCodec => "no_common_codec",
        Transferred => "transferred",
        Administrative => "administrative",
        QueueRule => "queue_rule",
        Shutdown => "shutdown",
        NodeRestart => "node_restart",
        Blocked => "blocked",
        Internal => "internal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_the_word_that_the_engine_gives_it() {
        for cause in Cause::ALL {
            assert_eq!(cause.word(), cause.as_str());
            assert_eq!(Cause::from_word(cause.as_str()), Some(*cause));
        }
        assert_eq!(Cause::from_word("no_such_cause"), None);
    }
}
