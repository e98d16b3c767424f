//! `plugin new`: a folder that builds and passes its tests at once.

use std::fs;
use std::path::{Path, PathBuf};

use autods_sandbox::{CONTRACT, World};

use crate::language::LANGUAGES;
use crate::name::{plugin_id, snake};
use crate::packed::{LOCK, SDK, TEMPLATES, WIT};
use crate::{AuthorError, Language, Vendored};

/// What is to be made.
pub struct NewPlugin<'a> {
    /// What its author calls it, with or without its world in front.
    pub name: &'a str,
    /// Its world.
    pub world: World,
    /// Its language.
    pub language: &'static dyn Language,
    /// The folder in which the plugin's folder is made.
    pub parent: &'a Path,
    /// A checkout of this project whose SDK and contract are used where they lie, instead of the
    /// copies in this program.
    pub sdk: Option<&'a Path>,
}

/// Makes the folder and gives its path. Nothing is left behind if that fails.
///
/// # Errors
/// Where the name is none, the folder exists and is not empty, the language has no template for
/// the world, or a file cannot be written.
pub fn new_plugin(new: &NewPlugin<'_>) -> Result<PathBuf, AuthorError> {
    let id = plugin_id(new.name, new.world)?;
    let folder = new.parent.join(&id);
    refuse_occupied(&folder)?;
    let files = files(new, &id)?;
    // Beside its place, so that it is all there or not there.
    let partial = new
        .parent
        .join(format!(".{id}.{}.partial", std::process::id()));
    let written = write_all(&partial, &files).and_then(|()| {
        if folder.is_dir() {
            fs::remove_dir(&folder).map_err(AuthorError::io(&folder))?;
        }
        fs::rename(&partial, &folder).map_err(AuthorError::io(&folder))
    });
    if written.is_err() {
        let _ = fs::remove_dir_all(&partial);
    }
    written.map(|()| folder)
}

fn refuse_occupied(folder: &Path) -> Result<(), AuthorError> {
    if fs::symlink_metadata(folder).is_err() {
        return Ok(());
    }
    let empty = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
        && !folder.is_symlink();
    if empty {
        return Ok(());
    }
    Err(AuthorError::Wrong(format!(
        "{} is already there and not an empty folder; choose another name or another place with --in",
        folder.display()
    )))
}

type File = (String, Vec<u8>);

fn files(new: &NewPlugin<'_>, id: &str) -> Result<Vec<File>, AuthorError> {
    let (language, world) = (new.language.name(), new.world.name());
    let own = format!("{language}/{world}/");
    if !TEMPLATES.iter().any(|(name, _)| name.starts_with(&own)) {
        return Err(AuthorError::Wrong(format!(
            "there is no template for a {world} in {language}"
        )));
    }
    let sdk = match new.sdk {
        Some(checkout) => sdk_of(checkout)?,
        None => "vendor/autods-sdk".to_owned(),
    };
    let words = [
        ("{{id}}", id.to_owned()),
        ("{{snake}}", snake(id)),
        ("{{world}}", world.to_owned()),
        ("{{contract}}", CONTRACT.to_owned()),
        ("{{host}}", env!("CARGO_PKG_VERSION").to_owned()),
        ("{{sdk}}", sdk),
    ];
    let fill = |text: &str| {
        words.iter().fold(text.to_owned(), |text, (word, value)| {
            text.replace(word, value)
        })
    };
    let mut files: Vec<File> = Vec::new();
    // A case is the same in every language: those of the first are everybody's.
    let cases = (
        format!("{}/{world}/tests/cases/", LANGUAGES[0].name()),
        "tests/cases/",
    );
    for (prefix, below) in [cases, (format!("{language}/_common/"), ""), (own, "")] {
        for (name, bytes) in TEMPLATES {
            let Some(name) = name.strip_prefix(&prefix) else {
                continue;
            };
            let name = format!("{below}{}", fill(&name.replace("_gitignore", ".gitignore")));
            let bytes = match std::str::from_utf8(bytes) {
                Ok(text) => fill(text).into_bytes(),
                Err(_) => bytes.to_vec(),
            };
            // a world's own file takes the place of the common one
            files.retain(|(other, _)| *other != name);
            files.push((name, bytes));
        }
    }
    let mut below = |folder: &str, tree: &[(&str, &[u8])]| {
        for (name, bytes) in tree {
            files.push((format!("{folder}/{name}"), bytes.to_vec()));
        }
    };
    match (new.language.vendored(), new.sdk) {
        (Vendored::RustSdk, None) => {
            below("vendor/autods-sdk", SDK);
            below("vendor/wit", WIT);
            files.push(("Cargo.lock".into(), LOCK.into()));
        }
        (Vendored::RustSdk, Some(_)) => {}
        (Vendored::Contract, _) => below("wit", WIT),
    }
    Ok(files)
}

/// The SDK of a checkout, as an absolute path for a manifest.
fn sdk_of(checkout: &Path) -> Result<String, AuthorError> {
    let found = [checkout.join("sdk"), checkout.to_owned()]
        .into_iter()
        .filter(|sdk| sdk.join("Cargo.toml").is_file() && sdk.join("src/testkit").is_dir())
        .find_map(|sdk| sdk.canonicalize().ok());
    match found.as_deref().and_then(Path::to_str) {
        Some(path) => Ok(path.to_owned()),
        None => Err(AuthorError::Wrong(format!(
            "{} holds no SDK: give the root of a checkout of AutoDataScientists, or leave --sdk out to use the copy in this program",
            checkout.display()
        ))),
    }
}

fn write_all(folder: &Path, files: &[File]) -> Result<(), AuthorError> {
    for (name, bytes) in files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(AuthorError::io(parent))?;
        fs::write(&path, bytes).map_err(AuthorError::io(&path))?;
    }
    Ok(())
}
