//! Where a dialed text leads: to a feature code, an extension, a queue, a flow, a number outside, or nowhere.
//!
//! Pure lookups in the directory; nothing here knows of a live call.

use borsh::{BorshDeserialize, BorshSerialize};
use model::{
    Destination, Did, Directory, ExtensionNumber, FallbackAction, Feature, FlowId, MailboxId, QueueId,
    Timestamp, TrunkId,
};

use crate::cause::Cause;
use crate::input::Origin;
use crate::lists;
use crate::night::NightMode;
use crate::opening;

/// Fewest digits of a number that goes out through a trunk; shorter ones are typing errors or extensions.
pub(crate) const OUTSIDE_DIGITS_MIN: usize = 5;

/// Most characters of a number that somebody names by request.
const ASKED_LENGTH_MAX: usize = 32;

/// Where a call goes next.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Route {
    /// A feature code, with the queue it names.
    Feature { feature: Feature, queue: Option<QueueId> },
    /// It begins like a feature code and is none.
    InvalidCode,
    /// A phone.
    Extension(ExtensionNumber),
    /// A line.
    Queue(QueueId),
    /// A flow.
    Flow(FlowId),
    /// A ring group.
    RingGroup(ExtensionNumber),
    /// A mailbox, to leave a message in it after this prompt or its greeting.
    Mailbox { mailbox: MailboxId, message: Option<String> },
    /// Out through a trunk.
    Outside { trunk: TrunkId, number: String },
    /// Nowhere, after a message; without one an unanswered call is refused for this cause.
    Hangup { message: Option<String>, refusal: Cause },
    /// Nowhere.
    Refused(Cause),
}

/// Where a new call goes at `now`.
pub(crate) fn arrival(
    directory: &Directory,
    night: &NightMode,
    origin: &Origin,
    dialed: &str,
    now: Timestamp,
) -> Route {
    match origin {
        Origin::Trunk(trunk) if !directory.trunks.contains_key(trunk) => Route::Refused(Cause::Forbidden),
        // Numbers first, then the extensions of the domain.
        Origin::Trunk(_) => match lists::find(&directory.numbers, dialed) {
            Some(did) => {
                let (_, action) = opening::number(directory, night, did, now);
                fallback(directory, action, Cause::Declined)
            }
            None => inside(directory, dialed),
        },
        Origin::Extension(number) if !directory.extensions.contains_key(number) => {
            Route::Refused(Cause::Forbidden)
        }
        Origin::Extension(_) => from_phone(directory, dialed),
        Origin::Guest(number) => inside(directory, number.as_str()),
    }
}

/// The number that a call from a trunk was dialed by, as sent or with or without its `+`.
pub(crate) fn did<'a>(directory: &'a Directory, origin: &Origin, dialed: &str) -> Option<&'a Did> {
    match origin {
        Origin::Trunk(_) => lists::find(&directory.numbers, dialed),
        Origin::Extension(_) | Origin::Guest(_) => None,
    }
}

fn from_phone(directory: &Directory, dialed: &str) -> Route {
    if dialed.starts_with(['*', '#']) {
        return feature(directory, dialed);
    }
    let route = inside(directory, dialed);
    if route != Route::Refused(Cause::NotFound) {
        return route;
    }
    match directory.trunks.keys().next() {
        Some(&trunk) if is_outside_number(dialed) => Route::Outside { trunk, number: dialed.to_owned() },
        Some(_) | None => route,
    }
}

/// Where a number leads that somebody names by request: as from a phone, but to no feature code.
pub(crate) fn asked(directory: &Directory, number: &str) -> Route {
    if number.len() > ASKED_LENGTH_MAX || number.starts_with(['*', '#']) {
        return Route::Refused(Cause::NotFound);
    }
    from_phone(directory, number)
}

/// The longest enabled code that leaves an empty rest or the number of a queue (A37).
fn feature(directory: &Directory, dialed: &str) -> Route {
    let fits = |code: &&model::FeatureCode| code.enabled && !code.code.is_empty();
    let mut best: Option<(usize, Route)> = None;
    for code in directory.feature_codes.iter().filter(fits) {
        let Some(rest) = dialed.strip_prefix(code.code.as_str()) else { continue };
        let queue = directory.queue(rest).map(|queue| queue.id);
        let longer = best.as_ref().is_none_or(|(length, _)| code.code.len() > *length);
        if longer && (rest.is_empty() || queue.is_some()) {
            best = Some((code.code.len(), Route::Feature { feature: code.feature, queue }));
        }
    }
    best.map_or(Route::InvalidCode, |(_, route)| route)
}

/// What a number of the domain reaches.
pub(crate) fn inside(directory: &Directory, number: &str) -> Route {
    match directory.destination(number) {
        Some(Destination::Extension(extension)) => Route::Extension(extension.number.clone()),
        Some(Destination::Queue(queue)) => Route::Queue(queue.id),
        Some(Destination::Flow(flow)) => Route::Flow(flow.id),
        Some(Destination::RingGroup(group)) => Route::RingGroup(group.number.clone()),
        Some(Destination::Mailbox(mailbox)) => Route::Mailbox { mailbox: mailbox.id, message: None },
        None => Route::Refused(Cause::NotFound),
    }
}

/// What a plan for a caller leads to; `refusal` is for one whom nobody has answered and who hears nothing.
pub(crate) fn fallback(directory: &Directory, action: &FallbackAction, refusal: Cause) -> Route {
    match action {
        FallbackAction::Hangup { message } => Route::Hangup { message: message.clone(), refusal },
        FallbackAction::Voicemail { mailbox, message } => {
            let named = mailbox.as_ref().and_then(|number| directory.mailbox(number.as_str()));
            match named {
                Some(mailbox) => Route::Mailbox { mailbox: mailbox.id, message: message.clone() },
                None => Route::Hangup { message: message.clone(), refusal },
            }
        }
        FallbackAction::Queue(number)
        | FallbackAction::Extension(number)
        | FallbackAction::Flow(number)
        | FallbackAction::RingGroup(number) => inside(directory, number.as_str()),
        FallbackAction::External(number) => match directory.trunks.keys().next() {
            Some(&trunk) => Route::Outside { trunk, number: number.clone() },
            None => Route::Refused(Cause::NotFound),
        },
    }
}

/// Whether it is a number that goes out through a trunk.
pub(crate) fn is_outside_number(dialed: &str) -> bool {
    let digits = dialed.strip_prefix('+').unwrap_or(dialed);
    digits.len() >= OUTSIDE_DIGITS_MIN && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Agent, AgentId, AgentStatus, Did, FeatureCode, Queue, Role, Tenant, TenantId, Trunk};

    fn number(text: &str) -> ExtensionNumber {
        ExtensionNumber::parse(text).unwrap()
    }

    fn directory() -> Directory {
        let mut directory = Directory::new(Tenant::new(TenantId(1), "acme.test"));
        directory.insert_queue(Queue::new(QueueId(1), number("8000"), "Support"));
        directory.insert_queue(Queue::new(QueueId(2), number("000"), "Night"));
        directory.insert_agent(Agent {
            id: AgentId(7),
            extension: Some(number("1001")),
            name: "Ann Ash".into(),
            email: "ann@acme.test".into(),
            role: Role::Agent,
            supervises: None,
            groups: vec![],
            skills: std::collections::BTreeMap::new(),
            status: AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
            personal: model::Personal::default(),
            spoken_name: None,
            call_link: None,
        });
        let did = Did::new("+4930123".into(), FallbackAction::Queue(number("8000")));
        directory.numbers.insert(did.number.clone(), did);
        let did = Did::new("4940555".into(), FallbackAction::Hangup { message: None });
        directory.numbers.insert(did.number.clone(), did);
        let trunk = Trunk { id: TrunkId(1), name: "c".into(), host: "192.0.2.1".into(), allow_from: vec![] };
        directory.trunks.insert(trunk.id, trunk);
        directory
    }

    fn phone(directory: &Directory, dialed: &str) -> Route {
        let night = NightMode::default();
        arrival(directory, &night, &Origin::Extension(number("1001")), dialed, Timestamp::ZERO)
    }

    fn trunk(directory: &Directory, dialed: &str) -> Route {
        let night = NightMode::default();
        arrival(directory, &night, &Origin::Trunk(TrunkId(1)), dialed, Timestamp::ZERO)
    }

    #[test]
    fn a_trunk_reaches_numbers_with_or_without_plus_then_extensions_and_no_feature_code() {
        let directory = directory();
        assert_eq!(trunk(&directory, "+4930123"), Route::Queue(QueueId(1)));
        assert_eq!(trunk(&directory, "4930123"), Route::Queue(QueueId(1)));
        let closed = Route::Hangup { message: None, refusal: Cause::Declined };
        assert_eq!(trunk(&directory, "+4940555"), closed);
        assert_eq!(trunk(&directory, "8000"), Route::Queue(QueueId(1)));
        assert_eq!(trunk(&directory, "1001"), Route::Extension(number("1001")));
        for nowhere in ["*36", "9999", "", "+", "+4930999", "\u{1F600}"] {
            assert_eq!(trunk(&directory, nowhere), Route::Refused(Cause::NotFound), "{nowhere:?}");
        }
        let night = NightMode::default();
        let stranger = arrival(&directory, &night, &Origin::Trunk(TrunkId(9)), "8000", Timestamp::ZERO);
        assert_eq!(stranger, Route::Refused(Cause::Forbidden));
    }

    #[test]
    fn a_phone_reaches_extensions_and_long_enough_numbers_outside() {
        let mut directory = directory();
        assert_eq!(phone(&directory, "8000"), Route::Queue(QueueId(1)));
        let outside = |number: &str| Route::Outside { trunk: TrunkId(1), number: number.into() };
        assert_eq!(phone(&directory, "+49301"), outside("+49301"));
        assert_eq!(phone(&directory, "12345"), outside("12345"));
        for nowhere in ["1234", "+1234", "12a45", "", "++12345"] {
            assert_eq!(phone(&directory, nowhere), Route::Refused(Cause::NotFound), "{nowhere:?}");
        }
        let night = NightMode::default();
        let stranger =
            arrival(&directory, &night, &Origin::Extension(number("7777")), "8000", Timestamp::ZERO);
        assert_eq!(stranger, Route::Refused(Cause::Forbidden));
        directory.trunks.clear();
        assert_eq!(phone(&directory, "12345"), Route::Refused(Cause::NotFound));
    }

    #[test]
    fn a_request_reaches_what_a_phone_does_but_no_code_and_nothing_endless() {
        let directory = directory();
        assert_eq!(asked(&directory, "8000"), Route::Queue(QueueId(1)));
        assert_eq!(asked(&directory, "+49301"), phone(&directory, "+49301"));
        for nowhere in ["*36", "#", "", "1234", "+4930 1", &"1".repeat(33)] {
            assert_eq!(asked(&directory, nowhere), Route::Refused(Cause::NotFound), "{nowhere:?}");
        }
    }

    #[test]
    fn the_longest_code_with_an_empty_rest_or_a_queue_wins() {
        let mut directory = directory();
        let code = |code: &str, feature, enabled| FeatureCode { code: code.into(), feature, enabled };
        let hit = |feature, queue: Option<u64>| Route::Feature { feature, queue: queue.map(QueueId) };
        assert_eq!(phone(&directory, "*38"), hit(Feature::Login, None));
        assert_eq!(phone(&directory, "*388000"), hit(Feature::Login, Some(1)));
        assert_eq!(phone(&directory, "*38000"), hit(Feature::Login, Some(2)));
        directory.feature_codes.push(code("*388", Feature::Logout, true));
        assert_eq!(phone(&directory, "*388000"), hit(Feature::Logout, Some(2)), "*388 with queue 000");
        assert_eq!(phone(&directory, "*388"), hit(Feature::Logout, None));
        directory.feature_codes.retain(|c| c.code != "*388");
        directory.feature_codes.push(code("*388", Feature::Logout, false));
        assert_eq!(phone(&directory, "*388000"), hit(Feature::Login, Some(1)), "a code switched off");
        for invalid in ["*99", "*369999", "*", "#", "*36*", "**36"] {
            assert_eq!(phone(&directory, invalid), Route::InvalidCode, "{invalid:?}");
        }
    }
}
