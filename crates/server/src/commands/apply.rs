//! `cordboard apply`: brings a domain to what a provisioning file says.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use media::Sounds;
use store::{PlanError, Store};
use switch::Clock;

use super::serve::runtime;
use crate::cli::Common;
use crate::{telemetry, wiring};

/// What to apply, and where.
#[derive(Args, Debug)]
pub(crate) struct ApplyArgs {
    /// The provisioning file (YAML).
    file: PathBuf,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
    /// A running server, `http://host:port`; without it the data directory of one that is not running.
    #[arg(long, requires = "token")]
    url: Option<String>,
    /// A token of an owner or admin of the domain.
    #[arg(long, requires = "url", env = "CORDBOARD_TOKEN", hide_env_values = true)]
    token: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// Applies the file.
pub(crate) fn run(args: &ApplyArgs) -> Result<()> {
    let name = args.file.display().to_string();
    let text = std::fs::read_to_string(&args.file)
        .with_context(|| format!("{name} cannot be read; check the path and its rights"))?;
    if let (Some(url), Some(token)) = (&args.url, &args.token) {
        return remote(args, url, token, &text);
    }
    let settings = args.common.settings()?;
    telemetry::start(&settings);
    runtime()?.block_on(async {
        let store = Store::open(&settings.data_dir).await?;
        let sounds = wiring::sounds(&settings)?;
        let result = apply_text(&store, &sounds, (&name, &text), args.dry_run).await;
        store.close().await;
        print(&result?)
    })
}

/// What an application of a file said and did.
#[derive(Debug)]
pub(crate) struct Report {
    /// The plan's lines, or `no changes`.
    pub(crate) plan: Vec<String>,
    /// What is stored but does not run yet.
    pub(crate) warnings: Vec<String>,
    /// Phone secrets that were made, each shown this once.
    pub(crate) generated: Vec<(String, String)>,
}

/// Plans, and unless `dry_run` applies, the text of a provisioning file.
///
/// # Errors
/// Every problem of the file, each with its line; nothing is changed then.
pub(crate) async fn apply_text(
    store: &Store,
    sounds: &Sounds,
    (name, text): (&str, &str),
    dry_run: bool,
) -> Result<Report> {
    let with_name = |problem: &store::Problem| format!("{name} {problem}");
    let said = |problems: &[store::Problem]| problems.iter().map(with_name).collect::<Vec<_>>().join("\n");
    let wanted = store::provisioning::parse(text, &sounds.names()).map_err(|p| anyhow!("{}", said(&p)))?;
    let plan = store.plan(wanted).await.map_err(|error| match error {
        PlanError::Problems(problems) => anyhow!("{}", said(&problems)),
        PlanError::Store(error) => error.into(),
    })?;
    let mut report = Report {
        plan: if plan.is_empty() { vec!["no changes".into()] } else { plan.lines().to_vec() },
        warnings: plan.warnings().to_vec(),
        generated: Vec::new(),
    };
    if !dry_run {
        let applied = store.apply(&plan, Clock::start().now()).await?;
        let generated = applied.generated.iter();
        report.generated =
            generated.map(|made| (made.extension.to_string(), made.secret.reveal().to_owned())).collect();
    }
    Ok(report)
}

fn print(report: &Report) -> Result<()> {
    let mut out = std::io::stdout();
    for line in &report.plan {
        writeln!(out, "{line}")?;
    }
    for (extension, secret) in &report.generated {
        writeln!(out, "phone {extension}: password {secret} (shown this once)")?;
    }
    for warning in &report.warnings {
        eprintln!("note: {warning}");
    }
    out.flush().context("standard output is closed")
}

/// Hands the file to a running server.
fn remote(args: &ApplyArgs, url: &str, token: &str, text: &str) -> Result<()> {
    let target = format!("{}/v1/domains/~/provisioning", url.trim_end_matches('/'));
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let request = agent
        .post(&target)
        .query("dry_run", if args.dry_run { "true" } else { "false" })
        .header("Authorization", format!("Bearer {token}"))
        .header("Content-Type", "application/yaml");
    let mut response =
        request.send(text).with_context(|| format!("{url} does not answer; is the server running?"))?;
    let body: serde_json::Value =
        response.body_mut().read_json().context("the server's answer is not JSON")?;
    if !response.status().is_success() {
        let detail = body.get("detail").and_then(serde_json::Value::as_str).unwrap_or("no reason given");
        bail!("{} refused it: {detail}", response.status());
    }
    let lines = |key: &str| -> Vec<String> {
        let items = body.get(key).and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
        items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let secrets = body.get("generated").and_then(serde_json::Value::as_object).cloned().unwrap_or_default();
    let generated =
        secrets.iter().map(|(k, v)| (k.clone(), v.as_str().unwrap_or_default().to_owned())).collect();
    print(&Report { plan: lines("plan"), warnings: lines("warnings"), generated })
}
