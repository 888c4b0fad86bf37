//! Guests: whoever follows an agent's call link speaks for nobody but himself, for one call.
//!
//! He is given a ticket. With it a page opens one socket for SIP at a time, and comes back with it after a lost one
//! while its call lives. What a ticket lets him do is decided at the border of SIP and in the engine: call the one
//! agent. Here is only whether he may come in, and how many of them there are. Tickets are in memory: a server that
//! starts anew has no calls of theirs either.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::request::Parts;
use model::{ExtensionNumber, TenantId, Timestamp};
use switch::Clock;
use tokio::sync::Notify;

use crate::auth::throttle::{Table, network};
use crate::auth::{in_protocols, peer};
use crate::live::socket::own_page;
use crate::problem::{Problem, ProblemKind};
use crate::secret::{Hash, hash, hex, random};
use crate::state::App;

/// The subprotocol by which a page hands over its ticket: `guest.<ticket>`.
const TICKET_PROTOCOL: &str = "guest.";

/// How long a ticket waits for its socket, and how long for the next one after a lost one.
pub(crate) const UNUSED_FOR: Duration = Duration::from_secs(60);
/// How long a ticket lives at most: longer than anybody talks.
const LIFETIME: Duration = Duration::from_secs(12 * 3_600);
/// Sockets that one ticket opens, one after the other.
const SOCKETS_MAX: u32 = 100;

/// Guests at once: in all, of one link, from one address.
const GUESTS_MAX: usize = 1_000;
const GUESTS_PER_LINK_MAX: usize = 20;
const GUESTS_PER_ADDRESS_MAX: usize = 10;

/// What one address may ask for at once, and after how many seconds for one more.
const LOOKS: (f64, f64) = (60.0, 1.0);
const TICKETS: (f64, f64) = (20.0, 6.0);
/// Addresses that are remembered.
const ADDRESSES_MAX: usize = 10_000;

/// Longest name of a guest, characters.
pub(crate) const NAME_MAX: usize = 64;

/// Whom a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Called {
    pub(crate) tenant: TenantId,
    pub(crate) domain: String,
    pub(crate) extension: ExtensionNumber,
}

/// One guest, as long as he may come back.
struct Ticket {
    calls: Called,
    name: String,
    address: u64,
    made_at: Timestamp,
    /// Since when no socket of his is open; none: one is.
    idle_since: Option<Timestamp>,
    sockets: u32,
    /// Whether he has called; for whoever takes his calls to set.
    called: Arc<AtomicBool>,
    /// Tells the socket that is open that another one has taken its place.
    superseded: Arc<Notify>,
}

impl Ticket {
    fn is_good(&self, now: Timestamp) -> bool {
        self.made_at.after(LIFETIME) > now
            && self.sockets < SOCKETS_MAX
            && self.idle_since.is_none_or(|since| since.after(UNUSED_FOR) > now)
    }
}

/// How much an address has asked for lately.
#[derive(Clone, Copy)]
struct Asked {
    count: f64,
    at: Timestamp,
}

struct Inner {
    tickets: HashMap<Hash, Ticket>,
    looks: Table<Asked>,
    made: Table<Asked>,
}

/// All guests.
pub(crate) struct Tickets(Arc<Mutex<Inner>>);

impl Default for Tickets {
    fn default() -> Self {
        let (looks, made) = (Table::new(ADDRESSES_MAX), Table::new(ADDRESSES_MAX));
        Self(Arc::new(Mutex::new(Inner { tickets: HashMap::new(), looks, made })))
    }
}

impl Tickets {
    /// Somebody looks at a link, there or not: nobody tries them all.
    pub(crate) fn look(&self, address: IpAddr, now: Timestamp) -> Result<(), Problem> {
        spend(&mut lock(&self.0).looks, network(address), LOOKS, now)
    }

    /// Lets a guest in; his ticket.
    pub(crate) fn make(
        &self,
        calls: Called,
        name: String,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<String, Problem> {
        let mut inner = lock(&self.0);
        let address = network(address);
        spend(&mut inner.made, address, TICKETS, now)?;
        inner.tickets.retain(|_, ticket| ticket.is_good(now));
        let of = |is: &dyn Fn(&Ticket) -> bool| inner.tickets.values().filter(|ticket| is(ticket)).count();
        if inner.tickets.len() >= GUESTS_MAX
            || of(&|ticket| ticket.calls == calls) >= GUESTS_PER_LINK_MAX
            || of(&|ticket| ticket.address == address) >= GUESTS_PER_ADDRESS_MAX
        {
            let detail = "as many guests call as may at once: in all, by this link, or from this address";
            return Err(Problem::new(ProblemKind::Busy, detail).retry_after(30));
        }
        let text = random();
        let ticket = Ticket {
            calls,
            name,
            address,
            made_at: now,
            idle_since: Some(now),
            sockets: 0,
            called: Arc::default(),
            superseded: Arc::default(),
        };
        inner.tickets.insert(hash(&text), ticket);
        Ok(text)
    }

    /// Whose ticket this is, if it is good.
    fn find(&self, text: &str, clock: Clock) -> Option<Guest> {
        let (key, now) = (hash(text), clock.now());
        let inner = lock(&self.0);
        let ticket = inner.tickets.get(&key).filter(|ticket| ticket.is_good(now))?;
        let (calls, name, called) = (ticket.calls.clone(), ticket.name.clone(), ticket.called.clone());
        Some(Guest { calls, name, called, superseded: Arc::default(), key, tickets: self.0.clone(), clock })
    }
}

/// One more of what an address may ask for.
fn spend(
    table: &mut Table<Asked>,
    address: u64,
    (most, seconds_each): (f64, f64),
    now: Timestamp,
) -> Result<(), Problem> {
    let before = table.get(address).unwrap_or(Asked { count: 0.0, at: now });
    let forgiven = now.since(before.at).as_secs_f64() / seconds_each;
    let count = (before.count - forgiven).max(0.0);
    if count + 1.0 > most {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, and a few seconds"
        )]
        let wait = ((count + 1.0 - most) * seconds_each).ceil().max(1.0) as u64;
        let detail = format!("too many guests from your address; try again in {wait} s");
        return Err(Problem::new(ProblemKind::TooManyRequests, detail).retry_after(wait));
    }
    table.put(address, Asked { count: count + 1.0, at: now });
    Ok(())
}

fn lock(inner: &Mutex<Inner>) -> std::sync::MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a guest is called by in SIP. It says nothing of his ticket, and no two have the same.
pub(crate) fn user(ticket: &str) -> String {
    format!("guest-{}", hex(&hash(&format!("user of {ticket}"))[..6]))
}

/// Lets guests in at the socket of SIP.
#[derive(Clone)]
pub struct Guests(pub(crate) App);

/// A guest who asks for a socket, or has one.
pub struct Guest {
    calls: Called,
    name: String,
    called: Arc<AtomicBool>,
    superseded: Arc<Notify>,
    key: Hash,
    tickets: Arc<Mutex<Inner>>,
    clock: Clock,
}

impl Guests {
    /// The guest whose ticket came with a request, if one did.
    ///
    /// # Errors
    /// What to answer: the ticket is not good, or comes from a page of another server.
    pub fn of_request(&self, parts: &Parts) -> Result<Option<Guest>, Problem> {
        let Some(ticket) = in_protocols(parts, TICKET_PROTOCOL) else { return Ok(None) };
        if !own_page(&parts.headers) {
            return Err(Problem::plain(ProblemKind::OriginRefused));
        }
        let refused = || Problem::new(ProblemKind::Unauthorized, "the ticket is not known, or has ended");
        if let Some(from) = peer(parts) {
            self.0.guests.look(from, self.0.clock.now())?;
        }
        self.0.guests.find(ticket, self.0.clock).map(Some).ok_or_else(refused)
    }
}

impl Guest {
    /// The domain of whom he calls.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.calls.domain
    }

    /// The extension of whom he calls.
    #[must_use]
    pub fn extension(&self) -> &str {
        self.calls.extension.as_str()
    }

    /// What he calls himself; hostile, at most [`NAME_MAX`] characters, maybe empty.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether he has called: good once, over all his sockets.
    #[must_use]
    pub fn called(&self) -> Arc<AtomicBool> {
        self.called.clone()
    }

    /// His socket is open, in place of the one that he may have had.
    pub fn enter(&self) {
        let mut inner = lock(&self.tickets);
        // Whose ticket ended in the same moment has a socket that leads nowhere.
        let Some(ticket) = inner.tickets.get_mut(&self.key) else { return };
        std::mem::replace(&mut ticket.superseded, self.superseded.clone()).notify_one();
        ticket.idle_since = None;
        ticket.sockets += 1;
    }

    /// He has said that he leaves, and does not come back.
    pub fn leave(&self) {
        let mut inner = lock(&self.tickets);
        let is_his = |ticket: &Ticket| Arc::ptr_eq(&ticket.superseded, &self.superseded);
        if inner.tickets.get(&self.key).is_some_and(is_his) {
            inner.tickets.remove(&self.key);
        }
    }

    /// Waits until another socket has taken the place of this one. It may be cancelled.
    pub async fn superseded(&self) {
        self.superseded.notified().await;
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut inner = lock(&self.tickets);
        let Some(ticket) = inner.tickets.get_mut(&self.key) else { return };
        // Another socket may be open by now.
        if Arc::ptr_eq(&ticket.superseded, &self.superseded) {
            ticket.idle_since = Some(self.clock.now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::SEC_WEBSOCKET_PROTOCOL;
    use std::net::Ipv4Addr;

    const NOW: Timestamp = Timestamp::from_secs(1_000);

    fn called(extension: &str) -> Called {
        let extension = ExtensionNumber::parse(extension).unwrap();
        Called { tenant: TenantId(1), domain: "acme.test".into(), extension }
    }

    fn from(host: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(host))
    }

    fn kinds(made: impl Iterator<Item = Result<String, Problem>>) -> Vec<ProblemKind> {
        made.filter_map(|made| made.err().map(|problem| problem.kind)).collect()
    }

    #[test]
    fn guests_are_counted_by_address_by_link_and_in_all() {
        let tickets = Tickets::default();
        let make =
            |host, extension: &str, now| tickets.make(called(extension), String::new(), from(host), now);
        assert_eq!(kinds((0..11).map(|_| make(1, "1001", NOW))), [ProblemKind::Busy]);
        assert_eq!(kinds((0..11).map(|_| make(2, "1001", NOW))), [ProblemKind::Busy]);
        assert_eq!(kinds((0..1).map(|_| make(3, "1001", NOW))), [ProblemKind::Busy], "of this link");
        assert!(make(3, "1002", NOW).is_ok());
        // Nobody came: their places are free again.
        assert!(make(3, "1001", NOW.after(UNUSED_FOR)).is_ok());
        for host in 100..300 {
            let _full =
                (0..10).map(|n| make(host, &(2_000 + host * 10 + n).to_string(), NOW)).collect::<Vec<_>>();
        }
        assert!(lock(&tickets.0).tickets.len() <= GUESTS_MAX);
    }

    #[test]
    fn an_address_waits_for_more_than_its_share_and_others_do_not() {
        let tickets = Tickets::default();
        let looks = |host, now| (0..70).filter(|_| tickets.look(from(host), now).is_ok()).count();
        assert_eq!((looks(1, NOW), looks(2, NOW)), (60, 60));
        assert_eq!(looks(1, NOW.after(Duration::from_secs(5))), 5);
        let make = |now: Timestamp| tickets.make(called("1001"), String::new(), from(7), now);
        let mut now = NOW;
        // Each lets the one before lapse, so that only the share counts.
        let made = (0..30).map(|_| {
            now = now.after(Duration::from_millis(1));
            lock(&tickets.0).tickets.clear();
            make(now)
        });
        assert_eq!(kinds(made), [ProblemKind::TooManyRequests; 10]);
    }

    #[tokio::test]
    async fn a_ticket_opens_one_socket_at_a_time_and_ends_when_none_is_open_for_long() {
        let tickets = Tickets::default();
        let clock = Clock::start();
        let text = tickets.make(called("1001"), "Bob".into(), from(1), clock.now()).unwrap();
        assert!(tickets.find("other", clock).is_none());
        let first = tickets.find(&text, clock).unwrap();
        first.enter();
        assert_eq!((first.domain(), first.extension(), first.name()), ("acme.test", "1001", "Bob"));
        let second = tickets.find(&text, clock).unwrap();
        second.enter();
        tokio::time::timeout(Duration::from_secs(10), first.superseded()).await.unwrap();
        let idle = || lock(&tickets.0).tickets.values().next().unwrap().idle_since;
        drop(first);
        assert_eq!(idle(), None, "the second one is open");
        // Whoever leaves has no place any more, and takes that of no other socket of his.
        let left = tickets.find(&text, clock).unwrap();
        left.enter();
        second.leave();
        assert_eq!(idle(), None);
        drop(second);
        drop(left);
        let since = idle().unwrap();
        let good = |now| lock(&tickets.0).tickets.values().next().unwrap().is_good(now);
        assert!(good(since) && !good(since.after(UNUSED_FOR)));
        let last = tickets.find(&text, clock).unwrap();
        last.enter();
        last.leave();
        assert!(lock(&tickets.0).tickets.is_empty());
    }

    #[test]
    fn a_ticket_is_found_among_the_protocols_and_its_user_says_nothing_of_it() {
        let request = axum::http::Request::builder().header(SEC_WEBSOCKET_PROTOCOL, "sip, guest.abc");
        let parts = request.body(()).unwrap().into_parts().0;
        assert_eq!(in_protocols(&parts, TICKET_PROTOCOL), Some("abc"));
        assert_ne!(user("abc"), user("abd"));
        assert!(!user("abc").contains("abc") && user("abc").len() == 18);
    }
}
