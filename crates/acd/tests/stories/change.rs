//! Provisioning changes under live calls.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_member_taken_out_goes_after_her_call_or_at_once() {
    check(
        "
        queue support: ann bob, linear
        member ann support: order 1
        member bob support: order 2
        0s    ann login
        0s    bob login
        1s    caller 1 -> support
        2s    ann accepts
        3s    config member ann support gone
        4s    ann ready
        5s    ann hangs up
        6s    config member bob support gone
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1
            4s     nothing    ann is in no queue
            5s     removed    ann@support
            6s     removed    bob@support
        "#]],
    );
}

#[test]
fn a_member_taken_out_while_it_rings_loses_the_offer_only() {
    check(
        "
        queue support: ann, stay-when-empty
        0s    ann login
        1s    caller 1 -> support
        2s    config member ann support gone
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     withdrawn  call 1  ann (agent left)
            2s     removed    ann@support
            2s     waits      call 1  position 1
        "#]],
    );
}

#[test]
fn a_deleted_queue_empties_by_its_last_rules_and_calls_go_on() {
    check(
        "
        queue support: ann bob, no-answer 8001, wrap-up 5s
        queue sales: ann
        0s    ann login
        0s    bob login
        1s    caller 1 -> support
        2s    ann accepts
        3s    caller 2 -> support
        4s    caller 3 -> support
        5s    config queue support gone
        6s    caller 4 -> support
        7s    ann hangs up
        20s   end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      ann@sales     ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            1s     state      ann@sales     ringing, offer 1
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1
            2s     state      ann@sales     other call 1
            3s     queued     call 2  support, position 1
            3s     offered    call 2  bob (idle 3s, for 20s)
            3s     state      bob@support   ringing, offer 2
            4s     queued     call 3  support, position 2
            4s     waits      call 3  position 2; on a call: ann; ringing: bob
            5s     withdrawn  call 2  bob (caller gone)
            5s     left       call 2  support: queue gone -> queue 8001
            5s     left       call 3  support: queue gone -> queue 8001
            5s     removed    bob@support
            6s     sent on    call 4  position 1
            6s     left       call 4  support: queue gone -> queue 8001
            7s     removed    ann@support
            7s     state      ann@sales     wrap-up until 12s
            12s    state      ann@sales     ready
        "#]],
    );
}

#[test]
fn a_disabled_agent_is_logged_out_after_her_call() {
    check(
        "
        queue support: ann
        queue sales: ann
        0s    ann login
        1s    caller 1 -> support
        2s    ann accepts
        3s    config agent ann: disabled
        4s    ann ready
        5s    ann hangs up
        6s    config agent ann: active
        7s    ann login
        8s    config agent ann: no-extension
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      ann@sales     ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            1s     state      ann@sales     ringing, offer 1
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1
            2s     state      ann@sales     other call 1
            3s     state      ann@support   queue call 1, then logged out, since 2s
            3s     state      ann@sales     logged out
            4s     refused    ann@support: not active
            4s     refused    ann@sales: not active
            5s     state      ann@support   logged out
            7s     state      ann@support   ready
            7s     state      ann@sales     ready
            8s     state      ann@support   logged out
            8s     state      ann@sales     logged out
        "#]],
    );
}

#[test]
fn a_deleted_agent_goes_after_her_call() {
    check(
        "
        queue support: ann, stay-when-empty
        0s    ann login
        1s    caller 1 -> support
        2s    ann accepts
        3s    config agent ann gone
        4s    ann hangs up
        5s    caller 2 -> support
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1
            4s     removed    ann@support
            5s     queued     call 2  support, position 1
            5s     waits      call 2  position 1
        "#]],
    );
}

#[test]
fn new_rules_hold_for_those_who_wait() {
    check(
        "
        queue support: ann, stay-when-empty, wait 100s
        0s    caller 1 -> support
        10s   config queue support: wait 20s
        15s   config queue support: leave-when-empty
        16s   caller 2 -> support
        ",
        &expect![[r#"
            0s     queued     call 1  support, position 1
            0s     waits      call 1  position 1; logged out: ann
            15s    sent on    call 1  position 1; logged out: ann
            15s    left       call 1  support: no agents -> hang up
            16s    sent on    call 2  position 1; logged out: ann
            16s    left       call 2  support: no agents -> hang up
        "#]],
    );
}

#[test]
fn an_unknown_queue_is_gone() {
    check(
        "
        queue support: ann
        queue sales: ann
        0s    config queue sales gone
        1s    caller 1 -> sales
        ",
        &expect![[r#"
            0s     removed    ann@sales
            1s     left       call 1  sales: queue gone -> hang up
        "#]],
    );
}
