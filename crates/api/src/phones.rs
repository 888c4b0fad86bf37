//! Log-ins that speak for a phone: a browser's page is the phone of the agent who is logged in there, without a
//! secret of its own. Whoever serves such phones asks here whose a request is, and for how long.

use axum::http::request::Parts;
use tokio::sync::broadcast;

use crate::auth::{Login, offered, own_phone, still_good, within_budget};
use crate::live::socket::own_page;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// Log-ins whose end may be told before somebody listens again; beyond, everybody looks for herself.
pub(crate) const ENDED_MAX: usize = 256;

/// Knows whose phone a request is of.
#[derive(Clone)]
pub struct Phones(pub(crate) App);

/// A log-in that speaks for the phone of its agent.
pub struct PhoneLogin {
    app: App,
    login: Login,
    domain: String,
    extension: String,
    ended: broadcast::Receiver<u64>,
}

impl Phones {
    /// The log-in that came with a request, if one did: in the header, as a subprotocol, or in the query, as that of
    /// the event socket.
    ///
    /// # Errors
    /// What to answer: the log-in is not good, has no extension, or comes from a page of another server.
    pub async fn of_request(&self, parts: &Parts) -> Result<Option<PhoneLogin>, Problem> {
        let app = self.0.clone();
        // Before it is looked at: what ends meanwhile is heard of.
        let ended = app.ended.subscribe();
        let Some(login) = offered(parts, &app).await? else { return Ok(None) };
        if !own_page(&parts.headers) {
            return Err(Problem::new(
                ProblemKind::OriginRefused,
                "a page of another server may not be the phone of a log-in here; it can register with the phone's own secret",
            ));
        }
        within_budget(&app, &login.grant.identity).await?;
        let extension = own_phone(&app, &login.grant.identity).await?;
        let domain = login.grant.identity.domain.clone();
        Ok(Some(PhoneLogin { app, login, domain, extension, ended }))
    }
}

impl PhoneLogin {
    /// The domain.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The extension in it.
    #[must_use]
    pub fn extension(&self) -> &str {
        &self.extension
    }

    /// Waits until this log-in may have ended; for [`Self::holds`] to say. It may be cancelled.
    pub async fn news(&mut self) {
        let session = self.login.grant.session;
        loop {
            match self.ended.recv().await {
                Ok(ended) if Some(ended) != session => {}
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                // The interface is gone, and with it whoever could end a log-in.
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    /// Whether it is still good, and the extension still hers.
    pub async fn holds(&self) -> bool {
        if !still_good(&self.app, &self.login).await {
            return false;
        }
        match own_phone(&self.app, &self.login.grant.identity).await {
            Ok(extension) => extension == self.extension,
            // A switch that is busy ends nobody's phone.
            Err(problem) => problem.kind == ProblemKind::Busy,
        }
    }
}
