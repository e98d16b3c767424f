//! Attacks on what vouches for a plugin: digests, lock, signatures, and the folder that they lie in.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use autods_sandbox::{Lock, PluginFile, Policy, Profile};
use autods_signature::{SecretKey, Signer, sign};

use crate::build::{Module, manifest, policy};
use crate::ground::{Ground, sha256};
use crate::trial::{AtMost, Told, Trial};

/// The small limits, and every plugin pinned.
fn locked() -> Policy {
    Policy {
        plugins: Policy::of(Profile::Standard).plugins,
        ..policy()
    }
}

/// The small limits, and every plugin signed by this key.
fn signed_by(key: &SecretKey) -> Policy {
    let mut policy = policy();
    policy.plugins.signature = Policy::of(Profile::Strict).plugins.signature;
    policy.signers = vec![Signer {
        name: "the data office".into(),
        key: key.public(),
        plugins: None,
        worlds: None,
    }];
    policy
}

/// An honest plugin in a folder of its own, pinned; its component.
fn pinned(ground: &Ground) -> PathBuf {
    let folder = ground.at("pinned");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let component = folder.join("evil.wasm");
    let bytes = Module::default().component("loader");
    fs::write(&component, &bytes).unwrap();
    let mut manifest = manifest("loader");
    manifest.component.sha256 = Some(sha256(&bytes));
    fs::write(
        folder.join("evil.toml"),
        toml::to_string(&manifest).unwrap(),
    )
    .unwrap();
    let mut lock = Lock::default();
    lock.pin(
        PluginFile::read_to_pin(&component, &locked())
            .unwrap()
            .audit(),
    );
    lock.write(&folder).unwrap();
    // as it is, it would be admitted: what is refused below is what was done to it
    assert!(
        PluginFile::read(&component, &locked())
            .unwrap()
            .audit()
            .admitted()
    );
    component
}

fn read(component: &Path, policy: &Policy) -> Told {
    match PluginFile::read(component, policy) {
        Err(refusal) => refusal.into(),
        Ok(file) => match file.audit().refusals.first() {
            Some(refusal) => refusal.clone().into(),
            None => Told::harm("it would be admitted"),
        },
    }
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    fs::write(path, text.replace(from, to)).unwrap();
}

/// Ways to exchange something between the day a plugin was looked at and the day it is loaded.
pub fn exchanged(trial: &mut Trial) {
    let tampers = |trial: &mut Trial, way, expected: &str, tamper: fn(&Path)| {
        trial.attempt(way, expected, AtMost::Audit, move |ground| {
            let component = pinned(ground);
            tamper(&component);
            read(&component, &locked())
        });
    };
    tampers(
        trial,
        "another component under the same name",
        "other-component",
        |component| {
            fs::write(component, Module::second("unreachable").component("loader")).unwrap();
        },
    );
    tampers(
        trial,
        "another component, and its digest in the manifest",
        "other-than-locked",
        |component| {
            let was = sha256(&fs::read(component).unwrap());
            let other = Module::second("unreachable").component("loader");
            fs::write(component, &other).unwrap();
            edit(&component.with_extension("toml"), &was, &sha256(&other));
        },
    );
    tampers(
        trial,
        "a manifest that asks for other tables",
        "other-than-locked",
        |component| {
            edit(&component.with_extension("toml"), "\"*\"", "\"stays\"");
        },
    );
    tampers(
        trial,
        "a lock whose limits were raised",
        "bad-lock",
        |component| {
            edit(
                &component.with_file_name("autods.lock"),
                "memory-mib = 16",
                "memory-mib = 4096",
            );
        },
    );
    tampers(trial, "no lock any more", "not-locked", |component| {
        fs::remove_file(component.with_file_name("autods.lock")).unwrap();
    });
    tampers(trial, "an empty lock", "not-locked", |component| {
        Lock::default().write(component.parent().unwrap()).unwrap();
    });
}

/// Ways to sign what nobody trusted has seen.
pub fn forged(trial: &mut Trial) {
    let signs =
        |trial: &mut Trial, way, expected: &str, perform: fn(&Path, &SecretKey) -> Policy| {
            trial.attempt(way, expected, AtMost::Audit, move |ground| {
                let component = pinned(ground);
                let key = SecretKey::generate().unwrap();
                let manifest = component.with_extension("toml");
                let text = fs::read(&manifest).unwrap();
                fs::write(
                    component.with_extension("toml.minisig"),
                    sign(&key, &text, "evil 1.0.0").unwrap(),
                )
                .unwrap();
                assert!(
                    PluginFile::read(&component, &signed_by(&key))
                        .unwrap()
                        .audit()
                        .admitted()
                );
                let policy = perform(&component, &key);
                let mut told = read(&component, &policy);
                // a key made for the test has an id of its own each time
                told.message = told.message.replace(&key.id().to_string(), "KEY");
                told
            });
        };
    signs(
        trial,
        "no signature, where one is required",
        "signature-missing",
        |component, key| {
            fs::remove_file(component.with_extension("toml.minisig")).unwrap();
            signed_by(key)
        },
    );
    signs(
        trial,
        "a good signature by somebody whom nobody trusts",
        "signature-unknown-key",
        |_, _| signed_by(&SecretKey::generate().unwrap()),
    );
    signs(
        trial,
        "the signature of another manifest",
        "signature-bad",
        |component, key| {
            let other = sign(key, b"[plugin]\n", "evil 1.0.0").unwrap();
            fs::write(component.with_extension("toml.minisig"), other).unwrap();
            signed_by(key)
        },
    );
    signs(
        trial,
        "a signature by a key that was revoked",
        "signature-revoked-key",
        |_, key| {
            let mut policy = signed_by(key);
            policy.revoked.keys.push(key.id());
            policy
        },
    );
    signs(
        trial,
        "a key that may sign for agents only",
        "signature-not-allowed",
        |_, key| {
            let mut policy = signed_by(key);
            policy.signers[0].worlds = Some(vec!["agent".into()]);
            policy
        },
    );
    signs(
        trial,
        "another component under a signed manifest",
        "other-component",
        |component, key| {
            fs::write(component, Module::second("unreachable").component("loader")).unwrap();
            signed_by(key)
        },
    );
}

/// Links and pipes where files of a plugin should be.
pub fn links(trial: &mut Trial) {
    let places = |trial: &mut Trial, way, place: fn(&Path) -> PathBuf| {
        trial.attempt(way, "not-a-plain-file", AtMost::Audit, move |ground| {
            let component = pinned(ground);
            let file = place(&component);
            let elsewhere = ground.at("elsewhere");
            if file.exists() {
                fs::rename(&file, &elsewhere).unwrap();
            } else {
                fs::write(&elsewhere, "").unwrap();
            }
            symlink(&elsewhere, &file).unwrap();
            read(&component, &locked())
        });
    };
    places(trial, "a component that is a link", Path::to_owned);
    places(trial, "a manifest that is a link", |component| {
        component.with_extension("toml")
    });
    places(trial, "a lock that is a link", |component| {
        component.with_file_name("autods.lock")
    });
    places(trial, "a signature that is a link", |component| {
        component.with_extension("toml.minisig")
    });
}
