//! Requests of a protocol on top of HTTP, whose answers count with their headers.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use hyper::{Method, Request, Response};

use super::{Client, PostError, Target, answer};

/// One request.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Where.
    pub url: String,
    /// What is done there.
    pub method: Method,
    /// The type of the body, if there is one.
    pub content_type: Option<HeaderValue>,
    /// The body.
    pub body: Bytes,
    /// How long all may take, from the name to the last byte of the answer.
    pub timeout: Duration,
    /// Most bytes of the answer's body.
    pub answer_max: usize,
}

impl Client {
    /// Asks, and returns whatever is answered: its status, its headers (64 at most, 16 KiB together) and its body. A
    /// redirect is an error: it is not followed.
    ///
    /// # Errors
    /// [`PostError`] if there is no answer, or not all of it.
    pub async fn exchange(&self, exchange: Exchange) -> Result<Response<Bytes>, PostError> {
        let (timeout, max) = (exchange.timeout, exchange.answer_max);
        let whole = async {
            let begun = self.ask(&exchange.url, |target| target.exchange(&exchange)).await?;
            let status = begun.response.status();
            if status.is_redirection() {
                return Err(PostError::Redirect(status.as_u16()));
            }
            let (parts, body) = begun.response.into_parts();
            let body = answer::body(Response::new(body), max).await?;
            Ok(Response::from_parts(parts, body))
        };
        tokio::time::timeout(timeout, whole).await.map_err(|_| PostError::Late(timeout))?
    }
}

impl Target {
    fn exchange(&self, exchange: &Exchange) -> Result<Request<Full<Bytes>>, PostError> {
        let mut request = Request::builder()
            .method(exchange.method.clone())
            .uri(self.path.as_str())
            .header(HOST, self.authority.as_str())
            .header(USER_AGENT, concat!("cordboard/", env!("CARGO_PKG_VERSION")));
        if let Some(content_type) = &exchange.content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        let request = request.body(Full::new(exchange.body.clone()));
        request.map_err(|_| PostError::Url("it is no URL"))
    }
}
