//! What a list is like, as the document of its operation says by `x-list`:
//!
//! - `sort`: the fields that it can be sorted by; the first is how it is sorted unless somebody says otherwise, with a
//!   `-` before it from the last to the first.
//! - `id`: the fields that tell its items apart, where it is in memory.
//! - `q`: the fields that are looked into for a text; none: the list takes none.
//! - `limit`: how many items a page has unless set, and the most that can be; left out: all of them, and at most 1,000.
//!
//! Which fields its items have is read from their schema in the same document.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use serde_json::Value;
use store::provisioning::Section;
use utoipa::openapi::OpenApi;

use crate::v1::provisioning::members;

/// Most items that can be asked for, unless a list says otherwise.
const LIMIT_MAX: u32 = 1_000;
/// Deepest that objects in a field become columns of their own.
const COLUMNS_DEEP_MAX: usize = 2;

/// What a list is like.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Its operation's id, by which cursors know it.
    pub(super) name: String,
    /// The fields that it can be sorted by.
    pub(super) sort: Vec<String>,
    descending: bool,
    /// The fields that tell its items apart.
    pub(super) id: Vec<String>,
    /// The fields that are looked into.
    pub(super) searched: Vec<String>,
    /// How many items a page has unless set, and the most.
    pub(super) limit: (Option<u32>, u32),
    /// What its items have; nothing if that depends on the path.
    pub(super) fields: Vec<Field>,
}

/// A field of a list's items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: String,
    /// Its columns in a table: below it the names that lead to each; of a field that is one column, one empty path.
    pub(crate) columns: Vec<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    sort: Vec<String>,
    #[serde(default)]
    id: Vec<String>,
    #[serde(default)]
    q: Vec<String>,
    limit: Option<(u32, u32)>,
}

impl Shape {
    fn of(operation: &Value, document: &Value) -> Option<Self> {
        let said: Said = serde_json::from_value(operation.get("x-list")?.clone()).ok()?;
        let descending = said.sort.first()?.starts_with('-');
        let sort = said.sort.iter().map(|key| key.trim_start_matches('-').to_owned()).collect();
        let items = operation
            .pointer("/responses/200/content/application~1json/schema")
            .and_then(|schema| resolved(schema, document).pointer("/properties/items/items"))?;
        let lead: Vec<&str> = said.id.iter().chain(&said.sort).chain(&said.q).map(String::as_str).collect();
        Some(Self {
            name: operation.get("operationId")?.as_str()?.to_owned(),
            fields: fields(items, document, &lead),
            sort,
            descending,
            id: said.id,
            searched: said.q,
            limit: said.limit.map_or((None, LIMIT_MAX), |(usual, max)| (Some(usual), max)),
        })
    }

    /// How it is sorted unless somebody says otherwise.
    pub(crate) fn sort_default(&self) -> String {
        let minus = if self.descending { "-" } else { "" };
        format!("{minus}{}", self.sort.first().map_or("", String::as_str))
    }

    /// All that `sort` can be.
    pub(crate) fn sort_words(&self) -> Vec<String> {
        self.sort.iter().flat_map(|key| [key.clone(), format!("-{key}")]).collect()
    }

    /// The parameters that it takes, in words.
    pub(super) fn takes(&self) -> &'static str {
        if self.searched.is_empty() {
            "sort, fields, cursor, limit"
        } else {
            "sort, fields, q, cursor, limit"
        }
    }

    /// What a table of it is called when somebody saves it.
    pub(super) fn file_name(&self) -> &str {
        self.name.strip_suffix("_list").unwrap_or(&self.name)
    }

    /// Whether it takes a text to look for, and in which fields.
    pub(crate) fn searched(&self) -> &[String] {
        &self.searched
    }

    /// How many items a page has unless set, and the most.
    pub(crate) const fn limit(&self) -> (Option<u32>, u32) {
        self.limit
    }

    /// The fields of its items.
    pub(crate) fn field_names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }
}

/// All lists.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    by_path: HashMap<String, Arc<Shape>>,
    sections: BTreeMap<Section, Vec<Field>>,
    members: Vec<Field>,
}

impl Lists {
    /// Reads them from the document while its operations still say it; what was read then is what is given later, since
    /// the document is the same as long as the process lives.
    pub(crate) fn of(document: &OpenApi) -> &'static Self {
        static READ: OnceLock<Lists> = OnceLock::new();
        READ.get_or_init(|| Self::read(document))
    }

    fn read(document: &OpenApi) -> Self {
        let document = serde_json::to_value(document).unwrap_or_default();
        let mut by_path = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            if let Some(shape) = item.get("get").and_then(|operation| Shape::of(operation, &document)) {
                by_path.insert(path.clone(), Arc::new(shape));
            }
        }
        let of_section = |section: Section| {
            let key: Vec<_> = section.key_fields().chain(["name"]).collect();
            (section, entry_fields(shape_of(section), &document, &key))
        };
        let members = [one_column(members::QUEUE)]
            .into_iter()
            .chain(entry_fields(members::SHAPE, &document, &["agent"]))
            .collect();
        Self { by_path, sections: Section::ALL.into_iter().map(of_section).collect(), members }
    }

    /// The list of a path; none: its operation answers none.
    pub(crate) fn of_path(&self, path: &str) -> Option<Arc<Shape>> {
        self.by_path.get(path).cloned()
    }

    /// The fields of a section's entries that can be shown.
    pub(crate) fn section(&self, section: Section) -> &[Field] {
        self.sections.get(&section).map(Vec::as_slice).unwrap_or_default()
    }

    /// The fields of a queue's member, with the queue.
    pub(crate) fn members(&self) -> &[Field] {
        &self.members
    }
}

fn one_column(name: &str) -> Field {
    Field { name: name.to_owned(), columns: vec![Vec::new()] }
}

/// The fields of entries of the provisioning file, each one column, so that a table of them can be read again.
fn entry_fields(shape: &str, document: &Value, key: &[&str]) -> Vec<Field> {
    let Some(schema) = document.pointer(&format!("/components/schemas/{shape}")) else {
        // A group is its name, and has no schema.
        return vec![one_column("name")];
    };
    names(schema, document, key).iter().map(|name| one_column(name)).collect()
}

/// The name of the schema of a section's entries.
pub(crate) const fn shape_of(section: Section) -> &'static str {
    match section {
        Section::Prompts => "PromptShape",
        Section::Playlists => "PlaylistShape",
        Section::BusinessHours => "BusinessHoursShape",
        Section::Groups => "GroupShape",
        Section::Roles => "RoleShape",
        Section::Agents => "AgentShape",
        Section::Extensions => "ExtensionShape",
        Section::Queues => "QueueShape",
        Section::Flows => "FlowShape",
        Section::RingGroups => "RingGroupShape",
        Section::Mailboxes => "MailboxShape",
        Section::Numbers => "NumberShape",
        Section::Trunks => "TrunkShape",
        Section::VipNumbers => "VipShape",
        Section::ExclusiveNumbers => "ExclusiveShape",
        Section::QueueBlacklist => "QueueBlacklistShape",
        Section::Blacklist => "BlacklistShape",
        Section::Webhooks => "WebhookShape",
        Section::FeatureCodes => "FeatureCodeShape",
        Section::NotReadyCodes => "NotReadyCodeShape",
        Section::Dispositions => "DispositionShape",
        Section::Reports => "ReportShape",
    }
}

/// What a schema refers to, through as many references as it takes.
pub(crate) fn resolved<'a>(schema: &'a Value, document: &'a Value) -> &'a Value {
    let mut at = schema;
    // Longer chains than this do not occur; a ring of them would otherwise never end.
    for _ in 0..8 {
        let to = at.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#'));
        let Some(next) = to.and_then(|to| document.pointer(to)) else { break };
        at = next;
    }
    at
}

/// The properties of an object's schema, those of its parts too.
fn properties<'a>(schema: &'a Value, document: &'a Value, found: &mut BTreeMap<&'a str, &'a Value>) {
    let schema = resolved(schema, document);
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        found.insert(name, property);
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        properties(part, document, found);
    }
}

/// The names of an object's fields: those of `lead` first, then by name. Secrets are never shown, and are none.
fn names(schema: &Value, document: &Value, lead: &[&str]) -> Vec<String> {
    let mut found = BTreeMap::new();
    properties(schema, document, &mut found);
    let mut names: Vec<String> = Vec::new();
    for name in lead.iter().map(|name| name.trim_start_matches('-')).chain(found.keys().copied()) {
        if found.contains_key(name) && !names.iter().any(|known| known == name) && !SECRETS.contains(&name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The fields of a list's items.
fn fields(schema: &Value, document: &Value, lead: &[&str]) -> Vec<Field> {
    let mut found = BTreeMap::new();
    properties(schema, document, &mut found);
    let field = |name: String| {
        let mut columns = Vec::new();
        let schema = found.get(name.as_str()).copied().unwrap_or(&Value::Null);
        collect(schema, document, &mut Vec::new(), &mut columns);
        Field { name, columns }
    };
    names(schema, document, lead).into_iter().map(field).collect()
}

/// Fields that are written, and never read.
pub(crate) const SECRETS: [&str; 4] = ["password", "sip_password", "pin", "secret"];

/// The columns of a value: one, or those of the object that it always is, if anything.
fn collect(schema: &Value, document: &Value, path: &mut Vec<String>, columns: &mut Vec<Vec<String>>) {
    let schema = or_nothing(resolved(schema, document), document);
    let mut found = BTreeMap::new();
    properties(schema, document, &mut found);
    if found.is_empty() || path.len() + 1 >= COLUMNS_DEEP_MAX || schema.get("oneOf").is_some() {
        columns.push(path.clone());
        return;
    }
    for (name, property) in found {
        path.push(name.to_owned());
        collect(property, document, path, columns);
        path.pop();
    }
}

/// The one thing that something is if it is there at all.
pub(crate) fn or_nothing<'a>(schema: &'a Value, document: &'a Value) -> &'a Value {
    let of = ["oneOf", "anyOf"].into_iter().find_map(|word| schema.get(word)?.as_array());
    let Some(of) = of else { return schema };
    let mut others = of.iter().filter(|one| one.get("type").is_none_or(|kind| kind != "null"));
    match (others.next(), others.next()) {
        (Some(only), None) => resolved(only, document),
        (Some(_) | None, Some(_) | None) => schema,
    }
}
