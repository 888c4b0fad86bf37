//! Requests to services of others, over HTTP and HTTPS.
//!
//! Where a request goes is written by a customer of the server, so it is hostile: it must not reach what only the
//! server can reach. A name is resolved once, every address it has is checked ([`network`](crate::network)), and
//! the connection is made to a checked address and no other. There is no proxy, no cookie, no connection that is
//! used twice, and no redirect is followed. Plain HTTP goes only to networks that the operator named.

mod answer;
mod exchange;
mod fetch;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Method, Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::network::{Network, is_public};
use crate::one_line;
use crate::sign::SigningSecret;

pub use answer::Answer;
pub use exchange::Exchange;
pub use fetch::{Fetch, Fetched};

/// Longest URL.
pub const URL_MAX: usize = 2_048;
/// Most headers of an answer.
const HEADERS_MAX: usize = 64;
/// Most bytes that hyper reads ahead: the head of an answer must fit.
const HEAD_MAX: usize = 16 * 1_024;
/// Most addresses of a name.
const ADDRESSES_MAX: usize = 16;
/// Most addresses that are tried.
const CONNECTS_MAX: usize = 3;
/// Longest wait for one connection; the next address is tried then.
const CONNECT_MAX: Duration = Duration::from_secs(3);
/// Most names that are resolved at once: the system's resolver cannot be told to stop.
const RESOLVING_MAX: usize = 16;

/// A POST.
#[derive(Clone, Debug)]
pub struct Post {
    /// `https://…`, or `http://…` to a network that was named.
    pub url: String,
    /// The type of the body.
    pub content_type: &'static str,
    /// The body.
    pub body: Bytes,
    /// How long all may take, from the name to the last byte of the answer.
    pub timeout: Duration,
    /// Most bytes of the answer's body.
    pub answer_max: usize,
    /// Its id: the same for each try.
    pub id: String,
    /// When it is sent, seconds since the epoch.
    pub second: i64,
    /// What it is signed with.
    pub secret: Option<SigningSecret>,
}

/// Most bytes of an answer's body, unless there is a reason.
pub const ANSWER_MAX: usize = 64 * 1_024;

/// A name is said with where it leads; an address by itself.
fn not_public(host: &str, address: std::net::IpAddr) -> String {
    if host.trim_matches(['[', ']']).parse() == Ok(address) {
        format!("{address} is no public address")
    } else {
        format!("{host} is at {address}, which is no public address")
    }
}

/// Why there is no answer that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// It cannot be asked at all.
    #[error("the address cannot be used: {0}")]
    Url(&'static str),
    /// The name leads nowhere.
    #[error("the name {0} is not found")]
    Unknown(String),
    /// The name leads to where no request may go.
    #[error("{}; `outbound.allow` can name its network", not_public(host, *address))]
    Forbidden {
        /// The name.
        host: String,
        /// Where it leads.
        address: std::net::IpAddr,
    },
    /// Plain HTTP to the public internet.
    #[error("http:// goes only to networks named in `outbound.allow`; use https://")]
    Plain,
    /// No connection.
    #[error("no connection: {0}")]
    Connect(String),
    /// Something that is no HTTP, or an end in the middle.
    #[error("the connection failed: {0}")]
    Broken(String),
    /// Not all of it came in time.
    #[error("no answer within {0:?}")]
    Late(Duration),
    /// The answer is longer than may be.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// It wants to be asked elsewhere, which is not done.
    #[error("it answered {0}, a redirect; name the final address")]
    Redirect(u16),
    /// It says no.
    #[error("it answered {0}")]
    Status(u16),
    /// It cannot be asked now: too many names are being resolved.
    #[error("too many requests at once")]
    Busy,
}

/// Makes requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    tls: TlsConnectorDebug,
    allowed: Arc<[Network]>,
    /// A host that the operator named.
    named: Option<Arc<str>>,
    resolving: Arc<Semaphore>,
}

#[derive(Clone)]
struct TlsConnectorDebug(TlsConnector);

impl std::fmt::Debug for TlsConnectorDebug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TlsConnector")
    }
}

/// Aborts the task when it is dropped: what nobody waits for any more holds no connection.
struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Client {
    /// A client that trusts the system's authorities; beside public addresses it may reach `allowed`.
    ///
    /// # Errors
    /// A text if TLS cannot be used on this machine.
    pub fn new(allowed: Vec<Network>) -> Result<Self, String> {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::debug!(%error, "a certificate of the system cannot be read");
        }
        let mut roots = RootCertStore::empty();
        let (good, _) = roots.add_parsable_certificates(found.certs);
        if good == 0 {
            tracing::warn!(
                "the system trusts no authority (install ca-certificates): no https:// service can be asked"
            );
        }
        Self::with_roots(roots, allowed)
    }

    /// A client that trusts `roots`.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_roots(roots: RootCertStore, allowed: Vec<Network>) -> Result<Self, String> {
        let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| one_line(&error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let tls = TlsConnectorDebug(TlsConnector::from(Arc::new(config)));
        let resolving = Arc::new(Semaphore::new(RESOLVING_MAX));
        Ok(Self { tls, allowed: allowed.into(), named: None, resolving })
    }

    /// The same, for a service that the operator has named: it may be at any address, though beyond the networks that
    /// were allowed by TLS only. Whatever else its answers lead to is no more trusted than before.
    #[must_use]
    pub fn trusting(&self, url: &str) -> Self {
        let host = Target::read(url).ok().map(|target| target.host.into());
        Self { named: host, ..self.clone() }
    }

    /// Posts, and returns the body of an answer that says all is well (2xx).
    ///
    /// # Errors
    /// [`PostError`].
    pub async fn post(&self, post: Post) -> Result<Bytes, PostError> {
        let (timeout, max) = (post.timeout, post.answer_max);
        let whole = async {
            let begun = self.ask(&post.url, |target| target.request(&post)).await?;
            answer::whole(begun.response, max).await
        };
        tokio::time::timeout(timeout, whole).await.map_err(|_| PostError::Late(timeout))?
    }

    /// Posts, and returns whatever is answered: its status, and of its body what comes soon, the first `answer_max` bytes
    /// at most. A redirect is such an answer; it is not followed.
    ///
    /// # Errors
    /// [`PostError`] if there is no answer.
    pub async fn send(&self, post: Post) -> Result<Answer, PostError> {
        let (timeout, max) = (post.timeout, post.answer_max);
        let asking = self.ask(&post.url, |target| target.request(&post));
        let begun = tokio::time::timeout(timeout, asking).await;
        let begun = begun.map_err(|_| PostError::Late(timeout))??;
        Ok(answer::beginning(begun.response, max).await)
    }

    async fn ask(
        &self,
        url: &str,
        request: impl FnOnce(&Target) -> Result<Request<Full<Bytes>>, PostError>,
    ) -> Result<Begun, PostError> {
        let target = Target::read(url)?;
        let addresses = self.resolve(&target).await?;
        let stream = connect(&addresses).await?;
        let request = request(&target)?;
        if target.tls {
            let name = ServerName::try_from(target.host.clone())
                .map_err(|_| PostError::Url("its host is no name that a certificate can have"))?;
            let connected = self.tls.0.connect(name, stream).await;
            let stream = connected.map_err(|e| PostError::Connect(one_line(&e.to_string())))?;
            exchange(stream, request).await
        } else {
            exchange(stream, request).await
        }
    }

    /// The addresses of a target, all of them checked. That one of several may not be reached is an attack or a
    /// mistake, and no reason to take another.
    async fn resolve(&self, target: &Target) -> Result<Vec<SocketAddr>, PostError> {
        let unknown = || PostError::Unknown(one_line(&target.host));
        let permit = self.resolving.clone().try_acquire_owned().map_err(|_| PostError::Busy)?;
        let (host, port) = (target.host.clone(), target.port);
        // On a task of its own: who gives up waiting does not make room for another before it has ended.
        let resolving = tokio::spawn(async move {
            let found = tokio::net::lookup_host((host.as_str(), port)).await;
            drop(permit);
            found.map(|found| found.take(ADDRESSES_MAX).collect::<Vec<_>>())
        });
        let found = resolving.await.map_err(|_| unknown())?.map_err(|_| unknown())?;
        for address in &found {
            let allowed = self.allowed.iter().any(|network| network.contains(address.ip()));
            let named = self.named.as_deref() == Some(target.host.as_str());
            if !allowed && !named && !is_public(address.ip()) {
                return Err(PostError::Forbidden { host: one_line(&target.host), address: address.ip() });
            }
            if !allowed && !target.tls {
                return Err(PostError::Plain);
            }
        }
        if found.is_empty() { Err(unknown()) } else { Ok(found) }
    }
}

/// Where a request goes.
#[derive(Debug)]
struct Target {
    tls: bool,
    host: String,
    port: u16,
    /// What `Host` says.
    authority: String,
    path: String,
}

impl Target {
    fn read(url: &str) -> Result<Self, PostError> {
        let wrong = |what| Err(PostError::Url(what));
        if url.len() > URL_MAX {
            return wrong("it is too long");
        }
        let Ok(uri) = url.parse::<Uri>() else { return wrong("it is no URL") };
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(_) | None => return wrong("it begins with https:// or http://"),
        };
        let Some(authority) = uri.authority() else { return wrong("it has no host") };
        if authority.as_str().contains('@') {
            return wrong("it has a user name or password in it");
        }
        let written = authority.host();
        let host = written.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(written);
        if host.is_empty() {
            return wrong("it has no host");
        }
        let behind = authority.as_str().strip_prefix(written).unwrap_or_default();
        let port = match behind.strip_prefix(':').map(str::parse::<u16>) {
            None if behind.is_empty() && tls => 443,
            None if behind.is_empty() => 80,
            Some(Ok(port)) if port > 0 => port,
            Some(_) | None => return wrong("its port is no port"),
        };
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self { tls, host: host.into(), port, authority: authority.as_str().into(), path: path.into() })
    }

    fn request(&self, post: &Post) -> Result<Request<Full<Bytes>>, PostError> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(self.path.as_str())
            .header(HOST, self.authority.as_str())
            .header(USER_AGENT, concat!("cordboard/", env!("CARGO_PKG_VERSION")))
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, post.content_type)
            .header("webhook-id", post.id.as_str())
            .header("webhook-timestamp", post.second);
        if let Some(secret) = &post.secret {
            request = request.header("webhook-signature", secret.sign(&post.id, post.second, &post.body));
        }
        request.body(Full::new(post.body.clone())).map_err(|_| PostError::Url("it is no URL"))
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, PostError> {
    let mut last = PostError::Connect("there is no address".into());
    for address in addresses.iter().take(CONNECTS_MAX) {
        match tokio::time::timeout(CONNECT_MAX, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = PostError::Connect(one_line(&error.to_string())),
            Err(_) => last = PostError::Connect(format!("{address} does not answer")),
        }
    }
    Err(last)
}

/// An answer that begins, and the connection that it comes on.
struct Begun {
    response: Response<Incoming>,
    _driver: Driver,
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Begun, PostError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let broken = |error: hyper::Error| PostError::Broken(one_line(&error.to_string()));
    let (mut sender, connection) = http1::Builder::new()
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_MAX)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    let driver = Driver(tokio::spawn(async move {
        // What goes wrong is told to the request as well.
        let _ended = connection.await;
    }));
    let response = sender.send_request(request).await.map_err(broken)?;
    Ok(Begun { response, _driver: driver })
}

#[cfg(test)]
mod tests;
