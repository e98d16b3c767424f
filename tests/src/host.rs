//! The program, called as a person would.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{places, run::Run};

/// `autods-host` with a place of its own: keys and run directories are in it and go with it. The
/// cache of compiled plugins is shared between tests. With `$AUTODS_TESTS_KEEP` set, the place stays
/// and is named, so that a failed run can be looked into.
#[derive(Debug)]
pub struct Host {
    program: PathBuf,
    place: TempDir,
}

/// What the program said.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// Its exit code; `None` if it was killed.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub err: String,
}

impl Host {
    /// The program.
    ///
    /// # Panics
    /// If it or its plugins have not been built.
    pub fn new() -> Self {
        let (program, _) = (places::host_program(), places::plugins());
        let place = tempfile::Builder::new()
            .prefix("autods-test-")
            .tempdir()
            .unwrap();
        let mut host = Self { program, place };
        if std::env::var_os("AUTODS_TESTS_KEEP").is_some() {
            host.place.disable_cleanup(true);
            places::note(&format!("kept: {}", host.place().display()));
        }
        host
    }

    /// The program's file.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Its place.
    pub fn place(&self) -> &Path {
        self.place.path()
    }

    /// A path in its place.
    pub fn at(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// The program's command line and surroundings, not started yet.
    pub fn command<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, arguments: I) -> Command {
        let mut command = Command::new(&self.program);
        self.surround(&mut command);
        command.args(arguments);
        command
    }

    /// Give any command the surroundings of the program.
    pub fn surround(&self, command: &mut Command) {
        // made by the program, with the rights that it asks for
        let cache = places::kept().join("code");
        command
            .current_dir(self.place())
            .env("AUTODS_PLUGINS", places::plugins())
            .env("AUTODS_KEYS", self.at("keys"))
            .env("AUTODS_CACHE", cache)
            .env_remove("AUTODS_TASKS")
            .env_remove("AUTODS_LOG")
            .stdin(Stdio::null());
    }

    /// Call it and wait.
    pub fn call<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, arguments: I) -> Spoken {
        Spoken::from(self.command(arguments).output().unwrap())
    }

    /// A run of a task, to be described further.
    pub fn run(&self, task: &Path, name: &str) -> Run<'_> {
        Run::new(self, task, name)
    }

    /// `resume`.
    pub fn resume(&self, run: &Path) -> Spoken {
        self.call([OsStr::new("resume"), run.as_os_str()])
    }

    /// `verify`.
    pub fn verify(&self, run: &Path) -> Spoken {
        self.call([OsStr::new("verify"), run.as_os_str()])
    }

    /// `verify --against`.
    pub fn compare(&self, run: &Path, other: &Path) -> Spoken {
        self.call([
            OsStr::new("verify"),
            run.as_os_str(),
            OsStr::new("--against"),
            other.as_os_str(),
        ])
    }

    /// `status --json`.
    pub fn status(&self, run: &Path) -> Value {
        let spoken = self.call([OsStr::new("status"), run.as_os_str(), OsStr::new("--json")]);
        spoken.must_end_with(0);
        serde_json::from_str(&spoken.out).unwrap()
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Output> for Spoken {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Spoken {
    /// Everything it said.
    pub fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// # Panics
    /// If it did not end with this code; the message has everything it said.
    #[track_caller]
    pub fn must_end_with(&self, code: i32) {
        assert_eq!(self.code, Some(code), "not the expected exit code\n{self}");
    }

    /// # Panics
    /// If one of the words is not in what it wrote to standard error.
    #[track_caller]
    pub fn must_say(&self, words: &[&str]) {
        for word in words {
            assert!(
                self.err.contains(word),
                "`{word}` is not in the message\n{self}"
            );
        }
    }
}

impl std::fmt::Display for Spoken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "exit code: {:?}\n--- standard output\n{}--- standard error\n{}",
            self.code, self.out, self.err
        )
    }
}
