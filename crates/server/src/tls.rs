//! TLS of the server itself: for HTTP and for SIP, with one certificate. It is in files, which are looked at every
//! minute and when somebody asks, or comes from an authority ([`crate::acme`]); a new certificate is for new
//! connections, the old ones go on with what they began with.

mod certificate;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use anyhow::{Context as _, Result};
use switch::Clock;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

pub(crate) use certificate::{Certificate, CertificateError, Contents, Files, day, read_bounded};

use crate::settings::Settings;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// So long before its end somebody should know.
pub(crate) const RENEW_BEFORE: i64 = 14 * 86_400;
/// How often it is said again.
const SAY_EVERY: i64 = 86_400;

/// The certificate in use, and where the next comes from.
#[derive(Debug)]
pub(crate) struct Tls {
    /// None: an authority is asked for it.
    files: Option<Files>,
    /// None: it has not come yet, and no handshake leads anywhere.
    current: RwLock<Option<Arc<Certificate>>>,
    /// What was tried last, good or not: the same is not tried, and complained of, again.
    tried: Mutex<Tried>,
}

#[derive(Debug)]
struct Tried {
    hash: [u8; 32],
    /// When its end was last spoken of, seconds since the epoch.
    said: i64,
}

/// The certificate that is set, if one is, looked at once.
///
/// # Errors
/// Why it cannot be used.
pub(crate) fn check(settings: &Settings) -> Result<Option<Certificate>, CertificateError> {
    let Some(files) = settings.tls_files() else { return Ok(None) };
    files.understand(&files.read()?, now()).map(Some)
}

impl Tls {
    /// TLS as it is set, if it is: by files, which are watched from now on, or by an authority, which others ask.
    ///
    /// # Errors
    /// Why the files cannot be used: then the server does not start.
    pub(crate) fn of(settings: &Settings) -> Result<Option<Arc<Self>>, CertificateError> {
        let Some(files) = settings.tls_files() else {
            return Ok((!settings.acme.domains.is_empty()).then(|| Arc::new(Self::awaiting())));
        };
        let tls = Arc::new(Self::start(files, now())?);
        tokio::spawn(tls.clone().watch());
        Ok(Some(tls))
    }

    /// Without a certificate, until one is [taken](Self::take).
    pub(crate) fn awaiting() -> Self {
        let tried = Mutex::new(Tried { hash: [0; 32], said: i64::MIN });
        let tls = Self { files: None, current: RwLock::new(None), tried };
        tls.show();
        tls
    }

    /// Another certificate is in use from now on.
    pub(crate) fn take(&self, certificate: Certificate) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(certificate));
        self.show();
    }

    fn start(files: Files, now: i64) -> Result<Self, CertificateError> {
        let contents = files.read()?;
        let certificate = files.understand(&contents, now)?;
        let tried = Mutex::new(Tried { hash: contents.hash(), said: i64::MIN });
        let tls = Self { files: Some(files), current: RwLock::new(Some(Arc::new(certificate))), tried };
        tls.tell(now);
        Ok(tls)
    }

    /// How connections are taken; `protocols` are those that a client may choose from (RFC 7301), none: it is not
    /// asked.
    ///
    /// # Errors
    /// If the cryptography knows no version of TLS in common with us, which cannot be.
    pub(crate) fn config(self: &Arc<Self>, protocols: &[&[u8]]) -> Result<Arc<ServerConfig>> {
        // TLS 1.2 and 1.3: nothing older is in there.
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .context("TLS cannot be used")?;
        let mut config = config.with_no_client_auth().with_cert_resolver(self.clone());
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Ok(Arc::new(config))
    }

    /// Looks at the files now and then, for ever.
    async fn watch(self: Arc<Self>) {
        let mut due = tokio::time::interval(LOOK_EVERY);
        loop {
            due.tick().await;
            self.look();
        }
    }

    /// Looks whether there is another certificate, and takes it if it is good.
    pub(crate) fn look(&self) {
        self.look_at(now());
    }

    fn look_at(&self, now: i64) {
        let Some(files) = &self.files else { return };
        match self.changed(files, now) {
            Ok(None) => {}
            Ok(Some(certificate)) => {
                let (names, until) = (certificate.names.join(", "), day(certificate.until));
                tracing::info!(names, until, "a new TLS certificate is in use");
                self.take(certificate);
                self.tried().said = i64::MIN;
            }
            Err(error) => {
                let until = self.current().map_or_else(String::new, |current| day(current.until));
                tracing::error!(%error, until, "the new TLS certificate cannot be used; the old one stays");
            }
        }
        self.tell(now);
    }

    /// Another certificate than the one that was tried last.
    fn changed(&self, files: &Files, now: i64) -> Result<Option<Certificate>, CertificateError> {
        let read = files.read();
        // What cannot be read is tried once as well: while it is being replaced a file may be gone for a moment.
        let hash = read.as_ref().map_or([0; 32], Contents::hash);
        let before = std::mem::replace(&mut self.tried().hash, hash);
        if before == hash {
            return Ok(None);
        }
        let understood = files.understand(&read?, now);
        if let Err(CertificateError::NotYet { .. }) = understood {
            // It will be good by time alone, so it is not done with.
            self.tried().hash = before;
        }
        understood.map(Some)
    }

    /// Its end as a figure, and the end: 0 while there is none.
    fn show(&self) -> i64 {
        let until = self.current().map_or(0, |current| current.until);
        metrics::gauge!("cordboard_tls_certificate_expires_seconds").set(until as f64);
        until
    }

    /// Says how long the certificate is good still. Of one that an authority gives, nobody has to be told: what fails
    /// there is told by who asks.
    fn tell(&self, now: i64) {
        let until = self.show();
        let Some(files) = &self.files else { return };
        let mut tried = self.tried();
        if until.saturating_sub(now) > RENEW_BEFORE || now < tried.said.saturating_add(SAY_EVERY) {
            return;
        }
        tried.said = now;
        let (file, until) = (files.certificate.display(), day(until));
        tracing::warn!(%file, until, "the TLS certificate runs out soon; renew it, the files are read again by themselves");
    }

    /// The certificate in use, if there is one.
    pub(crate) fn current(&self) -> Option<Arc<Certificate>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tried(&self) -> std::sync::MutexGuard<'_, Tried> {
        self.tried.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ResolvesServerCert for Tls {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.current().map(|current| current.key.clone())
    }
}

/// Seconds since the epoch.
pub(crate) fn now() -> i64 {
    Clock::start().now().0.div_euclid(1_000_000)
}
