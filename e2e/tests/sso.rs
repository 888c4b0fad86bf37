//! Logging in by a provider of identities, a real one.

use std::process::Command;

use e2e::{Domain, Options, Ports, Server, shared};

use crate::clients::{copy, run, tools};

#[test]
fn whoever_the_provider_vouches_for_is_logged_in_and_nobody_else() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut ports = Ports::claim(2)?;
    let issuer = format!("http://127.0.0.1:{}", ports.pair()?);
    let settings = vec![
        ("CORDBOARD_OIDC_ISSUER", issuer.clone()),
        ("CORDBOARD_OIDC_CLIENT_ID", "cordboard".to_owned()),
        ("CORDBOARD_OIDC_CLIENT_SECRET", "provider-secret".to_owned()),
        ("CORDBOARD_OIDC_NAME", "Acme account".to_owned()),
        ("CORDBOARD_OIDC_EMAIL_DOMAINS", "acme.test".to_owned()),
        ("CORDBOARD_OUTBOUND_ALLOW", "127.0.0.0/8".to_owned()),
    ];
    let domain = Domain { agents: 2, ..Domain::default() };
    let mut server = Server::start_with(&domain.yaml(), Options { settings, ..Options::default() })?;
    let folder = server.folder().join("sso");
    std::fs::create_dir(&folder)?;
    copy("sso.mjs", &folder)?;
    std::os::unix::fs::symlink(tools()?.join("node_modules"), folder.join("node_modules"))?;
    let address = format!("http://{}", server.http);
    let said = run(Command::new("node").args(["sso.mjs", &address, &issuer]), &folder)?;
    // The provider has things to say of its own.
    let ours: Vec<&str> = said.lines().skip_while(|line| !line.starts_with("offered")).collect();
    let ours: Vec<&str> =
        ours.into_iter().filter(|line| line.contains(": ") && !line.contains("oidc-provider")).collect();
    assert_eq!(
        ours,
        [
            "offered: true Acme account",
            "in: /#oidc=…",
            "redeemed by another browser: 403 /problems/oidc_stale",
            "redeemed: 200 Agent 1001 1001",
            "logged in: 200",
            "redeemed again: 403 /problems/oidc_stale",
            "cookie afterwards: 0",
            "code used again: /#oidc-problem=oidc_refused",
            "wrong state: /#oidc-problem=oidc_stale",
            "another browser: /#oidc-problem=oidc_stale",
            "wrong nonce: /#oidc-problem=oidc_untrusted",
            "wrong verifier: /#oidc-problem=oidc_refused",
            "another issuer: /#oidc-problem=oidc_untrusted",
            "late: /#oidc-problem=oidc_refused",
            "stranger: /#oidc-problem=oidc_unknown",
            "bob: /#oidc-problem=oidc_unverified",
            "elsewhere: /#oidc-problem=oidc_unverified",
            "refuses: /#oidc-problem=oidc_refused",
        ],
        "{said}"
    );
    server.check_alive()
}
