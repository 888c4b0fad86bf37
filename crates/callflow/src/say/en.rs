//! English as it is said in America: "one hundred twenty-one", "three oh five p.m.", "Monday, March third".

use super::{NUMBER_END, Names, Thing};

pub(super) fn say(thing: Thing<'_>, names: &mut Names) {
    match thing {
        Thing::Number(value) => number(value, names),
        Thing::Digits(digits) => names.digits(digits),
        Thing::Next => names.push("you-are-next"),
        Thing::Position(position) => {
            names.push("you-are-number");
            number(position, names);
            names.push("in-line");
        }
        Thing::Wait(wait) => names.wait(wait),
        Thing::Length(length) => names.length(length),
        Thing::Time { hour, minute } => time(hour, minute, names),
        Thing::Date { weekday, day, month } => {
            names.one_of("weekday", weekday);
            names.one_of("month", month);
            names.one_of("day", day);
        }
    }
}

fn number(number: u32, names: &mut Names) {
    match number {
        0 => names.push("n-0"),
        NUMBER_END.. => names.digits(&number.to_string()),
        1.. => {
            if number >= 1_000 {
                names.below_thousand(number / 1_000);
                names.push("thousand");
            }
            names.below_thousand(number % 1_000);
        }
    }
}

fn time(hour: u32, minute: u32, names: &mut Names) {
    match (hour, minute) {
        (0, 0) => return names.push("midnight"),
        (12, 0) => return names.push("noon"),
        (0..=23, _) | (24.., _) => {}
    }
    names.one_of("n", if hour.is_multiple_of(12) { 12 } else { hour % 12 });
    if (1..10).contains(&minute) {
        names.push("oh");
    }
    if minute > 0 {
        names.one_of("n", minute);
    }
    names.push(if hour < 12 { "am" } else { "pm" });
}
