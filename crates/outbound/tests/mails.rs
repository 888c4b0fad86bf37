//! Mails: taken with their file, refused, or lost on the way.

use std::time::Duration;

use base64::Engine as _;
use outbound::mail::{File, Mail, MailError, MailServer, MailServerError, Mailer, TlsMode};

use crate::smtp_server::{Manner, Received, SmtpServer};

fn settings(port: u16, login: Option<(&str, &str)>) -> MailServer {
    MailServer {
        host: "127.0.0.1".into(),
        port,
        tls: TlsMode::Off,
        login: login.map(|(user, password)| (user.into(), password.into())),
        from: "Cordboard <switch@acme.test>".into(),
        timeout: Duration::from_secs(20),
    }
}

fn mail(subject: &str) -> Mail {
    let bytes = (0..10_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    Mail {
        to: "ann@acme.test".into(),
        id: "7.42@acme.test".into(),
        subject: subject.into(),
        text: "Zwölf Worte.\n.\nund ein Punkt allein".into(),
        attachments: vec![File { name: "message.wav".into(), kind: "audio/wav", bytes }],
    }
}

async fn send(manner: Manner) -> (Result<(), MailError>, Vec<Received>) {
    let server = SmtpServer::start(manner).await;
    let settings =
        MailServer { timeout: Duration::from_millis(500), ..settings(server.address.port(), None) };
    let sent = Mailer::new(&settings).expect("good settings").send(mail("Hello")).await;
    (sent, server.mails())
}

/// The lines before the first empty one.
fn head(received: &Received) -> &str {
    received.content.split("\r\n\r\n").next().unwrap_or_default()
}

#[tokio::test]
async fn a_mail_is_received_with_its_file_and_its_login() {
    let server = SmtpServer::start(Manner::Takes).await;
    let settings = settings(server.address.port(), Some(("switch", "secret")));
    let sent = mail("Eine Nachricht für Sie");
    Mailer::new(&settings).unwrap().send(sent.clone()).await.unwrap();
    let received = server.mails().remove(0);
    assert!(received.commands.contains(&"MAIL FROM:<switch@acme.test>".to_owned()), "{received:?}");
    assert!(received.commands.contains(&"RCPT TO:<ann@acme.test>".to_owned()));
    assert!(received.commands.iter().any(|command| command.starts_with("AUTH PLAIN ")));
    let head = head(&received);
    for line in [
        "From: Cordboard <switch@acme.test>",
        "To: ann@acme.test",
        "Message-ID: <7.42@acme.test>",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(head.lines().any(|in_head| in_head == line), "{line} is not in {head}");
    }
    let (_, file) = received.content.split_once("filename=\"message.wav\"").expect("the file is named");
    let (_, file) = file.split_once("\r\n\r\n").expect("the file has a head");
    let (file, _) = file.split_once("\r\n--").expect("the file ends");
    let file: String = file.lines().collect();
    let file = base64::engine::general_purpose::STANDARD.decode(file.trim()).expect("the file is base64");
    assert_eq!(file, sent.attachments[0].bytes);
}

#[tokio::test]
async fn a_hostile_subject_makes_no_header_and_no_recipient() {
    for hostile in [
        "x\r\nBcc: evil@evil.test",
        "x\nBcc: evil@evil.test\n\nbody",
        "\r\n.\r\nMAIL FROM:<evil@evil.test>\r\n",
        "=?utf-8?q?x=0D=0ABcc:_evil@evil.test?=",
        "\u{202e}tset.live@live\u{0}",
        &"long ".repeat(1_000),
        &"ä\r\n".repeat(1_000),
    ] {
        let server = SmtpServer::start(Manner::Takes).await;
        let mailer = Mailer::new(&settings(server.address.port(), None)).unwrap();
        let mut sent = mail(hostile);
        sent.id = format!("{hostile}@acme.test");
        sent.attachments[0].name = hostile.to_owned();
        mailer.send(sent).await.unwrap();
        let received = server.mails();
        assert_eq!(received.len(), 1, "one mail of {hostile:?}");
        let names: Vec<&str> = head(&received[0])
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap_or_default())
            .collect();
        for name in &names {
            let known = [
                "From",
                "To",
                "Subject",
                "Message-ID",
                "Auto-Submitted",
                "Date",
                "MIME-Version",
                "Content-Type",
            ];
            assert!(known.contains(name), "{name:?} came of {hostile:?}");
        }
        let recipients = received[0].commands.iter().filter(|command| command.starts_with("RCPT")).count();
        assert_eq!(recipients, 1);
    }
}

#[tokio::test]
async fn what_went_wrong_says_whether_it_may_be_tried_again() {
    let (sent, _) = send(Manner::Answers("451 4.3.0 try later")).await;
    assert!(matches!(&sent, Err(MailError::Later(said)) if said.contains("451")), "{sent:?}");
    let (sent, _) = send(Manner::Answers("550 5.1.1 no such user")).await;
    assert!(matches!(&sent, Err(MailError::Never(said)) if said.contains("550")), "{sent:?}");
    for manner in [Manner::Hangs, Manner::DiesInContent, Manner::DiesAtTheEnd, Manner::Floods] {
        let (sent, mails) = send(manner).await;
        assert!(matches!(sent, Err(MailError::Server(_))), "{manner:?}: {sent:?}");
        assert!(mails.is_empty());
    }
}

#[tokio::test]
async fn a_login_that_is_wrong_is_the_servers_fault_and_not_the_mails() {
    let server = SmtpServer::start(Manner::RefusesLogin).await;
    let mailer = Mailer::new(&settings(server.address.port(), Some(("switch", "wrong")))).unwrap();
    let sent = mailer.send(mail("x")).await;
    assert!(matches!(&sent, Err(MailError::Server(said)) if said.contains("login")), "{sent:?}");
    assert!(!format!("{sent:?}").contains("wrong"), "no password in what is said");
}

#[tokio::test]
async fn nobody_there_is_said_at_once() {
    let gone = SmtpServer::start(Manner::Takes).await.address.port();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_ne!(gone, closed);
    let sent = Mailer::new(&settings(closed, None)).unwrap().send(mail("x")).await;
    assert!(matches!(sent, Err(MailError::Server(_))), "{sent:?}");
}

#[tokio::test]
async fn without_tls_where_tls_is_wanted_nothing_is_said() {
    let server = SmtpServer::start(Manner::Takes).await;
    let wanted = MailServer { tls: TlsMode::StartTls, ..settings(server.address.port(), Some(("u", "p"))) };
    let sent = Mailer::new(&wanted).unwrap().send(mail("x")).await;
    assert!(sent.is_err(), "a server without STARTTLS took a mail in the clear");
    assert!(server.mails().is_empty());
}

#[test]
fn a_sender_that_is_no_address_is_said_before_the_first_mail() {
    let wrong = MailServer { from: "nobody".into(), ..settings(25, None) };
    assert_eq!(Mailer::new(&wrong).map(|_| ()), Err(MailServerError::From("nobody".into())));
}
