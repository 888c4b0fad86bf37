//! Header names: the ones we know as numbers, all others as they came.

macro_rules! names {
    ($($(#[$doc:meta])* $variant:ident = $canonical:literal, $lower:literal $(, $compact:literal)?;)*) => {
        /// A header name known to this stack.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Name {
            $($(#[$doc])* #[doc = concat!("`", $canonical, "`")] $variant,)*
        }

        /// All long names in lower case, in order for a binary search.
        const TABLE: &[(&[u8], Name)] = &[$(($lower, Name::$variant),)*];

        impl Name {
            /// The spelling we send.
            pub fn as_str(self) -> &'static str {
                match self { $(Name::$variant => $canonical,)* }
            }

            fn from_letter(letter: u8) -> Option<Name> {
                $($(if [letter] == *$compact {
                    return Some(Name::$variant);
                })?)*
                None
            }
        }
    };
}

/// The longest known name; a longer one cannot be known.
const NAME_BYTES_MAX: usize = 24;

names! {
    Accept = "Accept", b"accept";
    AcceptContact = "Accept-Contact", b"accept-contact", b"a";
    AcceptEncoding = "Accept-Encoding", b"accept-encoding";
    AcceptLanguage = "Accept-Language", b"accept-language";
    AlertInfo = "Alert-Info", b"alert-info";
    Allow = "Allow", b"allow";
    AllowEvents = "Allow-Events", b"allow-events", b"u";
    AuthenticationInfo = "Authentication-Info", b"authentication-info";
    Authorization = "Authorization", b"authorization";
    CallId = "Call-ID", b"call-id", b"i";
    CallInfo = "Call-Info", b"call-info";
    Contact = "Contact", b"contact", b"m";
    ContentDisposition = "Content-Disposition", b"content-disposition";
    ContentEncoding = "Content-Encoding", b"content-encoding", b"e";
    ContentLanguage = "Content-Language", b"content-language";
    ContentLength = "Content-Length", b"content-length", b"l";
    ContentType = "Content-Type", b"content-type", b"c";
    CSeq = "CSeq", b"cseq";
    Date = "Date", b"date";
    Diversion = "Diversion", b"diversion";
    ErrorInfo = "Error-Info", b"error-info";
    Event = "Event", b"event", b"o";
    Expires = "Expires", b"expires";
    FlowTimer = "Flow-Timer", b"flow-timer";
    From = "From", b"from", b"f";
    HistoryInfo = "History-Info", b"history-info";
    Identity = "Identity", b"identity", b"y";
    InReplyTo = "In-Reply-To", b"in-reply-to";
    InfoPackage = "Info-Package", b"info-package";
    Join = "Join", b"join";
    MaxForwards = "Max-Forwards", b"max-forwards";
    MimeVersion = "MIME-Version", b"mime-version";
    MinExpires = "Min-Expires", b"min-expires";
    MinSe = "Min-SE", b"min-se";
    Organization = "Organization", b"organization";
    PAssertedIdentity = "P-Asserted-Identity", b"p-asserted-identity";
    PPreferredIdentity = "P-Preferred-Identity", b"p-preferred-identity";
    Path = "Path", b"path";
    Priority = "Priority", b"priority";
    Privacy = "Privacy", b"privacy";
    ProxyAuthenticate = "Proxy-Authenticate", b"proxy-authenticate";
    ProxyAuthorization = "Proxy-Authorization", b"proxy-authorization";
    ProxyRequire = "Proxy-Require", b"proxy-require";
    RAck = "RAck", b"rack";
    Reason = "Reason", b"reason";
    RecordRoute = "Record-Route", b"record-route";
    RecvInfo = "Recv-Info", b"recv-info";
    ReferTo = "Refer-To", b"refer-to", b"r";
    ReferredBy = "Referred-By", b"referred-by", b"b";
    RejectContact = "Reject-Contact", b"reject-contact", b"j";
    Replaces = "Replaces", b"replaces";
    ReplyTo = "Reply-To", b"reply-to";
    RequestDisposition = "Request-Disposition", b"request-disposition", b"d";
    Require = "Require", b"require";
    RetryAfter = "Retry-After", b"retry-after";
    Route = "Route", b"route";
    RSeq = "RSeq", b"rseq";
    Server = "Server", b"server";
    ServiceRoute = "Service-Route", b"service-route";
    SessionExpires = "Session-Expires", b"session-expires", b"x";
    SipEtag = "SIP-ETag", b"sip-etag";
    SipIfMatch = "SIP-If-Match", b"sip-if-match";
    Subject = "Subject", b"subject", b"s";
    SubscriptionState = "Subscription-State", b"subscription-state";
    Supported = "Supported", b"supported", b"k";
    TargetDialog = "Target-Dialog", b"target-dialog";
    Timestamp = "Timestamp", b"timestamp";
    To = "To", b"to", b"t";
    Unsupported = "Unsupported", b"unsupported";
    UserAgent = "User-Agent", b"user-agent";
    Via = "Via", b"via", b"v";
    Warning = "Warning", b"warning";
    WwwAuthenticate = "WWW-Authenticate", b"www-authenticate";
}

impl Name {
    /// The known name these bytes spell, long or compact, in any case.
    pub fn from_bytes(bytes: &[u8]) -> Option<Name> {
        if let [letter] = bytes {
            return Name::from_letter(letter.to_ascii_lowercase());
        }
        let mut lower = [0u8; NAME_BYTES_MAX];
        let lower = lower.get_mut(..bytes.len())?;
        lower.copy_from_slice(bytes);
        lower.make_ascii_lowercase();
        let lower: &[u8] = lower;
        let at = TABLE.binary_search_by(|(name, _)| (*name).cmp(lower)).ok()?;
        TABLE.get(at).map(|(_, name)| *name)
    }
}

/// What a header is looked up by: a known name, or the spelling of any name.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// One we know.
    Known(Name),
    /// One we do not know; compared without regard to case.
    Other(&'a [u8]),
}

impl From<Name> for Key<'static> {
    fn from(name: Name) -> Self {
        Key::Known(name)
    }
}

impl<'a> From<&'a [u8]> for Key<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        match Name::from_bytes(bytes) {
            Some(name) => Key::Known(name),
            None => Key::Other(bytes),
        }
    }
}

impl<'a> From<&'a str> for Key<'a> {
    fn from(text: &'a str) -> Self {
        Key::from(text.as_bytes())
    }
}

impl<'a> From<&'a String> for Key<'a> {
    fn from(text: &'a String) -> Self {
        Key::from(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_by_its_own_spelling() {
        for (lower, name) in TABLE {
            assert_eq!(Name::from_bytes(lower), Some(*name));
            assert_eq!(Name::from_bytes(name.as_str().as_bytes()), Some(*name));
        }
    }

    #[test]
    fn compact_and_odd_case_names_are_the_same_name() {
        assert_eq!(Name::from_bytes(b"v"), Some(Name::Via));
        assert_eq!(Name::from_bytes(b"cALL-iD"), Some(Name::CallId));
        assert_eq!(Name::from_bytes(b"k"), Some(Name::Supported));
        assert_eq!(Name::from_bytes(b"X-Thing"), None);
        assert_eq!(Name::from_bytes(&[b'x'; 100]), None);
    }
}
