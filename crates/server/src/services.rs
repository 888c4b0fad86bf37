//! Asks the outside services of flows (webhook steps), beside the calls: a slow one holds nobody but its own callers.

use std::collections::BTreeMap;
use std::sync::Arc;

use gateway::{ServiceAnswer, ServiceAsk};
use model::TenantId;
use outbound::http::{ANSWER_MAX, Client, Post, PostError};
use outbound::sign::SigningSecret;
use serde_json::{Map, Value};
use store::Store;
use switch::Clock;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

/// Most requests of one domain at once; further ones wait, within their time.
const AT_ONCE_MAX: usize = 32;
/// Most requests of all domains, those that wait among them; beyond, one fails at once.
const OPEN_MAX: usize = 1_024;
/// Most characters of a value that is taken from an answer.
const VALUE_MAX: usize = model::FlowDocument::VALUE_MAX;

/// Who asks services.
pub(crate) struct Services {
    pub(crate) client: Client,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
}

/// Why a service gave nothing that can be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum ServiceError {
    #[error("{0}")]
    Post(#[from] PostError),
    #[error("it answered no JSON object: {0}")]
    NoObject(String),
    #[error("`{0}` in its answer is no text, number or truth value")]
    NoValue(String),
    #[error("`{0}` in its answer is longer than {VALUE_MAX} characters")]
    TooLong(String),
    #[error("the domain's signing secret cannot be read: {0}")]
    Secret(String),
    #[error("too many requests at once")]
    Busy,
    #[error("no answer within its time")]
    Late,
}

/// Asks until the switch asks no more.
pub(crate) async fn run(
    services: Services,
    mut asks: mpsc::Receiver<ServiceAsk>,
    answers: mpsc::Sender<ServiceAnswer>,
) {
    let services = Arc::new(services);
    let mut open: JoinSet<()> = JoinSet::new();
    let mut rooms: BTreeMap<TenantId, Arc<Semaphore>> = BTreeMap::new();
    loop {
        let ask = tokio::select! {
            ask = asks.recv() => ask,
            Some(_) = open.join_next() => continue,
        };
        let Some(ask) = ask else { return };
        let room = rooms.entry(ask.tenant).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE_MAX))).clone();
        let room = (open.len() < OPEN_MAX).then_some(room);
        let (services, answers) = (services.clone(), answers.clone());
        open.spawn(async move {
            let (tenant, call, number) = (ask.tenant, ask.call, ask.number);
            let host = host_of(&ask.url);
            let timeout = ask.timeout;
            let asked = tokio::time::timeout(timeout, services.ask(ask, room)).await;
            let answer = match asked.unwrap_or(Err(ServiceError::Late)) {
                Ok(answer) => {
                    metrics::counter!("cordboard_webhooks_total", "outcome" => "answered").increment(1);
                    Some(answer)
                }
                Err(error) => {
                    let outcome = if error == ServiceError::Busy { "busy" } else { "failed" };
                    metrics::counter!("cordboard_webhooks_total", "outcome" => outcome).increment(1);
                    tracing::warn!(call.id = call.0, host, %error, "a flow's service gave no answer");
                    None
                }
            };
            // The switch is gone at the end only.
            let _gone = answers.send(ServiceAnswer { tenant, call, number, answer }).await;
        });
    }
}

impl Services {
    async fn ask(
        &self,
        ask: ServiceAsk,
        room: Option<Arc<Semaphore>>,
    ) -> Result<Vec<(String, String)>, ServiceError> {
        let room = room.ok_or(ServiceError::Busy)?;
        let _permit = room.acquire().await.map_err(|_| ServiceError::Busy)?;
        let secret = self.store.webhook_secret(ask.tenant).await;
        let secret = secret.map_err(|error| ServiceError::Secret(error.to_string()))?;
        let sent: Map<String, Value> =
            ask.send.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
        let post = Post {
            url: ask.url,
            content_type: "application/json",
            body: Value::Object(sent).to_string().into(),
            timeout: ask.timeout,
            answer_max: ANSWER_MAX,
            id: format!("call-{}-{}", ask.call, ask.number),
            second: self.clock.now().0.div_euclid(1_000_000),
            secret: secret.and_then(|secret| SigningSecret::parse(secret.reveal())),
        };
        take(&self.client.post(post).await?, &ask.take)
    }
}

/// What a flow takes from an answer: an object's values by name, each as one text. What is null or not there is not
/// set.
fn take(answer: &[u8], names: &[String]) -> Result<Vec<(String, String)>, ServiceError> {
    let object: Map<String, Value> = serde_json::from_slice(answer)
        .map_err(|error| ServiceError::NoObject(outbound::one_line(&error.to_string())))?;
    let mut taken = Vec::new();
    for name in names {
        let text = match object.get(name) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => outbound::plain(text),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(truth)) => truth.to_string(),
            Some(Value::Array(_) | Value::Object(_)) => return Err(ServiceError::NoValue(name.clone())),
        };
        if text.chars().count() > VALUE_MAX {
            return Err(ServiceError::TooLong(name.clone()));
        }
        taken.push((name.clone(), text));
    }
    Ok(taken)
}

/// What of a URL may stand in a log: there may be a secret in the rest.
fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    outbound::one_line(rest.split(['/', '?', '#']).next().unwrap_or_default())
}

#[cfg(test)]
mod tests;
