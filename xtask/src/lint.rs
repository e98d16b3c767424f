//! What a machine can say about style.

use anyhow::Result;

use crate::progress::Progress;
use crate::workspace::Workspace;

/// A tool: how to see whether it is there, what to run, and how to get it.
struct Tool {
    name: &'static str,
    probe: &'static [&'static str],
    arguments: &'static [&'static str],
    missing: &'static str,
}

const TOOLS: [Tool; 3] = [
    Tool {
        name: "formatting",
        probe: &["fmt", "--version"],
        arguments: &["fmt", "--all", "--check"],
        missing: "rustup component add rustfmt",
    },
    Tool {
        name: "clippy",
        probe: &["clippy", "--version"],
        arguments: &[
            "clippy",
            "--release",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ],
        missing: "rustup component add clippy",
    },
    Tool {
        name: "dependencies: licences, advisories, bans",
        probe: &["deny", "--version"],
        arguments: &["deny", "check"],
        missing: "cargo install cargo-deny",
    },
];

/// `cargo xtask lint`
pub(crate) fn lint(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(TOOLS.len());
    let mut skipped = Vec::new();
    for tool in TOOLS {
        if workspace.has("cargo", tool.probe) {
            progress.step(tool.name, || workspace.cargo(tool.arguments))?;
        } else {
            progress.step(tool.name, || {
                println!("      SKIPPED: not installed (`{}`)", tool.missing);
                Ok(())
            })?;
            skipped.push(tool.name);
        }
    }
    if skipped.is_empty() {
        progress.finish("nothing to complain about");
    } else {
        progress.finish(&format!(
            "nothing to complain about; skipped: {}",
            skipped.join("; ")
        ));
    }
    Ok(())
}
