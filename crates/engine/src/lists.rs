//! Lists of callers: who is refused, who is kept out of the lines, who goes first, who has agents of his own.
//!
//! A number counts as listed with or without its `+`, as trunks send it either way.

use acd::broken;
use std::borrow::Cow;
use std::collections::BTreeMap;

use model::caller_list::is_listed;
use model::{AgentId, BlockLevel, Directory, QueueId, Timestamp};

/// Whether calls from this number are refused without a word.
pub(crate) fn is_blocked(directory: &Directory, number: &str, now: Timestamp) -> bool {
    find(&directory.blacklist, number).is_some_and(|until| is_listed(*until, now))
}

/// How firmly the queues keep this number out, if they do.
pub(crate) fn kept_out(directory: &Directory, number: &str, now: Timestamp) -> Option<BlockLevel> {
    let (level, until) = find(&directory.queue_blacklist, number)?;
    is_listed(*until, now).then_some(*level)
}

/// The priority that this number has in every line; 0 for most.
pub(crate) fn vip_priority(directory: &Directory, number: &str, now: Timestamp) -> u8 {
    find(&directory.vip_numbers, number)
        .filter(|_| !broken!(VipIgnored))
        .filter(|vip| is_listed(vip.until, now))
        .map_or(0, |vip| vip.priority)
}

/// The agents whom this number is led to first in this queue.
pub(crate) fn own_agents(
    directory: &Directory,
    number: &str,
    queue: QueueId,
    now: Timestamp,
) -> Vec<AgentId> {
    if directory.exclusive_numbers.is_empty() || number.is_empty() {
        return Vec::new();
    }
    let of = |number: &str| directory.exclusive_numbers.get(&(number.to_owned(), queue));
    let own = of(number).or_else(|| of(&other(number))).filter(|own| is_listed(own.until, now));
    own.map(|own| own.agents.clone()).unwrap_or_default()
}

/// What a number leads to, as sent or with or without its `+`.
pub(crate) fn find<'a, V>(list: &'a BTreeMap<String, V>, number: &str) -> Option<&'a V> {
    if list.is_empty() || number.is_empty() {
        return None;
    }
    list.get(number).or_else(|| list.get(other(number).as_ref()))
}

/// The same number with its `+` if it has none, else without.
fn other(number: &str) -> Cow<'_, str> {
    number.strip_prefix('+').map_or_else(|| Cow::Owned(format!("+{number}")), Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ExclusiveNumber, Tenant, TenantId, VipNumber};

    fn directory() -> Directory {
        Directory::new(Tenant::new(TenantId(1), "acme.test"))
    }

    #[test]
    fn a_number_is_listed_with_or_without_its_plus_until_its_time_is_over() {
        let mut directory = directory();
        let until = Some(Timestamp::from_secs(10));
        directory.blacklist.insert("4930111".into(), until);
        directory.queue_blacklist.insert("+4930222".into(), (BlockLevel::Warned, None));
        let before = Timestamp::from_secs(9);
        assert!(is_blocked(&directory, "+4930111", before));
        assert!(is_blocked(&directory, "4930111", before));
        assert!(!is_blocked(&directory, "4930111", Timestamp::from_secs(10)));
        assert!(!is_blocked(&directory, "", before));
        assert_eq!(kept_out(&directory, "4930222", before), Some(BlockLevel::Warned));
        assert_eq!(kept_out(&directory, "4930111", before), None);
    }

    #[test]
    fn a_vip_has_his_priority_and_an_exclusive_number_its_agents_until_their_time_is_over() {
        let mut directory = directory();
        let until = Some(Timestamp::from_secs(10));
        directory.vip_numbers.insert("+4930333".into(), VipNumber { priority: 7, until });
        let own = ExclusiveNumber { agents: vec![AgentId(2), AgentId(1)], until };
        directory.exclusive_numbers.insert(("+4930333".into(), QueueId(1)), own);
        let at = Timestamp::from_secs;
        assert_eq!(vip_priority(&directory, "4930333", at(9)), 7);
        assert_eq!(vip_priority(&directory, "4930333", at(10)), 0);
        assert_eq!(own_agents(&directory, "4930333", QueueId(1), at(9)), [AgentId(2), AgentId(1)]);
        assert!(own_agents(&directory, "4930333", QueueId(2), at(9)).is_empty());
        assert!(own_agents(&directory, "4930333", QueueId(1), at(10)).is_empty());
    }
}
