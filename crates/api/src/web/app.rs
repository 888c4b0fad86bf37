//! The web app as it lies in the binary: its files, packed where the client takes that, and its one page, which its
//! own router fills for every address.

use axum::extract::Request;
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY,
};
use axum::http::{HeaderMap, HeaderName, Method};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::RngCore as _;

use super::{HTML, ICON, SCRIPT, STYLE};
use crate::problem::{Problem, ProblemKind};

include!(concat!(env!("OUT_DIR"), "/app_files.rs"));

/// Addresses that others lead to (mails, providers, people who type): the page, whatever the client says it takes.
pub(super) const PAGES: [&str; 4] = ["/", "/login", "/setup", "/invitation"];

/// Where no page is, whatever a browser says it takes: the API, the doors, and files that are gone.
const NO_PAGES: [&str; 7] = ["/v1/", "/api/", "/ns-api/", "/wsi", "/problems/", "/assets/", "/sip"];

/// Files whose names change with their content.
const HASHED: &str = "/assets/";

/// Stands in the page for the word that lets its style sheets in.
const NONCE: &str = "%NONCE%";

/// What is said where the app was not built.
const UNBUILT: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Cordboard</title>\n\
    <link rel=\"stylesheet\" href=\"/docs.css\">\n</head>\n<body>\n<main>\n<h1>Cordboard</h1>\n\
    <p>This server was built without its web app. To have it, run <code>.ci/web</code> (it needs Node.js 20.19 or \
    later) in the source tree and build the server again; <code>make run</code> does both.</p>\n\
    <p>Everything that the app shows and does is also in the <a href=\"/docs\">API</a>.</p>\n</main>\n</body>\n</html>\n";

/// One file of the app.
struct File {
    path: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// The page of the app.
pub(super) async fn page() -> Response {
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    let nonce = STANDARD.encode(bytes);
    let headers = [
        (CONTENT_TYPE, HTML.to_owned()),
        (CONTENT_SECURITY_POLICY, policy(&nonce)),
        (CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, INDEX.unwrap_or(UNBUILT).replace(NONCE, &nonce)).into_response()
}

/// Whatever has no route: a file of the app, its page for a browser that asks for one, or nothing.
pub(crate) async fn otherwise(request: Request) -> Response {
    let path = request.uri().path();
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        if let Some(file) = FILES.iter().find(|file| file.path == path) {
            return file.answer(request.headers());
        }
        if wants_page(path, request.headers()) {
            return page().await;
        }
    }
    Problem::plain(ProblemKind::NotFound).into_response()
}

impl File {
    fn answer(&self, headers: &HeaderMap) -> Response {
        let cache =
            if self.path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
        let common: [(HeaderName, &str); 3] =
            [(CONTENT_TYPE, kind(self.path)), (CACHE_CONTROL, cache), (VARY, "accept-encoding")];
        let packed = [("br", self.brotli), ("gzip", self.gzip)];
        for (coding, bytes) in packed {
            if let Some(bytes) = bytes
                && takes(headers, coding)
            {
                return (common, [(CONTENT_ENCODING, coding)], bytes).into_response();
            }
        }
        (common, self.plain).into_response()
    }
}

/// What the page may do: run our scripts, use our style sheets and those that our scripts make in it, talk to us, play
/// what it has fetched. Text becomes markup by one policy only, which the app itself defines.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; \
         img-src 'self' data:; media-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"
    )
}

fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let html = headers
        .get_all(ACCEPT)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.to_ascii_lowercase().contains("text/html"));
    html && !NO_PAGES.iter().any(|prefix| path.starts_with(prefix))
}

/// Whether a client takes a coding (RFC 9110, 12.5.3): it names it, and not with a weight of nothing.
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
            named && !parts.any(|part| matches!(part.strip_prefix("q=").map(str::parse), Some(Ok(0.0_f32))))
        })
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => SCRIPT,
        "css" => STYLE,
        "svg" => ICON,
        "webmanifest" => "application/manifest+json",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "wav" => "audio/wav",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, axum::http::HeaderValue::from_static(value))])
    }

    #[test]
    fn a_coding_is_taken_when_it_is_named_and_not_ruled_out() {
        for (value, brotli, gzip) in [
            ("gzip, deflate, br, zstd", true, true),
            ("gzip;q=1.0, br;q=0", false, true),
            ("br; q=0.0, GZIP", false, true),
            ("identity", false, false),
            ("brotli", false, false),
        ] {
            let headers = with(ACCEPT_ENCODING, value);
            assert_eq!((takes(&headers, "br"), takes(&headers, "gzip")), (brotli, gzip), "{value}");
        }
        assert!(!takes(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn browsers_get_the_page_for_ways_of_the_app_only() {
        let browser = with(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        assert!(wants_page("/desk", &browser) && wants_page("/admin/queues/8000", &browser));
        for path in ["/v1/nothing", "/api/x", "/ns-api/v2", "/assets/gone.js", "/problems/x/y", "/sip"] {
            assert!(!wants_page(path, &browser), "{path}");
        }
        assert!(!wants_page("/desk", &with(ACCEPT, "*/*")) && !wants_page("/desk", &HeaderMap::new()));
    }

    #[test]
    fn every_page_has_a_word_of_its_own_for_its_styles() {
        assert!(policy("abc").contains("style-src 'self' 'nonce-abc';"));
        assert!(INDEX.is_none_or(|page| page.matches(NONCE).count() == 1));
    }
}
