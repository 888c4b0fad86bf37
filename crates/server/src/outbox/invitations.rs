//! Invitations by e-mail.

use std::time::Duration;

use outbound::mail::{Mail, MailError, Mailer};
use outbound::plain;
use store::invitation::LIFETIME;
use store::{Errand, InvitationLetter, OutboxRow, Store};
use switch::Clock;

use super::texts::local;
use super::{Carrier, Outcome, Pace, mails};
use crate::settings::Settings;

/// How invitations are tried: as mails are, and whoever tries them says himself when it has been long enough.
pub(crate) fn pace(settings: &Settings) -> Pace {
    Pace { give_up: LIFETIME * 2, ..mails::pace(settings) }
}

/// Sends links to those who are invited.
pub(crate) struct Invitations {
    pub(crate) mailer: Mailer,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    /// What links begin with, `https://cordboard.example.com`.
    pub(crate) web: String,
    /// A mail older than this is given up.
    pub(crate) give_up: Duration,
}

impl Carrier for Invitations {
    const ERRAND: Errand = Errand::Invitation;
    const FIGURE: &'static str = "cordboard_mails_total";
    const CALLED: &'static str = "invitation";

    async fn carry(&self, row: OutboxRow) -> Outcome {
        let letter = match self.store.invitation_letter(row.record.0).await {
            Ok(Some(letter)) => letter,
            Ok(None) => return Outcome::Pointless,
            Err(error) => return Outcome::Failed { what: error.to_string(), all: false },
        };
        if letter.invited.expires_at <= self.clock.now() {
            return self.failed(row, "its link ended before it could be sent".into(), true, false).await;
        }
        let sent = self.mailer.send(compose(&letter, row.record.0, &self.web)).await;
        let now = self.clock.now();
        match sent {
            Ok(()) => {
                if let Err(error) = self.store.invitation_mailed(row.record.0, now).await {
                    tracing::error!(%error, "an invitation was taken and that cannot be noted");
                }
                Outcome::Done
            }
            Err(error) => {
                let (never, all) = match &error {
                    MailError::Never(_) => (true, false),
                    MailError::Later(_) => (false, false),
                    MailError::Server(_) => (false, true),
                };
                let for_good = never || now.since(row.made_at) >= self.give_up;
                self.failed(row, error.to_string(), for_good, all).await
            }
        }
    }
}

impl Invitations {
    async fn failed(&self, row: OutboxRow, what: String, for_good: bool, all: bool) -> Outcome {
        if let Err(error) = self.store.invitation_not_mailed(row.record.0, &what, for_good).await {
            tracing::error!(%error, "how an invitation went cannot be noted");
        }
        if for_good { Outcome::Hopeless(what) } else { Outcome::Failed { what, all } }
    }
}

/// The mail, in the language of the domain.
fn compose(letter: &InvitationLetter, id: u64, web: &str) -> Mail {
    let InvitationLetter { invited, language, timezone, token } = letter;
    let german = language == "de" || language.starts_with("de-");
    let (name, domain) = (plain(&invited.name), &invited.domain);
    let link = format!("{web}/invitation#{}", token.reveal());
    let until = |format| local(timezone, invited.expires_at, format);
    let (subject, text) = if german {
        let extension = invited.extension.as_ref();
        let place = extension.map(|number| format!(" mit der Nebenstelle {number}")).unwrap_or_default();
        let until = until("%d.%m.%Y, %H:%M Uhr");
        (
            format!("Ihre Einladung zu {domain}"),
            format!(
                "Guten Tag {name},\n\nSie sind bei {domain}{place} eingerichtet. Wählen Sie hier Ihr Passwort:\n\n{link}\n\n\
                 Der Link gilt einmal, bis {until} ({timezone}). Anrufe erreichen Sie, sobald Sie das Passwort gesetzt \
                 haben.\n\nHaben Sie diese Mail nicht erwartet? Dann brauchen Sie nichts zu tun.\n"
            ),
        )
    } else {
        let extension = invited.extension.as_ref();
        let place = extension.map(|number| format!(" with the extension {number}")).unwrap_or_default();
        let until = until("%Y-%m-%d, %H:%M");
        (
            format!("Your invitation to {domain}"),
            format!(
                "Hello {name},\n\nyou have been set up at {domain}{place}. Choose your password here:\n\n{link}\n\n\
                 The link works once, until {until} ({timezone}). Calls reach you as soon as you have set the \
                 password.\n\nDid you not expect this mail? Then there is nothing to do.\n"
            ),
        )
    };
    let id = format!("invitation-{id}@{domain}");
    Mail { to: invited.email.clone(), id, subject, text, attachments: Vec::new() }
}

#[cfg(test)]
mod tests {
    use model::{AgentId, TenantId, Timestamp};
    use store::{Invited, Secret};

    use super::*;

    fn letter(language: &str, name: &str, extension: Option<&str>) -> Mail {
        let invited = Invited {
            tenant: TenantId(1),
            domain: "acme.test".into(),
            agent: AgentId(7),
            name: name.into(),
            extension: extension.map(str::to_owned),
            email: "eve@acme.test".into(),
            expires_at: Timestamp::from_secs(1_774_746_000),
        };
        let (language, timezone, token) = (language.into(), "Europe/Berlin".into(), Secret::new("cbi_x"));
        compose(&InvitationLetter { invited, language, timezone, token }, 3, "https://cc.acme.test")
    }

    #[test]
    fn an_invitation_is_in_the_language_of_its_domain_and_says_until_when_it_is_good() {
        let mail = letter("en", "Eve Fir", Some("1004"));
        assert_eq!((mail.to.as_str(), mail.id.as_str()), ("eve@acme.test", "invitation-3@acme.test"));
        assert_eq!(mail.subject, "Your invitation to acme.test");
        assert_eq!(
            mail.text,
            "Hello Eve Fir,\n\nyou have been set up at acme.test with the extension 1004. Choose your password here:\n\n\
             https://cc.acme.test/invitation#cbi_x\n\n\
             The link works once, until 2026-03-29, 03:00 (Europe/Berlin). Calls reach you as soon as you have set the \
             password.\n\nDid you not expect this mail? Then there is nothing to do.\n"
        );
        let mail = letter("de-at", "Eve Fir", None);
        assert_eq!(mail.subject, "Ihre Einladung zu acme.test");
        assert!(mail.text.starts_with("Guten Tag Eve Fir,\n\nSie sind bei acme.test eingerichtet."));
        assert!(mail.text.contains("bis 29.03.2026, 03:00 Uhr (Europe/Berlin)."), "{}", mail.text);
    }

    #[test]
    fn a_name_is_one_line_of_its_mail() {
        let mail = letter("en", "Eve\r\n\r\nhttps://evil.test/\u{202e}", None);
        assert!(mail.text.starts_with("Hello Eve https://evil.test/,\n"), "{}", mail.text);
    }
}
