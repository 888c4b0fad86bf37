//! The tree as the checks see it: every file's path, and the text of those that are read.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;

use super::lexer;

/// Folders that are not part of the source: build output, dependencies, version control.
const SKIPPED: [&str; 6] = ["target", ".git", "node_modules", "dist", "data", "__pycache__"];

/// Extensions whose text the checks read. The rest (sounds, images) are known by path only.
const READ: [&str; 16] = [
    "rs", "md", "toml", "txt", "sh", "py", "js", "mjs", "ts", "tsx", "html", "css", "sql", "yaml", "yml",
    "xml",
];

/// Paths relative to the root, with `/`; text where it is read.
#[derive(Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, String>,
}

/// A Rust source file, with its masks and what of it is test.
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    pub(crate) code: String,
    pub(crate) comments: String,
    /// For each line (from 0), whether it belongs to a test.
    pub(crate) test_lines: Vec<bool>,
}

impl Tree {
    /// Reads everything below `root`.
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(root, "")?;
        Ok(tree)
    }

    /// A tree that exists only in a test.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    fn read_folder(&mut self, root: &Path, folder: &str) -> anyhow::Result<()> {
        let here = root.join(folder);
        for entry in std::fs::read_dir(&here).with_context(|| format!("reading {}", here.display()))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if entry.file_type()?.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    self.read_folder(root, &path)?;
                }
                continue;
            }
            let text = if READ.iter().any(|extension| name.ends_with(&format!(".{extension}"))) {
                String::from_utf8_lossy(&std::fs::read(entry.path())?).into_owned()
            } else {
                String::new()
            };
            self.files.insert(path, text);
        }
        Ok(())
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Every file whose name ends so, with its text.
    pub(crate) fn with_extension(&self, extension: &str) -> impl Iterator<Item = (&str, &str)> {
        let suffix = format!(".{extension}");
        self.files
            .iter()
            .filter(move |(path, _)| path.ends_with(&suffix))
            .map(|(p, t)| (p.as_str(), t.as_str()))
    }

    /// Whether a file or folder is there.
    pub(crate) fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.files.contains_key(path) || self.files.keys().any(|known| known.starts_with(&folder))
    }

    /// Every Rust file.
    pub(crate) fn sources(&self) -> impl Iterator<Item = Source<'_>> {
        self.with_extension("rs").map(|(path, text)| Source::new(path, text))
    }
}

impl<'a> Source<'a> {
    pub(crate) fn new(path: &'a str, text: &'a str) -> Self {
        let lexer::Masks { code, comments } = lexer::masks(text);
        let test_lines = test_lines(path, &code);
        Self { path, text, code, comments, test_lines }
    }

    /// The crate's folder name for a file under `crates/`, or the first folder.
    pub(crate) fn krate(&self) -> &'a str {
        let inside = self.path.strip_prefix("crates/").unwrap_or(self.path);
        inside.split('/').next().unwrap_or(inside)
    }

    /// Code lines that are not test, with their numbers from 1.
    pub(crate) fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code
            .lines()
            .enumerate()
            .filter(|(index, _)| !self.test_lines.get(*index).copied().unwrap_or(false))
            .map(|(index, line)| (index + 1, line))
    }

    pub(crate) fn is_test(&self, line: usize) -> bool {
        self.test_lines.get(line.saturating_sub(1)).copied().unwrap_or(false)
    }
}

/// Marks whole test files, and the items below `#[cfg(test)]` elsewhere.
fn test_lines(path: &str, code: &str) -> Vec<bool> {
    let count = code.lines().count();
    let in_folder = |folder: &str| path.starts_with(folder) || path.contains(&format!("/{folder}"));
    if in_folder("tests/") || in_folder("benches/") || in_folder("fuzz/") || path.ends_with("/tests.rs") {
        return vec![true; count];
    }
    let mut marks = vec![false; count];
    for (start, _) in code.match_indices("#[cfg(test)]") {
        let first = line_of(code, start);
        let last = line_of(code, item_end(code, start + "#[cfg(test)]".len()));
        for mark in marks.iter_mut().take(last).skip(first - 1) {
            *mark = true;
        }
    }
    marks
}

/// The line, from 1, of a byte offset.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|&&byte| byte == b'\n').count() + 1
}

/// Where the item that starts at `from` ends: at its closing brace, or at its semicolon if it has no body.
pub(crate) fn item_end(code: &str, from: usize) -> usize {
    let mut nested = 0_usize;
    let mut braces = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => nested += 1,
            b')' | b']' => nested = nested.saturating_sub(1),
            b'{' => braces += 1,
            b'}' => {
                braces = braces.saturating_sub(1);
                if braces == 0 {
                    return at;
                }
            }
            b';' if nested == 0 && braces == 0 => return at,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_module_is_told_from_the_product() {
        let source = Source::new(
            "crates/a/src/b.rs",
            "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() {}\n}\nfn c() {}\n",
        );
        let lines: Vec<usize> = source.product_lines().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 6]);
    }

    #[test]
    fn a_folder_exists_when_a_file_is_in_it() {
        let tree = Tree::of(&[("a/b/c.rs", "")]);
        assert!(tree.exists("a/b") && tree.exists("a/b/") && tree.exists("a/b/c.rs"));
        assert!(!tree.exists("a/c") && !tree.exists("a/b/c"));
    }
}
