//! A domain as its provisioning document: what a user keeps, edits and applies.

use std::path::Path;

use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use super::render;
use super::yaml::{Node, write};
use crate::directory::Snapshot;
use crate::error::{OpenError, StoreError};
use crate::store::{self, Store};
use crate::tenant::TenantRow;

/// A domain's provisioning document. Secrets are not in it, nor what was uploaded or recorded.
#[derive(Clone, Debug)]
pub struct Document {
    domain: String,
    tree: Node,
}

impl Document {
    /// The document of these rows.
    pub(crate) fn of(rows: &Snapshot) -> Result<Self, StoreError> {
        Ok(Self { domain: rows.tenant.name.clone(), tree: render::document(rows)? })
    }

    /// The domain it is about.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// As YAML, in the schema's order.
    ///
    /// # Errors
    /// If it cannot be written, which is a fault of this program.
    pub fn to_yaml(&self) -> Result<String, StoreError> {
        write::to_yaml(&self.tree).map_err(|text| self.unwritten(&text))
    }

    /// As JSON, in the schema's order.
    ///
    /// # Errors
    /// As [`Self::to_yaml`].
    pub fn to_json(&self) -> Result<String, StoreError> {
        write::to_json(&self.tree).map_err(|text| self.unwritten(&text))
    }

    fn unwritten(&self, text: &str) -> StoreError {
        StoreError::corrupt("the document of a domain", format!("{}: {text}", self.domain))
    }
}

/// Why the document of a data directory could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadDataError {
    /// There is no such database, it is of another version, or it is broken.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No such domain.
    #[error("there is no domain {0}; these are there: {1}")]
    UnknownDomain(String, String),
    /// No domain at all.
    #[error("there is no domain yet; `cordboard apply FILE` makes one")]
    NoDomain,
}

impl Document {
    /// Reads the document of a domain, the first one made unless named, from a data directory. A server may be at
    /// work on it: the directory's lock is not taken, and nothing is written.
    ///
    /// # Errors
    /// [`ReadDataError`]
    pub async fn read(data_dir: &Path, domain: Option<&str>) -> Result<Self, ReadDataError> {
        let mut conn = store::open_to_read(data_dir).await?;
        let document = Self::read_from(&mut conn, domain).await;
        // All is read: what closing says changes nothing.
        drop(conn.close().await);
        document
    }

    async fn read_from(conn: &mut SqliteConnection, domain: Option<&str>) -> Result<Self, ReadDataError> {
        // One transaction, so that a change under way is seen whole or not at all.
        let mut tx = conn.begin().await.map_err(StoreError::from)?;
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM tenants ORDER BY id")
            .fetch_all(&mut *tx)
            .await
            .map_err(StoreError::from)?;
        let first = names.first().ok_or(ReadDataError::NoDomain)?;
        let name = domain.map_or_else(|| first.clone(), str::to_ascii_lowercase);
        let found = crate::tenant::find(&mut tx, &name).await?;
        let Some(TenantRow { tenant, revision: _ }) = found else {
            return Err(ReadDataError::UnknownDomain(name, names.join(", ")));
        };
        Ok(Self::of(&Snapshot::load(&mut tx, tenant).await?)?)
    }
}

impl Store {
    /// The provisioning document of a domain; none if there is no such domain.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn document(&self, domain: &str) -> Result<Option<Document>, StoreError> {
        let mut tx = self.begin_read().await?;
        let found = crate::tenant::find(&mut tx, &domain.to_ascii_lowercase()).await?;
        let Some(TenantRow { tenant, revision: _ }) = found else { return Ok(None) };
        Document::of(&Snapshot::load(&mut tx, tenant).await?).map(Some)
    }
}
