//! Who gets how far with which operation: every operation of the document, every role, keys, and another domain.
//! What is in `access.txt` was looked at line by line; a new operation has no line there, and fails.

use std::fmt::Write as _;

use api::storage::Identity;
use expect_test::expect_file;
use model::{Right, Role, Timestamp};

use crate::documents::operations;
use crate::world::{ACME, ADA, ANN, BOB, GUS, OWNER, SUE, World};

const READ_KEY: &str = "key-that-reads";
const WHOLE_KEY: &str = "key-with-all-rights";

/// Who asks, by which token, in which domain.
const ASKING: [(&str, &str, &str); 10] = [
    ("nobody", "", "~"),
    ("ann", ANN, "~"),
    ("bob", BOB, "~"),
    ("sue", SUE, "~"),
    ("ada", ADA, "~"),
    ("owner", OWNER, "~"),
    ("reads", READ_KEY, "~"),
    ("whole", WHOLE_KEY, "~"),
    ("gus", GUS, "acme.test"),
    ("owner+", OWNER, "globex.test"),
];

const HEAD: &str = "\
Who gets how far with each operation, in paths that name agent 1001, who is ann: `in` as far as the handler, `no`
forbidden, `401` not logged in, `404` no such domain. ann and bob are agents, sue a supervisor, ada an admin; `reads`
and `whole` are keys with the right to read and with all that a key can have; gus is the owner of another domain who
names this one; `owner+` is the owner of the server who names another one.

";

fn key(rights: impl IntoIterator<Item = Right>) -> Identity {
    let rights = rights.into_iter().collect();
    let (domain, name) = ("acme.test".into(), "crm".into());
    Identity { tenant: ACME, domain, agent: None, key: Some(1), role: Role::Agent, rights, name }
}

#[tokio::test]
async fn every_operation_lets_in_exactly_whom_the_table_says() {
    let mut table = HEAD.to_owned();
    let names = ASKING.map(|(name, ..)| format!("{name:>7}")).concat();
    writeln!(table, "{:72} {:14}{names}", "", "right").unwrap();
    for operation in operations() {
        let mut row = String::new();
        for (name, token, domain) in ASKING {
            // A world of its own: logging out, for one, ends what the next one needs.
            let world = World::new().await;
            world.readiness.ready();
            world.kept.grant_to(READ_KEY, key([Right::Read]), Timestamp(i64::MAX));
            let all = Right::ALL.into_iter().filter(|right| *right != Right::Own);
            world.kept.grant_to(WHOLE_KEY, key(all), Timestamp(i64::MAX));
            let answer = world.ask(operation.method.clone(), &operation.path(domain), token, "{}").await;
            assert!(answer.status < 500, "{} by {name}: {}", operation.name(), answer.text);
            let word = match answer.problem() {
                "unauthorized" => "401",
                "forbidden" => "no",
                "unknown_domain" => "404",
                _ => "in",
            };
            write!(row, "{word:>7}").unwrap();
        }
        let right = if operation.secured { operation.right.as_str() } else { "-" };
        writeln!(table, "{:72} {right:14}{row}", operation.name()).unwrap();
    }
    expect_file!["access.txt"].assert_eq(&table);
}
