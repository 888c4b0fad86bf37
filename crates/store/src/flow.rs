//! Flows. What their callers meet is kept as JSON in the provisioning file's spelling ([`json`]), and read back by
//! the file's own reader: one spelling, one reader.

pub(crate) mod json;

use model::{Flow, FlowBody, FlowId, TenantId};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::fallback;
use crate::provisioning;
use crate::sql::{signed, to_json, unsigned};

#[derive(FromRow)]
struct Row {
    id: i64,
    number: String,
    name: String,
    kind: String,
    body_json: String,
}

impl TryFrom<Row> for Flow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let body = provisioning::flow_body(&row.kind, &row.body_json)
            .ok_or_else(|| StoreError::corrupt("a flow", &row.body_json))?;
        Ok(Self {
            id: FlowId(unsigned(row.id)),
            number: fallback::number(&row.number)?,
            name: row.name,
            body,
        })
    }
}

/// What a flow has besides its number, name and kind, in the provisioning file's spelling; most defaults left out.
///
/// # Errors
/// If it cannot be written as JSON, which no flow that was read can be.
pub fn definition(body: &FlowBody) -> Result<serde_json::Value, StoreError> {
    json::body(body)
}

/// The word of a kind of flow.
pub(crate) const fn kind(body: &FlowBody) -> &'static str {
    match body {
        FlowBody::AgentExtension(_) => "agent_extension",
        FlowBody::Tree(_) => "tree",
    }
}

/// The flows of a domain, by id.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<Flow>, StoreError> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT id, number, name, kind, body_json FROM flows WHERE tenant = $1 ORDER BY id")
            .bind(signed(tenant.0))
            .fetch_all(conn)
            .await?;
    rows.into_iter().map(Flow::try_from).collect()
}

/// Makes or changes a flow.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    flow: &Flow,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO flows (id, tenant, number, name, kind, body_json) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = excluded.name, kind = excluded.kind,
           body_json = excluded.body_json",
    )
    .bind(signed(flow.id.0))
    .bind(signed(tenant.0))
    .bind(flow.number.as_str())
    .bind(&flow.name)
    .bind(kind(&flow.body))
    .bind(to_json(&json::body(&flow.body)?)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a flow.
pub(crate) async fn remove(conn: &mut SqliteConnection, flow: FlowId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM flows WHERE id = $1").bind(signed(flow.0)).execute(conn).await?;
    Ok(())
}
