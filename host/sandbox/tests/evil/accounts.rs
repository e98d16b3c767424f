//! What a call used and which limits it met is known also when it failed.

use autods_sandbox::loader;

use crate::build::{Module, admit, job, shard, sources};

#[test]
fn a_failed_call_says_what_it_used_and_which_limit_it_met() {
    let bomb = Module::second(
        "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 10)) (i32.const -1)))) unreachable",
    );
    let plugin = admit("loader", &bomb);
    let (called, account) = plugin.accounted();
    let error = loader::load(&called, &sources(), &job(), &shard()).unwrap_err();
    let usage = account.usage();
    assert!(usage.micros > 0);
    assert!(usage.peak_memory > 0);
    let hits = plugin.limit_hits(&account, Some(&error));
    assert_eq!(hits.len(), 1, "{hits:?}");
    assert_eq!(hits[0].key, "limits.memory-mib");
    assert_eq!(hits[0].allowed, 16 << 20);
    assert!(hits[0].requested.unwrap() > hits[0].allowed);
}

#[test]
fn a_limit_that_a_call_met_and_survived_is_known_too() {
    let modest = Module::second("(drop (memory.grow (i32.const 30000)))");
    let plugin = admit("loader", &modest);
    let (called, account) = plugin.accounted();
    let (_, usage) = loader::load(&called, &sources(), &job(), &shard()).unwrap();
    assert_eq!(account.usage().host_calls, usage.host_calls);
    let hits = plugin.limit_hits(&account, None);
    assert_eq!(hits.len(), 1, "{hits:?}");
    assert_eq!(hits[0].key, "limits.memory-mib");
}

#[test]
fn a_call_that_ran_out_of_time_has_an_account() {
    let plugin = admit("loader", &Module::first("(loop $again (br $again))"));
    let (called, account) = plugin.accounted();
    let error = loader::plan(&called, &sources(), &job(), 1).unwrap_err();
    assert!(account.usage().micros > 1_000);
    let hits = plugin.limit_hits(&account, Some(&error));
    assert_eq!(hits[0].key, "limits.wall-ms");
    assert_eq!(hits[0].requested, None);
}

#[test]
fn a_call_within_its_limits_met_none() {
    let plugin = admit("loader", &Module::second(""));
    let (called, account) = plugin.accounted();
    loader::load(&called, &sources(), &job(), &shard()).unwrap();
    assert_eq!(plugin.limit_hits(&account, None), []);
}
