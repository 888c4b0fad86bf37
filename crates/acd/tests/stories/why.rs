//! Why somebody got no call: from what was kept when it was decided.

use expect_test::expect;

use crate::story::check;

#[test]
fn everybody_can_be_told_why_the_last_call_was_not_for_her() {
    check(
        "
        queue support: ann bob cid dan, linear, wait 0s
        member ann support: order 1
        member bob support: order 2
        member dan support: order 4
        0s   ann login
        0s   bob login
        0s   cid login
        1s   cid not-ready lunch
        2s   caller 1 -> support
        3s   why ann
        3s   why bob
        3s   why cid
        3s   why dan
        4s   cid ready
        5s   why cid
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            0s     state      cid@support   ready
            1s     state      cid@support   not ready: lunch
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 2s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     why not    ann@support: ringing since 2s
            3s     why not    bob@support: free since 0s; call 1 at 2s: behind ann
            3s     why not    cid@support: not ready since 1s; call 1 at 2s: not ready
            3s     why not    dan@support: logged out since 0s; call 1 at 2s: logged out
            4s     state      cid@support   ready
            5s     why not    cid@support: free since 4s; call 1 at 2s: not ready
        "#]],
    );
}

#[test]
fn in_a_queue_too_large_for_names_everybody_still_has_a_reason() {
    check(
        "
        queue support: ann bob cid dan, linear, wait 0s
        limits: names 1, candidates 1
        agent dan: knows french 1
        0s   ann login
        0s   bob login
        0s   cid login
        0s   dan login
        1s   cid not-ready lunch
        2s   caller 1 -> support
        3s   ann declines
        4s   why ann
        4s   why bob
        4s   why cid
        4s   why dan
        5s   caller 2 -> support needs french 1
        6s   why ann
        6s   why dan
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            0s     state      cid@support   ready
            0s     state      dan@support   ready
            1s     state      cid@support   not ready: lunch
            2s     queued     call 1  support, position 1
            2s     offered    call 1  ann (idle 2s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     declined   call 1  ann
            3s     offered    call 1  bob (idle 3s, for 20s)
            3s     state      ann@support   ready
            3s     state      bob@support   ringing, offer 2
            4s     why not    ann@support: free since 3s; call 1 at 3s: declined it
            4s     why not    bob@support: ringing since 3s
            4s     why not    cid@support: not ready since 1s; call 1 at 3s: not ready
            4s     why not    dan@support: free since 0s; call 1 at 3s: behind bob
            5s     queued     call 2  support, position 2
            5s     offered    call 2  dan (idle 5s, for 20s)
            5s     state      dan@support   ringing, offer 3
            6s     why not    ann@support: free since 3s; call 2 at 5s: lacks a skill
            6s     why not    dan@support: ringing since 5s
        "#]],
    );
}

#[test]
fn what_is_told_of_an_old_decision_is_how_she_stood_then() {
    check(
        "
        queue support: ann bob, linear, wait 0s, stay-when-empty
        limits: names 1, candidates 1
        0s   ann login
        1s   ann not-ready lunch
        2s   caller 1 -> support
        3s   caller 1 hangs up
        4s   ann ready
        5s   why ann
        6s   ann not-ready
        6s   ann ready
        7s   ann not-ready
        7s   ann ready
        8s   config member ann support: order 5
        9s   why ann
        10s  why bob
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     state      ann@support   not ready: lunch
            2s     queued     call 1  support, position 1
            2s     waits      call 1  position 1
            3s     left       call 1  support: abandoned
            4s     state      ann@support   ready
            5s     why not    ann@support: free since 4s; call 1 at 2s: not ready
            6s     state      ann@support   not ready: 
            6s     state      ann@support   ready
            7s     state      ann@support   not ready: 
            7s     state      ann@support   ready
            9s     why not    ann@support: free since 7s; call 1 at 2s: not ready
            10s    why not    bob@support: logged out since 0s; call 1 at 2s: logged out
        "#]],
    );
}

#[test]
fn a_line_that_is_full_keeps_nobody_from_a_call() {
    check(
        "
        queue support: ann bob cid, linear, room 1, wait 0s
        limits: names 1, candidates 1
        0s   ann login
        0s   bob login
        1s   ann not-ready lunch
        2s   bob not-ready lunch
        3s   caller 1 -> support
        4s   why ann
        5s   caller 2 -> support
        6s   why ann
        7s   bob ready
        8s   bob accepts
        9s   bob hangs up
        9s   ann ready
        9s   cid login
        10s  caller 3 -> support
        11s  why cid
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     state      ann@support   not ready: lunch
            2s     state      bob@support   not ready: lunch
            3s     queued     call 1  support, position 1
            3s     waits      call 1  position 1
            4s     why not    ann@support: not ready since 1s; call 1 at 3s: not ready
            5s     sent on    call 2  position 2
            5s     left       call 2  support: full -> hang up
            6s     why not    ann@support: not ready since 1s; call 1 at 3s: not ready
            7s     offered    call 1  bob (idle 7s, for 20s)
            7s     state      bob@support   ringing, offer 1
            8s     connected  call 1  bob (waited 5s)
            8s     state      bob@support   queue call 1
            9s     state      bob@support   ready
            9s     state      ann@support   ready
            9s     state      cid@support   ready
            10s    queued     call 3  support, position 1
            10s    offered    call 3  ann (idle 10s, for 20s)
            10s    state      ann@support   ringing, offer 2
            11s    why not    cid@support: free since 9s; call 3 at 10s: behind ann
        "#]],
    );
}
