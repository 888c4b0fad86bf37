//! The agent's phone comes and goes.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_login_outlives_the_phone_for_its_grace() {
    check(
        "
        queue support: ann, stay-when-empty
        limits: grace 60s
        0s    ann login
        10s   ann unregisters
        20s   caller 1 -> support
        100s  ann registers
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            10s    state      ann@support   offline
            20s    queued     call 1  support, position 1
            20s    waits      call 1  position 1; unreachable: ann
            100s   state      ann@support   logged out
        "#]],
    );
}

#[test]
fn a_phone_that_comes_back_restores_what_she_wanted() {
    check(
        "
        queue support: ann, auto-ready
        queue sales: ann, manual
        0s    ann login
        0s    ann ready
        10s   ann unregisters
        20s   ann registers
        30s   ann ready
        31s   ann not-ready lunch support
        40s   ann unregisters
        50s   ann registers
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      ann@sales     not ready: login
            0s     state      ann@sales     ready
            10s    state      ann@support   offline
            10s    state      ann@sales     offline
            20s    state      ann@support   ready
            20s    state      ann@sales     not ready: device_down
            30s    state      ann@sales     ready
            31s    state      ann@support   not ready: lunch
            40s    state      ann@support   offline
            40s    state      ann@sales     offline
            50s    state      ann@support   not ready: lunch
            50s    state      ann@sales     not ready: device_down
        "#]],
    );
}

#[test]
fn a_phone_lost_while_it_rings_is_no_miss() {
    check(
        "
        queue support: ann bob, linear
        member ann support: order 1
        member bob support: order 2
        0s    ann login
        0s    bob login
        1s    caller 1 -> support
        2s    ann unregisters
        3s    ann registers
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     no-device  call 1  ann
            2s     offered    call 1  bob (idle 2s, for 20s)
            2s     state      ann@support   offline
            2s     state      bob@support   ringing, offer 2
            3s     state      ann@support   ready
        "#]],
    );
}

#[test]
fn an_offer_that_reaches_nobody_takes_her_offline_until_she_shows_up() {
    check(
        "
        queue support: ann, offer 20s
        limits: grace 60s
        0s    ann login
        1s    caller 1 -> support
        2s    ann unreachable
        10s   ann registers
        11s   ann unreachable
        12s   ann ready
        13s   ann unreachable
        80s   ann login
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     no-device  call 1  ann
            2s     waits      call 1  position 1; unreachable: ann
            2s     state      ann@support   offline
            10s    offered    call 1  ann (idle 10s, for 20s)
            10s    state      ann@support   ringing, offer 2
            11s    no-device  call 1  ann
            11s    waits      call 1  position 1; unreachable: ann
            11s    state      ann@support   offline
            12s    offered    call 1  ann (idle 12s, for 20s)
            12s    state      ann@support   ringing, offer 3
            13s    no-device  call 1  ann
            13s    waits      call 1  position 1; unreachable: ann
            13s    state      ann@support   offline
            73s    sent on    call 1  position 1; logged out: ann
            73s    left       call 1  support: no agents -> hang up
            80s    state      ann@support   ready
        "#]],
    );
}

#[test]
fn during_a_call_the_phone_may_come_and_go() {
    check(
        "
        queue support: ann, manual, wrap-up 5s
        limits: grace 60s
        0s    ann login
        0s    ann ready
        1s    caller 1 -> support
        2s    ann accepts
        3s    ann unregisters
        4s    ann registers
        5s    ann unregisters
        200s  ann hangs up
        300s  ann registers
        ",
        &expect![[r#"
            0s     state      ann@support   not ready: login
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1
            200s   state      ann@support   wrap-up until 205s
            205s   state      ann@support   offline
            300s   state      ann@support   logged out
        "#]],
    );
}

#[test]
fn without_the_rule_the_login_stays() {
    check(
        "
        queue support: ann, stay-when-empty
        limits: grace 60s, keep-login
        0s    ann login
        10s   ann unregisters
        500s  ann registers
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            10s    state      ann@support   offline
            500s   state      ann@support   ready
        "#]],
    );
}

#[test]
fn she_may_act_while_her_phone_is_away() {
    check(
        "
        queue support: ann, manual
        0s    ann login
        0s    ann ready
        10s   ann unregisters
        11s   ann not-ready lunch
        12s   ann registers
        13s   ann unregisters
        14s   ann ready
        15s   ann registers
        16s   ann unregisters
        17s   ann logout
        ",
        &expect![[r#"
            0s     state      ann@support   not ready: login
            0s     state      ann@support   ready
            10s    state      ann@support   offline
            12s    state      ann@support   not ready: lunch
            13s    state      ann@support   offline
            15s    state      ann@support   ready
            16s    state      ann@support   offline
        "#]],
    );
}
