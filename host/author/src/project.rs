//! A plugin's folder.

use std::fs;
use std::path::{Path, PathBuf};

use autods_sandbox::{Manifest, World};

use crate::language::language_of;
use crate::{AuthorError, Language};

/// Bytes of a manifest at most.
const MANIFEST_BYTES: u64 = 1 << 20;

/// A plugin's folder with the manifest that was read from it.
pub struct Project {
    folder: PathBuf,
    manifest: Manifest,
    text: String,
    language: &'static dyn Language,
}

impl Project {
    /// Reads the folder's `plugin.toml` and tells its language.
    ///
    /// # Errors
    /// Where there is no manifest, it is wrong, or the language cannot be told.
    pub fn open(folder: &Path) -> Result<Self, AuthorError> {
        let path = folder.join("plugin.toml");
        if !path.is_file() {
            return Err(AuthorError::file(
                folder,
                "this is no plugin's folder: it has no plugin.toml. `autods-host plugin new NAME` makes one; give its folder, or go there",
            ));
        }
        let size = fs::metadata(&path).map_err(AuthorError::io(&path))?.len();
        if size > MANIFEST_BYTES {
            return Err(AuthorError::file(&path, "more than 1 MiB is no manifest"));
        }
        let text = fs::read_to_string(&path).map_err(AuthorError::io(&path))?;
        let shown = path.display().to_string();
        let manifest = Manifest::parse(&shown, &text).map_err(|error| AuthorError::Refused {
            file: path,
            refusal: Box::new(error.into()),
        })?;
        Ok(Self {
            folder: folder.to_owned(),
            manifest,
            text,
            language: language_of(folder)?,
        })
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The manifest as its author wrote it, comments and all.
    #[must_use]
    pub fn manifest_text(&self) -> &str {
        &self.text
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.manifest.plugin.id
    }

    /// Its world.
    #[must_use]
    pub fn world(&self) -> World {
        self.manifest.plugin.world
    }

    /// The language that it is written in.
    #[must_use]
    pub fn language(&self) -> &'static dyn Language {
        self.language
    }

    /// Where `plugin build` puts the component and its manifest.
    #[must_use]
    pub fn dist(&self) -> PathBuf {
        self.folder.join("dist")
    }

    /// The built component.
    #[must_use]
    pub fn component(&self) -> PathBuf {
        self.dist().join(format!("{}.wasm", self.id()))
    }
}
