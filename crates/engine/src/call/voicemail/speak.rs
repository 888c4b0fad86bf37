//! Prompts for numbers and times, in the language of a mailbox.

use callflow::say::{Say, say};
use model::{CallerId, Mailbox, Timestamp, Zone};

use crate::mailboxes::Message;

const DAY: i64 = 24 * 60 * 60;

/// A prompt in the language of a mailbox; where there is no box, in that of the domain.
pub(super) fn word(mailbox: Option<&Mailbox>, name: &str) -> String {
    mailbox.map_or_else(|| name.to_owned(), |mailbox| format!("{}/{name}", mailbox.language))
}

pub(super) fn number(mailbox: &Mailbox, number: usize) -> Vec<String> {
    say(&mailbox.language, Say::Number(u32::try_from(number).unwrap_or(u32::MAX)))
}

/// How many messages there are: "you have, 2, new messages, 1, saved message".
pub(super) fn counts(mailbox: &Mailbox, new: usize, old: usize) -> Vec<String> {
    let word = |name| word(Some(mailbox), name);
    if new == 0 && old == 0 {
        return vec![word("vm-no-messages")];
    }
    let mut prompts = vec![word("vm-you-have")];
    for (count, one, many) in
        [(new, "vm-new-message", "vm-new-messages"), (old, "vm-saved-message", "vm-saved-messages")]
    {
        if count > 0 {
            prompts.extend(number(mailbox, count));
            prompts.push(word(if count == 1 { one } else { many }));
        }
    }
    prompts
}

/// Who left a message and when, by the clock of the domain: today, yesterday or the day, then the time.
pub(super) fn envelope(mailbox: &Mailbox, message: &Message, zone: &Zone, now: Timestamp) -> Vec<String> {
    let word = |name| word(Some(mailbox), name);
    let mut prompts = from(mailbox, &message.caller);
    let local = |at: Timestamp| at.0.div_euclid(1_000_000) + i64::from(zone.offset(at));
    let at = local(message.at);
    match local(now).div_euclid(DAY) - at.div_euclid(DAY) {
        ..=0 => prompts.push(word("vm-today")),
        1 => prompts.push(word("vm-yesterday")),
        _ => prompts.extend(say(&mailbox.language, date(at.div_euclid(DAY)))),
    }
    let small = |value: i64| u8::try_from(value).unwrap_or(0);
    let minutes = at.rem_euclid(DAY) / 60;
    let time = Say::Time { hour: small(minutes / 60), minute: small(minutes % 60) };
    prompts.extend(say(&mailbox.language, time));
    prompts
}

fn from(mailbox: &Mailbox, caller: &CallerId) -> Vec<String> {
    let number = say(&mailbox.language, Say::Digits(caller.number.reveal()));
    if number.is_empty() {
        return vec![word(Some(mailbox), "vm-from-unknown")];
    }
    let mut prompts = vec![word(Some(mailbox), "vm-from")];
    prompts.extend(number);
    prompts
}

/// The day so many days after 1 January 1970, by the Gregorian calendar: years are counted from a first of March,
/// so that the leap day is the last of its year, in eras of 400 years.
fn date(days: i64) -> Say<'static> {
    let small = |value: i64| u8::try_from(value).unwrap_or(1);
    let in_era = (days + 719_468).rem_euclid(146_097);
    let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    Say::Date {
        // 1 January 1970 was a Thursday.
        weekday: small((days + 3).rem_euclid(7) + 1),
        day: small(in_year - (153 * month + 2) / 5 + 1),
        month: small(if month < 10 { month + 3 } else { month - 9 }),
    }
}

#[cfg(test)]
mod tests {
    use model::{ExtensionNumber, MailboxId, RecordId};

    use super::*;

    fn mailbox(language: &str) -> Mailbox {
        let number = ExtensionNumber::parse("1001").unwrap();
        Mailbox { language: language.into(), ..Mailbox::new(MailboxId(1), number, "Ann") }
    }

    #[test]
    fn one_message_and_many_are_told_apart_and_none_is_no_list() {
        let counts = |new, old| super::counts(&mailbox("de"), new, old).join(" ");
        assert_eq!(counts(0, 0), "de/vm-no-messages");
        assert_eq!(counts(1, 0), "de/vm-you-have de/n-1 de/vm-new-message");
        let both = "de/vm-you-have de/n-12 de/vm-new-messages de/n-1 de/vm-saved-message";
        assert_eq!(counts(12, 1), both);
    }

    #[test]
    fn the_day_of_a_message_is_the_domains() {
        // 23:30 in a zone one hour ahead is 22:30 by UTC.
        let at = Timestamp::from_secs(10 * DAY + 22 * 3_600 + 30 * 60);
        let message = Message {
            record: RecordId(1),
            caller: CallerId::new("", ""),
            at,
            seconds: 3,
            read: false,
            text: None,
        };
        let ahead = Zone { offsets: vec![(Timestamp::ZERO, 3_600)] };
        let next = Timestamp::from_secs(10 * DAY + 23 * 3_600 + 60);
        let said = |zone: &Zone, now| envelope(&mailbox("en"), &message, zone, now).join(" ");
        assert!(said(&ahead, next).starts_with("en/vm-from-unknown en/vm-yesterday en/n-11 "));
        assert!(said(&Zone::default(), next).starts_with("en/vm-from-unknown en/vm-today en/n-10 "));
        let later = said(&Zone::default(), Timestamp::from_secs(14 * DAY));
        assert!(later.contains("en/weekday-7") && later.contains("en/month-1 en/day-11"), "{later}");
    }

    #[test]
    fn every_day_of_a_leap_year_has_its_date() {
        // 2024-02-28 was a Wednesday.
        let days: Vec<Say<'_>> = (19_781..19_784).map(date).collect();
        let day = |weekday, day, month| Say::Date { weekday, day, month };
        assert_eq!(days, [day(3, 28, 2), day(4, 29, 2), day(5, 1, 3)]);
    }
}
