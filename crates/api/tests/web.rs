//! The web app as browsers get it; where it was not built, the page that says so.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use tower::ServiceExt as _;

use crate::world::{Answer, World};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn browse(world: &World, method: Method, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).header("accept", BROWSER);
    world.send(request.body(Body::empty()).unwrap()).await
}

/// The word in a policy that lets style sheets in.
fn nonce(policy: &str) -> String {
    policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).unwrap().0.to_owned()
}

#[tokio::test]
async fn the_page_lets_in_its_own_style_sheets_by_a_word_that_is_new_each_time() {
    let world = World::new().await;
    let (first, second) = (world.get("/", "").await, world.get("/", "").await);
    let words = [&first, &second].map(|page| nonce(page.header("content-security-policy")));
    assert_ne!(words[0], words[1]);
    assert!(words[0].len() >= 22, "{}", words[0]);
    assert_eq!(first.header("cache-control"), "no-cache");
    assert!(first.text.contains(&words[0]) || first.text.contains(".ci/web"), "{}", first.text);
    assert!(!first.text.contains("%NONCE%"));
}

#[tokio::test]
async fn a_browser_gets_the_page_at_every_address_that_is_none_of_the_apis() {
    let world = World::new().await;
    for path in ["/desk", "/admin/queues/8000", "/no/such/page"] {
        let page = browse(&world, Method::GET, path).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert_eq!(world.get(path, "").await.problem(), "not_found", "{path}");
    }
    for path in ["/v1/nothing", "/api/nothing", "/ns-api/v2/nothing", "/assets/gone-0123.js", "/problems/x/y"]
    {
        assert_eq!(browse(&world, Method::GET, path).await.problem(), "not_found", "{path}");
    }
    assert_eq!(browse(&world, Method::POST, "/desk").await.problem(), "not_found");
}

#[tokio::test]
async fn files_of_the_app_are_packed_for_who_takes_that_and_kept_by_browsers() {
    let world = World::new().await;
    let page = world.get("/", "").await;
    let Some((_, rest)) = page.text.split_once("src=\"/assets/") else {
        assert!(page.text.contains(".ci/web"), "neither the app nor how to build it: {}", page.text);
        return;
    };
    let path = format!("/assets/{}", rest.split_once('"').unwrap().0);
    let plain = world.get(&path, "").await;
    assert_eq!((plain.status, plain.header("content-encoding")), (200, ""));
    assert_eq!(plain.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    for (taken, coding) in [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")] {
        let request = Request::builder().uri(&path).header("accept-encoding", taken);
        let answer = world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], coding, "{taken}");
        assert_eq!(answer.headers()["vary"], "accept-encoding");
        let packed = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        assert!(packed.len() < plain.text.len() / 2, "{taken}: {} of {}", packed.len(), plain.text.len());
    }
}
