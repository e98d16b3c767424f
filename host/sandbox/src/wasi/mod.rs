//! WASI that answers nothing: what a policy with `wasi.stubs = true` links besides a plugin's world.
//!
//! Compilers of some languages put WASI imports into everything they build, used or not. The design
//! decision here is that such a component gets *stubs written for this purpose* instead of a WASI
//! implementation that is then restricted: there is no file, clock, source of randomness, terminal
//! or environment behind any of them, and nothing that a later version could switch on. Sockets and
//! http have no stub and cannot be linked in any configuration.
//!
//! | interface | what a plugin sees |
//! |---|---|
//! | `cli/environment` | no variables, no arguments, no working directory |
//! | `cli/exit` | ends the call: `trap-exit` |
//! | `cli/stdin` | a closed stream |
//! | `cli/stdout`, `cli/stderr` | a stream that takes everything; counted as messages to the author |
//! | `cli/terminal-*` | no terminal |
//! | `clocks/*` | zero at the first look, one millisecond more at each further look |
//! | `random/*` | the same stream of numbers in every call |
//! | `filesystem/*` | no folder, hence no descriptor |
//! | `io/*` | the streams above; whoever waits is ready |
//!
//! Every call of a stub counts as a call into the host. State lives in the call's [`Meter`] and goes
//! with it.
//!
//! [`Meter`]: crate::meter::Meter

mod cli;
mod clocks;
mod filesystem;
mod io;
mod random;
mod target;

use wasmtime::component::{HasSelf, Linker};

use crate::bindings::inert;
use crate::meter::{Meter, Stop};
use crate::plugin::Call;

pub(crate) use cli::Printer;
pub(crate) use target::{mixed_version, target};

/// Stubs of one call.
pub(crate) struct Stubs {
    /// Looks at any clock so far.
    looks: u64,
    random: random::Stream,
    /// Resources that the guest holds.
    handles: u64,
    pub printer: Printer,
}

impl Stubs {
    pub(crate) fn new() -> Self {
        Self {
            looks: 0,
            random: random::Stream::new(),
            handles: 0,
            printer: Printer::default(),
        }
    }
}

/// Interfaces of WASI 0.2 that can be linked as stubs, and what each answers.
const INTERFACES: [(&str, &str); 20] = [
    ("cli/environment", "no variables, no arguments, no folder"),
    ("cli/exit", "ends the call as `trap-exit`"),
    ("cli/stdin", "a closed stream"),
    ("cli/stdout", "takes text as messages to the author"),
    ("cli/stderr", "takes text as messages to the author"),
    ("cli/terminal-input", "no terminal"),
    ("cli/terminal-output", "no terminal"),
    ("cli/terminal-stdin", "no terminal"),
    ("cli/terminal-stdout", "no terminal"),
    ("cli/terminal-stderr", "no terminal"),
    ("io/error", "no error has a text"),
    ("io/poll", "whoever waits is ready"),
    ("io/streams", "the streams of stdin, stdout and stderr"),
    ("clocks/monotonic-clock", "zero, and 1 ms more at each look"),
    (
        "clocks/wall-clock",
        "1970-01-01, and 1 ms more at each look",
    ),
    ("random/random", "the same numbers in every call"),
    ("random/insecure", "the same numbers in every call"),
    ("random/insecure-seed", "the same seed in every call"),
    ("filesystem/types", "no descriptor exists"),
    ("filesystem/preopens", "no folder"),
];

/// What the stub of an import answers; `None` where there is no stub of it: another package,
/// another version than 0.2.x, a pre-release, sockets, http.
pub(crate) fn answers(import: &str) -> Option<&'static str> {
    let (interface, _) = split(import)?;
    INTERFACES
        .iter()
        .find(|(name, _)| *name == interface)
        .map(|(_, answers)| *answers)
}

/// Interface and patch version of `wasi:<interface>@0.2.<patch>`.
fn split(import: &str) -> Option<(&str, u64)> {
    let (interface, version) = import.strip_prefix("wasi:")?.split_once('@')?;
    let patch = version.strip_prefix("0.2.")?;
    let plain = patch.bytes().all(|byte| byte.is_ascii_digit())
        && (patch == "0" || !patch.starts_with('0'));
    Some((interface, plain.then(|| patch.parse().ok())??))
}

/// Links every stub, interface by interface: there is no call here that would link a set that
/// somebody else may enlarge.
pub(crate) fn link<T: Call>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    use inert::wasi::{cli, clocks, filesystem, io, random};
    type Own = HasSelf<Meter>;
    io::error::add_to_linker::<T, Own>(linker, T::meter)?;
    io::poll::add_to_linker::<T, Own>(linker, T::meter)?;
    io::streams::add_to_linker::<T, Own>(linker, T::meter)?;
    clocks::monotonic_clock::add_to_linker::<T, Own>(linker, T::meter)?;
    clocks::wall_clock::add_to_linker::<T, Own>(linker, T::meter)?;
    random::random::add_to_linker::<T, Own>(linker, T::meter)?;
    random::insecure::add_to_linker::<T, Own>(linker, T::meter)?;
    random::insecure_seed::add_to_linker::<T, Own>(linker, T::meter)?;
    filesystem::types::add_to_linker::<T, Own>(linker, T::meter)?;
    filesystem::preopens::add_to_linker::<T, Own>(linker, T::meter)?;
    cli::environment::add_to_linker::<T, Own>(linker, T::meter)?;
    cli::exit::add_to_linker::<T, Own>(linker, T::meter)?;
    cli::stdin::add_to_linker::<T, Own>(linker, T::meter)?;
    cli::stdout::add_to_linker::<T, Own>(linker, T::meter)?;
    cli::stderr::add_to_linker::<T, Own>(linker, T::meter)?;
    cli::terminal_input::add_to_linker::<T, Own>(linker, T::meter)?;
    cli::terminal_output::add_to_linker::<T, Own>(linker, T::meter)?;
    cli::terminal_stdin::add_to_linker::<T, Own>(linker, T::meter)?;
    cli::terminal_stdout::add_to_linker::<T, Own>(linker, T::meter)?;
    cli::terminal_stderr::add_to_linker::<T, Own>(linker, T::meter)
}

impl Meter {
    /// Counts a resource that the guest will hold; ends its call when it holds too many.
    fn hold(&mut self) -> Result<(), Stop> {
        self.stubs.handles += 1;
        if self.stubs.handles > self.limits.handles {
            return Err(Stop::Budget(crate::call_error::Budget::Handles));
        }
        Ok(())
    }

    fn let_go(&mut self) {
        self.stubs.handles = self.stubs.handles.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_stubs_is_exactly_what_the_wit_says() {
        let (resolve, id) = wit_parser::decoding::decode_world(inert::COMPONENT_TYPE).unwrap();
        let mut named: Vec<String> = resolve.worlds[id]
            .imports
            .keys()
            .map(|key| resolve.name_world_key(key))
            .collect();
        let mut listed: Vec<String> = INTERFACES
            .iter()
            .map(|(interface, _)| format!("wasi:{interface}@0.2.12"))
            .collect();
        named.sort();
        listed.sort();
        assert_eq!(named, listed);
        assert!(resolve.worlds[id].exports.is_empty());
        assert!(
            !listed
                .iter()
                .any(|name| name.contains("socket") || name.contains("http"))
        );
    }

    #[test]
    fn only_releases_of_wasi_0_2_have_stubs() {
        for name in [
            "wasi:cli/environment@0.2.0",
            "wasi:io/poll@0.2.12",
            "wasi:io/poll@0.2.99",
        ] {
            assert!(answers(name).is_some(), "{name}");
        }
        for name in [
            "wasi:cli/environment",
            "wasi:cli/environment@0.3.0",
            "wasi:cli/environment@0.2",
            "wasi:cli/environment@0.2.",
            "wasi:cli/environment@0.2.0-rc",
            "wasi:cli/environment@0.2.0+more",
            "wasi:cli/environment@0.2.00",
            "wasi:cli/environment@0.2.99999999999999999999999",
            "wasi:cli/run@0.2.0",
            "wasi:clocks/timezone@0.2.0",
            "wasi:sockets/tcp@0.2.0",
            "wasi:http/types@0.2.0",
            "acme:cli/environment@0.2.0",
        ] {
            assert_eq!(answers(name), None, "{name}");
        }
    }
}
