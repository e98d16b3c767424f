//! The compiler target of the plugins.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// What plugins are compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Adds the target to the toolchain if it is not there.
pub(crate) fn ensure(workspace: &Workspace) -> Result<()> {
    let place = place(workspace)?;
    if place.is_dir() {
        return Ok(());
    }
    println!("      the target {TARGET} is missing; `rustup target add {TARGET}` …");
    let added = Command::new("rustup")
        .args(["target", "add", TARGET])
        .current_dir(&workspace.root)
        .status();
    match added {
        Err(_) => bail!(
            "plugins are compiled for {TARGET}, which this Rust toolchain lacks, and there is no \
             rustup to add it.\n\
             Do one of these, then try again:\n\
             - install Rust by rustup, see https://rustup.rs;\n\
             - with Rust from a distribution, install its package for this target (Debian: \
             libstd-rust-dev-wasm32; Fedora: rust-std-static-{TARGET})."
        ),
        Ok(status) if !status.success() => bail!(
            "`rustup target add {TARGET}` failed ({status}); its own message is above.\n\
             It needs the network once (static.rust-lang.org). Without one, run that command on a \
             machine with the same Rust version and copy\n  {}\nto the same place here.",
            place.display()
        ),
        Ok(_) if !place.is_dir() => bail!(
            "rustup added {TARGET}, but not to the toolchain that cargo uses ({}). Is a Rust from \
             elsewhere first in PATH?",
            place.display()
        ),
        Ok(_) => Ok(()),
    }
}

/// Where the target's standard library is, in the toolchain that cargo uses here.
fn place(workspace: &Workspace) -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "sysroot"])
        .current_dir(&workspace.root)
        .output()
        .context("starting `rustc --print sysroot`; is Rust installed? see https://rustup.rs")?;
    let sysroot = String::from_utf8(output.stdout).context("`rustc --print sysroot`")?;
    Ok(PathBuf::from(sysroot.trim())
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib"))
}
