//! Ring-all: everybody at once, one wins, nobody else misses (A14).

use expect_test::expect;

use crate::story::check;

#[test]
fn the_first_answer_wins_and_a_second_in_the_same_moment_gets_nothing() {
    check(
        "
        queue support: ann bob cid, ring-all, manual
        0s    ann login
        0s    bob login
        0s    cid login
        0s    ann ready
        0s    bob ready
        0s    cid ready
        1s    caller 1 -> support
        2s    bob accepts
        2s    offer 1 answered
        2s    offer 3 answered
        ",
        &expect![[r#"
            0s     state      ann@support   not ready: login
            0s     state      bob@support   not ready: login
            0s     state      cid@support   not ready: login
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            0s     state      cid@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     offered    call 1  bob (idle 1s, for 20s)
            1s     offered    call 1  cid (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            1s     state      bob@support   ringing, offer 2
            1s     state      cid@support   ringing, offer 3
            2s     connected  call 1  bob (waited 1s)
            2s     withdrawn  call 1  ann (answered elsewhere)
            2s     withdrawn  call 1  cid (answered elsewhere)
            2s     state      ann@support   ready
            2s     state      bob@support   queue call 1
            2s     state      cid@support   ready
        "#]],
    );
}

#[test]
fn one_who_becomes_free_while_it_rings_joins_and_the_cap_holds() {
    check(
        "
        queue support: ann bob cid dan, ring-all, offer 20s
        limits: ring-all 3
        0s    ann login
        0s    bob login
        1s    caller 1 -> support
        5s    cid login
        6s    dan login
        7s    ann declines
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     offered    call 1  bob (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            1s     state      bob@support   ringing, offer 2
            5s     offered    call 1  cid (idle 0s, for 20s)
            5s     state      cid@support   ringing, offer 3
            6s     state      dan@support   ready
            7s     declined   call 1  ann
            7s     offered    call 1  dan (idle 1s, for 20s)
            7s     state      ann@support   ready
            7s     state      dan@support   ringing, offer 4
        "#]],
    );
}

#[test]
fn when_all_have_failed_the_caller_waits_and_is_offered_again() {
    check(
        "
        queue support: ann bob, ring-all, offer 10s, retry 5s
        0s    ann login
        0s    bob login
        1s    caller 1 -> support
        2s    bob declines
        16.5s ann accepts
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 10s)
            1s     offered    call 1  bob (idle 1s, for 10s)
            1s     state      ann@support   ringing, offer 1
            1s     state      bob@support   ringing, offer 2
            2s     declined   call 1  bob
            2s     state      bob@support   ready
            11s    expired    call 1  ann
            11s    waits      call 1  position 1; declined it: bob; missed one just now: ann
            11s    state      ann@support   ready, not available
            16s    offered    call 1  ann (idle 16s, for 10s)
            16s    state      ann@support   ringing, offer 3
            16.5s  connected  call 1  ann (waited 15.5s)
            16.5s  state      ann@support   queue call 1
        "#]],
    );
}

#[test]
fn the_next_caller_gets_those_whom_the_first_does_not_ring() {
    check(
        "
        queue support: ann bob, ring-all
        0s    ann login
        0s    bob login
        1s    caller 1 -> support
        2s    caller 2 -> support
        3s    ann declines
        4s    bob accepts
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     offered    call 1  bob (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            1s     state      bob@support   ringing, offer 2
            2s     queued     call 2  support, position 2
            2s     waits      call 2  position 2; ringing: ann bob
            3s     declined   call 1  ann
            3s     offered    call 2  ann (idle 3s, for 20s)
            3s     state      ann@support   ringing, offer 3
            4s     connected  call 1  bob (waited 3s)
            4s     state      bob@support   queue call 1
        "#]],
    );
}
