//! An authority of our own, over loopback: it holds every request to the protocol (signature, nonce, address,
//! account), comes and looks for the challenge, and signs what it is asked to. Told so, it behaves badly.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PublicKeyData};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs as provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use x509_cert::der::{Decode as _, Encode as _};

use super::super::locked;
use crate::http::{HttpLimits, serve};

/// The token of every challenge.
pub(super) const TOKEN: &str = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";

/// What it does other than it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Good,
    /// The next nonce is refused once.
    RefusesANonce,
    /// New orders are too many, with this `Retry-After`.
    RateLimited(&'static str),
    /// What is at this path never answers.
    HangsAt(&'static str),
    /// What is at this path answers without end.
    EndlessAt(&'static str),
    /// Its directory is none that a library would take.
    OddDirectory,
    /// Orders stay as they are.
    NeverReady,
    /// The certificate is for somebody else.
    WrongName,
    /// It answers with a page for people.
    Page,
    /// It knows none of its accounts any more; it goes well again with the next one.
    Forgot,
}

#[derive(Default)]
struct Books {
    nonces: BTreeSet<String>,
    next: u64,
    /// By address: the key's 65 bytes and its thumbprint.
    accounts: BTreeMap<String, (Vec<u8>, String)>,
    orders: BTreeMap<u64, Order>,
    asked: Vec<String>,
    contacts: Value,
}

struct Order {
    names: Vec<String>,
    thumb: String,
    /// For each name: whether it was found to be the account's, once it was looked.
    found: Vec<Option<bool>>,
    certificate: Option<String>,
}

struct Inner {
    base: String,
    issuer: Issuer<'static, KeyPair>,
    mood: Mutex<Mood>,
    books: Mutex<Books>,
    /// Where names lead to.
    site: watch::Sender<Option<SocketAddr>>,
    /// From and until when certificates are good, seconds since the epoch.
    life: Mutex<(i64, i64)>,
}

pub(super) struct Authority {
    inner: Arc<Inner>,
    pub(super) certificate: CertificateDer<'static>,
    /// Closes its listener.
    _stop: watch::Sender<bool>,
}

/// A key of somebody else that is to be signed.
struct Requested(Vec<u8>);

impl PublicKeyData for Requested {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl Authority {
    /// One that listens, its certificate in `folder`; what it gives is good from and until `life`.
    pub(super) async fn start(folder: &Path, life: (i64, i64)) -> Self {
        let mut wanted = CertificateParams::new(Vec::new()).unwrap();
        wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        wanted.distinguished_name.push(DnType::CommonName, "an authority");
        let key = KeyPair::generate().unwrap();
        let made = wanted.self_signed(&key).unwrap();
        std::fs::write(folder.join("ca.pem"), made.pem()).unwrap();
        let issuer = Issuer::new(wanted, key);
        let own = KeyPair::generate().unwrap();
        let shown = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let shown = shown.signed_by(&own, &issuer).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(provider::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![shown.der().clone()],
                PrivateKeyDer::from_pem_slice(own.serialize_pem().as_bytes()).unwrap(),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner {
            base,
            issuer,
            mood: Mutex::new(Mood::Good),
            books: Mutex::default(),
            site: watch::channel(None).0,
            life: Mutex::new(life),
        });
        let router = Router::new().fallback(any).with_state(inner.clone());
        let (stop, stopping) = watch::channel(false);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(serve(listener, Some(acceptor), router, HttpLimits::default(), stopping));
        Self { inner, certificate: made.der().clone(), _stop: stop }
    }

    pub(super) fn directory(&self) -> String {
        format!("{}/directory", self.inner.base)
    }

    /// Where all names lead to from now on.
    pub(super) fn names_lead_to(&self, site: SocketAddr) {
        self.inner.site.send_replace(Some(site));
    }

    pub(super) fn is(&self, mood: Mood) {
        *locked(&self.inner.mood) = mood;
    }

    pub(super) fn gives(&self, life: (i64, i64)) {
        *locked(&self.inner.life) = life;
    }

    /// How many requests there were whose path begins so.
    pub(super) fn asked(&self, path: &str) -> usize {
        locked(&self.inner.books).asked.iter().filter(|asked| asked.starts_with(path)).count()
    }

    /// Whom it may write to, as it was told last.
    pub(super) fn contacts(&self) -> Value {
        locked(&self.inner.books).contacts.clone()
    }
}

/// A problem (RFC 8555 section 6.7).
fn problem(status: StatusCode, kind: &str, detail: &str) -> Response {
    let text = json!({ "type": format!("urn:ietf:params:acme:error:{kind}"), "detail": detail });
    (status, text.to_string()).into_response()
}

async fn any(State(inner): State<Arc<Inner>>, method: Method, uri: Uri, body: Bytes) -> Response {
    let path = uri.path().to_owned();
    locked(&inner.books).asked.push(path.clone());
    let mood = *locked(&inner.mood);
    if let Mood::HangsAt(at) = mood
        && path.starts_with(at)
    {
        std::future::pending::<()>().await;
    }
    if let Mood::EndlessAt(at) = mood
        && path.starts_with(at)
    {
        let spaces = || Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 4_096]));
        return Response::new(Body::from_stream(futures_util::stream::repeat_with(spaces)));
    }
    if mood == Mood::Page {
        return (StatusCode::BAD_GATEWAY, "<h1>Be back soon</h1>").into_response();
    }
    let mut answer = if method == Method::GET && path == "/directory" {
        inner.directory(mood).into_response()
    } else if method == Method::HEAD && path == "/nonce" {
        StatusCode::OK.into_response()
    } else {
        match inner.signed(&path, &body) {
            Ok(asked) => inner.answer(&path, asked, mood).await,
            Err(refused) => *refused,
        }
    };
    let nonce = inner.nonce();
    answer.headers_mut().insert("replay-nonce", HeaderValue::from_str(&nonce).unwrap());
    answer
}

/// A request that was found to be whose it says.
struct Asked {
    payload: Value,
    /// The account's address; none: the request is for a new one.
    account: Option<String>,
    key: Vec<u8>,
    thumb: String,
}

fn decoded(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().unwrap_or("!")).unwrap_or_default()
}

impl Inner {
    fn directory(&self, mood: Mood) -> String {
        let at = |path: &str| format!("{}{path}", self.base);
        let nonce = if mood == Mood::OddDirectory { "no url at all".to_owned() } else { at("/nonce") };
        let (account, order) = (at("/account/new"), at("/order/new"));
        json!({ "newNonce": nonce, "newAccount": account, "newOrder": order, "meta": {} }).to_string()
    }

    fn nonce(&self) -> String {
        let mut books = locked(&self.books);
        books.next += 1;
        let nonce = URL_SAFE_NO_PAD.encode(format!("nonce-{}", books.next));
        books.nonces.insert(nonce.clone());
        nonce
    }

    /// RFC 8555 section 6: what is signed, with which key, for which address, and never twice.
    fn signed(&self, path: &str, body: &[u8]) -> Result<Asked, Box<Response>> {
        let wrong = |kind: &str, what: &str| Box::new(problem(StatusCode::BAD_REQUEST, kind, what));
        let whole: Value = serde_json::from_slice(body).map_err(|_| wrong("malformed", "no JSON"))?;
        let header: Value = serde_json::from_slice(&decoded(&whole["protected"]))
            .map_err(|_| wrong("malformed", "no header"))?;
        let nonce = header["nonce"].as_str().unwrap_or_default();
        let refuses = *locked(&self.mood) == Mood::RefusesANonce;
        if !locked(&self.books).nonces.remove(nonce) || refuses {
            if refuses {
                *locked(&self.mood) = Mood::Good;
            }
            return Err(wrong("badNonce", "not one of ours"));
        }
        if header["alg"] != "ES256" || header["url"] != format!("{}{path}", self.base) {
            return Err(wrong("malformed", "another algorithm or address"));
        }
        let account = header["kid"].as_str().map(str::to_owned);
        let (key, thumb) = match &account {
            Some(account) => {
                let gone = *locked(&self.mood) == Mood::Forgot;
                let known = locked(&self.books).accounts.get(account).cloned().filter(|_| !gone);
                known.ok_or_else(|| wrong("accountDoesNotExist", "no such account"))?
            }
            None if path == "/account/new" => of_jwk(&header["jwk"]),
            None => return Err(wrong("malformed", "a key where an account belongs")),
        };
        let (protected, payload) = (whole["protected"].as_str().unwrap(), whole["payload"].as_str().unwrap());
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &key)
            .verify(format!("{protected}.{payload}").as_bytes(), &decoded(&whole["signature"]))
            .map_err(|_| wrong("malformed", "the signature is not the key's"))?;
        let payload = serde_json::from_slice(&decoded(&whole["payload"])).unwrap_or_default();
        Ok(Asked { payload, account, key, thumb })
    }

    async fn answer(&self, path: &str, asked: Asked, mood: Mood) -> Response {
        let (noun, id) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
        let number = || id.split('-').next().and_then(|id| id.parse::<u64>().ok()).unwrap_or(0);
        let place = || id.split('-').nth(1).and_then(|at| at.parse::<usize>().ok()).unwrap_or(0);
        match (noun, id) {
            ("account", "new") => self.new_account(asked),
            ("account", _) => {
                locked(&self.books).contacts = asked.payload["contact"].clone();
                json!({ "status": "valid" }).to_string().into_response()
            }
            ("order", "new") => {
                if let Mood::RateLimited(after) = mood {
                    let answer =
                        problem(StatusCode::TOO_MANY_REQUESTS, "rateLimited", "too many certificates");
                    return ([("retry-after", after)], answer).into_response();
                }
                self.new_order(&asked)
            }
            ("order", _) => self.order(number(), mood).to_string().into_response(),
            ("authz", _) => self.authorization(number(), place()).to_string().into_response(),
            ("challenge", _) => self.look(number(), place()).await,
            ("finalize", _) => self.finalize(number(), &asked, mood),
            ("certificate", _) => {
                let found =
                    locked(&self.books).orders.get(&number()).and_then(|order| order.certificate.clone());
                found.map_or_else(
                    || StatusCode::NOT_FOUND.into_response(),
                    axum::response::IntoResponse::into_response,
                )
            }
            _ => StatusCode::NOT_FOUND.into_response(),
        }
    }

    fn new_account(&self, asked: Asked) -> Response {
        if asked.account.is_some() || asked.payload["termsOfServiceAgreed"] != true {
            return problem(StatusCode::FORBIDDEN, "userActionRequired", "the terms");
        }
        let forgot = std::mem::replace(&mut *locked(&self.mood), Mood::Good);
        if forgot != Mood::Forgot {
            *locked(&self.mood) = forgot;
        }
        let mut books = locked(&self.books);
        books.next += 1;
        let address = format!("{}/account/{}", self.base, books.next);
        books.accounts.insert(address.clone(), (asked.key, asked.thumb));
        books.contacts = asked.payload["contact"].clone();
        (StatusCode::CREATED, [("location", address)], json!({ "status": "valid" }).to_string())
            .into_response()
    }

    fn new_order(&self, asked: &Asked) -> Response {
        let names: Vec<String> = asked.payload["identifiers"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|identifier| identifier["type"] == "dns")
            .filter_map(|identifier| identifier["value"].as_str().map(str::to_owned))
            .collect();
        let number = {
            let mut books = locked(&self.books);
            books.next += 1;
            let number = books.next;
            let found = vec![None; names.len()];
            let order = Order { names, thumb: asked.thumb.clone(), found, certificate: None };
            books.orders.insert(number, order);
            number
        };
        let address = format!("{}/order/{number}", self.base);
        let order = self.order(number, Mood::Good).to_string();
        (StatusCode::CREATED, [("location", address)], order).into_response()
    }

    fn order(&self, number: u64, mood: Mood) -> Value {
        let books = locked(&self.books);
        let order = &books.orders[&number];
        let status = match &order.certificate {
            _ if mood == Mood::NeverReady => "pending",
            Some(_) => "valid",
            None if order.found.contains(&Some(false)) => "invalid",
            None if order.found.iter().all(|found| *found == Some(true)) => "ready",
            None => "pending",
        };
        let authorizations: Vec<_> =
            (0..order.names.len()).map(|at| format!("{}/authz/{number}-{at}", self.base)).collect();
        let mut said = json!({
            "status": status, "authorizations": authorizations, "finalize": format!("{}/finalize/{number}", self.base),
        });
        if order.certificate.is_some() {
            said["certificate"] = format!("{}/certificate/{number}", self.base).into();
        }
        said
    }

    fn authorization(&self, number: u64, at: usize) -> Value {
        let books = locked(&self.books);
        let order = &books.orders[&number];
        let status = match order.found[at] {
            None => "pending",
            Some(true) => "valid",
            Some(false) => "invalid",
        };
        let mut challenge = json!({
            "type": "http-01", "url": format!("{}/challenge/{number}-{at}", self.base), "token": TOKEN, "status": status,
        });
        if status == "invalid" {
            challenge["error"] = json!({
                "type": "urn:ietf:params:acme:error:unauthorized", "detail": "the answer was\nanother",
            });
        }
        let identifier = json!({ "type": "dns", "value": order.names[at] });
        json!({ "identifier": identifier, "status": status, "challenges": [{ "type": "dns-01", "url": "x", "token": "y", "status": "pending" }, challenge] })
    }

    /// Comes by HTTP and looks (RFC 8555 section 8.3).
    async fn look(&self, number: u64, at: usize) -> Response {
        let mut site = self.site.subscribe();
        let site = (*site.wait_for(Option::is_some).await.unwrap()).unwrap();
        let (name, thumb) = {
            let books = locked(&self.books);
            let order = &books.orders[&number];
            (order.names[at].clone(), order.thumb.clone())
        };
        let said = fetched(site, &name).await;
        let right = said.starts_with("HTTP/1.1 200") && said.ends_with(&format!("\r\n\r\n{TOKEN}.{thumb}"));
        locked(&self.books).orders.get_mut(&number).unwrap().found[at] = Some(right);
        let url = format!("{}/challenge/{number}-{at}", self.base);
        json!({ "type": "http-01", "url": url, "token": TOKEN, "status": "processing" })
            .to_string()
            .into_response()
    }

    fn finalize(&self, number: u64, asked: &Asked, mood: Mood) -> Response {
        let request = decoded(&asked.payload["csr"]);
        let names = locked(&self.books).orders[&number].names.clone();
        for name in &names {
            assert!(
                request.windows(name.len()).any(|part| part == name.as_bytes()),
                "{name} is not asked for"
            );
        }
        let read = x509_cert::request::CertReq::from_der(&request).unwrap();
        let key = read.info.public_key.subject_public_key.raw_bytes().to_vec();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &key)
            .verify(&read.info.to_der().unwrap(), read.signature.raw_bytes())
            .unwrap();
        let names = if mood == Mood::WrongName { vec!["other.test".to_owned()] } else { names };
        let mut made = CertificateParams::new(names).unwrap();
        let second = |at| time::OffsetDateTime::from_unix_timestamp(at).unwrap();
        let (from, until) = *locked(&self.life);
        (made.not_before, made.not_after) = (second(from), second(until));
        let made = made.signed_by(&Requested(key), &self.issuer).unwrap();
        locked(&self.books).orders.get_mut(&number).unwrap().certificate = Some(made.pem());
        self.order(number, mood).to_string().into_response()
    }
}

/// What is at a name's place for the challenge, head and body.
async fn fetched(site: SocketAddr, name: &str) -> String {
    let Ok(mut stream) = TcpStream::connect(site).await else { return String::new() };
    let path = format!("/.well-known/acme-challenge/{TOKEN}");
    let asked = format!("GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n");
    stream.write_all(asked.as_bytes()).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    said
}

/// The key's bytes and its thumbprint (RFC 7638).
fn of_jwk(jwk: &Value) -> (Vec<u8>, String) {
    let key = [vec![4], decoded(&jwk["x"]), decoded(&jwk["y"])].concat();
    let (x, y) = (jwk["x"].as_str().unwrap_or_default(), jwk["y"].as_str().unwrap_or_default());
    let text = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    (key, URL_SAFE_NO_PAD.encode(Sha256::digest(text)))
}
