//! A routing decision in words, for people who want to know why.

mod exclusions;

use engine::{Decision, Exclusion, LookedAt, QueueOutcome};
use model::{AgentId, Strategy, Timestamp};

pub(crate) use self::exclusions::was;
pub use self::exclusions::{reason, reason_in_words};
use crate::v1::names::Names;

/// Most agents named for one reason; the rest are counted.
const NAMED_MAX: usize = 5;
/// A whole decision.
pub(crate) fn decision(decision: &Decision, names: Names<'_>) -> String {
    let mut text = outcome(decision, names);
    if !decision.needs.is_empty() {
        let needs = decision.needs.iter().map(|(skill, level)| format!("{skill} {level}"));
        text.push_str(&format!(" It asks for {}.", needs.collect::<Vec<_>>().join(", ")));
    }
    let groups = excluded(decision)
        .into_iter()
        .map(|(why, agents, count)| format!("{} {}", some_named(agents, count, names), reason_in_words(why)));
    let groups = groups.collect::<Vec<_>>().join("; ");
    if !groups.is_empty() {
        text.push_str(&format!(" Not considered: {groups}."));
    }
    text
}

/// Who could not have the call, by reason: those who are named, and how many they are in all. Of a large queue
/// most are only counted.
pub(crate) fn excluded(decision: &Decision) -> Vec<(Exclusion, &[AgentId], usize)> {
    let named = |why: Exclusion| {
        let group = decision.excluded.iter().find(|(named, _)| *named == why);
        group.map_or(&[][..], |(_, agents)| agents.as_slice())
    };
    let counted = decision.excluded_counts.iter();
    let mut all: Vec<_> = counted
        .map(|(why, count)| {
            let agents = named(why);
            (why, agents, usize::try_from(count).unwrap_or(usize::MAX).max(agents.len()))
        })
        .collect();
    let uncounted =
        decision.excluded.iter().filter(|(why, _)| !all.iter().any(|(counted, _, _)| counted == why));
    let uncounted: Vec<_> = uncounted.map(|(why, agents)| (*why, agents.as_slice(), agents.len())).collect();
    all.extend(uncounted);
    all
}

/// How many could have had the call.
pub(crate) fn candidate_count(decision: &Decision) -> usize {
    usize::try_from(decision.candidate_count).unwrap_or(usize::MAX).max(decision.candidates.len())
}

fn outcome(decision: &Decision, names: Names<'_>) -> String {
    if let Some(left) = decision.left {
        return leaves(left, decision.position);
    }
    if let Some(agent) = decision.picked_up {
        let (name, position) = (names.agent_in_words(agent), decision.position);
        return format!("Picked up by {name} from place {position}: chosen, not routed.");
    }
    let others = candidate_count(decision);
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
        winners if winners.len() < others => {
            format!("Offered to {} of {others} at once: {}.", winners.len(), named(winners, names))
        }
        winners => format!("Offered to {} at once: {}.", winners.len(), named(winners, names)),
    }
}

/// Why a queue does not let a call in.
pub(crate) fn turned_away(rule: QueueOutcome) -> String {
    leaves(rule, 1)
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
        QueueOutcome::Closed => "The queue is closed: it is not let in.".into(),
        QueueOutcome::Night => "The queue is in night mode: it is not let in.".into(),
        QueueOutcome::Exited => "The caller pressed the key that leads out of the line.".into(),
        QueueOutcome::Answered
        | QueueOutcome::Abandoned
        | QueueOutcome::Removed
        | QueueOutcome::CallbackRequested
        | QueueOutcome::CallbackDone
        | QueueOutcome::CallbackFailed => {
            format!("It leaves the line from place {position}.")
        }
    }
}

/// What put her first.
fn because(decision: &Decision, winner: AgentId) -> Option<String> {
    if candidate_count(decision) == 1 {
        return Some("the only one who could take it".to_owned());
    }
    let candidate = decision.candidates.iter().find(|candidate| candidate.agent == winner)?;
    let among = candidate_count(decision);
    if candidate.preferred {
        return Some("this caller's own agent, or the one who served him last, is tried first".to_owned());
    }
    let idle = decision.at.since(candidate.idle_since).as_secs();
    let order = candidate.order;
    let level = |level| format!("skill level {level}, the highest of {among}");
    Some(match candidate.looked_at {
        LookedAt::Idle => match decision.strategy {
            Strategy::LongestIdle => format!("without a call for {idle} s, the longest of {among}"),
            Strategy::Linear => format!("first of {among} in the queue's order ({order})"),
            Strategy::RingAll => format!("everybody is rung, {among} at most"),
            // A record of an earlier version, which did not keep what the order looked at.
            Strategy::Cyclic
            | Strategy::LeastWorked
            | Strategy::LinearCascade
            | Strategy::TieredLongestIdle
            | Strategy::Random
            | Strategy::SkillLinear
            | Strategy::SkillCyclic
            | Strategy::SkillLeastWorked => format!("first of {among}"),
        },
        LookedAt::Order => format!("first of {among} in the queue's order ({order})"),
        LookedAt::LastRung(at) => format!("{}, the longest of {among}", last_rung(decision, at)),
        LookedAt::Answered(count) => format!("{}, the fewest of {among}", answered(count)),
        LookedAt::Tier(tier) if decision.strategy == Strategy::TieredLongestIdle => {
            format!(
                "tier {tier} is the first with somebody free, and she is without a call for {idle} s, the longest there"
            )
        }
        LookedAt::Tier(tier) => format!("of tier {tier}, which is rung by now"),
        LookedAt::Chance => format!("drawn from {among}"),
        LookedAt::Level(of) => format!("{}, and first there in the queue's order ({order})", level(of)),
        LookedAt::LevelLastRung(of, at) => {
            format!("{}, and {}, the longest there", level(of), last_rung(decision, at))
        }
        LookedAt::LevelAnswered(of, count) => {
            format!("{}, and {}, the fewest there", level(of), answered(count))
        }
    })
}

fn last_rung(decision: &Decision, at: Option<Timestamp>) -> String {
    at.map_or_else(
        || "not rung by this queue so far".to_owned(),
        |at| format!("not rung by this queue for {} s", decision.at.since(at).as_secs()),
    )
}

fn answered(count: u32) -> String {
    match count {
        0 => "no call of this queue answered since midnight".to_owned(),
        1 => "1 call of this queue answered since midnight".to_owned(),
        count => format!("{count} calls of this queue answered since midnight"),
    }
}

/// Those of `count` agents who are known by name.
fn some_named(agents: &[AgentId], count: usize, names: Names<'_>) -> String {
    match (agents.len(), count) {
        (0, 1) => "1 agent".to_owned(),
        (0, count) => format!("{count} agents"),
        (known, count) if known.min(NAMED_MAX) < count => {
            let shown: Vec<_> = agents.iter().take(NAMED_MAX).map(|id| names.agent_in_words(*id)).collect();
            format!("{} and {} more", shown.join(", "), count - shown.len())
        }
        (_, _) => named(agents, names),
    }
}

pub(crate) fn named(agents: &[AgentId], names: Names<'_>) -> String {
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
        told(winners, strategy, LookedAt::Idle, |_| {})
    }

    /// A decision among two, of whom the order has looked at the same, after `change`.
    fn told(
        winners: &[u64],
        strategy: Strategy,
        looked_at: LookedAt,
        change: impl FnOnce(&mut Decision),
    ) -> String {
        let tenant = Tenant::new(TenantId(1), "a");
        let directory = Directory::new(tenant);
        let candidate = |agent, idle_since, order| Candidate {
            agent: AgentId(agent),
            idle_since: Timestamp::from_secs(idle_since),
            order,
            looked_at,
            preferred: false,
        };
        let mut made = Decision {
            at: Timestamp::from_secs(100),
            call: CallId(1),
            queue: QueueId(1),
            strategy,
            position: 2,
            needs: Vec::new(),
            candidate_count: 2,
            excluded_counts: [(Exclusion::NotReady, 1)].into_iter().collect(),
            candidates: vec![candidate(1, 66, 3), candidate(2, 90, 5)].into(),
            excluded: vec![(Exclusion::NotReady, vec![AgentId(3)])],
            winners: winners.iter().map(|id| AgentId(*id)).collect(),
            picked_up: None,
            left: None,
        };
        change(&mut made);
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

    #[test]
    fn every_strategy_says_what_it_looked_at() {
        let rung = Some(Timestamp::from_secs(40));
        for (strategy, looked_at, because) in [
            (Strategy::Cyclic, LookedAt::LastRung(rung), "not rung by this queue for 60 s, the longest of 2"),
            (Strategy::Cyclic, LookedAt::LastRung(None), "not rung by this queue so far, the longest of 2"),
            (
                Strategy::LeastWorked,
                LookedAt::Answered(3),
                "3 calls of this queue answered since midnight, the fewest of 2",
            ),
            (Strategy::LinearCascade, LookedAt::Tier(2), "of tier 2, which is rung by now"),
            (
                Strategy::TieredLongestIdle,
                LookedAt::Tier(2),
                "tier 2 is the first with somebody free, and she is without a call for 34 s, the longest there",
            ),
            (Strategy::Random, LookedAt::Chance, "drawn from 2"),
            (
                Strategy::SkillLinear,
                LookedAt::Level(5),
                "skill level 5, the highest of 2, and first there in the queue's order (3)",
            ),
            (
                Strategy::SkillCyclic,
                LookedAt::LevelLastRung(5, rung),
                "skill level 5, the highest of 2, and not rung by this queue for 60 s, the longest there",
            ),
            (
                Strategy::SkillLeastWorked,
                LookedAt::LevelAnswered(5, 1),
                "skill level 5, the highest of 2, and 1 call of this queue answered since midnight, the fewest there",
            ),
        ] {
            let text = told(&[1], strategy, looked_at, |_| {});
            assert_eq!(text.split(": ").nth(1), Some(format!("{because}. Not considered").as_str()));
        }
        let preferred = |decision: &mut Decision| decision.candidates[0].preferred = true;
        assert!(told(&[1], Strategy::Random, LookedAt::Chance, preferred).contains("who served him last"));
    }

    #[test]
    fn of_a_large_queue_the_many_are_counted_and_the_few_are_named() {
        let many = |decision: &mut Decision| {
            decision.candidate_count = 900;
            decision.needs = vec![("french".into(), 3)];
            decision.excluded = vec![(Exclusion::DeclinedThis, vec![AgentId(3)])];
            let counts =
                [(Exclusion::LoggedOut, 4_000), (Exclusion::DeclinedThis, 1), (Exclusion::SkillMissing, 1)];
            decision.excluded_counts = counts.into_iter().collect();
        };
        assert_eq!(
            told(&[1], Strategy::LongestIdle, LookedAt::Idle, many),
            "Offered to a former agent (#1): without a call for 34 s, the longest of 900. It asks for french 3. \
             Not considered: 4000 agents logged out; a former agent (#3) declined this call before; \
             1 agent without a skill that the call asks for."
        );
        let some = |decision: &mut Decision| {
            decision.excluded_counts = [(Exclusion::NotReady, 7)].into_iter().collect();
        };
        let text = told(&[1, 2], Strategy::RingAll, LookedAt::Idle, some);
        assert!(text.ends_with("a former agent (#3) and 6 more not ready."), "{text}");
        let growing = |decision: &mut Decision| decision.candidate_count = 9;
        assert!(
            told(&[1, 2], Strategy::RingAll, LookedAt::Idle, growing)
                .starts_with("Offered to 2 of 9 at once: ")
        );
    }
}
