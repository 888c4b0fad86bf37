//! Files in one sitting, functions on one screen: limits with a ratchet.
//!
//! What is over a limit stands by name and number in `xtask/ratchet.txt`. The list may only shrink: a number
//! that could be lower, and a name that is no longer needed, fail as much as a new offender does.

use std::collections::BTreeMap;

use super::Problem;
use super::tree::{Source, Tree, item_end, line_of};

/// Lines of a file, tests apart.
const FILE_LINES_MAX: usize = 400;

/// Lines of a function, from `fn` to its closing brace, tests apart.
pub(crate) const FUNCTION_LINES_MAX: usize = 70;

/// Files held shorter than the rest, because in every house like this they are the ones that grow.
const HELD_SHORTER: [(&str, usize); 1] = [("crates/engine/src/engine.rs", 300)];

/// Where the exceptions stand.
const RATCHET: &str = "xtask/ratchet.txt";

/// A function's name, the line it starts on and how many it takes.
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    pub(crate) line: usize,
    pub(crate) lines: usize,
}

/// Everything over its limit and not on the list, and everything on the list that is not over.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let (mut listed, mut problems) = exceptions(tree.text(RATCHET).unwrap_or_default());
    for source in tree.sources() {
        let limit =
            HELD_SHORTER.iter().find(|(path, _)| *path == source.path).map_or(FILE_LINES_MAX, |(_, n)| *n);
        let lines = source.product_lines().count();
        let key = source.path.to_owned();
        problems.extend(judge(&mut listed, &key, (source.path, 0), lines, limit));
        for function in functions(&source).filter(|function| !source.is_test(function.line)) {
            let key = format!("{}::{}", source.path, function.name);
            let place = (source.path, function.line);
            problems.extend(judge(&mut listed, &key, place, function.lines, FUNCTION_LINES_MAX));
        }
    }
    problems.extend(listed.into_iter().filter(|(_, entry)| !entry.seen).map(|(key, entry)| {
        Problem::new(RATCHET, entry.line, format!("{key} is within its limit, or gone: take it off the list"))
    }));
    problems
}

/// The number of exceptions on the list.
pub(crate) fn exceptions_count(tree: &Tree) -> usize {
    exceptions(tree.text(RATCHET).unwrap_or_default()).0.len()
}

/// The functions of a file that have a body, nested ones too.
pub(crate) fn functions<'a>(source: &'a Source<'_>) -> impl Iterator<Item = Function<'a>> {
    let code = source.code.as_str();
    let word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices("fn ").filter_map(move |(at, _)| {
        if code[..at].chars().next_back().is_some_and(word) {
            return None;
        }
        let name_at = at + "fn ".len();
        let name = code[name_at..].split(|c: char| !word(c)).next().filter(|name| !name.is_empty())?;
        let end = item_end(code, name_at);
        if code.as_bytes().get(end) != Some(&b'}') {
            return None;
        }
        let line = line_of(code, at);
        Some(Function { name, line, lines: line_of(code, end) - line + 1 })
    })
}

struct Entry {
    lines: usize,
    line: usize,
    seen: bool,
}

fn exceptions(text: &str) -> (BTreeMap<String, Entry>, Vec<Problem>) {
    let mut listed = BTreeMap::new();
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let entry = line.split('#').next().unwrap_or_default().trim();
        if entry.is_empty() {
            continue;
        }
        let parsed = entry.rsplit_once(' ').and_then(|(key, lines)| Some((key.trim(), lines.parse().ok()?)));
        let Some((key, lines)) = parsed else {
            problems.push(Problem::new(RATCHET, index + 1, "wants `path[::function] lines`"));
            continue;
        };
        listed.insert(key.to_owned(), Entry { lines, line: index + 1, seen: false });
    }
    (listed, problems)
}

fn judge(
    listed: &mut BTreeMap<String, Entry>,
    key: &str,
    (path, line): (&str, usize),
    lines: usize,
    limit: usize,
) -> Option<Problem> {
    if lines <= limit {
        return None;
    }
    match listed.get_mut(key) {
        None => Some(Problem::new(path, line, format!("{key} has {lines} lines, {limit} are allowed"))),
        Some(entry) => {
            entry.seen = true;
            let may = entry.lines;
            match lines.cmp(&may) {
                std::cmp::Ordering::Equal => None,
                std::cmp::Ordering::Greater => Some(Problem::new(
                    path,
                    line,
                    format!("{key} grew to {lines} lines, the list says {may}"),
                )),
                std::cmp::Ordering::Less => Some(Problem::new(
                    RATCHET,
                    entry.line,
                    format!("{key} has only {lines} lines: write {lines}"),
                )),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long_function(lines: usize) -> String {
        format!("//! A.\nfn long(a: [u8; 2]) {{\n{}}}\n", "    a();\n".repeat(lines - 2))
    }

    fn found(text: &str, ratchet: &str) -> Vec<String> {
        let tree = Tree::of(&[("crates/a/src/b.rs", text), (RATCHET, ratchet)]);
        check(&tree).into_iter().map(|problem| problem.to_string()).collect()
    }

    #[test]
    fn a_function_over_a_screen_is_found() {
        assert!(found(&long_function(70), "").is_empty());
        let text = "crates/a/src/b.rs:2: crates/a/src/b.rs::long has 71 lines, 70 are allowed";
        assert_eq!(found(&long_function(71), ""), [text]);
    }

    #[test]
    fn a_listed_one_may_stay_but_not_grow() {
        assert!(found(&long_function(80), "crates/a/src/b.rs::long 80\n").is_empty());
        let text = "crates/a/src/b.rs:2: crates/a/src/b.rs::long grew to 81 lines, the list says 80";
        assert_eq!(found(&long_function(81), "crates/a/src/b.rs::long 80\n"), [text]);
    }

    #[test]
    fn the_list_may_only_shrink() {
        let lower = "xtask/ratchet.txt:1: crates/a/src/b.rs::long has only 75 lines: write 75";
        assert_eq!(found(&long_function(75), "crates/a/src/b.rs::long 80 # parses\n"), [lower]);
        let off =
            "xtask/ratchet.txt:1: crates/a/src/b.rs::long is within its limit, or gone: take it off the list";
        assert_eq!(found(&long_function(60), "crates/a/src/b.rs::long 80\n"), [off]);
    }

    #[test]
    fn a_long_file_is_found_and_its_tests_do_not_count() {
        let long = "//! A.\n".to_owned() + &"const A: u8 = 1;\n".repeat(400);
        assert_eq!(found(&long, ""), ["crates/a/src/b.rs: crates/a/src/b.rs has 401 lines, 400 are allowed"]);
        let tested =
            "//! A.\n#[cfg(test)]\nmod tests {\n".to_owned() + &"const A: u8 = 1;\n".repeat(500) + "}\n";
        assert!(found(&tested, "").is_empty());
    }

    #[test]
    fn the_file_where_the_parts_meet_is_held_shorter() {
        let text = "//! A.\n".to_owned() + &"const A: u8 = 1;\n".repeat(300);
        let tree = Tree::of(&[("crates/engine/src/engine.rs", &text)]);
        assert_eq!(check(&tree).len(), 1);
    }
}
