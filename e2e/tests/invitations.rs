//! Somebody new is invited by mail, and gets calls when she has confirmed.

use anyhow::Context as _;
use e2e::{Api, Domain, MailServer, NUMBER, Options, Phone, Ports, Server, phone_password, shared, until};
use serde_json::json;

use crate::stage::{HERE, SOON, apply, caller, mail_settings};

/// The link's last part, wherever the mail breaks its lines.
fn token_in(mail: &str) -> anyhow::Result<String> {
    let whole = mail.replace("=\r\n", "");
    let (_, rest) = whole.split_once("/invitation#").with_context(|| format!("no link in {mail}"))?;
    Ok(rest.split_whitespace().next().unwrap_or_default().to_owned())
}

#[test]
fn whoever_is_invited_by_mail_gets_calls_once_she_has_followed_the_link() -> anyhow::Result<()> {
    let _turn = shared()?;
    let domain = Domain { agents: 2, ..Domain::default() };
    let mut ports = Ports::claim(2)?;
    let mail_port = ports.pair()?;
    let mails = MailServer::start(mail_port)?;
    let settings = mail_settings(mail_port);
    // To begin with there is only the first agent.
    let first = Domain { agents: 1, ..domain.clone() };
    let mut server = Server::start_with(&first.yaml(), Options { settings, ..Options::default() })?;
    let yaml = domain.yaml().replace("    password: desk-password-1002\n", "");
    let applied = apply(server.http, &server.api, &yaml, &[])?;
    assert!(applied.ok, "{}", applied.error);
    for line in ["+ agent 1002", "+ invitation of 1002", "+ member 1002 of 8000"] {
        assert!(applied.printed.iter().any(|printed| printed == line), "{:?}", applied.printed);
    }

    let mail = mails.await_mail(SOON * 2)?;
    assert_eq!(mail.recipients, ["<1002@acme.test>"]);
    let token = token_in(&mail.content)?;
    assert!(!server.output().contains(&token), "the link is in the log");
    let of_her = "/v1/domains/~/agents/1002/invitation";
    until("the mail to be noted", SOON, || {
        Ok((server.api.get(of_her)?.ok()?["mail"] == "sent").then_some(()))
    })?;

    // Her phone is there, and nobody rings it.
    let phone = Phone::start("1002", &phone_password(1002), HERE, server.sip)?;
    phone.register(300)?;
    let refused = server.api.post("/v1/domains/~/agents/1002/login", &json!({"queue": "8000"}))?;
    assert_eq!(refused.status, 409, "{}", refused.text);
    let outside = caller(&server)?;
    let call = outside.call(NUMBER)?;
    until("the caller to wait", SOON, || Ok((server.api.waiting()?.len() == 1).then_some(())))?;
    let why = server.api.get("/v1/domains/~/agents/1002/why-no-call")?.text;
    assert!(why.contains("invited, and she has not confirmed yet"), "{why}");

    let stranger = Api::new(&server.http.to_string());
    let shown = stranger.post("/v1/auth/invitation", &json!({"token": token}))?.ok()?;
    assert_eq!(shown["name"], "Agent 1002");
    let body = json!({"token": token, "password": "chosen-by-herself"});
    stranger.post("/v1/auth/invitation/accept", &body)?.ok()?;
    let hers = stranger.log_in("1002@acme.test", "chosen-by-herself")?;
    for verb in ["login", "ready"] {
        hers.post(&format!("/v1/domains/~/agents/~/{verb}"), &json!({"queue": "8000"}))?.ok()?;
    }
    let ringing = phone.rung(SOON)?;
    assert!(phone.answer(&ringing)?, "she did not get the call that she lifted for");
    server.api.await_agent(1002, &["QUEUE_CALL"], SOON)?;
    outside.hang_up(&call)?;
    assert_eq!(stranger.post("/v1/auth/invitation/accept", &body)?.status, 403, "a link works once");
    server.check_alive()
}
