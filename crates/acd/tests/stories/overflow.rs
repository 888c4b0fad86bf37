//! Leaving by rule: too long, too full, nobody there (A19, A20, A21, A22).

use expect_test::expect;

use crate::story::check;

#[test]
fn the_longest_wait_cuts_the_ring_and_is_no_miss() {
    check(
        "
        queue support: ann, manual, offer 20s, wait 30s, no-answer 8001
        0s    ann login
        1s    caller 1 -> support
        20s   ann ready
        40s   end
        ",
        &expect![[r#"
            0s     state      ann@support   not ready: login
            1s     queued     call 1  support, position 1
            1s     waits      call 1  position 1; not ready: ann
            20s    offered    call 1  ann (idle 20s, for 11s)
            20s    state      ann@support   ringing, offer 1
            31s    sent on    call 1  position 1; ringing: ann
            31s    withdrawn  call 1  ann (wait expired)
            31s    left       call 1  support: waited too long -> queue 8001
            31s    state      ann@support   ready
        "#]],
    );
}

#[test]
fn a_full_line_sends_the_next_caller_elsewhere() {
    check(
        "
        queue support: ann, room 2, full 8001
        queue sales: ann, room 1, no-answer 8002, stay-when-empty
        0s    ann login support
        1s    caller 1 -> support
        2s    caller 2 -> support
        3s    caller 3 -> support
        4s    caller 4 -> sales
        5s    caller 5 -> sales
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     queued     call 2  support, position 2
            2s     waits      call 2  position 2; ringing: ann
            3s     sent on    call 3  position 3
            3s     left       call 3  support: full -> queue 8001
            4s     queued     call 4  sales, position 1
            4s     waits      call 4  position 1; logged out: ann
            5s     sent on    call 5  position 2
            5s     left       call 5  sales: full -> queue 8002
        "#]],
    );
}

#[test]
fn the_acd_has_a_limit_of_its_own() {
    check(
        "
        queue support: ann, stay-when-empty
        limits: depth 1
        0s    caller 1 -> support
        1s    caller 2 -> support
        ",
        &expect![[r#"
            0s     queued     call 1  support, position 1
            0s     waits      call 1  position 1; logged out: ann
            1s     sent on    call 2  position 2
            1s     left       call 2  support: full -> hang up
        "#]],
    );
}

#[test]
fn nobody_there_means_nobody_logged_in_and_reachable() {
    check(
        "
        queue support: ann bob, no-agents 8001
        queue sales: ann
        agent bob: offline
        1s    caller 1 -> support
        2s    bob login
        3s    caller 2 -> support
        4s    ann login
        5s    ann not-ready lunch
        6s    caller 3 -> support
        7s    ann logout
        ",
        &expect![[r#"
            1s     sent on    call 1  position 1; logged out: ann bob
            1s     left       call 1  support: no agents -> queue 8001
            3s     sent on    call 2  position 1; logged out: ann; unreachable: bob
            3s     left       call 2  support: no agents -> queue 8001
            4s     state      ann@support   ready
            4s     state      ann@sales     ready
            5s     state      ann@support   not ready: lunch
            5s     state      ann@sales     not ready: lunch
            6s     queued     call 3  support, position 1
            6s     waits      call 3  position 1; unreachable: bob; not ready: ann
            7s     sent on    call 3  position 1; logged out: ann; unreachable: bob
            7s     left       call 3  support: no agents -> queue 8001
            7s     state      ann@support   logged out
            7s     state      ann@sales     logged out
        "#]],
    );
}

#[test]
fn callers_may_stay_when_nobody_is_there() {
    check(
        "
        queue support: ann, stay-when-empty, wait 60s
        1s    caller 1 -> support
        5s    ann login
        6s    ann logout
        70s   end
        ",
        &expect![[r#"
            1s     queued     call 1  support, position 1
            1s     waits      call 1  position 1; logged out: ann
            5s     offered    call 1  ann (idle 0s, for 20s)
            5s     state      ann@support   ringing, offer 1
            6s     withdrawn  call 1  ann (agent left)
            6s     waits      call 1  position 1; logged out: ann
            6s     state      ann@support   logged out
            61s    sent on    call 1  position 1; logged out: ann
            61s    left       call 1  support: waited too long -> hang up
        "#]],
    );
}

#[test]
fn too_many_offers_count_as_no_answer() {
    check(
        "
        queue support: ann, offer 10s, retry 1s, no-answer 8001
        limits: offers 2
        0s    ann login
        1s    caller 1 -> support
        40s   end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 10s)
            1s     state      ann@support   ringing, offer 1
            11s    expired    call 1  ann
            11s    waits      call 1  position 1; missed one just now: ann
            11s    state      ann@support   ready, not available
            12s    offered    call 1  ann (idle 12s, for 10s)
            12s    state      ann@support   ringing, offer 2
            22s    expired    call 1  ann
            22s    sent on    call 1  position 1; missed one just now: ann
            22s    left       call 1  support: waited too long -> queue 8001
            22s    state      ann@support   ready, not available
            23s    state      ann@support   ready, since 22s
        "#]],
    );
}
