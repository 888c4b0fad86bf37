//! Feature codes: every code with and without a queue, and every way to fail.

use expect_test::expect;

use crate::story::check;

#[test]
fn each_code_with_a_queue_does_and_says_what_it_means() {
    check(
        "
        queue 8000: ann; manual
        queue 8001: ann
        up ann
        1s   ann calls *388000
        2s   ann heard
        3s   ann calls *368000
        4s   ann heard
        5s   ann calls *378000
        6s   ann heard
        7s   ann calls *398000
        8s   ann heard
        9s   ann calls *388001
        10s  ann heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann in 8000: not ready (login), by code
            1s   ann: answer
            1s   ann: play you-are-logged-in in-queue digit-8 digit-0 digit-0 digit-0 you-are-not-ready
            2s   ann: end normal
            2s   call 1 ended, Internal normal: ann Answered normal
            3s   call 2 arrived
            3s   ann in 8000: ready, available, by code
            3s   ann: answer
            3s   ann: play you-are-ready in-queue digit-8 digit-0 digit-0 digit-0
            4s   ann: end normal
            4s   call 2 ended, Internal normal: ann Answered normal
            5s   call 3 arrived
            5s   ann in 8000: not ready (), by code
            5s   ann: answer
            5s   ann: play you-are-not-ready in-queue digit-8 digit-0 digit-0 digit-0
            6s   ann: end normal
            6s   call 3 ended, Internal normal: ann Answered normal
            7s   call 4 arrived
            7s   ann in 8000: logged out, by code
            7s   ann: answer
            7s   ann: play you-are-logged-out in-queue digit-8 digit-0 digit-0 digit-0
            8s   ann: end normal
            8s   call 4 ended, Internal normal: ann Answered normal
            9s   call 5 arrived
            9s   ann in 8001: ready, available, by code
            9s   ann: answer
            9s   ann: play you-are-logged-in in-queue digit-8 digit-0 digit-0 digit-1 you-are-ready
            10s  ann: end normal
            10s  call 5 ended, Internal normal: ann Answered normal
        "#]],
    );
}

#[test]
fn each_code_without_a_queue_means_all_of_her_queues() {
    check(
        "
        queue 8000: ann; manual
        queue 8001: ann; manual
        up ann
        1s   ann calls *38
        2s   ann heard
        3s   ann calls *36
        4s   ann heard
        5s   ann calls *37
        6s   ann heard
        7s   ann calls *39
        8s   ann heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann in 8000: not ready (login), by code
            1s   ann in 8001: not ready (login), by code
            1s   ann: answer
            1s   ann: play you-are-logged-in in-all-queues you-are-not-ready
            2s   ann: end normal
            2s   call 1 ended, Internal normal: ann Answered normal
            3s   call 2 arrived
            3s   ann in 8000: ready, available, by code
            3s   ann in 8001: ready, available, by code
            3s   ann: answer
            3s   ann: play you-are-ready in-all-queues
            4s   ann: end normal
            4s   call 2 ended, Internal normal: ann Answered normal
            5s   call 3 arrived
            5s   ann in 8000: not ready (), by code
            5s   ann in 8001: not ready (), by code
            5s   ann: answer
            5s   ann: play you-are-not-ready in-all-queues
            6s   ann: end normal
            6s   call 3 ended, Internal normal: ann Answered normal
            7s   call 4 arrived
            7s   ann in 8000: logged out, by code
            7s   ann in 8001: logged out, by code
            7s   ann: answer
            7s   ann: play you-are-logged-out in-all-queues
            8s   ann: end normal
            8s   call 4 ended, Internal normal: ann Answered normal
        "#]],
    );
}

#[test]
fn what_cannot_be_done_is_said() {
    check(
        "
        queue 8000: ann
        queue 8001: bob
        up ann zed 1090
        1s   ann calls *368000
        2s   ann heard
        3s   ann calls *36
        4s   ann heard
        5s   ann calls *388001
        6s   ann heard
        7s   ann calls *99
        8s   ann heard
        9s   zed calls *38
        10s  zed heard
        11s  1090 calls *38
        12s  1090 heard
        13s  c1 calls *38
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: answer
            1s   ann: play not-logged-in
            2s   ann: end normal
            2s   call 1 ended, Internal normal: ann Answered normal
            3s   call 2 arrived
            3s   ann: answer
            3s   ann: play not-logged-in
            4s   ann: end normal
            4s   call 2 ended, Internal normal: ann Answered normal
            5s   call 3 arrived
            5s   ann: answer
            5s   ann: play not-a-member
            6s   ann: end normal
            6s   call 3 ended, Internal normal: ann Answered normal
            7s   call 4 arrived
            7s   ann: answer
            7s   ann: play invalid-code
            8s   ann: end normal
            8s   call 4 ended, Internal normal: ann Answered normal
            9s   call 5 arrived
            9s   zed: answer
            9s   zed: play no-queues
            10s  zed: end normal
            10s  call 5 ended, Internal normal: zed Answered normal
            11s  call 6 arrived
            11s  1090: answer
            11s  1090: play failed
            12s  1090: end normal
            12s  call 6 ended, Internal normal: 1090 Answered normal
            13s  call 7 arrived
            13s  c1: refuse not_found
            13s  call 7 ended, Inbound not_found: c1 Failed not_found
        "#]],
    );
}

#[test]
fn a_ready_agent_without_the_code_of_one_queue_stays_logged_out_there() {
    check(
        "
        queue 8000: ann
        queue 8001: ann
        up ann
        1s   ann calls *388000
        2s   ann hangs up
        3s   ann calls *37
        4s   ann heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann in 8000: ready, available, by code
            1s   ann: answer
            1s   ann: play you-are-logged-in in-queue digit-8 digit-0 digit-0 digit-0 you-are-ready
            2s   call 1 ended, Internal normal: ann Answered normal
            3s   call 2 arrived
            3s   ann in 8000: not ready (), by code
            3s   ann: answer
            3s   ann: play you-are-not-ready in-all-queues
            4s   ann: end normal
            4s   call 2 ended, Internal normal: ann Answered normal
        "#]],
    );
}

#[test]
fn a_caller_who_waits_rings_the_agent_while_she_still_hears_her_code() {
    check(
        "
        queue 8000: ann; patient
        up ann
        1s   c1 calls 8000
        2s   ann calls *38
        3s   ann heard
        4s   ann'2 answers
        5s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   call 2 arrived
            2s   call 1 offered to ann
            2s   ann in 8000: ringing, by code
            2s   ann: answer
            2s   ann: play you-are-logged-in in-all-queues you-are-ready
            2s   ann'2: dial 1001 from c1 for q8000
            3s   ann: end normal
            3s   call 2 ended, Internal normal: ann Answered normal
            4s   call 1 connected to ann by 8000 after 3000 ms
            4s   ann in 8000: queue call 1
            4s   c1 + ann'2: bridge
            5s   c1 + ann'2: unbridge
            5s   ann'2: end normal
            5s   ann in 8000: ready, available
            5s   call 1 ended, Inbound normal: c1 Answered normal, ann'2 Answered normal; 8000 Answered in time
        "#]],
    );
}
