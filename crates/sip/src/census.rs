//! How many connections others hold, in all and by address.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts the connections of all listeners.
#[derive(Debug)]
pub(crate) struct Census {
    total_max: usize,
    per_ip_max: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    total: usize,
    by_ip: BTreeMap<IpAddr, usize>,
}

/// A connection's place; dropping it gives the place back.
#[derive(Debug)]
pub(crate) struct Seat {
    census: Arc<Census>,
    /// None: it is not counted by address.
    ip: Option<IpAddr>,
}

impl Census {
    pub(crate) fn new(total_max: usize, per_ip_max: usize) -> Arc<Self> {
        Arc::new(Self { total_max, per_ip_max, taken: Mutex::default() })
    }

    /// A place for a connection, if there is one; from this address, or from whoever is known by more than that.
    pub(crate) fn sit(self: &Arc<Self>, ip: Option<IpAddr>) -> Option<Seat> {
        // Counting cannot panic half way, so a poisoned lock would still hold true numbers.
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let here = ip.and_then(|ip| taken.by_ip.get(&ip).copied()).unwrap_or(0);
        if taken.total >= self.total_max || here >= self.per_ip_max {
            return None;
        }
        taken.total += 1;
        if let Some(ip) = ip {
            taken.by_ip.insert(ip, here + 1);
        }
        Some(Seat { census: Arc::clone(self), ip })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.census.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.total = taken.total.saturating_sub(1);
        let Some(ip) = self.ip else { return };
        match taken.by_ip.get_mut(&ip) {
            Some(count) if *count > 1 => *count -= 1,
            Some(_) | None => {
                taken.by_ip.remove(&ip);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_given_back_when_its_connection_ends() {
        let census = Census::new(3, 2);
        let (one, two) = (Some(IpAddr::from([192, 0, 2, 1])), Some(IpAddr::from([192, 0, 2, 2])));
        let first = census.sit(one).unwrap();
        let _second = census.sit(one).unwrap();
        assert!(census.sit(one).is_none(), "two from one address");
        let _third = census.sit(two).unwrap();
        assert!(census.sit(two).is_none(), "three in all");
        drop(first);
        assert!(census.sit(one).is_some());
        assert_eq!(census.taken.lock().unwrap().total, 2);
    }

    #[test]
    fn who_is_known_by_more_than_an_address_counts_in_all_only() {
        let census = Census::new(3, 1);
        let proxy = Some(IpAddr::from([127, 0, 0, 1]));
        let _stranger = census.sit(proxy).unwrap();
        assert!(census.sit(proxy).is_none());
        let known = census.sit(None).unwrap();
        let _other = census.sit(None).unwrap();
        assert!(census.sit(None).is_none(), "three in all");
        drop(known);
        assert!(census.sit(None).is_some() && census.sit(proxy).is_none());
    }
}
