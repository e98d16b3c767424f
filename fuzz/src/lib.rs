//! Fuzz targets for everything that reads what a stranger gives.
//!
//! Each module is one target: `seeds` makes its first inputs (and sees to it that the honest ones
//! are accepted: a target that is always refused tries nothing), `run` takes one input, and panics
//! where something that the host promises does not hold. Not to crash is the least of it: what is
//! accepted has to be what it was accepted as.
//!
//! `cargo xtask fuzz` builds and runs them, each for a bounded time.

pub mod component;
pub mod front_matter;
pub mod launch;
pub mod ledger;
pub mod lock;
pub mod manifest;
pub mod names;
pub mod package;
pub mod policy;
pub mod runbook;
pub mod signature;
pub mod stream;
pub mod task;

use std::{
    any::Any,
    cell::RefCell,
    fs,
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    process,
};

pub use libfuzzer_sys;

/// Folder to which a target writes its first inputs, instead of fuzzing.
const SEEDS: &str = "AUTODS_FUZZ_SEEDS";

/// The main function of a target: the module of that name.
#[macro_export]
macro_rules! target {
    ($module:ident) => {
        use $crate::libfuzzer_sys;
        $crate::libfuzzer_sys::fuzz_target!(
            init: $crate::begin($crate::$module::seeds),
            |input: &[u8]| {
                $crate::attempt(|| $crate::$module::run(input));
            }
        );
    };
}

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Writes the first inputs if that is what was asked for.
///
/// Takes away the harness's panic hook, which ends the process at once: the host has nets of its
/// own under libraries (`catch_unwind`), and what falls into one of them is no failure.
pub fn begin(seeds: fn() -> Vec<Vec<u8>>) {
    let Some(folder) = std::env::var_os(SEEDS).map(PathBuf::from) else {
        panic::set_hook(Box::new(|info| {
            LAST_PANIC.with(|last| *last.borrow_mut() = info.to_string());
        }));
        return;
    };
    let written = fs::create_dir_all(&folder).and_then(|()| {
        for (number, seed) in seeds().iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:03}")), seed)?;
        }
        Ok(())
    });
    match written {
        Ok(()) => process::exit(0),
        Err(error) => {
            eprintln!(
                "cannot write the first inputs to {}: {error}",
                folder.display()
            );
            process::exit(1);
        }
    }
}

/// Runs a target on one input; a panic that nobody caught is a finding.
pub fn attempt(run: impl FnOnce()) {
    let outcome: Result<(), Box<dyn Any + Send>> = panic::catch_unwind(AssertUnwindSafe(run));
    if outcome.is_err() {
        LAST_PANIC.with(|last| eprintln!("{}", last.borrow()));
        process::abort();
    }
}

/// Claims that no character of a message acts on a terminal; line feeds are the message's own.
pub fn assert_shown(what: &str, message: &str) {
    let acting = message
        .chars()
        .find(|character| *character != '\n' && autods_sandbox::fuzzing::acts(*character));
    assert_eq!(
        acting, None,
        "{what} holds a character that acts: {message:?}"
    );
}
