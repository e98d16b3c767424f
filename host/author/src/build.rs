//! `plugin build`: toolchain, component, digest, audit.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use autods_sandbox::{Audit, PluginFile, Policy};
use sha2::{Digest as _, Sha256};

use crate::{AuthorError, Project, Tell};

/// What a build made.
pub struct Built {
    /// The component.
    pub component: PathBuf,
    /// The manifest beside it, with the component's digest.
    pub manifest: PathBuf,
    /// What the host will say of it.
    pub audit: Audit,
}

/// Runs the toolchain, makes the component and writes `dist/<id>.wasm` and `dist/<id>.toml`: the
/// author's manifest, word for word, and the component's digest behind it.
///
/// # Errors
/// Where the toolchain or the manifest fails. A component that would be refused is built all the
/// same; [`Built::audit`] says why it would be.
pub fn build(project: &Project, policy: &Policy, tell: &dyn Tell) -> Result<Built, AuthorError> {
    let tools = project.language().toolchain(project.folder(), tell)?;
    let names: Vec<String> = tools
        .iter()
        .map(|tool| format!("{} {}", tool.name, tool.version))
        .collect();
    tell.tell(&format!(
        "building {} with {}",
        project.id(),
        names.join(", ")
    ));
    let bytes = project.language().component(project, tell)?;
    let dist = project.dist();
    fs::create_dir_all(&dist).map_err(AuthorError::io(&dist))?;
    let component = project.component();
    let manifest = component.with_extension("toml");
    write(&component, &bytes)?;
    write(&manifest, with_digest(project, &bytes)?.as_bytes())?;
    let file = PluginFile::read(&component, policy).map_err(|refusal| AuthorError::Refused {
        file: component.clone(),
        refusal: Box::new(refusal),
    })?;
    Ok(Built {
        component,
        manifest,
        audit: file.audit().clone(),
    })
}

fn with_digest(project: &Project, component: &[u8]) -> Result<String, AuthorError> {
    let text = project.manifest_text();
    let own = text
        .lines()
        .position(|line| line.trim_start().starts_with("[component]"));
    if let Some(line) = own {
        return Err(AuthorError::File {
            file: project.folder().join("plugin.toml"),
            line: Some(line + 1),
            what: "[component] is written by `plugin build` into dist/; remove it here".into(),
        });
    }
    Ok(naming(text, component))
}

/// A manifest that names no component yet, naming this one.
fn naming(manifest: &str, component: &[u8]) -> String {
    let digest = hex(&Sha256::digest(component));
    format!(
        "{}\n# Written by `autods-host`: the component that this manifest belongs to.\n[component]\nsha256 = \"{digest}\"\n",
        manifest.trim_end()
    )
}

/// Writes into a manifest that names no component yet that it is this one; gives its new text.
///
/// # Errors
/// [`AuthorError::Io`].
pub fn name_component(
    path: &Path,
    manifest: &str,
    component: &[u8],
) -> Result<String, AuthorError> {
    let named = naming(manifest, component);
    write(path, named.as_bytes())?;
    Ok(named)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a file so that a reader sees the old one or the new one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), AuthorError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let partial = path.with_file_name(name);
    let written = fs::File::create(&partial)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&partial, path));
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written.map_err(AuthorError::io(path))
}
