//! Log-ins by a provider of identities (OpenID Connect), as a trait: the server brings the provider that its settings
//! name. What the interface needs of it is where to send somebody, and whose e-mail she came back with.

use std::future::Future;
use std::pin::Pin;

/// What ties the answer of a provider to the log-in that was begun, and both to one browser. All of it is random, of
/// letters, digits, `-` and `_`.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginState {
    /// Comes back with the answer.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Of which the provider was told a hash only (PKCE, RFC 7636).
    pub verifier: String,
}

/// What a provider sends a browser back with.
#[derive(Clone, Copy, Debug)]
pub struct Returned<'a> {
    /// To be exchanged for the ID token.
    pub code: &'a str,
    /// Who says that it has answered (RFC 9207), if it says so.
    pub issuer: Option<&'a str>,
}

/// Why nobody is logged in. The texts are for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SsoError {
    /// Too many at once.
    #[error("too many log-ins at once")]
    Busy,
    /// The provider cannot be asked, or does not answer as one does.
    #[error("the provider cannot be used: {0}")]
    Unreachable(String),
    /// It does not take the code.
    #[error("the provider refused the code: {0}")]
    Refused(String),
    /// What it said is not for us, not of now, or not of it.
    #[error("the provider's answer is not trusted: {0}")]
    Untrusted(String),
    /// It does not vouch for the e-mail address, or that is of a domain that is not let in.
    #[error("no e-mail address that counts: {0}")]
    Unverified(String),
}

/// An answer to come.
pub type SsoAnswer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SsoError>> + Send + 'a>>;

/// The provider that people may log in by.
pub trait SingleSignOn: Send + Sync + 'static {
    /// What people call it.
    fn name(&self) -> &str;

    /// Whether people reach this server by https only, so that a cookie need never go in the clear.
    fn secure(&self) -> bool;

    /// Where to send a browser.
    fn begin<'a>(&'a self, login: &'a LoginState) -> SsoAnswer<'a, String>;

    /// The verified e-mail of whoever came back, in lower case.
    fn end<'a>(&'a self, returned: Returned<'a>, login: &'a LoginState) -> SsoAnswer<'a, String>;
}
