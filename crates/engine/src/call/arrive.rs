//! A new leg from outside becomes a call.

use model::{ExtensionNumber, LegId, TrunkId};

use crate::call::{Call, connect};
use crate::cause::Cause;
use crate::command::LegCommand;
use crate::devices;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::input::{Arrival, Origin};
use crate::leg::{Leg, Role};
use crate::lists;
use crate::reach;
use crate::record::{Direction, LegRecord};
use crate::route::{self, Route};
use crate::step::Step;

/// Most characters of a dialed text that are kept.
const DIALED_LENGTH_MAX: usize = 128;

pub(crate) fn leg_arrived(engine: &mut Engine, leg: LegId, arrival: Arrival, step: &mut Step<'_>) {
    if engine.legs.contains_key(&leg) {
        // A leg id is new; a second arrival of a live one is the shell's mistake and changes nothing.
        return;
    }
    if !engine.has_room() {
        step.leg(leg, LegCommand::Refuse(Cause::Congestion));
        step.event(EventKind::CallRefused { cause: Cause::Congestion });
        return;
    }
    let dialed = match &arrival.origin {
        // A link leads to one place; what a page says beside it is nobody's business.
        Origin::Guest(number) => number.as_str(),
        Origin::Trunk(_) | Origin::Extension(_) => &arrival.dialed,
    };
    let dialed: String = dialed.chars().filter(|c| !c.is_control()).take(DIALED_LENGTH_MAX).collect();
    let route = route(engine, &arrival, &dialed, step);
    let did = route::did(&engine.directory, &arrival.origin, &dialed);
    let (skills, priority) = did.map_or((Vec::new(), 0), |did| (did.skills.clone(), did.priority));
    let id = engine.ids.call();
    let direction = direction(&arrival.origin, &route);
    let from = match &arrival.origin {
        Origin::Trunk(_) | Origin::Guest(_) => None,
        Origin::Extension(number) => Some(number.clone()),
    };
    let caller_leg = caller_leg(engine, leg, arrival.origin, step);
    let mut call = Call::new(id, direction, arrival.caller, dialed, Some(caller_leg), step.now);
    call.max_forwards = call.max_forwards.min(arrival.max_forwards.saturating_sub(1));
    (call.skills, call.priority) = (skills, priority);
    engine.legs.insert(leg, id);
    engine.calls.insert(id, call);
    step.touch_call(id);
    step.event(EventKind::CallArrived { call: id });
    connect::follow(engine, id, route, step);
    // Last, so that an agent in doubt who makes a call is not given one in the same moment.
    if let Some(number) = from {
        devices::seen(engine, &number, step);
    }
}

/// Where it goes: nowhere, without a word, if its caller is one of those whom nobody here speaks to.
fn route(engine: &Engine, arrival: &Arrival, dialed: &str, step: &Step<'_>) -> Route {
    let route = route::arrival(&engine.directory, &engine.night, &arrival.origin, dialed, step.now);
    if let Origin::Guest(number) = &arrival.origin
        && let Some(refused) = refusal(engine, number)
    {
        return Route::Refused(refused);
    }
    let from_outside = match (&arrival.origin, &route) {
        (Origin::Trunk(_), Route::Refused(_)) | (Origin::Extension(_) | Origin::Guest(_), _) => false,
        (Origin::Trunk(_), _) => true,
    };
    let number = arrival.caller.number.reveal();
    if from_outside && lists::is_blocked(&engine.directory, number, step.now) {
        return Route::Refused(Cause::Blocked);
    }
    route
}

/// Why a guest of this extension's call link is not let in; none: he is.
fn refusal(engine: &Engine, number: &ExtensionNumber) -> Option<Cause> {
    if !reach::is_call_link_open(engine, number) {
        return Some(Cause::NotFound);
    }
    let is_theirs = |call: &&Call| call.is_guests() && call.dialed == number.as_str();
    let guests = engine.calls.values().filter(is_theirs).count();
    (guests >= engine.limits.guests_per_link_max).then_some(Cause::Congestion)
}

fn direction(origin: &Origin, route: &Route) -> Direction {
    match (origin, route) {
        (Origin::Trunk(_) | Origin::Guest(_), _) => Direction::Inbound,
        (Origin::Extension(_), Route::Outside { .. }) => Direction::Outbound,
        (Origin::Extension(_), _) => Direction::Internal,
    }
}

fn caller_leg(engine: &Engine, leg: LegId, origin: Origin, step: &Step<'_>) -> Leg {
    let (extension, trunk): (Option<ExtensionNumber>, Option<TrunkId>) = match origin {
        Origin::Trunk(trunk) => (None, Some(trunk)),
        Origin::Extension(number) => (Some(number), None),
        Origin::Guest(_) => (None, None),
    };
    let agent = extension.as_ref().and_then(|number| engine.directory.agent_of(number.as_str()));
    let agent = agent.map(|agent| agent.id);
    let record = LegRecord { agent, extension, trunk, ..LegRecord::begun(leg, step.now) };
    Leg::new(record, Role::Plain)
}
