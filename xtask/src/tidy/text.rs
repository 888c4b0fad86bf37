//! Rules on the text of every file: a head that says what it is, no tests switched off, no loose ends.

use super::Problem;
use super::tree::{Source, Tree};

/// Attributes that switch a test off or turn its sense round.
const ATTRIBUTES: [(&str, &str); 2] = [
    ("#[ignore", "a test that does not run is no test: mend or delete it"),
    ("#[should_panic", "assert on the error instead, so that the right failure is meant"),
];

/// Words for work left open. One with an issue's number is a pointer; one without is a loose end.
const LOOSE: [&str; 3] = ["TODO", "FIXME", "XXX"];

/// Files other than Rust in which comments are searched for loose ends, by extension.
const SCRIPTS: [&str; 11] = ["sh", "py", "js", "mjs", "ts", "tsx", "html", "css", "sql", "yaml", "toml"];

/// All rules of this room.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in tree.sources() {
        head(&source, &mut problems);
        attributes(&source, &mut problems);
        loose_ends(source.path, &source.comments, &mut problems);
        if source.path.ends_with("/mod.rs") {
            problems.push(Problem::new(source.path, 0, "no mod.rs: name the file after its module"));
        }
    }
    for extension in SCRIPTS {
        for (path, text) in tree.with_extension(extension) {
            loose_ends(path, text, &mut problems);
        }
    }
    problems
}

fn head(source: &Source<'_>, problems: &mut Vec<Problem>) {
    if !source.text.starts_with("//! ") {
        problems.push(Problem::new(source.path, 1, "starts without `//!`: say what the file is for"));
    }
}

fn attributes(source: &Source<'_>, problems: &mut Vec<Problem>) {
    for (index, line) in source.code.lines().enumerate() {
        for (attribute, why) in ATTRIBUTES {
            if line.contains(attribute) {
                problems.push(Problem::new(source.path, index + 1, format!("`{attribute}]`: {why}")));
            }
        }
    }
}

fn loose_ends(path: &str, text: &str, problems: &mut Vec<Problem>) {
    for (index, line) in text.lines().enumerate() {
        let loose = line
            .split(|c: char| !c.is_alphanumeric() && c != '#' && c != '_')
            .find(|word| LOOSE.contains(word));
        if let Some(word) = loose
            && !has_issue(line)
        {
            let text = format!("{word} without an issue's number: open one, or do it");
            problems.push(Problem::new(path, index + 1, text));
        }
    }
}

fn has_issue(line: &str) -> bool {
    line.split('#').skip(1).any(|after| after.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<Problem> {
        check(&Tree::of(&[(path, text)]))
    }

    #[test]
    fn a_file_without_a_head_is_found() {
        assert_eq!(found("crates/a/src/b.rs", "fn a() {}\n").len(), 1);
        assert!(found("crates/a/src/b.rs", "//! A.\nfn a() {}\n").is_empty());
    }

    #[test]
    fn a_test_switched_off_is_found() {
        let problems = found("crates/a/tests/b.rs", "//! A.\n#[test]\n#[ignore = \"slow\"]\nfn a() {}\n");
        assert_eq!(problems.first().map(|problem| problem.line), Some(3));
        assert_eq!(found("crates/a/tests/b.rs", "//! A.\n#[should_panic]\nfn a() {}\n").len(), 1);
    }

    #[test]
    fn a_loose_end_is_found_unless_it_points_to_an_issue() {
        assert_eq!(found("crates/a/src/b.rs", "//! A.\n// TODO: later\n").len(), 1);
        assert!(found("crates/a/src/b.rs", "//! A.\n// TODO(#12): later\n").is_empty());
        assert!(found("crates/a/src/b.rs", "//! A.\nlet a = \"TODO\";\n").is_empty());
        assert_eq!(found("bench/a.sh", "# FIXME\n").len(), 1);
    }

    #[test]
    fn a_mod_rs_is_found() {
        assert_eq!(found("crates/a/src/b/mod.rs", "//! A.\n").len(), 1);
    }
}
