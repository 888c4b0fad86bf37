//! The OpenAPI document, made from the handlers themselves, and the document of the event messages.

mod forms;
mod lists;
mod provisioned;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, Content, ContentBuilder, InfoBuilder, License, ObjectBuilder, OpenApi, OpenApiBuilder,
    PathItem, Ref, RefOr, Required, ResponseBuilder, schema::Type, tag::TagBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::doors::{self, Door, portsip, rocketchat};
use crate::live::message::{EventMessage, SnapshotMessage};
use crate::problem::{ProblemBody, ProblemKind};
use crate::provisioning::{CellFault, EditFault, FileProblem};
use crate::router::operations;

/// What every operation with a login may answer, besides its own.
const WITH_LOGIN: [ProblemKind; 4] = [
    ProblemKind::Unauthorized,
    ProblemKind::TooManyRequests,
    ProblemKind::StorageFailed,
    ProblemKind::Internal,
];
/// What a POST in a domain may answer besides, for its `Idempotency-Key`.
const WITH_KEY: [ProblemKind; 5] = [
    ProblemKind::InvalidParameter,
    ProblemKind::IdempotencyUnanswered,
    ProblemKind::IdempotencyMismatch,
    ProblemKind::TooLarge,
    ProblemKind::TooSlow,
];
/// What every list may answer besides.
const WITH_LIST: [ProblemKind; 3] =
    [ProblemKind::InvalidParameter, ProblemKind::UnknownField, ProblemKind::StrangeCursor];
/// What every operation in a domain may answer, besides its own.
const IN_DOMAIN: [ProblemKind; 3] = [ProblemKind::UnknownDomain, ProblemKind::Busy, ProblemKind::Stopping];

const DESCRIPTION: &str = "\
Live state, control and records of a Cordboard server.

Log in with `POST /v1/auth/login`, then send `Authorization: Bearer <token>`. `{domain}` is the login's own domain \
by name, or `~`; any other name is answered 404, except to the server's owner, who is of all.

Moments are RFC 3339 in UTC, durations are seconds. Words of a fixed set (states, outcomes, causes, reasons) are \
lower case with underscores everywhere: `ready`, `not_ready`, `queue_call`. Lists are `{\"items\": […], \"next\": \
null | cursor}`, or tables (RFC 4180, UTF-8, a header row) to who accepts `text/csv` and not `application/json`: a \
text that a spreadsheet would take for a formula has a `'` before it, and the header `Link` leads to the next rows. \
Errors are problem documents (RFC 9457) with a stable `type`; every answer has `X-Request-Id`. \
Unknown fields in a body are refused. Behind the doors for other products' programs (tags `netsapiens`, `rocketchat`, \
`portsip`) names, words and failures are those products' own.

Each operation says by `x-right` which right it takes; `GET /v1/auth/me` lists those of the login. `own` and `read` \
every role has that is not of a domain's own making; `agent_state`, `call_control` and `mailbox` are for other people's, and an agent does without them \
what is her own; they and `night_mode` come with the role supervisor, `configuration`, `provisioning`, `audit` and \
`access` with admin and owner. A program has a key (`POST …/api-keys`) with the rights that it was given.";

/// The OpenAPI document.
#[must_use]
pub fn openapi() -> OpenApi {
    let (_, document) = operations().split_for_parts();
    finished(document)
}

/// The document before its operations.
pub(crate) fn base() -> OpenApi {
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let query = SecurityScheme::ApiKey(ApiKey::Query(ApiKeyValue::new("access_token")));
    let protocol = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
        "Sec-WebSocket-Protocol",
        "`bearer.<token>` among the offered subprotocols",
    )));
    let tags = [
        ("auth", "Logging in and out"),
        ("access", "Keys of programs, and everybody's log-ins"),
        ("agents", "Agents and what they do"),
        ("domain", "The domain itself, its hours and its numbers"),
        ("queues", "Queues and who waits"),
        ("calls", "Live and ended calls"),
        ("guests", "Callers without a log-in, by an agent's call link"),
        ("prompts", "What callers hear"),
        ("mailboxes", "Messages that callers left"),
        ("provisioning", "What a domain is"),
        ("trunks", "Connections to carriers, and whether they answer"),
        ("webhooks", "Who is told of events over HTTP, and what was sent"),
        ("reports", "Figures as files, and reports that go by e-mail"),
        ("netsapiens", "For programs of NetSapiens' API"),
        ("rocketchat", "For programs of Rocket.Chat's voice channel"),
        ("portsip", "For programs of PortSIP's API"),
        ("events", "Everything live, as it happens"),
        ("server", "The server itself"),
    ];
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Cordboard")
                .version("1")
                .description(Some(DESCRIPTION))
                .license(Some(License::builder().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
                .build(),
        )
        .tags(Some(tags.map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build())))
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme("bearer", bearer)
                .security_scheme("access_token", query)
                .security_scheme("bearer_protocol", protocol)
                .schema(ProblemBody::name(), ProblemBody::schema())
                .schema(FileProblem::name(), FileProblem::schema())
                .schema(EditFault::name(), EditFault::schema())
                .schema(CellFault::name(), CellFault::schema())
                .schema(rocketchat::Failure::name(), rocketchat::Failure::schema())
                .schema(portsip::Failure::name(), portsip::Failure::schema())
                .schema(portsip::FailureItem::name(), portsip::FailureItem::schema())
                .build(),
        ))
        .build()
}

/// Adds what operations have in common.
pub(crate) fn finished(mut document: OpenApi) -> OpenApi {
    provisioned::describe(&mut document);
    lists::describe(&mut document);
    for (path, item) in &mut document.paths.paths {
        let in_domain = path.contains("{domain}");
        let door = doors::of(path);
        for (is_post, operation) in operations_of(item) {
            let secured = operation.security.as_ref().is_some_and(|all| all.iter().any(|one| !is_none(one)));
            if !secured {
                operation.security = Some(Vec::new());
            }
            let mut common = common(secured, in_domain, is_post);
            if forms::takes_moments(operation) {
                common.push(ProblemKind::MomentOutOfSpan);
            }
            add_problems(operation, common, door);
            forms::describe(operation);
        }
        if let Some(post) = item.post.as_mut().filter(|_| in_domain) {
            add_idempotency(post);
        }
    }
    document
}

fn is_none(requirement: &utoipa::openapi::SecurityRequirement) -> bool {
    serde_json::to_value(requirement).is_ok_and(|value| value == json!({}))
}

/// Each with whether it is a POST.
fn operations_of(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let others = [&mut item.get, &mut item.put, &mut item.delete, &mut item.patch].into_iter().flatten();
    others.map(|operation| (false, operation)).chain(item.post.iter_mut().map(|operation| (true, operation)))
}

/// What operations like this one all may answer.
fn common(secured: bool, in_domain: bool, is_post: bool) -> Vec<ProblemKind> {
    let mut kinds = Vec::new();
    if secured {
        kinds.extend(WITH_LOGIN);
    }
    if in_domain {
        kinds.extend(IN_DOMAIN);
        kinds.extend(if is_post { &WITH_KEY[..] } else { &[] });
    }
    kinds
}

/// Writes out the problems that an operation names, and those that all like it have.
fn add_problems(operation: &mut Operation, common: Vec<ProblemKind>, door: Option<&Door>) {
    let named = operation.extensions.as_mut().and_then(|extensions| extensions.remove("x-problems"));
    let named: Vec<String> = named.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
    let mut kinds: Vec<ProblemKind> = named.iter().filter_map(|name| ProblemKind::named(name)).collect();
    debug_assert_eq!(kinds.len(), named.len(), "an unknown problem among {named:?}");
    kinds.extend(common);
    // What a list is like is said by its parameters from here on.
    let is_list = operation.extensions.as_mut().is_some_and(|all| all.remove("x-list").is_some());
    kinds.extend(if is_list { &WITH_LIST[..] } else { &[] });
    kinds.sort_unstable();
    kinds.dedup();
    let right = operation.extensions.as_ref().and_then(|all| all.get("x-right")).and_then(Value::as_str);
    // What every person may, a key may lack; one's own log-ins are no matter of rights.
    if right.is_some_and(|right| right != "own") {
        kinds.push(ProblemKind::Forbidden);
    }
    let mut by_status: BTreeMap<u16, Vec<ProblemKind>> = BTreeMap::new();
    for kind in kinds {
        let status = door.map_or(kind.status(), |door| (door.status)(kind));
        by_status.entry(status).or_default().push(kind);
    }
    for (status, kinds) in by_status {
        let lines: Vec<_> =
            kinds.iter().map(|kind| format!("`{}`: {}.", kind.reference(), kind.title())).collect();
        let response = ResponseBuilder::new()
            .description(lines.join(" "))
            .content(
                if door.is_some() { "application/json" } else { "application/problem+json" },
                problem_content(door),
            )
            .build();
        operation.responses.responses.insert(status.to_string(), RefOr::T(response));
    }
}

/// Every POST in a domain takes a key of its client's choice.
fn add_idempotency(operation: &mut Operation) {
    let text = "A key of your choice, for example a UUID. The same request with the same key is done once: for a day \
                its answer is that of the first, with `Idempotency-Replayed: true`. A request that was refused changed \
                nothing, and is done anew.";
    let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[!-~]{1,255}$"));
    let parameter = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(text))
        .schema(Some(schema));
    operation.parameters.get_or_insert_default().push(RefOr::T(parameter.build()));
}

fn problem_content(door: Option<&Door>) -> Content {
    let shape = door.map_or_else(ProblemBody::name, |door| door.shape.into());
    ContentBuilder::new().schema(Some(Ref::from_schema_name(shape))).build()
}

/// The document of the event messages (AsyncAPI 3), as `openapi/events.v1.json` has it.
#[must_use]
pub fn events_document() -> Value {
    let mut schemas = Vec::new();
    SnapshotMessage::schemas(&mut schemas);
    EventMessage::schemas(&mut schemas);
    schemas.push((SnapshotMessage::name().into(), SnapshotMessage::schema()));
    schemas.push((EventMessage::name().into(), EventMessage::schema()));
    let schemas: BTreeMap<String, Value> = schemas
        .into_iter()
        .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()))
        .collect();
    let message = |name: &str, text: &str| {
        json!({ "name": name, "summary": text, "contentType": "application/json",
                "payload": { "$ref": format!("#/components/schemas/{name}") } })
    };
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Cordboard events",
            "version": "1",
            "description": "The messages of the event socket. The first is a snapshot; then one message per event, `seq` without gaps. Replacing the objects of a message by their key (agents by `extension`, or by `id` where that is null; queues by `number`; calls by `id`), removing `calls_ended`, and starting over where `whole` is true gives at every moment what a new snapshot would, field by field. Fields that are left out of an event message are empty lists or false.",
        },
        "channels": {
            "events": {
                "address": "/v1/domains/{domain}/events",
                "parameters": { "domain": { "description": "The domain's name, or `~` for the login's own" } },
                "messages": {
                    "snapshot": message(&SnapshotMessage::name(), "Everything as it stands"),
                    "event": message(&EventMessage::name(), "One event, and everything that it changed"),
                },
            },
        },
        "operations": {
            "follow": { "action": "send", "channel": { "$ref": "#/channels/events" } },
        },
        "components": { "schemas": schemas },
    })
}
