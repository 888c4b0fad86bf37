//! Flows, and the settings of theirs that nothing runs yet.

use model::{AgentExtensionFlow, FlowId, TenantId};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::fallback;
use crate::sql::{from_json, narrow, signed, to_json, unsigned};

/// What a flow says and how long it listens. Kept for the interpreter of flows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prompting {
    pub(crate) greeting: Option<String>,
    pub(crate) no_input_message: Option<String>,
    pub(crate) invalid_message: Option<String>,
    /// Seconds.
    pub(crate) first_digit_timeout: u32,
    /// Seconds.
    pub(crate) inter_digit_timeout: u32,
    pub(crate) terminator: String,
    pub(crate) barge_in: bool,
}

impl Default for Prompting {
    fn default() -> Self {
        Self {
            greeting: None,
            no_input_message: None,
            invalid_message: None,
            first_digit_timeout: 5,
            inter_digit_timeout: 2,
            terminator: "#".into(),
            barge_in: true,
        }
    }
}

/// A flow with all its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FlowRow {
    pub(crate) flow: AgentExtensionFlow,
    pub(crate) prompting: Prompting,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    number: String,
    name: String,
    ring_timeout: i64,
    max_repeats: i64,
    on_unavailable_json: String,
    on_no_answer_json: String,
    on_busy_json: String,
    on_repeats_exhausted_json: String,
    on_star_json: String,
    prompting_json: String,
}

impl TryFrom<Row> for FlowRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let flow = AgentExtensionFlow {
            id: FlowId(unsigned(row.id)),
            number: fallback::number(&row.number)?,
            name: row.name,
            ring_timeout: narrow(row.ring_timeout, "ring_timeout of a flow")?,
            max_repeats: narrow(row.max_repeats, "max_repeats of a flow")?,
            on_unavailable: fallback::read(&row.on_unavailable_json)?,
            on_no_answer: fallback::read(&row.on_no_answer_json)?,
            on_busy: fallback::read(&row.on_busy_json)?,
            on_repeats_exhausted: fallback::read(&row.on_repeats_exhausted_json)?,
            on_star: fallback::read(&row.on_star_json)?,
        };
        Ok(Self { flow, prompting: from_json(&row.prompting_json, "the prompts of a flow")? })
    }
}

/// The flows of a domain, by id.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<FlowRow>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as("SELECT * FROM flows WHERE tenant = $1 ORDER BY id")
        .bind(signed(tenant.0))
        .fetch_all(conn)
        .await?;
    rows.into_iter().map(FlowRow::try_from).collect()
}

/// Makes or changes a flow.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    row: &FlowRow,
) -> Result<(), StoreError> {
    let flow = &row.flow;
    sqlx::query(
        "INSERT INTO flows (id, tenant, number, name, ring_timeout, max_repeats, on_unavailable_json,
           on_no_answer_json, on_busy_json, on_repeats_exhausted_json, on_star_json, prompting_json)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = excluded.name,
           ring_timeout = excluded.ring_timeout, max_repeats = excluded.max_repeats,
           on_unavailable_json = excluded.on_unavailable_json, on_no_answer_json = excluded.on_no_answer_json,
           on_busy_json = excluded.on_busy_json,
           on_repeats_exhausted_json = excluded.on_repeats_exhausted_json,
           on_star_json = excluded.on_star_json, prompting_json = excluded.prompting_json",
    )
    .bind(signed(flow.id.0))
    .bind(signed(tenant.0))
    .bind(flow.number.as_str())
    .bind(&flow.name)
    .bind(i64::from(flow.ring_timeout))
    .bind(i64::from(flow.max_repeats))
    .bind(fallback::write(&flow.on_unavailable)?)
    .bind(fallback::write(&flow.on_no_answer)?)
    .bind(fallback::write(&flow.on_busy)?)
    .bind(fallback::write(&flow.on_repeats_exhausted)?)
    .bind(fallback::write(&flow.on_star)?)
    .bind(to_json(&row.prompting)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a flow.
pub(crate) async fn remove(conn: &mut SqliteConnection, flow: FlowId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM flows WHERE id = $1").bind(signed(flow.0)).execute(conn).await?;
    Ok(())
}
