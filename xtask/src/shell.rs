//! Running programs, and saying what is being done.

use std::{
    env,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};

/// Numbered steps with the time each took.
pub(crate) struct Steps {
    total: usize,
    done: usize,
    began: Instant,
}

impl Steps {
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            done: 0,
            began: Instant::now(),
        }
    }

    pub(crate) fn next(&mut self, what: &str) {
        self.finish();
        self.done += 1;
        self.began = Instant::now();
        complain(&format!("[{}/{}] {what}", self.done, self.total));
    }

    pub(crate) fn done(&self) {
        self.finish();
    }

    fn finish(&self) {
        if self.done > 0 {
            complain(&format!(
                "[{}/{}] {:.1} s",
                self.done,
                self.total,
                self.began.elapsed().as_secs_f64()
            ));
        }
    }
}

/// The checkout.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Run cargo in the checkout, with the toolchain that runs this program.
pub(crate) fn cargo(arguments: &[&str]) -> Result<()> {
    let program = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    run(&program, arguments)
}

pub(crate) fn run(program: &str, arguments: &[&str]) -> Result<()> {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .status()
        .with_context(|| format!("starting `{program}`"))?;
    if !status.success() {
        bail!("`{program} {}` failed ({status})", arguments.join(" "));
    }
    Ok(())
}

/// Whether a program answers.
pub(crate) fn has(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// What a program prints, trimmed.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .output()
        .with_context(|| format!("starting `{program}`"))?;
    if !output.status.success() {
        bail!("`{program} {}` failed", arguments.join(" "));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
