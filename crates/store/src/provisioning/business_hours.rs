//! Business hours with their holidays, and who names them.

use std::collections::BTreeMap;

use model::{AgentHours, BusinessHours, Date, Holiday, Schedule, Zone};

use super::agents::clean;
use super::hours::{HOURS, slots, slots_in_words, timezone};
use super::limits::{BUSINESS_HOURS_MAX, HOLIDAYS_MAX, NAME_MAX};
use super::reader::{Fields, Shape};
use super::reading::Reading;
use super::yaml::{Node, Value};
use crate::hours::{BusinessHoursRow, parse_date};

pub(crate) const BUSINESS_HOURS: Shape = Shape {
    what: "business hours",
    known: &[
        "name",
        "timezone",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "holidays",
    ],
    later: &[],
};

pub(crate) const HOLIDAY: Shape =
    Shape { what: "holiday", known: &["name", "date", "from", "to", "yearly"], later: &[] };

/// Most days that come again every year, so that they are not the whole of it.
const YEARLY_DAYS_MAX: i64 = 364;

/// The business hours. They are read before whoever names them.
pub(crate) fn business_hours(top: &Fields<'_>) -> Vec<BusinessHoursRow> {
    let mut lines = BTreeMap::new();
    let mut rows: Vec<BusinessHoursRow> = Vec::new();
    for node in top.list("business_hours", BUSINESS_HOURS_MAX) {
        let Some((row, line)) = one(top.reading, node) else { continue };
        if let Some(at) = lines.insert(row.hours.name.clone(), line) {
            let (name, at) = (&row.hours.name, top.reading.on(at));
            top.problem(line, format!("name `{name}` is already that of the business hours{at}"));
            continue;
        }
        top.reading.has_hours(&row.hours.name);
        rows.push(row);
    }
    rows
}

fn one<'a>(reading: &'a Reading<'a>, node: &'a Node) -> Option<(BusinessHoursRow, u64)> {
    let fields = Fields::of(reading, node, &BUSINESS_HOURS)?;
    let name = fields.name("name", NAME_MAX);
    let slots = slots(&fields);
    if slots.is_empty() {
        let text =
            "the business hours have no slot at all; a day that is open from end to end is written `all_day`";
        fields.problem(fields.line, text);
    }
    let nodes = fields.list("holidays", HOLIDAYS_MAX);
    let holidays = nodes.iter().filter_map(|node| holiday(reading, node)).collect();
    let timezone = timezone(&fields);
    let hours = BusinessHours { name: name?, schedule: Schedule { slots, zone: Zone::default() }, holidays };
    Some((BusinessHoursRow { hours, timezone }, fields.line_of("name")))
}

fn holiday<'a>(reading: &'a Reading<'a>, node: &'a Node) -> Option<Holiday> {
    let fields = Fields::of(reading, node, &HOLIDAY)?;
    let name = fields.name("name", NAME_MAX);
    let yearly = fields.flag("yearly", false);
    let (from, to) = match (fields.get("date"), fields.get("from"), fields.get("to")) {
        (Some(_), None, None) => date(&fields, "date").map(|day| (day, day))?,
        (None, Some(_), Some(_)) => (date(&fields, "from")?, date(&fields, "to")?),
        (None, None | Some(_), None | Some(_)) | (Some(_), _, _) => {
            fields.problem(fields.line, "the holiday wants either `date`, or `from` and `to`");
            return None;
        }
    };
    if to < from {
        fields.problem(fields.line_of("to"), format!("the holiday ends on {to}, before it begins on {from}"));
        return None;
    }
    if yearly && to.day_number() - from.day_number() > YEARLY_DAYS_MAX {
        fields.problem(fields.line_of("to"), "a holiday that comes every year is shorter than a year");
        return None;
    }
    Some(Holiday { name: name?, yearly, from, to })
}

fn date(fields: &Fields<'_>, name: &str) -> Option<Date> {
    let (text, line) = fields.text(name)?;
    let date = parse_date(text);
    if date.is_none() {
        let text = clean(text);
        fields.problem(
            line,
            format!("`{name}` of the holiday is `{text}`; a day of the calendar is written like 2026-12-25"),
        );
    }
    date
}

/// The field `hours` where it names business hours.
pub(crate) fn named(fields: &Fields<'_>) -> Option<String> {
    fields.get("hours")?;
    let (name, line) = fields.text("hours")?;
    fields.reading.hours(line, &format!("`hours` of the {}", fields.what), name).then(|| name.to_owned())
}

/// The field `hours` of an agent: hours of her own, or the name of business hours.
pub(crate) fn of_agent(fields: &Fields<'_>) -> Option<AgentHours> {
    let node = fields.get("hours")?;
    if matches!(node.value, Value::Text(_)) {
        return named(fields).map(AgentHours::Business);
    }
    let days = Fields::of(fields.reading, node, &HOURS)?;
    let slots = slots(&days);
    if slots.is_empty() {
        days.problem(node.line, "the hours have no slot at all; leave `hours` out for always");
    }
    Some(AgentHours::Own(Schedule { slots, zone: Zone::default() }))
}

/// An agent's hours as a plan shows them.
pub(crate) fn of_agent_in_words(hours: Option<&AgentHours>) -> String {
    match hours {
        None => "none".to_owned(),
        Some(AgentHours::Own(schedule)) => slots_in_words(schedule),
        Some(AgentHours::Business(name)) => name.clone(),
    }
}

/// Holidays as a plan shows them.
pub(crate) fn holidays_in_words(holidays: &[Holiday]) -> String {
    let holiday = |Holiday { name, yearly, from, to }: &Holiday| {
        let days = if from == to { from.to_string() } else { format!("{from} to {to}") };
        let yearly = if *yearly { " yearly" } else { "" };
        format!("{name} {days}{yearly}")
    };
    format!("[{}]", holidays.iter().map(holiday).collect::<Vec<_>>().join(", "))
}
