//! Trunks: whether they answer. They are provisioned; see `…/provisioning/trunks`.

pub(crate) mod test;
pub(crate) mod view;
