//! Named limits of a provisioning file: how much of it, and how far each value may go.

/// Most bytes of a file. Ten thousand agents with two queues each take about a quarter of it.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Deepest nesting of lists and mappings.
pub const DEPTH_MAX: usize = 12;
/// Most values, lists and mappings in a file.
pub const NODES_MAX: usize = 2_000_000;
/// Most problems that are reported one by one.
pub const PROBLEMS_MAX: usize = 200;

/// Most groups.
pub const GROUPS_MAX: usize = 1_000;
/// Most roles of the domain's own.
pub const ROLES_MAX: usize = 100;
/// Most feature codes.
pub const FEATURE_CODES_MAX: usize = 100;
/// Most of `*` and `#` that a feature code begins with.
pub const FEATURE_SIGNS_MAX: usize = 3;
/// Most digits that follow.
pub const FEATURE_DIGITS_MAX: usize = 4;
/// Most reasons for not being ready: an agent chooses one from a list.
pub const NOT_READY_CODES_MAX: usize = 100;
/// Most dispositions.
pub const DISPOSITIONS_MAX: usize = 200;
/// Most queues that one disposition names.
pub const DISPOSITION_QUEUES_MAX: usize = 200;
/// Most agents.
pub const AGENTS_MAX: usize = 20_000;
/// Longest last part of a call link's address.
pub const CALL_LINK_MAX: usize = 64;
/// Most free extensions.
pub const EXTENSIONS_MAX: usize = 50_000;
/// Most queues.
pub const QUEUES_MAX: usize = 2_000;
/// Most members of one queue.
pub const MEMBERS_MAX: usize = 20_000;
/// Most flows.
pub const FLOWS_MAX: usize = 1_000;
/// Most ring groups.
pub const RING_GROUPS_MAX: usize = 1_000;
/// Most members of one ring group: they may all ring at once.
pub const RING_MEMBERS_MAX: usize = 100;
/// Most mailboxes.
pub const MAILBOXES_MAX: usize = 20_000;
/// Most numbers dialed from outside.
pub const NUMBERS_MAX: usize = 20_000;
/// Most trunks.
pub const TRUNKS_MAX: usize = 200;
/// Most prompts.
pub const PROMPTS_MAX: usize = crate::prompt::PROMPTS_MAX;
/// Most playlists.
pub const PLAYLISTS_MAX: usize = 200;
/// Most prompts of one playlist: what a listener is given at once.
pub const PLAYLIST_MAX: usize = 50;
/// Most webhooks.
pub const WEBHOOKS_MAX: usize = 50;
/// Most topics and names of events that one webhook names.
pub const WEBHOOK_EVENTS_MAX: usize = 50;
/// Most queues that one webhook names.
pub const WEBHOOK_QUEUES_MAX: usize = 200;
/// Longest URL of a webhook, bytes.
pub const WEBHOOK_URL_MAX: usize = 2_048;
/// Most reports.
pub const REPORTS_MAX: usize = 50;
/// Most queues, and most agents, that one report names.
pub const REPORT_SUBJECTS_MAX: usize = 200;
/// Most addresses that one report goes to.
pub const REPORT_RECIPIENTS_MAX: usize = 20;
/// Most networks of one trunk.
pub const ALLOW_FROM_MAX: usize = 256;
/// Most groups of one agent, and most skills.
pub const PER_AGENT_MAX: usize = 100;
/// Most skills that one queue or number asks for.
pub const NEEDS_MAX: usize = 20;
/// Most business hours.
pub const BUSINESS_HOURS_MAX: usize = 1_000;
/// Most holidays of one of them.
pub const HOLIDAYS_MAX: usize = 200;
/// Most slots of one day in hours.
pub const SLOTS_MAX: usize = 12;
/// Most numbers on one list of callers.
pub const LISTED_MAX: usize = 20_000;
/// Most agents of one exclusive number.
pub const EXCLUSIVE_AGENTS_MAX: usize = 50;
/// Single changes that are made at a time.
pub const EDITS_MAX: usize = 1_000;
/// Files that are kept of one domain, so that one can go back: the one in force and those before it.
pub const HISTORY_MAX: usize = 10;

/// Longest name of a queue, a flow, a group, a skill or a trunk, characters.
pub const NAME_MAX: usize = 64;
/// Longest name of a person or on a display, characters.
pub const PERSON_MAX: usize = 128;
/// Longest e-mail, bytes (RFC 5321, 4.5.3.1.3, without its brackets).
pub const EMAIL_MAX: usize = 254;
/// Longest password, bytes.
pub const PASSWORD_MAX: usize = 128;
/// Longest host with its port, bytes.
pub const HOST_MAX: usize = 260;
/// Fewest and most digits of a number dialed from outside.
pub const DID_DIGITS: (usize, usize) = (2, 32);

/// Seconds an offer rings.
pub const RING_TIME: (i64, i64) = (1, 65_535);
/// Callers in a line; 0 is no limit.
pub const MAX_CALLERS: (i64, i64) = (0, 100_000);
/// Shortest limit of a wait; 0, which is no limit, may be written too.
pub const WAITING_TIME: (i64, i64) = (15, 65_535);
/// Seconds of a delay after an offer, of wrap-up, of ageing, and until a skill is relaxed.
pub const UP_TO_AN_HOUR: (i64, i64) = (0, 3_600);
/// Phones that ring at first; 0 is everybody.
pub const SIM_RING_FIRST: (i64, i64) = (0, 99);
/// Phones that join each time.
pub const SIM_RING_INCREMENT: (i64, i64) = (1, 99);
/// Longest expected wait with which a caller is let in; 0 is no limit.
pub const EXPECTED_WAIT: (i64, i64) = (0, 65_535);
/// Days that a caller is led to the agent of last time.
pub const STICKY_DAYS: (i64, i64) = (1, 365);
/// Seconds between announcements to those who wait.
pub const ANNOUNCE_EVERY: (i64, i64) = (10, 1_800);
/// Announcements that those who wait hear in turn.
pub const ANNOUNCED_MAX: usize = 20;
/// Hours after which a callback is given up.
pub const CALLBACK_HOURS: (i64, i64) = (1, 6);
/// How often a caller who was not reached is tried again.
pub const CALLBACK_RETRIES: (i64, i64) = (0, 10);
/// Seconds until a callback is offered, and between two attempts.
pub const CALLBACK_PAUSE: (i64, i64) = (10, 3_600);
/// Seconds that the phone of a caller who is called back rings.
pub const CALLBACK_RING_TIME: (i64, i64) = (5, 120);
/// Most digits before the number of a caller who is called back.
pub const CALLBACK_PREFIX_MAX: usize = 8;
/// Tier of a member.
pub const TIER: (i64, i64) = (1, 99);
/// Priority of a number's callers.
pub const PRIORITY: (i64, i64) = (0, 9);
/// Priority of a caller who is served before others.
pub const VIP_PRIORITY: (i64, i64) = (1, 9);
/// Weight of a queue.
pub const WEIGHT: (i64, i64) = (-1_000, 1_000);
/// Seconds of a service level's threshold; 0 is none.
pub const SLA_TIME: (i64, i64) = (0, 65_535);
/// Misses in a row.
pub const AFTER_N: (i64, i64) = (1, 100);
/// Skill and skill level.
pub const SKILL: (i64, i64) = (1, 100);
/// Order in a queue, and order of queues.
pub const ORDER: (i64, i64) = (-1_000_000, 1_000_000);
/// Calls at a time.
pub const CONCURRENT_CALLS: (i64, i64) = (1, 99);
/// Seconds a direct call rings at an extension.
pub const EXTENSION_RING_TIMEOUT: (i64, i64) = (5, 600);
/// Seconds a flow rings an agent.
pub const FLOW_RING_TIMEOUT: (i64, i64) = (5, 120);
/// Repeats of a flow's error messages.
pub const MAX_REPEATS: (i64, i64) = (0, 10);
/// Ranges of extensions that a flow does not reach.
pub const EXCLUDED_MAX: usize = 100;
/// Prompts that one step says.
pub const SAID_MAX: usize = 20;
/// Conditions of one branch.
pub const CONDITIONS_MAX: usize = 50;
/// Variables that a service is sent, or may set.
pub const VARIABLES_MAX: usize = 32;
/// Lines of a flow's test, and what it expects.
pub const TEST_LINES_MAX: usize = 200;
/// Days that a message is kept; 0 is for ever.
pub const RETENTION_DAYS: (i64, i64) = (0, 3_650);
/// Seconds of the longest message.
pub const MESSAGE_SECONDS: (i64, i64) = (5, 1_800);
/// Messages in a mailbox.
pub const MESSAGES: (i64, i64) = (1, 1_000);
/// Seconds a member of a ring group rings.
pub const GROUP_RING_TIME: (i64, i64) = (1, 600);
/// Seconds a call stays in a ring group; 0 is no limit.
pub const GROUP_MAX_TIME: (i64, i64) = (0, 3_600);
/// Seconds a flow waits for a digit.
pub const DIGIT_TIMEOUT: (i64, i64) = (1, 60);
