//! How a call enters a line: with priority that ages, with agents of its own, in its old place.

use expect_test::expect;

use crate::story::check;

#[test]
fn with_ageing_a_priority_is_worth_so_many_seconds_and_no_more() {
    check(
        "
        queue support: ann, wait 0s, ageing 10s, stay-when-empty
        1s   caller 1 -> support
        15s  caller 2 -> support vip 1
        16s  caller 3 -> support vip 2
        30s  ann login
        31s  ann declines
        32s  ann declines
        ",
        &expect![[r#"
            1s     queued     call 1  support, position 1
            1s     waits      call 1  position 1; logged out: ann
            15s    queued     call 2  support, position 2
            15s    waits      call 2  position 2; logged out: ann
            16s    queued     call 3  support, position 1
            16s    waits      call 3  position 1; logged out: ann
            30s    offered    call 3  ann (idle 0s, for 20s)
            30s    state      ann@support   ringing, offer 1
            31s    declined   call 3  ann
            31s    offered    call 1  ann (idle 1s, for 20s)
            31s    waits      call 3  position 1; ringing: ann
            31s    state      ann@support   ringing, offer 2
            32s    declined   call 1  ann
            32s    offered    call 2  ann (idle 2s, for 20s)
            32s    waits      call 1  position 2; ringing: ann
            32s    state      ann@support   ringing, offer 3
        "#]],
    );
}

#[test]
fn by_received_who_waited_elsewhere_goes_first() {
    check(
        "
        queue support: ann, wait 0s, by-received, stay-when-empty
        20s  caller 1 -> support received 15s
        21s  caller 2 -> support received 2s
        30s  ann login
        ",
        &expect![[r#"
            20s    queued     call 1  support, position 1
            20s    waits      call 1  position 1; logged out: ann
            21s    queued     call 2  support, position 1
            21s    waits      call 2  position 1; logged out: ann
            30s    offered    call 2  ann (idle 0s, for 20s)
            30s    state      ann@support   ringing, offer 1
        "#]],
    );
}

#[test]
fn the_callers_own_agents_come_first_and_then_the_strategy() {
    check(
        "
        queue support: ann bob cid, linear, wait 0s, busy 0s
        member ann support: order 1
        member bob support: order 2
        member cid support: order 3
        0s   ann login
        0s   bob login
        0s   cid login
        1s   caller 1 -> support prefers cid prefers bob
        2s   cid declines
        3s   bob declines
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            0s     state      cid@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  cid (idle 1s, for 20s)
            1s     state      cid@support   ringing, offer 1
            2s     declined   call 1  cid
            2s     offered    call 1  bob (idle 2s, for 20s)
            2s     state      bob@support   ringing, offer 2
            2s     state      cid@support   ready
            3s     declined   call 1  bob
            3s     offered    call 1  ann (idle 3s, for 20s)
            3s     state      ann@support   ringing, offer 3
            3s     state      bob@support   ready
        "#]],
    );
}

#[test]
fn ring_all_knows_no_favourites() {
    check(
        "
        queue support: ann bob, ring-all
        0s   ann login
        0s   bob login
        1s   caller 1 -> support prefers bob
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     offered    call 1  bob (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            1s     state      bob@support   ringing, offer 2
        "#]],
    );
}

#[test]
fn a_caller_who_dials_again_after_a_restart_has_his_old_place_and_what_was_left_of_his_wait() {
    check(
        "
        queue support: ann, wait 60s, offer 20s, stay-when-empty
        100s  caller 1 -> support
        101s  caller 2 -> support resumes 50s
        300s  end
        ",
        &expect![[r#"
            100s   queued     call 1  support, position 1
            100s   waits      call 1  position 1; logged out: ann
            101s   queued     call 2  support, position 1
            101s   waits      call 2  position 1; logged out: ann
            121s   sent on    call 2  position 1; logged out: ann
            121s   left       call 2  support: waited too long -> hang up
            160s   sent on    call 1  position 1; logged out: ann
            160s   left       call 1  support: waited too long -> hang up
        "#]],
    );
}

#[test]
fn a_caller_who_is_to_be_called_back_may_hang_up_and_keeps_his_place() {
    check(
        "
        queue support: ann, wait 60s
        limits: callback 300s
        0s    ann login
        1s    ann talks 7
        2s    caller 1 -> support
        3s    caller 2 -> support
        4s    caller 1 wants callback
        5s    caller 1 hangs up
        100s  ann ends 7
        101s  ann accepts
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     state      ann@support   other call 907
            2s     queued     call 1  support, position 1
            2s     waits      call 1  position 1; on a call: ann
            3s     queued     call 2  support, position 2
            3s     waits      call 2  position 2; on a call: ann
            63s    sent on    call 2  position 2; on a call: ann
            63s    left       call 2  support: waited too long -> hang up
            100s   offered    call 1  ann (idle 100s, for 20s)
            100s   state      ann@support   ringing, offer 1
            101s   connected  call 1  ann (waited 99s)
            101s   state      ann@support   queue call 1
        "#]],
    );
}

#[test]
fn a_callback_does_not_wait_for_ever_and_outlives_the_last_agents_logout() {
    check(
        "
        queue support: ann, wait 60s
        limits: callback 300s
        0s    ann login
        1s    ann talks 7
        2s    caller 1 -> support
        3s    caller 2 -> support
        4s    caller 1 wants callback
        5s    caller 1 hangs up
        6s    ann logout
        7s    ann unregisters
        900s  end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     state      ann@support   other call 907
            2s     queued     call 1  support, position 1
            2s     waits      call 1  position 1; on a call: ann
            3s     queued     call 2  support, position 2
            3s     waits      call 2  position 2; on a call: ann
            6s     sent on    call 2  position 2; logged out: ann
            6s     left       call 2  support: no agents -> hang up
            6s     state      ann@support   logged out
            7s     state      ann@support   offline
            304s   left       call 1  support: callback failed
        "#]],
    );
}

#[test]
fn a_caller_who_would_wait_too_long_is_not_let_in_once_there_is_a_measure() {
    check(
        "
        queue support: ann, wait 0s, expected 90s, full 8005, wrap-up 10s
        0s    ann login
        1s    caller 1 -> support
        1s    expected support
        1s    ann accepts
        2s    caller 2 -> support
        51s   ann hangs up
        61.5s ann accepts
        62s   expected support
        62s   caller 3 -> support
        63s   expected support
        63s   caller 4 -> support
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            1s     expected   support  unknown
            1s     connected  call 1  ann (waited 0s)
            1s     state      ann@support   queue call 1
            2s     queued     call 2  support, position 1
            2s     waits      call 2  position 1; on a call: ann
            51s    state      ann@support   wrap-up until 61s
            61s    offered    call 2  ann (idle 10s, for 20s)
            61s    state      ann@support   ringing, offer 2
            61.5s  connected  call 2  ann (waited 59.5s)
            61.5s  state      ann@support   queue call 2
            62s    expected   support  60s
            62s    queued     call 3  support, position 1
            62s    waits      call 3  position 1; on a call: ann
            63s    expected   support  120s
            63s    sent on    call 4  position 2
            63s    left       call 4  support: full -> queue 8005
        "#]],
    );
}

#[test]
fn a_favourite_who_knows_what_is_asked_for_comes_first_and_one_who_does_not_never() {
    check(
        "
        queue support: ann bob cid, linear
        agent ann: knows french 3
        agent bob: knows french 3
        0s    ann login
        0s    bob login
        0s    cid login
        1s    caller 1 -> support needs french 2 prefers cid prefers bob
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            0s     state      cid@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  bob (idle 1s, for 20s)
            1s     state      bob@support   ringing, offer 1
        "#]],
    );
}

#[test]
fn the_longest_wait_that_may_be_expected_is_still_let_in() {
    check(
        "
        queue support: ann, expected 20s
        0s    ann login
        1s    caller 1 -> support
        1s    ann accepts
        21s   ann hangs up
        22s   caller 2 -> support
        22s   ann accepts
        23s   expected support
        23s   caller 3 -> support
        24s   expected support
        24s   caller 4 -> support
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            1s     connected  call 1  ann (waited 0s)
            1s     state      ann@support   queue call 1
            21s    state      ann@support   ready
            22s    queued     call 2  support, position 1
            22s    offered    call 2  ann (idle 1s, for 20s)
            22s    state      ann@support   ringing, offer 2
            22s    connected  call 2  ann (waited 0s)
            22s    state      ann@support   queue call 2
            23s    expected   support  20s
            23s    queued     call 3  support, position 1
            23s    waits      call 3  position 1; on a call: ann
            24s    expected   support  40s
            24s    sent on    call 4  position 2
            24s    left       call 4  support: full -> hang up
        "#]],
    );
}
