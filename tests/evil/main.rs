//! The catalogue of hostile plugins: every attack that the design lists, tried against the real
//! host, and what the host answered.
//!
//! One test for each attack, so that a failure names it, and one that holds the answers against
//! `docs/evil-plugins.md`. The same ground is under every attack ([`ground`]): rows with planted
//! values, a good plugin in the same sandbox. The host survives an attack if nothing panicked on any
//! thread, nothing took longer than its limit, nothing that was put out before the failure was kept,
//! no planted value is in any message, and the good plugin gives the same bits afterwards.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod attacks;
#[allow(dead_code, reason = "shared with the tests of the sandbox")]
#[path = "../../host/sandbox/tests/evil/build.rs"]
mod build;
mod ground;
mod table;
mod trial;

macro_rules! catalogue {
    ($($number:literal $test:ident $attack:path;)*) => {
        /// Every attack, by number.
        const CATALOGUE: &[(u32, &trial::Attack)] = &[$(($number, &$attack)),*];

        $(#[test]
        fn $test() {
            trial::survive($number, &$attack);
        })*
    };
}

catalogue! {
    1 an_endless_loop_ends_in_time attacks::time::ENDLESS_LOOP;
    2 a_memory_bomb_is_stopped attacks::memory::BOMB;
    3 a_table_bomb_is_stopped attacks::memory::TABLES;
    4 a_stack_overflow_is_a_trap attacks::memory::STACK;
    5 bulk_operations_are_bounded attacks::memory::BULK;
    6 host_call_spam_is_stopped attacks::border::SPAM;
    7 giant_values_are_refused attacks::border::GIANTS;
    8 malformed_structures_are_rejected attacks::output::STRUCTURES;
    9 compressed_bombs_are_refused attacks::output::COMPRESSED;
    10 resources_cannot_leak attacks::border::RESOURCES;
    11 a_forged_handle_is_a_trap attacks::border::HANDLES;
    12 a_path_cannot_leave_the_data_folder attacks::files::PATHS;
    13 a_link_cannot_leave_the_data_folder attacks::files::LINKS;
    14 a_package_cannot_leave_its_folder attacks::packages::ESCAPE;
    15 sockets_are_refused_by_name attacks::admission::SOCKETS;
    16 smuggled_imports_are_refused attacks::admission::SMUGGLING;
    17 another_contract_is_refused attacks::admission::VERSIONS;
    18 what_is_no_component_is_refused attacks::component::BYTES;
    19 a_compile_bomb_is_bounded attacks::component::COMPILE_BOMB;
    20 what_was_checked_is_what_runs attacks::files::SWAPPED;
    21 a_poisoned_cache_is_not_believed attacks::files::CACHE;
    22 a_trap_leaves_nothing_behind attacks::time::MID_BATCH;
    23 a_cancelled_call_leaves_nothing_behind attacks::time::CANCELLED;
    24 memory_is_not_left_over attacks::memory::LEFT_OVER;
    25 engines_are_not_mixed_up attacks::files::ENGINES;
    26 features_are_off attacks::component::FEATURES;
    27 malformed_text_is_a_trap attacks::border::ENCODINGS;
    28 a_message_cannot_forge_a_log attacks::leaks::LOG_INJECTION;
    29 no_row_is_in_any_message attacks::leaks::ROWS_IN_MESSAGES;
    30 covert_channels_are_narrow attacks::leaks::COVERT_CHANNELS;
    31 nothing_of_the_surroundings_is_seen attacks::admission::SURROUNDINGS;
    32 no_plugin_acts_as_another attacks::admission::CONFUSION;
    33 a_widened_policy_is_refused attacks::records::POLICY;
    34 a_tampered_ledger_is_found_out attacks::records::LEDGER;
    35 every_way_to_die_has_a_name attacks::time::DEATHS;
}
