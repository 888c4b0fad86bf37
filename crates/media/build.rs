//! Lists the sounds that are compiled in: every WAV file of every language in `sounds/`.

#![allow(clippy::disallowed_methods, reason = "cargo tells a build script by the environment where to write")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let sounds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sounds").canonicalize()?;
    println!("cargo::rerun-if-changed={}", sounds.display());
    let mut table = String::from("&[\n");
    for language in sorted(&sounds)?.iter().filter(|path| path.is_dir()) {
        for file in sorted(language)?.iter().filter(|path| path.extension().is_some_and(|ext| ext == "wav")) {
            let (Some(language), Some(name)) = (language.file_name(), file.file_stem()) else { continue };
            let key = format!("{}/{}", language.display(), name.display());
            writeln!(table, "    ({key:?}, include_bytes!({file:?})),").map_err(io::Error::other)?;
        }
    }
    table.push_str("]\n");
    let target = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    fs::write(Path::new(&target).join("sounds.rs"), table)
}

fn sorted(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort_unstable();
    Ok(paths)
}
