//! What a plugin can try while it runs.

use std::time::{Duration, Instant};

use autods_sandbox::loader::{self, Fault};
use autods_sandbox::{
    Budget, CallError, PluginFile, Rejection, Sandbox, Sources, TrapKind, World, agent, method,
};

use crate::build::{
    DATA, Module, admit, briefing, job, manifest, open, policy, shard, sources, stating,
};

fn load(module: &Module) -> CallError {
    loader::load(&admit("loader", module), &sources(), &job(), &shard()).unwrap_err()
}

const LOOP: &str = "(loop $again (br $again))";

#[test]
fn an_endless_loop_ends_in_time_wherever_it_is() {
    let out_of_time = CallError::OutOfTime { limit_ms: 300 };
    let began = Instant::now();
    assert_eq!(load(&Module::second(LOOP)), out_of_time);
    let realloc = Module {
        realloc: format!("{LOOP} unreachable"),
        ..Module::default()
    };
    assert_eq!(load(&realloc), out_of_time);
    let start = Module {
        fields: format!("(func $s {LOOP}) (start $s)"),
        ..Module::default()
    };
    assert_eq!(load(&start), out_of_time);
    let plan = admit("loader", &Module::first(LOOP));
    assert_eq!(
        loader::plan(&plan, &sources(), &job(), 1).unwrap_err(),
        out_of_time
    );
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn time_spent_in_host_calls_counts_too() {
    let busy = Module::second("(loop $again (call $describe (i32.const 512)) (br $again))");
    let mut policy = policy();
    policy.limits.host_calls = 1_000_000_000;
    policy.limits.wall_ms = 100;
    let file = PluginFile::from_parts(manifest("loader"), busy.component("loader"), &policy);
    let plugin = Sandbox::new(policy, None).unwrap().admit(file).unwrap();
    let none = Sources::in_memory([]);
    let error = loader::load(&plugin, &none, &job(), &shard()).unwrap_err();
    assert_eq!(error, CallError::OutOfTime { limit_ms: 100 });
}

#[test]
fn a_memory_bomb_that_gives_up_is_out_of_memory() {
    let bomb = Module::second(
        "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 10)) (i32.const -1)))) unreachable",
    );
    match load(&bomb) {
        CallError::OutOfMemory { limit, requested } => {
            assert_eq!(limit, 16 << 20);
            assert!(requested > limit);
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_refused_growth_that_is_survived_is_no_error() {
    let modest = Module::second("(drop (memory.grow (i32.const 30000)))");
    let plugin = admit("loader", &modest);
    let (_, usage) = loader::load(&plugin, &sources(), &job(), &shard()).unwrap();
    assert!(usage.peak_memory <= 16 << 20);
}

#[test]
fn a_growing_table_is_stopped() {
    let table = Module {
        fields: "(table $t 1 funcref)".into(),
        ..Module::second(
            "(loop $more (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 100)) (i32.const -1)))) unreachable",
        )
    };
    assert!(matches!(
        load(&table),
        CallError::OutOfTable { limit: 1000, .. }
    ));
}

#[test]
fn bulk_operations_cannot_leave_memory() {
    let fill = Module::second("(memory.fill (i32.const 0) (i32.const 1) (i32.const -1))");
    assert_eq!(
        load(&fill),
        CallError::Trap {
            kind: TrapKind::MemoryOutOfBounds
        }
    );
}

#[test]
fn traps_have_names() {
    let trap = |kind| CallError::Trap { kind };
    assert_eq!(
        load(&Module::second("unreachable")),
        trap(TrapKind::Unreachable)
    );
    let divide = "(drop (i32.div_u (i32.const 1) (local.get $i)))";
    assert_eq!(load(&Module::second(divide)), trap(TrapKind::Arithmetic));
    let recursion = Module {
        fields:
            "(func $deeper (param i64) (call $deeper (local.get 0)) (call $deeper (local.get 0)))"
                .into(),
        ..Module::second("(call $deeper (i64.const 0))")
    };
    assert_eq!(load(&recursion), trap(TrapKind::StackOverflow));
    let nobody = Module {
        fields: "(table 1 funcref)".into(),
        ..Module::second("(call_indirect (i32.const 0))")
    };
    assert_eq!(load(&nobody), trap(TrapKind::BadIndirectCall));
}

#[test]
fn values_that_the_canonical_abi_forbids_are_traps() {
    for body in [
        // a result at an odd address, and one outside memory
        "(return (i32.const 1025))",
        "(return (i32.const -8))",
        // text outside memory, and a level that does not exist
        "(drop (call $log (i32.const 0) (i32.const -16) (i32.const 100)))",
        "(drop (call $log (i32.const 77) (i32.const 0) (i32.const 0)))",
        // a result that is neither ok nor error
        "(i32.store8 (i32.const 1024) (i32.const 7))",
    ] {
        let error = load(&Module::second(body));
        assert!(error.code().starts_with("trap-"), "{body}: {error}");
    }
    let latin = Module {
        data: vec![0xff, 0xfe, 0x80],
        ..Module::second(&format!(
            "(drop (call $log (i32.const 0) (i32.const {DATA}) (i32.const 3)))"
        ))
    };
    assert!(load(&latin).code().starts_with("trap-"));
}

#[test]
fn the_next_call_works_after_a_trap() {
    // Traps when asked to load, plans well.
    let plugin = admit("loader", &Module::second("unreachable"));
    for _ in 0..3 {
        assert!(loader::load(&plugin, &sources(), &job(), &shard()).is_err());
        assert_eq!(loader::plan(&plugin, &sources(), &job(), 1).unwrap().0, []);
    }
}

#[test]
fn nothing_is_left_over_from_one_call_to_the_next() {
    let body = "(if (i32.load (i32.const 2000)) (then unreachable)) (i32.store (i32.const 2000) (i32.const 1))";
    let plugin = admit("loader", &Module::second(body));
    for _ in 0..3 {
        assert!(loader::load(&plugin, &sources(), &job(), &shard()).is_ok());
    }
}

#[test]
fn a_plugin_may_be_called_from_many_threads() {
    let plugin = admit("loader", &Module::default());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    assert!(loader::load(&plugin, &sources(), &job(), &shard()).is_ok());
                }
            });
        }
    });
}

#[test]
fn host_call_spam_is_stopped() {
    let spam = Module::second(
        "(loop $again (drop (call $log (i32.const 0) (i32.const 0) (i32.const 0))) (br $again))",
    );
    assert_eq!(
        load(&spam),
        CallError::HostBudget {
            what: Budget::HostCalls,
            limit: 1000
        }
    );
    assert_eq!(load(&spam).code(), "host-budget");
}

/// Says `text` twenty times; the answers' sum is the number of records.
fn talkative(text: &[u8]) -> Module {
    let length = text.len();
    Module {
        data: text.to_vec(),
        ..Module::second(&format!(
            "(loop $again
               (i32.store (i32.const 1032) (i32.add (i32.load (i32.const 1032))
                 (call $log (i32.const 2) (i32.const {DATA}) (i32.const {length}))))
               (local.set $i (i32.add (local.get $i) (i32.const 1)))
               (br_if $again (i32.lt_u (local.get $i) (i32.const 20))))"
        ))
    }
}

#[test]
fn messages_are_counted_capped_and_hidden_by_default() {
    let plugin = admit("loader", &talkative(b"fifteen letters"));
    let (output, usage) = loader::load(&plugin, &sources(), &job(), &shard()).unwrap();
    // 100 bytes hold six messages of fifteen.
    assert_eq!(
        (output.summary.records, usage.log_bytes, usage.host_calls),
        (6, 90, 20)
    );
    let plugin = admit("loader", &talkative(b"x"));
    let (output, usage) = loader::load(&plugin, &sources(), &job(), &shard()).unwrap();
    assert_eq!((output.summary.records, usage.log_bytes), (10, 10));
}

#[test]
fn shown_messages_cannot_act_on_a_terminal_even_after_a_trap() {
    let mut policy = policy();
    policy.log.show = true;
    let sandbox = Sandbox::new(policy.clone(), None).unwrap();
    let mut module = talkative(b"\x1b[2Ja\nb");
    module.second.push_str("unreachable");
    let file = PluginFile::from_parts(manifest("loader"), module.component("loader"), &policy);
    let plugin = sandbox.admit(file).unwrap();
    assert!(loader::load(&plugin, &sources(), &job(), &shard()).is_err());
    let messages = sandbox.take_messages();
    assert_eq!(messages.len(), 10);
    assert_eq!(
        (messages[0].text.as_str(), messages[0].plugin.as_str()),
        ("\u{fffd}[2Ja\u{fffd}b", "evil")
    );
    assert!(sandbox.take_messages().is_empty());

    let sandbox = Sandbox::new(crate::build::policy(), None).unwrap();
    let plugin = sandbox
        .admit(crate::build::file("loader", module.component("loader")))
        .unwrap();
    assert!(loader::load(&plugin, &sources(), &job(), &shard()).is_err());
    assert!(sandbox.take_messages().is_empty());
}

#[test]
fn a_giant_argument_does_not_make_the_host_allocate() {
    let giant = Module {
        data: b"rows".to_vec(),
        ..Module::second(&format!(
            "(drop (memory.grow (i32.const 150)))
             (call $emit (i32.const {DATA}) (i32.const 4) (i32.const 0) (i32.const 8000000) (i32.const 512))"
        ))
    };
    assert_eq!(
        load(&giant),
        CallError::HostBudget {
            what: Budget::CrossingBytes,
            limit: 4 << 20
        }
    );
    // The same for a result: a fitted state of 8 MB.
    let state = Module::first(
        "(drop (memory.grow (i32.const 150))) (i32.store (i32.const 1036) (i32.const 8000000))",
    );
    let error = method::fit(
        &admit("method", &state),
        &[],
        &recipe(),
        1,
        &method::OutputNames::default(),
    )
    .unwrap_err();
    assert_eq!(
        error,
        CallError::HostBudget {
            what: Budget::CrossingBytes,
            limit: 4 << 20
        }
    );
}

fn recipe() -> method::Recipe {
    method::Recipe {
        columns: vec![],
        outcome: None,
        inner_fold: None,
        params: vec![],
    }
}

#[test]
fn reads_outside_a_source_are_refused_and_reads_are_budgeted() {
    // The answer's first byte is 1 for an error, its payload at 4 is which.
    let read = |source: i32, offset: i64, length: i32| {
        Module::second(&format!(
            "(call $read (i32.const {source}) (i64.const {offset}) (i32.const {length}) (i32.const 512))
             (i32.store (i32.const 1032) (i32.add (i32.const 1) (i32.load8_u (i32.const 516))))
             (if (i32.eqz (i32.load8_u (i32.const 512))) (then (i32.store (i32.const 1032) (i32.const 0))))"
        ))
    };
    let answer = |module: &Module| {
        let output = loader::load(&admit("loader", module), &sources(), &job(), &shard());
        output.map(|(output, _)| output.summary.records)
    };
    assert_eq!(answer(&read(0, 0, 12)), Ok(0));
    assert_eq!(answer(&read(0, 12, 0)), Ok(0));
    assert_eq!(answer(&read(1, 0, 1)), Ok(1));
    assert_eq!(answer(&read(-1, 0, 1)), Ok(1));
    for (offset, length) in [(0, 13), (12, 1), (-1, 1), (0, -1), (i64::MAX, 1)] {
        assert_eq!(answer(&read(0, offset, length)), Ok(2), "{offset} {length}");
    }
    let again = Module::second(
        "(loop $again
           (call $read (i32.const 0) (i64.const 0) (i32.const 200000) (i32.const 512))
           (global.set $heap (i32.const 70000))
           (br_if $again (i32.eqz (i32.load8_u (i32.const 512)))))",
    );
    let big = Sources::in_memory([("b".to_owned(), vec![b'x'; 200_000])]);
    let error = loader::load(&admit("loader", &again), &big, &job(), &shard()).unwrap_err();
    assert_eq!(
        error,
        CallError::HostBudget {
            what: Budget::ReadBytes,
            limit: 1 << 20
        }
    );
}

#[test]
fn a_fault_is_codes_and_numbers() {
    // error(invalid-value at line 7, column 1)
    let faulty = Module::second(
        "(i32.store8 (i32.const 1024) (i32.const 1)) (i32.store8 (i32.const 1032) (i32.const 7))
         (i32.store8 (i32.const 1048) (i32.const 1)) (i64.store (i32.const 1056) (i64.const 7))
         (i32.store8 (i32.const 1064) (i32.const 1)) (i32.store (i32.const 1068) (i32.const 1))",
    );
    let error = load(&faulty);
    assert_eq!(error.code(), "fault-invalid-value");
    assert_eq!(
        error.to_string(),
        "a value cannot be read as the declared kind, line 7, column 1"
    );
    assert!(matches!(
        error,
        CallError::Fault(Fault {
            line: Some(7),
            column: Some(1),
            source: None,
            ..
        })
    ));
}

/// A plan of one shard, or of two equal ones.
fn planning(source: u32, start: u64, end: u64, first_line: u64, count: u32) -> Module {
    let one: Vec<u8> = [
        &source.to_le_bytes()[..],
        &[0; 4],
        &start.to_le_bytes(),
        &end.to_le_bytes(),
        &first_line.to_le_bytes(),
    ]
    .concat();
    Module {
        data: one.repeat(count as usize),
        ..Module::first(&format!(
            "(i32.store (i32.const 1032) (i32.const {DATA})) (i32.store (i32.const 1036) (i32.const {count}))"
        ))
    }
}

#[test]
fn shards_are_ranges_of_sources_that_do_not_overlap() {
    let plan = |module: &Module| loader::plan(&admit("loader", module), &sources(), &job(), 8);
    let (shards, _) = plan(&planning(0, 4, 12, 2, 1)).unwrap();
    assert_eq!(shards, [shard()]);
    for bad in [
        planning(1, 4, 12, 2, 1),
        planning(0, 4, 13, 2, 1),
        planning(0, 5, 4, 2, 1),
        planning(0, 4, u64::MAX, 2, 1),
        planning(0, 4, 12, 0, 1),
        planning(0, 4, 12, 2, 2),
    ] {
        let error = plan(&bad).unwrap_err();
        assert!(
            matches!(error, CallError::OutputRejected(Rejection::Shard { .. })),
            "{error}"
        );
    }
    let many = plan(&planning(0, 4, 4, 2, 11)).unwrap_err();
    assert!(matches!(
        many,
        CallError::OutputRejected(Rejection::TooMany {
            found: 11,
            limit: 10,
            ..
        })
    ));
}

#[test]
fn metrics_are_those_of_the_manifest() {
    let metric = |name: &str, value: &str, column: u32, times: u32| {
        Module {
        data: name.as_bytes().to_vec(),
        ..Module::second(
            &format!(
                "(call $metric (i32.const {DATA}) (i32.const {}) (i32.const 1) (i32.const {column}) (f64.const {value}) (i32.const 512))",
                name.len()
            )
            .repeat(times as usize),
        )
    }
    };
    let plugin = admit("loader", &metric("ragged-lines", "2", 1, 3));
    let (output, _) = loader::load(&plugin, &sources(), &job(), &shard()).unwrap();
    assert_eq!(output.metrics.len(), 3);
    assert_eq!(
        (output.metrics[0].column, output.metrics[0].value),
        (Some(1), 2.0)
    );
    for bad in [
        metric("patient-smith", "2", 1, 1),
        metric("ragged-lines", "nan", 1, 1),
        metric("ragged-lines", "inf", 1, 1),
        metric("ragged-lines", "2", 2, 1),
    ] {
        assert_eq!(load(&bad), CallError::OutputRejected(Rejection::Metric));
    }
    let error = load(&metric("ragged-lines", "2", 1, 4));
    assert_eq!(
        error,
        CallError::HostBudget {
            what: Budget::Metrics,
            limit: 3
        }
    );
}

#[test]
fn a_call_for_another_world_is_refused() {
    let loader = admit("loader", &Module::default());
    let error = method::apply(&loader, &[], &[], &method::OutputNames::default()).unwrap_err();
    assert_eq!(
        error,
        CallError::WrongWorld {
            plugin: World::Loader,
            asked: World::Method
        }
    );
}

#[test]
fn no_error_repeats_a_text_of_the_plugin() {
    let secret = "MRN 4711 Smith";
    let words = stating(format!("{secret}\n").as_bytes());
    let agent = agent::act(&admit("agent", &words), &briefing()).unwrap_err();
    let table = load(&Module::emitting_into(secret, b"x"));
    for error in [agent, table] {
        assert!(
            !format!("{error} {error:?} {}", error.code()).contains("4711"),
            "{error:?}"
        );
    }
}

#[test]
fn the_default_policy_can_run_a_plugin() {
    let file = PluginFile::from_parts(
        manifest("loader"),
        Module::default().component("loader"),
        &open(),
    );
    let plugin = Sandbox::new(open(), None).unwrap().admit(file).unwrap();
    assert!(loader::load(&plugin, &sources(), &job(), &shard()).is_ok());
}

#[test]
fn too_many_instances_are_refused_when_called() {
    let mut policy = policy();
    policy.limits.instances = 1;
    let file = PluginFile::from_parts(
        manifest("loader"),
        Module::default().component("loader"),
        &policy,
    );
    let plugin = Sandbox::new(policy, None).unwrap().admit(file).unwrap();
    let error = loader::load(&plugin, &sources(), &job(), &shard()).unwrap_err();
    assert_eq!(error, CallError::Instantiation);
}
