//! The agent-extension flow: one story for each row of domain section 4, and for each rule of FC-3.

use expect_test::expect;
use model::{AgentExtensionFlow, FallbackAction, FlowBody, KeyRules, NumberRange, Reachable};

use crate::world::{check, hangup, number, queue};

/// Every way out leads somewhere else, so that a story shows which was taken.
fn settings() -> AgentExtensionFlow {
    AgentExtensionFlow {
        greeting: Some("which-extension".into()),
        no_input_message: Some("empty".into()),
        invalid_message: Some("wrong".into()),
        max_repeats: 2,
        on_unavailable: queue("8001"),
        on_no_answer: FallbackAction::Voicemail { mailbox: None, message: Some("leave-a-message".into()) },
        on_busy: queue("8003"),
        on_repeats_exhausted: hangup("goodbye"),
        on_star: FallbackAction::Flow(number("7001")),
        ..AgentExtensionFlow::new()
    }
}

fn flow(change: impl FnOnce(&mut AgentExtensionFlow)) -> FlowBody {
    let mut settings = settings();
    change(&mut settings);
    FlowBody::AgentExtension(Box::new(settings))
}

fn usual() -> FlowBody {
    flow(|_| {})
}

#[test]
fn a_caller_dials_an_agent_who_answers() {
    check(
        usual(),
        "agent 1001
         3s keys 1001
         8s answers",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   ring 1001 for 20 s
            8.0s   talks with 1001
        "#]],
    );
}

#[test]
fn start_answers_and_greets() {
    check(
        usual(),
        "1s hangs up",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            1.0s   the caller hangs up
        "#]],
    );
}

#[test]
fn a_key_cuts_the_greeting_short() {
    check(
        usual(),
        "agent 1001
         prompt which-extension 10s
         1s keys 1001
         2s answers",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            1.0s   cut short
            1.6s   keyed an extension, 4 digits
            1.6s   ring 1001 for 20 s
            2.0s   talks with 1001
        "#]],
    );
}

#[test]
fn without_barge_in_keys_count_from_the_end_of_the_greeting_and_star_all_the_same() {
    let quiet = || flow(|flow| flow.keys.barge_in = false);
    let lines = "agent 1001\n1s keys 1001\n3s keys 1001\n4s answers";
    check(
        quiet(),
        lines,
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   ring 1001 for 20 s
            4.0s   talks with 1001
        "#]],
    );
    check(
        quiet(),
        "1s keys *",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            1.0s   cut short
            1.0s   star
            1.0s   to flow 7001
        "#]],
    );
}

#[test]
fn rule_g_star_is_heard_in_the_greeting_after_it_and_amid_digits() {
    check(
        usual(),
        "1s keys *",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            1.0s   cut short
            1.0s   star
            1.0s   to flow 7001
        "#]],
    );
    check(
        usual(),
        "3s keys *",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.0s   star
            3.0s   to flow 7001
        "#]],
    );
    check(
        usual(),
        "agent 1001\n3s keys 10*",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.4s   star
            3.4s   to flow 7001
        "#]],
    );
}

#[test]
fn rule_d_hash_alone_is_no_input() {
    check(
        usual(),
        "3s keys #\n4s hangs up",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.0s   play empty
            4.0s   the caller hangs up
        "#]],
    );
}

#[test]
fn rule_d_who_keys_nothing_hears_so_until_the_repeats_are_exhausted() {
    check(
        usual(),
        "",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            7.0s   play empty
            14.0s  play empty
            21.0s  repeats exhausted
            21.0s  hang up after goodbye
        "#]],
    );
}

#[test]
fn rule_e_who_dials_nobody_hears_so_until_the_repeats_are_exhausted() {
    check(
        usual(),
        "agent 1001
         3s keys 2222
         8s keys 333#
         14s keys 44",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   play wrong
            8.6s   keyed an extension, 3 digits
            8.6s   play wrong
            16.2s  keyed an extension, 2 digits
            16.2s  repeats exhausted
            16.2s  hang up after goodbye
        "#]],
    );
}

#[test]
fn rule_f_no_input_and_invalid_input_share_one_count() {
    check(
        usual(),
        "agent 1001\n3s keys 2222",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   play wrong
            10.6s  play empty
            17.6s  repeats exhausted
            17.6s  hang up after goodbye
        "#]],
    );
}

#[test]
fn without_repeats_the_first_failure_exhausts() {
    check(
        flow(|flow| flow.max_repeats = 0),
        "",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            7.0s   repeats exhausted
            7.0s   hang up after goodbye
        "#]],
    );
}

#[test]
fn without_messages_the_greeting_is_said_again() {
    let silent = flow(|flow| {
        (flow.no_input_message, flow.invalid_message, flow.max_repeats) = (None, None, 1);
    });
    check(
        silent,
        "",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            7.0s   play which-extension
            14.0s  repeats exhausted
            14.0s  hang up after goodbye
        "#]],
    );
}

#[test]
fn without_any_prompt_it_listens_at_once() {
    let silent = flow(|flow| {
        (flow.greeting, flow.no_input_message, flow.max_repeats) = (None, None, 1);
    });
    check(
        silent,
        "",
        &expect![[r#"
            0.0s   answer
            10.0s  repeats exhausted
            10.0s  hang up after goodbye
        "#]],
    );
}

#[test]
fn an_extension_that_no_other_begins_with_is_resolved_at_its_last_digit() {
    check(
        usual(),
        "agent 1001\nagent 10022\n3s keys 1001\n3.7s hangs up",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   ring 1001 for 20 s
            3.7s   the caller hangs up
        "#]],
    );
}

#[test]
fn the_longest_match_is_waited_for_until_the_pause_between_digits() {
    let two = "agent 101\nagent 1012\n";
    check(
        usual(),
        &format!("{two}3s keys 101\n9s answers"),
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            5.4s   keyed an extension, 3 digits
            5.4s   ring 101 for 20 s
            9.0s   talks with 101
        "#]],
    );
    check(
        usual(),
        &format!("{two}3s keys 101#\n9s answers"),
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 3 digits
            3.6s   ring 101 for 20 s
            9.0s   talks with 101
        "#]],
    );
    check(
        usual(),
        &format!("{two}3s keys 1012\n9s answers"),
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   ring 1012 for 20 s
            9.0s   talks with 1012
        "#]],
    );
}

#[test]
fn as_many_digits_as_the_longest_extension_has_are_enough() {
    check(
        usual(),
        "agent 1001\n3s keys 2345\n4s hangs up",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   play wrong
            4.0s   the caller hangs up
        "#]],
    );
}

#[test]
fn rule_a_an_agent_who_is_not_available() {
    check(
        usual(),
        "agent 1001 away\n3s keys 1001",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   unavailable
            3.6s   to queue 8001
        "#]],
    );
}

#[test]
fn rule_b_an_agent_who_does_not_answer_within_the_ring_time() {
    check(
        flow(|flow| flow.ring_timeout = 12),
        "agent 1001\n3s keys 1001",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   ring 1001 for 12 s
            15.6s  no answer
            15.6s  to voicemail of 1001 after leave-a-message
        "#]],
    );
}

#[test]
fn rule_c_an_agent_who_is_busy() {
    check(
        usual(),
        "agent 1001 busy\n3s keys 1001",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   busy
            3.6s   to queue 8003
        "#]],
    );
}

#[test]
fn an_agent_who_declines_is_busy_and_a_phone_that_is_gone_is_not_available() {
    check(
        usual(),
        "agent 1001\n3s keys 1001\n6s declines",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   ring 1001 for 20 s
            6.0s   busy
            6.0s   to queue 8003
        "#]],
    );
    check(
        usual(),
        "agent 1001\n3s keys 1001\n6s is gone",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   ring 1001 for 20 s
            6.0s   unavailable
            6.0s   to queue 8001
        "#]],
    );
}

#[test]
fn star_while_it_rings_counts_only_where_that_is_set() {
    let lines = "agent 1001\n3s keys 1001\n6s keys *\n9s answers";
    check(
        usual(),
        lines,
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   ring 1001 for 20 s
            9.0s   talks with 1001
        "#]],
    );
    check(
        flow(|flow| flow.star_during_ring = true),
        lines,
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   ring 1001 for 20 s
            6.0s   rings no longer
            6.0s   star
            6.0s   to flow 7001
        "#]],
    );
}

#[test]
fn a_queue_a_free_phone_and_an_excluded_agent_are_invalid() {
    let exclude = flow(|flow| flow.exclude = vec![NumberRange { from: number("1500"), to: number("1599") }]);
    let world = "agent 1001\nagent 1550\nphone 1090\nqueue 8000\n";
    let lines = format!("{world}3s keys 8000\n6s keys 1090\n9s keys 1550");
    check(
        exclude,
        &lines,
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   play wrong
            6.6s   keyed an extension, 4 digits
            6.6s   play wrong
            9.6s   keyed an extension, 4 digits
            9.6s   repeats exhausted
            9.6s   hang up after goodbye
        "#]],
    );
}

#[test]
fn every_phone_can_be_reached_where_that_is_set() {
    let phones = flow(|flow| flow.reachable = Reachable::Phones);
    check(
        phones,
        "phone 1090\n3s keys 1090\n5s answers",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   ring 1090 for 20 s
            5.0s   talks with 1090
        "#]],
    );
}

#[test]
fn without_hash_as_an_end_only_the_pause_ends() {
    let body = flow(|flow| flow.keys = KeyRules { hash_ends: false, next_timeout: 3, ..KeyRules::default() });
    check(
        body,
        "agent 101\nagent 1012\n3s keys 101#\n9s answers",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            6.4s   keyed an extension, 3 digits
            6.4s   ring 101 for 20 s
            9.0s   talks with 101
        "#]],
    );
}

#[test]
fn a_caller_who_hangs_up_is_gone_whatever_goes_on() {
    check(
        usual(),
        "agent 1001\n3s keys 1001\n5s hangs up",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            3.6s   keyed an extension, 4 digits
            3.6s   ring 1001 for 20 s
            5.0s   the caller hangs up
        "#]],
    );
}

#[test]
fn a_caller_who_presses_keys_all_the_time_uses_up_the_repeats_and_no_more() {
    let keys: String = (0..200).map(|at| format!("{}s keys 99999999\n", at * 2)).collect();
    check(
        usual(),
        &format!("agent 1001\n{keys}"),
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            0.0s   cut short
            0.6s   keyed an extension, 4 digits
            0.6s   play wrong
            0.8s   cut short
            1.4s   keyed an extension, 4 digits
            1.4s   play wrong
            2.0s   cut short
            2.6s   keyed an extension, 4 digits
            2.6s   repeats exhausted
            2.6s   hang up after goodbye
        "#]],
    );
}

#[test]
fn letters_of_the_fourth_column_mean_nothing() {
    check(
        usual(),
        "agent 1001\n3s keys 1A0B01D\n6s answers",
        &expect![[r#"
            0.0s   answer
            0.0s   play which-extension
            4.0s   keyed an extension, 4 digits
            4.0s   ring 1001 for 20 s
            6.0s   talks with 1001
        "#]],
    );
}
