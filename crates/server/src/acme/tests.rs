//! Certificates from an authority of our own, in good moods and bad ones.

mod authority;

use std::os::unix::fs::PermissionsExt as _;

use authority::{Authority, Mood};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::*;
use crate::http::{HttpLimits, serve};

const DAY: i64 = 86_400;
/// A test that waits longer has failed.
const LONGEST: Duration = Duration::from_secs(60);
const NAME: &str = "pbx.acme.test";

struct World {
    folder: TempDir,
    authority: Authority,
    settings: Settings,
    /// Closes the listener that answers the authority.
    _site: watch::Sender<bool>,
    tls: Arc<Tls>,
    acme: Arc<Acme>,
}

fn quick() -> Pace {
    Pace {
        request_max: Duration::from_secs(20),
        poll_max: Duration::from_secs(20),
        poll_first: Duration::from_millis(1),
        try_max: Duration::from_secs(60),
    }
}

async fn opened(
    settings: &Settings,
    authority: &Authority,
    pace: Pace,
) -> (Arc<Tls>, Arc<Acme>, watch::Sender<bool>) {
    let tls = Arc::new(Tls::awaiting());
    let acme = Acme::open(settings, Some(&tls), pace).unwrap().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    authority.names_lead_to(listener.local_addr().unwrap());
    let (site, stopping) = watch::channel(false);
    let router = listener_router(acme.challenges(), None);
    tokio::spawn(serve(listener, None, router, HttpLimits::default(), stopping));
    (tls, acme, site)
}

impl World {
    async fn new(domains: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = tls::now();
        let authority = Authority::start(folder.path(), (now - DAY, now + 89 * DAY)).await;
        let acme = AcmeSettings {
            domains: domains.iter().map(|&name| name.to_owned()).collect(),
            directory: authority.directory(),
            ca: Some(folder.path().join("ca.pem")),
            contact: Some("ann@acme.test".to_owned()),
            ..AcmeSettings::default()
        };
        let settings = Settings { acme, data_dir: folder.path().join("data"), ..Settings::default() };
        let (tls, acme, site) = opened(&settings, &authority, quick()).await;
        Self { folder, authority, settings, _site: site, tls, acme }
    }

    /// The same data directory in another process.
    async fn restarted(&mut self) {
        (self.tls, self.acme, self._site) = opened(&self.settings, &self.authority, quick()).await;
    }

    async fn paced(&mut self, pace: Pace) {
        (self.tls, self.acme, self._site) = opened(&self.settings, &self.authority, pace).await;
    }

    fn names(&self) -> Vec<String> {
        self.tls.current().map_or_else(Vec::new, |current| current.names.clone())
    }

    /// A try that fails, and what is known of it then.
    async fn fails(&self) -> KeptFailure {
        self.acme.try_once(tls::now()).await;
        assert_eq!(locked(&self.acme.challenges.0).len(), 0, "no answer stays behind");
        locked(&self.acme.failed).clone().expect("it came")
    }
}

fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{text} lacks {part}");
    }
    assert!(!text.contains('\n') && text.len() < 1_000, "one line: {text}");
}

#[tokio::test]
async fn a_certificate_comes_and_a_restart_asks_for_nothing() {
    let mut world = World::new(&[NAME, "www.acme.test"]).await;
    let now = tls::now();
    assert!(world.acme.due(now) <= now && world.tls.current().is_none());
    world.acme.try_once(now).await;
    assert_eq!(world.names(), [NAME, "www.acme.test"]);
    assert_eq!(world.authority.contacts(), serde_json::json!(["mailto:ann@acme.test"]));
    assert_eq!(world.authority.asked("/challenge/"), 2);
    assert_eq!(locked(&world.acme.challenges.0).len(), 0);

    let folder = world.acme.ordering.kept.folder().to_owned();
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()).collect();
    files.sort_by_key(std::fs::DirEntry::file_name);
    let names: Vec<_> = files.iter().map(|file| file.file_name().into_string().unwrap()).collect();
    assert_eq!(names, ["account.json", "certificate.pem"]);
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }

    let (asked, before) = (world.authority.asked("/"), world.tls.current().unwrap());
    world.restarted().await;
    assert_eq!(world.tls.current().unwrap().key.cert, before.key.cert);
    assert!(world.acme.due(now) > now + 50 * DAY);
    assert_eq!(world.authority.asked("/"), asked);
}

#[tokio::test]
async fn it_is_renewed_by_the_same_account_when_two_thirds_of_its_time_are_over() {
    let mut world = World::new(&[NAME]).await;
    let now = tls::now();
    world.acme.try_once(now).await;
    let first = world.tls.current().unwrap();
    let due = world.acme.due(now);
    assert!((57 * DAY..=60 * DAY).contains(&(due - first.from)), "{}", due - first.from);

    // The mailbox has another address by then.
    world.settings.acme.contact = Some("bob@acme.test".to_owned());
    world.restarted().await;
    assert_eq!(world.acme.due(due), due, "the chance is not thrown again");
    world.authority.gives((now - DAY, due + 90 * DAY));
    world.acme.try_once(now).await;
    let second = world.tls.current().unwrap();
    assert_ne!(first.key.cert, second.key.cert);
    assert_eq!(world.authority.asked("/account/new"), 1);
    assert_eq!(world.authority.contacts(), serde_json::json!(["mailto:bob@acme.test"]));
}

#[tokio::test]
async fn one_that_comes_old_is_not_renewed_at_once_and_again() {
    let world = World::new(&[NAME]).await;
    let now = tls::now();
    world.authority.gives((now - 80 * DAY, now + DAY));
    world.acme.try_once(now).await;
    assert_eq!(world.names(), [NAME]);
    assert_eq!(world.acme.due(now), now + RENEWED_MIN);
}

#[tokio::test]
async fn another_name_needs_another_certificate_and_the_old_one_is_not_used_for_it() {
    let mut world = World::new(&[NAME]).await;
    world.acme.try_once(tls::now()).await;
    world.settings.acme.domains = vec!["new.acme.test".to_owned()];
    world.restarted().await;
    let now = tls::now();
    assert!(world.tls.current().is_none() && world.acme.due(now) <= now);
    world.acme.try_once(now).await;
    assert_eq!(world.names(), ["new.acme.test"]);
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_is_named_and_tried_again_after_pauses_that_outlive_a_restart() {
    let mut world = World::new(&[NAME]).await;
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let lost = elsewhere.local_addr().unwrap();
    drop(elsewhere);
    world.authority.names_lead_to(lost);
    let now = tls::now();
    let failed = world.fails().await;
    says(&failed.what, &["pbx.acme.test: ", "unauthorized", "the answer was another"]);
    says(&failed.mend, &["DNS", "port 80", "acme.listen", "http.listen"]);
    assert!((now + REFUSED_PAUSE..=now + REFUSED_PAUSE * 2).contains(&failed.next), "{}", failed.next - now);

    world.restarted().await;
    assert_eq!(world.acme.due(now), failed.next, "the pause is kept");
    world.authority.names_lead_to(lost);
    let again = world.fails().await;
    assert_eq!(again.tries, 2);
    assert!(again.next >= now + 2 * REFUSED_PAUSE);

    // It is mended, and somebody says so.
    world.restarted().await;
    world.acme.try_now();
    let running = tokio::spawn(world.acme.clone().run());
    let file = world.acme.ordering.kept.folder().join("failure.json");
    let comes = async {
        while world.tls.current().is_none() || file.exists() {
            tokio::task::yield_now().await;
        }
    };
    timeout(LONGEST, comes).await.expect("no certificate came");
    running.abort();
    assert_eq!(world.names(), [NAME]);
    // Other names are another matter.
    assert!(world.acme.ordering.kept.failure(&["x.test".to_owned()]).is_none());
}

#[test]
fn pauses_grow_to_six_hours_and_an_authority_may_ask_for_a_week() {
    let failure = |was_counted, retry_after: Option<u64>| {
        let retry_after = retry_after.map(Duration::from_secs);
        Failure { was_counted, retry_after, ..Failure::odd("x") }
    };
    let range = |failure: &Failure, tries, first: i64| {
        let pause = pause(failure, tries);
        assert!((first..=first + first / 8).contains(&pause), "{tries}: {pause}");
    };
    let (refused, unreached) = (failure(true, None), failure(false, None));
    for (tries, first) in [(1, 900), (2, 1_800), (5, 14_400), (6, PAUSE_MAX), (u32::MAX, PAUSE_MAX)] {
        range(&refused, tries, first);
    }
    for (tries, first) in [(1, 60), (2, 120), (u32::MAX, PAUSE_MAX)] {
        range(&unreached, tries, first);
    }
    assert_eq!(pause(&failure(true, Some(100_000)), 1), 100_000);
    assert_eq!(pause(&failure(true, Some(u64::MAX)), 1), RETRY_AFTER_MAX);
}

#[tokio::test]
async fn who_asked_too_often_waits_as_long_as_the_authority_says() {
    let world = World::new(&[NAME]).await;
    world.authority.is(Mood::Good);
    world.acme.try_once(tls::now()).await;
    world.authority.is(Mood::RateLimited("86400"));
    let now = tls::now();
    let failed = world.fails().await;
    says(&failed.what, &["rateLimited", "too many certificates"]);
    says(&failed.mend, &["staging"]);
    assert!((now + DAY..now + DAY + 60).contains(&failed.next), "{}", failed.next - now);
    // The certificate that is there goes on.
    assert_eq!(world.names(), [NAME]);
    // No number of theirs leads anywhere else.
    world.authority.is(Mood::RateLimited("18446744073709551615"));
    let failed = world.fails().await;
    assert!(failed.next <= tls::now() + RETRY_AFTER_MAX);
}

#[tokio::test]
async fn a_nonce_that_is_refused_is_no_failure() {
    let world = World::new(&[NAME]).await;
    world.authority.is(Mood::RefusesANonce);
    world.acme.try_once(tls::now()).await;
    assert_eq!(world.names(), [NAME]);
}

#[tokio::test]
async fn an_authority_that_was_set_up_anew_gets_another_account() {
    let mut world = World::new(&[NAME]).await;
    world.acme.try_once(tls::now()).await;
    for accounts in [2, 3] {
        world.authority.is(Mood::Forgot);
        let before = world.tls.current().unwrap();
        world.acme.try_once(tls::now()).await;
        assert_ne!(world.tls.current().unwrap().key.cert, before.key.cert);
        assert_eq!(world.authority.asked("/account/new"), accounts);
        // The next time it is the new contact that is not taken.
        world.settings.acme.contact = None;
        world.restarted().await;
    }
}

#[tokio::test]
async fn an_authority_that_hangs_is_left_after_a_bounded_time() {
    let mut world = World::new(&[NAME]).await;
    let short = Duration::from_millis(200);
    world.paced(Pace { request_max: short, ..quick() }).await;
    for at in ["/directory", "/nonce", "/order/new"] {
        world.authority.is(Mood::HangsAt(at));
        says(&world.fails().await.what, &["is not reached", "no answer within"]);
    }
    world.authority.is(Mood::NeverReady);
    world.paced(Pace { poll_max: short, ..quick() }).await;
    says(&world.fails().await.what, &["took too long"]);
    world.paced(Pace { try_max: short, ..quick() }).await;
    says(&world.fails().await.what, &["was not done within"]);
}

#[tokio::test]
async fn answers_that_are_long_or_odd_end_the_try_and_nothing_else() {
    let world = World::new(&[NAME]).await;
    for (mood, said) in [
        (Mood::EndlessAt("/directory"), "longer than"),
        (Mood::Page, "HTTP 502"),
        (Mood::OddDirectory, "cannot be understood"),
        (Mood::WrongName, "for other names: other.test"),
        (Mood::EndlessAt("/certificate"), "longer than"),
    ] {
        // The account is there after the first that lets it be made.
        world.authority.is(Mood::Good);
        world.acme.try_once(tls::now()).await;
        world.authority.is(mood);
        says(&world.fails().await.what, &[said]);
        assert_eq!(world.names(), [NAME]);
    }
}

#[tokio::test]
async fn what_is_kept_and_cannot_be_read_is_made_anew() {
    let mut world = World::new(&[NAME]).await;
    world.acme.try_once(tls::now()).await;
    let folder = world.acme.ordering.kept.folder().to_owned();
    for file in ["account.json", "certificate.pem", "failure.json"] {
        std::fs::write(folder.join(file), "{").unwrap();
    }
    world.restarted().await;
    assert!(world.tls.current().is_none());
    world.acme.try_once(tls::now()).await;
    assert_eq!(world.names(), [NAME]);
    assert_eq!(world.authority.asked("/account/new"), 2);
}

#[tokio::test]
async fn what_is_no_authority_is_refused_before_anybody_is_asked() {
    let mut world = World::new(&[NAME]).await;
    let refused = |world: &World| {
        let tls = Arc::new(Tls::awaiting());
        let error = Acme::open(&world.settings, Some(&tls), quick()).err().expect("it was taken");
        format!("{error:#}")
    };
    world.settings.acme.ca = Some(world.folder.path().join("nothing.pem"));
    says(&refused(&world), &["acme.ca", "cannot be read"]);
    std::fs::write(world.folder.path().join("nothing.pem"), "nothing").unwrap();
    says(&refused(&world), &["acme.ca", "holds no certificate"]);
    // Without it, the system's authorities do not vouch for ours.
    world.settings.acme.ca = None;
    world.restarted().await;
    let failed = world.fails().await;
    says(&failed.what, &["is not reached"]);
    says(&failed.mend, &["acme.ca"]);
    assert!(failed.next < tls::now() + 2 * UNREACHED_PAUSE);
}

#[tokio::test]
async fn doctor_is_told_what_is_kept() {
    let world = World::new(&[NAME]).await;
    assert!(standing(&Settings::default(), tls::now()).unwrap().is_none());
    world.authority.is(Mood::Page);
    world.fails().await;
    let seen = standing(&world.settings, tls::now()).unwrap().unwrap();
    assert!(seen.certificate.is_none() && seen.failed.unwrap().what.contains("502"));
    world.authority.is(Mood::Good);
    world.acme.try_once(tls::now()).await;
    let seen = standing(&world.settings, tls::now()).unwrap().unwrap();
    assert!(seen.failed.is_none());
    assert_eq!(seen.certificate.unwrap().names, [NAME]);
}

mod server;
