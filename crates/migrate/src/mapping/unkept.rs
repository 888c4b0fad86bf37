//! Settings of a queue that are not carried over, and what does their work here.

use crate::conf::is_yes;

/// Settings that are carried over, or whose value above says nothing else than what is so anyway.
const KEPT: [&str; 28] = [
    "strategy",
    "timeout",
    "retry",
    "wrapuptime",
    "maxlen",
    "weight",
    "servicelevel",
    "joinempty",
    "leavewhenempty",
    "autopause",
    "member",
    "musicclass",
    "musiconhold",
    "announce-frequency",
    "announce-position",
    "announce-holdtime",
    "autofill",
    "ringinuse",
    "timeoutpriority",
    "timeoutrestart",
    "shared_lastcall",
    "autopausebusy",
    "autopauseunavail",
    "force_longest_waiting_caller",
    "monitor-type",
    "setinterfacevar",
    "setqueuevar",
    "setqueueentryvar",
];

/// What to say of a setting; none if nothing is lost.
pub(super) fn unkept(key: &str, value: &str) -> Option<&'static str> {
    let unknown = || (!KEPT.contains(&key)).then_some("it is no setting of a queue here");
    heard(key, value).or_else(|| offered(key, value)).or_else(unknown)
}

/// Of what is heard.
fn heard(key: &str, value: &str) -> Option<&'static str> {
    Some(match key {
        "musicclass" | "musiconhold" if value != "default" => {
            "music is `moh` of the queue: a prompt, or a playlist for several"
        }
        "announce" => "what an agent hears is `announce_to_agent`: a prompt to be uploaded or recorded",
        "queue-callerannounce" => {
            "a caller hears nothing before the agent: no announcement delays her answer"
        }
        "periodic-announce"
        | "periodic-announce-frequency"
        | "periodic-announce-startdelay"
        | "random-periodic-announce"
        | "relative-periodic-announce" => {
            "announcements are `announce` of the queue, with `prompts` and `every`"
        }
        "announce-position" if matches!(value, "limit" | "more") => "every place is told, without a limit",
        "announce-to-first-user"
        | "announce-round-seconds"
        | "min-announce-frequency"
        | "announce-position-only-up"
        | "announce-position-limit" => "the place is told again as it gets better",
        "memberdelay" | "reportholdtime" => "an agent is joined at once",
        "monitor-format" | "monitor-join" => "calls are not recorded yet",
        key if key.starts_with("queue-") => "its own words for announcements are prompts of the same purpose",
        _ => return None,
    })
}

/// Of who is offered a call, and what callers and programs can do meanwhile.
fn offered(key: &str, value: &str) -> Option<&'static str> {
    let yes = is_yes(value);
    Some(match key {
        "context" => "keys of those who wait: `exit` has one, with a plan; `callback` another",
        "defaultrule" | "penaltymemberslimit" => {
            "penalties do not change while a caller waits; `linear_cascade`, or skills with `relax_after`, do as much"
        }
        "autofill" if !yes => "callers are always served in parallel, as with `autofill=yes`",
        "ringinuse" if yes => "an agent on a call is not rung, unless her `max_concurrent_calls` allows it",
        "timeoutpriority" if value == "conf" => {
            "a caller's longest wait ends a ring, as with `timeoutpriority=app`"
        }
        "autopausebusy" | "autopauseunavail" if yes => "after a busy phone `busy_delay` lets the agent alone",
        "autopausedelay" => "it is as if it were 0",
        "membergosub" | "membermacro" => "programs hear of the answer by webhooks and by the event socket",
        "setinterfacevar" | "setqueuevar" | "setqueueentryvar" if yes => {
            "there are no variables of a call to set"
        }
        "timeoutrestart" if yes => "who declines or is busy has had her offer; the next agent is rung",
        "force_longest_waiting_caller" if yes => {
            "which queue an agent serves first is `weight`, then who has waited longest; after three minutes he goes first"
        }
        "shared_lastcall" if !yes => "wrap-up holds in all queues of an agent",
        _ => return None,
    })
}
