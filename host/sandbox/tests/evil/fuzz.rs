//! Whatever the bytes, the host answers and does not panic.

use std::sync::LazyLock;

use autods_sandbox::{CallError, Sandbox, loader};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::build::{Module, admit, file, job, policy, shard, sources};

static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| Sandbox::new(policy(), None).unwrap());
static HONEST: LazyLock<[Vec<u8>; 3]> =
    LazyLock::new(|| ["loader", "method", "agent"].map(|world| Module::default().component(world)));

/// Admits, and calls what was admitted.
fn try_out(world: &str, bytes: Vec<u8>) {
    if let Ok(plugin) = SANDBOX.admit(file(world, bytes)) {
        // The outcome does not matter, that there is one does.
        let _ = loader::load(&plugin, &sources(), &job(), &shard());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_do_not_panic_the_host(bytes in vec(any::<u8>(), 0..300)) {
        try_out("loader", bytes.clone());
        let component = [b"\0asm\x0d\0\x01\0".to_vec(), bytes].concat();
        try_out("method", component);
    }

    #[test]
    fn mutated_components_do_not_panic_the_host(
        which in 0..3_usize,
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        keep in any::<bool>(),
    ) {
        let world = ["loader", "method", "agent"][which];
        let mut bytes = HONEST[which].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !keep {
            bytes.truncate(cut.index(bytes.len()));
        }
        try_out(world, bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_stream_is_taken_or_refused_but_never_fatal(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        let mut stream = crate::output::good(9);
        for (at, byte) in changes {
            let at = at.index(stream.len());
            stream[at] = byte;
        }
        let plugin = admit("loader", &Module::emitting(&stream));
        match loader::load(&plugin, &sources(), &job(), &shard()) {
            Ok((output, usage)) => prop_assert_eq!(usage.rows_out > 0, !output.tables.is_empty()),
            Err(error) => prop_assert!(
                matches!(error, CallError::OutputRejected(_) | CallError::HostBudget { .. }),
                "{}", error
            ),
        }
    }
}
