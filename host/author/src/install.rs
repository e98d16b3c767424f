//! `plugin install` and `plugin remove`: a folder of plugins goes from one whole state to another.
//!
//! A plugin is two or three files and a line in the lock, and a file system replaces one name at a
//! time. So the change is made in a copy of the folder (hard links, nothing is copied), and the
//! copy and the folder change places in one step (`renameat2`, `RENAME_EXCHANGE`). Whoever looks,
//! and whenever the machine dies, there is the old folder or the new one. Where the system cannot
//! do that, files are replaced one by one, the lock last: what lies in between is refused by the
//! digests, not run.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use autods_sandbox::policy::LockRule;
use autods_sandbox::{Audit, Lock, PluginFile, Policy};

use crate::build::write;
use crate::package::{Package, beside};
use crate::{AuthorError, Tell};

/// What was installed.
pub struct Installed {
    /// Its component.
    pub component: PathBuf,
    /// What the host says of it.
    pub audit: Audit,
    /// The version that it took the place of.
    pub replaced: Option<String>,
    /// Whether the policy wants the lock signed, so that it has to be signed again.
    pub lock_to_sign: bool,
}

/// Installs a plugin in a folder and pins it in the folder's lock. The policy has its say first:
/// digest, signature, grants, limits. What would be refused is not installed.
///
/// # Errors
/// [`AuthorError::Refused`] where the policy refuses it; the folder is as it was.
pub fn install(
    package: &Package,
    into: &Path,
    policy: &Policy,
    tell: &dyn Tell,
) -> Result<Installed, AuthorError> {
    fs::create_dir_all(into).map_err(AuthorError::io(into))?;
    let mut audit = None;
    let mut replaced = None;
    change(into, tell, |folder| {
        let component = folder.join(format!("{}.wasm", package.id));
        let manifest = component.with_extension("toml");
        let mut lock = read_lock(folder)?;
        // Looked at where nobody else writes, then moved.
        let staged = Staged::new(folder, package)?;
        let file = PluginFile::read_to_pin(&staged.component, policy).map_err(|refusal| {
            AuthorError::Refused {
                file: into.join(format!("{}.wasm", package.id)),
                refusal: Box::new(refusal),
            }
        })?;
        if file.bytes() != package.component {
            return Err(AuthorError::file(
                &staged.component,
                "was exchanged while it was looked at",
            ));
        }
        replaced = lock.get(&package.id).map(|pinned| pinned.version.clone());
        lock.pin(file.audit());
        audit = Some(file.audit().clone());
        drop(staged);
        write(&component, &package.component)?;
        write(&manifest, &package.manifest)?;
        let signature = beside(&manifest);
        match &package.signature {
            Some(bytes) => write(&signature, bytes)?,
            // a former signature is not one of this manifest
            None => remove_file(&signature).map(drop)?,
        }
        lock.write(folder)
            .map_err(AuthorError::io(&folder.join(Lock::FILE)))
    })?;
    let audit = audit.ok_or_else(|| AuthorError::file(into, "was not changed"))?;
    Ok(Installed {
        component: into.join(format!("{}.wasm", package.id)),
        audit,
        replaced,
        lock_to_sign: policy.plugins.lock == LockRule::Signed,
    })
}

/// Removes a plugin from a folder and from its lock.
///
/// # Errors
/// Where there is none of that id.
pub fn remove(id: &str, from: &Path, tell: &dyn Tell) -> Result<(), AuthorError> {
    let component = from.join(format!("{id}.wasm"));
    let lock = read_lock(from)?;
    let named = id
        .split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !named || (fs::symlink_metadata(&component).is_err() && lock.get(id).is_none()) {
        return Err(AuthorError::file(
            from,
            format!("holds no plugin `{}`", id.escape_default()),
        ));
    }
    change(from, tell, |folder| {
        let mut lock = read_lock(folder)?;
        let component = folder.join(format!("{id}.wasm"));
        let manifest = component.with_extension("toml");
        // the lock first: what is not pinned is not run
        if lock.unpin(id) {
            lock.write(folder)
                .map_err(AuthorError::io(&folder.join(Lock::FILE)))?;
        }
        for file in [&component, &beside(&manifest), &manifest] {
            remove_file(file)?;
        }
        Ok(())
    })
}

fn read_lock(folder: &Path) -> Result<Lock, AuthorError> {
    Lock::of_folder(folder).map_err(|error| {
        AuthorError::file(
            &folder.join(Lock::FILE),
            format!("cannot be used ({error}); look at every plugin's audit, then make it anew with `autods-host plugin lock`"),
        )
    })
}

fn remove_file(path: &Path) -> Result<bool, AuthorError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(AuthorError::io(path)(error)),
    }
}

/// A plugin in a folder of its own, gone when dropped.
struct Staged {
    folder: PathBuf,
    component: PathBuf,
}

impl Staged {
    fn new(beside_of: &Path, package: &Package) -> Result<Self, AuthorError> {
        let folder = beside_of.join(format!(".{}.{}.look", package.id, std::process::id()));
        let component = folder.join(format!("{}.wasm", package.id));
        fs::create_dir(&folder).map_err(AuthorError::io(&folder))?;
        let staged = Self { folder, component };
        let manifest = staged.component.with_extension("toml");
        write(&staged.component, &package.component)?;
        write(&manifest, &package.manifest)?;
        if let Some(signature) = &package.signature {
            write(&beside(&manifest), signature)?;
        }
        Ok(staged)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Makes a change to a folder as a whole, or not at all.
fn change(
    folder: &Path,
    tell: &dyn Tell,
    make: impl FnOnce(&Path) -> Result<(), AuthorError>,
) -> Result<(), AuthorError> {
    // held until this returns: who changes the folder at the same time would take this change back
    let _turn = turn(folder, tell)?;
    let Some(copy) = Copy::of(folder) else {
        tell.tell("this folder cannot be exchanged as a whole; replacing files one by one");
        return make(folder);
    };
    make(&copy.place)?;
    sync(&copy.place)?;
    if exchange(&copy.place, folder).is_err() {
        return Err(AuthorError::file(
            folder,
            "could not be exchanged for its new state; nothing was changed",
        ));
    }
    // a crash after this line leaves a folder that nobody reads
    copy.place.parent().map_or(Ok(()), sync)
}

/// The right to change a folder: a lock on the one that it lies in, which is never exchanged.
fn turn(folder: &Path, tell: &dyn Tell) -> Result<File, AuthorError> {
    let whole = folder.canonicalize().map_err(AuthorError::io(folder))?;
    let parent = whole.parent().unwrap_or(&whole);
    let lock = File::open(parent).map_err(AuthorError::io(parent))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => {
            tell.tell("somebody else is changing this folder; waiting");
            lock.lock().map_err(AuthorError::io(parent))?;
            Ok(lock)
        }
        Err(fs::TryLockError::Error(error)) => Err(AuthorError::io(parent)(error)),
    }
}

/// A copy of a folder beside it, gone when dropped.
struct Copy {
    place: PathBuf,
}

impl Copy {
    /// `None` where the folder holds what cannot be linked, or cannot change places.
    fn of(folder: &Path) -> Option<Self> {
        let name = folder
            .canonicalize()
            .ok()?
            .file_name()?
            .to_string_lossy()
            .into_owned();
        // through a link the link would change places, not the folder
        if fs::symlink_metadata(folder).ok()?.is_symlink() {
            return None;
        }
        let parent = folder.canonicalize().ok()?.parent()?.to_owned();
        let copy = Self {
            place: parent.join(format!(".{name}.{}.new", std::process::id())),
        };
        forget_the_dead(&parent, &name);
        fs::create_dir(&copy.place).ok()?;
        fs::set_permissions(&copy.place, fs::metadata(folder).ok()?.permissions()).ok()?;
        for entry in fs::read_dir(folder).ok()? {
            let entry = entry.ok()?;
            let to = copy.place.join(entry.file_name());
            if !entry.file_type().ok()?.is_file() {
                return None;
            }
            fs::hard_link(entry.path(), &to)
                .or_else(|_| fs::copy(entry.path(), &to).map(drop))
                .ok()?;
        }
        // what cannot change places there and back is not begun
        let probe = copy.place.join(".probe");
        fs::create_dir(&probe).ok()?;
        let other = copy.place.join(".other");
        fs::create_dir(&other).ok()?;
        exchange(&probe, &other).ok()?;
        fs::remove_dir(&probe).ok()?;
        fs::remove_dir(&other).ok()?;
        Some(copy)
    }
}

/// Removes copies whose maker was killed; one that is still at work keeps its own.
fn forget_the_dead(parent: &Path, name: &str) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.filter_map(Result::ok) {
        let found = entry.file_name().to_string_lossy().into_owned();
        let maker = found
            .strip_prefix(&format!(".{name}."))
            .and_then(|rest| rest.strip_suffix(".new"))
            .and_then(|maker| maker.parse::<u32>().ok());
        let Some(maker) = maker else { continue };
        let process = Path::new("/proc").join(maker.to_string());
        if maker == std::process::id() || (Path::new("/proc/self").exists() && !process.exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.place);
    }
}

/// Lets two folders change places in one step.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn exchange(one: &Path, other: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn exchange(_one: &Path, _other: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Puts a folder's names on the disk.
fn sync(folder: &Path) -> Result<(), AuthorError> {
    File::open(folder)
        .and_then(|file| file.sync_all())
        .map_err(AuthorError::io(folder))
}
