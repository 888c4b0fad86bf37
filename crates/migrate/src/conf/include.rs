//! The names that an `#include` means.

use crate::files::{FileError, Files};
use crate::glob;
use crate::limits::{FILES_MAX, FOLDER_MAX};

/// Where Asterisk's own configuration lies unless told otherwise; what is read is a copy of it.
const HOME: &str = "/etc/asterisk/";

/// The name without `"…"` or `<…>`.
pub(super) fn unquoted(written: &str) -> &str {
    for (open, close) in [('"', '"'), ('<', '>')] {
        if let Some(name) = written.strip_prefix(open) {
            return name.split(close).next().unwrap_or(name).trim();
        }
    }
    written
}

/// The name relative to the folder; none if it leads out of it.
pub(super) fn relative(name: &str) -> Option<String> {
    let name = name.strip_prefix(HOME).unwrap_or(name);
    if name.starts_with('/') || name.contains(['\\', '\0']) {
        return None;
    }
    let mut parts = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The names that a pattern means, sorted; of a name without a pattern itself, whether it is there or not.
pub(super) fn expand(files: &dyn Files, path: &str) -> Result<Vec<String>, FileError> {
    if !glob::is_pattern(path) {
        return Ok(if path.is_empty() { Vec::new() } else { vec![path.to_owned()] });
    }
    let mut found = vec![String::new()];
    for part in path.split('/') {
        let mut next = Vec::new();
        for folder in &found {
            let join =
                |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if !glob::is_pattern(part) {
                next.push(join(part));
                continue;
            }
            let names = match files.folder(folder) {
                Ok(names) => names,
                // A file, or a name that is not in this one of the folders.
                Err(FileError::NotThere) => continue,
                Err(why) => return Err(why),
            };
            next.extend(
                names.iter().take(FOLDER_MAX).filter(|name| glob::fits(part, name)).map(|name| join(name)),
            );
            if next.len() > FILES_MAX {
                return Err(FileError::Other(format!(
                    "it means more than {FILES_MAX} files; that is the limit"
                )));
            }
        }
        found = next;
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out() {
        assert_eq!(relative("a/../b/./c.conf").as_deref(), Some("b/c.conf"));
        assert_eq!(relative("/etc/asterisk/a.conf").as_deref(), Some("a.conf"));
        for out in ["../a", "a/../../b", "/etc/passwd", "/etc/asterisk/../passwd", "a\\b"] {
            assert_eq!(relative(out), None, "{out}");
        }
    }

    #[test]
    fn names_stand_in_quotes_or_not() {
        assert_eq!(["a b.conf", "\"a b.conf\"", "<a b.conf>"].map(unquoted), ["a b.conf"; 3]);
    }
}
