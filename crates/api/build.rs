//! Takes the built web app (`web/dist`) into the crate: a table of its files, each as it is and as it was packed.
//!
//! Without a built app the table is empty, so that the server compiles where there is no Node.js; its pages then say
//! how to build the app.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Where the app lies, seen from this crate.
const DIST: &str = "../../web/dist";
/// What is filled in for each request, and so stands apart.
const INDEX: &str = "index.html";

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let dist = here.join(DIST);
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    if dist.is_dir() {
        collect(&dist, &mut files)?;
    }
    files.sort();
    // A copy is compiled, so that a build of the app in the meantime changes nothing under the compiler's hands.
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let copy = out.join("app");
    for file in &files {
        let to = copy.join(file.strip_prefix(&dist).unwrap_or(file));
        fs::create_dir_all(to.parent().unwrap_or(&copy))?;
        fs::copy(file, to)?;
    }
    let names = files
        .iter()
        .filter_map(|file| file.strip_prefix(&dist).ok())
        .map(|name| copy.join(name))
        .collect::<Vec<_>>();
    fs::write(out.join("app_files.rs"), table(&copy, &names))
}

/// All files below a folder, hidden ones apart.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn table(dist: &Path, files: &[PathBuf]) -> String {
    let index = dist.join(INDEX);
    let mut text = String::new();
    let page = if files.contains(&index) {
        format!("Some(include_str!({:?}))", index.display().to_string())
    } else {
        "None".to_owned()
    };
    let _infallible = writeln!(text, "/// The page of the app; none if it was not built.");
    let _infallible = writeln!(text, "const INDEX: Option<&str> = {page};");
    let _infallible = writeln!(text, "/// Every other file.\nconst FILES: &[File] = &[");
    for file in files.iter().filter(|file| **file != index && !is_packed(file)) {
        let path = file.strip_prefix(dist).unwrap_or(file).display().to_string().replace('\\', "/");
        let packed = |extension: &str| {
            let packed = PathBuf::from(format!("{}.{extension}", file.display()));
            if files.contains(&packed) { format!("Some({})", bytes(&packed)) } else { "None".to_owned() }
        };
        let (brotli, gzip) = (packed("br"), packed("gz"));
        let plain = bytes(file);
        let _infallible = writeln!(
            text,
            "    File {{ path: {:?}, plain: {plain}, brotli: {brotli}, gzip: {gzip} }},",
            format!("/{path}")
        );
    }
    text.push_str("];\n");
    text
}

fn is_packed(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "br" || extension == "gz")
}

fn bytes(file: &Path) -> String {
    format!("include_bytes!({:?})", file.display().to_string())
}
