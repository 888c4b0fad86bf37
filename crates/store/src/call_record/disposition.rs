//! What was said of a call: its disposition and notes. It may be said before the record is there, and goes with it.

use std::collections::BTreeMap;

use model::{CallId, TenantId, Timestamp};
use sqlx::{FromRow, QueryBuilder, Sqlite};

use crate::error::StoreError;
use crate::sql::{signed, unsigned};
use crate::store::Store;

/// Calls of one statement: far below the database's limit of parameters.
const CALLS_PER_STATEMENT: usize = 256;

/// What somebody said of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallDisposition {
    /// The code of one of the domain's dispositions; it may be gone by now.
    pub code: String,
    /// What was written beside it; empty if nothing was.
    pub notes: String,
    /// Who said it, by name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    call_id: i64,
    code: String,
    notes: String,
    set_by: String,
    set_at: i64,
}

impl Store {
    /// Says what a call was about; what was said of it before is forgotten. It is on the disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Busy`], or [`StoreError::Database`] if it cannot be kept.
    pub async fn dispose(
        &self,
        tenant: TenantId,
        (call, started_at): (CallId, Timestamp),
        CallDisposition { code, notes, by, at }: &CallDisposition,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(
            "INSERT INTO call_dispositions (tenant, call_id, started_at, code, notes, set_by, set_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (tenant, call_id) DO UPDATE SET code = excluded.code, notes = excluded.notes,
               set_by = excluded.set_by, set_at = excluded.set_at",
        )
        .bind(signed(tenant.0))
        .bind(signed(call.0))
        .bind(started_at.0)
        .bind(code)
        .bind(notes)
        .bind(by)
        .bind(at.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// What was said of these calls; those of which nothing was said are left out.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn call_dispositions(
        &self,
        tenant: TenantId,
        calls: &[CallId],
    ) -> Result<BTreeMap<CallId, CallDisposition>, StoreError> {
        let mut found = BTreeMap::new();
        for calls in calls.chunks(CALLS_PER_STATEMENT) {
            let mut sql = QueryBuilder::<Sqlite>::new(
                "SELECT call_id, code, notes, set_by, set_at FROM call_dispositions WHERE tenant = ",
            );
            sql.push_bind(signed(tenant.0)).push(" AND call_id IN (");
            let mut ids = sql.separated(", ");
            for call in calls {
                ids.push_bind(signed(call.0));
            }
            sql.push(")");
            // Its text depends on the number of calls: keeping each would push out the statements used again.
            let rows: Vec<Row> = sql.build_query_as().persistent(false).fetch_all(self.reader()).await?;
            found.extend(rows.into_iter().map(|Row { call_id, code, notes, set_by, set_at }| {
                let said = CallDisposition { code, notes, by: set_by, at: Timestamp(set_at) };
                (CallId(unsigned(call_id)), said)
            }));
        }
        Ok(found)
    }
}
