//! What a test of a trunk shows, and what follows from it.

use model::Trunk;
use serde::Serialize;
use utoipa::ToSchema;

use crate::trunks::{TrunkAnswer, TrunkOutcome, TrunkTested};

/// What came of asking a trunk.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrunkTestItem {
    /// The trunk's name.
    #[schema(example = "carrier")]
    trunk: String,
    /// Its host, as it is set.
    #[schema(example = "sip.carrier.example")]
    host: String,
    /// How it was asked: as calls go out.
    #[schema(example = "udp")]
    transport: &'static str,
    /// Where it was asked; null: its host was not found.
    #[schema(example = "198.51.100.7:5060")]
    address: Option<String>,
    /// Whether anything came back: the way to the trunk and back is open.
    reachable: bool,
    /// What it comes to.
    verdict: TrunkVerdict,
    /// What to do, in words.
    #[schema(example = "It is there. If calls fail all the same, look at what it says to them.")]
    advice: String,
    /// SIP status of its final answer.
    #[schema(example = 200)]
    status: Option<u16>,
    /// The answer's reason phrase.
    #[schema(example = "OK")]
    reason: Option<String>,
    /// From the question to the answer, milliseconds.
    #[schema(example = 31)]
    milliseconds: Option<u64>,
    /// What it calls itself (`Server`, else `User-Agent`).
    #[schema(example = "Carrier 1.0")]
    server: Option<String>,
    /// Methods that it says it takes.
    #[schema(example = json!(["INVITE", "ACK", "BYE", "OPTIONS"]))]
    allow: Vec<String>,
    /// Codecs of the description in its answer; most send none.
    #[schema(example = json!(["PCMA/8000"]))]
    codecs: Vec<String>,
    /// Where it saw the question come from, if it says so: what the carrier must let in.
    #[schema(example = "203.0.113.9:5060")]
    seen_as: Option<String>,
}

/// What an answer, or none, comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TrunkVerdict {
    /// It is there.
    Answers,
    /// It is there, and does not serve this question (404, 405 and others), which many do not.
    AnswersOtherwise,
    /// It is there and wants a login (401, 407).
    WantsLogin,
    /// It is there and refuses this server (403, 603).
    Refuses,
    /// It points elsewhere (3xx).
    PointsElsewhere,
    /// It is there, and has trouble of its own (408, 5xx, 6xx).
    Troubled,
    /// Nobody answered.
    Silent,
    /// Nothing could be sent there.
    NotSent,
    /// Its host's name leads nowhere.
    UnknownHost,
}

impl TrunkVerdict {
    fn of(outcome: &TrunkOutcome) -> Self {
        let status = match outcome {
            TrunkOutcome::Answered(answer) => answer.status,
            TrunkOutcome::Silent(_) => return Self::Silent,
            TrunkOutcome::NotSent => return Self::NotSent,
            TrunkOutcome::UnknownHost => return Self::UnknownHost,
        };
        match status {
            200..=299 => Self::Answers,
            300..=399 => Self::PointsElsewhere,
            401 | 407 => Self::WantsLogin,
            403 | 603 => Self::Refuses,
            408 | 500 | 502..=699 => Self::Troubled,
            // 501 among them: not implemented is said by somebody.
            _ => Self::AnswersOtherwise,
        }
    }

    fn is_reachable(self) -> bool {
        match self {
            Self::Answers
            | Self::AnswersOtherwise
            | Self::WantsLogin
            | Self::Refuses
            | Self::PointsElsewhere
            | Self::Troubled => true,
            Self::Silent | Self::NotSent | Self::UnknownHost => false,
        }
    }

    /// What to do; `us` is this server as the trunk sees it.
    fn advice(self, us: &str, host: &str) -> String {
        match self {
            Self::Answers => "It is there. If calls fail all the same, look at what it says to them.".into(),
            Self::AnswersOtherwise => {
                "It is there and does not serve this question, as many do not. Calls can go out to it.".into()
            }
            Self::WantsLogin => format!(
                "It is there and wants a login. Trunks are used without one here: have the carrier let in {us} by address. Some want it for this question only."
            ),
            Self::Refuses => {
                format!("It is there and refuses this server: have the carrier let in {us}.")
            }
            Self::PointsElsewhere => {
                "It points elsewhere: ask the carrier for the host to use, and set it.".into()
            }
            Self::Troubled => "It is there and has trouble of its own: ask the carrier.".into(),
            Self::Silent => format!(
                "Nobody answered. See that host and port are right, that a firewall lets UDP out to it and back, and that the carrier lets in {us}: many say nothing to strangers."
            ),
            Self::NotSent => {
                "Nothing leads there from here: the server's setting `sip.udp` is off, or has no address of this kind (IPv4 or IPv6).".into()
            }
            Self::UnknownHost => {
                format!("The name {host} is not found: see how it is written, and the server's DNS.")
            }
        }
    }
}

impl TrunkTestItem {
    pub(crate) fn new(trunk: Trunk, tested: TrunkTested) -> Self {
        let verdict = TrunkVerdict::of(&tested.outcome);
        let answer = match tested.outcome {
            TrunkOutcome::Answered(answer) => Some(answer),
            TrunkOutcome::Silent(_) | TrunkOutcome::NotSent | TrunkOutcome::UnknownHost => None,
        };
        let seen_as = answer.as_ref().and_then(|answer| answer.seen_as);
        let us = seen_as.map_or_else(|| "this server's address".to_owned(), |at| at.ip().to_string());
        let advice = verdict.advice(&us, &trunk.host);
        let milliseconds = answer.as_ref().map(|answer| answer.took.as_millis());
        let TrunkAnswer { status, reason, product, allow, codecs, .. } = answer.clone().unwrap_or_default();
        Self {
            trunk: trunk.name,
            host: trunk.host,
            transport: "udp",
            address: tested.address.map(|address| address.to_string()),
            reachable: verdict.is_reachable(),
            verdict,
            advice,
            status: answer.is_some().then_some(status),
            reason: answer.is_some().then_some(reason),
            milliseconds: milliseconds.map(|took| u64::try_from(took).unwrap_or(u64::MAX)),
            server: product,
            allow,
            codecs,
            seen_as: seen_as.map(|at| at.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_status_comes_to_what_an_admin_would_make_of_it() {
        let verdict = |status| {
            let answer = TrunkAnswer { status, ..TrunkAnswer::default() };
            TrunkVerdict::of(&TrunkOutcome::Answered(answer))
        };
        for (status, wanted) in [
            (200, TrunkVerdict::Answers),
            (302, TrunkVerdict::PointsElsewhere),
            (401, TrunkVerdict::WantsLogin),
            (407, TrunkVerdict::WantsLogin),
            (403, TrunkVerdict::Refuses),
            (603, TrunkVerdict::Refuses),
            (404, TrunkVerdict::AnswersOtherwise),
            (405, TrunkVerdict::AnswersOtherwise),
            (486, TrunkVerdict::AnswersOtherwise),
            (501, TrunkVerdict::AnswersOtherwise),
            (408, TrunkVerdict::Troubled),
            (503, TrunkVerdict::Troubled),
            (600, TrunkVerdict::Troubled),
        ] {
            assert_eq!(verdict(status), wanted, "{status}");
            assert!(wanted.is_reachable());
        }
        let silent = TrunkVerdict::of(&TrunkOutcome::Silent(Duration::from_secs(8)));
        assert!(!silent.is_reachable() && silent.advice("us", "host").contains("firewall"));
    }
}
