//! Preparation, bound to a fold.

use std::{
    collections::HashSet,
    sync::{Arc, atomic::Ordering},
};

use autods_board::{FeatureSet, Population};
use autods_ledger::Entry;
use autods_sandbox::{
    Account, CallError, Plugin,
    method::{self, Fitted, OutputNames, Recipe, TableData},
};
use autods_science::Design;

use super::{
    Lab,
    cache::FoldDesign,
    derive_seed,
    folds::Fold,
    frame::{INNER_FOLD, OUTCOME, sources, to_design, to_stream},
};
use crate::{
    calls::{record_call, record_failure},
    error::{Result, RunError},
    session::{recast, write_ledger},
};

/// A preparation fitted on a set of rows.
pub(crate) struct Prepared {
    pub(crate) state: Vec<u8>,
    pub(crate) train: Design,
    columns: Vec<String>,
    names: OutputNames,
}

impl Lab<'_> {
    /// The design of one fold.
    pub(crate) fn fold_design(
        &self,
        features: &FeatureSet,
        fingerprint: &str,
        population: &Population,
        seed: u64,
        number: usize,
        fold: &Fold,
    ) -> Result<Arc<FoldDesign>> {
        let key = format!("{fingerprint}/{}/{seed}/{number}", population.id);
        if let Some(found) = self.cache.get(&key) {
            return Ok(found);
        }
        self.count_foreign(fold);
        let prepared = self.fit_preparation(
            features,
            &fold.train,
            derive_seed("prepare", seed, number as u64),
        )?;
        let test = self.apply_preparation(features, &prepared, &fold.test)?;
        let design = Arc::new(FoldDesign {
            train: prepared.train,
            test,
        });
        self.cache.put(key, &design);
        Ok(design)
    }

    /// Count training rows that are test rows of their fold or in the lock-box, by subject.
    pub(super) fn count_foreign(&self, fold: &Fold) {
        let tested: HashSet<u32> = self.cohort.subjects(&fold.test).into_iter().collect();
        let foreign = fold
            .train
            .iter()
            .filter(|&&row| {
                self.cohort.lockbox[row as usize]
                    || tested.contains(&self.cohort.subject[row as usize])
            })
            .count();
        self.foreign.fetch_add(foreign as u64, Ordering::Relaxed);
    }

    /// Fit a feature set's preparation on training rows.
    pub(crate) fn fit_preparation(
        &self,
        features: &FeatureSet,
        train: &[u32],
        seed: u64,
    ) -> Result<Prepared> {
        let plugin = self.preparation(&features.method)?;
        let columns = sources(&self.cohort.table, features);
        let outcome = self
            .cohort
            .outcomes(train)
            .iter()
            .map(|&y| f64::from(u8::from(y)))
            .collect();
        let inner = self
            .inner_folds(train, seed)?
            .iter()
            .map(|&f| i64::from(f))
            .collect();
        let stream = to_stream(
            &self.cohort.table,
            &columns,
            train,
            Some(outcome),
            Some(inner),
        )?;
        let recipe = Recipe {
            columns: features.columns.iter().map(recast).collect::<Result<_>>()?,
            outcome: Some(OUTCOME.to_owned()),
            inner_fold: Some(INNER_FOLD.to_owned()),
            params: Vec::new(),
        };
        let names = OutputNames::of(&recipe, self.levels.iter().cloned());
        self.rows_given(plugin, "fit", &columns, train.len(), true)?;
        let (called, account) = plugin.accounted();
        let (fitted, usage) = method::fit(&called, &[table_data(stream)], &recipe, seed, &names)
            .map_err(|e| self.failed(plugin, "fit", &account, &e, features))?;
        record_call(self.ledger, plugin, "fit", &account, &usage)?;
        let Fitted { state, train: made } = fitted;
        let design = match made.into_iter().find(|t| t.name == "rows") {
            Some(table) => to_design(&table.stream, train.len())?,
            None => self.transform(features, plugin, &state, &columns, &names, train)?,
        };
        Ok(Prepared {
            state,
            train: design,
            columns,
            names,
        })
    }

    /// Apply a fitted preparation to other rows; the method does not see their outcome.
    pub(crate) fn apply_preparation(
        &self,
        features: &FeatureSet,
        prepared: &Prepared,
        rows: &[u32],
    ) -> Result<Design> {
        let plugin = self.preparation(&features.method)?;
        self.transform(
            features,
            plugin,
            &prepared.state,
            &prepared.columns,
            &prepared.names,
            rows,
        )
    }

    fn transform(
        &self,
        features: &FeatureSet,
        plugin: &Plugin,
        state: &[u8],
        columns: &[String],
        names: &OutputNames,
        rows: &[u32],
    ) -> Result<Design> {
        let stream = to_stream(&self.cohort.table, columns, rows, None, None)?;
        self.rows_given(plugin, "apply", columns, rows.len(), false)?;
        let (called, account) = plugin.accounted();
        let (tables, usage) = method::apply(&called, state, &[table_data(stream)], names)
            .map_err(|e| self.failed(plugin, "apply", &account, &e, features))?;
        record_call(self.ledger, plugin, "apply", &account, &usage)?;
        let table = tables.iter().find(|t| t.name == "rows").ok_or_else(|| {
            RunError::Plugin(format!("`{}` gave back no table `rows`", features.method))
        })?;
        to_design(&table.stream, rows.len())
    }

    fn preparation(&self, id: &str) -> Result<&Plugin> {
        self.plugins.get(id).ok_or_else(|| {
            RunError::Plugin(format!("no method plugin `{id}` was admitted to this run"))
        })
    }

    fn rows_given(
        &self,
        plugin: &Plugin,
        export: &'static str,
        columns: &[String],
        rows: usize,
        outcome: bool,
    ) -> Result<()> {
        write_ledger(
            self.ledger,
            &Entry::RowsGiven {
                plugin: plugin.id().to_owned(),
                sha256: plugin.sha256().to_owned(),
                export: export.to_owned(),
                table: self.cohort.table.name().to_owned(),
                columns: columns.to_vec(),
                rows: rows as u64,
                outcome,
            },
        )
    }

    fn failed(
        &self,
        plugin: &Plugin,
        export: &'static str,
        account: &Account,
        error: &CallError,
        features: &FeatureSet,
    ) -> RunError {
        if let Err(e) = record_failure(self.ledger, plugin, export, account, error) {
            return e;
        }
        let column = match error {
            CallError::Fault(fault) => fault
                .column
                .and_then(|c| features.columns.get(c as usize))
                .map(|c| format!(", column `{}`", c.column)),
            _ => None,
        };
        RunError::Plugin(format!(
            "`{}` failed in `{export}` on feature set `{}`{}: {error}",
            plugin.id(),
            features.name,
            column.unwrap_or_default()
        ))
    }
}

fn table_data(stream: Vec<u8>) -> TableData {
    TableData {
        name: "rows".to_owned(),
        stream,
    }
}
