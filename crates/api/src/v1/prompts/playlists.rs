//! `GET /v1/domains/{domain}/playlists`.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::prompts::UsedPlaylist;
use crate::state::App;

/// Several prompts under one name, heard one after the other.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaylistItem {
    /// What queues and flows call it.
    #[schema(example = "jazz")]
    name: String,
    /// Names of prompts, in their order.
    #[schema(example = json!(["tune-1", "tune-2"]))]
    prompts: Vec<String>,
    /// Where it is played.
    #[schema(example = json!(["queue 8000 moh"]))]
    used_by: Vec<String>,
}

impl From<UsedPlaylist> for PlaylistItem {
    fn from(UsedPlaylist { playlist, used_by }: UsedPlaylist) -> Self {
        Self { name: playlist.name, prompts: playlist.prompts, used_by }
    }
}

/// Lists the playlists
///
/// By name, each with where it is played. A playlist may be named wherever a prompt may.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/playlists", tag = "prompts", operation_id = "playlists_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "All playlists", body = List<PlaylistItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-list" = json!({"sort": ["name"], "id": ["name"], "q": ["name", "prompts"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let playlists = app.prompts.playlists(access.tenant()).await?;
    listing.of_all(playlists.into_iter().map(PlaylistItem::from))
}
