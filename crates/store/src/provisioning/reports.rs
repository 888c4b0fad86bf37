//! Reports that go by e-mail.

use std::collections::{BTreeMap, BTreeSet};

use super::agents::{as_email, clean};
use super::hours::minute;
use super::limits::{NAME_MAX, REPORT_RECIPIENTS_MAX, REPORT_SUBJECTS_MAX, REPORTS_MAX};
use super::reader::{Fields, Shape};
use super::reading::Target;
use super::roles;
use super::yaml::Node;
use crate::report::due::{Every, ReportSpan, Weekday};
use crate::report::{About, Format, Language, Report};
use crate::statistics::intervals::Length;
use crate::words::Word as _;

/// When a report goes unless it says so, minutes since midnight.
pub(crate) const AT_DEFAULT: u16 = 7 * 60;
/// The day of the month on which it goes unless it says so.
pub(crate) const DAY_DEFAULT: u8 = 1;

pub(crate) const REPORT: Shape = Shape {
    what: "report",
    known: &[
        "name",
        "about",
        "queues",
        "agents",
        "groups",
        "span",
        "interval",
        "every",
        "weekday",
        "day",
        "at",
        "recipients",
        "format",
        "language",
        "enabled",
    ],
    later: &[],
};

/// The reports, by name.
pub(crate) fn reports(top: &Fields<'_>, groups: &BTreeSet<String>) -> Vec<Report> {
    let mut seen = BTreeMap::new();
    let list = top.list("reports", REPORTS_MAX).iter();
    let mut reports: Vec<_> = list.filter_map(|node| report(top, node, groups, &mut seen)).collect();
    reports.sort_by(|a, b| a.name.cmp(&b.name));
    reports
}

fn report(
    top: &Fields<'_>,
    node: &Node,
    known_groups: &BTreeSet<String>,
    seen: &mut BTreeMap<String, u64>,
) -> Option<Report> {
    let fields = Fields::of(top.reading, node, &REPORT)?;
    let name = fields.name("name", NAME_MAX);
    let about = fields.word("about", &[], About::Queues);
    let (queues, agents) =
        (numbers(&fields, "queues", Target::Queue), numbers(&fields, "agents", Target::Agent));
    let groups = roles::group_names(&fields, "groups", known_groups);
    let others = match about {
        About::Queues => ["agents", "groups"].as_slice(),
        About::Agents => &["queues"],
    };
    for field in others.iter().filter(|field| fields.get(field).is_some()) {
        let line = fields.line_of(field);
        fields.problem(line, format!("the report has `{field}` and is about {}", about.word()));
    }
    let report = Report {
        about,
        queues,
        agents,
        groups,
        span: fields.word("span", &[], ReportSpan::Yesterday),
        interval: fields.word("interval", &[], Length::Hour),
        every: fields.word("every", &[], Every::Day),
        weekday: fields.word("weekday", &[], Weekday::Monday),
        day: fields.whole("day", (1, 31), DAY_DEFAULT),
        at: at(&fields),
        recipients: recipients(&fields),
        format: fields.word("format", &[], Format::Pdf),
        language: fields.get("language").map(|_| fields.word("language", &[], Language::En)),
        enabled: fields.flag("enabled", true),
        name: name?,
    };
    let line = fields.line_of("name");
    if let Some(at) = seen.insert(report.name.clone(), line) {
        let at = top.reading.seen(at);
        fields.problem(line, format!("there is a report {} already{at}", report.name));
    }
    Some(report)
}

fn numbers(fields: &Fields<'_>, field: &str, target: Target) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    for node in fields.list(field, REPORT_SUBJECTS_MAX) {
        let Some((text, line)) = fields.as_text(field, node) else { continue };
        let Some(number) = fields.as_number(field, text, line) else { continue };
        fields.reading.refer(line, &format!("`{field}` of the report"), None, &number, target);
        if numbers.iter().any(|known| known == number.as_str()) {
            fields.problem(line, format!("`{field}` of the report names {number} twice"));
            continue;
        }
        numbers.push(number.to_string());
    }
    numbers
}

fn at(fields: &Fields<'_>) -> u16 {
    let Some((text, line)) = fields.text("at") else { return AT_DEFAULT };
    let minute =
        minute(text).and_then(|minute| u16::try_from(minute).ok()).filter(|minute| *minute < 24 * 60);
    minute.unwrap_or_else(|| {
        let shown = clean(text);
        fields.problem(line, format!("`at` of the report is `{shown}`; it goes from \"00:00\" to \"23:59\""));
        AT_DEFAULT
    })
}

fn recipients(fields: &Fields<'_>) -> Vec<String> {
    let mut recipients: Vec<String> = Vec::new();
    let list = fields.list("recipients", REPORT_RECIPIENTS_MAX);
    if list.is_empty() {
        fields.problem(fields.line_of("recipients"), "the report wants at least one address in `recipients`");
    }
    for node in list {
        let Some((text, line)) = fields.as_text("recipients", node) else { continue };
        let Some(address) = as_email(fields, text, line) else { continue };
        if recipients.contains(&address) {
            fields.problem(line, format!("`recipients` of the report names {address} twice"));
            continue;
        }
        recipients.push(address);
    }
    recipients
}
