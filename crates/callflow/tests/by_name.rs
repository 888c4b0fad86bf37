//! Dialing by name: keys of a name to whom it is, alone or chosen among several.

use expect_test::expect;
use model::flow::document::{DialByName, NamePart, RingRules, Said, StepAction, Unreached};
use model::{FlowBody, KeyRules};

use crate::world::{check, compiled, document, hangup, step};

/// One question for a name; whoever is not reached, or nobody, hears a word.
fn flow(by: NamePart) -> FlowBody {
    let ends = |name: &str| step(name, StepAction::Leave(hangup(name)));
    document(vec![
        step(
            "name",
            StepAction::DialByName(DialByName {
                prompts: vec![Said::Prompt("name-ask".into())],
                by,
                rules: KeyRules::default(),
                repeats: 1,
                no_input: None,
                invalid: Some("invalid".into()),
                ring: RingRules::default(),
                unreached: Unreached {
                    on_unavailable: "away".into(),
                    on_busy: "busy".into(),
                    on_no_answer: "away".into(),
                },
                on_failed: "failed".into(),
                on_star: "star".into(),
            }),
        ),
        ends("away"),
        ends("busy"),
        ends("failed"),
        ends("star"),
    ])
}

#[test]
fn three_keys_that_only_one_has_ring_her_at_once() {
    check(
        flow(NamePart::Last),
        "
        agent 1001
        named 1001 Ann Ash
        agent 1002
        named 1002 Ben Birch
        1s keys 274
        9s answers
        ",
        &expect![[r#"
            0.0s   answer
            0.0s   play name-ask
            1.0s   cut short
            1.4s   keyed an extension, 3 digits
            1.4s   ring 1001 for 20 s
            9.0s   talks with 1001
        "#]],
    );
}

#[test]
fn several_of_one_name_are_read_out_and_one_is_chosen() {
    check(
        flow(NamePart::Last),
        "
        agent 1001
        named 1001 Ann Smith
        agent 1002 busy
        named 1002 Ben Smid
        1s keys 764
        5s keys 7
        5.5s keys 2
        ",
        &expect![[r#"
            0.0s   answer
            0.0s   play name-ask
            1.0s   cut short
            3.4s   keyed an extension, 3 digits
            3.4s   play name-for en/digit-1 en/digit-0 en/digit-0 en/digit-1 name-press en/digit-1 name-for en/digit-1 en/digit-0 en/digit-0 en/digit-2 name-press en/digit-2 name-again
            5.5s   cut short
            5.5s   busy
            5.5s   hang up after busy
        "#]],
    );
}

#[test]
fn more_keys_find_one_of_several_and_a_hash_ends_the_name() {
    check(
        flow(NamePart::Last),
        "
        agent 1001
        named 1001 Ann Smith
        agent 1002
        named 1002 Ben Smid
        agent 1003
        named 1003 Cid Smithers
        1s keys 76484#
        3s keys 1
        5s declines
        ",
        &expect![[r#"
            0.0s   answer
            0.0s   play name-ask
            1.0s   cut short
            2.0s   keyed an extension, 5 digits
            2.0s   play name-for en/digit-1 en/digit-0 en/digit-0 en/digit-1 name-press en/digit-1 name-for en/digit-1 en/digit-0 en/digit-0 en/digit-3 name-press en/digit-2 name-again
            3.0s   cut short
            3.0s   ring 1001 for 20 s
            5.0s   busy
            5.0s   hang up after busy
        "#]],
    );
}

#[test]
fn star_leads_back_to_the_question_and_there_out_of_it() {
    check(
        flow(NamePart::Both),
        "
        agent 1001
        named 1001 Ann Ash
        agent 1002
        named 1002 Ann Birch
        1s keys 266
        4s keys *
        6s keys *
        ",
        &expect![[r#"
            0.0s   answer
            0.0s   play name-ask
            1.0s   cut short
            3.4s   keyed an extension, 3 digits
            3.4s   play name-for en/digit-1 en/digit-0 en/digit-0 en/digit-1 name-press en/digit-1 name-for en/digit-1 en/digit-0 en/digit-0 en/digit-2 name-press en/digit-2 name-again
            4.0s   cut short
            4.0s   play name-ask
            6.0s   cut short
            6.0s   star
            6.0s   hang up after star
        "#]],
    );
}

#[test]
fn who_chooses_nobody_or_keys_nobody_is_asked_again_and_then_given_up() {
    check(
        flow(NamePart::First),
        "
        agent 1001
        named 1001 Ann Ash
        agent 1002
        named 1002 Ann Birch
        1s keys 266
        50s keys 999
        ",
        &expect![[r#"
            0.0s   answer
            0.0s   play name-ask
            1.0s   cut short
            3.4s   keyed an extension, 3 digits
            3.4s   play name-for en/digit-1 en/digit-0 en/digit-0 en/digit-1 name-press en/digit-1 name-for en/digit-1 en/digit-0 en/digit-0 en/digit-2 name-press en/digit-2 name-again
            38.4s  play name-ask
            45.4s  repeats exhausted
            45.4s  hang up after failed
        "#]],
    );
}

#[test]
fn two_keys_are_no_name_and_nothing_is_none_either() {
    check(
        flow(NamePart::First),
        "
        agent 1001
        named 1001 Ann Ash
        1s keys 26
        ",
        &expect![[r#"
            0.0s   answer
            0.0s   play name-ask
            1.0s   cut short
            3.2s   keyed an extension, 2 digits
            3.2s   play invalid name-ask
            12.2s  repeats exhausted
            12.2s  hang up after failed
        "#]],
    );
}

#[test]
fn what_is_wrong_with_it_is_said_as_of_other_questions() {
    let FlowBody::Tree(mut wrong) = flow(NamePart::Last) else { return };
    let StepAction::DialByName(dial) = &mut wrong.steps[0].action else { return };
    dial.prompts.clear();
    dial.repeats = 11;
    dial.ring.seconds = 1;
    dial.on_failed = "nowhere".into();
    let (_, problems) = compiled(FlowBody::Tree(wrong));
    let said: Vec<String> = problems
        .iter()
        .map(|problem| format!("{:?} {}: {}", problem.step, problem.field, problem.text))
        .collect();
    expect![[r#"
        Some(0) on_failed: there is no step `nowhere`
        Some(0) prompts: it says nothing: name at least one prompt
        Some(0) repeats: it is 11; it goes from 0 to 10
        Some(0) ring_timeout: it is 1; it goes from 5 to 120
        Some(3) : no step leads here: name it as somebody's next, or take it out"#]]
    .assert_eq(&said.join("\n"));
}
