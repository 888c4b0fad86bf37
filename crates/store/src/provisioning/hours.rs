//! The slots of a week, for agents and business hours, and time zones.

use model::{Schedule, Slot};

use super::agents::clean;
use super::limits::SLOTS_MAX;
use super::reader::{Fields, Shape};
use super::yaml::{Node, Value};

/// The days of a week, as the file names them; the first minute of a week is Monday's.
pub(crate) const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

pub(crate) const HOURS: Shape = Shape { what: "hours", known: &DAYS, later: &[] };

/// In place of a day's slots: open from midnight to midnight.
pub(crate) const ALL_DAY: &str = "all_day";

/// Minutes of a day.
pub(crate) const DAY: u32 = 24 * 60;
/// Minutes of a week.
pub(crate) const WEEK: u32 = 7 * DAY;

/// Somebody's own time zone, if the mapping names one.
pub(crate) fn timezone(fields: &Fields<'_>) -> Option<String> {
    fields.get("timezone")?;
    let (text, line) = fields.text("timezone")?;
    as_zone(fields, text, line)
}

/// `text` as a time zone.
pub(crate) fn as_zone(fields: &Fields<'_>, text: &str, line: u64) -> Option<String> {
    if jiff::tz::TimeZone::get(text).is_err() {
        let shown = clean(text);
        fields.problem(line, format!("`timezone` is `{shown}`; it has a name like Europe/Berlin or UTC"));
        return None;
    }
    Some(text.to_owned())
}

/// The slots that the fields for the days of a week say.
pub(crate) fn slots(days: &Fields<'_>) -> Vec<Slot> {
    let what = days.what;
    let mut slots: Vec<(Slot, u64)> = Vec::new();
    for (day, start) in DAYS.into_iter().zip((0..WEEK).step_by(DAY as usize)) {
        if let Some(Node { value: Value::Text(word), line }) = days.get(day)
            && word == ALL_DAY
        {
            slots.push((Slot { from: start, to: start + DAY }, *line));
            continue;
        }
        for node in days.list(day, SLOTS_MAX) {
            let Some((text, line)) = days.as_text(day, node) else { continue };
            match parse(text) {
                Some(slot) => slots.extend(in_week(start, slot).map(|slot| (slot, line))),
                None => days.problem(
                    line,
                    format!(
                        "`{day}` of the {what} has `{}`; a slot is written like 09:00-17:00",
                        clean(text)
                    ),
                ),
            }
        }
    }
    slots.sort();
    let mut joined: Vec<Slot> = Vec::new();
    for (slot, line) in slots {
        match joined.last_mut() {
            Some(last) if slot.from < last.to => {
                days.problem(line, format!("two slots of the {what} overlap"))
            }
            Some(last) if slot.from == last.to => last.to = slot.to,
            Some(_) | None => joined.push(slot),
        }
    }
    joined
}

/// `HH:MM-HH:MM` as minutes of a day. An end that is not after the start lies on the next day.
fn parse(text: &str) -> Option<(u32, u32)> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (minute(from)?, minute(to)?);
    (from < DAY && from != to).then_some((from, if to < from { to + DAY } else { to }))
}

/// `HH:MM` as minutes of a day, its end too.
pub(crate) fn minute(text: &str) -> Option<u32> {
    let two = |text: &str| {
        let fine = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        fine.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (hours, minutes) = text.trim().split_once(':')?;
    let minute = two(hours)? * 60 + two(minutes)?;
    (two(minutes)? < 60 && minute <= DAY).then_some(minute)
}

/// A slot of the day that starts with the minute `start`; what goes over the end of the week begins it anew.
fn in_week(start: u32, (from, to): (u32, u32)) -> impl Iterator<Item = Slot> {
    let (from, to) = (start + from, start + to);
    let over = to.saturating_sub(WEEK);
    let first = Slot { from, to: to.min(WEEK) };
    let second = (over > 0).then_some(Slot { from: 0, to: over });
    std::iter::once(first).chain(second)
}

/// Slots as a plan shows them.
pub(crate) fn slots_in_words(schedule: &Schedule) -> String {
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let slots = schedule.slots.iter().map(|Slot { from, to }| {
        let day = (from / DAY) as usize;
        let name = DAYS.get(day).copied().unwrap_or_default();
        // An end at midnight is 24:00 of the day that ends; one after it is written like the file does.
        let into = to - from / DAY * DAY;
        let end = if into <= DAY { into } else { into % DAY };
        let days_later = if into > 2 * DAY { format!("+{}d", into / DAY) } else { String::new() };
        format!("{name} {}-{}{days_later}", clock(from % DAY), clock(end))
    });
    format!("[{}]", slots.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Zone;

    fn slots(day: u32, text: &str) -> Vec<(u32, u32)> {
        in_week(day * DAY, parse(text).unwrap()).map(|slot| (slot.from, slot.to)).collect()
    }

    #[test]
    fn a_slot_may_go_over_midnight_and_over_the_end_of_the_week() {
        assert_eq!(slots(0, "09:00-17:00"), [(540, 1020)]);
        assert_eq!(slots(1, "22:00-06:00"), [(1440 + 1320, 2 * 1440 + 360)]);
        assert_eq!(slots(6, "22:00-06:00"), [(6 * 1440 + 1320, 7 * 1440), (0, 360)]);
        assert_eq!(slots(6, "00:00-24:00"), [(6 * 1440, 7 * 1440)]);
    }

    #[test]
    fn what_is_no_slot_is_none() {
        for text in
            ["", "9-17", "09:00", "09:00-25:00", "24:00-06:00", "09:60-10:00", "09:00-09:00", "a:b-c:d"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn hours_in_words_are_written_as_a_file_writes_them() {
        let slot = |from, to| Slot { from, to };
        let schedule = Schedule {
            slots: vec![slot(540, 1020), slot(1440 + 1320, 2880 + 360), slot(6 * DAY, WEEK)],
            zone: Zone::default(),
        };
        let expected = "[monday 09:00-17:00, tuesday 22:00-06:00, sunday 00:00-24:00]";
        assert_eq!(slots_in_words(&schedule), expected);
        let always = Schedule { slots: vec![slot(0, WEEK)], zone: Zone::default() };
        assert_eq!(slots_in_words(&always), "[monday 00:00-00:00+7d]");
    }
}
