//! Asterisk's manager interface over a real connection, as Rocket.Chat's connector uses it.

use std::net::SocketAddr;

use api::ApiLimits;
use engine::{Cause, LegInput};
use expect_test::expect;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::live::PATIENCE;
use crate::world::World;

struct Client(BufReader<TcpStream>);

async fn listening() -> (World, SocketAddr, watch::Sender<bool>) {
    let world = World::with(ApiLimits::default()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let ami = world.ami.lock().unwrap().take().unwrap();
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(ami.serve(listener, stopping));
    (world, address, stop)
}

impl Client {
    async fn open(address: SocketAddr) -> Self {
        let mut client = Self(BufReader::new(TcpStream::connect(address).await.unwrap()));
        assert_eq!(client.line().await, "Asterisk Call Manager/5.0.0");
        client
    }

    async fn of(address: SocketAddr, first: &str) -> Self {
        let mut client = Self::open(address).await;
        let answer =
            client.ask(&format!("Login\nUsername: {first}@acme.test\nSecret: {first}-password")).await;
        assert_eq!(answer, "Response: Success; ActionID: 7; Message: Authentication accepted");
        assert!(client.packet().await.starts_with("Event: FullyBooted"));
        client
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        tokio::time::timeout(PATIENCE, self.0.read_line(&mut line)).await.expect("nothing came").unwrap();
        line.trim_end().to_owned()
    }

    /// The next packet, on one line.
    async fn packet(&mut self) -> String {
        let mut lines = Vec::new();
        loop {
            match self.line().await {
                line if line.is_empty() => return lines.join("; "),
                line => lines.push(line),
            }
        }
    }

    async fn ask(&mut self, action: &str) -> String {
        let text = format!("Action: {action}\nActionID: 7\n\n").replace('\n', "\r\n");
        self.0.write_all(text.as_bytes()).await.unwrap();
        self.packet().await
    }

    /// Everything up to the packet that begins so, without what differs from run to run.
    async fn read_to(&mut self, last: &str) -> String {
        let mut out = String::new();
        loop {
            let packet = self.packet().await;
            let fields = packet.split("; ").filter(|field| {
                !["Channel: ", "Uniqueid: ", "Linkedid: ", "ActionID: "]
                    .iter()
                    .any(|name| field.starts_with(name))
            });
            out += &(fields.collect::<Vec<_>>().join("; ") + "\n");
            if packet.starts_with(last) {
                return out;
            }
        }
    }

    /// Whether the other side has closed it.
    async fn is_over(&mut self) -> bool {
        let mut rest = Vec::new();
        tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut rest)).await.expect("it stays open").is_ok()
    }
}

#[tokio::test]
async fn a_call_is_told_in_asterisks_words() {
    let (world, address, _stop) = listening().await;
    let mut sue = Client::of(address, "sue").await;
    world.make_ready("1001").await;
    world.arrives(2);
    let ringing = world.ringing_leg("1001").await;
    world.leg(ringing, LegInput::Answered);
    world.arrives(4);
    world.leg(4, LegInput::Ended(Cause::CallerGone));
    world.leg(2, LegInput::Ended(Cause::Normal));
    world.leg(ringing, LegInput::Ended(Cause::Normal));
    let first = sue.read_to("Event: Hangup").await;
    let told = first + &sue.read_to("Event: Hangup").await;
    expect![[r#"
        Event: ContactStatus; ContactStatus: Reachable; AOR: 1001; EndpointName: 1001
        Event: QueueMemberAdded; Queue: 8000; MemberName: PJSIP/1001; Interface: PJSIP/1001; StateInterface: PJSIP/1001; Paused: 1; PausedReason: login
        Event: QueueMemberPause; Queue: 8000; MemberName: PJSIP/1001; Interface: PJSIP/1001; StateInterface: PJSIP/1001; Paused: 0; PausedReason:
        Event: QueueCallerJoin; CallerIDNum: +491700000002; CallerIDName: Carl <script>; Queue: 8000; Position: 1; Count: 1
        Event: AgentCalled; CallerIDNum: +491700000002; CallerIDName: Carl <script>; Queue: 8000; Interface: PJSIP/1001; MemberName: PJSIP/1001; ConnectedLineNum: 1001; DestCallerIDNum: 1001
        Event: DialBegin; CallerIDNum: +491700000002; CallerIDName: Carl <script>; ChannelState: 6; ChannelStateDesc: Up; ConnectedLineNum: 1001; ConnectedLineName: Ann Ash; Exten: +493012345678; DestChannel: PJSIP/1001-00000003; DestChannelState: 0; DestChannelStateDesc: Down; DestCallerIDNum: 1001; DestCallerIDName: Ann Ash; DestConnectedLineNum: +491700000002; DestConnectedLineName: Carl <script>; DestExten: 1001; DestUniqueid: 1.3; DestLinkedid: 1; DialString: 1001
        Event: DialEnd; CallerIDNum: +491700000002; CallerIDName: Carl <script>; ChannelState: 6; ChannelStateDesc: Up; ConnectedLineNum: 1001; ConnectedLineName: Ann Ash; Exten: +493012345678; DestChannel: PJSIP/1001-00000003; DestChannelState: 6; DestChannelStateDesc: Up; DestCallerIDNum: 1001; DestCallerIDName: Ann Ash; DestConnectedLineNum: +491700000002; DestConnectedLineName: Carl <script>; DestExten: 1001; DestUniqueid: 1.3; DestLinkedid: 1; DialStatus: ANSWER
        Event: QueueCallerLeave; CallerIDNum: +491700000002; CallerIDName: Carl <script>; Queue: 8000; Count: 0
        Event: AgentConnect; CallerIDNum: +491700000002; CallerIDName: Carl <script>; Queue: 8000; Interface: PJSIP/1001; MemberName: PJSIP/1001; ConnectedLineNum: 1001; DestCallerIDNum: 1001; HoldTime: 0; RingTime: 0
        Event: QueueCallerJoin; CallerIDNum: +491700000004; CallerIDName: Carl <script>; Queue: 8000; Position: 1; Count: 1
        Event: QueueCallerAbandon; CallerIDNum: +491700000004; CallerIDName: Carl <script>; Queue: 8000; Position: 1; OriginalPosition: 1; HoldTime: 0
        Event: QueueCallerLeave; CallerIDNum: +491700000004; CallerIDName: Carl <script>; Queue: 8000; Count: 0
        Event: Hangup; CallerIDNum: +491700000004; CallerIDName: Carl <script>; ConnectedLineNum: <unknown>; ConnectedLineName: <unknown>; Cause: 16; Cause-txt: caller_gone
        Event: Hangup; CallerIDNum: +491700000002; CallerIDName: Carl <script>; ConnectedLineNum: 1001; ConnectedLineName: Ann Ash; Cause: 16; Cause-txt: normal
    "#]]
    .assert_eq(&told);
}

/// Of each packet about dialing: what Rocket.Chat's connector reads, and how the dialed channel stands.
fn dialing(told: &str) -> String {
    let names =
        ["Event", "CallerIDNum", "ConnectedLineNum", "DestChannelStateDesc", "DialString", "DialStatus"];
    let is_read = |field: &&str| field.split(": ").next().is_some_and(|name| names.contains(&name));
    let lines = told.lines().filter(|line| line.starts_with("Event: Dial"));
    lines.map(|line| line.split("; ").filter(is_read).collect::<Vec<_>>().join("; ") + "\n").collect()
}

#[tokio::test]
async fn dialing_is_told_as_it_went() {
    let (world, address, _stop) = listening().await;
    world.registered("1001", true);
    world.registered("1002", true);
    let mut sue = Client::of(address, "sue").await;
    let mut told = String::new();
    // One rings and answers, one is busy, one is rung until the caller gives up.
    world.calls_inside(2, "1002", "1001");
    let answers = world.ringing_leg("1001").await;
    world.leg(answers, LegInput::Ringing);
    world.leg(answers, LegInput::Ringing);
    world.leg(answers, LegInput::Answered);
    world.leg(answers, LegInput::Ended(Cause::Normal));
    world.leg(2, LegInput::Ended(Cause::Normal));
    told += &sue.read_to("Event: Hangup").await;
    world.calls_inside(4, "1002", "1001");
    let busy = world.ringing_leg("1001").await;
    world.leg(busy, LegInput::Ended(Cause::Busy));
    world.leg(4, LegInput::Ended(Cause::Normal));
    told += &sue.read_to("Event: Hangup").await;
    world.calls_inside(6, "1001", "1002");
    let rung = world.ringing_leg("1002").await;
    world.leg(rung, LegInput::Ringing);
    world.leg(6, LegInput::Ended(Cause::CallerGone));
    world.leg(rung, LegInput::Ended(Cause::CallerGone));
    told += &sue.read_to("Event: Hangup").await;
    expect![[r#"
        Event: DialBegin; CallerIDNum: 1002; ConnectedLineNum: 1001; DestChannelStateDesc: Down; DialString: 1001
        Event: DialState; CallerIDNum: 1002; ConnectedLineNum: 1001; DestChannelStateDesc: Ringing; DialStatus: RINGING
        Event: DialEnd; CallerIDNum: 1002; ConnectedLineNum: 1001; DestChannelStateDesc: Up; DialStatus: ANSWER
        Event: DialBegin; CallerIDNum: 1002; ConnectedLineNum: 1001; DestChannelStateDesc: Down; DialString: 1001
        Event: DialEnd; CallerIDNum: 1002; ConnectedLineNum: 1001; DestChannelStateDesc: Down; DialStatus: BUSY
        Event: DialBegin; CallerIDNum: 1001; ConnectedLineNum: 1002; DestChannelStateDesc: Down; DialString: 1002
        Event: DialState; CallerIDNum: 1001; ConnectedLineNum: 1002; DestChannelStateDesc: Ringing; DialStatus: RINGING
        Event: DialEnd; CallerIDNum: 1001; ConnectedLineNum: 1002; DestChannelStateDesc: Ringing; DialStatus: CANCEL
    "#]]
    .assert_eq(&dialing(&told));
    // A whole one, with the fields that Asterisk documents.
    let whole = told.lines().find(|line| line.starts_with("Event: DialEnd")).unwrap();
    assert_eq!(
        whole,
        "Event: DialEnd; CallerIDNum: 1002; CallerIDName:; \
         ChannelState: 6; ChannelStateDesc: Up; ConnectedLineNum: 1001; ConnectedLineName: Ann Ash; Exten: 1001; \
         DestChannel: PJSIP/1001-00000003; DestChannelState: 6; DestChannelStateDesc: Up; \
         DestCallerIDNum: 1001; DestCallerIDName: Ann Ash; DestConnectedLineNum: 1002; DestConnectedLineName:; \
         DestExten: 1001; DestUniqueid: 1.3; DestLinkedid: 1; DialStatus: ANSWER"
    );
    // Who comes in the middle hears of what begins and ends from then on.
    world.calls_inside(8, "1002", "1001");
    let rung = world.ringing_leg("1001").await;
    let mut owner = Client::of(address, "owner").await;
    owner.ask("Ping").await;
    world.leg(8, LegInput::Ended(Cause::CallerGone));
    world.leg(rung, LegInput::Ended(Cause::CallerGone));
    expect![[r#"
        Event: DialEnd; CallerIDNum: 1002; ConnectedLineNum: 1001; DestChannelStateDesc: Down; DialStatus: CANCEL
    "#]]
    .assert_eq(&dialing(&owner.read_to("Event: Hangup").await));
}

#[tokio::test]
async fn what_its_connector_asks_for_is_answered() {
    let (world, address, _stop) = listening().await;
    world.make_ready("1001").await;
    let mut sue = Client::of(address, "sue").await;
    assert_eq!(sue.ask("Events\nEventMask: off").await, "Response: Success; ActionID: 7; Events: Off");
    world.arrives(2);
    world.ringing_leg("1001").await;
    let mut told = String::new();
    for (action, end) in [
        ("QueueSummary", "Event: QueueSummaryComplete"),
        ("QueueStatus\nQueue: 8000", "Event: QueueStatusComplete"),
        ("PJSIPShowEndpoints", "Event: EndpointListComplete"),
        ("PJSIPShowEndpoint\nEndpoint: 1002", "Event: EndpointDetailComplete"),
    ] {
        let start = sue.ask(action).await;
        told += &format!("{start}\n{}", sue.read_to(end).await);
    }
    expect![[r#"
        Response: Success; ActionID: 7; EventList: start; Message: The summary follows
        Event: QueueSummary; Queue: 8000; LoggedIn: 1; Available: 0; Callers: 1; HoldTime: 0; TalkTime: 0; LongestHoldTime: 0
        Event: QueueSummary; Queue: 8001; LoggedIn: 0; Available: 0; Callers: 0; HoldTime: 0; TalkTime: 0; LongestHoldTime: 0
        Event: QueueSummaryComplete; EventList: Complete; ListItems: 2
        Response: Success; ActionID: 7; EventList: start; Message: The status follows
        Event: QueueParams; Queue: 8000; Max: 0; Strategy: leastrecent; Calls: 1; Holdtime: 0; TalkTime: 0; Completed: 0; Abandoned: 0; ServiceLevel: 20; Weight: 0
        Event: QueueMember; Queue: 8000; Name: PJSIP/1001; Location: PJSIP/1001; StateInterface: PJSIP/1001; Membership: dynamic; Penalty: 0; CallsTaken: 0; LastCall: 0; InCall: 0; Status: 6; Paused: 0; PausedReason:; Wrapuptime: 0
        Event: QueueStatusComplete; EventList: Complete; ListItems: 2
        Response: Success; ActionID: 7; EventList: start; Message: The endpoints follow
        Event: EndpointList; ObjectType: endpoint; ObjectName: 1001; Aor: 1001; Auths: 1001; DeviceState: Ringing
        Event: EndpointList; ObjectType: endpoint; ObjectName: 1002; Aor: 1002; Auths: 1002; DeviceState: Unavailable
        Event: EndpointList; ObjectType: endpoint; ObjectName: 1003; Aor: 1003; Auths: 1003; DeviceState: Unavailable
        Event: EndpointListComplete; EventList: Complete; ListItems: 3
        Response: Success; ActionID: 7; EventList: start; Message: The endpoint follows
        Event: EndpointDetail; ObjectType: endpoint; ObjectName: 1002; Aor: 1002; Auths: 1002; DeviceState: Unavailable
        Event: AuthDetail; ObjectType: auth; ObjectName: 1002; Username: 1002; Password:; AuthType: userpass
        Event: EndpointDetailComplete; EventList: Complete; ListItems: 2
    "#]]
    .assert_eq(&told);
    assert_eq!(sue.ask("Ping").await, "Response: Success; ActionID: 7; Ping: Pong");
    let unknown = "Response: Error; ActionID: 7; Message: Invalid/unknown command";
    for action in ["Originate\nChannel: PJSIP/1001", "Command\nCommand: core stop now", ""] {
        assert_eq!(sue.ask(action).await, unknown, "{action}");
    }
    assert_eq!(
        sue.ask("PJSIPShowEndpoint\nEndpoint: 1999").await,
        "Response: Error; ActionID: 7; Message: Unable to retrieve endpoint"
    );
    assert!(sue.ask("Logoff").await.starts_with("Response: Goodbye"));
    assert!(sue.is_over().await);
}

#[tokio::test]
async fn only_supervisors_and_above_log_in() {
    let (_world, address, stop) = listening().await;
    for (username, secret, words) in [
        ("ann@acme.test", "ann-password", "Authentication failed"),
        ("sue@acme.test", "guess", "Authentication failed"),
        ("", "", "Authentication failed"),
    ] {
        let mut client = Client::open(address).await;
        let answer = client.ask(&format!("Login\nUsername: {username}\nSecret: {secret}")).await;
        assert_eq!(answer, format!("Response: Error; ActionID: 7; Message: {words}"), "{username}");
        assert!(client.is_over().await);
    }
    let mut early = Client::open(address).await;
    assert_eq!(early.ask("QueueSummary").await, "Response: Error; ActionID: 7; Message: Permission denied");
    assert!(early.is_over().await);
    let mut endless = Client::open(address).await;
    endless.0.write_all(&vec![b'x'; 100_000]).await.ok();
    // Whether the rest was read or not, it is over.
    let mut rest = Vec::new();
    tokio::time::timeout(PATIENCE, endless.0.read_to_end(&mut rest)).await.expect("it stays open").ok();
    let mut owner = Client::of(address, "owner").await;
    stop.send(true).unwrap();
    assert!(owner.is_over().await, "the server stops");
}

#[tokio::test]
async fn who_supervises_some_groups_only_does_not_come_in() {
    let (world, address, _stop) = listening().await;
    world.switch.directory(std::sync::Arc::new(crate::purview::confined(&["sales"], true))).await.unwrap();
    let mut client = Client::open(address).await;
    let answer = client.ask("Login\nUsername: sue@acme.test\nSecret: sue-password").await;
    assert_eq!(answer, "Response: Error; ActionID: 7; Message: Authentication failed");
}
