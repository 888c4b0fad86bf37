//! Transactions (RFC 3261 section 17).
