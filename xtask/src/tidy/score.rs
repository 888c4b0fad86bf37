//! The tree in one table, so that its shape has a curve over time and not only an opinion.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::tree::{Source, Tree};
use super::{arrows, length};

#[derive(Default)]
struct Row {
    files: Vec<usize>,
    test_lines: usize,
    tests: usize,
    longest_function: usize,
    functions_over: usize,
}

impl Row {
    fn add(&mut self, source: &Source<'_>) {
        let product = source.product_lines().count();
        if product > 0 {
            self.files.push(product);
        }
        self.test_lines += source.test_lines.iter().filter(|test| **test).count();
        self.tests += source.code.matches("#[test]").count() + source.code.matches("#[tokio::test").count();
        for function in length::functions(source).filter(|function| !source.is_test(function.line)) {
            self.longest_function = self.longest_function.max(function.lines);
            self.functions_over += usize::from(function.lines > length::FUNCTION_LINES_MAX);
        }
    }

    fn lines(&self) -> usize {
        self.files.iter().sum()
    }

    /// The length that nine of ten files stay within.
    fn file_p90(&self) -> usize {
        let mut sorted = self.files.clone();
        sorted.sort_unstable();
        sorted.get((sorted.len() * 9 / 10).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0)
    }
}

/// One row per crate and the sums below.
pub(crate) fn table(tree: &Tree) -> String {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for source in tree.sources() {
        rows.entry(source.krate().to_owned()).or_default().add(&source);
    }
    let mut out = String::from("crate       lines  files  p90  longest  fn max  fn>70  test lines  tests\n");
    for (name, row) in &rows {
        let longest = row.files.iter().max().copied().unwrap_or(0);
        let _ = writeln!(
            out,
            "{name:<10} {:>6} {:>6} {:>4} {longest:>8} {:>7} {:>6} {:>11} {:>6}",
            row.lines(),
            row.files.len(),
            row.file_p90(),
            row.longest_function,
            row.functions_over,
            row.test_lines,
            row.tests,
        );
    }
    let product: usize = rows.iter().filter(|(name, _)| !outside(name)).map(|(_, row)| row.lines()).sum();
    let pure: usize = arrows::pure_crates().filter_map(|name| rows.get(name)).map(Row::lines).sum();
    let _ = writeln!(
        out,
        "product {product} lines, {} % of them pure; {} tests; {} exceptions on the ratchet",
        (pure * 100).checked_div(product).unwrap_or(0),
        rows.values().map(|row| row.tests).sum::<usize>(),
        length::exceptions_count(tree),
    );
    out
}

fn outside(name: &str) -> bool {
    matches!(name, "xtask" | "e2e" | "bench" | "fuzz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_counts_what_is_there() {
        let tree = Tree::of(&[
            (
                "crates/acd/src/lib.rs",
                "//! A.\nfn a() {}\n#[cfg(test)]\nmod tests {\n#[test]\nfn b() {}\n}\n",
            ),
            ("crates/sip/src/lib.rs", "//! B.\nfn a() {}\n"),
        ]);
        let table = table(&tree);
        assert!(
            table.contains("acd             2      1    2        2       1      0           5      1"),
            "{table}"
        );
        assert!(table.contains("product 4 lines, 50 % of them pure; 1 tests; 0 exceptions"), "{table}");
    }
}
