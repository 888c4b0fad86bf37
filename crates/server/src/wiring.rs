//! Puts the parts together: store, media, the gateway's thread, HTTP.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use gateway::{Account, Control, DomainSettings, Gateway, GatewayConfig, GatewayEnds};
use media::{MediaConfig, MediaEvent, MediaPlane, Sounds};
use model::{Directory, TenantId, TrunkId};
use outbound::http::Client;
use sip::Door;
use sip_proto::register::HeartbeatLimits;
use store::Store;
use switch::journal::Health;
use switch::{Clock, EventSink, Handle, JournalPlace, Recordings, Switch, SwitchLimits};
use tokio::sync::{mpsc, oneshot, watch};

use crate::library::Library;
use crate::services::{self, Services};
use crate::settings::Settings;
use crate::studio::Studio;
use crate::tls::Tls;

/// Media events that may wait for the gateway. A key press is rare and a prompt's end too: this is minutes of them.
const MEDIA_EVENTS_MAX: usize = 65_536;
/// How long a trunk's host is looked up.
const LOOK_UP_MAX: Duration = Duration::from_secs(5);
/// Ids reserved at each start: more than a server can use between two.
const IDS_BLOCK: u64 = 1_000_000_000;

/// The thread that owns SIP, engines and legs, and the ways to ask it.
pub(crate) struct SwitchThread {
    pub(crate) handle: Handle,
    pub(crate) control: mpsc::Sender<Control>,
    /// Where connections of the HTTP listener are brought to SIP.
    pub(crate) door: Door,
    /// What is listened on for SIP: transport and address.
    pub(crate) listening: Vec<String>,
    /// How its journal is doing.
    pub(crate) journal: watch::Receiver<Health>,
    thread: std::thread::JoinHandle<()>,
}

impl SwitchThread {
    /// Ends all calls and the thread.
    pub(crate) async fn stop(self) {
        let (done, ended) = oneshot::channel();
        if self.control.send(Control::Stop(done)).await.is_ok() {
            // An error means that it has ended already.
            let _ended = ended.await;
        }
        if self.thread.join().is_err() {
            tracing::error!("the switch's thread had failed before it was stopped");
        }
    }
}

/// Starts media and the switch's thread with everything that is provisioned. What is recorded by phone to become
/// prompts is left to whoever can change provisioning.
pub(crate) async fn start_switch(
    settings: &Settings,
    store: &Store,
    library: &Library,
    sink: Box<dyn EventSink>,
    (client, http): (Client, SocketAddr),
    tls: Option<&Arc<Tls>>,
) -> Result<(SwitchThread, Studio)> {
    let first_id = store.reserve_ids(IDS_BLOCK).await.context("ids cannot be reserved")?;
    let switch = recover(settings, store, first_id, sink).await?;
    let journal = switch.journal_health().context("the switch has no journal")?;
    let mut domains = Vec::new();
    for tenant in store.domains().await.context("domains cannot be read")? {
        domains.push(domain_settings(store, library, tenant.id).await?);
    }
    let (service_asks, asked) = mpsc::channel(gateway::ASKS_MAX);
    let (answering, answers) = mpsc::channel(gateway::ASKS_MAX);
    let services = Services { client, store: store.clone(), clock: Clock::start() };
    tokio::spawn(services::run(services, asked, answering));
    let (takes, taken) = mpsc::channel(gateway::TAKES_MAX);
    let (keeping, kept) = mpsc::channel(gateway::TAKES_MAX);
    let (media_tx, media_rx) = mpsc::channel(MEDIA_EVENTS_MAX);
    let media = start_media(settings, media_tx)?;
    let config = GatewayConfig {
        digest: settings.sip_digest.clone(),
        nonce_secret: rand::random(),
        public_address: settings.sip_public_address,
        recordings: recordings(settings),
        services: service_asks,
        takes,
        websocket_port: settings.sip_websocket.then(|| http.port()),
        offers_srtp: settings.sip_offers_srtp,
        heartbeat: HeartbeatLimits { every: settings.sip_websocket_heartbeat, ..HeartbeatLimits::default() },
        expires_min: settings.sip_expires_min,
        first_id,
        seed: rand::random(),
    };
    let sockets = sip::Config {
        udp: settings.sip_udp.clone(),
        tcp: settings.sip_tcp.clone(),
        tls: secure(settings, tls)?,
        ..sip::Config::default()
    };
    let (handle, asks) = Handle::new();
    let (control, control_rx) = mpsc::channel(64);
    let (ready, bound) = oneshot::channel();
    let ends = GatewayEnds { asks, control: control_rx, media: media_rx, answers, kept };
    let thread = std::thread::Builder::new()
        .name("switch".into())
        .spawn(move || run_thread(config, sockets, media, switch, domains, ends, ready))
        .context("no thread can be started")?;
    let (listening, door) =
        bound.await.map_err(|_| anyhow!("the switch's thread ended before it had begun"))??;
    let studio = Studio { taken, kept: keeping };
    Ok((SwitchThread { handle, control, door, listening, journal, thread }, studio))
}

/// How SIP over TLS is served: on the runtime of HTTP, so that no call waits for a handshake.
fn secure(settings: &Settings, tls: Option<&Arc<Tls>>) -> Result<Option<sip::Tls>> {
    let Some(tls) = tls.filter(|_| !settings.sip_tls.is_empty()) else { return Ok(None) };
    let runtime = tokio::runtime::Handle::current();
    Ok(Some(sip::Tls { addrs: settings.sip_tls.clone(), config: tls.config(&[])?, runtime }))
}

/// The switch as its journal left it, at the database's side what was not kept yet.
async fn recover(
    settings: &Settings,
    store: &Store,
    first_id: u64,
    sink: Box<dyn EventSink>,
) -> Result<Switch> {
    let place = JournalPlace {
        folder: settings.data_dir.join("journal"),
        key: switch::journal::Key::new(store.journal_key()),
        settings: settings.journal,
        kept: store.kept_events().await.context("how far records were kept cannot be read")?,
    };
    let wall = Clock::start().now();
    // It reads files, and may have to wait for the database.
    let recovered = tokio::task::spawn_blocking(move || {
        Switch::recover(SwitchLimits::default(), first_id, sink, place, wall)
    });
    Ok(recovered.await.context("the recovery has failed")??)
}

fn run_thread(
    config: GatewayConfig,
    sockets: sip::Config,
    media: MediaPlane,
    switch: Switch,
    domains: Vec<DomainSettings>,
    ends: GatewayEnds,
    ready: oneshot::Sender<Result<(Vec<String>, Door)>>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _gone = ready.send(Err(error.into()));
            return;
        }
    };
    runtime.block_on(async move {
        let endpoint = match sip::Endpoint::bind(sockets).await {
            Ok(endpoint) => endpoint,
            Err(error) => {
                let mend =
                    "stop the program that uses it (is a server already running?) or set sip.udp, sip.tcp and sip.tls";
                let _gone = ready.send(Err(anyhow!("{error}; {mend}")));
                return;
            }
        };
        let listening =
            endpoint.local_addrs().iter().map(|(transport, at)| format!("{transport} {at}")).collect();
        let door = endpoint.door();
        let mut gateway = Gateway::new(config, endpoint, media, switch);
        for domain in domains {
            gateway.configure(domain);
        }
        let _gone = ready.send(Ok((listening, door)));
        gateway.run(ends).await;
    });
}

fn start_media(settings: &Settings, events: mpsc::Sender<MediaEvent>) -> Result<MediaPlane> {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = if settings.rtp_threads > 0 { settings.rtp_threads } else { processors };
    let bind = media_address(settings);
    let config = MediaConfig {
        bind,
        ports: settings.rtp_ports.clone(),
        workers,
        silence_timeout: settings.rtp_silence_timeout,
        limits: media::Limits {
            record_free_min: settings.voicemail_free_min << 20,
            ..media::Limits::default()
        },
    };
    let sink = move |event| {
        // What an endpoint has seen is for the log; to wake the switch for it would cost more than to write it.
        if let MediaEvent::Closed { endpoint, stats } = event {
            tracing::debug!(endpoint = endpoint.0, ?stats, "media endpoint closed");
            return;
        }
        if events.try_send(event).is_err() {
            metrics::counter!("cordboard_media_events_lost_total").increment(1);
            tracing::error!("the switch does not keep up with media: an event was lost");
        }
    };
    MediaPlane::start(config, Box::new(sink)).context("audio cannot be started; see rtp.ports")
}

/// Asks outside services.
pub(crate) fn client(settings: &Settings) -> Result<Client> {
    Client::new(settings.outbound_allow.clone()).map_err(|error| anyhow!("TLS cannot be used: {error}"))
}

/// Where messages and talks lie.
pub(crate) fn recordings(settings: &Settings) -> Recordings {
    Recordings::within(&settings.data_dir)
}

/// What can be played: the binary's own sounds, with those in the data directory laid over them.
pub(crate) fn sounds(settings: &Settings) -> Result<Sounds> {
    let folder = settings.data_dir.join("prompts");
    if !folder.is_dir() {
        return Ok(Sounds::embedded());
    }
    Sounds::load(&folder).context("a prompt cannot be used; mend or remove it")
}

/// Where audio is bound: if SIP listens on one address only, audio does too; else on every address, of both
/// families as soon as one of SIP's is IPv6.
fn media_address(settings: &Settings) -> IpAddr {
    let listening = || {
        let plain = settings.sip_udp.iter().chain(&settings.sip_tcp);
        plain.chain(&settings.sip_tls).map(SocketAddr::ip)
    };
    let every: IpAddr = if listening().any(|ip| ip.is_ipv6()) {
        std::net::Ipv6Addr::UNSPECIFIED.into()
    } else {
        std::net::Ipv4Addr::UNSPECIFIED.into()
    };
    let first = listening().next().unwrap_or(every);
    if listening().all(|ip| ip == first) { first } else { every }
}

/// Everything of one domain, with its trunks' hosts resolved.
pub(crate) async fn domain_settings(
    store: &Store,
    library: &Library,
    tenant: TenantId,
) -> Result<DomainSettings> {
    let directory = Arc::new(store.directory(tenant).await.context("a domain cannot be read")?);
    let accounts = store.accounts(tenant).await.context("the phones' secrets cannot be read")?;
    let accounts = accounts
        .into_iter()
        .map(|account| Account { extension: account.extension, secret: account.secret.reveal().to_owned() })
        .collect();
    let trunk_hosts = resolve(&directory).await;
    let sounds = library.of_domain(&directory.tenant).await.context("the domain's prompts cannot be read")?;
    Ok(DomainSettings { directory, accounts, trunk_hosts, sounds })
}

/// Looks up where trunks are. One that cannot be found is said so and has no way out; its calls still come in.
async fn resolve(directory: &Directory) -> BTreeMap<TrunkId, SocketAddr> {
    let mut found = BTreeMap::new();
    for trunk in directory.trunks.values() {
        match trunk_address(&trunk.host).await {
            Some(address) => {
                found.insert(trunk.id, address);
            }
            None => tracing::warn!(trunk = trunk.name, host = trunk.host, "the trunk's host is not found"),
        }
    }
    found
}

/// Where a trunk's `host[:port]` is, if it is found in time.
pub(crate) async fn trunk_address(host: &str) -> Option<SocketAddr> {
    let host = if host.contains(':') { host.to_owned() } else { format!("{host}:5060") };
    let looked_up = tokio::time::timeout(LOOK_UP_MAX, tokio::net::lookup_host(host)).await;
    looked_up.ok()?.ok()?.next()
}

/// Hands a domain's provisioning to the running switch.
pub(crate) async fn reload(
    store: &Store,
    library: &Library,
    control: &mpsc::Sender<Control>,
    tenant: TenantId,
) -> Result<()> {
    let settings = domain_settings(store, library, tenant).await?;
    let (done, taken) = oneshot::channel();
    control
        .send(Control::Domain(Box::new(settings), done))
        .await
        .map_err(|_| anyhow!("the switch is stopping"))?;
    taken.await.map_err(|_| anyhow!("the switch is stopping"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audio_is_bound_where_sip_listens_or_everywhere_in_its_families() {
        let bound = |listening: &[&str]| {
            let sip_udp = listening.iter().map(|at| at.parse().unwrap()).collect();
            media_address(&Settings { sip_udp, sip_tcp: Vec::new(), ..Settings::default() }).to_string()
        };
        assert_eq!(bound(&["127.0.0.1:5060", "127.0.0.1:5070"]), "127.0.0.1");
        assert_eq!(bound(&["[::1]:5060"]), "::1");
        assert_eq!(bound(&["127.0.0.1:5060", "192.0.2.1:5060"]), "0.0.0.0");
        assert_eq!(bound(&["127.0.0.1:5060", "[::1]:5060"]), "::");
        assert_eq!(bound(&[]), "0.0.0.0");
    }
}
