//! What is in force.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Level, Network, REQUIRED_ABI};

/// What the kernel enforces on this process from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confined {
    /// What was asked for.
    pub level: Level,
    /// Version of Landlock's interface that is in force.
    pub landlock_abi: Option<u8>,
    /// Paths that may be read.
    pub read_paths: usize,
    /// Paths that may be read and written.
    pub write_paths: usize,
    /// The file system: full from Landlock ABI 3, partial with 1 and 2.
    pub file_system: Coverage,
    /// TCP ports, by Landlock (ABI 4): full or none. Without it, no socket can be made all the
    /// same if `seccomp` holds and `network` is none.
    pub tcp: Coverage,
    /// Signals and abstract Unix sockets to processes outside, by Landlock (ABI 6): full or none.
    pub scopes: Coverage,
    /// Whether the seccomp filter is in force, on every thread.
    pub seccomp: bool,
    /// System calls that the filter refuses, in alphabetical order; what stands in parentheses
    /// says which uses of that call.
    pub refused: Vec<String>,
    /// The network that is left.
    pub network: Network,
    /// Threads that this process had; `None` where the system does not say.
    pub threads: Option<usize>,
    /// What is not in force although the level is not `off`.
    pub missing: Vec<Missing>,
}

impl Confined {
    pub(crate) fn nothing(level: Level, network: Network, threads: Option<usize>) -> Self {
        Self {
            level,
            landlock_abi: None,
            read_paths: 0,
            write_paths: 0,
            file_system: Coverage::None,
            tcp: Coverage::None,
            scopes: Coverage::None,
            seccomp: false,
            refused: Vec::new(),
            network,
            threads,
            missing: Vec::new(),
        }
    }

    /// Whether everything holds that [`Level::Required`] asks for.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.level != Level::Off && self.missing.is_empty()
    }
}

impl fmt::Display for Confined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.level == Level::Off {
            return f.write_str("not confined (switched off)");
        }
        if self.landlock_abi.is_none() && !self.seccomp {
            f.write_str("not confined")?;
        } else {
            match self.landlock_abi {
                Some(abi) => write!(
                    f,
                    "Landlock ABI {abi}: file system {} ({} to read, {} to write), TCP ports {}, \
                     signals and abstract sockets {}; ",
                    self.file_system,
                    paths(self.read_paths),
                    paths(self.write_paths),
                    self.tcp,
                    self.scopes
                )?,
                None => f.write_str("no Landlock; ")?,
            }
            if self.seccomp {
                write!(
                    f,
                    "seccomp refuses {} system calls; network: {}",
                    self.refused.len(),
                    self.network
                )?;
            } else {
                f.write_str("no seccomp filter")?;
            }
        }
        for missing in &self.missing {
            write!(f, "; missing: {missing}")?;
        }
        Ok(())
    }
}

fn paths(count: usize) -> String {
    format!("{count} path{}", if count == 1 { "" } else { "s" })
}

/// How much of something is governed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// All of it.
    Full,
    /// Some of it.
    Partial,
    /// None of it.
    None,
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
        })
    }
}

/// Something that [`Level::Required`] asks for and that is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Missing {
    /// Neither mechanism exists on this system.
    System,
    /// The kernel has no Landlock, or it is not enabled.
    Landlock,
    /// Landlock is too old to govern the whole file system.
    LandlockAbi {
        /// What the kernel has.
        abi: u8,
    },
    /// Landlock does not know TCP ports, and the rules open some.
    Ports {
        /// What the kernel has.
        abi: u8,
    },
    /// There were other threads, and this Landlock limits only the one that calls.
    Threads {
        /// Threads of the process; `None` if they could not be counted.
        threads: Option<usize>,
    },
    /// The kernel has no seccomp filters, or did not take this one.
    Seccomp,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str(
                "this system has neither Landlock nor seccomp (Linux on x86-64 or AArch64 has)",
            ),
            Self::Landlock => f.write_str(
                "Landlock is not in this kernel or not enabled (Linux 6.2 or newer, with \
                 `landlock` in the boot parameter `lsm=`)",
            ),
            Self::LandlockAbi { abi } => write!(
                f,
                "Landlock has ABI {abi}, which does not govern moving or truncating of files \
                 (ABI {REQUIRED_ABI}, Linux 6.2, does)"
            ),
            Self::Ports { abi } => write!(
                f,
                "Landlock has ABI {abi}, which does not know TCP ports (ABI 4, Linux 6.7, does), \
                 so that every port is open"
            ),
            Self::Threads {
                threads: Some(threads),
            } => write!(
                f,
                "the process has {threads} threads already, and Landlock before ABI 8 limits only \
                 the one that asks"
            ),
            Self::Threads { threads: None } => f.write_str(
                "the threads of the process could not be counted (is `/proc` mounted?), and \
                 Landlock before ABI 8 limits only the one that asks",
            ),
            Self::Seccomp => {
                f.write_str("this kernel has no seccomp filters, so that sockets can be made")
            }
        }
    }
}
