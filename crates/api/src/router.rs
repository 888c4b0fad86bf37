//! Everything that is served.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::doors::ami::Ami;
use crate::doors::{netsapiens, portsip, rocketchat};
use crate::guests::Guests;
use crate::live::socket;
use crate::phones::Phones;
use crate::problem::{Problem, ProblemKind};
use crate::state::{App, AppState, Shared};
use crate::v1::provisioning::{entries, entry, import, members};
use crate::v1::{
    access, agents, audit, auth, business_hours, call_links, calls, dispositions, domain, flows, limits,
    mailboxes, night_mode, not_ready_codes, numbers, prompts, provisioning, queues, reports, ring_groups,
    trunks, webhooks,
};
use crate::{envelope, idempotency, openapi, probe, web};

/// The router of a server. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that logins
/// are throttled by address.
pub fn router(state: AppState) -> Router {
    serve(state).router
}

/// What is served, and what goes with it.
pub struct Served {
    /// Every path.
    pub router: Router,
    /// The manager interface of the same server, which may be served on a port of its own.
    pub ami: Ami,
    /// Whose phone a request is of, for whoever serves phones.
    pub phones: Phones,
    /// The guest that a request is of, for the same.
    pub guests: Guests,
}

/// Paths that others serve, with what every answer of ours carries: a request id, and a problem document for
/// whatever is refused.
pub fn enveloped(router: Router) -> Router {
    router.layer(from_fn(envelope::finish))
}

/// The router with what goes with it.
pub fn serve(state: AppState) -> Served {
    let (operations, document) = operations().split_for_parts();
    let document = openapi::finished(document);
    let body_bytes_max = state.limits.body_bytes_max;
    let app = Shared::new(state, &document);
    let router = operations
        .layer(from_fn_with_state(app.clone(), idempotency::once))
        .merge(web::router())
        .fallback(web::otherwise)
        .method_not_allowed_fallback(async || Problem::plain(ProblemKind::MethodNotAllowed))
        .layer(DefaultBodyLimit::max(body_bytes_max))
        .layer(from_fn(envelope::finish))
        .with_state(app.clone());
    Served { router, ami: Ami(app.clone()), phones: Phones(app.clone()), guests: Guests(app) }
}

/// Every documented operation, one line each.
pub(crate) fn operations() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::base())
        .merge(entrance())
        .merge(live_state())
        .merge(provisioned())
        .merge(doors())
}

/// The server itself, and who may come in.
fn entrance() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(probe::healthz))
        .routes(routes!(probe::readyz))
        .routes(routes!(probe::metrics))
        .routes(routes!(auth::login::login))
        .routes(routes!(auth::logout::logout))
        .routes(routes!(auth::me::me))
        .routes(routes!(auth::phone::phone))
        .routes(routes!(auth::setup::setup))
        .routes(routes!(auth::invitation::show))
        .routes(routes!(auth::invitation::accept))
        .routes(routes!(call_links::show))
        .routes(routes!(call_links::ticket))
        .routes(routes!(auth::oidc::offer))
        .routes(routes!(auth::oidc::start))
        .routes(routes!(auth::oidc::callback::callback))
        .routes(routes!(auth::oidc::redeem))
        .routes(routes!(auth::sessions::list))
        .routes(routes!(auth::sessions::end))
        .routes(routes!(auth::totp::offer, auth::totp::remove))
        .routes(routes!(auth::totp::confirm))
        .routes(routes!(access::keys::list, access::keys::create))
        .routes(routes!(access::keys::remove))
        .routes(routes!(access::sessions::list))
        .routes(routes!(access::sessions::end))
        .routes(routes!(access::second_factor::remove))
        .routes(routes!(agents::invitation::get, agents::invitation::create, agents::invitation::remove))
}

/// What is happening, and what somebody wants to happen.
fn live_state() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(agents::list::list))
        .routes(routes!(agents::log::list))
        .routes(routes!(agents::intervals::list))
        .routes(routes!(agents::get::get))
        .routes(routes!(agents::login::login))
        .routes(routes!(agents::logout::logout))
        .routes(routes!(agents::ready::ready))
        .routes(routes!(agents::not_ready::not_ready))
        .routes(routes!(agents::single_call::single_call))
        .routes(routes!(agents::wrap_up::wrap_up))
        .routes(routes!(agents::more_time::more_time))
        .routes(routes!(agents::call::call))
        .routes(routes!(agents::why_no_call::why_no_call))
        .routes(routes!(agents::reach::get, agents::reach::patch))
        .routes(routes!(domain::list))
        .routes(routes!(domain::get))
        .routes(routes!(limits::get, limits::put))
        .routes(routes!(night_mode::of_domain))
        .routes(routes!(business_hours::list))
        .routes(routes!(not_ready_codes::list))
        .routes(routes!(dispositions::list))
        .routes(routes!(flows::list::list))
        .routes(routes!(flows::get::get))
        .routes(routes!(numbers::list::list))
        .routes(routes!(numbers::what_if::what_if))
        .routes(routes!(ring_groups::list))
        .routes(routes!(queues::list::list))
        .routes(routes!(queues::get::get))
        .routes(routes!(queues::waiting::waiting))
        .routes(routes!(queues::waiting::why::why))
        .routes(routes!(queues::waiting::pickup::pickup))
        .routes(routes!(queues::waiting::moving::moving))
        .routes(routes!(queues::statistics::statistics))
        .routes(routes!(queues::intervals::list))
        .routes(routes!(night_mode::of_queue))
        .routes(routes!(calls::list::list))
        .routes(routes!(calls::get::get, calls::hang_up::hang_up))
        .routes(routes!(calls::recording::get, calls::recording::delete))
        .routes(routes!(calls::hold::hold))
        .routes(routes!(calls::hold::unhold))
        .routes(routes!(calls::answer::answer))
        .routes(routes!(calls::digits::digits))
        .routes(routes!(calls::transfer::transfer))
        .routes(routes!(calls::why::why))
        .routes(routes!(calls::disposition::put))
        .routes(routes!(mailboxes::list::list))
        .routes(routes!(mailboxes::messages::messages))
        .routes(routes!(mailboxes::audio::audio))
        .routes(routes!(mailboxes::greeting::get, mailboxes::greeting::put, mailboxes::greeting::delete))
        .routes(routes!(mailboxes::read::read))
        .routes(routes!(mailboxes::unread::unread))
        .routes(routes!(mailboxes::delete::delete))
        .routes(routes!(socket::events))
}

/// What a domain is.
fn provisioned() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(provisioning::provision, provisioning::document::document, provisioning::bulk::patch))
        .routes(routes!(entry::settings::get, entry::settings::put, entry::settings::patch))
        .routes(routes!(members::list))
        .routes(routes!(import::agents))
        .routes(routes!(import::extensions))
        .routes(routes!(import::numbers))
        .routes(routes!(import::members))
        .routes(routes!(entries::list, entries::create))
        .routes(routes!(entry::one::get, entry::one::put, entry::one::patch, entry::one::delete))
        .routes(routes!(entry::of_two::get, entry::of_two::put, entry::of_two::patch, entry::of_two::delete))
        .routes(routes!(entry::member::get, entry::member::put, entry::member::patch, entry::member::delete))
        .routes(routes!(provisioning::revert::revert))
        .routes(routes!(audit::list))
        .routes(routes!(trunks::test::test))
        .routes(routes!(webhooks::list::list))
        .routes(routes!(webhooks::deliveries::list))
        .routes(routes!(webhooks::delivery::get))
        .routes(routes!(webhooks::redeliver::redeliver))
        .routes(routes!(webhooks::test::test))
        .routes(routes!(webhooks::resume::resume))
        .routes(routes!(reports::list::list))
        .routes(routes!(reports::send::send))
        .routes(routes!(reports::preview::preview))
        .routes(routes!(reports::document::document))
        .routes(routes!(prompts::list::list))
        .routes(routes!(prompts::playlists::list))
        .routes(routes!(prompts::audio::get, prompts::put::put, prompts::delete::delete))
        .routes(routes!(prompts::audio::audio))
}

/// The ways in of other products' programs.
fn doors() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(netsapiens_operations())
        .merge(rocketchat_operations())
        .merge(portsip_operations())
}

/// Those of NetSapiens' door.
fn netsapiens_operations() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(netsapiens::list::list, netsapiens::list::create))
        .routes(routes!(netsapiens::member::get, netsapiens::member::update, netsapiens::member::delete))
        .routes(routes!(netsapiens::status::patch))
        .routes(routes!(netsapiens::callqueues::list, netsapiens::callqueues::create))
        .routes(routes!(
            netsapiens::callqueues::get,
            netsapiens::callqueues::update,
            netsapiens::callqueues::delete
        ))
        .routes(routes!(netsapiens::statistics::of_queues))
        .routes(routes!(netsapiens::statistics::of_queue))
        .routes(routes!(netsapiens::statistics::of_agents))
        .routes(routes!(netsapiens::statistics::of_agent))
}

/// Those of Rocket.Chat's door.
fn rocketchat_operations() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rocketchat::login::login))
        .routes(routes!(rocketchat::associate::associate))
        .routes(routes!(rocketchat::agent_extension::get, rocketchat::agent_extension::delete))
        .routes(routes!(rocketchat::extensions::numbers))
        .routes(routes!(rocketchat::extensions::list))
        .routes(routes!(rocketchat::agents::available))
        .routes(routes!(rocketchat::queues::summary))
        .routes(routes!(rocketchat::queues::queued_calls))
        .routes(routes!(rocketchat::queues::membership))
        .routes(routes!(rocketchat::connector::list))
        .routes(routes!(rocketchat::connector::details))
        .routes(routes!(rocketchat::connector::registration))
        .routes(routes!(rocketchat::connector::own_registration))
        .routes(routes!(rocketchat::connection::management))
        .routes(routes!(rocketchat::connection::call_server))
}

/// Those of PortSIP's door.
fn portsip_operations() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(portsip::login::login))
        .routes(routes!(portsip::call_queues::list))
        .routes(routes!(portsip::call_queues::get))
        .routes(routes!(portsip::agents::list))
        .routes(routes!(portsip::agents::get))
        .routes(routes!(portsip::status::get, portsip::status::set))
        .routes(routes!(portsip::status::login))
        .routes(routes!(portsip::status::logout))
        .routes(routes!(portsip::waiting::list))
        .routes(routes!(portsip::waiting::pickup))
        .routes(routes!(portsip::wsi::socket::wsi))
}
