//! Hours of a week and business hours.

use model::{AgentHours, BusinessHours, Holiday, Schedule, Slot};

use super::super::hours::{ALL_DAY, DAY, DAYS, WEEK};
use super::super::yaml::Node;
use super::mapping::{Mapping, text};
use crate::hours::BusinessHoursRow;

/// Business hours and their holidays.
pub(super) fn business_hours(row: &BusinessHoursRow) -> Node {
    let BusinessHoursRow { hours: BusinessHours { name, schedule, holidays }, timezone } = row;
    let mut hours = Mapping::default();
    hours.text("name", name);
    hours.maybe("timezone", timezone.as_deref());
    days(&mut hours, schedule);
    hours.list("holidays", holidays.iter().map(holiday).collect());
    hours.done()
}

fn holiday(Holiday { name, yearly, from, to }: &Holiday) -> Node {
    let mut holiday = Mapping::default();
    holiday.text("name", name);
    if from == to {
        holiday.text("date", &from.to_string());
    } else {
        holiday.text("from", &from.to_string());
        holiday.text("to", &to.to_string());
    }
    holiday.flag_unless("yearly", *yearly, false);
    holiday.done()
}

/// An agent's hours: her own, or business hours by name.
pub(super) fn of_agent(hours: &AgentHours) -> Node {
    match hours {
        AgentHours::Business(name) => text(name),
        AgentHours::Own(schedule) => {
            let mut own = Mapping::default();
            days(&mut own, schedule);
            own.done()
        }
    }
}

/// The slots of each day that has any.
fn days(fields: &mut Mapping, schedule: &Schedule) {
    let mut slots: [Vec<(u32, u32)>; 7] = Default::default();
    for (day, slot) in week(&schedule.slots).into_iter().flat_map(by_day) {
        if let Some(day) = slots.get_mut(day) {
            day.push(slot);
        }
    }
    for (name, mut day) in DAYS.into_iter().zip(slots) {
        if day == [(0, DAY)] {
            fields.text(name, ALL_DAY);
            continue;
        }
        day.sort_unstable();
        let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
        fields.list(
            name,
            day.iter().map(|(from, to)| text(&format!("{}-{}", clock(*from), clock(*to)))).collect(),
        );
    }
}

/// The slots, the one over the end of the week in one piece again.
fn week(slots: &[Slot]) -> Vec<Slot> {
    let mut slots = slots.to_vec();
    if let (Some(first), Some(last)) = (slots.first().copied(), slots.last().copied())
        && (first.from, last.to) == (0, WEEK)
        && first != last
    {
        slots.remove(0);
        if let Some(last) = slots.last_mut() {
            last.to = WEEK + first.to;
        }
    }
    slots
}

/// A slot as the days of a file have it: it ends with its day, or at an earlier time of the next.
fn by_day(Slot { mut from, to }: Slot) -> Vec<(usize, (u32, u32))> {
    let mut days = Vec::new();
    while from < to {
        let start = from / DAY * DAY;
        let day = (start % WEEK / DAY) as usize;
        let into = to - start;
        let over_midnight = into > DAY && into - DAY < from - start;
        let end = match into {
            _ if over_midnight => into - DAY,
            ..=DAY => into,
            _ => DAY,
        };
        days.push((day, (from - start, end)));
        from = if over_midnight { to } else { start + DAY };
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_over_several_days_is_written_day_by_day() {
        let hours = |from: u32, to: u32| by_day(Slot { from: from * 60, to: to * 60 });
        assert_eq!(hours(9, 17), [(0, (540, 1020))]);
        assert_eq!(hours(22, 30), [(0, (1320, 360))], "over midnight");
        assert_eq!(hours(22, 46), [(0, (1320, DAY)), (1, (0, 1320))], "a whole day long");
        assert_eq!(hours(24, 48), [(1, (0, DAY))]);
        assert_eq!(hours(12, 72), [(0, (720, DAY)), (1, (0, DAY)), (2, (0, DAY))]);
        assert_eq!(hours(166, 174), [(6, (1320, 360))], "over the end of the week");
    }
}
