//! A far side that answers in every way there is, or not at all.

use sip_proto::agent::{AdmitAll, UaConfig, UaEvent, UaInput, UaOutbox, UserAgent};
use sip_proto::{Flow, parse_datagram};

use super::*;

const KEY: RequestKey = RequestKey(7);
const START: Moment = Moment(1_000_000);
const MS: Duration = Duration::from_millis(1);

fn far() -> SocketAddr {
    "198.51.100.7:5070".parse().unwrap()
}

fn near() -> SocketAddr {
    "192.0.2.1:5060".parse().unwrap()
}

struct World {
    agent: UserAgent,
    out: UaOutbox,
    tests: TrunkTests,
    told: oneshot::Receiver<TrunkReply>,
    /// What the far side got.
    request: Message,
    token: u64,
}

impl World {
    /// The question is on its way.
    fn asked() -> Self {
        let mut agent = UserAgent::new(UaConfig::new(near()), 1);
        let (mut out, mut tests) = (UaOutbox::default(), TrunkTests::default());
        let (tell, told) = oneshot::channel();
        tests.begin(KEY, START, tell);
        let request = Box::new(options("acme.test", far()));
        let command = UaCommand::Request { key: KEY, request };
        agent.handle(UaInput::Command(command), START, &mut AdmitAll, &mut out);
        let sent = out.transmits.pop().unwrap();
        assert_eq!(sent.to, Destination::Address { transport: Transport::Udp, remote: far() });
        Self { agent, out, tests, told, request: parse_datagram(&sent.bytes).unwrap(), token: sent.token }
    }

    fn step(&mut self, input: UaInput, now: Moment) {
        self.agent.handle(input, now, &mut AdmitAll, &mut self.out);
        for event in self.out.events.drain(..) {
            if let UaEvent::Response { key, status, response } = event {
                assert!(self.tests.answered(key, (status, response.as_deref()), now));
            }
        }
    }

    /// The far side says `response` so long after the question.
    fn says(&mut self, response: &Message, after: Duration) {
        let flow = Flow { transport: Transport::Udp, local: near(), remote: far(), id: 0 };
        let message = parse_datagram(&response.to_bytes()).unwrap();
        self.step(UaInput::Received { flow, message }, START + after);
    }

    fn reply(&mut self) -> TrunkReply {
        self.told.try_recv().unwrap()
    }

    fn answer(&mut self) -> TrunkAnswer {
        let reply = self.reply();
        let TrunkReply::Answered(answer) = reply else { panic!("{reply:?}") };
        *answer
    }
}

#[test]
fn the_question_is_one_that_any_far_side_knows() {
    let request = World::asked().request;
    assert_eq!(request.method(), Some(&Method::Options));
    assert_eq!(request.request_uri().unwrap().to_string(), "sip:198.51.100.7:5070");
    assert_eq!(request.from().unwrap().uri.to_string(), "sip:acme.test");
    assert_eq!(request.headers.text(Name::Accept).as_deref(), Some("application/sdp"));
    assert!(request.via().unwrap().params.has("rport") && request.body.is_empty());
}

#[test]
fn an_answer_is_told_with_all_that_is_of_use_in_it() {
    let mut world = World::asked();
    let mut response = Message::response(&world.request, 200, "Fine", Some("a"));
    let mut via = response.via().unwrap();
    via.stamp("203.0.113.9:40123".parse().unwrap());
    response.headers.replace_first(Name::Via, via.to_string());
    response.headers.push(Name::Server, "Carrier\t 1.0");
    response.headers.push(Name::Allow, "INVITE, ACK , BYE");
    response.headers.push(Name::Allow, "OPTIONS");
    let sdp = "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n\
        m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";
    response.set_body("application/sdp", sdp.as_bytes().to_vec());
    // First it says that it is at work.
    let trying = Message::response(&world.request, 100, "", None);
    world.says(&trying, 5 * MS);
    assert!(world.told.try_recv().is_err());
    world.says(&response, 31 * MS);
    let answer = world.answer();
    assert_eq!((answer.status, answer.reason.as_str(), answer.took), (200, "Fine", 31 * MS));
    assert_eq!(answer.product.as_deref(), Some("Carrier 1.0"));
    assert_eq!(answer.allow, ["INVITE", "ACK", "BYE", "OPTIONS"]);
    assert_eq!(answer.codecs, ["PCMA/8000", "PCMU/8000", "telephone-event/8000"]);
    assert_eq!(answer.seen_as, "203.0.113.9:40123".parse().ok());
    assert!(world.tests.asked.is_empty());
}

#[test]
fn a_refusal_is_an_answer_too() {
    for status in [302, 401, 403, 404, 405, 503, 603] {
        let mut world = World::asked();
        let response = Message::response(&world.request, status, "", Some("a"));
        world.says(&response, MS);
        let answer = world.answer();
        assert_eq!(answer.status, status);
        assert!(!answer.reason.is_empty(), "the usual phrase stands for none");
        assert_eq!((answer.product, answer.seen_as), (None, None));
    }
}

#[test]
fn one_that_says_nothing_or_cannot_be_reached_is_told_apart() {
    let mut silent = World::asked();
    let mut now = START;
    while let Some(at) = silent.agent.next_deadline() {
        now = at;
        silent.step(UaInput::Tick, now);
    }
    assert_eq!(silent.reply(), TrunkReply::Silent);
    assert!(now - START >= Duration::from_secs(32));
    let mut unsent = World::asked();
    let token = unsent.token;
    unsent.step(UaInput::SendFailed { token }, START);
    assert_eq!(unsent.reply(), TrunkReply::NotSent);
}

#[test]
fn what_a_stranger_writes_is_short_and_on_one_line() {
    let mut world = World::asked();
    let mut response = Message::response(&world.request, 200, &"x".repeat(5_000), Some("a"));
    response.headers.push(Name::UserAgent, "y".repeat(5_000));
    response.headers.push(Name::Allow, vec!["INVITE"; 1_000].join(","));
    response.set_body("application/sdp", b"no description at all".to_vec());
    world.says(&response, MS);
    let answer = world.answer();
    assert_eq!(answer.reason.len(), TEXT_MAX);
    assert_eq!(answer.product.unwrap().len(), TEXT_MAX);
    assert_eq!((answer.allow.len(), answer.codecs.len()), (LISTED_MAX, 0));
}

#[test]
fn who_has_given_up_is_not_missed_and_no_more_are_asked_than_may_be() {
    let mut world = World::asked();
    world.told.close();
    let response = Message::response(&world.request, 200, "", Some("a"));
    world.says(&response, MS);
    assert!(!world.tests.answered(KEY, (200, None), START), "it was answered already");
    let mut waiting = Vec::new();
    for key in 0..u64::try_from(TRUNK_TESTS_MAX).unwrap() {
        assert!(world.tests.has_room());
        let (tell, told) = oneshot::channel();
        world.tests.begin(RequestKey(key), START, tell);
        waiting.push(told);
    }
    assert!(!world.tests.has_room());
    waiting.pop();
    assert!(world.tests.has_room(), "one has given up");
}
