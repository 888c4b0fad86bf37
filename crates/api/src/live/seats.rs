//! Who may still open an event socket: so many in all, so many for each login.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::metric;
use crate::problem::{Problem, ProblemKind};

#[derive(Default)]
struct Taken {
    all: usize,
    by_login: HashMap<String, usize>,
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
}

impl Seats {
    pub(crate) fn new(all_max: usize, login_max: usize) -> Self {
        Self { taken: Arc::default(), all_max, login_max }
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
        Ok(Seat { taken: self.taken.clone(), login: login.to_owned() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        metric::sockets(taken.all);
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
}
