//! Rubbish, wrong passwords, wrong files, a wrong machine: a clear answer, and the server lives.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use anyhow::Context as _;
use e2e::{Domain, Message, Phone, Server, phone_password, shared};

use crate::stage::{HERE, SOON, caller};

/// Datagrams no parser should like, each with the name it goes by in a failure.
const MALFORMED: [(&str, &[u8]); 12] = [
    ("nothing", b""),
    ("a keep-alive", b"\r\n\r\n"),
    ("noise", b"\x00\xff\xfe\x80 INVITE \x01"),
    ("no headers", b"INVITE sip:a@b SIP/2.0\r\n\r\n"),
    ("another version", b"INVITE sip:a@b SIP/7.0\r\nVia: SIP/7.0/UDP 127.0.0.1:9;branch=z9hG4bK1\r\n\r\n"),
    ("no end", b"REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1"),
    ("a length below nought", b"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK2\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: -5\r\n\r\n"),
    ("a length beyond the datagram", b"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK3\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 2\r\nCSeq: 1 OPTIONS\r\nContent-Length: 99999999999999999999\r\n\r\nx"),
    ("a sequence number too large", b"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK4\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 3\r\nCSeq: 99999999999 OPTIONS\r\n\r\n"),
    ("two methods", b"INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK5\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 4\r\nCSeq: 1 BYE\r\n\r\n"),
    ("a response nobody asked for", b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK6\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 5\r\nCSeq: 1 INVITE\r\n\r\n"),
    ("a name without an end", b"INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK7\r\nFrom: \"a <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 6\r\nCSeq: 1 INVITE\r\n\r\n"),
];

#[test]
fn malformed_sip_is_met_with_400_or_silence_and_the_server_lives() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let stranger = caller(&server)?;
    for (name, bytes) in MALFORMED {
        stranger.send_raw(bytes).with_context(|| name.to_owned())?;
    }
    // Every header of a good request, each cut off and each swollen.
    for length in 0..400 {
        let options = format!(
            "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {};branch=z9hG4bKcut{length};rport\r\nFrom: <sip:a@b>;tag=1\r\n\
             To: <sip:x@127.0.0.1>\r\nCall-ID: cut{length}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
            stranger.address()
        );
        stranger.send_raw(options.get(..length.min(options.len())).unwrap_or_default().as_bytes())?;
        stranger.send_raw(
            options.replacen(": ", &format!(": {}", "(".repeat(length * 10)), 1 + length % 7).as_bytes(),
        )?;
    }
    // It still takes a registration, which also shows that all before it has been read.
    let ann = Phone::start("1001", &phone_password(1001), HERE, server.sip)?;
    ann.register(60)?;
    let refusals_only =
        stranger.count(|message| message.status() != 0 && !(400..700).contains(&message.status()));
    let to_good_options = stranger.count(|message| message.is_response(200, "OPTIONS"));
    assert_eq!(refusals_only, to_good_options, "something malformed was accepted");
    server.check_alive()
}

#[test]
fn a_wrong_password_and_an_unknown_user_get_the_same_answer() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let answers = |user: &str| -> anyhow::Result<(Message, Message)> {
        let phone = Phone::start(user, "not-the-password", HERE, server.sip)?;
        let (first, second) = phone.try_register(60)?;
        Ok((first, second.context("no second answer")?))
    };
    let (known, unknown) = (answers("1001")?, answers("4711")?);
    for (one, other) in [(&known.0, &unknown.0), (&known.1, &unknown.1)] {
        assert_eq!(one.status(), 401);
        assert_eq!(one.start, other.start);
        let names =
            |message: &Message| message.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(one), names(other));
        assert_eq!(one.body, other.body);
    }
    assert_eq!(server.api.agent_state(1001)?, "OFFLINE");
    server.check_alive()
}

#[test]
fn a_number_nobody_has_is_not_found() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let caller = caller(&server)?;
    caller.call("+4930999999")?;
    caller.wait("404", SOON, |message| message.is_response(404, "INVITE"))?;
    server.check_alive()
}

#[test]
fn a_call_from_an_address_no_trunk_lists_is_refused() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { allow_from: "192.0.2.1/32", ..Domain::default() })?;
    let stranger = caller(&server)?;
    let call = stranger.call(e2e::NUMBER)?;
    let refusal =
        stranger.wait("a refusal", SOON, |message| message.status() >= 200 && message.call_id() == call)?;
    assert!((400..500).contains(&refusal.status()), "{}", refusal.start);
    assert!(server.api.calls()?.is_empty(), "a refused call is no call");
    server.check_alive()
}

fn apply(yaml: &str, data: &Path, folder: &Path) -> anyhow::Result<Output> {
    let file = folder.join("changed.yaml");
    std::fs::write(&file, yaml)?;
    Server::run(&["apply".as_ref(), file.as_ref(), "--data".as_ref(), data.as_ref()])
}

/// One line that says what and how to mend it, and exit status 1.
fn refused_in_one_line(output: &Output) -> anyhow::Result<String> {
    let text = String::from_utf8(output.stderr.clone())?;
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert_eq!(text.trim_end().lines().count(), 1, "one line is enough: {text}");
    Ok(text)
}

#[test]
fn a_provisioning_file_with_an_error_names_its_line_and_changes_nothing() -> anyhow::Result<()> {
    let _turn = shared()?;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let good = Domain { agents: 2, ..Domain::default() }.yaml();
    let first = apply(&good, &data, folder.path())?;
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));

    let wrong = [
        good.replace("    ring_time: 15", "    ring_tme: 15"),
        good.replace("    ring_time: 15", "    ring_time: soon"),
        good.replace("    strategy: longest_idle", "    strategy: loudest"),
        good.replace("{agent: \"1002\"", "{agent: \"1999\""),
        good.replace("open: {queue: \"8000\"}", "open: {queue: \"8999\"}"),
    ];
    for yaml in wrong {
        let (line, _) = yaml
            .lines()
            .zip(good.lines())
            .enumerate()
            .find(|(_, (one, other))| one != other)
            .context("no change")?;
        let text = refused_in_one_line(&apply(&yaml, &data, folder.path())?)?;
        assert!(text.contains(&(line + 1).to_string()), "line {} is not named: {text}", line + 1);
    }
    let again = apply(&good, &data, folder.path())?;
    let plan = String::from_utf8(again.stdout)?;
    assert!(plan.contains("no changes"), "something was changed: {plan}");
    Ok(())
}

#[test]
fn a_port_in_use_stops_the_start_with_one_line() -> anyhow::Result<()> {
    let _turn = shared()?;
    let server = Server::start(&Domain::default())?;
    let mut other = server.same_ports()?;
    let status = other.wait(Duration::from_secs(15))?;
    assert_eq!(status.code(), Some(1), "{}", other.output());
    let port = server.sip.port().to_string();
    let http = server.http.port().to_string();
    let said = other.output();
    let last = said.trim_end().lines().next_back().unwrap_or_default();
    assert!(last.contains(&port) || last.contains(&http), "the port is not named: {said}");
    Ok(())
}

#[test]
fn a_second_process_on_one_data_directory_refuses() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let mut second = server.second()?;
    let status = second.wait(Duration::from_secs(15))?;
    assert_eq!(status.code(), Some(1), "{}", second.output());
    assert!(second.output().contains("data"), "the directory is not named: {}", second.output());
    server.check_alive()
}

#[test]
fn a_data_directory_that_cannot_be_written_stops_with_one_line() -> anyhow::Result<()> {
    let _turn = shared()?;
    let folder = tempfile::tempdir()?;
    // Below a file there can be no directory, whoever asks: root may write anywhere else.
    let file = folder.path().join("file");
    std::fs::write(&file, "")?;
    let text = refused_in_one_line(&apply(&Domain::default().yaml(), &file.join("data"), folder.path())?)?;
    assert!(text.contains("file"), "the directory is not named: {text}");
    Ok(())
}

#[test]
fn a_database_of_a_newer_version_is_refused_in_one_line() -> anyhow::Result<()> {
    let _turn = shared()?;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let yaml = Domain::default().yaml();
    assert!(apply(&yaml, &data, folder.path())?.status.success());
    let statement = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (99990101000000, 'from the future', 1, x'00', 0)";
    let database = data.join("cordboard.sqlite");
    let changed = std::process::Command::new("sqlite3").arg(&database).arg(statement).output()?;
    assert!(changed.status.success(), "{}", String::from_utf8_lossy(&changed.stderr));
    let text = refused_in_one_line(&apply(&yaml, &data, folder.path())?)?;
    assert!(text.contains("newer"), "it does not say what is wrong: {text}");
    Ok(())
}

#[test]
fn an_unknown_command_is_wrong_usage() -> anyhow::Result<()> {
    let output = Server::run(&["frobnicate".as_ref()])?;
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}
