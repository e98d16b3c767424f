//! What a confined process may still do.

use std::{fmt, path::PathBuf};

use serde::{Deserialize, Serialize};

/// Files of the system that the host's libraries read while it runs: how many processors it may
/// use (standard library, C library, rayon), how the C library may grow its heaps, and random
/// names for SQLite's journals. None of them can be written and none says anything about data.
///
/// Each is optional: a library that cannot read one falls back to a default, which is slower or
/// uses more threads than the container has processors, but not wrong.
pub const SYSTEM_PATHS: [&str; 5] = [
    "/proc/self/cgroup",
    "/proc/sys/vm/overcommit_memory",
    "/sys/fs/cgroup",
    "/sys/devices/system/cpu",
    "/dev/urandom",
];

/// What a process may still do after [`confine`](crate::confine).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Files and folders (with everything beneath) that may be read and listed. Nothing may be
    /// executed, there or anywhere.
    ///
    /// A path is followed to what it names *now*: if it is a symbolic link, its target is allowed.
    /// A link found later inside an allowed folder leads nowhere, unless its target is allowed.
    pub read: Vec<PathBuf>,
    /// Files and folders in which moreover regular files and folders may be made, written,
    /// truncated, moved and removed. No device, socket, pipe or symbolic link can be made.
    pub write: Vec<PathBuf>,
    /// The network.
    pub network: Network,
}

impl Rules {
    /// These rules, and those of [`SYSTEM_PATHS`] that this system has, for reading.
    #[must_use]
    pub fn with_system_paths(mut self) -> Self {
        self.read.extend(
            SYSTEM_PATHS
                .iter()
                .map(PathBuf::from)
                .filter(|path| path.exists()),
        );
        self
    }
}

/// Which network a confined process may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// None: no socket of any family can be made.
    #[default]
    None,
    /// TCP over IPv4 and IPv6, to and from these ports. No other protocol, hence no name can be
    /// looked up: addresses have to be numeric.
    ///
    /// Needs Landlock ABI 4 (Linux 6.7).
    Ports {
        /// Ports that may be connected to, on any address. If empty, `connect` is refused.
        connect: Vec<u16>,
        /// Ports that may be listened on; 0 stands for a port that the kernel picks. If empty,
        /// `bind`, `listen` and `accept` are refused. Otherwise note that the kernel gives a
        /// port of its choice to a socket that listens without having been bound.
        bind: Vec<u16>,
    },
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |ports: &[u16]| match ports {
            [] => "none".to_owned(),
            ports => ports
                .iter()
                .map(u16::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        };
        match self {
            Self::None => f.write_str("none"),
            Self::Ports { connect, bind } => {
                write!(
                    f,
                    "TCP only (connect to ports: {}; listen on ports: {})",
                    list(connect),
                    list(bind)
                )
            }
        }
    }
}

/// How much confinement the caller insists on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// All of it, or an error: Landlock of at least [`REQUIRED_ABI`](crate::REQUIRED_ABI) over
    /// every thread, the seccomp filter, and Landlock ABI 4 if the rules open ports.
    Required,
    /// What this kernel can do; [`Confined::missing`](crate::Confined) says what it cannot.
    Preferred,
    /// None.
    Off,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Required => "required",
            Self::Preferred => "preferred",
            Self::Off => "off",
        })
    }
}
