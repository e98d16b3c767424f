//! The plugins of a run: which are needed for what, and how they are read, kept and admitted.

use std::{collections::BTreeMap, fs, path::Path};

use autods_ledger::{Authority, Entry, Ledger};
use autods_sandbox::{
    Audit, Capability, Layer, Plugin, PluginFile, Policy, Purpose, Refusal, Sandbox, World,
};
use autods_spec::{Launch, Task};

use crate::{
    briefing::roster,
    error::{Result, RunError},
    layout::{FileEntry, RunDir, write_atomically},
    session::write_ledger,
};

/// What each plugin of a run is wanted for, by id.
pub type Purposes = BTreeMap<String, Purpose>;

/// A plugin that was refused before anything of it ran.
#[derive(Debug)]
pub(crate) struct Refused {
    id: String,
    sha256: String,
    refusal: Box<Refusal>,
}

impl From<Refused> for RunError {
    fn from(refused: Refused) -> Self {
        Self::Plugin(format!(
            "plugin `{}` was refused: {} [{}]",
            refused.id,
            refused.refusal,
            refused.refusal.code()
        ))
    }
}

/// What a task wants which plugins for.
///
/// # Errors
/// Where LAUNCH.md withholds a capability that does not exist, or one plugin is wanted for two
/// things.
pub fn purposes(task: &Task, launch: &Launch) -> Result<Purposes, RunError> {
    let withheld = withheld(launch)?;
    let mut purposes = Purposes::new();
    let mut want = |id: &str, world: World, role: Option<String>| {
        let purpose = purposes.entry(id.to_owned()).or_insert_with(|| Purpose {
            world: Some(world),
            roles: Vec::new(),
            withheld: withheld.clone(),
        });
        if purpose.world != Some(world) {
            return Err(RunError::Policy(format!(
                "plugin `{id}` is wanted both as a {world} and as something else: correct TASK.md or LAUNCH.md"
            )));
        }
        purpose.roles.extend(role);
        Ok(())
    };
    for source in &task.data {
        want(&source.loader, World::Loader, None)?;
    }
    for method in &launch.methods {
        want(method, World::Method, None)?;
    }
    for player in roster(launch) {
        want(
            &player.plugin,
            World::Agent,
            Some(player.card.role.name().to_owned()),
        )?;
    }
    Ok(purposes)
}

fn withheld(launch: &Launch) -> Result<Vec<Capability>> {
    launch
        .withhold
        .iter()
        .map(|name| {
            Capability::named(name).ok_or_else(|| {
                RunError::Policy(format!(
                    "LAUNCH.md: `withhold` has `{}`, which is no capability; there are {}",
                    name.escape_default(),
                    Capability::ALL.map(Capability::name).join(", ")
                ))
            })
        })
        .collect()
}

/// Whether a folder holds a component for every id.
pub(crate) fn present_all<'a>(folder: &Path, ids: impl Iterator<Item = &'a String>) -> Result<()> {
    for id in ids {
        let path = folder.join(format!("{id}.wasm"));
        if fs::symlink_metadata(&path).is_err() {
            return Err(RunError::Plugin(format!(
                "no plugin `{id}`: {} does not exist. Build the plugins with `cargo xtask plugins`, name their directory with --plugins, or correct the id in TASK.md or LAUNCH.md. There are: {}",
                path.display(),
                present(folder).join(", ")
            )));
        }
    }
    Ok(())
}

fn present(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|entries| {
            entries
                .filter_map(|e| e.ok())
                .filter_map(|e| {
                    e.file_name()
                        .to_string_lossy()
                        .strip_suffix(".wasm")
                        .map(str::to_owned)
                })
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    names
}

/// Reads and audits every plugin; stops at the first that is refused.
pub(crate) fn read_all(
    folder: &Path,
    purposes: &Purposes,
    policy: &Policy,
) -> Result<Vec<PluginFile>, Refused> {
    purposes
        .iter()
        .map(|(id, purpose)| {
            let refused = |sha256: &str, refusal: Refusal| Refused {
                id: id.clone(),
                sha256: sha256.to_owned(),
                refusal: Box::new(refusal),
            };
            let file = PluginFile::read(&folder.join(format!("{id}.wasm")), policy)
                .map_err(|refusal| refused("", refusal))?
                .for_purpose(purpose.clone());
            if file.manifest().plugin.id != *id {
                let found = Refusal::WrongUse {
                    wanted: format!("`{id}`"),
                    found: format!("`{}`", file.manifest().plugin.id),
                };
                return Err(refused(file.sha256(), found));
            }
            match file.audit().refusals.first() {
                Some(refusal) => Err(refused(file.sha256(), refusal.clone())),
                None => Ok(file),
            }
        })
        .collect()
}

/// Notes what was refused, and who denied what.
pub(crate) fn record_refusal(ledger: &Ledger, refused: &Refused) -> Result<()> {
    let denied = match refused.refusal.as_ref() {
        Refusal::NotGranted { capability, by } => Some((Some(*capability), authority(*by))),
        Refusal::Undeclared { capability } => Some((Some(*capability), Authority::Manifest)),
        Refusal::NeverTogether { one, .. } => Some((Some(*one), Authority::Policy)),
        Refusal::AbovePolicy { .. } => Some((None, Authority::Policy)),
        _ => None,
    };
    if let Some((capability, by)) = denied {
        write_ledger(
            ledger,
            &Entry::Denied {
                plugin: refused.id.clone(),
                sha256: refused.sha256.clone(),
                capability: capability.map(|capability| capability.name().to_owned()),
                rule: refused.refusal.code().to_owned(),
                by,
            },
        )?;
    }
    write_ledger(
        ledger,
        &Entry::PluginRefused {
            id: refused.id.clone(),
            sha256: refused.sha256.clone(),
            rule: refused.refusal.code().to_owned(),
        },
    )
}

fn authority(layer: Layer) -> Authority {
    match layer {
        Layer::Manifest => Authority::Manifest,
        Layer::Policy => Authority::Policy,
        Layer::Task => Authority::Task,
        Layer::Role => Authority::Role,
    }
}

/// What a plugin is granted, and what its manifest asks for and does not get.
fn grant_entries(audit: &Audit) -> Vec<Entry> {
    audit
        .grants
        .iter()
        .filter(|grant| grant.manifest)
        .map(|grant| match grant.denied_by() {
            None => Entry::Granted {
                plugin: audit.id.clone(),
                sha256: audit.sha256.clone(),
                capability: grant.capability.name().to_owned(),
                used: grant.used,
            },
            Some(layer) => Entry::Denied {
                plugin: audit.id.clone(),
                sha256: audit.sha256.clone(),
                capability: Some(grant.capability.name().to_owned()),
                rule: "not-granted".to_owned(),
                by: authority(layer),
            },
        })
        .collect()
}

/// Keeps the plugins in the run directory, byte for byte, with everything that vouches for them.
pub(crate) fn freeze(plugins: &[PluginFile], dir: &RunDir) -> Result<Vec<FileEntry>> {
    let folder = dir.plugins();
    let mut entries = Vec::new();
    for file in plugins {
        let id = &file.manifest().plugin.id;
        let papers = file.papers();
        write_atomically(&folder.join(format!("{id}.wasm")), file.bytes())?;
        write_atomically(
            &folder.join(format!("{id}.toml")),
            papers.manifest.as_bytes(),
        )?;
        let beside = [
            (format!("{id}.toml.minisig"), &papers.signature),
            ("autods.lock".to_owned(), &papers.lock),
            ("autods.lock.minisig".to_owned(), &papers.lock_signature),
        ];
        for (name, text) in beside {
            if let Some(text) = text {
                write_atomically(&folder.join(name), text.as_bytes())?;
            }
        }
        entries.push(FileEntry {
            name: id.clone(),
            sha256: file.sha256().to_owned(),
            bytes: file.bytes().len() as u64,
        });
    }
    Ok(entries)
}

/// Compiles and links every plugin.
pub(crate) fn admit(
    sandbox: &Sandbox,
    ledger: &Ledger,
    files: Vec<PluginFile>,
) -> Result<BTreeMap<String, Plugin>> {
    let mut plugins = BTreeMap::new();
    for file in files {
        let id = file.manifest().plugin.id.clone();
        let sha256 = file.sha256().to_owned();
        let audit = file.audit();
        let admitted = Entry::PluginAdmitted {
            id: id.clone(),
            sha256: sha256.clone(),
            world: audit.world.to_string(),
            imports: audit.imports.iter().map(|i| i.name.clone()).collect(),
        };
        let grants = grant_entries(audit);
        let plugin = match sandbox.admit(file) {
            Ok(plugin) => plugin,
            Err(refusal) => {
                let refused = Refused {
                    id,
                    sha256,
                    refusal: Box::new(refusal),
                };
                for entry in &grants {
                    write_ledger(ledger, entry)?;
                }
                record_refusal(ledger, &refused)?;
                return Err(refused.into());
            }
        };
        for entry in std::iter::once(&admitted).chain(&grants) {
            write_ledger(ledger, entry)?;
        }
        plugins.insert(id, plugin);
    }
    Ok(plugins)
}
