//! Log-ins that are made and not yet with their page: a browser comes back from elsewhere by an address, and a token
//! must not stand in one. A code stands there in its place, is good once, for a minute, and in the browser that began:
//! whoever is led to an address with somebody else's code is not logged in as him.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use model::Timestamp;

use crate::secret::{Hash, hash, random};
use crate::storage::{Identity, NewToken};

/// How long a code is good.
const LIFETIME: Duration = Duration::from_secs(60);
/// Most that wait; the oldest goes when another comes.
const WAITING_MAX: usize = 1_000;

/// A log-in that was made.
pub(crate) type Made = (Identity, NewToken);

struct Waiting {
    hash: Hash,
    browser: Hash,
    until: Timestamp,
    made: Made,
}

/// Those that wait.
#[derive(Default)]
pub(crate) struct Handovers(Mutex<VecDeque<Waiting>>);

impl Handovers {
    /// Keeps a log-in; the code that it is handed over for, to who has the browser's own secret.
    pub(crate) fn put(&self, made: Made, browser: &str, now: Timestamp) -> String {
        let code = random();
        let waiting = Waiting { hash: hash(&code), browser: hash(browser), until: now.after(LIFETIME), made };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|waiting| waiting.until > now);
        if all.len() >= WAITING_MAX {
            all.pop_front();
        }
        all.push_back(waiting);
        code
    }

    /// The log-in of a code, once.
    pub(crate) fn take(&self, code: &str, browser: &str, now: Timestamp) -> Option<Made> {
        let (code, browser) = (hash(code), hash(browser));
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |one: &Waiting| one.hash == code && one.browser == browser && one.until > now;
        let at = all.iter().position(is_it)?;
        all.remove(at).map(|waiting| waiting.made)
    }
}

#[cfg(test)]
mod tests {
    use model::{Role, TenantId};

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_000);

    fn made(name: &str) -> Made {
        let (domain, role) = ("acme.test".into(), Role::Agent);
        let (tenant, rights, name) = (TenantId(1), role.rights(), name.to_owned());
        let identity = Identity {
            tenant,
            domain,
            agent: None,
            key: None,
            role,
            rights,
            supervises: None,
            name,
            factor_due: false,
        };
        (identity, NewToken { token: "token".into(), expires_at: NOW })
    }

    #[test]
    fn a_log_in_is_handed_over_once_and_soon() {
        let handovers = Handovers::default();
        let code = handovers.put(made("ann"), "hers", NOW);
        assert!(
            handovers.take("", "hers", NOW).is_none() && handovers.take(&random(), "hers", NOW).is_none()
        );
        assert!(handovers.take(&code, "his", NOW).is_none(), "it was led to him");
        assert_eq!(handovers.take(&code, "hers", NOW).unwrap().0.name, "ann");
        assert!(handovers.take(&code, "hers", NOW).is_none());
        let late = handovers.put(made("bob"), "his", NOW);
        assert!(handovers.take(&late, "his", NOW.after(LIFETIME)).is_none());
    }

    #[test]
    fn only_so_many_wait() {
        let handovers = Handovers::default();
        let codes: Vec<_> = (0..=WAITING_MAX).map(|_| handovers.put(made("ann"), "hers", NOW)).collect();
        assert!(
            handovers.take(&codes[0], "hers", NOW).is_none()
                && handovers.take(&codes[1], "hers", NOW).is_some()
        );
    }
}
