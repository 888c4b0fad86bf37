//! Doors for programs that were written for other products: each translates what its product's documentation says into
//! our own requests, and nothing more. Rights, domains and problems are ours.

pub(crate) mod netsapiens;
