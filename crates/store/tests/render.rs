//! What is stored, as the document that would bring it about.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use store::provisioning::schema::json_schema;
use store::provisioning::{Document, ReadDataError};
use store::{KeptSound, OpenError, PromptSource};

use crate::world::{CONTRACT, NOW, PROMPTS, World};

/// Sets every field of the schema to something else than its default.
pub(crate) const EVERYTHING: &str = include_str!("everything.yaml");

/// Fields that no document shows: what is stored of them stays.
const SECRETS: [&str; 5] = [
    "AgentShape.password",
    "AgentShape.sip_password",
    "ExtensionShape.sip_password",
    "MailboxShape.pin",
    "WebhookShape.secret",
];
const DOMAINS_SECRET: &str = "ProvisioningFile.webhook_secret";

/// Prompts of every domain that only the examples name.
const SOUNDS_OF_EXAMPLES: [&str; 1] = ["all-busy"];

pub(crate) async fn apply_with_sounds(world: &World, text: &str) {
    let sound = |of: String| {
        let sha256 = world.store.keep_sound(of.as_bytes()).unwrap();
        KeptSound { sha256, length: Duration::from_secs(1), loudness: -18.0, bytes: of.len() as u64 }
    };
    let known: Vec<&str> = PROMPTS.into_iter().chain(SOUNDS_OF_EXAMPLES).collect();
    let mut wanted = world.store.read_file(text, &known).await.unwrap_or_else(|error| panic!("{error}"));
    for prompt in wanted.prompts_mut() {
        if let PromptSource::File { path } = &prompt.source {
            prompt.sound = Some(sound(path.clone()));
        }
    }
    let mut plan = world.store.plan(wanted).await.unwrap();
    for index in plan.sounds_wanted().to_vec() {
        plan.give_sound(index, sound(format!("sound {index}")));
    }
    world.store.apply(&plan, NOW).await.unwrap();
    world.document_says(plan.domain(), &known).await;
}

/// The fields of each shape that a document sets, as `Shape.field`.
fn fields_set(schema: &Value, shape: (&str, &Value), value: &Value, found: &mut BTreeSet<String>) {
    let (name, shape) = shape;
    if let Some(to) = shape.get("$ref").and_then(Value::as_str) {
        let name = to.trim_start_matches("#/$defs/");
        return fields_set(schema, (name, &schema["$defs"][name]), value, found);
    }
    for choice in ["anyOf", "oneOf"] {
        for one in shape.get(choice).and_then(Value::as_array).into_iter().flatten() {
            fields_set(schema, (name, one), value, found);
        }
    }
    if let (Some(items), Some(list)) = (shape.get("items"), value.as_array()) {
        list.iter().for_each(|item| fields_set(schema, (name, items), item, found));
    }
    let (Some(properties), Some(entries)) = (shape.get("properties"), value.as_object()) else { return };
    for (field, value) in entries {
        if let Some(shape) = properties.get(field) {
            found.insert(format!("{name}.{field}"));
            fields_set(schema, (name, shape), value, found);
        }
    }
}

/// All fields that the schema has, in the same words.
fn fields_known(schema: &Value) -> BTreeSet<String> {
    fn of(name: &str, shape: &Value, known: &mut BTreeSet<String>) {
        let properties = shape.get("properties").and_then(Value::as_object);
        known.extend(properties.into_iter().flatten().map(|(field, _)| format!("{name}.{field}")));
        for choice in ["anyOf", "oneOf"] {
            let choices = shape.get(choice).and_then(Value::as_array);
            choices.into_iter().flatten().for_each(|one| of(name, one, known));
        }
    }
    let mut known = BTreeSet::new();
    of("ProvisioningFile", schema, &mut known);
    for (name, shape) in schema["$defs"].as_object().unwrap() {
        of(name, shape, &mut known);
    }
    known
}

#[tokio::test]
async fn every_field_of_the_schema_comes_out_as_it_went_in() {
    let world = World::new().await;
    apply_with_sounds(&world, EVERYTHING).await;
    let document = world.store.document("Everything.Test").await.unwrap().unwrap();
    let written: Value = serde_json::from_str(&document.to_json().unwrap()).unwrap();
    let schema = json_schema();
    let mut set = BTreeSet::new();
    fields_set(&schema, ("ProvisioningFile", &schema), &written, &mut set);
    let mut known = fields_known(&schema);
    known.retain(|field| !SECRETS.contains(&field.as_str()) && field != DOMAINS_SECRET);
    let missing: Vec<_> = known.difference(&set).collect();
    assert!(
        missing.is_empty(),
        "set {missing:?} to something else than the default in tests/everything.yaml; then \
         provisioning/render must write it"
    );
    let secrets: Vec<_> = set.difference(&known).collect();
    assert!(secrets.is_empty(), "{secrets:?}");
    for secret in ["desk-password", "phone-secret", "spare-secret", "4711", "whsec_"] {
        assert!(EVERYTHING.contains(secret));
        assert!(!document.to_yaml().unwrap().contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn what_the_file_sets_is_in_the_document_and_nothing_else() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    let document = world.store.document("acme.test").await.unwrap().unwrap();
    let expected = r#"domain: acme.test
timezone: Europe/Berlin
groups:
  - sales
  - support
agents:
  - extension: "1001"
    name: Ann Ash
    email: ann@acme.test
    groups:
      - support
    skills:
      billing: 2
      english: 5
extensions:
  - number: "1090"
queues:
  - number: "8000"
    name: Support
    ring_time: 15
    auto_ready: false
    wrap_up_time: 5
    on_no_answer:
      hangup:
        message: goodbye
    members:
      - agent: "1001"
flows:
  - number: "7000"
    name: Reach an agent
    kind: agent_extension
    on_unavailable:
      queue: "8000"
    on_no_answer:
      voicemail:
        message: leave-a-message
    on_busy:
      queue: "8000"
    on_repeats_exhausted:
      hangup:
        message: goodbye
    on_star:
      queue: "8000"
numbers:
  - number: "+493012345678"
    open:
      flow: "7000"
trunks:
  - name: carrier
    host: 127.0.0.1:5080
    allow_from:
      - 127.0.0.1/32
"#;
    assert_eq!(document.to_yaml().unwrap(), expected);
    assert!(world.store.document("globex.test").await.unwrap().is_none());
}

#[tokio::test]
async fn the_examples_are_what_their_documents_say() {
    let world = World::new().await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|kind| kind == "yaml") {
            apply_with_sounds(&world, &std::fs::read_to_string(&path).unwrap()).await;
            seen += 1;
        }
    }
    assert!(seen >= 2, "the examples are where they were");
}

#[tokio::test]
async fn a_document_is_read_beside_a_server_at_work_and_changes_nothing() {
    let world = World::new().await;
    let folder = world.directory.path();
    assert!(matches!(Document::read(folder, None).await, Err(ReadDataError::NoDomain)));
    world.apply(CONTRACT).await;
    world.apply("domain: globex.test\n").await;
    let read = Document::read(folder, None).await.unwrap();
    let of_server = world.store.document("acme.test").await.unwrap().unwrap();
    assert_eq!(read.to_yaml().unwrap(), of_server.to_yaml().unwrap(), "the first one made");
    assert_eq!(Document::read(folder, Some("Globex.test")).await.unwrap().domain(), "globex.test");
    let error = Document::read(folder, Some("nobody.test")).await.unwrap_err().to_string();
    assert_eq!(error, "there is no domain nobody.test; these are there: acme.test, globex.test");
    let World { store, directory } = world;
    store.close().await;
    drop(store);
    let read = Document::read(directory.path(), None).await.unwrap();
    assert_eq!(read.to_yaml().unwrap(), of_server.to_yaml().unwrap(), "and beside none");
    let nowhere = tempfile::tempdir().unwrap();
    let error = Document::read(nowhere.path(), None).await.unwrap_err();
    assert!(matches!(error, ReadDataError::Open(OpenError::Missing { .. })), "{error}");
    assert_eq!(std::fs::read_dir(nowhere.path()).unwrap().count(), 0, "nothing is made");
}
