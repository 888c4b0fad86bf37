//! Mails by SMTP: one server, one connection a mail.
//!
//! A mail is text and a few attached files. Whatever comes from callers may stand in it: headers are written
//! by `lettre`, and control characters are taken out before.

use std::time::Duration;

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::{one_line, plain};

/// How the connection to the server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// It begins in the clear and must change to TLS before anything is said.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// In the clear.
    Off,
}

/// The server that takes mails.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: TlsMode,
    /// User and password, if it wants any.
    pub login: Option<(String, String)>,
    /// Who sends: an address, or `Name <address>`.
    pub from: String,
    /// How long one mail may take, from the connection to the last answer.
    pub timeout: Duration,
}

/// One mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who gets it.
    pub to: String,
    /// Its id, `name@domain`: the same for each try, so that one that comes twice can be told.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Files that come with it.
    pub attachments: Vec<File>,
}

/// An attached file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its type, `audio/wav`.
    pub kind: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Why a server cannot be used at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailServerError {
    /// Who sends is no address.
    #[error(
        "`{0}` is no address of a sender; write `cordboard@example.com` or `Name <cordboard@example.com>`"
    )]
    From(String),
    /// No TLS as this machine is.
    #[error("TLS cannot be used: {0}; see whether the system's certificates (ca-certificates) are installed")]
    Tls(String),
}

/// Why a mail was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The server cannot be reached, does not answer in time, or not as a mail server does.
    #[error("the mail server cannot be used: {0}")]
    Server(String),
    /// It does not take this mail now.
    #[error("the mail server put it off: {0}")]
    Later(String),
    /// It will never take this mail, or there can be no such mail.
    #[error("the mail server refused it: {0}")]
    Never(String),
}

/// Sends mails. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeout: Duration,
}

/// Whether mails can come from this: an address, or `Name <address>`.
#[must_use]
pub fn is_sender(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

/// That no person wrote it, so that no machine answers it (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Mailer {
    /// A mailer; it connects with the first mail.
    ///
    /// # Errors
    /// [`MailServerError`] if the sender is no address, or TLS cannot be used on this machine.
    pub fn new(server: &MailServer) -> Result<Self, MailServerError> {
        let from: Mailbox = server.from.parse().map_err(|_| MailServerError::From(server.from.clone()))?;
        let parameters = || {
            TlsParameters::new(server.host.clone())
                .map_err(|e| MailServerError::Tls(one_line(&e.to_string())))
        };
        let tls = match server.tls {
            TlsMode::StartTls => Tls::Required(parameters()?),
            TlsMode::Tls => Tls::Wrapper(parameters()?),
            TlsMode::Off => Tls::None,
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.clone())
            .port(server.port)
            .tls(tls)
            .timeout(Some(server.timeout))
            .hello_name(ClientId::Domain(from.email.domain().to_owned()));
        let builder = match &server.login {
            Some((user, password)) => builder.credentials(Credentials::new(user.clone(), password.clone())),
            None => builder,
        };
        Ok(Self { transport: builder.build(), from, timeout: server.timeout })
    }

    /// Sends a mail; returns when the server has taken it.
    ///
    /// # Errors
    /// [`MailError`]: whether it may be taken later. A mail whose last answer was lost may have been taken.
    pub async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let message = self.compose(mail)?;
        let sent = tokio::time::timeout(self.timeout, self.transport.send(message)).await;
        match sent {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(MailError::Server(format!("no answer within {} s", self.timeout.as_secs_f32()))),
        }
    }

    fn compose(&self, mail: Mail) -> Result<Message, MailError> {
        let never = |what: &str| MailError::Never(what.to_owned());
        let to: Mailbox = mail.to.parse().map_err(|_| never("it has no address that can be written to"))?;
        let builder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(header_text(&mail.subject))
            .message_id(Some(format!("<{}>", header_text(&mail.id))))
            .header(AutoSubmitted);
        let text = SinglePart::plain(mail.text);
        if mail.attachments.is_empty() {
            return builder.singlepart(text).map_err(|error| never(&one_line(&error.to_string())));
        }
        let mut parts = MultiPart::mixed().singlepart(text);
        for file in mail.attachments {
            let kind = ContentType::parse(file.kind).map_err(|_| never("its file has no known type"))?;
            parts = parts.singlepart(Attachment::new(header_text(&file.name)).body(file.bytes, kind));
        }
        builder.multipart(parts).map_err(|error| never(&one_line(&error.to_string())))
    }
}

/// Most characters of a header's text.
const HEADER_MAX: usize = 200;

/// What may stand in a header.
fn header_text(text: &str) -> String {
    plain(text).chars().take(HEADER_MAX).collect()
}

/// Answers to a login that is wrong or missing: the operator mends that, and the mail can be taken then.
const LOGIN_ANSWERS: [&str; 5] = ["530", "534", "535", "538", "454"];

fn failure(error: &lettre::transport::smtp::Error) -> MailError {
    let said = one_line(&with_sources(error));
    let code = error.status().map(|code| code.to_string());
    if code.is_some_and(|code| LOGIN_ANSWERS.contains(&code.as_str())) {
        return MailError::Server(format!("the login was refused: {said}"));
    }
    if error.is_permanent() {
        return MailError::Never(said);
    }
    // What our own side cannot do for this mail, an address beyond ASCII for instance, says nothing of the next.
    if error.is_transient() || error.is_client() {
        return MailError::Later(said);
    }
    MailError::Server(said)
}

fn with_sources(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        source = cause.source();
    }
    said
}
