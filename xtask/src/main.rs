//! What a developer does: `cargo xtask demo | test | build | plugins | bench | fuzz | lint | book`.
//!
//! Every command does its own set-up, says which step it is at and how long each one took, and
//! ends with an error that says what to do. Build output goes to `$CARGO_TARGET_DIR`, or `target/`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool talks to its terminal"
)]

mod bench;
mod book;
mod build;
mod component;
mod data;
mod demo;
mod fuzz;
mod guest_target;
mod lint;
mod manifest;
mod progress;
mod test;
mod workspace;

use std::process::ExitCode;

use workspace::Workspace;

const HELP: &str = "\
cargo xtask COMMAND

  demo      build everything, run the demonstration on synthetic data, say where its report is
  test      build everything, run every test
  build     build plugins and host
  plugins   build the plugins only, as components, into <target>/release/plugins
  bench     run every benchmark; `bench sandbox [--json] [GROUP …]`: one of them
  fuzz [TARGET]… [--seconds N]
            try what reads a stranger's bytes on inputs made up, each target for N seconds (60)
  lint      formatting, clippy, dependencies
  book      make docs/ a book for a browser, in <target>/book; needs mdbook

Environment: CARGO_TARGET_DIR (build output), AUTODS_DATA (real data for tests).";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let workspace = Workspace::here();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["demo"] => demo::demo(&workspace),
        ["test"] => test::test(&workspace),
        ["build"] => build::build(&workspace),
        ["plugins"] => build::plugins(&workspace),
        ["bench", ref rest @ ..] => bench::bench(&workspace, rest),
        ["fuzz", ref words @ ..] => fuzz::Options::parse(words.iter().copied())
            .and_then(|options| fuzz::fuzz(&workspace, &options)),
        ["book"] => book::book(&workspace),
        ["lint"] => lint::lint(&workspace),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("error: unknown command `{}`\n\n{HELP}", arguments.join(" "));
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
