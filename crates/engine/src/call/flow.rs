//! Callers in flows: what a flow says is carried out, what its caller does is led to it.
//!
//! A call carries its run for as long as it is in the flow, also while the flow rings somebody; an answer, a way
//! out or the caller's end takes it away. The run decides nothing about anybody else's call: what it may know of
//! agents and lines it asks through [`sight`].

pub(crate) mod sight;

use std::collections::BTreeMap;
use std::sync::Arc;

use borsh::{BorshDeserialize, BorshSerialize};
use callflow::run::Entering;
use callflow::{Flow, Input, Leave, Output, Run, Secrecy};
use model::flow::document::TransferTarget;
use model::{CallId, Directory, ExtensionNumber, FallbackAction, FlowId, LegId, PlayId};

use crate::agents;
use crate::call::{Place, clear, connect, direct, group};
use crate::cause::Cause;
use crate::command::{Command, Fetch, LegCommand, MediaCommand};
use crate::engine::Engine;
use crate::event::{EventKind, FlowEnd, GroupOutcome};
use crate::route::Route;
use crate::step::Step;
use crate::timer::TimerKind;
use sight::Sight;

/// A caller's run through a flow.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct InFlow {
    pub(crate) run: Run,
    /// What the flow waits for the end of.
    play: Option<PlayId>,
    /// How often it has asked an outside service, so that a late answer is told from the one waited for.
    fetches: u32,
}

/// All flows of a directory, ready to run. Problems were told to whoever saved them.
pub(crate) fn compiled(directory: &Directory) -> BTreeMap<FlowId, Arc<Flow>> {
    let known = sight::Provisioned(directory);
    directory.flows.values().map(|flow| (flow.id, Arc::new(callflow::compile(flow, &known).0))).collect()
}

/// Takes the call into a flow.
pub(crate) fn begin(engine: &mut Engine, id: CallId, flow: FlowId, step: &mut Step<'_>) {
    let Some(compiled) = engine.flows.get(&flow).map(Arc::clone) else {
        return clear::end_call(engine, id, Cause::NotFound, step);
    };
    // An agent who calls is on a call, whatever she hears.
    agents::caller_talks(engine, id, step);
    let Some(call) = engine.calls.get_mut(&id) else { return };
    call.place = Place::InFlow;
    step.touch_call(id);
    step.event(EventKind::FlowBegan { call: id, flow });
    let Some(call) = engine.calls.get(&id) else { return };
    let entering = Entering {
        caller: &call.caller,
        dialed: &call.dialed,
        answered: call.caller_is_answered(),
        language: &call.language,
    };
    let mut out = Vec::new();
    let sight = Sight { engine, call, now: step.now };
    let run = Run::begin(compiled, entering, &sight, step.now, &mut out);
    carry_out(engine, id, InFlow { run, play: None, fetches: 0 }, out, step);
}

/// Tells the caller's flow something, if he is in one.
pub(crate) fn tell(engine: &mut Engine, id: CallId, input: Input, step: &mut Step<'_>) {
    let Some(mut flow) = engine.calls.get_mut(&id).and_then(|call| call.flow.take()) else { return };
    let mut out = Vec::new();
    if let Some(call) = engine.calls.get(&id) {
        let sight = Sight { engine, call, now: step.now };
        flow.run.handle(input, &sight, step.now, &mut out);
    }
    carry_out(engine, id, *flow, out, step);
}

/// A player of the caller's came to its end.
pub(crate) fn heard(engine: &mut Engine, id: CallId, ended: PlayId, step: &mut Step<'_>) {
    let flow = engine.calls.get_mut(&id).and_then(|call| call.flow.as_mut());
    if flow.is_some_and(|flow| flow.play.take_if(|play| *play == ended).is_some()) {
        tell(engine, id, Input::PlayEnded, step);
    }
}

/// An outside service has answered, or did not. Only what is waited for means anything.
pub(crate) fn fetched(
    engine: &mut Engine,
    (id, number): (CallId, u32),
    answer: Option<Vec<(String, String)>>,
    step: &mut Step<'_>,
) {
    let flow = engine.calls.get(&id).and_then(|call| call.flow.as_ref());
    if flow.is_some_and(|flow| flow.fetches == number) {
        tell(engine, id, Input::Fetched(answer), step);
    }
}

/// Who was rung from a flow will not answer: the flow goes on. False: the call is in no flow.
pub(crate) fn not_reached(engine: &mut Engine, id: CallId, cause: Cause, step: &mut Step<'_>) -> bool {
    let Some(call) = engine.calls.get_mut(&id).filter(|call| call.flow.is_some()) else { return false };
    call.place = Place::InFlow;
    engine.timers.stop(TimerKind::RingTimeout(id));
    tell(engine, id, Input::NotReached(cause.not_reached()), step);
    true
}

/// The flow is over for this call, whatever it was about to say.
pub(crate) fn end(engine: &mut Engine, id: CallId, how: FlowEnd, step: &mut Step<'_>) {
    engine.timers.stop(TimerKind::FlowDue(id));
    let Some(call) = engine.calls.get_mut(&id) else { return };
    let Some(flow) = call.flow.take() else { return };
    learn(call, &flow.run);
    let caller = call.caller_leg().filter(|leg| leg.is_live()).map(|leg| leg.id());
    if let Some(leg) = caller.filter(|_| flow.run.is_secret()) {
        step.leg(leg, LegCommand::Secrecy(Secrecy::Open));
    }
    step.event(EventKind::FlowEnded { call: id, flow: flow.run.flow().id, how });
}

/// What has been learned of a caller stays with his call.
fn learn(call: &mut crate::call::Call, run: &Run) {
    call.learned.extend(run.learned().map(|(name, value)| (name.to_owned(), value.to_owned())));
    run.language().clone_into(&mut call.language);
}

/// Does what the flow says, and keeps it in the call unless that was its last word.
fn carry_out(engine: &mut Engine, id: CallId, mut flow: InFlow, out: Vec<Output>, step: &mut Step<'_>) {
    let mut leaves = None;
    for output in out {
        if let Output::Leave(leave) = output {
            leaves = Some(leave);
        } else {
            one(engine, id, &mut flow, output, step);
        }
    }
    let due = flow.run.next_deadline();
    let Some(call) = engine.calls.get_mut(&id) else { return };
    step.touch_call(id);
    if let Some(leave) = leaves {
        call.flow = Some(Box::new(flow));
        return leave_flow(engine, id, leave, step);
    }
    if call.place == Place::Ending {
        // A limit ended the call amid what the flow said.
        return step.event(EventKind::FlowEnded {
            call: id,
            flow: flow.run.flow().id,
            how: FlowEnd::CallEnded,
        });
    }
    call.flow = Some(Box::new(flow));
    match due {
        Some(at) => engine.timers.set(TimerKind::FlowDue(id), at),
        None => engine.timers.stop(TimerKind::FlowDue(id)),
    }
}

fn one(engine: &mut Engine, id: CallId, flow: &mut InFlow, output: Output, step: &mut Step<'_>) {
    let number = flow.run.flow().id;
    let caller = engine.calls.get(&id).and_then(|call| call.caller_leg()).map(|leg| leg.id());
    match output {
        Output::Step(at) => {
            let name = flow.run.flow().step_name(at).to_owned();
            step.event(EventKind::FlowStep { call: id, flow: number, step: name });
        }
        Output::Answer => connect::answer_caller(engine, id, step),
        Output::Alert => step.out.commands.extend(caller.map(|leg| Command::Leg(leg, LegCommand::Ring))),
        Output::Play(prompts) => flow.play = connect::play(engine, id, prompts, false, step),
        Output::StopPlay => {
            flow.play = None;
            stop_play(caller, step);
        }
        Output::Secrecy(secrecy) => {
            step.out.commands.extend(caller.map(|leg| Command::Leg(leg, LegCommand::Secrecy(secrecy))));
        }
        Output::Collected { variable, length } => {
            step.event(EventKind::DigitsCollected { call: id, flow: number, variable, length });
        }
        Output::Dial { to, seconds } => dial(engine, id, to, seconds, step),
        Output::StopDial => stop_dial(engine, id, step),
        Output::Fetch { url, send, take, timeout } => {
            flow.fetches += 1;
            let fetch = Fetch { number: flow.fetches, leg: caller, url, send, take, timeout };
            step.out.commands.push(Command::Fetch(id, fetch));
        }
        Output::FellBack(rule) => step.event(EventKind::FlowFellBack { call: id, flow: number, rule }),
        Output::Leave(_) => {}
    }
}

fn stop_play(caller: Option<LegId>, step: &mut Step<'_>) {
    if let Some(leg) = caller {
        step.media(MediaCommand::StopPlay { leg });
    }
}

fn dial(engine: &mut Engine, id: CallId, to: TransferTarget, seconds: u32, step: &mut Step<'_>) {
    if engine.calls.get(&id).is_some_and(|call| call.caller_is_answered()) {
        connect::play(engine, id, vec!["tone-ringback".into()], true, step);
    }
    direct::ring_from_flow(engine, id, to, seconds, step);
}

/// Who rings is rung no longer; his leg ends by itself.
fn stop_dial(engine: &mut Engine, id: CallId, step: &mut Step<'_>) {
    if group::leave(engine, id, GroupOutcome::CallerGone, Cause::CallerGone, step).is_some() {
        if let Some(call) = engine.calls.get_mut(&id) {
            call.place = Place::InFlow;
        }
        return;
    }
    let Some(call) = engine.calls.get_mut(&id) else { return };
    if let Place::Ringing { leg } = std::mem::replace(&mut call.place, Place::InFlow) {
        engine.timers.stop(TimerKind::RingTimeout(id));
        clear::end_leg(engine, id, leg, Cause::CallerGone, step);
    }
}

/// Whose box a message belongs to (A29): that of whom the caller had dialed, or else the flow's own.
fn whose(
    directory: &Directory,
    dialed: Option<ExtensionNumber>,
    flow: Option<FlowId>,
) -> Option<ExtensionNumber> {
    let of_flow = flow.and_then(|flow| directory.flows.get(&flow)).map(|flow| flow.number.clone());
    dialed.into_iter().chain(of_flow).find(|number| directory.mailbox(number.as_str()).is_some())
}

/// Out of the flow, to where it says.
fn leave_flow(engine: &mut Engine, id: CallId, leave: Leave, step: &mut Step<'_>) {
    let how = match &leave {
        Leave::Enqueue { .. } | Leave::To { .. } => FlowEnd::Left,
        Leave::TooLong => FlowEnd::TooLong,
    };
    let flow = engine.calls.get(&id).and_then(|call| call.flow.as_ref()).map(|flow| flow.run.flow().id);
    end(engine, id, how, step);
    match leave {
        Leave::Enqueue { queue, skills, priority } => {
            if let Some(call) = engine.calls.get_mut(&id) {
                call.priority = call.priority.max(priority);
                if !skills.is_empty() {
                    call.skills = skills;
                }
            }
            connect::fall_back(engine, id, &FallbackAction::Queue(queue), Cause::Unreachable, step);
        }
        Leave::To { mut action, dialed } => {
            if let FallbackAction::Voicemail { mailbox: mailbox @ None, .. } = &mut action {
                *mailbox = whose(&engine.directory, dialed, flow);
            }
            connect::fall_back(engine, id, &action, Cause::Unreachable, step);
        }
        Leave::TooLong => {
            connect::follow(engine, id, Route::Hangup { message: None, refusal: Cause::Congestion }, step);
        }
    }
}
