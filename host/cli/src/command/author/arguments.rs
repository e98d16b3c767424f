//! What an author types.

use std::path::PathBuf;

use autods_sandbox::World;
use clap::{Args, Subcommand, ValueEnum};

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
        /// Audit it under this policy: strict, standard, development, or a file [default: development]
        #[arg(long, value_name = "POLICY")]
        policy: Option<PathBuf>,
    },
    /// Say what the host would refuse, and what whoever reads the plugin would miss
    #[command(after_help = "\
Examples:
  autods-host plugin check
  autods-host plugin check dist/loader-lab.wasm --policy strict

Every finding names file and line and says what to do. Exit code 5 if the host would refuse the
plugin. The lock has no say: it is the folder's in which the plugin will be installed.")]
    Check {
        /// The plugin's folder, or a component
        #[arg(default_value = ".")]
        plugin: PathBuf,
        /// Site policy: strict, standard, development, or a file [default: standard]
        #[arg(long, value_name = "POLICY")]
        policy: Option<PathBuf>,
        /// Say it for a program
        #[arg(long)]
        json: bool,
    },
    /// Run the author's tests, natively and against the compiled component in the real host
    #[command(after_help = "\
Examples:
  autods-host plugin test
  autods-host plugin test --case readings
  autods-host plugin test --bless        what came out becomes what is expected; read it first

A case is a folder in tests/cases: case.toml, input/, expected/. A loader's case is run with several
sizes of shards, a method's twice and, where it says so, on shuffled rows. Panics are shown with
their message and line. Exit code 5 if something failed.")]
    Test(Test),
    /// Time the cases in the real host
    #[command(after_help = "\
Example:
  autods-host plugin bench --repeat 30

Times are of whole calls, with every limit on, from a fresh instance to the last checked byte.")]
    Bench(Bench),
    /// Put a built plugin into one file, or an OCI image layout, to hand on
    #[command(after_help = "\
Examples:
  autods-host plugin pack                          loader-lab-0.1.0.tar.gz
  autods-host plugin pack dist/loader-lab.wasm --out lab.tar.gz
  autods-host plugin pack --oci layout/            for a registry

The same files give the same bytes, whenever and by whomever they are packed.")]
    Pack(Pack),
    /// Install a plugin: policy, digest and signature are checked, then it is pinned
    #[command(after_help = "\
Examples:
  autods-host plugin install .                                   a plugin's folder, built
  autods-host plugin install loader-lab-0.1.0.tar.gz --policy /etc/autods/policy.toml
  autods-host plugin install oci://registry.example.org/team/loader-lab:0.1.0
  autods-host plugin install oci-layout:layout/                  without a network

The folder goes from its old state to the new one in one step. Registries are asked by curl, over
https only; this program has no network of its own.")]
    Install(Install),
    /// Remove a plugin, and what autods.lock says of it
    #[command(after_help = "\
Example:
  autods-host plugin remove loader-lab")]
    Remove {
        /// Its id
        id: String,
        /// The folder of plugins [default: $AUTODS_PLUGINS, or plugins/ beside this program]
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// The plugin's folder
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Only this case
    #[arg(long, value_name = "NAME")]
    pub(crate) case: Option<String>,
    /// Make what comes out what is expected
    #[arg(long)]
    pub(crate) bless: bool,
    /// Leave out the tests in the plugin's own language
    #[arg(long)]
    pub(crate) no_native: bool,
    /// Take the component as it was built last
    #[arg(long)]
    pub(crate) no_build: bool,
    /// Limits of this policy: strict, standard, development, or a file [default: development]
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<PathBuf>,
    /// Say it for a program
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// The plugin's folder
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Only this case
    #[arg(long, value_name = "NAME")]
    pub(crate) case: Option<String>,
    /// How often
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) repeat: u32,
    /// Take the component as it was built last
    #[arg(long)]
    pub(crate) no_build: bool,
    /// Leave out the same cases natively
    #[arg(long)]
    pub(crate) no_native: bool,
    /// Limits of this policy: strict, standard, development, or a file [default: development]
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<PathBuf>,
    /// Say it for a program
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Pack {
    /// The plugin's folder, or its component
    #[arg(default_value = ".")]
    pub(crate) plugin: PathBuf,
    /// The file to make [default: ID-VERSION.tar.gz]
    #[arg(long, value_name = "FILE", conflicts_with = "oci")]
    pub(crate) out: Option<PathBuf>,
    /// Make an OCI image layout in this folder instead
    #[arg(long, value_name = "DIR")]
    pub(crate) oci: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Install {
    /// A component, a plugin's folder, a package (.tar, .tar.gz), oci-layout:DIR[:TAG], or
    /// oci://REGISTRY/NAME:TAG
    pub(crate) plugin: String,
    /// The folder of plugins [default: $AUTODS_PLUGINS, or plugins/ beside this program]
    #[arg(long, value_name = "DIR")]
    pub(crate) into: Option<PathBuf>,
    /// Site policy: strict, standard, development, or a file [default: standard]
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<PathBuf>,
    /// Speak plain http with a registry on this very machine
    #[arg(long)]
    pub(crate) plain_http: bool,
    /// Names and passwords of private registries, in curl's form
    #[arg(long, value_name = "FILE")]
    pub(crate) netrc_file: Option<PathBuf>,
    /// Say it for a program
    #[arg(long)]
    pub(crate) json: bool,
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
