//! A run, from its command line to its end or its killing.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::host::{Host, Spoken};

/// `autods-host run`, described piece by piece.
#[derive(Debug)]
pub struct Run<'h> {
    host: &'h Host,
    out: PathBuf,
    arguments: Vec<OsString>,
    plugins: Option<PathBuf>,
}

/// A program that was watched to its end.
#[derive(Clone, Debug)]
pub struct Watched {
    /// What it said.
    pub spoken: Spoken,
    /// How long it took.
    pub took: Duration,
    /// The most memory it had at once, in bytes (`VmHWM`); 0 where the system does not tell.
    pub peak: u64,
}

impl<'h> Run<'h> {
    pub(crate) fn new(host: &'h Host, task: &Path, name: &str) -> Self {
        let out = host.at(name);
        let arguments = vec![
            "run".into(),
            "--task".into(),
            task.into(),
            "--name".into(),
            name.into(),
        ];
        Self {
            host,
            out,
            arguments,
            plugins: None,
        }
    }

    fn with(mut self, key: &str, value: &Path) -> Self {
        self.arguments.push(key.into());
        self.arguments.push(value.into());
        self
    }

    /// On the task's synthetic cohort.
    #[must_use]
    pub fn synthetic(mut self) -> Self {
        self.arguments.push("--synthetic".into());
        self
    }

    /// On the files in this directory.
    #[must_use]
    pub fn data(self, directory: &Path) -> Self {
        self.with("--data", directory)
    }

    /// Under this policy.
    #[must_use]
    pub fn policy(self, file: &Path) -> Self {
        self.with("--policy", file)
    }

    /// With these plugins.
    #[must_use]
    pub fn plugins(mut self, directory: &Path) -> Self {
        self.plugins = Some(directory.to_owned());
        self
    }

    /// Into this directory instead of the host's place.
    #[must_use]
    pub fn out(mut self, directory: &Path) -> Self {
        self.out = directory.to_owned();
        self
    }

    /// Where the run directory will be.
    pub fn directory(&self) -> &Path {
        &self.out
    }

    /// The command, not started yet.
    pub fn command(&self) -> Command {
        let mut command = self.host.command(&self.arguments);
        command.arg("--out").arg(&self.out);
        if let Some(plugins) = &self.plugins {
            command.arg("--plugins").arg(plugins);
        }
        command
    }

    /// See it through.
    pub fn call(&self) -> Spoken {
        Spoken::from(self.command().output().unwrap())
    }

    /// See it through, with a watch on time and memory.
    pub fn watch(&self) -> Watched {
        Watched::of(self.command(), &self.host.at("watched"))
    }

    /// Start it, and kill it (SIGKILL) `after` its `run.toml` is there. What it said if it ended
    /// before.
    pub fn kill(&self, after: Duration) -> Option<Spoken> {
        kill_after(self.command(), &self.out, after)
    }
}

impl Host {
    /// Resume a run, and kill that (SIGKILL) `after` so long. What it said if it ended before.
    pub fn resume_and_kill(&self, run: &Path, after: Duration) -> Option<Spoken> {
        let command = self.command([OsString::from("resume"), run.into()]);
        kill_after(command, run, after)
    }
}

fn kill_after(mut command: Command, run: &Path, after: Duration) -> Option<Spoken> {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // a run that has no run.toml yet has not begun
    while !run.join("run.toml").is_file() && child.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(2));
    }
    let due = Instant::now() + after;
    while Instant::now() < due {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(Spoken {
                code: status.code(),
                out: String::new(),
                err: String::new(),
            });
        }
        sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

impl Watched {
    /// Run a command to its end; `scratch` names two files for what it says.
    fn of(mut command: Command, scratch: &Path) -> Self {
        let (out, err) = (scratch.with_extension("out"), scratch.with_extension("err"));
        let file = |path: &Path| fs::File::create(path).unwrap();
        let began = Instant::now();
        let mut child = command
            .stdout(file(&out))
            .stderr(file(&err))
            .spawn()
            .unwrap();
        let mut peak = 0;
        let code = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status.code();
            }
            peak = peak.max(peak_of(&child));
            sleep(Duration::from_millis(20));
        };
        let text = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        let spoken = Spoken {
            code,
            out: text(&out),
            err: text(&err),
        };
        Self {
            spoken,
            took: began.elapsed(),
            peak,
        }
    }
}

/// `VmHWM` of a living process, in bytes.
fn peak_of(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line
        .and_then(|text| text.split_whitespace().next())
        .and_then(|n| n.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
