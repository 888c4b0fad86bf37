//! Flows.

use schemars::JsonSchema;
use serde::Deserialize;

use super::queue::NeedsShape;
use crate::fallback::FallbackRow;
use crate::provisioning::limits::{DIGIT_TIMEOUT, FLOW_RING_TIMEOUT, MAX_REPEATS, NAME_MAX, PRIORITY};

/// The kinds of flows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlowKindShape {
    /// The caller dials an agent's extension.
    AgentExtension,
    /// A tree of steps.
    Tree,
}

/// A call flow: of kind `agent_extension` with its five actions, or of kind `tree` with its steps.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowShape {
    /// The extension that reaches it.
    #[schemars(regex(pattern = r"^[0-9]{3,64}$"))]
    pub number: String,
    /// Its name, unique.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub name: String,
    /// Its kind.
    pub kind: FlowKindShape,
    /// Prompt at the start.
    pub greeting: Option<String>,
    /// Seconds an agent's phone rings; 20 unless set.
    #[schemars(range(min = FLOW_RING_TIMEOUT.0, max = FLOW_RING_TIMEOUT.1), extend("default" = 20))]
    pub ring_timeout: Option<u32>,
    /// Prompt when nothing was dialed.
    pub no_input_message: Option<String>,
    /// Prompt when nobody has the number.
    pub invalid_message: Option<String>,
    /// How often these are repeated; 3 unless set.
    #[schemars(range(min = MAX_REPEATS.0, max = MAX_REPEATS.1), extend("default" = 3))]
    pub max_repeats: Option<u8>,
    /// Seconds for the first digit; 5 unless set.
    #[schemars(range(min = DIGIT_TIMEOUT.0, max = DIGIT_TIMEOUT.1), extend("default" = 5))]
    pub first_digit_timeout: Option<u32>,
    /// Seconds between digits; 2 unless set.
    #[schemars(range(min = DIGIT_TIMEOUT.0, max = DIGIT_TIMEOUT.1), extend("default" = 2))]
    pub inter_digit_timeout: Option<u32>,
    /// The key that ends a number; # unless set, empty for none.
    #[schemars(extend("default" = "#"))]
    pub terminator: Option<String>,
    /// Whether a digit cuts a prompt; true unless set.
    #[schemars(extend("default" = true))]
    pub barge_in: Option<bool>,
    /// The agent cannot be rung.
    pub on_unavailable: Option<FallbackRow>,
    /// She rang and did not answer.
    pub on_no_answer: Option<FallbackRow>,
    /// She is engaged.
    pub on_busy: Option<FallbackRow>,
    /// The caller failed too often.
    pub on_repeats_exhausted: Option<FallbackRow>,
    /// The caller pressed `*`.
    pub on_star: Option<FallbackRow>,
    /// Whom it reaches: agents unless set.
    #[schemars(extend("default" = "agents"))]
    pub reachable_scope: Option<ReachShape>,
    /// Extensions that it does not reach, as `1001-2001` or `1234`.
    pub exclude: Option<Vec<String>>,
    /// Whether agents who are not ready are rung; false unless set.
    #[schemars(extend("default" = false))]
    pub ring_not_ready: Option<bool>,
    /// Whether `*` is heard while the agent rings; false unless set.
    #[schemars(extend("default" = false))]
    pub star_during_ring: Option<bool>,
    /// A tree's language, as `de`; the domain's unless set.
    pub language: Option<String>,
    /// A tree's steps; the first one begins.
    pub steps: Option<Vec<StepShape>>,
    /// What a tree's author says that it does.
    pub tests: Option<Vec<TestShape>>,
}

/// Whom a flow reaches.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReachShape {
    /// Agents.
    Agents,
    /// Every phone.
    Phones,
}

/// What a step does.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeedShape {
    /// Answers the call.
    Answer,
    /// Lets it ring for some seconds before it is answered.
    Ring,
    /// Says something.
    Play,
    /// Asks for one key.
    Menu,
    /// Asks for several keys and keeps them.
    Collect,
    /// Asks for an extension and rings it.
    Dial,
    /// Asks for a person by the keys of her name and rings her.
    DialByName,
    /// Goes by what is so.
    Branch,
    /// Keeps something under a name.
    Set,
    /// Chooses the language of what follows.
    Language,
    /// Goes on with one step so often, then with another.
    Repeat,
    /// Asks an outside service.
    Webhook,
    /// Rings somebody, and goes on if nobody answers.
    Transfer,
    /// Into a line.
    Enqueue,
    /// Anywhere else.
    Leave,
}

/// A prompt's name, or a variable spoken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum SaidShape {
    /// A prompt.
    Prompt(String),
    /// A variable.
    Spoken(SpokenShape),
}

/// A variable spoken: exactly one of these.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SpokenShape {
    /// Its digits, one by one.
    Digits(String),
    /// As a whole number.
    Number(String),
}

/// Which part of a person's name is keyed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NamePartShape {
    /// The last word of it.
    Last,
    /// The first word of it.
    First,
    /// Either.
    Both,
}

/// A step of a tree. Which fields it has goes by what it does; a step to go on with that is left out ends the call.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepShape {
    /// Its name, unique in the flow.
    #[schemars(regex(pattern = r"^[A-Za-z0-9_-]{1,64}$"))]
    pub id: String,
    /// What it does.
    pub r#do: DeedShape,
    /// The step to go on with.
    pub next: Option<String>,
    /// What it says.
    pub prompts: Option<Vec<SaidShape>>,
    /// Whether a key cuts that short; true unless set.
    #[schemars(extend("default" = true))]
    pub barge_in: Option<bool>,
    /// Seconds for the first key; 5 unless set.
    #[schemars(range(min = DIGIT_TIMEOUT.0, max = DIGIT_TIMEOUT.1), extend("default" = 5))]
    pub first_digit_timeout: Option<u32>,
    /// Seconds between keys; 2 unless set.
    #[schemars(range(min = DIGIT_TIMEOUT.0, max = DIGIT_TIMEOUT.1), extend("default" = 2))]
    pub inter_digit_timeout: Option<u32>,
    /// The key that ends what is keyed; # unless set, empty for none.
    #[schemars(extend("default" = "#"))]
    pub terminator: Option<String>,
    /// How often a question is said again; 3 unless set.
    #[schemars(range(min = MAX_REPEATS.0, max = MAX_REPEATS.1), extend("default" = 3))]
    pub repeats: Option<u8>,
    /// Prompt when nothing was keyed.
    pub no_input: Option<String>,
    /// Prompt when it leads nowhere.
    pub invalid: Option<String>,
    /// Asked too often, or the service failed.
    pub on_failed: Option<String>,
    /// What each key of a menu leads to.
    pub keys: Option<std::collections::BTreeMap<String, String>>,
    /// The step whose extensions may be dialed in a menu.
    pub dial: Option<String>,
    /// Which part of a name is keyed; last unless set.
    pub by: Option<NamePartShape>,
    /// Where an answer is kept.
    pub variable: Option<String>,
    /// Fewest digits; 1 unless set.
    pub min: Option<u8>,
    /// Most digits; 32 unless set.
    pub max: Option<u8>,
    /// Whether nobody may ever see what is keyed; false unless set.
    pub sensitive: Option<bool>,
    /// Whom a dialed extension reaches; agents unless set.
    pub reachable_scope: Option<ReachShape>,
    /// Extensions that it does not reach.
    pub exclude: Option<Vec<String>>,
    /// Seconds it rings; 20 unless set.
    #[schemars(range(min = FLOW_RING_TIMEOUT.0, max = FLOW_RING_TIMEOUT.1), extend("default" = 20))]
    pub ring_timeout: Option<u32>,
    /// Whether agents who are not ready are rung; false unless set.
    pub ring_not_ready: Option<bool>,
    /// Whether `*` is heard while it rings; false unless set.
    pub star_during_ring: Option<bool>,
    /// It cannot be rung.
    pub on_unavailable: Option<String>,
    /// It is engaged.
    pub on_busy: Option<String>,
    /// It rang long enough.
    pub on_no_answer: Option<String>,
    /// The caller pressed `*`.
    pub on_star: Option<String>,
    /// How long it rings before it is answered; 5 unless set.
    pub seconds: Option<u32>,
    /// What may be so; the first that holds decides.
    pub when: Option<Vec<WhenShape>>,
    /// None of that.
    pub otherwise: Option<String>,
    /// What is kept; `{name}` stands for another variable.
    pub value: Option<String>,
    /// A language, as `de`.
    pub language: Option<String>,
    /// How often, 1 to 10.
    pub times: Option<u8>,
    /// The step that is repeated.
    pub again: Option<String>,
    /// The service's address, `https://…`.
    pub url: Option<String>,
    /// Variables that it is sent.
    pub send: Option<Vec<String>>,
    /// Variables that its answer may set.
    pub take: Option<Vec<String>>,
    /// Seconds it may take, 1 to 10; 3 unless set.
    pub timeout: Option<u32>,
    /// The phone to ring.
    pub extension: Option<String>,
    /// The ring group to ring.
    pub ring_group: Option<String>,
    /// The number outside to ring.
    pub external: Option<String>,
    /// The queue.
    pub queue: Option<String>,
    /// What its agent must know.
    pub skills: Option<NeedsShape>,
    /// Priority in the line.
    #[schemars(range(min = PRIORITY.0, max = PRIORITY.1), extend("default" = 0))]
    pub priority: Option<u8>,
    /// Where the flow is left for.
    pub to: Option<FallbackRow>,
}

/// A condition: `open`, `holiday` or `caller`; `variable` with `is` or `begins`; `queue` with `waiting`,
/// `expected_wait` or `unstaffed`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WhenShape {
    /// The business hours of this name are open.
    pub open: Option<String>,
    /// They have a holiday.
    pub holiday: Option<String>,
    /// A variable.
    pub variable: Option<String>,
    /// Has this value.
    pub is: Option<String>,
    /// Begins so.
    pub begins: Option<String>,
    /// The caller's number begins so; empty: it is withheld.
    pub caller: Option<String>,
    /// A queue.
    pub queue: Option<String>,
    /// Has at least so many waiting.
    pub waiting: Option<u32>,
    /// Has a wait of at least so many seconds to be expected.
    pub expected_wait: Option<u32>,
    /// Has nobody who is logged in and reachable.
    pub unstaffed: Option<bool>,
    /// The step that follows.
    pub next: String,
}

/// A caller by script, and what he must meet.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestShape {
    /// Its name.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub name: String,
    /// What the world is like and what the caller does, a line each.
    pub script: Option<LinesShape>,
    /// What must happen, in this order.
    pub expect: LinesShape,
}

/// A text of several lines, or a list of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum LinesShape {
    /// A text.
    Text(String),
    /// A list.
    List(Vec<String>),
}
