//! What a plugin can do and can never do, in plain words, each with its evidence.
//!
//! "Never" follows from two facts that a reader can check: what the component imports, which is all
//! its authority, and what the host links, which is the interfaces of its world and nothing else.

use autods_sandbox::{Audit, Capability, Limits, Manifest, Policy, World};
use serde::Serialize;

/// A sentence and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The sentence.
    pub text: String,
    /// What it rests on.
    pub evidence: String,
}

fn statement(text: impl Into<String>, evidence: impl Into<String>) -> Statement {
    Statement {
        text: text.into(),
        evidence: evidence.into(),
    }
}

/// Whether it uses this capability: would have it, were it admitted.
fn has(audit: &Audit, capability: Capability) -> bool {
    audit
        .grants
        .iter()
        .any(|grant| grant.used && grant.capability == capability)
}

fn listed(words: &[String]) -> String {
    match words {
        [] => "none".to_owned(),
        _ => words.join(", "),
    }
}

/// The tables and columns that a loader may fill.
fn tables(manifest: &Manifest) -> String {
    let tables: Vec<String> = manifest
        .tables
        .iter()
        .map(|(table, columns)| format!("`{table}`: {}", columns.join(", ")))
        .collect();
    listed(&tables)
}

/// What it can do.
pub fn can(audit: &Audit, manifest: &Manifest, policy: &Policy) -> Vec<Statement> {
    let mut can = Vec::new();
    match audit.world {
        World::Loader => {
            if has(audit, Capability::ReadSources) {
                can.push(statement(
                    "It can read the data files that the host opened for its table, and no others. It reads \
                     every value in them, identifying ones included: it works before de-identification.",
                    format!(
                        "imports `autods:plugin/sources`, which has numbers for files and no paths; patterns in its manifest: {}",
                        listed(&manifest.reads.patterns)
                    ),
                ));
            }
            if has(audit, Capability::EmitRows) {
                can.push(statement(
                    "It can put rows into tables and columns that both the task and its manifest declare. The host keeps them in \
                     the run's folder and de-identifies them before anything else sees them.",
                    format!(
                        "imports `autods:plugin/sink`; a table or column that the task does not declare fails the call; tables in its manifest: {}",
                        tables(manifest)
                    ),
                ));
                can.push(statement(
                    "It can post numbers about the quality of the files, under names from its manifest.",
                    format!("imports `autods:plugin/sink`; names: {}", listed(&manifest.emits.metrics)),
                ));
            }
        }
        World::Method => {
            can.push(statement(
                "It can see the rows of one fold at a time, de-identified, and keep what it learnt as a fitted \
                 state that only it is given back.",
                "exports `autods:plugin/fitting`; the host hands over the rows of the training fold and nothing else",
            ));
            can.push(statement(
                "It can give back columns of numbers, one row for each row that it was given.",
                format!(
                    "the host refuses text, another number of rows, and column names other than those of the recipe, \
                     the disclosed codes and these words of its manifest: {}",
                    listed(&manifest.vocabulary.levels)
                ),
            ));
        }
        World::Agent => {
            can.push(statement(
                "It can see aggregates that passed disclosure control, and what stands on the board.",
                "exports `autods:plugin/acting`; the host hands over one briefing at each call",
            ));
            can.push(statement(
                format!(
                    "It can propose, endorse, object and ask the host to compute, in these roles: {}.",
                    listed(&manifest.roles.may)
                ),
                "its answer is a list of typed actions; the board's rules accept or refuse each of them",
            ));
        }
    }
    if has(audit, Capability::Log) {
        can.push(match policy.log.show {
            true => statement(
                "It can write messages that are shown to the person at the terminal. They may hold values of rows.",
                "imports `autods:plugin/log`, and this policy sets `log.show`",
            ),
            false => statement(
                "It can write messages to its author, which this policy does not show to anybody.",
                format!(
                    "imports `autods:plugin/log`; `log.show` is off; at most {} messages and {} bytes a call are counted",
                    audit.limits.log_lines, audit.limits.log_bytes
                ),
            ),
        });
    }
    can.push(statement(
        format!(
            "It can use up to {} MiB of memory and {} for each call.",
            audit.limits.memory_mib,
            duration(audit.limits.wall_ms)
        ),
        "`limits.memory-mib` and `limits.wall-ms`; more ends the call, and everything that it had put out is dropped",
    ));
    can
}

/// What it can never do, whatever is inside.
pub fn never(audit: &Audit) -> Vec<Statement> {
    let imports = match audit.imports.len() {
        0 => "it imports nothing".to_owned(),
        1 => "it has one import, listed below".to_owned(),
        count => format!("it has {count} imports, all listed below"),
    };
    let stubs = audit
        .imports
        .iter()
        .any(|import| import.allowed && import.name.starts_with("wasi:"));
    let mut never = vec![
        statement(
            "It can never reach a network: no connection, no name lookup, no message to another program.",
            format!("{imports}; none is a socket or HTTP, and the host has neither to give"),
        ),
        statement(
            match audit.world {
                World::Loader => {
                    "It can never open a file by name, read any file but those that the host opened for its table, \
                     or write a file."
                }
                World::Method | World::Agent => "It can never open, read or write a file.",
            },
            match audit.world {
                World::Loader => {
                    "its only way to files is `autods:plugin/sources`: read, by number, within the file"
                }
                World::Method | World::Agent => {
                    "a plugin of this world cannot import an interface to files"
                }
            },
        ),
        statement(
            "It can never see the clock, random numbers, the environment, the command line, or the name of this computer.",
            match stubs {
                true => {
                    "its imports from WASI are answered by stubs: an empty environment, no files, a clock that stands still, a seeded random stream"
                }
                false => {
                    "no such interface exists for plugins; the same input gives it the same output, bit for bit"
                }
            },
        ),
        statement(
            "It can never start a program or a thread, or end the host.",
            "no such interface exists; threads are switched off in the engine; every trap ends the plugin's call only",
        ),
        statement(
            "It can never keep anything from one call to the next, or see what another plugin did.",
            "every call has a memory of its own, zeroed, and gone afterwards",
        ),
    ];
    never.extend(match audit.world {
        World::Loader => vec![
            statement(
                "It can never see the board, the other plugins, or any result.",
                "a loader cannot import an interface to the board; plugins cannot call each other",
            ),
            statement(
                "It can never put text of its own into a report, a ledger or an error.",
                "names are checked against task and manifest; faults are codes and numbers of places that exist",
            ),
        ],
        World::Method => vec![
            statement(
                "It can never see a row outside the fold that it is given, the lock-box, or which rows are in which fold.",
                "splits, lock-box and scores belong to the host",
            ),
            statement(
                "It can never see a direct identifier or free text.",
                "rows are de-identified before the first method runs",
            ),
            statement(
                "It can never hand on text.",
                "only columns of numbers are taken, under names that the host knows; faults are codes and numbers",
            ),
        ],
        World::Agent => vec![
            statement(
                "It can never see a row, a value of one patient, or a group too small to be shown.",
                "an agent cannot import an interface to rows; its briefing is made of aggregates that passed disclosure control",
            ),
            statement(
                "It can never change a result, a decision or another's words.",
                "the board is append-only and written by the host; numbers come from the host's own computations",
            ),
        ],
    });
    never
}

/// What no audit can promise; said so that nobody reads it into the rest.
pub fn unsaid(world: World) -> Vec<String> {
    let mut unsaid = vec![
        "That its results are right. That is for the tests of its author and for the checks of the run.".to_owned(),
        "That it does not signal by how long it takes or how much it says: those are numbers in the ledger, \
         bounded by the limits below, and no plugin or agent sees them."
            .to_owned(),
    ];
    if world != World::Agent {
        unsaid.push(
            "That the numbers it puts out are those of the files: it sees rows, and a dishonest plugin could \
             hide one in numbers that it returns. They stay among the rows until disclosure control."
                .to_owned(),
        );
    }
    unsaid
}

/// Milliseconds in words.
fn duration(ms: u64) -> String {
    match ms {
        _ if ms >= 60_000 && ms.is_multiple_of(60_000) => count(ms / 60_000, "minute"),
        _ if ms >= 1000 && ms.is_multiple_of(1000) => count(ms / 1000, "second"),
        _ => count(ms, "millisecond"),
    }
}

fn count(number: u64, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// The limits that a reader of the page asks about first.
pub(crate) fn in_short(limits: &Limits) -> String {
    format!("{} MiB, {}", limits.memory_mib, duration(limits.wall_ms))
}
