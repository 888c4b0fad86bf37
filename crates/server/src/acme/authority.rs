//! An authority that the system does not trust: `acme.ca`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

use crate::tls::read_bounded;

/// Who is trusted by this file.
///
/// # Errors
/// What is wrong with it, and how to mend it.
pub(crate) fn roots(file: &Path) -> Result<RootCertStore> {
    let text = read_bounded("acme.ca", file)?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let unreadable = || format!("acme.ca: a certificate in {} cannot be read", file.display());
        let certificate = certificate.ok().with_context(unreadable)?;
        roots.add(certificate).with_context(unreadable)?;
    }
    if roots.is_empty() {
        bail!(
            "acme.ca: {} holds no certificate; write the authority's as PEM (`-----BEGIN CERTIFICATE-----`; step-ca's `root_ca.crt`)",
            file.display()
        );
    }
    Ok(roots)
}
