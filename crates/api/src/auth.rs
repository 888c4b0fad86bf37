//! Who asks, in which domain, and what she may do there.
//!
//! The domain of every answer comes from the credential; the one in the path must be its name or `~`. Any
//! other name is answered 404, the same whether or not it exists. A known login that lacks a right gets 403.

pub mod throttle;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use axum::http::request::Parts;
use model::{AgentId, Directory, Mailbox, Role, TenantId};

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

    /// She may change the state of `agent`: her own, or anybody's as supervisor.
    pub(crate) fn may_steer(&self, agent: AgentId) -> Result<(), Problem> {
        if self.identity().agent == Some(agent) {
            return Ok(());
        }
        self.at_least(Role::Supervisor, "an agent may change her own state only")
    }

    /// She may hear a mailbox: her own, or any as supervisor.
    pub(crate) fn may_hear(&self, directory: &Directory, mailbox: &Mailbox) -> Result<(), Problem> {
        let owner = directory.agent_of(mailbox.number.as_str()).map(|agent| agent.id);
        if owner.is_some() && self.identity().agent == owner {
            return Ok(());
        }
        self.at_least(Role::Supervisor, "an agent hears her own mailbox only")
    }

    /// She may have this agent take or make a call: herself, or anybody as supervisor.
    pub(crate) fn may_give_calls(&self, agent: AgentId) -> Result<(), Problem> {
        if self.identity().agent == Some(agent) {
            return Ok(());
        }
        self.at_least(Role::Supervisor, "an agent takes and makes her own calls only")
    }

    /// She may ask for anybody's calls, not only for those that she is on.
    pub(crate) fn is_supervisor(&self) -> bool {
        self.identity().role >= Role::Supervisor
    }

    /// She may end calls.
    pub(crate) fn may_hang_up(&self) -> Result<(), Problem> {
        self.at_least(Role::Supervisor, "only supervisors and above end calls from here")
    }

    /// She may switch night mode.
    pub(crate) fn may_switch_night_mode(&self) -> Result<(), Problem> {
        self.at_least(Role::Supervisor, "only supervisors and above switch night mode")
    }

    /// She may apply provisioning files.
    pub(crate) fn may_provision(&self) -> Result<(), Problem> {
        self.at_least(Role::Admin, "only admins and owners apply provisioning files")
    }

    fn at_least(&self, role: Role, otherwise: &str) -> Result<(), Problem> {
        if self.identity().role >= role {
            Ok(())
        } else {
            Err(Problem::new(ProblemKind::Forbidden, otherwise))
        }
    }
}

impl FromRequestParts<App> for Login {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(token) = in_header(parts) {
            return verify(token, app).await;
        }
        let token = credential::token(parts).ok_or_else(|| Problem::plain(ProblemKind::Unauthorized))?;
        let login = verify(token, app).await?;
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
        let token = in_header(parts)
            .or_else(|| in_protocols(parts))
            .or_else(|| in_query(parts))
            .ok_or_else(|| Problem::plain(ProblemKind::Unauthorized))?;
        let login = verify(token, app).await?;
        in_domain(parts, app, login).await.map(Self)
    }
}

/// Whether a token is still good; for what lives longer than one request.
pub(crate) async fn still_good(app: &App, login: &Login) -> bool {
    match app.storage.token_verify(&login.token, app.clock.now()).await {
        Ok(grant) => grant.is_some_and(|grant| grant.identity.tenant == login.grant.identity.tenant),
        // A database that does not answer ends nobody's login; its time does.
        Err(_) => login.grant.expires_at > app.clock.now(),
    }
}

async fn verify(token: String, app: &App) -> Result<Login, Problem> {
    if token.len() > TOKEN_LENGTH_MAX {
        return Err(Problem::plain(ProblemKind::Unauthorized));
    }
    let grant = app.storage.token_verify(&token, app.clock.now()).await?;
    let grant = grant.ok_or_else(|| {
        Problem::new(ProblemKind::Unauthorized, "the token is not known, has ended or was given back")
    })?;
    Ok(Login { grant, token })
}

async fn in_domain(parts: &mut Parts, app: &App, login: Login) -> Result<Access, Problem> {
    let params = RawPathParams::from_request_parts(parts, app)
        .await
        .map_err(|error| Problem::new(ProblemKind::BadRequest, error.body_text()))?;
    let named = params.iter().find(|(name, _)| *name == "domain").map_or(OWN, |(_, value)| value);
    if named != OWN && !named.eq_ignore_ascii_case(&login.grant.identity.domain) {
        let detail = format!("this login is of no domain called `{}`", shown(named));
        return Err(Problem::new(ProblemKind::UnknownDomain, detail));
    }
    Ok(Access(login))
}

fn in_header(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn in_protocols(parts: &Parts) -> Option<String> {
    parts
        .headers
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|protocol| protocol.trim().strip_prefix(TOKEN_PROTOCOL))
        .map(str::to_owned)
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
        assert_eq!(in_protocols(&offered), Some("abc".into()));
        assert_eq!(in_query(&parts("x", "y", "/?since=1&access_token=abc")), Some("abc".into()));
        assert_eq!(in_query(&parts("x", "y", "/?since=1")), None);
    }
}
