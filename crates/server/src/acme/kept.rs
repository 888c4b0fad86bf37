//! What is kept of an authority: the account, the certificate with its key, and the last try if it failed. Each
//! authority has a folder of its own, so whoever has tried things out with one goes on with another as if anew.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use instant_acme::AccountCredentials;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::settings::Settings;
use crate::tls::{Certificate, CertificateError, Contents, Files, read_bounded};

/// Where in the data directory.
const FOLDER: &str = "acme";
/// Names of the files. The key is in one file with its certificate, so that the two cannot part.
const ACCOUNT: &str = "account.json";
const CERTIFICATE: &str = "certificate.pem";
const FAILURE: &str = "failure.json";

/// An account as it is kept.
#[derive(Deserialize, Serialize)]
pub(super) struct KeptAccount {
    /// Who it may be written to.
    pub(super) contact: Option<String>,
    /// Which account of the authority's own it is bound to.
    pub(super) external_key_id: Option<String>,
    /// Its address and key.
    pub(super) credentials: AccountCredentials,
}

/// The last try, which failed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct KeptFailure {
    /// For which names.
    pub(crate) domains: Vec<String>,
    /// How many have failed one after the other.
    pub(crate) tries: u32,
    /// When the next is due, seconds since the epoch.
    pub(crate) next: i64,
    /// Why.
    pub(crate) what: String,
    /// What to do about it.
    pub(crate) mend: String,
}

/// The folder of an authority.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// That of the authority which is set.
    pub(crate) fn of(settings: &Settings) -> Self {
        let directory = &settings.acme.directory;
        let host = directory.strip_prefix("https://").unwrap_or(directory);
        let end =
            host.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-').unwrap_or(host.len());
        // Two directories of one host are two authorities.
        let mark: String =
            Sha256::digest(directory).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Self { folder: settings.data_dir.join(FOLDER).join(format!("{}-{mark}", &host[..end])) }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the folder, for this user alone.
    pub(super) fn prepare(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)
    }

    /// The files of the certificate, which are one.
    pub(super) fn files(&self) -> Files {
        let file = self.folder.join(CERTIFICATE);
        Files { certificate: file.clone(), key: file }
    }

    /// The certificate that is kept, if it is for all of `domains`.
    ///
    /// # Errors
    /// Why one that is there cannot be used at `now`.
    pub(crate) fn certificate(
        &self,
        domains: &[String],
        now: i64,
    ) -> Result<Option<Certificate>, CertificateError> {
        let files = self.files();
        if !files.certificate.exists() {
            return Ok(None);
        }
        let certificate = files.understand(&files.read()?, now)?;
        Ok(Some(certificate).filter(|certificate| is_for(certificate, domains)))
    }

    /// The certificate in `text`, a key and a chain in PEM, as if it were kept.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(super) fn understand(&self, text: &str, now: i64) -> Result<Certificate, CertificateError> {
        self.files().understand(&Contents::of_one(text.as_bytes()), now)
    }

    /// Keeps the certificate.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn keep_certificate(&self, text: &str) -> io::Result<()> {
        self.keep(CERTIFICATE, text.as_bytes())
    }

    /// The account, if there is one that can be read.
    pub(super) fn account(&self) -> Option<KeptAccount> {
        self.read(ACCOUNT)
    }

    /// Keeps the account.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn keep_account(&self, account: &KeptAccount) -> io::Result<()> {
        self.keep(ACCOUNT, &serde_json::to_vec(account)?)
    }

    /// The last try for `domains`, if it failed.
    pub(crate) fn failure(&self, domains: &[String]) -> Option<KeptFailure> {
        self.read(FAILURE).filter(|failure: &KeptFailure| failure.domains == domains)
    }

    /// Keeps it; that it cannot be is only said, since it is known to the server all the same.
    pub(super) fn keep_failure(&self, failure: &KeptFailure) {
        let kept = serde_json::to_vec(failure).map_err(io::Error::from);
        if let Err(error) = kept.and_then(|text| self.keep(FAILURE, &text)) {
            tracing::warn!(%error, "when to ask for a certificate again cannot be kept");
        }
    }

    pub(super) fn forget_failure(&self) {
        if let Err(error) = fs::remove_file(self.folder.join(FAILURE))
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "that a certificate did not come cannot be forgotten");
        }
    }

    fn read<T: serde::de::DeserializeOwned>(&self, name: &'static str) -> Option<T> {
        let path = self.folder.join(name);
        if !path.exists() {
            return None;
        }
        let read = read_bounded(name, &path).ok().and_then(|text| serde_json::from_slice(&text).ok());
        if read.is_none() {
            tracing::warn!(path = %path.display(), "it cannot be read, and is made anew");
        }
        read
    }

    /// Writes a file whole and for this user alone, and then gives it its name.
    fn keep(&self, name: &str, text: &[u8]) -> io::Result<()> {
        let new = self.folder.join(format!("{name}.new"));
        // What an earlier end may have left: its mode would be kept too.
        match fs::remove_file(&new) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&new, self.folder.join(name))?;
        File::open(&self.folder)?.sync_all()
    }
}

/// Whether it is for all of them.
pub(super) fn is_for(certificate: &Certificate, domains: &[String]) -> bool {
    domains.iter().all(|domain| certificate.names.iter().any(|name| name.eq_ignore_ascii_case(domain)))
}
