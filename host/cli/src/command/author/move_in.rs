//! `plugin pack|install|remove`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use autods_author::{Package, Project, oci};
use autods_run::plugins_dir;
use autods_sandbox::Policy;

use super::arguments::{Install, Pack};
use super::{Screen, named};
use crate::exit::Failure;
use crate::screen::say;

pub(super) fn pack(pack: &Pack) -> Result<ExitCode, Failure> {
    // what travels is checked where it arrives
    let policy = Policy::default();
    let mut package = Package::read(&pack.plugin, &policy)?;
    if pack.plugin.join("plugin.toml").is_file() {
        let project = Project::open(&pack.plugin)?;
        package = package.with_words_of(project.folder())?;
    }
    let version = version_of(&package)?;
    if let Some(folder) = &pack.oci {
        oci::write_layout(&package, &version, folder)?;
        say(format!(
            "made {}: one artifact, {}; an OCI tool can push it, for example\n  oras cp --from-oci-layout {}:{version} REGISTRY/NAME:{version}",
            folder.display(),
            package.id,
            folder.display()
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let name = format!("{}-{version}.tar.gz", package.id);
    let out = pack.out.clone().unwrap_or_else(|| PathBuf::from(name));
    let bytes = package.to_tar();
    std::fs::write(&out, &bytes)
        .map_err(|error| Failure::new(8, format!("{}: {error}", out.display())))?;
    let signed = if package.signature.is_some() {
        "signed"
    } else {
        "not signed"
    };
    say(format!(
        "made {} ({} bytes, {signed})",
        out.display(),
        bytes.len()
    ));
    Ok(ExitCode::SUCCESS)
}

fn version_of(package: &Package) -> Result<String, Failure> {
    let version = package.version();
    let plain = version
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if plain && !version.is_empty() && !version.starts_with(['-', '.']) {
        return Ok(version.to_owned());
    }
    Err(Failure::new(
        5,
        "`plugin.version` becomes part of a file's name: letters, digits, - _ and . only",
    ))
}

pub(super) fn install(install: &Install) -> Result<ExitCode, Failure> {
    let policy = named(install.policy.as_deref())?;
    let into = install.into.clone().unwrap_or_else(plugins_dir);
    let from = install.plugin.as_str();
    let package = if from.starts_with("oci://") {
        let options = oci::RegistryOptions {
            plain_http: install.plain_http,
            netrc: install.netrc_file.clone(),
        };
        oci::read_registry(from, &options, &policy, &Screen)?
    } else if let Some(layout) = from.strip_prefix("oci-layout:") {
        oci::read_layout(layout, &policy)?
    } else {
        Package::read(Path::new(from), &policy)?
    };
    let installed = autods_author::install(&package, &into, &policy, &Screen)?;
    if install.json {
        say(serde_json::to_string_pretty(&serde_json::json!({
            "component": installed.component,
            "replaced": installed.replaced,
            "audit": installed.audit,
        }))?);
        return Ok(ExitCode::SUCCESS);
    }
    say(installed.audit.to_string());
    let replaced = installed
        .replaced
        .map_or_else(String::new, |version| format!(", in place of {version}"));
    say(format!(
        "installed {} {} in {}{replaced}, and pinned it in autods.lock",
        installed.audit.id,
        installed.audit.version,
        into.display()
    ));
    if installed.lock_to_sign {
        say(format!(
            "the policy wants the lock signed: `autods-host plugin lock --plugins {} --key KEY`",
            into.display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn remove(id: &str, from: Option<&Path>) -> Result<ExitCode, Failure> {
    let from = from.map_or_else(plugins_dir, Path::to_owned);
    autods_author::remove(id, &from, &Screen)?;
    say(format!("removed {id} from {}", from.display()));
    Ok(ExitCode::SUCCESS)
}
