//! Where builds go, and the guests' compilation target.

use std::{env, path::PathBuf};

use anyhow::{Context as _, Result};

use crate::shell::{complain, output, root, run};

/// The guests' compilation target: components for it import nothing but our interfaces.
pub(crate) const GUEST: &str = "wasm32-unknown-unknown";

/// The target directory.
pub(crate) fn directory() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// Add the guests' target when it is missing.
pub(crate) fn ensure() -> Result<()> {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let installed = || -> Result<bool> {
        let sysroot = output(&rustc, &["--print", "sysroot"])?;
        Ok(PathBuf::from(sysroot).join("lib/rustlib").join(GUEST).join("lib").is_dir())
    };
    if installed()? {
        return Ok(());
    }
    complain(&format!("the target {GUEST} is missing: adding it with rustup"));
    run("rustup", &["target", "add", GUEST]).with_context(|| {
        format!(
            "the plugins are compiled for {GUEST}, and it could not be added. \
             With rustup and a network: `rustup target add {GUEST}`. Without a network: install \
             the component rust-std-{GUEST} of your toolchain from a mirror (RUSTUP_DIST_SERVER), \
             or from your distribution, so that `$(rustc --print sysroot)/lib/rustlib/{GUEST}` exists"
        )
    })?;
    if installed()? {
        return Ok(());
    }
    crate::stop(format!(
        "rustup added {GUEST} to another toolchain than the one in use (`rustup show` says which)"
    ))
}
