//! Entering a line: who is kept out, who goes first, whom a caller is led to.

use expect_test::expect;

use crate::story::check;

#[test]
fn the_number_dialed_brings_priority_and_skills() {
    check(
        "
        queue 8000: ann bob; patient
        number +493011 queue:8000
        number +493012 queue:8000 priority=3 skill=french
        skill bob french 2
        on ann
        1s   ann not-ready
        2s   c1 calls +493011
        3s   c2 calls +493012
        4s   ann ready
        5s   ann answers
        6s   bob up
        7s   bob login
        ",
        expect![[r#"
            1s   ann in 8000: not ready (lunch), by request
            1s   reply: 8000 not ready (lunch)
            2s   call 1 arrived
            2s   call 1 queued in 8000, position 1
            2s   c1: answer
            2s   c1: play music again and again
            3s   call 2 arrived
            3s   call 2 queued in 8000, position 1
            3s   c2: answer
            3s   c2: play music again and again
            4s   call 1 offered to ann
            4s   ann in 8000: ringing, by request
            4s   ann: dial 1001 from c1 for q8000
            4s   reply: 8000 ringing
            5s   call 1 connected to ann by 8000 after 3000 ms
            5s   ann in 8000: queue call 1
            5s   c1 + ann: bridge
            6s   bob registered
            6s   bob in 8000: logged out
            7s   call 2 offered to bob
            7s   bob in 8000: ringing, by request
            7s   bob: dial 1002 from c2 for q8000
            7s   reply: 8000 ringing
        "#]],
    );
}

#[test]
fn a_vip_goes_first_until_his_time_is_over_and_his_higher_priority_wins() {
    check(
        "
        queue 8000: ann; patient
        number +493011 queue:8000 priority=3
        vip 4930111 7 20
        up ann
        1s   c1 calls +493011
        2s   +4930111 calls +493011
        3s   ann login
        4s   ann answers
        21s  +4930111 calls +493011
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 1
            2s   +4930111: answer
            2s   +4930111: play music again and again
            3s   call 2 offered to ann
            3s   ann in 8000: ringing, by request
            3s   ann: dial 1001 from +4930111 for q8000
            3s   reply: 8000 ringing
            4s   call 2 connected to ann by 8000 after 2000 ms
            4s   ann in 8000: queue call 2
            4s   +4930111 + ann: bridge
            21s  call 3 arrived
            21s  call 3 queued in 8000, position 2
            21s  +4930111'2: answer
            21s  +4930111'2: play music again and again
        "#]],
    );
}

#[test]
fn a_number_on_the_blacklist_is_refused_without_a_word_and_leaves_a_record() {
    check(
        "
        queue 8000: ann
        number +493011 queue:8000
        blacklist +4930111 50
        on ann
        1s   4930111 calls 1090
        2s   +4930111 calls +493011
        51s  +4930111 calls +493011
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   4930111: refuse forbidden
            1s   call 1 ended, Internal forbidden: 4930111 Failed forbidden
            2s   call 2 arrived
            2s   +4930111: refuse blocked
            2s   call 2 ended, Inbound blocked: +4930111 Failed blocked
            51s  call 3 arrived
            51s  call 3 queued in 8000, position 1
            51s  call 3 offered to ann
            51s  ann in 8000: ringing
            51s  +4930111: answer
            51s  +4930111: play music again and again
            51s  ann: dial 1001 from +4930111 for q8000
        "#]],
    );
}

#[test]
fn a_caller_whom_the_queues_refuse_hears_so_and_stands_in_no_line() {
    check(
        "
        queue 8000: ann
        refused +4930111
        on ann
        1s   +4930111 calls 8000
        5s   +4930111 heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   +4930111: answer
            1s   +4930111: play blocked
            5s   +4930111: end blocked
            5s   call 1 ended, Inbound blocked: +4930111 Answered blocked
        "#]],
    );
}

#[test]
fn a_warned_caller_who_presses_2_goes_on_and_is_not_warned_again() {
    check(
        "
        queue 8000: ann; patient wait=15 on_no_answer=queue:8001
        queue 8001: ann; patient
        warned +4930111
        1s   +4930111 calls 8000
        2s   +4930111 presses 7
        3s   +4930111 presses 2
        19s  +4930111 presses 2
        20s  +4930111 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   +4930111: answer
            1s   +4930111: play blocked-warning
            3s   call 1 queued in 8000, position 1
            3s   +4930111: play music again and again
            18s  call 1 left 8000: OverflowTimeout
            18s  call 1 queued in 8001, position 1
            20s  call 1 left 8001: Abandoned
            20s  call 1 ended, Inbound caller_gone: +4930111 Answered normal; 8000 OverflowTimeout; 8001 Abandoned
        "#]],
    );
}

#[test]
fn a_warned_caller_who_presses_1_is_sent_away() {
    check(
        "
        queue 8000: ann
        warned +4930111
        on ann
        1s   +4930111 calls 8000
        2s   +4930111 heard
        3s   +4930111 presses 1
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   +4930111: answer
            1s   +4930111: play blocked-warning
            3s   +4930111: end blocked
            3s   call 1 ended, Inbound blocked: +4930111 Answered blocked
        "#]],
    );
}

#[test]
fn a_warned_caller_who_presses_nothing_is_sent_away_ten_seconds_after_the_warning() {
    check(
        "
        queue 8000: ann
        warned +4930111
        on ann
        1s   +4930111 calls 8000
        7s   +4930111 heard
        20s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   +4930111: answer
            1s   +4930111: play blocked-warning
            17s  +4930111: end blocked
            17s  call 1 ended, Inbound blocked: +4930111 Answered blocked
        "#]],
    );
}

#[test]
fn a_warned_caller_who_hangs_up_has_given_up() {
    check(
        "
        queue 8000: ann
        warned +4930111
        on ann
        1s   +4930111 calls 8000
        2s   +4930111 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   +4930111: answer
            1s   +4930111: play blocked-warning
            2s   call 1 ended, Inbound caller_gone: +4930111 Answered normal
        "#]],
    );
}

#[test]
fn an_agent_who_calls_a_queue_that_warns_her_is_on_a_call_meanwhile() {
    check(
        "
        queue 8000: ann bob; patient
        warned ann
        on ann
        1s   ann calls 8000
        2s   c1 calls 8000
        3s   ann presses 1
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann in 8000: other call 1
            1s   ann: answer
            1s   ann: play blocked-warning
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 1
            2s   c1: answer
            2s   c1: play music again and again
            3s   ann: end blocked
            3s   call 2 offered to ann
            3s   ann in 8000: ringing
            3s   call 1 ended, Internal blocked: ann Answered blocked
            3s   ann: dial 1001 from c1 for q8000
        "#]],
    );
}

#[test]
fn a_caller_is_led_to_his_own_agents_first_and_to_others_if_none_of_them_is_free() {
    check(
        "
        queue 8000: ann bob cid; strategy=linear patient
        own 4930111 8000 cid bob
        on ann bob
        1s   +4930111 calls 8000
        2s   bob answers
        3s   +4930111 calls 8000
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to bob
            1s   bob in 8000: ringing
            1s   +4930111: answer
            1s   +4930111: play music again and again
            1s   bob: dial 1002 from +4930111 for q8000
            2s   call 1 connected to bob by 8000 after 1000 ms
            2s   bob in 8000: queue call 1
            2s   +4930111 + bob: bridge
            3s   call 2 arrived
            3s   call 2 queued in 8000, position 1
            3s   call 2 offered to ann
            3s   ann in 8000: ringing
            3s   +4930111'2: answer
            3s   +4930111'2: play music again and again
            3s   ann: dial 1001 from +4930111 for q8000
        "#]],
    );
}

#[test]
fn a_caller_is_led_to_the_agent_who_served_him_last_while_she_is_free() {
    check(
        "
        queue 8000: ann bob; strategy=linear patient
        on bob
        1s   +4930111 calls 8000
        2s   bob answers
        3s   bob hangs up
        4s   ann up
        5s   ann login
        6s   +4930111 calls 8000
        7s   bob answers
        8s   bob hangs up
        9s   c1 calls 8000
        10s  ann answers
        11s  c1 hangs up
        12s  bob not-ready
        13s  +4930111 calls 8000
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to bob
            1s   bob in 8000: ringing
            1s   +4930111: answer
            1s   +4930111: play music again and again
            1s   bob: dial 1002 from +4930111 for q8000
            2s   call 1 connected to bob by 8000 after 1000 ms
            2s   bob in 8000: queue call 1
            2s   +4930111 + bob: bridge
            3s   bob in 8000: ready, available
            3s   bob + +4930111: unbridge
            3s   +4930111: end normal
            3s   call 1 ended, Inbound normal: +4930111 Answered normal, bob Answered normal; 8000 Answered in time
            4s   ann registered
            4s   ann in 8000: logged out
            5s   ann in 8000: ready, available, by request
            5s   reply: 8000 ready
            6s   call 2 arrived
            6s   call 2 queued in 8000, position 1
            6s   call 2 offered to bob
            6s   bob in 8000: ringing
            6s   +4930111: answer
            6s   +4930111: play music again and again
            6s   bob: dial 1002 from +4930111 for q8000
            7s   call 2 connected to bob by 8000 after 1000 ms
            7s   bob in 8000: queue call 2
            7s   +4930111 + bob: bridge
            8s   bob in 8000: ready, available
            8s   bob + +4930111: unbridge
            8s   +4930111: end normal
            8s   call 2 ended, Inbound normal: +4930111 Answered normal, bob Answered normal; 8000 Answered in time
            9s   call 3 arrived
            9s   call 3 queued in 8000, position 1
            9s   call 3 offered to ann
            9s   ann in 8000: ringing
            9s   c1: answer
            9s   c1: play music again and again
            9s   ann: dial 1001 from c1 for q8000
            10s  call 3 connected to ann by 8000 after 1000 ms
            10s  ann in 8000: queue call 3
            10s  c1 + ann: bridge
            11s  c1 + ann: unbridge
            11s  ann: end normal
            11s  ann in 8000: ready, available
            11s  call 3 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            12s  bob in 8000: not ready (lunch), by request
            12s  reply: 8000 not ready (lunch)
            13s  call 4 arrived
            13s  call 4 queued in 8000, position 1
            13s  call 4 offered to ann
            13s  ann in 8000: ringing
            13s  +4930111: answer
            13s  +4930111: play music again and again
            13s  ann: dial 1001 from +4930111 for q8000
        "#]],
    );
}

#[test]
fn without_sticky_days_nobody_is_led_to_the_last_agent() {
    check(
        "
        queue 8000: ann bob; strategy=linear patient sticky=0
        on bob
        1s   +4930111 calls 8000
        2s   bob answers
        3s   bob hangs up
        4s   ann up
        5s   ann login
        6s   +4930111 calls 8000
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to bob
            1s   bob in 8000: ringing
            1s   +4930111: answer
            1s   +4930111: play music again and again
            1s   bob: dial 1002 from +4930111 for q8000
            2s   call 1 connected to bob by 8000 after 1000 ms
            2s   bob in 8000: queue call 1
            2s   +4930111 + bob: bridge
            3s   bob in 8000: ready, available
            3s   bob + +4930111: unbridge
            3s   +4930111: end normal
            3s   call 1 ended, Inbound normal: +4930111 Answered normal, bob Answered normal; 8000 Answered in time
            4s   ann registered
            4s   ann in 8000: logged out
            5s   ann in 8000: ready, available, by request
            5s   reply: 8000 ready
            6s   call 2 arrived
            6s   call 2 queued in 8000, position 1
            6s   call 2 offered to ann
            6s   ann in 8000: ringing
            6s   +4930111: answer
            6s   +4930111: play music again and again
            6s   ann: dial 1001 from +4930111 for q8000
        "#]],
    );
}
