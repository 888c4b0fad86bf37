//! Phones that read only the first challenge.
//!
//! A phone that cannot do the first algorithm offered and does not read on comes back again and again without
//! credentials. The second time, the other order is tried, and remembered: such a phone works without anybody
//! touching `sip.digest`. Nothing is given away: both algorithms are on offer in any order.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;

/// A phone, as far as it can be told from others before it has proved anything.
type Phone = (IpAddr, String);

/// Phones remembered; the oldest goes first.
const PHONES_MAX: usize = 10_000;
/// Requests without credentials in a row, after a challenge, that make a phone suspect.
const SILENT_MAX: u8 = 2;

/// Who came back without credentials, and how often.
#[derive(Debug, Default)]
pub(crate) struct FirstOnly {
    silent: BTreeMap<Phone, u8>,
    oldest: VecDeque<Phone>,
}

impl FirstOnly {
    /// A request without credentials; true if this phone should see the other order.
    pub(crate) fn came_without(&mut self, source: IpAddr, user: &str) -> bool {
        let phone = (source, user.to_owned());
        if let Some(count) = self.silent.get_mut(&phone) {
            *count = count.saturating_add(1).min(SILENT_MAX);
            return *count >= SILENT_MAX;
        }
        if self.oldest.len() >= PHONES_MAX
            && let Some(gone) = self.oldest.pop_front()
        {
            self.silent.remove(&gone);
        }
        self.oldest.push_back(phone.clone());
        self.silent.insert(phone, 1);
        false
    }

    /// It has proved itself. One that needed the other order is remembered.
    pub(crate) fn proved(&mut self, source: IpAddr, user: &str) {
        if let Some(count) = self.silent.get_mut(&(source, user.to_owned()))
            && *count < SILENT_MAX
        {
            *count = 0;
        }
    }

    /// Whether this phone needs the other order.
    pub(crate) fn needs_other(&self, source: IpAddr, user: &str) -> bool {
        self.silent.get(&(source, user.to_owned())).is_some_and(|count| *count >= SILENT_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn a_phone_that_comes_back_without_credentials_sees_the_other_order_from_then_on() {
        let mut phones = FirstOnly::default();
        assert!(!phones.came_without(HERE, "1001"));
        assert!(phones.came_without(HERE, "1001"));
        phones.proved(HERE, "1001");
        assert!(phones.needs_other(HERE, "1001"), "its nonce will run out one day");
    }

    #[test]
    fn a_phone_that_proves_itself_each_time_never_does() {
        let mut phones = FirstOnly::default();
        for _ in 0..10 {
            assert!(!phones.came_without(HERE, "1001"));
            phones.proved(HERE, "1001");
        }
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut phones = FirstOnly::default();
        for user in 0..PHONES_MAX + 50 {
            phones.came_without(HERE, &user.to_string());
        }
        assert_eq!((phones.silent.len(), phones.oldest.len()), (PHONES_MAX, PHONES_MAX));
    }
}
