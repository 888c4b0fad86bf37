//! `cordboard doctor`: tries the real installation and says what is wrong and how to mend it.

use std::io::Write;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;

use anyhow::{Result, bail};

use crate::settings::Settings;
use crate::tls;

/// One thing tried.
struct Finding {
    what: String,
    problem: Option<String>,
}

/// Tries everything, prints a line for each, fails if one failed.
pub(crate) fn run(settings: &Settings) -> Result<()> {
    let findings = [
        ports(settings),
        vec![
            rtp_ports(settings),
            public_address(settings),
            clock(),
            disk(&settings.data_dir),
            descriptors(),
            buffers(),
            speech(),
        ],
        certificate(settings),
        acme(settings, tls::now()),
    ]
    .concat_all();
    let mut out = std::io::stdout();
    let mut failed = 0;
    for finding in &findings {
        match &finding.problem {
            None => writeln!(out, "ok    {}", finding.what)?,
            Some(problem) => {
                failed += 1;
                writeln!(out, "FAIL  {}: {problem}", finding.what)?;
            }
        }
    }
    if failed > 0 {
        bail!("{failed} of {} checks failed; mend them as said above and run doctor again", findings.len());
    }
    Ok(())
}

trait ConcatAll {
    fn concat_all(self) -> Vec<Finding>;
}

impl<const N: usize> ConcatAll for [Vec<Finding>; N] {
    fn concat_all(self) -> Vec<Finding> {
        self.into_iter().flatten().collect()
    }
}

fn taken(error: &std::io::Error, key: &str) -> String {
    use std::io::ErrorKind;
    let kind = error.kind();
    if kind == ErrorKind::AddrInUse {
        return format!("in use by another program; stop that (is a server already running?) or set {key}");
    }
    if kind == ErrorKind::PermissionDenied {
        return format!("not allowed; use a port above 1023 or set {key}");
    }
    if kind == ErrorKind::AddrNotAvailable {
        return format!("no such address on this machine; set {key}");
    }
    format!("{error}; set {key}")
}

fn ports(settings: &Settings) -> Vec<Finding> {
    let http = settings.http_address(settings.owner_password.is_some());
    let tcp = |address: SocketAddr, name: &str, key: &str| Finding {
        what: format!("{name} {address}"),
        problem: TcpListener::bind(address).err().map(|error| taken(&error, key)),
    };
    let udp = |address: SocketAddr| Finding {
        what: format!("SIP over UDP {address}"),
        problem: UdpSocket::bind(address).err().map(|error| taken(&error, "sip.udp")),
    };
    let mut found = vec![tcp(http, "HTTP", "http.listen")];
    let https = settings.https_address(settings.owner_password.is_some());
    found.extend(https.map(|address| tcp(address, "HTTPS", "http.tls")));
    found.extend(settings.acme.listen.map(|address| tcp(address, "answers for certificates", "acme.listen")));
    found.extend(settings.sip_udp.iter().map(|address| udp(*address)));
    found.extend(settings.sip_tcp.iter().map(|address| tcp(*address, "SIP over TCP", "sip.tcp")));
    found.extend(settings.sip_tls.iter().map(|address| tcp(*address, "SIP over TLS", "sip.tls")));
    found
}

/// The certificate, if one is set: whether it can be used, for whom and how long.
fn certificate(settings: &Settings) -> Vec<Finding> {
    let certificate = match tls::check(settings) {
        Ok(None) => return Vec::new(),
        Ok(Some(certificate)) => certificate,
        Err(error) => {
            return vec![Finding { what: "TLS certificate".into(), problem: Some(error.to_string()) }];
        }
    };
    let days = days_left(&certificate, tls::now());
    let names = if certificate.names.is_empty() { "nobody".into() } else { certificate.names.join(", ") };
    let alone = if certificate.is_alone {
        "; alone in its file: if an authority's is missing between, phones do not trust it (certbot's fullchain.pem has all)"
    } else {
        ""
    };
    let renew = "runs out soon; renew it, a running server takes it by itself";
    vec![Finding {
        what: format!("TLS certificate for {names}, good for {days} days{alone}"),
        problem: (days * 86_400 < tls::RENEW_BEFORE).then(|| renew.into()),
    }]
}

fn days_left(certificate: &tls::Certificate, now: i64) -> i64 {
    certificate.until.saturating_sub(now).div_euclid(86_400)
}

/// The certificate that the server gets itself, if it does: whether it has one, and what the last try ended with.
fn acme(settings: &Settings, now: i64) -> Vec<Finding> {
    let standing = match crate::acme::standing(settings, now) {
        Ok(None) => return Vec::new(),
        Ok(Some(standing)) => standing,
        Err(error) => return vec![Finding { what: "acme".into(), problem: Some(format!("{error:#}")) }],
    };
    let names = settings.acme.domains.join(", ");
    let what = match &standing.certificate {
        Some(certificate) => {
            format!("TLS certificate for {names} by ACME, good for {} days", days_left(certificate, now))
        }
        None => format!("no TLS certificate for {names} yet: a running server asks for it"),
    };
    let problem = standing.failed.map(|failed| {
        let next = tls::day(failed.next);
        format!(
            "{}; {} (tried {} times, again at {next}; SIGHUP tries at once)",
            failed.what, failed.mend, failed.tries
        )
    });
    vec![Finding { what, problem }]
}

fn rtp_ports(settings: &Settings) -> Finding {
    let range = settings.rtp_ports.clone();
    let busy = range
        .clone()
        .step_by(2)
        .filter(|port| UdpSocket::bind((IpAddr::from([0, 0, 0, 0]), *port)).is_err())
        .count();
    let total = range.clone().step_by(2).count();
    Finding {
        what: format!(
            "audio ports {}-{}: {} of {total} pairs free",
            range.start(),
            range.end(),
            total - busy
        ),
        problem: (busy * 10 > total).then(|| {
            "more than a tenth is taken by other programs; set rtp.ports to a range that is ours".into()
        }),
    }
}

/// Whether texts can be spoken. Who uploads recordings needs none of it, so it is no fault.
fn speech() -> Finding {
    let what = if crate::speech::is_installed() {
        "espeak-ng: prompts can be made from text"
    } else {
        "no espeak-ng: prompts cannot be made from text (apt install espeak-ng, if they shall)"
    };
    Finding { what: what.into(), problem: None }
}

/// The address that packets to the outside leave from. Connecting a UDP socket sends nothing.
fn public_address(settings: &Settings) -> Finding {
    if let Some(address) = settings.sip_public_address {
        return Finding { what: format!("public address {address} (set)"), problem: None };
    }
    let found = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    match found {
        Ok(address) => {
            Finding { what: format!("public address {} (the default route's)", address.ip()), problem: None }
        }
        // Without a route only this machine can call; that is a choice, not a fault.
        Err(_) => Finding { what: "no default route: only this machine can call".into(), problem: None },
    }
}

fn clock() -> Finding {
    let now = switch::Clock::start().now();
    // 2026-01-01: a machine that lives before this program was written has a wrong clock.
    let sane = now.0 > 1_767_225_600_000_000;
    Finding {
        what: "clock".into(),
        problem: (!sane).then(|| "far in the past; set it, and keep it right by NTP".into()),
    }
}

fn disk(data: &Path) -> Finding {
    let what = format!("data directory {}", data.display());
    if let Err(error) = std::fs::create_dir_all(data) {
        return Finding {
            what,
            problem: Some(format!("cannot be made ({error}); set data.dir or its rights")),
        };
    }
    let probe = data.join(".doctor");
    let tried = std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe));
    Finding {
        what,
        problem: tried.err().map(|error| format!("cannot be written ({error}); set data.dir or its rights")),
    }
}

fn descriptors() -> Finding {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .and_then(|line| line.split_whitespace().nth(3))
        .and_then(|number| number.parse::<u64>().ok());
    Finding {
        what: soft.map_or_else(|| "open files: unknown".into(), |soft| format!("open files: {soft} allowed")),
        problem: soft.filter(|soft| *soft < 4_096).map(|_| {
            "each party of a call needs two; raise it (`ulimit -n 65536`, LimitNOFILE= in the unit)".into()
        }),
    }
}

/// SIP asks for large kernel buffers: an office that registers at once is a burst.
fn buffers() -> Finding {
    const WANTED: u64 = 4 << 20;
    let most = std::fs::read_to_string("/proc/sys/net/core/rmem_max").ok();
    let most = most.and_then(|text| text.trim().parse::<u64>().ok());
    let advice = "a burst of registrations may lose datagrams (phones repeat them); to avoid it: sysctl net.core.rmem_max=4194304";
    match most.filter(|most| *most < WANTED) {
        Some(most) => {
            Finding { what: format!("socket buffers: {most} bytes at most; {advice}"), problem: None }
        }
        None => Finding { what: "socket buffers".into(), problem: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_spoken_of_where_one_is_set() {
        assert!(certificate(&Settings::default()).is_empty());
        let folder = tempfile::tempdir().unwrap();
        let files = [folder.path().join("certificate.pem"), folder.path().join("key.pem")];
        let [tls_certificate, tls_key] = files.clone().map(Some);
        let settings = Settings { tls_certificate, tls_key, ..Settings::default() };
        let only = |settings| certificate(settings).pop().unwrap();
        assert!(only(&settings).problem.unwrap().contains("cannot be read"));
        let made = rcgen::generate_simple_self_signed(vec!["pbx.acme.test".to_owned()]).unwrap();
        std::fs::write(&files[0], made.cert.pem()).unwrap();
        std::fs::write(&files[1], made.signing_key.serialize_pem()).unwrap();
        let finding = only(&settings);
        assert!(finding.what.contains("for pbx.acme.test, good for"), "{}", finding.what);
        assert_eq!(finding.problem, None);
    }
}
