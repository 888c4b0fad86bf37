//! What the documents name exists, and what exists is described.

use super::Problem;
use super::tree::Tree;

const ARCHITECTURE: &str = "ARCHITECTURE.md";
const GLOSSARY: &str = "docs/book/src/reference/glossary.md";
const REFERENCE: &str = "docs/book/src/reference/";
const BOOK: &str = "docs/book/src/";
const SUMMARY: &str = "docs/book/src/SUMMARY.md";

/// A name in backticks that starts with one of these is a path in this repository.
const FOLDERS: [&str; 12] = [
    "crates/",
    "docs/",
    "e2e/",
    "xtask/",
    "bench/",
    "examples/",
    "sounds/",
    "openapi/",
    "web/",
    "deploy/",
    "fuzz/",
    ".config/",
];

/// All rules of this room. `crates` are the names of the workspace's members.
pub(crate) fn check(tree: &Tree, crates: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.with_extension("md") {
        paths(tree, crates, path, text, &mut problems);
    }
    described(tree, crates, &mut problems);
    glossary(tree, &mut problems);
    settings(tree, &mut problems);
    summary(tree, &mut problems);
    problems
}

/// Every name in backticks that is a path must exist: as written, or as `<crate>/<file>` below `crates/`.
fn paths(tree: &Tree, crates: &[&str], path: &str, text: &str, problems: &mut Vec<Problem>) {
    for (line, name) in names(text) {
        if name.contains(['<', '*', '{', ' ', '…', '$', ':']) {
            continue;
        }
        let rooted = FOLDERS.iter().any(|folder| name.starts_with(folder));
        let of_crate =
            name.split_once('/').filter(|(first, rest)| crates.contains(first) && rest.ends_with(".rs"));
        let there = match of_crate {
            Some((first, rest)) => tree.exists(&format!("crates/{first}/src/{rest}")) || tree.exists(name),
            None => !rooted || tree.exists(name),
        };
        if !there {
            problems.push(Problem::new(path, line, format!("`{name}` does not exist")));
        }
    }
}

/// Every member of the workspace is named in ARCHITECTURE.md by its folder.
fn described(tree: &Tree, crates: &[&str], problems: &mut Vec<Problem>) {
    let text = tree.text(ARCHITECTURE).unwrap_or_default();
    for name in crates {
        let folder = if tree.exists(&format!("crates/{name}")) {
            format!("crates/{name}")
        } else {
            (*name).to_owned()
        };
        if !names(text).any(|(_, word)| word.trim_end_matches('/') == folder) {
            problems.push(Problem::new(ARCHITECTURE, 0, format!("does not describe `{folder}`")));
        }
    }
}

/// The third column of the glossary names types, the fourth the file: the type must be defined in that file.
fn glossary(tree: &Tree, problems: &mut Vec<Problem>) {
    for (index, line) in tree.text(GLOSSARY).unwrap_or_default().lines().enumerate() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [_, _, types, file] = cells.as_slice() else { continue };
        let file = file.trim_matches('`');
        for (_, name) in names(types) {
            let defined = tree.text(file).is_some_and(|text| defines(text, name));
            if !defined {
                problems.push(Problem::new(
                    GLOSSARY,
                    index + 1,
                    format!("`{name}` is not defined in `{file}`"),
                ));
            }
        }
    }
}

fn defines(text: &str, name: &str) -> bool {
    ["struct ", "enum ", "trait ", "type ", "fn ", "mod "].iter().any(|keyword| {
        let definition = format!("{keyword}{name}");
        text.match_indices(&definition).any(|(at, _)| {
            !text[at + definition.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
        })
    })
}

/// Every environment variable that the product's code spells out is on a page of the reference.
fn settings(tree: &Tree, problems: &mut Vec<Problem>) {
    let pages: Vec<&str> = tree
        .with_extension("md")
        .filter(|(path, _)| path.starts_with(REFERENCE))
        .map(|(_, text)| text)
        .collect();
    let word = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    for source in tree.sources().filter(|source| source.path.starts_with("crates/")) {
        for (index, line) in source.text.lines().enumerate() {
            if source.is_test(index + 1) {
                continue;
            }
            for (at, _) in line.match_indices("CORDBOARD_") {
                let name = line[at..].split(|c: char| !word(c)).next().unwrap_or_default();
                let whole = name.len() > "CORDBOARD_".len() && !name.ends_with('_');
                if whole && !pages.iter().any(|page| page.contains(name)) {
                    problems.push(Problem::new(
                        source.path,
                        index + 1,
                        format!("{name} is not in {REFERENCE}"),
                    ));
                }
            }
        }
    }
}

/// The book's table of contents and its pages name each other.
fn summary(tree: &Tree, problems: &mut Vec<Problem>) {
    let Some(text) = tree.text(SUMMARY) else { return };
    let linked: Vec<String> = text
        .split("](")
        .skip(1)
        .filter_map(|after| after.split_once(')'))
        .map(|(target, _)| format!("{BOOK}{}", target.trim_start_matches("./")))
        .collect();
    for page in &linked {
        if !tree.exists(page) {
            problems.push(Problem::new(SUMMARY, 0, format!("{page} does not exist")));
        }
    }
    for (page, _) in tree.with_extension("md") {
        if page.starts_with(BOOK) && page != SUMMARY && !linked.iter().any(|link| link == page) {
            problems.push(Problem::new(page, 0, "is not in the book's SUMMARY.md"));
        }
    }
}

/// What stands between single backticks, with its line; fenced blocks are left out.
fn names(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().flat_map(move |(index, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        let line = if fenced { "" } else { line };
        line.split('`').skip(1).step_by(2).map(move |name| (index + 1, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)], crates: &[&str]) -> Vec<String> {
        check(&Tree::of(files), crates).into_iter().map(|problem| problem.to_string()).collect()
    }

    #[test]
    fn a_path_that_is_gone_is_found() {
        let files = [
            ("README.md", "see `docs/gone.md`, `acd/gone.rs` and `acd/offer.rs`"),
            ("crates/acd/src/offer.rs", ""),
        ];
        let problems = found(&files, &["acd"]);
        assert!(problems.contains(&"README.md:1: `docs/gone.md` does not exist".to_owned()));
        assert!(problems.contains(&"README.md:1: `acd/gone.rs` does not exist".to_owned()));
        assert!(!problems.iter().any(|problem| problem.contains("offer")));
    }

    #[test]
    fn a_crate_nobody_describes_is_found() {
        let files = [
            ("ARCHITECTURE.md", "`crates/acd` decides."),
            ("crates/acd/src/lib.rs", ""),
            ("crates/b/src/lib.rs", ""),
        ];
        assert_eq!(found(&files, &["acd", "b"]), ["ARCHITECTURE.md: does not describe `crates/b`"]);
    }

    #[test]
    fn a_glossary_type_that_is_not_there_is_found() {
        let glossary = "| Term | Meaning | Type | File |\n|---|---|---|---|\n| offer | one call to one agent | `Offer` | `crates/a/src/b.rs` |\n";
        let with = |text| found(&[(GLOSSARY, glossary), ("crates/a/src/b.rs", text)], &[]);
        assert!(with("pub struct Offer {").is_empty());
        assert_eq!(with("pub struct Offers {").len(), 1);
    }

    #[test]
    fn a_setting_without_a_line_on_the_page_is_found() {
        let code = ("crates/server/src/a.rs", "const A: &str = \"CORDBOARD_SIP_UDP\";");
        assert_eq!(found(&[code], &[]).len(), 1);
        assert!(
            found(
                &[
                    code,
                    ("docs/book/src/reference/a.md", "`CORDBOARD_SIP_UDP`"),
                    (SUMMARY, "[A](reference/a.md)")
                ],
                &[]
            )
            .is_empty()
        );
    }

    #[test]
    fn a_page_outside_the_table_of_contents_is_found() {
        let files =
            [(SUMMARY, "- [A](a.md)\n- [B](b.md)\n"), ("docs/book/src/a.md", ""), ("docs/book/src/c.md", "")];
        assert_eq!(found(&files, &[]).len(), 2);
    }
}
