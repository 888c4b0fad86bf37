//! What is printed is taken by our own reader and planned, and nothing outside the folder is read.

use std::os::unix::fs::symlink;
use std::path::Path;

use store::Store;

use super::super::serve::runtime;
use super::*;

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrate/tests/fixtures");
    std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn every_fixture_becomes_a_file_that_can_be_applied() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 3, "{fixtures:?}");
    for dir in fixtures {
        let imported = asterisk(&dir, Some("acme.test")).unwrap();
        assert_eq!(imported.problems, Vec::<String>::new(), "{}\n{}", dir.display(), imported.file);
        let wanted = store::provisioning::parse(&imported.file, &[]).unwrap();
        assert_eq!(wanted.domain(), "acme.test");
        let data = tempfile::tempdir().unwrap();
        let lines = runtime().unwrap().block_on(async {
            let store = Store::open(data.path()).await.unwrap();
            let plan = store.plan(wanted).await.unwrap();
            store.close().await;
            plan.lines().to_vec()
        });
        assert!(lines.iter().any(|line| line.contains("queue")), "{lines:#?}");
    }
}

#[test]
fn passwords_come_through_whatever_they_look_like() {
    let dir = tempfile::tempdir().unwrap();
    for password in
        ["yes", "0123", "a: b", "#x", "\"'\\", "~", "- x", "ü", "{a}", "!t", "x\u{85}x", "x\u{a0}"]
    {
        let text =
            format!("[1001]\ntype=endpoint\nauth=a\n[a]\ntype=auth\nusername=1001\npassword={password}\n");
        std::fs::write(dir.path().join("pjsip.conf"), text).unwrap();
        let imported = asterisk(dir.path(), None).unwrap();
        let wanted = store::provisioning::parse(&imported.file, &[]).unwrap();
        let kept = wanted.sip_passwords();
        let [(number, secret)] = kept.as_slice() else {
            // A control character is no part of a password.
            assert!(password.chars().any(char::is_control) && kept.is_empty(), "{password}");
            continue;
        };
        assert_eq!((number.as_str(), secret.reveal()), ("1001", password));
    }
}

#[test]
fn no_link_and_no_name_leads_out_of_the_folder() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.conf"), "[secret-queue]\n").unwrap();
    let dir = tempfile::tempdir().unwrap();
    symlink(outside.path(), dir.path().join("way-out")).unwrap();
    symlink(outside.path().join("secret.conf"), dir.path().join("link.conf")).unwrap();
    let up = outside.path().file_name().unwrap().to_str().unwrap();
    let text = format!(
        "[here]\n#include link.conf\n#include way-out/secret.conf\n#include way-out/*.conf\n#include *.conf\n\
         #include ../{up}/secret.conf\n#include {}/secret.conf\n",
        outside.path().display()
    );
    std::fs::write(dir.path().join("extensions.conf"), "").unwrap();
    std::fs::write(dir.path().join("pjsip.conf"), text.replace("#include *.conf\n", "")).unwrap();
    std::fs::write(dir.path().join("queues.conf"), text.replace("#include *.conf\n", "#include l*.conf\n"))
        .unwrap();
    let imported = asterisk(dir.path(), None).unwrap();
    assert!(!imported.file.contains("secret-queue"), "{}", imported.file);
    for line in 2..=7 {
        let place = format!("queues.conf:{line}: ");
        assert!(
            imported.remarks.iter().any(|remark| remark.starts_with(&place)),
            "{line} {:#?}",
            imported.remarks
        );
    }
}

#[test]
fn latin_1_is_read_and_a_folder_with_a_domains_name_names_it() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("pbx.acme.test");
    std::fs::create_dir(&dir).unwrap();
    std::fs::write(dir.join("queues.conf"), b"[Verk\xe4ufe]\n").unwrap();
    let imported = asterisk(&dir, None).unwrap();
    assert!(imported.file.contains("domain: \"pbx.acme.test\""), "{}", imported.file);
    assert!(imported.file.contains("Verkäufe"), "{}", imported.file);
    let plain = parent.path().join("asterisk");
    std::fs::rename(&dir, &plain).unwrap();
    assert!(asterisk(&plain, None).unwrap().file.contains("domain: \"imported.test\""));
}

#[test]
fn what_is_no_folder_is_said() {
    let error = asterisk(Path::new("/does/not/exist"), None).map(|_| ()).unwrap_err();
    assert!(format!("{error:#}").starts_with("/does/not/exist cannot be read as a folder"), "{error:#}");
}

#[test]
fn a_file_with_passwords_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("queues.conf"), "[a]\n").unwrap();
    let (output, report) = (dir.path().join("out.yaml"), dir.path().join("report.txt"));
    let args = AsteriskArgs {
        dir: dir.path().to_owned(),
        domain: None,
        output: Some(output.clone()),
        report: Some(report.clone()),
    };
    run(&ImportCommand::Asterisk(args)).unwrap();
    assert_eq!(std::fs::metadata(&output).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(std::fs::read_to_string(&output).unwrap().contains("name: \"a\""));
    assert!(std::fs::read_to_string(&report).unwrap().contains("pjsip.conf: there is no such file"));
}

/// Lines that are nearly right, or right in the wrong place.
const LINES: [&str; 68] = [
    "1001 => 4711,Ann Ash,ann@acme.test,,delete=yes|maxmsg=0|maxsecs=1",
    "1002 => -1,\u{2028},a@b@c,x,language=xx|delete=yes",
    "802 => 12345678901,\"\",\u{85}@b",
    "800 => 0000,a,a@b.test\u{7f}",
    "maxsecs=99999",
    "delete=yes",
    "[1001]",
    "[1002]",
    "[1001](+)",
    "[carrier]",
    "[carrier]",
    "[a](!)",
    "[b](a)",
    "[in]",
    "[out]",
    "[ ]",
    "[a\u{85}b]",
    "[0123456789012345678901234567890123456789012345678901234567890123456789]",
    "type=endpoint",
    "type=endpoint",
    "type=auth",
    "type=aor",
    "type=identify",
    "auth=1001",
    "aors=carrier",
    "outbound_auth=x",
    "username=1002",
    "password= \" ' : #",
    "password=\u{7f}",
    "context=in",
    "context=out",
    "callerid=\u{2028} <1>",
    "callerid=\"\"<a>",
    "match=0.0.0.0/0",
    "match=10.9.8.7/9,::1/3,x",
    "endpoint=carrier",
    "contact=sip:a@carrier.test:5060",
    "contact=sip:[::1]",
    "contact=-",
    "exten => 800,1,Queue(a,,,,9)",
    "exten => 801,1,Queue(b,,,,99999)",
    "exten => 802,1,Dial(PJSIP/1001&PJSIP/1002,1)",
    "exten => 803,1,Goto(in,802,1)",
    "exten => 1001,1,Dial(PJSIP/1002,9999)",
    "same => n,Queue(b)",
    "same => n,Goto(802,1)",
    "same => n,Dial(PJSIP/1001)",
    "exten => +4930,1,Goto(in,800,1)",
    "exten => 49301234567,1,Dial(PJSIP/1002)",
    "exten => 12,1,Queue(a)",
    "exten => +491,1,Dial(PJSIP/1002&PJSIP/1001)",
    "include => in",
    "include => out",
    "member => PJSIP/1001,4294967296",
    "member => PJSIP/1001,1,\u{feff}",
    "member => PJSIP/1002,7,B,,,99999,yes",
    "member => Local/1003@in,2",
    "strategy=linear",
    "strategy=ringall",
    "strategy=fewestcalls",
    "timeout=-1",
    "timeout=99999999",
    "weight=-5000",
    "maxlen=1000001",
    "announce-frequency=1",
    "autopause=all",
    "servicelevel=70000",
    "leavewhenempty=yes",
];

/// Files that nobody wrote: 400 of them, always the same ones. What is written of them is always taken.
#[test]
fn whatever_is_read_our_own_reader_takes_the_file() {
    use rand::prelude::*;
    let mut chance = rand::rngs::StdRng::seed_from_u64(8);
    let dir = tempfile::tempdir().unwrap();
    let mut sections = 0;
    for round in 0..400 {
        let mut texts = Vec::new();
        for name in ["pjsip.conf", "queues.conf", "extensions.conf", "voicemail.conf"] {
            let count = chance.random_range(0..120);
            let lines: Vec<&str> = (0..count).map(|_| *LINES.choose(&mut chance).unwrap()).collect();
            let text = lines.join("\n");
            std::fs::write(dir.path().join(name), &text).unwrap();
            texts.push(text);
        }
        let imported = asterisk(dir.path(), None).unwrap();
        assert!(
            imported.problems.is_empty(),
            "{round} {:#?}\n{}\n{texts:#?}",
            imported.problems,
            imported.file
        );
        let named = ["agents:", "queues:", "ring_groups:", "mailboxes:", "numbers:", "trunks:"];
        sections += named.iter().filter(|name| imported.file.contains(&format!("\n{name}"))).count();
    }
    // They are not all empty.
    assert!(sections > 500, "{sections}");
}
