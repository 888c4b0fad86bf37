//! What is stored, written as the provisioning file that would bring it about.
//!
//! The other way round from the reader, section by section and field by field in the schema's order. What has its
//! default is left out, and so is every secret: where a file names none, what is stored stays. Reading what was
//! written plans to no change; a test holds every field of the schema to that.

mod actions;
mod choices;
mod flows;
mod hours;
mod lists;
mod mapping;
mod people;
mod places;
mod queues;
mod reports;

use model::{FeatureCode, Tenant};

use self::mapping::{Mapping, texts};
use super::yaml::Node;
use crate::directory::Snapshot;
use crate::error::StoreError;
use crate::playlist::Playlist;
use crate::prompt::{Prompt, PromptSource};
use crate::webhook::Webhook;

/// The document of a domain.
pub(crate) fn document(rows: &Snapshot) -> Result<Node, StoreError> {
    // Taken apart, so that a section that comes is not forgotten here.
    let Snapshot {
        tenant,
        webhook_secret: _,
        second_factor,
        business_hours,
        groups,
        roles,
        agents,
        // Who is invited is no wish of a file.
        invitations: _,
        extensions,
        queues,
        memberships,
        flows,
        ring_groups,
        mailboxes,
        numbers,
        trunks,
        listed,
        feature_codes,
        not_ready_codes,
        dispositions,
        prompts,
        playlists,
        webhooks,
        reports,
    } = rows;
    let Tenant { id: _, name, timezone, zone: _, language, max_hops: _ } = tenant;
    let mut file = Mapping::default();
    file.text("domain", name);
    file.text_unless("timezone", timezone, "UTC");
    file.text_unless("language", language, Tenant::LANGUAGE_DEFAULT);
    file.list("second_factor", texts(second_factor));
    file.list("prompts", prompts.iter().filter_map(prompt).collect());
    file.list("playlists", playlists.iter().map(playlist).collect());
    file.list("business_hours", business_hours.iter().map(hours::business_hours).collect());
    file.list("groups", texts(groups));
    file.list("roles", roles.iter().map(people::role).collect());
    file.list("agents", people::agents(agents, extensions));
    file.list("extensions", people::free(extensions));
    file.list("queues", queues::queues(queues, memberships, agents)?);
    file.list("flows", flows.iter().map(flows::flow).collect::<Result<_, _>>()?);
    file.list("ring_groups", ring_groups.iter().map(places::ring_group).collect());
    file.list("mailboxes", mailboxes.iter().map(places::mailbox).collect());
    file.list("numbers", numbers.iter().map(places::number).collect());
    file.list("trunks", trunks.iter().map(places::trunk).collect());
    for (name, list) in lists::lists(listed, queues, agents) {
        file.list(name, list);
    }
    file.list("webhooks", webhooks.iter().map(|row| webhook(&row.webhook)).collect());
    file.list("feature_codes", feature_codes_of(feature_codes));
    file.list("not_ready_codes", not_ready_codes.iter().map(choices::not_ready_code).collect());
    file.list("dispositions", dispositions.iter().map(choices::disposition).collect());
    file.list("reports", reports.iter().map(reports::report).collect());
    Ok(file.done())
}

/// The codes of those features that have others than by default.
fn feature_codes_of(codes: &[FeatureCode]) -> Vec<Node> {
    let defaults = FeatureCode::defaults();
    let of = |codes: &[FeatureCode], feature| {
        codes.iter().filter(|code| code.feature == feature).cloned().collect::<Vec<_>>()
    };
    let changed = |code: &&FeatureCode| of(codes, code.feature) != of(&defaults, code.feature);
    codes.iter().filter(changed).map(feature_code).collect()
}

fn feature_code(FeatureCode { code, feature, enabled }: &FeatureCode) -> Node {
    let mut fields = Mapping::default();
    fields.word("feature", *feature);
    fields.text("code", code);
    fields.flag_unless("enabled", *enabled, true);
    fields.done()
}

/// A prompt of the file. None: it was uploaded or recorded, and is in no file.
fn prompt(row: &Prompt) -> Option<Node> {
    let Prompt { language, name, source, provisioned, sound: _, changed_at: _, changed_by: _ } = row;
    if !provisioned {
        return None;
    }
    let mut prompt = Mapping::default();
    prompt.text("name", name);
    // Said although it may be the domain's: with another language of the domain, the sounds stay what they are.
    prompt.text("language", language);
    match source {
        PromptSource::Text { text, voice } => {
            prompt.text("text", text);
            prompt.maybe("voice", voice.as_deref());
        }
        PromptSource::File { path } => prompt.text("file", path),
        PromptSource::Upload | PromptSource::Phone => return None,
    }
    Some(prompt.done())
}

fn playlist(Playlist { name, prompts }: &Playlist) -> Node {
    let mut playlist = Mapping::default();
    playlist.text("name", name);
    playlist.list("prompts", texts(prompts));
    playlist.done()
}

fn webhook(Webhook { name, url, events, queues, enabled }: &Webhook) -> Node {
    let mut webhook = Mapping::default();
    webhook.text("name", name);
    webhook.text("url", url);
    webhook.list("events", texts(events));
    webhook.list("queues", texts(queues));
    webhook.flag_unless("enabled", *enabled, true);
    webhook.done()
}
