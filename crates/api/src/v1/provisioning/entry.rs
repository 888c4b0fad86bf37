//! One thing of a domain: `GET`, `PUT`, `PATCH`, `DELETE /v1/domains/{domain}/provisioning/{section}/{key}`. Prompts and
//! exclusive numbers have keys in two parts, members stand below their queue, the domain's own settings have no key.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::ETAG;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use store::provisioning::Change;

use super::change::{ChangeParams, change_one};
use super::place::{EntryOfTwoPath, EntryPath, MemberPath, Names, SettingsPath, edit, etag, unknown};
use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::path::{InPath, Params};
use crate::problem::Problem;
use crate::provisioning::Provisioned;
use crate::state::App;

async fn fetch(app: &App, access: &Access, path: &impl Names) -> Result<Response, Problem> {
    let object = path.object()?;
    let found = app.provisioner.entry(&access.identity().domain, &object).await?;
    let entry = found.ok_or_else(|| unknown(&object))?;
    Ok(([(ETAG, etag(&entry))], Json(entry.value)).into_response())
}

async fn alter(
    app: &App,
    access: &Access,
    origin: Origin,
    path: &impl Names,
    (change, params, headers): (Change, &ChangeParams, &HeaderMap),
) -> Result<Json<Provisioned>, Problem> {
    let edit = edit(path.object()?, change, headers)?;
    change_one(app, access, origin, (edit, params)).await.map(Json)
}

/// The removal, in the module of its path.
macro_rules! removal {
    (always_there, $($rest:tt)*) => {};
    (removable, $path_type:ty, $path:literal, $id:literal, $what:literal, ($($param:tt)*)) => {
        /// Removes it.
        #[utoipa::path(
            delete, path = $path, tag = "provisioning", operation_id = concat!($id, "_delete"),
            summary = concat!("Removes ", $what),
            description = "Refused while something else points to it: the faults name what does. With `If-Match` only if it is still what that `ETag` was of.",
            params($($param)*, ChangeParams),
            responses((status = 200, description = "What came of it", body = Provisioned)),
            security(("bearer" = [])),
            extensions(
                ("x-right" = json!("provisioning")),
                ("x-problems" = json!([
                    "not_found", "unknown_entry", "entry_changed", "invalid_change", "stale_plan",
                    "invalid_parameter"
                ]))
            )
        )]
        pub(crate) async fn delete(
            State(app): State<App>,
            access: Access,
            origin: Origin,
            InPath(path): InPath<$path_type>,
            Params(params): Params<ChangeParams>,
            headers: HeaderMap,
        ) -> Result<Json<Provisioned>, Problem> {
            alter(&app, &access, origin, &path, (Change::Remove, &params, &headers)).await
        }
    };
}

/// The operations of one kind of path.
macro_rules! operations {
    ($module:ident, $removal:ident, $path_type:ty, $path:literal, $id:literal, $what:literal, ($($param:tt)*)) => {
        pub(crate) mod $module {
            use super::*;

            /// Gives it.
            #[utoipa::path(
                get, path = $path, tag = "provisioning", operation_id = concat!($id, "_get"),
                summary = concat!("Gives ", $what),
                description = "As the provisioning file has it, without its secrets. `ETag` differs as soon as the value does.",
                params($($param)*),
                responses((status = 200, description = "As it is provisioned", body = Value)),
                security(("bearer" = [])),
                extensions(("x-right" = json!("configuration")), ("x-problems" = json!(["not_found", "unknown_entry"])))
            )]
            pub(crate) async fn get(
                State(app): State<App>,
                access: Access,
                InPath(path): InPath<$path_type>,
            ) -> Result<Response, Problem> {
                fetch(&app, &access, &path).await
            }

            /// Makes or replaces it.
            #[utoipa::path(
                put, path = $path, tag = "provisioning", operation_id = concat!($id, "_put"),
                summary = concat!("Makes or replaces ", $what),
                description = "The body is the whole of it as the provisioning file has it; what it leaves out has its default, but a secret stays. With `If-Match` only if it is still what that `ETag` was of.",
                params($($param)*, ChangeParams),
                request_body(content = Value),
                responses((status = 200, description = "What came of it", body = Provisioned)),
                security(("bearer" = [])),
                extensions(
                    ("x-right" = json!("provisioning")),
                    ("x-problems" = json!([
                        "not_found", "unknown_entry", "entry_changed", "invalid_change", "stale_plan",
                        "invalid_parameter", "invalid_body", "too_large"
                    ]))
                )
            )]
            pub(crate) async fn put(
                State(app): State<App>,
                access: Access,
                origin: Origin,
                InPath(path): InPath<$path_type>,
                Params(params): Params<ChangeParams>,
                headers: HeaderMap,
                Body(value): Body<Value, true>,
            ) -> Result<Json<Provisioned>, Problem> {
                alter(&app, &access, origin, &path, (Change::Put(value), &params, &headers)).await
            }

            /// Changes it.
            #[utoipa::path(
                patch, path = $path, tag = "provisioning", operation_id = concat!($id, "_patch"),
                summary = concat!("Changes ", $what),
                description = "The body is a JSON merge patch (RFC 7396): the fields to change, null for those that shall have their default again. Another number or name renames it. With `If-Match` only if it is still what that `ETag` was of.",
                params($($param)*, ChangeParams),
                request_body(content = Value),
                responses((status = 200, description = "What came of it", body = Provisioned)),
                security(("bearer" = [])),
                extensions(
                    ("x-right" = json!("provisioning")),
                    ("x-problems" = json!([
                        "not_found", "unknown_entry", "entry_changed", "invalid_change", "stale_plan",
                        "invalid_parameter", "invalid_body", "too_large"
                    ]))
                )
            )]
            pub(crate) async fn patch(
                State(app): State<App>,
                access: Access,
                origin: Origin,
                InPath(path): InPath<$path_type>,
                Params(params): Params<ChangeParams>,
                headers: HeaderMap,
                Body(value): Body<Value, true>,
            ) -> Result<Json<Provisioned>, Problem> {
                alter(&app, &access, origin, &path, (Change::Patch(value), &params, &headers)).await
            }

            removal!($removal, $path_type, $path, $id, $what, ($($param)*));
        }
    };
}

operations!(
    one,
    removable,
    EntryPath,
    "/v1/domains/{domain}/provisioning/{section}/{key}",
    "provisioning_entry",
    "an entry",
    (
        (
            "domain" = String,
            Path,
            description = "The domain's name, or `~` for the login's own",
            example = "~"
        ),
        ("section" = String, Path, description = "A list of the provisioning file", example = "queues"),
        ("key" = String, Path, description = "Its number, extension or name", example = "8000")
    )
);
operations!(
    of_two,
    removable,
    EntryOfTwoPath,
    "/v1/domains/{domain}/provisioning/{section}/{key}/{second}",
    "provisioning_entry_of_two",
    "a prompt or an exclusive number",
    (
        (
            "domain" = String,
            Path,
            description = "The domain's name, or `~` for the login's own",
            example = "~"
        ),
        ("section" = String, Path, description = "`prompts` or `exclusive_numbers`", example = "prompts"),
        ("key" = String, Path, description = "The prompt's language, or the caller's number", example = "de"),
        (
            "second" = String,
            Path,
            description = "The prompt's name, or the queue's number",
            example = "welcome"
        )
    )
);
operations!(
    member,
    removable,
    MemberPath,
    "/v1/domains/{domain}/provisioning/queues/{queue}/members/{agent}",
    "provisioning_member",
    "a queue's member",
    (
        (
            "domain" = String,
            Path,
            description = "The domain's name, or `~` for the login's own",
            example = "~"
        ),
        ("queue" = String, Path, description = "The queue's number", example = "8000"),
        ("agent" = String, Path, description = "The agent's extension", example = "1001")
    )
);
operations!(
    settings,
    always_there,
    SettingsPath,
    "/v1/domains/{domain}/provisioning/settings",
    "provisioning_settings",
    "the domain's own settings",
    (("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"))
);
