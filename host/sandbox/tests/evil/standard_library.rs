//! A component of Rust's `wasm32-wasip2`, whose standard library reaches for the system, under
//! stubs: it works, and finds nothing.

#![allow(clippy::print_stderr, reason = "a skip is said loudly")]

use std::path::{Path, PathBuf};
use std::process::Command;

use autods_sandbox::{PluginFile, Policy, Sandbox, loader};
use wit_component::StringEncoding;
use wit_parser::Resolve;

use crate::build::{job, manifest, shard, sources};

const TARGET: &str = "wasm32-wasip2";

/// Compiles the guest, or says why it does not.
fn guest(folder: &Path) -> Option<Vec<u8>> {
    let there = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .ok()
        .map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
        .is_some_and(|libraries| libraries.is_dir());
    if !there {
        eprintln!("SKIP: rustc has no target {TARGET}; add it with `rustup target add {TARGET}`");
        return None;
    }
    let mut resolve = Resolve::default();
    let wit = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");
    let (package, _) = resolve.push_dir(wit).unwrap();
    let id = resolve.select_world(&[package], Some("loader")).unwrap();
    let world = folder.join("world");
    let encoded = wit_component::metadata::encode(&resolve, id, StringEncoding::UTF8, None);
    std::fs::write(&world, encoded.unwrap()).unwrap();
    let component = folder.join("guest.wasm");
    let source = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/guests/standard_library.rs"
    );
    let status = Command::new("rustc")
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "cdylib",
            "-O",
            "-C",
            "panic=abort",
        ])
        .args(["--target", TARGET, source, "-o"])
        .arg(&component)
        .env("WORLD", &world)
        .status()
        .unwrap();
    assert!(status.success());
    Some(std::fs::read(component).unwrap())
}

#[test]
fn rusts_standard_library_works_on_stubs_and_finds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let Some(bytes) = guest(folder.path()) else {
        return;
    };
    let mut policy = Policy::default();
    policy.plugins.lock = autods_sandbox::policy::LockRule::Optional;
    let refused = PluginFile::from_parts(manifest("loader"), bytes.clone(), &policy);
    assert!(
        refused
            .audit()
            .refusals
            .iter()
            .all(|refusal| refusal.code() == "wasi-stubs-off"),
        "{}",
        refused.audit()
    );
    assert!(!refused.audit().admitted());

    policy.wasi.stubs = true;
    policy.log.show = true;
    let run = || {
        let file = PluginFile::from_parts(manifest("loader"), bytes.clone(), &policy);
        let sandbox = Sandbox::new(policy.clone(), None).unwrap();
        let plugin = sandbox.admit(file).unwrap_or_else(|e| panic!("{e}"));
        let (output, usage) = loader::load(&plugin, &sources(), &job(), &shard()).unwrap();
        let said: Vec<String> = sandbox
            .take_messages()
            .into_iter()
            .map(|m| m.text)
            .collect();
        (output.summary, usage.host_calls, said)
    };
    let (summary, host_calls, said) = run();
    assert_eq!(summary.emitted, 6, "all six claims of the guest hold");
    assert!(host_calls > 0);
    assert_eq!(said, ["a line to nobody", "another"]);
    // Even the order of a hash map's keys.
    assert_eq!(run(), (summary, host_calls, said));
}
