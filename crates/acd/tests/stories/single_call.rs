//! One call, then logged out (NS one call; A16, A17).

use expect_test::expect;

use crate::story::check;

#[test]
fn one_call_then_logged_out_in_all_queues_of_the_same_request() {
    check(
        "
        queue support: ann
        queue sales: ann
        queue billing: ann
        1s    ann login billing
        2s    ann single-call support
        3s    ann single-call
        4s    caller 1 -> support
        5s    ann accepts
        6s    ann hangs up
        ",
        &expect![[r#"
            1s     state      ann@billing   ready
            2s     state      ann@support   ready
            3s     state      ann@sales     ready
            4s     queued     call 1  support, position 1
            4s     offered    call 1  ann (idle 2s, for 20s)
            4s     state      ann@support   ringing, offer 1
            4s     state      ann@sales     ringing, offer 1
            4s     state      ann@billing   ringing, offer 1
            5s     connected  call 1  ann (waited 1s)
            5s     state      ann@support   queue call 1
            5s     state      ann@sales     other call 1
            5s     state      ann@billing   other call 1
            6s     state      ann@support   logged out
            6s     state      ann@sales     logged out
            6s     state      ann@billing   logged out
        "#]],
    );
}

#[test]
fn a_single_call_of_one_queue_leaves_the_others_logged_in() {
    check(
        "
        queue support: ann
        queue sales: ann, wrap-up 5s
        1s    ann login sales
        2s    ann single-call support
        3s    caller 1 -> sales
        4s    ann accepts
        5s    ann hangs up
        11s   caller 2 -> support
        12s   ann accepts
        13s   ann hangs up
        ",
        &expect![[r#"
            1s     state      ann@sales     ready
            2s     state      ann@support   ready
            3s     queued     call 1  sales, position 1
            3s     offered    call 1  ann (idle 2s, for 20s)
            3s     state      ann@support   ringing, offer 1
            3s     state      ann@sales     ringing, offer 1
            4s     connected  call 1  ann (waited 1s)
            4s     state      ann@support   other call 1
            4s     state      ann@sales     queue call 1
            5s     state      ann@support   wrap-up until 10s
            5s     state      ann@sales     wrap-up until 10s
            10s    state      ann@support   ready
            10s    state      ann@sales     ready
            11s    queued     call 2  support, position 1
            11s    offered    call 2  ann (idle 6s, for 20s)
            11s    state      ann@support   ringing, offer 2
            11s    state      ann@sales     ringing, offer 2
            12s    connected  call 2  ann (waited 1s)
            12s    state      ann@support   queue call 2
            12s    state      ann@sales     other call 2
            13s    state      ann@support   logged out
            13s    state      ann@sales     ready
        "#]],
    );
}

#[test]
fn a_missed_or_declined_call_uses_up_the_one_call() {
    check(
        "
        queue support: ann, offer 10s, stay-when-empty
        queue sales: ann
        1s    ann single-call
        2s    caller 1 -> support
        20s   ann single-call
        21s   ann declines
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            1s     state      ann@sales     ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 10s)
            2s     state      ann@support   ringing, offer 1
            2s     state      ann@sales     ringing, offer 1
            12s    expired    call 1  ann
            12s    waits      call 1  position 1; logged out: ann
            12s    state      ann@support   logged out
            12s    state      ann@sales     logged out
            20s    offered    call 1  ann (idle 0s, for 10s)
            20s    state      ann@support   ringing, offer 2
            20s    state      ann@sales     ringing, offer 2
            21s    declined   call 1  ann
            21s    waits      call 1  position 1; logged out: ann
            21s    state      ann@support   logged out
            21s    state      ann@sales     logged out
        "#]],
    );
}

#[test]
fn wrap_up_follows_the_one_call_and_then_the_logout() {
    check(
        "
        queue support: ann, wrap-up 10s
        queue sales: ann
        1s    ann single-call
        2s    caller 1 -> support
        3s    ann accepts
        4s    ann hangs up
        20s   ann single-call support
        21s   caller 2 -> support
        22s   ann accepts
        23s   ann not-ready lunch
        24s   ann hangs up
        40s   end
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            1s     state      ann@sales     ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            2s     state      ann@sales     ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            3s     state      ann@sales     other call 1
            4s     state      ann@support   wrap-up until 14s
            4s     state      ann@sales     wrap-up until 14s
            14s    state      ann@support   logged out
            14s    state      ann@sales     logged out
            20s    state      ann@support   ready
            21s    queued     call 2  support, position 1
            21s    offered    call 2  ann (idle 1s, for 20s)
            21s    state      ann@support   ringing, offer 2
            22s    connected  call 2  ann (waited 1s)
            22s    state      ann@support   queue call 2
            23s    accepted   ann@support: after the call
            23s    state      ann@support   queue call 2, then not ready: lunch, since 22s
            24s    state      ann@support   wrap-up until 34s, then not ready: lunch
            34s    state      ann@support   not ready: lunch
        "#]],
    );
}

#[test]
fn rule_3_the_one_call_goes_before_a_pending_not_ready() {
    check(
        "
        queue support: ann
        1s    ann single-call
        2s    caller 1 -> support
        3s    ann accepts
        4s    ann not-ready lunch
        5s    ann hangs up
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            4s     accepted   ann@support: after the call
            4s     state      ann@support   queue call 1, then not ready: lunch, since 3s
            5s     state      ann@support   logged out
        "#]],
    );
}

#[test]
fn asked_during_a_call_that_call_is_the_one() {
    check(
        "
        queue support: ann
        1s    ann login
        2s    caller 1 -> support
        3s    ann accepts
        4s    ann single-call
        5s    ann hangs up
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            5s     state      ann@support   logged out
        "#]],
    );
}

#[test]
fn two_single_calls_asked_for_apart_are_two() {
    check(
        "
        queue support: ann
        queue sales: ann
        0s    ann single-call support
        1s    ann single-call sales
        2s    caller 1 -> support
        3s    ann accepts
        4s    ann hangs up
        5s    caller 2 -> sales
        6s    ann accepts
        7s    ann hangs up
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     state      ann@sales     ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 2s, for 20s)
            2s     state      ann@support   ringing, offer 1
            2s     state      ann@sales     ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            3s     state      ann@sales     other call 1
            4s     state      ann@support   logged out
            4s     state      ann@sales     ready
            5s     queued     call 2  sales, position 1
            5s     offered    call 2  ann (idle 1s, for 20s)
            5s     state      ann@sales     ringing, offer 2
            6s     connected  call 2  ann (waited 1s)
            6s     state      ann@sales     queue call 2
            7s     state      ann@sales     logged out
        "#]],
    );
}

#[test]
fn who_has_had_her_one_call_is_passed_over_for_what_she_does() {
    check(
        "
        queue support: ann bob, wrap-up 5s, stay-when-empty
        agent ann: max 2
        0s    bob login
        0s    ann single-call
        1s    bob not-ready
        2s    caller 1 -> support
        3s    ann accepts
        4s    caller 2 -> support
        5s    ann hangs up
        6s    caller 3 -> support
        7s    caller 2 hangs up
        8s    caller 3 hangs up
        11s   end
        ",
        &expect![[r#"
            0s     state      bob@support   ready
            0s     state      ann@support   ready
            1s     state      bob@support   not ready: 
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 2s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            4s     queued     call 2  support, position 1
            4s     waits      call 2  position 1; on a call: ann; not ready: bob
            5s     state      ann@support   wrap-up until 10s
            6s     queued     call 3  support, position 2
            6s     waits      call 3  position 2; wrap-up: ann; not ready: bob
            7s     left       call 2  support: abandoned
            8s     left       call 3  support: abandoned
            10s    state      ann@support   logged out
        "#]],
    );
}
