//! Process settings: one TOML file, every key also from the environment (which wins).
//!
//! The table in [`keys`] is the whole truth: names, defaults, meaning and how a value is read. The reference
//! page is generated from it. What is provisioned (queues, agents, numbers) is never here.

mod check;
mod key;
pub(crate) mod keys;
mod lookup;
mod network;
mod read;
mod value;

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::tls::Files;

/// Everything that can be set.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// `http.listen`; none: loopback until an owner password is set.
    pub http_listen: Option<SocketAddr>,
    /// `http.public_url`; none: as HTTP listens.
    pub http_public_url: Option<String>,
    /// `http.tls`; none: no HTTPS.
    pub http_tls: Option<SocketAddr>,
    /// `tls.certificate`.
    pub tls_certificate: Option<PathBuf>,
    /// `tls.key`.
    pub tls_key: Option<PathBuf>,
    /// `acme.…`.
    pub acme: AcmeSettings,
    /// `sip.udp`.
    pub sip_udp: Vec<SocketAddr>,
    /// `sip.tcp`.
    pub sip_tcp: Vec<SocketAddr>,
    /// `sip.tls`.
    pub sip_tls: Vec<SocketAddr>,
    /// `sip.srtp`.
    pub sip_offers_srtp: bool,
    /// `sip.digest`.
    pub sip_digest: Vec<sip_proto::auth::Algorithm>,
    /// `sip.public_address`.
    pub sip_public_address: Option<std::net::IpAddr>,
    /// `sip.expires_min`.
    pub sip_expires_min: Duration,
    /// `sip.websocket`.
    pub sip_websocket: bool,
    /// `sip.websocket_heartbeat`.
    pub sip_websocket_heartbeat: Duration,
    /// `rtp.ports`.
    pub rtp_ports: RangeInclusive<u16>,
    /// `rtp.threads`; 0: by the machine.
    pub rtp_threads: usize,
    /// `rtp.silence_timeout`.
    pub rtp_silence_timeout: Duration,
    /// `voicemail.free_min`, MiB.
    pub voicemail_free_min: u64,
    /// `recordings.keep_days`; 0: for ever.
    pub recordings_keep_days: u16,
    /// `limits.…`: of a domain for which nothing else is set.
    pub domain_limits: model::DomainLimits,
    /// `smtp.host`; none: no mails.
    pub smtp_host: Option<String>,
    /// `smtp.port`.
    pub smtp_port: u16,
    /// `smtp.tls`.
    pub smtp_tls: outbound::mail::TlsMode,
    /// `smtp.user`.
    pub smtp_user: Option<String>,
    /// `smtp.password`.
    pub smtp_password: Option<String>,
    /// `smtp.from`.
    pub smtp_from: Option<String>,
    /// `smtp.attachment_max`, MiB.
    pub smtp_attachment_max: u64,
    /// `smtp.give_up`.
    pub smtp_give_up: Duration,
    /// `oidc.issuer`; none: nobody logs in by a provider.
    pub oidc_issuer: Option<String>,
    /// `oidc.client_id`.
    pub oidc_client_id: Option<String>,
    /// `oidc.client_secret`.
    pub oidc_client_secret: Option<String>,
    /// `oidc.name`.
    pub oidc_name: String,
    /// `oidc.email_domains`; empty: all.
    pub oidc_email_domains: Vec<String>,
    /// `outbound.allow`.
    pub outbound_allow: Vec<outbound::network::Network>,
    /// `data.dir`.
    pub data_dir: PathBuf,
    /// `database.url`.
    pub database_url: String,
    /// `owner.email`.
    pub owner_email: Option<String>,
    /// `owner.password`.
    pub owner_password: Option<String>,
    /// `journal.sync`, `journal.keep_days`, `journal.max_mb`.
    pub journal: switch::journal::Settings,
    /// `log.format`.
    pub log_format: LogFormat,
    /// `log.level`.
    pub log_level: String,
    /// `ami.listen`; none: nowhere.
    pub ami_listen: Option<SocketAddr>,
    /// `queue_log.file`; none: no log.
    pub queue_log_file: Option<PathBuf>,
    /// `shutdown.drain`.
    pub drain_timeout: Duration,
}

/// How the server gets itself a certificate.
#[derive(Clone, Debug)]
pub(crate) struct AcmeSettings {
    /// `acme.domains`; none: it does not.
    pub domains: Vec<String>,
    /// `acme.listen`; none: nowhere of its own.
    pub listen: Option<SocketAddr>,
    /// `acme.contact`.
    pub contact: Option<String>,
    /// `acme.directory`.
    pub directory: String,
    /// `acme.ca`; none: the system's authorities.
    pub ca: Option<PathBuf>,
    /// `acme.external_key_id`.
    pub external_key_id: Option<String>,
    /// `acme.external_key`, in base64url.
    pub external_key: Option<String>,
}

impl Default for AcmeSettings {
    fn default() -> Self {
        Self {
            domains: Vec::new(),
            listen: None,
            contact: None,
            directory: instant_acme::LetsEncrypt::Production.url().to_owned(),
            ca: None,
            external_key_id: None,
            external_key: None,
        }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        let unset = std::net::Ipv4Addr::UNSPECIFIED;
        Self {
            http_listen: None,
            http_public_url: None,
            http_tls: None,
            tls_certificate: None,
            tls_key: None,
            acme: AcmeSettings::default(),
            sip_udp: vec![(unset, 5060).into()],
            sip_tcp: vec![(unset, 5060).into()],
            sip_tls: Vec::new(),
            sip_offers_srtp: false,
            sip_digest: vec![sip_proto::auth::Algorithm::Sha256, sip_proto::auth::Algorithm::Md5],
            sip_public_address: None,
            sip_expires_min: Duration::from_secs(60),
            sip_websocket: true,
            sip_websocket_heartbeat: Duration::from_secs(5),
            rtp_ports: 20_000..=29_999,
            rtp_threads: 0,
            rtp_silence_timeout: Duration::from_secs(60),
            voicemail_free_min: 64,
            recordings_keep_days: 90,
            domain_limits: model::DomainLimits::default(),
            smtp_host: None,
            smtp_port: 587,
            smtp_tls: outbound::mail::TlsMode::StartTls,
            smtp_user: None,
            smtp_password: None,
            smtp_from: None,
            smtp_attachment_max: 10,
            smtp_give_up: Duration::from_secs(48 * 3_600),
            oidc_issuer: None,
            oidc_client_id: None,
            oidc_client_secret: None,
            oidc_name: "Single sign-on".into(),
            oidc_email_domains: Vec::new(),
            outbound_allow: Vec::new(),
            data_dir: PathBuf::from("./data"),
            database_url: "sqlite".into(),
            owner_email: None,
            owner_password: None,
            journal: switch::journal::Settings::default(),
            log_format: LogFormat::Text,
            log_level: "info".into(),
            ami_listen: None,
            queue_log_file: None,
            drain_timeout: Duration::from_secs(30),
        }
    }
}

/// One thing wrong with the settings: where, what, and how to mend it, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SettingProblem {
    /// `FILE line N` or the environment variable's name.
    pub place: String,
    /// What is wrong and what would be right.
    pub what: String,
}

impl std::fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl Settings {
    /// Reads `file` (if any) and then `environment`; reports every problem, not only the first.
    ///
    /// # Errors
    /// All problems found.
    pub(crate) fn read(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Vec<SettingProblem>> {
        let mut settings = Self::default();
        let mut problems = Vec::new();
        if let Some(path) = file {
            let name = path.display().to_string();
            match std::fs::read_to_string(path) {
                Ok(text) => settings.apply_file(&name, &text, &mut problems),
                Err(error) => problems.push(SettingProblem {
                    place: name,
                    what: format!("cannot be read ({error}); check --config and the file's rights"),
                }),
            }
        }
        settings.apply_environment(environment, &mut problems);
        if problems.is_empty() {
            settings.check_mail(&mut problems);
            settings.check_oidc(&mut problems);
            settings.check_tls(&mut problems);
            settings.check_acme(&mut problems);
        }
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }

    /// Where the certificate and its key are, if the server has them.
    pub(crate) fn tls_files(&self) -> Option<Files> {
        let (certificate, key) = (self.tls_certificate.clone()?, self.tls_key.clone()?);
        Some(Files { certificate, key })
    }

    fn apply_file(&mut self, name: &str, text: &str, problems: &mut Vec<SettingProblem>) {
        let entries = match value::entries(text) {
            Ok(entries) => entries,
            Err((line, what)) => {
                problems.push(SettingProblem { place: format!("{name} line {line}"), what });
                return;
            }
        };
        for entry in entries {
            let place = format!("{name} line {}", entry.line);
            let Some(key) = lookup::find(&entry.name) else {
                problems.push(SettingProblem { place, what: lookup::unknown(&entry.name) });
                continue;
            };
            if let Err(what) = (key.set)(self, &entry.value) {
                problems.push(SettingProblem { place, what: format!("{}: {what}", key.name) });
            }
        }
    }

    fn apply_environment(
        &mut self,
        environment: impl Iterator<Item = (String, String)>,
        problems: &mut Vec<SettingProblem>,
    ) {
        for (name, value) in environment.filter(|(name, _)| name.starts_with(keys::PREFIX)) {
            let Some(key) = keys::all().find(|key| key.environment() == name) else {
                // Other tools of ours may have variables of the same beginning; only sections we know are meant.
                if lookup::is_known_section(&name) {
                    problems.push(SettingProblem { what: lookup::unknown(&name), place: name });
                }
                continue;
            };
            if let Err(what) = (key.set)(self, &value) {
                problems.push(SettingProblem { place: name, what });
            }
        }
    }

    /// Whether there is a mail server to send by.
    pub(crate) fn sends_mails(&self) -> bool {
        self.smtp_host.is_some() && self.smtp_from.is_some()
    }

    /// What links to this server begin with, for people elsewhere: as set; else where HTTP listens, which only this
    /// machine may be able to reach.
    pub(crate) fn web_address(&self, listening: SocketAddr) -> String {
        if let Some(url) = &self.http_public_url {
            return url.clone();
        }
        if listening.ip().is_unspecified() {
            return format!("http://localhost:{}", listening.port());
        }
        format!("http://{listening}")
    }

    /// What the page is reached by with TLS, which listens on `listening`: as the operator says, else by the
    /// certificate's first name.
    pub(crate) fn secure_web_address(&self, listening: SocketAddr) -> String {
        if let Some(url) = self.http_public_url.as_ref().filter(|url| url.starts_with("https://")) {
            return url.clone();
        }
        let host = self.acme.domains.first().cloned().unwrap_or_else(|| listening.ip().to_string());
        if listening.port() == 443 {
            format!("https://{host}")
        } else {
            format!("https://{host}:{}", listening.port())
        }
    }

    /// Where HTTP listens: as set; without an owner's password only on this machine.
    #[must_use]
    pub(crate) fn http_address(&self, has_owner: bool) -> SocketAddr {
        let fallback = SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 8080));
        self.http_listen.map_or(fallback, |address| guarded(address, has_owner))
    }

    /// Where HTTPS listens, if it does: as [`Self::http_address`].
    #[must_use]
    pub(crate) fn https_address(&self, has_owner: bool) -> Option<SocketAddr> {
        self.http_tls.map(|address| guarded(address, has_owner))
    }
}

/// An address as set; without an owner on this machine only, on the same port.
fn guarded(address: SocketAddr, has_owner: bool) -> SocketAddr {
    if has_owner || address.ip().is_loopback() {
        return address;
    }
    SocketAddr::new(std::net::Ipv4Addr::LOCALHOST.into(), address.port())
}

#[cfg(test)]
mod tests;
