//! Every way to say no: RFC 9457 problem documents with a stable `type`.
//!
//! A handler returns a [`Problem`]; the envelope around all handlers writes it out with the request's id.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::prompts::PromptError;
use crate::provisioning::{CellFault, EditFault, FileProblem, ProvisionError};

macro_rules! problem_kinds {
    ($($variant:ident = $status:literal $name:literal, $title:literal, $advice:literal;)*) => {
        /// What kind of problem: one stable `type` each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ProblemKind {
            $(#[doc = $title] $variant,)*
        }

        impl ProblemKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The last part of its `type`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Its HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// What it is, in one line that never changes.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What whoever meets it should do.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice,)* }
            }
        }
    };
}

problem_kinds! {
    BadRequest = 400 "bad_request", "The request cannot be read", "Mend the request; the same one will fail again.";
    InvalidBody = 400 "invalid_body", "The body is not what this operation takes", "The detail names the field. Mend it and send again.";
    InvalidParameter = 400 "invalid_parameter", "A parameter has no meaning here", "The detail names the parameter. Mend it and send again.";
    Unauthorized = 401 "unauthorized", "Not logged in", "Log in with POST /v1/auth/login and send `Authorization: Bearer <token>`.";
    BadCredentials = 401 "bad_credentials", "Wrong email or password", "Check both. Which of them was wrong is not said.";
    SecondFactorWanted = 401 "second_factor_wanted", "The password is right, and a code is wanted too", "Send the code that the app shows as `code`, or a recovery code.";
    SecondFactorDue = 403 "second_factor_due", "Your role wants a second factor, and you have none", "Set one up: POST /v1/auth/totp, then /v1/auth/totp/confirm with a code of the app; on the page, under Your account. Then everything is open to you.";
    WrongCode = 403 "wrong_code", "The code is wrong", "Send the one that the app shows now. Each is good once, for about a minute.";
    NoPerson = 403 "no_person", "A key has no log-ins of its own", "Log in as a person. A key is removed by an admin.";
    Forbidden = 403 "forbidden", "Your rights do not reach this far", "Ask who has them; GET /v1/auth/me says which ones you have.";
    OriginRefused = 403 "origin_refused", "This page may not open the socket", "Open the socket from a page of this server, or without an Origin header.";
    NoAgent = 403 "no_agent", "This login is no agent", "`~` in place of an extension means your own; this login has none.";
    SetupRefused = 403 "setup_refused", "The set-up link is not good any more", "A server without an owner prints a new link each time it starts; use that one, whole.";
    InvitationRefused = 403 "invitation_refused", "The invitation's link is not good any more", "It works once, for seven days, and a newer one replaces it. Ask whoever invited you to send another.";
    OidcStale = 403 "oidc_stale", "The log-in took too long, was done already, or was begun in another browser", "Begin again.";
    OidcRefused = 403 "oidc_refused", "The provider did not let you in", "Begin again. If it stays, ask whoever runs the provider.";
    OidcUntrusted = 403 "oidc_untrusted", "What the provider answered cannot be trusted", "Begin again. If it stays, the server's log says what was wrong; its settings (`oidc.issuer`, `oidc.client_id`) must fit the provider's.";
    OidcUnverified = 403 "oidc_unverified", "The provider does not vouch for an e-mail address that is let in here", "Have the provider verify your address, or log in with your password.";
    OidcUnknown = 403 "oidc_unknown", "Nobody here has your e-mail address", "Ask an admin to set you up with the address that the provider knows you by.";
    NotFound = 404 "not_found", "Nothing is here", "Compare the path with /v1/openapi.json.";
    OidcOff = 404 "oidc_off", "Nobody logs in by a provider here", "Log in with POST /v1/auth/login. The server's settings name a provider by `oidc.issuer`.";
    UnknownDomain = 404 "unknown_domain", "No such domain for this login", "Use `~` or the name of the login's own domain. Whether other domains exist is not said.";
    UnknownAgent = 404 "unknown_agent", "No agent has this extension", "List the agents to see their extensions.";
    UnknownQueue = 404 "unknown_queue", "No queue has this number", "List the queues to see their numbers.";
    UnknownFlow = 404 "unknown_flow", "No flow has this number", "List the flows to see their numbers.";
    UnknownNumber = 404 "unknown_number", "No such number dialed from outside", "List the numbers to see them; a `+` in a path is written %2B or left out.";
    UnknownCall = 404 "unknown_call", "No such call", "It may never have been, or its record may have been removed.";
    UnknownMailbox = 404 "unknown_mailbox", "No mailbox has this number", "List the mailboxes to see their numbers.";
    UnknownMessage = 404 "unknown_message", "No such message", "It may have been deleted, here or by phone.";
    NotWaiting = 404 "not_waiting", "The call does not wait in this queue", "List who waits in the queue; the call's own record says where it went.";
    NotAMember = 404 "not_a_member", "The agent is no member of this queue", "Add the membership to the provisioning file and apply it.";
    UnknownEntry = 404 "unknown_entry", "Nothing of this name is provisioned", "List the section to see its entries.";
    UnknownSession = 404 "unknown_session", "No such log-in", "It may have ended; list those that hold.";
    UnknownKey = 404 "unknown_key", "No such key", "It may have been removed; list the keys.";
    UnknownInvitation = 404 "unknown_invitation", "The agent is not invited", "Nothing is open, or it was taken back. POST invites her.";
    UnknownPrompt = 404 "unknown_prompt", "The domain has no such prompt", "List the prompts to see their names and languages; built-in ones are not in the list.";
    UnknownWebhook = 404 "unknown_webhook", "No webhook has this name", "List the webhooks to see their names.";
    UnknownTrunk = 404 "unknown_trunk", "No trunk has this name", "List the section `trunks` of the provisioning to see their names.";
    UnknownReport = 404 "unknown_report", "No report has this name", "List the reports to see their names.";
    UnknownRecording = 404 "unknown_recording", "The call has no such recording", "It is being made still, was removed, or is no longer kept; the call lists what was recorded.";
    UnknownCallLink = 404 "unknown_call_link", "This link leads to nobody", "It may be mistyped, or be shut. Ask whoever gave it to you.";
    UnknownDelivery = 404 "unknown_delivery", "No such delivery", "List the webhook's deliveries; those of the last seven days are kept.";
    MethodNotAllowed = 405 "method_not_allowed", "This path does not take this method", "The Allow header names those it takes.";
    NoPersonalPhone = 409 "no_personal_phone", "The agent has no personal phone", "Set `personal_phone` too, or `forward_when` to never.";
    NoCallLink = 409 "no_call_link", "The agent has no call link", "Whoever administers the domain gives her one: `call_link` of the agent.";
    UnusablePersonalPhone = 422 "unusable_personal_phone", "Calls cannot be forwarded to this number", "It has 5 to 32 digits, with a + before them if need be, and is none of the domain's own numbers.";
    NoExtension = 409 "no_extension", "The agent has no extension", "Give the agent an extension first.";
    NoBrowserPhones = 409 "no_browser_phones", "No page is a phone here", "Use a SIP phone, or have the server's setting `sip.websocket` switched on.";
    NotActive = 409 "not_active", "The agent is not active", "An invited agent confirms first; a disabled one is enabled first.";
    NotInvitable = 409 "not_invitable", "The agent cannot be invited", "The detail says why. Who has an e-mail address and no password can be, where the server has a mail server to send by.";
    NotMailable = 409 "not_mailable", "The report cannot be sent by e-mail", "The detail says why.";
    NotLoggedIn = 409 "not_logged_in", "The agent is not logged in to the queue", "Log in to the queue first.";
    EntryDisabled = 409 "entry_disabled", "The agent's entry in the queue is switched off", "Enable the membership first.";
    WrongState = 409 "wrong_state", "This makes no sense in the state the agent is in", "Look at the agent's state and try what fits it.";
    UnusableSpan = 422 "unusable_span", "This time cannot be cut into such intervals", "The detail says why: `to` is behind `from`, the time is not too long for its intervals, and `time_zone` is an IANA name.";
    MissingParameter = 422 "missing_parameter", "A parameter is missing that goes with another, or with this login", "The detail names it.";
    MomentOutOfSpan = 422 "moment_out_of_span", "Nothing is known of this moment", "Ask for one in the span that the detail names.";
    StrangeCursor = 422 "strange_cursor", "The cursor is not one that this list gave out", "Begin without one, and send each page's `next` with the other parameters as they were.";
    UnknownDestination = 422 "unknown_destination", "The number leads nowhere", "Use a number of the domain, or one outside with at least five digits, and a trunk to reach it by.";
    NotRinging = 409 "not_ringing", "No phone rings for this call", "It may have been answered, or have gone on to somebody else. Personal phones outside cannot be asked.";
    SeveralRing = 409 "several_ring", "The call rings several agents", "Say in `agent` whose phone is meant.";
    UnknownReason = 422 "unknown_reason", "This is none of the domain's reasons for not being ready", "The detail names those that can be chosen; GET /v1/domains/~/not-ready-codes has them with their labels. To give none is always allowed.";
    UnknownDisposition = 422 "unknown_disposition", "This is none of the dispositions that the call can be given", "The detail names those that it can; GET /v1/domains/~/dispositions has them with their labels.";
    NotTalking = 409 "not_talking", "Nobody talks on this call", "It rings, waits or hears something. Try again when two parties talk.";
    TooManyHops = 409 "too_many_hops", "The call has been led on as often as a call may", "Speak with the caller, or let him call again; the limit keeps calls from going round.";
    CannotTake = 409 "cannot_take", "The agent can take no call now", "The detail says why; once that is over, try again, or choose another agent.";
    BeingAnswered = 409 "being_answered", "Somebody else is answering the call", "Choose another call; if nobody answers after all, it waits again in a moment.";
    TurnedAway = 409 "turned_away", "The queue takes nobody now", "The detail says why. Choose another queue, or try again when that is over.";
    OffersUsedUp = 409 "offers_used_up", "The call has rung as often as a call may", "It leaves the line by the queue's own rules as soon as it rings nobody.";
    TrunkTestRunning = 409 "trunk_test_running", "The trunk is being asked at this moment", "Wait for what comes of it: ten seconds at most.";
    CallOver = 409 "call_over", "The call is over", "Nothing is left to do.";
    NothingBefore = 409 "nothing_before", "Nothing is kept from before the file in force", "Apply the file you want; it is kept from then on.";
    StalePlan = 409 "stale_plan", "The domain was changed at the same moment", "Apply the file again: the plan is made anew.";
    EntryExists = 409 "entry_exists", "There is one already", "Put or patch it instead, or choose another key.";
    SecondFactorOn = 409 "second_factor_on", "A second factor is in use", "Take it away first, with a code of it.";
    KeysFull = 409 "keys_full", "The domain has as many keys as it may", "Remove those that nobody uses; the list says when each was last used.";
    IdempotencyUnanswered = 409 "idempotency_unanswered", "The first request with this Idempotency-Key has no answer yet", "It is being done, or the server stopped while it was. Look whether it was done before you send it with another key.";
    PromptInUse = 409 "prompt_in_use", "The prompt is played somewhere", "The detail says where. Change that first, or send `force=true` and let silence be heard there.";
    PromptsFull = 409 "prompts_full", "There is no room for the prompt", "Remove prompts that are not used, or cut long ones.";
    EntryChanged = 412 "entry_changed", "It was changed meanwhile", "Get it again, and make your change on what it is now.";
    TooSlow = 408 "too_slow", "The body did not arrive in time", "Send it again; if it stays, look at what is between you and the server.";
    TooLarge = 413 "too_large", "The request is too large", "Send less.";
    InvalidProvisioning = 422 "invalid_provisioning", "The provisioning file has problems", "Each of `problems` names a line and what to mend there. Nothing was changed.";
    InvalidChange = 422 "invalid_change", "The domain would not be right afterwards", "Each of `faults` says what to mend, and where in the value. Nothing was changed.";
    UnknownField = 422 "unknown_field", "The items of this list have no such field", "The detail lists those that they have.";
    InvalidTable = 422 "invalid_table", "The table has problems", "Each of `cells` names a line and a column, and what to mend there. Nothing was changed.";
    UnusableKey = 422 "unusable_key", "No such key can be made", "The detail says what to mend.";
    IdempotencyMismatch = 422 "idempotency_mismatch", "This Idempotency-Key stands for another request", "Choose a new key for each new request.";
    UnknownGreeting = 404 "unknown_greeting", "The mailbox has no greeting of its own", "Its callers hear the program's, or one that is provisioned.";
    UnusableSound = 422 "unusable_sound", "The sound or the text cannot be used", "The detail says what is wrong with it and how to mend it.";
    UpgradeRequired = 426 "upgrade_required", "This is a WebSocket", "Connect with a WebSocket client.";
    TooManyAttempts = 429 "too_many_attempts", "Too many failed logins", "Wait as long as Retry-After says.";
    TooManySockets = 429 "too_many_sockets", "Too many event sockets of this login", "Close one first.";
    TooManyRequests = 429 "too_many_requests", "Too many requests", "Wait as long as Retry-After says; how many a domain may make is for the server's owner to set.";
    TooManyTrunkTests = 429 "too_many_trunk_tests", "The trunk was asked too often", "Wait as long as Retry-After says.";
    Internal = 500 "internal", "Something broke here", "Report it with the request id; the log has the rest.";
    Busy = 503 "busy", "Too much to do at this moment", "Try again after Retry-After.";
    OidcUnreachable = 503 "oidc_unreachable", "The provider cannot be asked", "Try again in a moment, or log in with your password. The server's log says what is the matter.";
    Stopping = 503 "stopping", "The server is stopping", "Try again when it is back.";
    NoSpeech = 409 "no_speech", "Texts cannot be spoken here", "Install espeak-ng on the server, or upload a recording.";
    NotReady = 503 "not_ready", "The server takes no calls", "The reasons say why.";
    StorageFailed = 503 "storage_failed", "The database did not answer", "Try again; if it stays, look at the server's log and disk.";
}

impl ProblemKind {
    /// Its `type`: a reference to the page that explains it.
    #[must_use]
    pub fn reference(self) -> String {
        format!("/problems/{}", self.name())
    }

    /// The kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// A problem on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// What is the matter this time.
    pub detail: String,
    /// Each single reason, where there are several.
    pub reasons: Vec<String>,
    /// Each thing to mend in a file.
    pub problems: Vec<FileProblem>,
    /// Each thing to mend in a change.
    pub faults: Vec<EditFault>,
    /// Each thing to mend in a table, out of the way of all other problems.
    pub cells: Option<Box<CellFaults>>,
    /// Seconds after which another try makes sense.
    pub retry_after: Option<u32>,
}

/// What is to be mended in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellFaults(pub Vec<CellFault>);

/// A problem document as it is sent (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A stable reference, `/problems/<name>`; compare this, not the words.
    #[serde(rename = "type")]
    #[schema(example = "/problems/unknown_agent")]
    pub kind: String,
    /// What it is; never changes for one `type`.
    #[schema(example = "No agent has this extension")]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// What is the matter this time.
    #[schema(example = "no agent has the extension 1999")]
    pub detail: String,
    /// Each single reason, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Each thing to mend in a provisioning file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<FileProblem>,
    /// Each thing to mend in a change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<EditFault>,
    /// Each thing to mend in a table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<CellFault>,
    /// The request's id, also in the header `X-Request-Id`; the log has it too.
    #[schema(example = "5f0c2a9e1b7d4c38")]
    pub request_id: String,
}

impl Problem {
    /// A problem with its detail.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            reasons: Vec::new(),
            problems: Vec::new(),
            faults: Vec::new(),
            cells: None,
            retry_after: None,
        }
    }

    /// A problem about which there is nothing more to say.
    #[must_use]
    pub fn plain(kind: ProblemKind) -> Self {
        Self::new(kind, kind.advice())
    }

    /// Says after how many seconds another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(u32::try_from(seconds).unwrap_or(u32::MAX));
        self
    }

    /// Lists what is to be mended in a table.
    #[must_use]
    pub fn cells(mut self, cells: Vec<CellFault>) -> Self {
        self.cells = Some(Box::new(CellFaults(cells)));
        self
    }

    /// Lists single reasons.
    #[must_use]
    pub fn reasons(mut self, reasons: Vec<String>) -> Self {
        self.reasons = reasons;
        self
    }

    /// The document.
    #[must_use]
    pub fn body(self, request_id: &str) -> ProblemBody {
        ProblemBody {
            kind: self.kind.reference(),
            title: self.kind.title(),
            status: self.kind.status(),
            detail: self.detail,
            reasons: self.reasons,
            problems: self.problems,
            faults: self.faults,
            cells: self.cells.map(|cells| cells.0).unwrap_or_default(),
            request_id: request_id.to_owned(),
        }
    }

    /// The kind that stands for an error status which a library of ours chose.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        let kind = match status.as_u16() {
            404 => ProblemKind::NotFound,
            408 => ProblemKind::TooSlow,
            405 => ProblemKind::MethodNotAllowed,
            413 => ProblemKind::TooLarge,
            426 => ProblemKind::UpgradeRequired,
            503 => ProblemKind::Busy,
            400..=499 => ProblemKind::BadRequest,
            _ => ProblemKind::Internal,
        };
        Self::plain(kind)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<switch::AskError> for Problem {
    fn from(error: switch::AskError) -> Self {
        match error {
            switch::AskError::Busy => Self::new(ProblemKind::Busy, error.to_string()).retry_after(1),
            switch::AskError::Stopped => Self::new(ProblemKind::Stopping, error.to_string()).retry_after(5),
            switch::AskError::UnknownDomain => Self::plain(ProblemKind::UnknownDomain),
        }
    }
}

impl From<crate::storage::StorageError> for Problem {
    fn from(error: crate::storage::StorageError) -> Self {
        match error {
            crate::storage::StorageError::Busy => Self::plain(ProblemKind::Busy).retry_after(2),
            crate::storage::StorageError::Failed(_) => {
                tracing::error!(%error, "the storage failed");
                Self::plain(ProblemKind::StorageFailed).retry_after(5)
            }
        }
    }
}

impl From<PromptError> for Problem {
    fn from(error: PromptError) -> Self {
        let detail = error.to_string();
        match error {
            PromptError::Unknown(_) => Self::new(ProblemKind::UnknownPrompt, detail),
            PromptError::Unusable(_) => Self::new(ProblemKind::UnusableSound, detail),
            PromptError::NoSpeech(_) => Self::new(ProblemKind::NoSpeech, detail),
            PromptError::InUse(places) => Self::new(ProblemKind::PromptInUse, detail).reasons(places),
            PromptError::Full(_) => Self::new(ProblemKind::PromptsFull, detail),
            PromptError::Busy => Self::new(ProblemKind::Busy, detail).retry_after(5),
            PromptError::Storage(error) => error.into(),
        }
    }
}

impl From<ProvisionError> for Problem {
    fn from(error: ProvisionError) -> Self {
        let detail = error.to_string();
        match error {
            ProvisionError::Problems(problems) => {
                Self { problems, ..Self::new(ProblemKind::InvalidProvisioning, detail) }
            }
            ProvisionError::Faults(faults) => {
                Self { faults, ..Self::new(ProblemKind::InvalidChange, detail) }
            }
            ProvisionError::Missing(_) => Self::new(ProblemKind::UnknownEntry, detail),
            ProvisionError::Exists(_) => Self::new(ProblemKind::EntryExists, detail),
            ProvisionError::Changed(_) => Self::new(ProblemKind::EntryChanged, detail),
            ProvisionError::TooFar(_) => Self::new(ProblemKind::Forbidden, detail),
            ProvisionError::NothingBefore(_) => Self::new(ProblemKind::NothingBefore, detail),
            ProvisionError::Stale => Self::new(ProblemKind::StalePlan, detail),
            ProvisionError::Storage(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_name_and_an_error_status() {
        let mut names: Vec<_> = ProblemKind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ProblemKind::ALL.len());
        for kind in ProblemKind::ALL {
            assert!((400..600).contains(&kind.status()), "{}", kind.name());
            assert_eq!(ProblemKind::named(kind.name()), Some(*kind));
        }
    }
}
