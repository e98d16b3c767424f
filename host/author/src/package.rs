//! A plugin on its way to somebody: manifest, component and perhaps a signature, in memory.

use std::fs;
use std::path::{Path, PathBuf};

use autods_sandbox::{Manifest, Policy};

use crate::{AuthorError, tar};

/// Bytes of a manifest or a signature at most.
const PAPER: u64 = 1 << 20;
/// Bytes of everything else in a package at most.
const REST: u64 = 4 << 20;

/// The files of one plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The plugin's id, from its manifest.
    pub id: String,
    version: String,
    /// The manifest, byte for byte.
    pub manifest: Vec<u8>,
    /// The component.
    pub component: Vec<u8>,
    /// The signature of the manifest, if there is one.
    pub signature: Option<Vec<u8>>,
    /// What else travels along and is not installed: README and licences.
    pub others: Vec<(String, Vec<u8>)>,
}

impl Package {
    /// Puts a package together.
    ///
    /// # Errors
    /// Where the manifest is none. `from` is its place in errors.
    pub(crate) fn new(
        from: &str,
        manifest: Vec<u8>,
        component: Vec<u8>,
        signature: Option<Vec<u8>>,
    ) -> Result<Self, AuthorError> {
        let text = std::str::from_utf8(&manifest)
            .map_err(|_| AuthorError::Wrong(format!("{from}: the manifest is not UTF-8")))?;
        let read = Manifest::parse(&format!("{from}: plugin.toml"), text)
            .map_err(|error| AuthorError::Wrong(error.to_string()))?;
        Ok(Self {
            id: read.plugin.id,
            version: read.plugin.version,
            manifest,
            component,
            signature,
            others: Vec::new(),
        })
    }

    /// Reads a plugin from a component with its manifest beside it, a plugin's folder, or a package
    /// (`.tar`, `.tar.gz`). Links are refused, and what is larger than the policy allows.
    ///
    /// # Errors
    /// Where it is none of these, or not what it should be.
    pub fn read(path: &Path, policy: &Policy) -> Result<Self, AuthorError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            return Self::read(&component_in(path)?, policy);
        }
        let most = largest(policy);
        if name.ends_with(".tar") || name.ends_with(".tar.gz") || name.ends_with(".tgz") {
            let bytes = plain(path, most)?
                .ok_or_else(|| AuthorError::file(path, "there is no such file"))?;
            return Self::from_tar(&path.display().to_string(), &bytes, policy);
        }
        let component =
            plain(path, most)?.ok_or_else(|| AuthorError::file(path, "there is no such file"))?;
        let place = Manifest::place(path);
        let manifest = plain(&place, PAPER)?.ok_or_else(|| {
            AuthorError::file(&place, "there is no manifest beside the component")
        })?;
        let signature = plain(&beside(&place), PAPER)?;
        Self::new(&path.display().to_string(), manifest, component, signature)
    }

    /// Reads a package.
    pub(crate) fn from_tar(from: &str, bytes: &[u8], policy: &Policy) -> Result<Self, AuthorError> {
        let wrong = |what: String| AuthorError::File {
            file: from.into(),
            line: None,
            what,
        };
        let files = tar::read(bytes, largest(policy)).map_err(wrong)?;
        let (mut manifest, mut component, mut signature) = (None, None, None);
        let mut others = Vec::new();
        for (name, bytes) in files {
            if name.ends_with(".toml.minisig") && signature.is_none() {
                signature = Some(bytes);
            } else if name.ends_with(".toml") && manifest.is_none() {
                manifest = Some((name, bytes));
            } else if name.ends_with(".wasm") && component.is_none() {
                component = Some((name, bytes));
            } else if is_words(&name) {
                others.push((name, bytes));
            } else {
                return Err(wrong(format!(
                    "`{}` has no place in a package; there are one .toml, one .wasm, perhaps a .toml.minisig, README and LICENSE",
                    name.escape_default()
                )));
            }
        }
        let (Some((manifest_name, manifest)), Some((component_name, component))) =
            (manifest, component)
        else {
            return Err(wrong(
                "a package holds a manifest (.toml) and a component (.wasm)".into(),
            ));
        };
        let mut package = Self::new(from, manifest, component, signature)?;
        let id = &package.id;
        if manifest_name != format!("{id}.toml") || component_name != format!("{id}.wasm") {
            return Err(wrong(format!(
                "its manifest says `{id}`, its files have other names"
            )));
        }
        package.others = others;
        Ok(package)
    }

    /// The plugin's version, from its manifest.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// As a package: the same bytes for the same files, whenever and by whomever it is made.
    #[must_use]
    pub fn to_tar(&self) -> Vec<u8> {
        let mut files = vec![
            (format!("{}.toml", self.id), self.manifest.clone()),
            (format!("{}.wasm", self.id), self.component.clone()),
        ];
        if let Some(signature) = &self.signature {
            files.push((format!("{}.toml.minisig", self.id), signature.clone()));
        }
        files.extend(self.others.iter().cloned());
        files.sort();
        tar::write(&files)
    }

    /// With the README and licences of a plugin's folder.
    ///
    /// # Errors
    /// Where one of them cannot be read.
    pub fn with_words_of(mut self, folder: &Path) -> Result<Self, AuthorError> {
        for entry in fs::read_dir(folder).map_err(AuthorError::io(folder))? {
            let entry = entry.map_err(AuthorError::io(folder))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_words(&name)
                && let Some(bytes) = plain(&entry.path(), PAPER)?
            {
                self.others.push((name, bytes));
            }
        }
        self.others.sort();
        Ok(self)
    }
}

fn is_words(name: &str) -> bool {
    name == "README.md" || name.starts_with("LICENSE") || name.starts_with("LICENCE")
}

/// Bytes of everything in a package together.
fn largest(policy: &Policy) -> u64 {
    policy
        .component
        .size_kib
        .saturating_mul(1024)
        .saturating_add(REST)
}

/// `<manifest>.minisig`.
pub(crate) fn beside(manifest: &Path) -> PathBuf {
    let mut name = manifest.as_os_str().to_owned();
    name.push(".minisig");
    PathBuf::from(name)
}

/// The one component of a plugin's folder: that of `dist/`, or the only one there.
fn component_in(folder: &Path) -> Result<PathBuf, AuthorError> {
    let dist = folder.join("dist");
    let place = if dist.is_dir() {
        dist
    } else {
        folder.to_owned()
    };
    let mut found: Vec<PathBuf> = fs::read_dir(&place)
        .map_err(AuthorError::io(&place))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "wasm")
        })
        .collect();
    found.sort();
    match (found.len(), found.pop()) {
        (1, Some(component)) => Ok(component),
        (0, _) => Err(AuthorError::file(
            &place,
            "holds no component; run `autods-host plugin build` first",
        )),
        (count, _) => Err(AuthorError::file(
            &place,
            format!("holds {count} components; name the one that you mean"),
        )),
    }
}

/// A plain file of at most `most` bytes; `None` where there is nothing of that name.
pub(crate) fn plain(path: &Path, most: u64) -> Result<Option<Vec<u8>>, AuthorError> {
    use std::io::Read as _;
    let seen = match fs::symlink_metadata(path) {
        Ok(seen) => seen,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(AuthorError::io(path)(error)),
    };
    if !seen.is_file() {
        let what = "is a link or not a plain file; a plugin is made of plain files";
        return Err(AuthorError::file(path, what));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(AuthorError::io(path))?;
    if bytes.len() as u64 > most {
        let what = format!("has more than {most} bytes (`component.size-kib` of the policy)");
        return Err(AuthorError::file(path, what));
    }
    Ok(Some(bytes))
}
