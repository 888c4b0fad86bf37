//! The shape of a provisioning file, as a JSON Schema for editors.
//!
//! These types hold nothing: they only describe. A test compares their fields with the reader's, so that the
//! two cannot drift, and the committed schema with what is made from them.

pub mod choices;
pub mod feature_codes;
pub mod flow;
pub mod hours;
pub mod in_queue;
pub mod lists;
pub mod mailboxes;
pub mod people;
pub mod queue;
pub mod reports;
pub mod ring_groups;
pub mod webhooks;

use schemars::JsonSchema;
use serde::Deserialize;

use self::choices::{DispositionShape, NotReadyCodeShape};
use self::feature_codes::FeatureCodeShape;
use self::flow::FlowShape;
use self::hours::BusinessHoursShape;
use self::lists::{BlacklistShape, ExclusiveShape, QueueBlacklistShape, VipShape};
use self::mailboxes::MailboxShape;
use self::people::{AgentShape, ExtensionShape, RoleShape};
use self::queue::{NeedsShape, QueueShape};
use self::reports::ReportShape;
use self::ring_groups::RingGroupShape;
use self::webhooks::WebhookShape;
use super::limits::{
    DISPOSITIONS_MAX, FEATURE_CODES_MAX, NAME_MAX, NOT_READY_CODES_MAX, PLAYLIST_MAX, PRIORITY, REPORTS_MAX,
    ROLES_MAX, WEBHOOKS_MAX,
};
use crate::fallback::FallbackRow;
use crate::prompt::PROMPT_TEXT_MAX;

/// A domain and everything in it. What is not in the file is removed from the domain.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Cordboard provisioning file")]
pub struct ProvisioningFile {
    /// SIP domain and tenant name.
    #[schemars(regex(pattern = r"^[A-Za-z0-9._-]{1,64}$"))]
    pub domain: String,
    /// IANA time zone; UTC unless set.
    #[schemars(extend("default" = "UTC"))]
    pub timezone: Option<String>,
    /// What is spoken to callers unless something else is chosen: a language tag; `en` unless set.
    #[schemars(regex(pattern = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?$"), extend("default" = "en"))]
    pub language: Option<String>,
    /// What requests to outside services are signed with: `whsec_` and 24 to 64 bytes in base64 (Standard Webhooks).
    /// Unless set, the stored one stays.
    #[schemars(regex(pattern = r"^whsec_[A-Za-z0-9+/]{32,86}={0,2}$"))]
    pub webhook_secret: Option<String>,
    /// Roles whose people must have a second factor: `agent`, `supervisor`, `admin`, `owner`, names of `roles`. Without one
    /// they can log in and set one up, and nothing else.
    #[serde(default)]
    #[schemars(length(max = ROLES_MAX))]
    pub second_factor: Vec<String>,
    /// Sounds of the domain's own. What was uploaded or recorded is not in the file and is left alone.
    #[serde(default)]
    pub prompts: Vec<PromptShape>,
    /// Several prompts under one name each, which may stand wherever a prompt's may.
    #[serde(default)]
    pub playlists: Vec<PlaylistShape>,
    /// When places are open, with their holidays.
    #[serde(default)]
    pub business_hours: Vec<BusinessHoursShape>,
    /// Groups of agents.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Roles of the domain's own.
    #[serde(default)]
    #[schemars(length(max = ROLES_MAX))]
    pub roles: Vec<RoleShape>,
    /// People who take calls.
    #[serde(default)]
    pub agents: Vec<AgentShape>,
    /// Extensions that are nobody's yet.
    #[serde(default)]
    pub extensions: Vec<ExtensionShape>,
    /// Waiting lines.
    #[serde(default)]
    pub queues: Vec<QueueShape>,
    /// Call flows.
    #[serde(default)]
    pub flows: Vec<FlowShape>,
    /// Several phones under one number each.
    #[serde(default)]
    pub ring_groups: Vec<RingGroupShape>,
    /// Where callers leave messages.
    #[serde(default)]
    pub mailboxes: Vec<MailboxShape>,
    /// Numbers dialed from outside.
    #[serde(default)]
    pub numbers: Vec<NumberShape>,
    /// Connections to carriers.
    #[serde(default)]
    pub trunks: Vec<TrunkShape>,
    /// Callers who are served before others.
    #[serde(default)]
    pub vip_numbers: Vec<VipShape>,
    /// Callers who have agents of their own.
    #[serde(default)]
    pub exclusive_numbers: Vec<ExclusiveShape>,
    /// Callers whom queues keep out.
    #[serde(default)]
    pub queue_blacklist: Vec<QueueBlacklistShape>,
    /// Callers who are refused without a word.
    #[serde(default)]
    pub blacklist: Vec<BlacklistShape>,
    /// Who is told of the domain's events over HTTP.
    #[serde(default)]
    #[schemars(length(max = WEBHOOKS_MAX))]
    pub webhooks: Vec<WebhookShape>,
    /// What phones dial to do something. A feature that is not named has its default code.
    #[serde(default)]
    #[schemars(length(max = FEATURE_CODES_MAX))]
    pub feature_codes: Vec<FeatureCodeShape>,
    /// Reasons for not being ready that agents choose from. Without any they give whatever they like.
    #[serde(default)]
    #[schemars(length(max = NOT_READY_CODES_MAX))]
    pub not_ready_codes: Vec<NotReadyCodeShape>,
    /// What calls can have been about.
    #[serde(default)]
    #[schemars(length(max = DISPOSITIONS_MAX))]
    pub dispositions: Vec<DispositionShape>,
    /// Figures that go by e-mail at set times.
    #[serde(default)]
    #[schemars(length(max = REPORTS_MAX))]
    pub reports: Vec<ReportShape>,
}

/// A sound of the domain's own: exactly one of `text` and `file`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromptShape {
    /// How queues, flows and numbers name it. A built-in prompt of the same name is heard no more.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]{0,63}$"))]
    pub name: String,
    /// A language tag; the domain's unless set.
    #[schemars(regex(pattern = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?$"))]
    pub language: Option<String>,
    /// What is said: spoken by espeak-ng, which must be installed.
    #[schemars(length(min = 1, max = PROMPT_TEXT_MAX))]
    pub text: Option<String>,
    /// With `text`: a voice of espeak-ng; the language's own unless set.
    pub voice: Option<String>,
    /// A WAV, FLAC, Ogg Vorbis or MP3 file, relative to this one. Only where the file is applied on the machine
    /// itself: over HTTP a sound is uploaded instead.
    pub file: Option<String>,
}

/// Several prompts under one name, heard one after the other: a queue's music, for example.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaylistShape {
    /// What it is called; no prompt is called so.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]{0,63}$"))]
    pub name: String,
    /// Names of prompts, in their order.
    #[schemars(length(min = 1, max = PLAYLIST_MAX))]
    pub prompts: Vec<String>,
}

/// A number dialed from outside.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberShape {
    /// As the trunk sends it.
    #[schemars(regex(pattern = r"^\+?[0-9]{2,32}$"))]
    pub number: String,
    /// Its business hours, by name; always open unless set.
    pub hours: Option<String>,
    /// What happens to its calls in the hours.
    pub open: FallbackRow,
    /// What happens to them out of the hours; there must be one if there are hours.
    pub closed: Option<FallbackRow>,
    /// What happens to them on a holiday; as `closed` unless set.
    pub holiday: Option<FallbackRow>,
    /// What happens to them while the domain is in night mode; as `closed` unless set.
    pub night: Option<FallbackRow>,
    /// What the agent of its callers must know; as the queue says unless set.
    pub skills: Option<NeedsShape>,
    /// Priority of its callers in any line, higher first; 0 unless set.
    #[schemars(range(min = PRIORITY.0, max = PRIORITY.1), extend("default" = 0))]
    pub priority: Option<u8>,
}

/// A connection to a carrier.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrunkShape {
    /// Its name, unique.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub name: String,
    /// Where calls go out, `host` or `host:port`.
    pub host: String,
    /// Networks whose calls come in without credentials, as `192.0.2.0/24`.
    #[serde(default)]
    pub allow_from: Vec<String>,
}

/// The schema, as it is committed.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(ProvisioningFile).to_value()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{
        agents, business_hours, dispositions, fallbacks, feature_codes as codes, flows, hours, in_queue,
        lists as callers, mailboxes, not_ready_codes, prompts, queues, reader::Shape, reports, ring_groups,
        roles, skills, trunks, wanted, webhooks,
    };
    use super::*;

    fn fields(schema: &serde_json::Value) -> BTreeSet<&str> {
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn the_schema_and_the_reader_know_the_same_fields() {
        let schema = json_schema();
        let shapes: [(&str, &Shape); 39] = [
            ("AgentShape", &agents::AGENT),
            ("ExtensionShape", &agents::EXTENSION),
            ("RoleShape", &roles::ROLE),
            ("QueueShape", &queues::QUEUE),
            ("RnaPolicyShape", &queues::RNA_POLICY),
            ("MemberShape", &queues::MEMBER),
            ("StickyShape", &queues::STICKY),
            ("IntroShape", &in_queue::INTRO),
            ("AnnounceShape", &in_queue::ANNOUNCE),
            ("AnnouncePlaceShape", &in_queue::ANNOUNCE_PLACE),
            ("ExitShape", &in_queue::EXIT),
            ("CallbackShape", &in_queue::CALLBACK),
            ("NeedShape", &skills::NEED),
            ("HoursShape", &hours::HOURS),
            ("BusinessHoursShape", &business_hours::BUSINESS_HOURS),
            ("HolidayShape", &business_hours::HOLIDAY),
            ("VipShape", &callers::VIP),
            ("ExclusiveShape", &callers::EXCLUSIVE),
            ("QueueBlacklistShape", &callers::QUEUE_BLACKLIST),
            ("BlacklistShape", &callers::BLACKLIST),
            ("FlowShape", &flows::FLOW),
            ("StepShape", &flows::step::STEP),
            ("WhenShape", &flows::condition::WHEN),
            ("TestShape", &flows::tree::TEST),
            ("PromptShape", &prompts::PROMPT),
            ("PlaylistShape", &prompts::PLAYLIST),
            ("RingGroupShape", &ring_groups::RING_GROUP),
            ("MailboxShape", &mailboxes::MAILBOX),
            ("GreetingsShape", &mailboxes::GREETINGS),
            ("TranscriptionShape", &mailboxes::TRANSCRIPTION),
            ("NumberShape", &trunks::NUMBER),
            ("TrunkShape", &trunks::TRUNK),
            ("WebhookShape", &webhooks::WEBHOOK),
            ("FeatureCodeShape", &codes::FEATURE_CODE),
            ("NotReadyCodeShape", &not_ready_codes::NOT_READY_CODE),
            ("DispositionShape", &dispositions::DISPOSITION),
            ("ReportShape", &reports::REPORT),
            ("HangupRow", &fallbacks::HANGUP),
            ("VoicemailRow", &fallbacks::VOICEMAIL),
        ];
        assert_eq!(fields(&schema), wanted::FILE.known.iter().copied().collect());
        for (name, shape) in shapes {
            assert_eq!(fields(&schema["$defs"][name]), shape.known.iter().copied().collect(), "{name}");
        }
    }

    #[test]
    fn the_committed_schema_is_current() {
        let path =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/book/src/reference/provisioning.schema.json");
        let mut made = serde_json::to_string_pretty(&json_schema()).unwrap();
        made.push('\n');
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == made, "run `UPDATE_EXPECT=1 cargo test -p store` and commit {path}");
    }
}
