//! Playlists: names that stand for several prompts, heard one after the other.

use std::collections::BTreeMap;

use model::TenantId;
use serde::Serialize;
use sqlx::SqliteConnection;

use crate::error::StoreError;
use crate::sql::{self, from_json, signed, to_json};
use crate::store::Store;

/// Several prompts under one name, which may stand wherever that of a prompt may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Playlist {
    /// Its name, like a prompt's.
    pub name: String,
    /// The names of prompts, in their order, at least one.
    pub prompts: Vec<String>,
}

impl Store {
    /// The playlists of a domain: the names of their prompts by their own.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn playlists(&self, tenant: TenantId) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
        let mut tx = self.begin_read().await?;
        Ok(list(&mut tx, tenant).await?.into_iter().map(|row| (row.name, row.prompts)).collect())
    }
}

/// The playlists of a domain, by name.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<Playlist>, StoreError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT name, prompts_json FROM playlists WHERE tenant = $1 ORDER BY name")
            .bind(signed(tenant.0))
            .fetch_all(conn)
            .await?;
    let playlist = |(name, prompts): (String, String)| {
        Ok(Playlist { name, prompts: from_json(&prompts, "prompts of a playlist")? })
    };
    rows.into_iter().map(playlist).collect()
}

/// Makes or changes a playlist.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    playlist: &Playlist,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO playlists (tenant, name, prompts_json) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, name) DO UPDATE SET prompts_json = excluded.prompts_json",
    )
    .bind(signed(tenant.0))
    .bind(&playlist.name)
    .bind(to_json(&playlist.prompts)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a playlist.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    name: &str,
) -> Result<(), StoreError> {
    sql::remove(conn, "DELETE FROM playlists WHERE tenant = $1 AND name = $2", tenant, name).await
}
