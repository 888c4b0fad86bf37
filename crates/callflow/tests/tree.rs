//! Trees of steps as their callers meet them.

use std::collections::BTreeMap;

use expect_test::expect;
use model::flow::document::{
    Collect, Condition, Dial, Menu, RingRules, Said, StepAction, Transfer, TransferTarget, Unreached, Webhook,
};
use model::{FallbackAction, FlowBody, KeyRules, Reachable, SkillNeed};

use crate::world::{check, document, hangup, number, queue, step};

fn say(name: &str) -> Vec<Said> {
    vec![Said::Prompt(name.into())]
}

fn leave(id: &str, action: FallbackAction) -> model::flow::document::FlowStep {
    step(id, StepAction::Leave(action))
}

fn keys(list: &[(char, &str)]) -> BTreeMap<u8, String> {
    list.iter().map(|(key, next)| (u8::try_from(*key).expect("a key"), (*next).into())).collect()
}

fn menu() -> Menu {
    Menu {
        prompts: say("menu"),
        keys: keys(&[('1', "sales"), ('2', "bye"), ('*', "bye")]),
        rules: KeyRules::default(),
        repeats: 1,
        no_input: Some("empty".into()),
        invalid: Some("wrong".into()),
        on_failed: "bye".into(),
        ..Menu::default()
    }
}

fn with_menu(menu: Menu) -> FlowBody {
    document(vec![
        step("menu", StepAction::Menu(menu)),
        leave("sales", queue("8001")),
        leave("bye", hangup("goodbye")),
    ])
}

#[test]
fn a_menu_leads_where_its_key_says_also_while_it_is_being_said() {
    check(
        with_menu(menu()),
        "1s keys 1",
        &expect![[r#"
            0.0s   answer
            0.0s   play menu
            1.0s   cut short
            1.0s   to queue 8001
        "#]],
    );
    check(
        with_menu(menu()),
        "3s keys *",
        &expect![[r#"
            0.0s   answer
            0.0s   play menu
            3.0s   hang up after goodbye
        "#]],
    );
}

#[test]
fn a_menu_is_said_again_after_its_error_message_and_given_up_then() {
    check(
        with_menu(menu()),
        "3s keys 9",
        &expect![[r#"
            0.0s   answer
            0.0s   play menu
            3.0s   play wrong menu
            12.0s  repeats exhausted
            12.0s  hang up after goodbye
        "#]],
    );
}

fn dialing() -> Dial {
    Dial {
        prompts: say("which-extension"),
        ring: RingRules::default(),
        unreached: Unreached {
            on_unavailable: "sales".into(),
            on_busy: "sales".into(),
            on_no_answer: "bye".into(),
        },
        on_failed: "bye".into(),
        on_star: "bye".into(),
        reachable: Reachable::Agents,
        ..Dial::default()
    }
}

fn menu_and_dial() -> FlowBody {
    let menu = Menu { dial: Some("dial".into()), ..menu() };
    document(vec![
        step("menu", StepAction::Menu(menu)),
        step("dial", StepAction::Dial(dialing())),
        leave("sales", queue("8001")),
        leave("bye", hangup("goodbye")),
    ])
}

#[test]
fn a_key_that_begins_an_extension_waits_for_the_rest_of_it_and_no_longer() {
    check(
        menu_and_dial(),
        "agent 1001\n1s keys 1",
        &expect![[r#"
            0.0s   answer
            0.0s   play menu
            1.0s   cut short
            3.0s   to queue 8001
        "#]],
    );
    check(
        menu_and_dial(),
        "agent 1001\n1s keys 1001\n5s answers",
        &expect![[r#"
            0.0s   answer
            0.0s   play menu
            1.0s   cut short
            1.6s   keyed an extension, 4 digits
            1.6s   ring 1001 for 20 s
            5.0s   talks with 1001
        "#]],
    );
    check(
        menu_and_dial(),
        "agent 1001\n1s keys 2",
        &expect![[r#"
            0.0s   answer
            0.0s   play menu
            1.0s   cut short
            1.0s   hang up after goodbye
        "#]],
    );
    check(
        menu_and_dial(),
        "agent 1001 busy\n1s keys 1001",
        &expect![[r#"
            0.0s   answer
            0.0s   play menu
            1.0s   cut short
            1.6s   keyed an extension, 4 digits
            1.6s   busy
            1.6s   to queue 8001
        "#]],
    );
}

fn collecting(sensitive: bool) -> FlowBody {
    let collect = Collect {
        prompts: say("account"),
        variable: "account".into(),
        min: 3,
        max: 5,
        sensitive,
        rules: KeyRules::default(),
        repeats: 1,
        no_input: None,
        invalid: Some("too-short".into()),
        next: "read-back".into(),
        on_failed: "bye".into(),
    };
    let said = vec![Said::Prompt("you-keyed".into()), Said::Digits("account".into())];
    document(vec![
        step("ask", StepAction::Collect(collect)),
        step("read-back", StepAction::Play { prompts: said, barge_in: false, next: "service".into() }),
        step(
            "service",
            StepAction::Webhook(Webhook {
                url: "https://crm.example/look".into(),
                send: vec!["caller".into(), "account".into()],
                take: vec!["tier".into()],
                timeout: 3,
                next: "branch".into(),
                on_failed: "bye".into(),
            }),
        ),
        step(
            "branch",
            StepAction::Branch {
                when: vec![(Condition::Is { variable: "tier".into(), value: "gold".into() }, "gold".into())],
                otherwise: "bye".into(),
            },
        ),
        step(
            "gold",
            StepAction::Enqueue {
                queue: number("8001"),
                skills: vec![SkillNeed { skill: "english".into(), level: 3, relax_after: 0, relax_by: 0 }],
                priority: 5,
            },
        ),
        leave("bye", hangup("goodbye")),
    ])
}

#[test]
fn digits_are_kept_read_back_and_sent_and_the_answer_decides() {
    check(
        collecting(false),
        "service tier=gold other=x\n3s keys 4711#",
        &expect![[r#"
            0.0s   answer
            0.0s   play account
            3.8s   keyed account, 4 digits
            3.8s   play you-keyed en/digit-4 en/digit-7 en/digit-1 en/digit-1
            13.8s  ask https://crm.example/look caller account
            14.0s  to queue 8001 english 3 priority 5
        "#]],
    );
    check(
        collecting(false),
        "3s keys 47*471\n9s keys 99999",
        &expect![[r#"
            0.0s   answer
            0.0s   play account
            6.0s   keyed account, 3 digits
            6.0s   play you-keyed en/digit-4 en/digit-7 en/digit-1
            14.0s  ask https://crm.example/look caller account
            14.2s  hang up after goodbye
        "#]],
    );
    check(
        collecting(false),
        "3s keys 4\n9s keys 5",
        &expect![[r#"
            0.0s   answer
            0.0s   play account
            5.0s   play too-short account
            9.0s   cut short
            11.0s  repeats exhausted
            11.0s  hang up after goodbye
        "#]],
    );
}

#[test]
fn what_is_sensitive_is_counted_and_never_seen() {
    check(
        collecting(true),
        "service tier=gold\n3s keys 47115",
        &expect![[r#"
            0.0s   answer
            0.0s   keys of account are hidden
            0.0s   play account
            3.8s   further keys are hidden
            3.8s   keyed account, 5 digits
            3.8s   play you-keyed
            5.8s   ask https://crm.example/look caller account
            6.0s   keys are seen
            6.0s   to queue 8001 english 3 priority 5
        "#]],
    );
    check(
        collecting(true),
        "",
        &expect![[r#"
            0.0s   answer
            0.0s   keys of account are hidden
            0.0s   play account
            7.0s   keys of account are hidden
            7.0s   play account
            14.0s  repeats exhausted
            14.0s  keys are seen
            14.0s  hang up after goodbye
        "#]],
    );
}

#[test]
fn a_branch_goes_by_hours_callers_and_lines() {
    let condition = |condition: Condition, next: &str| (condition, next.to_owned());
    let body = || {
        let when = vec![
            condition(Condition::Holiday("office".into()), "holiday"),
            condition(Condition::Unstaffed(number("8001")), "holiday"),
            condition(Condition::Waiting { queue: number("8001"), least: 3 }, "busy"),
            condition(Condition::ExpectedWait { queue: number("8001"), least: 60 }, "busy"),
            condition(Condition::Caller("+49".into()), "german"),
            condition(Condition::Caller(String::new()), "busy"),
            condition(Condition::Open("office".into()), "open"),
        ];
        document(vec![
            step("branch", StepAction::Branch { when, otherwise: "busy".into() }),
            leave("holiday", hangup("holiday")),
            step("german", StepAction::Language { language: "de".into(), next: "hello".into() }),
            step("hello", StepAction::Play { prompts: say("hello"), barge_in: true, next: "open".into() }),
            leave("open", queue("8001")),
            leave("busy", FallbackAction::External("+49301".into())),
        ])
    };
    let line = "queue 8001\n";
    check(
        body(),
        &format!("{line}hours office holiday"),
        &expect![[r#"
            0.0s   hang up after holiday
        "#]],
    );
    check(
        body(),
        "queue 8001 unstaffed",
        &expect![[r#"
            0.0s   hang up after holiday
        "#]],
    );
    check(
        body(),
        "queue 8001 waiting 3",
        &expect![[r#"
            0.0s   to +49301 outside
        "#]],
    );
    check(
        body(),
        "queue 8001 wait 60s",
        &expect![[r#"
            0.0s   to +49301 outside
        "#]],
    );
    check(
        body(),
        line,
        &expect![[r#"
            0.0s   answer
            0.0s   play de/hello
            2.0s   to queue 8001
        "#]],
    );
    check(
        body(),
        &format!("{line}caller"),
        &expect![[r#"
            0.0s   to +49301 outside
        "#]],
    );
    check(
        body(),
        &format!("{line}caller +43\nhours office open"),
        &expect![[r#"
            0.0s   to queue 8001
        "#]],
    );
    check(
        body(),
        &format!("{line}caller +43"),
        &expect![[r#"
            0.0s   to +49301 outside
        "#]],
    );
}

#[test]
fn a_flow_may_ring_before_it_answers_and_repeat_what_it_says() {
    let body = document(vec![
        step("ring", StepAction::Ring { seconds: 4, next: "set".into() }),
        step(
            "set",
            StepAction::Set { variable: "from".into(), value: "<{caller}>".into(), next: "say".into() },
        ),
        step("say", StepAction::Play { prompts: say("hello"), barge_in: true, next: "again".into() }),
        step("again", StepAction::Repeat { times: 2, again: "say".into(), next: "transfer".into() }),
        step(
            "transfer",
            StepAction::Transfer(Transfer {
                to: TransferTarget::Extension(number("1001")),
                ring: RingRules { seconds: 10, ..RingRules::default() },
                unreached: Unreached {
                    on_unavailable: String::new(),
                    on_busy: String::new(),
                    on_no_answer: "answer".into(),
                },
            }),
        ),
        step("answer", StepAction::Answer { next: "bye".into() }),
        leave("bye", FallbackAction::Voicemail { mailbox: None, message: Some("leave-a-message".into()) }),
    ]);
    check(
        body.clone(),
        "agent 1001\n7s keys 5",
        &expect![[r#"
            0.0s   rings unanswered
            4.0s   answer
            4.0s   play hello
            6.0s   play hello
            7.0s   cut short
            7.0s   play hello
            9.0s   ring 1001 for 10 s
            19.0s  no answer
            19.0s  to voicemail of 1001 after leave-a-message
        "#]],
    );
    check(
        body,
        "agent 1001 busy",
        &expect![[r#"
            0.0s   rings unanswered
            4.0s   answer
            4.0s   play hello
            6.0s   play hello
            8.0s   play hello
            10.0s  busy
            10.0s  hang up
        "#]],
    );
}
