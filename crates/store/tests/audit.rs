//! Who changed what, when, from where and why.

use model::Timestamp;
use store::{AuditEntry, Author, KeptSound, Part, Prompt, PromptSource};

use crate::world::{NOW, World};

const FILE: &str = "domain: acme.test
queues:
  - number: \"8000\"
    name: Support
    ring_time: 15
    on_no_answer: {hangup: {message: goodbye}}
";

fn by(name: &str, address: &str, reason: &str) -> Author {
    Author { name: name.into(), address: address.into(), reason: reason.into() }
}

#[tokio::test]
async fn every_change_is_kept_with_what_it_was_and_what_it_is() {
    let world = World::new().await;
    let tenant = world.apply(FILE).await.tenant;
    let later = Timestamp::from_secs(1_700_000_100);
    let plan = world.plan(&FILE.replace("15", "20")).await;
    let ada = by("Ada Bay", "192.0.2.7", "phones are slow");
    world.store.apply_by(&plan, later, &ada).await.unwrap();
    // What changes nothing is no change.
    world.apply(&FILE.replace("15", "20")).await;
    let sha256 = world.store.keep_sound(b"hello").unwrap();
    let sound = KeptSound { sha256, length: std::time::Duration::from_secs(1), loudness: -20.0, bytes: 5 };
    let prompt = Prompt {
        language: "en".into(),
        name: "hello".into(),
        source: PromptSource::Phone,
        provisioned: false,
        sound,
        changed_at: later,
        changed_by: String::new(),
    };
    let sue = Author::named("Sue");
    world.store.save_prompt(tenant, &prompt, &sue).await.unwrap();
    world.store.save_prompt(tenant, &prompt, &sue).await.unwrap();
    assert!(world.store.remove_prompt(tenant, ("en", "hello"), later, &sue).await.unwrap());
    assert!(!world.store.remove_prompt(tenant, ("en", "hello"), later, &sue).await.unwrap());

    let world = world.reopen().await;
    let entry = |at, by: &Author, revision, changes: &[&str]| AuditEntry {
        at,
        by: by.clone(),
        revision,
        changes: changes.iter().map(|&line| line.to_owned()).collect(),
    };
    let all = [
        entry(later, &sue, None, &["- prompt en/hello"]),
        entry(later, &sue, None, &["~ prompt en/hello sound"]),
        entry(later, &sue, None, &["+ prompt en/hello"]),
        entry(later, &ada, Some(2), &["~ queue 8000 ring_time 15 -> 20"]),
        entry(NOW, &Author::default(), Some(1), &["+ domain acme.test", "+ queue 8000"]),
    ];
    let first = world.store.audit(tenant, Part::newest(3), None).await.unwrap();
    assert_eq!(first.items, all[..3]);
    let second = world.store.audit(tenant, Part::newest(3).behind(first.next), None).await.unwrap();
    assert_eq!((second.items.as_slice(), second.next), (&all[3..], None));
    let oldest = Part { oldest_first: true, ..Part::newest(3) };
    let first = world.store.audit(tenant, oldest, None).await.unwrap();
    let second = world.store.audit(tenant, oldest.behind(first.next), None).await.unwrap();
    let seen: Vec<_> = first.items.into_iter().chain(second.items).rev().collect();
    assert_eq!(seen, all, "the other way round");
    for (text, found) in [("RING_TIME", 1), ("hello", 3), ("%", 0), ("_", 1), ("!", 0), ("' OR 1=1 --", 0)] {
        let page = world.store.audit(tenant, Part::newest(9), Some(text)).await.unwrap();
        assert_eq!(page.items.len(), found, "{text}");
    }
}
