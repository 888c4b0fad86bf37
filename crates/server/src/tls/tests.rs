//! Certificates made here, good ones and others.

use std::path::Path;

use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;

use super::*;

/// 2026-11-01.
const NOW: i64 = 1_793_491_200;
const DAY: i64 = 86_400;

struct World {
    folder: TempDir,
    files: Files,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files =
            Files { certificate: folder.path().join("certificate.pem"), key: folder.path().join("key.pem") };
        Self { folder, files }
    }

    /// A certificate for `name`, good from and until these seconds, with its key.
    fn made(&self, name: &str, from: i64, until: i64) -> (String, String) {
        let second = |at| time::OffsetDateTime::from_unix_timestamp(at).unwrap();
        let mut wanted = CertificateParams::new(vec![name.to_owned(), "127.0.0.1".to_owned()]).unwrap();
        (wanted.not_before, wanted.not_after) = (second(from), second(until));
        let key = KeyPair::generate().unwrap();
        (wanted.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    fn write(&self, (certificate, key): &(String, String)) {
        std::fs::write(&self.files.certificate, certificate).unwrap();
        std::fs::write(&self.files.key, key).unwrap();
    }

    fn with(name: &str, from: i64, until: i64) -> Self {
        let world = Self::new();
        world.write(&world.made(name, from, until));
        world
    }

    fn understood(&self) -> Result<Certificate, CertificateError> {
        self.files.understand(&self.files.read()?, NOW)
    }

    fn refused(&self) -> String {
        self.understood().expect_err("it was taken").to_string()
    }
}

fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{text} lacks {part}");
    }
    assert!(!text.contains('\n'), "one line: {text}");
}

#[test]
fn a_good_certificate_says_whom_it_is_for_and_how_long() {
    let world = World::with("pbx.acme.test", NOW - DAY, NOW + 90 * DAY);
    let certificate = world.understood().unwrap();
    assert_eq!(certificate.names, ["pbx.acme.test", "127.0.0.1"]);
    assert_eq!((certificate.until, certificate.is_alone), (NOW + 90 * DAY, false));
}

#[test]
fn what_cannot_be_used_is_refused_with_the_setting_and_what_mends_it() {
    let world = World::with("a.test", NOW - DAY, NOW + DAY);
    std::fs::remove_file(&world.files.certificate).unwrap();
    says(&world.refused(), &["tls.certificate", "certificate.pem", "cannot be read", "the user"]);
    std::fs::create_dir(&world.files.certificate).unwrap();
    says(&world.refused(), &["tls.certificate", "it is no file"]);
    std::fs::remove_dir(&world.files.certificate).unwrap();
    std::fs::write(&world.files.certificate, "no certificate").unwrap();
    says(&world.refused(), &["tls.certificate", "holds no certificate", "fullchain.pem"]);
    let rubbish = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    std::fs::write(&world.files.certificate, rubbish).unwrap();
    says(&world.refused(), &["tls.certificate", "cannot be read"]);
    std::fs::write(&world.files.certificate, vec![b'x'; 300_000]).unwrap();
    says(&world.refused(), &["tls.certificate", "longer than"]);
}

#[test]
fn a_key_that_cannot_be_used_is_refused_and_nothing_of_it_is_shown() {
    let world = World::with("a.test", NOW - DAY, NOW + DAY);
    let good = std::fs::read_to_string(&world.files.key).unwrap();
    std::fs::write(&world.files.key, "secret-word").unwrap();
    let text = world.refused();
    says(&text, &["tls.key", "holds no private key", "privkey.pem"]);
    assert!(!text.contains("secret-word"));
    let locked = good.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    std::fs::write(&world.files.key, locked).unwrap();
    says(&world.refused(), &["tls.key", "password", "openssl pkey"]);
    let cut: String = good.lines().filter(|line| !line.is_empty()).take(2).collect::<Vec<_>>().join("\n");
    let cut = format!("{cut}\n-----END PRIVATE KEY-----\n");
    std::fs::write(&world.files.key, cut).unwrap();
    says(&world.refused(), &["tls.key"]);
    std::fs::write(&world.files.key, World::new().made("a.test", NOW, NOW).1).unwrap();
    says(&world.refused(), &["tls.key", "key.pem", "is not the key of", "certificate.pem"]);
}

#[test]
fn a_certificate_out_of_its_time_is_refused() {
    says(&World::with("a.test", NOW - 2 * DAY, NOW - 1).refused(), &["has run out on 2026-10-31", "renew"]);
    says(&World::with("a.test", NOW + 1, NOW + DAY).refused(), &["is good from 2026-11-01", "clock"]);
}

#[test]
fn a_new_certificate_is_taken_and_a_bad_one_leaves_the_old_in_use() {
    let world = World::with("old.test", NOW - DAY, NOW + DAY);
    let tls = Tls::start(world.files.clone(), NOW).unwrap();
    let name = || tls.current().unwrap().names.first().cloned().unwrap();
    tls.look_at(NOW);
    assert_eq!(name(), "old.test");

    // The certificate is there, its key is not yet.
    let (certificate, key) = world.made("new.test", NOW - DAY, NOW + 90 * DAY);
    std::fs::write(&world.files.certificate, certificate).unwrap();
    tls.look_at(NOW);
    assert_eq!(name(), "old.test");
    std::fs::write(&world.files.key, key).unwrap();
    tls.look_at(NOW);
    assert_eq!(name(), "new.test");

    std::fs::remove_file(&world.files.key).unwrap();
    tls.look_at(NOW);
    assert_eq!(name(), "new.test");
    world.write(&world.made("third.test", NOW - DAY, NOW + DAY));
    tls.look_at(NOW);
    assert_eq!(name(), "third.test");

    // Laid out before its time, it is taken when that has come.
    world.write(&world.made("early.test", NOW + 60, NOW + DAY));
    tls.look_at(NOW);
    assert_eq!(name(), "third.test");
    tls.look_at(NOW + 61);
    assert_eq!(name(), "early.test");
    assert!(Path::new(world.folder.path()).exists());
}

#[test]
fn its_end_is_spoken_of_two_weeks_before_and_once_a_day() {
    let world = World::with("a.test", NOW - DAY, NOW + RENEW_BEFORE + DAY);
    let tls = Tls::start(world.files.clone(), NOW).unwrap();
    let said = |at| {
        tls.look_at(at);
        tls.tried().said
    };
    assert_eq!(said(NOW), i64::MIN);
    assert_eq!(said(NOW + DAY), NOW + DAY);
    assert_eq!(said(NOW + DAY + 60), NOW + DAY, "it was said already");
    assert_eq!(said(NOW + 2 * DAY), NOW + 2 * DAY);
}
