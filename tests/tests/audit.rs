//! `autods-host audit`: what an officer is told, and what a build server goes by.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail"
)]

use std::{fs, path::Path, time::Instant};

use autods_sandbox::{PluginFile, Policy};
use autods_tests::{Host, Module, SmallTask, bundled_task, pin, plugins, plugins_with_component};
use serde_json::Value;

fn json(host: &Host, arguments: &[&str]) -> (Option<i32>, Value) {
    let spoken = host.call(["audit", "--format", "json"].iter().chain(arguments));
    let told = serde_json::from_str(&spoken.out).unwrap_or_else(|e| panic!("{e}\n{spoken}"));
    (spoken.code, told)
}

fn ids(told: &Value) -> Vec<String> {
    let plugins = told["plugins"].as_array().unwrap().iter();
    plugins
        .map(|plugin| plugin["id"].as_str().unwrap().to_owned())
        .collect()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn every_bundled_plugin_is_admitted_and_audited_in_under_fifty_milliseconds() {
    let mut seen = 0;
    for entry in fs::read_dir(plugins()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "wasm") {
            continue;
        }
        // the least of a few, because the machine may have other work
        let took = (0..10)
            .map(|_| {
                let began = Instant::now();
                let file = PluginFile::read(&path, &Policy::default()).unwrap();
                let took = began.elapsed();
                assert!(file.audit().admitted(), "{}", file.audit());
                took
            })
            .min()
            .unwrap();
        assert!(took.as_millis() < 50, "{}: {took:?}", path.display());
        seen += 1;
    }
    assert!(seen >= 9, "only {seen} plugins were found");
}

#[test]
fn the_plugins_of_a_task_are_those_that_a_run_of_it_would_use() {
    let host = Host::new();
    let (code, told) = json(&host, &["--task", text(&bundled_task())]);
    assert_eq!(code, Some(0), "{told:#}");
    assert_eq!(told["occasion"], "task");
    let ids = ids(&told);
    for id in [
        "loader-table",
        "method-impute-encode-scale",
        "agent-modeler",
        "agent-orchestrator",
    ] {
        assert!(
            ids.iter().any(|known| known == id),
            "{id} is not in {ids:?}"
        );
    }
}

#[test]
fn a_plugin_that_a_task_wants_and_nobody_installed_is_a_finding() {
    let host = Host::new();
    let task = SmallTask::new(600, 3)
        .with_task("loader: loader-table", "loader: loader-absent")
        .write(host.place());
    let (code, told) = json(&host, &["--task", text(&task)]);
    assert_eq!(code, Some(5));
    assert_eq!(told["verdict"], "refused");
    let absent = told["plugins"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["id"] == "loader-absent");
    assert_eq!(
        absent.unwrap()["refusals"][0]["code"],
        "unreadable",
        "{told:#}"
    );
}

#[test]
fn a_run_is_audited_under_its_own_policy_from_its_own_copies() {
    let host = Host::new();
    let task = SmallTask::new(600, 3).write(host.place());
    let run = host.run(&task, "kept");
    run.call().must_end_with(0);
    let kept = run.directory();
    let (code, told) = json(&host, &["--run", text(kept)]);
    assert_eq!(
        (code, &told["about"]),
        (Some(0), &"kept".into()),
        "{told:#}"
    );
    let component = kept.join("plugins/loader-table.wasm");
    let mut bytes = fs::read(&component).unwrap();
    bytes.extend([0, 2, 1, b'x']);
    fs::write(&component, bytes).unwrap();
    let spoken = host.call(["audit", "--run", text(kept)]);
    spoken.must_end_with(7);
    spoken.must_say(&["loader-table.wasm", "not what the run was begun with"]);
}

#[test]
fn a_refused_plugin_ends_with_code_five_in_every_format() {
    let host = Host::new();
    let component =
        wat::parse_str(r#"(component (import "wasi:sockets/tcp@0.2.6" (instance)))"#).unwrap();
    let folder = host.at("plugins");
    fs::create_dir(&folder).unwrap();
    let place = folder.join("leaky.wasm");
    fs::write(&place, component).unwrap();
    let manifest = "[plugin]\nid = \"leaky\"\nversion = \"1\"\nworld = \"agent\"\ncontract = \"0.1.0\"\n[roles]\nmay = [\"modeler\"]\n";
    fs::write(folder.join("leaky.toml"), manifest).unwrap();
    for (format, word) in [
        ("table", "DENIED"),
        ("json", "\"undeclared-import\""),
        ("sarif", "\"ruleId\": \"undeclared-import\""),
        ("html", "wasi:sockets/tcp@0.2.6"),
    ] {
        let spoken = host.call(["audit", text(&place), "--format", format]);
        spoken.must_end_with(5);
        assert!(spoken.out.contains(word), "{format}: {word}\n{spoken}");
    }
    let out = host.at("audit.html");
    let spoken = host.call([
        "audit",
        text(&place),
        "--format",
        "html",
        "--out",
        text(&out),
    ]);
    spoken.must_end_with(5);
    assert!(spoken.out.contains("refused"), "{spoken}");
    assert!(
        fs::read_to_string(&out)
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );
}

#[test]
fn an_audit_runs_nothing() {
    let host = Host::new();
    // whoever would compile or call this one would notice
    let component = Module {
        fields: "(func $s (loop $again (br $again))) (start $s)".into(),
        ..Module::first("(loop $again (br $again))")
    }
    .component("loader");
    let folder = plugins_with_component(host.place(), "loader-hostile", "loader", &component);
    pin(&folder);
    let began = Instant::now();
    let spoken = host.call(["audit", "loader-hostile", "--plugins", text(&folder)]);
    spoken.must_end_with(0);
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
}
