//! The server's certificate and its key: two files in PEM, read, and looked at before anybody relies on them.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error as TlsError, InconsistentKeys};
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// Most bytes of one file: a chain is a few thousand.
const FILE_BYTES_MAX: u64 = 256 * 1024;
/// Most names of a certificate that are shown.
const NAMES_MAX: usize = 16;

/// Where the two are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Files {
    /// `tls.certificate`.
    pub(crate) certificate: PathBuf,
    /// `tls.key`.
    pub(crate) key: PathBuf,
}

/// Why the two cannot be used, and how to mend it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CertificateError {
    #[error(
        "{setting}: {} cannot be read ({source}); the user that the server runs as must be able to read it",
        path.display()
    )]
    Unreadable { setting: &'static str, path: PathBuf, source: io::Error },
    #[error("{setting}: {} is longer than {FILE_BYTES_MAX} bytes: that is something else", path.display())]
    TooLong { setting: &'static str, path: PathBuf },
    #[error(
        "tls.certificate: {} holds no certificate; write it as PEM (`-----BEGIN CERTIFICATE-----`), the server's own first and after it those that vouch for it (certbot's `fullchain.pem`)",
        .0.display()
    )]
    NoCertificate(PathBuf),
    #[error("tls.certificate: the first certificate in {} cannot be read ({what}); have it made anew", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error(
        "tls.key: {} holds no private key; write it as PEM (`-----BEGIN PRIVATE KEY-----`; certbot's `privkey.pem`)",
        .0.display()
    )]
    NoKey(PathBuf),
    #[error(
        "tls.key: {} is locked with a password; store it open, for the server alone: `openssl pkey -in KEY -out KEY.open`",
        .0.display()
    )]
    Locked(PathBuf),
    #[error("tls.key: the key in {} cannot be used ({what}); take RSA of 2048 bits or more, or ECDSA P-256 or P-384", path.display())]
    BadKey { path: PathBuf, what: String },
    #[error(
        "tls.key: {} is not the key of the first certificate in {}; set the two files that were made together",
        .0.key.display(), .0.certificate.display()
    )]
    NotItsKey(Files),
    #[error("tls.certificate: {} has run out on {}; renew it", path.display(), day(*until))]
    Expired { path: PathBuf, until: i64 },
    #[error(
        "tls.certificate: {} is good from {} on only; set this machine's clock, or wait",
        path.display(), day(*from)
    )]
    NotYet { path: PathBuf, from: i64 },
}

/// What was in the files.
pub(crate) struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Contents {
    /// Those of one file with both in it.
    pub(crate) fn of_one(text: &[u8]) -> Self {
        Self { certificate: text.to_vec(), key: text.to_vec() }
    }

    /// Tells one from another.
    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        // A byte that no file of ours has in it stands between the two.
        for part in [&self.certificate[..], &[0], &self.key] {
            hash.update(part);
        }
        hash.finalize().into()
    }
}

/// A certificate that can be used.
#[derive(Debug)]
pub(crate) struct Certificate {
    /// The chain with its key, for handshakes.
    pub(crate) key: Arc<CertifiedKey>,
    /// Whom it is for: names and addresses, a bounded number of them.
    pub(crate) names: Vec<String>,
    /// Its first second, since the epoch.
    pub(crate) from: i64,
    /// Its last second, since the epoch.
    pub(crate) until: i64,
    /// A number that is its own by chance.
    pub(crate) chance: u8,
    /// Nobody is in the file who vouches for it, and it does not do so itself.
    pub(crate) is_alone: bool,
}

impl Files {
    /// Reads both.
    ///
    /// # Errors
    /// The file that cannot be read.
    pub(crate) fn read(&self) -> Result<Contents, CertificateError> {
        Ok(Contents {
            certificate: read_bounded("tls.certificate", &self.certificate)?,
            key: read_bounded("tls.key", &self.key)?,
        })
    }

    /// The certificate in `contents`, which came from these files, if it can be used at `now` (seconds since the
    /// epoch).
    ///
    /// # Errors
    /// What is wrong with it, and how to mend it.
    pub(crate) fn understand(&self, contents: &Contents, now: i64) -> Result<Certificate, CertificateError> {
        let chain = self.chain(contents)?;
        let leaf = chain.first().ok_or_else(|| CertificateError::NoCertificate(self.certificate.clone()))?;
        let seen = self.look_at(leaf)?;
        let key = self.key(contents)?;
        let chance = Sha256::digest(leaf).first().copied().unwrap_or_default();
        let is_alone = chain.len() == 1 && !seen.own_issuer;
        let provider: &CryptoProvider = &aws_lc_rs::default_provider();
        let key = CertifiedKey::from_der(chain, key, provider).map_err(|error| {
            if error == TlsError::InconsistentKeys(InconsistentKeys::KeyMismatch) {
                return CertificateError::NotItsKey(self.clone());
            }
            CertificateError::BadKey { path: self.key.clone(), what: error.to_string() }
        })?;
        if now > seen.until {
            return Err(CertificateError::Expired { path: self.certificate.clone(), until: seen.until });
        }
        if now < seen.from {
            return Err(CertificateError::NotYet { path: self.certificate.clone(), from: seen.from });
        }
        let (from, until) = (seen.from, seen.until);
        Ok(Certificate { key: Arc::new(key), names: seen.names, from, until, chance, is_alone })
    }

    fn chain(&self, contents: &Contents) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&contents.certificate).collect();
        read.map_err(|error| self.damaged(&error))
    }

    fn key(&self, contents: &Contents) -> Result<PrivateKeyDer<'static>, CertificateError> {
        let text = String::from_utf8_lossy(&contents.key);
        if text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(CertificateError::Locked(self.key.clone()));
        }
        // What it says of the text could be a part of the key.
        PrivateKeyDer::from_pem_slice(&contents.key).map_err(|_| CertificateError::NoKey(self.key.clone()))
    }

    fn look_at(&self, leaf: &CertificateDer<'_>) -> Result<Seen, CertificateError> {
        ParsedCertificate::try_from(leaf).map_err(|error| self.damaged(&error))?;
        let read = x509_cert::Certificate::from_der(leaf).map_err(|error| self.damaged(&error))?;
        let certificate = read.tbs_certificate;
        let second = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
        };
        let names = certificate.get::<SubjectAltName>().ok().flatten().map(|(_, found)| found.0);
        let names = names.unwrap_or_default().iter().filter_map(name).take(NAMES_MAX).collect();
        Ok(Seen {
            from: second(certificate.validity.not_before),
            until: second(certificate.validity.not_after),
            own_issuer: certificate.issuer == certificate.subject,
            names,
        })
    }

    fn damaged(&self, what: &dyn std::fmt::Display) -> CertificateError {
        CertificateError::Damaged { path: self.certificate.clone(), what: what.to_string() }
    }
}

/// What stands in a certificate.
struct Seen {
    from: i64,
    until: i64,
    own_issuer: bool,
    names: Vec<String>,
}

/// A name as people write it. Only what a name is made of is shown: the file may be anybody's.
fn name(name: &GeneralName) -> Option<String> {
    let GeneralName::DnsName(name) = name else { return address(name) };
    let fine = |c: char| c.is_ascii_alphanumeric() || "-._*".contains(c);
    let text = name.as_str();
    (text.len() <= 253 && text.chars().all(fine)).then(|| text.to_owned())
}

fn address(name: &GeneralName) -> Option<String> {
    let GeneralName::IpAddress(bytes) = name else { return None };
    let bytes = bytes.as_bytes();
    let four = <[u8; 4]>::try_from(bytes).ok().map(|four| std::net::IpAddr::from(four).to_string());
    four.or_else(|| <[u8; 16]>::try_from(bytes).ok().map(|all| std::net::IpAddr::from(all).to_string()))
}

/// A file that `setting` names, if it is one and of a size that makes sense.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn read_bounded(setting: &'static str, path: &Path) -> Result<Vec<u8>, CertificateError> {
    let unreadable = |source| CertificateError::Unreadable { setting, path: path.to_owned(), source };
    // Others would be waited for: a pipe for whoever writes it.
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err(unreadable(io::Error::other("it is no file")));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    let read = file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(read).is_ok_and(|read| read > FILE_BYTES_MAX) {
        return Err(CertificateError::TooLong { setting, path: path.to_owned() });
    }
    Ok(bytes)
}

/// A second as people read it.
pub(crate) fn day(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| "an unknown day".to_owned(), |at| at.to_string())
}
