//! Reads a story, plays it to an engine, and writes down what came of it.
//!
//! Lines without a time provision the world ([`crate::world`]), or prepare it:
//!
//! ```text
//! on ann bob            their phones are registered, they are logged in and ready everywhere
//! up ann 1090           their phones are registered
//! slow                  legs that are told to end do so only when the story says `over`
//! ```
//!
//! Lines with a time happen then; the clock runs and ticks in between:
//!
//! ```text
//! 1s c1 calls 8000      a caller from the trunk, or, by an agent's name or a phone's number, from that phone
//! 2s ann rings          also: answers, declines, busy, hangs up, over CAUSE, silent, heard, presses KEYS
//! 3s service answers a=b  an outside service sets a; without a field: it fails
//! 3s ann up             also: down
//! 4s ann ready 8000     a request: login, logout, ready, not-ready; without a queue: all
//! 5s hang up 1          call 1 is ended by request
//! 5s ann asks for 8000  her phone is to ring, and then this number, by request
//! 5s ann transfers 1 8000  the other side of a call of hers goes on there, by request
//! 5s ann keeps          her phone holds the other one by a key of its own; also: resumes
//! 5s ann follows link bob  a guest follows bob's call link; ann shuts link, opens link: hers, by request
//! 5s ann holds 1        one who talks with her is put on hold, by request; also: unholds
//! 5s boss transfers 1 8000  the same of anybody's call
//! 5s ann picks 1 8000   a waiting call of this queue is to be hers, by request
//! 5s boss moves 1 8000 8001  a call that waits in the one queue is to wait in the other, by request
//! 5s greeting 1 begin   the greeting of mailbox 1 is to be written, by request; also: RECORD MILLISECONDS, remove
//! 5s night on 8000      night mode of a queue, or without a number of the domain, by request; also: off
//! 5s ann dnd on         an agent's do not disturb, by request; also: off
//! 5s ann forwards always +4917  when calls go to her personal phone, and which that is, by request; also: none
//! 5s ask +4930 4        what would happen to a call for a number in the fourth minute, step by step
//! 5s recorded 1 3000     recording 1 has ended and is so many milliseconds long; also: silence, max, failed
//! 5s erased 1            its file is gone
//! 5s message 1001 1 read message 1 of this box, by request; also: unread, delete
//! 5s box 1001            writes down what is in the box
//! 6s drain
//! 6s restart            the process ends and the engine is loaded into a new one
//! 6s restart late       the same, and nothing has run since the last line
//! 7s provision LINE     a new directory with this line applied
//! 9s .                  nothing; only the clock
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use engine::{
    Actor, AgentAction, AgentState, Arrival, CallRecord, Cause, Command, DeviceInput, DialTarget, Engine,
    EventKind, FirstIds, GreetingChange, Input, Keys, LegCommand, LegInput, Limits, MediaCommand, MediaInput,
    MessageAction, NewPrompt, Origin, Outbox, Pending, ReachChange, RecordEnd, RecordingInput, Reply,
    Request, Scope, WhatIfStep,
};
use expect_test::Expect;
use model::{
    AgentId, CallId, CallerId, Directory, LegId, MailboxId, NotReadyReason, OfferId, Pii, PlayId, QueueId,
    RecordId, RequestId, Timestamp, TrunkId,
};

use crate::laws::Laws;
use crate::world;

/// Plays the story and compares what came of it.
pub(crate) fn check(story: &str, expect: Expect) {
    // Few stories say that a phone rings; those that ask for it set the limit themselves.
    let limits = Limits { alert_max: None, ..Limits::default() };
    check_with(limits, story, expect);
}

/// As [`check`], under other limits.
pub(crate) fn check_with(limits: Limits, story: &str, expect: Expect) {
    let mut player = Player::new(limits);
    for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        player.line(line);
    }
    expect.assert_eq(&player.log);
}

#[expect(clippy::cast_possible_truncation, reason = "stories last minutes")]
fn moment(seconds: f64) -> Timestamp {
    Timestamp((seconds * 1e6).round() as i64)
}

struct Player {
    directory: Directory,
    limits: Limits,
    engine: Option<(Engine, Laws)>,
    now: Timestamp,
    log: String,
    silent: bool,
    slow: bool,
    names: BTreeMap<LegId, String>,
    /// Legs that have not ended, in the order in which they came to be, and the player run of each.
    open: Vec<LegId>,
    plays: BTreeMap<LegId, PlayId>,
    next_leg: u64,
    next_request: u64,
    /// What an outside service was asked last.
    asked: Option<(CallId, u32)>,
}

impl Player {
    fn new(limits: Limits) -> Self {
        Self {
            directory: world::directory(),
            limits,
            engine: None,
            now: Timestamp::ZERO,
            log: String::new(),
            silent: false,
            slow: false,
            names: BTreeMap::new(),
            open: Vec::new(),
            plays: BTreeMap::new(),
            next_leg: 2,
            next_request: 1,
            asked: None,
        }
    }

    fn line(&mut self, line: &str) {
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        if let Some(at) = first.strip_suffix('s').and_then(|seconds| seconds.parse::<f64>().ok()) {
            match rest.trim() {
                "restart late" => self.now = moment(at),
                _ => self.run_until(moment(at)),
            }
            return self.act(rest.trim());
        }
        if self.engine.is_none() && world::provision(&mut self.directory, line) {
            return;
        }
        self.silent = true;
        match first {
            "on" => {
                for who in rest.split_whitespace() {
                    self.act(&format!("{who} up"));
                    self.act(&format!("{who} login"));
                    self.act(&format!("{who} ready"));
                }
            }
            "up" => rest.split_whitespace().for_each(|who| self.act(&format!("{who} up"))),
            "slow" => self.slow = true,
            _ => panic!("cannot read: {line}"),
        }
        self.silent = false;
    }

    fn run_until(&mut self, until: Timestamp) {
        assert!(until >= self.now, "time goes forward");
        let mut ticks = 0;
        while let Some(due) = self.engine().next_deadline().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.feed(Input::Tick);
            ticks += 1;
            assert!(ticks < 1_000, "a deadline that a tick does not take away");
        }
        self.now = until;
    }

    fn engine(&mut self) -> &mut Engine {
        let (limits, directory) = (&self.limits, &self.directory);
        let (engine, _) = self.engine.get_or_insert_with(|| {
            let first = FirstIds { call: CallId(1), leg: LegId(1), offer: OfferId(1), play: PlayId(1) };
            let engine = Engine::new(Arc::new(directory.clone()), limits.clone(), first, Timestamp::ZERO);
            let laws = Laws::new(&engine);
            (engine, laws)
        });
        engine
    }

    fn act(&mut self, text: &str) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let leg = |input| Some((words[0], input));
        let (who, input) = match words.as_slice() {
            ["."] => return,
            ["drain"] => return self.feed(Input::Drain),
            ["restart"] | ["restart", "late"] => return self.feed(Input::Restarted),
            ["hang", "up", call] => {
                return self.request(Request::HangUp { call: call_named(call) });
            }
            [who, "asks", "for", to] => {
                let agent = world::agent(who).unwrap_or(AgentId(99));
                return self.request(Request::MakeCall { agent, to: (*to).to_owned() });
            }
            [who, verb @ ("holds" | "unholds"), call] => {
                let (call, on) = (call_named(call), *verb == "holds");
                return self.asks(who, |only_own| Request::Hold { call, on, only_own });
            }
            [who, "sends", call, keys] => {
                let (call, keys) = (call_named(call), Keys::parse(keys).expect("keys"));
                return self.asks(who, |only_own| Request::Press { call, keys, only_own });
            }
            [who, "lifts", call, whose @ ..] => {
                let (call, agent) = (call_named(call), whose.first().and_then(|whose| world::agent(whose)));
                return self.asks(who, |only_own| Request::Lift { call, agent, only_own });
            }
            [who, "transfers", call, to] => {
                let (call, to) = (call_named(call), (*to).to_owned());
                return self.asks(who, |only_own| Request::Transfer { call, to, only_own });
            }
            [who, "picks", call, queue] => {
                let (call, agent) = (call_named(call), world::agent(who).unwrap_or(AgentId(99)));
                let queue = QueueId(queue.parse().expect("a queue"));
                return self.request(Request::PickUp { call, queue, agent });
            }
            ["boss", "moves", call, queue, to] => {
                let id = |queue: &str| QueueId(queue.parse().expect("a queue"));
                let (call, queue, to) = (call_named(call), id(queue), id(to));
                return self.request(Request::Move { call, queue, to });
            }
            ["greeting", mailbox, change @ ..] => {
                let change = match change {
                    ["begin"] => GreetingChange::Begin,
                    ["remove"] => GreetingChange::Remove,
                    [record, length] => GreetingChange::Kept(
                        RecordId(record.parse().expect("a recording")),
                        length.parse().expect("milliseconds"),
                    ),
                    _ => panic!("cannot read: {text}"),
                };
                let mailbox = MailboxId(mailbox.parse().expect("a mailbox"));
                return self.request(Request::Greeting { mailbox, change });
            }
            ["night", on, queue @ ..] => {
                let queue = queue.first().map(|queue| QueueId(queue.parse().expect("a queue")));
                return self.request(Request::NightMode { queue, on: *on == "on" });
            }
            ["ask", number, minute] => return self.what_if(number, minute),
            ["recorded", record, length, why @ ..] => {
                let why = match why {
                    [] => RecordEnd::Stopped,
                    ["silence"] => RecordEnd::Silence,
                    ["max"] => RecordEnd::Max,
                    ["failed"] => RecordEnd::Failed,
                    _ => panic!("cannot read: {text}"),
                };
                let ended = RecordingInput::Ended { length: length.parse().expect("milliseconds"), why };
                return self.feed(Input::Recording(record_named(record), ended));
            }
            ["erased", record] => {
                return self.feed(Input::Recording(record_named(record), RecordingInput::Erased));
            }
            ["kept", record] => {
                return self.feed(Input::Recording(record_named(record), RecordingInput::Kept(true)));
            }
            ["not", "kept", record] => {
                return self.feed(Input::Recording(record_named(record), RecordingInput::Kept(false)));
            }
            ["message", mailbox, record, action] => {
                let action = match *action {
                    "read" => MessageAction::Read,
                    "unread" => MessageAction::Unread,
                    "delete" => MessageAction::Delete,
                    "emailed" => MessageAction::Emailed,
                    "transcribed" => MessageAction::Transcribed(model::Pii("some words".into())),
                    _ => panic!("cannot read: {text}"),
                };
                let (mailbox, record) = (mailbox_named(mailbox), record_named(record));
                return self.request(Request::Message { mailbox, record, action });
            }
            ["box", mailbox] => return self.write_box(mailbox),
            ["provision", ..] => {
                let line = text.trim_start_matches("provision ");
                assert!(world::provision(&mut self.directory, line), "cannot read: {line}");
                return self.feed(Input::Directory(Arc::new(self.directory.clone())));
            }
            [who, "calls", dialed] => return self.arrive(who, dialed),
            [who, "up"] => {
                return self.feed(Input::Device(world::extension(who), DeviceInput::Reachable));
            }
            [who, "down"] => {
                return self.feed(Input::Device(world::extension(who), DeviceInput::Unreachable));
            }
            [who, key @ ("keeps" | "resumes")] => {
                let leg = self.leg(who);
                return self.feed(Input::Leg(leg, LegInput::Held(*key == "keeps")));
            }
            [who, "silent"] => {
                let leg = self.leg(who);
                return self.feed(Input::Media(leg, MediaInput::Silent));
            }
            [who, "heard"] => {
                let leg = self.leg(who);
                let play = self.plays[&leg];
                return self.feed(Input::Media(leg, MediaInput::PlayEnded(play)));
            }
            [who, "presses", keys] => {
                for key in keys.chars() {
                    let leg = self.leg(who);
                    self.feed(Input::Leg(leg, LegInput::Digit(key)));
                }
                return;
            }
            ["service", "answers", fields @ ..] => return self.service(fields),
            [_, "rings"] => leg(LegInput::Ringing),
            [_, "answers"] => leg(LegInput::Answered),
            [_, "declines"] => leg(LegInput::Ended(Cause::Declined)),
            [_, "busy"] => leg(LegInput::Ended(Cause::Busy)),
            [_, "hangs", "up"] => leg(LegInput::Ended(Cause::Normal)),
            [_, "over", cause] => leg(LegInput::Ended(cause_named(cause))),
            [who, "dnd", on] => {
                let agent = world::agent(who).unwrap_or(AgentId(99));
                let change = ReachChange { dnd: Some(*on == "on"), ..ReachChange::default() };
                return self.request(Request::Reach { agent, change });
            }
            [who, "forwards", when, phone @ ..] => {
                let agent = world::agent(who).unwrap_or(AgentId(99));
                let forward_when = Some(world::forward_when(when));
                let phone = phone.first().map(|phone| (*phone != "none").then(|| Pii((*phone).to_owned())));
                let change = ReachChange { forward_when, personal_phone: phone, ..ReachChange::default() };
                return self.request(Request::Reach { agent, change });
            }
            [who, how @ ("shuts" | "opens"), "link"] => {
                let agent = world::agent(who).unwrap_or(AgentId(99));
                let change =
                    ReachChange { call_link_private: Some(*how == "shuts"), ..ReachChange::default() };
                return self.request(Request::Reach { agent, change });
            }
            [who, "follows", "link", of] => {
                return self.arrive_from(who, "*21", Origin::Guest(world::extension(of)));
            }
            [who, action, scope @ ..] => return self.ask(who, action, scope),
            _ => None,
        }
        .unwrap_or_else(|| panic!("cannot read: {text}"));
        let leg = self.leg(who);
        self.feed(Input::Leg(leg, input));
    }

    /// The latest leg of this name that has not ended.
    fn leg(&self, name: &str) -> LegId {
        let named = |leg: &&LegId| self.names[*leg] == name;
        *self.open.iter().rev().find(named).unwrap_or_else(|| panic!("{name} has no leg: {}", self.log))
    }

    fn arrive(&mut self, who: &str, dialed: &str) {
        let is_phone = world::agent(who).is_some() || who.starts_with(|c: char| c.is_ascii_digit());
        let origin =
            if is_phone { Origin::Extension(world::extension(who)) } else { Origin::Trunk(TrunkId(1)) };
        self.arrive_from(who, dialed, origin);
    }

    fn arrive_from(&mut self, who: &str, dialed: &str, origin: Origin) {
        let leg = LegId(self.next_leg);
        self.next_leg += 2;
        self.name(leg, who.into());
        let caller = CallerId::new(who, "");
        let arrival = Arrival { origin, dialed: dialed.into(), caller, max_forwards: 70 };
        self.feed(Input::Leg(leg, LegInput::Arrived(arrival)));
    }

    fn ask(&mut self, who: &str, action: &str, scope: &[&str]) {
        let action = match action {
            "login" => AgentAction::Login,
            "logout" => AgentAction::Logout,
            "ready" => AgentAction::Ready,
            "not-ready" => AgentAction::NotReady(NotReadyReason::chosen("lunch")),
            _ => panic!("cannot read: {who} {action}"),
        };
        let scope = match scope {
            [] => Scope::All,
            [queue] => Scope::Queue(QueueId(queue.parse().expect("a queue"))),
            _ => panic!("one queue or all"),
        };
        let agent = world::agent(who).unwrap_or(AgentId(99));
        self.request(Request::Agent { agent, scope, action });
    }

    fn service(&mut self, fields: &[&str]) {
        let (call, number) = self.asked.expect("it was asked");
        let pair = |field: &&str| field.split_once('=').map(|(name, value)| (name.into(), value.into()));
        let answer = (!fields.is_empty()).then(|| fields.iter().filter_map(pair).collect());
        self.feed(Input::Fetched { call, number, answer });
    }

    fn request(&mut self, request: Request) {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        self.feed(Input::Request(id, Actor::Owner, request));
    }

    /// An agent asks for a call of hers, or, by any other name, somebody for whichever call it is.
    fn asks(&mut self, who: &str, request: impl FnOnce(bool) -> Request) {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        let agent = world::agent(who);
        let actor = agent.map_or(Actor::Owner, Actor::Agent);
        self.feed(Input::Request(id, actor, request(agent.is_some())));
    }

    fn what_if(&mut self, number: &str, minute: &str) {
        let at = Timestamp::from_secs(60 * minute.parse::<i64>().expect("a minute"));
        let Some(steps) = self.engine().view().what_if(number, "", at) else {
            self.log.push_str("no such number\n");
            return;
        };
        for WhatIfStep { at, what } in steps {
            writeln!(self.log, "{}s: {what:?}", at.0 / 1_000_000).expect("a string takes all");
        }
    }

    fn name(&mut self, leg: LegId, name: String) {
        let twin = self.open.iter().any(|open| self.names[open] == name);
        self.names.insert(leg, if twin { format!("{name}'2") } else { name });
        self.open.push(leg);
    }

    /// One step, its laws, its lines, and what the shell answers to it.
    fn feed(&mut self, input: Input) {
        self.engine();
        let now = self.now;
        let Some((engine, laws)) = &mut self.engine else { return };
        let out = engine.step(input.clone(), now);
        laws.check(engine, &input, &out);
        if let Input::Leg(leg, LegInput::Ended(_)) = &input {
            self.open.retain(|open| open != leg);
        }
        let mut answers = self.note(&out);
        if let Input::Restarted = &input {
            self.open.clear();
            answers.clear();
        }
        self.write(&out);
        for (leg, cause) in answers {
            self.feed(Input::Leg(leg, LegInput::Ended(cause)));
        }
    }

    /// What is in a mailbox, and what the shell owes.
    fn write_box(&mut self, number: &str) {
        let view = self.engine().view();
        let (mailbox, unfinished) = (view.mailbox(mailbox_named(number)), view.unfinished());
        let text = mailbox.map_or("none".to_owned(), |mailbox| {
            let messages = mailbox.messages.iter().map(|message| {
                let read = if message.read { "old" } else { "new" };
                format!(", {} {} s {read}", message.record, message.seconds)
            });
            let greeting = mailbox.greeting.map(|record| format!(", greeting {record}")).unwrap_or_default();
            let locked = mailbox.locked_until.map(|_| ", locked").unwrap_or_default();
            let messages = messages.collect::<String>();
            format!("{} new, {} old{messages}{greeting}{locked}", mailbox.new, mailbox.old)
        });
        writeln!(self.log, "     box {number}: {text}; owed {unfinished:?}").expect("a string takes all");
    }

    /// Legs that were made, players that run, legs that are to end at once.
    fn note(&mut self, out: &Outbox) -> Vec<(LegId, Cause)> {
        let mut answers = Vec::new();
        for command in &out.commands {
            match command {
                Command::Leg(leg, LegCommand::Dial { to, .. }) => {
                    let name = match to {
                        DialTarget::Extension(number) => person(number.as_str()),
                        DialTarget::Trunk(_, number) => number.clone(),
                    };
                    self.name(*leg, name);
                }
                Command::Leg(leg, LegCommand::End(_) | LegCommand::Refuse(_)) if !self.slow => {
                    answers.push((*leg, Cause::Normal));
                }
                Command::Media(
                    MediaCommand::Play { leg, play, .. } | MediaCommand::PlayRecord { leg, play, .. },
                ) => {
                    self.plays.insert(*leg, *play);
                }
                Command::Fetch(call, fetch) => self.asked = Some((*call, fetch.number)),
                Command::Leg(..)
                | Command::Media(_)
                | Command::Erase { .. }
                | Command::KeepPrompt(_)
                | Command::Lamp { .. } => {}
            }
        }
        answers
    }

    fn write(&mut self, out: &Outbox) {
        if self.silent {
            return;
        }
        let mut lines: Vec<String> = out.events.iter().filter_map(|event| self.event(&event.kind)).collect();
        lines.extend(out.commands.iter().map(|command| self.command(command)));
        lines.extend(out.replies.iter().map(|(_, reply)| match reply {
            Ok(Reply::Reach) => "reply: reach".into(),
            Ok(Reply::Message) => "reply: done".into(),
            Ok(Reply::Greeting(record)) => {
                record.map_or("reply: done".into(), |record| format!("reply: write {record}"))
            }
            Ok(Reply::Call(call)) => format!("reply: call {call}"),
            Ok(Reply::Hold) => "reply: as asked".into(),
            Ok(Reply::Press) => "reply: pressed".into(),
            Ok(Reply::Lift) => "reply: asked to lift".into(),
            Ok(Reply::Transfer) => "reply: transferred".into(),
            Ok(Reply::PickUp) => "reply: rings".into(),
            Ok(Reply::Move) => "reply: waits there".into(),
            Ok(Reply::HangUp) => "reply: hanging up".into(),
            Ok(Reply::NightMode) => "reply: night mode".into(),
            Ok(Reply::Agent(results)) => {
                let results = results.iter().map(|r| match &r.result {
                    Ok(done) => format!("{} {}{}", r.queue, state(&done.state), pending(&done.pending)),
                    Err(refusal) => format!("{} {refusal:?}", r.queue),
                });
                format!("reply: {}", results.collect::<Vec<_>>().join(", "))
            }
            Err(rejection) => format!("reply: {rejection:?}"),
        }));
        for line in lines {
            let millis = self.now.0 / 1_000;
            let time = if millis % 1_000 == 0 {
                format!("{}s", millis / 1_000)
            } else {
                format!("{}.{:03}s", millis / 1_000, millis % 1_000)
            };
            writeln!(self.log, "{time:<4} {line}").expect("a string takes all");
        }
    }

    fn leg_name(&self, leg: LegId) -> &str {
        self.names.get(&leg).map_or("?", String::as_str)
    }

    fn command(&self, command: &Command) -> String {
        match command {
            Command::Leg(leg, command) => {
                let name = self.leg_name(*leg);
                match command {
                    LegCommand::Ring => format!("{name}: ring"),
                    LegCommand::Answer => format!("{name}: answer"),
                    LegCommand::Lift => format!("{name}: lift"),
                    LegCommand::Refuse(cause) => format!("{name}: refuse {}", cause.as_str()),
                    LegCommand::Secrecy(secrecy) => format!("{name}: keys {secrecy:?}"),
                    LegCommand::End(cause) => format!("{name}: end {}", cause.as_str()),
                    LegCommand::Dial { to, caller, beside: _, queue, max_forwards: _, auto_answer } => {
                        let to = match to {
                            DialTarget::Extension(number) => number.to_string(),
                            DialTarget::Trunk(trunk, number) => format!("{number} by trunk {trunk}"),
                        };
                        let queue = queue.as_ref().map(|queue| format!(" for {queue}")).unwrap_or_default();
                        let auto = if *auto_answer { ", answered by itself" } else { "" };
                        format!("{name}: dial {to} from {}{queue}{auto}", caller.number.reveal())
                    }
                }
            }
            Command::Media(MediaCommand::Play { leg, prompts, repeat, .. }) => {
                let repeat = if *repeat { " again and again" } else { "" };
                format!("{}: play {}{repeat}", self.leg_name(*leg), prompts.join(" "))
            }
            Command::Fetch(call, fetch) => {
                let names: Vec<&str> = fetch.send.iter().map(|(name, _)| name.as_str()).collect();
                format!("call {call}: ask {} with {}", fetch.url, names.join(" "))
            }
            Command::Media(MediaCommand::PlayRecord { leg, mailbox, record, .. }) => {
                format!("{}: play recording {record} of {mailbox}", self.leg_name(*leg))
            }
            Command::Media(MediaCommand::Record { leg, mailbox, record, max, silence }) => {
                let name = self.leg_name(*leg);
                format!("{name}: record {record} into {mailbox}, {max} s, silence {silence} s")
            }
            Command::Media(MediaCommand::RecordTalk { leg, record, .. }) => {
                format!("{}: record talk as {record}", self.leg_name(*leg))
            }
            Command::Media(MediaCommand::StopRecord { leg }) => {
                format!("{}: stop recording", self.leg_name(*leg))
            }
            Command::Erase { mailbox, record } => format!("erase {record} of {mailbox}"),
            Command::KeepPrompt(NewPrompt { record, name, by }) => {
                format!("keep {record} as {name}, by {by}")
            }
            Command::Lamp { mailbox, new, old } => format!("lamp of {mailbox}: {new} new, {old} old"),
            Command::Media(MediaCommand::StopPlay { leg }) => {
                format!("{}: stop playing", self.leg_name(*leg))
            }
            Command::Media(MediaCommand::Press { leg, keys, .. }) => {
                format!("{}: press {}", self.leg_name(*leg), keys.reveal())
            }
            Command::Media(MediaCommand::Bridge { a, b }) => {
                format!("{} + {}: bridge", self.leg_name(*a), self.leg_name(*b))
            }
            Command::Media(MediaCommand::Unbridge { a, b }) => {
                format!("{} + {}: unbridge", self.leg_name(*a), self.leg_name(*b))
            }
        }
    }

    fn event(&self, kind: &EventKind) -> Option<String> {
        Some(match kind {
            EventKind::LegChanged { .. } | EventKind::Decided { .. } => return None,
            EventKind::CallArrived { call } => format!("call {call} arrived"),
            EventKind::FlowBegan { call, flow } => format!("call {call} in flow {flow}"),
            EventKind::FlowStep { call, step, .. } => format!("call {call} at {step}"),
            EventKind::DigitsCollected { call, variable, length, .. } => {
                format!("call {call} keyed {length} digits {variable}").trim_end().to_owned()
            }
            EventKind::FlowFellBack { call, rule, .. } => format!("call {call} falls back: {rule:?}"),
            EventKind::FlowEnded { call, flow, how } => format!("call {call} out of flow {flow}: {how:?}"),
            EventKind::CallQueued { call, queue, position } => {
                format!("call {call} queued in {queue}, position {position}")
            }
            EventKind::IntroHeard { call, .. } => format!("call {call} has heard the introduction"),
            EventKind::OfferMade { call, agent, .. } => format!("call {call} offered to {}", name(*agent)),
            EventKind::OfferEnded { call, agent, outcome, .. } => {
                format!("call {call} not taken by {}: {outcome:?}", name(*agent))
            }
            EventKind::CallConnected { call, queue, agent, waited_ms } => {
                let agent = agent.map_or_else(String::new, |agent| format!(" to {}", name(agent)));
                let queue =
                    queue.map_or_else(String::new, |queue| format!(" by {queue} after {waited_ms} ms"));
                format!("call {call} connected{agent}{queue}")
            }
            EventKind::CallTransferred { call, agent, to } => {
                let by = agent.map_or_else(String::new, |agent| format!(" by {}", name(agent)));
                format!("call {call} transferred to {to}{by}")
            }
            EventKind::HoldChanged { call, held } => {
                format!("call {call} is {}", if *held { "on hold" } else { "off hold" })
            }
            EventKind::CallLeftQueue { call, queue, outcome } => {
                format!("call {call} left {queue}: {outcome:?}")
            }
            EventKind::CallEnded { record } => self.record(record),
            EventKind::AgentChanged { agent, queue, state: now, available, pending: then, actor } => {
                let available = if *available { ", available" } else { "" };
                let actor = by(actor);
                format!("{} in {queue}: {}{}{available}{actor}", name(*agent), state(now), pending(then))
            }
            EventKind::DeviceChanged { extension, registered } => {
                format!("{} {}", person(extension.as_str()), if *registered { "registered" } else { "gone" })
            }
            EventKind::NightModeChanged { queue, on, actor } => {
                let whose = queue.map_or_else(|| "the domain".to_owned(), |queue| queue.to_string());
                let on = if *on { "on" } else { "off" };
                format!("night mode of {whose} {on}{}", by(actor))
            }
            EventKind::RingGroupBegan { call, group } => format!("call {call} in ring group {group}"),
            EventKind::RingGroupEnded { call, group, outcome } => {
                format!("call {call} out of ring group {group}: {outcome:?}")
            }
            EventKind::DndChanged { extension, on, actor } => {
                let on = if *on { "on" } else { "off" };
                format!("dnd of {} {on}{}", person(extension.as_str()), by(actor))
            }
            EventKind::ForwardingChanged { agent, forward_when, actor } => {
                format!("{} forwards: {forward_when:?}{}", name(*agent), by(actor))
            }
            EventKind::CallLinkChanged { agent, private, actor } => {
                let how = if *private { "shut" } else { "open" };
                format!("call link of {} {how}{}", name(*agent), by(actor))
            }
            EventKind::MessageLeft { mailbox, message, call } => {
                let (record, seconds) = (message.record, message.seconds);
                format!("call {call} left message {record} in {mailbox}, {seconds} s")
            }
            EventKind::MessageMarked { mailbox, record, read } => {
                format!("message {record} in {mailbox} is {}", if *read { "old" } else { "new" })
            }
            EventKind::MessageTranscribed { mailbox, record } => {
                format!("message {record} in {mailbox} was put into text")
            }
            EventKind::MessageDeleted { mailbox, record, why } => {
                format!("message {record} in {mailbox} is gone: {why:?}")
            }
            EventKind::RecordingFailed { mailbox, call } => {
                format!("call {call} could not leave its message in {mailbox}")
            }
            EventKind::MailboxLocked { mailbox, until } => {
                format!("{mailbox} is locked until {}s", until.0 / 1_000_000)
            }
            EventKind::DirectoryChanged => "provisioned".into(),
            EventKind::CallFaulted { call, what } => format!("call {call} faulted: {what}"),
            EventKind::CallRefused { cause } => format!("refused: {}", cause.as_str()),
        })
    }

    fn record(&self, record: &CallRecord) -> String {
        let legs = record.legs.iter().map(|leg| {
            let cause = leg.cause.map_or("open", Cause::as_str);
            format!("{} {:?} {cause}", self.leg_name(leg.leg), leg.status)
        });
        let stays = record.queues.iter().map(|stay| {
            let in_time = match stay.in_time {
                Some(true) => " in time",
                Some(false) => " late",
                None => "",
            };
            format!("; {} {:?}{in_time}", stay.number, stay.outcome)
        });
        let talks = record.recordings.iter().map(|talk| {
            let at = |moment: Timestamp| moment.0 / 1_000_000 % 86_400;
            let [(_, caller), (_, party)] = talk.sides;
            format!("; talk {caller}+{party} of {} s", at(talk.until.expect("over")) - at(talk.from))
        });
        format!(
            "call {} ended, {:?} {}: {}{}{}",
            record.call,
            record.direction,
            record.cause.as_str(),
            legs.collect::<Vec<_>>().join(", "),
            stays.collect::<String>(),
            talks.collect::<String>()
        )
    }
}

fn call_named(text: &str) -> CallId {
    CallId(text.parse().expect("a call"))
}

fn record_named(text: &str) -> RecordId {
    RecordId(text.parse().expect("a recording"))
}

/// A box's id is its number.
fn mailbox_named(text: &str) -> MailboxId {
    MailboxId(text.parse().expect("a box"))
}

fn name(agent: AgentId) -> &'static str {
    usize::try_from(agent.0 - 1).ok().and_then(|index| world::AGENTS.get(index)).copied().unwrap_or("nobody")
}

/// The agent's name, where the extension is an agent's; else its number.
fn person(number: &str) -> String {
    let agents = world::AGENTS.iter().find(|name| world::extension(name).as_str() == number);
    agents.map_or_else(|| number.to_owned(), |name| (*name).to_owned())
}

fn by(actor: &Actor) -> &'static str {
    match actor {
        Actor::System => "",
        Actor::FeatureCode(_) => ", by code",
        Actor::Agent(_) | Actor::Owner | Actor::ApiKey(_) => ", by request",
    }
}

fn state(state: &AgentState) -> String {
    match state {
        AgentState::Offline => "offline".into(),
        AgentState::LoggedOut => "logged out".into(),
        AgentState::NotReady { reason } => format!("not ready ({})", reason.as_str()),
        AgentState::Ready => "ready".into(),
        AgentState::Ringing { .. } => "ringing".into(),
        AgentState::QueueCall { call } => format!("queue call {call}"),
        AgentState::OtherCall { call } => format!("other call {call}"),
        AgentState::WrapUp { until: Some(_) } => "wrap-up".into(),
        AgentState::WrapUp { until: None } => "wrap-up without end".into(),
    }
}

fn pending(pending: &Option<Pending>) -> &'static str {
    match pending {
        None => "",
        Some(Pending::Logout) => ", then logged out",
        Some(Pending::NotReady(_)) => ", then not ready",
    }
}

fn cause_named(name: &str) -> Cause {
    [
        Cause::Normal,
        Cause::Busy,
        Cause::NoAnswer,
        Cause::Unreachable,
        Cause::NoCommonCodec,
        Cause::SignallingTimeout,
        Cause::MediaTimeout,
    ]
    .into_iter()
    .find(|cause| cause.as_str() == name)
    .unwrap_or_else(|| panic!("unknown cause {name}"))
}
