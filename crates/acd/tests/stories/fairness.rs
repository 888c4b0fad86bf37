//! Between queues: weight is strict, but nobody starves; what is counted by day begins anew.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_head_that_has_waited_too_long_goes_before_every_weight() {
    check(
        "
        queue gold: ann, weight 9, wait 0s, stay-when-empty
        queue iron: ann, weight 1, wait 0s, stay-when-empty
        limits: starves 60s
        1s    caller 1 -> iron
        2s    caller 2 -> gold
        3s    caller 3 -> gold
        4s    caller 4 -> gold
        10s   ann login
        11s   ann accepts
        50s   ann hangs up
        51s   ann accepts
        90s   ann hangs up
        91s   ann accepts
        100s  ann hangs up
        ",
        &expect![[r#"
            1s     queued     call 1  iron, position 1
            1s     waits      call 1  position 1; logged out: ann
            2s     queued     call 2  gold, position 1
            2s     waits      call 2  position 1; logged out: ann
            3s     queued     call 3  gold, position 2
            3s     waits      call 3  position 2; logged out: ann
            4s     queued     call 4  gold, position 3
            4s     waits      call 4  position 3; logged out: ann
            10s    offered    call 2  ann (idle 0s, for 20s)
            10s    state      ann@gold      ringing, offer 1
            10s    state      ann@iron      ringing, offer 1
            11s    connected  call 2  ann (waited 9s)
            11s    state      ann@gold      queue call 2
            11s    state      ann@iron      other call 2
            50s    offered    call 3  ann (idle 0s, for 20s)
            50s    state      ann@gold      ringing, offer 2
            50s    state      ann@iron      ringing, offer 2
            51s    connected  call 3  ann (waited 48s)
            51s    state      ann@gold      queue call 3
            51s    state      ann@iron      other call 3
            90s    offered    call 1  ann (idle 0s, for 20s)
            90s    state      ann@gold      ringing, offer 3
            90s    state      ann@iron      ringing, offer 3
            91s    connected  call 1  ann (waited 90s)
            91s    state      ann@gold      other call 1
            91s    state      ann@iron      queue call 1
            100s   offered    call 4  ann (idle 0s, for 20s)
            100s   state      ann@gold      ringing, offer 4
            100s   state      ann@iron      ringing, offer 4
        "#]],
    );
}

#[test]
fn her_own_order_of_queues_is_not_moved_by_waiting() {
    check(
        "
        queue gold: ann, wait 0s, stay-when-empty
        queue iron: ann, wait 0s, stay-when-empty
        member ann gold: first 1
        member ann iron: first 2
        limits: starves 60s
        1s    caller 1 -> iron
        90s   caller 2 -> gold
        100s  ann login
        ",
        &expect![[r#"
            1s     queued     call 1  iron, position 1
            1s     waits      call 1  position 1; logged out: ann
            90s    queued     call 2  gold, position 1
            90s    waits      call 2  position 1; logged out: ann
            100s   offered    call 2  ann (idle 0s, for 20s)
            100s   state      ann@gold      ringing, offer 1
            100s   state      ann@iron      ringing, offer 1
        "#]],
    );
}

#[test]
fn least_worked_begins_anew_at_midnight() {
    check(
        "
        queue support: ann bob, least-worked, wait 0s
        0s   ann login
        1s   bob login
        2s   caller 1 -> support
        3s   ann accepts
        4s   ann hangs up
        5s   caller 2 -> support
        6s   bob accepts
        7s   bob hangs up
        8s   caller 3 -> support
        9s   ann accepts
        10s  ann hangs up
        11s  caller 4 -> support
        12s  caller 4 hangs up
        13s  midnight
        14s  config member bob support: order 9
        15s  bob logout
        16s  bob login
        17s  caller 5 -> support
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     state      bob@support   ready
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 2s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     connected  call 1  ann (waited 1s)
            3s     state      ann@support   queue call 1
            4s     state      ann@support   ready
            5s     queued     call 2  support, position 1
            5s     offered    call 2  bob (idle 4s, for 20s)
            5s     state      bob@support   ringing, offer 2
            6s     connected  call 2  bob (waited 1s)
            6s     state      bob@support   queue call 2
            7s     state      bob@support   ready
            8s     queued     call 3  support, position 1
            8s     offered    call 3  ann (idle 4s, for 20s)
            8s     state      ann@support   ringing, offer 3
            9s     connected  call 3  ann (waited 1s)
            9s     state      ann@support   queue call 3
            10s    state      ann@support   ready
            11s    queued     call 4  support, position 1
            11s    offered    call 4  bob (idle 4s, for 20s)
            11s    state      bob@support   ringing, offer 4
            12s    withdrawn  call 4  bob (caller gone)
            12s    left       call 4  support: abandoned
            12s    state      bob@support   ready
            15s    state      bob@support   logged out
            16s    state      bob@support   ready
            17s    queued     call 5  support, position 1
            17s    offered    call 5  ann (idle 7s, for 20s)
            17s    state      ann@support   ringing, offer 5
        "#]],
    );
}

#[test]
fn the_delays_are_the_queues_own() {
    check(
        "
        queue support: ann, busy 8s, decline-delay 4s, wait 0s
        0s   ann login
        1s   caller 1 -> support
        2s   ann busy
        11s  ann declines
        12s  caller 2 -> support
        20s  end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     busy       call 1  ann
            2s     waits      call 1  position 1; missed one just now: ann
            2s     state      ann@support   ready, not available
            10s    offered    call 1  ann (idle 10s, for 20s)
            10s    state      ann@support   ringing, offer 2
            11s    declined   call 1  ann
            11s    waits      call 1  position 1; declined it: ann
            11s    state      ann@support   ready, not available
            12s    queued     call 2  support, position 2
            12s    waits      call 2  position 2; missed one just now: ann
            15s    offered    call 2  ann (idle 15s, for 20s)
            15s    state      ann@support   ringing, offer 3
        "#]],
    );
}
