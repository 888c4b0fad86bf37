//! Asterisk's manager interface (AMI), as far as Rocket.Chat's connector uses it: a port of its own, off unless set.
//!
//! Actions: `Login`, `Logoff`, `Ping`, `Events`, `QueueSummary`, `QueueStatus`, `PJSIPShowEndpoints`, `PJSIPShowEndpoint`. Events:
//! `QueueCallerJoin`, `QueueCallerLeave`, `QueueCallerAbandon`, `AgentCalled`, `AgentConnect`, `QueueMemberAdded`,
//! `QueueMemberRemoved`, `QueueMemberPause`, `DialBegin`, `DialState`, `DialEnd`, `Hold`, `Unhold`, `ContactStatus`, `Hangup`.
//! Nothing can be changed by it.
//!
//! Whoever logs in is a supervisor or above of a domain, by e-mail address and web password, and sees that domain. Queues
//! are known by their numbers, phones as `PJSIP/1001`, calls by their ids. A phone's secret is never told.
//!
//! In here: [`wire`] reads actions and writes packets, [`answers`] answers actions, [`story`] makes events of what has
//! happened, [`dial`] those of dialing, [`session`] is the connection.

mod answers;
mod dial;
mod session;
mod story;
mod wire;

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::state::App;

/// How long no connection is taken after taking one has failed: too many files are open, most likely.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// The interface of a server whose router was made with it.
pub struct Ami(pub(crate) App);

impl Ami {
    /// Serves until it is told to stop.
    pub async fn serve(self, listener: TcpListener, mut stopping: watch::Receiver<bool>) {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = stopped(&mut stopping) => return,
            };
            match accepted {
                Ok((socket, peer)) => {
                    tokio::spawn(session::run(self.0.clone(), socket, peer, stopping.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "the manager interface could not take a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

/// Waits until the server stops, or whoever would say so is gone.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _either = stopping.wait_for(|stopping| *stopping).await;
}
