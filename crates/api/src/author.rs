//! Who makes a change, as the audit names her: the login, the address it comes from, and why.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::auth::Access;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::storage::Identity;

/// Says why a change is made.
const REASON: &str = "x-reason";
/// Longest reason, characters.
const REASON_MAX: usize = 500;

/// Where a change comes from, and why it is made.
pub(crate) struct Origin {
    address: String,
    reason: String,
}

impl Origin {
    /// With whose login it is made.
    pub(crate) fn of(self, access: &Access) -> store::Author {
        self.by(access.identity())
    }

    /// The same of what is done outside a domain.
    pub(crate) fn by(self, identity: &Identity) -> store::Author {
        let Self { address, reason } = self;
        let name =
            if identity.key.is_some() { format!("API key {}", identity.name) } else { identity.name.clone() };
        store::Author { name, address, reason }
    }

    /// Notes in the audit what is changed by no change of provisioning.
    pub(crate) async fn note(self, app: &App, access: &Access, change: String) -> Result<(), Problem> {
        let note = store::Note { tenant: access.tenant(), at: app.clock.now(), by: self.of(access), change };
        Ok(app.storage.note(note).await?)
    }
}

impl FromRequestParts<App> for Origin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let address = peer.map(|ConnectInfo(peer)| peer.ip().to_canonical().to_string()).unwrap_or_default();
        let Some(reason) = parts.headers.get(REASON) else {
            return Ok(Self { address, reason: String::new() });
        };
        let wrong = |detail: String| Problem::new(ProblemKind::InvalidParameter, detail);
        let reason =
            std::str::from_utf8(reason.as_bytes()).map_err(|_| wrong("`X-Reason` is not UTF-8".into()))?;
        let length = reason.chars().count();
        if length > REASON_MAX || reason.chars().any(char::is_control) {
            return Err(wrong(format!(
                "`X-Reason` has {length} characters; up to {REASON_MAX} without control characters are allowed"
            )));
        }
        Ok(Self { address, reason: reason.trim().to_owned() })
    }
}
