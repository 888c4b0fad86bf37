//! Why no certificate came, in words, and what to do about it.

use std::time::Duration;

use instant_acme::{Error, Problem};
use outbound::http::PostError;
use outbound::one_line;

use super::wire::Said;

/// What every type of a problem begins with (RFC 8555 section 6.7).
const PROBLEM: &str = "urn:ietf:params:acme:error:";

/// Why a try failed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// What went wrong, and what the authority says of it; one line.
    pub(crate) what: String,
    /// What to do.
    pub(crate) mend: &'static str,
    /// The authority knows of it, and counts.
    pub(crate) was_counted: bool,
    /// When the authority wants to be asked again.
    pub(crate) retry_after: Option<Duration>,
    /// The authority does not know our account.
    pub(crate) knows_no_account: bool,
}

const MEND_NAME: &str = "see that the name is this machine's address in DNS (A, and AAAA if there is one), and that its port 80 is open and leads to acme.listen or http.listen";
const MEND_AUTHORITY: &str = "see acme.directory, and what the authority itself has in its log";

impl Failure {
    fn new(what: String, mend: &'static str, was_counted: bool) -> Self {
        Self { what, mend, was_counted, retry_after: None, knows_no_account: false }
    }

    /// The client's library broke on an answer.
    pub(super) fn not_understood() -> Self {
        Self::new("an answer of the authority cannot be understood".into(), MEND_AUTHORITY, true)
    }

    /// All of it took too long.
    pub(super) fn late(limit: Duration) -> Self {
        let what = format!("the authority was not done within {} s", limit.as_secs());
        Self::new(what, MEND_AUTHORITY, true)
    }

    /// The authority has not done something in the time that it has for it.
    fn slow() -> Self {
        Self::new(
            "the authority took too long to look at the challenge or to make the certificate".into(),
            MEND_NAME,
            true,
        )
    }

    /// Something that is not as the protocol has it.
    pub(super) fn odd(what: &str) -> Self {
        Self::new(one_line(what), MEND_AUTHORITY, true)
    }

    /// Something on this machine.
    pub(super) fn here(what: &str) -> Self {
        Self::new(one_line(what), "see data.dir: its rights, and the room on its disk", true)
    }

    /// It does not offer to come by HTTP.
    pub(super) fn no_http(name: &str) -> Self {
        let what = format!("{}: the authority does not offer to look by HTTP (http-01)", one_line(name));
        Self::new(
            what,
            "allow http-01 for this account or authority, or have the certificate made elsewhere (tls.certificate)",
            true,
        )
    }

    /// The library's error with what the last answer said.
    pub(super) fn of(error: &Error, said: Said) -> Self {
        let mut failure = match error {
            Error::Api(problem) => Self::of_problem(problem),
            Error::Timeout(_) => Self::slow(),
            Error::Other(other) => match other.downcast_ref::<PostError>() {
                Some(error) => Self::unreached(error),
                None => Self::odd(&format!("the authority cannot be spoken with: {other}")),
            },
            Error::Json(_) => {
                let status =
                    said.status.map_or_else(|| "something".into(), |status| format!("HTTP {status}"));
                Self::odd(&format!("the authority answered {status} with a text that is not of ACME"))
            }
            Error::Crypto
            | Error::KeyRejected
            | Error::Http(_)
            | Error::InvalidUri(_)
            | Error::Unsupported(_)
            | Error::Str(_)
            | _ => Self::odd(&format!("the authority cannot be spoken with: {error}")),
        };
        failure.retry_after = said.retry_after;
        failure
    }

    fn unreached(error: &PostError) -> Self {
        let what = format!("the authority is not reached: {error}");
        let mend = match error {
            PostError::Connect(said) if said.contains("certificate") => {
                "the authority's own certificate is not trusted: set acme.ca, or install ca-certificates"
            }
            PostError::Url(_)
            | PostError::Unknown(_)
            | PostError::Forbidden { .. }
            | PostError::Plain
            | PostError::Connect(_)
            | PostError::Broken(_)
            | PostError::Late(_)
            | PostError::TooLong(_)
            | PostError::Redirect(_)
            | PostError::Status(_)
            | PostError::Busy => "see acme.directory, this machine's DNS and its way out (port 443)",
        };
        Self::new(one_line(&what), mend, false)
    }

    /// What the authority says about a name.
    pub(super) fn of_name(name: &str, problem: &Problem) -> Self {
        let failure = Self::of_problem(problem);
        Self { what: one_line(&format!("{name}: {}", failure.what)), ..failure }
    }

    fn of_problem(problem: &Problem) -> Self {
        let kind = problem.r#type.as_deref().unwrap_or_default();
        let kind = kind.strip_prefix(PROBLEM).unwrap_or(kind);
        let mut said = problem.detail.clone().unwrap_or_else(|| "nothing more".into());
        for part in problem.subproblems.iter().take(super::order::NAMES_SAID_MAX) {
            said = format!("{said}; {part}");
        }
        let what = one_line(&format!("the authority says {kind}: {said}"));
        let failure = Self::new(what, mend(kind), true);
        Self { knows_no_account: kind == "accountDoesNotExist", ..failure }
    }
}

/// What to do about a type of problem (RFC 8555 section 6.7).
fn mend(kind: &str) -> &'static str {
    match kind {
        "connection" | "dns" | "unauthorized" | "incorrectResponse" | "tls" => MEND_NAME,
        "rateLimited" => {
            "wait: too much was asked for of late. To try things out use the authority's staging directory in acme.directory"
        }
        "caa" => "a CAA record in DNS forbids this authority: add it there, or set another acme.directory",
        "rejectedIdentifier" | "unsupportedIdentifier" | "malformed" => {
            "see acme.domains: the authority gives no certificate for such a name"
        }
        "externalAccountRequired" => {
            "make an account with the authority, and set acme.external_key_id and acme.external_key"
        }
        "invalidContact" | "unsupportedContact" => "see acme.contact",
        "userActionRequired" => {
            "the authority's terms have changed: read them where it says, then tell the server by SIGHUP"
        }
        "accountDoesNotExist" => "nothing: another account is made with the next try",
        _ => MEND_AUTHORITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_authority_says_is_one_line_of_bounded_length_and_comes_with_what_to_do() {
        let problem = |kind: &str, detail: String| Problem {
            r#type: Some(format!("{PROBLEM}{kind}")),
            detail: Some(detail),
            status: None,
            subproblems: Vec::new(),
        };
        let failure = Failure::of_name("pbx.acme.test", &problem("dns", "no A\nrecord \u{202e}".into()));
        assert_eq!(failure.what, "pbx.acme.test: the authority says dns: no A record");
        assert!(failure.mend.contains("port 80") && failure.was_counted);
        let long = Failure::of(&Error::Api(problem("caa", "x".repeat(100_000))), Said::default());
        assert!(long.what.len() < 1_000 && long.mend.contains("CAA"));
        let away = Error::Other(PostError::Unknown("ca.test".into()).into());
        assert!(!Failure::of(&away, Said::default()).was_counted);
    }
}
