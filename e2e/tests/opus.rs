//! Phones that speak Opus: with those that do not, and with each other.

use std::time::Duration;

use e2e::{Account, Baresip, Domain, NUMBER, Server, listen, shared};

use crate::stage::{SOON, caller, desk_phone, desk_phone_of, outside_phone_of, records};

/// Long enough to hear a tone in ten frames.
const TALK: Duration = Duration::from_secs(3);

fn hears(phone: &Baresip, tone: f64) -> anyhow::Result<()> {
    let heard = listen(&phone.recording()?, tone)?;
    assert!(heard.has_tone(0.8, 10), "{tone} Hz: {heard:?}\n{}", phone.output());
    Ok(())
}

#[test]
fn a_caller_with_nothing_but_opus_comes_through_the_queue_to_a_g711_phone() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    server.api.make_ready(1001)?;
    let mut caller = outside_phone_of(&mut server, "+4917012345", "udp", Account::OPUS)?;
    caller.dial(NUMBER)?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    ann.talk(TALK);
    caller.press('5')?;
    let digit = ann.wait("CALL_DTMF_START", SOON)?;
    assert_eq!(digit["param"], "5", "{digit}");
    caller.hang_up()?;
    ann.wait("CALL_CLOSED", SOON)?;
    hears(&ann, 440.0)?;
    hears(&caller, 1000.0)?;
    records(&server, 1)?;
    server.check_alive()
}

#[test]
fn who_calls_directly_speaks_opus_with_who_has_it_and_g711_with_who_has_not() -> anyhow::Result<()> {
    const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
        m=audio 9 RTP/AVP 0 96\r\na=rtpmap:96 opus/48000/2\r\n";
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    let mut ann = desk_phone_of(&mut server, 1001, "udp", Account::OPUS_OR_G711)?;
    let mut bob = desk_phone(&mut server, 1002, "udp")?;
    let phone = caller(&server)?;
    for (desk, extension, codec) in [(&mut ann, "1001", "96 opus"), (&mut bob, "1002", "0 PCMU")] {
        let call = phone.call_with(extension, OFFER)?;
        desk.wait("CALL_INCOMING", SOON)?;
        desk.accept()?;
        let answer = phone.answered(&call, 1)?;
        assert!(answer.contains(&format!("a=rtpmap:{codec}/")), "{answer}");
        assert_eq!(answer.matches("a=rtpmap:").count(), 1, "{answer}");
        phone.hang_up(&call)?;
        desk.wait("CALL_CLOSED", SOON)?;
    }
    // Through a queue music comes first, and everybody can hear that in G.711.
    let call = phone.call_with(NUMBER, OFFER)?;
    let answer = phone.answered(&call, 1)?;
    assert!(answer.contains("a=rtpmap:0 PCMU/8000"), "{answer}");
    phone.hang_up(&call)?;
    server.check_alive()
}
