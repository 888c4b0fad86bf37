//! Outside services that flows ask. The gateway makes no request itself: it fills in what only it knows, hands the
//! question over, and gives the answer to the engine.

use std::time::Duration;

use engine::{Fetch, Input};
use model::{CallId, TenantId};
use tokio::sync::mpsc;

use crate::ports::Ports;

/// Most questions that wait to be taken over; beyond, one is answered at once as one that failed.
pub const ASKS_MAX: usize = 1_024;

/// A flow's question to an outside service. Its values may be secret, so it does not print.
pub struct ServiceAsk {
    /// The domain.
    pub tenant: TenantId,
    /// The call whose flow asks.
    pub call: CallId,
    /// Which of this call's questions it is.
    pub number: u32,
    /// Where.
    pub url: String,
    /// Names and values.
    pub send: Vec<(String, String)>,
    /// Names that the answer may set.
    pub take: Vec<String>,
    /// How long it may take.
    pub timeout: Duration,
}

/// What came of it.
#[derive(Debug)]
pub struct ServiceAnswer {
    /// The domain.
    pub tenant: TenantId,
    /// The call whose flow asked.
    pub call: CallId,
    /// Which of this call's questions it was.
    pub number: u32,
    /// Names and values; none: it failed.
    pub answer: Option<Vec<(String, String)>>,
}

impl From<ServiceAnswer> for (TenantId, Input) {
    fn from(answer: ServiceAnswer) -> Self {
        let ServiceAnswer { tenant, call, number, answer } = answer;
        (tenant, Input::Fetched { call, number, answer })
    }
}

impl Ports {
    /// Asks a service, with what was keyed in secret where the flow sends it.
    pub(crate) fn fetch(&mut self, tenant: TenantId, call: CallId, fetch: Fetch) {
        let Fetch { number, leg, url, send, take, timeout } = fetch;
        let leg = leg.and_then(|leg| self.legs.get((tenant, leg)));
        let kept = |name: &str| leg.and_then(|leg| leg.digits.kept(name)).unwrap_or_default().to_owned();
        let send = send.into_iter().map(|(name, value)| {
            let value = value.unwrap_or_else(|| kept(&name));
            (name, value)
        });
        let send = send.collect();
        let timeout = Duration::from_secs(timeout.into());
        let ask = ServiceAsk { tenant, call, number, url, send, take, timeout };
        if let Err(error) = self.services.try_send(ask) {
            let why = match error {
                mpsc::error::TrySendError::Full(_) => "too many wait",
                mpsc::error::TrySendError::Closed(_) => "the server is stopping",
            };
            metrics::counter!("cordboard_webhooks_total", "outcome" => "busy").increment(1);
            tracing::warn!(call.id = call.0, why, "a flow's service was not asked");
            self.inputs.push_back((tenant, Input::Fetched { call, number, answer: None }));
        }
    }
}
