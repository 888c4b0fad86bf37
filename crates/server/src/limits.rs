//! Open files: each party of a call takes two, so the soft limit of most shells is a hundred calls.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Raises the soft limit of open files to the hard one; says so if that is little.
pub(crate) fn raise_open_files() {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return };
    if soft < hard && setrlimit(Resource::RLIMIT_NOFILE, hard, hard).is_err() {
        tracing::warn!(soft, hard, "the limit of open files could not be raised");
    }
    if hard < 4_096 {
        tracing::warn!(hard, "few open files are allowed; each party of a call takes two (`ulimit -n`)");
    }
}
