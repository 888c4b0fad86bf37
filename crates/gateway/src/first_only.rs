//! Phones that stumble over a challenge they do not know.
//!
//! RFC 8760 lets a server offer several algorithms, and a phone pass over those it cannot do. Some phones read
//! only the first; some give up as soon as one of them is new to them. Those known by name get MD5 alone; any
//! other that comes back again and again without credentials gets it the second time, and is remembered: such
//! a phone works without anybody touching `sip.digest`. Nothing is given away: MD5 is on offer anyway, and where
//! the settings do not offer it, nobody gets it.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;

/// A phone, as far as it can be told from others before it has proved anything.
type Phone = (IpAddr, String);

/// What phones that give up at an algorithm they do not know call themselves (checked with baresip 1.0.0).
const STUMBLERS: [&str; 2] = ["baresip v0.", "baresip v1.0"];

/// Whether a phone is known to give up at a challenge by SHA-256, whatever else is offered.
pub(crate) fn is_known(user_agent: &[u8]) -> bool {
    STUMBLERS.iter().any(|name| {
        user_agent.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    })
}

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
    /// A request without credentials; true if this phone should be offered MD5 alone.
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

    /// It has proved itself. One that needed MD5 alone is remembered.
    pub(crate) fn proved(&mut self, source: IpAddr, user: &str) {
        if let Some(count) = self.silent.get_mut(&(source, user.to_owned()))
            && *count < SILENT_MAX
        {
            *count = 0;
        }
    }

    /// Whether this phone needs MD5 alone.
    pub(crate) fn needs_md5(&self, source: IpAddr, user: &str) -> bool {
        self.silent.get(&(source, user.to_owned())).is_some_and(|count| *count >= SILENT_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn a_phone_that_comes_back_without_credentials_is_offered_md5_alone_from_then_on() {
        let mut phones = FirstOnly::default();
        assert!(!phones.came_without(HERE, "1001"));
        assert!(phones.came_without(HERE, "1001"));
        phones.proved(HERE, "1001");
        assert!(phones.needs_md5(HERE, "1001"), "its nonce will run out one day");
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
    fn a_phone_known_by_name_is_told_by_how_it_begins() {
        assert!(is_known(b"baresip v1.0.0 (x86_64/linux)"));
        assert!(!is_known(b"baresip v3.1.0 (x86_64/linux)"));
        assert!(!is_known(b"Yealink SIP-T46S 66.84.0.15"));
        assert!(!is_known(b"bare"));
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
