//! Reports that go by e-mail: late and once, whatever happens to the server.

use std::process::Command;
use std::time::Duration;

use anyhow::ensure;
use e2e::{Domain, MailServer, Options, Ports, Server, shared, until};
use serde_json::json;

use crate::stage::{SOON, mail_settings};

/// How long a mail may take after a server that was not there.
const MAIL: Duration = Duration::from_secs(60);

fn domain() -> String {
    let report = "reports:\n  - {name: Täglich, recipients: [boss@acme.test], format: both, language: de}\n";
    format!("{}{report}", Domain { agents: 1, ..Domain::default() }.yaml())
}

/// How many mails of the report wait.
fn waiting(server: &Server) -> anyhow::Result<u64> {
    let reports = server.api.get("/v1/domains/~/reports")?.ok()?;
    Ok(reports["items"][0]["waiting"].as_u64().unwrap_or_default())
}

#[test]
fn a_report_that_was_due_while_the_server_was_away_goes_late_and_once_although_it_is_killed()
-> anyhow::Result<()> {
    let _turn = shared()?;
    let mut ports = Ports::claim(2)?;
    let mail_port = ports.pair()?;
    let settings = mail_settings(mail_port);
    let mut server = Server::start_with(&domain(), Options { settings, ..Options::default() })?;
    assert_eq!(waiting(&server)?, 0, "what was made today owes nothing of yesterday");
    server.kill()?;
    // As if it had been killed a day ago: the report was due since.
    let database = server.data().join("cordboard.sqlite");
    let statement = "UPDATE reports SET done_until = done_until - 86400000000";
    let changed = Command::new("sqlite3").arg(&database).arg(statement).output()?;
    ensure!(changed.status.success(), "{}", String::from_utf8_lossy(&changed.stderr));
    server.start_again()?;
    until("the report to be due", SOON, || Ok((waiting(&server)? == 1).then_some(())))?;
    // Between being due and being sent: nobody takes mails yet.
    server.kill()?;
    server.start_again()?;
    assert_eq!(waiting(&server)?, 1, "it is neither lost nor doubled");

    let mails = MailServer::start(mail_port)?;
    let mail = mails.await_mail(MAIL)?;
    assert_eq!(mail.recipients, ["<boss@acme.test>"]);
    assert!(mail.content.contains("Der Bericht ist angeh"), "{}", mail.content);
    assert!(mail.attachment()?.starts_with(b"%PDF-1.7"), "{}", mail.content);
    for part in ["application/pdf", "text/csv", "/reports?from=3D"] {
        assert!(mail.content.replace("=\r\n", "").contains(part), "{part} is not in {}", mail.content);
    }
    until("the mail to be noted", SOON, || Ok((waiting(&server)? == 0).then_some(())))?;
    server.kill()?;
    server.start_again()?;
    assert_eq!(waiting(&server)?, 0);

    // Somebody wants it at once: that is a mail more, and the only one.
    let path = "/v1/domains/~/reports/T%C3%A4glich/send";
    let sent = server.api.post(path, &json!({"to": "recipients"}))?.ok()?;
    assert_eq!(sent["mails"], 1);
    until("the second mail", MAIL, || Ok((mails.count() == 2).then_some(())))?;
    until("it to be noted", SOON, || Ok((waiting(&server)? == 0).then_some(())))?;
    assert_eq!(mails.count(), 2);
    server.check_alive()
}
