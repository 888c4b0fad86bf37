//! `cordboard export`: prints a domain as the provisioning file that says what is stored of it.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;
use store::provisioning::Document;

use super::serve::runtime;
use crate::cli::Common;

/// How long a server may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// Most bytes of an answer: four times what a file may have, for YAML is longer than what was written by hand.
const ANSWER_BYTES_MAX: u64 = 4 * store::provisioning::limits::FILE_BYTES_MAX as u64;

/// Of what to print it.
#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// The domain, if it is not the first one made; with --url it is the token's.
    #[arg(long, conflicts_with = "url")]
    domain: Option<String>,
    /// A running server, `http://host:port`; without it the data directory is read, whether a server is at work on
    /// it or not.
    #[arg(long, requires = "token")]
    url: Option<String>,
    /// A token of an owner or admin of the domain.
    #[arg(long, requires = "url", env = "CORDBOARD_TOKEN", hide_env_values = true)]
    token: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// Prints the file.
pub(crate) fn run(args: &ExportArgs) -> Result<()> {
    let text = if let (Some(url), Some(token)) = (&args.url, &args.token) {
        remote(url, token)?
    } else {
        let settings = args.common.settings()?;
        let document = runtime()?.block_on(Document::read(&settings.data_dir, args.domain.as_deref()))?;
        document.to_yaml()?
    };
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("standard output is closed")
}

fn remote(url: &str, token: &str) -> Result<String> {
    let target = format!("{}/v1/domains/~/provisioning", url.trim_end_matches('/'));
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(ANSWER_TIMEOUT))
        .build()
        .into();
    let request = agent
        .get(&target)
        .header("Authorization", format!("Bearer {token}"))
        .header("Accept", "application/yaml");
    let mut response =
        request.call().with_context(|| format!("{url} does not answer; is the server running?"))?;
    let text = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string();
    let text = text.context("the server's answer cannot be read")?;
    if response.status().is_success() {
        return Ok(text);
    }
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    let detail = body.get("detail").and_then(Value::as_str).unwrap_or("no reason given");
    bail!("{} refused it: {detail}", response.status());
}
