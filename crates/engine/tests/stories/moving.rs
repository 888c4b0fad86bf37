//! A waiting call that somebody takes to another line.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_moved_caller_stands_where_his_whole_wait_puts_him_and_his_longest_wait_there_begins_anew() {
    check(
        "
        queue 8000: ann; patient wait=25
        queue 8001: bob; patient wait=25
        up ann bob
        1s   c1 calls 8001
        3s   c2 calls 8000
        5s   c3 calls 8001
        9s   boss moves 2 8000 8001
        10s  bob login
        10s  bob ready
        11s  bob declines
        12s  bob declines
        35s  c4 calls 8000
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8001, position 1
            1s   c1: answer
            1s   c1: play music again and again
            3s   call 2 arrived
            3s   call 2 queued in 8000, position 1
            3s   c2: answer
            3s   c2: play music again and again
            5s   call 3 arrived
            5s   call 3 queued in 8001, position 2
            5s   c3: answer
            5s   c3: play music again and again
            9s   call 2 left 8000: Removed
            9s   call 2 queued in 8001, position 2
            9s   reply: waits there
            10s  call 1 offered to bob
            10s  bob in 8001: ringing, by request
            10s  bob: dial 1002 from c1 for q8001
            10s  reply: 8001 ringing
            10s  reply: 8001 ringing
            11s  call 1 not taken by bob: Declined
            11s  call 2 offered to bob
            11s  bob in 8001: ringing
            11s  bob: dial 1002 from c2 for q8001
            12s  call 2 not taken by bob: Declined
            12s  call 3 offered to bob
            12s  bob in 8001: ringing
            12s  bob: dial 1002 from c3 for q8001
            26s  call 1 left 8001: OverflowTimeout
            26s  c1: end queue_rule
            26s  call 1 ended, Inbound queue_rule: c1 Answered queue_rule, bob Declined declined; 8001 OverflowTimeout
            30s  call 3 not taken by bob: WaitExpired
            30s  call 3 left 8001: OverflowTimeout
            30s  bob in 8001: ready, available
            30s  bob: end queue_rule
            30s  c3: end queue_rule
            30s  call 3 ended, Inbound queue_rule: c3 Answered queue_rule, bob Cancelled queue_rule; 8001 OverflowTimeout
            34s  call 2 left 8001: OverflowTimeout
            34s  c2: end queue_rule
            34s  call 2 ended, Inbound queue_rule: c2 Answered queue_rule, bob Declined declined; 8000 Removed; 8001 OverflowTimeout
            35s  call 4 arrived
            35s  call 4 queued in 8000, position 1
            35s  c4: answer
            35s  c4: play music again and again
        "#]],
    );
}

#[test]
fn who_was_rung_for_him_is_rung_no_more_and_whoever_is_free_there_is() {
    check(
        "
        queue 8000: ann; patient
        queue 8001: bob; patient
        on ann bob
        1s   c1 calls 8000
        2s   ann rings
        4s   boss moves 1 8000 8001
        5s   bob rings
        6s   bob answers
        9s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            4s   call 1 not taken by ann: CallerGone
            4s   call 1 left 8000: Removed
            4s   ann in 8000: ready, available
            4s   call 1 queued in 8001, position 1
            4s   call 1 offered to bob
            4s   bob in 8001: ringing
            4s   ann: end caller_gone
            4s   bob: dial 1002 from c1 for q8001
            4s   reply: waits there
            6s   call 1 connected to bob by 8001 after 2000 ms
            6s   bob in 8001: queue call 1
            6s   c1 + bob: bridge
            9s   c1 + bob: unbridge
            9s   bob: end normal
            9s   bob in 8001: ready, available
            9s   call 1 ended, Inbound normal: c1 Answered normal, ann Cancelled caller_gone, bob Answered normal; 8000 Removed; 8001 Answered in time
        "#]],
    );
}

#[test]
fn nobody_is_moved_to_where_he_would_be_sent_away_nor_away_from_who_has_lifted() {
    check(
        "
        queue 8000: ann; patient
        queue 8001: bob
        queue 8002: bob; patient full=1
        queue 8003: bob; patient
        up ann bob
        1s   c1 calls 8002
        2s   c2 calls 8000
        3s   boss moves 2 8000 8001
        4s   boss moves 2 8000 8002
        5s   boss moves 2 8000 8009
        6s   boss moves 2 8001 8002
        7s   boss moves 9 8000 8002
        8s   boss moves 2 8000 8000
        9s   night on 8003
        10s  boss moves 2 8000 8003
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8002, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 1
            2s   c2: answer
            2s   c2: play music again and again
            3s   reply: TurnedAway(NoAgents)
            4s   reply: TurnedAway(Full)
            5s   reply: UnknownQueue
            6s   reply: NotWaiting
            7s   reply: UnknownCall
            8s   reply: waits there
            9s   night mode of 8003 on, by request
            9s   reply: night mode
            10s  reply: TurnedAway(Night)
        "#]],
    );
}

#[test]
fn nobody_is_moved_away_from_who_has_lifted_and_a_restart_keeps_the_place_he_was_moved_to() {
    check(
        "
        queue 8000: ann; patient announce=hello
        queue 8001: bob; patient
        on ann
        1s   c1 calls 8000
        2s   ann rings
        3s   ann answers
        4s   boss moves 1 8000 8001
        5s   ann hangs up
        6s   c2 calls 8001
        7s   boss moves 1 8000 8001
        8s   restart
        9s   c2 calls 8001
        9s   c1 calls 8001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   ann: play hello
            4s   reply: BeingAnswered
            5s   call 1 not taken by ann: Declined
            5s   ann in 8000: ready, available
            6s   call 2 arrived
            6s   call 2 queued in 8001, position 1
            6s   c2: answer
            6s   c2: play music again and again
            7s   call 1 left 8000: Removed
            7s   call 1 queued in 8001, position 1
            7s   reply: waits there
            8s   call 1 left 8001: Removed
            8s   ann in 8000: ready
            8s   call 2 left 8001: Removed
            8s   ann gone
            8s   call 1 ended, Inbound node_restart: c1 Answered node_restart, ann Declined declined; 8000 Removed; 8001 Removed
            8s   call 2 ended, Inbound node_restart: c2 Answered node_restart; 8001 Removed
            8s   c1: end node_restart
            8s   c2: end node_restart
            9s   call 3 arrived
            9s   call 3 queued in 8001, position 1
            9s   c2: answer
            9s   c2: play music again and again
            9s   call 4 arrived
            9s   call 4 queued in 8001, position 1
            9s   c1: answer
            9s   c1: play music again and again
        "#]],
    );
}
