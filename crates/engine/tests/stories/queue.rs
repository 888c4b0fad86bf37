//! A queue call that goes well, and every way in which one of the two ends it.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_caller_waits_with_music_until_a_free_agent_answers_and_hangs_up() {
    check(
        "
        queue 8000: ann bob; wrap=5 patient
        number +4930123 queue:8000
        up ann
        1s   c1 calls +4930123
        2s   ann login
        3s   ann ready
        4s   ann rings
        6s   ann answers
        9s   c1 hangs up
        20s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   call 1 offered to ann
            2s   ann in 8000: ringing, by request
            2s   ann: dial 1001 from c1 for q8000
            2s   reply: 8000 ringing
            3s   reply: 8000 ringing
            6s   call 1 connected to ann by 8000 after 5000 ms
            6s   ann in 8000: queue call 1
            6s   c1 + ann: bridge
            9s   c1 + ann: unbridge
            9s   ann: end normal
            9s   ann in 8000: wrap-up
            9s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            14s  ann in 8000: ready, available
        "#]],
    );
}

#[test]
fn the_agent_hangs_up_and_the_next_caller_rings_her_at_once() {
    check(
        "
        queue 8000: ann
        on ann
        1s   c1 calls 8000
        2s   ann answers
        3s   c2 calls 8000
        5s   ann hangs up
        6s   ann answers
        7s   ann hangs up
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
            3s   call 2 arrived
            3s   call 2 queued in 8000, position 1
            3s   c2: answer
            3s   c2: play music again and again
            5s   call 2 offered to ann
            5s   ann in 8000: ringing
            5s   ann + c1: unbridge
            5s   c1: end normal
            5s   ann: dial 1001 from c2 for q8000
            5s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            6s   call 2 connected to ann by 8000 after 3000 ms
            6s   ann in 8000: queue call 2
            6s   c2 + ann: bridge
            7s   ann in 8000: ready, available
            7s   ann + c2: unbridge
            7s   c2: end normal
            7s   call 2 ended, Inbound normal: c2 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn both_hang_up_in_the_same_moment_and_nothing_is_said_twice() {
    check(
        "
        queue 8000: ann
        on ann
        slow
        1s   c1 calls 8000
        2s   ann answers
        5s   c1 hangs up
        5s   ann hangs up
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
            5s   c1 + ann: unbridge
            5s   ann: end normal
            5s   ann in 8000: ready, available
            5s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn an_agent_is_free_only_when_her_own_leg_has_ended() {
    check(
        "
        queue 8000: ann
        on ann
        slow
        1s   c1 calls 8000
        2s   ann answers
        3s   c2 calls 8000
        5s   c1 hangs up
        6s   ann over normal
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
            3s   call 2 arrived
            3s   call 2 queued in 8000, position 1
            3s   c2: answer
            3s   c2: play music again and again
            5s   c1 + ann: unbridge
            5s   ann: end normal
            6s   call 2 offered to ann
            6s   ann in 8000: ringing
            6s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            6s   ann: dial 1001 from c2 for q8000
        "#]],
    );
}

#[test]
fn a_caller_who_gives_up_while_waiting_is_abandoned_and_late_after_the_threshold() {
    check(
        "
        queue 8000: ann; patient sla=10
        1s   c1 calls 8000
        2s   c2 calls 8000
        4s   c1 hangs up
        20s  c2 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 2
            2s   c2: answer
            2s   c2: play music again and again
            4s   call 1 left 8000: Abandoned
            4s   call 1 ended, Inbound caller_gone: c1 Answered normal; 8000 Abandoned
            20s  call 2 left 8000: Abandoned
            20s  call 2 ended, Inbound caller_gone: c2 Answered normal; 8000 Abandoned
        "#]],
    );
}

#[test]
fn a_caller_who_gives_up_while_it_rings_stops_the_ringing() {
    check(
        "
        queue 8000: ann
        on ann
        1s   c1 calls 8000
        2s   ann rings
        3s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   call 1 not taken by ann: CallerGone
            3s   call 1 left 8000: Abandoned
            3s   ann in 8000: ready, available
            3s   ann: end caller_gone
            3s   call 1 ended, Inbound caller_gone: c1 Answered normal, ann Cancelled caller_gone; 8000 Abandoned
        "#]],
    );
}

#[test]
fn an_answer_that_crosses_the_callers_end_is_not_bridged() {
    check(
        "
        queue 8000: ann
        on ann
        slow
        1s   c1 calls 8000
        2s   ann rings
        3s   c1 hangs up
        3s   ann answers
        4s   ann over normal
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   call 1 not taken by ann: CallerGone
            3s   call 1 left 8000: Abandoned
            3s   ann in 8000: ready, available
            3s   ann: end caller_gone
            4s   call 1 ended, Inbound caller_gone: c1 Answered normal, ann Cancelled caller_gone; 8000 Abandoned
        "#]],
    );
}

#[test]
fn an_agent_who_calls_a_queue_is_busy_and_not_offered_her_own_call() {
    check(
        "
        queue 8000: ann bob
        on ann bob
        1s   ann calls 8000
        2s   bob answers
        3s   bob hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann in 8000: other call 1
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to bob
            1s   bob in 8000: ringing
            1s   ann: answer
            1s   ann: play music again and again
            1s   bob: dial 1002 from ann for q8000
            2s   call 1 connected to bob by 8000 after 1000 ms
            2s   bob in 8000: queue call 1
            2s   ann + bob: bridge
            3s   bob in 8000: ready, available
            3s   bob + ann: unbridge
            3s   ann: end normal
            3s   ann in 8000: ready, available
            3s   call 1 ended, Internal normal: ann Answered normal, bob Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn an_answer_after_the_threshold_is_late_and_without_threshold_neither() {
    check(
        "
        queue 8000: ann; sla=5 patient
        queue 8001: ann; sla=0 patient
        up ann
        1s   c1 calls 8000
        7s   ann login
        8s   ann answers
        9s   c1 hangs up
        10s  c2 calls 8001
        11s  ann answers
        12s  c2 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            7s   call 1 offered to ann
            7s   ann in 8000: ringing, by request
            7s   ann in 8001: ringing, by request
            7s   ann: dial 1001 from c1 for q8000
            7s   reply: 8000 ringing, 8001 ringing
            8s   call 1 connected to ann by 8000 after 7000 ms
            8s   ann in 8000: queue call 1
            8s   ann in 8001: other call 1
            8s   c1 + ann: bridge
            9s   c1 + ann: unbridge
            9s   ann: end normal
            9s   ann in 8000: ready, available
            9s   ann in 8001: ready, available
            9s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered late
            10s  call 2 arrived
            10s  call 2 queued in 8001, position 1
            10s  call 2 offered to ann
            10s  ann in 8000: ringing
            10s  ann in 8001: ringing
            10s  c2: answer
            10s  c2: play music again and again
            10s  ann: dial 1001 from c2 for q8001
            11s  call 2 connected to ann by 8001 after 1000 ms
            11s  ann in 8000: other call 2
            11s  ann in 8001: queue call 2
            11s  c2 + ann: bridge
            12s  c2 + ann: unbridge
            12s  ann: end normal
            12s  ann in 8000: ready, available
            12s  ann in 8001: ready, available
            12s  call 2 ended, Inbound normal: c2 Answered normal, ann Answered normal; 8001 Answered
        "#]],
    );
}
