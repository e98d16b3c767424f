//! Fuzzing, each target for a bounded time.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::progress::Progress;
use crate::workspace::{Workspace, run};

/// Seconds for each target, where nobody says otherwise.
const SECONDS: u64 = 60;
/// Seconds after which a single input is a finding, because it hangs.
const HANG: u64 = 20;
/// Mebibytes after which a single input is a finding, because it fills the memory.
const MEMORY_MIB: u64 = 2048;
/// Longest input of a target that is not named in [`longest`], in bytes.
const LONGEST: u64 = 16 << 10;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// Targets; none: all.
    targets: Vec<String>,
    time: Duration,
}

impl Options {
    /// From the words after `fuzz`.
    pub(crate) fn parse<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut options = Self {
            targets: Vec::new(),
            time: Duration::from_secs(SECONDS),
        };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if word == "--seconds" {
                let seconds = words.next().unwrap_or_default();
                let number: u64 = seconds.parse().ok().filter(|n| *n > 0).with_context(|| {
                    format!("`--seconds` takes a whole number above 0, not `{seconds}`")
                })?;
                options.time = Duration::from_secs(number);
            } else if word.starts_with('-') {
                bail!("`{word}` is no option of `cargo xtask fuzz`; there is `--seconds N`");
            } else {
                options.targets.push(word.to_owned());
            }
        }
        Ok(options)
    }
}

/// `cargo xtask fuzz [TARGET]… [--seconds N]`
pub(crate) fn fuzz(workspace: &Workspace, options: &Options) -> Result<()> {
    let known = targets(&workspace.root)?;
    if let Some(stranger) = options.targets.iter().find(|name| !known.contains(name)) {
        bail!(
            "there is no fuzz target `{stranger}`; there are {}",
            known.join(", ")
        );
    }
    let chosen = if options.targets.is_empty() {
        &known
    } else {
        &options.targets
    };
    if !workspace.has("cargo", &["fuzz", "--version"]) {
        bail!(
            "cargo-fuzz is missing: `cargo install cargo-fuzz`. It also needs a C++ compiler, for \
             libFuzzer."
        );
    }
    let mut progress = Progress::new(chosen.len() + 1);
    let built = workspace.target.join("fuzz");
    progress.step("building the targets, with instrumentation", || {
        build(workspace, &built, &options.targets)
    })?;
    let mut findings = Vec::new();
    for target in chosen {
        let what = format!("fuzzing `{target}` for {} s", options.time.as_secs());
        let finding = progress.step(&what, || {
            let round = Round::of(workspace, &built, target)?;
            round.plant()?;
            round.run(options.time)
        })?;
        findings.extend(finding);
    }
    if findings.is_empty() {
        progress.finish("nothing found");
        return Ok(());
    }
    for finding in &findings {
        eprintln!("{finding}");
    }
    bail!(
        "{} of {} targets found something",
        findings.len(),
        chosen.len()
    );
}

/// Names of the targets: the files of `fuzz/fuzz_targets`.
fn targets(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("fuzz/fuzz_targets");
    let entries =
        std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "rs")
            && let Some(stem) = path.file_stem().and_then(|s| s.to_str())
        {
            names.push(stem.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Without a sanitizer: it would need a nightly compiler, and nearly all code is safe Rust.
fn build(workspace: &Workspace, built: &Path, targets: &[String]) -> Result<()> {
    let cargo = |target: Option<&String>| {
        let mut command = Command::new("cargo");
        command
            .args(["fuzz", "build", "--fuzz-dir", "fuzz"])
            .args(["--sanitizer", "none", "--codegen-units", "16"])
            .arg("--target-dir")
            .arg(built)
            .args(target)
            .current_dir(&workspace.root)
            // cargo-fuzz takes the compiler for a nightly one
            .env("RUSTC_BOOTSTRAP", "1");
        run(&mut command)
    };
    match targets {
        [] => cargo(None),
        targets => targets.iter().try_for_each(|target| cargo(Some(target))),
    }
}

/// One target, built.
struct Round {
    target: String,
    program: PathBuf,
    corpus: PathBuf,
    artifacts: PathBuf,
}

impl Round {
    fn of(workspace: &Workspace, built: &Path, target: &str) -> Result<Self> {
        // cargo-fuzz names the platform, so that build scripts are not instrumented
        let program = std::fs::read_dir(built)
            .with_context(|| format!("reading {}", built.display()))?
            .filter_map(Result::ok)
            .map(|entry| entry.path().join("release").join(target))
            .find(|path| path.is_file())
            .with_context(|| format!("`{target}` was built, but is not in {}", built.display()))?;
        let fuzz = workspace.root.join("fuzz");
        Ok(Self {
            target: target.to_owned(),
            program,
            corpus: fuzz.join("corpus").join(target),
            artifacts: fuzz.join("artifacts").join(target),
        })
    }

    /// The first inputs, made by the target itself; what earlier rounds found stays.
    fn plant(&self) -> Result<()> {
        std::fs::create_dir_all(&self.artifacts)
            .with_context(|| format!("making {}", self.artifacts.display()))?;
        let output = Command::new(&self.program)
            .env("AUTODS_FUZZ_SEEDS", &self.corpus)
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("starting {}", self.program.display()))?;
        if !output.status.success() {
            bail!(
                "`{}` could not make its first inputs ({}):\n{}",
                self.target,
                output.status,
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(())
    }

    /// What it found, in a sentence; `None`: nothing.
    fn run(&self, time: Duration) -> Result<Option<String>> {
        let output = Command::new(&self.program)
            .arg(&self.corpus)
            .arg(format!("-artifact_prefix={}/", self.artifacts.display()))
            .arg(format!("-max_total_time={}", time.as_secs()))
            .arg(format!("-timeout={HANG}"))
            .arg(format!("-rss_limit_mb={MEMORY_MIB}"))
            .arg(format!("-max_len={}", longest(&self.target)))
            .args(["-print_final_stats=1", "-use_value_profile=1"])
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("starting {}", self.program.display()))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let summary = Summary::of(&said);
        println!(
            "      {} inputs tried, {} edges and {} features covered, {} inputs kept",
            summary.tried, summary.edges, summary.features, summary.kept
        );
        if output.status.success() {
            return Ok(None);
        }
        for line in said.lines().rev().take(40).collect::<Vec<_>>().iter().rev() {
            eprintln!("      | {line}");
        }
        Ok(Some(match reproducer(&said) {
            Some(input) => format!(
                "`{}` failed on the input {input}; to see it again: {} {input}",
                self.target,
                self.program.display()
            ),
            None => format!(
                "`{}` ended ({}) without leaving an input",
                self.target, output.status
            ),
        }))
    }
}

/// Longest input, in bytes; a component or a task of some use is longer than most.
fn longest(target: &str) -> u64 {
    match target {
        "component" | "task" => 4 * LONGEST,
        _ => LONGEST,
    }
}

/// What libFuzzer says at the end.
#[derive(Debug, Default, PartialEq, Eq)]
struct Summary {
    tried: u64,
    edges: u64,
    features: u64,
    kept: u64,
}

impl Summary {
    fn of(said: &str) -> Self {
        let mut summary = Self::default();
        for line in said.lines() {
            if let Some(count) = line.strip_prefix("stat::number_of_executed_units:") {
                summary.tried = count.trim().parse().unwrap_or(0);
            }
            // such as `#8192 pulse cov: 93 ft: 140 corp: 12/345b …`
            let words: Vec<&str> = line.split_whitespace().collect();
            for pair in words.windows(2) {
                let count = |text: &str| text.split('/').next().unwrap_or("").parse().unwrap_or(0);
                match pair[0] {
                    "cov:" => summary.edges = count(pair[1]),
                    "ft:" => summary.features = count(pair[1]),
                    "corp:" => summary.kept = count(pair[1]),
                    _ => {}
                }
            }
        }
        summary
    }
}

/// Where libFuzzer wrote the input that failed.
fn reproducer(said: &str) -> Option<&str> {
    said.lines()
        .find_map(|line| line.split_once("Test unit written to "))
        .map(|(_, path)| path.trim())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn targets_and_time_can_be_chosen() {
        let options = Options::parse(["lock", "--seconds", "5", "names"]).unwrap();
        assert_eq!(options.targets, ["lock", "names"]);
        assert_eq!(options.time, Duration::from_secs(5));
        let all = Options::parse([]).unwrap();
        assert_eq!(all.time, Duration::from_secs(SECONDS));
        for wrong in [
            &["--seconds"][..],
            &["--seconds", "0"],
            &["--seconds", "x"],
            &["--time"],
        ] {
            Options::parse(wrong.iter().copied()).unwrap_err();
        }
    }

    #[test]
    fn what_libfuzzer_says_is_understood() {
        let said = "\
#2\tINITED cov: 10 ft: 11 corp: 1/1b exec/s: 0 rss: 30Mb
#8192\tpulse  cov: 93 ft: 140 corp: 12/345b lim: 80 exec/s: 4096 rss: 31Mb
==1== ERROR: libFuzzer: deadly signal
artifact_prefix='/a/'; Test unit written to /a/crash-0
stat::number_of_executed_units: 9000
";
        let expected = Summary {
            tried: 9000,
            edges: 93,
            features: 140,
            kept: 12,
        };
        assert_eq!(Summary::of(said), expected);
        assert_eq!(reproducer(said), Some("/a/crash-0"));
    }

    #[test]
    fn every_target_is_a_program_of_the_fuzz_package() {
        let root = Workspace::here().root;
        let manifest = std::fs::read_to_string(root.join("fuzz/Cargo.toml")).unwrap();
        let names = targets(&root).unwrap();
        assert!(names.len() > 5);
        for name in names {
            assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
        }
    }
}
