//! Who gets how far with which operation: every operation of the document, every role, keys, and another domain.
//! What is in `access.txt` was looked at line by line; a new operation has no line there, and fails.

use std::fmt::Write as _;

use api::storage::Identity;
use expect_test::expect_file;
use model::{AgentId, Right, Rights, Role, Timestamp};

use crate::documents::operations;
use crate::world::{ACME, ADA, ANN, BOB, GUS, OWNER, SUE, World};

const READ_KEY: &str = "key-that-reads";
const KIM: &str = "token-of-a-supervisor-of-another-group";
const LEE: &str = "token-of-a-role-of-the-domains-own";
const WHOLE_KEY: &str = "key-with-all-rights";

/// Who asks, by which token, in which domain.
const ASKING: [(&str, &str, &str); 12] = [
    ("nobody", "", "~"),
    ("ann", ANN, "~"),
    ("bob", BOB, "~"),
    ("sue", SUE, "~"),
    ("kim", KIM, "~"),
    ("lee", LEE, "~"),
    ("ada", ADA, "~"),
    ("owner", OWNER, "~"),
    ("reads", READ_KEY, "~"),
    ("whole", WHOLE_KEY, "~"),
    ("gus", GUS, "acme.test"),
    ("owner+", OWNER, "globex.test"),
];

const HEAD: &str = "\
Who gets how far with each operation, in paths that name agent 1001, who is ann: `in` as far as the handler, `no`
forbidden, `401` not logged in, `404` no such domain. ann and bob are agents, sue a supervisor, ada an admin; kim is a
supervisor of another group, and what the path names is `hid` from her; lee has a role of the domain's own with the
rights `read` and `night_mode`; `reads` and `whole` are keys with the right to read and with all that a key can have;
gus is the owner of another domain who names this one; `owner+` is the owner of the server who names another one.

";

fn key(rights: impl IntoIterator<Item = Right>) -> Identity {
    let rights = rights.into_iter().collect();
    let (domain, name) = ("acme.test".into(), "crm".into());
    Identity {
        tenant: ACME,
        domain,
        agent: None,
        key: Some(1),
        role: Role::Agent,
        rights,
        supervises: None,
        name,
        factor_due: false,
    }
}

/// Somebody of acme.test who is not among those of [`crate::world::identity`].
fn person(id: u64, role: Role, rights: Rights, supervises: Option<&str>) -> Identity {
    let (domain, name) = ("acme.test".into(), "Somebody".into());
    let supervises = supervises.map(|group| vec![group.to_owned()]);
    let agent = Some(AgentId(id));
    Identity { tenant: ACME, domain, agent, key: None, role, rights, supervises, name, factor_due: false }
}

/// Who is not among those of [`crate::world`] has a token too.
fn grant(world: &World) {
    let whole = Right::ALL.into_iter().filter(|right| *right != Right::Own);
    let night = [Right::Read, Right::NightMode].into_iter().collect();
    for (token, who) in [
        (READ_KEY, key([Right::Read])),
        (WHOLE_KEY, key(whole)),
        (KIM, person(6, Role::Supervisor, Role::Supervisor.rights(), Some("sales"))),
        (LEE, person(7, Role::Custom("night-watch".into()), night, None)),
    ] {
        world.kept.grant_to(token, who, Timestamp(i64::MAX));
    }
}

#[tokio::test]
async fn every_operation_lets_in_exactly_whom_the_table_says() {
    let mut table = HEAD.to_owned();
    let names = ASKING.map(|(name, ..)| format!("{name:>7}")).concat();
    writeln!(table, "{:72} {:14}{names}", "", "right").unwrap();
    for operation in operations() {
        let mut row = String::new();
        // A world for each operation: to make one costs far more than to ask.
        let world = World::new().await;
        world.readiness.ready();
        for (name, token, domain) in ASKING {
            // Every time anew: logging out, for one, ends what the next one needs.
            world.kept.grant_all();
            grant(&world);
            let answer = world.ask(operation.method.clone(), &operation.path(domain), token, "{}").await;
            assert!(answer.status < 500, "{} by {name}: {}", operation.name(), answer.text);
            let word = match answer.problem() {
                "unauthorized" => "401",
                "forbidden" => "no",
                "unknown_domain" => "404",
                "unknown_agent" | "unknown_queue" | "unknown_mailbox" if name == "kim" => "hid",
                _ => "in",
            };
            write!(row, "{word:>7}").unwrap();
        }
        let right = if operation.secured { operation.right.as_str() } else { "-" };
        writeln!(table, "{:72} {right:14}{row}", operation.name()).unwrap();
    }
    expect_file!["access.txt"].assert_eq(&table);
}
