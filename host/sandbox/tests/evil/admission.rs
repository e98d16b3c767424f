//! What is refused before anything is compiled.

use autods_sandbox::{Audit, Capability, Manifest, PluginFile, Refusal, Sandbox};

use crate::build::{Module, file, manifest, open, policy, refusal};

#[test]
fn a_plugin_with_exactly_its_worlds_imports_is_admitted() {
    for world in ["loader", "method", "agent"] {
        let file = file(world, Module::default().component(world));
        assert!(file.audit().admitted(), "{}", file.audit());
        assert!(file.audit().imports.iter().all(|import| import.allowed));
        assert!(Sandbox::new(policy(), None).unwrap().admit(file).is_ok());
    }
}

#[test]
fn a_socket_is_refused_by_name() {
    let refusal = refusal(
        "loader",
        r#"(component (import "wasi:sockets/tcp@0.2.6" (instance)))"#,
    );
    assert_eq!(refusal.code(), "undeclared-import");
    assert!(
        refusal.to_string().contains("`wasi:sockets/tcp@0.2.6`"),
        "{refusal}"
    );
}

#[test]
fn nothing_of_wasi_and_nothing_unknown_is_linked() {
    for (name, code) in [
        ("wasi:cli/environment@0.2.6", "wasi-stubs-off"),
        ("wasi:clocks/wall-clock@0.2.6", "wasi-stubs-off"),
        ("wasi:http/types@0.2.0", "undeclared-import"),
        ("acme:x/y", "undeclared-import"),
        ("y", "undeclared-import"),
    ] {
        let component = format!(r#"(component (import "{name}" (instance)))"#);
        for world in ["loader", "method", "agent"] {
            assert_eq!(refusal(world, &component).code(), code, "{name}");
        }
    }
}

#[test]
fn an_interface_of_another_world_is_refused() {
    for (world, interface) in [
        ("method", "sources"),
        ("method", "sink"),
        ("agent", "sources"),
        ("agent", "sink"),
        ("loader", "board"),
        ("method", "board"),
        ("method", "ingest"),
    ] {
        let component =
            format!(r#"(component (import "autods:plugin/{interface}@0.1.0" (instance)))"#);
        assert_eq!(
            refusal(world, &component).code(),
            "undeclared-import",
            "{world} {interface}"
        );
    }
}

#[test]
fn another_version_says_what_is_needed_and_what_is_there() {
    let component = r#"(component (import "autods:plugin/log@0.2.0" (instance)))"#;
    let refusal = refusal("loader", component);
    assert_eq!(refusal.code(), "contract-version");
    assert!(
        refusal
            .to_string()
            .contains("needs contract 0.2.0, this host has 0.1.0"),
        "{refusal}"
    );

    let mut manifest = manifest("loader");
    manifest.plugin.contract = "0.0.9".into();
    let file = PluginFile::from_parts(manifest, Module::default().component("loader"), &policy());
    let refusal = &file.audit().refusals[0];
    assert!(
        refusal
            .to_string()
            .contains("the manifest needs contract 0.0.9"),
        "{refusal}"
    );
}

#[test]
fn a_version_that_only_looks_alike_is_refused() {
    for version in ["0.1.1", "0.1.0-rc.1", "1.0.0"] {
        let component = format!(r#"(component (import "autods:plugin/log@{version}" (instance)))"#);
        assert_eq!(
            refusal("agent", &component).code(),
            "contract-version",
            "{version}"
        );
    }
    let component = r#"(component (import "autods:plugin/log" (instance)))"#;
    assert_eq!(refusal("agent", component).code(), "contract-version");
}

#[test]
fn only_interfaces_can_be_imported() {
    for (import, kind) in [
        (r#"(import "m" (core module))"#, "core module"),
        (r#"(import "f" (func))"#, "function"),
        (r#"(import "c" (component))"#, "component"),
    ] {
        match refusal("method", &format!("(component {import})")) {
            Refusal::ImportKind { kind: found, .. } => assert_eq!(found, kind),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn an_import_nested_inside_can_only_be_fed_from_the_top() {
    // The inner component wants a socket; the outer one must import it to have one.
    let component = r#"(component
        (import "wasi:sockets/network@0.2.6" (instance $net))
        (component $inner (import "wasi:sockets/network@0.2.6" (instance)))
        (instance (instantiate $inner (with "wasi:sockets/network@0.2.6" (instance $net)))))"#;
    assert_eq!(refusal("method", component).code(), "undeclared-import");
}

#[test]
fn the_world_must_be_exported_and_nothing_else() {
    assert_eq!(refusal("agent", "(component)").code(), "missing-export");
    let method = file("agent", Module::default().component("method"));
    assert_eq!(method.audit().refusals[0].code(), "unexpected-export");
    let component =
        r#"(component (instance $i) (export "autods:plugin/acting@0.1.0" (instance $i)))"#;
    assert_eq!(refusal("agent", component).code(), "wrong-types");
}

#[test]
fn an_allowed_name_with_other_functions_inside_is_refused() {
    let honest = Module::default().component("agent");
    assert!(file("agent", honest).audit().admitted());
    let component = r#"(component
        (import "autods:plugin/log@0.1.0" (instance (export "exfiltrate" (func))))
        (instance $i) (export "autods:plugin/acting@0.1.0" (instance $i)))"#;
    assert_eq!(refusal("agent", component).code(), "wrong-types");
}

#[test]
fn what_is_not_a_component_is_refused() {
    let honest = Module::default().component("loader");
    let code = |bytes: &[u8]| file("loader", bytes.to_vec()).audit().refusals[0].code();
    assert_eq!(code(&wat::parse_str("(module)").unwrap()), "core-module");
    assert_eq!(code(b""), "not-webassembly");
    assert_eq!(code(b"#!/bin/sh\nrm -rf /\n"), "not-webassembly");
    assert_eq!(code(b"\0asm"), "malformed-component");
    let mut engine = wasmtime::Config::new();
    let engine = wasmtime::Engine::new(engine.wasm_component_model(true)).unwrap();
    assert_eq!(
        code(&engine.precompile_component(&honest).unwrap()),
        "precompiled"
    );
    for cut in [9, 30, honest.len() / 2, honest.len() - 1] {
        assert!(
            !file("loader", honest[..cut].to_vec()).audit().admitted(),
            "{cut}"
        );
    }
    let doubled = [honest.clone(), honest].concat();
    assert!(!file("loader", doubled).audit().admitted());
}

#[test]
fn a_component_larger_than_the_policy_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let component = dir.path().join("evil.wasm");
    std::fs::write(&component, vec![0; 4096]).unwrap();
    std::fs::write(
        dir.path().join("evil.toml"),
        toml::to_string(&manifest("loader")).unwrap(),
    )
    .unwrap();
    let mut policy = policy();
    policy.component.size_kib = 1;
    let refusal = PluginFile::read(&component, &policy).err().unwrap();
    assert_eq!(refusal, Refusal::TooLarge { limit_kib: 1 });
}

#[test]
fn absurd_memories_tables_and_functions_are_refused_before_compilation() {
    let oversized = |fields: &str, what: &str| {
        let module = format!("(component (core module (memory 1) {fields}) {EXPORT})");
        let file = file("agent", wat::parse_str(&module).unwrap());
        let found = file.audit().refusals.iter().any(
            |refusal| matches!(refusal, Refusal::Oversized { what: found, .. } if *found == what),
        );
        assert!(found, "{what}: {}", file.audit());
    };
    oversized("(table 4000000000 funcref)", "initial table elements");
    let memory = "(component (core module (memory 60000)) (core module (memory 60000)))";
    let file = file("agent", wat::parse_str(memory).unwrap());
    assert!(
        file.audit()
            .refusals
            .iter()
            .any(|refusal| refusal.code() == "oversized")
    );
    let body = "(func ".to_owned() + &"nop ".repeat(2 << 20) + ")";
    oversized(&body, "bytes in one function");
    let modules = "(core module)".repeat(65);
    let many = format!("(component {modules} {EXPORT})");
    assert_eq!(refusal("agent", &many).code(), "oversized");
}

const EXPORT: &str = r#"(instance $i) (export "autods:plugin/acting@0.1.0" (instance $i))"#;

#[test]
fn features_that_could_change_a_result_are_off() {
    for module in [
        "(module (memory i64 1))",
        "(module (memory 1) (memory 1))",
        "(module (memory 1 1 shared))",
        "(module (type (struct)))",
        "(module (tag))",
    ] {
        let module = module.replace("(module", "(core module");
        let component = format!("(component {module} {EXPORT})");
        let refusal = refusal("agent", &component);
        assert_eq!(refusal.code(), "malformed-component", "{module}: {refusal}");
    }
}

#[test]
fn a_manifest_that_asks_for_more_than_the_policy_is_refused() {
    let mut greedy = manifest("loader");
    greedy.limits.insert("memory-mib".into(), 17);
    let file = PluginFile::from_parts(greedy, Module::default().component("loader"), &policy());
    assert_eq!(
        file.audit().refusals,
        [Refusal::AbovePolicy {
            key: "memory-mib".into(),
            asked: 17,
            given: 16
        }]
    );
}

#[test]
fn a_file_read_under_a_lax_policy_is_audited_again_under_the_strict_one() {
    let mut greedy = manifest("loader");
    greedy.limits.insert("memory-mib".into(), 17);
    let file = PluginFile::from_parts(greedy, Module::default().component("loader"), &open());
    assert!(file.audit().admitted());
    let refused = Sandbox::new(policy(), None)
        .unwrap()
        .admit(file)
        .err()
        .unwrap();
    assert_eq!(refused.code(), "above-policy");
}

#[test]
fn an_audit_reads_as_a_page_and_as_json() {
    let bytes = wat::parse_str(
        r#"(component (import "autods:plugin/log@0.1.0" (instance)) (import "wasi:sockets/tcp@0.2.6" (instance)))"#,
    )
    .unwrap();
    let audit = Audit::of(&manifest("loader"), &bytes, &policy());
    let page = audit.to_string();
    assert!(
        page.contains("allowed  autods:plugin/log@0.1.0  say something"),
        "{page}"
    );
    assert!(
        page.contains("REFUSED  wasi:sockets/tcp@0.2.6  not of this world"),
        "{page}"
    );
    assert!(
        page.contains("not admitted\n    undeclared-import: it imports `wasi:sockets/tcp@0.2.6`"),
        "{page}"
    );
    let json = serde_json::to_value(&audit).unwrap();
    assert_eq!(
        json["imports"][0]["capability"],
        serde_json::to_value(Capability::Log).unwrap()
    );
    assert_eq!(json["refusals"][0]["code"], "undeclared-import");
}

#[test]
fn a_manifest_is_found_beside_the_component() {
    let dir = tempfile::tempdir().unwrap();
    let component = dir.path().join("evil.wasm");
    std::fs::write(&component, Module::default().component("agent")).unwrap();
    let missing = PluginFile::read(&component, &policy()).err().unwrap();
    assert_eq!(missing.code(), "bad-manifest");
    let text = toml::to_string(&manifest("agent")).unwrap();
    assert_eq!(Manifest::parse("x", &text).unwrap(), manifest("agent"));
    std::fs::write(dir.path().join("plugin.toml"), &text).unwrap();
    assert!(
        PluginFile::read(&component, &policy())
            .unwrap()
            .audit()
            .admitted()
    );
    std::fs::write(dir.path().join("evil.toml"), "[plugin]\nidd = 3\n").unwrap();
    let own = PluginFile::read(&component, &policy()).err().unwrap();
    assert!(
        own.to_string()
            .contains("evil.toml:2: unknown key `plugin.idd`; did you mean `id`?"),
        "{own}"
    );
}
