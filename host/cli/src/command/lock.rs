//! `plugin lock`: what a folder holds is pinned, and perhaps signed.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use autods_run::plugins_dir;
use autods_sandbox::{Change, Lock, PluginFile, Policy, SignedText, lock_is_signed};
use autods_signature::{SecretKey, Signature, sign, verify, write_signature};

use super::{
    key::{refused, secret, with_suffix},
    plugin::found,
    policy::named,
};
use crate::{exit::Failure, screen::say};

pub(super) fn lock(
    ids: &[String],
    folder: Option<&Path>,
    policy: Option<&Path>,
    key: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let policy = named(policy)?;
    let folder = folder.map_or_else(plugins_dir, Path::to_owned);
    let wrong = |e: &dyn std::fmt::Display| Failure::new(5, format!("{}: {e}", folder.display()));
    let key = key.map(secret).transpose()?;
    let (mut lock, components) = if ids.is_empty() {
        (Lock::default(), found(Some(&folder))?)
    } else {
        let lock = Lock::of_folder(&folder).map_err(|e| wrong(&e))?;
        let components: Vec<PathBuf> = ids
            .iter()
            .map(|id| folder.join(format!("{id}.wasm")))
            .collect();
        (lock, components)
    };
    // All or nothing: a plugin that would be refused stops it before anything is written.
    for component in &components {
        let file = PluginFile::read_to_pin(component, &policy)
            .map_err(|e| refused(format!("{} is not pinned: {e}", component.display())))?;
        lock.pin(file.audit());
    }
    if let Some(key) = &key {
        before_signing(&folder, &lock, ids, &policy, key)?;
    }
    lock.write(&folder)
        .map_err(|e| Failure::new(8, format!("{}: {e}", folder.join(Lock::FILE).display())))?;
    let place = folder.join(Lock::FILE);
    say(format!(
        "pinned {} plugin{}: {}",
        components.len(),
        if components.len() == 1 { "" } else { "s" },
        place.display()
    ));
    if let Some(key) = key {
        let text = sign(&key, lock.to_text().as_bytes(), Lock::FILE).map_err(refused)?;
        let signature = with_suffix(&place, ".minisig");
        write_signature(&signature, &text)
            .map_err(|e| Failure::new(8, format!("{}: {e}", signature.display())))?;
        say(format!("signed with key {}", key.id()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what differs from the last lock that was signed. A signature is over the whole folder: of
/// whoever names some plugins it is not taken for the others.
fn before_signing(
    folder: &Path,
    lock: &Lock,
    ids: &[String],
    policy: &Policy,
    key: &SecretKey,
) -> Result<(), Failure> {
    let wrong = |e: &dyn std::fmt::Display| Failure::new(5, format!("{}: {e}", folder.display()));
    let signed = Lock::last_signed(folder).map_err(|e| wrong(&e))?;
    let earlier = match signed {
        None => Err("no lock of this folder was signed before".to_owned()),
        Some(text) => trusted(&text, policy, key)
            .map_err(|e| format!("the signature of the last lock does not count ({e})")),
    };
    let (earlier, since) = match earlier {
        Ok(earlier) => (earlier, "since the lock was last signed"),
        Err(why) => {
            say(format!("{why}: all that is pinned is new"));
            (Lock::default(), "that nobody signed for")
        }
    };
    let changes = lock.changes_since(&earlier);
    for change in &changes {
        say(told(change));
    }
    let others: Vec<&str> = changes
        .iter()
        .map(Change::id)
        .filter(|id| !ids.is_empty() && !ids.iter().any(|named| named == id))
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    Err(refused(format!(
        "not signed: the lock has changes {since} that were not named: {}. Look at them (`autods-host audit {}/ID.wasm`); then name them too, or sign for the whole folder: `autods-host plugin lock --plugins {} --key KEY`",
        others.join(", "),
        folder.display(),
        folder.display(),
    )))
}

/// The lock, if the policy's signers or this very key signed it.
fn trusted(text: &SignedText, policy: &Policy, key: &SecretKey) -> Result<Lock, String> {
    let own = Signature::parse(&text.signature)
        .and_then(|signature| verify(text.lock.as_bytes(), &signature, &key.public()));
    if own.is_err() {
        lock_is_signed(&text.lock, Some(&text.signature), policy).map_err(|e| e.to_string())?;
    }
    Lock::parse(Lock::FILE, &text.lock).map_err(|e| e.to_string())
}

/// One line of what a signature will stand for.
fn told(change: &Change<'_>) -> String {
    let short = |digest: &str| digest.chars().take(12).collect::<String>();
    match change {
        Change::New(now) => format!(
            "  new      {} {} (component {})",
            now.id,
            now.version,
            short(&now.component)
        ),
        Change::Other(before, now) => format!(
            "  changed  {} {} (component {}), was {} ({})",
            now.id,
            now.version,
            short(&now.component),
            before.version,
            short(&before.component)
        ),
        Change::Gone(before) => format!("  gone     {} {}", before.id, before.version),
    }
}
