//! Where HTTP is listened for, plain and with TLS, where authorities look for answers, and where the manager interface
//! is; and what is served there.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use api::{AppState, Served};
use futures_util::future::join_all;
use sip::Door;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::acme::{self, Acme, Challenges};
use crate::http::{self, HttpLimits};
use crate::phone_socket::{self, PhoneSockets};
use crate::settings::Settings;
use crate::tls::Tls;

/// What is listened on, bound and not served yet.
pub(crate) struct Listeners {
    plain: TcpListener,
    secure: Option<(TcpListener, TlsAcceptor)>,
    acme: Option<TcpListener>,
    ami: Option<TcpListener>,
    /// Where plain HTTP is.
    pub(crate) http: SocketAddr,
    /// Where HTTPS is, if it is.
    pub(crate) https: Option<SocketAddr>,
}

/// What goes with the API.
pub(crate) struct Beside {
    /// Phones in browsers: where they are brought to, and when something was provisioned.
    pub(crate) phones: Option<(Door, watch::Receiver<u64>)>,
    /// Answers for an authority.
    pub(crate) challenges: Option<Arc<Challenges>>,
    /// What the page is reached by with TLS.
    pub(crate) secure_web: Option<String>,
}

impl Beside {
    /// For a server that has these phones, gets its certificate by `acme` if at all, and is at `https` if it is there.
    pub(crate) fn of(
        settings: &Settings,
        phones: Option<(Door, watch::Receiver<u64>)>,
        acme: Option<&Arc<Acme>>,
        https: Option<SocketAddr>,
    ) -> Self {
        let secure_web = https.map(|https| settings.secure_web_address(https));
        Self { phones, challenges: acme.map(|acme| acme.challenges()), secure_web }
    }
}

impl Listeners {
    /// Takes all the addresses that are set.
    ///
    /// # Errors
    /// The address that cannot be had, with the setting.
    pub(crate) async fn bind(settings: &Settings, has_owner: bool, tls: Option<&Arc<Tls>>) -> Result<Self> {
        let address = settings.http_address(has_owner);
        let plain = TcpListener::bind(address).await.with_context(|| {
            format!("HTTP cannot listen on {address}; stop the program that uses it or set http.listen")
        })?;
        let http = plain.local_addr().context("HTTP has no address")?;
        let secure = https_listener(settings, has_owner, tls).await?;
        let https = secure.as_ref().and_then(|(listener, _)| listener.local_addr().ok());
        let acme = optional(settings.acme.listen, "acme.listen").await?;
        let ami = optional(settings.ami_listen, "ami.listen").await?;
        Ok(Self { plain, secure, acme, ami, http, https })
    }

    /// Serves until `stopping` says so.
    pub(crate) fn serve(
        self,
        state: AppState,
        beside: Beside,
        stopping: watch::Receiver<bool>,
    ) -> tokio::task::JoinHandle<()> {
        let Served { mut router, ami, phones: logins, guests } = api::serve(state);
        if let Some((door, changes)) = beside.phones {
            router =
                router.merge(phone_socket::router(PhoneSockets { door, phones: logins, guests, changes }));
        }
        if let Some(listener) = self.ami {
            tokio::spawn(ami.serve(listener, stopping.clone()));
        }
        let mut served = Vec::new();
        let limits = HttpLimits::default();
        if let Some(challenges) = beside.challenges {
            router = router.merge(acme::router(challenges.clone()));
            if let Some(listener) = self.acme {
                let router = acme::listener_router(challenges, beside.secure_web);
                served.push(http::serve(listener, None, router, limits.clone(), stopping.clone()));
            }
        }
        served.push(http::serve(self.plain, None, router.clone(), limits.clone(), stopping.clone()));
        if let Some((listener, acceptor)) = self.secure {
            served.push(http::serve(listener, Some(acceptor), router, limits, stopping));
        }
        tokio::spawn(async move {
            join_all(served).await;
        })
    }
}

async fn https_listener(
    settings: &Settings,
    has_owner: bool,
    tls: Option<&Arc<Tls>>,
) -> Result<Option<(TcpListener, TlsAcceptor)>> {
    let (Some(address), Some(tls)) = (settings.https_address(has_owner), tls) else { return Ok(None) };
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("HTTPS cannot listen on {address}; stop the program that uses it or set http.tls")
    })?;
    Ok(Some((listener, TlsAcceptor::from(tls.config(&[b"http/1.1"])?))))
}

/// A listener that need not be.
async fn optional(address: Option<SocketAddr>, setting: &str) -> Result<Option<TcpListener>> {
    let Some(address) = address else { return Ok(None) };
    let bound = TcpListener::bind(address).await;
    bound.map(Some).with_context(|| format!("nothing can listen on {address}; see {setting}"))
}
