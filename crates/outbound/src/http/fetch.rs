//! What is fetched from a service that the operator has named: documents, and answers to forms.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Method, Request};

use super::{Client, PostError, Target, answer};

/// A GET, or a POST of a form.
#[derive(Clone)]
pub struct Fetch {
    /// Where.
    pub url: String,
    /// The form, encoded; none: it is a GET.
    pub form: Option<String>,
    /// What `Authorization` says.
    pub authorization: Option<String>,
    /// How long all may take, from the name to the last byte of the answer.
    pub timeout: Duration,
    /// Most bytes of the answer's body.
    pub answer_max: usize,
}

/// The whole of an answer, whatever it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Bytes,
}

impl Client {
    /// Fetches, and returns whatever is answered. A redirect is an error: it is not followed.
    ///
    /// # Errors
    /// [`PostError`] if there is no answer, or not all of it.
    pub async fn fetch(&self, fetch: Fetch) -> Result<Fetched, PostError> {
        let (timeout, max) = (fetch.timeout, fetch.answer_max);
        let whole = async {
            let begun = self.ask(&fetch.url, |target| target.fetch(&fetch)).await?;
            let status = begun.response.status();
            if status.is_redirection() {
                return Err(PostError::Redirect(status.as_u16()));
            }
            let body = answer::body(begun.response, max).await?;
            Ok(Fetched { status: status.as_u16(), body })
        };
        tokio::time::timeout(timeout, whole).await.map_err(|_| PostError::Late(timeout))?
    }
}

impl Target {
    fn fetch(&self, fetch: &Fetch) -> Result<Request<Full<Bytes>>, PostError> {
        let mut request = Request::builder()
            .uri(self.path.as_str())
            .header(HOST, self.authority.as_str())
            .header(USER_AGENT, concat!("cordboard/", env!("CARGO_PKG_VERSION")))
            .header(ACCEPT, "application/json");
        if let Some(authorization) = &fetch.authorization {
            request = request.header(AUTHORIZATION, authorization.as_str());
        }
        let request = match &fetch.form {
            None => request.method(Method::GET).body(Full::default()),
            Some(form) => request
                .method(Method::POST)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Full::new(Bytes::from(form.clone()))),
        };
        request.map_err(|_| PostError::Url("it is no URL"))
    }
}
