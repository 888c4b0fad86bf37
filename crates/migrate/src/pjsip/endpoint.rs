//! One endpoint: a phone, a trunk, or nothing that could be carried over.

use super::address::{host_of, is_address, network};
use super::{DOES_NOT_REGISTER, MAILBOXES, Objects, Phone, Pjsip, Trunk};
use crate::conf::{Section, is_yes};
use crate::limits::file::{ALLOW_FROM_MAX, PASSWORD_MAX, PERSON_MAX};
use crate::report::{Report, shown};

/// The context of who names none.
const CONTEXT_DEFAULT: &str = "default";

/// Takes an endpoint for what it is.
pub(super) fn endpoint(objects: &Objects<'_>, section: &Section, found: &mut Pjsip, report: &mut Report) {
    let name = section.name.as_str();
    let identified = objects.identifies.get(name).map_or(&[][..], Vec::as_slice);
    let registered = objects.registrations.get(name).map_or(&[][..], Vec::as_slice);
    let context = section.value("context").unwrap_or(CONTEXT_DEFAULT).to_owned();
    if name == "anonymous" {
        let text =
            "calls of nobody are not let in: who calls is a phone that logs in, or a trunk by its address";
        report.add(&section.place, text);
        found.outside.push(context);
        return;
    }
    let logs_in_there = !registered.is_empty() || section.value("outbound_auth").is_some();
    let logs_in_here = section.value("auth").is_some();
    if logs_in_there || (!identified.is_empty() && !logs_in_here) {
        match trunk(objects, section, &context, (identified, registered), report) {
            Some(trunk) => found.trunks.push(trunk),
            None => found.outside.push(context),
        }
    } else {
        for identify in identified {
            let text = format!("a phone logs in: by its address alone `{}` does not come in", shown(name));
            report.add(&identify.place, text);
        }
        found.phones.push(phone(objects, section, context, report));
    }
}

fn phone(objects: &Objects<'_>, section: &Section, context: String, report: &mut Report) -> Phone {
    let auths: Vec<&str> = list(section, "auth").collect();
    let auth = auths.first().and_then(|name| objects.auths.get(name)).copied();
    if auths.len() > 1 {
        report
            .add(&section.place, "the phone has several `auth`; a phone has one password, that of the first");
    }
    let place = &section.place;
    match (auth, auths.first()) {
        (Some(_), _) => {}
        (None, Some(auth)) => {
            let text =
                format!("there is no auth `{}`; the phone gets a new password, shown by apply", shown(auth));
            report.add(place, text);
        }
        (None, None) => {
            let text = "the phone has no `auth`; here it must log in, with a new password, shown by apply";
            report.add(place, text);
        }
    }
    let password = auth.and_then(|auth| password(auth, report));
    phone_settings(section, report);
    Phone {
        endpoint: section.name.clone(),
        user: auth.and_then(|auth| auth.value("username")).map(str::to_owned),
        password,
        name: section.value("callerid").and_then(name_of),
        context,
        place: place.clone(),
    }
}

/// The password of an auth in clear text. Its text is in no remark.
fn password(auth: &Section, report: &mut Report) -> Option<String> {
    const NEW: &str = "the phone gets a new password, shown by apply";
    let kind = auth.value("auth_type").unwrap_or("userpass");
    if !matches!(kind, "userpass" | "digest") {
        report
            .add(&auth.place, format!("auth_type `{}` keeps no password in clear text; {NEW}", shown(kind)));
        return None;
    }
    let Some(password) = auth.value("password") else {
        report
            .add(&auth.place, format!("there is no `password`, only a digest of it, or none at all; {NEW}"));
        return None;
    };
    if password.len() > PASSWORD_MAX || password.chars().any(char::is_control) {
        report.add(&auth.place, format!("a password has at most {PASSWORD_MAX} printable bytes; {NEW}"));
        return None;
    }
    Some(password.to_owned())
}

/// What a phone may do there and not here.
fn phone_settings(section: &Section, report: &mut Report) {
    for setting in &section.settings {
        let value = setting.value.as_str();
        let text = match setting.key.as_str() {
            "mailboxes" => {
                report.add(&setting.place, MAILBOXES);
                continue;
            }
            "voicemail_extension" => "messages are heard at `*57`",
            "call_group" | "pickup_group" | "named_call_group" | "named_pickup_group" => {
                "pickup groups are not there; who waits in a queue can be picked up over the API"
            }
            "webrtc" if is_yes(value) => "phones speak SIP over UDP or TCP; a browser is no phone yet",
            "media_encryption" if value != "no" => {
                "media are not encrypted; keep phones in a network that you trust"
            }
            "set_var" => "variables of a phone are not kept",
            "moh_suggest" => "what callers hear while they wait is `moh` of the queue",
            "outbound_proxy" => "there is no proxy between the server and its phones",
            "message_context" => "text messages are not taken",
            "allow_transfer" | "record_on_feature" | "one_touch_recording" | "acl" | "permit" | "deny" => {
                "it is no setting of a phone here"
            }
            _ => continue,
        };
        report.add(&setting.place, format!("`{}`: {text}", setting.key));
    }
    let mut codecs =
        section.all("allow").flat_map(|setting| setting.value.split([',', '|'])).map(str::trim).peekable();
    if codecs.peek().is_some()
        && !codecs.any(|codec| matches!(codec, "ulaw" | "alaw" | "opus" | "all" | "!all"))
    {
        report.add(
            &section.place,
            "it allows none of `ulaw`, `alaw` and `opus`; phones must speak one of them",
        );
    }
}

/// The name in `"Ann Ash" <1001>`.
fn name_of(callerid: &str) -> Option<String> {
    let name = callerid.split('<').next().unwrap_or(callerid).trim().trim_matches('"').trim();
    let name: String = name.chars().filter(|c| !c.is_control()).take(PERSON_MAX).collect();
    let name = name.trim().to_owned();
    let number = name.bytes().all(|byte| byte.is_ascii_digit() || b"+-() ".contains(&byte));
    (!name.is_empty() && !number).then_some(name)
}

type Belongings<'a> = (&'a [&'a Section], &'a [&'a Section]);

fn trunk(
    objects: &Objects<'_>,
    section: &Section,
    context: &str,
    (identified, registered): Belongings<'_>,
    report: &mut Report,
) -> Option<Trunk> {
    let place = &section.place;
    for registration in registered {
        report.add(&registration.place, DOES_NOT_REGISTER);
    }
    if let Some(auth) = section.last("outbound_auth") {
        report.add(
            &auth.place,
            "a trunk does not log in yet: ask the carrier to know the server by its address",
        );
    }
    if let Some(auth) = section.last("auth") {
        report.add(&auth.place, "who calls over a trunk does not log in: its addresses are in `allow_from`");
    }
    let allow_from = networks(identified, report);
    let contacts =
        list(section, "aors").filter_map(|name| objects.aors.get(name)).flat_map(|aor| aor.all("contact"));
    let mut hosts = contacts.flat_map(|setting| {
        let uris = setting.value.split(',').map(str::trim);
        uris.map(|uri| (host_of(uri), setting.place.clone())).collect::<Vec<_>>()
    });
    let host = hosts.find_map(|(host, _)| host);
    for (_, place) in hosts {
        report
            .add(&place, "a trunk has one `host`, that of its first contact; make another trunk of this one");
    }
    let server = registered.iter().filter_map(|section| section.value("server_uri")).find_map(host_of);
    let first = || allow_from.first().and_then(|network| network.split('/').next()).and_then(host_of);
    let Some(host) = host.or(server).or_else(first) else {
        report.add(place, "the trunk has no contact that says where calls go out, so it is left out");
        return None;
    };
    if allow_from.is_empty() {
        let text = if is_address(&host) {
            "no `identify` says where calls come from, so none come in: if it is the trunk's own address, put it in `allow_from`"
        } else {
            "no address says where calls come from, so none come in: put the carrier's networks in `allow_from`"
        };
        report.add(place, text);
    }
    Some(Trunk {
        endpoint: section.name.clone(),
        host,
        allow_from,
        context: context.to_owned(),
        place: place.clone(),
    })
}

/// The networks that calls come from.
fn networks(identified: &[&Section], report: &mut Report) -> Vec<String> {
    let mut networks: Vec<String> = Vec::new();
    for section in identified {
        if let Some(header) = section.last("match_header").or_else(|| section.last("match_request_uri")) {
            report.add(
                &header.place,
                "calls are known by their address alone, not by what they say of themselves",
            );
        }
        for setting in section.all("match") {
            for written in setting.value.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                let Some(network) = network(written) else {
                    let text = format!(
                        "`{}` is no address: `allow_from` wants those behind the name",
                        shown(written)
                    );
                    report.add(&setting.place, text);
                    continue;
                };
                if network.ends_with("/0") {
                    report.add(&setting.place, "calls come in from every address: name the carrier's alone");
                }
                if networks.len() == ALLOW_FROM_MAX && !networks.contains(&network) {
                    report.add(
                        &setting.place,
                        format!("a trunk has at most {ALLOW_FROM_MAX} networks; this is one more"),
                    );
                } else if !networks.contains(&network) {
                    networks.push(network);
                }
            }
        }
    }
    networks
}

/// The names in a setting that is a list.
fn list<'a>(section: &'a Section, key: &str) -> impl Iterator<Item = &'a str> {
    section.value(key).unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_callers() {
        for (callerid, name) in [
            ("\"Ann Ash\" <1001>", Some("Ann Ash")),
            ("Ann <1001>", Some("Ann")),
            ("<1001>", None),
            ("1001", None),
            ("+49 30 1", None),
        ] {
            assert_eq!(name_of(callerid).as_deref(), name, "{callerid}");
        }
    }
}
