//! Phones that are offered a call and do not say that they ring.

use engine::Limits;
use expect_test::{Expect, expect};

use crate::story::check_with;

fn check(story: &str, expect: Expect) {
    check_with(Limits::default(), story, expect);
}

#[test]
fn a_phone_that_says_nothing_misses_nothing_and_is_left_alone_until_it_is_heard_of() {
    check(
        "
        queue 8000: ann bob; strategy=linear
        on ann bob
        1s   c1 calls 8000
        10s  bob rings
        11s  bob answers
        12s  c2 calls 8000
        20s  c1 hangs up
        21s  bob rings
        22s  c2 hangs up
        30s  ann up
        31s  c3 calls 8000
        32s  ann rings
        33s  ann answers
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            9s   call 1 not taken by ann: Unreachable
            9s   call 1 offered to bob
            9s   ann in 8000: offline
            9s   bob in 8000: ringing
            9s   ann: end unreachable
            9s   bob: dial 1002 from c1 for q8000
            11s  call 1 connected to bob by 8000 after 10000 ms
            11s  bob in 8000: queue call 1
            11s  c1 + bob: bridge
            12s  call 2 arrived
            12s  call 2 queued in 8000, position 1
            12s  c2: answer
            12s  c2: play music again and again
            20s  c1 + bob: unbridge
            20s  bob: end normal
            20s  call 2 offered to bob
            20s  bob in 8000: ringing
            20s  call 1 ended, Inbound normal: c1 Answered normal, ann Failed unreachable, bob Answered normal; 8000 Answered in time
            20s  bob: dial 1002 from c2 for q8000
            22s  call 2 not taken by bob: CallerGone
            22s  call 2 left 8000: Abandoned
            22s  bob in 8000: ready, available
            22s  bob: end caller_gone
            22s  call 2 ended, Inbound caller_gone: c2 Answered normal, bob Cancelled caller_gone; 8000 Abandoned
            30s  ann in 8000: ready, available
            31s  call 3 arrived
            31s  call 3 queued in 8000, position 1
            31s  call 3 offered to ann
            31s  ann in 8000: ringing
            31s  c3: answer
            31s  c3: play music again and again
            31s  ann: dial 1001 from c3 for q8000
            33s  call 3 connected to ann by 8000 after 2000 ms
            33s  ann in 8000: queue call 3
            33s  c3 + ann: bridge
        "#]],
    );
}

#[test]
fn a_phone_that_rings_in_time_rings_to_the_end_and_is_missed() {
    check(
        "
        queue 8000: ann; ring=20 patient
        on ann
        1s   c1 calls 8000
        8.9s ann rings
        30s  c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            21s  call 1 not taken by ann: NoAnswer
            21s  ann in 8000: ready
            21s  ann: end no_answer
            26s  call 1 offered to ann
            26s  ann in 8000: ringing
            26s  ann: dial 1001 from c1 for q8000
            30s  call 1 not taken by ann: CallerGone
            30s  call 1 left 8000: Abandoned
            30s  ann in 8000: ready, available
            30s  ann: end caller_gone
            30s  call 1 ended, Inbound caller_gone: c1 Answered normal, ann NoAnswer no_answer, ann Cancelled caller_gone; 8000 Abandoned
        "#]],
    );
}

#[test]
fn where_it_rings_more_briefly_than_a_phone_may_be_silent_it_is_not_missed_either() {
    check(
        "
        queue 8000: ann; ring=5 patient
        on ann
        1s   c1 calls 8000
        30s  c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            4.750s call 1 not taken by ann: Unreachable
            4.750s ann in 8000: offline
            4.750s ann: end unreachable
            30s  call 1 left 8000: Abandoned
            30s  call 1 ended, Inbound caller_gone: c1 Answered normal, ann Failed unreachable; 8000 Abandoned
        "#]],
    );
}

#[test]
fn an_answer_without_a_word_before_is_an_answer_and_one_that_comes_too_late_hears_nobody() {
    check(
        "
        queue 8000: ann bob; strategy=linear
        on ann bob
        1s   c1 calls 8000
        2s   ann answers
        3s   c1 hangs up
        60s  c2 calls 8000
        slow
        68s  ann answers
        69s  bob answers
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   call 1 connected to ann by 8000 after 1000 ms
            2s   ann in 8000: queue call 1
            2s   c1 + ann: bridge
            3s   c1 + ann: unbridge
            3s   ann: end normal
            3s   ann in 8000: ready, available
            3s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            60s  call 2 arrived
            60s  call 2 queued in 8000, position 1
            60s  call 2 offered to ann
            60s  ann in 8000: ringing
            60s  c2: answer
            60s  c2: play music again and again
            60s  ann: dial 1001 from c2 for q8000
            68s  call 2 not taken by ann: Unreachable
            68s  call 2 offered to bob
            68s  ann in 8000: offline
            68s  bob in 8000: ringing
            68s  ann: end unreachable
            68s  bob: dial 1002 from c2 for q8000
            69s  call 2 connected to bob by 8000 after 9000 ms
            69s  bob in 8000: queue call 2
            69s  c2 + bob: bridge
        "#]],
    );
}

#[test]
fn a_personal_phone_outside_may_take_its_time() {
    check(
        "
        queue 8000: ann; ring=30 patient
        personal ann +491701 always
        on ann
        1s   c1 calls 8000
        20s  +491701 rings
        21s  c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   +491701: dial +491701 by trunk 1 from c1 for q8000
            21s  call 1 not taken by ann: CallerGone
            21s  call 1 left 8000: Abandoned
            21s  ann in 8000: ready, available
            21s  +491701: end caller_gone
            21s  call 1 ended, Inbound caller_gone: c1 Answered normal, +491701 Cancelled caller_gone; 8000 Abandoned
        "#]],
    );
}
