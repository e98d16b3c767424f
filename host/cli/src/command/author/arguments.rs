//! What an author types.

use std::path::PathBuf;

use autods_sandbox::World;
use clap::{Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum AuthorCommand {
    /// Make a folder for a new plugin; it builds and passes its tests at once
    #[command(after_help = "\
Examples:
  autods-host plugin new lab-results --world loader
  autods-host plugin new rank --world method --in ~/plugins
  autods-host plugin new critic --world agent --sdk ~/src/autods

The world stands in front of a plugin's name, and is put there if you leave it out. The folder holds
everything that a build needs: the SDK and the contract are in it, in the version of this host.")]
    New {
        /// What to call it: words of a-z and 0-9 with hyphens between them
        name: String,
        /// What it is to be
        #[arg(long, value_enum)]
        world: WorldName,
        /// Language to write it in
        #[arg(long, default_value = "rust")]
        lang: String,
        /// Make the folder in this one
        #[arg(long, value_name = "DIR", default_value = ".")]
        r#in: PathBuf,
        /// Use the SDK of this checkout instead of the copy in this program
        #[arg(long, value_name = "PATH")]
        sdk: Option<PathBuf>,
    },
    /// Compile a plugin, make it a component, and say what the host will say of it
    #[command(after_help = "\
Examples:
  autods-host plugin build
  autods-host plugin build loader-lab-results

Writes dist/<id>.wasm, and dist/<id>.toml: plugin.toml with the component's digest. Exit code 5 if
the component would be refused.")]
    Build {
        /// The plugin's folder
        #[arg(default_value = ".")]
        dir: PathBuf,
        /// Audit it under this policy [default: the built-in one]
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
    },
}

/// A world, by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum WorldName {
    /// Reads files, emits rows
    Loader,
    /// Is fitted on the rows of a fold and applied to rows
    Method,
    /// Sees aggregates, answers with typed actions
    Agent,
}

impl From<WorldName> for World {
    fn from(name: WorldName) -> Self {
        match name {
            WorldName::Loader => Self::Loader,
            WorldName::Method => Self::Method,
            WorldName::Agent => Self::Agent,
        }
    }
}
