//! The border: who a request is from, decided before any state is made for it.
//!
//! Every method must be authenticated, unless it comes from a trunk's address. A phone may share a trunk's
//! address (a gateway box, a test machine): a request whose From names one of our extensions at one of our
//! own addresses, or that carries credentials, is a phone's and must prove itself.
//!
//! A flow may carry an identity: a WebSocket that was opened with a log-in of the web. A request on it that is from
//! this extension needs no further proof; any other is asked as on any flow. One that was opened with a guest's ticket
//! makes his one call and nothing else, whatever its requests say that they are from. A trunk never comes by WebSocket,
//! where the address may be that of a proxy on this machine which lets in everybody.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::{ExtensionNumber, TenantId, TrunkId};
use sip::{AssertedIdentity, Once};
use sip_proto::agent::{Guard, Verdict};
use sip_proto::auth::flood::{FloodGate, FloodLimits};
use sip_proto::auth::{Algorithm, Authenticator, DigestConfig, Refusal};
use sip_proto::{Flow, Headers, Message, Method, Moment, Name, NameAddr, Transport};

use crate::accounts::{Account, Domains};
use crate::first_only::{self, FirstOnly};

/// Who a request is from, proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// A trunk's address.
    Trunk(TenantId, TrunkId),
    /// A phone that knows its secret.
    Phone(TenantId, ExtensionNumber),
    /// Somebody who may call this extension, and what he calls himself.
    Guest(TenantId, ExtensionNumber, String),
}

/// Who the peer of a flow is, as whoever opened it has said.
enum Vouched {
    Phone(TenantId, ExtensionNumber),
    /// Whom he may call, what he calls himself, and whether he may.
    Guest {
        calls: (TenantId, ExtensionNumber),
        name: String,
        call: Once,
    },
}

/// Decides who may come in.
pub(crate) struct Border {
    pub(crate) domains: Domains,
    authenticators: BTreeMap<TenantId, Authenticator>,
    digest: Vec<Algorithm>,
    nonce_secret: [u8; 32],
    own_ports: Vec<u16>,
    /// Sources that keep failing: beyond this they get no answer for a while.
    failures: FloodGate,
    /// Phones that read only the first challenge.
    first_only: FirstOnly,
    admitted: Option<Identity>,
    /// Whose flows with an identity are. One for each connection that has one.
    asserted: BTreeMap<Flow, Vouched>,
}

/// Failed proofs one source may make: a burst, then so many a second. A phone with a wrong password stays
/// far below; a guessing machine does not.
const FAILURES: FloodLimits = FloodLimits { burst: 100, per_second: 10, sources_max: 65_536 };

impl Border {
    pub(crate) fn new(digest: Vec<Algorithm>, nonce_secret: [u8; 32], own_ports: Vec<u16>) -> Self {
        Self {
            domains: Domains::default(),
            authenticators: BTreeMap::new(),
            digest,
            nonce_secret,
            own_ports,
            failures: FloodGate::new(FAILURES),
            first_only: FirstOnly::default(),
            admitted: None,
            asserted: BTreeMap::new(),
        }
    }

    /// Whoever opened a flow vouches for its peer.
    pub(crate) fn assert(&mut self, flow: Flow, identity: &AssertedIdentity) {
        let known = |domain: &str, user: &str| {
            Some((self.domains.named(domain)?, ExtensionNumber::parse(user).ok()?))
        };
        let vouched = match identity {
            AssertedIdentity::Phone { domain, user } => {
                known(domain, user).map(|(tenant, extension)| Vouched::Phone(tenant, extension))
            }
            AssertedIdentity::Guest { domain, calls, name, call } => known(domain, calls)
                .map(|calls| Vouched::Guest { calls, name: name.clone(), call: call.clone() }),
        };
        if let Some(vouched) = vouched {
            self.asserted.insert(flow, vouched);
        }
    }

    /// A flow is gone.
    pub(crate) fn forget(&mut self, flow: Flow) {
        self.asserted.remove(&flow);
    }

    /// Takes over a domain's provisioning and its phones' secrets.
    pub(crate) fn set(&mut self, directory: std::sync::Arc<model::Directory>, accounts: Vec<Account>) {
        let tenant = directory.tenant.id;
        let realm = directory.tenant.name.clone();
        let known = self.authenticators.get(&tenant).is_some_and(|a| a.realm() == realm);
        if !known {
            let config = DigestConfig { algorithms: self.digest.clone(), ..DigestConfig::new(&realm) };
            let authenticator = Authenticator::new(config, &self.nonce_secret, tenant.0);
            self.authenticators.insert(tenant, authenticator);
        }
        self.domains.set(directory, accounts);
    }

    /// Who the request just admitted is from; taken once.
    pub(crate) fn take_admitted(&mut self) -> Option<Identity> {
        self.admitted.take()
    }

    /// Used digest nonces remembered, for a gauge.
    pub(crate) fn used_nonces(&self) -> usize {
        self.authenticators.values().map(Authenticator::used_nonces).sum()
    }

    /// Whether the sender says it is one of our phones, at one of our own addresses.
    fn claims_to_be_ours(&self, request: &Message, flow: &Flow) -> bool {
        if request.headers.get(Name::Authorization).is_some() {
            return true;
        }
        let Some(from) = request.from() else { return false };
        let Some(user) = from.uri.user.as_deref() else { return false };
        let Some(domain) = self.domains.of_host(&from.uri.host) else { return false };
        if !domain.secrets.contains_key(user) {
            return false;
        }
        if self.domains.is_name(&from.uri.host) {
            return true;
        }
        // The phone wrote our address as its domain; a trunk on the same host writes its own port.
        let port = from.uri.port.unwrap_or(5060);
        let ours =
            from.uri.host_ip().is_some_and(|ip| ip == flow.local.ip() || flow.local.ip().is_unspecified());
        ours && self.own_ports.contains(&port)
    }

    fn trunk(&self, request: &Message, flow: &Flow) -> Option<Identity> {
        let by_web = flow.transport == Transport::Ws;
        if by_web || request.method() == Some(&Method::Register) || self.claims_to_be_ours(request, flow) {
            return None;
        }
        let dialed = request.request_uri().map(sip_proto::Uri::user_text).unwrap_or_default();
        let (tenant, trunk) = self.domains.trunk_of(flow.remote.ip(), &dialed)?;
        Some(Identity::Trunk(tenant, trunk))
    }

    /// The phone of a flow with an identity, if the request is from it.
    fn vouched_for(&self, request: &Message, flow: &Flow) -> Option<Identity> {
        let Vouched::Phone(tenant, extension) = self.asserted.get(flow)? else { return None };
        let claimed = claimed(request)?;
        let domain = self.domains.of_host(&claimed.uri.host)?;
        let is_hers = domain.tenant() == *tenant && claimed.uri.user_text() == extension.as_str();
        let is_there = domain.directory.extensions.contains_key(extension);
        (is_hers && is_there).then(|| Identity::Phone(*tenant, extension.clone()))
    }

    /// What a guest may do: begin a call, once, and what belongs to one that he has. None: the flow is no guest's.
    fn guest(&self, request: &Message, flow: &Flow) -> Option<Result<Identity, Verdict>> {
        let Vouched::Guest { calls, name, call } = self.asserted.get(flow)? else { return None };
        let within = request.to().is_some_and(|to| to.tag().is_some());
        let may = match request.method() {
            // Within a call, maybe from another network than before; in none it is answered as such.
            Some(Method::Invite | Method::Info | Method::Update | Method::Prack) if within => true,
            Some(Method::Ack | Method::Bye | Method::Cancel) => true,
            Some(Method::Invite) => call.take(),
            Some(_) | None => false,
        };
        Some(if may {
            Ok(Identity::Guest(calls.0, calls.1.clone(), name.clone()))
        } else {
            Err(refuse(403, "A guest makes one call, and nothing else"))
        })
    }

    fn phone(&mut self, request: &Message, flow: &Flow, now: Moment) -> Result<Identity, Verdict> {
        let (method, uri) = match (request.method(), request.request_uri()) {
            (Some(method), Some(uri)) => (method, uri),
            _ => return Err(Verdict::Drop),
        };
        let Some(claimed) = claimed(request) else { return Err(refuse(400, "Missing From or To")) };
        let source = flow.remote.ip();
        let Some(domain) = self.domains.of_host(&claimed.uri.host) else {
            return Err(refuse(503, "No domain yet"));
        };
        let tenant = domain.tenant();
        let Some(authenticator) = self.authenticators.get_mut(&tenant) else {
            return Err(refuse(503, "No domain yet"));
        };
        let values: Vec<&[u8]> = request.headers.all(Name::Authorization).collect();
        let secrets = &domain.secrets;
        let find = |user: &str| secrets.get(user).copied();
        let verified = authenticator.verify(method.as_str(), &uri.to_string(), &values, &find, source, now);
        match verified {
            Ok(user) => {
                self.first_only.proved(source, &user.0);
                if claimed.uri.user_text() != user.0 {
                    return Err(refuse(403, "Not your address"));
                }
                let extension = ExtensionNumber::parse(&user.0).map_err(|_| refuse(403, "No extension"))?;
                Ok(Identity::Phone(tenant, extension))
            }
            Err(refusal) => {
                let agent = request.headers.get(Name::UserAgent).unwrap_or_default();
                let phone = (source, claimed.uri.user_text(), first_only::is_known(agent));
                Err(self.challenge(tenant, refusal, &phone, now))
            }
        }
    }

    /// The same answer for a wrong password and an unknown name.
    fn challenge(
        &mut self,
        tenant: TenantId,
        refusal: Refusal,
        (source, user, stumbles): &(IpAddr, String, bool),
        now: Moment,
    ) -> Verdict {
        if refusal == Refusal::Bad && !self.failures.admit(*source, now) {
            return Verdict::Drop;
        }
        let Some(authenticator) = self.authenticators.get_mut(&tenant) else { return Verdict::Drop };
        let mut values = authenticator.challenge(refusal, *source, now);
        let came_back = match refusal {
            Refusal::Missing => self.first_only.came_without(*source, user),
            Refusal::Stale | Refusal::Bad => self.first_only.needs_md5(*source, user),
        };
        if (came_back || *stumbles) && values.iter().any(|value| is_md5(value)) {
            values.retain(|value| is_md5(value));
        }
        let mut headers = Headers::new();
        for value in values {
            headers.push(Name::WwwAuthenticate, value);
        }
        Verdict::Refuse { status: 401, reason: String::new(), headers }
    }
}

/// Whose phone a request says that it is of: a REGISTER may come from one who does it for another (RFC 3261 10.2).
fn claimed(request: &Message) -> Option<NameAddr> {
    if request.method() == Some(&Method::Register) { request.to() } else { request.from() }
}

/// Whether a challenge is by MD5.
fn is_md5(challenge: &str) -> bool {
    challenge.contains("algorithm=MD5")
}

fn refuse(status: u16, reason: &str) -> Verdict {
    Verdict::Refuse { status, reason: reason.into(), headers: Headers::new() }
}

impl Guard for Border {
    fn admit(&mut self, request: &Message, flow: &Flow, now: Moment) -> Verdict {
        self.admitted = None;
        let known = self.trunk(request, flow).or_else(|| self.vouched_for(request, flow));
        if let Some(identity) = known {
            self.admitted = Some(identity);
            return Verdict::Admit;
        }
        match self.guest(request, flow).unwrap_or_else(|| self.phone(request, flow, now)) {
            Ok(identity) => {
                self.admitted = Some(identity);
                Verdict::Admit
            }
            Err(verdict) => verdict,
        }
    }
}

#[cfg(test)]
mod tests;
