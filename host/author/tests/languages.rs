//! Templates of other languages than Rust, with their real toolchains where those are installed.
//!
//! clang and wasm-ld are looked for on the path. `AUTODS_VENV` names a Python environment with componentize-py, `AUTODS_NODE_MODULES` a
//! `node_modules` with jco; otherwise the programs are looked for on the path. A language whose
//! toolchain is not there is skipped, loudly.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use autods_author::{
    CaseReport, NewPlugin, Project, Silent, before_install, build, cases, language, new_plugin,
    run_case,
};
use autods_sandbox::policy::Profile;
use autods_sandbox::{Compiled, PluginFile, Policy, Sandbox, World};

/// A new plugin with its toolchain beside it, or `None` where that is not installed.
fn folder(parent: &Path, name: &str, world: World) -> Option<PathBuf> {
    let new = NewPlugin {
        name: "trial",
        world,
        language: language(name).unwrap(),
        parent,
        sdk: None,
    };
    let folder = new_plugin(&new).unwrap();
    let (variable, inside) = match name {
        "python" => ("AUTODS_VENV", ".venv"),
        "js" => ("AUTODS_NODE_MODULES", "node_modules"),
        _ => ("PATH", ""),
    };
    if !inside.is_empty()
        && let Some(installed) = std::env::var_os(variable)
    {
        std::os::unix::fs::symlink(installed, folder.join(inside)).unwrap();
    }
    match new.language.toolchain(&folder, &Silent) {
        Ok(tools) => {
            eprintln!("{name}: {tools:?}");
            Some(folder)
        }
        Err(error) => {
            eprintln!(
                "SKIP: {name} is not tried, its toolchain is missing ({error}); set {variable}"
            );
            None
        }
    }
}

fn everything(name: &str, world: World) {
    let parent = tempfile::tempdir().unwrap();
    let Some(folder) = folder(parent.path(), name, world) else {
        return;
    };
    let project = Project::open(&folder).unwrap();
    let native = project.language().native_tests(&project, &Silent).unwrap();
    assert_eq!(native, Some(true), "the template's own tests");
    // The standard policy: what these toolchains make needs no stub and no exception.
    let policy = before_install(&Policy::of(Profile::Standard));
    assert!(!policy.wasi.stubs);
    let built = build(&project, &policy, &Silent).unwrap();
    assert!(built.audit.admitted(), "{}", built.audit);
    let foreign = built
        .audit
        .imports
        .iter()
        .find(|import| !import.name.starts_with("autods:plugin/"));
    assert_eq!(foreign, None);
    let cache = parent.path().join("cache");
    let mut shown = policy.clone();
    shown.log.show = true;
    let admit = || {
        let sandbox = Sandbox::new(shown.clone(), Some(&cache)).unwrap();
        let began = Instant::now();
        let file = PluginFile::read(&built.component, &shown).unwrap();
        let plugin = sandbox.admit(file).unwrap();
        (sandbox, plugin, began.elapsed())
    };
    let (_, plugin, cold) = admit();
    assert_eq!(plugin.compiled(), Compiled::Fresh);
    let (sandbox, plugin, cached) = admit();
    eprintln!(
        "{name} {world}: {} KiB, {} modules, {} functions, largest {} bytes, {} MiB at the start, cold {} ms, cached {} ms",
        built.audit.bytes / 1024,
        built.audit.shape.modules,
        built.audit.shape.functions,
        built.audit.shape.largest_function,
        built.audit.shape.initial_memory >> 20,
        cold.as_millis(),
        cached.as_millis()
    );
    let all = cases(&project).unwrap();
    assert!(all.len() >= 3);
    for case in &all {
        let report = run_case(&sandbox, &plugin, case, false).unwrap();
        assert!(
            report.passed(),
            "{}: {:?} {:?}",
            report.case,
            report.problems,
            report.messages
        );
    }
}

#[test]
fn a_loader_in_python_builds_and_passes_every_case() {
    everything("python", World::Loader);
}

#[test]
fn a_method_in_python_builds_and_passes_every_case() {
    everything("python", World::Method);
}

#[test]
fn an_agent_in_python_builds_and_passes_every_case() {
    everything("python", World::Agent);
}

#[test]
fn a_loader_in_javascript_builds_and_passes_every_case() {
    everything("js", World::Loader);
}

#[test]
fn a_method_in_javascript_builds_and_passes_every_case() {
    everything("js", World::Method);
}

#[test]
fn an_agent_in_javascript_builds_and_passes_every_case() {
    everything("js", World::Agent);
}

#[test]
fn a_loader_in_c_builds_and_passes_every_case() {
    everything("c", World::Loader);
}

#[test]
fn a_method_in_c_builds_and_passes_every_case() {
    everything("c", World::Method);
}

#[test]
fn an_agent_in_c_builds_and_passes_every_case() {
    everything("c", World::Agent);
}

/// The agent in C with a piece of code at the beginning of `act`; what became of its first case,
/// and the line of that code.
fn agent_in_c_that_begins_with(code: &str) -> Option<(CaseReport, usize)> {
    let parent = tempfile::tempdir().unwrap();
    let folder = folder(parent.path(), "c", World::Agent)?;
    let source = folder.join("src/critic.c");
    let text = std::fs::read_to_string(&source).unwrap();
    let first = "    struct buffer actions = {0};";
    let spoilt = text
        .replace(
            "#include <string.h>",
            "#include <stdlib.h>\n#include <string.h>",
        )
        .replace(first, &format!("    {code}\n{first}"));
    let line = 1 + spoilt.lines().position(|l| l.contains(code)).unwrap();
    std::fs::write(&source, spoilt).unwrap();
    let project = Project::open(&folder).unwrap();
    let policy = before_install(&Policy::of(Profile::Development));
    let built = build(&project, &policy, &Silent).unwrap();
    let sandbox = Sandbox::new(policy.clone(), None).unwrap();
    let file = PluginFile::read(&built.component, &policy).unwrap();
    let plugin = sandbox.admit(file).unwrap();
    let case = &cases(&project).unwrap()[0];
    Some((run_case(&sandbox, &plugin, case, false).unwrap(), line))
}

/// In C nothing unwinds: `REQUIRE` says where it gave up, and ends the call.
#[test]
fn what_is_required_in_c_and_does_not_hold_is_named_with_file_and_line() {
    let Some((report, line)) = agent_in_c_that_begins_with("REQUIRE(briefing == 0);") else {
        return;
    };
    assert!(!report.passed());
    let said: Vec<&str> = report.messages.iter().map(|m| m.text.as_str()).collect();
    assert_eq!(
        said,
        [format!("gave up at src/critic.c:{line}: briefing == 0")]
    );
}

/// A wrong `free` must not become another value somewhere else.
#[test]
fn what_is_freed_twice_in_c_ends_the_call() {
    let code = "void *once = obtain(1); free(once); free(once);";
    let Some((report, _)) = agent_in_c_that_begins_with(code) else {
        return;
    };
    assert!(!report.passed());
    assert!(
        report.problems[0].what.contains("trap"),
        "{:?}",
        report.problems
    );
}

#[test]
fn a_missing_toolchain_is_named_with_what_to_do() {
    let parent = tempfile::tempdir().unwrap();
    for (name, remedy) in [("python", "requirements.txt"), ("js", "npm install")] {
        let new = NewPlugin {
            name: &format!("bare-{name}"),
            world: World::Loader,
            language: language(name).unwrap(),
            parent: parent.path(),
            sdk: None,
        };
        let folder = new_plugin(&new).unwrap();
        // Only where it is not on the path can it be missing.
        match new.language.toolchain(&folder, &Silent) {
            Err(error) => assert!(error.to_string().contains(remedy), "{error}"),
            Ok(tools) => eprintln!("SKIP: {name} is on the path of this machine ({tools:?})"),
        }
    }
}
