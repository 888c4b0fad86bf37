//! Strategies, and penalties, which come before them in Asterisk: who has a lower one is asked first.

/// Our strategy, and the member's field that penalties go into.
pub(super) struct Chosen {
    pub(super) strategy: &'static str,
    pub(super) ranks: Ranks,
    /// What differs.
    pub(super) remark: Option<&'static str>,
}

/// Where penalties go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ranks {
    /// Nowhere: there are none, or the strategy knows none.
    None,
    /// `order`, with the place in the list.
    Order,
    /// `tier`, lower first.
    Tier,
    /// `skill_level`, higher first.
    Skill,
}

/// The strategy of that name. With penalties it is the one of ours that knows ranks.
pub(super) fn strategy(name: &str, penalties: bool) -> Option<Chosen> {
    let chosen = |strategy, ranks, remark| Some(Chosen { strategy, ranks, remark });
    match (name.to_ascii_lowercase().as_str(), penalties) {
        ("ringall", false) => chosen("ring_all", Ranks::None, None),
        ("ringall", true) => chosen(
            "linear_cascade",
            Ranks::Tier,
            Some(
                "with penalties it becomes `linear_cascade`: after each `ring_time` the next tier rings along",
            ),
        ),
        ("leastrecent", false) => chosen("longest_idle", Ranks::None, None),
        ("leastrecent", true) => chosen("tiered_longest_idle", Ranks::Tier, None),
        ("fewestcalls", false) => chosen("least_worked", Ranks::None, FEWEST),
        ("fewestcalls", true) => chosen("skill_least_worked", Ranks::Skill, FEWEST),
        ("rrmemory" | "rrordered" | "roundrobin", false) => chosen("cyclic", Ranks::None, None),
        ("rrmemory" | "rrordered" | "roundrobin", true) => chosen("skill_cyclic", Ranks::Skill, None),
        ("linear", _) => chosen("linear", Ranks::Order, None),
        ("random", false) => chosen("random", Ranks::None, None),
        ("random", true) => {
            chosen("random", Ranks::None, Some("`random` knows no penalties: all have the same chance"))
        }
        ("wrandom", _) => {
            chosen("random", Ranks::None, Some("`wrandom` becomes `random`: all have the same chance"))
        }
        _ => None,
    }
}

const FEWEST: Option<&str> = Some("`fewestcalls` becomes `least_worked`, which counts calls since midnight");

/// The ranks of penalties, from 1 for the lowest one.
pub(super) fn ranks(penalties: &[u32]) -> Vec<usize> {
    let mut sorted: Vec<u32> = penalties.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    penalties.iter().map(|penalty| sorted.binary_search(penalty).map_or(1, |at| at + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_of_penalties() {
        assert_eq!(ranks(&[10, 0, 5, 0]), [3, 1, 2, 1]);
        assert_eq!(ranks(&[]), Vec::<usize>::new());
    }
}
