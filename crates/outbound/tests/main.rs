//! What leaves the server, against services that are bad at it.

mod mails;
mod requests;
mod smtp_server;
