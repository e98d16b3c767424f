//! Calling a method: rows of one fold in; rows or a fitted state out.

use std::collections::BTreeSet;

use crate::bindings::method::exports::autods::plugin::fitting;
use crate::bindings::types;
use crate::call_error::{Budget, CallError, Rejection};
use crate::fault::Places;
use crate::ipc::{self, Bounds, Declared, Flaw, Storage};
use crate::meter::{Meter, Usage};
use crate::plugin::{Call, Entry, Plugin, usage};
use crate::policy::mib;
use crate::world::World;

pub use crate::bindings::types::{Fault, FaultCode, Param, Scalar};
pub use fitting::{ColumnUse, Fitted, Recipe, Step, TableData};

/// Names that the columns of a method's output may be made of. A method is in the row zone: a
/// name of its own choice could carry a row to the outside.
///
/// A name is `<column>`, `<column>=<level>`, `<column>:<word>` or `<column>:<word>=<level>`, where
/// the column is one of these, the word is in the manifest's vocabulary, and the level is either
/// in the vocabulary or one of these, or several such joined by `|`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutputNames {
    /// Columns: those of the recipe.
    pub columns: BTreeSet<String>,
    /// Levels: codes that the catalogue discloses.
    pub levels: BTreeSet<String>,
}

impl OutputNames {
    /// The columns of a recipe, with levels.
    pub fn of(recipe: &Recipe, levels: impl IntoIterator<Item = String>) -> Self {
        Self {
            columns: recipe
                .columns
                .iter()
                .map(|used| used.column.clone())
                .collect(),
            levels: levels.into_iter().collect(),
        }
    }

    pub(crate) fn allow(&self, name: &str, vocabulary: &BTreeSet<String>) -> bool {
        if self.columns.contains(name) {
            return true;
        }
        // Column names come from files and may themselves hold `=` or `:`, so every split counts.
        name.char_indices().any(|(at, mark)| {
            self.columns.contains(&name[..at])
                && match mark {
                    '=' => self.level(&name[at + 1..], vocabulary),
                    ':' => self.word(&name[at + 1..], vocabulary),
                    _ => false,
                }
        })
    }

    fn word(&self, rest: &str, vocabulary: &BTreeSet<String>) -> bool {
        vocabulary.contains(rest)
            || rest.split_once('=').is_some_and(|(word, level)| {
                vocabulary.contains(word) && self.level(level, vocabulary)
            })
    }

    fn level(&self, level: &str, vocabulary: &BTreeSet<String>) -> bool {
        let known = |level: &str| self.levels.contains(level) || vocabulary.contains(level);
        known(level) || level.split('|').all(known)
    }
}

/// Fits a method on the training rows of one fold.
///
/// The state is opaque, but bounded; `train` is empty, or has the rows that went in.
///
/// # Errors
/// Where the plugin faults, traps or passes a limit, or its output is not what a method may put
/// out: tables that were not handed in, columns that are not Float32 or Float64, names that
/// `names` does not allow, or another number of rows.
pub fn fit(
    plugin: &Plugin,
    tables: &[TableData],
    recipe: &Recipe,
    seed: u64,
    names: &OutputNames,
) -> Result<(Fitted, Usage), CallError> {
    let (fitted, mut state) = call(plugin, tables, 0, "fit", |guest, store| {
        guest
            .autods_plugin_fitting()
            .call_fit(store, tables, recipe, seed)
    })?;
    check_size(&fitted.state, &mut state)?;
    if !fitted.train.is_empty() {
        check_tables(plugin, tables, &fitted.train, names, &mut state)?;
    }
    Ok((fitted, usage(state)))
}

/// Applies a fitted state to rows. Output row *i* belongs to input row *i*.
///
/// # Errors
/// As [`fit`]; also where the output has no table at all.
pub fn apply(
    plugin: &Plugin,
    state: &[u8],
    tables: &[TableData],
    names: &OutputNames,
) -> Result<(Vec<TableData>, Usage), CallError> {
    let (output, mut account) = call(plugin, tables, state.len(), "apply", |guest, store| {
        guest
            .autods_plugin_fitting()
            .call_apply(store, state, tables)
    })?;
    if output.is_empty() {
        return Err(CallError::OutputRejected(Rejection::UnknownTable));
    }
    check_tables(plugin, tables, &output, names, &mut account)?;
    Ok((output, usage(account)))
}

/// What a method's call carries: nothing but its account.
pub(crate) struct MethodCall {
    pub(crate) meter: Meter,
}

impl Call for MethodCall {
    fn meter(&mut self) -> &mut Meter {
        &mut self.meter
    }
}

impl types::Host for MethodCall {}

fn call<R>(
    plugin: &Plugin,
    tables: &[TableData],
    state_bytes: usize,
    export: &'static str,
    ask: impl FnOnce(
        &crate::bindings::method::Method,
        &mut wasmtime::Store<MethodCall>,
    ) -> wasmtime::Result<Result<R, Fault>>,
) -> Result<(R, MethodCall), CallError> {
    let Entry::Method(entry) = plugin.entry() else {
        return Err(plugin.wrong_world(World::Method));
    };
    let mut meter = plugin.meter();
    meter.usage.bytes_in = state_bytes as u64
        + tables
            .iter()
            .map(|table| table.stream.len() as u64)
            .sum::<u64>();
    let (answer, state) = plugin.run(export, MethodCall { meter }, |store| {
        let guest = entry.instantiate(&mut *store)?;
        store.data_mut().meter.entered = true;
        ask(&guest, store)
    })?;
    let places = Places {
        sources: 0,
        lines: None,
        columns: Some(state.meter.limits.output_columns),
        count: state.meter.limits.output_columns,
    };
    let answer = answer.map_err(|fault| CallError::Fault(places.bind(fault)))?;
    Ok((answer, state))
}

fn check_size(state: &[u8], account: &mut MethodCall) -> Result<(), CallError> {
    let limit = mib(account.meter.limits.state_mib);
    let found = state.len() as u64;
    if found > limit {
        let what = "bytes of state";
        return Err(CallError::OutputRejected(Rejection::TooMany {
            what,
            key: "state-mib",
            found,
            limit,
        }));
    }
    account.meter.usage.bytes_out += found;
    Ok(())
}

fn check_tables(
    plugin: &Plugin,
    input: &[TableData],
    output: &[TableData],
    names: &OutputNames,
    account: &mut MethodCall,
) -> Result<(), CallError> {
    let reject = |rejection| Err(CallError::OutputRejected(rejection));
    let vocabulary: BTreeSet<String> = plugin
        .manifest()
        .vocabulary
        .levels
        .iter()
        .cloned()
        .collect();
    let meter = &mut account.meter;
    let mut seen = BTreeSet::new();
    for (index, table) in output.iter().enumerate() {
        let Some(given) = input.iter().find(|given| given.name == table.name) else {
            return reject(Rejection::UnknownTable);
        };
        if !seen.insert(&table.name) {
            return reject(Rejection::DuplicateTable);
        }
        let over = |what: Budget, meter: &Meter| {
            Err(CallError::HostBudget {
                what,
                limit: what.limit(&meter.limits),
            })
        };
        meter.usage.bytes_out += table.stream.len() as u64;
        if meter.usage.bytes_out > mib(meter.limits.output_mib) {
            return over(Budget::OutputBytes, meter);
        }
        let bounds = Bounds {
            rows: meter
                .limits
                .output_rows
                .saturating_sub(meter.usage.rows_out),
            columns: meter.limits.output_columns,
        };
        let mut misnamed = None;
        let checked = ipc::check(&table.stream, &bounds, |columns| {
            misnamed = misnamed_column(columns, names, &vocabulary);
            numeric(columns)
        });
        if let Some(column) = misnamed {
            return reject(Rejection::ColumnName { column });
        }
        let found = match checked {
            Ok(rows) => rows,
            Err(Flaw::TooManyRows) => return over(Budget::OutputRows, meter),
            Err(flaw) => {
                let table = u32::try_from(index).unwrap_or(u32::MAX);
                return reject(Rejection::Stream { table, flaw });
            }
        };
        meter.usage.rows_out += found;
        let expected = ipc::rows(&given.stream).map_err(|_| CallError::Input {
            what: "a table that is not an Arrow IPC stream",
        })?;
        if found != expected {
            return reject(Rejection::RowCount { expected, found });
        }
    }
    Ok(())
}

/// The first column whose name is not allowed, or stands there twice.
fn misnamed_column(
    columns: &[Declared<'_>],
    names: &OutputNames,
    vocabulary: &BTreeSet<String>,
) -> Option<u32> {
    let mut seen = BTreeSet::new();
    columns
        .iter()
        .position(|column| !names.allow(column.name, vocabulary) || !seen.insert(column.name))
        .map(|index| u32::try_from(index).unwrap_or(u32::MAX))
}

fn numeric(columns: &[Declared<'_>]) -> Result<(), Flaw> {
    let float =
        |column: &Declared<'_>| matches!(column.storage, Some(Storage::Float32 | Storage::Float64));
    match columns.iter().position(|column| !float(column)) {
        Some(column) => Err(Flaw::WrongType {
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_made_of_known_words_are_allowed() {
        let set = |words: &[&str]| {
            words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<BTreeSet<_>>()
        };
        let names = OutputNames {
            columns: set(&["age", "drug", "a=b"]),
            levels: set(&["Up", "No", "[0-10)"]),
        };
        let vocabulary = set(&["missing", "target", "rare"]);
        for good in [
            "age",
            "age=[0-10)",
            "drug=Up",
            "drug=rare",
            "drug=missing",
            "drug:target",
            "drug:missing",
            "drug:target=Up",
            "a=b",
            "a=b=No",
            "a=b:missing",
            "drug=Up|No",
        ] {
            assert!(names.allow(good, &vocabulary), "{good}");
        }
        for bad in [
            "",
            "Age",
            "age=",
            "age=Smith",
            "age:Smith",
            "age:target=Smith",
            "Smith=Up",
            "age =Up",
            "age=Up ",
            "age=Up|Smith",
            "age=|",
            "age:",
            "age:target:target",
            "agemissing",
        ] {
            assert!(!names.allow(bad, &vocabulary), "{bad}");
        }
    }
}
