//! What the run leaves itself, before the first plugin runs: its own directory, the data to read,
//! the cache of compiled code. No socket, no program, no other file.

use std::path::{Path, PathBuf};

use autods_confine::{Confined, Level, Network, Rules, confine};
use autods_ledger::{Coverage, Entry};
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
    let coverage = |of: autods_confine::Coverage| match of {
        autods_confine::Coverage::Full => Coverage::Full,
        autods_confine::Coverage::Partial => Coverage::Partial,
        autods_confine::Coverage::None => Coverage::None,
    };
    // no socket can be made where the filter is on: with it the network is out of reach whatever
    // Landlock knows of ports
    let network = if confined.seccomp {
        Coverage::Full
    } else {
        // ports of TCP are not all of the network
        match confined.tcp {
            autods_confine::Coverage::None => Coverage::None,
            _ => Coverage::Partial,
        }
    };
    Entry::Confined {
        landlock_abi: confined.landlock_abi,
        file_system: coverage(confined.file_system),
        network,
        seccomp: confined.seccomp,
        missing: confined.missing.iter().map(ToString::to_string).collect(),
    }
}
