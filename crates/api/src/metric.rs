//! The interface's own figures.

use std::time::Duration;

/// Requests answered, by method, route and status.
const REQUESTS: &str = "cordboard_http_requests_total";
/// How long they took, by route.
const REQUEST_SECONDS: &str = "cordboard_http_request_seconds";
/// Open event sockets.
const SOCKETS: &str = "cordboard_event_sockets";
/// Messages sent on event sockets.
const MESSAGES: &str = "cordboard_event_messages_total";
/// Event sockets that could not keep up and had to resume.
const LAGGED: &str = "cordboard_event_sockets_lagged_total";
/// Logins, by outcome.
const LOGINS: &str = "cordboard_logins_total";

/// A request was answered. `route` is the pattern, never the path itself.
pub(crate) fn request(method: &'static str, route: &str, status: u16, took: Duration) {
    let route = route.to_owned();
    metrics::counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!(REQUEST_SECONDS, "route" => route).record(took.as_secs_f64());
}

/// The number of open event sockets changed.
pub(crate) fn sockets(open: usize) {
    #[expect(clippy::cast_precision_loss, reason = "bounded by a limit of some thousand")]
    metrics::gauge!(SOCKETS).set(open as f64);
}

/// A message went out on an event socket.
pub(crate) fn message() {
    metrics::counter!(MESSAGES).increment(1);
}

/// An event socket could not keep up.
pub(crate) fn lagged() {
    metrics::counter!(LAGGED).increment(1);
}

/// A login was tried.
pub(crate) fn login(outcome: &'static str) {
    metrics::counter!(LOGINS, "outcome" => outcome).increment(1);
}
