//! The cookie of a browser that logs in by a provider: what the provider's answer must fit to.

use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use model::Timestamp;

use crate::sso::LoginState;

/// How long a log-in may take.
const LIFETIME: Duration = Duration::from_secs(600);
/// Its name where cookies never go in the clear: no other host can set one of this name (RFC 6265bis, 4.1.3.2).
const NAME: &str = "__Host-cordboard-oidc";
/// Its name else.
const PLAIN_NAME: &str = "cordboard-oidc";
/// Longest part that is looked at.
const PART_MAX: usize = 64;

/// What it says.
pub(super) struct Cookie {
    pub(super) login: LoginState,
    until: Timestamp,
}

impl Cookie {
    pub(super) fn new(login: LoginState, now: Timestamp) -> Self {
        Self { login, until: now.after(LIFETIME) }
    }

    /// The one of a request, if it is good at `now`.
    pub(super) fn of(headers: &HeaderMap, secure: bool, now: Timestamp) -> Option<Self> {
        let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let value = all
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == called(secure)).then_some(value))?;
        let mut parts = value.split('.');
        let mut part = || parts.next().filter(|part| (1..=PART_MAX).contains(&part.len())).map(str::to_owned);
        let (state, nonce, verifier, until) = (part()?, part()?, part()?, part()?);
        let until = Timestamp(until.parse().ok()?);
        (until > now).then_some(Self { login: LoginState { state, nonce, verifier }, until })
    }

    /// As a browser is told to keep it. It comes back from the provider by a link, so `Lax` and no stricter.
    pub(super) fn set(&self, secure: bool) -> String {
        let LoginState { state, nonce, verifier } = &self.login;
        let value = format!("{state}.{nonce}.{verifier}.{}", self.until.0);
        written(&value, LIFETIME.as_secs(), secure)
    }

    /// Has a browser forget it.
    pub(super) fn clear(secure: bool) -> String {
        written("", 0, secure)
    }
}

const fn called(secure: bool) -> &'static str {
    if secure { NAME } else { PLAIN_NAME }
}

fn written(value: &str, seconds: u64, secure: bool) -> String {
    let name = called(secure);
    let only = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{only}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_000);

    fn came(text: &str, secure: bool, now: Timestamp) -> Option<Cookie> {
        let headers = HeaderMap::from_iter([(COOKIE, text.parse().unwrap())]);
        Cookie::of(&headers, secure, now)
    }

    #[test]
    fn a_cookie_comes_back_as_it_was_set_for_ten_minutes_and_nothing_else_is_one() {
        let login = LoginState { state: "s-1".into(), nonce: "n_2".into(), verifier: "v3".into() };
        let set = Cookie::new(login.clone(), NOW).set(true);
        assert!(set.starts_with("__Host-cordboard-oidc=s-1.n_2.v3.") && set.ends_with("; Secure"), "{set}");
        let pair = set.split(';').next().unwrap();
        let came_back = |secure, now| came(&format!("a=b; {pair}"), secure, now);
        assert!(came_back(true, NOW).is_some_and(|cookie| cookie.login == login));
        assert!(came_back(false, NOW).is_none() && came_back(true, NOW.after(LIFETIME)).is_none());
        for wrong in
            ["", "x", "cordboard-oidc=", "cordboard-oidc=a.b.c", "cordboard-oidc=a..c.9999999999999999"]
        {
            assert!(came(wrong, false, NOW).is_none(), "{wrong}");
        }
        let long = format!("cordboard-oidc={}.b.c.9999999999999999", "a".repeat(65));
        assert!(came(&long, false, NOW).is_none());
    }
}
