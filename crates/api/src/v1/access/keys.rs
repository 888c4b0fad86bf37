//! Keys of programs: `GET`, `POST …/api-keys`, `DELETE …/api-keys/{key}`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::{Right, Rights, Timestamp};
use serde::{Deserialize, Serialize};
use store::{ApiKey, KeyError, KeyWish};
use utoipa::ToSchema;

use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::page::{List, Listed, Listing};
use crate::path::{InPath, shown};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::time::Time;
use crate::v1::auth::RightWord;

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyBody {
    /// Its name, unique in the domain.
    #[schema(example = "crm", min_length = 1, max_length = 64)]
    name: String,
    /// What it may do: rights that the maker has herself, all but `own`.
    #[schema(min_items = 1, example = json!(["read"]))]
    rights: Vec<RightWord>,
    /// Networks that it may come from; from everywhere if empty.
    #[serde(default)]
    #[schema(max_items = 32, example = json!(["192.0.2.0/24"]))]
    networks: Vec<String>,
    /// When it ends by itself; never unless set.
    #[schema(value_type = Option<String>, format = DateTime, example = "2027-01-01T00:00:00Z")]
    expires_at: Option<String>,
}

/// A key, without the key itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyItem {
    /// By which it is removed.
    #[schema(example = "3")]
    id: String,
    /// Its name.
    #[schema(example = "crm")]
    name: String,
    /// Its first characters, to know it again.
    #[schema(example = "cb_Zm9yI")]
    hint: String,
    /// What it may do.
    rights: Vec<RightWord>,
    /// Networks that it may come from; from everywhere if empty.
    #[schema(example = json!(["192.0.2.0/24"]))]
    networks: Vec<String>,
    /// Since when.
    created_at: Time,
    /// Who made it.
    #[schema(example = "Ada Bay")]
    created_by: String,
    /// When it ends by itself; null: never.
    expires_at: Option<Time>,
    /// When it was last used, to the minute; null: never.
    used_at: Option<Time>,
    /// From where it was last used.
    #[schema(example = "192.0.2.7")]
    used_from: Option<String>,
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewKeyItem {
    /// The key. It cannot be shown again.
    #[schema(example = "cb_Zm9yIGV4YW1wbGUgb25seSwgbm90IGEga2V5ISEhISE")]
    key: String,
    /// What is kept of it.
    #[serde(flatten)]
    item: KeyItem,
}

impl From<ApiKey> for KeyItem {
    fn from(key: ApiKey) -> Self {
        let KeyWish { name, rights, networks, expires_at } = key.wish;
        let (used_at, used_from) = key.used.map_or((None, None), |(at, from)| (Some(Time(at)), Some(from)));
        Self {
            id: key.id.to_string(),
            name,
            hint: key.hint,
            rights: rights.iter().map(RightWord::from).collect(),
            networks,
            created_at: key.created_at.into(),
            created_by: key.created_by,
            expires_at: expires_at.map(Time),
            used_at,
            used_from: used_from.filter(|from| !from.is_empty()),
        }
    }
}

/// `…/api-keys/{key}`.
#[derive(Deserialize)]
pub(crate) struct KeyPath {
    key: String,
}

/// Lists the keys of programs
///
/// By name. The keys themselves are not kept.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/api-keys", tag = "access", operation_id = "api_keys_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "The keys", body = List<KeyItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("access")),
        ("x-list" = json!({"sort": ["name", "created_at", "expires_at", "used_at"], "id": ["id"], "q": ["name", "created_by"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let keys = app.storage.keys(access.tenant()).await?;
    listing.of_all(keys.into_iter().map(KeyItem::from))
}

/// Makes a key for a program
///
/// The answer has the key, this once. A program sends it as `Authorization: Bearer cb_…`. It may do what its rights
/// say in this domain, and is nobody's agent.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/api-keys", tag = "access", operation_id = "api_keys_create",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    request_body = KeyBody,
    responses((status = 201, description = "The key", body = NewKeyItem)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("access")),
        ("x-problems" = json!([
            "invalid_body", "invalid_parameter", "unusable_key", "entry_exists", "keys_full", "too_large", "too_slow"
        ]))
    )
)]
pub(crate) async fn create(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    Body(body): Body<KeyBody>,
) -> Result<(StatusCode, Json<NewKeyItem>), Problem> {
    let rights: Rights = body.rights.iter().map(|word| Right::from(*word)).collect();
    if let Some(more) = rights.iter().find(|right| !access.identity().may(*right)) {
        let detail = format!("a key may do what its maker may, and `{}` you may not", more.word());
        return Err(Problem::new(ProblemKind::Forbidden, detail));
    }
    let expires_at = body.expires_at.as_deref().map(moment).transpose()?;
    let wish = KeyWish { name: body.name.trim().to_owned(), rights, networks: body.networks, expires_at };
    let by = origin.of(&access);
    let made = app.storage.key_create(access.tenant(), &wish, &by, app.clock.now()).await?;
    let (item, key) = made.map_err(|error| {
        let kind = match &error {
            KeyError::Exists(_) => ProblemKind::EntryExists,
            KeyError::TooMany => ProblemKind::KeysFull,
            KeyError::Unusable(_) => ProblemKind::UnusableKey,
            KeyError::Store(_) => ProblemKind::StorageFailed,
        };
        Problem::new(kind, error.to_string())
    })?;
    Ok((StatusCode::CREATED, Json(NewKeyItem { key: key.reveal().to_owned(), item: item.into() })))
}

/// Removes a key
///
/// It is worth nothing from now on; its event sockets are closed at their next ping.
#[utoipa::path(
    delete, path = "/v1/domains/{domain}/api-keys/{key}", tag = "access", operation_id = "api_keys_remove",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("key" = String, Path, description = "The key's id", example = "3"),
    ),
    responses((status = 204, description = "It is removed")),
    security(("bearer" = [])),
    extensions(("x-right" = json!("access")), ("x-problems" = json!(["unknown_key", "invalid_parameter"])))
)]
pub(crate) async fn remove(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<KeyPath>,
) -> Result<StatusCode, Problem> {
    let unknown = || {
        let detail = format!("there is no key `{}`", shown(&path.key));
        Problem::new(ProblemKind::UnknownKey, detail)
    };
    let id: u64 = path.key.parse().map_err(|_| unknown())?;
    let by = origin.of(&access);
    if app.storage.key_remove(access.tenant(), id, &by, app.clock.now()).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(unknown())
    }
}

fn moment(text: &str) -> Result<Timestamp, Problem> {
    let parsed = text.parse::<jiff::Timestamp>().map_err(|_| {
        let detail =
            format!("`expires_at` is `{}`; a moment is written like 2027-01-01T00:00:00Z", shown(text));
        Problem::new(ProblemKind::UnusableKey, detail)
    })?;
    Ok(Timestamp(parsed.as_microsecond()))
}
