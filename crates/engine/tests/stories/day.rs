//! The day of the domain: who has worked least is counted from its midnight.

use expect_test::expect;

use crate::story::check;

#[test]
fn who_has_answered_the_fewest_calls_is_counted_anew_from_midnight() {
    check(
        "
        queue 8000: ann bob; strategy=least_worked
        on ann
        10s  c1 calls 8000
        11s  ann answers
        12s  c1 hangs up
        100s bob up
        101s bob login
        86399s c2 calls 8000
        86399.5s c2 hangs up
        86400s c3 calls 8000
        ",
        expect![[r#"
            10s  call 1 arrived
            10s  call 1 queued in 8000, position 1
            10s  call 1 offered to ann
            10s  ann in 8000: ringing
            10s  c1: answer
            10s  c1: play music again and again
            10s  ann: dial 1001 from c1 for q8000
            11s  call 1 connected to ann by 8000 after 1000 ms
            11s  ann in 8000: queue call 1
            11s  c1 + ann: bridge
            12s  c1 + ann: unbridge
            12s  ann: end normal
            12s  ann in 8000: ready, available
            12s  call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            100s bob registered
            100s bob in 8000: logged out
            101s bob in 8000: ready, available, by request
            101s reply: 8000 ready
            86399s call 2 arrived
            86399s call 2 queued in 8000, position 1
            86399s call 2 offered to bob
            86399s bob in 8000: ringing
            86399s c2: answer
            86399s c2: play music again and again
            86399s bob: dial 1002 from c2 for q8000
            86399.500s call 2 not taken by bob: CallerGone
            86399.500s call 2 left 8000: Abandoned
            86399.500s bob in 8000: ready, available
            86399.500s bob: end caller_gone
            86399.500s call 2 ended, Inbound caller_gone: c2 Answered normal, bob Cancelled caller_gone; 8000 Abandoned
            86400s call 3 arrived
            86400s call 3 queued in 8000, position 1
            86400s call 3 offered to ann
            86400s ann in 8000: ringing
            86400s c3: answer
            86400s c3: play music again and again
            86400s ann: dial 1001 from c3 for q8000
        "#]],
    );
}

#[test]
fn midnight_is_that_of_the_domain() {
    check(
        "
        queue 8000: ann bob; strategy=least_worked
        zone 3600
        on ann
        10s  c1 calls 8000
        11s  ann answers
        12s  c1 hangs up
        100s bob up
        101s bob login
        82799s c2 calls 8000
        82799.5s c2 hangs up
        82800s c3 calls 8000
        ",
        expect![[r#"
            10s  call 1 arrived
            10s  call 1 queued in 8000, position 1
            10s  call 1 offered to ann
            10s  ann in 8000: ringing
            10s  c1: answer
            10s  c1: play music again and again
            10s  ann: dial 1001 from c1 for q8000
            11s  call 1 connected to ann by 8000 after 1000 ms
            11s  ann in 8000: queue call 1
            11s  c1 + ann: bridge
            12s  c1 + ann: unbridge
            12s  ann: end normal
            12s  ann in 8000: ready, available
            12s  call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            100s bob registered
            100s bob in 8000: logged out
            101s bob in 8000: ready, available, by request
            101s reply: 8000 ready
            82799s call 2 arrived
            82799s call 2 queued in 8000, position 1
            82799s call 2 offered to bob
            82799s bob in 8000: ringing
            82799s c2: answer
            82799s c2: play music again and again
            82799s bob: dial 1002 from c2 for q8000
            82799.500s call 2 not taken by bob: CallerGone
            82799.500s call 2 left 8000: Abandoned
            82799.500s bob in 8000: ready, available
            82799.500s bob: end caller_gone
            82799.500s call 2 ended, Inbound caller_gone: c2 Answered normal, bob Cancelled caller_gone; 8000 Abandoned
            82800s call 3 arrived
            82800s call 3 queued in 8000, position 1
            82800s call 3 offered to ann
            82800s ann in 8000: ringing
            82800s c3: answer
            82800s c3: play music again and again
            82800s ann: dial 1001 from c3 for q8000
        "#]],
    );
}
