//! The host takes away from itself what it does not need, before the first plugin runs.
//!
//! A plugin can reach nothing but the imports of its world. This crate is the wall behind that
//! wall: should a fault of the engine ever give a plugin the host's own hands, those hands hold
//! no wire. The kernel enforces it, for the rest of the life of the process; nothing that runs in
//! the process can take it back.
//!
//! The design decision: two mechanisms, because neither is enough. **Landlock** knows paths, and
//! limits the process to the folders in [`Rules`]. **seccomp** knows system calls, and refuses
//! every one that makes a wire which has no path: sockets, `io_uring`, other processes, programs,
//! shared memory, key rings, keystrokes pushed into the terminal. What is refused, group by group
//! with the reason, is [`refusals`].
//!
//! ```no_run
//! use autods_confine::{Level, Network, Rules, confine};
//!
//! let rules = Rules {
//!     read: vec!["data".into(), "plugins".into()],
//!     write: vec!["runs/one".into()],
//!     network: Network::None,
//! };
//! let confined = confine(&rules.with_system_paths(), Level::Required)?;
//! println!("{confined}");
//! # Ok::<(), autods_confine::ConfineError>(())
//! ```
//!
//! # When to call it
//!
//! Once, in the main thread, **before any other thread is started**: Landlock limits the calling
//! thread and those that it starts later. [`confine`] counts the threads and refuses if there are
//! more (from Landlock ABI 8 on it limits all of them, whoever started them). Everything that
//! needs a path outside the rules has to be opened before.
//!
//! # What a confined program notices
//!
//! A path outside the rules answers `EACCES` ([`PermissionDenied`](std::io::ErrorKind)); so does
//! a port. A refused system call answers `EPERM`. Nothing is killed, so that the program can say
//! what happened, with one exception: a 32-bit system call (`int 0x80` on x86-64, AArch32 on
//! AArch64) ends the process, because the numbers mean other calls there and the host makes none.
//! The numbers of the x32 ABI answer `ENOSYS`, as on a kernel that is built without it, and
//! `clone3` answers `ENOSYS`, so that the C library starts its threads with `clone`, whose
//! arguments the filter can read.
//!
//! # What it does not do
//!
//! - Files, pipes and sockets that are **open already** stay open: standard input and output, and
//!   whatever the host opened before. (Calls that only sockets know are refused even on those.)
//! - Landlock does not govern `stat`, `chmod`, `utimensat` and the existence of names. A confined
//!   process can see *whether* `/etc/passwd` is there, and can change the mode of a file that
//!   belongs to it.
//! - Landlock knows TCP ports, not addresses: with [`Network::Ports`] a port that is open to
//!   `connect` is open on every host. The caller has to check addresses itself.
//! - It does not limit memory or time; policy's limits do.

#![deny(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod confine;
mod confined;
mod error;
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
#[path = "linux/mod.rs"]
mod kernel;
#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
#[path = "elsewhere.rs"]
mod kernel;
mod refusal;
mod rules;
mod support;

pub use confine::confine;
pub use confined::{Confined, Coverage, Missing};
pub use error::ConfineError;
pub use refusal::{Group, refusals};
pub use rules::{Level, Network, Rules, SYSTEM_PATHS};
pub use support::{REQUIRED_ABI, Support, available};
