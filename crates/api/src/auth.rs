//! Who asks, in which domain, and what she may do there.
//!
//! The domain of every answer comes from the credential; the one in the path must be its name or `~`. Any
//! other name is answered 404, the same whether or not it exists. Only the owner of the server names others.
//!
//! Each operation's document says which right it takes, and [`rights`] holds every request to it before its handler
//! is reached: what is written is what is enforced. Handlers tell one's own from anybody's. A known login that
//! lacks a right gets 403.

pub(crate) mod handover;
pub(crate) mod rights;
pub mod throttle;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, RawPathParams};
use axum::http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use axum::http::request::Parts;
use model::{AgentId, Directory, Mailbox, Right, TenantId};

use crate::doors::rocketchat::credential;
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::storage::{Grant, Identity};

/// The login's own domain, in a path.
pub(crate) const OWN: &str = "~";

/// The subprotocol by which a browser, which cannot set headers, hands over its token: `bearer.<token>`.
pub(crate) const TOKEN_PROTOCOL: &str = "bearer.";

/// Longest token looked at.
const TOKEN_LENGTH_MAX: usize = 256;

/// A login that holds.
pub(crate) struct Login {
    pub(crate) grant: Grant,
    pub(crate) token: String,
    /// The address that it came from.
    pub(crate) from: Option<IpAddr>,
}

impl Login {
    /// It is a person's: a program with a key has no log-ins and no second factor of its own.
    pub(crate) fn person(&self) -> Result<(), Problem> {
        if self.grant.identity.key.is_none() { Ok(()) } else { Err(Problem::plain(ProblemKind::NoPerson)) }
    }

    /// Where it comes from, for throttles.
    pub(crate) fn address(&self) -> IpAddr {
        self.from.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }
}

/// A login that holds in the domain that the path names.
pub(crate) struct Access(Login);

/// The same for the event socket, which takes its token from more places.
pub(crate) struct SocketAccess(pub(crate) Access);

impl Access {
    /// Whose login it is.
    pub(crate) fn identity(&self) -> &Identity {
        &self.0.grant.identity
    }

    /// The domain.
    pub(crate) fn tenant(&self) -> TenantId {
        self.identity().tenant
    }

    /// The login itself.
    pub(crate) fn login(&self) -> &Login {
        &self.0
    }

    /// She may change the state of `agent`: her own, or anybody's with the right to.
    pub(crate) fn may_steer(&self, agent: AgentId) -> Result<(), Problem> {
        self.herself_or(agent, Right::AgentState, "an agent may change her own state only")
    }

    /// She may hear a mailbox: her own, or any with the right to.
    pub(crate) fn may_hear(&self, directory: &Directory, mailbox: &Mailbox) -> Result<(), Problem> {
        let owner = directory.agent_of(mailbox.number.as_str()).map(|agent| agent.id);
        if owner.is_some() && self.identity().agent == owner {
            return Ok(());
        }
        self.has(Right::Mailbox, "an agent hears her own mailbox only")
    }

    /// She may have this agent take or make a call: herself, or anybody with the right to.
    pub(crate) fn may_give_calls(&self, agent: AgentId) -> Result<(), Problem> {
        self.herself_or(agent, Right::CallControl, "an agent takes and makes her own calls only")
    }

    /// She may ask for anybody's calls, not only for those that she is on.
    pub(crate) fn may_control_calls(&self) -> bool {
        self.identity().may(Right::CallControl)
    }

    /// She may have a caller wait elsewhere.
    pub(crate) fn may_move_calls(&self) -> Result<(), Problem> {
        self.has(Right::CallControl, "an agent picks up who waits; where he waits is a supervisor's matter")
    }

    fn herself_or(&self, agent: AgentId, right: Right, otherwise: &str) -> Result<(), Problem> {
        if self.identity().agent == Some(agent) && self.identity().may(Right::Own) {
            return Ok(());
        }
        self.has(right, otherwise)
    }

    fn has(&self, right: Right, otherwise: &str) -> Result<(), Problem> {
        if self.identity().may(right) { Ok(()) } else { Err(Problem::new(ProblemKind::Forbidden, otherwise)) }
    }
}

impl FromRequestParts<App> for Login {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(token) = in_header(parts) {
            return verify(token, parts, app).await;
        }
        let token = credential::token(parts).ok_or_else(|| Problem::plain(ProblemKind::Unauthorized))?;
        let login = verify(token, parts, app).await?;
        credential::check(parts, &login.grant.identity)?;
        Ok(login)
    }
}

impl FromRequestParts<App> for Access {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let login = Login::from_request_parts(parts, app).await?;
        in_domain(parts, app, login).await
    }
}

impl FromRequestParts<App> for SocketAccess {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let login = offered(parts, app).await?.ok_or_else(|| Problem::plain(ProblemKind::Unauthorized))?;
        in_domain(parts, app, login).await.map(Self)
    }
}

/// Whether a token is still good, for the same domain and with all that it could do; for what lives longer than one
/// request.
pub(crate) async fn still_good(app: &App, login: &Login) -> bool {
    let now = app.clock.now();
    match app.storage.token_verify(&login.token, login.from, now).await {
        Ok(grant) => grant.is_some_and(|grant| {
            let (new, old) = (&grant.identity, &login.grant.identity);
            let same_domain = new.tenant == old.tenant || (new.is_server_owner() && old.is_server_owner());
            same_domain && new.rights.cover(&old.rights)
        }),
        // A database that does not answer ends nobody's login; its time does.
        Err(_) => login.grant.expires_at.is_none_or(|at| at > now),
    }
}

/// The extension of whose login this is, if she has one.
pub(crate) async fn extension_of(app: &App, identity: &Identity) -> Result<Option<String>, Problem> {
    let Some(agent) = identity.agent else { return Ok(None) };
    let directory = app.switch.whole().provisioned(identity.tenant).await?;
    let agent = directory.agents.get(&agent);
    Ok(agent.and_then(|agent| agent.extension.as_ref()).map(ToString::to_string))
}

/// The same, where nothing can be done without one.
pub(crate) async fn own_phone(app: &App, identity: &Identity) -> Result<String, Problem> {
    if identity.agent.is_none() {
        return Err(Problem::new(ProblemKind::NoAgent, "this login is no agent, and has no phone"));
    }
    if !identity.may(Right::Own) {
        return Err(Problem::new(
            ProblemKind::Forbidden,
            "this takes the right `own`, and the login does not have it",
        ));
    }
    let none = || Problem::new(ProblemKind::NoExtension, "without an extension there is no phone to be");
    extension_of(app, identity).await?.ok_or_else(none)
}

/// The login that comes with a request for a socket, if one does; whatever it may do.
pub(crate) async fn offered(parts: &Parts, app: &App) -> Result<Option<Login>, Problem> {
    let token = in_header(parts)
        .or_else(|| in_protocols(parts, TOKEN_PROTOCOL).map(str::to_owned))
        .or_else(|| in_query(parts));
    match token {
        Some(token) => verify(token, parts, app).await.map(Some),
        None => Ok(None),
    }
}

/// The address that a request came from.
pub(crate) fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical())
}

async fn verify(token: String, parts: &Parts, app: &App) -> Result<Login, Problem> {
    if token.len() > TOKEN_LENGTH_MAX {
        return Err(Problem::plain(ProblemKind::Unauthorized));
    }
    let from = peer(parts);
    let grant = app.storage.token_verify(&token, from, app.clock.now()).await?;
    let grant = grant.ok_or_else(|| {
        Problem::new(
            ProblemKind::Unauthorized,
            "the token is not known, has ended, was given back, or may not come from this address",
        )
    })?;
    Ok(Login { grant, token, from })
}

async fn in_domain(parts: &mut Parts, app: &App, mut login: Login) -> Result<Access, Problem> {
    let params = RawPathParams::from_request_parts(parts, app)
        .await
        .map_err(|error| Problem::new(ProblemKind::BadRequest, error.body_text()))?;
    let named = params.iter().find(|(name, _)| *name == "domain").map_or(OWN, |(_, value)| value);
    if named != OWN && !named.eq_ignore_ascii_case(&login.grant.identity.domain) {
        let unknown = || {
            let detail = format!("this login is of no domain called `{}`", shown(named));
            Problem::new(ProblemKind::UnknownDomain, detail)
        };
        let identity = &mut login.grant.identity;
        if !identity.is_server_owner() {
            return Err(unknown());
        }
        // The server's owner is of all domains.
        let domains = app.storage.domains().await?;
        let found = domains.into_iter().find(|(_, name)| named.eq_ignore_ascii_case(name));
        (identity.tenant, identity.domain) = found.ok_or_else(unknown)?;
    }
    let identity = &login.grant.identity;
    within_budget(app, identity).await?;
    app.rights.check(parts, identity)?;
    Ok(Access(login))
}

/// Counts a request against what the domain may make; also those that come over a connection which stays open.
pub(crate) async fn within_budget(app: &App, identity: &Identity) -> Result<(), Problem> {
    // Whoever owns the server can always get at what holds the others up.
    if identity.is_server_owner() {
        return Ok(());
    }
    app.budgets.request(&app.switch, identity.tenant).await
}

fn in_header(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// What a page hands over as a subprotocol that begins like this: it cannot set headers.
pub(crate) fn in_protocols<'a>(parts: &'a Parts, prefix: &str) -> Option<&'a str> {
    parts
        .headers
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|protocol| protocol.trim().strip_prefix(prefix))
}

/// Tokens are of letters, digits, `_` and `-`, so nothing in a query needs decoding.
fn in_query(parts: &Parts) -> Option<String> {
    parts
        .uri
        .query()?
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| matches!(*name, "access_token" | "token"))
        .map(|(_, token)| token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn parts(header: &str, value: &str, uri: &str) -> Parts {
        let request = Request::builder().uri(uri).header(header, value).body(()).unwrap();
        request.into_parts().0
    }

    #[test]
    fn a_token_is_found_in_header_protocol_and_query() {
        assert_eq!(in_header(&parts("authorization", "bEaReR abc", "/")), Some("abc".into()));
        assert_eq!(in_header(&parts("authorization", "Basic abc", "/")), None);
        let offered = parts("sec-websocket-protocol", "cordboard.v1, bearer.abc", "/");
        assert_eq!(in_protocols(&offered, TOKEN_PROTOCOL), Some("abc"));
        assert_eq!(in_query(&parts("x", "y", "/?since=1&access_token=abc")), Some("abc".into()));
        assert_eq!(in_query(&parts("x", "y", "/?since=1")), None);
    }
}
