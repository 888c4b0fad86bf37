//! What is shown of queues.

use store::report::Language;
use store::statistics::queue::QueueFigures;

use crate::sheet::Figures;
use crate::when::{clock, mean_clock, percent};
use crate::words::{define, say};

/// Neither answered nor given up.
const fn elsewhere(of: &QueueFigures) -> u64 {
    of.accounted() - of.answered - of.abandoned
}

impl Figures for QueueFigures {
    fn merge(&mut self, other: &Self) {
        self.take_in(other);
    }

    fn is_something(&self) -> bool {
        self.offered > 0 || self.talks > 0 || self.callbacks_done + self.callbacks_failed > 0
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.offered.to_string(),
            self.answered.to_string(),
            self.abandoned.to_string(),
            elsewhere(self).to_string(),
            percent(self.answered_in_time, self.judged()),
            mean_clock(self.wait_ms, self.answered),
            clock(self.wait_max_ms),
            mean_clock(self.talk_ms, self.talks),
            self.holds.to_string(),
            clock(self.hold_ms),
            mean_clock(self.talk_ms + self.wrap_up_ms, self.talks),
        ]
    }

    fn sums(&self, language: Language) -> Vec<(&'static str, String)> {
        let share = |part: u64| match self.offered {
            0 => part.to_string(),
            all => format!("{part} ({})", percent(part, all)),
        };
        let named = |word, value| (say(language, word), value);
        vec![
            named("offered", self.offered.to_string()),
            named("answered", share(self.answered)),
            named("abandoned", share(self.abandoned)),
            named("elsewhere", share(elsewhere(self))),
            named("level", percent(self.answered_in_time, self.judged())),
            named("mean-wait", mean_clock(self.wait_ms, self.answered)),
            named("longest-wait", clock(self.wait_max_ms)),
            named("mean-handling", mean_clock(self.talk_ms + self.wrap_up_ms, self.talks)),
        ]
    }

    fn columns(language: Language) -> Vec<&'static str> {
        [
            "offered",
            "answered",
            "abandoned",
            "elsewhere",
            "level",
            "mean-wait",
            "longest-wait",
            "mean-talk",
            "holds",
            "on-hold",
            "mean-handling",
        ]
        .map(|word| say(language, word))
        .to_vec()
    }

    fn called(language: Language) -> (&'static str, &'static str) {
        (say(language, "queue"), say(language, "by-queue"))
    }
}

/// What the numbers mean.
pub(crate) fn definitions(language: Language) -> Vec<(&'static str, &'static str)> {
    [
        "offered",
        "answered",
        "abandoned",
        "elsewhere",
        "level",
        "mean-wait",
        "mean-talk",
        "holds",
        "mean-handling",
        "together",
    ]
    .map(|word| (say(language, word), define(language, word)))
    .to_vec()
}
