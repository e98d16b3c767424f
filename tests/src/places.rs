//! Where things are.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The checkout's root.
fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The directory of the contract, `wit/`.
pub fn contract() -> PathBuf {
    checkout().join("wit")
}

/// The bundled task.
pub fn bundled_task() -> PathBuf {
    checkout().join("tasks/task-readmission-risk")
}

/// The directory that holds the programs of this build: two above `deps/<this test>`.
fn built() -> PathBuf {
    let own = env::current_exe().unwrap();
    own.parent().and_then(Path::parent).unwrap().to_owned()
}

/// A place under the target directory for what outlives one test.
pub fn kept() -> PathBuf {
    let kept = built().parent().unwrap().join("tmp/autods-tests");
    fs::create_dir_all(&kept).unwrap();
    kept
}

/// The program: `$AUTODS_HOST`, or `autods-host` of this build, or that of the release profile.
///
/// # Panics
/// If it has not been built; the message says how to.
pub fn host_program() -> PathBuf {
    if let Some(named) = env::var_os("AUTODS_HOST") {
        let named = PathBuf::from(named);
        assert!(
            named.is_file(),
            "$AUTODS_HOST is {}, which is not a file",
            named.display()
        );
        return named;
    }
    let built = built();
    let places = [
        built.join("autods-host"),
        built.parent().unwrap().join("release/autods-host"),
    ];
    for place in &places {
        if place.is_file() {
            return place.clone();
        }
    }
    panic!(
        "\n\n    autods-host is not built: there is neither {} nor {}.\n    \
         Run `cargo xtask build` first, or `cargo xtask test`, which does both.\n",
        places[0].display(),
        places[1].display()
    );
}

/// The directory of the bundled plugins: `$AUTODS_PLUGINS`, or `plugins` beside the program.
///
/// # Panics
/// If it is not there; the message says how to make it.
pub fn plugins() -> PathBuf {
    let plugins = env::var_os("AUTODS_PLUGINS")
        .map(PathBuf::from)
        .unwrap_or_else(|| host_program().parent().unwrap().join("plugins"));
    assert!(
        plugins.join("loader-table.wasm").is_file(),
        "\n\n    the plugins are not built: {} holds no loader-table.wasm.\n    Run `cargo xtask build` first.\n",
        plugins.display()
    );
    plugins
}

/// A folder of the shared data sets, if this machine has them: below `$AUTODS_DATA`, or below
/// `shared/data` beside the checkout.
pub fn shipped_data(folder: &str) -> Option<PathBuf> {
    let root = env::var_os("AUTODS_DATA")
        .map(PathBuf::from)
        .unwrap_or_else(|| checkout().join("../shared/data"));
    let found = root.join(folder);
    found.is_dir().then_some(found)
}

/// [`shipped_data`], and a loud word where there is none.
pub fn data(folder: &str) -> Option<PathBuf> {
    let found = shipped_data(folder);
    if found.is_none() {
        note(&format!(
            "SKIPPED: no {folder} here. Set AUTODS_DATA to the directory that holds it to run this test."
        ));
    }
    found
}

/// Say something that whoever runs the tests should not miss.
pub fn note(words: &str) {
    eprintln!("\n==== {words} ====\n");
}

/// Copy a directory with everything in it.
pub fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
