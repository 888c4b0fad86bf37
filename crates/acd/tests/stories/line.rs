//! The waiting line: order, places, strategies.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_new_caller_never_overtakes_and_priority_does() {
    check(
        "
        queue support: ann
        0s    ann login
        1s    caller 1 -> support
        2s    caller 2 -> support
        3s    caller 3 -> support vip 5
        4s    ann declines
        5s    ann accepts
        6s    caller 2 hangs up
        7s    ann hangs up
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     queued     call 2  support, position 2
            2s     waits      call 2  position 2; ringing: ann
            3s     queued     call 3  support, position 1
            3s     waits      call 3  position 1; ringing: ann
            4s     declined   call 1  ann
            4s     offered    call 3  ann (idle 4s, for 20s)
            4s     waits      call 1  position 2; ringing: ann
            4s     state      ann@support   ringing, offer 2
            5s     connected  call 3  ann (waited 2s)
            5s     state      ann@support   queue call 3
            6s     left       call 2  support: abandoned
            7s     state      ann@support   ready
        "#]],
    );
}

#[test]
fn longest_idle_counts_from_login_or_the_last_queue_call_and_nothing_else() {
    check(
        "
        queue support: ann bob cid, offer 10s
        0s    ann login
        1s    bob login
        2s    cid login
        10s   caller 1 -> support
        12s   ann declines
        13s   bob accepts
        14s   bob hangs up
        15s   ann talks 1
        20s   ann ends 1
        21s   caller 2 -> support
        35s   cid accepts
        40s   caller 3 -> support
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     state      bob@support   ready
            2s     state      cid@support   ready
            10s    queued     call 1  support, position 1
            10s    offered    call 1  ann (idle 10s, for 10s)
            10s    state      ann@support   ringing, offer 1
            12s    declined   call 1  ann
            12s    offered    call 1  bob (idle 11s, for 10s)
            12s    state      ann@support   ready
            12s    state      bob@support   ringing, offer 2
            13s    connected  call 1  bob (waited 3s)
            13s    state      bob@support   queue call 1
            14s    state      bob@support   ready
            15s    state      ann@support   other call 901
            20s    state      ann@support   ready
            21s    queued     call 2  support, position 1
            21s    offered    call 2  ann (idle 21s, for 10s)
            21s    state      ann@support   ringing, offer 3
            31s    expired    call 2  ann
            31s    offered    call 2  cid (idle 29s, for 10s)
            31s    state      ann@support   ready, not available
            31s    state      cid@support   ringing, offer 4
            35s    connected  call 2  cid (waited 14s)
            35s    state      cid@support   queue call 2
            36s    state      ann@support   ready, since 31s
            40s    queued     call 3  support, position 1
            40s    offered    call 3  ann (idle 40s, for 10s)
            40s    state      ann@support   ringing, offer 5
        "#]],
    );
}

#[test]
fn linear_starts_from_the_top_each_time() {
    check(
        "
        queue support: ann bob cid, linear
        member cid support: order 1
        member ann support: order 2
        member bob support: order 2
        0s    bob login
        1s    ann login
        2s    cid login
        3s    caller 1 -> support
        4s    cid accepts
        5s    caller 2 -> support
        6s    bob accepts
        7s    cid hangs up
        8s    caller 3 -> support
        ",
        &expect![[r#"
            0s     state      bob@support   ready
            1s     state      ann@support   ready
            2s     state      cid@support   ready
            3s     queued     call 1  support, position 1
            3s     offered    call 1  cid (idle 1s, for 20s)
            3s     state      cid@support   ringing, offer 1
            4s     connected  call 1  cid (waited 1s)
            4s     state      cid@support   queue call 1
            5s     queued     call 2  support, position 1
            5s     offered    call 2  bob (idle 5s, for 20s)
            5s     state      bob@support   ringing, offer 2
            6s     connected  call 2  bob (waited 1s)
            6s     state      bob@support   queue call 2
            7s     state      cid@support   ready
            8s     queued     call 3  support, position 1
            8s     offered    call 3  cid (idle 1s, for 20s)
            8s     state      cid@support   ringing, offer 3
        "#]],
    );
}

#[test]
fn a_caller_who_leaves_while_it_rings_is_no_miss() {
    check(
        "
        queue support: ann, manual
        0s    ann login
        0s    ann ready
        1s    caller 1 -> support
        2s    caller 1 hangs up
        3s    caller 2 -> support
        4s    caller 2 removed
        5s    caller 2 hangs up
        ",
        &expect![[r#"
            0s     state      ann@support   not ready: login
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     withdrawn  call 1  ann (caller gone)
            2s     left       call 1  support: abandoned
            2s     state      ann@support   ready
            3s     queued     call 2  support, position 1
            3s     offered    call 2  ann (idle 3s, for 20s)
            3s     state      ann@support   ringing, offer 2
            4s     withdrawn  call 2  ann (caller gone)
            4s     left       call 2  support: removed
            4s     state      ann@support   ready
        "#]],
    );
}

#[test]
fn every_waiting_caller_knows_why() {
    check(
        "
        queue support: ann bob cid dan eve fay, stay-when-empty
        agent bob: invited
        agent fay: offline
        member eve support: disabled
        0s    ann login
        0s    cid login
        0s    fay login
        1s    cid not-ready lunch
        2s    ann talks 1
        3s    caller 1 -> support
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      cid@support   ready
            1s     state      cid@support   not ready: lunch
            2s     state      ann@support   other call 901
            3s     queued     call 1  support, position 1
            3s     waits      call 1  position 1; not active: bob; entry disabled: eve; logged out: dan; unreachable: fay; on a call: ann; not ready: cid
        "#]],
    );
}
