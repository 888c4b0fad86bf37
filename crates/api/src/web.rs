//! The web app, the document to read and try at `/docs`, and what the `type` of a problem leads to.
//!
//! Everything is in the binary and comes from this server; no page runs a script that is not one of these files.

mod app;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

pub(crate) use app::otherwise;

/// What the pages of the document may do: run our scripts, use our styles, talk to us; nothing else, and in nobody's
/// frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const ICON: &str = "image/svg+xml";

/// Path, type and content of each file of the document's pages; the icon is the app's too.
const FILES: [(&str, &str, &str); 4] = [
    ("/icon.svg", ICON, include_str!("web/icon.svg")),
    ("/docs", HTML, include_str!("web/docs.html")),
    ("/docs.js", SCRIPT, include_str!("web/docs.js")),
    ("/docs.css", STYLE, include_str!("web/docs.css")),
];

/// All of it that has a path of its own; [`otherwise`] serves the rest.
pub(crate) fn router() -> Router<App> {
    let mut router =
        Router::new().route("/v1/openapi.json", get(document)).route("/problems/{name}", get(explain));
    for (path, kind, content) in FILES {
        router = router.route(path, get(async move || file(kind, content)));
    }
    for path in app::PAGES {
        router = router.route(path, get(app::page));
    }
    router
}

fn file(kind: &'static str, content: &'static str) -> impl IntoResponse {
    let headers: [(HeaderName, &str); 3] =
        [(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-cache")];
    (headers, content)
}

async fn document(State(app): State<App>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")], app.document.clone())
}

/// What the `type` of a problem document leads to.
async fn explain(Path(name): Path<String>) -> Result<impl IntoResponse, Problem> {
    let kind = ProblemKind::named(&name).ok_or_else(|| {
        Problem::new(ProblemKind::NotFound, format!("there is no problem called `{}`", shown(&name)))
    })?;
    let text =
        format!("{}\nstatus {}\n\n{}\n\n{}\n", kind.reference(), kind.status(), kind.title(), kind.advice());
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text))
}
