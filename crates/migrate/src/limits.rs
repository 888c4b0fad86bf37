//! Named limits of what is read. A configuration past them is refused, or cut with a remark.

/// Most files, each counted as often as it is included.
pub const FILES_MAX: usize = 500;
/// Most bytes of one file.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most names in one folder that a pattern of `#include` is held against.
pub const FOLDER_MAX: usize = 10_000;
/// Most lines in all files.
pub const LINES_MAX: usize = 300_000;
/// Longest line, bytes; Asterisk cuts off at the same length.
pub const LINE_BYTES_MAX: usize = 8_192;
/// Deepest `#include`, as in Asterisk.
pub const INCLUDE_DEPTH_MAX: usize = 10;
/// Deepest nesting of block comments, as in Asterisk.
pub const COMMENT_DEPTH_MAX: u32 = 128;
/// Most sections in all files.
pub const SECTIONS_MAX: usize = 100_000;
/// Most settings in all sections, those counted that come from templates.
pub const SETTINGS_MAX: usize = 1_000_000;
/// Most bytes that templates may copy: a template of templates doubles with each.
pub const COPIED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most remarks that are told one by one.
pub const REMARKS_MAX: usize = 20_000;

/// Most `Goto`s on the way from a number to where it leads.
pub(crate) const HOPS_MAX: usize = 20;
/// Most extensions and patterns that are looked at in all, while it is looked up where numbers lead.
pub(crate) const LOOKUPS_MAX: u32 = 20_000_000;
/// Longest value after its variables were filled in, bytes.
pub(crate) const FILLED_MAX: usize = 4_096;

/// The limits of a provisioning file, as far as they can be met here: `store::provisioning::limits` has them all.
pub(crate) mod file {
    /// Longest name of a queue or trunk, characters.
    pub(crate) const NAME_MAX: usize = 64;
    /// Longest name of a person, characters.
    pub(crate) const PERSON_MAX: usize = 128;
    /// Longest password, bytes.
    pub(crate) const PASSWORD_MAX: usize = 128;
    /// Most agents.
    pub(crate) const AGENTS_MAX: usize = 20_000;
    /// Most free extensions.
    pub(crate) const EXTENSIONS_MAX: usize = 50_000;
    /// Most queues.
    pub(crate) const QUEUES_MAX: usize = 2_000;
    /// Most ring groups.
    pub(crate) const RING_GROUPS_MAX: usize = 1_000;
    /// Most mailboxes.
    pub(crate) const MAILBOXES_MAX: usize = 20_000;
    /// Longest e-mail address, bytes.
    pub(crate) const EMAIL_MAX: usize = 254;
    /// Shortest and longest message, seconds.
    pub(crate) const MESSAGE_SECONDS: (i64, i64) = (5, 1_800);
    /// Least and most messages in a box.
    pub(crate) const MESSAGES: (i64, i64) = (1, 1_000);
    /// Most members of a ring group.
    pub(crate) const RING_MEMBERS_MAX: usize = 100;
    /// Most trunks.
    pub(crate) const TRUNKS_MAX: usize = 200;
    /// Most networks of a trunk.
    pub(crate) const ALLOW_FROM_MAX: usize = 256;
    /// Most numbers.
    pub(crate) const NUMBERS_MAX: usize = 20_000;
    /// Digits of a number from outside.
    pub(crate) const DID_DIGITS: std::ops::RangeInclusive<usize> = 2..=32;
}
