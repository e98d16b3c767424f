//! A core module as a component.

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
