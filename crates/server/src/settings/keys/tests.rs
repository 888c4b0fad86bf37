//! The table of settings, held against its page, the defaults and wrong values.

use super::super::lookup::find;
use super::*;

/// The reference page, generated: a test compares it with the committed one.
fn reference() -> String {
    let mut page = String::from(
        "# Settings\n\nGenerated from the settings table; every key can stand in the TOML file or come from the environment, which wins.\n\n| Key | Environment | Default | Meaning |\n|---|---|---|---|\n",
    );
    for key in all() {
        let default = if key.default.is_empty() { "none".into() } else { format!("`{}`", key.default) };
        page += &format!("| `{}` | `{}` | {default} | {} |\n", key.name, key.environment(), key.doc);
    }
    page
}

#[test]
fn the_reference_page_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/book/src/reference/configuration.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, reference()).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(committed, reference(), "run with UPDATE_EXPECT=1 to write it anew");
}

#[test]
fn every_default_in_the_table_is_the_default_of_the_settings() {
    for key in all() {
        let mut settings = Settings::default();
        let before = format!("{settings:?}");
        if !key.default.is_empty() && key.name != "http.listen" {
            (key.set)(&mut settings, key.default).unwrap();
        }
        assert_eq!(format!("{settings:?}"), before, "{}", key.name);
    }
}

#[test]
fn a_wrong_value_is_refused_with_what_would_be_right() {
    for (name, value) in [
        ("sip.udp", "nowhere"),
        ("sip.digest", "sha1"),
        ("sip.srtp", "yes"),
        ("rtp.ports", "5000"),
        ("rtp.ports", "30000-20000"),
        ("rtp.silence_timeout", "0"),
        ("database.url", "postgres://x"),
        ("owner.password", "short"),
        ("log.format", "xml"),
        ("log.level", "loud"),
        ("smtp.from", "nobody"),
        ("smtp.tls", "yes"),
        ("smtp.port", "0"),
        ("outbound.allow", "10.0.0.1/8"),
        ("oidc.issuer", "id.acme.test"),
        ("oidc.issuer", "https://id.acme.test?x=y"),
        ("oidc.name", ""),
        ("oidc.email_domains", "ann@acme.test"),
        ("acme.domains", "*.acme.test"),
        ("acme.domains", "192.0.2.1"),
        ("acme.domains", "pbx_1.acme.test"),
        ("acme.domains", "localhost"),
        ("acme.domains", "a.acme.test,-b.acme.test"),
        ("acme.contact", "nobody"),
        ("acme.directory", "http://ca.acme.test/directory"),
        ("acme.directory", "https://ca acme.test/"),
        ("acme.external_key", "no base64!"),
    ] {
        let key = find(name).unwrap();
        let said = (key.set)(&mut Settings::default(), value).unwrap_err();
        assert!(said.len() > 10, "{name}: {said}");
    }
}
