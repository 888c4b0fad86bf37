//! One agent, several queues: which is served, what the others see (A1, A3, A8).

use expect_test::expect;

use crate::story::check;

#[test]
fn another_queue_sees_other_call_then_the_shared_wrap_up() {
    check(
        "
        queue support: ann, wrap-up 10s
        queue sales: ann, manual
        1s    ann login
        1s    ann ready
        2s    caller 1 -> support
        3s    ann accepts
        4s    caller 2 -> sales
        5s    ann not-ready lunch sales
        6s    ann hangs up
        20s   ann ready sales
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            1s     state      ann@sales     not ready: login
            1s     state      ann@sales     ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            2s     state      ann@sales     ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            3s     state      ann@sales     other call 1
            4s     queued     call 2  sales, position 1
            4s     waits      call 2  position 1; on a call: ann
            5s     accepted   ann@sales: after the call
            5s     state      ann@sales     other call 1, then not ready: lunch, since 3s
            6s     state      ann@support   wrap-up until 16s
            6s     state      ann@sales     wrap-up until 16s, then not ready: lunch
            16s    state      ann@support   ready
            16s    state      ann@sales     not ready: lunch
            20s    offered    call 2  ann (idle 14s, for 20s)
            20s    state      ann@support   ringing, offer 2
            20s    state      ann@sales     ringing, offer 2
        "#]],
    );
}

#[test]
fn an_untimed_wrap_up_of_one_queue_ends_everywhere_by_an_action_in_any() {
    check(
        "
        queue support: ann, manual
        queue sales: ann
        1s    ann login
        1s    ann ready
        2s    caller 1 -> support
        3s    ann accepts
        6s    ann hangs up
        50s   ann ready sales
        ",
        &expect![[r#"
            1s     state      ann@support   not ready: login
            1s     state      ann@sales     ready
            1s     state      ann@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            2s     state      ann@sales     ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            3s     state      ann@sales     other call 1
            6s     state      ann@support   wrap-up
            6s     state      ann@sales     wrap-up
            50s    state      ann@support   ready
            50s    state      ann@sales     ready
        "#]],
    );
}

#[test]
fn without_wrap_up_the_other_queue_follows_its_own_intent() {
    check(
        "
        queue support: ann
        queue sales: ann, manual
        1s    ann login
        2s    caller 1 -> support
        3s    ann accepts
        6s    ann hangs up
        ",
        &expect![[r#"
            1s     state      ann@support   ready
            1s     state      ann@sales     not ready: login
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 1s, for 20s)
            2s     state      ann@support   ringing, offer 1
            2s     state      ann@sales     ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            3s     state      ann@sales     other call 1
            6s     state      ann@support   ready
            6s     state      ann@sales     not ready: login
        "#]],
    );
}

#[test]
fn her_order_of_queues_goes_before_their_weight() {
    check(
        "
        queue support: ann, weight 9, stay-when-empty
        queue sales: ann, weight 1, stay-when-empty
        member ann support: first 2
        member ann sales: first 1
        1s    caller 1 -> support
        2s    caller 2 -> sales
        3s    ann login
        ",
        &expect![[r#"
            1s     queued     call 1  support, position 1
            1s     waits      call 1  position 1; logged out: ann
            2s     queued     call 2  sales, position 1
            2s     waits      call 2  position 1; logged out: ann
            3s     offered    call 2  ann (idle 0s, for 20s)
            3s     state      ann@support   ringing, offer 1
            3s     state      ann@sales     ringing, offer 1
        "#]],
    );
}

#[test]
fn weight_goes_before_waiting_time() {
    check(
        "
        queue support: ann, weight 1, stay-when-empty
        queue sales: ann, weight 9, stay-when-empty
        1s    caller 1 -> support
        2s    caller 2 -> sales
        3s    ann login
        ",
        &expect![[r#"
            1s     queued     call 1  support, position 1
            1s     waits      call 1  position 1; logged out: ann
            2s     queued     call 2  sales, position 1
            2s     waits      call 2  position 1; logged out: ann
            3s     offered    call 2  ann (idle 0s, for 20s)
            3s     state      ann@support   ringing, offer 1
            3s     state      ann@sales     ringing, offer 1
        "#]],
    );
}

#[test]
fn waiting_time_goes_before_the_number_and_the_number_decides_last() {
    check(
        "
        queue support: ann bob, stay-when-empty
        queue sales: ann bob, stay-when-empty
        1s    caller 1 -> sales
        2s    caller 2 -> support
        3s    caller 3 -> sales
        3s    ann login
        4s    ann accepts
        5s    config member ann support gone
        6s    config member ann support
        7s    ann login
        8s    ann hangs up
        9s    bob login
        ",
        &expect![[r#"
            1s     queued     call 1  sales, position 1
            1s     waits      call 1  position 1; logged out: ann bob
            2s     queued     call 2  support, position 1
            2s     waits      call 2  position 1; logged out: ann bob
            3s     queued     call 3  sales, position 2
            3s     waits      call 3  position 2; logged out: ann bob
            3s     offered    call 1  ann (idle 0s, for 20s)
            3s     state      ann@support   ringing, offer 1
            3s     state      ann@sales     ringing, offer 1
            4s     connected  call 1  ann (waited 3s)
            4s     state      ann@support   other call 1
            4s     state      ann@sales     queue call 1
            5s     removed    ann@support
            6s     state      ann@support   logged out
            7s     state      ann@support   other call 1
            8s     offered    call 2  ann (idle 0s, for 20s)
            8s     state      ann@support   ringing, offer 2
            8s     state      ann@sales     ringing, offer 2
            9s     offered    call 3  bob (idle 0s, for 20s)
            9s     state      bob@support   ringing, offer 3
            9s     state      bob@sales     ringing, offer 3
        "#]],
    );
}

#[test]
fn an_agent_wanted_elsewhere_is_left_to_her_first_queue() {
    check(
        "
        queue support: ann bob, linear, stay-when-empty
        queue sales: ann, stay-when-empty
        member ann sales: first 1
        member ann support: order 1, first 2
        member bob support: order 2
        1s    caller 1 -> support
        2s    caller 2 -> sales
        3s    config agent ann: dnd on & agent bob: dnd on
        4s    ann login
        4s    bob login
        5s    config agent ann: dnd off & agent bob: dnd off
        ",
        &expect![[r#"
            1s     queued     call 1  support, position 1
            1s     waits      call 1  position 1; logged out: ann bob
            2s     queued     call 2  sales, position 1
            2s     waits      call 2  position 1; logged out: ann
            4s     state      ann@support   ready, not available
            4s     state      ann@sales     ready, not available
            4s     state      bob@support   ready, not available
            5s     offered    call 1  bob (idle 1s, for 20s); another queue first: ann
            5s     offered    call 2  ann (idle 1s, for 20s)
            5s     state      ann@support   ringing, offer 2
            5s     state      ann@sales     ringing, offer 2
            5s     state      bob@support   ringing, offer 1
        "#]],
    );
}

#[test]
fn leaving_one_queue_with_pending_logout_frees_the_other_without_wrap_up() {
    check(
        "
        queue support: ann, wrap-up 10s
        queue sales: ann
        1s    ann login
        2s    caller 1 -> support
        3s    ann accepts
        4s    ann logout
        5s    ann login sales
        6s    ann hangs up
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
            4s     accepted   ann@support: after the call
            4s     state      ann@support   queue call 1, then logged out, since 3s
            4s     state      ann@sales     logged out
            5s     state      ann@sales     other call 1
            6s     state      ann@support   logged out
            6s     state      ann@sales     ready
        "#]],
    );
}

#[test]
fn of_two_who_become_free_at_once_the_second_is_left_to_the_other_queue() {
    check(
        "
        queue support: ann bob, wrap-up 10s
        queue sales: ann bob, weight 5
        0s    ann login
        0s    bob login
        1s    caller 1 -> support
        2s    ann accepts
        2s    caller 2 -> support
        3s    bob accepts
        4s    ann hangs up
        4s    bob hangs up
        5s    caller 3 -> support
        6s    caller 4 -> sales
        15s   end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      ann@sales     ready
            0s     state      bob@support   ready
            0s     state      bob@sales     ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            1s     state      ann@sales     ringing, offer 1
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1
            2s     state      ann@sales     other call 1
            2s     queued     call 2  support, position 1
            2s     offered    call 2  bob (idle 2s, for 20s)
            2s     state      bob@support   ringing, offer 2
            2s     state      bob@sales     ringing, offer 2
            3s     connected  call 2  bob (waited 1s)
            3s     state      bob@support   queue call 2
            3s     state      bob@sales     other call 2
            4s     state      ann@support   wrap-up until 14s
            4s     state      ann@sales     wrap-up until 14s
            4s     state      bob@support   wrap-up until 14s
            4s     state      bob@sales     wrap-up until 14s
            5s     queued     call 3  support, position 1
            5s     waits      call 3  position 1; wrap-up: ann bob
            6s     queued     call 4  sales, position 1
            6s     waits      call 4  position 1; wrap-up: ann bob
            14s    offered    call 4  ann (idle 10s, for 20s)
            14s    offered    call 3  bob (idle 10s, for 20s)
            14s    state      ann@support   ringing, offer 3
            14s    state      ann@sales     ringing, offer 3
            14s    state      bob@support   ringing, offer 4
            14s    state      bob@sales     ringing, offer 4
        "#]],
    );
}
