//! Published versions of the contract stay as they are, and plugins built for each of them run.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use autods_sandbox::{
    ACCEPTED, CONTRACT, PluginFile, Policy, Profile, Sandbox, Sources, World, agent, loader, method,
};
use autods_tests::{Module, contract};
use sha2::{Digest as _, Sha256};
use wit_parser::Resolve;

fn published() -> PathBuf {
    contract().join("published")
}

/// The files of one version, by name.
fn files(folder: &Path) -> BTreeMap<String, String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "wit"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn digest(files: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    for (name, text) in files {
        for part in [name, text] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The version that a text of the contract gives itself.
fn version(folder: &Path) -> String {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(folder).unwrap();
    let version = resolve.packages[package].name.version.clone();
    version.expect("the contract has a version").to_string()
}

fn number(version: &str) -> Vec<u64> {
    version
        .split('.')
        .map(|part| part.parse().unwrap())
        .collect()
}

#[test]
fn a_published_version_is_never_changed() {
    for version in ACCEPTED {
        let found = digest(&files(&published().join(version.version)));
        assert_eq!(
            found, version.sha256,
            "wit/published/{} was changed. Plugins were built against it: put it back as it was, and make the change in \
             wit/ under a new version",
            version.version
        );
    }
    let mut there: Vec<String> = fs::read_dir(published())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort_by_key(|version| number(version));
    let accepted: Vec<&str> = ACCEPTED.iter().map(|one| one.version).collect();
    assert_eq!(
        there, accepted,
        "wit/published and `ACCEPTED` name other versions"
    );
}

#[test]
fn the_working_text_is_a_published_version_or_a_new_one() {
    let working = version(&contract());
    assert_eq!(working, CONTRACT, "wit/ and the host are of other versions");
    let folder = published().join(&working);
    if folder.is_dir() {
        assert_eq!(version(&folder), working);
        assert!(
            files(&contract()) == files(&folder),
            "wit/ says that it is {working}, which was published with another text: give it a new version"
        );
    } else {
        let newest = ACCEPTED
            .iter()
            .map(|one| number(one.version))
            .max()
            .unwrap();
        assert!(number(&working) > newest, "{working} is no new version");
    }
}

/// A component of that world, built against the published text of that version alone.
fn built(world: World, version: &str) -> Vec<u8> {
    Module::default().component_of(world.name(), &published().join(version), version)
}

#[test]
fn plugins_built_for_every_accepted_version_run() {
    let policy = Policy::of(Profile::Development);
    let sandbox = Sandbox::new(policy.clone(), None).unwrap();
    let place = tempfile::tempdir().unwrap();
    for published in ACCEPTED {
        for world in World::ALL {
            let id = format!("{world}-old");
            let component = place.path().join(format!("{id}.wasm"));
            fs::write(&component, built(world, published.version)).unwrap();
            let manifest = manifest(&id, world, published.version);
            fs::write(component.with_extension("toml"), manifest).unwrap();
            let plugin = PluginFile::read(&component, &policy)
                .and_then(|file| sandbox.admit(file))
                .unwrap_or_else(|refusal| panic!("{world} {}: {refusal}", published.version));
            // an empty memory is an empty answer in every world
            match world {
                World::Loader => {
                    let job = loader::Job {
                        tables: Vec::new(),
                        params: Vec::new(),
                    };
                    let sources = Sources::open(place.path(), &[], &Default::default()).unwrap();
                    let (shards, _) = loader::plan(&plugin, &sources, &job, 1 << 20).unwrap();
                    assert!(shards.is_empty());
                }
                World::Method => {
                    let recipe = method::Recipe {
                        columns: Vec::new(),
                        outcome: None,
                        inner_fold: None,
                        params: Vec::new(),
                    };
                    let names = method::OutputNames::of(&recipe, std::iter::empty());
                    let (fitted, _) = method::fit(&plugin, &[], &recipe, 1, &names).unwrap();
                    assert!(fitted.state.is_empty());
                }
                World::Agent => {
                    let (actions, _) = agent::act(&plugin, &briefing()).unwrap();
                    assert!(actions.is_empty());
                }
            }
        }
    }
}

fn briefing() -> agent::Briefing {
    let text = include_str!("../../host/author/src/case/briefing.json");
    serde_json::from_str(text).unwrap()
}

fn manifest(id: &str, world: World, contract: &str) -> String {
    let (requires, more) = match world {
        World::Loader => (
            "\"log\", \"read-sources\", \"emit-rows\"",
            "[tables]\n\"*\" = [\"*\"]\n",
        ),
        World::Method => ("\"log\", \"see-rows\"", ""),
        World::Agent => ("\"log\", \"see-aggregates\", \"act\"", ""),
    };
    format!(
        "[plugin]\nid = \"{id}\"\nversion = \"0.1.0\"\nworld = \"{world}\"\ncontract = \"{contract}\"\n\
         [capabilities]\nrequires = [{requires}]\n{more}"
    )
}
