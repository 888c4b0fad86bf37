//! Between the moment in which an agent lifts and that in which she is joined with the caller (A21).

use expect_test::expect;

use crate::story::check;

#[test]
fn who_has_lifted_is_cut_off_neither_by_the_ring_time_nor_by_the_longest_wait() {
    check(
        "
        queue support: ann, offer 5s, wait 8s
        0s    ann login
        1s    caller 1 -> support
        2s    ann lifts
        12s   ann accepts
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 5s)
            1s     state      ann@support   ringing, offer 1
            12s    connected  call 1  ann (waited 11s)
            12s    state      ann@support   queue call 1
        "#]],
    );
}

#[test]
fn who_lifts_and_does_not_accept_has_missed_it_and_a_wait_that_is_over_ends_then() {
    check(
        "
        queue support: ann bob, linear, offer 5s, wait 8s, retry 3s
        0s    ann login
        0s    bob login
        1s    caller 1 -> support
        2s    ann lifts
        7s    ann does not accept
        8s    bob lifts
        14s   bob does not accept
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 5s)
            1s     state      ann@support   ringing, offer 1
            7s     expired    call 1  ann
            7s     offered    call 1  bob (idle 7s, for 2s)
            7s     state      ann@support   ready, not available
            7s     state      bob@support   ringing, offer 2
            10s    state      ann@support   ready, since 7s
            14s    expired    call 1  bob
            14s    sent on    call 1  position 1
            14s    left       call 1  support: waited too long -> hang up
            14s    state      bob@support   ready, not available
        "#]],
    );
}
