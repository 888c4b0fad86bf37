//! What the interface needs of whoever asks trunks whether they answer, as a trait: the server brings the real one,
//! which asks them.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use model::{TenantId, Trunk};

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrunkTested {
    /// Where it was asked; none: its host was not found.
    pub address: Option<SocketAddr>,
    /// What it said.
    pub outcome: TrunkOutcome,
}

/// What a trunk said, if anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrunkOutcome {
    /// It answered.
    Answered(TrunkAnswer),
    /// It did not, for so long.
    Silent(Duration),
    /// Nothing leads there from here.
    NotSent,
    /// Its host's name leads nowhere.
    UnknownHost,
}

/// A trunk's final answer to OPTIONS. Its texts are a stranger's, on one line each and of bounded length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrunkAnswer {
    /// SIP status, 200 to 699.
    pub status: u16,
    /// Its reason phrase.
    pub reason: String,
    /// From the question to the answer.
    pub took: Duration,
    /// What it calls itself.
    pub product: Option<String>,
    /// Methods that it takes.
    pub allow: Vec<String>,
    /// Codecs of its description, if it sent one.
    pub codecs: Vec<String>,
    /// Where it saw the question come from, if it says so.
    pub seen_as: Option<SocketAddr>,
}

/// Why a trunk was not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTested {
    /// It is being asked at this moment.
    Running,
    /// It was asked too often; again after so many seconds.
    TooOften(u64),
    /// Too many trunks are being asked.
    Busy,
    /// The server is stopping.
    Stopping,
}

/// What comes of it.
pub type TestToCome<'a> = Pin<Box<dyn Future<Output = Result<TrunkTested, NotTested>> + Send + 'a>>;

/// Whoever asks trunks.
pub trait TrunkTests: Send + Sync + 'static {
    /// Asks one now: one question at a time for each trunk, and few in a minute.
    fn test(&self, tenant: TenantId, trunk: Trunk) -> TestToCome<'_>;
}
