//! Agents and free extensions.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::hours::AgentHoursShape;
use crate::provisioning::limits::{CONCURRENT_CALLS, EXTENSION_RING_TIMEOUT, PERSON_MAX, SKILL};

/// A person who takes calls.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentShape {
    /// Extension and SIP user name, 3 to 64 digits; without it she cannot take calls.
    #[schemars(regex(pattern = r"^[0-9]{3,64}$"))]
    pub extension: Option<String>,
    /// Full name.
    #[schemars(length(min = 1, max = PERSON_MAX))]
    pub name: String,
    /// Log-in to the web; unique over all domains.
    pub email: Option<String>,
    /// Web password; unless set, the stored one stays, or who is new is invited by e-mail.
    pub password: Option<String>,
    /// Phone password; unless set, the stored one stays, or one is generated and shown once.
    pub sip_password: Option<String>,
    /// What she may do: agent, supervisor, admin, owner, or the name of one of `roles`; agent unless set.
    #[schemars(extend("default" = "agent"))]
    pub role: Option<String>,
    /// Of a supervisor, or with a role of `roles`: the groups that she sees and steers, with the queues that have any of
    /// their agents; as her role says unless set, which for a supervisor is the whole domain.
    #[schemars(length(min = 1))]
    pub supervises: Option<Vec<String>>,
    /// Her groups, at least one.
    #[schemars(length(min = 1))]
    pub groups: Vec<String>,
    /// Skill to level, 1 to 100, higher is better.
    #[serde(default)]
    pub skills: BTreeMap<String, SkillLevel>,
    /// Whether she takes calls; active unless set.
    pub status: Option<StatusShape>,
    /// Most calls she is given at a time; 1 unless set.
    #[schemars(range(min = CONCURRENT_CALLS.0, max = CONCURRENT_CALLS.1), extend("default" = 1))]
    pub max_concurrent_calls: Option<u8>,
    /// Her own IANA time zone, for her hours; the domain's unless set.
    pub timezone: Option<String>,
    /// When she works: hours of her own, or business hours by name; always unless set. Outside it she is not
    /// ready, once her call is over.
    pub hours: Option<AgentHoursShape>,
    /// Do not disturb: no calls ring her; false unless set.
    #[schemars(extend("default" = false))]
    pub dnd: Option<bool>,
    /// Her own telephone, a number outside; none of `numbers`.
    #[schemars(regex(pattern = r"^\+?[0-9]{5,32}$"))]
    pub personal_phone: Option<String>,
    /// When calls for her go to it; never unless set. Whoever answers there must accept by key 1.
    #[schemars(extend("default" = "never"))]
    pub forward_when: Option<ForwardWhenShape>,
    /// Prompt that says her name to who dials by name; her extension is read out unless set.
    pub spoken_name: Option<String>,
    /// The last part of the address of her call link, `/call/{domain}/{call_link}`, by which guests call her from a
    /// browser; none unless set. Only one agent has it.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]{0,63}$"))]
    pub call_link: Option<String>,
    /// Whether that link leads to nobody for now; false unless set.
    #[schemars(extend("default" = false))]
    pub call_link_private: Option<bool>,
}

/// When calls for an agent go to her personal phone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForwardWhenShape {
    /// Never.
    Never,
    /// While no phone of hers is registered.
    Offline,
    /// Always.
    Always,
    /// When a direct call has rung at her phones long enough.
    NoAnswer,
}

/// A level of a skill.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SkillLevel(#[schemars(range(min = SKILL.0, max = SKILL.1))] pub u8);

/// A role of the domain's own, for agents. Nobody gives a right that she does not have.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleShape {
    /// What agents call it in `role`; not agent, supervisor, admin or owner.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]{0,63}$"))]
    pub name: String,
    /// What its holders may do.
    #[schemars(length(min = 1))]
    pub rights: Vec<RightShape>,
    /// Whom they supervise, unless an agent's own `supervises` says so; domain unless set.
    #[schemars(extend("default" = "domain"))]
    pub supervises: Option<SupervisesShape>,
}

/// Something that may be done.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RightShape {
    /// See agents, queues, calls and statistics, live and ended.
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
    /// Change what the domain is.
    Provisioning,
    /// See who changed what.
    Audit,
    /// Keys of programs, and other people's log-ins.
    Access,
}

/// Whom the holders of a role supervise.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SupervisesShape {
    /// Everybody.
    Domain,
    /// The groups that they belong to themselves; then their rights are of people and calls only.
    OwnGroups,
}

/// Whether an agent takes calls.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusShape {
    /// Takes no calls before she has confirmed her invitation.
    Invited,
    /// Takes calls.
    Active,
    /// Shut off.
    Disabled,
}

/// An extension that is nobody's.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionShape {
    /// Extension and SIP user name.
    #[schemars(regex(pattern = r"^[0-9]{3,64}$"))]
    pub number: String,
    /// Phone password; unless set, the stored one stays, or one is generated and shown once.
    pub sip_password: Option<String>,
    /// Shown on other phones; the number unless set.
    #[schemars(length(min = 1, max = PERSON_MAX))]
    pub display_name: Option<String>,
    /// Do not disturb; false unless set.
    #[schemars(extend("default" = false))]
    pub dnd: Option<bool>,
    /// Seconds a direct call rings; 60 unless set.
    #[schemars(range(min = EXTENSION_RING_TIMEOUT.0, max = EXTENSION_RING_TIMEOUT.1), extend("default" = 60))]
    pub ring_timeout: Option<u32>,
}
