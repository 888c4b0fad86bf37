//! Working hours of agents: minutes of the day, by the clock of the story.

use expect_test::expect;

use crate::story::check;

#[test]
fn the_end_of_her_hours_makes_an_agent_not_ready_and_their_beginning_ready_again() {
    check(
        "
        queue 8000: ann; patient
        hours ann 0-1 2-3
        on ann
        59s  .
        61s  c1 calls 8000
        121s ann answers
        ",
        expect![[r#"
            60s  ann in 8000: not ready (hours)
            61s  call 1 arrived
            61s  call 1 queued in 8000, position 1
            61s  c1: answer
            61s  c1: play music again and again
            120s call 1 offered to ann
            120s ann in 8000: ringing
            120s ann: dial 1001 from c1 for q8000
            121s call 1 connected to ann by 8000 after 60000 ms
            121s ann in 8000: queue call 1
            121s c1 + ann: bridge
        "#]],
    );
}

#[test]
fn an_agent_on_a_call_is_not_ready_when_it_is_over_and_its_wrap_up_are() {
    check(
        "
        queue 8000: ann; wrap=5
        hours ann 0-1
        on ann
        50s  c1 calls 8000
        55s  ann answers
        65s  c1 hangs up
        75s  .
        ",
        expect![[r#"
            50s  call 1 arrived
            50s  call 1 queued in 8000, position 1
            50s  call 1 offered to ann
            50s  ann in 8000: ringing
            50s  c1: answer
            50s  c1: play music again and again
            50s  ann: dial 1001 from c1 for q8000
            55s  call 1 connected to ann by 8000 after 5000 ms
            55s  ann in 8000: queue call 1
            55s  c1 + ann: bridge
            60s  ann in 8000: queue call 1, then not ready
            65s  c1 + ann: unbridge
            65s  ann: end normal
            65s  ann in 8000: wrap-up, then not ready
            65s  call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            70s  ann in 8000: not ready (hours)
        "#]],
    );
}

#[test]
fn what_an_agent_chose_herself_stays_when_her_hours_begin() {
    check(
        "
        queue 8000: ann; patient
        hours ann 0-1 2-3
        on ann
        30s  ann not-ready
        125s .
        ",
        expect![[r#"
            30s  ann in 8000: not ready (lunch), by request
            30s  reply: 8000 not ready (lunch)
        "#]],
    );
}

#[test]
fn an_agent_may_make_herself_ready_outside_her_hours_and_their_end_is_not_forgotten() {
    check(
        "
        queue 8000: ann; patient
        hours ann 0-1 2-3
        on ann
        70s  ann ready
        180s .
        ",
        expect![[r#"
            60s  ann in 8000: not ready (hours)
            70s  ann in 8000: ready, available, by request
            70s  reply: 8000 ready
            180s ann in 8000: not ready (hours)
        "#]],
    );
}

#[test]
fn a_phone_that_comes_back_does_not_bring_the_hours_back() {
    check(
        "
        queue 8000: ann; patient
        hours ann 0-1
        on ann
        70s  ann down
        75s  ann up
        ",
        expect![[r#"
            60s  ann in 8000: not ready (hours)
            70s  ann gone
            70s  ann in 8000: offline
            75s  ann registered
            75s  ann in 8000: not ready (hours)
        "#]],
    );
}

#[test]
fn hours_that_are_given_up_make_the_agent_ready_again() {
    check(
        "
        queue 8000: ann; patient
        hours ann 0-1
        on ann
        70s  .
        80s  provision hours ann none
        ",
        expect![[r#"
            60s  ann in 8000: not ready (hours)
            80s  ann in 8000: ready, available
            80s  provisioned
        "#]],
    );
}

#[test]
fn new_hours_hold_at_once() {
    check(
        "
        queue 8000: ann; patient
        on ann
        70s  provision hours ann 5-6
        80s  .
        301s .
        ",
        expect![[r#"
            70s  ann in 8000: not ready (hours)
            70s  provisioned
            300s ann in 8000: ready, available
        "#]],
    );
}

#[test]
fn an_agent_may_keep_the_hours_of_a_business_and_a_holiday_of_it_is_hers() {
    check(
        "
        business day 0-1 2-3
        queue 8000: ann; patient
        hours ann day
        on ann
        121s provision business day 0-9 holiday:reunification
        125s provision business day 0-9
        ",
        expect![[r#"
            60s  ann in 8000: not ready (hours)
            120s ann in 8000: ready, available
            121s ann in 8000: not ready (hours)
            121s provisioned
            125s ann in 8000: ready, available
            125s provisioned
        "#]],
    );
}

#[test]
fn hours_that_end_together_end_at_once_so_that_nobody_is_rung_in_passing() {
    check(
        "
        queue 8000: ann bob; patient
        hours ann 0-1
        hours bob 0-1
        on ann bob
        59s  c1 calls 8000
        61s  .
        ",
        expect![[r#"
            59s  call 1 arrived
            59s  call 1 queued in 8000, position 1
            59s  call 1 offered to ann
            59s  ann in 8000: ringing
            59s  c1: answer
            59s  c1: play music again and again
            59s  ann: dial 1001 from c1 for q8000
            60s  call 1 not taken by ann: AgentLeft
            60s  ann in 8000: not ready (hours)
            60s  bob in 8000: not ready (hours)
            60s  ann: end queue_rule
        "#]],
    );
}

#[test]
fn a_caller_whose_longest_wait_ends_with_somebodys_hours_is_not_told_his_place_any_more() {
    check(
        "
        queue 8000: bob; place=10 patient wait=60
        hours ann 0-1
        0s   c1 calls 8000
        50s  c1 heard
        61s  .
        ",
        expect![[r#"
            0s   call 1 arrived
            0s   call 1 queued in 8000, position 1
            0s   c1: answer
            0s   c1: play music again and again
            0s   c1: play en/you-are-next
            50s  c1: play music again and again
            60s  call 1 left 8000: OverflowTimeout
            60s  c1: end queue_rule
            60s  call 1 ended, Inbound queue_rule: c1 Answered queue_rule; 8000 OverflowTimeout
        "#]],
    );
}
