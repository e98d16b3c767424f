//! Packs what an author needs into the program: templates, contract and SDK. An author has the
//! program and nothing else, so everything that a new plugin is made of travels inside it.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a build script talks to cargo and fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

fn main() {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    let root = here.join("../..").canonicalize().expect("the checkout");
    let mut packed = String::new();
    let templates = tree(&here.join("templates"), &|_| true);
    list(&mut packed, "TEMPLATES", &templates);
    let wit = tree(&root.join("wit"), &|name| {
        name.ends_with(".wit") && (!name.contains('/') || name.starts_with("deps/"))
    });
    list(&mut packed, "WIT", &wit);
    let mut sdk = tree(&root.join("sdk"), &|name| {
        name.starts_with("src/") || name == "README.md"
    });
    let manifest = out.join("sdk-Cargo.toml");
    fs::write(&manifest, sdk_manifest(&root)).expect("OUT_DIR is writable");
    sdk.insert("Cargo.toml".into(), manifest);
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        sdk.insert(licence.into(), root.join(licence));
    }
    list(&mut packed, "SDK", &sdk);
    let lock = out.join("sdk-Cargo.lock");
    fs::write(&lock, lock_of_the_sdk(&root)).expect("OUT_DIR is writable");
    writeln!(
        packed,
        "pub(crate) static LOCK: &str = include_str!({lock:?});"
    )
    .unwrap();
    fs::write(out.join("packed.rs"), packed).expect("OUT_DIR is writable");
    for watched in ["Cargo.toml", "Cargo.lock", "sdk", "wit"] {
        println!("cargo::rerun-if-changed={}", root.join(watched).display());
    }
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=build.rs");
}

/// Files below a folder, by their names relative to it with `/`.
fn tree(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> BTreeMap<String, PathBuf> {
    fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, PathBuf>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let entry = entry.expect("a folder that can be listed");
            let name = entry.file_name().into_string().expect("names are UTF-8");
            let name = format!("{prefix}{name}");
            if entry.file_type().expect("a file has a type").is_dir() {
                walk(&entry.path(), &format!("{name}/"), files);
            } else {
                files.insert(name, entry.path());
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, "", &mut files);
    files.retain(|name, _| wanted(name));
    files
}

fn list(packed: &mut String, name: &str, files: &BTreeMap<String, PathBuf>) {
    writeln!(packed, "pub(crate) static {name}: &[(&str, &[u8])] = &[").unwrap();
    for (file, path) in files {
        writeln!(packed, "    ({file:?}, include_bytes!({path:?})),").unwrap();
    }
    packed.push_str("];\n");
}

fn read(path: &Path) -> Table {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.parse()
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The SDK's manifest without anything that it takes from the workspace.
fn sdk_manifest(root: &Path) -> String {
    let workspace = read(&root.join("Cargo.toml"));
    let shared = |section: &str, key: &str| -> Value {
        workspace["workspace"][section]
            .get(key)
            .unwrap_or_else(|| panic!("workspace.{section}.{key} is missing"))
            .clone()
    };
    let mut sdk = read(&root.join("sdk/Cargo.toml"));
    for section in ["lints", "dev-dependencies"] {
        sdk.remove(section);
    }
    let package = sdk["package"].as_table_mut().expect("[package] is a table");
    for (key, value) in package.iter_mut() {
        if value.get("workspace").is_some() {
            *value = shared("package", key);
        }
    }
    let dependencies = sdk["dependencies"].as_table_mut().expect("a table");
    for (key, value) in dependencies.iter_mut() {
        let Some(own) = value.as_table().filter(|own| own.contains_key("workspace")) else {
            continue;
        };
        let mut whole = match shared("dependencies", key) {
            Value::Table(table) => table,
            version => Table::from_iter([("version".to_owned(), version)]),
        };
        whole.extend(own.clone());
        whole.remove("workspace");
        *value = Value::Table(whole);
    }
    // Its own documentation is not the author's to test.
    let lib = Table::from_iter([("doctest".to_owned(), Value::Boolean(false))]);
    sdk.insert("lib".into(), Value::Table(lib));
    format!(
        "# Vendored with this plugin by `autods-host plugin new`; not to be edited.\n{}",
        toml::to_string(&sdk).expect("a manifest can be written")
    )
}

/// The part of our lock file that the SDK needs: an outsider's build uses the same versions.
fn lock_of_the_sdk(root: &Path) -> String {
    let lock = read(&root.join("Cargo.lock"));
    let packages = lock["package"].as_array().expect("[[package]]");
    let text = |package: &Value, key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let find = |wanted: &str| -> Option<&Value> {
        let (name, version) = wanted.split_once(' ').unwrap_or((wanted, ""));
        packages.iter().find(|package| {
            text(package, "name") == name
                && (version.is_empty() || version.starts_with(&text(package, "version")))
        })
    };
    let mut wanted = vec!["autods-sdk".to_owned()];
    let mut kept = BTreeSet::new();
    while let Some(next) = wanted.pop() {
        let Some(package) = find(&next) else { continue };
        if !kept.insert((text(package, "name"), text(package, "version"))) {
            continue;
        }
        let needs = package.get("dependencies").and_then(Value::as_array);
        wanted.extend(
            needs
                .into_iter()
                .flatten()
                .filter_map(|need| need.as_str().map(str::to_owned))
                // for the SDK's own tests only
                .filter(|need| need != "proptest"),
        );
    }
    let kept: Vec<Value> = packages
        .iter()
        .filter(|package| kept.contains(&(text(package, "name"), text(package, "version"))))
        .filter(|package| text(package, "name") != "autods-sdk")
        .cloned()
        .collect();
    let mut whole = Table::new();
    whole.insert("version".into(), lock["version"].clone());
    whole.insert("package".into(), Value::Array(kept));
    toml::to_string(&whole).expect("a lock file can be written")
}
