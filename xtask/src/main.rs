//! All automation of the repository, in Rust: `cargo xtask <command>`.
//!
//! Read `tidy.rs` for what is held by a check, `ci.rs` for what `make test` runs.
#![expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]

mod ci;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <command>

  tidy            check the house rules: arrows, purity, lengths, documents
  tidy --score    the same tree as one table, for the curve over time
  ci              every step of `make test`, in order
  ci STEP...      only these: fmt tidy web clippy build doc simulate test
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["tidy"] => tidy::run(&root()),
        ["tidy", "--score"] => tidy::score(&root()),
        ["ci", steps @ ..] => ci::run(&root(), steps),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The repository: the folder above this crate.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
