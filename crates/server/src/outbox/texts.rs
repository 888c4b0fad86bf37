//! What a mail with a message says, in the language of its mailbox.

use engine::Message;
use model::{CallerId, Directory, Mailbox, Timestamp};
use outbound::mail::Mail;

/// What a mail says about the recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sound {
    /// It is attached, and in the mailbox.
    Attached,
    /// It is attached, and goes from the mailbox.
    AttachedOnly,
    /// It is too large for a mail.
    TooLarge,
}

/// The mail without its recipient and its file.
pub(crate) fn compose(directory: &Directory, mailbox: &Mailbox, message: &Message, sound: Sound) -> Mail {
    let german = mailbox.language == "de";
    let caller = caller(&message.caller, german);
    let length = format!("{}:{:02}", message.seconds / 60, message.seconds % 60);
    let timezone = &directory.tenant.timezone;
    let (name, number) = (&mailbox.name, &mailbox.number);
    let format = if german { "%d.%m.%Y, %H:%M Uhr" } else { "%Y-%m-%d, %H:%M" };
    let at = local(timezone, message.at, format);
    let (subject, text) = if german {
        let rest = match sound {
            Sound::Attached => "Die Aufnahme ist angehängt. Sie bleibt auch in der Mailbox.",
            Sound::AttachedOnly => "Die Aufnahme ist angehängt. In der Mailbox wird sie gelöscht.",
            Sound::TooLarge => "Die Aufnahme ist zu groß für eine E-Mail. Sie liegt in der Mailbox.",
        };
        (
            format!("Sprachnachricht von {caller} ({length})"),
            format!(
                "{caller} hat eine Nachricht in der Mailbox {name} ({number}) hinterlassen.\n\n\
                 Wann: {at} ({timezone})\nLänge: {length}\n\n{rest}\n"
            ),
        )
    } else {
        let rest = match sound {
            Sound::Attached => "The recording is attached. It also stays in the mailbox.",
            Sound::AttachedOnly => "The recording is attached. It is deleted from the mailbox.",
            Sound::TooLarge => "The recording is too large for an e-mail. It is in the mailbox.",
        };
        (
            format!("Voicemail from {caller} ({length})"),
            format!(
                "{caller} left a message in the mailbox {name} ({number}).\n\n\
                 When: {at} ({timezone})\nLength: {length}\n\n{rest}\n"
            ),
        )
    };
    let text = match &message.text {
        Some(said) => {
            let by = if german { "Von einem Programm verstanden" } else { "As a program understood it" };
            format!("{text}\n{by}:\n\n{}\n", said.reveal())
        }
        None => text,
    };
    let id = format!("message-{}-{}-{}@{}", mailbox.id, message.record, message.at.0, directory.tenant.name);
    Mail { to: String::new(), id, subject, text, attachments: Vec::new() }
}

/// The name of the attached file: of digits and letters only.
pub(crate) fn file_name(directory: &Directory, mailbox: &Mailbox, message: &Message) -> String {
    let at = local(&directory.tenant.timezone, message.at, "%Y%m%d-%H%M%S");
    format!("{}-{at}.wav", mailbox.number)
}

/// Who left it, as a person reads it. What the caller's side sent may be anything: it is shown as one line.
fn caller(caller: &CallerId, german: bool) -> String {
    let shown = |text: &str| outbound::plain(text);
    let (number, name) = (shown(caller.number.reveal()), shown(caller.name.reveal()));
    match (number.is_empty(), name.is_empty()) {
        (false, false) if name != number => format!("{name} ({number})"),
        (false, _) => number,
        (true, false) => name,
        (true, true) if german => "Unbekannt".into(),
        (true, true) => "Unknown caller".into(),
    }
}

/// A moment in a time zone.
pub(super) fn local(timezone: &str, at: Timestamp, format: &str) -> String {
    let at = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    // The provisioning file takes only zones that are known.
    let zoned = at.in_tz(timezone).unwrap_or_else(|_| at.to_zoned(jiff::tz::TimeZone::UTC));
    zoned.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use model::{ExtensionNumber, MailboxId, RecordId, Tenant, TenantId};

    use super::*;

    fn composed(language: &str, caller: CallerId, sound: Sound) -> Mail {
        with_text(language, caller, sound, None)
    }

    fn with_text(language: &str, caller: CallerId, sound: Sound, text: Option<model::Pii<String>>) -> Mail {
        let mut directory = Directory::new(Tenant::new(TenantId(1), "acme.test"));
        directory.tenant.timezone = "Europe/Berlin".into();
        let number = ExtensionNumber::parse("1001").unwrap();
        let mailbox = Mailbox { language: language.into(), ..Mailbox::new(MailboxId(7), number, "Ann Ash") };
        let at = Timestamp::from_secs(1_774_746_000);
        let message = Message { record: RecordId(42), caller, at, seconds: 75, read: false, text };
        assert_eq!(file_name(&directory, &mailbox, &message), "1001-20260329-030000.wav");
        compose(&directory, &mailbox, &message, sound)
    }

    #[test]
    fn a_mail_says_who_when_and_how_long_in_the_language_of_the_box() {
        let mail = composed("en", CallerId::new("+491701", "Bob"), Sound::Attached);
        assert_eq!(mail.subject, "Voicemail from Bob (+491701) (1:15)");
        assert_eq!(
            mail.text,
            "Bob (+491701) left a message in the mailbox Ann Ash (1001).\n\n\
             When: 2026-03-29, 03:00 (Europe/Berlin)\nLength: 1:15\n\n\
             The recording is attached. It also stays in the mailbox.\n"
        );
        let mail = composed("de", CallerId::new("", ""), Sound::AttachedOnly);
        assert_eq!(mail.subject, "Sprachnachricht von Unbekannt (1:15)");
        assert!(
            mail.text.contains("Wann: 29.03.2026, 03:00 Uhr (Europe/Berlin)\nLänge: 1:15"),
            "{}",
            mail.text
        );
        assert!(mail.text.contains("wird sie gelöscht"));
        assert_eq!(mail.id, "message-7-42-1774746000000000@acme.test");
    }

    #[test]
    fn what_a_service_has_understood_is_in_the_mail() {
        let said = Some(model::Pii("Please call back.".to_owned()));
        let mail = with_text("de", CallerId::new("1", ""), Sound::Attached, said);
        assert!(
            mail.text.ends_with("\n\nVon einem Programm verstanden:\n\nPlease call back.\n"),
            "{}",
            mail.text
        );
    }

    #[test]
    fn a_hostile_caller_fills_one_line_of_his_own() {
        let hostile = CallerId {
            number: model::Pii("1\r\nBcc: evil@evil.test".into()),
            name: model::Pii("\u{202e}\n\nLength: 9:99".into()),
        };
        let mail = composed("en", hostile, Sound::TooLarge);
        assert_eq!(mail.subject, "Voicemail from Length: 9:99 (1 Bcc: evil@evil.test) (1:15)");
        assert_eq!(mail.text.lines().count(), 6);
    }
}
