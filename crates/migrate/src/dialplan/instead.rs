//! What does the work here that an application of the dialplan does there.

/// What to use in place of an application that was not carried over; none if nothing is lost without it.
pub(crate) fn instead(app: &str) -> Option<&'static str> {
    Some(match app.to_ascii_lowercase().as_str() {
        "answer" | "hangup" | "noop" | "verbose" | "log" | "progress" | "proceeding" | "ringing" | "wait"
        | "return" | "stackpop" | "resetcdr" | "nocdr" | "forkcdr" | "queuelog" | "" => return None,
        "musiconhold" | "startmusiconhold" | "stopmusiconhold" => "music is heard in queues: their `moh`",
        "goto" => "no queue and no phone was found where it leads; in a flow, steps lead on by `next`",
        "gotoif" | "execif" | "while" | "endwhile" | "exitwhile" | "continuewhile" | "ifmodule" => {
            "decisions are a flow's `branch`"
        }
        "gotoiftime" | "execiftime" => {
            "times are `business_hours`, which numbers, queues and agents name as `hours`"
        }
        "background" | "waitexten" | "backgrounddetect" => "a menu is a flow's `menu`",
        "read" | "senddtmf" => "digits are asked for by a flow's `collect`",
        "playback" | "controlplayback" | "playtones" | "saydigits" | "saynumber" | "sayunixtime"
        | "sayalpha" | "sayphonetic" => {
            "what callers hear is said by a flow's `play`, or in a queue by `intro` and `announce`"
        }
        "voicemail" => "messages are left in one of `mailboxes`, where a plan or its number leads",
        "voicemailmain" | "minivmaccmess" | "vmauthenticate" => "messages are heard at `*57`",
        "directory" | "dialbyname" => "a person is found by her name in a flow's `dial_by_name`",
        "queue" => "the queue is not in `queues.conf`, or its name is only known while a call is there",
        "addqueuemember" | "removequeuemember" | "agentlogin" | "agentrequest" => {
            "agents log in and out at their phones, `*38` and `*39`, or over the API"
        }
        "pausequeuemember" | "unpausequeuemember" => {
            "agents are not ready and ready by `*37` and `*36`, or over the API"
        }
        "dial" => "a call leads to a phone, a ring group, or by a flow's `transfer` to an `external` number",
        "followme" => "calls follow an agent to her `personal_phone`",
        "gosub" | "gosubif" | "macro" | "macroif" | "macroexit" => {
            "subroutines are not followed; what they do is built as a flow"
        }
        "set" | "mset" | "setvar" | "setglobalvar" | "importvar" => {
            "variables of a call are set by a flow's `set`"
        }
        "agi" | "eagi" | "deadagi" | "stasis" | "system" | "trysystem" | "externalivr" | "curl"
        | "asyncagi" => "programs are asked by a flow's `webhook`, or steer calls over the API",
        "mixmonitor" | "monitor" | "stopmixmonitor" | "record" => "calls are not recorded yet",
        "confbridge" | "meetme" | "page" | "bridge" => "conferences and paging are not there",
        "chanspy" | "extenspy" | "whisper" => "nobody can listen to calls of others yet",
        "park" | "parkandannounce" | "parkedcall" => "calls are not parked; hold them, or send them on",
        "pickup" | "pickupchan" => "who waits in a queue is picked up over the API",
        "transfer" | "blindtransfer" | "attendedtransfer" => "calls are sent on by phones and over the API",
        "authenticate" => "digits that nobody may see are a flow's `collect` with `sensitive`",
        "busy" | "congestion" | "zapateller" => "a call that leads nowhere ends with a plan's `hangup`",
        "disa" => "nobody calls out from outside: it is how carriers' bills are run up",
        "userevent" => "other programs hear of calls by webhooks and by the event socket",
        "echo" | "milliwatt" => "there is no echo test; `cordboard doctor` tries the installation",
        "sendfax" | "receivefax" => "faxes are not taken",
        _ => "the application is not known here; most of what callers meet is built as a flow",
    })
}
