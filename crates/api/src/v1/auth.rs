//! Logging in and out.

pub(crate) mod invitation;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod me;
pub(crate) mod oidc;
pub(crate) mod phone;
pub(crate) mod sessions;
pub(crate) mod setup;
pub(crate) mod totp;

use model::{Right, Role, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::extension_of;
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
    /// What the domain's own role says that `custom_role` names.
    Custom,
}

impl From<&Role> for RoleItem {
    fn from(role: &Role) -> Self {
        match role {
            Role::Agent => Self::Agent,
            Role::Supervisor => Self::Supervisor,
            Role::Admin => Self::Admin,
            Role::Owner => Self::Owner,
            Role::Custom(_) => Self::Custom,
        }
    }
}

/// Something that a login or a key may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RightWord {
    /// See agents, queues, calls and statistics of the domain, live and ended.
    Read,
    /// One's own state, calls and mailbox, as an agent.
    Own,
    /// Anybody's state, do not disturb and personal phone.
    AgentState,
    /// Anybody's calls: make, take, transfer, hold, press keys, hang up.
    CallControl,
    /// Anybody's mailbox.
    Mailbox,
    /// Recordings of anybody's calls: hear and remove.
    Recordings,
    /// Switch night mode.
    NightMode,
    /// See what the domain is: its provisioning.
    Configuration,
    /// Change what the domain is, with everybody's roles and passwords.
    Provisioning,
    /// See who changed what.
    Audit,
    /// Keys of programs, and other people's logins.
    Access,
}

impl From<Right> for RightWord {
    fn from(right: Right) -> Self {
        match right {
            Right::Read => Self::Read,
            Right::Own => Self::Own,
            Right::AgentState => Self::AgentState,
            Right::CallControl => Self::CallControl,
            Right::Mailbox => Self::Mailbox,
            Right::Recordings => Self::Recordings,
            Right::NightMode => Self::NightMode,
            Right::Configuration => Self::Configuration,
            Right::Provisioning => Self::Provisioning,
            Right::Audit => Self::Audit,
            Right::Access => Self::Access,
        }
    }
}

impl From<RightWord> for Right {
    fn from(word: RightWord) -> Self {
        match word {
            RightWord::Read => Self::Read,
            RightWord::Own => Self::Own,
            RightWord::AgentState => Self::AgentState,
            RightWord::CallControl => Self::CallControl,
            RightWord::Mailbox => Self::Mailbox,
            RightWord::Recordings => Self::Recordings,
            RightWord::NightMode => Self::NightMode,
            RightWord::Configuration => Self::Configuration,
            RightWord::Provisioning => Self::Provisioning,
            RightWord::Audit => Self::Audit,
            RightWord::Access => Self::Access,
        }
    }
}

/// Who is logged in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LoginItem {
    /// When the login ends by itself; null: never.
    pub expires_at: Option<Time>,
    /// The domain; `~` in a path means this one.
    #[schema(example = "acme.test")]
    pub domain: String,
    /// What she is; null: a program with a key.
    pub role: Option<RoleItem>,
    /// The name of the domain's own role that she has.
    #[schema(example = json!(null))]
    pub custom_role: Option<String>,
    /// The groups that she supervises, and sees nothing beyond; null: she sees the whole domain.
    #[schema(example = json!(null))]
    pub supervises: Option<Vec<String>>,
    /// What she may do.
    pub rights: Vec<RightWord>,
    /// A second factor is wanted of her role, and she has none: until she has set one up, she has no rights.
    pub second_factor_due: bool,
    /// Full name, or the key's.
    #[schema(example = "Ann Ash")]
    pub name: String,
    /// Her extension, if she has one.
    #[schema(example = "1001")]
    pub extension: Option<String>,
}

impl LoginItem {
    pub(crate) async fn new(
        app: &App,
        identity: &Identity,
        expires_at: Option<Timestamp>,
    ) -> Result<Self, Problem> {
        Ok(Self {
            expires_at: expires_at.map(Time),
            domain: identity.domain.clone(),
            role: identity.key.is_none().then(|| (&identity.role).into()),
            custom_role: identity.role.is_custom().then(|| identity.role.name().to_owned()),
            supervises: identity.supervises.clone(),
            rights: identity.rights.iter().map(RightWord::from).collect(),
            second_factor_due: identity.factor_due,
            name: identity.name.clone(),
            extension: extension_of(app, identity).await?,
        })
    }
}
