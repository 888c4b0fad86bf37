//! Whole configurations from `tests/fixtures`, with what is expected of them beside them.
//!
//! `UPDATE_EXPECT=1 cargo test -p migrate` writes the expectations anew. That our own reader takes every one of the
//! files is a test of the `server` crate, where both are known.

use std::path::Path;

use crate::world::{Texts, remarks};
use expect_test::expect_file;

fn fixture(name: &str) -> Texts {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let mut files = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "conf") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Texts::new(&files)
}

#[test]
fn a_small_office() {
    let import = fixture("office").import();
    expect_file!["fixtures/office/expected.yaml"].assert_eq(&import.file);
    expect_file!["fixtures/office/expected.txt"].assert_eq(&remarks(&import));
}

#[test]
fn templates_and_many_files() {
    let import = fixture("templates").import();
    expect_file!["fixtures/templates/expected.yaml"].assert_eq(&import.file);
    expect_file!["fixtures/templates/expected.txt"].assert_eq(&remarks(&import));
}

#[test]
fn queues_alone() {
    let import = fixture("sparse").import();
    expect_file!["fixtures/sparse/expected.yaml"].assert_eq(&import.file);
    expect_file!["fixtures/sparse/expected.txt"].assert_eq(&remarks(&import));
}
