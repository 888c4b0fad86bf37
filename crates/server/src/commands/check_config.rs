//! `cordboard check-config`: says which line of a settings file is wrong.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};

use crate::settings::Settings;

/// Checks the file and the environment.
pub(crate) fn run(file: Option<&Path>) -> Result<()> {
    let mut out = std::io::stdout();
    match Settings::read(file, std::env::vars()) {
        Ok(settings) => {
            crate::tls::check(&settings)?;
            crate::acme::standing(&settings, crate::tls::now())?;
            let name = file.map_or_else(|| "the environment".into(), |path| path.display().to_string());
            writeln!(out, "{name}: good; data in {}", settings.data_dir.display())?;
            if !settings.acme.domains.is_empty() {
                writeln!(out, "{}", asked_at(&settings))?;
            }
            Ok(())
        }
        Err(problems) => {
            for problem in &problems[..problems.len() - 1] {
                eprintln!("{problem}");
            }
            match problems.last() {
                Some(last) => bail!("{last}"),
                None => Ok(()),
            }
        }
    }
}

/// What must be so outside for the certificate to come.
fn asked_at(settings: &Settings) -> String {
    let names = settings.acme.domains.join(", ");
    let (at, setting) = match settings.acme.listen {
        Some(at) => (at, "acme.listen"),
        None => (settings.http_address(true), "http.listen"),
    };
    format!("  a certificate is asked for: port 80 of {names} must lead to {at} ({setting}) from everywhere")
}
