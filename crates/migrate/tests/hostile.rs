//! Files that nobody wrote by hand: a clear end, no panic, and no time lost.

use migrate::{FileError, Files, asterisk, limits};
use proptest::prelude::*;

use crate::world::{Texts, remarks};

#[test]
fn a_file_that_includes_itself_is_refused() {
    let files =
        Texts::new(&[("queues.conf", "[a]\n#include b.conf\n"), ("b.conf", "\n#include ./queues.conf\n")]);
    assert_eq!(files.refused(), "b.conf:2: `queues.conf` includes itself, directly or through others");
}

#[test]
fn includes_end_somewhere() {
    let names: Vec<(String, String)> =
        (0..20).map(|at| (format!("{at}.conf"), format!("#include {}.conf\n", at + 1))).collect();
    let mut files: Vec<(&str, &str)> =
        names.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    files.push(("pjsip.conf", "#include 0.conf\n"));
    let refused = Texts::new(&files).refused();
    assert_eq!(refused, "9.conf:1: files include each other more than 10 deep; that is the limit");
}

#[test]
fn many_includes_of_one_file_are_counted() {
    let text = "#include a.conf\n".repeat(limits::FILES_MAX + 1);
    let refused = Texts::new(&[("queues.conf", &text), ("a.conf", "\n")]).refused();
    assert_eq!(refused, "a.conf: more than 500 files are included; that is the limit");
}

#[test]
fn templates_that_double_are_stopped() {
    let mut text = "[t0](!)\nmember=>PJSIP/1001\n".to_owned();
    for at in 1..40 {
        text.push_str(&format!("[t{at}](!,t{},t{})\n", at - 1, at - 1));
    }
    let refused = Texts::new(&[("queues.conf", &text)]).refused();
    assert!(
        refused.ends_with("settings, those of templates counted in each section; that is the limit"),
        "{refused}"
    );
}

#[test]
fn a_long_line_and_many_lines_are_refused() {
    let long = format!("[a]\nname={}\n", "x".repeat(limits::LINE_BYTES_MAX));
    assert_eq!(
        Texts::new(&[("queues.conf", &long)]).refused(),
        "queues.conf:2: the line is longer than 8192 bytes; that is the limit"
    );
    let many = "\n".repeat(limits::LINES_MAX + 1);
    assert_eq!(
        Texts::new(&[("queues.conf", &many)]).refused(),
        "queues.conf:300001: this is line 300000 of all files; that is the limit"
    );
}

#[test]
fn numbers_that_lead_in_circles_lead_nowhere() {
    let files = Texts::new(&[(
        "extensions.conf",
        "[default]\ninclude => other\nexten => 500,1,Goto(501,1)\nexten => 501,1,Goto(500,1)\nexten => 502,1,Goto(1)\n\
         [other]\ninclude => default\n",
    )]);
    let remarks = remarks(&files.import());
    assert_eq!(
        remarks.matches("`Goto`: no queue and no phone was found where it leads").count(),
        3,
        "{remarks}"
    );
}

#[test]
fn a_folder_without_any_of_the_files_is_refused() {
    assert!(
        Texts::new(&[("readme", "")])
            .refused()
            .contains("none of pjsip.conf, queues.conf, extensions.conf is there")
    );
}

/// A disk on which nothing can be read.
struct Broken(FileError);

impl Files for Broken {
    fn read(&self, _: &str) -> Result<String, FileError> {
        Err(self.0.clone())
    }

    fn folder(&self, _: &str) -> Result<Vec<String>, FileError> {
        Err(self.0.clone())
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    for (error, text) in [
        (FileError::Outside, "pjsip.conf: it lies outside the folder that is read"),
        (FileError::TooLarge, "pjsip.conf: it is too large"),
        (FileError::Other("no rights".into()), "pjsip.conf: no rights"),
    ] {
        assert_eq!(asterisk(&Broken(error), "acme.test").unwrap_err().to_string(), text);
    }
}

/// Lines that are nearly right.
fn line() -> impl Strategy<Value = String> {
    let words = [
        "[1001]",
        "[a](!)",
        "[a](+)",
        "[b](a)",
        "[b](",
        "[",
        "type=endpoint",
        "type=auth",
        "type=aor",
        "type=identify",
        "type=registration",
        "auth=1001",
        "password=x",
        "username=1001",
        "context=in",
        "match=0.0.0.0/0",
        "endpoint=1001",
        "contact=sip:a@b:1",
        "[in]",
        "exten => 800,1,Queue(a,,,,9)",
        "exten => 801,1,Dial(PJSIP/1001&Local/800@in,1)",
        "same => n,Goto(800,1)",
        "same => n(x),Goto(x)",
        "exten => _[,1,Goto(${EXTEN:1:-1},1)",
        "exten => +4930,1,Goto(in,800,1)",
        "include => in",
        "member => PJSIP/1001,4294967296",
        "member => PJSIP/1001,1",
        "member=>,,,",
        "strategy=linear",
        "timeout=-1",
        "weight=99999999999999999999",
        "#include a",
        "#include *",
        ";--",
        "--;",
        "exten =>",
        "same =>,,",
        "\u{feff}=\u{0}",
        "announce-frequency=1",
        "exten => 1,n+4294967295,X()",
        "aors=1001,,",
        "[\u{85}\"\\]",
    ];
    prop_oneof![8 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #[test]
    fn anything_is_read_without_a_panic(lines in proptest::collection::vec(line(), 0..60)) {
        let text = lines.join("\n");
        let files = Texts::new(&[("pjsip.conf", &text), ("queues.conf", &text), ("extensions.conf", &text)]);
        // Some are refused, as those that include themselves; none may panic.
        if let Ok(import) = asterisk(&files, "acme.test") {
            prop_assert!(import.file.contains("domain: \"acme.test\"\n"));
        }
    }
}
