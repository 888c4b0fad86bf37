//! Files and single changes as they reach the store: how far they may, and what comes of them.

use model::{Right, Rights, Role};
use serde_json::json;
use store::Author;
use store::provisioning::Change;

use super::*;
use crate::settings::Settings;

const FILE: &str = "domain: acme.test\ntimezone: Europe/Berlin\ngroups: [all]\nagents:\n  - {extension: \"1001\", name: Ann Ash, \
    email: ann@acme.test, groups: [all], role: agent}\n";

async fn apply(store: &Store, text: &str, reach: Reach) -> Result<Provisioned, ProvisionError> {
    apply_or_insist(store, text, reach, false).await
}

async fn apply_or_insist(
    store: &Store,
    text: &str,
    reach: Reach,
    force: bool,
) -> Result<Provisioned, ProvisionError> {
    let source = Source::File(text.to_owned());
    let order = Order { source, dry_run: false, forecast: true, force, reach, by: Author::default() };
    let library = Library::open(&Settings::default(), store.clone()).unwrap();
    let workshop = Workshop { library: &library, folder: None };
    to_store(store, &workshop, &order).await.map(|(report, _)| report)
}

fn of(name: &str, owners: bool) -> Reach {
    Reach::Domain { name: name.to_owned(), owners, rights: Role::Admin.rights() }
}

#[tokio::test]
async fn an_admin_reaches_her_own_domain_only_and_makes_no_owner_of_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let made = apply(&store, FILE, Reach::Everything).await.unwrap();
    assert!(made.applied && made.generated.contains_key("1001"));
    let same = apply(&store, FILE, of("ACME.test", false)).await.unwrap();
    assert_eq!((same.plan, same.generated.len()), (vec!["no changes".to_owned()], 0));

    let owned = FILE.replace("role: agent", "role: owner");
    for (text, reach) in [
        (FILE, of("globex.test", true)),
        (&FILE.replace("acme.test\nt", "new.test\nt"), of("acme.test", true)),
        (&owned, of("acme.test", false)),
    ] {
        let refused = apply(&store, text, reach.clone()).await;
        assert!(matches!(refused, Err(ProvisionError::TooFar(_))), "{reach:?}: {refused:?}");
    }
    let promoted = apply(&store, &owned, of("acme.test", true)).await.unwrap();
    assert_eq!(promoted.plan, ["~ agent 1001 role agent -> owner"]);
    let demoted = apply(&store, FILE, of("acme.test", false)).await;
    assert!(matches!(demoted, Err(ProvisionError::TooFar(_))), "{demoted:?}");
    assert_eq!(store.domains().await.unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_gives_a_right_that_she_does_not_have() {
    const ROLES: &str = "domain: acme.test\ngroups: [all]\nroles:\n  - {name: lead, rights: [read, own, agent_state]}\nagents:\n  \
        - {extension: \"1001\", name: Ann Ash, email: ann@acme.test, password: first, groups: [all], role: agent}\n";
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    apply(&store, ROLES, Reach::Everything).await.unwrap();
    let with = |rights: &[Right]| {
        let rights: Rights = rights.iter().copied().collect();
        Reach::Domain { name: "acme.test".into(), owners: false, rights }
    };
    let few = with(&[Right::Provisioning, Right::AgentState]);
    let refused = async |text: &str, words: &str| {
        let answer = apply(&store, text, few.clone()).await;
        let Err(ProvisionError::TooFar(told)) = answer else { panic!("{text}: {answer:?}") };
        assert_eq!(told, format!("{words}, and nobody gives a right that she does not have"));
    };
    let wider = ROLES.replace("agent_state]", "agent_state, access, audit]");
    refused(&wider, "line 4: role lead would come by `audit`, `access`").await;
    let another = ROLES.replace("agents:", "  - {name: boss, rights: [access]}\nagents:");
    refused(&another, "line 5: role boss would come by `access`").await;
    refused(&ROLES.replace("role: agent", "role: admin"), "line 6: agent 1001 would come by `call_control`, `mailbox`, `recordings`, `night_mode`, `configuration`, `audit`, `access`").await;
    // What every agent may, and what she may herself, she gives.
    let promoted = ROLES.replace("role: agent", "role: lead");
    assert!(apply(&store, &promoted, few.clone()).await.unwrap().applied);
    // Who sets the password of an admin is one.
    let admin = ROLES.replace("role: agent", "role: admin");
    apply(&store, &admin, with(&Right::ALL)).await.unwrap();
    assert!(apply(&store, &admin.replace("Ann Ash", "Ann Oak"), few.clone()).await.unwrap().applied);
    let stolen = admin.replace("Ann Ash", "Ann Oak").replace("password: first", "password: second");
    refused(&stolen, "line 6: agent 1001 would come by `call_control`, `mailbox`, `recordings`, `night_mode`, `configuration`, `audit`, `access`").await;
    // An edit stands on no line.
    let role = store::provisioning::Object::Role("lead".into());
    let change = Change::Patch(json!({"rights": ["access"]}));
    let edits = vec![store::provisioning::Edit { object: role, change, expected: None }];
    let source = Source::Edits { domain: "acme.test".into(), edits };
    let order =
        Order { source, dry_run: true, forecast: false, force: false, reach: few, by: Author::default() };
    let library = Library::open(&Settings::default(), store.clone()).unwrap();
    let told = to_store(&store, &Workshop { library: &library, folder: None }, &order).await;
    let Err(ProvisionError::TooFar(told)) = told else { panic!("{told:?}") };
    assert!(told.starts_with("role lead would come by `access`, and"), "{told}");
}

#[tokio::test]
async fn a_flow_that_fails_its_own_tests_is_taken_only_if_somebody_insists() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let flow = |expected: &str| {
        format!(
            "{FILE}flows:\n  - number: \"7000\"\n    name: Bye\n    kind: tree\n    \
             steps:\n      - {{id: bye, do: leave, to: {{hangup: {{}}}}}}\n    tests:\n      - name: It \
             ends\n        expect: [{expected}]\n"
        )
    };
    let refused = apply(&store, &flow("to queue 8000"), Reach::Everything).await;
    let Err(ProvisionError::Problems(found)) = refused else { panic!("{refused:?}") };
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].line > 0 && found[0].text.contains("It ends"), "{found:?}");
    assert!(found[1].text.contains("--force"), "{found:?}");
    assert!(store.domains().await.unwrap().is_empty(), "nothing is stored");
    let forced = apply_or_insist(&store, &flow("to queue 8000"), Reach::Everything, true).await.unwrap();
    assert!(forced.applied);
    assert!(apply(&store, &flow("hang up"), Reach::Everything).await.unwrap().applied);
}

#[tokio::test]
async fn the_document_that_is_given_out_is_a_file_that_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    apply(&store, FILE, Reach::Everything).await.unwrap();
    let library = Library::open(&Settings::default(), store.clone()).unwrap();
    let (control, _) = mpsc::channel(1);
    let takeover = Arc::new(Takeover::new(store.clone(), library, control));
    let live = LiveProvisioner { takeover };
    for form in [DocumentForm::Yaml, DocumentForm::Json] {
        let text = live.document("acme.test", form).await.unwrap().unwrap();
        let again = apply(&store, &text, of("acme.test", false)).await.unwrap();
        assert_eq!(again.plan, ["no changes"], "{text}");
    }
    assert_eq!(live.document("globex.test", DocumentForm::Yaml).await, Ok(None));
}

#[tokio::test]
async fn a_step_back_reaches_as_far_as_a_file_does() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let back = async |reach| {
        let source = Source::Before { domain: "acme.test".into() };
        let order =
            Order { source, dry_run: false, forecast: true, force: false, reach, by: Author::named("Sue") };
        let library = Library::open(&Settings::default(), store.clone()).unwrap();
        let workshop = Workshop { library: &library, folder: None };
        to_store(&store, &workshop, &order).await.map(|(report, _)| report)
    };
    assert!(matches!(back(Reach::Everything).await, Err(ProvisionError::NothingBefore(_))), "no domain yet");
    let owned = FILE.replace("role: agent", "role: owner");
    apply(&store, &owned, Reach::Everything).await.unwrap();
    assert!(matches!(back(Reach::Everything).await, Err(ProvisionError::NothingBefore(_))));
    apply(&store, FILE, Reach::Everything).await.unwrap();
    for reach in [of("globex.test", true), of("acme.test", false)] {
        let refused = back(reach.clone()).await;
        assert!(matches!(refused, Err(ProvisionError::TooFar(_))), "{reach:?}: {refused:?}");
    }
    let report = back(of("acme.test", true)).await.unwrap();
    assert_eq!((report.plan, report.applied), (vec!["~ agent 1001 role agent -> owner".to_owned()], true));
}

#[tokio::test]
async fn single_things_are_changed_as_a_file_would() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    apply(&store, FILE, Reach::Everything).await.unwrap();
    let library = Library::open(&Settings::default(), store.clone()).unwrap();
    let (control, _) = mpsc::channel(1);
    let takeover = Arc::new(Takeover::new(store.clone(), library.clone(), control));
    let live = LiveProvisioner { takeover };
    let change = async |object, change, expected: Option<String>| {
        let edits = vec![Edit { object, change, expected }];
        let source = Source::Edits { domain: "acme.test".into(), edits };
        let (reach, by) = (of("acme.test", false), Author::named("Ada"));
        let order = Order { source, dry_run: false, forecast: false, force: false, reach, by };
        let workshop = Workshop { library: &library, folder: None };
        to_store(&store, &workshop, &order).await.map(|(report, _)| report.plan)
    };
    let queue = || Object::Queue("8000".into());
    let value = json!({"name": "Support", "on_no_answer": {"hangup": {"message": "goodbye"}}});
    let made = change(queue(), Change::Create(value.clone()), None).await.unwrap();
    assert_eq!(made, ["+ queue 8000"]);
    let again = change(queue(), Change::Create(value), None).await;
    assert_eq!(again, Err(ProvisionError::Exists("there is a queue 8000 already".into())));
    let member = Object::Member { queue: "8000".into(), agent: "1001".into() };
    assert_eq!(change(member, Change::Put(json!({})), None).await.unwrap(), ["+ member 1001 of 8000"]);

    let before = live.entry("acme.test", &queue()).await.unwrap().unwrap();
    let faster = |seconds: u32| Change::Patch(json!({"ring_time": seconds}));
    let tag = Some(before.tag.clone());
    let faster_once = change(queue(), faster(10), tag.clone()).await.unwrap();
    assert_eq!(faster_once, ["~ queue 8000 ring_time 20 -> 10"]);
    let late = change(queue(), faster(12), tag).await;
    assert_eq!(late, Err(ProvisionError::Changed("the queue 8000 was changed meanwhile".into())));
    let after = live.entries("acme.test", Section::Queues).await.unwrap().unwrap();
    assert_eq!((after.len(), &after[0].value["ring_time"]), (1, &json!(10)));
    assert_ne!(after[0].tag, before.tag);

    let owner = change(Object::Agent("1001".into()), Change::Patch(json!({"role": "owner"})), None).await;
    assert!(matches!(owner, Err(ProvisionError::TooFar(_))), "{owner:?}");
    let wrong = change(queue(), faster(0), None).await;
    let Err(ProvisionError::Faults(faults)) = wrong else { panic!("{wrong:?}") };
    assert_eq!((faults[0].edit, faults[0].pointer.as_str()), (Some(0), "/ring_time"));
    let gone = change(Object::Agent("1001".into()), Change::Remove, None).await;
    let Err(ProvisionError::Faults(faults)) = gone else { panic!("{gone:?}") };
    assert!(faults[0].text.contains("1001"), "{faults:?}");
    let history = store.audit(model::TenantId(1), store::Part::newest(10), None).await.unwrap().items;
    assert_eq!((history.len(), history[0].by.name.as_str()), (4, "Ada"));
}
