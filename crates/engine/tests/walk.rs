//! Chance writes the story: callers, agents, phones, supervisors and changes of provisioning, in any order,
//! against a shell that answers each command late, early, twice crossed, in whatever way a shell may.
//!
//! After every step the laws hold; at the end everything is at rest. A walk is its seed: one that fails says it.
//!
//! At any moment the engine may be saved and loaded. From then on both are told everything; they say the same, to
//! the byte, and become the same; then the loaded one goes on alone. A journal can be trusted as far as this holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use engine::{
    Actor, AgentAction, AgentState, Arrival, CallState, Cause, Command, DeviceInput, Engine, EventKind,
    FirstIds, Input, Keys, LegCommand, LegInput, Limits, MediaCommand, MediaInput, NewPrompt, Origin, Outbox,
    QueueOutcome, ReachChange, RecordEnd, RecordingInput, Rejection, Reply, Request, Scope,
};
use model::{
    AgentId, CallId, CallerId, Directory, LegId, NotReadyReason, OfferId, PlayId, QueueId, RequestId,
    Timestamp, TrunkId,
};

use crate::laws::Laws;
use crate::world;

/// SplitMix64: small, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        let at = usize::try_from(self.below(of.len() as u64)).unwrap_or(0);
        of[at]
    }

    fn millis(&mut self, up_to: u64) -> Duration {
        Duration::from_millis(self.below(up_to))
    }
}

struct Walk {
    seed: u64,
    chance: Chance,
    engine: Engine,
    laws: Laws,
    now: Timestamp,
    /// What the shell will report, by time and then in any order.
    coming: BTreeMap<(Timestamp, u64), Input>,
    /// Legs the shell has not reported as ended.
    open: BTreeSet<LegId>,
    directories: Vec<Arc<Directory>>,
    live: BTreeSet<CallId>,
    next_leg: u64,
    next_request: u64,
    steps: u64,
    outcomes: BTreeMap<String, u64>,
    limits: Limits,
    /// The engine that was loaded from what this one saved, and for how many steps the two are compared.
    twin: Option<(Engine, u64)>,
}

const PHONES: [&str; 5] = ["ann", "bob", "cid", "zed", "1090"];
/// Whom the lists name, and who is nobody in particular.
const CALLERS: [&str; 8] =
    ["+4940", "+4930111", "+4930222", "4930222", "+4930333", "+4930444", "+4930555", "+4930666"];
const DIALED: [&str; 26] = [
    "7000", "7001", "8000", "8000", "8001", "8002", "7000", "+49301", "49303", "1001", "1002", "1090", "*38",
    "*36", "*37", "*398000", "+4940555", "nobody", "*16", "*65", "*78", "*79", "7100", "7103", "7101",
    "7102",
];

fn directories() -> Vec<Arc<Directory>> {
    let lines = |lines: &[&str]| {
        let mut directory = world::directory();
        for line in lines {
            assert!(world::provision(&mut directory, line), "{line}");
        }
        Arc::new(directory)
    };
    let usual = [
        "queue 8000: ann bob cid; ring=8 wrap=4 retry=2 wait=40 on_no_answer=queue:8001 on_full=hangup full=4 recorded announce=your-queue-call place_wait=10 every=12:patience callback=retries:1,pause:5",
        "queue 8001: ann bob; strategy=ring_all ring=6 wait=20 patient manual on_no_answer=ext:1090 sla=5 whole=welcome exit=5>hangup:goodbye callback=after:10",
        "queue 8002: cid bob; strategy=linear wait=30 on_no_agents=hangup:no-agents on_no_answer=hangup:goodbye intro=hello",
        "flow 7000 greeting=which-extension unavailable=queue:8000 busy=flow:7001 no_answer=queue:8001 failed=hangup:goodbye star=flow:7001 ring=6 repeats=1 star_rings",
        "step 7001 ring ring 2 pin",
        "step 7001 pin secret pin ask",
        "step 7001 ask ask again hello",
        "step 7001 hello play hello again",
        "step 7001 again transfer ann out",
        "step 7001 out leave flow:7000",
        "group 7100 ring_all ann bob 1090 ring=6 repeat=1 no_answer=queue:8001",
        "group 7101 linear_cascade ann cid ring=3 max=10 no_answer=group:7102",
        "group 7102 cyclic bob cid 1090 ring=3 repeat=2 no_answer=flow:7000",
        "group 7103 ring_all 1090 busy_too ring=5 no_answer=hangup",
        "personal cid +491701 always",
        "personal bob +491702 no_answer",
        "link ann",
        "link bob private",
        "number +49301 queue:8000",
        "number +49302 hangup:not-in-service",
        "rings 1090 5",
        "number +49303 queue:8002 priority=4 skill=french",
        "skill bob french 2",
        "confirms bob 8000",
        "confirms ann 8001",
        "confirms bob 8001",
        "vip +4930222 7",
        "own 4930111 8000 cid bob",
        "own +4930222 8002 bob",
        "warned +4930333",
        "refused 4930444",
        "blacklist +4930555 900",
    ];
    let mut smaller = usual.to_vec();
    smaller.push("without queue 8001");
    smaller.push("without agent cid");
    let mut other = usual.to_vec();
    other.push("queue 8000: bob cid; ring=5 strategy=ring_all full=2 wait=15 on_no_answer=queue:8000");
    other.push("dnd ann");
    other.push("hops 2");
    other.push("hours ann 0-4 6-9 12-17 18-40");
    other.push("hours bob 3-11 14-30");
    other.push("business day 0-3 5-9 12-30");
    other.push("hours cid day");
    other.push("queue 8002: cid bob; hours=day on_night=queue:8000 wait=30 on_no_answer=hangup:goodbye");
    other.push("number +49301 queue:8000 hours=day closed=queue:8002 night=hangup:goodbye");
    other.push("role ann supervisor");
    // Midnight, twice while a walk lasts: by this zone, and by the next provisioning's.
    other.push("zone 85800");
    let mut poorer = usual.to_vec();
    poorer.push("disabled bob");
    poorer.push("without trunk");
    poorer.push("calls ann 3");
    poorer.push("calls cid 2");
    poorer.push("queue 8001: ann bob cid; strategy=least_worked ring=5 patient");
    poorer.push("queue 8002: cid bob ann; strategy=random ring=4 patient wait=20");
    poorer.push("zone 85200");
    vec![lines(&usual), lines(&smaller), lines(&usual), lines(&other), lines(&poorer)]
}

impl Walk {
    fn new(seed: u64) -> Self {
        let directories = directories();
        let first = FirstIds { call: CallId(1), leg: LegId(1), offer: OfferId(1), play: PlayId(1) };
        let acd = acd::Limits { callback_max: Duration::from_secs(60), ..acd::Limits::default() };
        let limits = Limits {
            calls_max: 12,
            legs_per_call_max: 30,
            decisions_per_call_max: 5,
            acd,
            ..Limits::default()
        };
        let engine = Engine::new(Arc::clone(&directories[0]), limits.clone(), first, Timestamp::ZERO);
        Self {
            seed,
            chance: Chance(seed),
            laws: Laws::new(&engine),
            engine,
            now: Timestamp::ZERO,
            coming: BTreeMap::new(),
            open: BTreeSet::new(),
            directories,
            live: BTreeSet::new(),
            next_leg: 2,
            next_request: 1,
            steps: 0,
            outcomes: BTreeMap::new(),
            limits,
            twin: None,
        }
    }

    fn run(&mut self, steps: u64) {
        while self.steps < steps {
            let until = self.now.after(self.chance.millis(1_500));
            self.run_until(until);
            let input = self.something();
            self.feed(input);
        }
    }

    /// Lets the shell report and the clock tick, in order of time.
    fn run_until(&mut self, until: Timestamp) {
        loop {
            let tick = self.engine.next_deadline();
            let coming = self.coming.keys().next().copied();
            let next = [tick, coming.map(|(at, _)| at)].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= until) else { break };
            self.now = self.now.max(next);
            let input = match coming.filter(|(at, _)| *at == next) {
                // At the same moment, now the one comes first and now the other.
                Some(key) if tick != Some(next) || self.chance.one_in(2) => self.coming.remove(&key),
                Some(_) | None => Some(Input::Tick),
            };
            if let Some(input) = input.filter(|input| self.still_true(input)) {
                self.feed(input);
            }
        }
        self.now = until;
    }

    /// A leg says nothing more after its `Ended`, and that only once.
    fn still_true(&self, input: &Input) -> bool {
        let (Input::Leg(leg, _) | Input::Media(leg, _)) = input else { return true };
        self.open.contains(leg)
    }

    fn something(&mut self) -> Input {
        match self.chance.below(20) {
            0..=6 => self.arrival(),
            7..=9 => self.device(),
            10..=14 => self.request(),
            15 if self.chance.one_in(4) => {
                let at = self.chance.pick(&[0, 1, 2, 3, 4]);
                Input::Directory(Arc::clone(&self.directories[at]))
            }
            16 => {
                let leg = self.any_leg();
                Input::Media(leg, MediaInput::PlayEnded(PlayId(self.chance.below(50))))
            }
            15 if self.chance.one_in(30) => self.restart(),
            17 if self.chance.one_in(5) => {
                let leg = self.any_leg();
                Input::Media(leg, MediaInput::Silent)
            }
            18 => {
                let leg = self.any_leg();
                Input::Leg(leg, LegInput::Digit(self.chance.pick(&['1', '2', '3', '5', '#'])))
            }
            19 => {
                let leg = self.any_leg();
                Input::Leg(leg, LegInput::Held(self.chance.one_in(2)))
            }
            _ => Input::Tick,
        }
    }

    /// The process ends and its engine is loaded into a new one; every leg is lost.
    fn restart(&mut self) -> Input {
        let bytes = self.engine.save().expect("an engine can be saved");
        self.engine = Engine::load(&bytes, self.limits.clone()).expect("what was saved can be loaded");
        self.open.clear();
        Input::Restarted
    }

    /// An open leg, or one that never was.
    fn any_leg(&mut self) -> LegId {
        let open: Vec<LegId> = self.open.iter().copied().collect();
        if open.is_empty() { LegId(1_000_000) } else { self.chance.pick(&open) }
    }

    fn arrival(&mut self) -> Input {
        let leg = LegId(self.next_leg);
        self.next_leg += 2;
        self.open.insert(leg);
        let origin = if self.chance.one_in(8) {
            Origin::Guest(world::extension(self.chance.pick(&PHONES)))
        } else if self.chance.one_in(3) {
            Origin::Extension(world::extension(self.chance.pick(&PHONES)))
        } else {
            Origin::Trunk(TrunkId(1))
        };
        if self.chance.one_in(2) {
            // A caller with little patience; others stay until somebody ends it.
            let patience = self.chance.millis(30_000);
            self.end_later(leg, patience, &[Cause::Normal, Cause::CallerGone, Cause::SignallingTimeout]);
        }
        let dialed = self.chance.pick(&DIALED).to_owned();
        let caller = CallerId::new(self.chance.pick(&CALLERS), "Cal");
        Input::Leg(leg, LegInput::Arrived(Arrival { origin, dialed, caller, max_forwards: 70 }))
    }

    fn device(&mut self) -> Input {
        let number = world::extension(self.chance.pick(&PHONES));
        let up = !self.chance.one_in(4);
        Input::Device(number, if up { DeviceInput::Reachable } else { DeviceInput::Unreachable })
    }

    fn request(&mut self) -> Input {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        let request = if self.chance.one_in(20) {
            let queue = self.chance.one_in(2).then(|| QueueId(8_000 + self.chance.below(4)));
            Request::NightMode { queue, on: self.chance.one_in(3) }
        } else if self.chance.one_in(20) {
            let change =
                ReachChange { call_link_private: Some(self.chance.one_in(2)), ..ReachChange::default() };
            Request::Reach { agent: AgentId(1 + self.chance.below(5)), change }
        } else if self.chance.one_in(8) {
            Request::HangUp { call: self.any_call() }
        } else if self.chance.one_in(8) {
            let (agent, to) = (AgentId(1 + self.chance.below(5)), self.chance.pick(&DIALED).to_owned());
            Request::MakeCall { agent, to }
        } else if self.chance.one_in(4) {
            let (call, to) = (self.talk(), self.chance.pick(&DIALED).to_owned());
            // Who is on hold is mostly taken off it.
            let held = self.engine.view().call(call).is_some_and(|call| call.held);
            let (only_own, on) = (self.chance.one_in(2), self.chance.one_in(5) == held);
            let actor = if only_own { self.some_agent() } else { Actor::Owner };
            let request = match self.chance.below(5) {
                4 => Request::Lift { call, agent: None, only_own },
                0 => Request::Transfer { call, to, only_own },
                1 => Request::Press { call, keys: Keys::parse("1#").expect("keys"), only_own },
                _ => Request::Hold { call, on, only_own },
            };
            return Input::Request(id, actor, request);
        } else if self.chance.one_in(4) {
            self.pickup()
        } else {
            let agent = AgentId(1 + self.chance.below(5));
            let scope = match self.chance.below(4) {
                0 => Scope::Queue(QueueId(8_000 + self.chance.below(4))),
                _ => Scope::All,
            };
            let action = match self.chance.below(13) {
                0..=3 => AgentAction::Login,
                4..=7 => AgentAction::Ready,
                8 => AgentAction::NotReady(NotReadyReason::chosen("lunch")),
                9 => AgentAction::Logout,
                10 => AgentAction::SingleCall,
                11 => AgentAction::MoreTime(20),
                _ => AgentAction::WrapUp,
            };
            Request::Agent { agent, scope, action }
        };
        Input::Request(id, Actor::Owner, request)
    }

    /// A live call, or one that never was.
    fn any_call(&mut self) -> CallId {
        let calls: Vec<CallId> = self.live.iter().copied().collect();
        if calls.is_empty() { CallId(0) } else { self.chance.pick(&calls) }
    }

    /// A call on which two talk, mostly; else any.
    fn talk(&mut self) -> CallId {
        let calls = self.engine.view().calls();
        let talks = calls.iter().filter(|call| matches!(call.state, CallState::Connected { .. }));
        let talks: Vec<CallId> = talks.map(|call| call.call).collect();
        if talks.is_empty() || self.chance.one_in(8) { self.any_call() } else { self.chance.pick(&talks) }
    }

    fn some_agent(&mut self) -> Actor {
        Actor::Agent(AgentId(1 + self.chance.below(4)))
    }

    /// Of a call that waits, mostly; else of any.
    fn pickup(&mut self) -> Request {
        let agent = AgentId(1 + self.chance.below(5));
        let queues: Vec<QueueId> = (8_000..8_003).map(QueueId).collect();
        let view = self.engine.view();
        let waits = |queue: QueueId| view.waiting(queue).into_iter().map(move |call| (call.call, queue));
        let waiting: Vec<(CallId, QueueId)> = queues.iter().copied().flat_map(waits).collect();
        let (call, queue) = if waiting.is_empty() || self.chance.one_in(8) {
            (self.any_call(), self.chance.pick(&queues))
        } else {
            self.chance.pick(&waiting)
        };
        if self.chance.one_in(3) {
            return Request::Move { call, queue, to: self.chance.pick(&queues) };
        }
        Request::PickUp { call, queue, agent }
    }

    fn feed(&mut self, input: Input) {
        self.steps += 1;
        if let Input::Leg(leg, LegInput::Ended(_)) = &input {
            self.open.remove(leg);
        }
        self.twin();
        let out = self.engine.step(input.clone(), self.now);
        if let Some((twin, _)) = &mut self.twin {
            let same = twin.step(input.clone(), self.now);
            let bytes = |out: &Outbox| borsh::to_vec(out).expect("an outbox is bytes");
            assert_eq!(bytes(&out), bytes(&same), "a loaded engine says something else: {out:#?} {same:#?}");
            assert_eq!(self.engine.next_deadline(), twin.next_deadline());
        }
        self.laws.check(&self.engine, &input, &out);
        for call in &out.touched.calls {
            if self.engine.view().call(*call).is_some() {
                self.live.insert(*call);
            } else {
                self.live.remove(call);
            }
        }
        self.count(&input, &out);
        self.shell(&out);
    }

    /// What came of the walk so far, so that a test can say that it got somewhere.
    fn count(&mut self, input: &Input, out: &Outbox) {
        let mut came = Vec::new();
        for event in &out.events {
            if let EventKind::HoldChanged { held, .. } = &event.kind {
                came.push(format!("held {held}"));
            }
            if let EventKind::FlowFellBack { rule, .. } = &event.kind {
                came.push(format!("flow {rule:?}"));
            } else if let EventKind::FlowEnded { how, .. } = &event.kind {
                came.push(format!("flow {how:?}"));
            }
            if let EventKind::AgentChanged { state: AgentState::NotReady { reason }, .. } = &event.kind {
                came.push(format!("agent {}", reason.as_str()));
            }
        }
        for command in &out.commands {
            if let Command::Media(MediaCommand::Play { prompts, .. }) = command {
                came.extend(prompts.iter().map(|prompt| format!("prompt {prompt}")));
            }
        }
        for (_, reply) in &out.replies {
            match reply {
                Ok(Reply::PickUp) => came.push("picked up".into()),
                Ok(Reply::Move) => came.push("moved".into()),
                Err(Rejection::TurnedAway(_)) => came.push("not moved".into()),
                Ok(Reply::Transfer) => came.push("transferred".into()),
                Err(Rejection::NotHers) => came.push("not hers".into()),
                Err(Rejection::NotTalking) => came.push("nobody talks".into()),
                Ok(Reply::Call(_)) => came.push("call asked for".into()),
                Err(Rejection::BeingAnswered | Rejection::NotWaiting | Rejection::CannotTake(_)) => {
                    came.push("not picked up".into());
                }
                Ok(_) | Err(_) => {}
            }
        }
        if let (Input::Leg(_, LegInput::Digit('1')), [_, ..]) = (input, out.commands.as_slice()) {
            came.push("a key that did something".into());
        }
        for name in came {
            *self.outcomes.entry(name).or_default() += 1;
        }
    }

    /// Now and then the engine is saved and loaded; after some steps the loaded one takes its place.
    fn twin(&mut self) {
        match self.twin.take() {
            None if self.chance.one_in(60) => {
                let bytes = self.engine.save().expect("an engine can be saved");
                let twin = Engine::load(&bytes, self.limits.clone()).expect("what was saved can be loaded");
                assert_eq!(
                    twin.save().expect("it can be saved"),
                    bytes,
                    "saved, loaded and saved: other bytes"
                );
                assert_eq!(format!("{twin:?}"), format!("{:?}", self.engine), "something was not saved");
                self.twin = Some((twin, 1 + self.chance.below(60)));
            }
            None => {}
            Some((twin, 0)) => {
                let (old, new) = (self.engine.save().expect("bytes"), twin.save().expect("bytes"));
                assert_eq!(old, new, "two engines were told the same and are not the same");
                self.engine = twin;
            }
            Some((twin, steps)) => self.twin = Some((twin, steps - 1)),
        }
    }

    /// What the world makes of the commands.
    fn shell(&mut self, out: &Outbox) {
        for command in &out.commands {
            match command {
                Command::Leg(leg, LegCommand::Dial { .. }) => self.dialed(*leg),
                Command::Leg(leg, LegCommand::End(_) | LegCommand::Refuse(_)) => {
                    let delay =
                        if self.chance.one_in(3) { Duration::ZERO } else { self.chance.millis(3_000) };
                    self.end_later(*leg, delay, &[Cause::Normal]);
                }
                Command::Leg(
                    _,
                    LegCommand::Ring | LegCommand::Answer | LegCommand::Secrecy(_) | LegCommand::Lift,
                ) => {}
                Command::Fetch(call, fetch) => {
                    let delay = self.chance.millis(6_000);
                    let answer = self.chance.one_in(2).then(|| vec![("tier".into(), "gold".into())]);
                    let (call, number) = (*call, fetch.number);
                    self.later(delay, Input::Fetched { call, number, answer });
                }
                Command::Media(MediaCommand::Play { leg, prompts, .. })
                    if matches!(prompts.first().map(String::as_str), Some("which-extension" | "secret")) =>
                {
                    let keys =
                        self.chance.pick(&["1001", "1002", "1090", "8000", "9", "#", "*", "????", "12#"]);
                    for (index, key) in (1..).zip(keys.chars()) {
                        let delay = self.chance.millis(1_500) + Duration::from_millis(200 * index);
                        self.later(delay, Input::Leg(*leg, LegInput::Digit(key)));
                    }
                }
                Command::Media(MediaCommand::Play { leg, prompts, repeat: false, .. })
                    if prompts.iter().any(|it| it.contains("callback-") || it.starts_with("record-")) =>
                {
                    let keys =
                        self.chance.pick(&["#", "3#", "#", "03099#", "*", "12", "", "1", "1", "2", "3"]);
                    for (index, key) in (1..).zip(keys.chars()) {
                        let delay = self.chance.millis(1_500) + Duration::from_millis(200 * index);
                        self.later(delay, Input::Leg(*leg, LegInput::Digit(key)));
                    }
                }
                Command::Media(MediaCommand::Play { leg, play, repeat: false, .. }) => {
                    if self.chance.one_in(4) {
                        let delay = self.chance.millis(20_000);
                        let key = self.chance.pick(&['1', '2']);
                        self.later(delay, Input::Leg(*leg, LegInput::Digit(key)));
                    }
                    if !self.chance.one_in(10) {
                        let delay = self.chance.millis(4_000);
                        self.later(delay, Input::Media(*leg, MediaInput::PlayEnded(*play)));
                    }
                }
                Command::Media(MediaCommand::Play { leg, prompts, repeat: true, .. })
                    if prompts.iter().any(|prompt| prompt == "press-one-to-accept") =>
                {
                    let delay = self.chance.millis(14_000);
                    let key = self.chance.pick(&['1', '1', '2']);
                    self.later(delay, Input::Leg(*leg, LegInput::Digit(key)));
                }
                Command::Media(MediaCommand::Play { leg, prompts, repeat: true, .. })
                    if prompts.iter().any(|prompt| prompt == "music") =>
                {
                    if self.chance.one_in(3) {
                        let delay = self.chance.millis(9_000);
                        let key = self.chance.pick(&['3', '3', '5']);
                        self.later(delay, Input::Leg(*leg, LegInput::Digit(key)));
                    }
                }
                Command::Media(MediaCommand::Bridge { a, b }) => {
                    let talk = self.chance.millis(20_000);
                    let leg = if self.chance.one_in(2) { *a } else { *b };
                    self.end_later(leg, talk, &[Cause::Normal, Cause::SignallingTimeout]);
                    if self.chance.one_in(4) {
                        let leg = if leg == *a { *b } else { *a };
                        self.end_later(leg, talk, &[Cause::Normal]);
                    }
                }
                Command::Media(MediaCommand::Record { record, .. }) => {
                    let length = self.chance.pick(&[0, 500, 4_000]);
                    let why = self.chance.pick(&[RecordEnd::Stopped, RecordEnd::Silence, RecordEnd::Failed]);
                    let delay = self.chance.millis(9_000);
                    self.later(delay, Input::Recording(*record, RecordingInput::Ended { length, why }));
                }
                Command::Media(MediaCommand::PlayRecord { leg, play, .. }) => {
                    let delay = self.chance.millis(9_000);
                    self.later(delay, Input::Media(*leg, MediaInput::PlayEnded(*play)));
                }
                Command::KeepPrompt(NewPrompt { record, .. }) => {
                    let (delay, done) = (self.chance.millis(2_000), self.chance.one_in(2));
                    self.later(delay, Input::Recording(*record, RecordingInput::Kept(done)));
                }
                Command::Erase { record, .. } => {
                    let delay = self.chance.millis(500);
                    self.later(delay, Input::Recording(*record, RecordingInput::Erased));
                }
                Command::Media(_) | Command::Lamp { .. } => {}
            }
        }
    }

    /// A phone: it rings or not, is answered, declined, busy, not there, or never says a word.
    fn dialed(&mut self, leg: LegId) {
        self.open.insert(leg);
        let first = self.chance.millis(1_000);
        if self.chance.one_in(8) {
            let causes =
                [Cause::Busy, Cause::Declined, Cause::Unreachable, Cause::NoCommonCodec, Cause::NotFound];
            return self.end_later(leg, first, &causes);
        }
        if !self.chance.one_in(6) {
            self.later(first, Input::Leg(leg, LegInput::Ringing));
        }
        let second = first + self.chance.millis(9_000);
        match self.chance.below(8) {
            0..=4 => self.later(second, Input::Leg(leg, LegInput::Answered)),
            5 => self.end_later(leg, second, &[Cause::Busy, Cause::Declined, Cause::NoAnswer]),
            _ => {}
        }
    }

    fn later(&mut self, delay: Duration, input: Input) {
        let order = self.chance.next();
        self.coming.insert((self.now.after(delay), order), input);
    }

    /// Whoever comes first ends the leg; what would come later is not said any more.
    fn end_later(&mut self, leg: LegId, delay: Duration, causes: &[Cause]) {
        let cause = self.chance.pick(causes);
        self.later(delay, Input::Leg(leg, LegInput::Ended(cause)));
    }

    /// Nobody calls any more, everybody hangs up, every clock runs out.
    fn come_to_rest(&mut self) {
        // Without working hours no clock runs for ever.
        self.feed(Input::Directory(Arc::clone(&self.directories[0])));
        self.feed(Input::Drain);
        let end = self.now.after(Duration::from_secs(100));
        self.run_until(end);
        for call in self.live.clone() {
            let id = RequestId(self.next_request);
            self.next_request += 1;
            self.feed(Input::Request(id, Actor::Owner, Request::HangUp { call }));
        }
        let end = self.now.after(Duration::from_secs(4_000));
        self.run_until(end);
        self.laws.at_rest(&self.engine);
        for record in self.laws.records.values() {
            *self.outcomes.entry(format!("call {}", record.cause.as_str())).or_default() += 1;
            for stay in &record.queues {
                *self.outcomes.entry(format!("queue {:?}", stay.outcome)).or_default() += 1;
            }
        }
    }
}

fn walk(seed: u64, steps: u64) -> Walk {
    let mut walk = Walk::new(seed);
    let guard = Seed(seed);
    walk.run(steps);
    walk.come_to_rest();
    std::mem::forget(guard);
    walk
}

/// Says the seed of a walk that fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        eprintln!("the walk with seed {} failed", self.0);
    }
}

#[test]
fn whatever_happens_in_whatever_order_the_laws_hold_and_everything_comes_to_rest() {
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    for seed in 0..60 {
        for (outcome, count) in walk(seed, 2_000).outcomes {
            *outcomes.entry(outcome).or_default() += count;
        }
    }
    // A walk that never gets anywhere would hold every law.
    for outcome in [
        QueueOutcome::Answered,
        QueueOutcome::Abandoned,
        QueueOutcome::OverflowTimeout,
        QueueOutcome::Full,
        QueueOutcome::NoAgents,
        QueueOutcome::Removed,
        QueueOutcome::QueueGone,
        QueueOutcome::Closed,
        QueueOutcome::Night,
        QueueOutcome::Exited,
        QueueOutcome::CallbackRequested,
        QueueOutcome::CallbackDone,
        QueueOutcome::CallbackFailed,
    ] {
        let name = format!("queue {outcome:?}");
        assert!(outcomes.get(&name).is_some_and(|count| *count > 3), "{name} hardly came: {outcomes:#?}");
    }
    for name in [
        "call blocked",
        "call node_restart",
        "prompt blocked",
        "prompt blocked-warning",
        "prompt your-queue-call",
        "prompt press-one-to-accept",
        "a key that did something",
        "agent hours",
        "agent rna",
        "picked up",
        "moved",
        "not moved",
        "not picked up",
        "call asked for",
        "transferred",
        "held true",
        "held false",
        "not hers",
        "nobody talks",
        "flow Unavailable",
        "flow NoAnswer",
        "flow Busy",
        "flow RepeatsExhausted",
        "flow Star",
        "flow Left",
        "flow Answered",
        "flow CallEnded",
    ] {
        assert!(outcomes.get(name).is_some_and(|count| *count > 3), "{name} hardly came: {outcomes:#?}");
    }
}

#[test]
fn two_engines_with_the_same_ids_and_inputs_agree_in_everything() {
    let mut one = Walk::new(7);
    let mut two = Walk::new(7);
    one.run(800);
    two.run(800);
    assert_eq!(one.now, two.now);
    assert_eq!(format!("{:?}", one.engine), format!("{:?}", two.engine));
    assert_eq!(one.seed, two.seed);
}

#[test]
fn bytes_that_are_no_engine_are_an_error_and_harm_nobody() {
    let mut walk = Walk::new(11);
    walk.run(400);
    let bytes = walk.engine.save().expect("an engine can be saved");
    let mut chance = Chance(5);
    for _ in 0..2_000 {
        let mut broken = bytes.clone();
        let at = usize::try_from(chance.below(bytes.len() as u64)).expect("an index");
        match chance.below(3) {
            0 => broken.truncate(at),
            1 => broken[at] ^= 1 << chance.below(8),
            _ => broken.push(0),
        }
        match Engine::load(&broken, walk.limits.clone()) {
            // A number may have become another one, or that of another thing, which it then replaces; that is what
            // a checksum is for.
            Ok(engine) => assert!(engine.save().expect("it can be saved").len() <= broken.len()),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::InvalidData),
        }
    }
}
