//! What every answer carries, whatever happened: a request id, safe headers, a problem document instead of any
//! bare error, and a count in the metrics. A panic in a handler ends here, as one 500.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use rand::RngCore;

use crate::doors;
use crate::metric;
use crate::problem::{Problem, ProblemKind};

/// The header that carries the request's id, both ways.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Most characters of an id that the client chose.
const REQUEST_ID_LENGTH_MAX: usize = 64;

/// Runs a request and finishes its answer.
pub(crate) async fn finish(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers());
    let method = method_name(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let mut response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!(request.id = %id, %method, %route, "a handler panicked");
            Problem::plain(ProblemKind::Internal).into_response()
        }
    };
    response = as_problem(response, &id, route);
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let status = response.status().as_u16();
    metric::request(method, route, status, started.elapsed());
    tracing::debug!(request.id = %id, %method, %route, status, "answered");
    response
}

/// The client's own id if it is harmless, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let harmless = |id: &&str| {
        (1..=REQUEST_ID_LENGTH_MAX).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    headers
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .filter(harmless)
        .map_or_else(|| format!("{:016x}", rand::rng().next_u64()), str::to_owned)
}

/// Writes out a problem, in the words of the door that was asked, and makes one of any error that a library answered
/// by itself.
fn as_problem(mut response: Response, id: &str, route: &str) -> Response {
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if response.status().is_client_error() || response.status().is_server_error() => {
            Problem::of_status(response.status())
        }
        None => return response,
    };
    let retry_after = problem.retry_after;
    let (mut parts, _) = response.into_parts();
    let (kind, text) = match doors::of(route) {
        Some(door) => {
            parts.status = StatusCode::from_u16((door.status)(problem.kind)).unwrap_or(parts.status);
            ("application/json", (door.failure)(&problem, id).to_string())
        }
        None => ("application/problem+json", serde_json::to_string(&problem.body(id)).unwrap_or_default()),
    };
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Some(seconds) = retry_after {
        parts.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    Response::from_parts(parts, text.into())
}

/// A method's name; an invented one must not become a label.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_in_a_handler_is_one_500_and_says_nothing_of_its_cause() {
        let broken = get(async || -> &'static str { panic!("secret") });
        let router = Router::new().route("/", broken).layer(from_fn(finish));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), 500);
        let text = String::from_utf8(to_bytes(response.into_body(), 4_096).await.unwrap().to_vec()).unwrap();
        assert!(text.contains("/problems/internal") && !text.contains("secret"), "{text}");
    }

    #[test]
    fn an_id_of_the_client_is_kept_only_if_it_is_harmless() {
        let with = |text: &'static str| {
            request_id(&HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_static(text))]))
        };
        assert_eq!(with("job-7.1_a"), "job-7.1_a");
        assert_ne!(with("a b"), "a b");
        assert_eq!(with("").len(), 16);
    }
}
