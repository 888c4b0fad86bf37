//! The pure crates read no clock, open nothing, spawn nothing, draw no chance and do not panic.
//!
//! The types make most of this hard; this makes the rest visible. Tests may do what they like.

use super::tree::{Source, Tree};
use super::{Problem, arrows};

/// What the product part of a pure crate may not name, and what to do instead.
const BANNED: [(&str, &str); 27] = [
    ("Instant::now", "take `now` as an argument"),
    ("SystemTime", "take `now` as an argument"),
    ("TcpStream", "sockets belong to the shell"),
    ("TcpListener", "sockets belong to the shell"),
    ("UdpSocket", "sockets belong to the shell"),
    ("std::thread", "threads belong to the shell"),
    ("std::fs", "files belong to the shell"),
    ("std::env", "settings come in as arguments"),
    ("std::process", "processes belong to the shell"),
    ("Mutex", "nothing here is shared for writing: the owner is one thread"),
    ("RwLock", "nothing here is shared for writing: the owner is one thread"),
    ("mpsc", "nothing here is shared for writing: the owner is one thread"),
    ("std::sync::atomic", "nothing here is shared for writing: the owner is one thread"),
    ("tokio", "no runtime below the shell"),
    ("async fn", "no runtime below the shell"),
    (".await", "no runtime below the shell"),
    ("rand::rng", "draw from the seeded generator"),
    ("thread_rng", "draw from the seeded generator"),
    ("RandomState", "iteration order must not depend on chance"),
    (".unwrap()", "what comes from outside must not panic"),
    (".expect(", "what comes from outside must not panic"),
    ("panic!", "what comes from outside must not panic"),
    ("unreachable!", "what comes from outside must not panic"),
    ("unimplemented!", "what comes from outside must not panic"),
    ("println!", "say it with an event"),
    ("eprintln!", "say it with an event"),
    ("static mut", "no state outside the value"),
];

/// Hashed collections: fine to look up in, never to walk, because the order would differ between two runs.
const HASHED: [&str; 2] = ["HashMap", "HashSet"];

/// The comment that says a hashed collection is never walked. On its line or the one above.
const LOOKUP_ONLY: &str = "lookup only";

/// The one place that may panic: the macro for impossible states does so under test and in simulation.
const MAY_PANIC: &str = "crates/engine/src/never.rs";

/// Every banned name in the product part of the pure crates.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in tree.sources() {
        if arrows::pure_crates().any(|name| source.path.starts_with(&format!("crates/{name}/src/"))) {
            check_source(&source, &mut problems);
        }
    }
    problems
}

fn check_source(source: &Source<'_>, problems: &mut Vec<Problem>) {
    let comments: Vec<&str> = source.comments.lines().collect();
    let lines: Vec<&str> = source.code.lines().collect();
    for (number, line) in source.product_lines() {
        for (name, instead) in BANNED {
            if names(line, name) && !(name == "panic!" && source.path == MAY_PANIC) {
                let text = format!("`{name}` in a pure crate: {instead}");
                problems.push(Problem::new(source.path, number, text));
            }
        }
        if hashed(line) && !marked(&lines, &comments, number - 1) {
            let text = "a hashed collection in a pure crate needs `// lookup only: <why>`, or be a BTreeMap";
            problems.push(Problem::new(source.path, number, text));
        }
    }
}

/// Whether the line declares a hashed collection; importing one or making it empty says nothing yet.
fn hashed(line: &str) -> bool {
    let made = |name: &str| line.contains(&format!("{name}::"));
    !line.trim_start().starts_with("use ") && HASHED.iter().any(|name| names(line, name) && !made(name))
}

/// Whether the comment stands on this line, or above it with nothing but such declarations between.
fn marked(lines: &[&str], comments: &[&str], index: usize) -> bool {
    let said = |at: usize| comments.get(at).is_some_and(|comment| comment.contains(LOOKUP_ONLY));
    let mut at = index;
    loop {
        if said(at) {
            return true;
        }
        let Some(above) = at.checked_sub(1) else { return false };
        let goes_on = lines.get(above).is_some_and(|line| hashed(line) || line.trim().is_empty());
        if !goes_on {
            return false;
        }
        at = above;
    }
}

/// Whether `line` has `name` as a whole word.
fn names(line: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, found)| {
        let before = line[..at].chars().next_back();
        let after = line[at + found.len()..].chars().next();
        let open_start = name.starts_with(|c: char| !word(c)) || !before.is_some_and(word);
        let open_end = name.ends_with(|c: char| !word(c)) || !after.is_some_and(word);
        open_start && open_end
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|problem| problem.line).collect()
    }

    #[test]
    fn a_clock_in_a_pure_crate_is_found() {
        assert_eq!(found("crates/acd/src/a.rs", "fn a() {\n    let t = Instant::now();\n}\n"), [2]);
    }

    #[test]
    fn the_same_in_a_shell_crate_or_a_test_is_fine() {
        assert!(found("crates/switch/src/a.rs", "let t = Instant::now();").is_empty());
        assert!(found("crates/acd/tests/a.rs", "let t = Instant::now();").is_empty());
        assert!(
            found("crates/acd/src/a.rs", "#[cfg(test)]\nmod tests {\n fn a() { x.unwrap() }\n}").is_empty()
        );
    }

    #[test]
    fn a_word_that_only_contains_a_banned_one_is_fine() {
        assert!(found("crates/acd/src/a.rs", "let tokio_like = 1; a.unwrap_or(2); // SystemTime").is_empty());
    }

    #[test]
    fn a_hashed_collection_needs_its_reason() {
        assert_eq!(found("crates/rtp/src/a.rs", "struct A {\n    b: HashMap<u32, u32>,\n}"), [2]);
        assert!(
            found("crates/rtp/src/a.rs", "// lookup only: by key from the packet\nb: HashMap<u32, u32>,")
                .is_empty()
        );
    }

    #[test]
    fn a_panic_is_found_but_in_the_macro_for_impossible_states() {
        assert_eq!(found("crates/engine/src/a.rs", "panic!()"), [1]);
        assert!(found(MAY_PANIC, "panic!()").is_empty());
    }
}
