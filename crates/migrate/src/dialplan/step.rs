//! Lines of a context: `exten => number,priority,application(arguments)` and `same => priority,…`.

use super::{Context, Dialplan, Exten};
use crate::conf::{Section, Setting};
use crate::report::{Place, Report, shown};

/// One step of an extension.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) priority: u32,
    pub(crate) label: Option<String>,
    /// The application as it stands there.
    pub(crate) app: String,
    /// Its arguments, variables not filled in.
    pub(crate) args: Vec<String>,
    pub(crate) place: Place,
}

impl Step {
    /// Whether it is this application; Asterisk does not tell upper and lower case apart.
    pub(crate) fn is(&self, app: &str) -> bool {
        self.app.eq_ignore_ascii_case(app)
    }

    /// An argument, if it is there and not empty.
    pub(crate) fn arg(&self, at: usize) -> Option<&str> {
        self.args.get(at).map(|arg| arg.trim()).filter(|arg| !arg.is_empty())
    }
}

/// Reads a section into its context.
pub(super) fn read(section: &Section, context: &mut Context, report: &mut Report) {
    let mut last: Option<(String, u32)> = None;
    for setting in &section.settings {
        match setting.key.as_str() {
            "exten" => {
                let (name, rest) = setting.value.split_once(',').unwrap_or((&setting.value, ""));
                let priority = last.as_ref().map_or(0, |(_, priority)| *priority);
                last = step(context, name.trim(), rest, priority, setting, report);
            }
            "same" => match last.take() {
                Some((name, priority)) => {
                    last = step(context, &name, &setting.value, priority, setting, report)
                }
                None => report.add(&setting.place, "`same` has no `exten` before it that could be read"),
            },
            "include" => include(context, setting, report),
            // They tell phones of dial tones, and have no part in where a call goes.
            "ignorepat" | "autohints" => {}
            "switch" | "lswitch" | "eswitch" => {
                let text = "extensions of another server are not reached from here; make a trunk of it";
                report.add(&setting.place, format!("`{}`: {text}", setting.key));
            }
            other => report.add(&setting.place, format!("`{}` is not known in a context", shown(other))),
        }
    }
}

fn include(context: &mut Context, setting: &Setting, report: &mut Report) {
    let (name, times) = setting.value.split_once([',', '|']).unwrap_or((&setting.value, ""));
    if !times.is_empty() {
        let text = "the context is taken as if it always held: for times give the number or queue `hours`";
        report.add(&setting.place, format!("`include` with times: {text}"));
    }
    context.includes.push(name.trim().to_owned());
}

/// Takes a step in, and says behind what the next `same` stands.
fn step(
    context: &mut Context,
    name: &str,
    rest: &str,
    before: u32,
    setting: &Setting,
    report: &mut Report,
) -> Option<(String, u32)> {
    let place = &setting.place;
    let (priority, call) = rest.split_once(',').unwrap_or((rest, ""));
    let priority = priority.trim();
    if name.is_empty() || priority.is_empty() {
        report.add(place, "the line wants a number, a priority and an application, with commas between");
        return None;
    }
    if name.contains('/') {
        report
            .add(place, format!("`{}` asks who calls: that is a flow's `branch` with `caller`", shown(name)));
        return None;
    }
    if priority.eq_ignore_ascii_case("hint") {
        report.add(
            place,
            "`hint`: phones are not told of each other's state; the event socket of the API tells it",
        );
        return Some((name.to_owned(), before));
    }
    let (priority, label) = match priority.split_once('(') {
        Some((priority, label)) => (priority.trim(), Some(label.trim_end_matches(')').trim().to_owned())),
        None => (priority, None),
    };
    let Some(priority) = number(priority, before) else {
        report
            .add(place, format!("priority `{}` is not understood, so the step is left out", shown(priority)));
        return Some((name.to_owned(), before));
    };
    let (app, args) = application(call.trim());
    let exten = context.extens.entry(name.to_owned()).or_insert_with(|| Exten {
        name: name.to_owned(),
        place: place.clone(),
        steps: Vec::new(),
    });
    if exten.steps.last().is_some_and(|last| last.priority == priority) {
        Dialplan::remark(report, exten, "a priority is there twice; the first one counts");
    }
    exten.steps.push(Step { priority, label, app, args, place: place.clone() });
    Some((name.to_owned(), priority))
}

/// `5`, `n` for the next one, `s` for the same, each with `+2`.
fn number(text: &str, before: u32) -> Option<u32> {
    let (base, more) = text.split_once('+').unwrap_or((text, "0"));
    let base = match base.trim() {
        "n" | "N" | "next" => before.checked_add(1)?,
        "s" | "S" | "same" => before,
        base => base.parse().ok()?,
    };
    base.checked_add(more.trim().parse().ok()?)
}

/// An application and its arguments: `App(a,b)`, or `App,a,b` as it was written once.
fn application(text: &str) -> (String, Vec<String>) {
    let end = text.find(['(', ',']).unwrap_or(text.len());
    let (app, rest) = text.split_at(end);
    let rest = match rest.strip_prefix('(') {
        Some(inside) => inside.rsplit_once(')').map_or(inside, |(inside, _)| inside),
        None => rest.strip_prefix(',').unwrap_or(rest),
    };
    (app.trim().to_owned(), split(rest))
}

/// Splits at commas that stand in no brackets and no quotes.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0u32;
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth = depth.saturating_sub(1),
            ',' if depth == 0 && !quoted => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applications_and_their_arguments() {
        assert_eq!(application("Answer()"), ("Answer".into(), vec![String::new()]));
        assert_eq!(application("Hangup"), ("Hangup".into(), vec![String::new()]));
        assert_eq!(
            application("Queue(support,,,,${IF($[1,2]?a:b)})"),
            ("Queue".into(), ["support", "", "", "", "${IF($[1,2]?a:b)}"].map(String::from).to_vec())
        );
        assert_eq!(application("Wait,2"), ("Wait".into(), vec!["2".to_owned()]));
    }

    #[test]
    fn priorities() {
        for (text, wanted) in
            [("1", Some(1)), ("n", Some(8)), ("n+2", Some(10)), ("s+1", Some(8)), ("dial+101", None)]
        {
            assert_eq!(number(text, 7), wanted, "{text}");
        }
    }
}
