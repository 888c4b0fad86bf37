//! An agent takes a chosen waiting call, past the order (pickup).

use expect_test::expect;

use crate::story::check;

#[test]
fn a_chosen_call_rings_who_is_not_ready_and_nobody_else_and_goes_on_from_its_place_if_she_misses_it() {
    check(
        "
        queue support: ann bob, linear, offer 5s, wait 60s, retry 3s
        agent cid:
        0s    bob login
        0s    ann login
        0s    ann not-ready lunch
        1s    caller 1 -> support
        2s    caller 2 -> support
        3s    caller 3 -> support
        4s    ann picks 3 support
        10s   cid picks 1 support
        12s   cid accepts 1
        20s   cid hangs up 1
        ",
        &expect![[r#"
            0s     state      bob@support   ready
            0s     state      ann@support   ready
            0s     state      ann@support   not ready: lunch
            1s     queued     call 1  support, position 1
            1s     offered    call 1  bob (idle 1s, for 5s)
            1s     state      bob@support   ringing, offer 1
            2s     queued     call 2  support, position 2
            2s     waits      call 2  position 2; ringing: bob; not ready: ann
            3s     queued     call 3  support, position 3
            3s     waits      call 3  position 3; ringing: bob; not ready: ann
            4s     offered    call 3  ann (picks it up, for 5s)
            4s     state      ann@support   ringing, offer 2
            6s     expired    call 1  bob
            6s     waits      call 1  position 1; ringing: ann; missed one just now: bob
            6s     state      bob@support   ready, not available
            9s     expired    call 3  ann
            9s     offered    call 1  bob (idle 9s, for 5s)
            9s     waits      call 3  position 3; ringing: bob; not ready: ann
            9s     state      ann@support   not ready: lunch
            9s     state      bob@support   ringing, offer 3
            10s    withdrawn  call 1  bob (picked up)
            10s    offered    call 1  cid (picks it up, for 5s)
            10s    offered    call 2  bob (idle 10s, for 5s)
            10s    state      bob@support   ringing, offer 5
            12s    connected  call 1  cid (waited 11s)
            15s    expired    call 2  bob
            15s    waits      call 2  position 1; not ready: ann; missed one just now: bob
            15s    state      bob@support   ready, not available
            18s    offered    call 2  bob (idle 18s, for 5s)
            18s    state      bob@support   ringing, offer 6
        "#]],
    );
}

#[test]
fn who_is_rung_for_another_call_or_in_wrap_up_has_the_one_she_chose() {
    check(
        "
        queue support: ann bob, linear, offer 20s, wrap-up 30s
        0s    ann login
        1s    caller 1 -> support
        2s    caller 2 -> support
        3s    ann picks 2 support
        4s    ann accepts 2
        5s    bob login
        6s    ann picks 1 support
        7s    ann hangs up 2
        8s    ann picks 1 support
        9s    bob picks 1 support
        10s   bob lifts 1
        11s   ann picks 1 support
        12s   bob accepts 1
        13s   ann picks 1 support
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     queued     call 2  support, position 2
            2s     waits      call 2  position 2; logged out: bob; ringing: ann
            3s     withdrawn  call 1  ann (agent left)
            3s     offered    call 2  ann (picks it up, for 20s)
            3s     waits      call 1  position 1; logged out: bob; ringing: ann
            3s     state      ann@support   ringing, offer 2
            4s     connected  call 2  ann (waited 2s)
            4s     state      ann@support   queue call 2
            5s     offered    call 1  bob (idle 0s, for 20s)
            5s     state      bob@support   ringing, offer 3
            6s     refused    call 1  ann: on a call
            7s     state      ann@support   wrap-up until 37s
            8s     withdrawn  call 1  bob (picked up)
            8s     offered    call 1  ann (picks it up, for 20s)
            8s     state      ann@support   ringing, offer 4
            8s     state      bob@support   ready
            9s     withdrawn  call 1  ann (picked up)
            9s     offered    call 1  bob (picks it up, for 20s)
            9s     state      ann@support   ready
            9s     state      bob@support   ringing, offer 5
            11s    refused    call 1  ann: somebody answers it
            12s    connected  call 1  bob (waited 11s)
            12s    state      bob@support   queue call 1
            13s    refused    call 1  ann: does not wait there
        "#]],
    );
}

#[test]
fn of_several_who_are_rung_the_one_who_chooses_it_has_it_alone() {
    check(
        "
        queue support: ann bob cid, ring-all, offer 10s
        0s    ann login
        0s    bob login
        1s    caller 1 -> support
        2s    bob picks 1 support
        3s    cid login
        4s    cid rung 7
        5s    cid picks 1 support
        6s    bob declines 1
        7s    bob picks 1 support
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 10s)
            1s     offered    call 1  bob (idle 1s, for 10s)
            1s     state      ann@support   ringing, offer 1
            1s     state      bob@support   ringing, offer 2
            2s     withdrawn  call 1  ann (picked up)
            2s     picked up  call 1  bob, who is rung already
            2s     state      ann@support   ready
            3s     state      cid@support   ready
            4s     state      cid@support   ready, not available, since 3s
            5s     refused    call 1  cid: ringing
            6s     declined   call 1  bob
            6s     offered    call 1  ann (idle 6s, for 10s)
            6s     state      ann@support   ringing, offer 3
            6s     state      bob@support   ready
            7s     withdrawn  call 1  ann (picked up)
            7s     offered    call 1  bob (picks it up, for 10s)
            7s     state      ann@support   ready
            7s     state      bob@support   ringing, offer 4
        "#]],
    );
}
