//! What a flow's callers meet as JSON, in the provisioning file's spelling: what a column keeps, and what the file's own reader
//! reads back. What has its default is left out.

use model::flow::document::{
    Collect, Condition, Dial, DialByName, FlowStep, FlowTest, Menu, RingRules, Said, StepAction, Transfer,
    TransferTarget, Unreached, Webhook,
};
use model::{AgentExtensionFlow, FallbackAction, FlowBody, FlowDocument, KeyRules, NumberRange, SkillNeed};
use serde_json::{Map, Value, json};

use crate::error::StoreError;
use crate::fallback;
use crate::words::Word as _;

/// What a flow has besides its number, name and kind.
pub(crate) fn body(body: &FlowBody) -> Result<Value, StoreError> {
    match body {
        FlowBody::AgentExtension(settings) => agent_extension(settings),
        FlowBody::Tree(document) => self::document(document),
    }
}

fn agent_extension(flow: &AgentExtensionFlow) -> Result<Value, StoreError> {
    let mut all = Fields::default();
    let prompts = [
        ("greeting", &flow.greeting),
        ("no_input_message", &flow.no_input_message),
        ("invalid_message", &flow.invalid_message),
    ];
    for (name, prompt) in prompts {
        all.text(name, prompt.as_deref().unwrap_or_default());
    }
    key_rules(&mut all, flow.keys);
    all.put("ring_timeout", flow.ring_timeout.into());
    all.put("max_repeats", flow.max_repeats.into());
    all.put("reachable_scope", flow.reachable.word().into());
    all.list("exclude", &ranges(&flow.exclude));
    all.put("ring_not_ready", flow.ring_not_ready.into());
    all.put("star_during_ring", flow.star_during_ring.into());
    let actions = [
        ("on_unavailable", &flow.on_unavailable),
        ("on_no_answer", &flow.on_no_answer),
        ("on_busy", &flow.on_busy),
        ("on_repeats_exhausted", &flow.on_repeats_exhausted),
        ("on_star", &flow.on_star),
    ];
    for (name, action) in actions {
        all.put(name, next_plan(action)?);
    }
    Ok(all.done())
}

fn next_plan(action: &FallbackAction) -> Result<Value, StoreError> {
    crate::sql::from_json(&fallback::write(action)?, "a fallback")
}

fn ranges(ranges: &[NumberRange]) -> Vec<String> {
    let one = |NumberRange { from, to }: &NumberRange| {
        if from == to { from.to_string() } else { format!("{from}-{to}") }
    };
    ranges.iter().map(one).collect()
}

fn key_rules(all: &mut Fields, rules: KeyRules) {
    let KeyRules { first_timeout, next_timeout, hash_ends, barge_in } = rules;
    all.put("first_digit_timeout", first_timeout.into());
    all.put("inter_digit_timeout", next_timeout.into());
    all.put("terminator", if hash_ends { "#" } else { "" }.into());
    all.put("barge_in", barge_in.into());
}

/// The document, as a mapping of `language`, `steps` and `tests`.
fn document(document: &FlowDocument) -> Result<Value, StoreError> {
    let steps: Vec<Value> = document.steps.iter().map(step).collect::<Result<_, _>>()?;
    let tests: Vec<Value> = document.tests.iter().map(test).collect();
    let mut all = Fields::default();
    all.text("language", &document.language);
    all.put("steps", steps.into());
    if !tests.is_empty() {
        all.put("tests", tests.into());
    }
    Ok(all.done())
}

fn test(test: &FlowTest) -> Value {
    json!({ "name": test.name, "script": test.script, "expect": test.expect })
}

/// A mapping in the making.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.into(), value);
    }

    /// A text, unless it is empty.
    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.put(name, text.into());
        }
    }

    fn list(&mut self, name: &str, list: &[String]) {
        if !list.is_empty() {
            self.put(name, list.into());
        }
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

/// One step.
pub(crate) fn step(step: &FlowStep) -> Result<Value, StoreError> {
    let mut all = Fields::default();
    all.put("id", step.id.as_str().into());
    let deed = match &step.action {
        StepAction::Answer { next } => with_next(&mut all, "answer", next),
        StepAction::Ring { seconds, next } => {
            all.put("seconds", (*seconds).into());
            with_next(&mut all, "ring", next)
        }
        StepAction::Play { prompts, barge_in, next } => {
            all.put("prompts", said(prompts));
            all.put("barge_in", (*barge_in).into());
            with_next(&mut all, "play", next)
        }
        StepAction::Menu(menu) => self::menu(&mut all, menu),
        StepAction::Collect(collect) => self::collect(&mut all, collect),
        StepAction::Dial(dial) => self::dial(&mut all, dial),
        StepAction::DialByName(dial) => self::dial_by_name(&mut all, dial),
        StepAction::Branch { when, otherwise } => {
            all.put("when", when.iter().map(|(condition, next)| self::when(condition, next)).collect());
            all.text("otherwise", otherwise);
            "branch"
        }
        StepAction::Set { variable, value, next } => {
            all.put("variable", variable.as_str().into());
            all.put("value", value.as_str().into());
            with_next(&mut all, "set", next)
        }
        StepAction::Language { language, next } => {
            all.put("language", language.as_str().into());
            with_next(&mut all, "language", next)
        }
        StepAction::Repeat { times, again, next } => {
            all.put("times", (*times).into());
            all.text("again", again);
            with_next(&mut all, "repeat", next)
        }
        StepAction::Webhook(webhook) => self::webhook(&mut all, webhook),
        StepAction::Transfer(transfer) => self::transfer(&mut all, transfer),
        StepAction::Enqueue { queue, skills, priority } => {
            all.put("queue", queue.as_str().into());
            if !skills.is_empty() {
                all.put("skills", skills.iter().map(need).collect());
            }
            all.put("priority", (*priority).into());
            "enqueue"
        }
        StepAction::Leave(action) => {
            all.put("to", next_plan(action)?);
            "leave"
        }
    };
    all.put("do", deed.into());
    Ok(all.done())
}

fn with_next(all: &mut Fields, deed: &'static str, next: &str) -> &'static str {
    all.text("next", next);
    deed
}

fn said(prompts: &[Said]) -> Value {
    let one = |said: &Said| match said {
        Said::Prompt(name) => name.as_str().into(),
        Said::Digits(variable) => json!({ "digits": variable }),
        Said::Number(variable) => json!({ "number": variable }),
    };
    prompts.iter().map(one).collect()
}

/// What all questions have.
struct Question<'a> {
    prompts: &'a [Said],
    rules: KeyRules,
    repeats: u8,
    no_input: &'a Option<String>,
    invalid: &'a Option<String>,
    on_failed: &'a str,
}

fn question(all: &mut Fields, question: &Question<'_>) {
    all.put("prompts", said(question.prompts));
    key_rules(all, question.rules);
    all.put("repeats", question.repeats.into());
    all.text("no_input", question.no_input.as_deref().unwrap_or_default());
    all.text("invalid", question.invalid.as_deref().unwrap_or_default());
    all.text("on_failed", question.on_failed);
}

fn menu(all: &mut Fields, menu: &Menu) -> &'static str {
    let Menu { prompts, keys, dial, rules, repeats, no_input, invalid, on_failed } = menu;
    let asks = Question { prompts, rules: *rules, repeats: *repeats, no_input, invalid, on_failed };
    question(all, &asks);
    let keys: Map<String, Value> =
        keys.iter().map(|(key, next)| (char::from(*key).to_string(), next.as_str().into())).collect();
    all.put("keys", keys.into());
    all.text("dial", dial.as_deref().unwrap_or_default());
    "menu"
}

fn collect(all: &mut Fields, collect: &Collect) -> &'static str {
    let Collect {
        prompts,
        variable,
        min,
        max,
        sensitive,
        rules,
        repeats,
        no_input,
        invalid,
        next,
        on_failed,
    } = collect;
    let asks = Question { prompts, rules: *rules, repeats: *repeats, no_input, invalid, on_failed };
    question(all, &asks);
    all.put("variable", variable.as_str().into());
    all.put("min", (*min).into());
    all.put("max", (*max).into());
    all.put("sensitive", (*sensitive).into());
    all.text("next", next);
    "collect"
}

fn dial(all: &mut Fields, dial: &Dial) -> &'static str {
    let Dial {
        prompts,
        rules,
        repeats,
        no_input,
        invalid,
        reachable,
        exclude,
        ring,
        unreached,
        on_failed,
        on_star,
    } = dial;
    let asks = Question { prompts, rules: *rules, repeats: *repeats, no_input, invalid, on_failed };
    question(all, &asks);
    all.put("reachable_scope", reachable.word().into());
    all.list("exclude", &ranges(exclude));
    self::ring(all, *ring, unreached);
    all.put("star_during_ring", ring.star.into());
    all.text("on_star", on_star);
    "dial"
}

fn dial_by_name(all: &mut Fields, dial: &DialByName) -> &'static str {
    let DialByName { prompts, by, rules, repeats, no_input, invalid, ring, unreached, on_failed, on_star } =
        dial;
    let asks = Question { prompts, rules: *rules, repeats: *repeats, no_input, invalid, on_failed };
    question(all, &asks);
    all.put("by", by.word().into());
    self::ring(all, *ring, unreached);
    all.put("star_during_ring", ring.star.into());
    all.text("on_star", on_star);
    "dial_by_name"
}

fn ring(all: &mut Fields, ring: RingRules, next: &Unreached) {
    all.put("ring_timeout", ring.seconds.into());
    all.put("ring_not_ready", ring.not_ready_too.into());
    all.text("on_unavailable", &next.on_unavailable);
    all.text("on_busy", &next.on_busy);
    all.text("on_no_answer", &next.on_no_answer);
}

fn webhook(all: &mut Fields, webhook: &Webhook) -> &'static str {
    let Webhook { url, send, take, timeout, next, on_failed } = webhook;
    all.put("url", url.as_str().into());
    all.list("send", send);
    all.list("take", take);
    all.put("timeout", (*timeout).into());
    all.text("next", next);
    all.text("on_failed", on_failed);
    "webhook"
}

fn transfer(all: &mut Fields, transfer: &Transfer) -> &'static str {
    match &transfer.to {
        TransferTarget::Extension(number) => all.put("extension", number.as_str().into()),
        TransferTarget::RingGroup(number) => all.put("ring_group", number.as_str().into()),
        TransferTarget::External(number) => all.put("external", number.as_str().into()),
    }
    ring(all, transfer.ring, &transfer.unreached);
    "transfer"
}

fn need(need: &SkillNeed) -> Value {
    let SkillNeed { skill, level, relax_after, relax_by } = need;
    json!({ "skill": skill, "level": level, "relax_after": relax_after, "relax_by": relax_by })
}

fn when(condition: &Condition, next: &str) -> Value {
    let mut all = Fields::default();
    match condition {
        Condition::Open(name) => all.put("open", name.as_str().into()),
        Condition::Holiday(name) => all.put("holiday", name.as_str().into()),
        Condition::Caller(with) => all.put("caller", with.as_str().into()),
        Condition::Is { variable, value } => {
            all.put("variable", variable.as_str().into());
            all.put("is", value.as_str().into());
        }
        Condition::Begins { variable, with } => {
            all.put("variable", variable.as_str().into());
            all.put("begins", with.as_str().into());
        }
        Condition::Waiting { queue, least } => {
            all.put("queue", queue.as_str().into());
            all.put("waiting", (*least).into());
        }
        Condition::ExpectedWait { queue, least } => {
            all.put("queue", queue.as_str().into());
            all.put("expected_wait", (*least).into());
        }
        Condition::Unstaffed(queue) => {
            all.put("queue", queue.as_str().into());
            all.put("unstaffed", true.into());
        }
    }
    all.put("next", next.into());
    all.done()
}
