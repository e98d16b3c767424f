//! What the filter refuses, and why.

use serde::Serialize;

use crate::kernel;

/// System calls that are refused for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// What they do.
    pub name: &'static str,
    /// Why a host that holds data must not.
    pub why: &'static str,
    /// Their names in Linux; what stands in parentheses says which uses of the call.
    pub calls: Vec<String>,
}

/// What the filter refuses with [`Network::None`](crate::Network), group by group. With
/// [`Network::Ports`](crate::Network) the calls of the first group are refused for everything but
/// TCP. Empty on a system that has no such filter.
#[must_use]
pub fn refusals() -> Vec<Group> {
    kernel::groups()
}
