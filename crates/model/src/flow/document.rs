//! A flow as an editor saves it: named steps, each saying which comes next.
//!
//! It may be wrong in every way; the compiler in `callflow` says how. What is here are words only.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

use crate::fallback::FallbackAction;
use crate::flow::{KeyRules, NumberRange, Reachable};
use crate::number::ExtensionNumber;
use crate::skill::SkillNeed;

/// A tree of steps; the first one begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FlowDocument {
    /// The language of its prompts unless a step says otherwise; empty: the domain's.
    pub language: String,
    /// At least one, at most [`Self::STEPS_MAX`].
    pub steps: Vec<FlowStep>,
    /// What its author says that it does.
    pub tests: Vec<FlowTest>,
}

impl FlowDocument {
    /// Most steps.
    pub const STEPS_MAX: usize = 500;
    /// Most tests.
    pub const TESTS_MAX: usize = 100;
    /// Most variables of a call, and most characters of one's value.
    pub const VARIABLES_MAX: usize = 64;
    /// Most characters of a variable's value.
    pub const VALUE_MAX: usize = 256;
}

/// One step under its name.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FlowStep {
    /// Unique in the document, `[A-Za-z0-9_-]{1,64}`.
    pub id: String,
    /// What it does.
    pub action: StepAction,
}

/// The name of a step to go on with; empty: the call is ended.
pub type Next = String;

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum StepAction {
    /// Answers the call, if it is not answered yet. Whatever is to be heard answers by itself.
    Answer {
        /// Then.
        next: Next,
    },
    /// Lets it ring before it is answered; an answered call goes on at once.
    Ring {
        /// For how long, 1–60.
        seconds: u32,
        /// Then.
        next: Next,
    },
    /// Says something.
    Play {
        /// What, in this order.
        prompts: Vec<Said>,
        /// Whether a key cuts it short.
        barge_in: bool,
        /// Then.
        next: Next,
    },
    /// Asks for one key.
    Menu(Menu),
    /// Asks for several keys and keeps them.
    Collect(Collect),
    /// Asks for an extension and rings it, as the agent-extension flow does.
    Dial(Dial),
    /// Asks for a person by the keys of her name and rings her.
    DialByName(DialByName),
    /// Goes by what is so.
    Branch {
        /// The first that holds decides.
        when: Vec<(Condition, Next)>,
        /// None holds.
        otherwise: Next,
    },
    /// Keeps something under a name.
    Set {
        /// The name.
        variable: String,
        /// Text; `{other}` stands for another variable, `{caller}` and `{dialed}` for the call's own.
        value: String,
        /// Then.
        next: Next,
    },
    /// Chooses the language of what follows.
    Language {
        /// A tag like `de`.
        language: String,
        /// Then.
        next: Next,
    },
    /// Goes on with one step so often, then with another: the way to repeat without a loop for ever.
    Repeat {
        /// How often, 1–10.
        times: u8,
        /// Meanwhile.
        again: Next,
        /// Then.
        next: Next,
    },
    /// Asks an outside service.
    Webhook(Webhook),
    /// Rings somebody, and goes on here if nobody answers.
    Transfer(Transfer),
    /// Into a line.
    Enqueue {
        /// The queue.
        queue: ExtensionNumber,
        /// What its agent must know; empty: as the queue says.
        skills: Vec<SkillNeed>,
        /// Priority in the line, 0–9.
        priority: u8,
    },
    /// Anything else that a caller can be led to.
    Leave(FallbackAction),
}

/// Something to say.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Said {
    /// A prompt.
    Prompt(String),
    /// A variable's digits, one by one.
    Digits(String),
    /// A variable as a whole number.
    Number(String),
}

/// A question with one key as its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Menu {
    /// What it says.
    pub prompts: Vec<Said>,
    /// What each key leads to: `0`–`9`, `*`, `#`.
    pub keys: BTreeMap<u8, Next>,
    /// Whether an extension may be dialed instead; its first digit may be a key too, then the pause decides.
    pub dial: Option<String>,
    /// How keys are listened for.
    pub rules: KeyRules,
    /// How often it is said again, 0–10.
    pub repeats: u8,
    /// Said to who pressed nothing.
    pub no_input: Option<String>,
    /// Said to who pressed what leads nowhere.
    pub invalid: Option<String>,
    /// Too often.
    pub on_failed: Next,
}

/// A question with several keys as its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Collect {
    /// What it says.
    pub prompts: Vec<Said>,
    /// Where the answer is kept.
    pub variable: String,
    /// Fewest digits, 1–32.
    pub min: u8,
    /// Most digits, 1–32; with so many it is complete.
    pub max: u8,
    /// Whether nobody may ever see it: not in a journal, a log, a view or a recording.
    pub sensitive: bool,
    /// How keys are listened for.
    pub rules: KeyRules,
    /// How often it is said again, 0–10.
    pub repeats: u8,
    /// Said to who pressed nothing.
    pub no_input: Option<String>,
    /// Said to who pressed too few.
    pub invalid: Option<String>,
    /// Answered.
    pub next: Next,
    /// Too often not.
    pub on_failed: Next,
}

/// Asks for an extension and rings it.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Dial {
    /// What it says.
    pub prompts: Vec<Said>,
    /// How keys are listened for.
    pub rules: KeyRules,
    /// How often it is said again, 0–10.
    pub repeats: u8,
    /// Said to who pressed nothing.
    pub no_input: Option<String>,
    /// Said to who dialed nobody.
    pub invalid: Option<String>,
    /// Whom it reaches.
    pub reachable: Reachable,
    /// Whom not.
    pub exclude: Vec<NumberRange>,
    /// Who is rung.
    pub ring: RingRules,
    /// What follows if the dialed one is not reached.
    pub unreached: Unreached,
    /// Too often.
    pub on_failed: Next,
    /// `*`.
    pub on_star: Next,
}

/// Asks for a person by the keys of her name and rings her. Several who have the same keys are read out, to be chosen
/// by a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct DialByName {
    /// What it says.
    pub prompts: Vec<Said>,
    /// Which part of a name is keyed.
    pub by: NamePart,
    /// How keys are listened for.
    pub rules: KeyRules,
    /// How often it is said again, 0–10.
    pub repeats: u8,
    /// Said to who pressed nothing.
    pub no_input: Option<String>,
    /// Said to who keyed nobody.
    pub invalid: Option<String>,
    /// Who is rung.
    pub ring: RingRules,
    /// What follows if she is not reached.
    pub unreached: Unreached,
    /// Too often.
    pub on_failed: Next,
    /// `*`, before anybody was found.
    pub on_star: Next,
}

/// Which part of a person's name is keyed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum NamePart {
    /// The last word of it.
    #[default]
    Last,
    /// The first word of it.
    First,
    /// Either.
    Both,
}

/// How a phone is rung from a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RingRules {
    /// Seconds, 5–120.
    pub seconds: u32,
    /// Whether agents who are not ready are rung (A25).
    pub not_ready_too: bool,
    /// Whether `*` is heard meanwhile.
    pub star: bool,
}

impl Default for RingRules {
    fn default() -> Self {
        Self { seconds: 20, not_ready_too: false, star: false }
    }
}

/// What follows a phone that was not reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Unreached {
    /// It cannot be rung.
    pub on_unavailable: Next,
    /// It is engaged, or she declined.
    pub on_busy: Next,
    /// It rang long enough.
    pub on_no_answer: Next,
}

/// Rings somebody, and goes on if nobody answers.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Transfer {
    /// Whom.
    pub to: TransferTarget,
    /// How.
    pub ring: RingRules,
    /// If not reached.
    pub unreached: Unreached,
}

/// Whom a transfer rings.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum TransferTarget {
    /// A phone of the domain.
    Extension(ExtensionNumber),
    /// A ring group; who is in it rings as the group says, for as long as this step says at most.
    RingGroup(ExtensionNumber),
    /// A number outside.
    External(String),
}

/// What may be so. All that is compared is text unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Condition {
    /// The business hours of this name are open.
    Open(String),
    /// They have a holiday.
    Holiday(String),
    /// A variable has this value.
    Is {
        /// Which.
        variable: String,
        /// What.
        value: String,
    },
    /// A variable begins so.
    Begins {
        /// Which.
        variable: String,
        /// How.
        with: String,
    },
    /// The caller's number begins so; empty: it is withheld.
    Caller(String),
    /// At least so many wait in a queue.
    Waiting {
        /// Which.
        queue: ExtensionNumber,
        /// How many.
        least: u32,
    },
    /// Nobody is logged in to a queue and reachable.
    Unstaffed(ExtensionNumber),
    /// A wait of at least so many seconds is to be expected in a queue.
    ExpectedWait {
        /// Which.
        queue: ExtensionNumber,
        /// Seconds.
        least: u32,
    },
}

/// Asks an outside service: a POST of JSON, signed by the flow's secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Webhook {
    /// `https://…`.
    pub url: String,
    /// Variables that are sent.
    pub send: Vec<String>,
    /// Variables that its answer may set.
    pub take: Vec<String>,
    /// Seconds it may take, 1–10.
    pub timeout: u32,
    /// It answered.
    pub next: Next,
    /// It did not, or not as it should.
    pub on_failed: Next,
}

/// What the author of a flow says that it does: a caller by script, and what he must meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FlowTest {
    /// A sentence.
    pub name: String,
    /// What the world is like and what the caller does, a line each (`callflow::script`).
    pub script: Vec<String>,
    /// What must happen, in this order; other things may happen in between.
    pub expect: Vec<String>,
}
