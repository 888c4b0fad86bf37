//! What may be followed, and by whom.

use model::{AgentId, Role};

use super::command::Wanted;
use super::scope::Scope;
use super::story_tests::{TENANT, directory, extension_of, queue_of};
use crate::storage::Identity;

#[test]
fn what_is_not_hers_cannot_be_followed() {
    let topic = |name: &str| Wanted { topics: vec![name.into()], ..Wanted::default() };
    for (wanted, words) in [
        (queue_of("8001"), "queue 8001 cannot be followed by this user"),
        (queue_of("9"), "queue 9 cannot be followed by this user"),
        (extension_of("1002"), "extension 1002 cannot be followed by this user"),
        (topic("queue_management_events"), "queue_management_events cannot be followed by this user"),
        (topic("extension_management_events"), "extension_management_events cannot be followed by this user"),
        (topic("cdr_events"), "cdr_events cannot be followed by this user"),
        (topic("global_cdr_events"), "there is no topic `global_cdr_events` here"),
        (topic("queue_events"), "`queues` is empty"),
        (Wanted::default(), "`topics` is empty"),
    ] {
        let directory = directory();
        let identity = Identity {
            tenant: TENANT,
            domain: "a.test".into(),
            agent: Some(AgentId(1)),
            key: None,
            role: Role::Agent,
            rights: Role::Agent.rights(),
            supervises: None,
            name: "Somebody".into(),
            factor_due: false,
        };
        let mut scope = Scope::new(identity);
        assert_eq!(scope.subscribe(&wanted, &directory).unwrap_err(), words);
        // Of several topics none is followed if one cannot be.
        let mut mixed = queue_of("8000");
        mixed.topics.extend(wanted.topics);
        mixed.queues.extend(wanted.queues.into_iter().filter(|number| number != "8000"));
        if mixed.topics.len() > 1 && mixed.topics[1] != "queue_events" {
            assert!(scope.subscribe(&mixed, &directory).is_err());
            assert!(scope.queues.is_empty());
        }
    }
}

#[test]
fn who_supervises_a_group_follows_what_is_its_and_is_told_of_its_agents_only() {
    let mut directory = directory();
    let (ann, bob, sue) = (AgentId(1), AgentId(2), AgentId(3));
    directory.agents.get_mut(&ann).unwrap().groups = vec!["blue".into()];
    directory.agents.get_mut(&sue).unwrap().supervises = Some(vec!["blue".into()]);
    let topic = |name: &str| Wanted { topics: vec![name.into()], ..Wanted::default() };
    let mut scope = Scope::new(Identity {
        tenant: TENANT,
        domain: "a.test".into(),
        agent: Some(sue),
        key: None,
        role: Role::Supervisor,
        rights: Role::Supervisor.rights(),
        supervises: Some(vec!["blue".into()]),
        name: "Sue".into(),
        factor_due: false,
    });
    for wanted in [queue_of("8000"), extension_of("1001"), extension_of("1003")] {
        scope.subscribe(&wanted, &directory).unwrap();
    }
    for wanted in [
        queue_of("8001"),
        extension_of("1002"),
        topic("queue_management_events"),
        topic("extension_management_events"),
        topic("cdr_events"),
    ] {
        assert!(scope.subscribe(&wanted, &directory).is_err(), "{wanted:?}");
    }
    assert!(scope.names(ann, &directory) && scope.names(sue, &directory) && !scope.names(bob, &directory));
    // With the whole domain again, she may.
    directory.agents.get_mut(&sue).unwrap().supervises = None;
    scope.subscribe(&topic("cdr_events"), &directory).unwrap();
    assert!(scope.names(bob, &directory));
}
