//! Attacks on the border: too many crossings, too large ones, handles and malformed values.

use autods_sandbox::{agent, method};
use autods_tests::with_inner;
use wit_component::StringEncoding;

use super::admission::refused;
use super::time::recipe;
use crate::build::{DATA, Module, briefing};
use crate::trial::{AtMost, Attack, Told, Trial};

fn loads(trial: &mut Trial, way: &'static str, expected: &str, body: &str) {
    let module = Module {
        data: b"rows".to_vec(),
        ..Module::second(body)
    };
    trial.attempt(way, expected, AtMost::Call, move |ground| {
        Told::failure(ground.load(&module))
    });
}

pub const SPAM: Attack = Attack {
    name: "Host-call spam",
    tries: "A plugin keeps the host busy with calls that cost the plugin nothing.",
    perform: |trial| {
        let again = |call: &str| {
            format!("(loop $again {call} (global.set $heap (i32.const 70000)) (br $again))")
        };
        loads(
            trial,
            "messages",
            "host-budget",
            &again("(drop (call $log (i32.const 0) (i32.const 0) (i32.const 0)))"),
        );
        loads(
            trial,
            "asks what the sources are",
            "host-budget",
            &again("(call $describe (i32.const 512))"),
        );
        loads(
            trial,
            "reads nothing",
            "host-budget",
            &again("(call $read (i32.const 0) (i64.const 0) (i32.const 0) (i32.const 512))"),
        );
        loads(
            trial,
            "emits nothing into no table",
            "host-budget",
            &again(&format!(
                "(call $emit (i32.const {DATA}) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 512))"
            )),
        );
        loads(
            trial,
            "posts metrics",
            "host-budget",
            &again(&format!(
                "(call $metric (i32.const {DATA}) (i32.const 4) (i32.const 0) (i32.const 0) (f64.const 1) (i32.const 512))"
            )),
        );
        trial.attempt(
            "reads the same file again and again",
            "host-budget",
            AtMost::Call,
            |ground| {
                let module = Module::second(
                    "(loop $again
                       (call $read (i32.const 0) (i64.const 0) (i32.const 200000) (i32.const 512))
                       (global.set $heap (i32.const 70000))
                       (br_if $again (i32.eqz (i32.load8_u (i32.const 512)))))",
                );
                let big =
                    autods_sandbox::Sources::in_memory([("b".to_owned(), vec![b'x'; 200_000])]);
                let plugin = ground.admit("loader", module.component("loader"));
                Told::failure(autods_sandbox::loader::load(
                    &plugin,
                    &big,
                    &crate::build::job(),
                    &crate::build::shard(),
                ))
            },
        );
    },
};

/// Lays out `count` items of 8 bytes at 262144: pointer and length of the same `bytes` each.
fn repeated(count: u32, bytes: u32) -> String {
    let pages = 40 + count * 8 / 65_536;
    format!(
        "(drop (memory.grow (i32.const {pages})))
         (loop $next
           (i32.store (i32.add (i32.const 262144) (i32.mul (local.get $i) (i32.const 8))) (i32.const 131072))
           (i32.store offset=4 (i32.add (i32.const 262144) (i32.mul (local.get $i) (i32.const 8))) (i32.const {bytes}))
           (local.set $i (i32.add (local.get $i) (i32.const 1)))
           (br_if $next (i32.lt_u (local.get $i) (i32.const {count}))))"
    )
}

pub const GIANTS: Attack = Attack {
    name: "Giant values",
    tries: "A plugin hands over values that make the host allocate far more than the plugin has: one \
            large text, or a list whose items all point to the same bytes.",
    perform: |trial| {
        loads(
            trial,
            "an argument of 8 MB",
            "host-budget",
            &format!(
                "(drop (memory.grow (i32.const 150)))
                 (call $emit (i32.const {DATA}) (i32.const 4) (i32.const 0) (i32.const 8000000) (i32.const 512))"
            ),
        );
        loads(
            trial,
            "an argument of 4 GiB, from 200 KB of memory",
            "trap-bad-value",
            &format!(
                "(call $emit (i32.const {DATA}) (i32.const 4) (i32.const 0) (i32.const -1) (i32.const 512))"
            ),
        );
        loads(
            trial,
            "a message of 8 MB",
            "host-budget",
            "(drop (memory.grow (i32.const 150)))
             (drop (call $log (i32.const 0) (i32.const 0) (i32.const 8000000)))",
        );
        trial.attempt("a fitted state of 8 MB", "host-budget", AtMost::Call, |ground| {
            let module = Module::first(
                "(drop (memory.grow (i32.const 150))) (i32.store (i32.const 1036) (i32.const 8000000))",
            );
            let plugin = ground.admit("method", module.component("method"));
            Told::failure(method::fit(&plugin, &[], &recipe(), 1, &Default::default()))
        });
        trial.attempt(
            "a hundred thousand names of 64 KB that are one: 6.5 GB from 1 MB",
            "host-budget",
            AtMost::Call,
            |ground| {
                // action.schedule(list<string>)
                let module = Module {
                    data: {
                        let mut action = vec![0; 64];
                        action[0] = 8;
                        action[8..12].copy_from_slice(&262_144_u32.to_le_bytes());
                        action[12..16].copy_from_slice(&100_000_u32.to_le_bytes());
                        action
                    },
                    ..Module::first(&format!(
                        "{} (i32.store (i32.const 1024) (i32.const {DATA})) (i32.store (i32.const 1028) (i32.const 1))",
                        repeated(100_000, 65_536)
                    ))
                };
                let plugin = ground.admit("agent", module.component("agent"));
                Told::failure(agent::act(&plugin, &briefing()))
            },
        );
        trial.attempt(
            "ten thousand tables that are the same megabyte",
            "host-budget",
            AtMost::Call,
            |ground| {
                // result list<table-data>: name, stream
                let module = Module::second(
                    "(drop (memory.grow (i32.const 60)))
                     (loop $next
                       (i32.store offset=8 (i32.add (i32.const 1600000) (i32.mul (local.get $i) (i32.const 16))) (i32.const 131072))
                       (i32.store offset=12 (i32.add (i32.const 1600000) (i32.mul (local.get $i) (i32.const 16))) (i32.const 1048576))
                       (local.set $i (i32.add (local.get $i) (i32.const 1)))
                       (br_if $next (i32.lt_u (local.get $i) (i32.const 10000))))
                     (i32.store (i32.const 1032) (i32.const 1600000)) (i32.store (i32.const 1036) (i32.const 10000))",
                );
                let plugin = ground.admit("method", module.component("method"));
                Told::failure(method::apply(&plugin, &[], &[], &Default::default()))
            },
        );
        trial.attempt(
            "four hundred thousand shards of no bytes",
            "host-budget",
            AtMost::Call,
            |ground| {
                let module = Module::first(
                    "(drop (memory.grow (i32.const 240))) (i32.store (i32.const 1036) (i32.const 400000))",
                );
                let plugin = ground.admit("loader", module.component("loader"));
                Told::failure(autods_sandbox::loader::plan(
                    &plugin,
                    &crate::ground::sources(),
                    &crate::build::job(),
                    1,
                ))
            },
        );
    },
};

/// A component with a resource of its own, whose start function does something with it.
fn resource(start: &str) -> String {
    format!(
        r#"(component
             (type $r (resource (rep i32)))
             (core func $new (canon resource.new $r))
             (core func $drop (canon resource.drop $r))
             (core func $rep (canon resource.rep $r))
             (core module $m
               (import "" "new" (func $new (param i32) (result i32)))
               (import "" "drop" (func $drop (param i32)))
               (import "" "rep" (func $rep (param i32) (result i32)))
               (func $s (local $h i32) {start})
               (start $s))
             (core instance (instantiate $m (with "" (instance
               (export "new" (func $new)) (export "drop" (func $drop)) (export "rep" (func $rep)))))))"#
    )
}

fn with_resource(trial: &mut Trial, way: &'static str, expected: &str, start: &str) {
    let inner = resource(start);
    trial.attempt(way, expected, AtMost::Call, move |ground| {
        let bytes = with_inner(&Module::default().component("loader"), &inner, 1);
        match ground.load_bytes(bytes) {
            Ok(_) => {
                Told::harmless("it may keep such a thing inside; nothing of it crosses the border")
            }
            Err(error) => error.into(),
        }
    });
}

pub const RESOURCES: Attack = Attack {
    name: "Leaked resources",
    tries: "No world has resources, so there is no table of the host's that could be filled. A plugin asks \
            for some, offers some, or fills a table of its own.",
    perform: |trial| {
        trial.attempt(
            "imports an interface with a resource",
            "undeclared-import",
            AtMost::Audit,
            |ground| {
                let text = r#"(component (import "acme:db/pool" (instance (export "connection" (type (sub resource))))))"#;
                refused(ground, "loader", wat::parse_str(text).unwrap())
            },
        );
        trial.attempt(
            "imports an interface of the contract with a resource added",
            "wrong-types",
            AtMost::Audit,
            |ground| {
                let text = r#"(component
                    (import "autods:plugin/log@0.1.0" (instance (export "handle" (type (sub resource)))))
                    (instance $i) (export "autods:plugin/acting@0.1.0" (instance $i)))"#;
                refused(ground, "agent", wat::parse_str(text).unwrap())
            },
        );
        trial.attempt(
            "exports a resource",
            "unexpected-export",
            AtMost::Audit,
            |ground| {
                let text =
                    r#"(component (type $r (resource (rep i32))) (export "handle" (type $r)))"#;
                refused(ground, "agent", wat::parse_str(text).unwrap())
            },
        );
        with_resource(
            trial,
            "makes handles of its own without end",
            "trap-bad-value",
            "(loop $more (drop (call $new (i32.const 1))) (br $more))",
        );
    },
};

pub const HANDLES: Attack = Attack {
    name: "Forged handles",
    tries: "A plugin uses handles that it never got, or after it gave them away. It has only those of its \
            own making, so that is what it can try.",
    perform: |trial| {
        with_resource(
            trial,
            "drops a handle that it made up",
            "trap-bad-value",
            "(call $drop (i32.const 77))",
        );
        with_resource(
            trial,
            "drops a handle twice",
            "trap-bad-value",
            "(local.set $h (call $new (i32.const 5))) (call $drop (local.get $h)) (call $drop (local.get $h))",
        );
        with_resource(
            trial,
            "uses a handle after it dropped it",
            "trap-bad-value",
            "(local.set $h (call $new (i32.const 5))) (call $drop (local.get $h)) (drop (call $rep (local.get $h)))",
        );
        with_resource(
            trial,
            "looks inside a handle that is a number",
            "trap-bad-value",
            "(drop (call $rep (i32.const -1)))",
        );
        with_resource(
            trial,
            "makes and drops one, as it should",
            "harmless",
            "(call $drop (call $new (i32.const 5)))",
        );
    },
};

pub const ENCODINGS: Attack = Attack {
    name: "Malformed text and values",
    tries: "Bytes that are no text in the encoding that the plugin chose, pointers that are not aligned, \
            cases that do not exist.",
    perform: |trial| {
        let says = |trial: &mut Trial, way, encoding, data: &'static [u8], units: i32| {
            trial.attempt(way, "trap-bad-value", AtMost::Call, move |ground| {
                let module = Module {
                    data: data.to_vec(),
                    ..Module::second(&format!(
                        "(drop (call $log (i32.const 0) (i32.const {DATA}) (i32.const {units})))"
                    ))
                };
                Told::failure(ground.load_bytes(module.encoded("loader", encoding)))
            });
        };
        let utf16 = || StringEncoding::UTF16;
        says(
            trial,
            "bytes that are not UTF-8",
            StringEncoding::UTF8,
            &[0xff, 0xfe, 0x80],
            3,
        );
        says(
            trial,
            "an overlong encoding of `/`",
            StringEncoding::UTF8,
            &[0xc0, 0xaf],
            2,
        );
        says(
            trial,
            "half a surrogate pair in UTF-16",
            utf16(),
            &[0x00, 0xd8, 0x41, 0x00],
            2,
        );
        says(
            trial,
            "UTF-16 with a length beyond memory",
            utf16(),
            &[],
            i32::MAX,
        );
        says(
            trial,
            "a length whose encoding bit says UTF-16, with half a pair",
            StringEncoding::CompactUTF16,
            &[0x00, 0xdc],
            i32::MIN + 1,
        );
        loads(
            trial,
            "text outside memory",
            "trap-bad-value",
            "(drop (call $log (i32.const 0) (i32.const -16) (i32.const 100)))",
        );
        loads(
            trial,
            "a level that does not exist",
            "trap-bad-value",
            "(drop (call $log (i32.const 77) (i32.const 0) (i32.const 0)))",
        );
        loads(
            trial,
            "a result at an odd address",
            "trap-bad-value",
            "(return (i32.const 1025))",
        );
        loads(
            trial,
            "a result outside memory",
            "trap-bad-value",
            "(return (i32.const -8))",
        );
        loads(
            trial,
            "a result that is neither ok nor error",
            "trap-bad-value",
            "(i32.store8 (i32.const 1024) (i32.const 7))",
        );
        loads(
            trial,
            "a fault that does not exist",
            "trap-bad-value",
            "(i32.store8 (i32.const 1024) (i32.const 1)) (i32.store8 (i32.const 1032) (i32.const 200))",
        );
    },
};
