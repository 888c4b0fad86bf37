//! The table of settings: what can be set, what it means, what it is unless set, how a value is read.

use std::time::Duration;

use model::{Counted, DomainLimits};

pub(crate) use super::key::{Key, PREFIX};
use super::network::NETWORK;
use super::read::{address, domains, issuer, networks, number, optional, seconds, sender, text, tls_mode};
use super::{LogFormat, Settings};

/// Sets a limit of domains.
fn limit(settings: &mut Settings, value: &str, counted: Counted) -> Result<(), String> {
    let most = number(value, 0, u64::from(DomainLimits::MAX))?;
    let most = u32::try_from(most).ok().filter(|most| *most > 0);
    settings.domain_limits = settings.domain_limits.with(counted, most);
    Ok(())
}

/// Every setting.
pub(crate) fn all() -> impl Iterator<Item = &'static Key> {
    NETWORK.iter().chain(OTHERS)
}

/// All that is not about listening.
const OTHERS: &[Key] = &[
    Key {
        name: "voicemail.free_min",
        default: "64",
        doc: "Room on the disk that messages and recordings leave free, MiB (0 to 1000000000). Below it a caller is told that his message cannot be taken, and talks go on without being recorded, so that journal and database never find the disk full because of them.",
        set: |s, v| number(v, 0, 1_000_000_000).map(|n| s.voicemail_free_min = n),
    },
    Key {
        name: "recordings.keep_days",
        default: "90",
        doc: "How long recordings of talks are kept, days (0 to 36500); by the day, UTC, on which a talk began. 0: until somebody removes them.",
        set: |s, v| {
            number(v, 0, 36_500).map(|days| s.recordings_keep_days = u16::try_from(days).unwrap_or(u16::MAX))
        },
    },
    Key {
        name: "limits.calls",
        default: "0",
        doc: "Live calls that one domain may have at once, unless something else is set for it (`PUT …/limits`); beyond, new ones are refused with congestion. 0: no limit.",
        set: |s, v| limit(s, v, Counted::Calls),
    },
    Key {
        name: "limits.waiting",
        default: "0",
        doc: "Callers of one domain who may wait at once, in all its lines together; beyond, a line is full. 0: no limit.",
        set: |s, v| limit(s, v, Counted::Waiting),
    },
    Key {
        name: "limits.agents",
        default: "0",
        doc: "Agents that one domain may have. 0: no limit.",
        set: |s, v| limit(s, v, Counted::Agents),
    },
    Key {
        name: "limits.webhooks",
        default: "0",
        doc: "Webhooks that one domain may have. 0: no limit.",
        set: |s, v| limit(s, v, Counted::Webhooks),
    },
    Key {
        name: "limits.sockets",
        default: "0",
        doc: "Event sockets and streams that one domain may have open. 0: no limit but the server's.",
        set: |s, v| limit(s, v, Counted::Sockets),
    },
    Key {
        name: "limits.requests_per_second",
        default: "0",
        doc: "Requests of a second that one domain may make of the API; beyond, they are answered 429. 0: no limit.",
        set: |s, v| limit(s, v, Counted::RequestsPerSecond),
    },
    Key {
        name: "smtp.host",
        default: "",
        doc: "The mail server that takes e-mails with voicemail messages, invitations and reports; without one there are none.",
        set: |s, v| optional(v, text).map(|t| s.smtp_host = t),
    },
    Key {
        name: "smtp.port",
        default: "587",
        doc: "Its port: usually 587 for `starttls`, 465 for `tls`, 25 for `off`.",
        set: |s, v| number(v, 1, 65_535).map(|n| s.smtp_port = u16::try_from(n).unwrap_or(587)),
    },
    Key {
        name: "smtp.tls",
        default: "starttls",
        doc: "`starttls`: the connection changes to TLS before anything is said, or is given up. `tls`: TLS from the first byte. `off`: in the clear. The server's certificate must be good by the system's list of authorities.",
        set: |s, v| tls_mode(v).map(|mode| s.smtp_tls = mode),
    },
    Key {
        name: "smtp.user",
        default: "",
        doc: "Login at the mail server, if it wants one.",
        set: |s, v| optional(v, text).map(|t| s.smtp_user = t),
    },
    Key {
        name: "smtp.password",
        default: "",
        doc: "Password of that login. It is never sent in the clear, except to this machine.",
        set: |s, v| optional(v, text).map(|t| s.smtp_password = t),
    },
    Key {
        name: "smtp.from",
        default: "",
        doc: "Who mails come from: `cordboard@example.com` or `Name <cordboard@example.com>`. Needed with `smtp.host`.",
        set: |s, v| optional(v, sender).map(|t| s.smtp_from = t),
    },
    Key {
        name: "smtp.attachment_max",
        default: "10",
        doc: "Largest recording or report that is sent with a mail, MiB (0 to 30; a minute of a recording is about 1). A longer recording stays in its mailbox, a larger report is on its page, and the mail says so.",
        set: |s, v| number(v, 0, 30).map(|n| s.smtp_attachment_max = n),
    },
    Key {
        name: "smtp.give_up",
        default: "48",
        doc: "How long a mail that is not taken is tried again, hours (1 to 240).",
        set: |s, v| number(v, 1, 240).map(|n| s.smtp_give_up = Duration::from_secs(n * 3_600)),
    },
    Key {
        name: "oidc.issuer",
        default: "",
        doc: "The OpenID provider that people may log in by, exactly as it calls itself: `https://id.example.com`; empty: none. It is told `http.public_url` with `/v1/auth/oidc/callback` behind it as where to send browsers back to. It may be at an address inside.",
        set: |s, v| optional(v, issuer).map(|i| s.oidc_issuer = i),
    },
    Key {
        name: "oidc.client_id",
        default: "",
        doc: "What the provider knows this server by. Needed with `oidc.issuer`.",
        set: |s, v| optional(v, text).map(|t| s.oidc_client_id = t),
    },
    Key {
        name: "oidc.client_secret",
        default: "",
        doc: "The secret that the provider has given this server; none for a public client, which PKCE alone protects.",
        set: |s, v| optional(v, text).map(|t| s.oidc_client_secret = t),
    },
    Key {
        name: "oidc.name",
        default: "Single sign-on",
        doc: "What people call the provider; it stands on the page where they log in.",
        set: |s, v| {
            s.oidc_name = v.into();
            if (1..=64).contains(&v.chars().count()) {
                Ok(())
            } else {
                Err("wants 1 to 64 characters".into())
            }
        },
    },
    Key {
        name: "oidc.email_domains",
        default: "",
        doc: "Domains whose e-mail addresses are let in by the provider, separated by commas; empty: all that it has verified. Name yours if strangers can have accounts at the provider.",
        set: |s, v| domains(v).map(|d| s.oidc_email_domains = d),
    },
    Key {
        name: "outbound.allow",
        default: "",
        doc: "Networks beside the public internet that webhooks, and steps of flows, may reach, separated by commas: `10.1.0.0/16,fd00::/8`. They alone may be asked by plain `http://`. Whoever may write a domain's webhooks and flows can send requests to them.",
        set: |s, v| networks(v).map(|n| s.outbound_allow = n),
    },
    Key {
        name: "database.url",
        default: "sqlite",
        doc: "`sqlite`: a file in the data directory.",
        set: |s, v| {
            if v == "sqlite" {
                s.database_url = v.into();
                Ok(())
            } else {
                Err(format!("`{v}` cannot be used: this version keeps its data in SQLite; write `sqlite`"))
            }
        },
    },
    Key {
        name: "data.dir",
        default: "./data",
        doc: "Where everything is kept: database, recordings, prompts, the key that encrypts phone secrets.",
        set: |s, v| {
            s.data_dir = v.into();
            if v.is_empty() { Err("a directory is needed".into()) } else { Ok(()) }
        },
    },
    Key {
        name: "owner.email",
        default: "",
        doc: "Login of the owner of this server.",
        set: |s, v| optional(v, text).map(|t| s.owner_email = t),
    },
    Key {
        name: "owner.password",
        default: "",
        doc: "Password of the owner, 8 characters or more. Kept only as an argon2id hash.",
        set: |s, v| {
            if (1..8).contains(&v.chars().count()) {
                return Err("needs 8 characters or more".into());
            }
            optional(v, text).map(|t| s.owner_password = t)
        },
    },
    Key {
        name: "journal.sync",
        default: "interval",
        doc: "When the disk is made to keep the journal. `interval`: at most 50 ms after it was written; a power cut may lose so much of the latest decisions, a crash of the program nothing. `always`: before anything leaves; nothing that a phone or a program was told is lost, and every turn waits for the disk.",
        set: |s, v| {
            s.journal.sync = match v {
                "interval" => switch::journal::Sync::Interval,
                "always" => switch::journal::Sync::Always,
                other => return Err(format!("`{other}` is none of: interval, always")),
            };
            Ok(())
        },
    },
    Key {
        name: "journal.keep_days",
        default: "35",
        doc: "How long the journal is kept for replays, days (1 to 3650). What a restart needs stays.",
        set: |s, v| number(v, 1, 3_650).map(|days| s.journal.keep = Duration::from_secs(days * 86_400)),
    },
    Key {
        name: "journal.max_mb",
        default: "4096",
        doc: "Size that the journal may have on disk, MiB (256 to 1048576); beyond, its oldest part goes.",
        set: |s, v| number(v, 256, 1_048_576).map(|size| s.journal.bytes_max = size * 1024 * 1024),
    },
    Key {
        name: "log.format",
        default: "text",
        doc: "`text` for people, `json` for machines.",
        set: |s, v| {
            s.log_format = match v {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                other => return Err(format!("`{other}` is none of: text, json")),
            };
            Ok(())
        },
    },
    Key {
        name: "log.level",
        default: "info",
        doc: "`error`, `warn`, `info`, `debug` or `trace`, also for parts: `info,gateway=debug`.",
        set: |s, v| {
            s.log_level = v.into();
            let known = |part: &str| {
                let level = part.split_once('=').map_or(part, |(_, level)| level);
                level.trim().parse::<tracing_subscriber::filter::LevelFilter>().is_ok()
            };
            if v.split(',').all(known) {
                return Ok(());
            }
            Err(format!("`{v}` is no level; write for instance `info` or `info,gateway=debug`"))
        },
    },
    Key {
        name: "ami.listen",
        default: "",
        doc: "Where Asterisk's manager interface listens, for Rocket.Chat's connector and the like: `127.0.0.1:5038`; empty: nowhere. It is not encrypted, and passwords go over it: keep it on this machine or in a network of your own.",
        set: |s, v| optional(v, address).map(|a| s.ami_listen = a),
    },
    Key {
        name: "queue_log.file",
        default: "",
        doc: "A file in the format of Asterisk's `queue_log`, for reports that read one; empty: none is written. `{domain}` in it stands for the domain's name, for a file each. SIGHUP opens it anew.",
        set: |s, v| optional(v, text).map(|f| s.queue_log_file = f.map(Into::into)),
    },
    Key {
        name: "shutdown.drain",
        default: "30",
        doc: "How long calls may go on after SIGTERM, seconds (0 to 86400).",
        set: |s, v| seconds(v, 0, 86_400).map(|d| s.drain_timeout = d),
    },
];

#[cfg(test)]
mod tests;
