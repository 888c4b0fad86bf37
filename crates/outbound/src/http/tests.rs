//! Where a request may be led, and what comes back.

use proptest::prelude::*;

use super::*;

#[test]
fn a_forbidden_address_is_said_once() {
    let said = |host: &str| {
        PostError::Forbidden { host: host.into(), address: "127.0.0.1".parse().unwrap() }.to_string()
    };
    let hint = "; `outbound.allow` can name its network";
    assert_eq!(said("127.0.0.1"), format!("127.0.0.1 is no public address{hint}"));
    assert_eq!(said("hooks.test"), format!("hooks.test is at 127.0.0.1, which is no public address{hint}"));
}

#[test]
fn a_target_is_read_as_it_will_be_asked() {
    let target = Target::read("https://hooks.acme.test:8443/a/b?c=d").unwrap();
    assert_eq!((target.tls, target.host.as_str(), target.port), (true, "hooks.acme.test", 8443));
    assert_eq!((target.authority.as_str(), target.path.as_str()), ("hooks.acme.test:8443", "/a/b?c=d"));
    let target = Target::read("http://[::1]/").unwrap();
    assert_eq!((target.tls, target.host.as_str(), target.port), (false, "::1", 80));
    for wrong in [
        "",
        "ftp://x/",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://u:p@x/",
        "https://x:0/",
        "https://x:99999/",
        "//x/",
        "/x",
        "https://x\r\nHost: y/",
        "gopher://127.0.0.1:25/",
        "https://exa mple/",
    ] {
        assert!(matches!(Target::read(wrong), Err(PostError::Url(_))), "{wrong}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_target_or_refused(text in ".{0,200}") {
        let _read = Target::read(&text);
        let _read = Target::read(&format!("https://{text}"));
    }
}
