//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit;

/// Run autonomous data science on protected health data: agents see aggregates, sandboxed plugins
/// see rows, and no component holds both a row and a wire.
///
/// Try it without data:
///
///   autods-host run --task task-readmission-risk --name first --synthetic
///
/// Begin with data of your own:
///
///   autods-host task new task-my-question --from extract.csv
#[derive(Debug, Parser)]
#[command(name = "autods-host", version, about, verbatim_doc_comment, after_help = exit::HELP, arg_required_else_help = true, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    /// Say what a code means: the same as the command `explain CODE`
    #[arg(long, value_name = "CODE")]
    pub(crate) explain: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a task: from files to a report
    #[command(after_help = "\
Examples:
  autods-host run --task task-readmission-risk --name readmit_v1 --data /srv/diabetes130
  autods-host run --task task-readmission-risk --name trial_run --synthetic

The run directory is made beside the task's directory, or at --out. It holds everything that
happened; the report is in its report/ folder.")]
    Run(Run),
    /// Continue a run that was stopped or killed
    Resume(Resume),
    /// Say where a run stands
    Status(RunPath),
    /// Write the report of a run again, from its board
    Report(Report),
    /// Check that a run's ledger, board and files are what was written
    #[command(after_help = "\
Examples:
  autods-host verify readmit_v1
  autods-host verify readmit_v1 --host-key /srv/autods/host.pub
  autods-host verify readmit_v1 --against readmit_v2    same numbers, bit for bit?")]
    Verify(Verify),
    /// List, check or make tasks
    Task(Task),
    /// List, inspect, pin and sign plugins
    Plugin(Plugin),
    /// Show and explain site policies
    Policy(PolicyArguments),
    /// Make a key for signing plugins and locks
    Key(Key),
    /// Say what plugins can and can never do, without running them; or what a run did
    #[command(after_help = "\
Examples:
  autods-host audit loader-table                            one plugin, on the terminal
  autods-host audit --task task-readmission-risk            all that a task would use
  autods-host audit --task T --format html --out audit.html a page to be filed
  autods-host audit plugins/*.wasm --format sarif --out audit.sarif
  autods-host audit --run readmit_v1                        who read which file, what left the row zone
  autods-host audit --run readmit_v1 --static               what a run was begun with
  autods-host audit --run readmit_v1 --host-key host.pub --format json

Nothing is compiled and nothing runs. Exit code 0: all are admitted; 5: one is refused. With --run,
the ledger is verified first; 7: it is not as it was written.")]
    Audit(Audit),
    /// Say what a code means, what to change, and who may
    #[command(after_help = "\
Examples:
  autods-host explain not-granted
  autods-host explain            every code there is")]
    Explain(Explain),
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The task: a directory, or a name found in ./tasks or $AUTODS_TASKS
    #[arg(long, value_name = "TASK")]
    pub(crate) task: PathBuf,
    /// Name of the run: letters, digits, - and _
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Where the data are [default: TASK/data; synthetic data where that holds none]
    #[arg(long, value_name = "DIR", conflicts_with = "synthetic")]
    pub(crate) data: Option<PathBuf>,
    /// Use the task's synthetic cohort
    #[arg(long)]
    pub(crate) synthetic: bool,
    /// Make the run directory here [default: NAME beside the task's directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Use the name of an earlier run, which moves aside to NAME.previous
    #[arg(long)]
    pub(crate) replace: bool,
    /// Site policy: strict, standard, development, or a file [default: standard]
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<PathBuf>,
    /// The protocol as a state machine [default: the one built in]
    #[arg(long, value_name = "FILE")]
    pub(crate) runbook: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) places: Places,
}

#[derive(Debug, Args)]
pub(crate) struct Places {
    /// Where the plugins are [default: $AUTODS_PLUGINS, or plugins/ beside this program]
    #[arg(long, value_name = "DIR")]
    pub(crate) plugins: Option<PathBuf>,
    /// Where keys are kept [default: $AUTODS_KEYS, or ~/.config/autods/keys]
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// Cache of compiled plugins [default: $AUTODS_CACHE, or ~/.cache/autods/code]
    #[arg(long, value_name = "DIR")]
    pub(crate) cache: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// The run's directory
    pub(crate) run: PathBuf,
    /// Go on only if this is the policy that the run began under: strict, standard, development, or
    /// a file [default: whatever it began under]
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<PathBuf>,
    /// Where keys are kept [default: $AUTODS_KEYS, or ~/.config/autods/keys]
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The run's directory
    pub(crate) run: PathBuf,
    /// Where keys are kept [default: $AUTODS_KEYS, or ~/.config/autods/keys]
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// Say it for a program
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RunPath {
    /// The run's directory
    pub(crate) run: PathBuf,
    /// Say it for a program
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The run's directory
    pub(crate) run: PathBuf,
    /// Compare its numbers with those of another run, bit for bit
    #[arg(long, value_name = "RUN")]
    pub(crate) against: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) host_key: HostKey,
    /// Say it for a program
    #[arg(long)]
    pub(crate) json: bool,
}

/// The public key that the signed head of a ledger is checked with.
#[derive(Debug, Args)]
pub(crate) struct HostKey {
    /// Public key of the host that made the run [default: host.pub where keys are kept]
    #[arg(long, value_name = "FILE")]
    pub(crate) host_key: Option<PathBuf>,
    /// Where keys are kept [default: $AUTODS_KEYS, or ~/.config/autods/keys]
    #[arg(long, value_name = "DIR", conflicts_with = "host_key")]
    pub(crate) keys: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Task {
    #[command(subcommand)]
    pub(crate) command: TaskCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TaskCommand {
    /// List the tasks found in ./tasks and $AUTODS_TASKS
    List {
        /// Say it for a program
        #[arg(long)]
        json: bool,
    },
    /// Check a task's TASK.md and LAUNCH.md
    Check {
        /// The task's directory or name
        task: PathBuf,
        /// Say it for a program
        #[arg(long)]
        json: bool,
    },
    /// Make a new task: commented templates, or guessed from a file
    #[command(after_help = "\
Examples:
  autods-host task new task-my-question
  autods-host task new task-my-question --from extract.csv

With --from, all of TASK.md is guessed: dictionary, person, outcome, groups to compare. The lines
to look at and the commands to go on with are printed.")]
    New {
        /// Its name, such as task-my-question
        name: String,
        /// Make it in this directory
        #[arg(long, default_value = "tasks")]
        r#in: PathBuf,
        /// Guess the task from this file: fields between `,`, `;`, tabs or `|`; .gz is inflated
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Plugin {
    #[command(subcommand)]
    pub(crate) command: PluginCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// List the plugins
    List {
        /// Where they are
        #[arg(long, value_name = "DIR")]
        plugins: Option<PathBuf>,
        /// Site policy: strict, standard, development, or a file [default: standard]
        #[arg(long, value_name = "POLICY")]
        policy: Option<PathBuf>,
        /// Say it for a program
        #[arg(long)]
        json: bool,
    },
    /// Pin plugins as they are now in the folder's autods.lock
    #[command(after_help = "\
Examples:
  autods-host plugin lock --plugins /srv/autods/plugins            everything in the folder
  autods-host plugin lock loader-table --plugins DIR               this one; the others stay as they are
  autods-host plugin lock --plugins DIR --key data-office.key      and sign the lock

Only what would be admitted is pinned. Before it is signed, what differs from the last signed lock is
listed; with ids, nothing but them may differ. $AUTODS_KEY_PASSWORD is the password of an encrypted key.")]
    Lock {
        /// Ids; none: every plugin found, and what is gone is forgotten
        plugin: Vec<String>,
        /// The folder
        #[arg(long, value_name = "DIR")]
        plugins: Option<PathBuf>,
        /// Site policy: strict, standard, development, or a file [default: standard]
        #[arg(long, value_name = "POLICY")]
        policy: Option<PathBuf>,
        /// Sign the lock with this secret key
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Sign a plugin: its manifest, which names the component by digest
    #[command(after_help = "\
Example:
  autods-host plugin sign dist/loader-mine.wasm --key author.key

Anybody can check it without this program:
  minisign -Vm dist/loader-mine.toml -p author.pub && sha256sum dist/loader-mine.wasm")]
    Sign {
        /// Its component
        plugin: PathBuf,
        /// The secret key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Check the signature of a plugin
    #[command(after_help = "\
Examples:
  autods-host plugin verify dist/loader-mine.wasm --public author.pub
  autods-host plugin verify loader-table --policy /etc/autods/policy.toml")]
    Verify {
        /// Its component, or its id
        plugin: PathBuf,
        /// The key that should have signed it; otherwise those of the policy
        #[arg(long, value_name = "FILE", conflicts_with = "policy")]
        public: Option<PathBuf>,
        /// Site policy whose signers count [default: standard]
        #[arg(long, value_name = "POLICY")]
        policy: Option<PathBuf>,
        /// Where plugins are looked up by id
        #[arg(long, value_name = "DIR")]
        plugins: Option<PathBuf>,
    },
    /// Show a plugin's manifest, imports, exports and digest
    Inspect {
        /// Its file, or its id
        plugin: PathBuf,
        /// Where plugins are looked up by id
        #[arg(long, value_name = "DIR")]
        plugins: Option<PathBuf>,
        /// Say it for a program
        #[arg(long)]
        json: bool,
    },
    /// What an author does
    #[command(flatten)]
    Author(crate::command::author::AuthorCommand),
}

#[derive(Debug, Args)]
pub(crate) struct PolicyArguments {
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Print a policy in full: a profile with what every key means, or a file with its profile's
    /// values filled in
    #[command(after_help = "\
Examples:
  autods-host policy show strict > policy.toml
  autods-host policy show /etc/autods/policy.toml")]
    Show {
        /// strict, standard, development, or a file
        policy: PathBuf,
        /// Say it for a program
        #[arg(long)]
        json: bool,
    },
    /// Say what one key means, why it is there and what it acts on
    #[command(after_help = "\
Example:
  autods-host policy explain limits.wall-ms")]
    Explain {
        /// The key, such as limits.wall-ms
        key: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Key {
    #[command(subcommand)]
    pub(crate) command: KeyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a pair of keys in minisign's form: NAME.key (secret, mode 0600) and NAME.pub
    #[command(after_help = "\
Example:
  autods-host key new /etc/autods/data-office

With $AUTODS_KEY_PASSWORD set, the secret key is encrypted with it. The line of the .pub file goes
into `[[signers]]` of policy.toml.")]
    New {
        /// Where: the files get .key and .pub added
        name: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal
    Table,
    /// For programs
    Json,
    /// For a build server: SARIF 2.1.0
    Sarif,
    /// To be filed: what each plugin can and can never do, in plain words, with the evidence
    Html,
}

#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// Plugin files or ids; none: every plugin found
    #[arg(conflicts_with_all = ["task", "run"])]
    pub(crate) plugin: Vec<PathBuf>,
    /// Every plugin that a run of this task would use
    #[arg(long, value_name = "TASK", conflicts_with = "run")]
    pub(crate) task: Option<PathBuf>,
    /// What this run did, from its ledger alone
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<PathBuf>,
    /// With --run: every plugin that the run was begun with, under its own policy
    #[arg(long = "static", requires = "run")]
    pub(crate) frozen: bool,
    #[command(flatten)]
    pub(crate) host_key: HostKey,
    /// Site policy to hold them to [default: the run's, or the built-in defaults]
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Where plugins are looked up
    #[arg(long, value_name = "DIR")]
    pub(crate) plugins: Option<PathBuf>,
    /// How to say it
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    /// Write it to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code of a refusal, a fault, a rule of the board, or an exit code; none: list them
    pub(crate) code: Option<String>,
    /// Say it for a program
    #[arg(long)]
    pub(crate) json: bool,
}
