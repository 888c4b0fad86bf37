//! How the client's library asks an authority: by our own client for services of others, bounded in size and time.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Request, Response};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use outbound::http::{Client, Exchange, PostError};

use super::{RETRY_AFTER_MAX, locked};
use crate::tls::now;

/// Most bytes of an answer: a chain is a few thousand.
const ANSWER_MAX: usize = 256 * 1_024;
/// Longer pauses between two looks at an order are not taken from an authority.
const POLL_PAUSE_MAX: u64 = 30;

/// What the last answer said beside its body.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    /// Its status, if there was an answer.
    pub(super) status: Option<u16>,
    /// When it wants to be asked again (RFC 9110 section 10.2.3), from the moment of the answer.
    pub(super) retry_after: Option<Duration>,
}

/// Asks an authority. Its copies know of the same last answer.
#[derive(Clone)]
pub(super) struct Wire {
    client: Client,
    timeout: Duration,
    said: Arc<Mutex<Said>>,
}

impl Wire {
    pub(super) fn new(client: Client, timeout: Duration) -> Self {
        Self { client, timeout, said: Arc::default() }
    }

    /// What the last answer said.
    pub(super) fn said(&self) -> Said {
        *locked(&self.said)
    }

    async fn ask(self, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, Error> {
        *locked(&self.said) = Said::default();
        let (parts, body) = request.into_parts();
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(never) => match never {},
        };
        let exchange = Exchange {
            url: parts.uri.to_string(),
            method: parts.method,
            content_type: parts.headers.get(CONTENT_TYPE).cloned(),
            body,
            timeout: self.timeout,
            answer_max: ANSWER_MAX,
        };
        let answer =
            self.client.exchange(exchange).await.map_err(|error: PostError| Error::Other(error.into()))?;
        let (mut parts, body) = answer.into_parts();
        let retry_after = take_retry_after(&mut parts.headers);
        *locked(&self.said) = Said { status: Some(parts.status.as_u16()), retry_after };
        Ok(BytesResponse::from(Response::from_parts(parts, Full::new(body))))
    }
}

impl HttpClient for Wire {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        Box::pin(self.clone().ask(request))
    }
}

/// Reads the header and leaves of it what is safe: the library adds to the clock whatever stands there.
fn take_retry_after(headers: &mut HeaderMap) -> Option<Duration> {
    let value = headers.remove(RETRY_AFTER)?;
    let text = value.to_str().ok()?.trim();
    let seconds = text.parse::<u64>().ok().or_else(|| {
        let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second();
        Some(u64::try_from(at.saturating_sub(now())).unwrap_or(0))
    })?;
    let most = RETRY_AFTER_MAX.unsigned_abs();
    if seconds <= POLL_PAUSE_MAX {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    Some(Duration::from_secs(seconds.min(most)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> (Option<u64>, Option<String>) {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
        let read = take_retry_after(&mut headers).map(|after| after.as_secs());
        (read, headers.get(RETRY_AFTER).map(|left| left.to_str().unwrap().to_owned()))
    }

    #[test]
    fn when_to_ask_again_is_read_in_both_forms_and_the_library_sees_short_pauses_only() {
        assert_eq!(read("5"), (Some(5), Some("5".into())));
        assert_eq!(read("120"), (Some(120), None));
        assert_eq!(read("18446744073709551615"), (Some(RETRY_AFTER_MAX.unsigned_abs()), None));
        assert_eq!(read("18446744073709551616"), (None, None));
        assert_eq!(read("Fri, 31 Dec 1999 23:59:59 GMT"), (Some(0), Some("0".into())));
        assert_eq!(read("Tue, 31 Dec 2199 23:59:59 GMT"), (Some(RETRY_AFTER_MAX.unsigned_abs()), None));
        assert_eq!(read("soon"), (None, None));
    }
}
