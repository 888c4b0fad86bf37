//! Calls that ring several agents, and more of them while nobody lifts.

use expect_test::expect;

use crate::story::check;

#[test]
fn the_set_grows_with_each_ring_time_and_who_missed_it_rests() {
    check(
        "
        queue support: ann bob cid dan, ring-all, first-ring 1, grow 2, offer 10s, retry 60s, wait 0s
        0s   ann login
        1s   bob login
        2s   cid login
        3s   dan login
        5s   caller 1 -> support
        16s  bob accepts
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     state      bob@support   ready
            2s     state      cid@support   ready
            3s     state      dan@support   ready
            5s     queued     call 1  support, position 1
            5s     offered    call 1  ann (idle 5s, for 10s)
            5s     state      ann@support   ringing, offer 1
            15s    expired    call 1  ann
            15s    offered    call 1  bob (idle 14s, for 10s)
            15s    offered    call 1  cid (idle 13s, for 10s)
            15s    offered    call 1  dan (idle 12s, for 10s)
            15s    state      ann@support   ready, not available
            15s    state      bob@support   ringing, offer 2
            15s    state      cid@support   ringing, offer 3
            15s    state      dan@support   ringing, offer 4
            16s    connected  call 1  bob (waited 11s)
            16s    withdrawn  call 1  cid (answered elsewhere)
            16s    withdrawn  call 1  dan (answered elsewhere)
            16s    state      bob@support   queue call 1
            16s    state      cid@support   ready
            16s    state      dan@support   ready
        "#]],
    );
}

#[test]
fn a_cascade_adds_tier_by_tier_and_the_earlier_ring_on() {
    check(
        "
        queue support: ann bob cid, cascade, offer 10s, wait 0s
        member ann support: tier 1
        member bob support: tier 2
        member cid support: tier 5
        0s   ann login
        0s   bob login
        0s   cid login
        1s   caller 1 -> support
        25s  ann accepts
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            0s     state      cid@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 30s)
            1s     state      ann@support   ringing, offer 1
            11s    offered    call 1  bob (idle 11s, for 20s)
            11s    state      bob@support   ringing, offer 2
            21s    offered    call 1  cid (idle 21s, for 10s)
            21s    state      cid@support   ringing, offer 3
            25s    connected  call 1  ann (waited 24s)
            25s    withdrawn  call 1  bob (answered elsewhere)
            25s    withdrawn  call 1  cid (answered elsewhere)
            25s    state      ann@support   queue call 1
            25s    state      bob@support   ready
            25s    state      cid@support   ready
        "#]],
    );
}

#[test]
fn a_cascade_skips_tiers_without_anybody_free_and_begins_anew_when_it_is_over() {
    check(
        "
        queue support: ann bob cid, cascade, offer 10s, wait 0s, retry 5s
        member ann support: tier 1
        member bob support: tier 2
        member cid support: tier 5
        0s   ann login
        0s   cid login
        1s   caller 1 -> support
        27s  end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      cid@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 30s)
            1s     state      ann@support   ringing, offer 1
            11s    offered    call 1  cid (idle 11s, for 10s)
            11s    state      cid@support   ringing, offer 2
            21s    expired    call 1  cid
            21s    expired    call 1  ann
            21s    waits      call 1  position 1; logged out: bob; missed one just now: ann cid
            21s    state      ann@support   ready, not available
            21s    state      cid@support   ready, not available
            26s    offered    call 1  ann (idle 26s, for 30s)
            26s    state      ann@support   ringing, offer 3
            26s    state      cid@support   ready, since 21s
        "#]],
    );
}

#[test]
fn when_all_of_a_tier_decline_the_next_rings_at_once() {
    check(
        "
        queue support: ann bob, cascade, offer 10s, wait 0s
        member ann support: tier 1
        member bob support: tier 2
        0s   ann login
        0s   bob login
        1s   caller 1 -> support
        3s   ann declines
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            3s     declined   call 1  ann
            3s     offered    call 1  bob (idle 3s, for 10s)
            3s     state      ann@support   ready
            3s     state      bob@support   ringing, offer 2
        "#]],
    );
}

#[test]
fn a_set_that_grows_while_nobody_rings_is_no_new_decision() {
    check(
        "
        queue support: ann bob, ring-all, first-ring 1, offer 5s, retry 60s
        0s    ann login
        0s    bob login
        1s    bob not-ready lunch
        2s    caller 1 -> support
        3s    ann declines
        30s   end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     state      bob@support   not ready: lunch
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 2s, for 5s)
            2s     state      ann@support   ringing, offer 1
            3s     declined   call 1  ann
            3s     waits      call 1  position 1; not ready: bob; declined it: ann
            3s     state      ann@support   ready
        "#]],
    );
}

#[test]
fn a_cascade_is_over_when_no_later_tier_knows_what_is_asked_for() {
    check(
        "
        queue support: cascade, offer 10s, retry 60s
        member ann support: tier 1
        member bob support: tier 2
        agent ann: knows french 2
        0s    ann login
        0s    bob login
        1s    caller 1 -> support needs french 1
        15s   end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            11s    expired    call 1  ann
            11s    waits      call 1  position 1; missed one just now: ann; lacks a skill: bob
            11s    state      ann@support   ready, not available
        "#]],
    );
}

#[test]
fn a_set_that_grows_beside_a_call_that_waits_anew_is_no_new_decision() {
    check(
        "
        queue support: ann bob, ring-all, first-ring 1, offer 5s, retry 60s
        0s    ann login
        0s    bob login
        1s    caller 1 -> support
        1s    ann declines
        1s    bob declines
        1s    caller 2 -> support
        10s   end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 5s)
            1s     state      ann@support   ringing, offer 1
            1s     declined   call 1  ann
            1s     offered    call 1  bob (idle 1s, for 5s)
            1s     state      ann@support   ready
            1s     state      bob@support   ringing, offer 2
            1s     declined   call 1  bob
            1s     waits      call 1  position 1; declined it: ann bob
            1s     state      bob@support   ready
            1s     queued     call 2  support, position 2
            1s     offered    call 2  ann (idle 1s, for 5s)
            1s     state      ann@support   ringing, offer 3
            6s     expired    call 2  ann
            6s     offered    call 2  bob (idle 6s, for 5s)
            6s     state      ann@support   ready, not available
            6s     state      bob@support   ringing, offer 4
        "#]],
    );
}

#[test]
fn rules_that_change_before_the_first_ring_make_the_first_set_no_larger() {
    check(
        "
        queue support: ann bob, ring-all, first-ring 1, offer 5s, stay-when-empty
        1s    caller 1 -> support
        2s    config queue support: offer 6s
        10s   ann login
        11s   bob login
        ",
        &expect![[r#"
            1s     queued     call 1  support, position 1
            1s     waits      call 1  position 1; logged out: ann bob
            10s    offered    call 1  ann (idle 0s, for 6s)
            10s    state      ann@support   ringing, offer 1
            11s    state      bob@support   ready
        "#]],
    );
}

#[test]
fn a_set_of_everybody_does_not_grow_unseen() {
    check(
        "
        queue support: ann bob, ring-all, offer 5s, retry 1s
        0s    ann login
        1s    caller 1 -> support
        7s    config queue support: first-ring 1
        8s    bob login
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 5s)
            1s     state      ann@support   ringing, offer 1
            6s     expired    call 1  ann
            6s     waits      call 1  position 1; logged out: bob; missed one just now: ann
            6s     state      ann@support   ready, not available
            7s     offered    call 1  ann (idle 7s, for 5s)
            7s     state      ann@support   ringing, offer 2
            8s     state      bob@support   ready
        "#]],
    );
}
