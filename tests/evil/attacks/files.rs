//! Attacks through the file system: names, links, exchanged files, compiled code.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use autods_sandbox::{Compiled, PluginFile, Sandbox, SourceLimits, Sources, loader};
use autods_tests::{Host, SmallTask};

use crate::build::{Module, job, manifest, policy, shard};
use crate::ground::{CANARIES, Ground, sources};
use crate::trial::{AtMost, Attack, Told, Trial};

/// A data folder, and beside it what must not be read.
fn folder(ground: &Ground) -> PathBuf {
    let folder = ground.at("data");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("stays.csv"), "n,t\n1,x\n").unwrap();
    fs::write(ground.at("secret.csv"), CANARIES.join("\n")).unwrap();
    folder
}

fn opens(trial: &mut Trial, way: &'static str, name: &'static str) {
    trial.attempt(way, "source-error", AtMost::Files, move |ground| {
        let folder = folder(ground);
        Told::failure(Sources::open(
            &folder,
            &[name.to_owned()],
            &SourceLimits::default(),
        ))
    });
}

pub const PATHS: Attack = Attack {
    name: "A path out of the data folder",
    tries: "A plugin never names a path: it gets numbers of files that the host matched. Whoever writes the \
            task might try with its patterns.",
    perform: |trial| {
        opens(trial, "`..`", "../secret.csv");
        opens(trial, "`..` after a folder", "stays.csv/../../secret.csv");
        opens(trial, "an absolute path", "/etc/passwd");
        opens(trial, "nothing", "");
        opens(trial, "the folder itself", ".");
        opens(trial, "a name with a zero byte", "stays.csv\0.gz");
        opens(trial, "a name that clears the screen", "\x1b[2J.csv");
        opens(trial, "a device of another system", "CON");
        trial.attempt(
            "a pattern with `..` in TASK.md",
            "exit 3",
            AtMost::Run,
            |_| {
                let host = Host::new();
                let directory = SmallTask::new(600, 5)
                    .with_task("files: [stays.csv]", "files: [\"../*.csv\"]")
                    .write(host.place());
                host.run(&directory, "evil").call().into_told(&host)
            },
        );
    },
};

pub const LINKS: Attack = Attack {
    name: "A link out of the data folder",
    tries: "A name that is harmless, for a file that is not: a link, a pipe, a device.",
    perform: |trial| {
        let links = |trial: &mut Trial, way, target: fn(&Ground) -> PathBuf| {
            trial.attempt(way, "source-error", AtMost::Files, move |ground| {
                let folder = folder(ground);
                let link = folder.join("link.csv");
                let _ = fs::remove_file(&link);
                symlink(target(ground), &link).unwrap();
                Told::failure(Sources::open(
                    &folder,
                    &["link.csv".to_owned()],
                    &SourceLimits::default(),
                ))
            });
        };
        links(trial, "a link to a file beside the folder", |ground| {
            ground.at("secret.csv")
        });
        links(trial, "a relative link upwards", |_| "../secret.csv".into());
        links(trial, "a link to a device", |_| "/dev/zero".into());
        links(trial, "a link to itself", |ground| {
            ground.at("data/link.csv")
        });
        trial.attempt(
            "a folder that is a link",
            "source-error",
            AtMost::Files,
            |ground| {
                let folder = folder(ground);
                let _ = fs::remove_file(folder.join("inner"));
                symlink(ground.place(), folder.join("inner")).unwrap();
                Told::failure(Sources::open(
                    &folder,
                    &["inner/secret.csv".to_owned()],
                    &SourceLimits::default(),
                ))
            },
        );
        trial.attempt(
            "a named pipe, which would be waited for",
            "source-error",
            AtMost::Files,
            |ground| {
                let folder = folder(ground);
                let pipe = folder.join("pipe.csv");
                let _ = fs::remove_file(&pipe);
                assert!(
                    std::process::Command::new("mkfifo")
                        .arg(&pipe)
                        .status()
                        .unwrap()
                        .success()
                );
                Told::failure(Sources::open(
                    &folder,
                    &["pipe.csv".to_owned()],
                    &SourceLimits::default(),
                ))
            },
        );
        super::papers::links(trial);
        trial.attempt(
            "a plugin that is a named pipe",
            "not-a-plain-file",
            AtMost::Files,
            |ground| {
                let component = ground.at("pipe.wasm");
                let _ = fs::remove_file(&component);
                assert!(
                    std::process::Command::new("mkfifo")
                        .arg(&component)
                        .status()
                        .unwrap()
                        .success()
                );
                write_manifest(ground, "pipe");
                Told::failure(PluginFile::read(&component, &policy()).map(|_| ()))
            },
        );
        trial.attempt(
            "a file that a link in the data folder of a task leads to",
            "exit 4",
            AtMost::Run,
            |_| {
                let host = Host::new();
                let directory = SmallTask::new(600, 5).write(host.place());
                let data = directory.join("data");
                let outside = host.at("outside.csv");
                fs::rename(data.join("stays.csv"), &outside).unwrap();
                symlink(&outside, data.join("stays.csv")).unwrap();
                host.run(&directory, "evil").call().into_told(&host)
            },
        );
    },
};

fn write_manifest(ground: &Ground, name: &str) {
    let text = toml::to_string(&manifest("loader")).unwrap();
    fs::write(ground.at(&format!("{name}.toml")), text).unwrap();
}

/// What a run said, with the folder of the test out of it.
pub trait IntoTold {
    fn into_told(self, host: &Host) -> Told;
}

impl IntoTold for autods_tests::Spoken {
    fn into_told(self, host: &Host) -> Told {
        let place = host.place().display().to_string();
        let mut told = Told::from(self);
        told.message = told.message.replace(&place, "DIR");
        told
    }
}

pub const SWAPPED: Attack = Attack {
    name: "Exchanged after it was checked",
    tries: "A file is exchanged between check and load, or after somebody pinned or signed it; or somebody \
            signs who is not trusted.",
    perform: |trial| {
        trial.attempt(
            "the component, between audit and compilation",
            "harmless",
            AtMost::Calls,
            |ground| {
                let component = ground.at("swapped.wasm");
                let honest = Module::second("(i64.store (i32.const 1032) (i64.const 11))").component("loader");
                let evil = Module::second("(i64.store (i32.const 1032) (i64.const 66))").component("loader");
                fs::write(&component, &honest).unwrap();
                write_manifest(ground, "swapped");
                let file = PluginFile::read(&component, &policy()).unwrap();
                fs::write(&component, &evil).unwrap();
                let plugin = ground.sandbox().admit(file).unwrap();
                let digest_is_of_the_honest = plugin.sha256() == crate::ground::sha256(&honest);
                match loader::load(&plugin, &sources(), &job(), &shard()) {
                    Ok((output, _)) if output.summary.records == 11 && digest_is_of_the_honest => Told::harmless(
                        "the bytes are read once: what was hashed and audited is what was compiled and ran",
                    ),
                    other => Told::harm(format!("{other:?}")),
                }
            },
        );
        super::papers::exchanged(trial);
        super::papers::forged(trial);
        trial.attempt(
            "a plugin of a run, before it is resumed",
            "exit 7",
            AtMost::Run,
            |_| {
                let host = Host::new();
                let directory = SmallTask::new(600, 5).write(host.place());
                let run = host.run(&directory, "evil");
                run.kill(std::time::Duration::ZERO);
                let plugin = run.directory().join("plugins/loader-table.wasm");
                let mut bytes = fs::read(&plugin).unwrap();
                let last = bytes.len() - 1;
                bytes[last] ^= 1;
                // a custom section at the end: still a component, but another one
                bytes.extend([0, 2, 1, b'x']);
                fs::write(&plugin, bytes).unwrap();
                host.resume(run.directory()).into_told(&host)
            },
        );
    },
};

pub const CACHE: Attack = Attack {
    name: "Poisoned cache",
    tries: "Compiled code on disk is machine code: whoever could exchange it would own the host.",
    perform: |trial| {
        let poisons = |trial: &mut Trial, way, poison: fn(&[u8]) -> Vec<u8>| {
            trial.attempt(way, "harmless", AtMost::Compilation, move |ground| {
                let cache = ground.at("poisoned");
                let _ = fs::remove_dir_all(&cache);
                let honest = compiled(&cache);
                assert_eq!(honest, Ok(Compiled::Fresh));
                let path = entry(&cache);
                fs::write(&path, poison(&fs::read(&path).unwrap())).unwrap();
                match compiled(&cache) {
                    Ok(Compiled::CacheRefused) => Told::harmless(
                        "not believed: its authentication code is wrong; compiled anew, `cache-refused`",
                    ),
                    other => Told::harm(format!("{other:?}")),
                }
            });
        };
        poisons(trial, "a bit of the code flipped", |bytes| {
            let mut bytes = bytes.to_vec();
            *bytes.last_mut().unwrap() ^= 1;
            bytes
        });
        poisons(trial, "the authentication code wiped", |bytes| {
            let mut bytes = bytes.to_vec();
            bytes[..32].fill(0);
            bytes
        });
        poisons(trial, "the file cut short", |bytes| {
            bytes[..bytes.len() / 2].to_vec()
        });
        poisons(trial, "something else", |_| b"\x7fELF".repeat(100));
        trial.attempt(
            "code of another component under this one's name",
            "harmless",
            AtMost::Compilation,
            |ground| {
                let cache = ground.at("exchanged");
                let _ = fs::remove_dir_all(&cache);
                let sandbox = Sandbox::new(policy(), Some(&cache)).unwrap();
                let other = Module::second("unreachable").component("loader");
                sandbox
                    .admit(PluginFile::from_parts(manifest("loader"), other, &policy()))
                    .unwrap();
                let theirs = entry(&cache);
                assert_eq!(compiled(&cache), Ok(Compiled::Fresh));
                let ours = fs::read_dir(&cache)
                    .unwrap()
                    .map(|entry| entry.unwrap().path())
                    .find(|path| *path != theirs)
                    .unwrap();
                fs::copy(&theirs, &ours).unwrap();
                match compiled(&cache) {
                    Ok(Compiled::CacheRefused) => Told::harmless(
                        "the authentication code covers the component's digest; compiled anew",
                    ),
                    other => Told::harm(format!("{other:?}")),
                }
            },
        );
        trial.attempt(
            "a cache that other users can write",
            "cache-open",
            AtMost::Files,
            |ground| {
                use std::os::unix::fs::PermissionsExt;
                let cache = ground.at("open");
                fs::create_dir_all(&cache).unwrap();
                fs::set_permissions(&cache, fs::Permissions::from_mode(0o777)).unwrap();
                match Sandbox::new(policy(), Some(&cache)) {
                    Ok(_) => Told::harm("it was used"),
                    Err(error) => Told {
                        code: "cache-open".into(),
                        message: error.to_string(),
                        forms: format!("{error:?}"),
                    },
                }
            },
        );
    },
};

/// Admits an honest plugin with this cache and calls it.
fn compiled(cache: &Path) -> Result<Compiled, String> {
    compiled_under(cache, &policy())
}

fn compiled_under(cache: &Path, policy: &autods_sandbox::Policy) -> Result<Compiled, String> {
    let sandbox = Sandbox::new(policy.clone(), Some(cache)).map_err(|error| error.to_string())?;
    let bytes = Module::default().component("loader");
    let plugin = sandbox
        .admit(PluginFile::from_parts(manifest("loader"), bytes, policy))
        .map_err(|refusal| refusal.to_string())?;
    loader::load(&plugin, &sources(), &job(), &shard()).map_err(|error| error.to_string())?;
    Ok(plugin.compiled())
}

/// The only file of a cache.
fn entry(cache: &Path) -> PathBuf {
    let mut entries = fs::read_dir(cache)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let first = entries.next().unwrap();
    assert_eq!(entries.next(), None);
    first
}

pub const ENGINES: Attack = Attack {
    name: "Engines mixed up",
    tries: "Code that was compiled for one engine is run by another, whose settings differ.",
    perform: |trial| {
        trial.attempt("two policies share one cache", "harmless", AtMost::Compilation, |ground| {
            let cache = ground.at("shared");
            let _ = fs::remove_dir_all(&cache);
            let mut other = policy();
            other.engine.stack_kib = 256;
            let seen = [
                compiled_under(&cache, &policy()),
                compiled_under(&cache, &other),
                compiled_under(&cache, &policy()),
            ];
            // the stack is a setting of the runtime, not of the code; whichever way, each must run
            match seen.iter().find_map(|seen| seen.as_ref().err()) {
                None if !seen.contains(&Ok(Compiled::CacheRefused)) => Told::harmless(
                    "code is kept under its engine's settings and version; each sandbox ran code of its own kind",
                ),
                _ => Told::harm(format!("{seen:?}")),
            }
        });
        trial.attempt(
            "a plugin outlives the sandbox that admitted it",
            "harmless",
            AtMost::Call,
            |ground| {
                let (sandbox, plugin) = crate::ground::admit_under(
                    &policy(),
                    "loader",
                    Module::second("(i64.store (i32.const 1032) (i64.const 11))")
                        .component("loader"),
                );
                drop(sandbox);
                let other = ground.admit("loader", Module::default().component("loader"));
                let first = loader::load(&plugin, &sources(), &job(), &shard());
                let second = loader::load(&other, &sources(), &job(), &shard());
                match (first, second) {
                    (Ok((first, _)), Ok((second, _)))
                        if (first.summary.records, second.summary.records) == (11, 0) =>
                    {
                        Told::harmless(
                            "a plugin carries its engine; there is no call that takes both",
                        )
                    }
                    other => Told::harm(format!("{other:?}")),
                }
            },
        );
    },
};
