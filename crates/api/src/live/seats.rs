//! Who may still open an event socket: so many in all, so many for each login, so many for each domain.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use model::{Counted, DomainLimits, TenantId};

use crate::metric;
use crate::problem::{Problem, ProblemKind};

#[derive(Default)]
struct Taken {
    all: usize,
    by_login: HashMap<String, usize>,
    by_domain: HashMap<TenantId, usize>,
}

/// Counts open sockets.
pub(crate) struct Seats {
    taken: Arc<Mutex<Taken>>,
    all_max: usize,
    login_max: usize,
}

/// One open socket; dropping it gives the seat back.
pub(crate) struct Seat {
    taken: Arc<Mutex<Taken>>,
    login: String,
    domain: Option<TenantId>,
}

impl Seats {
    pub(crate) fn new(all_max: usize, login_max: usize) -> Self {
        Self { taken: Arc::default(), all_max, login_max }
    }

    /// Takes a seat for `login` in a domain with these limits.
    pub(crate) fn take_in(
        &self,
        login: &str,
        (domain, limits): (TenantId, &DomainLimits),
    ) -> Result<Seat, Problem> {
        let mut seat = self.take(login)?;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let open = taken.by_domain.entry(domain).or_default();
        if !limits.has_room(Counted::Sockets, *open) {
            let detail = format!("the domain has {open} open, as many as it may");
            return Err(Problem::new(ProblemKind::TooManySockets, detail).retry_after(10));
        }
        *open += 1;
        drop(taken);
        seat.domain = Some(domain);
        Ok(seat)
    }

    /// Takes a seat for `login`.
    pub(crate) fn take(&self, login: &str) -> Result<Seat, Problem> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all >= self.all_max {
            let detail = format!("{} event sockets are open, the most there may be", self.all_max);
            return Err(Problem::new(ProblemKind::Busy, detail).retry_after(10));
        }
        let of_login = taken.by_login.get(login).copied().unwrap_or_default();
        if of_login >= self.login_max {
            let detail = format!("this login has {of_login} open");
            return Err(Problem::new(ProblemKind::TooManySockets, detail).retry_after(10));
        }
        taken.by_login.insert(login.to_owned(), of_login + 1);
        taken.all += 1;
        metric::sockets(taken.all);
        Ok(Seat { taken: self.taken.clone(), login: login.to_owned(), domain: None })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        metric::sockets(taken.all);
        if let Some(of_domain) = self.domain.and_then(|domain| taken.by_domain.get_mut(&domain)) {
            *of_domain = of_domain.saturating_sub(1);
        }
        if let Some(of_login) = taken.by_login.get_mut(&self.login) {
            *of_login -= 1;
            if *of_login == 0 {
                taken.by_login.remove(&self.login);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_bounded_for_all_and_for_each_and_come_back() {
        let seats = Seats::new(3, 2);
        let (one, _two) = (seats.take("a"), seats.take("a"));
        assert_eq!(seats.take("a").map_err(|p| p.kind).err(), Some(ProblemKind::TooManySockets));
        let _three = seats.take("b");
        assert_eq!(seats.take("c").map_err(|p| p.kind).err(), Some(ProblemKind::Busy));
        drop(one);
        assert!(seats.take("a").is_ok());
        assert_eq!(seats.taken.lock().unwrap().by_login.len(), 2);
    }

    #[test]
    fn a_domain_has_no_more_than_it_may_whoever_asks() {
        let seats = Seats::new(9, 9);
        let two = DomainLimits::default().with(Counted::Sockets, Some(2));
        let take = |login, domain| seats.take_in(login, (TenantId(domain), &two)).map_err(|p| p.detail);
        let (one, _two) = (take("a", 1), take("b", 1));
        assert_eq!(take("c", 1).err().as_deref(), Some("the domain has 2 open, as many as it may"));
        assert!(take("a", 2).is_ok(), "another domain has its own");
        drop(one);
        assert!(take("c", 1).is_ok());
        // A refusal has given the seat back.
        assert_eq!(seats.taken.lock().unwrap().all, 1);
    }
}
