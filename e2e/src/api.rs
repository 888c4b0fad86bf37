//! The HTTP API as a client sees it.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::{QUEUE, until};

/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// A client with or without a token.
#[derive(Clone)]
pub struct Api {
    agent: ureq::Agent,
    base: String,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, where it is JSON.
    pub body: Value,
    /// The body as it came.
    pub text: String,
}

impl Api {
    /// A client of the server at `http://<address>`, not logged in.
    #[must_use]
    pub fn new(address: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(ANSWER_TIMEOUT))
            .build();
        Self { agent: config.into(), base: format!("http://{address}"), token: None }
    }

    /// The same client, logged in.
    ///
    /// # Errors
    /// When the server does not take the password.
    pub fn log_in(&self, email: &str, password: &str) -> anyhow::Result<Self> {
        let answer = self.post("/v1/auth/login", &json!({"email": email, "password": password}))?;
        let token =
            answer.ok()?["token"].as_str().context("no token in the answer to the log-in")?.to_owned();
        Ok(Self { token: Some(token), ..self.clone() })
    }

    /// The token, for the event socket.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// `GET path`.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn get(&self, path: &str) -> anyhow::Result<Answer> {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        Answer::read(request.call().with_context(|| format!("GET {path}"))?)
    }

    /// `GET path` as the bytes that it is.
    ///
    /// # Errors
    /// When the server does not answer 200.
    pub fn file(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let mut response = request.call().with_context(|| format!("GET {path}"))?;
        let status = response.status().as_u16();
        if status != 200 {
            bail!("GET {path}: {status} {}", response.body_mut().read_to_string()?);
        }
        Ok(response.body_mut().read_to_vec()?)
    }

    /// `GET path` as a table.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn table(&self, path: &str) -> anyhow::Result<Answer> {
        let mut request = self.agent.get(format!("{}{path}", self.base)).header("Accept", "text/csv");
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        Answer::read(request.call().with_context(|| format!("GET {path}"))?)
    }

    /// `POST path` with a table.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn post_table(&self, path: &str, table: &str) -> anyhow::Result<Answer> {
        let mut request = self.agent.post(format!("{}{path}", self.base)).header("Content-Type", "text/csv");
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        Answer::read(request.send(table).with_context(|| format!("POST {path}"))?)
    }

    /// `PUT path` with a body of any kind.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn put(&self, path: &str, kind: &str, body: &[u8]) -> anyhow::Result<Answer> {
        let mut request = self.agent.put(format!("{}{path}", self.base)).header("Content-Type", kind);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        Answer::read(request.send(body).with_context(|| format!("PUT {path}"))?)
    }

    /// `DELETE path`.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn delete(&self, path: &str) -> anyhow::Result<Answer> {
        let mut request = self.agent.delete(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        Answer::read(request.call().with_context(|| format!("DELETE {path}"))?)
    }

    /// `PATCH path` with a JSON body.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn patch(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        let mut request = self.agent.patch(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        Answer::read(request.send_json(body).with_context(|| format!("PATCH {path}"))?)
    }

    /// `POST path` with a JSON body.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn post(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        Answer::read(request.send_json(body).with_context(|| format!("POST {path}"))?)
    }

    /// `POST path` with a JSON body and headers of another product's, without our own token.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn post_with(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> anyhow::Result<Answer> {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::read(request.send_json(body).with_context(|| format!("POST {path}"))?)
    }

    /// One agent.
    ///
    /// # Errors
    /// When the answer is not 200.
    pub fn agent(&self, extension: u16) -> anyhow::Result<Value> {
        self.get(&format!("/v1/domains/~/agents/{extension}"))?.ok()
    }

    /// What an agent is doing, in capitals: `READY`, `QUEUE_CALL` …
    ///
    /// # Errors
    /// When the answer has no state.
    pub fn agent_state(&self, extension: u16) -> anyhow::Result<String> {
        let agent = self.agent(extension)?;
        state_of(&agent).with_context(|| format!("no state in {agent}"))
    }

    /// Waits until an agent is in one of these states, and says which.
    ///
    /// # Errors
    /// When it does not come to that in time; says what the state was.
    pub fn await_agent(&self, extension: u16, states: &[&str], timeout: Duration) -> anyhow::Result<String> {
        let mut last = String::new();
        until(&format!("agent {extension} to be {}", states.join(" or ")), timeout, || {
            last = self.agent_state(extension)?;
            Ok(states.contains(&last.as_str()).then(|| last.clone()))
        })
        .with_context(|| format!("last seen: {last}"))
    }

    /// Asks for a change of state in the queue: `login`, `ready`, `not-ready` …
    ///
    /// # Errors
    /// When it is refused.
    pub fn agent_do(&self, extension: u16, verb: &str) -> anyhow::Result<Value> {
        self.post(&format!("/v1/domains/~/agents/{extension}/{verb}"), &json!({"queue": QUEUE}))?.ok()
    }

    /// Logs an agent in and makes her ready.
    ///
    /// # Errors
    /// When either is refused.
    pub fn make_ready(&self, extension: u16) -> anyhow::Result<()> {
        self.agent_do(extension, "login")?;
        self.agent_do(extension, "ready")?;
        Ok(())
    }

    /// Calls, newest first, following the pages.
    ///
    /// # Errors
    /// When the answer is not a list.
    pub fn calls(&self) -> anyhow::Result<Vec<Value>> {
        self.list("/v1/domains/~/calls")
    }

    /// Who waits in the queue.
    ///
    /// # Errors
    /// When the answer is not a list.
    pub fn waiting(&self) -> anyhow::Result<Vec<Value>> {
        self.list(&format!("/v1/domains/~/queues/{QUEUE}/waiting"))
    }

    /// Every item of a list, following `next` to the end.
    ///
    /// # Errors
    /// When the answer is not a list.
    pub fn list(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let mut found = Vec::new();
        let mut cursor = None::<String>;
        loop {
            let page = match &cursor {
                None => self.get(path)?.ok()?,
                Some(cursor) => self.get(&format!("{path}?cursor={cursor}"))?.ok()?,
            };
            found.extend(
                page["items"].as_array().with_context(|| format!("no items in {page}"))?.iter().cloned(),
            );
            match page["next"].as_str() {
                Some(next) if cursor.as_deref() != Some(next) => cursor = Some(next.to_owned()),
                _ => return Ok(found),
            }
        }
    }

    /// The server's own figures.
    ///
    /// # Errors
    /// When `/metrics` does not answer 200.
    pub fn metrics(&self) -> anyhow::Result<Metrics> {
        let answer = self.get("/metrics")?;
        if answer.status != 200 {
            bail!("/metrics answered {}", answer.status);
        }
        Ok(Metrics::parse(&answer.text))
    }
}

impl Answer {
    fn read(mut response: ureq::http::Response<ureq::Body>) -> anyhow::Result<Self> {
        let status = response.status().as_u16();
        let text = response.body_mut().read_to_string()?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Self { status, body, text })
    }

    /// The body of an answer of 200 to 299.
    ///
    /// # Errors
    /// When the status is another.
    pub fn ok(self) -> anyhow::Result<Value> {
        if !(200..300).contains(&self.status) {
            bail!("answered {}: {}", self.status, self.text);
        }
        Ok(self.body)
    }
}

/// The state of an agent or a membership, in capitals.
#[must_use]
pub fn state_of(thing: &Value) -> Option<String> {
    thing["state"].as_str().map(str::to_ascii_uppercase)
}

/// A reading of `/metrics`: each series, labels included, with its value.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    gauges: Vec<String>,
    values: BTreeMap<String, f64>,
}

impl Metrics {
    /// Reads the text format of Prometheus.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut metrics = Self::default();
        for line in text.lines() {
            if let Some(kind) = line.strip_prefix("# TYPE ") {
                if let Some((name, "gauge")) = kind.split_once(' ') {
                    metrics.gauges.push(name.to_owned());
                }
            } else if !line.starts_with('#')
                && let Some((series, value)) = line.rsplit_once(' ')
                && let Ok(value) = value.parse()
            {
                metrics.values.insert(series.to_owned(), value);
            }
        }
        metrics
    }

    /// The gauges whose name has `word` in it, summed over their labels. Nothing when there is none.
    #[must_use]
    pub fn gauge(&self, word: &str) -> Option<f64> {
        let mut found = None;
        for (series, value) in &self.values {
            let name = series.split('{').next().unwrap_or(series);
            if name.contains(word) && self.gauges.iter().any(|gauge| gauge == name) {
                found = Some(found.unwrap_or(0.0) + value);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gauges_are_told_from_counters_and_summed_over_labels() {
        let text = "# TYPE cordboard_dialogs gauge\ncordboard_dialogs{side=\"in\"} 2\ncordboard_dialogs{side=\"out\"} 3\n\
                    # TYPE cordboard_dialogs_total counter\ncordboard_dialogs_total 90\n";
        let metrics = Metrics::parse(text);
        assert_eq!(metrics.gauge("dialogs"), Some(5.0));
        assert_eq!(metrics.gauge("timers"), None);
    }
}
