//! Rust: cargo for `wasm32-unknown-unknown`, whose standard library imports nothing.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Language, Tool, Vendored};
use crate::{AuthorError, Native, NativeCase, Project, Tell, component};

/// What Rust plugins are compiled for.
const TARGET: &str = "wasm32-unknown-unknown";

/// 128-bit vectors: every engine of the contract has them, and they give the same bits on every
/// processor (`relaxed-simd`, which need not, stays off). The plugins that come with the host are
/// built alike.
const FEATURES: &str = "-Ctarget-feature=+simd128";

const RUSTUP: &str = "Install Rust by rustup (https://rustup.rs), then try again.";

/// Rust.
pub(super) struct Rust;

impl Language for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn marker(&self) -> &'static str {
        "Cargo.toml"
    }

    fn vendored(&self) -> Vendored {
        Vendored::RustSdk
    }

    fn needs(&self) -> &'static str {
        "Rust 1.95 or newer with cargo; the target wasm32-unknown-unknown is added by rustup"
    }

    fn toolchain(&self, folder: &Path, tell: &dyn Tell) -> Result<Vec<Tool>, AuthorError> {
        let cargo = version("cargo", folder)?;
        let rustc = version("rustc", folder)?;
        ensure_target(folder, tell)?;
        Ok(vec![cargo, rustc])
    }

    fn component(&self, project: &Project, _tell: &dyn Tell) -> Result<Vec<u8>, AuthorError> {
        let arguments = [
            "build",
            "--release",
            "--lib",
            "--target",
            TARGET,
            // where cargo put the module is its own to say; messages stay for people
            "--message-format=json-render-diagnostics",
        ];
        let mut cargo = Command::new("cargo");
        cargo.args(arguments).current_dir(project.folder());
        with_features(&mut cargo, &|name| std::env::var_os(name));
        let output = cargo
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| missing("cargo", &error))?;
        if !output.status.success() {
            return Err(AuthorError::Toolchain {
                command: format!("cargo {}", arguments[..5].join(" ")),
                status: output.status.to_string(),
            });
        }
        let module = module(&output.stdout, project.folder()).ok_or_else(|| {
            AuthorError::file(
                &project.folder().join("Cargo.toml"),
                "cargo made no .wasm module: `[lib]` needs `crate-type = [\"cdylib\", \"rlib\"]`",
            )
        })?;
        let bytes = std::fs::read(&module).map_err(AuthorError::io(&module))?;
        component::encode(&bytes)
    }

    fn native_tests(
        &self,
        project: &Project,
        _tell: &dyn Tell,
    ) -> Result<Option<bool>, AuthorError> {
        let status = Command::new("cargo")
            // in the profile of the component, so that what compiles code is compiled once; but
            // linked quickly, since it is run once
            .args(["test", "--release", "--quiet", "--package", project.id()])
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .current_dir(project.folder())
            .status()
            .map_err(|error| missing("cargo", &error))?;
        Ok(Some(status.success()))
    }

    fn native_times(
        &self,
        project: &Project,
        cases: &[NativeCase],
        repeat: u32,
        tell: &dyn Tell,
    ) -> Result<Native, AuthorError> {
        super::rust_native::times(project, cases, repeat, tell)
    }
}

/// Adds [`FEATURES`] to the flags that the author has set, wherever that is.
///
/// Cargo takes flags from the first of four places: two variables, `target.<target>.rustflags`,
/// `build.rustflags`. Where a variable is set it is extended; `build.rustflags` is extended by
/// cargo. Who sets flags for the target itself decides on its features too.
fn with_features(cargo: &mut Command, variable: &dyn Fn(&str) -> Option<OsString>) {
    for (name, between) in [("CARGO_ENCODED_RUSTFLAGS", "\u{1f}"), ("RUSTFLAGS", " ")] {
        if let Some(own) = variable(name) {
            let mut flags = OsString::from(FEATURES);
            if !own.is_empty() {
                flags.push(between);
                // behind ours, so that they have the last word
                flags.push(own);
            }
            cargo.env(name, flags);
            return;
        }
    }
    cargo.args(["--config", &format!("build.rustflags=[\"{FEATURES}\"]")]);
}

pub(super) fn missing(program: &str, error: &std::io::Error) -> AuthorError {
    AuthorError::Tool {
        program: program.into(),
        what: format!("cannot be started: {}", error.kind()),
        remedy: RUSTUP.into(),
    }
}

fn version(program: &str, folder: &Path) -> Result<Tool, AuthorError> {
    let output = Command::new(program)
        .arg("--version")
        .current_dir(folder)
        .output()
        .map_err(|error| missing(program, &error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(Tool {
        name: program.into(),
        version: text.split_whitespace().nth(1).unwrap_or("?").into(),
    })
}

/// Adds the target to the toolchain if it is not there.
fn ensure_target(folder: &Path, tell: &dyn Tell) -> Result<(), AuthorError> {
    let place = place(folder)?;
    if place.is_dir() {
        return Ok(());
    }
    tell.tell(&format!(
        "the target {TARGET} is missing; adding it: rustup target add {TARGET}"
    ));
    let added = Command::new("rustup")
        .args(["target", "add", TARGET])
        .current_dir(folder)
        .status();
    if added.is_ok_and(|status| status.success()) && place.is_dir() {
        return Ok(());
    }
    Err(AuthorError::Tool {
        program: format!("Rust's target {TARGET}"),
        what: "is not in the toolchain that cargo uses, and rustup could not add it".into(),
        remedy: format!(
            "With a network: rustup target add {TARGET}. Without one, run that on a machine with the same Rust version and copy\n  {}\nto the same place here. With Rust from a distribution, install its package for this target (Debian: libstd-rust-dev-wasm32).",
            place.display()
        ),
    })
}

fn place(folder: &Path) -> Result<PathBuf, AuthorError> {
    let output = Command::new("rustc")
        .args(["--print", "sysroot"])
        .current_dir(folder)
        .output()
        .map_err(|error| missing("rustc", &error))?;
    let sysroot = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(PathBuf::from(sysroot)
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib"))
}

/// The module of the package in this folder, from cargo's messages.
fn module(messages: &[u8], folder: &Path) -> Option<PathBuf> {
    let manifest = folder.join("Cargo.toml").canonicalize().ok()?;
    String::from_utf8_lossy(messages)
        .lines()
        .rev()
        .find_map(|line| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            let of = Path::new(message["manifest_path"].as_str()?);
            if message["reason"] != "compiler-artifact" || of.canonicalize().ok()? != manifest {
                return None;
            }
            message["filenames"]
                .as_array()?
                .iter()
                .filter_map(|name| name.as_str())
                .find(|name| name.ends_with(".wasm"))
                .map(PathBuf::from)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(set: &'static [(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let mut cargo = Command::new("cargo");
        let variable = |name: &str| {
            let found = set.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| OsString::from(value))
        };
        with_features(&mut cargo, &variable);
        let words = cargo.get_args().map(|word| word.to_string_lossy().into());
        let variables = cargo.get_envs().map(|(name, value)| {
            let value = value.unwrap_or_default();
            format!("{}={}", name.display(), value.display())
        });
        (words.collect(), variables.collect())
    }

    #[test]
    fn vectors_are_asked_for_beside_the_flags_of_the_author() {
        let ours = "-Ctarget-feature=+simd128";
        let (words, variables) = asked(&[]);
        assert_eq!(
            words,
            [
                "--config",
                "build.rustflags=[\"-Ctarget-feature=+simd128\"]"
            ]
        );
        assert!(variables.is_empty());
        let (words, variables) = asked(&[("RUSTFLAGS", "-D warnings")]);
        assert!(words.is_empty());
        assert_eq!(variables, [format!("RUSTFLAGS={ours} -D warnings")]);
        let (_, variables) = asked(&[
            ("RUSTFLAGS", "-v"),
            ("CARGO_ENCODED_RUSTFLAGS", "-Dwarnings"),
        ]);
        let both = format!("CARGO_ENCODED_RUSTFLAGS={ours}\u{1f}-Dwarnings");
        assert_eq!(variables, [both]);
    }
}
