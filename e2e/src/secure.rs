//! Certificates, and who believes them: an authority of a test's own, and a client of HTTPS that trusts it alone.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// How long a connection may be silent.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Who vouches for servers.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    /// Its certificate, for those who are to trust it.
    pub file: PathBuf,
}

/// What was answered over HTTPS.
#[derive(Debug)]
pub struct HttpsAnswer {
    /// Head and body.
    pub text: String,
    /// The certificate that the server showed.
    pub certificate: Vec<u8>,
}

impl Authority {
    /// A new one, its certificate in `folder`.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(folder: &Path) -> anyhow::Result<Self> {
        let mut wanted = CertificateParams::new(Vec::new())?;
        wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // A server's certificate must not look as if it had vouched for itself.
        wanted.distinguished_name.push(DnType::CommonName, "an authority");
        let key = KeyPair::generate()?;
        let made = wanted.self_signed(&key)?;
        let file = folder.join("authority.pem");
        std::fs::write(&file, made.pem())?;
        Ok(Self { issuer: Issuer::new(wanted, key), certificate: made.der().clone(), file })
    }

    /// Vouches for a server at `name`: writes `certificate.pem` and `key.pem` in `folder`, and gives the certificate.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn vouch(&self, name: &str, folder: &Path) -> anyhow::Result<Vec<u8>> {
        let key = KeyPair::generate()?;
        let made = CertificateParams::new(vec![name.to_owned()])?.signed_by(&key, &self.issuer)?;
        let text = format!("{}{}", made.pem(), std::fs::read_to_string(&self.file)?);
        std::fs::write(folder.join("certificate.pem"), text)?;
        std::fs::write(folder.join("key.pem"), key.serialize_pem())?;
        Ok(made.der().to_vec())
    }

    /// Asks the server at `at`, which must be one that this authority vouches for under the name of its address.
    ///
    /// # Errors
    /// When it is not believed, or does not answer.
    pub fn get(&self, at: SocketAddr, path: &str, token: Option<&str>) -> anyhow::Result<HttpsAnswer> {
        let mut stream = self.connect(at)?;
        let login = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {at}\r\n{login}Connection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let shown = stream.conn.peer_certificates().and_then(<[_]>::first).context("no certificate")?;
        Ok(HttpsAnswer { text, certificate: shown.to_vec() })
    }

    /// A connection to such a server.
    ///
    /// # Errors
    /// When there is none.
    pub fn connect(&self, at: SocketAddr) -> anyhow::Result<StreamOwned<ClientConnection, TcpStream>> {
        let mut trusted = RootCertStore::empty();
        trusted.add(self.certificate.clone())?;
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(trusted)
            .with_no_client_auth();
        let mut connection = ClientConnection::new(Arc::new(config), ServerName::from(at.ip()))?;
        let mut stream = TcpStream::connect(at)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        while connection.is_handshaking() {
            let (read, written) = connection.complete_io(&mut stream)?;
            if read + written == 0 {
                bail!("the handshake does not go on");
            }
        }
        Ok(StreamOwned::new(connection, stream))
    }
}
