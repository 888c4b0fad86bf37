//! The media of a real browser: its own description, its own DTLS, its own ears. What it offers comes by a phone's
//! SIP, for which it is an offer like any other.

use std::time::Duration;

use anyhow::Context as _;
use e2e::{Browser, Domain, NUMBER, Phone, Server, listen, shared, sit_out};
use serde_json::json;

use crate::clients::{copy, tools};
use crate::stage::{SOON, caller, desk_phone, records};

/// Long enough to hear a tone in ten frames.
const TALK: Duration = Duration::from_secs(2);

fn browser(server: &Server) -> anyhow::Result<Browser> {
    let folder = server.folder().join("browser");
    std::fs::create_dir(&folder)?;
    copy("browser.mjs", &folder)?;
    std::os::unix::fs::symlink(tools()?.join("node_modules"), folder.join("node_modules"))?;
    Browser::start(&folder)
}

/// Another offer of the browser in its call.
fn offer_again(
    (browser, phone, call): (&mut Browser, &Phone, &str),
    how: &serde_json::Value,
) -> anyhow::Result<()> {
    let offer = browser.offer(440.0, how)?;
    let answer = phone.reinvite(call, &offer)?;
    browser.accept(&answer)
}

#[test]
fn a_browser_and_a_desk_phone_hear_each_other_through_hold_a_new_way_and_a_reload() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let mut browser = browser(&server)?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    server.api.make_ready(1001)?;

    // The queue answers at once; until Ann lifts there is music.
    let phone = caller(&server)?;
    let offer = browser.offer(440.0, &json!({}))?;
    let call = phone.call_with(NUMBER, &offer)?;
    let answer = phone.answered(&call, 1)?;
    assert!(answer.contains("a=ice-lite\r\n") && answer.contains("a=setup:passive\r\n"), "{answer}");
    browser.accept(&answer)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    browser.hear(1000.0)?;
    ann.talk(TALK);
    browser.tell(&json!({ "what": "press", "keys": "5" }))?;
    let digit = ann.wait("CALL_DTMF_START", SOON)?;
    assert_eq!(digit["param"], "5", "{digit}");

    // On hold it hears neither her nor anything else; afterwards it does.
    offer_again((&mut browser, &phone, &call), &json!({ "direction": "sendonly" }))?;
    browser.tell(&json!({ "what": "silence" }))?;
    offer_again((&mut browser, &phone, &call), &json!({}))?;
    browser.hear(1000.0)?;

    // Another network, then the page loaded again: the call is the same.
    offer_again((&mut browser, &phone, &call), &json!({ "restart": true }))?;
    browser.hear(1000.0)?;
    browser.tell(&json!({ "what": "reload" }))?;
    offer_again((&mut browser, &phone, &call), &json!({}))?;
    browser.hear(1000.0)?;
    sit_out(TALK);
    let report = browser.tell(&json!({ "what": "report" }))?;
    assert_eq!((&report["lost"], &report["dtls"]), (&json!(0), &json!("connected")), "{report}");

    phone.hang_up(&call)?;
    ann.wait("CALL_CLOSED", SOON)?;
    let heard = listen(&ann.recording()?, 440.0)?;
    assert!(heard.has_tone(0.8, 10), "{heard:?}");
    records(&server, 1)?;
    server.check_alive()
}

#[test]
fn an_offer_that_lacks_its_keys_is_refused_in_words() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let phone = caller(&server)?;
    let offer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                 m=audio 4000 UDP/TLS/RTP/SAVPF 0\r\na=setup:actpass\r\na=rtcp-mux\r\n";
    let call = phone.call_with(NUMBER, offer)?;
    let refused = phone.answered(&call, 1).err().context("it was taken")?.to_string();
    assert!(refused.contains("488") && refused.contains("a=fingerprint with sha-256"), "{refused}");
    server.check_alive()
}

/// A line of an offer without the formats whose numbers everybody knows.
fn without_g711(line: &str) -> String {
    let known = |at: usize, word: &str| at > 2 && ["0", "8", "9", "13"].contains(&word);
    if !line.starts_with("m=audio ") {
        return line.to_owned();
    }
    let words = line.split(' ').enumerate().filter(|(at, word)| !known(*at, word));
    words.map(|(_, word)| word).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_browser_that_offers_nothing_but_opus_and_a_g711_phone_hear_each_other() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let mut browser = browser(&server)?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    server.api.make_ready(1001)?;
    let phone = caller(&server)?;
    let offer = browser.offer(440.0, &json!({}))?;
    let offer: String = offer.lines().map(|line| without_g711(line) + "\r\n").collect();
    let call = phone.call_with(NUMBER, &offer)?;
    let answer = phone.answered(&call, 1)?;
    assert!(answer.contains(" opus/48000/2\r\n") && !answer.contains("PCM"), "{answer}");
    browser.accept(&answer)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    browser.hear(1000.0)?;
    ann.talk(TALK);
    // Beside Opus it sends the end of a key only.
    browser.tell(&json!({ "what": "press", "keys": "5" }))?;
    ann.wait("CALL_DTMF_END", SOON)?;
    let report = browser.tell(&json!({ "what": "report" }))?;
    assert_eq!((&report["lost"], &report["dtls"]), (&json!(0), &json!("connected")), "{report}");
    phone.hang_up(&call)?;
    ann.wait("CALL_CLOSED", SOON)?;
    let heard = listen(&ann.recording()?, 440.0)?;
    assert!(heard.has_tone(0.8, 10), "{heard:?}");
    server.check_alive()
}
