//! German: "einhunderteinundzwanzig", "eintausend", "fünfzehn Uhr fünf", "Montag, der dritte März".

use super::{NUMBER_END, Names, Thing};

pub(super) fn say(thing: Thing<'_>, names: &mut Names) {
    match thing {
        Thing::Number(value) => number(value, names),
        Thing::Digits(digits) => names.digits(digits),
        Thing::Next => names.push("you-are-next"),
        Thing::Position(position) => {
            names.push("you-are-number");
            number(position, names);
        }
        Thing::Wait(wait) => names.wait(wait),
        Thing::Length(length) => names.length(length),
        Thing::Time { hour, minute } => time(hour, minute, names),
        Thing::Date { weekday, day, month } => {
            names.one_of("weekday", weekday);
            names.one_of("day", day);
            names.one_of("month", month);
        }
    }
}

fn number(number: u32, names: &mut Names) {
    match number {
        0 => names.push("n-0"),
        NUMBER_END.. => names.digits(&number.to_string()),
        1.. => {
            thousands(number / 1_000, names);
            names.below_thousand(number % 1_000);
        }
    }
}

/// A one before "tausend" loses its s: "hunderteintausend", not "hunderteinstausend".
fn thousands(thousands: u32, names: &mut Names) {
    match (thousands, thousands % 100) {
        (0, _) => {}
        (_, 1) => {
            names.below_thousand(thousands - 1);
            names.push("n-1000");
        }
        (1.., _) => {
            names.below_thousand(thousands);
            names.push("thousand");
        }
    }
}

/// By the clock of 24 hours; before "Uhr" the one loses its s, too.
fn time(hour: u32, minute: u32, names: &mut Names) {
    if hour == 1 {
        names.push("one-oclock");
    } else {
        names.one_of("n", hour);
        names.push("oclock");
    }
    if minute > 0 {
        names.one_of("n", minute);
    }
}
