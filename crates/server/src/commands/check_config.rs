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
            let name = file.map_or_else(|| "the environment".into(), |path| path.display().to_string());
            writeln!(out, "{name}: good; data in {}", settings.data_dir.display())?;
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
