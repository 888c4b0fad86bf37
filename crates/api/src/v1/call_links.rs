//! `GET /v1/call-links/{domain}/{link}`, `POST /v1/call-links/{domain}/{link}/tickets`: what a guest's page asks, who
//! has no log-in. A link that leads to nobody looks the same whatever the reason is.

use std::net::{IpAddr, Ipv4Addr};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::AgentStatus;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::login::{self, Peer};
use crate::guests::{self, Called, NAME_MAX, UNUSED_FOR};
use crate::json::Body;
use crate::path::InPath;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// `…/call-links/{domain}/{link}`.
#[derive(Deserialize)]
pub(crate) struct LinkPath {
    domain: String,
    link: String,
}

/// Whom a call link leads to.
#[derive(Serialize, ToSchema)]
pub(crate) struct CallLinkItem {
    /// Her full name.
    #[schema(example = "Ann Ash")]
    name: String,
    /// Her domain.
    #[schema(example = "acme.test")]
    domain: String,
}

/// Who wants to call.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TicketBody {
    /// What he calls himself; who is called sees it.
    #[schema(example = "Bob Birch", max_length = 64)]
    name: Option<String>,
}

/// What a page needs to make one call as a guest.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketItem {
    /// Opens the socket.
    #[schema(example = "Zm9yIGV4YW1wbGU")]
    ticket: String,
    /// The address to call from.
    #[schema(example = "sip:guest-1a2b3c4d5e6f@acme.test")]
    sip_uri: String,
    /// The address to call. Any other leads to the same agent.
    #[schema(example = "sip:ann@acme.test")]
    dial: String,
    /// Where on this server SIP is spoken over WebSocket.
    #[schema(example = "/sip")]
    websocket: &'static str,
    /// How soon the socket is to be opened, and after a lost one the next, seconds.
    #[schema(example = 60)]
    seconds: u64,
}

/// Says whom a call link leads to
///
/// For the page of the link, whose guests have no log-in. How often an address may ask is bounded.
#[utoipa::path(
    get, path = "/v1/call-links/{domain}/{link}", tag = "guests", operation_id = "call_link",
    params(
        ("domain" = String, Path, description = "The domain's name", example = "acme.test"),
        ("link" = String, Path, description = "`call_link` of an agent", example = "ann"),
    ),
    responses((status = 200, description = "Whom it leads to", body = CallLinkItem)),
    security(()),
    extensions(("x-problems" = json!(["unknown_call_link", "too_many_requests", "busy", "storage_failed"])))
)]
pub(crate) async fn show(
    State(app): State<App>,
    peer: Peer,
    InPath(path): InPath<LinkPath>,
) -> Result<Json<CallLinkItem>, Problem> {
    app.guests.look(address(&peer), app.clock.now())?;
    let (called, name) = find(&app, &path).await?;
    Ok(Json(CallLinkItem { name, domain: called.domain }))
}

/// Lets a guest call by a link
///
/// The page opens `websocket` with the subprotocol `sip` (RFC 7118) and the ticket as another one, `guest.<ticket>`. It
/// does not register: it sends one INVITE from `sip_uri`, which rings the agent as if her extension had been dialed. A
/// ticket is good for one call, one socket at a time, and after a lost socket for the next one.
#[utoipa::path(
    post, path = "/v1/call-links/{domain}/{link}/tickets", tag = "guests", operation_id = "call_link_ticket",
    params(
        ("domain" = String, Path, description = "The domain's name", example = "acme.test"),
        ("link" = String, Path, description = "`call_link` of an agent", example = "ann"),
    ),
    request_body = TicketBody,
    responses((status = 201, description = "He may call", body = TicketItem)),
    security(()),
    extensions(("x-problems" = json!([
        "unknown_call_link", "no_browser_phones", "invalid_body", "too_many_requests", "too_large", "too_slow", "busy",
        "storage_failed"
    ])))
)]
pub(crate) async fn ticket(
    State(app): State<App>,
    peer: Peer,
    InPath(path): InPath<LinkPath>,
    Body(body): Body<TicketBody>,
) -> Result<(StatusCode, Json<TicketItem>), Problem> {
    let (from, now) = (address(&peer), app.clock.now());
    app.guests.look(from, now)?;
    let name = body.name.as_deref().map(str::trim).unwrap_or_default();
    if name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        let detail = format!("`name` can have {NAME_MAX} characters, and none that cannot be seen");
        return Err(Problem::new(ProblemKind::InvalidBody, detail));
    }
    let (called, _) = find(&app, &path).await?;
    let websocket = app.phone_socket.ok_or_else(|| Problem::plain(ProblemKind::NoBrowserPhones))?;
    let domain = called.domain.clone();
    let ticket = app.guests.make(called, name.to_owned(), from, now)?;
    let item = TicketItem {
        sip_uri: format!("sip:{}@{domain}", guests::user(&ticket)),
        dial: format!("sip:{}@{domain}", path.link),
        ticket,
        websocket,
        seconds: UNUSED_FOR.as_secs(),
    };
    Ok((StatusCode::CREATED, Json(item)))
}

/// Whom a link leads to now, and her name.
async fn find(app: &App, path: &LinkPath) -> Result<(Called, String), Problem> {
    let unknown = || Problem::plain(ProblemKind::UnknownCallLink);
    let domains = app.storage.domains().await?;
    let named = domains.into_iter().find(|(_, name)| path.domain.eq_ignore_ascii_case(name));
    let (tenant, domain) = named.ok_or_else(unknown)?;
    let switch = app.switch.whole();
    let directory = switch.provisioned(tenant).await?;
    let has_it = |agent: &&model::Agent| agent.call_link.as_ref().is_some_and(|link| link.name == path.link);
    let agent = directory.agents.values().find(has_it).ok_or_else(unknown)?;
    let active = agent.status == AgentStatus::Active;
    let extension = agent.extension.clone().filter(|_| active).ok_or_else(unknown)?;
    let view = switch.agent(tenant, agent.id).await?;
    let link = view.and_then(|view| view.call_link);
    link.filter(|link| !link.private).ok_or_else(unknown)?;
    Ok((Called { tenant, domain, extension }, agent.name.clone()))
}

fn address(peer: &Peer) -> IpAddr {
    login::address(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}
