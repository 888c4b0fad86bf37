//! Settings from a file and the environment: what is taken, and what is said of the rest.

use super::*;

fn read(text: &str, environment: &[(&str, &str)]) -> Result<Settings, Vec<SettingProblem>> {
    let mut settings = Settings::default();
    let mut problems = Vec::new();
    settings.apply_file("c.toml", text, &mut problems);
    settings.apply_environment(environment.iter().map(|(k, v)| ((*k).into(), (*v).into())), &mut problems);
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

#[test]
fn the_environment_wins_over_the_file() {
    let settings = read("[sip]\nudp = \"127.0.0.1:5070\"\n", &[("CORDBOARD_SIP_UDP", "127.0.0.1:5080")]);
    assert_eq!(settings.unwrap().sip_udp, vec!["127.0.0.1:5080".parse().unwrap()]);
}

#[test]
fn every_problem_is_reported_with_its_place() {
    let problems = read(
        "[sip]\nudp = \"nowhere\"\nudb = 1\n\n[rtp]\nports = \"30000-20000\"\n",
        &[("CORDBOARD_LOG_FORMAT", "xml"), ("CORDBOARD_SIP_NOPE", "1"), ("CORDBOARD_E2E", "1")],
    )
    .unwrap_err();
    let places: Vec<_> = problems.iter().map(|p| p.place.as_str()).collect();
    assert_eq!(
        places,
        ["c.toml line 2", "c.toml line 3", "c.toml line 6", "CORDBOARD_LOG_FORMAT", "CORDBOARD_SIP_NOPE"]
    );
    assert!(problems[1].what.contains("sip.udp"), "it names the nearest key: {}", problems[1].what);
}

#[test]
fn a_mail_server_needs_a_sender_and_no_password_in_the_clear() {
    let places = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("c.toml");
        std::fs::write(&file, text).unwrap();
        let read = Settings::read(Some(&file), std::iter::empty());
        read.map_or_else(|problems| problems.into_iter().map(|p| p.place).collect(), |_| Vec::new())
    };
    let from = "from = \"switch@acme.test\"";
    let login = "user = \"u\"\npassword = \"p\"";
    assert_eq!(places("[smtp]\nhost = \"mail.acme.test\"\n"), ["smtp.from"]);
    assert_eq!(places(&format!("[smtp]\nhost = \"mail.acme.test\"\nuser = \"u\"\n{from}\n")), ["smtp.user"]);
    let clear = format!("[smtp]\nhost = \"mail.acme.test\"\ntls = \"off\"\n{from}\n{login}\n");
    assert_eq!(places(&clear), ["smtp.tls"]);
    assert_eq!(places(&clear.replace("mail.acme.test", "localhost")), [""; 0]);
    assert_eq!(places(&clear.replace("off", "tls")), [""; 0]);
}

#[test]
fn a_provider_is_named_whole() {
    let read = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("c.toml");
        std::fs::write(&file, text).unwrap();
        Settings::read(Some(&file), std::iter::empty())
    };
    let issuer = "[oidc]\nissuer = \"https://id.acme.test/realms/main\"\n";
    assert_eq!(read(issuer).unwrap_err()[0].place, "oidc.issuer");
    let whole = format!("{issuer}client_id = \"cordboard\"\nemail_domains = \"Acme.test, acme.example\"\n");
    let settings = read(&whole).unwrap();
    assert_eq!(settings.oidc_issuer.as_deref(), Some("https://id.acme.test/realms/main"));
    assert_eq!(settings.oidc_email_domains, ["acme.test", "acme.example"]);
}

#[test]
fn tls_is_listened_for_with_a_certificate_and_its_key_only() {
    let places = |environment: &[(&str, &str)]| {
        let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let read = Settings::read(None, environment);
        read.map_or_else(|problems| problems.into_iter().map(|p| p.place).collect(), |_| Vec::new())
    };
    let certificate = ("CORDBOARD_TLS_CERTIFICATE", "/etc/cordboard/fullchain.pem");
    let key = ("CORDBOARD_TLS_KEY", "/etc/cordboard/privkey.pem");
    let sip = ("CORDBOARD_SIP_TLS", "0.0.0.0:5061");
    let http = ("CORDBOARD_HTTP_TLS", "0.0.0.0:8443");
    assert_eq!(places(&[sip, http]), ["sip.tls", "http.tls"]);
    assert_eq!(places(&[sip, certificate]), ["tls.certificate"]);
    assert_eq!(places(&[sip, http, certificate, key]), [""; 0]);
    assert_eq!(places(&[("CORDBOARD_SIP_TLS", "off"), ("CORDBOARD_HTTP_TLS", "off")]), [""; 0]);

    let acme = ("CORDBOARD_ACME_DOMAINS", "pbx.acme.test, PBX.acme.test");
    assert_eq!(places(&[sip, http, acme]), [""; 0]);
    assert_eq!(places(&[acme]), ["acme.domains"]);
    assert_eq!(places(&[http, acme, certificate, key]), ["acme.domains"]);
    let external = ("CORDBOARD_ACME_EXTERNAL_KEY_ID", "kid");
    assert_eq!(places(&[http, acme, external]), ["acme.external_key_id"]);
    assert_eq!(places(&[("CORDBOARD_ACME_LISTEN", "0.0.0.0:80")]), ["acme.listen"]);
}

#[test]
fn a_file_that_is_no_toml_names_its_line() {
    let problems = read("[sip]\nudp = \n", &[]).unwrap_err();
    assert_eq!(problems[0].place, "c.toml line 2");
}

#[test]
fn http_stays_on_this_machine_until_there_is_an_owner() {
    let mut settings = Settings { http_listen: "0.0.0.0:8080".parse().ok(), ..Settings::default() };
    assert_eq!(settings.http_address(false).to_string(), "127.0.0.1:8080");
    assert_eq!(settings.http_address(true).to_string(), "0.0.0.0:8080");
    settings.http_listen = None;
    assert_eq!(settings.http_address(true).to_string(), "127.0.0.1:8080");
    settings.http_tls = "0.0.0.0:8443".parse().ok();
    assert_eq!(settings.https_address(false).unwrap().to_string(), "127.0.0.1:8443");
    assert_eq!(settings.https_address(true).unwrap().to_string(), "0.0.0.0:8443");
}

#[test]
fn links_lead_where_the_operator_says_or_where_http_listens() {
    let mut settings = Settings::default();
    let everywhere = "0.0.0.0:8080".parse().unwrap();
    assert_eq!(settings.web_address("192.0.2.7:8080".parse().unwrap()), "http://192.0.2.7:8080");
    assert_eq!(settings.web_address(everywhere), "http://localhost:8080");
    let key = lookup::find("http.public_url").unwrap();
    (key.set)(&mut settings, "https://cc.acme.test/").unwrap();
    assert_eq!(settings.web_address(everywhere), "https://cc.acme.test");
    for wrong in ["cc.acme.test", "https://", "https://a b/", "ftp://x", "https://x/path", "https://u@x"] {
        assert!((key.set)(&mut settings, wrong).is_err(), "{wrong}");
    }
}
