//! The audit: who changed what of a domain, when, from where and why. Written in the transaction of the change
//! itself, so neither is there without the other.

use model::{TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::ids::{Counter, take};
use crate::page::{Cursor, Page, Part};
use crate::sql::{from_json, holds, signed, to_json};
use crate::store::Store;

/// Changes that are kept of one domain; the oldest go first.
const KEPT_MAX: u64 = 10_000;
/// Lines that are kept of one change.
const LINES_MAX: usize = 1_000;

/// Who makes a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// A name, or what the server calls them; empty if nobody said.
    pub name: String,
    /// The address that the request came from; empty if it came from this machine's own hands.
    pub address: String,
    /// Why, in the author's words; empty if nobody said.
    pub reason: String,
}

impl Author {
    /// Somebody of whom there is only a name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

/// A change that is not the provisioning's, as the audit is to keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Of which domain.
    pub tenant: TenantId,
    /// When.
    pub at: Timestamp,
    /// Who, from where, and why.
    pub by: Author,
    /// What, in one line that begins with `+`, `-` or `~`.
    pub change: String,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who, from where, and why.
    pub by: Author,
    /// The provisioning's revision after it; none if it is not the provisioning that changed.
    pub revision: Option<i64>,
    /// One line for each thing that came (`+`), went (`-`) or changed (`~`), with what it was and what it is.
    pub changes: Vec<String>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    at: i64,
    who: String,
    address: String,
    reason: String,
    revision: Option<i64>,
    changes_json: String,
}

impl TryFrom<Row> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            at: Timestamp(row.at),
            by: Author { name: row.who, address: row.address, reason: row.reason },
            revision: row.revision,
            changes: from_json(&row.changes_json, "the changes of an audit entry")?,
        })
    }
}

impl Store {
    /// The changes of a domain. The last ten thousand are kept. With a text only those of whom it is in the name, the
    /// address, the reason or the lines, in capitals or not.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn audit(
        &self,
        tenant: TenantId,
        part: Part,
        holding: Option<&str>,
    ) -> Result<Page<AuditEntry>, StoreError> {
        // Few are kept of a domain, so a text is looked for without an index.
        let rows: Vec<Row> = sqlx::query_as(part.statement(
            "SELECT id, at, who, address, reason, revision, changes_json FROM audit
             WHERE tenant = $1 AND id < $2 AND ($3 IS NULL OR
               LOWER(who) LIKE $3 ESCAPE '!' OR LOWER(address) LIKE $3 ESCAPE '!' OR
               LOWER(reason) LIKE $3 ESCAPE '!' OR LOWER(changes_json) LIKE $3 ESCAPE '!')
             ORDER BY id DESC LIMIT $4",
            "SELECT id, at, who, address, reason, revision, changes_json FROM audit
             WHERE tenant = $1 AND id > $2 AND ($3 IS NULL OR
               LOWER(who) LIKE $3 ESCAPE '!' OR LOWER(address) LIKE $3 ESCAPE '!' OR
               LOWER(reason) LIKE $3 ESCAPE '!' OR LOWER(changes_json) LIKE $3 ESCAPE '!')
             ORDER BY id LIMIT $4",
        ))
        .bind(signed(tenant.0))
        .bind(part.place().id)
        .bind(holding.map(holds))
        .bind(part.rows())
        .fetch_all(self.reader())
        .await?;
        let Page { items, next } = part.page(rows, |row| Cursor { at: 0, id: row.id });
        let items = items.into_iter().map(AuditEntry::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }
}

impl Store {
    /// Keeps a change of something that the database does not hold.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn keep_note(&self, kept: &Note) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        note(&mut tx, Some(kept)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Keeps a change, if it is to be kept: what the server's owner does with her own is no domain's.
pub(crate) async fn note(conn: &mut SqliteConnection, note: Option<&Note>) -> Result<(), StoreError> {
    let Some(Note { tenant, at, by, change }) = note else { return Ok(()) };
    append(conn, *tenant, (*at, by), None, std::slice::from_ref(change)).await
}

/// Keeps a change, and lets go of the oldest beyond the limit.
pub(crate) async fn append(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    (now, by): (Timestamp, &Author),
    revision: Option<i64>,
    changes: &[String],
) -> Result<(), StoreError> {
    let id = take(conn, Counter::Change, 1).await?;
    let more = changes.len().saturating_sub(LINES_MAX);
    let mut kept: Vec<&str> = changes.iter().take(LINES_MAX).map(String::as_str).collect();
    let rest = format!("… and {more} more");
    if more > 0 {
        kept.push(&rest);
    }
    sqlx::query(
        "INSERT INTO audit (id, tenant, at, who, address, reason, revision, changes_json)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(signed(id))
    .bind(signed(tenant.0))
    .bind(now.0)
    .bind(&by.name)
    .bind(&by.address)
    .bind(&by.reason)
    .bind(revision)
    .bind(to_json(&kept)?)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "DELETE FROM audit WHERE tenant = $1 AND id <= (
           SELECT id FROM audit WHERE tenant = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
    )
    .bind(signed(tenant.0))
    .bind(signed(KEPT_MAX))
    .execute(conn)
    .await?;
    Ok(())
}
