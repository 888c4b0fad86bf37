//! Slows down guessing of passwords, without locking anybody else out and in bounded memory.
//!
//! Failures are counted in three tables of buckets that refill with time: by address and account together, by
//! address, and by account. The last one stops a guesser with many addresses; whoever has logged in to the
//! account from her address before is not held by it, so that nobody can lock her out from elsewhere.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use model::Timestamp;

/// How many failures in a row are free, and after how many seconds one is forgiven.
#[derive(Clone, Copy)]
struct Allowance {
    failures: f64,
    forgiven_every: f64,
}

const PAIR: Allowance = Allowance { failures: 5.0, forgiven_every: 15.0 };
const ADDRESS: Allowance = Allowance { failures: 30.0, forgiven_every: 2.0 };
const ACCOUNT: Allowance = Allowance { failures: 50.0, forgiven_every: 5.0 };

#[derive(Clone, Copy, Default)]
struct Bucket {
    failures: f64,
    counted_at: Timestamp,
}

impl Bucket {
    fn at(self, now: Timestamp, allowance: Allowance) -> Self {
        let forgiven = now.since(self.counted_at).as_secs_f64() / allowance.forgiven_every;
        Self { failures: (self.failures - forgiven).max(0.0), counted_at: now }
    }
}

/// A table that forgets what was not touched for longest when it is full: two generations, each half of it.
pub(crate) struct Table<V> {
    young: HashMap<u64, V>,
    old: HashMap<u64, V>,
    half: usize,
}

impl<V: Copy> Table<V> {
    pub(crate) fn new(entries_max: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), half: (entries_max / 2).max(1) }
    }

    pub(crate) fn get(&self, key: u64) -> Option<V> {
        self.young.get(&key).or_else(|| self.old.get(&key)).copied()
    }

    pub(crate) fn put(&mut self, key: u64, value: V) {
        if self.young.len() >= self.half && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }

    fn remove(&mut self, key: u64) {
        self.young.remove(&key);
        self.old.remove(&key);
    }
}

struct Tables {
    pairs: Table<Bucket>,
    addresses: Table<Bucket>,
    accounts: Table<Bucket>,
    known: Table<()>,
}

/// Counts failed logins.
pub struct Throttle(Mutex<Tables>);

/// One attempt to log in: from where, to which account.
#[derive(Clone, Copy)]
pub struct Attempt {
    pair: u64,
    address: u64,
    account: u64,
}

impl Attempt {
    /// An attempt.
    #[must_use]
    pub fn new(address: IpAddr, email: &str) -> Self {
        let email = email.trim().to_lowercase();
        let network = network(address);
        Self { pair: key(&(network, &email)), address: key(&network), account: key(&email) }
    }
}

/// What counts as one address. Of an IPv6 address the first 64 bits do: that is one subscriber.
pub(crate) fn network(address: IpAddr) -> u64 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        IpAddr::V6(v6) => u64::try_from(v6.to_bits() >> 64).unwrap_or_default(),
    }
}

fn key(of: &impl Hash) -> u64 {
    // A collision makes two accounts share an allowance, no more.
    let mut hasher = std::hash::DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

impl Throttle {
    /// A throttle whose tables have at most so many entries each.
    #[must_use]
    pub fn new(entries_max: usize) -> Self {
        Self(Mutex::new(Tables {
            pairs: Table::new(entries_max),
            addresses: Table::new(entries_max),
            accounts: Table::new(entries_max),
            known: Table::new(entries_max),
        }))
    }

    /// Whether the attempt may go on; if not, after how many seconds it may.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn check(&self, attempt: Attempt, now: Timestamp) -> Result<(), u64> {
        let tables = self.lock();
        let mut asked =
            vec![(tables.pairs.get(attempt.pair), PAIR), (tables.addresses.get(attempt.address), ADDRESS)];
        if tables.known.get(attempt.pair).is_none() {
            asked.push((tables.accounts.get(attempt.account), ACCOUNT));
        }
        let wait = asked
            .into_iter()
            .filter_map(|(bucket, allowance)| {
                let over = bucket?.at(now, allowance).failures + 1.0 - allowance.failures;
                (over > 0.0).then_some(over * allowance.forgiven_every)
            })
            .fold(0.0_f64, f64::max);
        if wait <= 0.0 {
            return Ok(());
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, and at most the allowance times its seconds"
        )]
        Err(wait.ceil() as u64)
    }

    /// It was wrong.
    pub fn failed(&self, attempt: Attempt, now: Timestamp) {
        let tables = &mut *self.lock();
        for (table, key, allowance) in [
            (&mut tables.pairs, attempt.pair, PAIR),
            (&mut tables.addresses, attempt.address, ADDRESS),
            (&mut tables.accounts, attempt.account, ACCOUNT),
        ] {
            let mut bucket = table.get(key).unwrap_or_default().at(now, allowance);
            bucket.failures += 1.0;
            table.put(key, bucket);
        }
    }

    /// It was right.
    pub fn succeeded(&self, attempt: Attempt) {
        let tables = &mut *self.lock();
        tables.pairs.remove(attempt.pair);
        tables.known.put(attempt.pair, ());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn from(host: u32, email: &str) -> Attempt {
        Attempt::new(IpAddr::V4(Ipv4Addr::from_bits(host)), email)
    }

    const NOW: Timestamp = Timestamp::from_secs(1_000);

    #[test]
    fn five_failures_are_free_and_time_forgives() {
        let throttle = Throttle::new(100);
        let guesser = from(1, "ann@acme.test");
        for _ in 0..5 {
            assert_eq!(throttle.check(guesser, NOW), Ok(()));
            throttle.failed(guesser, NOW);
        }
        assert_eq!(throttle.check(guesser, NOW), Err(15));
        assert_eq!(throttle.check(guesser, Timestamp::from_secs(1_015)), Ok(()));
    }

    #[test]
    fn a_guesser_with_many_addresses_is_stopped_and_the_owner_of_the_account_is_not() {
        let throttle = Throttle::new(1_000);
        let ann = from(1, "ann@acme.test");
        throttle.succeeded(ann);
        for host in 100..150 {
            throttle.failed(from(host, "ann@acme.test"), NOW);
        }
        assert!(throttle.check(from(999, "ANN@acme.test "), NOW).is_err());
        assert_eq!(throttle.check(ann, NOW), Ok(()));
        assert_eq!(throttle.check(from(999, "bob@acme.test"), NOW), Ok(()));
    }

    #[test]
    fn one_address_cannot_try_many_accounts() {
        let throttle = Throttle::new(1_000);
        for account in 0..30 {
            throttle.failed(from(7, &format!("{account}@acme.test")), NOW);
        }
        assert!(throttle.check(from(7, "new@acme.test"), NOW).is_err());
        assert_eq!(throttle.check(from(8, "new@acme.test"), NOW), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::new(10);
        for host in 0..1_000 {
            throttle.failed(from(host, &host.to_string()), NOW);
        }
        let tables = throttle.lock();
        assert!(tables.pairs.young.len() + tables.pairs.old.len() <= 10);
        assert!(tables.accounts.young.len() + tables.accounts.old.len() <= 10);
    }
}
