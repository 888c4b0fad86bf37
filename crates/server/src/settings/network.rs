//! Settings of what is listened on: HTTP, certificates, SIP, audio.

use super::key::Key;
use super::read::{
    address, address_or_off, addresses, digest, directory, email, external_key, host_names, ip, number,
    on_off, optional, ports, seconds, text, web_url,
};

/// Those settings.
pub(super) const NETWORK: &[Key] = &[
    Key {
        name: "http.listen",
        default: "127.0.0.1:8080",
        doc: "Where the web page and the API listen. Before an owner password is set only the loopback address is used, on the same port.",
        set: |s, v| address(v).map(|a| s.http_listen = Some(a)),
    },
    Key {
        name: "http.public_url",
        default: "",
        doc: "What the web page is reached by from elsewhere, `https://cordboard.example.com`: links in mails begin with it. Unless set they begin with `http.listen`.",
        set: |s, v| optional(v, web_url).map(|u| s.http_public_url = u),
    },
    Key {
        name: "http.tls",
        default: "off",
        doc: "Where the web page and the API listen with TLS (https, and wss for phones in browsers), beside `http.listen`: `0.0.0.0:443`; `off`: nowhere. Needs a certificate: `acme.domains`, or `tls.certificate` and `tls.key`. As with `http.listen`, only the loopback address is used before an owner password is set.",
        set: |s, v| address_or_off(v).map(|a| s.http_tls = a),
    },
    Key {
        name: "tls.certificate",
        default: "",
        doc: "The server's certificate for `http.tls` and `sip.tls`: a file in PEM, its own first and after it those that vouch for it (certbot's `fullchain.pem`). It is looked at every minute and on SIGHUP; a new one is used for new connections, and no call is disturbed.",
        set: |s, v| optional(v, text).map(|f| s.tls_certificate = f.map(Into::into)),
    },
    Key {
        name: "tls.key",
        default: "",
        doc: "The private key of `tls.certificate`: a file in PEM, without a password (certbot's `privkey.pem`).",
        set: |s, v| optional(v, text).map(|f| s.tls_key = f.map(Into::into)),
    },
    Key {
        name: "acme.domains",
        default: "",
        doc: "The names that the server gets itself a certificate for, by ACME (RFC 8555): `pbx.example.com`; several separated by commas, none by default. In place of `tls.certificate` and `tls.key`. The authority asks for `http://NAME/.well-known/acme-challenge/…`, so port 80 of each name must lead to `acme.listen` or to `http.listen`. Whoever sets it accepts the authority's terms.",
        set: |s, v| host_names(v).map(|names| s.acme.domains = names),
    },
    Key {
        name: "acme.listen",
        default: "off",
        doc: "Where the authority's questions are answered, and everybody else is sent on to https: usually `0.0.0.0:80`; `off`: by `http.listen` alone. Nothing else is served there.",
        set: |s, v| address_or_off(v).map(|a| s.acme.listen = a),
    },
    Key {
        name: "acme.contact",
        default: "",
        doc: "An e-mail address that the authority may write to; some want one.",
        set: |s, v| optional(v, email).map(|a| s.acme.contact = a),
    },
    Key {
        name: "acme.directory",
        default: "https://acme-v02.api.letsencrypt.org/directory",
        doc: "The authority's directory: Let's Encrypt unless set. To try things out, its `https://acme-staging-v02.api.letsencrypt.org/directory`, which nobody trusts and which has far higher limits.",
        set: |s, v| directory(v).map(|d| s.acme.directory = d),
    },
    Key {
        name: "acme.ca",
        default: "",
        doc: "A file in PEM with the authority to trust when the directory is asked, in place of the system's: for one of your own (step-ca). Browsers and phones must trust it too.",
        set: |s, v| optional(v, text).map(|f| s.acme.ca = f.map(Into::into)),
    },
    Key {
        name: "acme.external_key_id",
        default: "",
        doc: "The key id of an account that the authority knows already, if it wants one (external account binding; ZeroSSL, Google). Needs `acme.external_key`.",
        set: |s, v| optional(v, text).map(|t| s.acme.external_key_id = t),
    },
    Key {
        name: "acme.external_key",
        default: "",
        doc: "The HMAC key of that account as the authority writes it, in base64url.",
        set: |s, v| optional(v, external_key).map(|t| s.acme.external_key = t),
    },
    Key {
        name: "sip.udp",
        default: "0.0.0.0:5060",
        doc: "Where SIP over UDP listens; several addresses separated by commas, `off` for none.",
        set: |s, v| addresses(v).map(|a| s.sip_udp = a),
    },
    Key {
        name: "sip.tcp",
        default: "0.0.0.0:5060",
        doc: "Where SIP over TCP listens; several addresses separated by commas, `off` for none.",
        set: |s, v| addresses(v).map(|a| s.sip_tcp = a),
    },
    Key {
        name: "sip.tls",
        default: "off",
        doc: "Where SIP over TLS listens, usually `0.0.0.0:5061`; several addresses separated by commas, `off` for none. Needs a certificate: `acme.domains`, or `tls.certificate` and `tls.key`.",
        set: |s, v| addresses(v).map(|a| s.sip_tls = a),
    },
    Key {
        name: "sip.srtp",
        default: "accept",
        doc: "SRTP (SDES, RFC 4568) with phones over TLS. `accept`: a phone that offers it gets it, and is called without. `offer`: phones over TLS are called with it too, so all of them must have it. Over other transports its keys could be read, and an offer with them is refused.",
        set: |s, v| {
            s.sip_offers_srtp = match v {
                "accept" => false,
                "offer" => true,
                other => return Err(format!("`{other}` is none of: accept, offer")),
            };
            Ok(())
        },
    },
    Key {
        name: "sip.digest",
        default: "sha256,md5",
        doc: "The digest challenges offered to phones, in this order. Some phones read only the first: `md5,sha256` for them.",
        set: |s, v| digest(v).map(|d| s.sip_digest = d),
    },
    Key {
        name: "sip.public_address",
        default: "",
        doc: "The address that phones and trunks can reach, if it is not the one they see us on (behind NAT).",
        set: |s, v| optional(v, ip).map(|a| s.sip_public_address = a),
    },
    Key {
        name: "sip.expires_min",
        default: "60",
        doc: "Shortest registration a phone may ask for, seconds (1 to 3600).",
        set: |s, v| seconds(v, 1, 3_600).map(|d| s.sip_expires_min = d),
    },
    Key {
        name: "sip.websocket",
        default: "on",
        doc: "`on`: phones in browsers, and other clients of SIP over WebSocket (RFC 7118), connect to the web page's own address at `/sip`. `off`: nothing is there.",
        set: |s, v| on_off(v).map(|on| s.sip_websocket = on),
    },
    Key {
        name: "sip.websocket_heartbeat",
        default: "5",
        doc: "After so many seconds without a word from a phone on a WebSocket it is asked whether it is there (1 to 60). One that leaves two questions unanswered, each for as long, is not: a page that is frozen, a computer that is asleep. No call is offered there until something is heard again.",
        set: |s, v| seconds(v, 1, 60).map(|d| s.sip_websocket_heartbeat = d),
    },
    Key {
        name: "rtp.ports",
        default: "20000-29999",
        doc: "Ports for audio, `first-last`; each call needs two for each party.",
        set: |s, v| ports(v).map(|p| s.rtp_ports = p),
    },
    Key {
        name: "rtp.threads",
        default: "0",
        doc: "Threads that carry audio; 0: by the number of processors.",
        set: |s, v| number(v, 0, 64).map(|n| s.rtp_threads = usize::try_from(n).unwrap_or(0)),
    },
    Key {
        name: "rtp.silence_timeout",
        default: "60",
        doc: "A party from whom no audio has arrived for this long is gone: the call ends. One that has never been heard has ten times as long. Seconds (5 to 3600).",
        set: |s, v| seconds(v, 5, 3_600).map(|d| s.rtp_silence_timeout = d),
    },
];
