//! Attacks by what a plugin asks for: they end before anything of it is compiled.

use autods_sandbox::{PluginFile, World};
use autods_tests::with_inner;

use crate::build::{Module, manifest, policy};
use crate::ground::Ground;
use crate::trial::{AtMost, Attack, Told, Trial};

/// How the host refuses a component; the audit and the admission must agree.
pub fn refused(ground: &Ground, world: &str, bytes: Vec<u8>) -> Told {
    let file = PluginFile::from_parts(manifest(world), bytes, &policy());
    let audit = file.audit().clone();
    let told = Told::failure(ground.sandbox().admit(file).map(|_| ()));
    if audit
        .refusals
        .first()
        .is_none_or(|first| first.code() != told.code)
    {
        return Told::harm(format!(
            "the audit says something else: {:?}",
            audit.refusals
        ));
    }
    told.with_forms(&format!("{audit} {}", serde_json::json!(audit)))
}

fn refuses(trial: &mut Trial, way: &'static str, expected: &str, world: &'static str, text: &str) {
    let bytes = wat::parse_str(text).unwrap();
    trial.attempt(way, expected, AtMost::Audit, move |ground| {
        refused(ground, world, bytes)
    });
}

fn imports(trial: &mut Trial, way: &'static str, expected: &str, world: &'static str, name: &str) {
    let text = format!(r#"(component (import "{name}" (instance)))"#);
    refuses(trial, way, expected, world, &text);
}

pub const SOCKETS: Attack = Attack {
    name: "A wire",
    tries: "A plugin asks for a way out: sockets, HTTP, or an interface that nobody knows.",
    perform: |trial| {
        let code = "undeclared-import";
        imports(
            trial,
            "`wasi:sockets`, a loader",
            code,
            "loader",
            "wasi:sockets/tcp@0.2.6",
        );
        imports(
            trial,
            "`wasi:http`, a method",
            code,
            "method",
            "wasi:http/outgoing-handler@0.2.0",
        );
        imports(
            trial,
            "`wasi:sockets`, an agent",
            code,
            "agent",
            "wasi:sockets/udp@0.2.6",
        );
        imports(
            trial,
            "an interface of its own",
            code,
            "loader",
            "acme:beacon/send",
        );
        imports(
            trial,
            "a function outside every package",
            code,
            "agent",
            "send",
        );
    },
};

pub const SMUGGLING: Attack = Attack {
    name: "Smuggled import",
    tries: "A plugin hides an import: deep inside, under a name that is allowed, as something that is no \
            interface, behind a thousand others.",
    perform: |trial| {
        refuses(
            trial,
            "in a nested component, fed from the top",
            "undeclared-import",
            "method",
            r#"(component
                (import "wasi:sockets/network@0.2.6" (instance $net))
                (component $inner (import "wasi:sockets/network@0.2.6" (instance)))
                (instance (instantiate $inner (with "wasi:sockets/network@0.2.6" (instance $net)))))"#,
        );
        trial.attempt(
            "in a nested component, fed from nowhere",
            "malformed-component",
            AtMost::Audit,
            |ground| {
                let inner = r#"(component (import "wasi:sockets/network@0.2.6" (instance)))"#;
                refused(
                    ground,
                    "loader",
                    with_inner(&Module::default().component("loader"), inner, 1),
                )
            },
        );
        refuses(
            trial,
            "an allowed name with another function inside",
            "wrong-types",
            "agent",
            r#"(component
                (import "autods:plugin/log@0.1.0" (instance (export "exfiltrate" (func))))
                (instance $i) (export "autods:plugin/acting@0.1.0" (instance $i)))"#,
        );
        refuses(
            trial,
            "a core module from outside",
            "import-kind",
            "method",
            r#"(component (import "m" (core module)))"#,
        );
        refuses(
            trial,
            "a bare function",
            "import-kind",
            "method",
            r#"(component (import "f" (func)))"#,
        );
        refuses(
            trial,
            "a whole component",
            "import-kind",
            "method",
            r#"(component (import "c" (component)))"#,
        );
        let allowed = r#"(import "autods:plugin/log@0.1.0" (instance))"#;
        let many: String = (0..1500)
            .map(|index| format!(r#"(import "acme:n{index}/x" (instance))"#))
            .collect();
        refuses(
            trial,
            "as the last of 1500 imports",
            "undeclared-import",
            "loader",
            &format!(
                r#"(component {allowed} {many} (import "wasi:sockets/tcp@0.2.6" (instance)))"#
            ),
        );
        refuses(
            trial,
            "an allowed import twice, the second with more inside",
            "malformed-component",
            "loader",
            &format!(
                r#"(component {allowed} (import "autods:plugin/log@0.1.0" (instance (export "x" (func))))
                    (instance $i) (export "autods:plugin/ingest@0.1.0" (instance $i)))"#
            ),
        );
    },
};

pub const VERSIONS: Attack = Attack {
    name: "Another contract",
    tries: "A plugin was built for another version of the contract, or for one that only looks like ours.",
    perform: |trial| {
        let code = "contract-version";
        imports(
            trial,
            "a later version",
            code,
            "loader",
            "autods:plugin/log@0.2.0",
        );
        imports(
            trial,
            "a patch that never was",
            code,
            "agent",
            "autods:plugin/log@0.1.1",
        );
        imports(
            trial,
            "a pre-release",
            code,
            "agent",
            "autods:plugin/log@0.1.0-rc.1",
        );
        imports(trial, "no version", code, "agent", "autods:plugin/log");
        trial.attempt("the manifest says another", code, AtMost::Audit, |ground| {
            let mut manifest = manifest("loader");
            manifest.plugin.contract = "0.0.9".into();
            let bytes = Module::default().component("loader");
            let file = PluginFile::from_parts(manifest, bytes, &policy());
            Told::failure(ground.sandbox().admit(file).map(|_| ()))
        });
    },
};

pub const SURROUNDINGS: Attack = Attack {
    name: "Surroundings",
    tries: "A plugin asks for what surrounds the host: environment, arguments, clocks, randomness, files, \
            threads, a way to exit.",
    perform: |trial| {
        for (way, name) in [
            ("environment and arguments", "wasi:cli/environment@0.2.6"),
            ("exit", "wasi:cli/exit@0.2.6"),
            ("standard output", "wasi:cli/stdout@0.2.6"),
            ("wall clock", "wasi:clocks/wall-clock@0.2.6"),
            ("monotonic clock", "wasi:clocks/monotonic-clock@0.2.6"),
            ("randomness", "wasi:random/random@0.2.6"),
            ("file system", "wasi:filesystem/preopens@0.2.6"),
            ("threads", "wasi:thread/spawn"),
        ] {
            // what a stub could answer is refused because the policy has none, the rest always
            let code = if name.starts_with("wasi:thread") {
                "undeclared-import"
            } else {
                "wasi-stubs-off"
            };
            for world in World::ALL {
                // the table shows the loader; the others must be refused alike
                let text = format!(r#"(component (import "{name}" (instance)))"#);
                let bytes = wat::parse_str(text).unwrap();
                if world == World::Loader {
                    trial.attempt(way, code, AtMost::Audit, move |ground| {
                        refused(ground, "loader", bytes)
                    });
                } else {
                    let file = PluginFile::from_parts(manifest(world.name()), bytes, &policy());
                    assert_eq!(file.audit().refusals[0].code(), code, "{world} {name}");
                }
            }
        }
    },
};

pub const CONFUSION: Attack = Attack {
    name: "Another's authority",
    tries: "A plugin acts as one of another world, or with what another was given.",
    perform: |trial| {
        for (way, world, interface) in [
            ("a method that reads files", "method", "sources"),
            ("a method that emits rows", "method", "sink"),
            ("an agent that reads files", "agent", "sources"),
            ("an agent that emits rows", "agent", "sink"),
            ("a loader that reads the board", "loader", "board"),
            ("a method that calls a loader", "method", "ingest"),
        ] {
            imports(
                trial,
                way,
                "undeclared-import",
                world,
                &format!("autods:plugin/{interface}@0.1.0"),
            );
        }
        trial.attempt(
            "a loader whose manifest says that it is an agent",
            "undeclared-import",
            AtMost::Audit,
            |ground| {
                refused(
                    ground,
                    "agent",
                    Module::second("(call $describe (i32.const 512))").component("loader"),
                )
            },
        );
        trial.attempt(
            "a loader that reads a source which its call was not given",
            "harmless",
            AtMost::Call,
            |ground| {
                let module = Module::second(
                    "(call $read (i32.const 1) (i64.const 0) (i32.const 1) (i32.const 512))
                     (i32.store (i32.const 1032) (i32.add (i32.const 1) (i32.load8_u (i32.const 516))))
                     (if (i32.eqz (i32.load8_u (i32.const 512))) (then (i32.store (i32.const 1032) (i32.const 0))))",
                );
                match ground.load(&module) {
                    // the answer's first byte is 1 for an error, its payload which: 0 is unknown-source
                    Ok((output, _)) if output.summary.records == 1 => {
                        Told::harmless("the read answers `unknown-source`: sources are numbers of the call's own")
                    }
                    other => Told::harm(format!("{:?}", other.map(|(output, _)| output.summary))),
                }
            },
        );
        trial.attempt(
            "a manifest that asks for more than the policy gives",
            "above-policy",
            AtMost::Audit,
            |ground| {
                let mut manifest = manifest("loader");
                manifest.limits.insert("memory-mib".into(), 17);
                let bytes = Module::default().component("loader");
                let file = PluginFile::from_parts(manifest, bytes, &policy());
                Told::failure(ground.sandbox().admit(file).map(|_| ()))
            },
        );
    },
};
