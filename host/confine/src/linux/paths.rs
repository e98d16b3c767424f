//! Landlock: paths, TCP ports, signals and abstract sockets.

use std::{fs::File, os::fd::AsFd, path::Path};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, NetPort, PathBeneath, PathFd,
    PathFdError, RestrictSelfAttr, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr,
    RulesetError, Scope, make_bitflags,
};

use crate::{
    ConfineError, Confined, Coverage, Missing, Network, REQUIRED_ABI, Rules, Support,
    confine::ALL_THREADS_ABI,
};

/// Everything that this version of the library knows is governed; what the kernel does not know is
/// left out by the library.
const GOVERNED: ABI = ABI::V10;

/// Reading: contents of files, entries of folders.
const READ: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | ReadDir});

/// Writing: regular files and folders. Not among it: `Execute`, because the host starts no program;
/// `MakeChar`, `MakeBlock`, `MakeSock`, `MakeFifo` and `ResolveUnix`, because those are wires;
/// `MakeSym`, because a link left behind leads whoever reads the folder next out of it; and
/// `IoctlDev`, because no device is in these folders.
const WRITE: BitFlags<AccessFs> = make_bitflags!(AccessFs::{
    ReadFile | ReadDir | WriteFile | Truncate | MakeReg | MakeDir | RemoveFile | RemoveDir | Refer
});

/// What of the above a rule on something that is not a folder may hold.
const OF_A_FILE: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | WriteFile | Truncate});

pub(crate) fn restrict_paths(
    rules: &Rules,
    support: Support,
    confined: &mut Confined,
) -> Result<(), ConfineError> {
    let mut ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(GOVERNED))
        .and_then(|r| r.handle_access(AccessNet::from_all(GOVERNED)))
        .and_then(|r| r.scope(Scope::from_all(GOVERNED)))
        .and_then(Ruleset::create)
        .map_err(refused)?;
    for (paths, access) in [(&rules.read, READ), (&rules.write, WRITE)] {
        for path in paths {
            ruleset = allow(ruleset, path, access)?;
        }
    }
    if let Network::Ports { connect, bind } = &rules.network {
        for (ports, access) in [(connect, AccessNet::ConnectTcp), (bind, AccessNet::BindTcp)] {
            for port in ports {
                ruleset = ruleset
                    .add_rule(NetPort::new(*port, access))
                    .map_err(refused)?;
            }
        }
    }
    if support.landlock_abi >= Some(ALL_THREADS_ABI) {
        ruleset = ruleset.all_threads(true).map_err(refused)?;
    }
    match ruleset.restrict_self().map_err(refused)?.landlock {
        LandlockStatus::Available { effective_abi, .. } => {
            let abi = effective_abi as u8;
            confined.landlock_abi = Some(abi);
            (confined.file_system, confined.tcp, confined.scopes) = coverage(abi);
            confined.read_paths = rules.read.len();
            confined.write_paths = rules.write.len();
        }
        // it was there a moment ago, when it was asked for its version
        LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => {
            return Err(ConfineError::Kernel {
                what: "rules for files (Landlock)",
                why: Missing::Landlock.to_string(),
            });
        }
    }
    Ok(())
}

fn allow(
    ruleset: RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> Result<RulesetCreated, ConfineError> {
    let unreadable = |source| ConfineError::Path {
        path: path.to_owned(),
        source,
    };
    let opened = PathFd::new(path).map_err(|error| match error {
        PathFdError::OpenCall { source, .. } => unreadable(source),
        error => unreadable(std::io::Error::other(error)),
    })?;
    // of the descriptor, so that what is asked is what is opened
    let folder = opened
        .as_fd()
        .try_clone_to_owned()
        .and_then(|descriptor| File::from(descriptor).metadata())
        .map_err(unreadable)?
        .is_dir();
    let access = if folder { access } else { access & OF_A_FILE };
    ruleset
        .add_rule(PathBeneath::new(opened, access))
        .map_err(refused)
}

fn refused(error: RulesetError) -> ConfineError {
    ConfineError::Kernel {
        what: "rules for files (Landlock)",
        why: error.to_string(),
    }
}

/// How much of the file system, of TCP and of the scopes an ABI of Landlock governs.
fn coverage(abi: u8) -> (Coverage, Coverage, Coverage) {
    let from = |first: u8| {
        if abi >= first {
            Coverage::Full
        } else {
            Coverage::None
        }
    };
    let file_system = match abi {
        0 => Coverage::None,
        abi if abi < REQUIRED_ABI => Coverage::Partial,
        _ => Coverage::Full,
    };
    (file_system, from(4), from(6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_follows_the_versions_of_landlock() {
        use Coverage::{Full, None, Partial};
        for (abi, expected) in [
            (0, (None, None, None)),
            (1, (Partial, None, None)),
            (2, (Partial, None, None)),
            (3, (Full, None, None)),
            (4, (Full, Full, None)),
            (5, (Full, Full, None)),
            (6, (Full, Full, Full)),
            (10, (Full, Full, Full)),
        ] {
            assert_eq!(coverage(abi), expected, "ABI {abi}");
        }
    }
}
