//! A domain as its provisioning document: what a user keeps, edits and applies.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use super::edit::{Object, SETTINGS, Section};
use super::render;
use super::yaml::{Node, Value, write};
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

    /// The entries of a list, by key.
    ///
    /// # Errors
    /// As [`Self::to_yaml`].
    pub fn entries(&self, section: Section) -> Result<Vec<Entry>, StoreError> {
        let entries = self.list(section.name()).iter().map(|node| self.entry(section.key_parts(node), node));
        let mut entries: Vec<Entry> = entries.collect::<Result<_, _>>()?;
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(entries)
    }

    /// One thing; none if it is not there. The domain's own settings are always there.
    ///
    /// # Errors
    /// As [`Self::to_yaml`].
    pub fn find(&self, object: &Object) -> Result<Option<Entry>, StoreError> {
        let Some(section) = object.section() else {
            let mut settings = Node::new(Value::Map(Vec::new()));
            if let (Value::Map(all), Value::Map(own)) = (&self.tree.value, &mut settings.value) {
                own.extend(all.iter().filter(|(key, _)| SETTINGS.contains(&key.name.as_str())).cloned());
            }
            return self.entry(Vec::new(), &settings).map(Some);
        };
        let Object::Member { queue, agent } = object else {
            let found = self.list(section.name()).iter().find(|node| object.identity().is(node));
            return found.map(|node| self.entry(section.key_parts(node), node)).transpose();
        };
        let identity = Object::Queue(queue.clone()).identity();
        let Some(queue) = self.list(section.name()).iter().find(|node| identity.is(node)) else {
            return Ok(None);
        };
        let member = list_of(queue, "members").iter().find(|node| object.identity().is(node));
        member.map(|member| self.entry(vec![agent.clone()], member)).transpose()
    }

    fn list(&self, name: &str) -> &[Node] {
        list_of(&self.tree, name)
    }

    fn entry(&self, key: Vec<String>, node: &Node) -> Result<Entry, StoreError> {
        let text = write::to_json(node).map_err(|text| self.unwritten(&text))?;
        let value = serde_json::from_str(&text).map_err(|error| self.unwritten(&error.to_string()));
        let value: serde_json::Value = value?;
        // A group is its name, and is shown as it is edited.
        let value = if value.is_string() { serde_json::json!({ "name": value }) } else { value };
        Ok(Entry { key, value, tag: tag_of(&text) })
    }

    fn unwritten(&self, text: &str) -> StoreError {
        StoreError::corrupt("the document of a domain", format!("{}: {text}", self.domain))
    }
}

/// One thing of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its key, in one part or two.
    pub key: Vec<String>,
    /// What the document says of it.
    pub value: serde_json::Value,
    /// Differs as soon as the value does.
    pub tag: String,
}

/// The tag of a thing as it stands in the document; none if it cannot be written.
pub(super) fn tag(node: &Node) -> Option<String> {
    write::to_json(node).ok().map(|text| tag_of(&text))
}

fn tag_of(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A field of a mapping that is a list.
fn list_of<'a>(node: &'a Node, name: &str) -> &'a [Node] {
    if let Value::Map(entries) = &node.value
        && let Some((_, Node { value: Value::List(list), .. })) =
            entries.iter().find(|(key, _)| key.name == name)
    {
        return list;
    }
    &[]
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
