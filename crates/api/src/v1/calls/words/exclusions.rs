//! Why an agent was no candidate: in a word for programs, in words for people.

use engine::Exclusion;

/// The word for an exclusion.
#[must_use]
pub fn reason(exclusion: Exclusion) -> &'static str {
    match exclusion {
        Exclusion::NotActive => "not_active",
        Exclusion::NoExtension => "no_extension",
        Exclusion::EntryDisabled => "entry_disabled",
        Exclusion::LoggedOut => "logged_out",
        Exclusion::Unreachable => "unreachable",
        Exclusion::Dnd => "dnd",
        Exclusion::OnCall => "on_call",
        Exclusion::Ringing => "ringing",
        Exclusion::WrapUp => "wrap_up",
        Exclusion::NotReady => "not_ready",
        Exclusion::PendingLeave => "pending_leave",
        Exclusion::DeclinedThis => "declined_this",
        Exclusion::RetryDelay => "retry_delay",
        Exclusion::SkillMissing => "skill_missing",
        Exclusion::OtherQueueFirst => "other_queue_first",
    }
}

/// An exclusion, to be read after a name.
#[must_use]
pub fn reason_in_words(exclusion: Exclusion) -> &'static str {
    match exclusion {
        Exclusion::NotActive => "invited or disabled",
        Exclusion::NoExtension => "without an extension",
        Exclusion::EntryDisabled => "switched off in this queue",
        Exclusion::LoggedOut => "logged out",
        Exclusion::Unreachable => "without a phone that can be reached",
        Exclusion::Dnd => "not to be disturbed",
        Exclusion::OnCall => "on a call",
        Exclusion::Ringing => "being rung already",
        Exclusion::WrapUp => "in wrap-up",
        Exclusion::NotReady => "not ready",
        Exclusion::PendingLeave => "leaving after the present call",
        Exclusion::DeclinedThis => "declined this call before",
        Exclusion::RetryDelay => "let alone for a while after a missed call or a busy phone",
        Exclusion::SkillMissing => "without a skill that the call asks for",
        Exclusion::OtherQueueFirst => "serving another queue first",
    }
}

/// An exclusion of a moment ago, to be read after "she was".
pub(crate) fn was(exclusion: Exclusion) -> &'static str {
    match exclusion {
        Exclusion::DeclinedThis => "not asked again, for she had declined it",
        Exclusion::NotActive
        | Exclusion::NoExtension
        | Exclusion::EntryDisabled
        | Exclusion::LoggedOut
        | Exclusion::Unreachable
        | Exclusion::Dnd
        | Exclusion::OnCall
        | Exclusion::Ringing
        | Exclusion::WrapUp
        | Exclusion::NotReady
        | Exclusion::PendingLeave
        | Exclusion::RetryDelay
        | Exclusion::SkillMissing
        | Exclusion::OtherQueueFirst => reason_in_words(exclusion),
    }
}
