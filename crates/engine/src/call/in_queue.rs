//! What a caller hears who waits in a line, and which of his keys mean something there.
//!
//! Music, and now and then something in its place: an introduction, his place, the queue's announcements. Nobody
//! waits for any of it: an answer joins the two at once, whatever plays. Only a whole introduction keeps the call
//! from being offered, which is the queue's wish.

use borsh::{BorshDeserialize, BorshSerialize};
use callflow::say::{Say, say};
use model::{CallId, InQueue, Intro, Key, PlayId, QueueId, Timestamp};
use std::time::Duration;

use acd::AcdInput;

use crate::call::callback::ask::{Asks, Next};
use crate::call::{Place, callback, clear, connect};
use crate::cause::Cause;
use crate::command::MediaCommand;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::step::Step;
use crate::timer::TimerKind;

/// What a waiting caller hears, beside the music.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Hears {
    /// What plays in place of the music, and until when it must have ended.
    plays: Option<(PlayId, What, Timestamp)>,
    /// When he is told his place next.
    place_at: Option<Timestamp>,
    /// When he hears the next announcement.
    announce_at: Option<Timestamp>,
    /// How many announcements he has heard.
    announced: u32,
    /// The best place that he was told.
    told_position: Option<u32>,
    /// The shortest wait that he was told, in minutes.
    told_minutes: Option<u64>,
    /// When he is offered to be called back.
    offer_at: Option<Timestamp>,
    /// He is asked where to be called back.
    asks: Option<Asks>,
}

/// What plays in place of the music.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
enum What {
    Intro,
    Place,
    Announcement,
    Offer,
    Question,
    Goodbye,
}

/// Whether a call that comes to a line is to be offered only when its caller has heard the introduction.
pub(crate) fn holds(rules: &InQueue) -> bool {
    rules.intro.as_ref().is_some_and(|intro| intro.whole)
}

/// He stands in the line now: the introduction, or music.
pub(crate) fn begin(engine: &mut Engine, id: CallId, queue: QueueId, step: &mut Step<'_>) {
    let Some(rules) = engine.directory.queues.get(&queue).map(|rules| rules.in_queue.clone()) else { return };
    let hears = Hears {
        place_at: rules.place.is_on().then_some(step.now),
        announce_at: rules.announce.as_ref().map(|announce| after(step.now, announce.every)),
        offer_at: rules.callback.as_ref().and_then(|rules| Some(after(step.now, rules.offer_after?))),
        ..Hears::default()
    };
    let Some(call) = engine.calls.get_mut(&id) else { return };
    call.hears = Some(Box::new(hears));
    match rules.intro {
        Some(Intro { prompt, .. }) => play(engine, id, What::Intro, vec![prompt], step),
        None => music(engine, id, queue, step),
    }
    look(engine, id, step);
}

/// Music, unless he hears it already.
fn music(engine: &mut Engine, id: CallId, queue: QueueId, step: &mut Step<'_>) {
    let Some(music) = engine.directory.queues.get(&queue).map(|queue| queue.moh.clone()) else { return };
    if engine.calls.get(&id).is_some_and(|call| call.music.as_ref() != Some(&music)) {
        connect::play(engine, id, vec![music], true, step);
    }
}

/// Plays something in place of the music.
fn play(engine: &mut Engine, id: CallId, what: What, prompts: Vec<String>, step: &mut Step<'_>) {
    let until = step.now.after(engine.limits.prompt_max);
    let Some(play) = connect::play(engine, id, prompts, false, step) else { return };
    if let Some(hears) = hears(engine, id) {
        hears.plays = Some((play, what, until));
    }
}

fn hears(engine: &mut Engine, id: CallId) -> Option<&mut Hears> {
    engine.calls.get_mut(&id)?.hears.as_deref_mut()
}

/// Whoever waits, and where; none for a call that waits in no line, or has left it in this step.
fn waits(engine: &Engine, id: CallId) -> Option<QueueId> {
    let call = engine.calls.get(&id)?;
    match call.place {
        // What the ACD has said in this step may not have been carried out yet.
        Place::Waiting { queue } if call.hears.is_some() && engine.acd.is_waiting(id) => Some(queue),
        Place::Waiting { .. }
        | Place::Started
        | Place::InFlow
        | Place::Prompt { .. }
        | Place::Warned { .. }
        | Place::RingsFirst { .. }
        | Place::Ringing { .. }
        | Place::Hunting
        | Place::Voicemail
        | Place::CallsBack { .. }
        | Place::Rests { .. }
        | Place::Connected { .. }
        | Place::Ending => None,
    }
}

/// A player of his came to its end.
pub(crate) fn heard(engine: &mut Engine, id: CallId, ended: PlayId, step: &mut Step<'_>) {
    let Some(hears) = hears(engine, id) else { return };
    if let Some((_, what, _)) = hears.plays.take_if(|(play, ..)| *play == ended) {
        over(engine, id, what, step);
    }
}

/// One of his clocks is due.
pub(crate) fn due(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let Some(hears) = hears(engine, id) else { return };
    if hears.plays.is_none()
        && hears.asks.as_ref().and_then(|asks| asks.until).is_some_and(|at| at <= step.now)
    {
        return answers(engine, id, None, step);
    }
    // What should have ended long ago was heard, whatever became of the player.
    match hears.plays.take_if(|(.., until)| *until <= step.now) {
        Some((_, what, _)) => over(engine, id, what, step),
        None => look(engine, id, step),
    }
}

/// What played in place of the music is over.
fn over(engine: &mut Engine, id: CallId, what: What, step: &mut Step<'_>) {
    let Some(queue) = waits(engine, id) else { return };
    let rules = engine.directory.queues.get(&queue).map(|rules| rules.in_queue.clone()).unwrap_or_default();
    match what {
        What::Intro => {
            step.event(EventKind::IntroHeard { call: id, queue });
            engine.tell_acd(AcdInput::Released { call: id }, step);
        }
        What::Place => {
            let next = rules.place.is_on().then(|| after(step.now, rules.place.every));
            if let Some(hears) = hears(engine, id) {
                hears.place_at = next;
            }
        }
        What::Offer => {}
        What::Question => {
            let until = step.now.after(engine.limits.key_wait);
            if let Some(asks) = hears(engine, id).and_then(|hears| hears.asks.as_mut()) {
                asks.until = Some(until);
            }
        }
        What::Goodbye => return hang_up(engine, id, queue, step),
        What::Announcement => {
            let next = rules.announce.map(|announce| after(step.now, announce.every));
            if let Some(hears) = hears(engine, id) {
                hears.announce_at = next;
            }
        }
    }
    look(engine, id, step);
}

/// Says what is due, one thing at a time, else music; and sets the clock for what comes next.
fn look(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    let Some(queue) = waits(engine, id) else { return };
    if is_quiet(engine, id) {
        offer_callback(engine, id, queue, step);
    }
    if is_quiet(engine, id) {
        tell_place(engine, id, queue, step);
    }
    if is_quiet(engine, id) {
        announce(engine, id, queue, step);
    }
    if is_quiet(engine, id) {
        music(engine, id, queue, step);
    }
    let Some(hears) = hears(engine, id) else { return };
    let next = match hears.plays {
        Some((.., until)) => Some(until),
        None => match &hears.asks {
            Some(asks) => asks.until,
            None => [hears.place_at, hears.announce_at, hears.offer_at].into_iter().flatten().min(),
        },
    };
    match next {
        Some(at) => engine.timers.set(TimerKind::HearsNext(id), at),
        None => engine.timers.stop(TimerKind::HearsNext(id)),
    }
}

/// Whether nothing plays in place of the music, and he is asked nothing.
fn is_quiet(engine: &mut Engine, id: CallId) -> bool {
    hears(engine, id).is_some_and(|hears| hears.plays.is_none() && hears.asks.is_none())
}

/// Tells him where he stands, if that is due, nobody is being rung for him, and it is better than what he was told
/// (A43).
fn tell_place(engine: &mut Engine, id: CallId, queue: QueueId, step: &mut Step<'_>) {
    let now = step.now;
    let Some(rules) = engine.directory.queues.get(&queue).map(|rules| rules.in_queue.place) else { return };
    let Some(stands) = engine.acd.stands(id) else { return };
    let language = language(engine, id);
    let Some(hears) = hears(engine, id).filter(|hears| hears.place_at.is_some_and(|at| at <= now)) else {
        return;
    };
    hears.place_at = rules.is_on().then(|| after(now, rules.every));
    if stands.rung || !rules.is_on() {
        return;
    }
    let mut prompts = Vec::new();
    if rules.position && hears.told_position.is_none_or(|told| stands.position < told) {
        hears.told_position = Some(stands.position);
        prompts.extend(say(&language, Say::Position(stands.position)));
    }
    let wait = stands.wait.filter(|_| rules.wait);
    if let Some(wait) = wait.filter(|wait| hears.told_minutes.is_none_or(|told| minutes(*wait) < told)) {
        hears.told_minutes = Some(minutes(wait));
        prompts.extend(say(&language, Say::Wait(wait)));
    }
    if !prompts.is_empty() {
        play(engine, id, What::Place, prompts, step);
    }
}

/// Minutes of a wait as far as a caller can tell two of them apart.
const fn minutes(wait: Duration) -> u64 {
    wait.as_secs().div_ceil(60)
}

/// Plays the next announcement, if it is due.
fn announce(engine: &mut Engine, id: CallId, queue: QueueId, step: &mut Step<'_>) {
    let now = step.now;
    let rules = engine.directory.queues.get(&queue).and_then(|rules| rules.in_queue.announce.clone());
    let Some(hears) = hears(engine, id).filter(|hears| hears.announce_at.is_some_and(|at| at <= now)) else {
        return;
    };
    hears.announce_at = rules.as_ref().map(|rules| after(now, rules.every));
    let prompts = rules.map(|rules| rules.prompts).unwrap_or_default();
    let nth = usize::try_from(hears.announced).unwrap_or(0).checked_rem(prompts.len());
    hears.announced = hears.announced.wrapping_add(1);
    if let Some(prompt) = nth.and_then(|nth| prompts.into_iter().nth(nth)) {
        play(engine, id, What::Announcement, vec![prompt], step);
    }
}

/// What is spoken to this caller.
fn language(engine: &Engine, id: CallId) -> String {
    let chosen = engine.calls.get(&id).map(|call| call.language.clone()).filter(|chosen| !chosen.is_empty());
    chosen.unwrap_or_else(|| engine.directory.tenant.language.clone())
}

/// He pressed a key.
pub(crate) fn key(engine: &mut Engine, id: CallId, queue: QueueId, pressed: char, step: &mut Step<'_>) {
    let Some(call) = engine.calls.get(&id).filter(|call| call.callback.is_none()) else { return };
    if call.hears.as_ref().is_some_and(|hears| hears.asks.is_some()) {
        return answers(engine, id, Some(pressed), step);
    }
    let Some(rules) = engine.directory.queues.get(&queue).map(|rules| &rules.in_queue) else { return };
    let asks = rules.callback.as_ref().is_some_and(|rules| Key::parse(pressed) == Some(rules.key));
    if asks {
        return ask(engine, id, queue, step);
    }
    if rules.exit.as_ref().is_some_and(|exit| Key::parse(pressed) == Some(exit.key)) {
        engine.tell_acd(AcdInput::Exits { call: id }, step);
    }
}

/// Offers to call him back, if that is due.
fn offer_callback(engine: &mut Engine, id: CallId, queue: QueueId, step: &mut Step<'_>) {
    let key = callback::rules(engine, queue).map(|rules| rules.key);
    let possible = !engine.directory.trunks.is_empty();
    let language = language(engine, id);
    let Some(hears) = hears(engine, id).filter(|hears| hears.offer_at.is_some_and(|at| at <= step.now))
    else {
        return;
    };
    hears.offer_at = None;
    let Some(key) = key.filter(|_| possible) else { return };
    let mut prompts = vec![format!("{language}/callback-offer")];
    prompts.extend(say(&language, Say::Digits(&key.sign().to_string())));
    play(engine, id, What::Offer, prompts, step);
}

/// He wants to be called back: where?
fn ask(engine: &mut Engine, id: CallId, queue: QueueId, step: &mut Step<'_>) {
    let language = language(engine, id);
    let Some(change) = callback::rules(engine, queue).map(|rules| rules.change) else { return };
    let Some(call) = engine.calls.get_mut(&id).filter(|_| !engine.directory.trunks.is_empty()) else {
        return;
    };
    // Nobody pays for a number that a stranger may name from a browser.
    if call.is_guests() {
        return;
    }
    // An extension of the domain is not reached through a trunk.
    let inside = call.caller_leg().is_some_and(|leg| leg.record.extension.is_some());
    let number = if inside { "" } else { call.caller.number.reveal() };
    let begun = Asks::begin(number, change, &language);
    let Some(hears) = &mut call.hears else { return };
    let (Some((asks, question)), None) = (begun, hears.offer_at) else { return };
    hears.asks = Some(asks);
    let cut = hears.plays.take();
    if matches!(cut, Some((_, What::Intro, _))) {
        over(engine, id, What::Intro, step);
    }
    play(engine, id, What::Question, question, step);
    look(engine, id, step);
}

/// He pressed a key, or none, while he was asked where to be called back.
fn answers(engine: &mut Engine, id: CallId, pressed: Option<char>, step: &mut Step<'_>) {
    let language = language(engine, id);
    let until = step.now.after(engine.limits.key_wait);
    let leg = engine.calls.get(&id).and_then(|call| call.caller_leg()).map(|leg| leg.id());
    let Some(hears) = hears(engine, id) else { return };
    let Some(asks) = &mut hears.asks else { return };
    let next = match pressed {
        Some(key) => asks.key(key, &language),
        None => asks.silence(&language),
    };
    match next {
        Next::Listen => {
            asks.until = Some(until);
            if let Some(leg) = leg.filter(|_| hears.plays.take().is_some()) {
                step.media(MediaCommand::StopPlay { leg });
            }
        }
        Next::Say(prompts) => {
            asks.until = None;
            play(engine, id, What::Question, prompts, step);
        }
        Next::Declined => {
            hears.asks = None;
            hears.plays = None;
        }
        Next::Confirmed(number) => {
            hears.asks = None;
            hears.plays = None;
            let Some(queue) = waits(engine, id) else { return };
            callback::request(engine, id, queue, &number, step);
            play(engine, id, What::Goodbye, vec![format!("{language}/callback-confirmed")], step);
        }
    }
    look(engine, id, step);
}

/// He has heard that he will be called back: his leg ends, his place stays.
fn hang_up(engine: &mut Engine, id: CallId, queue: QueueId, step: &mut Step<'_>) {
    leaves(engine, id, queue, false, step);
    if let Some(leg) = engine.calls.get(&id).and_then(|call| call.caller_leg()).map(|leg| leg.id()) {
        clear::end_leg(engine, id, leg, Cause::Normal, step);
    }
}

/// He leaves the line, joined with somebody, led elsewhere or gone. What plays is cut by whatever he hears next;
/// where that is nothing of its own, music goes on in its place.
pub(crate) fn leaves(engine: &mut Engine, id: CallId, queue: QueueId, goes_on: bool, step: &mut Step<'_>) {
    engine.timers.stop(TimerKind::HearsNext(id));
    let Some(hears) = engine.calls.get_mut(&id).and_then(|call| call.hears.take()) else { return };
    if goes_on && hears.plays.is_some() {
        music(engine, id, queue, step);
    }
}

fn after(now: Timestamp, seconds: u32) -> Timestamp {
    now.after(Duration::from_secs(seconds.into()))
}
