//! `autods.lock`: the plugins of a folder as they were when somebody looked at them.
//!
//! Digests, not versions: what is pinned is the bytes. The limits are pinned too, so that a policy
//! that later becomes more generous gives a plugin more only when it is locked again.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::audit::Audit;
use crate::digest;
use crate::keys::{self, FileError, Keys};
use crate::policy::{LIMIT_KEYS, Limits};
use crate::world::World;

/// The lock of a plugin folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    plugins: BTreeMap<String, Pinned>,
}

/// One plugin as it was pinned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pinned {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its world.
    pub world: World,
    /// SHA-256 of the component.
    pub component: String,
    /// SHA-256 of the manifest's file.
    pub manifest: String,
    /// SHA-256 of the interface: imports and exports with all their types, as WIT.
    pub interface: String,
    /// Id of the key that signed it, if any did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// The limits of its calls when it was pinned: it never gets more.
    pub limits: Limits,
}

/// What became of an entry between two locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'l> {
    /// It is there now.
    New(&'l Pinned),
    /// It pins something else: before, now.
    Other(&'l Pinned, &'l Pinned),
    /// It is there no more.
    Gone(&'l Pinned),
}

impl Change<'_> {
    /// The id of the plugin.
    pub fn id(&self) -> &str {
        let (Self::New(pinned) | Self::Other(_, pinned) | Self::Gone(pinned)) = self;
        &pinned.id
    }
}

/// A lock's text and the signature that stands beside it, neither checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedText {
    /// The lock.
    pub lock: String,
    /// The signature.
    pub signature: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    checksum: String,
    #[serde(default, rename = "plugin")]
    plugins: Vec<Pinned>,
}

const LEAF: Keys = Keys::Leaf;
const KEYS: Keys = Keys::Table(&[
    ("version", LEAF),
    ("checksum", LEAF),
    (
        "plugin",
        Keys::List(&Keys::Table(&[
            ("id", LEAF),
            ("version", LEAF),
            ("world", LEAF),
            ("component", LEAF),
            ("manifest", LEAF),
            ("interface", LEAF),
            ("signer", LEAF),
            ("limits", LIMIT_KEYS),
        ])),
    ),
]);
const HEAD: &str = "\
# The plugins that may run from this folder, as they were when somebody looked at them. Written by
# `autods-host plugin install` and `autods-host plugin lock`; an edit by hand is refused.
";
/// The last lock that was signed, once the folder has changed.
const ASIDE: &str = "autods.lock.signed";
/// Version of the file's form.
const VERSION: u32 = 1;

impl Lock {
    /// Name of the file.
    pub const FILE: &'static str = "autods.lock";

    /// Parses a lock; `file` is its name in errors.
    ///
    /// # Errors
    /// Where it is not TOML, has unknown keys, is of another version, names a plugin twice, or
    /// its checksum is not that of its entries.
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        let read: File = keys::read(file, text, &KEYS)?;
        let invalid = |key: &str, what: &str| FileError::Invalid {
            file: file.to_owned(),
            key: key.to_owned(),
            what: what.to_owned(),
        };
        if read.version != VERSION {
            return Err(invalid("version", "is not 1, the only one this host reads"));
        }
        if checksum(&read.plugins) != read.checksum {
            return Err(invalid(
                "checksum",
                "is not that of the entries: the file was edited",
            ));
        }
        let count = read.plugins.len();
        let plugins: BTreeMap<String, Pinned> = read
            .plugins
            .into_iter()
            .map(|pinned| (pinned.id.clone(), pinned))
            .collect();
        if plugins.len() != count {
            return Err(invalid("plugin", "has an id twice"));
        }
        Ok(Self { plugins })
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let plugins: Vec<Pinned> = self.plugins.values().cloned().collect();
        let file = File {
            version: VERSION,
            checksum: checksum(&plugins),
            plugins,
        };
        format!("{HEAD}{}", toml::to_string(&file).unwrap_or_default())
    }

    /// The lock of a plugin folder; an empty one where there is no file.
    ///
    /// # Errors
    /// As [`Lock::parse`], and where it cannot be read.
    pub fn of_folder(folder: &Path) -> Result<Self, FileError> {
        let path = folder.join(Self::FILE);
        match keys::read_text(&path, 1 << 22) {
            Ok(text) => Self::parse(&path.display().to_string(), &text),
            Err(FileError::Io {
                kind: std::io::ErrorKind::NotFound,
                ..
            }) => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// The lock of a plugin folder as it was last signed, and what signed it: that of the folder
    /// itself, or the one put aside when the folder changed. `None` where neither is there.
    ///
    /// # Errors
    /// Where a file is there and cannot be read.
    pub fn last_signed(folder: &Path) -> Result<Option<SignedText>, FileError> {
        for name in [Self::FILE, ASIDE] {
            let read = |path: &Path| match keys::read_text(path, 1 << 22) {
                Ok(text) => Ok(Some(text)),
                Err(FileError::Io {
                    kind: std::io::ErrorKind::NotFound,
                    ..
                }) => Ok(None),
                Err(error) => Err(error),
            };
            let lock = read(&folder.join(name))?;
            let signature = read(&folder.join(format!("{name}.minisig")))?;
            if let (Some(lock), Some(signature)) = (lock, signature) {
                return Ok(Some(SignedText { lock, signature }));
            }
        }
        Ok(None)
    }

    /// What differs from an earlier lock, by id.
    pub fn changes_since<'l>(&'l self, earlier: &'l Self) -> Vec<Change<'l>> {
        let mut changes: Vec<Change<'l>> = self
            .iter()
            .filter_map(|now| match earlier.get(&now.id) {
                None => Some(Change::New(now)),
                Some(before) if before != now => Some(Change::Other(before, now)),
                Some(_) => None,
            })
            .chain(
                earlier
                    .iter()
                    .filter(|before| self.get(&before.id).is_none())
                    .map(Change::Gone),
            )
            .collect();
        changes.sort_by(|a, b| a.id().cmp(b.id()));
        changes
    }

    /// Writes the lock of a plugin folder, whole or not at all. A former lock that was signed is
    /// put aside with its signature, which is not one of this: whoever signs next is shown what
    /// differs.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        put_aside(folder)?;
        let part = folder.join(format!(".{}.part", Self::FILE));
        let written = std::fs::File::create(&part).and_then(|mut file| {
            file.write_all(self.to_text().as_bytes())?;
            file.sync_all()
        });
        written
            .and_then(|()| std::fs::rename(&part, folder.join(Self::FILE)))
            .inspect_err(|_| {
                // What could not be written is of no use to anybody.
                let _ = std::fs::remove_file(&part);
            })
    }

    /// Pins a plugin as its audit found it, in place of what was pinned under that id.
    pub fn pin(&mut self, audit: &Audit) {
        let pinned = Pinned {
            id: audit.id.clone(),
            version: audit.version.clone(),
            world: audit.world,
            component: audit.sha256.clone(),
            manifest: audit.manifest_sha256.clone(),
            interface: audit.interface.clone(),
            signer: audit.signature.key().map(str::to_owned),
            limits: audit.asked_limits.clone(),
        };
        self.plugins.insert(audit.id.clone(), pinned);
    }

    /// Forgets a plugin; whether it was there.
    pub fn unpin(&mut self, id: &str) -> bool {
        self.plugins.remove(id).is_some()
    }

    /// What is pinned under an id.
    pub fn get(&self, id: &str) -> Option<&Pinned> {
        self.plugins.get(id)
    }

    /// Everything pinned, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Pinned> {
        self.plugins.values()
    }
}

/// Keeps the folder's lock under another name if there is a signature beside it, and the signature.
fn put_aside(folder: &Path) -> std::io::Result<()> {
    let former = folder.join(Lock::FILE);
    let signature = folder.join(format!("{}.minisig", Lock::FILE));
    if std::fs::symlink_metadata(&signature).is_err() {
        return Ok(());
    }
    let part = folder.join(format!(".{ASIDE}.part"));
    match std::fs::copy(&former, &part) {
        Ok(_) => {
            std::fs::rename(&part, folder.join(ASIDE))?;
            std::fs::rename(&signature, folder.join(format!("{ASIDE}.minisig")))
        }
        // a signature of nothing
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            std::fs::remove_file(&signature)
        }
        Err(error) => Err(error),
    }
}

/// The same lock with the checksum that its entries have; `None` where there are no entries to be
/// read. A checksum is no secret: whoever edits a lock can do the same.
#[cfg(feature = "fuzzing")]
pub(crate) fn sealed(text: &str) -> Option<String> {
    let mut file: File = toml::from_str(text).ok()?;
    file.checksum = checksum(&file.plugins);
    toml::to_string(&file).ok()
}

/// Over what the entries say, not over how they are laid out.
fn checksum(plugins: &[Pinned]) -> String {
    digest::sha256(&serde_json::to_vec(plugins).unwrap_or_default())
}
