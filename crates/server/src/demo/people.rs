//! Who is in the demo, and how they behave.

use std::net::SocketAddr;
use std::time::Duration;

use super::dice::Dice;

/// An agent of the demo: she has a phone, and she is human.
#[derive(Clone, Debug)]
pub(crate) struct DemoAgent {
    /// Her extension.
    pub(crate) extension: String,
    /// Her phone's secret.
    pub(crate) secret: String,
}

/// What the demo does.
#[derive(Clone, Debug)]
pub(crate) struct DemoPlan {
    /// Where the server's SIP is.
    pub(crate) server: SocketAddr,
    /// The domain's name.
    pub(crate) domain: String,
    /// Who takes calls.
    pub(crate) agents: Vec<DemoAgent>,
    /// What callers dial, one at random.
    pub(crate) numbers: Vec<String>,
    /// Mean time between callers.
    pub(crate) between_callers: Duration,
    /// Most callers at once.
    pub(crate) callers_max: usize,
    /// Decides all chance.
    pub(crate) seed: u64,
}

/// What an agent does about a ringing phone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Temper {
    /// Answers after a while.
    Answers(Duration),
    /// Presses the reject key after a while.
    Declines(Duration),
    /// Is away from the desk: lets it ring.
    Away,
}

impl Dice {
    /// How an agent takes this ring: nine in ten are answered.
    pub(crate) fn temper(&mut self) -> Temper {
        match self.below(100) {
            0..=89 => Temper::Answers(self.between(Duration::from_secs(1), Duration::from_secs(6))),
            90..=93 => Temper::Declines(self.between(Duration::from_secs(2), Duration::from_secs(5))),
            _ => Temper::Away,
        }
    }

    /// How long two people talk.
    pub(crate) fn talk(&mut self) -> Duration {
        self.between(Duration::from_secs(8), Duration::from_secs(45))
    }

    /// How long a caller waits before giving up.
    pub(crate) fn patience(&mut self) -> Duration {
        self.between(Duration::from_secs(15), Duration::from_secs(90))
    }

    /// Time until the next caller.
    pub(crate) fn next_caller(&mut self, mean: Duration) -> Duration {
        self.between(mean / 4, mean * 7 / 4)
    }

    /// A number to call from, out of the range kept for fiction.
    pub(crate) fn caller_number(&mut self) -> String {
        format!("+4930{:08}", 23_125_000 + self.below(1_000))
    }

    /// A name to call under.
    pub(crate) fn caller_name(&mut self) -> &'static str {
        const NAMES: [&str; 12] = [
            "Ida Brandt",
            "Noah Weiss",
            "Mia Koch",
            "Emil Vogt",
            "Lena Graf",
            "Otto Lang",
            "Ella Roth",
            "Paul Arndt",
            "Nora Seidel",
            "Max Pohl",
            "Clara Busch",
            "Finn Adler",
        ];
        let at = usize::try_from(self.below(NAMES.len() as u64)).unwrap_or(0);
        NAMES.get(at).copied().unwrap_or("Ida Brandt")
    }
}
