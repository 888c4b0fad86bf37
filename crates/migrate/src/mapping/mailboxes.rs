//! `voicemail.conf`: mailboxes. A line `number => PIN,name,e-mail,pager,options`, one context a section.
//!
//! What stands in `[general]` is the default of each box.

use model::{ExtensionNumber, Pin};

use super::{Mapping, people};
use crate::conf::{Section, Setting, is_yes};
use crate::limits::file::{EMAIL_MAX, MAILBOXES_MAX, MESSAGE_SECONDS, MESSAGES, NAME_MAX};
use crate::report::{Place, Report, shown};
use crate::yaml::Yaml;

/// Settings of how Asterisk does it, which ask nothing of a box.
const INNER: [&str; 13] = [
    "attach",
    "charset",
    "emaildateformat",
    "format",
    "mailcmd",
    "maxsilence",
    "minsecs",
    "moveheard",
    "pollfreq",
    "pollmailboxes",
    "silencethreshold",
    "skipms",
    "usedirectory",
];

/// What is set of a box, or of all.
#[derive(Clone, Debug, Default)]
struct Options {
    max_seconds: Option<i64>,
    max_messages: Option<i64>,
    language: Option<&'static str>,
    delete: bool,
}

impl Mapping<'_> {
    /// Reads the file's sections.
    pub(super) fn read_mailboxes(&mut self, sections: &[Section]) {
        let mut defaults = Options::default();
        for section in sections.iter().filter(|section| !section.template && section.name == "general") {
            for setting in &section.settings {
                defaults.set(&setting.key, &setting.value, &setting.place, self.report);
            }
        }
        for section in sections.iter().filter(|section| !section.template) {
            match section.name.as_str() {
                "general" => {}
                "zonemessages" => {
                    let text = "times are said by the domain's `time_zone`, and by no other one for a box";
                    self.report.add(&section.place, text);
                }
                _ => section.settings.iter().for_each(|setting| self.mailbox(setting, &defaults)),
            }
        }
    }

    fn mailbox(&mut self, setting: &Setting, defaults: &Options) {
        let Setting { key, value, place } = setting;
        let Ok(number) = ExtensionNumber::parse(key) else {
            let text = format!("mailbox `{}` is left out: its number has not 3 to 64 digits", shown(key));
            return self.report.add(place, text);
        };
        if self.mailboxes.contains_key(&number) {
            let text =
                format!("mailbox {number} is left out: there is one of that number, and no contexts here");
            return self.report.add(place, text);
        }
        if self.mailboxes.len() == MAILBOXES_MAX {
            let text = format!("there are more than {MAILBOXES_MAX} mailboxes; this one is left out");
            return self.report.add(place, text);
        }
        let mut parts = value.splitn(5, ',').map(str::trim);
        let mut part = || parts.next().unwrap_or_default();
        let (pin, name, email, pager, more) = (part(), part(), part(), part(), part());
        let report = &mut *self.report;
        let mut options = defaults.clone();
        for option in more.split('|').map(str::trim).filter(|option| !option.is_empty()) {
            let (key, value) = option.split_once('=').unwrap_or((option, ""));
            options.set(&key.trim().to_ascii_lowercase(), value.trim(), place, report);
        }
        let name = people::person(name).map(|name| name.chars().take(NAME_MAX).collect::<String>());
        let name = name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(number.as_str());
        let mut fields = vec![("number", Yaml::text(number.as_str())), ("name", Yaml::text(name))];
        fields.extend(secret(pin, place, report).map(|pin| ("pin", Yaml::text(pin))));
        let email = Some(email).filter(|email| !email.is_empty());
        let fine = email.filter(|email| is_email(email));
        if let Some(email) = email.filter(|_| fine.is_none()) {
            let text = format!("`{}` is left out: it is no e-mail address", shown(email));
            report.add(place, text);
        }
        fields.extend(fine.map(|email| ("email", Yaml::text(email))));
        if !pager.is_empty() {
            report.add(place, "a pager is told of nothing: who is told is `email` alone");
        }
        options.write(fine.is_some(), place, report, &mut fields);
        self.mailboxes.insert(number, Yaml::Map(fields));
    }
}

impl Options {
    fn set(&mut self, key: &str, value: &str, place: &Place, report: &mut Report) {
        let mut whole = |(min, max): (i64, i64)| {
            let found = value.parse::<i64>().ok();
            // Without a limit, as Asterisk reads 0, is as long as may be here.
            let kept = found.map(|found| if found <= 0 { max } else { found.clamp(min, max) });
            if kept.is_none() {
                report.add(place, format!("`{} = {}` is no number", shown(key), shown(value)));
            } else if kept != found {
                let text = format!("`{} = {}` is outside of {min} to {max} here", shown(key), shown(value));
                report.add(place, text);
            }
            kept
        };
        match key {
            "maxsecs" | "maxmessage" => self.max_seconds = whole(MESSAGE_SECONDS).or(self.max_seconds),
            "maxmsg" => self.max_messages = whole(MESSAGES).or(self.max_messages),
            "delete" => self.delete = is_yes(value),
            "language" => {
                let spoken = value.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
                self.language = ["en", "de"].into_iter().find(|known| *known == spoken);
                if self.language.is_none() {
                    report.add(place, format!("a mailbox speaks `en` or `de`, not `{}`", shown(value)));
                }
            }
            _ if INNER.contains(&key) => {}
            _ => report.add(place, format!("`{}` is no setting of a mailbox here", shown(key))),
        }
    }

    fn write(
        &self,
        has_email: bool,
        place: &Place,
        report: &mut Report,
        fields: &mut Vec<(&'static str, Yaml)>,
    ) {
        if self.delete && has_email {
            fields.push(("delete_after_email", Yaml::Flag(true)));
        } else if self.delete {
            report.add(place, "messages stay: they go after their e-mail only, and the box has no address");
        }
        fields.extend(self.language.map(|language| ("language", Yaml::text(language))));
        fields.extend(self.max_seconds.map(|seconds| ("max_seconds", Yaml::Whole(seconds))));
        fields.extend(self.max_messages.map(|messages| ("max_messages", Yaml::Whole(messages))));
    }
}

/// The PIN, if it can be one here. It is in no remark.
fn secret<'a>(text: &'a str, place: &Place, report: &mut Report) -> Option<&'a str> {
    // With a `-` in front its owner could not change it.
    let pin = text.strip_prefix('-').unwrap_or(text);
    if Pin::parse(pin).is_some() {
        return Some(pin);
    }
    let (min, max) = (Pin::LENGTH_MIN, Pin::LENGTH_MAX);
    let why = if pin.is_empty() {
        "it has no PIN".to_owned()
    } else {
        format!("its PIN has not {min} to {max} digits")
    };
    report.add(place, format!("{why}: without one the box opens from its owner's phone only; set `pin`"));
    None
}

/// Whether a provisioning file takes it.
fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let whole =
        parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    whole && text.len() <= EMAIL_MAX && !text.chars().any(|c| c.is_control() || c.is_whitespace())
}
