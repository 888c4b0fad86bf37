//! What one client is told, one message after the other, until her login ends: the same for sockets and streams.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use futures_util::FutureExt as _;
use model::Timestamp;
use switch::Published;

use super::filter::Part;
use super::relay::{Following, Listener, follow};
use crate::auth::{Access, still_good};
use crate::metric;
use crate::state::App;

/// Why a client is told nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Her login has ended, or may do less than it could.
    Login,
    /// The server is stopping.
    Stopping,
    /// The domain is gone.
    Domain,
    /// There is too much to do.
    Busy,
}

impl End {
    /// In words.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Login => "the login has ended",
            Self::Stopping => "the server is stopping",
            Self::Domain => "the domain is gone",
            Self::Busy => "too much to do",
        }
    }
}

/// One message.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// Its number.
    pub(super) seq: u64,
    /// JSON.
    pub(super) text: Utf8Bytes,
}

/// Where the messages come from.
struct Source {
    missed: VecDeque<Arc<Published>>,
    events: Listener,
}

/// The messages of one client.
pub(super) struct Feed {
    app: App,
    access: Access,
    part: Part,
    /// The last event that she has been told, or that was nothing for her.
    last: Option<u64>,
    source: Option<Source>,
    /// Her login's end: one timer for all messages.
    ends: Pin<Box<dyn Future<Output = ()> + Send + Sync>>,
}

impl Feed {
    /// Begins after `since`, if events from there on are still kept and all of them are hers; else with a snapshot.
    pub(super) fn new(app: App, access: Access, part: Part, since: Option<u64>) -> Self {
        let since = since.filter(|_| part.may_resume());
        let ends = Box::pin(until(&app, access.login().grant.expires_at));
        Self { app, access, part, last: since, source: None, ends }
    }

    /// The last event that is behind her; also one that was nothing for her.
    pub(super) const fn seq(&self) -> Option<u64> {
        self.last
    }

    /// The next message. To drop this before it is done loses none.
    pub(super) async fn next(&mut self) -> Result<Told, End> {
        tokio::select! {
            told = Self::read(&self.app, &self.access, &mut self.part, &mut self.last, &mut self.source) => told,
            () = &mut self.ends => Err(End::Login),
        }
    }

    /// The next message if it is there already.
    pub(super) fn ready(&mut self) -> Option<Result<Told, End>> {
        self.next().now_or_never()
    }

    async fn read(
        app: &App,
        access: &Access,
        part: &mut Part,
        last: &mut Option<u64>,
        source: &mut Option<Source>,
    ) -> Result<Told, End> {
        loop {
            let Some(from) = source else {
                let Following { snapshot, missed, events } = follow(app, access.tenant(), *last).await?;
                *source = Some(Source { missed: missed.into(), events });
                if let Some(snapshot) = snapshot {
                    *last = Some(snapshot.seq);
                    part.look(&snapshot.directory)?;
                    return Ok(Told { seq: snapshot.seq, text: part.snapshot(&snapshot).into() });
                }
                continue;
            };
            let published = match from.missed.pop_front() {
                Some(published) => published,
                None => match from.events.recv().await {
                    Some(published) => published,
                    // A reader that was too slow goes on where it stopped, or with a snapshot.
                    None => {
                        *source = None;
                        metric::lagged();
                        continue;
                    }
                },
            };
            let seq = published.seq;
            *last = Some(seq);
            part.look(&published.directory)?;
            let text = if part.is_all(&published.directory) {
                Some(app.rendered.of(access.tenant(), &published))
            } else {
                part.event(&published).map(Utf8Bytes::from)
            };
            if let Some(text) = text {
                metric::message();
                return Ok(Told { seq, text });
            }
        }
    }

    /// Whether her login still holds; to be asked now and then.
    pub(super) async fn is_welcome(&self) -> bool {
        still_good(&self.app, self.access.login()).await
    }
}

/// Waits until a login ends by itself; for ever if it does not.
pub(crate) fn until(app: &App, at: Option<Timestamp>) -> impl Future<Output = ()> + use<> {
    let at = at.map(|at| app.clock.instant(at));
    async move {
        match at {
            Some(at) => tokio::time::sleep_until(at.into()).await,
            None => std::future::pending().await,
        }
    }
}
