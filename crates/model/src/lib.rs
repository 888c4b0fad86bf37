//! The vocabulary: ids, numbers, time, and every provisioned thing of one domain.
//!
//! Read [`id`] and [`time`] first, then [`number`], then the nouns ([`agent`], [`queue`], [`membership`],
//! [`extension`], [`in_queue`], [`mailbox`], [`did`], [`business_hours`], [`flow`], [`trunk`], [`not_ready`],
//! [`disposition`]), then [`directory`], which holds them all, indexed, and last who may do what with how much of it
//! ([`access`], [`purview`]).
//! Nothing here decides, reads a clock or knows a wire format.

#![forbid(unsafe_code)]

pub mod access;
pub mod agent;
pub mod business_hours;
pub mod caller_list;
pub mod date;
pub mod did;
pub mod directory;
pub mod disposition;
pub mod extension;
pub mod fallback;
pub mod feature_code;
pub mod flow;
pub mod id;
pub mod in_queue;
pub mod limits;
pub mod mailbox;
pub mod membership;
pub mod not_ready;
pub mod number;
pub mod pii;
pub mod purview;
pub mod queue;
pub mod ring_group;
mod schedule;
pub mod skill;
pub mod tenant;
pub mod time;
pub mod trunk;

pub use access::{CustomRole, Right, Rights, Supervises};
pub use agent::{Agent, AgentStatus, CallLink, ForwardWhen, Personal, Role};
pub use business_hours::{AgentHours, BusinessHours, Holiday, Opening};
pub use caller_list::{BlockLevel, ExclusiveNumber, ListedUntil, VipNumber};
pub use date::Date;
pub use did::Did;
pub use directory::{Destination, Directory};
pub use disposition::Disposition;
pub use extension::Extension;
pub use fallback::FallbackAction;
pub use feature_code::{Feature, FeatureCode};
pub use flow::document::FlowDocument;
pub use flow::{AgentExtensionFlow, Flow, FlowBody, KeyRules, NumberRange, Reachable};
pub use id::{
    AgentId, CallId, FlowId, LegId, MailboxId, OfferId, PlayId, QueueId, RecordId, RequestId, TenantId,
    TrunkId,
};
pub use in_queue::{Announce, AnnouncePlace, CallbackRules, Exit, InQueue, Intro, Key};
pub use limits::{Counted, DomainLimits};
pub use mailbox::{Greetings, Mailbox, Pin};
pub use membership::Membership;
pub use not_ready::{NotReadyCode, NotReadyReason};
pub use number::{CallerId, ExtensionNumber, InvalidNumber};
pub use pii::Pii;
pub use purview::Purview;
pub use queue::{AfterNonAcd, OrderBy, Queue, RnaAction, RnaPolicy, RnaScope, Strategy};
pub use ring_group::{RingGroup, RingStrategy};
pub use schedule::{Schedule, Slot, Zone};
pub use skill::SkillNeed;
pub use tenant::Tenant;
pub use time::Timestamp;
pub use trunk::Trunk;
