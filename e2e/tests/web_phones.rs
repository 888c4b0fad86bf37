//! Phones in web pages, by their signalling: who may be one, how it is reached, and what becomes of calls when nobody
//! is behind the page any more.

use std::time::Duration;

use anyhow::Context as _;
use e2e::{
    Api, Asking, Domain, NUMBER, OWNER_EMAIL, OWNER_PASSWORD, Options, Phone, Server, WebPhone,
    agent_password, phone_password, shared, sit_out, until,
};
use serde_json::json;

use crate::stage::{HERE, SOON, caller, ready_phone};

fn start(agents: u16, settings: Vec<(&'static str, String)>) -> anyhow::Result<Server> {
    let domain = Domain { agents, ..Domain::default() };
    Server::start_with(&domain.yaml(), Options { settings, ..Options::default() })
}

/// Asked after a second, gone after three.
fn quick() -> Vec<(&'static str, String)> {
    vec![("CORDBOARD_SIP_WEBSOCKET_HEARTBEAT", "1".to_owned())]
}

/// An agent's log-in on the web.
fn log_in(server: &Server, extension: u16) -> anyhow::Result<Api> {
    server.api.log_in(&format!("{extension}@acme.test"), &agent_password(extension))
}

/// The page of an agent who is logged in there, registered.
fn page(server: &Server, extension: u16) -> anyhow::Result<(WebPhone, Api)> {
    let api = log_in(server, extension)?;
    let asking = Asking { token: api.token(), ..Asking::default() };
    let mut page = WebPhone::connect(server.http, &extension.to_string(), asking)?;
    let answer = page.register("acme.test", None)?;
    anyhow::ensure!(answer.status() == 200, "{}", answer.start);
    Ok((page, api))
}

fn await_registered(server: &Server, extension: u16, registered: bool) -> anyhow::Result<()> {
    until(&format!("registered of {extension} to be {registered}"), SOON, || {
        Ok((server.api.agent(extension)?["registered"] == registered).then_some(()))
    })
}

fn is_invite(message: &e2e::Message) -> bool {
    message.is_request("INVITE")
}

#[test]
fn a_client_without_a_login_registers_with_the_phones_secret_as_any_phone() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start(1, Vec::new())?;
    // Its page may be anybody's: it has the secret.
    let asking = Asking { origin: Some("https://phones.example"), ..Asking::default() };
    let mut page = WebPhone::connect(server.http, "1001", asking)?;
    assert_eq!(page.register("acme.test", None)?.status(), 401);
    assert_eq!(page.register("acme.test", Some("wrong"))?.status(), 401);
    assert!(!server.api.agent(1001)?["registered"].as_bool().context("a truth")?);
    let taken = page.register("acme.test", Some(&phone_password(1001)))?;
    assert_eq!(taken.status(), 200);
    assert!(taken.header("Contact").contains("df7jal23ls0d.invalid;transport=ws"), "{taken:?}");
    await_registered(&server, 1001, true)?;
    server.check_alive()
}

#[test]
fn a_logged_in_page_needs_no_secret_and_is_called_along_its_socket() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start(2, Vec::new())?;
    let (mut page, api) = page(&server, 1001)?;
    let phone = api.get("/v1/auth/phone")?.ok()?;
    assert_eq!((&phone["sip_uri"], &phone["websocket"]), (&json!("sip:1001@acme.test"), &json!("/sip")));
    await_registered(&server, 1001, true)?;
    let colleague = Phone::start("1002", &phone_password(1002), HERE, server.sip)?;
    colleague.register(300)?;
    let caller = caller(&server)?;
    caller.call("1001")?;
    let invite = page.wait("an INVITE", SOON, is_invite)?;
    assert_eq!(invite.start, "INVITE sip:1001@df7jal23ls0d.invalid;transport=ws SIP/2.0");
    assert!(invite.header("Via").starts_with("SIP/2.0/WS "), "{invite:?}");
    assert!(invite.contact_uri().ends_with(&format!(":{};transport=ws", server.http.port())), "{invite:?}");
    caller.wait("180", SOON, |message| message.is_response(180, "INVITE"))?;
    // Nobody missed it: the page is closed, and with it she cannot be reached.
    drop(page);
    await_registered(&server, 1001, false)?;
    caller.wait("480", SOON, |message| message.is_response(480, "INVITE"))?;
    server.check_alive()
}

#[test]
fn a_login_speaks_for_its_own_extension_only() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start(2, Vec::new())?;
    let api = log_in(&server, 1001)?;
    let asking = Asking { token: api.token(), ..Asking::default() };
    let mut page = WebPhone::connect(server.http, "1002", asking)?;
    assert_eq!(page.register("acme.test", None)?.status(), 401);
    assert_eq!(page.register("acme.test", Some("wrong"))?.status(), 401);
    assert!(!server.api.agent(1002)?["registered"].as_bool().context("a truth")?);
    server.check_alive()
}

#[test]
fn a_page_that_falls_silent_gets_no_calls_and_one_that_wakes_gets_them_again() -> anyhow::Result<()> {
    let _turn = shared()?;
    // Where agents become ready by themselves, also when they come back.
    let domain = Domain { auto_ready: true, ..Domain::default() };
    let mut server = Server::start_with(&domain.yaml(), Options { settings: quick(), ..Options::default() })?;
    let (mut page, _) = page(&server, 1001)?;
    await_registered(&server, 1001, true)?;
    server.api.agent_do(1001, "login")?;
    server.api.await_agent(1001, &["READY"], SOON)?;
    page.work(Duration::from_secs(5))?;
    assert_eq!(server.api.agent(1001)?["registered"], true, "it answers");
    // Frozen from here on.
    await_registered(&server, 1001, false)?;
    let caller = caller(&server)?;
    caller.call(NUMBER)?;
    until("the caller to wait", SOON, || Ok((server.api.waiting()?.len() == 1).then_some(())))?;
    // Long enough for an offer, if one were made.
    sit_out(Duration::from_secs(1));
    let agent = server.api.agent(1001)?;
    assert_eq!(agent["registered"], false, "{agent}");
    // Awake: what it answers to what it was asked is enough, and the caller who waits is hers.
    let invite = page.wait("an INVITE", SOON, is_invite)?;
    assert!(!page.starts().iter().any(|start| start.starts_with("INVITE")), "no call from before");
    await_registered(&server, 1001, true)?;
    server.api.await_agent(1001, &["RINGING"], SOON)?;
    page.respond(&invite, 603, "Decline")?;
    server.check_alive()
}

#[test]
fn a_call_on_its_way_to_a_frozen_page_goes_to_the_next_and_is_not_missed() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start(2, vec![("CORDBOARD_SIP_WEBSOCKET_HEARTBEAT", "2".to_owned())])?;
    let (mut page, _) = page(&server, 1001)?;
    server.api.make_ready(1001)?;
    server.api.await_agent(1001, &["READY"], SOON)?;
    let desk = ready_phone(&server, 1002)?;
    page.work(Duration::from_millis(100))?;
    // Frozen from here on; she has been idle longest.
    let caller = caller(&server)?;
    caller.call(NUMBER)?;
    server.api.await_agent(1001, &["RINGING"], SOON)?;
    desk.rung(SOON)?;
    let agent = server.api.agent(1001)?;
    assert_eq!(agent["registered"], false, "{agent}");
    let call = server.api.calls()?.into_iter().next().context("the call")?;
    let id = call["id"].as_str().context("its id")?.to_owned();
    let why = server.api.get(&format!("/v1/domains/~/calls/{id}/why"))?.ok()?.to_string();
    assert!(why.contains("unreachable") && !why.contains("no_answer"), "{why}");
    server.check_alive()
}

#[test]
fn a_socket_is_opened_for_sip_and_for_pages_of_this_server_only() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start(1, Vec::new())?;
    let api = log_in(&server, 1001)?;
    let own = format!("http://{}", server.http);
    let refused = |token, origin| {
        let asking = Asking { token, origin, ticket: None };
        WebPhone::connect(server.http, "1001", asking)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    assert_eq!(refused(api.token(), Some(&own)), "");
    for (token, origin, status) in [
        (api.token(), Some("https://evil.test"), "403"),
        (api.token(), Some("null"), "403"),
        (Some("nonsense"), None, "401"),
        (server.api.token(), Some(own.as_str()), "403"),
    ] {
        let error = refused(token, origin);
        assert!(error.contains(status), "{token:?} {origin:?}: {error}");
    }
    let plain = server.api.get("/sip")?;
    assert_eq!((plain.status, &plain.body["type"]), (426, &json!("/problems/upgrade_required")));
    let mut stream = std::net::TcpStream::connect(server.http)?;
    std::io::Write::write_all(
        &mut stream,
        b"GET /sip HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
          Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )?;
    let mut answer = [0; 1024];
    let length = std::io::Read::read(&mut stream, &mut answer)?;
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("subprotocol"), "{answer}");
    server.check_alive()
}

#[test]
fn what_no_phone_says_ends_no_server() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start(1, Vec::new())?;
    let (mut page, _) = page(&server, 1001)?;
    for noise in ["", "\r\n\r\n", "\0\0\0", "hello", "OPTIONS", "INVITE sip:x SIP/2.0\r\n\r\n"] {
        page.send(noise)?;
    }
    page.send(&format!("OPTIONS sip:x SIP/2.0\r\nX: {}\r\n\r\n", "x".repeat(60_000)))?;
    assert_eq!(page.register("acme.test", None)?.status(), 200, "it is still a phone");
    // More than any message can have: the socket ends.
    page.send(&"x".repeat(200_000))?;
    assert!(page.wait("the end", SOON, |_| false).is_err());
    await_registered(&server, 1001, false)?;
    server.check_alive()
}

#[test]
fn with_the_login_its_socket_ends() -> anyhow::Result<()> {
    const POLICY: u16 = 1008;
    let _turn = shared()?;
    let mut server = start(3, Vec::new())?;
    // She logs out.
    let (mut one, api) = page(&server, 1001)?;
    api.post("/v1/auth/logout", &json!({}))?;
    assert_eq!(one.await_closed(SOON)?, POLICY);
    await_registered(&server, 1001, false)?;
    // An admin ends it.
    let (mut two, _) = page(&server, 1002)?;
    let sessions = server.api.list("/v1/domains/acme.test/sessions")?;
    let hers = sessions.iter().find(|session| session["name"] == "Agent 1002").context("her log-in")?;
    let id = hers["id"].as_str().context("its id")?;
    assert_eq!(server.api.delete(&format!("/v1/domains/acme.test/sessions/{id}"))?.status, 204);
    assert_eq!(two.await_closed(SOON)?, POLICY);
    // She is an agent no more.
    let (mut three, _) = page(&server, 1003)?;
    let owner = server.api.log_in(OWNER_EMAIL, OWNER_PASSWORD)?;
    for gone in ["queues/8000/members/1003", "agents/1003"] {
        let answer = owner.delete(&format!("/v1/domains/acme.test/provisioning/{gone}"))?;
        assert!(answer.status < 300, "{}", answer.text);
    }
    assert_eq!(three.await_closed(SOON)?, POLICY);
    server.check_alive()
}

#[test]
fn the_server_at_its_end_says_so() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start(1, Vec::new())?;
    let (mut page, _) = page(&server, 1001)?;
    let status = server.stop(Duration::from_secs(20))?;
    assert!(status.success(), "{status}");
    assert_eq!(page.await_closed(SOON)?, 1012);
    Ok(())
}

#[test]
fn switched_off_nothing_is_there() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start(1, vec![("CORDBOARD_SIP_WEBSOCKET", "off".to_owned())])?;
    assert_eq!(server.api.get("/sip")?.status, 404);
    let answer = log_in(&server, 1001)?.get("/v1/auth/phone")?;
    assert_eq!((answer.status, &answer.body["type"]), (409, &json!("/problems/no_browser_phones")));
    server.check_alive()
}
