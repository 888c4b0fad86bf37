//! Skills: what a caller's agent must know, and how far that may be given up while he waits.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// One thing the agent must know, and how well.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SkillNeed {
    /// The skill's name.
    pub skill: String,
    /// The least level, 1–255.
    pub level: u8,
    /// After how many seconds of waiting the level falls by one step, and again after as many; 0: never.
    pub relax_after: u32,
    /// How far it falls each time; at level 0 the skill is no longer asked for.
    pub relax_by: u8,
}

impl SkillNeed {
    /// The level asked for after `waited`.
    #[must_use]
    pub fn level_after(&self, waited: Duration) -> u8 {
        if self.relax_after == 0 {
            return self.level;
        }
        let steps = waited.as_secs() / u64::from(self.relax_after);
        let fallen = steps.saturating_mul(u64::from(self.relax_by));
        self.level.saturating_sub(u8::try_from(fallen).unwrap_or(u8::MAX))
    }

    /// Whether somebody with `skills` will do after `waited`.
    #[must_use]
    pub fn is_met(&self, skills: &BTreeMap<String, u8>, waited: Duration) -> bool {
        let asked = self.level_after(waited);
        asked == 0 || skills.get(&self.skill).is_some_and(|level| *level >= asked)
    }

    /// After what wait the level next falls, seen from `waited`; none if it never does.
    #[must_use]
    pub fn next_relaxation(&self, waited: Duration) -> Option<Duration> {
        if self.relax_after == 0 || self.relax_by == 0 || self.level_after(waited) == 0 {
            return None;
        }
        let step = u64::from(self.relax_after);
        Some(Duration::from_secs((waited.as_secs() / step + 1).saturating_mul(step)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_falls_step_by_step_and_then_is_none() {
        let need = SkillNeed { skill: "french".into(), level: 5, relax_after: 30, relax_by: 2 };
        let at = |seconds| need.level_after(Duration::from_secs(seconds));
        assert_eq!([at(0), at(29), at(30), at(60), at(90), at(900)], [5, 5, 3, 1, 0, 0]);
        assert_eq!(need.next_relaxation(Duration::from_secs(31)), Some(Duration::from_secs(60)));
        assert_eq!(need.next_relaxation(Duration::from_secs(90)), None);
        let ann = BTreeMap::from([("french".to_owned(), 3)]);
        assert!(!need.is_met(&ann, Duration::from_secs(29)));
        assert!(need.is_met(&ann, Duration::from_secs(30)));
        assert!(need.is_met(&BTreeMap::new(), Duration::from_secs(90)));
    }

    #[test]
    fn a_need_without_relaxation_stays() {
        let need = SkillNeed { skill: "french".into(), level: 5, relax_after: 0, relax_by: 2 };
        assert_eq!(need.level_after(Duration::from_secs(1_000_000)), 5);
        assert_eq!(need.next_relaxation(Duration::ZERO), None);
    }
}
