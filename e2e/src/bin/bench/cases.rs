//! The cases. Each says how it was measured in its row, so that the figure can be doubted in the right place.

use std::time::{Duration, Instant};

use anyhow::ensure;
use e2e::{Server, Sipp, SippRun, memory_kb, until};

use crate::listener::Listener;
use crate::measure::{Spread, cpu_seconds};
use crate::phones;
use crate::sockets::Sockets;
use crate::table::Row;
use crate::workplace::{PART_TIMEOUT, QUEUE, Workplace, credentials, direct_numbers};

/// Calls talk for so long where the caller decides.
const TALK: Duration = Duration::from_millis(200);
/// Rounds of a latency: enough for a 99th percentile.
const ROUNDS: usize = 200;
/// How long calls come while sockets are read.
const LOAD: Duration = Duration::from_secs(20);
/// How long a steady load is watched.
const WATCH: Duration = Duration::from_secs(10);

/// Runs SIPp to its end and returns the server's CPU time per call, in milliseconds.
fn cost(server: &Server, run: Sipp, place: &Workplace, name: &str) -> anyhow::Result<f64> {
    let before = cpu_seconds(server.id())?;
    let done = run.start(place.folder(), name)?.finish(PART_TIMEOUT)?;
    let used = cpu_seconds(server.id())? - before;
    ensure!(done.failed == 0, "{name}: {} of {} calls failed", done.failed, done.created);
    ensure!(done.successful > 0, "{name}: no call was made");
    Ok(used * 1000.0 / f64::from(u32::try_from(done.successful)?))
}

fn milliseconds(cost: f64) -> String {
    format!("{cost:.3} ms CPU")
}

pub(crate) fn register(place: &Workplace) -> anyhow::Result<Vec<Row>> {
    let mut server = place.server(200, 1)?;
    let idle = memory_kb(server.id())?;
    let values = place.folder().join("register.values");
    std::fs::write(&values, credentials(200))?;
    let run =
        Sipp::calling("register", server.sip, &mut server.ports)?.calls(10_000).rate(1_000).values(&values);
    let run = run.key("contact", "127.0.0.1:9").key("expires", "3600");
    let each = cost(&server, run, place, "register")?;
    Ok(vec![
        Row::new("idle", format!("{:.1} MB", idle / 1000.0), "<= 25 MB")
            .note("resident, 200 agents provisioned"),
        Row::new("REGISTER with digest", milliseconds(each), "<= 0.03 ms")
            .note("MD5; 10,000 at 1,000/s, 200 users"),
    ])
}

pub(crate) fn two_leg_call(place: &Workplace) -> anyhow::Result<Vec<Row>> {
    let mut server = place.server(200, 2_000)?;
    let agents = place.agents(&mut server, "agent_answers", 200)?;
    let values = place.folder().join("direct.values");
    std::fs::write(&values, direct_numbers(200))?;
    let run = Sipp::calling("caller_dials_a_list", server.sip, &mut server.ports)?;
    let run = run.calls(6_000).rate(400).talk(TALK).values(&values);
    let each = cost(&server, run, place, "two-leg")?;
    agents.stop()?;
    Ok(vec![
        Row::new("two-leg call", milliseconds(each), "<= 0.2 ms")
            .note("6,000 at 400/s to 200 phones in turn, 0.2 s long, no RTP sent"),
    ])
}

pub(crate) fn queue_of_200(place: &Workplace) -> anyhow::Result<Vec<Row>> {
    let mut server = place.server(200, 2_000)?;
    let agents = place.agents(&mut server, "agent_answers", 200)?;
    let run =
        Sipp::calling("caller_hangs_up", server.sip, &mut server.ports)?.calls(6_000).rate(400).talk(TALK);
    let before = memory_kb(server.id())?;
    let each = cost(&server, run.number(QUEUE), place, "queue-200")?;
    // All of them are younger than the 32 s that SIP remembers them for.
    let kept = (memory_kb(server.id())? - before) / 6_000.0;
    agents.stop()?;
    let note = "longest idle; 6,000 at 400/s, 0.2 s long, no RTP sent";
    Ok(vec![
        Row::new("call through a queue of 200", milliseconds(each), "<= 0.25 ms").note(note),
        Row::new("memory per finished call", format!("{kept:.1} kB"), "<= 50 kB")
            .note("resident, of those 6,000, within 32 s of their end"),
    ])
}

pub(crate) fn first_offer(place: &Workplace) -> anyhow::Result<Vec<Row>> {
    let server = place.server(1, 1)?;
    let spread = phones::first_offers(&server, ROUNDS)?;
    Ok(vec![latency("INVITE to agent's INVITE", &spread, "median <= 0.5, p99 <= 2 ms")])
}

fn latency(what: &str, spread: &Spread, aim: &'static str) -> Row {
    Row::new(what, spread.text(), aim).note(format!("median / p99 / max of {}", spread.count))
}

pub(crate) fn reoffer(place: &Workplace) -> anyhow::Result<Vec<Row>> {
    [20_u32, 100, 1_000]
        .into_iter()
        .map(|waiting| {
            let mut server = place.server(1, u16::try_from(waiting)? + 100)?;
            let callers = fill(place, &mut server, waiting)?;
            let agent = phones::agent(&server, 1001)?;
            let spread = phones::reoffers(&agent, ROUNDS)?;
            drop(callers);
            let what = format!("re-offer, {waiting} waiting");
            Ok(latency(&what, &spread, "median <= 1, p99 <= 5 ms"))
        })
        .collect()
}

/// Keeps `waiting` callers in the queue: who is served is followed by the next.
fn fill(place: &Workplace, server: &mut Server, waiting: u32) -> anyhow::Result<SippRun> {
    let run = Sipp::calling("caller_waits", server.sip, &mut server.ports)?;
    fill_with(run, place, server, waiting)
}

fn fill_with(run: Sipp, place: &Workplace, server: &Server, waiting: u32) -> anyhow::Result<SippRun> {
    let run = run
        .calls(1_000_000)
        .rate(200)
        .at_once(waiting)
        .number(QUEUE)
        .start(place.folder(), &format!("waiting-{waiting}"))?;
    until(&format!("{waiting} callers to wait"), Duration::from_secs(60), || {
        let queue = server.api.get(&format!("/v1/domains/~/queues/{QUEUE}"))?.ok()?;
        let count = queue["waiting"].as_u64().unwrap_or(0);
        Ok((count + 2 >= u64::from(waiting)).then_some(()))
    })?;
    Ok(run)
}

pub(crate) fn relay(place: &Workplace) -> anyhow::Result<Vec<Row>> {
    const CALLS: u32 = 100;
    let mut server = place.server(100, 150)?;
    let called = Sipp::called("agent_answers", &mut server.ports)?.echo();
    let address = called.address.to_string();
    let agents = called.start(place.folder(), "relay-agents")?;
    place.register(&mut server, 100, &address)?;
    for extension in (1001..).take(100) {
        server.api.make_ready(extension)?;
    }
    // A second of sound, repeated; what it sounds like costs nothing.
    let sound: Vec<u8> = (0..8_000_u32).map(|at| u8::try_from(at % 251).unwrap_or(0)).collect();
    std::fs::write(place.folder().join("sound.ulaw"), sound)?;
    let run = Sipp::calling("caller_streams", server.sip, &mut server.ports)?
        .calls(CALLS)
        .rate(50)
        .talk(WATCH + Duration::from_secs(10))
        .number(QUEUE)
        .start(place.folder(), "relay-callers")?;
    until("100 calls to be up", Duration::from_secs(30), || {
        let all = server.api.list("/v1/domains/~/agents")?;
        let talking =
            all.iter().filter(|agent| e2e::state_of(agent).as_deref() == Some("QUEUE_CALL")).count();
        Ok((talking >= CALLS as usize).then_some(()))
    })?;
    let share = busy(&server, WATCH)?;
    let done = run.finish(PART_TIMEOUT)?;
    agents.stop()?;
    ensure!(done.failed == 0, "{} relayed calls failed", done.failed);
    let note = "G.711 both ways, 50 packets a second each, echoed by the agent";
    Ok(vec![Row::new("relay, 100 calls", format!("{share:.1} % of a core"), "<= 8 %").note(note)])
}

/// The share of one core the server uses over `time`, in percent.
fn busy(server: &Server, time: Duration) -> anyhow::Result<f64> {
    let (before, start) = (cpu_seconds(server.id())?, Instant::now());
    e2e::sit_out(time);
    Ok((cpu_seconds(server.id())? - before) / start.elapsed().as_secs_f64() * 100.0)
}

pub(crate) fn waiting(place: &Workplace) -> anyhow::Result<Vec<Row>> {
    const WAITING: u32 = 1_000;
    let mut server = place.server(1, 1_100)?;
    // Somebody must be logged in for the queue to take callers, and nobody free.
    let _agent = phones::agent(&server, 1001)?;
    server.api.agent_do(1001, "not-ready")?;
    let before = memory_kb(server.id())?;
    let listener = Listener::bind()?;
    let run = Sipp::calling("caller_waits", server.sip, &mut server.ports)?.audio_to(listener.port);
    let callers = fill_with(run, place, &server, WAITING)?;
    let after = memory_kb(server.id())?;
    let share = busy(&server, WATCH)?;
    // Apart from the figure above: whoever listens takes time of the same two cores.
    let heard = listener.listen(WATCH)?;
    drop(callers);
    ensure!(heard.streams >= WAITING as usize, "only {} callers heard anything", heard.streams);
    let each = (after - before) / f64::from(WAITING);
    Ok(vec![
        Row::new("music, 1,000 waiting", format!("{share:.1} % of a core"), "<= 20 %")
            .note("G.711, 50 packets a second each"),
        Row::new("memory per waiting call", format!("{each:.1} kB"), "<= 50 kB")
            .note("resident, signalling and media"),
        Row::new("gap in the music, 1,000 waiting", heard.gaps.text(), "max <= 40 ms").note(format!(
            "median / p99 / max of {} gaps of all listeners, by the kernel's time stamps; {} packets missing",
            heard.gaps.count, heard.missing
        )),
    ])
}

/// Sockets that are open at once; the server takes no more.
const SOCKETS: usize = 1_000;

pub(crate) fn sockets(place: &Workplace) -> anyhow::Result<Vec<Row>> {
    let mut server = place.server(200, 400)?;
    let agents = place.agents(&mut server, "agent_answers", 199)?;
    let (bare, _) = under_load(place, &mut server, 50, "bare")?;

    // As in a large house: each agent's desk follows her own state and calls, ten screens follow everything.
    let desk = |number: usize| format!("?topics=agents,calls&agents={}", 1_001 + number % 200);
    let queries: Vec<String> =
        (0..SOCKETS).map(|number| if number < 10 { String::new() } else { desk(number) }).collect();
    let desks = Sockets::open(&server, "desk", &queries)?.follow();
    let (with_desks, share) = under_load(place, &mut server, 50, "desks")?;
    let (desks, told) = desks.stop()?;
    drop(desks);
    let mut rows = vec![
        latency("ring of a direct call, 50 calls/s beside", &bare, "median <= 0.5, p99 <= 2 ms"),
        latency("the same, 1,000 sockets open", &with_desks, "as without"),
        latency("event to socket, 50 calls/s", &told.delays, "p99 <= 20 ms").note(format!(
            "990 desks of one agent each, 10 sockets of everything; {:.0} messages/s, server {share:.0} % of a core",
            told.rate
        )),
    ];

    let boards = Sockets::open(&server, "board", &vec![String::new(); SOCKETS])?.follow();
    let (with_boards, share) = under_load(place, &mut server, 10, "boards")?;
    let (boards, told) = boards.stop()?;
    drop(boards);
    agents.stop()?;
    rows.push(latency("ring of a direct call, 1,000 sockets of everything", &with_boards, "as without"));
    rows.push(latency("event to socket, everything to all", &told.delays, "p99 <= 20 ms").note(format!(
        "10 calls/s, {:.0} messages/s to each of 1,000, server {share:.0} % of a core",
        told.rate / SOCKETS as f64
    )));
    Ok(rows)
}

/// How soon a phone rings that is dialed while calls go through the queue at this rate, and the server's share of a core.
fn under_load(
    place: &Workplace,
    server: &mut Server,
    rate: u32,
    name: &str,
) -> anyhow::Result<(Spread, f64)> {
    let run = Sipp::calling("caller_hangs_up", server.sip, &mut server.ports)?;
    let calls = rate * u32::try_from(LOAD.as_secs())?;
    let run = run.calls(calls).rate(rate).talk(TALK).number(QUEUE);
    let (before, start) = (cpu_seconds(server.id())?, Instant::now());
    let run = run.start(place.folder(), &format!("sockets-{name}"))?;
    let rings = phones::direct_offers(server, 1_200, ROUNDS)?;
    let done = run.finish(PART_TIMEOUT)?;
    ensure!(done.failed == 0, "{name}: {} of {} calls failed", done.failed, done.created);
    let share = (cpu_seconds(server.id())? - before) / start.elapsed().as_secs_f64() * 100.0;
    Ok((rings, share))
}
