//! The house rules as checks: what no test holds, drifts.
//!
//! Each room checks one kind of rule and returns what it found; nothing is printed before all have looked,
//! so that one run shows everything there is to mend.

mod arrows;
mod documents;
mod length;
mod lexer;
mod purity;
mod score;
mod text;
mod tree;

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use tree::Tree;

/// One rule broken at one place. It prints as compilers do, so that an editor can jump to it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    path: String,
    /// From 1; 0 when it is about the whole file.
    line: usize,
    text: String,
}

impl Problem {
    fn new(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(out, "{}: {}", self.path, self.text)
        } else {
            write!(out, "{}:{}: {}", self.path, self.line, self.text)
        }
    }
}

/// Checks the tree at `root`; an error says how many rules are broken, after all of them are printed.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let tree = Tree::read(root)?;
    let packages = arrows::packages(&metadata(root)?)?;
    let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut problems = arrows::check(&packages);
    problems.extend(purity::check(&tree));
    problems.extend(text::check(&tree));
    problems.extend(length::check(&tree));
    problems.extend(documents::check(&tree, &names));
    problems.sort();
    problems.dedup();
    for problem in &problems {
        println!("{problem}");
    }
    match problems.len() {
        0 => {
            println!("tidy: {} files, nothing to mend", tree.paths().count());
            Ok(())
        }
        count => bail!("tidy: {count} to mend"),
    }
}

/// Prints one table about the tree.
pub(crate) fn score(root: &Path) -> anyhow::Result<()> {
    print!("{}", score::table(&Tree::read(root)?));
    Ok(())
}

fn metadata(root: &Path) -> anyhow::Result<serde_json::Value> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root)
        .output()
        .context("running cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("reading what cargo metadata printed")
}
