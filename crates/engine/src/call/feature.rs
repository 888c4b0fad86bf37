//! Feature codes: a phone changes its agent's state, night mode or do not disturb, and hears what came of it; or asks
//! for messages, or records a prompt.
//!
//! The ACD is not told of the leg itself: the state she asked for must show at once, not after "other call".

use acd::{AgentAction, AgentState, MembershipResult, Refusal, Scope};
use model::{AgentId, CallId, Directory, Feature, NotReadyReason, QueueId};

use crate::agents;
use crate::call::{prompt, voicemail};
use crate::cause::Cause;
use crate::engine::Engine;
use crate::night;
use crate::reach;
use crate::request::Actor;
use crate::step::Step;

/// Does what the code says for whoever's phone it is, and speaks the result.
pub(crate) fn run(
    engine: &mut Engine,
    id: CallId,
    feature: Feature,
    queue: Option<QueueId>,
    step: &mut Step<'_>,
) {
    if feature == Feature::Voicemail {
        // A phone of no agent may ask as well.
        return voicemail::check(engine, id, queue, step);
    }
    if let Some(on) = dnd(feature) {
        return match queue {
            Some(_) => prompt::play_then_end(engine, id, &["invalid-code"], Cause::Normal, step),
            None => reach::by_code(engine, id, on, step),
        };
    }
    let caller = engine.calls.get(&id).and_then(|call| call.caller_leg());
    let Some(agent) = caller.and_then(|leg| leg.record.agent) else {
        return prompt::play_then_end(engine, id, &["failed"], Cause::Normal, step);
    };
    let (action, told) = match feature {
        Feature::Ready => (AgentAction::Ready, "you-are-ready"),
        Feature::NotReady => {
            (AgentAction::NotReady(NotReadyReason::Chosen(String::new())), "you-are-not-ready")
        }
        Feature::Login => (AgentAction::Login, "you-are-logged-in"),
        Feature::Logout => (AgentAction::Logout, "you-are-logged-out"),
        Feature::NightMode => return night::by_code(engine, id, agent, queue, step),
        Feature::Voicemail => return voicemail::check(engine, id, queue, step),
        Feature::RecordPrompt => return voicemail::studio::begin(engine, id, agent, queue, step),
        Feature::DndOn | Feature::DndOff => return,
    };
    let login = action == AgentAction::Login;
    let scope = queue.map_or(Scope::All, Scope::Queue);
    let results = agents::act(engine, agent, scope, action, &Actor::FeatureCode(agent), step);
    let prompts = answer(&engine.directory, agent, (told, login), queue, &results);
    let prompts: Vec<&str> = prompts.iter().map(String::as_str).collect();
    prompt::play_then_end(engine, id, &prompts, Cause::Normal, step);
}

/// Whether a code sets do not disturb, and how.
const fn dnd(feature: Feature) -> Option<bool> {
    match feature {
        Feature::DndOn => Some(true),
        Feature::DndOff => Some(false),
        Feature::Ready
        | Feature::NotReady
        | Feature::Login
        | Feature::Logout
        | Feature::NightMode
        | Feature::Voicemail
        | Feature::RecordPrompt => None,
    }
}

/// The prompts that name a queue.
pub(crate) fn in_queue(directory: &Directory, queue: QueueId) -> Vec<String> {
    let Some(queue) = directory.queues.get(&queue) else { return Vec::new() };
    let digits = queue.number.as_str().chars().map(|digit| format!("digit-{digit}"));
    std::iter::once("in-queue".to_owned()).chain(digits).collect()
}

/// The prompts that say what came of it. One queue that did it makes an "all" a success: the queues she is
/// not logged in to are skipped (domain 3.4).
fn answer(
    directory: &Directory,
    agent: AgentId,
    (told, login): (&str, bool),
    queue: Option<QueueId>,
    results: &[MembershipResult],
) -> Vec<String> {
    let done: Vec<&AgentState> =
        results.iter().filter_map(|r| r.result.as_ref().ok().map(|done| &done.state)).collect();
    if done.is_empty() {
        let refusal = results.iter().find_map(|r| r.result.as_ref().err());
        let member = directory.memberships_of(agent).next().is_some();
        return vec![refused(refusal.copied(), queue.is_some(), member).into()];
    }
    let mut prompts = vec![told.to_owned()];
    match queue {
        Some(queue) => prompts.extend(in_queue(directory, queue)),
        None => prompts.push("in-all-queues".into()),
    }
    if login {
        prompts.extend(came_out(&done).map(str::to_owned));
    }
    prompts
}

/// What a login led to: ready if she is so anywhere, else not ready, else nothing that has a name here. One
/// whom a call rings already is ready.
fn came_out(states: &[&AgentState]) -> Option<&'static str> {
    let ready = |state: &AgentState| matches!(state, AgentState::Ready | AgentState::Ringing { .. });
    let not_ready = |state: &AgentState| matches!(state, AgentState::NotReady { .. });
    if states.iter().any(|state| ready(state)) {
        Some("you-are-ready")
    } else if states.iter().any(|state| not_ready(state)) {
        Some("you-are-not-ready")
    } else {
        None
    }
}

const fn refused(refusal: Option<Refusal>, one_queue: bool, member: bool) -> &'static str {
    match refusal {
        Some(Refusal::NotAMember) => "not-a-member",
        Some(Refusal::NotLoggedIn) => "not-logged-in",
        Some(Refusal::NoExtension | Refusal::NotActive | Refusal::EntryDisabled | Refusal::WrongState) => {
            "failed"
        }
        None if one_queue => "not-a-member",
        None if member => "not-logged-in",
        None => "no-queues",
    }
}
