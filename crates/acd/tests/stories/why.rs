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
