//! `cordboard serve`: the server, until it is told to stop.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use api::setup::Setup;
use api::storage::Storage;
use api::{ApiLimits, AppState, Readiness};
use store::{RecordWriter, Secret, Store};
use switch::Clock;
use switch::journal::Health;
use tokio::sync::watch;

use crate::acme::{Acme, Pace};
use crate::keeper::Keeper;
use crate::library::Library;
use crate::listeners::{Beside, Listeners};
use crate::oidc::Oidc;
use crate::outbox::schedule::Schedule;
use crate::outbox::{Outbox, carriers, mails};
use crate::prompts::LivePrompts;
use crate::provision::{LiveProvisioner, Takeover};
use crate::queue_log::{self, QueueLog};
use crate::settings::Settings;
use crate::tls::Tls;
use crate::trunk_tests::LiveTrunkTests;
use crate::webhooks::live::LiveWebhooks;
use crate::webhooks::{Hooks, Shared};
use crate::wiring::{self, SwitchThread};
use crate::{metrics, phone_socket, signals, talks, telemetry};

/// A running server.
pub(crate) struct Server {
    pub(crate) http: SocketAddr,
    pub(crate) https: Option<SocketAddr>,
    pub(crate) switch: SwitchThread,
    pub(crate) store: Store,
    /// What the owner's set-up link ends with, if there is no owner yet.
    pub(crate) setup_token: Option<String>,
    takeover: Arc<Takeover>,
    readiness: Readiness,
    records: Arc<RecordWriter>,
    outboxes: Vec<Outbox>,
    schedule: Schedule,
    hooks: Hooks,
    queue_log: Option<Arc<queue_log::Writer>>,
    tls: Option<Arc<Tls>>,
    acme: Option<(Arc<Acme>, tokio::task::JoinHandle<()>)>,
    stop_http: watch::Sender<bool>,
    http_task: tokio::task::JoinHandle<()>,
}

/// Runs the server until SIGTERM or two SIGINT.
pub(crate) fn run(settings: &Settings) -> Result<()> {
    telemetry::start(settings);
    crate::limits::raise_open_files();
    runtime()?.block_on(async {
        let store = open(settings).await?;
        let server = Server::start(settings, store).await?;
        announce(settings, &server)?;
        let orders = signals::Orders::listen().context("signals cannot be heard")?;
        server.run(settings, orders).await
    })
}

/// The runtime for HTTP and the database; calls have a thread of their own.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the server's threads cannot be started")
}

/// Opens the data directory and keeps the owner's login as set.
pub(crate) async fn open(settings: &Settings) -> Result<Store> {
    let store = Store::open(&settings.data_dir).await?.with_default_limits(settings.domain_limits);
    store.set_mails(settings.sends_mails());
    if let (Some(email), Some(password)) = (&settings.owner_email, &settings.owner_password) {
        store.set_owner(email, &Secret::new(password)).await.context("the owner's login cannot be kept")?;
    }
    Ok(store)
}

/// All sounds, without what a change of prompts or a crash has left.
async fn library(settings: &Settings, store: &Store) -> Result<Arc<Library>> {
    match store.sweep_sounds().await {
        Ok(0) => {}
        Ok(swept) => tracing::info!(swept, "sounds that no prompt names any more were removed"),
        Err(error) => tracing::warn!(%error, "sounds that no prompt names any more were not looked for"),
    }
    Library::open(settings, store.clone())
}

/// Lets an authority be asked, once HTTP is there: it comes and looks.
fn asks(acme: Arc<Acme>) -> (Arc<Acme>, tokio::task::JoinHandle<()>) {
    (acme.clone(), tokio::spawn(acme.run()))
}

impl Server {
    /// Starts everything; when it returns, calls are taken.
    pub(crate) async fn start(settings: &Settings, store: Store) -> Result<Self> {
        let (readiness, metrics) = (Readiness::default(), metrics::start()?);
        let (has_owner, tls) = (store.has_owner().await?, Tls::of(settings)?);
        let acme = Acme::open(settings, tls.as_ref(), Pace::default())?;
        let (setup, setup_token) = if has_owner { (Setup::none(), None) } else { link() };
        let listeners = Listeners::bind(settings, has_owner, tls.as_ref()).await?;
        let (address, https) = (listeners.http, listeners.https);
        let library = library(settings, &store).await?;
        let records = Arc::new(RecordWriter::start(store.clone()));
        let (mailer, client) = (mails::mailer(settings)?, wiring::client(settings)?);
        let sink = Box::new(Keeper::new(records.clone(), mailer.is_some()));
        let (sink, queue_log) = QueueLog::before(sink, settings.queue_log_file.as_deref())?;
        let talks = talks::start(wiring::recordings(settings), settings.recordings_keep_days);
        let (switch, studio) =
            wiring::start_switch(settings, &store, &library, sink, (client.clone(), address), tls.as_ref())
                .await?;
        let webhooks = Shared::new(store.clone(), client.clone(), Clock::start());
        let web = web_address(settings, address);
        let sso = Oidc::of(settings, &web, &client);
        let storage: Arc<dyn Storage> = Arc::new(api::storage::Stored::new(store.clone(), records.clone()));
        let outboxes =
            carriers::start(settings, (&store, &storage, &records), &switch, (mailer, client, web));
        let takeover = Arc::new(Takeover::new(store.clone(), library, switch.control.clone()));
        let schedule = Schedule::start(store.clone(), takeover.changes());
        let hooks = Hooks::start(webhooks.clone(), switch.handle.clone(), takeover.changes());
        let prompts = LivePrompts { takeover: takeover.clone() };
        tokio::spawn(studio.run(prompts.clone()));
        let state = AppState {
            switch: switch.handle.clone(),
            recordings: wiring::recordings(settings),
            talks,
            storage,
            provisioner: Arc::new(LiveProvisioner { takeover: takeover.clone() }),
            prompts: Arc::new(prompts),
            webhooks: Arc::new(LiveWebhooks::new(webhooks)),
            trunks: Arc::new(LiveTrunkTests::new(switch.control.clone())),
            sso,
            phone_socket: settings.sip_websocket.then_some(phone_socket::PATH),
            setup,
            clock: Clock::start(),
            readiness: readiness.clone(),
            metrics: Arc::new(move || metrics.render()),
            version: env!("CARGO_PKG_VERSION"),
            limits: ApiLimits::default(),
        };
        let (stop_http, stopping) = watch::channel(false);
        let phones = settings.sip_websocket.then(|| (switch.door.clone(), takeover.changes()));
        let beside = Beside::of(settings, phones, acme.as_ref(), https);
        let http_task = listeners.serve(state, beside, stopping);
        let acme = acme.map(asks);
        is_ready(&readiness, &switch);
        Ok(Self {
            http: address,
            https,
            switch,
            store,
            setup_token,
            takeover,
            readiness,
            records,
            outboxes,
            schedule,
            hooks,
            queue_log,
            tls,
            acme,
            stop_http,
            http_task,
        })
    }

    /// Serves until it is told to stop, then lets calls end.
    pub(crate) async fn run(self, settings: &Settings, mut orders: signals::Orders) -> Result<()> {
        loop {
            match orders.next().await {
                signals::Order::Reload => self.reload().await,
                signals::Order::Drain => {
                    self.drain(settings.drain_timeout, &mut orders).await;
                    break;
                }
                signals::Order::Stop => break,
            }
        }
        self.stop().await
    }

    /// Takes over provisioning, and opens anew what may have been moved away.
    async fn reload(&self) {
        if let Some(log) = &self.queue_log {
            log.reopen();
        }
        if let Some(tls) = &self.tls {
            tls.look();
        }
        if let Some((acme, _)) = &self.acme {
            acme.try_now();
        }
        match self.takeover.all().await {
            Ok(()) => tracing::info!("provisioning taken over"),
            Err(error) => tracing::error!(%error, "provisioning was not taken over; the old one goes on"),
        }
    }

    /// No new calls; waits until the live ones have ended, the time is up, or somebody insists.
    async fn drain(&self, longest: Duration, orders: &mut signals::Orders) {
        self.readiness.not_ready("draining");
        let deadline = tokio::time::Instant::now() + longest;
        let mut look = tokio::time::interval(Duration::from_millis(200));
        tracing::info!(seconds = longest.as_secs(), "no new calls; waiting for live ones to end");
        loop {
            tokio::select! {
                _ = look.tick() => match self.switch.handle.drain().await {
                    Ok(calls) if calls > 0 => {}
                    Ok(_) | Err(_) => return,
                },
                () = tokio::time::sleep_until(deadline) => {
                    tracing::warn!("the time for live calls is up; ending them");
                    return;
                }
                order = orders.next() => if matches!(order, signals::Order::Stop) { return },
            }
        }
    }

    /// Stops everything in order: calls, HTTP, records, database.
    pub(crate) async fn stop(self) -> Result<()> {
        self.readiness.not_ready("stopping");
        self.schedule.stop().await;
        for outbox in self.outboxes {
            outbox.stop().await;
        }
        self.switch.stop().await;
        // After the switch: what it said at its end is written before this ends.
        self.hooks.stop().await;
        if let Some(log) = &self.queue_log {
            log.stop();
        }
        if let Some((_, asking)) = &self.acme {
            asking.abort();
        }
        let _all_gone = self.stop_http.send(true);
        // Event sockets may stay open for long; a short moment is enough for plain requests.
        let aborter = self.http_task.abort_handle();
        if tokio::time::timeout(Duration::from_secs(2), self.http_task).await.is_err() {
            aborter.abort();
        }
        let kept = self.records.shutdown().await;
        if kept.waiting > 0 || kept.lost > 0 {
            tracing::error!(waiting = kept.waiting, lost = kept.lost, "call records could not be kept");
        }
        self.store.close().await;
        tracing::info!("stopped");
        Ok(())
    }
}

/// What links to this server begin with; a warning if they lead nowhere for other machines.
fn web_address(settings: &Settings, listening: SocketAddr) -> String {
    let web = settings.web_address(listening);
    let given = settings.sends_mails() || settings.oidc_issuer.is_some();
    if given && settings.http_public_url.is_none() && listening.ip().is_unspecified() {
        tracing::warn!(
            web,
            "`http.public_url` is not set: links in mails and from the provider lead to this machine only"
        );
    }
    web
}

/// From now on calls are taken.
fn is_ready(readiness: &Readiness, switch: &SwitchThread) {
    readiness.ready();
    tokio::spawn(watch_journal(switch.journal.clone(), readiness.clone()));
}

/// Says so while the journal cannot be written, for then no new calls are taken. Ends with the switch.
async fn watch_journal(mut health: watch::Receiver<Health>, readiness: Readiness) {
    const REASON: &str = "the journal cannot be written";
    loop {
        match *health.borrow_and_update() {
            Health::Good => readiness.settled(REASON),
            Health::Failing => readiness.not_ready(REASON),
        }
        if health.changed().await.is_err() {
            return;
        }
    }
}

/// By which the owner can be set up, and what its link ends with.
fn link() -> (Setup, Option<String>) {
    let (setup, token) = Setup::start();
    (setup, Some(token))
}

fn announce(settings: &Settings, server: &Server) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "Cordboard {} serves", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "  web and API   http://{}/", server.http)?;
    if let Some(https) = server.https {
        let has_none = server.tls.as_ref().is_some_and(|tls| tls.current().is_none());
        let yet = if has_none { "  (no certificate yet: see the log)" } else { "" };
        writeln!(out, "  with TLS      https://{https}/{yet}")?;
    }
    writeln!(out, "  SIP           {}", server.switch.listening.join(", "))?;
    writeln!(out, "  data          {}", settings.data_dir.display())?;
    if let Some(token) = &server.setup_token {
        writeln!(
            out,
            "  No owner yet: HTTP listens on this machine only, until the first start with an owner."
        )?;
        writeln!(out, "  set up the owner at http://{}/setup#{token}", server.http)?;
        writeln!(
            out,
            "  (the link works once; CORDBOARD_OWNER_EMAIL and CORDBOARD_OWNER_PASSWORD do the same)"
        )?;
    }
    out.flush().context("standard output is closed")
}
