//! What an authority finds when it looks whether a name is ours: HTTP-01 (RFC 8555 section 8.3).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::locked;

/// Where it looks.
const PATH: &str = "/.well-known/acme-challenge/{token}";
/// Longest token: they are 43 characters.
const TOKEN_MAX: usize = 256;

/// The answers to what an authority may ask at the moment: one for each name at most, while a certificate is asked for.
#[derive(Debug, Default)]
pub(crate) struct Challenges(pub(super) Mutex<BTreeMap<String, String>>);

/// Answers that are there as long as this is.
pub(super) struct Offered {
    challenges: Arc<Challenges>,
    tokens: Vec<String>,
}

impl Offered {
    pub(super) fn new(challenges: &Arc<Challenges>) -> Self {
        Self { challenges: challenges.clone(), tokens: Vec::new() }
    }

    /// Answers `token` with `answer`; false if it is no token.
    pub(super) fn put(&mut self, token: &str, answer: &str) -> bool {
        let fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if token.is_empty() || token.len() > TOKEN_MAX || !token.chars().all(fine) {
            return false;
        }
        locked(&self.challenges.0).insert(token.to_owned(), answer.to_owned());
        self.tokens.push(token.to_owned());
        true
    }
}

impl Drop for Offered {
    fn drop(&mut self) {
        let mut answers = locked(&self.challenges.0);
        for token in &self.tokens {
            answers.remove(token);
        }
    }
}

/// The path at which authorities look.
pub(crate) fn router(challenges: Arc<Challenges>) -> Router {
    Router::new().route(PATH, get(answer)).with_state(challenges)
}

async fn answer(State(challenges): State<Arc<Challenges>>, Path(token): Path<String>) -> Response {
    let found = locked(&challenges.0).get(&token).cloned();
    match found {
        Some(answer) => ([(CONTENT_TYPE, "application/octet-stream")], answer).into_response(),
        None => (StatusCode::NOT_FOUND, "no authority has been asked about this\n").into_response(),
    }
}

/// What `acme.listen` serves: the same path, and for everybody else the way to the page, which begins with `web` if
/// there is one with TLS.
pub(crate) fn listener_router(challenges: Arc<Challenges>, web: Option<String>) -> Router {
    let elsewhere = async move |uri: Uri| match &web {
        Some(web) => {
            let path = uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
            // Not kept for ever by browsers: the setting may change.
            (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, format!("{web}{path}"))]).into_response()
        }
        None => (StatusCode::NOT_FOUND, "here is nothing but answers for certificates\n").into_response(),
    };
    router(challenges).fallback(elsewhere)
}
