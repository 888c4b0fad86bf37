//! One request to a webhook, and what follows from its answer.

use std::time::Duration;

use model::Timestamp;
use outbound::http::Post;
use outbound::sign::SigningSecret;
use store::webhook::outcome::{Attempt, Verdict};
use store::webhook::state::WebhookTarget;

use super::{Shared, Time};

/// How long a receiver may take for its answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of an answer that are kept.
const ANSWER_KEPT_MAX: usize = 1_024;
/// Pauses after the first failure and those that follow; after the last one a delivery is given up.
pub(super) const PAUSES: [Duration; 5] = [
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(3 * 60),
    Duration::from_secs(8 * 60),
    Duration::from_secs(15 * 60),
];

/// Sends a body once.
pub(super) async fn post<T: Time>(
    shared: &Shared<T>,
    target: &WebhookTarget,
    message: &str,
    payload: String,
) -> Attempt {
    let at = shared.time.now();
    let begun = tokio::time::Instant::now();
    let post = Post {
        url: target.url.clone(),
        content_type: "application/json",
        body: payload.into(),
        timeout: TIMEOUT,
        answer_max: ANSWER_KEPT_MAX,
        id: message.to_owned(),
        second: at.0.div_euclid(1_000_000),
        secret: SigningSecret::parse(target.secret.reveal()),
    };
    let answered = shared.client.send(post).await;
    let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    match answered {
        Ok(answer) => {
            let error = match answer.status {
                200..300 => None,
                300..400 => {
                    Some(format!("it answered {}, a redirect; name the final address", answer.status))
                }
                status => Some(format!("it answered {status}")),
            };
            let text = String::from_utf8_lossy(&answer.beginning).into_owned();
            Attempt { at, milliseconds, status: Some(answer.status), answer: text, error }
        }
        Err(error) => {
            let (answer, error) = (String::new(), Some(error.to_string()));
            Attempt { at, milliseconds, status: None, answer, error }
        }
    }
}

/// What follows from a try, the `tries`th after the first.
pub(super) fn verdict(attempt: &Attempt, tries: i64, now: Timestamp) -> Verdict {
    if attempt.error.is_none() {
        return Verdict::Taken;
    }
    // It says that nothing is there any more: whoever provisions must look.
    if matches!(attempt.status, Some(404 | 410)) {
        return Verdict::GivenUp { pause: true };
    }
    let pause = usize::try_from(tries).ok().and_then(|tries| PAUSES.get(tries));
    pause.map_or(Verdict::GivenUp { pause: false }, |pause| Verdict::Again(now.after(*pause)))
}
