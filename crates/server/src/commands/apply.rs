//! `cordboard apply`: brings a domain to what a provisioning file says.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use api::provisioning::{FileProblem, Order, ProvisionError, Provisioned, Reach, Source};
use clap::Args;
use serde_json::Value;
use store::{Author, OpenError, Store};

use super::serve::runtime;
use crate::cli::Common;
use crate::library::Library;
use crate::provision::Workshop;
use crate::{provision, telemetry, yesterday};

/// How long a server may take to apply a file; thousands of passwords take their time.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(300);

/// What to apply, and where.
#[derive(Args, Debug)]
pub(crate) struct ApplyArgs {
    /// The provisioning file (YAML).
    #[arg(required_unless_present = "revert")]
    file: Option<PathBuf>,
    /// Go one step back: to the file before the one in force.
    #[arg(long, conflicts_with = "file")]
    revert: bool,
    /// With --revert: the domain, if it is not the first one made; with --url it is the token's.
    #[arg(long, requires = "revert", conflicts_with = "url")]
    domain: Option<String>,
    #[command(flatten)]
    how: How,
    /// A running server, `http://host:port`; without it the data directory of one that is not running.
    #[arg(long, requires = "token")]
    url: Option<String>,
    /// A token of an owner or admin of the domain.
    #[arg(long, requires = "url", env = "CORDBOARD_TOKEN", hide_env_values = true)]
    token: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// How to apply it.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct How {
    /// Only say what would be done.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not reckon what it would have made of the last recorded day.
    #[arg(long)]
    pub(crate) no_forecast: bool,
    /// Take the file even if a flow of it does not pass its own tests.
    #[arg(long)]
    pub(crate) force: bool,
    /// Why, for the audit.
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

/// Applies the file.
pub(crate) fn run(args: &ApplyArgs) -> Result<()> {
    let (name, text) = match &args.file {
        Some(file) => {
            let name = file.display().to_string();
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("{name} cannot be read; check the path and its rights"))?;
            (name, Some(text))
        }
        None => ("the file of before:".to_owned(), None),
    };
    if let (Some(url), Some(token)) = (&args.url, &args.token) {
        return print(&remote((&name, text.as_deref()), &args.how, url, token)?);
    }
    let settings = args.common.settings()?;
    telemetry::start(&settings);
    runtime()?.block_on(async {
        let store = Store::open(&settings.data_dir).await.map_err(name_the_other_way)?;
        let store = store.with_default_limits(settings.domain_limits);
        store.set_mails(settings.sends_mails());
        let library = Library::open(&settings, store.clone())?;
        let folder = args.file.as_ref().map(|file| file.parent().unwrap_or(Path::new("")));
        let workshop = Workshop { library: &library, folder };
        let report = match (text, &args.domain) {
            (Some(text), _) => apply_text(&store, &workshop, (&name, &text), &args.how).await,
            (None, Some(domain)) => {
                let source = Source::Before { domain: domain.clone() };
                carry_out(&store, &workshop, (&name, source), &args.how).await
            }
            (None, None) => {
                let first = store.domains().await?.into_iter().next().context("there is no domain yet")?;
                let source = Source::Before { domain: first.name };
                carry_out(&store, &workshop, (&name, source), &args.how).await
            }
        };
        store.close().await;
        print(&report?)
    })
}

/// Who finds a server at work wants to change that one, not to stop it.
fn name_the_other_way(error: OpenError) -> anyhow::Error {
    let at_work = matches!(error, OpenError::Locked { .. });
    let error = anyhow::Error::new(error);
    if at_work { error.context("to change a running server, name it with --url and --token") } else { error }
}

/// Plans, and unless it is a dry run applies, the text of a provisioning file to a store that no server uses.
///
/// # Errors
/// Every problem of the file, each with its line; nothing is changed then.
pub(crate) async fn apply_text(
    store: &Store,
    workshop: &Workshop<'_>,
    (name, text): (&str, &str),
    how: &How,
) -> Result<Provisioned> {
    carry_out(store, workshop, (name, Source::File(text.to_owned())), how).await
}

async fn carry_out(
    store: &Store,
    workshop: &Workshop<'_>,
    (name, source): (&str, Source),
    how: &How,
) -> Result<Provisioned> {
    let order = Order {
        source,
        dry_run: how.dry_run,
        forecast: !how.no_forecast,
        force: how.force,
        reach: Reach::Everything,
        by: Author { reason: how.reason.clone().unwrap_or_default(), ..Author::named("the command line") },
    };
    match provision::to_store(store, workshop, &order).await {
        Ok((report, _)) => Ok(report),
        Err(ProvisionError::Problems(problems)) => Err(in_file(name, &problems)),
        Err(error) => Err(error.into()),
    }
}

/// All problems, each with the file's name and its line.
fn in_file(name: &str, problems: &[FileProblem]) -> anyhow::Error {
    anyhow!(problems.iter().map(|problem| format!("{name} {problem}")).collect::<Vec<_>>().join("\n"))
}

fn print(report: &Provisioned) -> Result<()> {
    let mut out = std::io::stdout();
    for line in &report.plan {
        writeln!(out, "{line}")?;
    }
    for (extension, secret) in &report.generated {
        writeln!(out, "phone {extension}: password {secret} (shown this once)")?;
    }
    for (webhook, secret) in &report.webhook_secrets {
        writeln!(out, "webhook {webhook}: secret {secret} (shown this once)")?;
    }
    for line in &report.live {
        eprintln!("live: {line}");
    }
    for queue in &report.forecast {
        eprintln!("{}", yesterday::line(queue));
    }
    if let Some(note) = &report.forecast_note {
        eprintln!("no forecast: {note}");
    }
    for warning in &report.warnings {
        eprintln!("note: {warning}");
    }
    out.flush().context("standard output is closed")
}

/// Hands the file to a running server; without one, has it go a step back.
fn remote((name, text): (&str, Option<&str>), how: &How, url: &str, token: &str) -> Result<Provisioned> {
    let what = if text.is_some() { "" } else { "/revert" };
    let target = format!("{}/v1/domains/~/provisioning{what}", url.trim_end_matches('/'));
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(ANSWER_TIMEOUT))
        .build()
        .into();
    let mut request = agent
        .post(&target)
        .query("dry_run", if how.dry_run { "true" } else { "false" })
        .header("Authorization", format!("Bearer {token}"))
        .header("Content-Type", "application/yaml");
    if how.no_forecast {
        request = request.query("forecast", "false");
    }
    if how.force {
        request = request.query("force", "true");
    }
    if let Some(reason) = &how.reason {
        request = request.header("X-Reason", reason);
    }
    let mut response = request
        .send(text.unwrap_or_default())
        .with_context(|| format!("{url} does not answer; is the server running?"))?;
    let body: Value = response.body_mut().read_json().context("the server's answer is not JSON")?;
    if response.status().is_success() {
        return Ok(report(&body));
    }
    let problems: Vec<_> = items(&body, "problems").iter().filter_map(problem).collect();
    if !problems.is_empty() {
        return Err(in_file(name, &problems));
    }
    let detail = body.get("detail").and_then(Value::as_str).unwrap_or("no reason given");
    bail!("{} refused it: {detail}", response.status());
}

fn items<'a>(body: &'a Value, key: &str) -> &'a [Value] {
    body.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn problem(item: &Value) -> Option<FileProblem> {
    Some(FileProblem { line: item.get("line")?.as_u64()?, text: item.get("text")?.as_str()?.to_owned() })
}

/// A server may be of another version than this program: what is missing in its answer is empty.
fn report(body: &Value) -> Provisioned {
    let lines = |key| items(body, key).iter().filter_map(|line| line.as_str().map(str::to_owned)).collect();
    let secrets = |key| {
        let made = body.get(key).and_then(Value::as_object).into_iter().flatten();
        made.filter_map(|(of, made)| Some((of.clone(), made.as_str()?.to_owned()))).collect()
    };
    Provisioned {
        plan: lines("plan"),
        warnings: lines("warnings"),
        live: lines("live"),
        forecast: items(body, "forecast")
            .iter()
            .filter_map(|of| serde_json::from_value(of.clone()).ok())
            .collect(),
        forecast_note: body.get("forecast_note").and_then(Value::as_str).map(str::to_owned),
        effects: None,
        generated: secrets("generated"),
        webhook_secrets: secrets("webhook_secrets"),
        applied: body.get("applied").and_then(Value::as_bool).unwrap_or_default(),
    }
}
