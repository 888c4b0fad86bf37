//! Via: the way an answer goes back (RFC 3261 section 18.2, RFC 3581).

use std::fmt;
use std::net::SocketAddr;

use super::params::Params;
use super::raw::RawVia;
use super::uri::host_ip;

/// How a branch begins that was made by an RFC 3261 element.
pub const MAGIC_COOKIE: &str = "z9hG4bK";

/// One Via.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// Transport token as written: `UDP`, `WSS`, anything.
    pub transport: String,
    /// Host of sent-by as written.
    pub host: String,
    /// Port of sent-by, if written.
    pub port: Option<u16>,
    /// `branch`, `rport`, `received` and others.
    pub params: Params,
}

impl Via {
    /// Reads one Via. `None` if it is malformed.
    pub fn parse(bytes: &[u8]) -> Option<Via> {
        RawVia::read(bytes)?.to_via()
    }

    /// The branch, if there is one.
    pub fn branch(&self) -> Option<&str> {
        self.params.get("branch").filter(|branch| !branch.is_empty())
    }

    /// The branch if an RFC 3261 element made it: then it names the transaction.
    pub fn magic_branch(&self) -> Option<&str> {
        let head = |branch: &&str| {
            branch.get(..MAGIC_COOKIE.len()).is_some_and(|head| head.eq_ignore_ascii_case(MAGIC_COOKIE))
        };
        self.branch().filter(head).filter(|branch| branch.len() > MAGIC_COOKIE.len())
    }

    /// Writes down where the request really came from: `received` if it is not what sent-by says
    /// or the peer asked by `rport`, and the port if it asked (RFC 3581 section 4).
    pub fn stamp(&mut self, source: SocketAddr) {
        let asked = self.params.has("rport");
        if asked {
            self.params.set("rport", &source.port().to_string());
        }
        if asked || host_ip(&self.host) != Some(source.ip()) {
            self.params.set("received", &source.ip().to_string());
        }
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in ["SIP/2.0/", &self.transport, " ", &self.host] {
            f.write_str(part)?;
        }
        if let Some(port) = self.port {
            f.write_str(":")?;
            port.fmt(f)?;
        }
        self.params.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_via_may_have_space_in_odd_places() {
        let via = Via::parse(b"SIP  / 2.0  / TCP     spindle.example.com : 5070  ; branch  =   z9hG4bK9ikj8")
            .unwrap();
        assert_eq!(via.transport, "TCP");
        assert_eq!((via.host.as_str(), via.port), ("spindle.example.com", Some(5070)));
        assert_eq!(via.magic_branch(), Some("z9hG4bK9ikj8"));
    }

    #[test]
    fn a_stamped_via_says_where_the_request_came_from() {
        let mut via = Via::parse(b"SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa;rport").unwrap();
        via.stamp("192.0.2.7:1024".parse().unwrap());
        assert_eq!(
            via.to_string(),
            "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa;rport=1024;received=192.0.2.7"
        );
    }
}
