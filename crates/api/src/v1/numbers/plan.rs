//! Where a caller goes, as it is shown.

use engine::NumberRule;
use model::{ExtensionNumber, FallbackAction};
use serde::Serialize;
use utoipa::ToSchema;

/// Where a caller goes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanItem {
    /// What kind of place.
    to: PlanWord,
    /// Its number; null for the last, and for the mailbox that a queue or an extension has of its own.
    #[schema(example = "8000")]
    number: Option<String>,
    /// The prompt that is played, for the last two.
    #[schema(example = "goodbye")]
    message: Option<String>,
}

/// What kind of place a caller goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlanWord {
    /// Into a queue.
    Queue,
    /// To the phones of an extension.
    Extension,
    /// Into a flow.
    Flow,
    /// To a ring group.
    RingGroup,
    /// To a number outside.
    External,
    /// To a mailbox.
    Voicemail,
    /// Nowhere: the call ends.
    Hangup,
}

/// Which rule of a number holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RuleWord {
    /// It is open.
    Open,
    /// It is out of its hours.
    Closed,
    /// It is on a holiday.
    Holiday,
    /// The domain is in night mode.
    Night,
}

impl From<&FallbackAction> for PlanItem {
    fn from(action: &FallbackAction) -> Self {
        let (to, number, message) = match action {
            FallbackAction::Queue(number) => (PlanWord::Queue, Some(number.as_str()), None),
            FallbackAction::Extension(number) => (PlanWord::Extension, Some(number.as_str()), None),
            FallbackAction::Flow(number) => (PlanWord::Flow, Some(number.as_str()), None),
            FallbackAction::RingGroup(number) => (PlanWord::RingGroup, Some(number.as_str()), None),
            FallbackAction::External(number) => (PlanWord::External, Some(number.as_str()), None),
            FallbackAction::Voicemail { mailbox, message } => {
                (PlanWord::Voicemail, mailbox.as_ref().map(ExtensionNumber::as_str), message.clone())
            }
            FallbackAction::Hangup { message } => (PlanWord::Hangup, None, message.clone()),
        };
        Self { to, number: number.map(str::to_owned), message }
    }
}

impl From<NumberRule> for RuleWord {
    fn from(rule: NumberRule) -> Self {
        match rule {
            NumberRule::Open => Self::Open,
            NumberRule::Closed => Self::Closed,
            NumberRule::Holiday => Self::Holiday,
            NumberRule::Night => Self::Night,
        }
    }
}
