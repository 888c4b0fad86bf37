//! Registrations: where the devices of an address can be reached now (RFC 3261 section 10.3).
//!
//! [`Bindings`] is the registrar's table. It takes a REGISTER whose sender has been proved, does
//! what it says whole or not at all, and answers with every binding that holds. A device is
//! remembered with the flow it registered on (RFC 5626 in spirit): behind a NAT, and on any
//! connection, that flow is the only way back to it, and when the connection is gone, so is the
//! device.
//!
//! The table never walks itself: bindings are found by address, by flow and by time.

mod bindings;
mod heartbeat;
mod request;

use std::net::SocketAddr;

pub use bindings::Bindings;
pub use heartbeat::{Due, HeartbeatLimits, Heartbeats};
pub use request::Reject;

use crate::flow::Destination;
use crate::message::{Headers, Name, Uri};
use crate::{Flow, Moment, Transport};

/// Limits of a registrar; durations in seconds, as on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterLimits {
    /// Shorter wishes are refused with 423.
    pub expires_min: u32,
    /// Longer wishes are cut to this.
    pub expires_max: u32,
    /// For a device that states no wish.
    pub expires_default: u32,
    /// Bindings of one address. A new one pushes out the one that would expire first: a phone that
    /// comes up on a new port each time must not be locked out by what it left behind.
    pub contacts_max: usize,
    /// Bindings of all addresses.
    pub bindings_max: usize,
}

impl Default for RegisterLimits {
    /// 60 s to an hour, an hour by default, ten devices an address, 200 000 in all.
    fn default() -> Self {
        Self {
            expires_min: 60,
            expires_max: 3600,
            expires_default: 3600,
            contacts_max: 10,
            bindings_max: 200_000,
        }
    }
}

/// One device of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Never used twice in one table.
    pub id: u64,
    /// The address in its Contact, as it came; the Request-URI of requests to it.
    pub contact: Uri,
    /// `+sip.instance`, without quotes.
    pub instance: Option<String>,
    /// `reg-id`: several flows of one device (RFC 5626).
    pub reg_id: Option<u32>,
    /// Preference in thousandths, 1000 when not stated.
    pub q: u16,
    /// When it ends unless it is refreshed.
    pub expires_at: Moment,
    /// The flow of its last REGISTER.
    pub flow: Flow,
    /// Its connection stands, and nobody answers on it: no requests are sent to it.
    pub silent: bool,
    /// True when the Contact cannot be trusted to be reachable from here.
    pub behind_nat: bool,
    /// Path values in order (RFC 3327): the Route of requests to it.
    pub path: Vec<String>,
    /// What it calls itself.
    pub user_agent: Option<String>,
    pub(super) call_id: Vec<u8>,
    pub(super) cseq: u32,
}

impl Binding {
    /// Where a request to the device goes. A connection is always reached by itself; over UDP the Contact is
    /// used only when nothing stood between the device and us.
    #[must_use]
    pub fn destination(&self) -> Destination {
        if self.flow.transport.is_reliable() || self.behind_nat || !self.path.is_empty() {
            return Destination::Flow(self.flow);
        }
        match self.contact.host_ip() {
            Some(ip) => {
                let tcp = self.contact.params.get("transport").is_some_and(|t| t.eq_ignore_ascii_case("tcp"));
                let transport = if tcp { Transport::Tcp } else { Transport::Udp };
                let remote = SocketAddr::new(ip, self.contact.port_or_default());
                Destination::Address { transport, remote }
            }
            None => Destination::Flow(self.flow),
        }
    }

    /// Where the device takes connections, if that is another place than the one it registered from: its
    /// Contact, when nothing stands between (RFC 3261 18.1.1). It may outlive the connection of its REGISTER.
    #[must_use]
    pub fn listens_at(&self) -> Option<SocketAddr> {
        let direct = self.flow.transport == Transport::Tcp && !self.behind_nat && self.path.is_empty();
        let home = SocketAddr::new(self.contact.host_ip()?, self.contact.port_or_default());
        let source = self.flow.remote;
        let same_host = home.ip().to_canonical() == source.ip().to_canonical();
        (direct && same_host && home.port() != source.port()).then_some(home)
    }
}

/// What a REGISTER did to its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// The address had no device and has one now.
    Registered,
    /// It had devices and has devices.
    Refreshed,
    /// It had a device and has none now.
    Unregistered,
    /// A question, or the removal of what was not there.
    Unchanged,
}

/// The answer to a REGISTER that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterOutcome {
    /// Contact values of the 200, all bindings that hold, each with its `expires`.
    pub contacts: Vec<String>,
    /// What changed for the address.
    pub became: Became,
    /// The request came with Path, which the 200 must repeat (RFC 3327 5.3).
    pub path: Vec<String>,
}

impl RegisterOutcome {
    /// Adds Contact and Path to the headers of the 200.
    pub fn write(&self, headers: &mut Headers) {
        for contact in &self.contacts {
            headers.push(Name::Contact, contact);
        }
        for path in &self.path {
            headers.push(Name::Path, path);
        }
    }
}

/// Why a device cannot be reached any more without being asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostBy {
    /// It was not refreshed in time.
    Expired,
    /// Its connection closed.
    FlowClosed,
    /// Nobody answers on its connection.
    Silent,
}

/// A device that cannot be reached any more, without having asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindingLost {
    /// The address of record.
    pub aor: String,
    /// The device.
    pub contact: Uri,
    /// Why.
    pub by: LostBy,
    /// Devices that can be reached still; zero means the address is unregistered now.
    pub left: usize,
}
