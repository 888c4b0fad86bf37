//! Who served a caller last in each queue: he is led to her again if she is free (PS "last-called-agent").

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::Duration;

use model::{AgentId, Directory, Pii, QueueId, Timestamp};

/// Fewest digits of a number that names one caller: a shorter one may be a whole company's, or nobody's.
const DIGITS_MIN: usize = 5;
/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

type Key = (Pii<String>, QueueId);

/// The last agent by caller and queue. Bounded: over the limit the oldest is forgotten.
#[derive(Debug, Default)]
pub(crate) struct Sticky {
    last: BTreeMap<Key, (AgentId, Timestamp)>,
    by_age: BTreeSet<(Timestamp, Key)>,
}

impl Sticky {
    /// Takes note that this agent served him now.
    pub(crate) fn remember(
        &mut self,
        number: &Pii<String>,
        queue: QueueId,
        agent: AgentId,
        now: Timestamp,
        max: usize,
    ) {
        if !names_one_caller(number.reveal()) {
            return;
        }
        let key = (number.clone(), queue);
        if let Some((_, at)) = self.last.insert(key.clone(), (agent, now)) {
            self.by_age.remove(&(at, key.clone()));
        }
        self.by_age.insert((now, key));
        while self.last.len() > max {
            let Some((_, oldest)) = self.by_age.pop_first() else { return };
            self.last.remove(&oldest);
        }
    }

    /// Who served him last, if that was within so many days.
    pub(crate) fn agent(
        &self,
        number: &Pii<String>,
        queue: QueueId,
        days: u16,
        now: Timestamp,
    ) -> Option<AgentId> {
        if days == 0 || self.last.is_empty() {
            return None;
        }
        let (agent, at) = self.last.get(&(number.clone(), queue))?;
        (now.since(*at) <= Duration::from_secs(u64::from(days) * DAY)).then_some(*agent)
    }

    /// Everything that is remembered: caller, queue, agent and when.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Pii<String>, QueueId, AgentId, Timestamp)> {
        self.last.iter().map(|((number, queue), (agent, at))| (number, *queue, *agent, *at))
    }

    /// Forgets queues and agents that are not provisioned any more.
    pub(crate) fn configure(&mut self, directory: &Directory) {
        let last = &mut self.last;
        last.retain(|(_, queue), (agent, _)| {
            directory.queues.contains_key(queue) && directory.agents.contains_key(agent)
        });
        self.by_age.retain(|(_, key)| last.contains_key(key));
    }
}

/// Saved without the order, which follows from the rest: a snapshot holds many of these.
impl BorshSerialize for Sticky {
    fn serialize<W: io::Write>(&self, to: &mut W) -> io::Result<()> {
        self.last.serialize(to)
    }
}

impl BorshDeserialize for Sticky {
    fn deserialize_reader<R: io::Read>(from: &mut R) -> io::Result<Self> {
        let last = BTreeMap::<Key, (AgentId, Timestamp)>::deserialize_reader(from)?;
        let by_age = last.iter().map(|(key, (_, at))| (*at, key.clone())).collect();
        Ok(Self { last, by_age })
    }
}

fn names_one_caller(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or(number);
    digits.len() >= DIGITS_MIN && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Pii<String> {
        Pii(text.to_owned())
    }

    #[test]
    fn the_last_agent_is_known_for_the_days_of_the_queue_and_for_its_number_only() {
        let (queue, cal, ann, bob) = (QueueId(1), number("+4930555"), AgentId(1), AgentId(2));
        let mut sticky = Sticky::default();
        sticky.remember(&cal, queue, ann, Timestamp::from_secs(1), 10);
        sticky.remember(&cal, queue, bob, Timestamp::from_secs(2), 10);
        let day = i64::try_from(DAY).unwrap();
        assert_eq!(sticky.agent(&cal, queue, 1, Timestamp::from_secs(2 + day)), Some(bob));
        assert_eq!(sticky.agent(&cal, queue, 1, Timestamp::from_secs(3 + day)), None);
        assert_eq!(sticky.agent(&cal, queue, 0, Timestamp::from_secs(2)), None);
        assert_eq!(sticky.agent(&cal, QueueId(2), 1, Timestamp::from_secs(2)), None);
        assert_eq!(sticky.agent(&number("4930555"), queue, 1, Timestamp::from_secs(2)), None);
    }

    #[test]
    fn nobody_is_remembered_by_no_number_a_name_or_a_short_number() {
        let mut sticky = Sticky::default();
        for text in ["", "anonymous", "1001", "+1234", "12a456"] {
            sticky.remember(&number(text), QueueId(1), AgentId(1), Timestamp::ZERO, 10);
        }
        assert_eq!((sticky.last.len(), sticky.by_age.len()), (0, 0));
    }

    #[test]
    fn over_the_limit_the_oldest_is_forgotten() {
        let mut sticky = Sticky::default();
        for (second, text) in (0..).zip(["11111", "22222", "33333", "11111", "44444"]) {
            sticky.remember(&number(text), QueueId(1), AgentId(1), Timestamp::from_secs(second), 3);
        }
        let known = |text| sticky.agent(&number(text), QueueId(1), 30, Timestamp::from_secs(9)).is_some();
        assert_eq!(["11111", "22222", "33333", "44444"].map(known), [true, false, true, true]);
        assert_eq!(sticky.last.len(), sticky.by_age.len());
    }
}
