//! Compiled code on disk. It is machine code: whoever can write it owns the host, so a file is
//! believed only if its HMAC-SHA-256 under a key that only this user can read is right. Anything
//! else (another user's file, another host's, a torn write, a poisoned one) means: compile again.

use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

/// How a plugin's machine code was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compiled {
    /// Compiled now.
    Fresh,
    /// From the cache, after its authentication code was found right.
    Cached,
    /// Compiled now, because the cached file was not the one that this host wrote.
    CacheRefused,
}

/// As long as a block of SHA-256, so that HMAC uses it as it is.
type Key = [u8; 64];

const MAC_BYTES: usize = 32;
const CONTEXT: &[u8] = b"autods-sandbox compiled component v1\0";

pub(crate) struct Cache {
    dir: PathBuf,
    key: Key,
    /// Engine and compiler settings, version included.
    engine: [u8; 32],
}

/// Makes what a cache in `dir` needs (the folder, its key beside it) and names both, for a host
/// that is about to give up its right to make files elsewhere.
///
/// # Errors
/// Where they cannot be made, or are open to other users.
pub fn prepare_cache(dir: &Path) -> io::Result<[PathBuf; 2]> {
    make_private_dir(dir)?;
    let key = key_path(dir);
    read_or_make_key(&key)?;
    Ok([dir.to_owned(), key])
}

fn key_path(dir: &Path) -> PathBuf {
    let mut path = dir.as_os_str().to_owned();
    path.push(".key");
    PathBuf::from(path)
}

impl Cache {
    /// Opens (or makes) the cache `dir` and its key, `<dir>.key` beside it.
    pub(crate) fn open(dir: &Path, engine: &Engine) -> io::Result<Self> {
        make_private_dir(dir)?;
        let key = read_or_make_key(&key_path(dir))?;
        let mut hasher = Sha256Hasher(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Self {
            dir: dir.to_owned(),
            key,
            engine: hasher.0.finalize().into(),
        })
    }

    /// The component from the cache, or compiled by `compile` and then stored.
    pub(crate) fn component<E>(
        &self,
        engine: &Engine,
        wasm_sha256: &str,
        compile: impl FnOnce() -> Result<Component, E>,
    ) -> Result<(Component, Compiled), E> {
        let path = self.dir.join(format!(
            "{wasm_sha256}-{}",
            &crate::digest::hex(&self.engine)[..16]
        ));
        let found = self.load(engine, &path, wasm_sha256);
        let compiled = match found {
            Found::Component(component) => return Ok((component, Compiled::Cached)),
            Found::Nothing => Compiled::Fresh,
            Found::Foreign => Compiled::CacheRefused,
        };
        let component = compile()?;
        // A cache that cannot be written costs time, not correctness.
        let _ = self.store(&component, &path, wasm_sha256);
        Ok((component, compiled))
    }

    fn load(&self, engine: &Engine, path: &Path, wasm_sha256: &str) -> Found {
        let Ok(bytes) = fs::read(path) else {
            return Found::Nothing;
        };
        let Some((code, tag)) = bytes
            .split_first_chunk::<MAC_BYTES>()
            .map(|(tag, code)| (code, tag))
        else {
            return Found::Foreign;
        };
        if self.mac(wasm_sha256, code).verify_slice(tag).is_err() {
            return Found::Foreign;
        }
        #[expect(unsafe_code, reason = "the only way to load compiled code")]
        // SAFETY: `deserialize` must be given what `Component::serialize` wrote. The bytes carry
        // a MAC under a key that only this user can read, over code, component digest and engine
        // settings: this host wrote them for this component and this engine. They were read into
        // memory before they were checked, so nobody can exchange them in between.
        let component = unsafe { Component::deserialize(engine, code) };
        component.map_or(Found::Foreign, Found::Component)
    }

    fn store(&self, component: &Component, path: &Path, wasm_sha256: &str) -> io::Result<()> {
        let code = component.serialize().map_err(io::Error::other)?;
        let tag = self.mac(wasm_sha256, &code).finalize().into_bytes();
        let mut noise = [0; 8];
        getrandom::fill(&mut noise).map_err(|_| io::Error::other("no randomness"))?;
        let temporary = path.with_extension(format!("{}.tmp", crate::digest::hex(&noise)));
        let written = (|| {
            let mut file = private_file(&temporary)?;
            file.write_all(&tag)?;
            file.write_all(&code)?;
            file.sync_data()?;
            fs::rename(&temporary, path)
        })();
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    fn mac(&self, wasm_sha256: &str, code: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.key.into());
        mac.update(CONTEXT);
        mac.update(wasm_sha256.as_bytes());
        mac.update(&self.engine);
        mac.update(code);
        mac
    }
}

enum Found {
    Component(Component),
    Nothing,
    Foreign,
}

/// Feeds what is hashed into SHA-256, because a `u64` would be too short for a key.
struct Sha256Hasher(Sha256);

impl Hasher for Sha256Hasher {
    fn finish(&self) -> u64 {
        let digest: [u8; 32] = self.0.clone().finalize().into();
        digest
            .first_chunk()
            .map_or(0, |head| u64::from_le_bytes(*head))
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

fn make_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)?;
    refuse_shared(dir)
}

fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The key, made on first use. It appears under its name complete or not at all, so that two
/// hosts that start together agree on one.
fn read_or_make_key(path: &Path) -> io::Result<Key> {
    if !path.exists() {
        let mut key: Key = [0; 64];
        getrandom::fill(&mut key).map_err(|_| io::Error::other("no randomness"))?;
        let mut noise = [0; 8];
        getrandom::fill(&mut noise).map_err(|_| io::Error::other("no randomness"))?;
        let temporary = path.with_extension(format!("{}.tmp", crate::digest::hex(&noise)));
        let mut file = private_file(&temporary)?;
        file.write_all(&key)?;
        file.sync_data()?;
        let linked = fs::hard_link(&temporary, path);
        fs::remove_file(&temporary)?;
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    refuse_shared(path)?;
    let mut key = Vec::new();
    fs::File::open(path)?.take(128).read_to_end(&mut key)?;
    Key::try_from(key).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "the cache's key does not have 64 bytes; delete it",
        )
    })
}

/// Refuses what other users could read or write.
fn refuse_shared(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if fs::symlink_metadata(path)?.mode() & 0o077 != 0 {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!(
                    "{} is open to other users; `chmod go-rwx` it or delete it",
                    path.display()
                ),
            ));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
