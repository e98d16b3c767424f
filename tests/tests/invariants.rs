//! Invariants of the workspace as a whole.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

use std::{fs, path::PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are in the workspace")
        .to_owned()
}

/// Crates that open sockets, or exist to be used by something that does.
const WIRES: [&str; 16] = [
    "wasmtime-wasi",
    "wasmtime-wasi-http",
    "reqwest",
    "hyper",
    "ureq",
    "curl",
    "curl-sys",
    "tokio",
    "mio",
    "socket2",
    "openssl",
    "openssl-sys",
    "rustls",
    "native-tls",
    "quinn",
    "tonic",
];

#[test]
fn no_crate_that_can_open_a_socket_is_in_the_lock_file() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("the lock file is checked in");
    let names: Vec<&str> = lock
        .lines()
        .filter_map(|l| l.strip_prefix("name = \""))
        .map(|l| l.trim_end_matches('"'))
        .collect();
    assert!(
        names.contains(&"wasmtime"),
        "this is the lock file of the host"
    );
    let found: Vec<&&str> = names.iter().filter(|n| WIRES.contains(n)).collect();
    assert!(found.is_empty(), "{found:?} can open a socket");
}

#[test]
fn no_source_of_the_host_names_a_socket() {
    let mut found = Vec::new();
    let mut folders = vec![
        root().join("host"),
        root().join("sdk"),
        root().join("plugins"),
    ];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs")
                && path.components().any(|c| c.as_os_str() == "src")
            {
                let text = fs::read_to_string(&path).unwrap();
                if [
                    "TcpStream",
                    "TcpListener",
                    "UdpSocket",
                    "UnixStream",
                    "UnixListener",
                    "ToSocketAddrs",
                ]
                .iter()
                .any(|word| text.contains(word))
                {
                    found.push(path);
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

/// `science` and `privacy` know nothing of plugins, runs or files of a run.
#[test]
fn dependencies_point_down_the_layers() {
    let layers = [
        ("cohort", &[][..]),
        ("spec", &["cohort"]),
        ("signature", &[]),
        ("ledger", &["signature"]),
        ("confine", &[]),
        ("science", &[]),
        ("table", &["spec"]),
        ("privacy", &["spec", "table"]),
        ("board", &["science"]),
        ("sandbox", &["signature"]),
        ("audit", &["ledger", "sandbox", "signature"]),
        ("report", &["board", "science"]),
        ("author", &["sandbox"]),
    ];
    for (name, allowed) in layers {
        let manifest = root().join("host").join(name).join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap();
        let dependencies = text
            .split("[dependencies]")
            .nth(1)
            .unwrap_or_default()
            .split("\n[")
            .next()
            .unwrap_or_default();
        for line in dependencies.lines() {
            let Some(own) = line.strip_prefix("autods-") else {
                continue;
            };
            let on = own.split(['.', ' ', '=']).next().unwrap_or_default();
            assert!(
                allowed.contains(&on),
                "{name} depends on {on}: {}",
                manifest.display()
            );
        }
    }
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let mut dead = Vec::new();
    let documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "runbook.md"]
        .map(|n| root().join(n))
        .into_iter()
        .chain(
            ["docs", "docs/adr"]
                .iter()
                .flat_map(|d| fs::read_dir(root().join(d)).unwrap())
                .map(|e| e.unwrap().path())
                .filter(|p| p.extension().is_some_and(|e| e == "md")),
        );
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        for link in text.split("](").skip(1).filter_map(|l| l.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            if !document.parent().unwrap().join(target).exists() {
                dead.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}
