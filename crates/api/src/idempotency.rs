//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): a request that is sent twice is done once.
//!
//! A client that got no answer sends the same request with the same key again, and gets the answer of the first.
//! What was done is kept for a day; a refusal changes nothing and is forgotten, so that asking again asks again.
//! The work goes on when its client has gone away: else the key would stand for something half done.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts as _, MatchedPath, Request, State};
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderName, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use store::idempotency::{Begun, KeptAnswer, Keyed};

use crate::auth::Login;
use crate::problem::{Problem, ProblemKind};
use crate::secret::hex;
use crate::state::App;

/// The header.
const KEY: &str = "idempotency-key";
/// Says that the answer is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Longest key, bytes.
const KEY_MAX: usize = 255;
/// Most bytes of an answer that is kept; none of ours to a POST comes near.
const ANSWER_BYTES_MAX: usize = 1 << 20;
/// Headers that belong to an answer.
const KEPT_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, ETAG, LOCATION];

/// The layer around all operations.
pub(crate) async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    let in_domain = |parts: &Request| {
        parts.extensions().get::<MatchedPath>().is_some_and(|path| path.as_str().contains("{domain}"))
    };
    if *request.method() != Method::POST || !request.headers().contains_key(KEY) || !in_domain(&request) {
        return next.run(request).await;
    }
    keyed(app, request, next).await.unwrap_or_else(Problem::into_response)
}

async fn keyed(app: App, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    // Who needs no login has nobody's requests to be told from.
    if app.rights.of_request(&parts).is_none() {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    }
    let login = Login::from_request_parts(&mut parts, &app).await?;
    // Before the answer of an earlier one is given: the right to it may be gone since.
    app.rights.check(&parts, &login.grant.identity)?;
    let bytes = whole(&app, body).await?;
    let keyed = Keyed {
        tenant: login.grant.identity.tenant,
        who: format!("{:?}", login.grant.identity.actor()),
        key: key(&parts.headers)?,
        request: hash(&parts, &bytes),
    };
    match app.storage.idempotency_begin(&keyed, app.clock.now()).await? {
        Begun::New => {}
        Begun::Done(answer) => return Ok(replayed(answer)),
        Begun::Unanswered => return Err(Problem::plain(ProblemKind::IdempotencyUnanswered)),
        Begun::OfAnother => return Err(Problem::plain(ProblemKind::IdempotencyMismatch)),
    }
    let request = Request::from_parts(parts, Body::from(bytes));
    let work = tokio::spawn(async move {
        let response = next.run(request).await;
        keep(&app, &keyed, response).await
    });
    work.await.map_err(|_| Problem::plain(ProblemKind::Internal))?
}

fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let text = headers.get(KEY).and_then(|key| key.to_str().ok()).unwrap_or_default().trim();
    // The draft's syntax is a quoted string; most clients send it bare.
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let text = bare.filter(|bare| !bare.is_empty()).unwrap_or(text);
    if (1..=KEY_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    let detail =
        format!("`Idempotency-Key` wants 1 to {KEY_MAX} visible ASCII characters, a UUID for example");
    Err(Problem::new(ProblemKind::InvalidParameter, detail))
}

/// The body, as long as any operation takes.
async fn whole(app: &App, body: Body) -> Result<Bytes, Problem> {
    let limit = app.limits.body_bytes_max.max(app.limits.provisioning_bytes_max);
    let arriving = tokio::time::timeout(app.limits.body_timeout, to_bytes(body, limit));
    let arrived = arriving.await.map_err(|_| Problem::plain(ProblemKind::TooSlow))?;
    arrived.map_err(|_| {
        let detail = format!("the body did not arrive whole, or has over {limit} bytes");
        Problem::new(ProblemKind::TooLarge, detail)
    })
}

fn hash(parts: &Parts, body: &[u8]) -> String {
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let hash = Sha256::new_with_prefix(path.as_bytes()).chain_update([0]).chain_update(body).finalize();
    hex(&hash)
}

async fn keep(app: &App, keyed: &Keyed, response: Response) -> Result<Response, Problem> {
    let status = response.status();
    if !status.is_success() {
        app.storage.idempotency_end(keyed, None).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_BYTES_MAX).await.map_err(|_| Problem::plain(ProblemKind::Internal))?;
    let header = |name: &HeaderName| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some((name.to_string(), value.to_owned()))
    };
    let answer = KeptAnswer {
        status: status.as_u16(),
        headers: KEPT_HEADERS.iter().filter_map(header).collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    // It is done, and the client hears so, even if the next one with its key will not.
    if let Err(error) = app.storage.idempotency_end(keyed, Some(&answer)).await {
        tracing::error!(%error, "an answer is not kept for its Idempotency-Key");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replayed(answer: KeptAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.remove(CONTENT_TYPE);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
