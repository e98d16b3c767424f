//! The pool of memory that calls take turns in: nothing of one call is there for the next, whoever
//! made it and however it ended, and a call that finds the pool full waits.

#![allow(clippy::print_stderr, reason = "a test that claims less says so")]

use std::process::Command;

use autods_sandbox::{Plugin, Sandbox, loader};

use crate::build::{Module, file, job, policy, shard, sources};

/// Pages that a call grows its memory by.
const PAGES: u32 = 30;

/// As everywhere here, with time for a hundred threads on a busy machine.
fn sandbox() -> Sandbox {
    let mut policy = policy();
    policy.limits.wall_ms = 120_000;
    Sandbox::new(policy, None).unwrap()
}

fn grown(body: &str) -> Module {
    Module {
        fields: "(table $t 10 funcref) (func $f) (elem declare func $f)".into(),
        ..Module::second(&format!(
            "(if (i32.eq (memory.grow (i32.const {PAGES})) (i32.const -1)) (then unreachable)) {body}"
        ))
    }
}

/// Fills its memory from the second page on, and its table.
const FILL: &str = "(memory.fill (i32.const 65536) (i32.const 170)
    (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 65536)))
  (table.fill $t (i32.const 0) (ref.func $f) (i32.const 10))";

/// Traps where its memory from the second page on, or its table, holds anything.
const LOOK: &str = "(local.set $i (i32.const 65536))
  (loop $on
    (if (i64.ne (i64.load (local.get $i)) (i64.const 0)) (then unreachable))
    (local.set $i (i32.add (local.get $i) (i32.const 8)))
    (br_if $on (i32.lt_u (local.get $i) (i32.mul (memory.size) (i32.const 65536)))))
  (local.set $i (i32.const 0))
  (loop $on
    (if (i32.eqz (ref.is_null (table.get $t (local.get $i)))) (then unreachable))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $on (i32.lt_u (local.get $i) (i32.const 10))))";

/// Arguments are written at the heap, at the start of the second page; a `realloc` that puts them
/// on the first one leaves the rest as the pool gave it.
fn in_first_page(module: Module) -> Module {
    Module {
        realloc: "(i32.const 4096)".into(),
        ..module
    }
}

fn admit(sandbox: &Sandbox, module: &Module) -> Plugin {
    sandbox
        .admit(file("loader", module.component("loader")))
        .unwrap()
}

fn call(plugin: &Plugin) -> bool {
    loader::load(plugin, &sources(), &job(), &shard()).is_ok()
}

#[test]
fn a_slot_shows_nothing_of_the_call_before_whoever_made_it_and_however_it_ended() {
    let sandbox = sandbox();
    if !sandbox.pooled() {
        eprintln!("no pool here: too little address space; the claim is tested without one");
    }
    let fills = admit(&sandbox, &in_first_page(grown(FILL)));
    let traps = admit(
        &sandbox,
        &in_first_page(grown(&format!("{FILL} unreachable"))),
    );
    let looks = admit(&sandbox, &in_first_page(grown(LOOK)));
    let both = admit(&sandbox, &in_first_page(grown(&format!("{LOOK} {FILL}"))));
    // One after the other, so that the same slots come round; and many at once, so that all do.
    for _ in 0..20 {
        assert!(call(&fills) && !call(&traps));
        assert!(call(&looks) && call(&both));
    }
    std::thread::scope(|scope| {
        for thread in 0..40 {
            let (fills, traps, looks, both) = (&fills, &traps, &looks, &both);
            scope.spawn(move || {
                for _ in 0..3 {
                    if thread % 2 == 0 {
                        assert!(call(fills) && !call(traps));
                    }
                    assert!(call(looks) && call(both));
                }
            });
        }
    });
}

#[test]
fn calls_beyond_what_the_pool_holds_wait_for_their_turn() {
    let sandbox = sandbox();
    let busy = Module::second(
        "(loop $on (local.set $i (i32.add (local.get $i) (i32.const 1)))
           (br_if $on (i32.lt_u (local.get $i) (i32.const 300000))))",
    );
    let plugin = admit(&sandbox, &busy);
    let threads = 100;
    let done: usize = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| usize::from(call(&plugin))))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).sum()
    });
    assert_eq!(done, threads);
}

#[test]
fn without_the_address_space_every_call_maps_its_own() {
    const NARROW: &str = "AUTODS_TEST_NARROW";
    if std::env::var_os(NARROW).is_some() {
        let sandbox = sandbox();
        assert!(!sandbox.pooled());
        let plugin = admit(&sandbox, &in_first_page(grown(LOOK)));
        assert!(call(&plugin) && call(&plugin));
        return;
    }
    // Room for one memory with its guard pages and a little more, in KiB; the pool wants dozens.
    let limit = 8 << 20;
    let child = Command::new("sh")
        .args(["-c", &format!("ulimit -v {limit} && exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "pool::without_the_address_space_every_call_maps_its_own",
        ])
        .env(NARROW, "1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{told}");
    assert!(told.contains("1 passed"), "{told}");
}
