//! Tells the crate which wasmtime it is built with, for the record of a run.

#![allow(clippy::print_stdout, reason = "how a build script talks to cargo")]

use std::path::Path;

fn main() {
    let lock = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
        .join("../../Cargo.lock");
    println!("cargo::rerun-if-changed={}", lock.display());
    let text = std::fs::read_to_string(&lock).unwrap_or_default();
    let version = text
        .lines()
        .skip_while(|line| *line != "name = \"wasmtime\"")
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .unwrap_or("of unknown version");
    println!("cargo::rustc-env=AUTODS_WASMTIME_VERSION={version}");
}
