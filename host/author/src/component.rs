//! A core module as a component.

use std::path::{Path, PathBuf};

use autods_sandbox::{CONTRACT, World};
use wit_component::ComponentEncoder;

use crate::AuthorError;

/// Makes a component of a core module that carries the type of its world (as wit-bindgen of any
/// language leaves it in a custom section). Nothing is added: what the module imports is what the
/// component imports, and the audit says whether its world may.
///
/// # Errors
/// [`AuthorError::Component`] where the module has no such section, or does not keep to it.
pub(crate) fn encode(module: &[u8]) -> Result<Vec<u8>, AuthorError> {
    ComponentEncoder::default()
        .module(module)
        .and_then(|encoder| encoder.validate(true).encode())
        .map_err(|error| {
            AuthorError::Component(format!(
                "the module cannot be made a component: {error:#}. A loader, method or agent imports \
                 nothing but autods:plugin/*; an import of another module is named here"
            ))
        })
}

/// A place for what a toolchain makes on the way, in a folder of the plugin that no version control
/// keeps.
///
/// # Errors
/// Where the folder cannot be made.
pub(crate) fn scratch(folder: &Path, name: &str) -> Result<PathBuf, AuthorError> {
    let build = folder.join("build");
    std::fs::create_dir_all(&build).map_err(AuthorError::io(&build))?;
    let build = build.canonicalize().map_err(AuthorError::io(&build))?;
    Ok(build.join(name))
}

/// A component that a toolchain made, with the export of its world and no other.
///
/// # Errors
/// Where it cannot be read, or is no component.
pub(crate) fn sealed(made: &Path, world: World) -> Result<Vec<u8>, AuthorError> {
    let bytes = std::fs::read(made).map_err(AuthorError::io(made))?;
    let export = format!("autods:plugin/{}@{CONTRACT}", world.export());
    crate::seal::seal(&bytes, &export)
}
