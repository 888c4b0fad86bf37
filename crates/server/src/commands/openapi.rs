//! `cordboard openapi`: prints the OpenAPI document.

use std::io::Write;

use anyhow::{Context, Result};

/// Prints the document.
pub(crate) fn run() -> Result<()> {
    let document = api::openapi().to_pretty_json().context("the OpenAPI document cannot be written")?;
    writeln!(std::io::stdout(), "{document}").context("standard output is closed")
}
