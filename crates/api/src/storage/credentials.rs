//! Who may come in: log-ins, tokens, keys of programs, second factors; and requests that are sent twice.

use std::net::IpAddr;
use std::time::Duration;

use model::{TenantId, Timestamp};
use store::idempotency::{Begun, KeptAnswer, Keyed};
use store::{ApiKey, Author, Client, Factor, KeyError, KeyWish, Note, Secret, Session, TotpOffer};

use super::{Answer, Grant, Identity, NewToken};

/// A domain by id and name.
pub type DomainName = (TenantId, String);

/// What the interface needs of the storage to know who asks.
pub trait Credentials: Send + Sync + 'static {
    /// Whose email and password these are. Does the same work, and takes the same time, for an account that
    /// is not there. Costly: the caller sees to it that few run at once.
    fn login<'a>(&'a self, email: &'a str, password: &'a str) -> Answer<'a, Option<Identity>>;

    /// The login name of an agent by the domain's name and her extension, or the part of her e-mail address before the
    /// `@` where it is hers alone; none if there is no such agent, or she has no e-mail address.
    fn email_of<'a>(&'a self, domain: &'a str, name: &'a str) -> Answer<'a, Option<String>>;

    /// Makes the owner's login if there is none; says whether it was made. Costly, as a login.
    fn owner_create<'a>(&'a self, email: &'a str, password: &'a str) -> Answer<'a, bool>;

    /// Looks at the code that came with a right password.
    fn factor<'a>(
        &'a self,
        identity: &'a Identity,
        code: Option<&'a str>,
        now: Timestamp,
    ) -> Answer<'a, Factor>;

    /// Offers a second factor; none if one is in use.
    fn factor_offer<'a>(&'a self, identity: &'a Identity) -> Answer<'a, Option<TotpOffer>>;

    /// Takes the offered one into use and ends all log-ins but `session`; recovery codes, or none if the code is wrong.
    fn factor_confirm<'a>(
        &'a self,
        identity: &'a Identity,
        code: &'a str,
        now: Timestamp,
        session: Option<u64>,
        note: Option<&'a Note>,
    ) -> Answer<'a, Option<Vec<Secret>>>;

    /// Takes it away; says whether there was one.
    fn factor_remove<'a>(
        &'a self,
        holder: Option<model::AgentId>,
        note: Option<&'a Note>,
    ) -> Answer<'a, bool>;

    /// Makes a token that is good for `lifetime` from `now` on.
    fn token_create<'a>(
        &'a self,
        identity: &'a Identity,
        client: &'a Client,
        now: Timestamp,
        lifetime: Duration,
    ) -> Answer<'a, NewToken>;

    /// Whose token or key this is, if it is still good at `now` for a client at `from`.
    fn token_verify<'a>(
        &'a self,
        token: &'a str,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Answer<'a, Option<Grant>>;

    /// Makes it worthless.
    fn token_end<'a>(&'a self, token: &'a str) -> Answer<'a, ()>;

    /// The log-ins of a domain's agents that hold at `now`, newest first.
    fn sessions(&self, tenant: TenantId, now: Timestamp) -> Answer<'_, Vec<Session>>;

    /// One person's log-ins that hold at `now`, newest first.
    fn sessions_of(&self, holder: Option<model::AgentId>, now: Timestamp) -> Answer<'_, Vec<Session>>;

    /// Ends a log-in.
    fn session_end<'a>(&'a self, id: u64, note: Option<&'a Note>) -> Answer<'a, ()>;

    /// The keys of a domain, by name.
    fn keys(&self, tenant: TenantId) -> Answer<'_, Vec<ApiKey>>;

    /// Makes a key.
    fn key_create<'a>(
        &'a self,
        tenant: TenantId,
        wish: &'a KeyWish,
        by: &'a Author,
        now: Timestamp,
    ) -> Answer<'a, Result<(ApiKey, Secret), KeyError>>;

    /// Removes a key; says whether it was there.
    fn key_remove<'a>(
        &'a self,
        tenant: TenantId,
        id: u64,
        by: &'a Author,
        now: Timestamp,
    ) -> Answer<'a, bool>;

    /// All domains of the server, by name.
    fn domains(&self) -> Answer<'_, Vec<DomainName>>;

    /// Looks up the key of a request, and keeps it if it is new.
    fn idempotency_begin<'a>(&'a self, keyed: &'a Keyed, now: Timestamp) -> Answer<'a, Begun>;

    /// Keeps what came of it; none forgets the key.
    fn idempotency_end<'a>(&'a self, keyed: &'a Keyed, answer: Option<&'a KeptAnswer>) -> Answer<'a, ()>;
}
