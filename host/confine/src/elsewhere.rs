//! Systems without Landlock and seccomp, and processors for which no list of calls was made.

use crate::{ConfineError, Confined, Rules, Support, refusal::Group};

pub(crate) const SUPPORTED: bool = false;

pub(crate) fn available() -> Support {
    Support {
        landlock_abi: None,
        seccomp: false,
        threads: None,
    }
}

pub(crate) fn groups() -> Vec<Group> {
    Vec::new()
}

pub(crate) fn restrict_paths(_: &Rules, _: Support, _: &mut Confined) -> Result<(), ConfineError> {
    Ok(())
}

pub(crate) fn restrict_calls(_: &Rules, _: &mut Confined) -> Result<(), ConfineError> {
    Ok(())
}
