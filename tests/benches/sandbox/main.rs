//! What the sandbox costs, each thing beside the same work done natively in the same run.
//!
//! `cargo xtask bench sandbox [--json] [GROUP …]`. The sides of a row are run in alternating
//! rounds; what counts is the ratio of the minima, because whatever else runs on the machine only
//! ever adds time. Times are processor time of the measuring thread, so that a shared machine is in
//! them only by its caches; what waits (compilation on several threads, a process, a disk) is timed
//! on the wall's clock. How noisy it was is printed with it.
//!
//! "Natively" is what a host without a sandbox would do for the same end: load a plugin by
//! `dlopen`, isolate one by starting a process, call it through a pointer, copy memory, hash a
//! file, write a line. No time is asserted: slow is no failure.

#![allow(
    clippy::print_stdout,
    reason = "a benchmark's output is what it prints"
)]

mod bare;
mod border;
mod calls;
mod components;
mod keeping;
mod loaders;
mod loading;
mod machine;
mod measure;
mod native;
mod report;

use std::error::Error;
use std::path::PathBuf;

use autods_sandbox::Policy;
use autods_sandbox::policy::Profile;
use report::Report;

type Fallible<T> = Result<T, Box<dyn Error>>;

/// Where things are, and what is asked for.
struct Setting {
    /// Built components with their manifests.
    plugins: PathBuf,
    /// Only groups whose name has one of these in it; empty: all.
    only: Vec<String>,
}

fn main() -> Fallible<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo bench` passes it, `cargo test --all-targets` does not.
    if !arguments.iter().any(|argument| argument == "--bench") {
        println!("a benchmark, not a test: nothing to do without --bench");
        return Ok(());
    }
    let json = arguments.iter().any(|argument| argument == "--json");
    let setting = Setting {
        plugins: plugins()?,
        only: arguments
            .into_iter()
            .filter(|argument| !argument.starts_with("--"))
            .collect(),
    };
    if let Ok(times) = std::env::var("AUTODS_BENCH_PROFILE") {
        return loaders::profile(&setting, times.parse()?);
    }
    let mut report = Report::new(json);
    type Group = fn(&Setting, &mut Report) -> Fallible<()>;
    let groups: [(&str, Group); 5] = [
        ("loading", loading::loading),
        ("calls", calls::calls),
        ("records", keeping::keeping),
        ("border", border::border),
        ("loaders", loaders::loaders),
    ];
    for (name, group) in groups {
        let wanted = |asked: &String| name.contains(asked.as_str());
        if setting.only.is_empty() || setting.only.iter().any(wanted) {
            group(&setting, &mut report)?;
        }
    }
    report.finish();
    Ok(())
}

/// The default limits on everything; what is made up here is not pinned by a lock.
fn policy() -> Policy {
    let mut policy = Policy::of(Profile::Development);
    policy.log.show = false;
    policy
}

/// `$AUTODS_PLUGINS`, or `plugins` beside the host: this program is in `release/deps`.
fn plugins() -> Fallible<PathBuf> {
    let folder = match std::env::var_os("AUTODS_PLUGINS") {
        Some(folder) => PathBuf::from(folder),
        None => std::env::current_exe()?
            .ancestors()
            .nth(2)
            .ok_or("this program has no folder")?
            .join("plugins"),
    };
    if !folder.join("loader-table.wasm").is_file() {
        let folder = folder.display();
        return Err(format!(
            "{folder} holds no loader-table.wasm; run `cargo xtask plugins` first"
        )
        .into());
    }
    Ok(folder)
}
