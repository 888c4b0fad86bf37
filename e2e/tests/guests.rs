//! Guests by a call link, by their signalling: whom they reach, and what a program in place of the page can do.

use anyhow::Context as _;
use e2e::{Api, Asking, Domain, Phone, Server, WebPhone, agent_password, phone_password, shared};
use serde_json::json;

use crate::stage::{HERE, SOON, ready_phone, records};

const DOMAIN: &str = "acme.test";
const TICKETS: &str = "/v1/call-links/acme.test/ann/tickets";

/// 1001 has a link; 1002 and the queue are there to be tried.
fn start() -> anyhow::Result<Server> {
    let yaml = Domain { agents: 2, ..Domain::default() }.yaml();
    Server::start_with(
        &yaml.replacen("    role: agent\n", "    role: agent\n    call_link: ann\n", 1),
        e2e::Options::default(),
    )
}

/// The phone of an agent, registered.
fn phone(server: &Server, extension: u16) -> anyhow::Result<Phone> {
    let phone = Phone::start(&extension.to_string(), &phone_password(extension), HERE, server.sip)?;
    phone.register(300)?;
    Ok(phone)
}

/// A guest who calls himself so, and his ticket.
fn ticket(server: &Server, name: &str) -> anyhow::Result<(String, String)> {
    let guest = Api::new(&server.http.to_string());
    let made = guest.post(TICKETS, &json!({ "name": name }))?.ok()?;
    let user = made["sip_uri"].as_str().and_then(|uri| uri.strip_prefix("sip:")?.split('@').next());
    Ok((made["ticket"].as_str().context("a ticket")?.to_owned(), user.context("a user")?.to_owned()))
}

fn page(server: &Server, (ticket, user): &(String, String)) -> anyhow::Result<WebPhone> {
    let own = format!("http://{}", server.http);
    let asking = Asking { ticket: Some(ticket), origin: Some(&own), ..Asking::default() };
    WebPhone::connect(server.http, user, asking)
}

/// The last answer to a call.
fn answered(page: &mut WebPhone, call: &str) -> anyhow::Result<e2e::Message> {
    page.wait("an answer", SOON, |message| message.call_id() == call && message.status() >= 200)
}

#[test]
fn a_guest_talks_to_the_agent_of_the_link_whatever_he_dials() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start()?;
    let (ann, other) = (phone(&server, 1001)?, phone(&server, 1002)?);
    let guest = ticket(&server, "Bob <b>Birch</b>")?;
    let mut page = page(&server, &guest)?;
    let call = page.call(DOMAIN, "1002")?;
    let invite = ann.rung(SOON)?;
    assert!(invite.header("From").contains("<b>Birch</b>"), "{invite:?}");
    assert!(invite.header("From").contains("sip:guest@"), "{invite:?}");
    page.wait("180", SOON, |message| message.is_response(180, "INVITE"))?;
    assert!(ann.answer(&invite)?);
    let answer = answered(&mut page, &call)?;
    assert_eq!(answer.status(), 200, "{answer:?}");
    page.within("ACK", &answer, "Content-Length: 0")?;
    let live = server.api.calls()?.into_iter().next().context("the call")?;
    let told = json!([live["by_call_link"], live["direction"], live["dialed"], live["caller"]]);
    let expected = json!([true, "inbound", "1001", { "number": "guest", "name": "Bob <b>Birch</b>" }]);
    assert_eq!(told, expected);
    // He sends her on to a number outside: nobody asked him.
    page.within("REFER", &answer, "Refer-To: <sip:+4930999999@acme.test>\r\nContent-Length: 0")?;
    let refused =
        page.wait("an answer to REFER", SOON, |m| m.header("CSeq").ends_with("REFER") && m.status() >= 200)?;
    assert!(refused.status() >= 400, "{refused:?}");
    page.within("BYE", &answer, "Content-Length: 0")?;
    ann.wait("BYE", SOON, |message| message.is_request("BYE"))?;
    let record = records(&server, 1)?.remove(0);
    assert_eq!((&record["by_call_link"], &record["agent"]), (&json!(true), &json!("1001")));
    assert_eq!(other.count(|message| message.is_request("INVITE")), 0);
    server.check_alive()
}

#[test]
fn a_ticket_is_good_for_one_call_and_nothing_else() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start()?;
    let ann = phone(&server, 1001)?;
    let guest = ticket(&server, "")?;
    let mut page = page(&server, &guest)?;
    for method in ["REGISTER", "OPTIONS", "SUBSCRIBE", "MESSAGE", "PUBLISH"] {
        assert_eq!(page.ask_for(method, DOMAIN)?.status(), 403, "{method}");
    }
    let first = page.call(DOMAIN, "ann")?;
    let invite = ann.rung(SOON)?;
    let second = page.call(DOMAIN, "ann")?;
    assert_eq!(answered(&mut page, &second)?.status(), 403);
    ann.refuse(&invite, 486, "Busy Here")?;
    assert_eq!(answered(&mut page, &first)?.status(), 486);
    // Another socket of the same ticket is the same guest: the one before it is closed.
    let again = self::page(&server, &guest)?;
    assert_eq!(page.await_closed(SOON)?, 1008);
    drop(again);
    let nobody = self::page(&server, &("nonsense".to_owned(), guest.1)).err().context("it was let in")?;
    assert!(nobody.to_string().contains("401"), "{nobody}");
    server.check_alive()
}

#[test]
fn a_link_that_is_shut_leads_nobody_and_a_call_by_it_goes_on() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start()?;
    let ann = ready_phone(&server, 1001)?;
    let (talks, late) = (ticket(&server, "Bob")?, ticket(&server, "Cid")?);
    let (mut talks, mut late) = (page(&server, &talks)?, page(&server, &late)?);
    let call = talks.call(DOMAIN, "ann")?;
    assert!(ann.answer(&ann.rung(SOON)?)?);
    let answer = answered(&mut talks, &call)?;
    talks.within("ACK", &answer, "Content-Length: 0")?;
    let hers = server.api.log_in("1001@acme.test", &agent_password(1001))?;
    let path = "/v1/domains/~/agents/~/reach";
    hers.patch(path, &json!({ "call_link_private": true }))?.ok()?;
    let refused = late.call(DOMAIN, "ann")?;
    assert_eq!(answered(&mut late, &refused)?.status(), 404);
    let nobody = Api::new(&server.http.to_string()).post(TICKETS, &json!({}))?;
    assert_eq!((nobody.status, &nobody.body["type"]), (404, &json!("/problems/unknown_call_link")));
    // Shut is shut, also after a crash; she who talks is not cut off by it.
    assert_eq!(server.api.agent(1001)?["state"], "other_call");
    talks.within("BYE", &answer, "Content-Length: 0")?;
    records(&server, 2)?;
    server.kill()?;
    server.start_again()?;
    let hers = server.api.log_in("1001@acme.test", &agent_password(1001))?;
    assert_eq!(hers.get(path)?.ok()?["call_link_private"], true);
    hers.patch(path, &json!({ "call_link_private": false }))?.ok()?;
    ticket(&server, "Bob")?;
    server.check_alive()
}
