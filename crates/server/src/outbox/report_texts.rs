//! What a mail with a report says, in the report's language.

use model::Timestamp;
use report::Asked;
use store::report::Language;

use super::texts::local;

/// Most letters of a file's name that are of the report's.
const NAME_MAX: usize = 40;

/// What a mail says about its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Files {
    /// They are attached.
    Attached,
    /// They are too large for a mail.
    TooLarge,
    /// There is too much for any file.
    TooMuch,
}

/// Subject and text.
pub(super) fn compose(
    asked: &Asked,
    sums: &[(&'static str, String)],
    files: Files,
    link: &str,
) -> (String, String) {
    let (title, time, zone, domain) = (&asked.title, report::time(asked), &asked.zone, &asked.domain);
    let sums: String = sums.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let text = match asked.language {
        Language::De => {
            let files = match files {
                Files::Attached => "Der Bericht ist angehängt.",
                Files::TooLarge => {
                    "Der Bericht ist zu groß für eine E-Mail. Auf der Seite unten ist er zu sehen."
                }
                Files::TooMuch => {
                    "Der Bericht hätte zu viele Zeilen. Längere Abschnitte oder weniger Warteschlangen oder \
                     Agenten machen ihn kürzer."
                }
            };
            format!(
                "{title}\n{time} ({zone})\n\n{sums}\n{files}\n\nDie Zahlen und was sie bedeuten:\n{link}\n\n\
                 Diese Mail kommt von {domain}. Unter „Verwaltung, Berichte“ lässt sie sich ändern oder abstellen.\n"
            )
        }
        Language::En => {
            let files = match files {
                Files::Attached => "The report is attached.",
                Files::TooLarge => "The report is too large for an e-mail. The page below shows it.",
                Files::TooMuch => {
                    "The report would have too many rows. Longer intervals, or fewer queues or agents, make it shorter."
                }
            };
            format!(
                "{title}\n{time} ({zone})\n\n{sums}\n{files}\n\nThe figures, and what they mean:\n{link}\n\n\
                 This mail comes from {domain}. It is changed or switched off under \"Administration, Reports\".\n"
            )
        }
    };
    (format!("{title}, {time}"), text)
}

/// The first and the last day, as the page's address has them.
pub(super) fn days(asked: &Asked) -> (String, String) {
    let day = |at| local(&asked.zone, at, "%Y-%m-%d");
    (day(asked.intervals.begin()), day(Timestamp(asked.intervals.end().0 - 1)))
}

/// The name of the files: letters, digits and `-` only.
pub(super) fn file_name(asked: &Asked) -> String {
    let words = asked.title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words.collect::<Vec<_>>().join("-").chars().take(NAME_MAX).collect();
    let name = if name.is_empty() { "report" } else { &name };
    let (from, to) = days(asked);
    if from == to { format!("{name}-{from}") } else { format!("{name}-{from}-{to}") }
}
