//! One socket, from its opening to its end.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::ConnectInfo;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;
use switch::{Published, Snapshot};
use tokio::time::{Interval, MissedTickBehavior, interval, timeout, timeout_at};

use super::super::login::{Credentials, identify};
use super::command::{Command, Wanted, answer};
use super::scope::{About, Scope};
use super::story::Story;
use super::words;
use crate::auth::{Login, still_good, within_budget};
use crate::live::feed::until;
use crate::live::relay::{self, Listener};
use crate::live::seats::Seat;
use crate::live::socket::{Close, LOGIN_ENDED, close, own_page};
use crate::metric;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::storage::Grant;
use crate::v1::auth::login::Peer;

/// Most bytes of a command: some thousand numbers.
const COMMAND_BYTES_MAX: usize = 16 * 1024;
/// How long a socket may be open without a login.
const AUTH_TIME: Duration = Duration::from_secs(15);
/// Most wrong logins on one socket.
const AUTH_TRIES: u32 = 3;

/// Follows what happens, as PortSIP's WSI does
///
/// A WebSocket. First `{"command":"auth","username","password","domain"}`, or `extension_number` in place of the user name,
/// where the password is that of the agent's web login; then `subscribe` and `unsubscribe` with `topics` and the `queues` or
/// `extensions` that they are about. Each command is answered with its `status`, 0 or -1 with an `error`. An agent follows
/// her own queues and her own extension; supervisors and above all of them, and `queue_management_events` and `cdr_events`;
/// admins and above `extension_management_events`.
#[utoipa::path(
    get, path = "/wsi", tag = "portsip", operation_id = "ps_wsi",
    responses((status = 101, description = "The socket is open")),
    security(()),
    extensions(("x-problems" = json!(["upgrade_required", "origin_refused", "too_many_sockets", "busy"])))
)]
pub(crate) async fn wsi(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| Problem::plain(ProblemKind::UpgradeRequired))?;
    if !own_page(&headers) {
        return Err(Problem::plain(ProblemKind::OriginRefused));
    }
    // Until it says who it is, an address stands for the login.
    let address = peer.as_ref().map(|Extension(ConnectInfo(peer))| peer.ip());
    let seat = app.seats.take(&format!("address {:?}", address.map(|ip: IpAddr| ip.to_canonical())))?;
    let upgrade = upgrade.max_message_size(COMMAND_BYTES_MAX).max_frame_size(COMMAND_BYTES_MAX);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let line = Line { socket, app, heard_at: Instant::now(), commands: 0 };
        line.run(peer, seat).await;
    }))
}

/// The connection.
struct Line {
    socket: WebSocket,
    app: App,
    heard_at: Instant,
    /// Commands so far, to number the answers.
    commands: u64,
}

/// A socket that has said who it is.
struct Following {
    line: Line,
    login: Login,
    scope: Scope,
    story: Story,
    _seat: Seat,
}

impl Line {
    async fn run(mut self, peer: Peer, seat: Seat) {
        let login = match self.authenticate(peer).await {
            Ok(login) => login,
            Err(end) => return self.close(end).await,
        };
        drop(seat);
        let (app, token) = (self.app.clone(), login.token.clone());
        let identity = login.grant.identity.clone();
        let limits = app.budgets.limits(&app.switch, identity.tenant).await;
        let name = format!("{} {:?}", identity.tenant, identity.agent);
        match app.seats.take_in(&name, (identity.tenant, &limits)) {
            Ok(seat) => Following::run(self, login, seat).await,
            Err(_) => self.close(Some((close_code::AGAIN, "this user has too many sockets open"))).await,
        }
        // Made for this socket alone. If the database does not answer, the token's own time ends it.
        if let Err(error) = app.storage.token_end(&token).await {
            tracing::warn!(%error, "the login of a closed socket could not be ended");
        }
    }

    /// Waits until it says who it is.
    async fn authenticate(&mut self, peer: Peer) -> Result<Login, Close> {
        let deadline = tokio::time::Instant::now() + AUTH_TIME;
        let mut tries = 0;
        loop {
            let late = |_| Some((close_code::POLICY, "nobody has logged in"));
            let said = timeout_at(deadline, self.socket.recv()).await.map_err(late)?;
            let Some(text) = self.text(said)? else { continue };
            let (name, result) = match Command::read(&text) {
                Ok(Command::Auth(credentials)) => ("auth", log_in(&self.app, &peer, credentials).await),
                Ok(other) => (other.name(), Err("log in with `auth` first".to_owned())),
                Err(error) => ("", Err(error)),
            };
            self.answer(name, result.as_ref().map(|_| ()).map_err(String::as_str)).await?;
            if let Ok(login) = result {
                return Ok(login);
            }
            tries += 1;
            if tries >= AUTH_TRIES {
                return Err(Some((close_code::POLICY, "nobody has logged in")));
            }
        }
    }

    /// What was said, if it is a text; an end if nobody is there any more.
    fn text(&mut self, said: Option<Result<Message, axum::Error>>) -> Result<Option<Utf8Bytes>, Close> {
        let Some(Ok(message)) = said else { return Err(None) };
        self.heard_at = Instant::now();
        match message {
            Message::Close(_) => Err(None),
            Message::Text(text) => Ok(Some(text)),
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) => Ok(None),
        }
    }

    async fn answer(&mut self, command: &str, result: Result<(), &str>) -> Result<(), Close> {
        self.commands += 1;
        let message = answer(command, self.commands, result);
        self.tell(&message).await
    }

    async fn tell(&mut self, message: &Value) -> Result<(), Close> {
        metric::message();
        self.send(Message::Text(message.to_string().into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), Close> {
        match timeout(self.app.limits.send_timeout, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            // Gone, or it takes nothing any more: there is nobody to say a reason to.
            Ok(Err(_)) | Err(_) => Err(None),
        }
    }

    async fn close(&mut self, end: Close) {
        let Some((code, reason)) = end else { return };
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        // It may be gone by now, and then there is nobody to tell.
        let _gone = self.send(Message::Close(Some(frame))).await;
    }
}

impl Following {
    async fn run(mut line: Line, login: Login, seat: Seat) {
        let tenant = login.grant.identity.tenant;
        let (story, mut events) = match begin(&line.app, tenant).await {
            Ok((snapshot, events)) => (Story::new(&snapshot), events),
            Err(end) => return line.close(end).await,
        };
        let scope = Scope::new(login.grant.identity.clone());
        let mut following = Self { line, login, scope, story, _seat: seat };
        let mut ticks = interval(following.line.app.limits.ping_interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick is due at once; there is nothing to ask yet.
        ticks.tick().await;
        let end = loop {
            if let ControlFlow::Break(end) = following.follow(&mut ticks, &mut events).await {
                break end;
            }
            // Too slow: everything that is followed is told anew.
            metric::lagged();
            match following.anew(tenant).await {
                Ok(newer) => events = newer,
                Err(end) => break end,
            }
        };
        following.line.close(end).await;
    }

    /// Tells what comes, until the subscription ends by itself because its reader was too slow.
    async fn follow(&mut self, ticks: &mut Interval, events: &mut Listener) -> ControlFlow<Close> {
        let login_ends = until(&self.line.app, self.login.grant.expires_at);
        tokio::pin!(login_ends);
        loop {
            let result = tokio::select! {
                published = events.recv() => match published {
                    Some(published) => self.take(&published).await,
                    None => return ControlFlow::Continue(()),
                },
                said = self.line.socket.recv() => self.hear(said, events).await,
                _ = ticks.tick() => self.check().await,
                () = &mut login_ends => Err(LOGIN_ENDED),
            };
            if let Err(end) = result {
                return ControlFlow::Break(end);
            }
        }
    }

    async fn take(&mut self, published: &Arc<Published>) -> Result<(), Close> {
        self.scope.look(&published.directory);
        for message in self.story.take(published, &self.scope) {
            self.line.tell(&message).await?;
        }
        Ok(())
    }

    async fn hear(
        &mut self,
        said: Option<Result<Message, axum::Error>>,
        events: &mut Listener,
    ) -> Result<(), Close> {
        let Some(text) = self.line.text(said)? else { return Ok(()) };
        match Command::read(&text) {
            Ok(Command::Subscribe(wanted)) => self.subscribe(&wanted, events).await,
            Ok(Command::Unsubscribe(wanted)) => {
                self.scope.unsubscribe(&wanted);
                self.line.answer("unsubscribe", Ok(())).await
            }
            Ok(Command::Auth(_)) => self.line.answer("auth", Err("logged in already")).await,
            Err(error) => self.line.answer("", Err(&error)).await,
        }
    }

    /// Follows more, and tells at once how that stands.
    async fn subscribe(&mut self, wanted: &Wanted, events: &mut Listener) -> Result<(), Close> {
        let tenant = self.login.grant.identity.tenant;
        if let Err(problem) = within_budget(&self.line.app, &self.login.grant.identity).await {
            return self.line.answer("subscribe", Err(&problem.detail)).await;
        }
        let snapshot = match self.line.app.switch.whole().snapshot(tenant).await {
            Ok(snapshot) => snapshot,
            Err(error) => return self.line.answer("subscribe", Err(&error.to_string())).await,
        };
        // Whatever is in the snapshot was published before, and is told before it.
        while self.story.seq < snapshot.seq {
            let Some(published) = events.recv().await else { break };
            self.take(&published).await?;
        }
        let before = self.scope.clone();
        if let Err(error) = self.scope.subscribe(wanted, &snapshot.directory) {
            return self.line.answer("subscribe", Err(&error)).await;
        }
        self.line.answer("subscribe", Ok(())).await?;
        self.stand(&self.scope.since(&before), &snapshot).await
    }

    /// Begins again with everything as it stands.
    async fn anew(&mut self, tenant: model::TenantId) -> Result<Listener, Close> {
        let (snapshot, events) = begin(&self.line.app, tenant).await?;
        self.story = Story::new(&snapshot);
        self.stand(&self.scope.clone(), &snapshot).await?;
        Ok(events)
    }

    /// Tells how what is followed stands.
    async fn stand(&mut self, scope: &Scope, snapshot: &Snapshot) -> Result<(), Close> {
        let directory = &snapshot.directory;
        let tenant = directory.tenant.id;
        if scope.wants(About::Queues, directory) {
            for queue in directory.queues.values() {
                let message = words::queue_managed("queue_created", tenant, queue.number.as_str());
                self.line.tell(&message).await?;
            }
        }
        let mut named = snapshot.clone();
        named.agents.retain(|view| scope.names(view.agent, directory));
        for number in &scope.queues {
            let Some(queue) = directory.queue(number) else { continue };
            if scope.wants(About::Queue(number), directory) {
                // A line that cannot be asked for is told as it changes.
                let line = self.line.app.switch.whole().waiting(tenant, queue.id).await.unwrap_or_default();
                self.line.tell(&words::queue_status(&named, queue, &line)).await?;
            }
        }
        let numbers: BTreeSet<&String> = scope.extensions.iter().collect();
        for number in numbers {
            if scope.wants(About::Extension(number), directory) {
                let phone = self.story.phone(number);
                let message = words::extension_status(directory, number, phone, snapshot.at);
                self.line.tell(&message).await?;
            }
        }
        Ok(())
    }

    async fn check(&mut self) -> Result<(), Close> {
        if self.line.heard_at.elapsed() > self.line.app.limits.silence_max {
            return Err(Some((close_code::AWAY, "nothing was heard of you")));
        }
        if !still_good(&self.line.app, &self.login).await {
            return Err(LOGIN_ENDED);
        }
        self.line.send(Message::Ping(axum::body::Bytes::new())).await
    }
}

async fn log_in(app: &App, peer: &Peer, credentials: Credentials) -> Result<Login, String> {
    let made = identify(app, *peer, credentials).await;
    let (identity, made) = made.map_err(|problem| {
        if problem.kind == ProblemKind::BadCredentials {
            "username, extension, domain or password error".to_owned()
        } else {
            problem.detail
        }
    })?;
    if identity.factor_due {
        let _kept_by_its_time = app.storage.token_end(&made.token).await;
        return Err(ProblemKind::SecondFactorDue.advice().to_owned());
    }
    let grant = Grant { identity, expires_at: Some(made.expires_at), session: None };
    let from = peer.as_ref().map(|Extension(ConnectInfo(peer))| peer.ip().to_canonical());
    Ok(Login { grant, token: made.token, from })
}

/// Everything as it stands, and what comes.
async fn begin(app: &App, tenant: model::TenantId) -> Result<(Snapshot, Listener), Close> {
    let begun = relay::follow(app, tenant, None).await.map_err(close)?;
    let relay::Following { snapshot, missed: _, events } = begun;
    let snapshot = snapshot.ok_or(Some((close_code::AGAIN, "too much to do")))?;
    Ok((snapshot, events))
}
