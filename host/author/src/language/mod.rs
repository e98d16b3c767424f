//! Languages that a plugin can be written in.
//!
//! To add one: a file here with a type that implements [`Language`], an entry in [`LANGUAGES`],
//! and templates in `templates/<name>/<world>/`. Files in `templates/<name>/_common/` are written
//! for every world. In paths and in text files `{{id}}`, `{{snake}}`, `{{world}}`, `{{contract}}`,
//! `{{host}}` and `{{sdk}}` are replaced; a file named `_gitignore` becomes `.gitignore`.

mod c;
mod javascript;
mod python;
mod rust;
mod rust_native;
mod tool;

use std::path::Path;

use crate::{AuthorError, Native, NativeCase, Project, Tell};

/// A language that a plugin can be written in.
pub trait Language: Sync {
    /// Its name: for `--lang`, and of its folder in `templates/`.
    fn name(&self) -> &'static str;

    /// A file in a plugin's folder by which the language is known, such as `Cargo.toml`. No two
    /// languages have the same.
    fn marker(&self) -> &'static str;

    /// What a new folder gets besides the template.
    fn vendored(&self) -> Vendored;

    /// What a build needs on this machine, in a sentence for `--help` and README.
    fn needs(&self) -> &'static str;

    /// The programs that a build of this folder uses, with their versions.
    ///
    /// # Errors
    /// [`AuthorError::Tool`] for the first that is missing, with how to get it.
    fn toolchain(&self, folder: &Path, tell: &dyn Tell) -> Result<Vec<Tool>, AuthorError>;

    /// Compiles the plugin and gives the bytes of a component. The toolchain writes its messages to
    /// the terminal as they are.
    ///
    /// # Errors
    /// [`AuthorError::Toolchain`] where it fails, [`AuthorError::Component`] where what it made
    /// cannot be a component.
    fn component(&self, project: &Project, tell: &dyn Tell) -> Result<Vec<u8>, AuthorError>;

    /// Runs the tests that the author wrote in the language itself; `None` where the folder has
    /// none.
    ///
    /// # Errors
    /// [`AuthorError::Tool`] where they cannot be started. Tests that fail are `Some(false)`.
    fn native_tests(&self, project: &Project, tell: &dyn Tell)
    -> Result<Option<bool>, AuthorError>;

    /// Does cases natively, compiled as the component is. Without it, `plugin bench` says that they
    /// are not measured.
    ///
    /// # Errors
    /// Where files cannot be written or read. A program that cannot be built or run is none.
    fn native_times(
        &self,
        _project: &Project,
        _cases: &[NativeCase],
        _repeat: u32,
        _tell: &dyn Tell,
    ) -> Result<Native, AuthorError> {
        Ok(Native::NotMeasured(format!(
            "not measured for {}",
            self.name()
        )))
    }
}

/// What a new folder gets besides its template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendored {
    /// `vendor/autods-sdk`, `vendor/wit` and a `Cargo.lock`.
    RustSdk,
    /// `wit/`.
    Contract,
}

/// A program that a build uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it says its version is.
    pub version: String,
}

/// All of them; the first is the default.
pub static LANGUAGES: &[&dyn Language] =
    &[&rust::Rust, &python::Python, &javascript::JavaScript, &c::C];

/// The language of that name.
///
/// # Errors
/// With the names that there are.
pub fn language(name: &str) -> Result<&'static dyn Language, AuthorError> {
    LANGUAGES
        .iter()
        .copied()
        .find(|language| language.name() == name)
        .ok_or_else(|| {
            let names: Vec<&str> = LANGUAGES.iter().map(|language| language.name()).collect();
            AuthorError::Wrong(format!(
                "no templates for the language `{name}`; there are {}",
                names.join(", ")
            ))
        })
}

/// The language that a folder is written in.
pub(crate) fn language_of(folder: &Path) -> Result<&'static dyn Language, AuthorError> {
    LANGUAGES
        .iter()
        .copied()
        .find(|language| folder.join(language.marker()).is_file())
        .ok_or_else(|| {
            let markers: Vec<&str> = LANGUAGES.iter().map(|language| language.marker()).collect();
            AuthorError::file(
                folder,
                format!(
                    "the language of this plugin cannot be told: there is none of {}",
                    markers.join(", ")
                ),
            )
        })
}
