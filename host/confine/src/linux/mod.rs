//! Linux on x86-64 and AArch64.

mod calls;
mod filter;
mod paths;
mod probe;

pub(crate) use calls::groups;
pub(crate) use filter::restrict_calls;
pub(crate) use paths::restrict_paths;
pub(crate) use probe::available;

pub(crate) const SUPPORTED: bool = true;
