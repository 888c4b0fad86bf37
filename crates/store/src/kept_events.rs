//! Up to which event of each domain all that is to be kept was kept: what a journal need not tell again.

use std::collections::BTreeMap;

use model::TenantId;
use sqlx::SqliteConnection;

use crate::error::StoreError;
use crate::sql::{signed, unsigned};
use crate::store::Store;

impl Store {
    /// The last event of each domain of which a record or a line of the agent log was kept; all before it were.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn kept_events(&self) -> Result<BTreeMap<TenantId, u64>, StoreError> {
        let rows: Vec<(i64, i64)> =
            sqlx::query_as("SELECT tenant, seq FROM kept_events").fetch_all(self.reader()).await?;
        Ok(rows.into_iter().map(|(tenant, seq)| (TenantId(unsigned(tenant)), unsigned(seq))).collect())
    }
}

/// Notes that all up to this event was kept; it never goes back.
pub(crate) async fn note(conn: &mut SqliteConnection, tenant: TenantId, seq: u64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO kept_events (tenant, seq) VALUES ($1, $2)
         ON CONFLICT (tenant) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > kept_events.seq",
    )
    .bind(signed(tenant.0))
    .bind(signed(seq))
    .execute(conn)
    .await?;
    Ok(())
}
