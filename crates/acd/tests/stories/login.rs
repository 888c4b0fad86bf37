//! Login, ready, not ready, logout: the rows without a call.

use expect_test::expect;

use crate::story::check;

#[test]
fn login_makes_ready_where_the_queue_says_so_and_not_ready_elsewhere() {
    check(
        "
        queue support: ann, auto-ready
        queue sales: ann, manual
        1s    ann login
        2s    ann login
        3s    ann logout sales
        4s    ann login sales
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            1s     state      ann@sales     not ready: login
            3s     state      ann@sales     logged out
            4s     state      ann@sales     not ready: login
        "#]],
    );
}

#[test]
fn ready_and_not_ready_need_a_login_and_skip_the_queues_without_one() {
    check(
        "
        queue support: ann
        queue sales: ann
        1s    ann ready
        2s    ann not-ready lunch support
        3s    ann login support
        4s    ann not-ready lunch
        5s    ann ready
        6s    ann ready sales
        ",
        &expect![[r#"
            1s     refused    ann@support: not logged in
            1s     refused    ann@sales: not logged in
            2s     refused    ann@support: not logged in
            3s     state      ann@support   ready
            4s     state      ann@support   not ready: lunch
            5s     state      ann@support   ready
            6s     refused    ann@sales: not logged in
        "#]],
    );
}

#[test]
fn not_ready_takes_a_new_reason_and_the_same_reason_is_nothing_new() {
    check(
        "
        queue support: ann, manual
        1s    ann login
        2s    ann not-ready lunch
        3s    ann not-ready lunch
        4s    ann not-ready meeting
        5s    ann ready
        6s    ann ready
        7s    ann logout
        8s    ann logout
        ",
        &expect![[r#"
            1s     state      ann@support   not ready: login
            2s     state      ann@support   not ready: lunch
            4s     state      ann@support   not ready: meeting
            5s     state      ann@support   ready
            7s     state      ann@support   logged out
        "#]],
    );
}

#[test]
fn nobody_logs_in_without_a_membership_an_extension_or_being_active() {
    check(
        "
        queue support: bob cid dan
        queue sales: eve
        agent ann:
        agent bob: no-extension
        agent cid: invited
        member dan support: disabled
        1s    ann login
        1s    ann login support
        2s    bob login
        3s    cid login
        4s    cid not-ready lunch
        5s    dan login
        6s    eve login support
        ",
        &expect![[r#"
            1s     nothing    ann is in no queue
            1s     refused    ann@support: not a member
            2s     refused    bob@support: no extension
            3s     refused    cid@support: not active
            4s     refused    cid@support: not active
            5s     refused    dan@support: entry disabled
            6s     refused    eve@support: not a member
        "#]],
    );
}

#[test]
fn a_disabled_entry_keeps_its_login_but_gets_no_calls() {
    check(
        "
        queue support: ann, stay-when-empty
        1s    ann login
        2s    config member ann support: disabled
        3s    caller 1 -> support
        4s    ann ready
        5s    config member ann support: enabled
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            2s     state      ann@support   ready, not available, since 1s
            3s     queued     call 1  support, position 1
            3s     waits      call 1  position 1; entry disabled: ann
            4s     refused    ann@support: entry disabled
            5s     offered    call 1  ann (idle 4s, for 20s)
            5s     state      ann@support   ringing, offer 1
        "#]],
    );
}

#[test]
fn do_not_disturb_keeps_ready_but_not_available() {
    check(
        "
        queue support: ann, stay-when-empty
        agent ann: dnd on
        1s    ann login
        2s    caller 1 -> support
        3s    config agent ann: dnd off
        4s    config agent ann: dnd on
        ",
        &expect![[r#"
            1s     state      ann@support   ready, not available
            2s     queued     call 1  support, position 1
            2s     waits      call 1  position 1; do not disturb: ann
            3s     offered    call 1  ann (idle 2s, for 20s)
            3s     state      ann@support   ringing, offer 1
            4s     withdrawn  call 1  ann (agent left)
            4s     waits      call 1  position 1; do not disturb: ann
            4s     state      ann@support   ready, not available
        "#]],
    );
}

#[test]
fn wrap_up_by_request_is_timed_where_a_time_is_set_and_ends_by_any_action() {
    check(
        "
        queue support: ann, manual, wrap-up 10s
        queue sales: ann, manual
        1s    ann login
        2s    ann wrap-up sales
        3s    ann ready sales
        4s    ann wrap-up
        8s    ann wrap-up
        15s   ann not-ready lunch support
        16s   ann wrap-up support
        17s   ann logout support
        18s   ann wrap-up support
        ",
        &expect![[r#"
            1s     state      ann@support   not ready: login
            1s     state      ann@sales     not ready: login
            2s     state      ann@support   wrap-up
            2s     state      ann@sales     wrap-up
            3s     state      ann@support   not ready: login
            3s     state      ann@sales     ready
            4s     state      ann@support   wrap-up until 14s
            4s     state      ann@sales     wrap-up until 14s
            14s    state      ann@support   not ready: login
            14s    state      ann@sales     ready
            15s    state      ann@support   not ready: lunch
            16s    state      ann@support   wrap-up until 26s
            16s    state      ann@sales     wrap-up until 26s
            17s    state      ann@support   logged out
            17s    state      ann@sales     ready
            18s    refused    ann@support: not logged in
        "#]],
    );
}

#[test]
fn leaving_while_it_rings_gives_the_caller_to_the_next_at_once() {
    check(
        "
        queue support: ann bob, linear, offer 20s
        member ann support: order 1
        member bob support: order 2
        1s    ann login
        1s    bob login
        2s    caller 1 -> support
        3s    ann not-ready lunch
        4s    bob logout
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            1s     state      bob@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     withdrawn  call 1  ann (agent left)
            3s     offered    call 1  bob (idle 2s, for 20s)
            3s     state      ann@support   not ready: lunch
            3s     state      bob@support   ringing, offer 2
            4s     withdrawn  call 1  bob (agent left)
            4s     waits      call 1  position 1; logged out: bob; not ready: ann
            4s     state      bob@support   logged out
        "#]],
    );
}

#[test]
fn what_is_asked_of_another_queue_does_not_stop_the_ring() {
    check(
        "
        queue support: ann
        queue sales: ann
        1s    ann login
        2s    caller 1 -> support
        3s    ann not-ready lunch sales
        4s    ann wrap-up sales
        5s    ann accepts
        6s    ann hangs up
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            1s     state      ann@sales     ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            2s     state      ann@sales     ringing, offer 1
            4s     refused    ann@sales: not in this state
            5s     connected  call 1  ann (waited 3s)
            5s     state      ann@support   queue call 1
            5s     state      ann@sales     other call 1
            6s     state      ann@support   ready
            6s     state      ann@sales     not ready: lunch
        "#]],
    );
}
