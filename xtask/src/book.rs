//! The book, to be read in a browser.

use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace::{Workspace, run};

/// `cargo xtask book`
pub(crate) fn book(workspace: &Workspace) -> Result<()> {
    if !workspace.has("mdbook", &["--version"]) {
        bail!(
            "mdbook is not installed: `cargo install mdbook`. Without it the book can be read as it is, in docs/"
        );
    }
    let place = workspace.target.join("book");
    run(Command::new("mdbook")
        .args(["build", "--dest-dir"])
        .arg(&place)
        .arg(workspace.root.join("docs")))?;
    println!("the book: {}", place.join("index.html").display());
    Ok(())
}
