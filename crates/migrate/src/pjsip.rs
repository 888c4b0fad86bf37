//! `pjsip.conf`: phones and trunks.
//!
//! Sections are told apart by their `type`; an endpoint names its `auth` and its `aors`, an `identify` and a
//! `registration` name their endpoint. An endpoint is a trunk if calls come in by address, or if it logs in somewhere
//! else; it is a phone if it logs in here.

mod address;
mod endpoint;

use std::collections::BTreeMap;

use crate::conf::Section;
use crate::report::{Place, Report, shown};

const DOES_NOT_REGISTER: &str =
    "a trunk does not register yet: ask the carrier to send calls to the server's address";

const MAILBOXES: &str =
    "`mailboxes`: boxes are listed in `mailboxes`, by the number of their phone; `*57` opens them";

/// A phone that logs in here.
#[derive(Clone, Debug)]
pub(crate) struct Phone {
    /// The endpoint's name, by which dialplan and queues call it.
    pub(crate) endpoint: String,
    /// The user name that it logs in with.
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    /// The name of whoever sits there, from `callerid`.
    pub(crate) name: Option<String>,
    /// Where its calls go.
    pub(crate) context: String,
    pub(crate) place: Place,
}

/// A connection of a carrier.
#[derive(Clone, Debug)]
pub(crate) struct Trunk {
    pub(crate) endpoint: String,
    /// `host` or `host:port`.
    pub(crate) host: String,
    /// Networks like `192.0.2.0/24`.
    pub(crate) allow_from: Vec<String>,
    /// Where its calls go.
    pub(crate) context: String,
    pub(crate) place: Place,
}

/// What the file has.
#[derive(Debug, Default)]
pub(crate) struct Pjsip {
    pub(crate) phones: Vec<Phone>,
    pub(crate) trunks: Vec<Trunk>,
    /// Where calls of endpoints go that are neither: their contexts are those of calls from outside.
    pub(crate) outside: Vec<String>,
}

/// The objects of the file by their kind; an auth or aor by its name.
#[derive(Default)]
pub(super) struct Objects<'a> {
    endpoints: Vec<&'a Section>,
    auths: BTreeMap<&'a str, &'a Section>,
    aors: BTreeMap<&'a str, &'a Section>,
    /// By the endpoint they name.
    identifies: BTreeMap<&'a str, Vec<&'a Section>>,
    registrations: BTreeMap<&'a str, Vec<&'a Section>>,
}

/// Reads the file's sections.
pub(crate) fn read(sections: &[Section], report: &mut Report) -> Pjsip {
    let objects = sort(sections, report);
    let mut found = Pjsip::default();
    let mut names = BTreeMap::new();
    for section in &objects.endpoints {
        if let Some(first) = names.insert(section.name.as_str(), &section.place) {
            let name = shown(&section.name);
            report.add(
                &section.place,
                format!("endpoint `{name}` is there already ({first}), so this one is left out"),
            );
            continue;
        }
        endpoint::endpoint(&objects, section, &mut found, report);
    }
    let lost = |objects: &BTreeMap<&str, Vec<&'_ Section>>| -> Vec<(String, Place)> {
        let lost = objects.iter().filter(|(name, _)| !names.contains_key(*name));
        lost.flat_map(|(name, list)| list.iter().map(|section| (shown(name), section.place.clone())))
            .collect()
    };
    for (name, place) in lost(&objects.identifies) {
        report.add(&place, format!("it belongs to endpoint `{name}`, and there is none of that name"));
    }
    for (_, place) in lost(&objects.registrations) {
        report.add(&place, DOES_NOT_REGISTER);
    }
    found
}

fn sort<'a>(sections: &'a [Section], report: &mut Report) -> Objects<'a> {
    let mut objects = Objects::default();
    for section in sections.iter().filter(|section| !section.template) {
        let name = section.name.as_str();
        let Some(kind) = section.value("type") else {
            report.add(
                &section.place,
                format!("section `{}` has no `type`, so nothing is known of it", shown(name)),
            );
            continue;
        };
        let of_endpoint = section.value("endpoint").unwrap_or(name);
        match kind {
            "endpoint" => objects.endpoints.push(section),
            "auth" => {
                objects.auths.insert(name, section);
            }
            "aor" => {
                if let Some(mailboxes) = section.last("mailboxes") {
                    report.add(&mailboxes.place, MAILBOXES);
                }
                objects.aors.insert(name, section);
            }
            "identify" => objects.identifies.entry(of_endpoint).or_default().push(section),
            "registration" => objects.registrations.entry(of_endpoint).or_default().push(section),
            other => report.add(&section.place, of_no_use(other)),
        }
    }
    objects
}

/// Why an object of another type is left out.
fn of_no_use(kind: &str) -> String {
    match kind {
        "transport" => "transports are settings of the server: `sip.listen` and `sip.public_address` in its settings file".into(),
        "global" | "system" => format!("`{kind}` has settings of Asterisk itself; the server's own are in its settings file"),
        "acl" => "there are no access lists: calls come in from a trunk's `allow_from`, or from phones that log in".into(),
        "domain_alias" => "a domain has one name, and phones may write the server's address in its place".into(),
        "resource_list" | "inbound-publication" | "outbound-publish" | "asterisk-publication" => {
            format!("`{kind}`: presence is not told over SIP, but by the event socket of the API")
        }
        "phoneprov" => "phones are not set up from here: give each its number and its `sip_password`".into(),
        other => format!("type `{}` is not known", shown(other)),
    }
}
