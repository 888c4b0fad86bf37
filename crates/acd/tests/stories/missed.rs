//! Offers not taken: rang out, declined, busy, and the policy for them (A12, A13).

use expect_test::expect;

use crate::story::check;

#[test]
fn an_offer_not_answered_in_time_returns_the_call_to_the_head_of_the_line() {
    check(
        "
        queue support: ann bob, longest-idle, manual, offer 20s
        0s    ann login
        0s    ann ready
        10s   caller 1 -> support
        12s   caller 2 -> support
        35s   bob login
        35s   bob ready
        40s   bob accepts
        ",
        &expect![[r#"
            0s     state      ann@support   not ready: login
            0s     state      ann@support   ready
            10s    queued     call 1  support, position 1
            10s    offered    call 1  ann (idle 10s, for 20s)
            10s    state      ann@support   ringing, offer 1
            12s    queued     call 2  support, position 2
            12s    waits      call 2  position 2; logged out: bob; ringing: ann
            30s    expired    call 1  ann
            30s    waits      call 1  position 1; logged out: bob; not ready: ann
            30s    state      ann@support   not ready: rna
            35s    state      bob@support   not ready: login
            35s    offered    call 1  bob (idle 0s, for 20s)
            35s    state      bob@support   ringing, offer 2
            40s    connected  call 1  bob (waited 30s)
            40s    state      bob@support   queue call 1
        "#]],
    );
}

#[test]
fn with_auto_ready_a_missed_call_only_delays_the_next() {
    check(
        "
        queue support: ann, offer 20s, retry 5s
        0s    ann login
        1s    caller 1 -> support
        21s   end
        26.5s ann accepts
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            21s    expired    call 1  ann
            21s    waits      call 1  position 1; missed one just now: ann
            21s    state      ann@support   ready, not available
            26s    offered    call 1  ann (idle 26s, for 20s)
            26s    state      ann@support   ringing, offer 2
            26.5s  connected  call 1  ann (waited 25.5s)
            26.5s  state      ann@support   queue call 1
        "#]],
    );
}

#[test]
fn after_n_misses_in_a_row_the_policy_takes_hold_in_all_queues() {
    check(
        "
        queue support: ann, offer 10s, retry 1s, rna not-ready all after 2
        queue sales: ann
        0s    ann login
        1s    caller 1 -> support
        40s   ann ready
        42s   ann accepts
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      ann@sales     ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 10s)
            1s     state      ann@support   ringing, offer 1
            1s     state      ann@sales     ringing, offer 1
            11s    expired    call 1  ann
            11s    waits      call 1  position 1; missed one just now: ann
            11s    state      ann@support   ready, not available
            11s    state      ann@sales     ready, not available
            12s    offered    call 1  ann (idle 12s, for 10s)
            12s    state      ann@support   ringing, offer 2
            12s    state      ann@sales     ringing, offer 2
            22s    expired    call 1  ann
            22s    waits      call 1  position 1; not ready: ann
            22s    state      ann@support   not ready: rna
            22s    state      ann@sales     not ready: rna
            40s    offered    call 1  ann (idle 40s, for 10s)
            40s    state      ann@support   ringing, offer 3
            40s    state      ann@sales     ringing, offer 3
            42s    connected  call 1  ann (waited 41s)
            42s    state      ann@support   queue call 1
            42s    state      ann@sales     other call 1
        "#]],
    );
}

#[test]
fn an_answer_begins_the_count_of_misses_anew() {
    check(
        "
        queue support: ann, offer 10s, retry 0s, rna not-ready after 2
        0s    ann login
        1s    caller 1 -> support
        12s   ann accepts
        13s   ann hangs up
        14s   caller 2 -> support
        25s   ann accepts
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 10s)
            1s     state      ann@support   ringing, offer 1
            11s    expired    call 1  ann
            11s    offered    call 1  ann (idle 11s, for 10s)
            11s    state      ann@support   ringing, offer 2
            12s    connected  call 1  ann (waited 11s)
            12s    state      ann@support   queue call 1
            13s    state      ann@support   ready
            14s    queued     call 2  support, position 1
            14s    offered    call 2  ann (idle 1s, for 10s)
            14s    state      ann@support   ringing, offer 3
            24s    expired    call 2  ann
            24s    offered    call 2  ann (idle 11s, for 10s)
            24s    state      ann@support   ringing, offer 4
            25s    connected  call 2  ann (waited 11s)
            25s    state      ann@support   queue call 2
        "#]],
    );
}

#[test]
fn the_policy_may_log_out() {
    check(
        "
        queue support: ann, offer 10s, rna logout all, stay-when-empty
        queue sales: ann
        0s    ann login
        1s    caller 1 -> support
        30s   ann login
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      ann@sales     ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 10s)
            1s     state      ann@support   ringing, offer 1
            1s     state      ann@sales     ringing, offer 1
            11s    expired    call 1  ann
            11s    waits      call 1  position 1; logged out: ann
            11s    state      ann@support   logged out
            11s    state      ann@sales     logged out
            30s    offered    call 1  ann (idle 0s, for 10s)
            30s    state      ann@support   ringing, offer 2
            30s    state      ann@sales     ringing, offer 2
        "#]],
    );
}

#[test]
fn a_decline_is_never_offered_again_and_no_miss() {
    check(
        "
        queue support: ann, manual, stay-when-empty
        0s    ann login
        0s    ann ready
        1s    caller 1 -> support
        2s    caller 2 -> support
        3s    ann declines
        4s    ann accepts
        5s    ann hangs up
        6s    ann ready
        ",
        &expect![[r#"
            0s     state      ann@support   not ready: login
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     queued     call 2  support, position 2
            2s     waits      call 2  position 2; ringing: ann
            3s     declined   call 1  ann
            3s     offered    call 2  ann (idle 3s, for 20s)
            3s     waits      call 1  position 1; ringing: ann
            3s     state      ann@support   ringing, offer 2
            4s     connected  call 2  ann (waited 2s)
            4s     state      ann@support   queue call 2
            5s     state      ann@support   wrap-up
            6s     state      ann@support   ready
        "#]],
    );
}

#[test]
fn a_decline_counts_as_a_miss_where_the_queue_says_so() {
    check(
        "
        queue support: ann, manual, decline-is-rna
        0s    ann login
        0s    ann ready
        1s    caller 1 -> support
        2s    ann declines
        ",
        &expect![[r#"
            0s     state      ann@support   not ready: login
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     declined   call 1  ann
            2s     waits      call 1  position 1; not ready: ann
            2s     state      ann@support   not ready: declined
        "#]],
    );
}

#[test]
fn the_last_decline_does_not_drop_the_caller() {
    check(
        "
        queue support: ann bob, linear
        0s    ann login
        0s    bob login
        1s    caller 1 -> support
        2s    ann declines
        3s    bob declines
        50s   end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     declined   call 1  ann
            2s     offered    call 1  bob (idle 2s, for 20s)
            2s     state      ann@support   ready
            2s     state      bob@support   ringing, offer 2
            3s     declined   call 1  bob
            3s     waits      call 1  position 1; declined it: ann bob
            3s     state      bob@support   ready
        "#]],
    );
}

#[test]
fn a_busy_phone_is_left_alone_for_a_while_unless_she_says_ready() {
    check(
        "
        queue support: ann, offer 20s
        0s    ann login
        1s    caller 1 -> support
        2s    ann busy
        62.5s ann busy
        63s   ann ready
        64s   ann accepts
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     busy       call 1  ann
            2s     waits      call 1  position 1; missed one just now: ann
            2s     state      ann@support   ready, not available
            62s    offered    call 1  ann (idle 62s, for 20s)
            62s    state      ann@support   ringing, offer 2
            62.5s  busy       call 1  ann
            62.5s  waits      call 1  position 1; missed one just now: ann
            62.5s  state      ann@support   ready, not available
            63s    offered    call 1  ann (idle 63s, for 20s)
            63s    state      ann@support   ringing, offer 3
            64s    connected  call 1  ann (waited 63s)
            64s    state      ann@support   queue call 1
        "#]],
    );
}

#[test]
fn an_answer_in_the_moment_of_the_timeout_wins_and_one_after_it_gets_nothing() {
    check(
        "
        queue support: ann, offer 10s, stay-when-empty
        0s    ann login
        1s    caller 1 -> support
        11s   ann accepts
        12s   ann hangs up
        13s   caller 2 -> support
        23.5s offer 2 answered
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 10s)
            1s     state      ann@support   ringing, offer 1
            11s    connected  call 1  ann (waited 10s)
            11s    state      ann@support   queue call 1
            12s    state      ann@support   ready
            13s    queued     call 2  support, position 1
            13s    offered    call 2  ann (idle 1s, for 10s)
            13s    state      ann@support   ringing, offer 2
            23s    expired    call 2  ann
            23s    waits      call 2  position 1; missed one just now: ann
            23s    state      ann@support   ready, not available
        "#]],
    );
}
