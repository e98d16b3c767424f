//! What this kernel can enforce.

use serde::{Deserialize, Serialize};

use crate::kernel;

/// The oldest Landlock that [`Level::Required`](crate::Level) accepts: ABI 3 (Linux 6.2).
///
/// ABI 1 (5.13) governs opening, making and removing; ABI 2 (5.19) moving and linking between
/// folders, without which a file can be moved to where other rules hold; ABI 3 truncation,
/// without which a file that may only be read can still be emptied. Later versions add TCP ports
/// (4), which seccomp makes superfluous where no socket can be made, `ioctl` on devices (5), and
/// signals and abstract sockets (6), which seccomp refuses as well.
pub const REQUIRED_ABI: u8 = 3;

/// What this kernel can enforce, found out without confining anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    /// Version of Landlock's interface; `None` where Landlock is not built in or not enabled.
    pub landlock_abi: Option<u8>,
    /// Whether a seccomp filter can be installed.
    pub seccomp: bool,
    /// Threads of this process; `None` where the system does not say (no `/proc`).
    pub threads: Option<usize>,
}

/// What this kernel can enforce, and how many threads there are to confine.
///
/// Ask before [`confine`](crate::confine()): a confined process cannot count its threads any more.
#[must_use]
pub fn available() -> Support {
    kernel::available()
}
