//! Agents and their web passwords.

use std::collections::BTreeMap;

use model::{Agent, AgentHours, AgentId, CallLink, ExtensionNumber, ForwardWhen, Personal, Pii, TenantId};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::hours::{read_slots, write_slots};
use crate::sql::{from_json, narrow, signed, to_json, unsigned};
use crate::words::Word as _;

/// An agent and the hash of her web password; none: she cannot log in to the web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AgentRow {
    pub(crate) agent: Agent,
    pub(crate) password_hash: Option<String>,
    /// Her own zone; none: the domain's. The table of her hours' zone is filled in when a directory is made.
    pub(crate) timezone: Option<String>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    extension: Option<String>,
    name: String,
    email: Option<String>,
    role: String,
    supervises_json: Option<String>,
    groups_json: String,
    skills_json: String,
    status: String,
    max_concurrent_calls: i64,
    password_hash: Option<String>,
    timezone: Option<String>,
    hours_json: Option<String>,
    business_hours: Option<String>,
    personal_phone: Option<String>,
    forward_when: String,
    spoken_name: Option<String>,
    call_link: Option<String>,
    call_link_private: bool,
}

impl TryFrom<Row> for AgentRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let corrupt = || StoreError::corrupt("an agent", row.id);
        let extension = row.extension.as_deref().map(ExtensionNumber::parse).transpose();
        let own = row.hours_json.as_deref().map(read_slots).transpose()?.map(AgentHours::Own);
        let hours = row.business_hours.map(AgentHours::Business).or(own);
        let supervises =
            row.supervises_json.as_deref().map(|json| from_json(json, "groups that an agent supervises"));
        let agent = Agent {
            id: AgentId(unsigned(row.id)),
            extension: extension.map_err(|_| corrupt())?,
            name: row.name,
            email: row.email.unwrap_or_default(),
            role: model::Role::named(&row.role),
            supervises: supervises.transpose()?,
            groups: from_json(&row.groups_json, "groups of an agent")?,
            skills: from_json::<BTreeMap<String, u8>>(&row.skills_json, "skills of an agent")?,
            status: model::AgentStatus::from_word(&row.status).ok_or_else(corrupt)?,
            max_concurrent_calls: narrow(row.max_concurrent_calls, "max_concurrent_calls of an agent")?,
            hours,
            personal: Personal {
                phone: row.personal_phone.map(Pii),
                forward_when: ForwardWhen::from_word(&row.forward_when).ok_or_else(corrupt)?,
            },
            spoken_name: row.spoken_name,
            call_link: row.call_link.map(|name| CallLink { name, private: row.call_link_private }),
        };
        Ok(Self { agent, password_hash: row.password_hash, timezone: row.timezone })
    }
}

/// The agents of a domain, by id.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<AgentRow>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, extension, name, email, role, supervises_json, groups_json, skills_json, status, max_concurrent_calls,
           password_hash, timezone, hours_json, business_hours, personal_phone, forward_when, spoken_name,
           call_link, call_link_private
         FROM agents WHERE tenant = $1 ORDER BY id",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(AgentRow::try_from).collect()
}

/// The e-mails of other domains' agents, each with its domain's name.
pub(crate) async fn emails_elsewhere(
    conn: &mut SqliteConnection,
    domain: &str,
) -> Result<BTreeMap<String, String>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT agents.email, tenants.name FROM agents JOIN tenants ON tenants.id = agents.tenant
         WHERE agents.email IS NOT NULL AND tenants.name <> $1",
    )
    .bind(domain)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Takes e-mail and extension from an agent who is about to be saved, so that two can change places.
pub(crate) async fn vacate(conn: &mut SqliteConnection, agent: AgentId) -> Result<(), StoreError> {
    sqlx::query("UPDATE agents SET email = NULL, extension = NULL WHERE id = $1")
        .bind(signed(agent.0))
        .execute(conn)
        .await?;
    Ok(())
}

/// Makes or changes an agent.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    row: &AgentRow,
) -> Result<(), StoreError> {
    let agent = &row.agent;
    let (own, business) = match &agent.hours {
        None => (None, None),
        Some(AgentHours::Own(schedule)) => (Some(schedule), None),
        Some(AgentHours::Business(name)) => (None, Some(name)),
    };
    sqlx::query(
        "INSERT INTO agents (id, tenant, extension, name, email, role, groups_json, skills_json, status,
           max_concurrent_calls, password_hash, timezone, hours_json, business_hours, personal_phone,
           forward_when, spoken_name, supervises_json, call_link, call_link_private)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
           $20)
         ON CONFLICT (id) DO UPDATE SET extension = excluded.extension, name = excluded.name,
           email = excluded.email, role = excluded.role, groups_json = excluded.groups_json,
           skills_json = excluded.skills_json, status = excluded.status,
           max_concurrent_calls = excluded.max_concurrent_calls, password_hash = excluded.password_hash,
           timezone = excluded.timezone, hours_json = excluded.hours_json,
           business_hours = excluded.business_hours, personal_phone = excluded.personal_phone,
           forward_when = excluded.forward_when, spoken_name = excluded.spoken_name,
           supervises_json = excluded.supervises_json, call_link = excluded.call_link,
           call_link_private = excluded.call_link_private",
    )
    .bind(signed(agent.id.0))
    .bind(signed(tenant.0))
    .bind(agent.extension.as_ref().map(ExtensionNumber::as_str))
    .bind(&agent.name)
    .bind(Some(&agent.email).filter(|email| !email.is_empty()))
    .bind(agent.role.name())
    .bind(to_json(&agent.groups)?)
    .bind(to_json(&agent.skills)?)
    .bind(agent.status.word())
    .bind(i64::from(agent.max_concurrent_calls))
    .bind(row.password_hash.as_deref())
    .bind(row.timezone.as_deref())
    .bind(own.map(write_slots).transpose()?)
    .bind(business)
    .bind(agent.personal.phone.as_ref().map(Pii::reveal))
    .bind(agent.personal.forward_when.word())
    .bind(agent.spoken_name.as_deref())
    .bind(agent.supervises.as_ref().map(to_json).transpose()?)
    .bind(agent.call_link.as_ref().map(|link| &link.name))
    .bind(agent.call_link.as_ref().is_some_and(|link| link.private))
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes an agent, what she was logged in with, her second factor and her invitation. Her extension and memberships must be gone.
pub(crate) async fn remove(conn: &mut SqliteConnection, agent: AgentId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tokens WHERE agent = $1").bind(signed(agent.0)).execute(&mut *conn).await?;
    crate::second_factor::remove(&mut *conn, Some(agent)).await?;
    crate::invitation::remove(&mut *conn, agent).await?;
    sqlx::query("DELETE FROM agents WHERE id = $1").bind(signed(agent.0)).execute(conn).await?;
    Ok(())
}
