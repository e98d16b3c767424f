//! Compiled code on disk is believed only if this host wrote it.

use std::fs;
use std::path::{Path, PathBuf};

use autods_sandbox::{Compiled, Sandbox, loader};

use crate::build::{Module, file, job, policy, shard, sources};

fn admitted(dir: &Path, module: &Module) -> Compiled {
    let sandbox = Sandbox::new(policy(), Some(dir)).unwrap();
    let plugin = sandbox
        .admit(file("loader", module.component("loader")))
        .unwrap();
    assert!(loader::load(&plugin, &sources(), &job(), &shard()).is_ok());
    plugin.compiled()
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[test]
fn the_second_time_is_from_the_cache() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("compiled");
    let module = Module::default();
    assert_eq!(admitted(&dir, &module), Compiled::Fresh);
    assert_eq!(admitted(&dir, &module), Compiled::Cached);
    assert_eq!(entries(&dir).len(), 1);
}

#[test]
fn a_poisoned_file_is_compiled_again() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("compiled");
    let module = Module::default();
    admitted(&dir, &module);
    let path = entries(&dir).remove(0);
    let honest = fs::read(&path).unwrap();
    let mut flipped = honest.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let mut unsigned = honest.clone();
    unsigned[..32].fill(0);
    for poison in [
        flipped,
        unsigned,
        honest[..honest.len() / 2].to_vec(),
        b"short".to_vec(),
        vec![],
    ] {
        fs::write(&path, poison).unwrap();
        assert_eq!(admitted(&dir, &module), Compiled::CacheRefused);
        assert_eq!(admitted(&dir, &module), Compiled::Cached);
    }
}

#[test]
fn code_of_another_plugin_is_not_taken_for_this_one() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("compiled");
    let other = Module {
        data: vec![1, 2, 3],
        ..Module::default()
    };
    admitted(&dir, &other);
    let theirs = entries(&dir).remove(0);
    let module = Module::default();
    admitted(&dir, &module);
    let ours = entries(&dir)
        .into_iter()
        .find(|path| *path != theirs)
        .unwrap();
    fs::copy(&theirs, &ours).unwrap();
    assert_eq!(admitted(&dir, &module), Compiled::CacheRefused);
}

#[test]
fn code_of_another_host_is_not_believed() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("compiled");
    let module = Module::default();
    admitted(&dir, &module);
    fs::remove_file(home.path().join("compiled.key")).unwrap();
    assert_eq!(admitted(&dir, &module), Compiled::CacheRefused);
}

#[cfg(unix)]
#[test]
fn folder_and_key_belong_to_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("compiled");
    admitted(&dir, &Module::default());
    let key = home.path().join("compiled.key");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(&dir), mode(&key), mode(&entries(&dir)[0])),
        (0o700, 0o600, 0o600)
    );
    for (path, open) in [(&key, 0o644), (&dir, 0o770)] {
        let before = mode(path);
        fs::set_permissions(path, fs::Permissions::from_mode(open)).unwrap();
        let error = Sandbox::new(policy(), Some(&dir)).err().unwrap();
        assert!(error.to_string().contains("chmod go-rwx"), "{error}");
        fs::set_permissions(path, fs::Permissions::from_mode(before)).unwrap();
    }
}
