//! `cordboard demo`: a server with an example domain and simulated people, alive within a minute.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use tokio::sync::oneshot;

use super::apply::{How, apply_text};
use super::serve::{Server, open, runtime};
use crate::demo::{DemoAgent, DemoPlan};
use crate::library::Library;
use crate::provision::Workshop;
use crate::settings::Settings;
use crate::{demo, signals, telemetry};

/// The example domain, as it lies in `examples/`.
const EXAMPLE: &str = include_str!("../../../../examples/acme.yaml");
/// The owner's login in the demo. The demo listens on this machine only and forgets everything.
const OWNER: (&str, &str) = ("owner@acme.test", "demo-owner");
/// Agents from the end of the example's list that are left to people who try their own phone.
const LEFT_FOR_PEOPLE: usize = 1;

/// How lively the demo is.
#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// The settings file (TOML).
    #[arg(long, value_name = "FILE")]
    config: Option<std::path::PathBuf>,
    /// Keeps the data in this directory, with the journal of the day for replays; else it is thrown away.
    #[arg(long, value_name = "DIR")]
    data: Option<std::path::PathBuf>,
    /// Mean seconds between callers.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    between_callers: u64,
    /// Most callers at once.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u16).range(0..=200))]
    callers_max: u16,
    /// Decides who calls when and who answers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Stops by itself after so many seconds; 0: runs until it is stopped.
    #[arg(long, default_value_t = 0)]
    seconds: u64,
}

/// Runs the demo until it is stopped.
pub(crate) fn run(args: &DemoArgs) -> Result<()> {
    let mut settings = Settings::read(args.config.as_deref(), std::env::vars())
        .map_err(|problems| anyhow::anyhow!("{}", problems[0]))?;
    if std::env::var_os("CORDBOARD_LOG_LEVEL").is_none() {
        settings.log_level = "warn".into();
    }
    telemetry::start(&settings);
    crate::limits::raise_open_files();
    let thrown_away = if args.data.is_none() { Some(throw_away_folder()?) } else { None };
    if let Some(folder) = args.data.as_ref().or(thrown_away.as_ref()) {
        settings.data_dir.clone_from(folder);
    }
    settings.owner_email = Some(OWNER.0.into());
    settings.owner_password = Some(OWNER.1.into());
    let result = runtime()?.block_on(play(args, &settings));
    if let Some(folder) = thrown_away {
        // What cannot be removed now the system clears later.
        let _removed = std::fs::remove_dir_all(&folder);
    }
    result
}

fn throw_away_folder() -> Result<std::path::PathBuf> {
    let folder = std::env::temp_dir().join(format!("cordboard-demo-{}", std::process::id()));
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("{} cannot be made; set TMPDIR to a writable folder", folder.display()))?;
    Ok(folder)
}

async fn play(args: &DemoArgs, settings: &Settings) -> Result<()> {
    let store = open(settings).await?;
    let library = Library::open(settings, store.clone())?;
    let workshop = Workshop { library: &library, folder: None };
    apply_text(&store, &workshop, ("examples/acme.yaml", EXAMPLE), &How::default()).await?;
    let tenant = store.domains().await?.first().cloned().context("the example has no domain")?;
    let directory = store.directory(tenant.id).await?;
    let accounts = store.accounts(tenant.id).await?;
    let server = Server::start(settings, store).await?;
    let sip = sip_address(settings);
    let mut agents: Vec<DemoAgent> = accounts
        .iter()
        .filter(|account| account.agent.is_some())
        .map(|account| DemoAgent {
            extension: account.extension.to_string(),
            secret: account.secret.reveal().to_owned(),
        })
        .collect();
    let spare = agents.split_off(agents.len().saturating_sub(LEFT_FOR_PEOPLE));
    let link = directory.agents.values().find_map(|agent| agent.call_link.as_ref());
    let link = link.map(|link| format!("http://{}/call/{}/{}", server.http, tenant.name, link.name));
    announce(&server, sip, (&agents, &spare), link.as_deref(), args.data.as_deref())?;
    let plan = DemoPlan {
        server: sip,
        domain: tenant.name,
        agents,
        numbers: directory.numbers.keys().cloned().collect(),
        between_callers: Duration::from_secs(args.between_callers),
        callers_max: args.callers_max.into(),
        seed: args.seed,
    };
    let (stop, stopped) = oneshot::channel();
    let people = std::thread::Builder::new()
        .name("demo".into())
        .spawn(move || people(plan, stopped))
        .context("no thread can be started")?;
    let orders = signals::Orders::listen().context("signals cannot be heard")?;
    wait(args.seconds, orders).await;
    let _gone = stop.send(());
    if !matches!(people.join(), Ok(Ok(()))) {
        tracing::warn!("the demo's people had stopped before they were told to");
    }
    server.stop().await
}

/// The people live on a thread of their own, like everybody who calls.
fn people(plan: DemoPlan, stopped: oneshot::Receiver<()>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let played = tokio::task::LocalSet::new().block_on(&runtime, demo::run(plan, stopped));
    if let Err(error) = &played {
        eprintln!("cordboard: the demo's people stopped: {error:#}");
    }
    played
}

async fn wait(seconds: u64, mut orders: signals::Orders) {
    let end = async {
        if seconds == 0 {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    };
    tokio::pin!(end);
    loop {
        tokio::select! {
            order = orders.next() => if order != signals::Order::Reload { return },
            () = &mut end => return,
        }
    }
}

/// Where a phone on this machine finds SIP.
fn sip_address(settings: &Settings) -> SocketAddr {
    let bound = settings.sip_udp.first().copied().unwrap_or((Ipv4Addr::LOCALHOST, 5060).into());
    let ip = if bound.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { bound.ip() };
    SocketAddr::new(ip, bound.port())
}

fn announce(
    server: &Server,
    sip: SocketAddr,
    (agents, spare): (&[DemoAgent], &[DemoAgent]),
    link: Option<&str>,
    kept: Option<&std::path::Path>,
) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "Cordboard demo: {} agents and their callers, all on this machine", agents.len())?;
    writeln!(out)?;
    writeln!(out, "  look           http://{}/", server.http)?;
    writeln!(out, "  log in as      {} with password {}", OWNER.0, OWNER.1)?;
    if let Some(link) = link {
        writeln!(out, "  call somebody  {link}")?;
    }
    writeln!(out, "  SIP            {} (UDP and TCP)", sip)?;
    for agent in spare {
        writeln!(out)?;
        writeln!(out, "  your own phone: server {sip}, user {}, password {}", agent.extension, agent.secret)?;
        writeln!(
            out,
            "  then dial      *38 to log in, *36 ready, *37 not ready, *39 log out; 8000 for a queue"
        )?;
    }
    writeln!(out)?;
    match kept {
        None => writeln!(out, "  Ctrl-C ends it; nothing is kept.")?,
        Some(data) => writeln!(out, "  Ctrl-C ends it; {} is kept.", data.display())?,
    }
    out.flush().context("standard output is closed")
}
