//! From a file to something that can be called.

use std::fs;
use std::path::Path;

use autods_sandbox::{PluginFile, Sandbox};
use sha2::{Digest, Sha256};

use crate::measure::{clock, rounds, wall};
use crate::native::{Library, library};
use crate::report::{Report, Row, Target, Unit};
use crate::{Fallible, Setting, components};

const COLD: usize = 5;
const WARM: usize = 41;

pub(crate) fn loading(setting: &Setting, report: &mut Report) -> Fallible<()> {
    let folder = tempfile::tempdir()?;
    let two = folder.path().join("two.wasm");
    fs::write(&two, components::sized(2_000_000)?)?;
    fs::write(
        two.with_extension("toml"),
        "[plugin]\nid = \"two\"\nversion = \"1.0.0\"\nworld = \"agent\"\ncontract = \"0.1.0\"\n[roles]\nmay = [\"modeler\"]\n[capabilities]\nrequires = [\"log\", \"see-aggregates\", \"act\"]\n",
    )?;
    let largest = largest(&setting.plugins)?;
    let loader = setting.plugins.join("loader-table.wasm");

    report.group("Loading");
    for path in [loader.as_path(), &largest, &two] {
        cold(path, report)?;
    }
    for path in [loader.as_path(), &largest, &two] {
        cached(path, path == two, report)?;
    }
    report.group("Static audit");
    for path in [loader.as_path(), &largest, &two] {
        audit(path, report)?;
    }
    Ok(())
}

fn largest(plugins: &Path) -> Fallible<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(plugins)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "wasm") {
            found.push((fs::metadata(&path)?.len(), path));
        }
    }
    Ok(found.into_iter().max().ok_or("no plugins")?.1)
}

fn title(what: &str, path: &Path) -> Fallible<String> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let kib = fs::metadata(path)?.len() / 1024;
    let stem = if stem == "two" {
        "a made-up one".into()
    } else {
        stem
    };
    Ok(format!("{what}: {stem}, {kib} KiB"))
}

/// `dlopen` of a copy that this process has never seen.
struct Copies {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    made: u32,
}

impl Copies {
    fn new() -> Fallible<Self> {
        Ok(Self {
            folder: tempfile::tempdir()?,
            bytes: fs::read(library()?)?,
            made: 0,
        })
    }

    fn next(&mut self) -> Fallible<std::path::PathBuf> {
        self.made += 1;
        let path = self.folder.path().join(format!("{}.so", self.made));
        fs::write(&path, &self.bytes)?;
        Ok(path)
    }
}

fn cold(path: &Path, report: &mut Report) -> Fallible<()> {
    let sandbox = Sandbox::new(crate::policy(), None)?;
    let mut copies = Copies::new()?;
    let [ours, native] = rounds(
        COLD,
        [
            &mut || wall(|| Ok(sandbox.admit(PluginFile::read(path, sandbox.policy())?)?)),
            &mut || {
                let copy = copies.next()?;
                wall(|| Library::open(&copy))
            },
        ],
    )?;
    report.row(&Row {
        what: &title("cold", path)?,
        unit: Unit::Milliseconds,
        ours: &ours,
        native_is: "dlopen of loader-table as a native library (compiled beforehand)",
        native: &native,
        target: None,
        note: "ours: read, hash, audit, compile with both cores, link; once for each component"
            .into(),
    });
    Ok(())
}

fn cached(path: &Path, is_target: bool, report: &mut Report) -> Fallible<()> {
    let cache = tempfile::tempdir()?;
    let folder = cache.path().join("code");
    let sandbox = Sandbox::new(crate::policy(), Some(&folder))?;
    let load = || Ok(sandbox.admit(PluginFile::read(path, sandbox.policy())?)?);
    load()?;
    let mut code = Vec::new();
    for entry in fs::read_dir(&folder)? {
        code.push(entry?.path());
    }
    let code = code.first().ok_or("nothing was cached")?;
    let mut copies = Copies::new()?;
    let file = PluginFile::read(path, sandbox.policy())?;
    let [admitted, hashed_code, whole, hashed, opened] = rounds(
        WARM,
        [
            &mut || {
                let file = file.clone();
                clock(|| Ok(sandbox.admit(file)?))
            },
            &mut || {
                clock(|| {
                    let code = fs::read(code)?;
                    Ok((Sha256::digest(&code), code))
                })
            },
            &mut || clock(load),
            &mut || {
                clock(|| {
                    let wasm = fs::read(path)?;
                    let code = fs::read(code)?;
                    Ok((Sha256::digest(&wasm), Sha256::digest(&code), wasm, code))
                })
            },
            &mut || {
                let copy = copies.next()?;
                clock(|| Library::open(&copy))
            },
        ],
    )?;
    report.row(&Row {
        what: &title("from the cache", path)?,
        unit: Unit::Milliseconds,
        ours: &admitted,
        native_is: "read and SHA-256 of the same machine code",
        native: &hashed_code,
        target: is_target.then_some(Target::Seconds(0.010)),
        note: format!(
            "an audited component; machine code {} KiB; dlopen of the native loader {:.2} ms",
            fs::metadata(code)?.len() / 1024,
            opened.min() * 1e3
        ),
    });
    report.row(&Row {
        what: &title("read, audit, from the cache", path)?,
        unit: Unit::Milliseconds,
        ours: &whole,
        native_is: "read and SHA-256 of the same two files (component and machine code)",
        native: &hashed,
        target: None,
        note: String::new(),
    });
    Ok(())
}

fn audit(path: &Path, report: &mut Report) -> Fallible<()> {
    let policy = crate::policy();
    let [ours, native] = rounds(
        WARM,
        [
            &mut || clock(|| Ok(PluginFile::read(path, &policy)?)),
            &mut || {
                clock(|| {
                    let bytes = fs::read(path)?;
                    Ok((Sha256::digest(&bytes), bytes))
                })
            },
        ],
    )?;
    report.row(&Row {
        what: &title("audit", path)?,
        unit: Unit::Milliseconds,
        ours: &ours,
        native_is: "read and SHA-256 of the same file",
        native: &native,
        target: Some(Target::Seconds(0.050)),
        note: "ours: read, hash, decode types, validate every function".into(),
    });
    Ok(())
}
