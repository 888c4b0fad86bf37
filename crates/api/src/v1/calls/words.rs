//! A routing decision in words, for people who want to know why.

use engine::{Decision, Exclusion, QueueOutcome};
use model::{AgentId, Strategy};

use crate::v1::names::Names;

/// Most agents named for one reason; the rest are counted.
const NAMED_MAX: usize = 5;

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
        Exclusion::OtherQueueFirst => "serving another queue first",
    }
}

/// A whole decision.
pub(crate) fn decision(decision: &Decision, names: Names<'_>) -> String {
    let mut text = outcome(decision, names);
    if !decision.excluded.is_empty() {
        let groups = decision
            .excluded
            .iter()
            .map(|(exclusion, agents)| format!("{} {}", named(agents, names), reason_in_words(*exclusion)));
        text.push_str(" Not considered: ");
        text.push_str(&groups.collect::<Vec<_>>().join("; "));
        text.push('.');
    }
    text
}

fn outcome(decision: &Decision, names: Names<'_>) -> String {
    if let Some(left) = decision.left {
        return leaves(left, decision.position);
    }
    let others = decision.candidates.len();
    match decision.winners.as_slice() {
        [] if others == 0 => format!("Nobody could take it; it waits at place {}.", decision.position),
        [] => format!("Offered to nobody this time; it waits at place {}.", decision.position),
        [winner] => {
            let winner_name = names.agent_in_words(*winner);
            match because(decision, *winner) {
                Some(because) => format!("Offered to {winner_name}: {because}."),
                None => format!("Offered to {winner_name}."),
            }
        }
        winners => format!("Offered to {} at once: {}.", winners.len(), named(winners, names)),
    }
}

/// By which rule it leaves the line, or was not let in.
fn leaves(rule: QueueOutcome, position: u32) -> String {
    match rule {
        QueueOutcome::NoAgents => {
            "Nobody is logged in with a phone that can be reached: it does not wait.".into()
        }
        QueueOutcome::Full => "The line is full: it is not let in.".into(),
        QueueOutcome::OverflowTimeout => {
            format!("It has waited for as long as it may, and leaves the line from place {position}.")
        }
        QueueOutcome::QueueGone => "The queue is no longer there.".into(),
        QueueOutcome::Answered | QueueOutcome::Abandoned | QueueOutcome::Removed => {
            format!("It leaves the line from place {position}.")
        }
    }
}

/// What put her first.
fn because(decision: &Decision, winner: AgentId) -> Option<String> {
    if decision.candidates.len() == 1 {
        return Some("the only one who could take it".to_owned());
    }
    let candidate = decision.candidates.iter().find(|candidate| candidate.agent == winner)?;
    let among = decision.candidates.len();
    match decision.strategy {
        Strategy::LongestIdle => {
            let idle = decision.at.since(candidate.idle_since).as_secs();
            Some(format!("without a call for {idle} s, the longest of {among}"))
        }
        Strategy::Linear => Some(format!("first of {among} in the queue's order ({})", candidate.order)),
        Strategy::RingAll => Some(format!("everybody is rung, {among} at most")),
        Strategy::Cyclic
        | Strategy::LeastWorked
        | Strategy::LinearCascade
        | Strategy::TieredLongestIdle
        | Strategy::Random
        | Strategy::SkillLinear
        | Strategy::SkillCyclic
        | Strategy::SkillLeastWorked => Some(format!("first of {among}")),
    }
}

fn named(agents: &[AgentId], names: Names<'_>) -> String {
    let mut text =
        agents.iter().take(NAMED_MAX).map(|id| names.agent_in_words(*id)).collect::<Vec<_>>().join(", ");
    if agents.len() > NAMED_MAX {
        text.push_str(&format!(" and {} more", agents.len() - NAMED_MAX));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::Candidate;
    use model::{CallId, Directory, QueueId, Tenant, TenantId, Timestamp};

    fn two_of_three(winners: &[u64], strategy: Strategy) -> String {
        let tenant = Tenant {
            id: TenantId(1),
            name: "a".into(),
            timezone: "UTC".into(),
            zone: model::Zone::default(),
            max_hops: 10,
        };
        let directory = Directory::new(tenant);
        let candidate = |agent, idle_since, order| Candidate {
            agent: AgentId(agent),
            idle_since: Timestamp::from_secs(idle_since),
            order,
        };
        let made = Decision {
            at: Timestamp::from_secs(100),
            call: CallId(1),
            queue: QueueId(1),
            strategy,
            position: 2,
            candidates: vec![candidate(1, 66, 3), candidate(2, 90, 5)],
            excluded: vec![(Exclusion::NotReady, vec![AgentId(3)])],
            winners: winners.iter().map(|id| AgentId(*id)).collect(),
            left: None,
        };
        decision(&made, Names(&directory))
    }

    #[test]
    fn a_decision_to_send_a_call_on_says_by_which_rule() {
        assert!(leaves(QueueOutcome::Full, 3).starts_with("The line is full"));
        assert!(leaves(QueueOutcome::NoAgents, 1).starts_with("Nobody is logged in"));
        assert!(leaves(QueueOutcome::OverflowTimeout, 2).ends_with("from place 2."));
    }

    /// A reason covers several facts: a second agent of ring-all is rung for this same call, a phone may be
    /// registered and dead, a delay may follow a busy phone as well as a missed ring.
    #[test]
    fn an_exclusion_in_words_says_no_more_than_is_known() {
        assert_eq!(reason_in_words(Exclusion::Ringing), "being rung already");
        assert_eq!(reason_in_words(Exclusion::Unreachable), "without a phone that can be reached");
        assert!(reason_in_words(Exclusion::RetryDelay).contains("a missed call or a busy phone"));
    }

    #[test]
    fn a_decision_says_who_why_and_who_not() {
        assert_eq!(
            two_of_three(&[1], Strategy::LongestIdle),
            "Offered to a former agent (#1): without a call for 34 s, the longest of 2. \
             Not considered: a former agent (#3) not ready."
        );
        assert!(two_of_three(&[1], Strategy::Linear).contains("first of 2 in the queue's order (3)"));
        assert!(two_of_three(&[1, 2], Strategy::RingAll).starts_with("Offered to 2 at once: "));
        assert!(two_of_three(&[], Strategy::Linear).starts_with("Offered to nobody"));
    }
}
