//! What the compiler says of documents that are wrong.

use std::collections::BTreeMap;

use callflow::script::{self, Nowhere};
use expect_test::{Expect, expect};
use model::flow::document::{
    Collect, Condition, FlowStep, Menu, RingRules, Said, StepAction, Transfer, TransferTarget, Unreached,
    Webhook,
};
use model::{FallbackAction, FlowBody, KeyRules};

use crate::world::{compiled, document, hangup, number, queue, step};

fn check(steps: Vec<FlowStep>, expected: &Expect) {
    let (flow, problems) = compiled(document(steps.clone()));
    let line = |problem: &callflow::Problem| {
        let name = problem.step.and_then(|at| steps.get(at)).map_or("-", |step| step.id.as_str());
        format!("{name} | {} | {}\n", problem.field, problem.text)
    };
    let text: String = problems.iter().map(line).collect();
    expected.assert_eq(&text);
    // Whatever is wrong, a caller comes to an end.
    let happened =
        script::play(&flow, ["agent 1001", "1s keys 1", "5s keys 22"], &Nowhere).expect("a script");
    assert!(happened.len() < 3_000, "{} lines", happened.len());
}

fn play(id: &str, prompt: &str, next: &str) -> FlowStep {
    let prompts = vec![Said::Prompt(prompt.into())];
    step(id, StepAction::Play { prompts, barge_in: true, next: next.into() })
}

#[test]
fn a_flow_without_steps_ends_its_calls() {
    check(
        vec![],
        &expect![[r#"
        - |  | the flow has no step: its callers would hear nothing and be ended
    "#]],
    );
}

#[test]
fn names_are_unique_and_lead_somewhere() {
    check(
        vec![
            play("a", "hello", "b"),
            play("a", "hello", "nowhere"),
            play("b c", "hello", ""),
            play("b", "no-such-prompt", ""),
        ],
        &expect![[r#"
            a |  | no step leads here: name it as somebody's next, or take it out
            a | id | another step is named `a` too
            a | next | there is no step `nowhere`
            b c |  | no step leads here: name it as somebody's next, or take it out
            b c | id | a step's name has 1 to 64 letters, digits, `_` and `-`
            b | prompts | there is no prompt `no-such-prompt`
        "#]],
    );
}

#[test]
fn a_loop_that_needs_no_caller_is_found_and_one_that_needs_a_key_is_none() {
    let menu = Menu {
        prompts: vec![Said::Prompt("menu".into())],
        keys: BTreeMap::from([(b'1', "menu".to_owned())]),
        rules: KeyRules::default(),
        on_failed: "bye".into(),
        ..Menu::default()
    };
    let bye = step("bye", StepAction::Leave(hangup("goodbye")));
    check(vec![step("menu", StepAction::Menu(menu.clone())), bye.clone()], &expect![""]);
    let round = Menu { on_failed: "hello".into(), ..menu };
    check(
        vec![play("hello", "hello", "menu"), step("menu", StepAction::Menu(round))],
        &expect![[r#"
        hello |  | a caller who presses nothing comes back here for ever: let one way out of the loop end the call, or go through a `repeat`
        menu |  | a caller who presses nothing comes back here for ever: let one way out of the loop end the call, or go through a `repeat`
    "#]],
    );
    let repeat = StepAction::Repeat { times: 3, again: "say".into(), next: "bye".into() };
    check(vec![play("say", "hello", "repeat"), step("repeat", repeat), bye], &expect![""]);
    check(
        vec![play("x", "hello", "x")],
        &expect![[r#"
        x |  | a caller who presses nothing comes back here for ever: let one way out of the loop end the call, or go through a `repeat`
    "#]],
    );
}

#[test]
fn every_value_out_of_its_range_is_named() {
    let rules = KeyRules { first_timeout: 0, next_timeout: 61, hash_ends: true, barge_in: true };
    let steps = vec![
        step("ring", StepAction::Ring { seconds: 0, next: "menu".into() }),
        step(
            "menu",
            StepAction::Menu(Menu {
                rules,
                repeats: 11,
                dial: Some("ring".into()),
                keys: BTreeMap::from([(b'x', "collect".into())]),
                ..Menu::default()
            }),
        ),
        step(
            "collect",
            StepAction::Collect(Collect {
                variable: "a b".into(),
                min: 5,
                max: 4,
                next: "set".into(),
                rules: KeyRules::default(),
                prompts: vec![Said::Digits("unknown".into())],
                ..Collect::default()
            }),
        ),
        step(
            "set",
            StepAction::Set { variable: String::new(), value: "x".repeat(300), next: "language".into() },
        ),
        step("language", StepAction::Language { language: "d".into(), next: "hook".into() }),
        step(
            "hook",
            StepAction::Webhook(Webhook {
                url: "ftp://x".into(),
                timeout: 11,
                next: "branch".into(),
                take: vec!["-".into()],
                send: vec!["nothing".into()],
                ..Webhook::default()
            }),
        ),
        step(
            "branch",
            StepAction::Branch {
                when: vec![
                    (Condition::Open("none".into()), "to".into()),
                    (Condition::Unstaffed(number("7777")), "out".into()),
                    (Condition::Is { variable: "gone".into(), value: String::new() }, "queue".into()),
                ],
                otherwise: "self".into(),
            },
        ),
        step(
            "to",
            StepAction::Transfer(Transfer {
                to: TransferTarget::Extension(number("2000")),
                ring: RingRules { seconds: 4, ..RingRules::default() },
                unreached: Unreached::default(),
            }),
        ),
        step(
            "out",
            StepAction::Transfer(Transfer {
                to: TransferTarget::External("12".into()),
                ring: RingRules::default(),
                unreached: Unreached::default(),
            }),
        ),
        step("queue", StepAction::Enqueue { queue: number("7777"), skills: vec![], priority: 10 }),
        step("self", StepAction::Leave(FallbackAction::Flow(number("7000")))),
    ];
    check(
        steps,
        &expect![[r#"
        ring | seconds | it is 0; it goes from 1 to 60
        menu | dial | `ring` is no step that asks for an extension
        menu | first_timeout | it is 0; it goes from 1 to 60
        menu | keys | `x` is no key of a phone
        menu | next_timeout | it is 61; it goes from 1 to 60
        menu | prompts | it says nothing: name at least one prompt
        menu | repeats | it is 11; it goes from 0 to 10
        collect | max | it is less than `min`
        collect | prompts | no step sets the variable `unknown`
        collect | variable | a variable's name has 1 to 64 letters, digits and `_`
        set | value | it has more than 256 characters
        set | variable | a variable's name has 1 to 64 letters, digits and `_`
        language | language | a language is a tag like `en` or `de`
        hook | send | no step sets the variable `nothing`
        hook | take | a variable's name has 1 to 64 letters, digits and `_`
        hook | timeout | it is 11; it goes from 1 to 10
        hook | url | it begins with https:// and has at most 2,048 characters of ASCII without spaces
        branch | when | no step sets the variable `gone`
        branch | when | there are no business hours `none`
        branch | when | there is no queue 7777
        to | ring_timeout | it is 4; it goes from 5 to 120
        to | to | there is no phone 2000
        out | to | a number outside has 5 to 32 digits, with a `+` before them if need be
        queue | priority | it is 10; it goes from 0 to 9
        queue | queue | there is no queue 7777
        self | flow | it leads its callers back to itself; use `repeat`, or name a step
    "#]],
    );
}

#[test]
fn what_leads_out_must_lead_somewhere() {
    let leave = |id: &str, action| step(id, StepAction::Leave(action));
    let branch = StepAction::Branch {
        when: ["b", "c", "d", "e"].map(|next| (Condition::Caller(next.into()), next.to_owned())).into(),
        otherwise: "f".into(),
    };
    check(
        vec![
            step("a", branch),
            leave("b", queue("7777")),
            leave("c", FallbackAction::Extension(number("9000"))),
            leave("d", FallbackAction::Flow(number("8000"))),
            leave("e", FallbackAction::External("+49 30".into())),
            leave("f", hangup("no-prompt")),
        ],
        &expect![[r#"
            b | queue | there is no queue 7777
            c | extension | nothing has the number 9000
            d | flow | there is no flow 8000
            e | external | a number outside has 5 to 32 digits, with a `+` before them if need be
            f | message | there is no prompt `no-prompt`
        "#]],
    );
}

#[test]
fn an_agent_extension_flow_has_no_problem() {
    let (_, problems) = compiled(FlowBody::AgentExtension(Box::default()));
    assert_eq!(problems, []);
}
