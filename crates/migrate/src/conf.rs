//! Asterisk's configuration syntax: files of sections with settings, templates, and files that include others.
//!
//! What is read here is what Asterisk's own reader takes (`main/config.c` of Asterisk 20): `[name](options)` opens a
//! section, `key = value` and `key => value` mean the same, `;` begins a comment unless a `\` stands before it, and
//! `;--` to `--;` is a comment of any length that may hold others. Keys may be repeated, and so may sections.

mod header;
mod include;
mod line;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::ImportError;
use crate::files::{FileError, Files};
use crate::limits::{
    COPIED_BYTES_MAX, FILES_MAX, INCLUDE_DEPTH_MAX, LINE_BYTES_MAX, LINES_MAX, SECTIONS_MAX, SETTINGS_MAX,
};
use crate::report::{Place, Report, shown};

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// In lower case: Asterisk does not tell them apart.
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) place: Place,
}

/// A section with all its settings, first those of its templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) name: String,
    /// Only there to be inherited from.
    pub(crate) template: bool,
    pub(crate) place: Place,
    pub(crate) settings: Vec<Setting>,
}

impl Section {
    /// The setting of this name that counts where there can be only one: the last.
    pub(crate) fn last(&self, key: &str) -> Option<&Setting> {
        self.settings.iter().rev().find(|setting| setting.key == key)
    }

    /// Its value, if it has one.
    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        self.last(key).map(|setting| setting.value.as_str()).filter(|value| !value.is_empty())
    }

    /// All settings of this name, in their order.
    pub(crate) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Setting> {
        self.settings.iter().filter(move |setting| setting.key == key)
    }
}

/// Whether a value says yes, as Asterisk reads it.
pub(crate) fn is_yes(value: &str) -> bool {
    ["yes", "true", "y", "t", "1", "on"].iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Without blanks at its ends, as Asterisk sees them: every sign up to the space, and no other of Unicode's, since
/// a password may end in one.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c <= ' ')
}

/// Reads files and counts what was read, so that all of them together keep to the limits.
pub(crate) struct Reader<'a> {
    files: &'a dyn Files,
    report: &'a mut Report,
    files_read: usize,
    lines: usize,
    sections: usize,
    settings: usize,
    copied: usize,
}

/// One of the files that begin, with all that it includes.
#[derive(Default)]
struct Tree {
    sections: Vec<Section>,
    by_name: BTreeMap<String, Vec<usize>>,
    current: Option<usize>,
    /// The files that are being read, from the first to the one that was included last.
    open: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(files: &'a dyn Files, report: &'a mut Report) -> Self {
        Self { files, report, files_read: 0, lines: 0, sections: 0, settings: 0, copied: 0 }
    }

    /// The sections of a file and of all that it includes; none if there is no such file.
    pub(crate) fn read(&mut self, name: &str) -> Result<Option<Vec<Section>>, ImportError> {
        let text = match self.files.read(name) {
            Ok(text) => text,
            Err(FileError::NotThere) => return Ok(None),
            Err(why) => return Err(ImportError::new(&Place::file(name), why.to_string())),
        };
        let mut tree = Tree::default();
        self.text(&mut tree, name, &text)?;
        Ok(Some(tree.sections))
    }

    /// Whether there is a file of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.files.read(name) != Err(FileError::NotThere)
    }

    pub(crate) fn report(&mut self) -> &mut Report {
        self.report
    }

    fn text(&mut self, tree: &mut Tree, name: &str, text: &str) -> Result<(), ImportError> {
        self.files_read += 1;
        if self.files_read > FILES_MAX {
            let why = format!("more than {FILES_MAX} files are included; that is the limit");
            return Err(ImportError::new(&Place::file(name), why));
        }
        let file: Arc<str> = name.into();
        tree.open.push(name.to_owned());
        let mut comments = line::Comments::default();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let place = Place { file: file.clone(), line: u32::try_from(index + 1).unwrap_or(u32::MAX) };
            self.lines += 1;
            if self.lines > LINES_MAX {
                return Err(ImportError::new(
                    &place,
                    format!("this is line {LINES_MAX} of all files; that is the limit"),
                ));
            }
            if line.len() > LINE_BYTES_MAX {
                return Err(ImportError::new(
                    &place,
                    format!("the line is longer than {LINE_BYTES_MAX} bytes; that is the limit"),
                ));
            }
            let meant = comments.strip(line, &place)?;
            self.line(tree, trimmed(&meant), &place)?;
        }
        if let Some(begun) = comments.open() {
            self.report.add(
                begun,
                "the comment that begins here with `;--` never ends, so all behind it is comment",
            );
        }
        tree.open.pop();
        Ok(())
    }

    fn line(&mut self, tree: &mut Tree, line: &str, place: &Place) -> Result<(), ImportError> {
        if line.is_empty() {
            return Ok(());
        }
        if line.starts_with('[') {
            return self.header(tree, line, place);
        }
        if let Some(directive) = line.strip_prefix('#') {
            return self.directive(tree, directive, place);
        }
        let Some((key, value)) = line.split_once('=') else {
            self.report.add(place, format!("`{}` has no `=`, so it says nothing", shown(line)));
            return Ok(());
        };
        let Some(section) = tree.current.and_then(|current| tree.sections.get_mut(current)) else {
            self.report.add(place, "the setting stands in no section, so Asterisk does not take it either");
            return Ok(());
        };
        let value = trimmed(value.strip_prefix('>').unwrap_or(value));
        let key = key.trim();
        let (key, adds) = key.strip_suffix('+').map_or((key, false), |key| (key.trim(), true));
        let key = key.to_ascii_lowercase();
        let before = section.settings.iter_mut().rev().find(|setting| setting.key == key);
        if let (true, Some(before)) = (adds, before) {
            before.value.push_str(value);
            return Ok(());
        }
        section.settings.push(Setting { key, value: value.to_owned(), place: place.clone() });
        self.settings += 1;
        self.within(place)
    }

    /// Opens a section, or goes on with one.
    fn header(&mut self, tree: &mut Tree, line: &str, place: &Place) -> Result<(), ImportError> {
        let Some(header) = header::Header::parse(line) else {
            self.report
                .add(place, "the section's name or its options have no end, so the section is left out");
            tree.current = None;
            return Ok(());
        };
        if let Some(filter) = &header.goes_on {
            let known = tree.by_name.get(header.name).into_iter().flatten();
            let mut known =
                known.filter(|at| tree.sections.get(**at).is_some_and(|section| filter.takes(section)));
            tree.current = known.next().copied();
            if tree.current.is_none() {
                let name = shown(header.name);
                self.report.add(place, format!("there is no section `{name}` before this one to go on with"));
            }
            return Ok(());
        }
        let mut settings = Vec::new();
        for base in &header.bases {
            let Some(base) = tree.by_name.get(*base).and_then(|known| known.first()) else {
                self.report.add(place, format!("there is no template `{}` before this line", shown(base)));
                continue;
            };
            let inherited = tree.sections.get(*base).map_or(&[][..], |section| section.settings.as_slice());
            self.settings += inherited.len();
            self.copied +=
                inherited.iter().map(|setting| setting.key.len() + setting.value.len()).sum::<usize>();
            self.within(place)?;
            settings.extend_from_slice(inherited);
        }
        self.sections += 1;
        self.within(place)?;
        let name = header.name.to_owned();
        tree.current = Some(tree.sections.len());
        tree.by_name.entry(name.clone()).or_default().push(tree.sections.len());
        tree.sections.push(Section { name, template: header.template, place: place.clone(), settings });
        Ok(())
    }

    fn within(&self, place: &Place) -> Result<(), ImportError> {
        let too_many = if self.sections > SECTIONS_MAX {
            format!("more than {SECTIONS_MAX} sections")
        } else if self.settings > SETTINGS_MAX {
            format!("more than {SETTINGS_MAX} settings, those of templates counted in each section")
        } else if self.copied > COPIED_BYTES_MAX {
            format!("more than {COPIED_BYTES_MAX} bytes of settings come from templates")
        } else {
            return Ok(());
        };
        Err(ImportError::new(place, format!("{too_many}; that is the limit")))
    }

    fn directive(&mut self, tree: &mut Tree, text: &str, place: &Place) -> Result<(), ImportError> {
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        match word.to_ascii_lowercase().as_str() {
            "include" => self.include(tree, rest, false, place),
            "tryinclude" => self.include(tree, rest, true, place),
            "exec" => {
                let text = "`#exec` runs a program, which is never done here: run it, and put what it prints in its place";
                self.report.add(place, text);
                Ok(())
            }
            _ => {
                self.report.add(place, format!("`#{}` is not known", shown(word)));
                Ok(())
            }
        }
    }

    fn include(
        &mut self,
        tree: &mut Tree,
        written: &str,
        may_be_missing: bool,
        place: &Place,
    ) -> Result<(), ImportError> {
        let written = written.trim();
        let Some(path) = include::relative(include::unquoted(written)) else {
            let text = format!("`{}` lies outside the folder that is read; copy it there", shown(written));
            self.report.add(place, text);
            return Ok(());
        };
        let names = match include::expand(self.files, &path) {
            Ok(names) => names,
            Err(why) => {
                self.report.add(place, format!("`{}` was not included: {why}", shown(&path)));
                return Ok(());
            }
        };
        if names.is_empty() && !may_be_missing {
            self.report.add(place, format!("`{}` was not included: there is no such file", shown(&path)));
        }
        for name in names {
            if tree.open.contains(&name) {
                return Err(ImportError::new(
                    place,
                    format!("`{}` includes itself, directly or through others", shown(&name)),
                ));
            }
            if tree.open.len() > INCLUDE_DEPTH_MAX {
                return Err(ImportError::new(
                    place,
                    format!("files include each other more than {INCLUDE_DEPTH_MAX} deep; that is the limit"),
                ));
            }
            let text = match self.files.read(&name) {
                Ok(text) => text,
                Err(FileError::NotThere) if may_be_missing => continue,
                Err(why) => {
                    self.report.add(place, format!("`{}` was not included: {why}", shown(&name)));
                    continue;
                }
            };
            // What is included goes on with the section it stands in; behind it that one goes on.
            let current = tree.current;
            self.text(tree, &name, &text)?;
            tree.current = current;
        }
        Ok(())
    }
}
