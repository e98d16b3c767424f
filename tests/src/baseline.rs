//! A finished synthetic run of the bundled task, made once.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{
    host::{Host, Spoken},
    places,
};

/// A finished run that nobody changes.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// Its directory.
    pub run: PathBuf,
    /// What the program said.
    pub spoken: Spoken,
    /// How long it took.
    pub took: Duration,
}

/// The finished run; made by the first test that asks for it after a change of host, plugins or
/// task, and waited for by the others, whichever process they are in.
///
/// # Panics
/// If the run cannot be started. Whether it ended well is for the tests to say.
pub fn baseline() -> Baseline {
    let kept = places::kept();
    let place = kept.join(format!("baseline-{}", fingerprint()));
    let note = place.join("said.json");
    let lock = fs::File::create(kept.join("baseline.lock")).unwrap();
    lock.lock().unwrap();
    if !note.is_file() {
        forget_others(&kept);
        make(&place, &note);
    }
    lock.unlock().unwrap();
    read(&place, &note)
}

fn make(place: &Path, note: &Path) {
    let _ = fs::remove_dir_all(place);
    fs::create_dir_all(place).unwrap();
    let host = Host::new();
    let watched = host
        .run(&places::bundled_task(), "baseline")
        .synthetic()
        .out(&place.join("run"))
        .watch();
    let said = json!({
        "code": watched.spoken.code,
        "out": watched.spoken.out,
        "err": watched.spoken.err,
        "milliseconds": u64::try_from(watched.took.as_millis()).unwrap(),
    });
    fs::write(note, said.to_string()).unwrap();
}

fn read(place: &Path, note: &Path) -> Baseline {
    let said: serde_json::Value = serde_json::from_slice(&fs::read(note).unwrap()).unwrap();
    let text = |key: &str| said[key].as_str().unwrap().to_owned();
    let code = said["code"]
        .as_i64()
        .and_then(|code| i32::try_from(code).ok());
    Baseline {
        run: place.join("run"),
        spoken: Spoken {
            code,
            out: text("out"),
            err: text("err"),
        },
        took: Duration::from_millis(said["milliseconds"].as_u64().unwrap()),
    }
}

/// Of everything that decides what the run does.
fn fingerprint() -> String {
    let mut files = vec![places::host_program()];
    for directory in [places::plugins(), places::bundled_task()] {
        let entries = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let decides = |path: &PathBuf| {
            path.extension()
                .is_some_and(|e| e == "wasm" || e == "toml" || e == "md")
        };
        files.extend(entries.filter(decides));
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(Sha256::digest(fs::read(file).unwrap()));
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn forget_others(kept: &Path) {
    for entry in fs::read_dir(kept).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with("baseline-") {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
