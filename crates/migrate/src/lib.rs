//! Other products' configurations as provisioning files.
//!
//! [`asterisk`] reads Asterisk's `pjsip.conf`, `queues.conf`, `extensions.conf` and `voicemail.conf` and writes the file that makes a
//! domain of them, with a list of what it could not carry over. It reads through [`Files`] and knows no disk; what it
//! reads is bounded by [`limits`].

mod conf;
mod dialplan;
mod error;
mod files;
mod glob;
pub mod limits;
mod mapping;
mod pjsip;
mod report;
mod yaml;

pub use error::ImportError;
pub use files::{FileError, Files};
pub use report::{Place, Remark};

use conf::Reader;
use report::Report;

/// What came of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The provisioning file (YAML).
    pub file: String,
    /// What could not be carried over, by file and line.
    pub report: Vec<Remark>,
}

/// The files that are read.
const READ: [&str; 3] = ["pjsip.conf", "queues.conf", "extensions.conf"];

/// Files of Asterisk that are not read, and what does their work here.
const UNREAD: [(&str, &str); 12] = [
    (
        "sip.conf",
        "it is not read: move its phones and trunks to pjsip.conf, with `sip_to_pjsip.py` of Asterisk",
    ),
    ("pjsip_wizard.conf", "it is not read: write its phones and trunks to pjsip.conf"),
    ("users.conf", "it is not read: list its phones in `extensions` or `agents`"),
    ("iax.conf", "it is not read: calls come and go by SIP alone"),
    ("chan_dahdi.conf", "it is not read: lines need a gateway that speaks SIP"),
    ("agents.conf", "it is not read: agents are the members of queues.conf"),
    (
        "queuerules.conf",
        "it is not read: penalties do not change while a caller waits; see `linear_cascade` and skills",
    ),
    ("musiconhold.conf", "it is not read: music is a prompt or a playlist"),
    ("extensions.ael", "it is not read: only extensions.conf is"),
    ("extensions.lua", "it is not read: only extensions.conf is"),
    ("features.conf", "it is not read: codes other than the default ones go into `feature_codes`"),
    ("confbridge.conf", "it is not read: there are no conferences"),
];

/// Makes a provisioning file of a domain out of Asterisk's configuration.
///
/// # Errors
/// [`ImportError`] if there is no file of it, if one of them cannot be read, includes itself, or is past a limit.
pub fn asterisk(files: &dyn Files, domain: &str) -> Result<Import, ImportError> {
    let mut report = Report::default();
    let mut reader = Reader::new(files, &mut report);
    let [pjsip, queues, extensions] = READ.map(|name| (name, reader.read(name)));
    let mut there = 0;
    let mut sections = |(name, read): (&str, Result<Option<Vec<conf::Section>>, ImportError>)| {
        let read = read?;
        there += usize::from(read.is_some());
        if read.is_none() {
            reader
                .report()
                .add(&Place::file(name), "there is no such file, so nothing is known of what it would say");
        }
        Ok(read.unwrap_or_default())
    };
    let (pjsip, queues, extensions) = (sections(pjsip)?, sections(queues)?, sections(extensions)?);
    if there == 0 {
        let text =
            format!("none of {} is there; name the folder of Asterisk's configuration", READ.join(", "));
        return Err(ImportError::new(&Place::file("."), text));
    }
    // Many have none.
    let mailboxes = reader.read("voicemail.conf")?.unwrap_or_default();
    for (name, text) in UNREAD {
        if reader.has(name) {
            reader.report().add(&Place::file(name), text);
        }
    }
    let pjsip = pjsip::read(&pjsip, &mut report);
    let dialplan = dialplan::read(&extensions, &mut report);
    let file = mapping::map(domain, pjsip, &queues, &mailboxes, &dialplan, &mut report);
    Ok(Import { file, report: report.finish() })
}
