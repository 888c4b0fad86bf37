//! The values of one step: ranges, names that must lead somewhere, questions that can be answered.

use std::collections::BTreeSet;

use model::flow::document::{
    Collect, Condition, Dial, FlowStep, Menu, RingRules, Said, StepAction, Transfer, TransferTarget, Webhook,
};
use model::{FallbackAction, FlowDocument, KeyRules};

use super::{Found, Known};

/// Where a step stands.
type Context<'a> = (&'a model::Flow, &'a FlowDocument, &'a dyn Known);

const REPEATS_MAX: u8 = 10;
const DIGITS_MAX: u8 = 32;

pub(super) fn check(found: &mut Found, at: usize, step: &FlowStep, context: Context<'_>) {
    let mut here = Here { found, at, context };
    match &step.action {
        StepAction::Answer { .. } => {}
        StepAction::Ring { seconds, .. } => here.range("seconds", *seconds, (1, 60)),
        StepAction::Play { prompts, .. } => here.said(prompts, true),
        StepAction::Menu(menu) => here.menu(menu),
        StepAction::Collect(collect) => here.collect(collect),
        StepAction::Dial(dial) => here.dial(dial),
        StepAction::DialByName(dial) => {
            here.question(&dial.prompts, dial.rules, dial.repeats, [&dial.no_input, &dial.invalid]);
            here.ring(dial.ring);
        }
        StepAction::Branch { when, .. } => here.branch(when.iter().map(|(condition, _)| condition)),
        StepAction::Set { variable, value, .. } => {
            here.variable("variable", variable);
            if value.chars().count() > FlowDocument::VALUE_MAX {
                here.wrong("value", &format!("it has more than {} characters", FlowDocument::VALUE_MAX));
            }
        }
        StepAction::Language { language, .. } => here.language(language),
        StepAction::Repeat { times, .. } => here.range("times", u32::from(*times), (1, 10)),
        StepAction::Webhook(webhook) => here.webhook(webhook),
        StepAction::Transfer(transfer) => here.transfer(transfer),
        StepAction::Enqueue { queue, priority, .. } => {
            if !context.2.queue(queue.as_str()) {
                here.wrong("queue", &format!("there is no queue {queue}"));
            }
            here.range("priority", u32::from(*priority), (0, 9));
        }
        StepAction::Leave(action) => here.leave(action),
    }
}

struct Here<'a, 'b> {
    found: &'a mut Found,
    at: usize,
    context: Context<'b>,
}

impl Here<'_, '_> {
    fn wrong(&mut self, field: &str, text: &str) {
        self.found.at(self.at, field, text);
    }

    fn range(&mut self, field: &str, value: u32, (least, most): (u32, u32)) {
        if !(least..=most).contains(&value) {
            self.wrong(field, &format!("it is {value}; it goes from {least} to {most}"));
        }
    }

    fn prompt(&mut self, field: &str, name: &str) {
        if !self.context.2.prompt(name) {
            self.wrong(field, &format!("there is no prompt `{name}`"));
        }
    }

    fn said(&mut self, prompts: &[Said], must: bool) {
        if must && prompts.is_empty() {
            self.wrong("prompts", "it says nothing: name at least one prompt");
        }
        for said in prompts {
            match said {
                Said::Prompt(name) => self.prompt("prompts", name),
                Said::Digits(variable) | Said::Number(variable) => self.is_set("prompts", variable),
            }
        }
    }

    fn variable(&mut self, field: &str, name: &str) {
        let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if name.is_empty() || name.len() > 64 || !letters {
            self.wrong(field, "a variable's name has 1 to 64 letters, digits and `_`");
        }
    }

    /// A variable that is read must be set somewhere, or come with the call.
    fn is_set(&mut self, field: &str, name: &str) {
        let given = ["caller", "dialed"].contains(&name);
        if !given && !set_anywhere(self.context.1).contains(name) {
            self.wrong(field, &format!("no step sets the variable `{name}`"));
        }
    }

    fn language(&mut self, language: &str) {
        let letters = language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !(2..=16).contains(&language.len()) || !letters {
            self.wrong("language", "a language is a tag like `en` or `de`");
        }
    }

    fn question(&mut self, said: &[Said], rules: KeyRules, repeats: u8, errors: [&Option<String>; 2]) {
        self.said(said, true);
        self.range("first_timeout", rules.first_timeout, (1, 60));
        self.range("next_timeout", rules.next_timeout, (1, 60));
        self.range("repeats", u32::from(repeats), (0, u32::from(REPEATS_MAX)));
        for (field, name) in ["no_input", "invalid"].into_iter().zip(errors) {
            if let Some(name) = name {
                self.prompt(field, name);
            }
        }
    }

    fn menu(&mut self, menu: &Menu) {
        self.question(&menu.prompts, menu.rules, menu.repeats, [&menu.no_input, &menu.invalid]);
        if menu.keys.is_empty() && menu.dial.is_none() {
            self.wrong("keys", "no key leads anywhere: give at least one");
        }
        for key in menu.keys.keys().filter(|key| !b"0123456789*#".contains(key)) {
            self.wrong("keys", &format!("`{}` is no key of a phone", char::from(*key).escape_default()));
        }
        if let Some(step) = &menu.dial {
            let dials = |found: &FlowStep| found.id == *step && matches!(found.action, StepAction::Dial(_));
            if !self.context.1.steps.iter().any(dials) {
                self.wrong("dial", &format!("`{step}` is no step that asks for an extension"));
            }
        }
    }

    fn collect(&mut self, collect: &Collect) {
        self.question(
            &collect.prompts,
            collect.rules,
            collect.repeats,
            [&collect.no_input, &collect.invalid],
        );
        self.variable("variable", &collect.variable);
        self.range("min", u32::from(collect.min), (1, u32::from(DIGITS_MAX)));
        self.range("max", u32::from(collect.max), (1, u32::from(DIGITS_MAX)));
        if collect.max < collect.min {
            self.wrong("max", "it is less than `min`");
        }
    }

    fn dial(&mut self, dial: &Dial) {
        self.question(&dial.prompts, dial.rules, dial.repeats, [&dial.no_input, &dial.invalid]);
        self.ring(dial.ring);
    }

    fn ring(&mut self, ring: RingRules) {
        self.range("ring_timeout", ring.seconds, (5, 120));
    }

    fn transfer(&mut self, transfer: &Transfer) {
        self.ring(transfer.ring);
        match &transfer.to {
            TransferTarget::Extension(number) => {
                if !self.context.2.phone(number.as_str()) {
                    self.wrong("to", &format!("there is no phone {number}"));
                }
            }
            TransferTarget::RingGroup(number) => {
                if !self.context.2.ring_group(number.as_str()) {
                    self.wrong("to", &format!("there is no ring group {number}"));
                }
            }
            TransferTarget::External(number) => self.outside("to", number),
        }
    }

    fn outside(&mut self, field: &str, number: &str) {
        let digits = number.strip_prefix('+').unwrap_or(number);
        if !(5..=32).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            self.wrong(field, "a number outside has 5 to 32 digits, with a `+` before them if need be");
        }
    }

    fn webhook(&mut self, webhook: &Webhook) {
        let begins = ["https://", "http://"].iter().any(|scheme| webhook.url.starts_with(scheme));
        let plain = webhook.url.bytes().all(|byte| byte.is_ascii_graphic());
        if !begins || !plain || webhook.url.len() > 2_048 {
            self.wrong(
                "url",
                "it begins with https:// and has at most 2,048 characters of ASCII without spaces",
            );
        }
        self.range("timeout", webhook.timeout, (1, 10));
        for variable in &webhook.send {
            self.is_set("send", variable);
        }
        for variable in &webhook.take {
            self.variable("take", variable);
        }
    }

    fn branch<'c>(&mut self, conditions: impl Iterator<Item = &'c Condition>) {
        for condition in conditions {
            match condition {
                Condition::Open(name) | Condition::Holiday(name) => {
                    if !self.context.2.hours(name) {
                        self.wrong("when", &format!("there are no business hours `{name}`"));
                    }
                }
                Condition::Is { variable, .. } | Condition::Begins { variable, .. } => {
                    self.is_set("when", variable);
                }
                Condition::Caller(_) => {}
                Condition::Waiting { queue, .. }
                | Condition::Unstaffed(queue)
                | Condition::ExpectedWait { queue, .. } => {
                    if !self.context.2.queue(queue.as_str()) {
                        self.wrong("when", &format!("there is no queue {queue}"));
                    }
                }
            }
        }
    }

    fn leave(&mut self, action: &FallbackAction) {
        let (own, known) = (&self.context.0.number, self.context.2);
        match action {
            FallbackAction::Hangup { message } | FallbackAction::Voicemail { message, mailbox: _ } => {
                if let Some(name) = message {
                    self.prompt("message", name);
                }
            }
            FallbackAction::Queue(number) if !known.queue(number.as_str()) => {
                self.wrong("queue", &format!("there is no queue {number}"));
            }
            FallbackAction::Extension(number) if !known.anything(number.as_str()) => {
                self.wrong("extension", &format!("nothing has the number {number}"));
            }
            FallbackAction::Flow(number) if number == own => {
                self.wrong("flow", "it leads its callers back to itself; use `repeat`, or name a step");
            }
            FallbackAction::Flow(number) if !known.flow(number.as_str()) => {
                self.wrong("flow", &format!("there is no flow {number}"));
            }
            FallbackAction::RingGroup(number) if !known.ring_group(number.as_str()) => {
                self.wrong("ring_group", &format!("there is no ring group {number}"));
            }
            FallbackAction::External(number) => self.outside("external", number),
            FallbackAction::Queue(_)
            | FallbackAction::Extension(_)
            | FallbackAction::Flow(_)
            | FallbackAction::RingGroup(_) => {}
        }
    }
}

/// The variables that some step sets.
fn set_anywhere(document: &FlowDocument) -> BTreeSet<&str> {
    let mut set = BTreeSet::new();
    for step in &document.steps {
        match &step.action {
            StepAction::Set { variable, .. } => drop(set.insert(variable.as_str())),
            StepAction::Collect(collect) => drop(set.insert(collect.variable.as_str())),
            StepAction::Webhook(webhook) => set.extend(webhook.take.iter().map(String::as_str)),
            StepAction::Answer { .. }
            | StepAction::Ring { .. }
            | StepAction::Play { .. }
            | StepAction::Menu(_)
            | StepAction::Dial(_)
            | StepAction::DialByName(_)
            | StepAction::Branch { .. }
            | StepAction::Language { .. }
            | StepAction::Repeat { .. }
            | StepAction::Transfer(_)
            | StepAction::Enqueue { .. }
            | StepAction::Leave(_) => {}
        }
    }
    set
}
