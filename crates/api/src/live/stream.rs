//! The events as Server-Sent Events (WHATWG HTML, 9.2), for clients that cannot or need not open a socket.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::unfold;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::feed::{End, Feed};
use super::seats::Seat;

/// The type of such a stream.
const MIME: &str = "text/event-stream";
/// Where a client that was cut off stopped.
const LAST_EVENT_ID: &str = "last-event-id";
/// After how long a client that was cut off comes back.
const RETRY: Duration = Duration::from_secs(2);

/// Whether the client wants a stream.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .any(|kind| kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(MIME)))
}

/// The last message that a client had before it was cut off.
pub(super) fn last_event(headers: &HeaderMap) -> Option<u64> {
    headers.get(LAST_EVENT_ID)?.to_str().ok()?.trim().parse().ok()
}

/// A stream that is open.
struct Line {
    feed: Feed,
    checks: Interval,
    begun: bool,
    over: bool,
    _seat: Seat,
}

/// The answer: each message is an event `message` with its number as id; the last one, `end`, says why.
pub(super) fn respond(feed: Feed, seat: Seat, check_every: Duration) -> Response {
    let mut checks = interval(check_every);
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let line = Line { feed, checks, begun: false, over: false, _seat: seat };
    let events = unfold(line, |mut line| async move {
        if line.over {
            return None;
        }
        let event = line.next().await;
        Some((Ok::<_, Infallible>(event), line))
    });
    let keep_alive = KeepAlive::new().interval(check_every);
    Sse::new(events).keep_alive(keep_alive).into_response()
}

impl Line {
    async fn next(&mut self) -> Event {
        let end = loop {
            tokio::select! {
                told = self.feed.next() => match told {
                    Ok(told) => {
                        let event = Event::default().id(told.seq.to_string()).data(told.text.as_str());
                        let first = !std::mem::replace(&mut self.begun, true);
                        return if first { event.retry(RETRY) } else { event };
                    }
                    Err(end) => break end,
                },
                _ = self.checks.tick() => if !self.feed.is_welcome().await {
                    break End::Login;
                },
            }
        };
        self.over = true;
        Event::default().event("end").data(end.reason())
    }
}
