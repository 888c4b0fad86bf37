//! What follows a call: the six rules of CALL_END, pending, direct calls.

use expect_test::expect;

use crate::story::check;

#[test]
fn rule_1_a_logout_asked_during_the_call_comes_at_its_end_without_wrap_up() {
    check(
        "
        queue support: ann, wrap-up 10s
        1s    ann login
        2s    caller 1 -> support
        3s    ann accepts
        4s    ann logout
        5s    ann login
        6s    ann hangs up
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            4s     accepted   ann@support: after the call
            4s     state      ann@support   queue call 1, then logged out, since 3s
            5s     accepted   ann@support: after the call
            6s     state      ann@support   logged out
        "#]],
    );
}

#[test]
fn rule_2_wrap_up_runs_its_time_then_she_is_ready_whatever_auto_ready_says() {
    check(
        "
        queue support: ann, manual, wrap-up 10s
        1s    ann login
        1s    ann ready
        2s    caller 1 -> support
        3s    ann accepts
        6s    ann hangs up
        8s    caller 2 -> support
        20s   end
        ",
        &expect![[r#"
            1s     state      ann@support   not ready: login
            1s     state      ann@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            6s     state      ann@support   wrap-up until 16s
            8s     queued     call 2  support, position 1
            8s     waits      call 2  position 1; wrap-up: ann
            16s    offered    call 2  ann (idle 10s, for 20s)
            16s    state      ann@support   ringing, offer 2
        "#]],
    );
}

#[test]
fn rule_2_keeps_a_pending_not_ready_for_the_end_of_wrap_up() {
    check(
        "
        queue support: ann, wrap-up 10s
        1s    ann login
        2s    caller 1 -> support
        3s    ann accepts
        4s    ann not-ready lunch
        6s    ann hangs up
        20s   end
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
            6s     state      ann@support   wrap-up until 16s, then not ready: lunch
            16s    state      ann@support   not ready: lunch
        "#]],
    );
}

#[test]
fn rule_4_a_pending_not_ready_comes_at_the_end_of_the_call() {
    check(
        "
        queue support: ann, manual
        1s    ann login
        1s    ann ready
        2s    caller 1 -> support
        3s    ann accepts
        4s    ann not-ready lunch
        6s    ann hangs up
        ",
        &expect![[r#"
            1s     state      ann@support   not ready: login
            1s     state      ann@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            4s     accepted   ann@support: after the call
            4s     state      ann@support   queue call 1, then not ready: lunch, since 3s
            6s     state      ann@support   not ready: lunch
        "#]],
    );
}

#[test]
fn rule_5_auto_ready_makes_ready_at_once() {
    check(
        "
        queue support: ann
        1s    ann login
        2s    caller 1 -> support
        2s    caller 2 -> support
        3s    ann accepts
        6s    ann hangs up
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            2s     queued     call 2  support, position 2
            2s     waits      call 2  position 2; ringing: ann
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            6s     offered    call 2  ann (idle 0s, for 20s)
            6s     state      ann@support   ringing, offer 2
        "#]],
    );
}

#[test]
fn rule_6_without_auto_ready_wrap_up_lasts_until_she_acts() {
    check(
        "
        queue support: ann, manual
        1s    ann login
        1s    ann ready
        2s    caller 1 -> support
        3s    ann accepts
        6s    ann hangs up
        500s  caller 2 -> support
        600s  ann ready
        ",
        &expect![[r#"
            1s     state      ann@support   not ready: login
            1s     state      ann@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            6s     state      ann@support   wrap-up
            500s   queued     call 2  support, position 1
            500s   waits      call 2  position 1; wrap-up: ann
            600s   offered    call 2  ann (idle 594s, for 20s)
            600s   state      ann@support   ringing, offer 2
        "#]],
    );
}

#[test]
fn the_last_wish_during_a_call_wins_and_ready_clears_it() {
    check(
        "
        queue support: ann
        1s    ann login
        2s    caller 1 -> support
        3s    ann accepts
        4s    ann not-ready lunch
        5s    ann logout
        6s    ann not-ready meeting
        7s    ann ready
        8s    ann hangs up
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
            5s     accepted   ann@support: after the call
            5s     state      ann@support   queue call 1, then logged out, since 3s
            6s     accepted   ann@support: after the call
            6s     state      ann@support   queue call 1, then not ready: meeting, since 3s
            7s     state      ann@support   queue call 1, since 3s
            8s     state      ann@support   ready
        "#]],
    );
}

#[test]
fn her_own_wrap_up_time_replaces_the_queues() {
    check(
        "
        queue support: ann bob, wrap-up 10s, linear
        member ann support: order 1, wrap-up 0s
        member bob support: order 2, wrap-up 3s
        1s    ann login
        1s    bob login
        2s    caller 1 -> support
        2s    caller 2 -> support
        3s    ann accepts
        3s    bob accepts
        4s    ann hangs up
        5s    bob hangs up
        10s   end
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            1s     state      bob@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            2s     queued     call 2  support, position 2
            2s     offered    call 2  bob (idle 1s, for 20s)
            2s     state      bob@support   ringing, offer 2
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            3s     connected  call 2  bob (waited 1s)
            3s     state      bob@support   queue call 2
            4s     state      ann@support   ready
            5s     state      bob@support   wrap-up until 8s
            8s     state      bob@support   ready
        "#]],
    );
}

#[test]
fn in_wrap_up_each_of_her_wishes_ends_it() {
    check(
        "
        queue support: ann, wrap-up 100s
        1s    ann login
        2s    caller 1 -> support
        3s    ann accepts
        4s    ann hangs up
        5s    ann ready
        6s    caller 2 -> support
        7s    ann accepts
        8s    ann hangs up
        9s    ann not-ready lunch
        10s   ann ready
        11s   caller 3 -> support
        12s   ann accepts
        13s   ann hangs up
        14s   ann logout
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            4s     state      ann@support   wrap-up until 104s
            5s     state      ann@support   ready
            6s     queued     call 2  support, position 1
            6s     offered    call 2  ann (idle 2s, for 20s)
            6s     state      ann@support   ringing, offer 2
            7s     connected  call 2  ann (waited 1s)
            7s     state      ann@support   queue call 2
            8s     state      ann@support   wrap-up until 108s
            9s     state      ann@support   not ready: lunch
            10s    state      ann@support   ready
            11s    queued     call 3  support, position 1
            11s    offered    call 3  ann (idle 3s, for 20s)
            11s    state      ann@support   ringing, offer 3
            12s    connected  call 3  ann (waited 1s)
            12s    state      ann@support   queue call 3
            13s    state      ann@support   wrap-up until 113s
            14s    state      ann@support   logged out
        "#]],
    );
}

#[test]
fn a_direct_call_leaves_auto_ready_alone_and_her_own_not_ready_too() {
    check(
        "
        queue support: ann, auto-ready, after-direct not-ready
        1s    ann login
        2s    ann talks 1
        3s    ann ends 1
        4s    ann not-ready lunch
        5s    ann talks 2
        6s    ann ends 2
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            2s     state      ann@support   other call 901
            3s     state      ann@support   ready
            4s     state      ann@support   not ready: lunch
            5s     state      ann@support   other call 902
            6s     state      ann@support   not ready: lunch
        "#]],
    );
}

#[test]
fn after_a_direct_call_a_queue_without_auto_ready_does_as_it_says() {
    check(
        "
        queue support: ann, manual, after-direct not-ready
        queue sales: ann, manual, after-direct ready
        1s    ann login
        1s    ann ready
        2s    ann talks 1
        3s    ann ends 1
        ",
        &expect![[r#"
            1s     state      ann@support   not ready: login
            1s     state      ann@sales     not ready: login
            1s     state      ann@support   ready
            1s     state      ann@sales     ready
            2s     state      ann@support   other call 901
            2s     state      ann@sales     other call 901
            3s     state      ann@support   not ready: after_non_acd
            3s     state      ann@sales     ready
        "#]],
    );
}

#[test]
fn after_a_direct_call_a_queue_may_ask_for_wrap_up_which_blocks_all_queues() {
    check(
        "
        queue support: ann, manual, after-direct wrap-up, wrap-up 10s
        queue sales: ann
        1s    ann login
        1s    ann ready
        2s    ann talks 1
        3s    ann ends 1
        4s    caller 1 -> sales
        20s   end
        ",
        &expect![[r#"
            1s     state      ann@support   not ready: login
            1s     state      ann@sales     ready
            1s     state      ann@support   ready
            2s     state      ann@support   other call 901
            2s     state      ann@sales     other call 901
            3s     state      ann@support   wrap-up until 13s
            3s     state      ann@sales     wrap-up until 13s
            4s     queued     call 1  sales, position 1
            4s     waits      call 1  position 1; wrap-up: ann
            13s    offered    call 1  ann (idle 12s, for 20s)
            13s    state      ann@support   ringing, offer 1
            13s    state      ann@sales     ringing, offer 1
        "#]],
    );
}

#[test]
fn a_not_ready_of_the_system_is_promoted_after_a_direct_call_where_auto_ready_is_on() {
    check(
        "
        queue support: ann, offer 5s, rna not-ready
        1s    ann login
        2s    caller 1 -> support
        8s    ann talks 1
        9s    ann ends 1
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 5s)
            2s     state      ann@support   ringing, offer 1
            7s     expired    call 1  ann
            7s     waits      call 1  position 1; not ready: ann
            7s     state      ann@support   not ready: rna
            8s     state      ann@support   other call 901
            9s     state      ann@support   ready, not available
        "#]],
    );
}

#[test]
fn logout_during_a_direct_call_is_at_once_and_not_ready_comes_after_it() {
    check(
        "
        queue support: ann
        queue sales: ann
        1s    ann login
        2s    ann talks 1
        3s    ann logout sales
        4s    ann not-ready lunch support
        5s    ann ends 1
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            1s     state      ann@sales     ready
            2s     state      ann@support   other call 901
            2s     state      ann@sales     other call 901
            3s     state      ann@sales     logged out
            4s     accepted   ann@support: after the call
            4s     state      ann@support   other call 901, then not ready: lunch, since 2s
            5s     state      ann@support   not ready: lunch
        "#]],
    );
}

#[test]
fn a_ready_dialed_by_feature_code_is_not_undone_by_the_end_of_that_call() {
    check(
        "
        queue support: ann, manual
        1s    ann talks 1
        2s    ann login
        3s    ann ready
        4s    ann ends 1
        5s    ann talks 2
        6s    ann ends 2
        ",
        &expect![[r#"
            2s     state      ann@support   other call 901
            4s     state      ann@support   ready
            5s     state      ann@support   other call 902
            6s     state      ann@support   not ready: after_non_acd
        "#]],
    );
}

#[test]
fn a_direct_call_during_wrap_up_lets_the_clock_run_on() {
    check(
        "
        queue support: ann, wrap-up 10s
        1s    ann login
        2s    caller 1 -> support
        3s    ann accepts
        4s    ann hangs up
        5s    ann talks 1
        7s    ann ends 1
        20s   end
        21s   caller 2 -> support
        22s   ann accepts
        23s   ann hangs up
        24s   ann talks 2
        25s   ann not-ready lunch
        26s   ann ends 2
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            4s     state      ann@support   wrap-up until 14s
            5s     state      ann@support   other call 901
            7s     state      ann@support   wrap-up until 14s
            14s    state      ann@support   ready
            21s    queued     call 2  support, position 1
            21s    offered    call 2  ann (idle 17s, for 20s)
            21s    state      ann@support   ringing, offer 2
            22s    connected  call 2  ann (waited 1s)
            22s    state      ann@support   queue call 2
            23s    state      ann@support   wrap-up until 33s
            24s    state      ann@support   other call 902
            26s    state      ann@support   not ready: lunch
        "#]],
    );
}

#[test]
fn a_direct_call_that_only_rings_keeps_the_queues_away_but_is_no_state() {
    check(
        "
        queue support: ann, stay-when-empty
        1s    ann login
        2s    ann rung 1
        3s    caller 1 -> support
        4s    ann ends 1
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            2s     state      ann@support   ready, not available, since 1s
            3s     queued     call 1  support, position 1
            3s     waits      call 1  position 1; ringing: ann
            4s     offered    call 1  ann (idle 3s, for 20s)
            4s     state      ann@support   ringing, offer 1
        "#]],
    );
}

#[test]
fn a_direct_call_taken_while_an_offer_rings_gives_the_caller_to_the_next() {
    check(
        "
        queue support: ann bob, linear
        member ann support: order 1
        member bob support: order 2
        1s    ann login
        1s    bob login
        2s    caller 1 -> support
        3s    ann talks 1
        4s    ann ends 1
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            1s     state      bob@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     withdrawn  call 1  ann (agent left)
            3s     offered    call 1  bob (idle 2s, for 20s)
            3s     state      ann@support   other call 901
            3s     state      bob@support   ringing, offer 2
            4s     state      ann@support   ready
        "#]],
    );
}

#[test]
fn more_time_puts_the_end_of_a_wrap_up_off_and_never_further_than_an_hour() {
    check(
        "
        queue support: ann, wrap-up 3590s
        queue free: bob, manual
        0s    bob login
        1s    ann login
        1s    ann more-time
        2s    caller 1 -> support
        3s    ann accepts
        6s    ann hangs up
        7s    ann more-time
        8s    ann more-time
        9s    bob ready
        9s    bob wrap-up
        9s    bob more-time
        3700s end
        ",
        &expect![[r#"
            0s     state      bob@free      not ready: login
            1s     state      ann@support   ready
            1s     refused    ann@support: not in this state
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            6s     state      ann@support   wrap-up until 3596s
            7s     state      ann@support   wrap-up until 3607s
            8s     state      ann@support   wrap-up until 3608s
            9s     state      bob@free      ready
            9s     state      bob@free      wrap-up
            3608s  state      ann@support   ready
        "#]],
    );
}
