//! Files that are texts.

use std::collections::{BTreeMap, BTreeSet};

use migrate::{FileError, Files, Import};

/// Files by their names.
#[derive(Default)]
pub(crate) struct Texts(BTreeMap<String, String>);

impl Texts {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    pub(crate) fn import(&self) -> Import {
        migrate::asterisk(self, "acme.test").unwrap()
    }

    /// Why it is refused.
    pub(crate) fn refused(&self) -> String {
        migrate::asterisk(self, "acme.test").unwrap_err().to_string()
    }
}

impl Files for Texts {
    fn read(&self, name: &str) -> Result<String, FileError> {
        self.0.get(name).cloned().ok_or(FileError::NotThere)
    }

    fn folder(&self, name: &str) -> Result<Vec<String>, FileError> {
        let start = if name.is_empty() { String::new() } else { format!("{name}/") };
        let below = self.0.keys().filter_map(|file| file.strip_prefix(&start));
        let names: BTreeSet<&str> = below.map(|rest| rest.split('/').next().unwrap()).collect();
        if names.is_empty() {
            return Err(FileError::NotThere);
        }
        Ok(names.into_iter().map(str::to_owned).collect())
    }
}

/// The remarks, a line each.
pub(crate) fn remarks(import: &Import) -> String {
    import.report.iter().map(|remark| format!("{remark}\n")).collect()
}
