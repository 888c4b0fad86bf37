//! One connection, from its greeting to its end.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Extension;
use axum::extract::ConnectInfo;
use model::{Directory, Right};
use switch::Snapshot;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout, timeout_at};

use super::story::Story;
use super::wire::{Action, Inbox, Packet};
use super::{answers, stopped};
use crate::auth::{Login, still_good, within_budget};
use crate::live::feed::until;
use crate::live::relay::{Following, Listener, follow};
use crate::state::App;
use crate::storage::{Grant, Identity};
use crate::v1::auth::login::{LoginBody, by_password};

/// What the client reads first.
const GREETING: &str = "Asterisk Call Manager/5.0.0\r\n";
/// How long a connection may be open without a login.
const AUTH_TIME: Duration = Duration::from_secs(15);
/// Bytes read at once.
const READ_BYTES: usize = 2 * 1024;

/// It is over: the other side is gone, or was told why.
struct Over;

/// The connection.
struct Line {
    socket: TcpStream,
    app: App,
    inbox: Inbox,
}

/// Serves a connection.
pub(super) async fn run(app: App, socket: TcpStream, peer: SocketAddr, stopping: watch::Receiver<bool>) {
    // Until it says who it is, an address stands for the login.
    let Ok(seat) = app.seats.take(&format!("address {:?}", Some(peer.ip().to_canonical()))) else { return };
    let mut line = Line { socket, app: app.clone(), inbox: Inbox::default() };
    let Ok(login) = line.log_in(peer).await else { return };
    drop(seat);
    let identity = &login.grant.identity;
    let limits = app.budgets.limits(&app.switch, identity.tenant).await;
    let name = format!("{} {:?}", identity.tenant, identity.agent);
    if let Ok(_seat) = app.seats.take_in(&name, (identity.tenant, &limits)) {
        // Whatever ended it, nobody is there any more.
        let _over = line.follow(&login, stopping).await;
    }
    // Made for this connection alone. If the database does not answer, the token's own time ends it.
    if let Err(error) = app.storage.token_end(&login.token).await {
        tracing::warn!(%error, "the login of a closed connection could not be ended");
    }
}

/// Whether she may see everybody's calls, as provisioned now. Of a part of them this protocol cannot tell.
fn may(identity: &Identity, directory: &Directory) -> bool {
    identity.may_now(Right::CallControl, directory) && identity.purview(directory).is_whole()
}

impl Line {
    async fn say(&mut self, text: &str) -> Result<(), Over> {
        let written = timeout(self.app.limits.send_timeout, self.socket.write_all(text.as_bytes())).await;
        if matches!(written, Ok(Ok(()))) { Ok(()) } else { Err(Over) }
    }

    /// Reads what there is; cancelling it loses nothing.
    async fn hear(&mut self) -> Result<(), Over> {
        let mut bytes = [0; READ_BYTES];
        match self.socket.read(&mut bytes).await {
            Ok(0) | Err(_) => Err(Over),
            Ok(count) => {
                self.inbox.push(bytes.get(..count).unwrap_or_default());
                Ok(())
            }
        }
    }

    /// Waits for the login. A wrong one, or anything else, is the last.
    async fn log_in(&mut self, peer: SocketAddr) -> Result<Login, Over> {
        self.say(GREETING).await?;
        let deadline = tokio::time::Instant::now() + AUTH_TIME;
        let action = loop {
            if let Some(action) = self.inbox.next().map_err(|_| Over)? {
                break action;
            }
            timeout_at(deadline, self.hear()).await.map_err(|_| Over)??;
        };
        let refused = |words: &str| Packet::response("Error").answers(&action).with("Message", words).text();
        if action.name() != "login" || action.get("authtype").is_some() {
            self.say(&refused("Permission denied")).await?;
            return Err(Over);
        }
        let text = |name| action.get(name).unwrap_or_default().to_owned();
        let body = LoginBody { email: text("username"), password: text("secret"), code: None };
        let made = by_password(&self.app, Some(Extension(ConnectInfo(peer))), "AMI", &body).await;
        let Ok((identity, made)) = made else {
            self.say(&refused("Authentication failed")).await?;
            return Err(Over);
        };
        let accepted =
            Packet::response("Success").answers(&action).with("Message", "Authentication accepted");
        let booted =
            Packet::event("FullyBooted").with("Privilege", "system,all").with("Status", "Fully Booted");
        let grant = Grant { identity, expires_at: Some(made.expires_at), session: None };
        let login = Login { grant, token: made.token, from: Some(peer.ip().to_canonical()) };
        let directory =
            self.app.switch.whole().provisioned(login.grant.identity.tenant).await.map_err(|_| Over);
        if directory.is_ok_and(|directory| may(&login.grant.identity, &directory)) {
            self.say(&(accepted.text() + &booted.text())).await?;
            return Ok(login);
        }
        let _kept_by_its_time = self.app.storage.token_end(&login.token).await;
        self.say(&refused("Authentication failed")).await?;
        Err(Over)
    }

    /// Tells what happens and answers what is asked, until either side ends it.
    async fn follow(&mut self, login: &Login, mut stopping: watch::Receiver<bool>) -> Result<(), Over> {
        let (snapshot, mut events) = self.begin(login).await?;
        let mut story = Story::new(&snapshot);
        let mut wanted = true;
        let mut ticks = interval(self.app.limits.ping_interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        let login_ends = until(&self.app, login.grant.expires_at);
        tokio::pin!(login_ends);
        loop {
            tokio::select! {
                published = events.recv() => match published {
                    Some(published) => {
                        let packets = story.take(&published);
                        if wanted && may(&login.grant.identity, &published.directory) {
                            self.tell(&packets).await?;
                        }
                    }
                    // It was too slow: what it missed it has missed, as in Asterisk.
                    None => {
                        let (snapshot, newer) = self.begin(login).await?;
                        (story, events) = (Story::new(&snapshot), newer);
                    }
                },
                heard = self.hear() => {
                    heard?;
                    while let Some(action) = self.inbox.next().map_err(|_| Over)? {
                        self.answer(login, &action, &mut wanted).await?;
                    }
                }
                _ = ticks.tick() => if !still_good(&self.app, login).await { return Err(Over) },
                () = &mut login_ends => return Err(Over),
                () = stopped(&mut stopping) => return Ok(()),
            }
        }
    }

    async fn begin(&self, login: &Login) -> Result<(Snapshot, Listener), Over> {
        let begun = follow(&self.app, login.grant.identity.tenant, None).await;
        let Following { snapshot, missed: _, events } = begun.map_err(|_| Over)?;
        Ok((snapshot.ok_or(Over)?, events))
    }

    async fn tell(&mut self, packets: &[Packet]) -> Result<(), Over> {
        if packets.is_empty() {
            return Ok(());
        }
        let text: String = packets.iter().map(Packet::text).collect();
        self.say(&text).await
    }

    async fn answer(&mut self, login: &Login, action: &Action, wanted: &mut bool) -> Result<(), Over> {
        let packets = match action.name().as_str() {
            "ping" => vec![Packet::response("Success").answers(action).with("Ping", "Pong")],
            "events" => {
                *wanted = !action.get("eventmask").is_some_and(|mask| mask.eq_ignore_ascii_case("off"));
                let word = if *wanted { "On" } else { "Off" };
                vec![Packet::response("Success").answers(action).with("Events", word)]
            }
            "logoff" => {
                let bye = Packet::response("Goodbye").answers(action).with("Message", "Goodbye");
                self.tell(&[bye]).await?;
                return Err(Over);
            }
            _ if let Err(problem) = within_budget(&self.app, &login.grant.identity).await => {
                vec![Packet::response("Error").answers(action).with("Message", problem.detail)]
            }
            _ => {
                let snapshot =
                    self.app.switch.whole().snapshot(login.grant.identity.tenant).await.map_err(|_| Over)?;
                let permitted = may(&login.grant.identity, &snapshot.directory);
                let list = if permitted { answers::list(action, &snapshot) } else { None };
                list.unwrap_or_else(|| {
                    let words = if permitted { "Invalid/unknown command" } else { "Permission denied" };
                    vec![Packet::response("Error").answers(action).with("Message", words)]
                })
            }
        };
        self.tell(&packets).await
    }
}
