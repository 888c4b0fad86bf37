//! `extensions.conf`: contexts, extensions and their steps.
//!
//! A dialplan is a program; what is carried over of it is where a dialed number leads when nothing is decided on the
//! way. [`lead`] finds that out, [`instead`] says of everything else what does its work here.

pub(crate) mod instead;
pub(crate) mod lead;
mod pattern;
mod step;
mod variables;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::conf::Section;
use crate::limits::LOOKUPS_MAX;
use crate::report::{Place, Report, shown};
pub(crate) use step::Step;

/// The steps behind one number, name or pattern.
#[derive(Clone, Debug)]
pub(crate) struct Exten {
    /// As it stands there; a pattern begins with `_`.
    pub(crate) name: String,
    pub(crate) place: Place,
    /// By their priority.
    pub(crate) steps: Vec<Step>,
}

impl Exten {
    pub(crate) fn is_pattern(&self) -> bool {
        self.name.starts_with('_')
    }
}

/// Extensions under one name, and the contexts whose extensions are in it too.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    pub(crate) extens: BTreeMap<String, Exten>,
    pub(crate) includes: Vec<String>,
}

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Dialplan {
    pub(crate) contexts: BTreeMap<String, Context>,
    globals: BTreeMap<String, String>,
    looked_up: Cell<u32>,
}

/// Reads the file's sections.
pub(crate) fn read(sections: &[Section], report: &mut Report) -> Dialplan {
    let mut dialplan = Dialplan::default();
    for section in sections.iter().filter(|section| !section.template) {
        match section.name.as_str() {
            // What Asterisk does with the file itself.
            "general" => {}
            "globals" => {
                let set = section.settings.iter().map(|setting| (setting.key.clone(), setting.value.clone()));
                dialplan.globals.extend(set);
            }
            name => {
                let context = dialplan.contexts.entry(name.to_owned()).or_default();
                step::read(section, context, report);
            }
        }
    }
    for context in dialplan.contexts.values_mut() {
        for exten in context.extens.values_mut() {
            // A step that is there twice stays in the order of the file.
            exten.steps.sort_by_key(|step| step.priority);
        }
    }
    dialplan
}

impl Dialplan {
    /// These contexts and all that they include.
    pub(crate) fn reach<'n>(&self, from: impl IntoIterator<Item = &'n str>) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<_> =
            from.into_iter().filter_map(|name| self.contexts.get_key_value(name)).collect();
        while let Some((name, context)) = open.pop() {
            if reached.insert(name.as_str()) {
                open.extend(context.includes.iter().filter_map(|name| self.contexts.get_key_value(name)));
            }
        }
        reached
    }

    /// What a dialed number means in a context: the extension of that name, else the pattern that fits best, else
    /// what the included contexts say, one after the other.
    pub(crate) fn find<'a>(&'a self, context: &str, dialed: &str) -> Option<(&'a str, &'a Exten)> {
        let mut seen = BTreeSet::new();
        let mut open = vec![context];
        while let Some(name) = open.pop() {
            let Some((name, context)) =
                self.contexts.get_key_value(name).filter(|(name, _)| seen.insert(name.as_str()))
            else {
                continue;
            };
            if !self.may_look_up() {
                return None;
            }
            if let Some(exten) = context.extens.get(dialed) {
                return Some((name, exten));
            }
            // Names of patterns stand together: they all begin with `_`.
            let patterns = context.extens.range("_".to_owned()..).map(|(_, exten)| exten);
            let patterns = patterns.take_while(|exten| exten.is_pattern());
            let fitting = patterns.filter(|exten| self.may_look_up() && pattern::fits(&exten.name, dialed));
            if let Some(exten) = fitting.min_by_key(|exten| pattern::width(&exten.name)) {
                return Some((name, exten));
            }
            open.extend(context.includes.iter().rev().map(String::as_str));
        }
        None
    }

    /// Whether the limit of all look-ups has not been reached.
    fn may_look_up(&self) -> bool {
        let looked_up = self.looked_up.get().saturating_add(1);
        self.looked_up.set(looked_up);
        looked_up <= LOOKUPS_MAX
    }

    /// Whether some numbers were not followed to their end.
    pub(crate) fn gave_up(&self) -> bool {
        self.looked_up.get() > LOOKUPS_MAX
    }

    /// Every step, with its extension.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (&Exten, &Step)> {
        let extens = self.contexts.values().flat_map(|context| context.extens.values());
        extens.flat_map(|exten| exten.steps.iter().map(move |step| (exten, step)))
    }

    /// A remark on a number of the dialplan.
    pub(crate) fn remark(report: &mut Report, exten: &Exten, text: &str) {
        report.add(&exten.place, format!("{}: {text}", shown(&exten.name)));
    }
}
