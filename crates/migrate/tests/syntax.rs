//! What Asterisk's syntax means, seen by what becomes of it.

use crate::world::{Texts, remarks};

/// The queues' fields of a `queues.conf`.
fn queue(text: &str) -> String {
    Texts::new(&[("queues.conf", text)]).import().file
}

#[test]
fn a_later_setting_wins_and_templates_come_first() {
    let file = queue("[base](!)\ntimeout=5\nretry=7\n[a](base)\ntimeout=6\ntimeout = 8 ; eight\n");
    assert!(file.contains("ring_time: 8\n") && file.contains("retry_delay: 7\n"), "{file}");
    assert!(!file.contains("name: \"base\""), "{file}");
}

#[test]
fn a_section_goes_on_and_a_template_of_templates_holds() {
    let file = queue("[x](!)\ntimeout=9\n[y](!,x)\nretry=4\n[a](y)\n[a](+)\nmaxlen=12\n");
    for field in ["ring_time: 9\n", "retry_delay: 4\n", "max_callers: 12\n"] {
        assert!(file.contains(field), "{field} {file}");
    }
    assert_eq!(file.matches("number:").count(), 1, "{file}");
}

#[test]
fn what_is_included_goes_on_with_the_section() {
    let files = Texts::new(&[
        ("queues.conf", "[a]\n#include <more/a.conf>\nretry=4\n"),
        ("more/a.conf", "timeout=9\n[b]\ntimeout=3\n"),
    ]);
    let file = files.import().file;
    let (a, b) = file.split_once("name: \"b\"").unwrap();
    assert!(a.contains("ring_time: 9\n") && a.contains("retry_delay: 4\n"), "{file}");
    assert!(b.contains("ring_time: 3\n"), "{file}");
}

#[test]
fn remarks_name_the_file_that_a_line_is_in() {
    let files = Texts::new(&[
        ("queues.conf", "[a]\n#include \"q/*.conf\"\n"),
        ("q/1.conf", "\nmusicclass=jazz\n"),
        ("q/2.conf", "weight=x\n"),
    ]);
    let remarks = remarks(&files.import());
    assert!(remarks.contains("q/1.conf:2: `musicclass`"), "{remarks}");
    assert!(remarks.contains("q/2.conf:1: `weight` is `x`"), "{remarks}");
}

#[test]
fn of_two_patterns_the_narrower_one_is_followed() {
    let files = Texts::new(&[
        ("queues.conf", "[a]\n[b]\n"),
        (
            "extensions.conf",
            "[default]\nexten => 9000,1,Goto(500,1)\nexten => _5.,1,Queue(a)\nexten => _50X,1,Queue(b)\n",
        ),
    ]);
    let file = files.import().file;
    let queue = file.split("- number:").find(|queue| queue.contains("name: \"b\"")).unwrap();
    assert!(queue.contains("\"9000\""), "{file}");
}

#[test]
fn priorities_may_stand_in_any_order() {
    let files = Texts::new(&[
        ("queues.conf", "[a]\n[b]\n"),
        ("extensions.conf", "[default]\nexten => 9000,2,Queue(b)\nexten => 9000,1,Queue(a,,,,40)\n"),
    ]);
    let file = files.import().file;
    let queue = file.split("- number:").find(|queue| queue.contains("name: \"a\"")).unwrap();
    assert!(queue.contains("\"9000\"") && queue.contains("max_waiting_time: 40\n"), "{file}");
    assert!(queue.contains("on_no_answer: {queue: \"8000\"}"), "{file}");
}

#[test]
fn secrets_are_in_no_remark() {
    let files = Texts::new(&[
        (
            "pjsip.conf",
            "[1001]\ntype=endpoint\nauth=a\n[a]\ntype=auth\nauth_type=md5\nusername=ann\npassword=hidden-1\nmd5_cred=hidden-2\n",
        ),
        (
            "extensions.conf",
            "[default]\nexten => 5000,1,Dial(IAX2/me:hidden-3@there/1)\nexten => 5001,1,AGI(x,hidden-4)\n",
        ),
    ]);
    let remarks = remarks(&files.import());
    assert!(!remarks.contains("hidden"), "{remarks}");
    assert!(remarks.contains("`IAX2` is no SIP phone"), "{remarks}");
}

#[test]
fn where_phones_and_carrier_share_a_context_long_numbers_are_the_carriers() {
    let files = Texts::new(&[
        (
            "pjsip.conf",
            "[1001]\ntype=endpoint\nauth=1001\n[1001]\ntype=auth\nusername=1001\npassword=p\n\
             [carrier]\ntype=endpoint\naors=carrier\n[carrier]\ntype=aor\ncontact=sip:192.0.2.1\n\
             [carrier]\ntype=identify\nmatch=192.0.2.1\n",
        ),
        ("queues.conf", "[a]\nmember => PJSIP/1001\n"),
        (
            "extensions.conf",
            "[default]\nexten => 8000,1,Queue(a)\nexten => 4930123456,1,Queue(a)\nexten => 1001,1,Dial(PJSIP/1001)\n",
        ),
    ]);
    let import = files.import();
    assert!(import.file.contains("  - number: \"8000\"\n    name: \"a\"\n"), "{}", import.file);
    assert!(
        import.file.contains("  - number: \"4930123456\"\n    open: {queue: \"8000\"}\n"),
        "{}",
        import.file
    );
    let remarks = remarks(&import);
    assert!(remarks.contains("its calls reach all of context `default` there"), "{remarks}");
    assert_eq!(remarks.lines().count(), 1, "{remarks}");
}
