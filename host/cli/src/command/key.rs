//! `key new`, `plugin sign|verify`: who answers for a plugin.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use autods_sandbox::{Manifest, Papers, PluginFile, Policy, Profile, Refusal, Seal};
use autods_signature::{PublicKey, SecretKey, Signature, sign as sign_bytes, write_signature};

use super::policy::named;
use crate::{
    arguments::{Key, KeyCommand},
    exit::Failure,
    screen::say,
};

/// Where the password of an encrypted key is looked for; a prompt would not do for a server.
const PASSWORD: &str = "AUTODS_KEY_PASSWORD";

pub(crate) fn key(arguments: &Key) -> Result<ExitCode, Failure> {
    match &arguments.command {
        KeyCommand::New { name } => new(name),
    }
}

pub(super) fn refused(e: impl std::fmt::Display) -> Failure {
    Failure::new(5, e.to_string())
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(suffix);
    PathBuf::from(name)
}

fn password() -> Result<Option<String>, Failure> {
    match std::env::var(PASSWORD) {
        Ok(password) => Ok(Some(password)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(_) => Err(Failure::new(2, format!("${PASSWORD} is not UTF-8"))),
    }
}

pub(super) fn secret(path: &Path) -> Result<SecretKey, Failure> {
    SecretKey::read(path, password()?.as_deref())
        .map_err(|e| Failure::new(8, format!("{}: {e}", path.display())))
}

fn new(name: &Path) -> Result<ExitCode, Failure> {
    let (secret, public) = (with_suffix(name, ".key"), with_suffix(name, ".pub"));
    let failed = |path: &Path, e: &dyn std::fmt::Display| {
        Failure::new(8, format!("{}: {e}", path.display()))
    };
    if fs::symlink_metadata(&public).is_ok() {
        return Err(failed(&public, &"exists already; choose another name"));
    }
    let key = SecretKey::generate().map_err(|e| Failure::new(1, e.to_string()))?;
    let password = password()?;
    key.write(&secret, password.as_deref())
        .map_err(|e| failed(&secret, &e))?;
    key.public()
        .write(&public)
        .map_err(|e| failed(&public, &e))?;
    say(format!("secret key: {} (mode 0600)", secret.display()));
    if password.is_none() {
        say(format!(
            "            not encrypted: set ${PASSWORD} to have it so"
        ));
    }
    say(format!("public key: {}", public.display()));
    say(format!("id:         {}", key.id()));
    let line = key.public().to_file();
    let line = line.lines().last().unwrap_or_default();
    say(format!(
        "\nTo trust it, a site adds to its policy.toml:\n\n[[signers]]\nname = \"...\"\nkey = \"{line}\""
    ));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn sign(component: &Path, key: &Path) -> Result<ExitCode, Failure> {
    // Everything but trust in its signer must be right: what would be refused is not signed.
    let policy = Policy::of(Profile::Development);
    let file = PluginFile::read_to_pin(component, &policy)
        .map_err(|e| refused(format!("{}: {e}", component.display())))?;
    let key = secret(key)?;
    let identity = &file.manifest().plugin;
    let comment = format!("{} {} ({})", identity.id, identity.version, identity.world);
    let manifest = Manifest::place(component);
    // A signature of a manifest that names no component would hold for any.
    let mut signed = file.papers().manifest.clone();
    if file.manifest().component.sha256.is_none() {
        signed = autods_author::name_component(&manifest, &signed, file.bytes())?;
        say(format!(
            "{} now names its component: {}",
            manifest.display(),
            file.sha256()
        ));
    }
    let text = sign_bytes(&key, signed.as_bytes(), &comment).map_err(refused)?;
    let place = with_suffix(&manifest, ".minisig");
    // A former signature is not one of this manifest.
    match fs::remove_file(&place) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            return Err(Failure::new(8, format!("{}: {e}", place.display())));
        }
        _ => {}
    }
    write_signature(&place, &text)
        .map_err(|e| Failure::new(8, format!("{}: {e}", place.display())))?;
    say(format!(
        "signed {comment} with key {}: {}",
        key.id(),
        place.display()
    ));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn verify(
    component: &Path,
    public: Option<&Path>,
    policy: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let Some(public) = public else {
        let file = PluginFile::read_to_pin(component, &named(policy)?)
            .map_err(|e| refused(format!("{}: {e}", component.display())))?;
        return match &file.audit().signature {
            Seal::Signed { signer, key } => {
                say(format!(
                    "{}: signed by {signer} (key {key})",
                    file.audit().id
                ));
                Ok(ExitCode::SUCCESS)
            }
            Seal::NotTrusted { key } => Err(refused(format!(
                "{}: signed with key {}, which is not among `signers` of the policy",
                file.audit().id,
                key.as_deref().unwrap_or("unknown")
            ))),
            Seal::Unsigned => Err(refused(format!("{}: not signed", file.audit().id))),
        };
    };
    let key = PublicKey::read(public)
        .map_err(|e| Failure::new(8, format!("{}: {e}", public.display())))?;
    // Nobody is trusted but this key, for this once.
    let policy = Policy::of(Profile::Development);
    let file = PluginFile::read_to_pin(component, &policy)
        .map_err(|e| refused(format!("{}: {e}", component.display())))?;
    let papers: &Papers = file.papers();
    let text = papers
        .signature
        .as_deref()
        .ok_or_else(|| refused(format!("{}: not signed", file.audit().id)))?;
    let signature = Signature::parse(text).map_err(refused)?;
    autods_signature::verify(papers.manifest.as_bytes(), &signature, &key).map_err(refused)?;
    if file.manifest().component.sha256.is_none() {
        return Err(refused(Refusal::SignedWithoutDigest));
    }
    say(format!(
        "{}: signed with key {} ({})",
        file.audit().id,
        key.id(),
        signature.trusted_comment()
    ));
    Ok(ExitCode::SUCCESS)
}
