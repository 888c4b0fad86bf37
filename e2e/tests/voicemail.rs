//! Mailboxes: a message left, its lamp, and what its owner hears.

use std::time::Duration;

use anyhow::Context as _;
use e2e::{
    Baresip, Domain, MailServer, Options, Phone, Ports, Server, Service, listen, phone_password, shared,
    until,
};

use crate::stage::{HERE, SOON, desk_phone, mail_settings, outside_phone};

/// Longer than all prompts on the way to a message together, so that most of what is heard is the message.
const MESSAGE: Duration = Duration::from_secs(10);

fn domain() -> String {
    let domain = Domain { agents: 2, ..Domain::default() };
    format!("{}mailboxes:\n  - {{number: \"1001\", name: Ann}}\n", domain.yaml())
}

/// Waits for the next notification that says so many new and old messages.
fn await_lamp(phone: &Phone, messages: &str) -> anyhow::Result<()> {
    let wanted = format!("Voice-Message: {messages} (0/0)");
    phone.wait(&wanted, SOON, |message| message.is_request("NOTIFY") && message.body.contains(&wanted))?;
    Ok(())
}

/// Leaves a message of tone for 1001, who is not there.
fn leave_message(caller: &mut Baresip, length: Duration) -> anyhow::Result<()> {
    caller.forget_events();
    caller.dial("1001")?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    // Past the greeting, to the tone.
    caller.press('#')?;
    caller.talk(length);
    caller.press('#')?;
    caller.wait("CALL_CLOSED", Duration::from_secs(10)).context("the goodbye after the message")?;
    Ok(())
}

#[test]
fn a_message_is_left_lights_the_lamp_and_is_heard_by_its_owner_who_puts_it_out() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start_with(&domain(), Options::default())?;
    let lamp = Phone::start("1001", &phone_password(1001), HERE, server.sip)?;
    lamp.subscribe("1001", 600)?;
    await_lamp(&lamp, "0/0")?;
    let other = Phone::start("1002", &phone_password(1002), HERE, server.sip)?;
    assert!(other.subscribe("1001", 600).is_err(), "a colleague watches a mailbox that is not hers");

    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    leave_message(&mut caller, MESSAGE)?;
    await_lamp(&lamp, "1/0")?;

    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    ann.dial("*57")?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    ann.press('1')?;
    await_lamp_within(&lamp, "0/1", MESSAGE * 2)?;
    ann.press('*')?;
    ann.press('*')?;
    ann.wait("CALL_CLOSED", Duration::from_secs(10))?;
    let heard = listen(&ann.recording()?, 440.0)?;
    assert!(heard.has_tone(0.8, 30), "the owner heard {heard:?}");
    server.check_alive()
}

fn await_lamp_within(phone: &Phone, messages: &str, time: Duration) -> anyhow::Result<()> {
    let wanted = format!("Voice-Message: {messages} (0/0)");
    phone.wait(&wanted, time, |message| message.is_request("NOTIFY") && message.body.contains(&wanted))?;
    Ok(())
}

#[test]
fn a_message_that_is_being_left_when_the_server_is_killed_is_kept() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start_with(&domain(), Options::default())?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    leave_message(&mut caller, Duration::from_secs(4))?;
    caller.forget_events();
    caller.dial("1001")?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    caller.press('#')?;
    caller.talk(Duration::from_secs(5));
    server.kill()?;
    server.start_again()?;
    let lamp = Phone::start("1001", &phone_password(1001), HERE, server.sip)?;
    lamp.subscribe("1001", 600)?;
    await_lamp(&lamp, "2/0")?;
    server.check_alive()
}

#[test]
fn a_full_disk_is_told_to_the_caller_and_to_the_operator() -> anyhow::Result<()> {
    let _turn = shared()?;
    let settings = vec![("CORDBOARD_VOICEMAIL_FREE_MIN", "1000000000".to_owned())];
    let mut server = Server::start_with(&domain(), Options { settings, ..Options::default() })?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    caller.dial("1001")?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    caller.press('#')?;
    caller.wait("CALL_CLOSED", Duration::from_secs(20))?;
    let metrics = server.api.get("/metrics")?.text;
    assert!(metrics.contains("cordboard_recordings_failed_total 1"), "{metrics}");
    assert!(server.output().contains("a recording was lost"));
    server.check_alive()
}

#[test]
fn a_message_goes_out_by_mail_with_its_recording_although_the_server_was_killed_before() -> anyhow::Result<()>
{
    let _turn = shared()?;
    let box_of_ann = "email: ann@acme.test, delete_after_email: true, language: de";
    let yaml = domain().replace("name: Ann}", &format!("name: Ann, {box_of_ann}}}"));
    let mut ports = Ports::claim(2)?;
    let mail_port = ports.pair()?;
    let settings = mail_settings(mail_port);
    let mut server = Server::start_with(&yaml, Options { settings, ..Options::default() })?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    leave_message(&mut caller, MESSAGE)?;
    // Nobody listens there yet.
    until("a mail to fail", SOON * 2, || {
        let metrics = server.api.get("/metrics")?.text;
        Ok(metrics.contains("cordboard_mails_total{outcome=\"failed\"}").then_some(()))
    })?;
    server.kill()?;
    server.start_again()?;
    let lamp = Phone::start("1001", &phone_password(1001), HERE, server.sip)?;
    lamp.subscribe("1001", 600)?;
    await_lamp(&lamp, "1/0")?;

    let mails = MailServer::start(mail_port)?;
    let mail = mails.await_mail(Duration::from_secs(60))?;
    assert_eq!(mail.recipients, ["<ann@acme.test>"]);
    assert!(mail.content.contains("Sprachnachricht von"), "{}", mail.content);
    assert!(mail.content.contains("+4917011111"));
    let sound = server.folder().join("mailed.wav");
    std::fs::write(&sound, mail.attachment()?)?;
    let heard = listen(&sound, 440.0)?;
    assert!(heard.has_tone(0.8, 30), "the mail has {heard:?}");
    // The mail server has it: it goes from the box, and the lamp with it.
    await_lamp(&lamp, "0/0")?;
    server.check_alive()
}

#[test]
fn a_message_that_a_service_puts_into_text_is_read_in_its_mail_and_over_the_api() -> anyhow::Result<()> {
    let _turn = shared()?;
    let service = Service::start(Some(r#"{"text": "Please call back.", "more": 1}"#))?;
    let url = format!("transcription: {{url: \"http://127.0.0.1:{}/text\"}}", service.port());
    let yaml = domain().replace("name: Ann}", &format!("name: Ann, email: ann@acme.test, {url}}}"));
    let mut ports = Ports::claim(2)?;
    let mail_port = ports.pair()?;
    let mails = MailServer::start(mail_port)?;
    let mut settings = mail_settings(mail_port);
    settings.push(("CORDBOARD_OUTBOUND_ALLOW", "127.0.0.0/8".to_owned()));
    let mut server = Server::start_with(&yaml, Options { settings, ..Options::default() })?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    leave_message(&mut caller, Duration::from_secs(4))?;

    let mail = mails.await_mail(Duration::from_secs(30))?;
    assert!(mail.content.contains("Please call back."), "{}", mail.content);
    let asked = service.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].starts_with("post /text http/1.1") && asked[0].contains("content-type: audio/wav"));
    assert!(asked[0].contains("RIFF"), "the recording was sent");
    let messages = server.api.get("/v1/domains/~/mailboxes/1001/messages")?.text;
    assert!(messages.contains(r#""text":"Please call back.""#), "{messages}");
    server.check_alive()
}
