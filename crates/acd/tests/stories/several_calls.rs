//! More than one call at a time: state and availability are separate (A4, A5).

use expect_test::expect;

use crate::story::check;

#[test]
fn she_is_offered_calls_up_to_her_number_and_wrap_up_comes_after_the_last() {
    check(
        "
        queue support: ann, wrap-up 5s
        agent ann: max 2
        0s    ann login
        1s    caller 1 -> support
        2s    caller 2 -> support
        3s    caller 3 -> support
        4s    ann accepts 1
        5s    ann accepts 2
        6s    ann hangs up 1
        7s    ann accepts 3
        8s    ann hangs up 2
        9s    ann hangs up 3
        20s   end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1, available
            2s     queued     call 2  support, position 2
            2s     offered    call 2  ann (idle 2s, for 20s)
            2s     state      ann@support   ringing, offer 1, since 1s
            3s     queued     call 3  support, position 3
            3s     waits      call 3  position 3; ringing: ann
            4s     connected  call 1  ann (waited 3s)
            4s     state      ann@support   queue call 1
            5s     connected  call 2  ann (waited 3s)
            6s     offered    call 3  ann (idle 0s, for 20s)
            6s     state      ann@support   queue call 2
            7s     connected  call 3  ann (waited 4s)
            8s     state      ann@support   queue call 3, available
            9s     state      ann@support   wrap-up until 14s
            14s    state      ann@support   ready
        "#]],
    );
}

#[test]
fn a_direct_call_counts_and_pending_keeps_new_calls_away() {
    check(
        "
        queue support: ann
        agent ann: max 2
        0s    ann login
        1s    ann talks 1
        2s    caller 1 -> support
        3s    ann accepts
        4s    caller 2 -> support
        5s    ann ends 1
        6s    ann not-ready lunch
        7s    ann hangs up 1
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     state      ann@support   other call 901, available
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 2s, for 20s)
            2s     state      ann@support   other call 901, since 1s
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            4s     queued     call 2  support, position 1
            4s     waits      call 2  position 1; on a call: ann
            5s     offered    call 2  ann (idle 0s, for 20s)
            6s     accepted   ann@support: after the call
            6s     withdrawn  call 2  ann (agent left)
            6s     waits      call 2  position 1; about to leave: ann
            6s     state      ann@support   queue call 1, then not ready: lunch, since 3s
            7s     state      ann@support   not ready: lunch
        "#]],
    );
}

#[test]
fn a_single_call_is_one_call_whatever_she_could_take() {
    check(
        "
        queue support: ann
        queue sales: ann
        agent ann: max 3
        0s    ann single-call
        1s    caller 1 -> support
        2s    caller 2 -> sales
        3s    ann accepts
        4s    ann hangs up
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      ann@sales     ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            1s     state      ann@sales     ringing, offer 1
            2s     queued     call 2  sales, position 1
            2s     waits      call 2  position 1; ringing: ann
            3s     connected  call 1  ann (waited 2s)
            3s     state      ann@support   queue call 1
            3s     state      ann@sales     other call 1
            4s     sent on    call 2  position 1; logged out: ann
            4s     left       call 2  sales: no agents -> hang up
            4s     state      ann@support   logged out
            4s     state      ann@sales     logged out
        "#]],
    );
}

#[test]
fn wrap_up_stops_what_still_rings() {
    check(
        "
        queue support: ann bob, wrap-up 5s, linear
        agent ann: max 2
        member ann support: order 1
        member bob support: order 2
        0s    ann login
        1s    caller 1 -> support
        2s    ann accepts
        3s    caller 2 -> support
        4s    bob login
        5s    ann hangs up
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1, available
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1, available
            3s     queued     call 2  support, position 1
            3s     offered    call 2  ann (idle 0s, for 20s)
            3s     state      ann@support   queue call 1, since 2s
            4s     state      bob@support   ready
            5s     withdrawn  call 2  ann (agent left)
            5s     offered    call 2  bob (idle 1s, for 20s)
            5s     state      ann@support   wrap-up until 10s
            5s     state      bob@support   ringing, offer 3
        "#]],
    );
}

#[test]
fn a_logout_from_one_queue_waits_only_for_that_queues_calls() {
    check(
        "
        queue support: ann
        queue sales: ann, wrap-up 5s
        agent ann: max 2
        0s    ann login
        1s    caller 1 -> support
        2s    caller 2 -> sales
        3s    ann accepts 1
        4s    ann accepts 2
        5s    ann logout support
        6s    ann hangs up 1
        7s    ann hangs up 2
        20s   end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      ann@sales     ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1, available
            1s     state      ann@sales     ringing, offer 1, available
            2s     queued     call 2  sales, position 1
            2s     offered    call 2  ann (idle 2s, for 20s)
            2s     state      ann@support   ringing, offer 1, since 1s
            2s     state      ann@sales     ringing, offer 1, since 1s
            3s     connected  call 1  ann (waited 2s)
            3s     state      ann@support   queue call 1
            3s     state      ann@sales     other call 1
            4s     connected  call 2  ann (waited 2s)
            4s     state      ann@sales     queue call 2
            5s     accepted   ann@support: after the call
            5s     state      ann@support   queue call 1, then logged out, since 3s
            6s     state      ann@support   logged out
            6s     state      ann@sales     queue call 2, available, since 4s
            7s     state      ann@sales     wrap-up until 12s
            12s    state      ann@sales     ready
        "#]],
    );
}

#[test]
fn idle_agents_come_before_those_on_a_call() {
    check(
        "
        queue support: ann bob
        agent ann: max 2
        0s    ann login
        1s    caller 1 -> support
        2s    ann accepts
        3s    bob login
        4s    caller 2 -> support
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1, available
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1, available
            3s     state      bob@support   ready
            4s     queued     call 2  support, position 1
            4s     offered    call 2  bob (idle 1s, for 20s)
            4s     state      bob@support   ringing, offer 2
        "#]],
    );
}

#[test]
fn of_two_delays_the_longer_holds() {
    check(
        "
        queue support: ann, offer 10s, retry 5s
        agent ann: max 2
        0s    ann login
        1s    caller 1 -> support
        2s    caller 2 -> support
        3s    ann busy 1
        64s   end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 10s)
            1s     state      ann@support   ringing, offer 1, available
            2s     queued     call 2  support, position 2
            2s     offered    call 2  ann (idle 2s, for 10s)
            2s     state      ann@support   ringing, offer 1, since 1s
            3s     busy       call 1  ann
            3s     waits      call 1  position 1; missed one just now: ann
            3s     state      ann@support   ringing, offer 2
            12s    expired    call 2  ann
            12s    waits      call 2  position 2; missed one just now: ann
            12s    state      ann@support   ready, not available
            63s    offered    call 1  ann (idle 63s, for 10s)
            63s    offered    call 2  ann (idle 63s, for 10s)
            63s    state      ann@support   ringing, offer 3
        "#]],
    );
}

#[test]
fn a_missed_call_that_makes_her_not_ready_ends_her_other_rings() {
    check(
        "
        queue support: ann, manual, wait 0s
        agent ann: max 2
        0s    ann login
        0s    ann ready
        1s    caller 1 -> support
        5s    caller 2 -> support
        30s   end
        ",
        &expect![[r#"
            0s     state      ann@support   not ready: login
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1, available
            5s     queued     call 2  support, position 2
            5s     offered    call 2  ann (idle 5s, for 20s)
            5s     state      ann@support   ringing, offer 1, since 1s
            21s    expired    call 1  ann
            21s    withdrawn  call 2  ann (agent left)
            21s    waits      call 1  position 1; not ready: ann
            21s    waits      call 2  position 2; not ready: ann
            21s    state      ann@support   not ready: rna
        "#]],
    );
}

#[test]
fn the_end_of_a_direct_call_that_makes_her_not_ready_ends_her_rings() {
    check(
        "
        queue support: ann, manual
        agent ann: max 2
        0s    ann login
        0s    ann ready
        1s    ann talks 1
        2s    caller 1 -> support
        3s    ann ends 1
        4s    end
        ",
        &expect![[r#"
            0s     state      ann@support   not ready: login
            0s     state      ann@support   ready
            1s     state      ann@support   other call 901, available
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 2s, for 20s)
            2s     state      ann@support   other call 901, since 1s
            3s     withdrawn  call 1  ann (agent left)
            3s     waits      call 1  position 1; not ready: ann
            3s     state      ann@support   not ready: after_non_acd
        "#]],
    );
}

#[test]
fn ready_asked_during_two_calls_holds_until_both_are_over() {
    check(
        "
        queue support: ann
        queue sales: ann, manual, after-direct not-ready
        agent ann: max 2
        0s    ann login
        0s    ann ready
        1s    caller 1 -> support
        2s    ann accepts
        3s    ann talks 7
        4s    ann ready
        5s    ann hangs up
        6s    ann ends 7
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      ann@sales     not ready: login
            0s     state      ann@sales     ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1, available
            1s     state      ann@sales     ringing, offer 1, available
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1, available
            2s     state      ann@sales     other call 1, available
            3s     state      ann@support   queue call 1, since 2s
            3s     state      ann@sales     other call 1, since 2s
            5s     state      ann@support   other call 907, available
            5s     state      ann@sales     other call 907, available
            6s     state      ann@support   ready
            6s     state      ann@sales     ready
        "#]],
    );
}

#[test]
fn ready_asked_during_a_queue_call_is_forgotten_with_it() {
    check(
        "
        queue support: ann
        queue sales: ann, manual, after-direct not-ready
        0s    ann login
        0s    ann ready
        1s    caller 1 -> support
        2s    ann accepts
        3s    ann ready
        4s    ann hangs up
        5s    ann talks 7
        6s    ann ends 7
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      ann@sales     not ready: login
            0s     state      ann@sales     ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            1s     state      ann@sales     ringing, offer 1
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1
            2s     state      ann@sales     other call 1
            4s     state      ann@support   ready
            4s     state      ann@sales     ready
            5s     state      ann@support   other call 907
            5s     state      ann@sales     other call 907
            6s     state      ann@support   ready
            6s     state      ann@sales     not ready: after_non_acd
        "#]],
    );
}

#[test]
fn the_end_of_a_queue_call_asks_for_nothing_she_did_not() {
    check(
        "
        queue support: ann
        queue sales: ann, manual, after-direct not-ready
        agent ann: max 2
        0s    ann login
        0s    ann ready
        1s    caller 1 -> support
        2s    ann accepts
        3s    ann talks 7
        4s    ann hangs up
        5s    ann ends 7
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      ann@sales     not ready: login
            0s     state      ann@sales     ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1, available
            1s     state      ann@sales     ringing, offer 1, available
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1, available
            2s     state      ann@sales     other call 1, available
            3s     state      ann@support   queue call 1, since 2s
            3s     state      ann@sales     other call 1, since 2s
            4s     state      ann@support   other call 907, available
            4s     state      ann@sales     other call 907, available
            5s     state      ann@support   ready
            5s     state      ann@sales     not ready: after_non_acd
        "#]],
    );
}
