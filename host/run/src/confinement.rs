//! What the run leaves itself, before the first plugin runs: its own directory, the data to read,
//! the cache of compiled code. No socket, no program, no other file.

use std::path::{Path, PathBuf};

use autods_confine::{Confined, Coverage, Level, Missing, Network, Rules, confine};
use autods_ledger::Entry;
use autods_sandbox::{Policy, policy::Kernel, prepare_cache};

use crate::{
    error::{Result, RunError},
    layout::{RunDir, RunFile},
    progress::{Progress, Update},
};

/// Confines this process for the rest of its life.
///
/// Everything that lies elsewhere has been read by now: task, plugins, policy and keys. The task
/// itself is read from its frozen copy in the run directory.
pub(crate) fn enter(
    dir: &RunDir,
    file: &RunFile,
    policy: &Policy,
    progress: &dyn Progress,
) -> Result<Confined> {
    let level = match policy.confinement.kernel {
        Kernel::Required => Level::Required,
        Kernel::Preferred => Level::Preferred,
        Kernel::Off => Level::Off,
    };
    let mut rules = Rules {
        read: Vec::new(),
        write: vec![dir.path().to_owned()],
        network: Network::None,
    };
    if !file.data.is_empty() {
        rules.read.push(PathBuf::from(&file.data));
    }
    if !file.cache.is_empty() {
        let cache = Path::new(&file.cache);
        let [folder, key] =
            prepare_cache(cache).map_err(|e| RunError::io("preparing", cache, e))?;
        rules.write.push(folder);
        rules.read.push(key);
    }
    let confined = confine(&rules.with_system_paths(), level).map_err(|e| {
        RunError::Confinement(format!(
            "{e}. `confinement.kernel` in the site policy is `required`, so nothing was started."
        ))
    })?;
    progress.tell(Update::Note(format!("this process: {confined}")));
    if level == Level::Preferred && !confined.missing.is_empty() {
        let missing: Vec<String> = confined.missing.iter().map(ToString::to_string).collect();
        progress.tell(Update::Warning(format!(
            "the kernel does not confine this process in full: {}. The ledger says so; `confinement.kernel = \"required\"` would not have started.",
            missing.join("; ")
        )));
    }
    Ok(confined)
}

/// What the ledger says about it.
pub(crate) fn entry(confined: &Confined) -> Entry {
    let coverage = |coverage: Coverage| match coverage {
        Coverage::Full => autods_ledger::Coverage::Full,
        Coverage::Partial => autods_ledger::Coverage::Partial,
        Coverage::None => autods_ledger::Coverage::None,
    };
    Entry::Confined {
        landlock_abi: confined.landlock_abi,
        file_system: coverage(confined.file_system),
        // the filter of system calls lets no socket be made at all; without it, TCP ports at best
        network: if confined.seccomp {
            autods_ledger::Coverage::Full
        } else {
            coverage(confined.tcp)
        },
        seccomp: confined.seccomp,
        missing: confined.missing.iter().map(lacking).collect(),
    }
}

fn lacking(missing: &Missing) -> String {
    match missing {
        Missing::System => "system",
        Missing::Landlock => "landlock",
        Missing::LandlockAbi { .. } => "landlock-abi",
        Missing::Ports { .. } => "landlock-ports",
        Missing::Threads { .. } => "threads",
        Missing::Seccomp => "seccomp",
    }
    .to_owned()
}
