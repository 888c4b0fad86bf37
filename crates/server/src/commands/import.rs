//! `cordboard import`: another product's configuration as a provisioning file.

mod folder;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};

use self::folder::Folder;

/// The domain's name if neither the command nor the folder says one.
const DOMAIN_DEFAULT: &str = "imported.test";

/// Whose configuration.
#[derive(Subcommand, Debug)]
pub(crate) enum ImportCommand {
    /// Asterisk's: pjsip.conf, queues.conf, extensions.conf and voicemail.conf of a folder. Prints the provisioning file,
    /// and on standard error what could not be carried over, by file and line.
    Asterisk(AsteriskArgs),
}

/// What to read, and where to write.
#[derive(Args, Debug)]
pub(crate) struct AsteriskArgs {
    /// The folder of Asterisk's configuration, or a copy of it; nothing outside it is read.
    dir: PathBuf,
    /// The domain's name; else the folder's, if it looks like one, or imported.test.
    #[arg(long, value_name = "NAME")]
    domain: Option<String>,
    /// Where to write the provisioning file, instead of standard output. It has passwords in it.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where to write what could not be carried over, instead of standard error.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Reads the configuration and writes the file.
pub(crate) fn run(command: &ImportCommand) -> Result<()> {
    let ImportCommand::Asterisk(args) = command;
    let imported = asterisk(&args.dir, args.domain.as_deref())?;
    let remarks: String = imported.remarks.iter().map(|remark| format!("{remark}\n")).collect();
    match &args.output {
        Some(file) => write_private(file, &imported.file)?,
        None => {
            let mut out = std::io::stdout();
            out.write_all(imported.file.as_bytes())
                .and_then(|()| out.flush())
                .context("standard output is closed")?;
        }
    }
    match &args.report {
        Some(file) => {
            std::fs::write(file, remarks).with_context(|| {
                format!("{} cannot be written; check the path and its rights", file.display())
            })?;
        }
        None => eprint!("{remarks}"),
    }
    if let Some(problem) = imported.problems.first() {
        let count = imported.problems.len();
        bail!("the file is not taken as it is, {count} to mend; the first: {problem}");
    }
    Ok(())
}

/// What came of it.
struct Imported {
    file: String,
    remarks: Vec<String>,
    /// What our own reader does not take of the file; all of them are among the remarks.
    problems: Vec<String>,
}

fn asterisk(dir: &Path, domain: Option<&str>) -> Result<Imported> {
    let folder =
        Folder::open(dir).with_context(|| format!("{} cannot be read as a folder", dir.display()))?;
    let domain = domain.map_or_else(|| folder.domain().unwrap_or(DOMAIN_DEFAULT).to_owned(), str::to_owned);
    let import = migrate::asterisk(&folder, &domain).with_context(|| dir.display().to_string())?;
    let mut remarks: Vec<String> = import.report.iter().map(ToString::to_string).collect();
    let mut problems = Vec::new();
    // No prompt is known: the file names none.
    match store::provisioning::parse(&import.file, &[]) {
        Ok(wanted) => remarks.extend(wanted.warnings().iter().map(|warning| format!("the file: {warning}"))),
        Err(found) => {
            problems.extend(found.iter().map(ToString::to_string));
            remarks.extend(problems.iter().map(|problem| format!("the file: {problem}")));
        }
    }
    Ok(Imported { file: import.file, remarks, problems })
}

/// Writes a file that only its owner can read.
fn write_private(file: &Path, text: &str) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    let opened = options.write(true).create(true).truncate(true).mode(0o600).open(file);
    opened
        .and_then(|mut opened| opened.write_all(text.as_bytes()))
        .with_context(|| format!("{} cannot be written; check the path and its rights", file.display()))
}
