//! Logging in and out.

pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod me;
pub(crate) mod setup;

use model::{Role, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::state::App;
use crate::storage::Identity;
use crate::time::Time;

/// What a login may do, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoleItem {
    /// Reads everything of the domain, changes her own state.
    Agent,
    /// Changes any agent's state and ends calls.
    Supervisor,
    /// The same here; provisioning comes with it.
    Admin,
    /// Everything.
    Owner,
}

impl From<Role> for RoleItem {
    fn from(role: Role) -> Self {
        match role {
            Role::Agent => Self::Agent,
            Role::Supervisor => Self::Supervisor,
            Role::Admin => Self::Admin,
            Role::Owner => Self::Owner,
        }
    }
}

/// Who is logged in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LoginItem {
    /// When the login ends by itself.
    pub expires_at: Time,
    /// The domain; `~` in a path means this one.
    #[schema(example = "acme.test")]
    pub domain: String,
    /// What she may do.
    pub role: RoleItem,
    /// Full name.
    #[schema(example = "Ann Ash")]
    pub name: String,
    /// Her extension, if she has one.
    #[schema(example = "1001")]
    pub extension: Option<String>,
}

impl LoginItem {
    pub(crate) async fn new(app: &App, identity: &Identity, expires_at: Timestamp) -> Result<Self, Problem> {
        Ok(Self {
            expires_at: expires_at.into(),
            domain: identity.domain.clone(),
            role: identity.role.into(),
            name: identity.name.clone(),
            extension: extension(app, identity).await?,
        })
    }
}

async fn extension(app: &App, identity: &Identity) -> Result<Option<String>, Problem> {
    let Some(agent) = identity.agent else { return Ok(None) };
    let directory = app.switch.provisioned(identity.tenant).await?;
    let agent = directory.agents.get(&agent);
    Ok(agent.and_then(|agent| agent.extension.as_ref()).map(ToString::to_string))
}
