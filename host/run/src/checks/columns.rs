//! Checks of columns and of the data as a whole.

use std::collections::{BTreeSet, HashMap};

use autods_board::{CheckKind, CheckResult, LevelRate, OutcomeVerdict};
use autods_privacy::Disclosure;
use autods_science::{
    stratified_group_kfold, univariate_auroc, univariate_auroc_categorical, wilson,
};
use autods_spec::{Availability, Column, Kind, Role};
use autods_table::{Codes, duplicate_groups};

use super::{Alone, Examiner, check, count, number, round};
use crate::error::{Result, RunError};

/// A level whose upper rate is under this share of the prevalence can hardly have the outcome.
const IMPOSSIBLE: f64 = 0.1;
/// A single column this good is a proxy of the outcome whatever the others say.
const PROXY: f64 = 0.95;
/// A single column this good is a proxy if the others are far behind.
const SUSPICIOUS: f64 = 0.8;
/// How far ahead of the best unsuspicious column (in AUROC above one half) a proxy is.
const AHEAD: f64 = 3.0;
/// Missingness that predicts this well is a workflow proxy.
const MISSINGNESS: f64 = 0.65;
/// Share of distinct values at which a column names rows rather than describes them.
const NAMING: f64 = 0.95;
/// Share of the commonest value at which a column says nothing.
const CONSTANT: f64 = 0.999;
/// Share of rows with a twin in another subject at which splits leak.
const TWINS: f64 = 0.01;

impl Examiner<'_> {
    fn column(&self, name: &str) -> Option<&Column> {
        self.cohort.table.column(name).ok()
    }

    pub(super) fn impossible_outcome(&self, name: &str) -> Option<CheckResult> {
        let column = self.column(name)?;
        let codes = self.cohort.table.codes(name).ok()?;
        let threshold = u64::from(self.session.launch.deident_policy.threshold);
        let rows = self.cohort.rows(
            &crate::cohort::everybody(),
            crate::cohort::Part::Development,
        );
        let mut counts = vec![(0u64, 0u64); codes.levels.len()];
        let mut events = 0u64;
        for &row in &rows {
            let y = self.cohort.outcome[row as usize];
            events += u64::from(y);
            if let Some(at) = counts.get_mut(codes.rows[row as usize] as usize) {
                at.0 += 1;
                at.1 += u64::from(y);
            }
        }
        let prevalence = ratio(events, rows.len() as u64);
        let mut levels = Vec::new();
        let mut withheld = 0;
        let mut lowest = f64::INFINITY;
        // counts that could be had back from the others and the total are withheld too
        let known: (u64, u64) = counts.iter().fold((0, 0), |(n, k), c| (n + c.0, k + c.1));
        let disclosure = Disclosure::new(threshold);
        let shown = |pick: fn(&(u64, u64)) -> u64, rest: u64| {
            let mut cells: Vec<u64> = counts.iter().map(pick).collect();
            cells.push(rest);
            disclosure.counts(&cells)
        };
        let rest = (rows.len() as u64 - known.0, events - known.1);
        let all = shown(|c| c.0, rest.0);
        let with = shown(|c| c.1, rest.1);
        let without = shown(|c| c.0 - c.1, rest.0 - rest.1);
        for (i, (code, &(n, k))) in codes.levels.iter().zip(&counts).enumerate() {
            if n == 0 {
                continue;
            }
            if all[i].is_none() || with[i].is_none() || without[i].is_none() {
                withheld += 1;
                continue;
            }
            let rate = wilson(k, n).ok()?;
            lowest = lowest.min(rate.upper / prevalence);
            levels.push(LevelRate {
                code: code.clone(),
                label: column.label_of(code).to_owned(),
                n,
                rate: round(rate.value),
                upper: round(rate.upper),
            });
        }
        let verdict = if lowest < IMPOSSIBLE {
            OutcomeVerdict::Block
        } else if lowest < 0.5 {
            OutcomeVerdict::Warn
        } else {
            OutcomeVerdict::Pass
        };
        let mut made = check(CheckKind::ImpossibleOutcome, lowest, IMPOSSIBLE, verdict);
        // once the lock-box is cut, counts beside those of the profile would tell of its rows
        if !self.cohort.lockbox.iter().any(|&b| b) {
            made.levels = levels;
        }
        made.numbers = vec![
            number("prevalence", prevalence),
            count("levels-withheld", withheld),
        ];
        Some(made)
    }

    /// AUROC of one column by itself on development rows.
    fn alone(&self, column: &Column, rows: &[u32], y: &[bool], folds: &[u32]) -> Option<f64> {
        let table = &self.cohort.table;
        if matches!(
            column.kind,
            Kind::Integer | Kind::Number | Kind::Boolean | Kind::Date | Kind::Datetime
        ) {
            let all = table.numbers(&column.name).ok()?;
            let values: Vec<f64> = rows.iter().map(|&r| all[r as usize]).collect();
            return univariate_auroc(y, &values).ok().map(|e| e.value);
        }
        let codes = table.codes(&column.name).ok()?;
        let missing = u32::try_from(codes.levels.len()).unwrap_or(u32::MAX);
        let values: Vec<u32> = rows
            .iter()
            .map(|&r| {
                Some(codes.rows[r as usize])
                    .filter(|&c| c != Codes::MISSING)
                    .unwrap_or(missing)
            })
            .collect();
        univariate_auroc_categorical(y, &values, folds)
            .ok()
            .map(|e| e.value)
    }

    /// AUROC of every predictor by itself: numbers where they are recorded, codes by their rate in
    /// other folds, missing being a code of its own.
    fn compute_univariate(&self) -> Vec<Alone> {
        let rows = self.rows();
        let y = self.cohort.outcomes(&rows);
        let Ok(folds) = stratified_group_kfold(&self.cohort.subjects(&rows), &y, 5, 0) else {
            return Vec::new();
        };
        self.cohort
            .table
            .columns()
            .iter()
            .filter(|c| c.role == Role::Predictor)
            .filter_map(|c| {
                Some(Alone {
                    auroc: self.alone(c, &rows, &y, &folds)?,
                    blocked: self.blocked_otherwise(&c.name),
                    name: c.name.clone(),
                })
            })
            .collect()
    }

    pub(super) fn target_proxy(&self, name: &str) -> Option<CheckResult> {
        let all = self.univariate.get_or_init(|| self.compute_univariate());
        let own = all.iter().find(|c| c.name == name)?.auroc;
        // what is blocked for another reason is no measure of what a column may honestly say
        let reference = all
            .iter()
            .filter(|c| c.auroc <= SUSPICIOUS && !c.blocked)
            .map(|c| c.auroc)
            .fold(0.5, f64::max);
        let ahead = own > SUSPICIOUS && own - 0.5 > AHEAD * (reference - 0.5);
        let verdict = if own >= PROXY || ahead {
            OutcomeVerdict::Block
        } else if own > SUSPICIOUS {
            OutcomeVerdict::Warn
        } else {
            OutcomeVerdict::Pass
        };
        let threshold = if ahead { SUSPICIOUS } else { PROXY };
        let mut made = check(CheckKind::TargetProxy, own, threshold, verdict);
        made.numbers = vec![number("best-unsuspicious-auroc", reference)];
        Some(made)
    }

    fn blocked_otherwise(&self, name: &str) -> bool {
        let blocks =
            |check: Option<CheckResult>| check.is_some_and(|c| c.verdict == OutcomeVerdict::Block);
        blocks(self.post_index(name)) || blocks(self.identifier(name))
    }

    pub(super) fn missingness_proxy(&self, name: &str) -> Option<CheckResult> {
        let missing = self.cohort.missing(name)?;
        let rows = self.rows();
        let y = self.cohort.outcomes(&rows);
        let values: Vec<f64> = rows
            .iter()
            .map(|&r| f64::from(u8::from(missing[r as usize])))
            .collect();
        let auroc = univariate_auroc(&y, &values).map_or(0.5, |e| e.value);
        let verdict = if auroc > SUSPICIOUS {
            OutcomeVerdict::Block
        } else if auroc > MISSINGNESS {
            OutcomeVerdict::Warn
        } else {
            OutcomeVerdict::Pass
        };
        Some(check(
            CheckKind::MissingnessProxy,
            auroc,
            MISSINGNESS,
            verdict,
        ))
    }

    pub(super) fn identifier(&self, name: &str) -> Option<CheckResult> {
        let column = self.column(name)?;
        let table = &self.cohort.table;
        let rows = table.rows();
        let (present, distinct) = match column.kind {
            // measurements are naturally distinct
            Kind::Number | Kind::Date | Kind::Datetime | Kind::Boolean => (rows, 0),
            Kind::Integer => {
                let values = table.numbers(name).ok()?;
                let present: Vec<u64> = values
                    .iter()
                    .filter(|v| !v.is_nan())
                    .map(|v| v.to_bits())
                    .collect();
                let distinct: BTreeSet<u64> = present.iter().copied().collect();
                (present.len(), distinct.len())
            }
            _ => {
                let codes = table.codes(name).ok()?;
                let (counts, missing) = codes.counts();
                let distinct = counts.iter().filter(|&&n| n > 0).count();
                (rows - usize::try_from(missing).unwrap_or(0), distinct)
            }
        };
        let share = if present < 100 {
            0.0
        } else {
            ratio(distinct as u64, present as u64)
        };
        let declared = column.kind == Kind::Identifier;
        let verdict = if declared || share > NAMING {
            OutcomeVerdict::Block
        } else if share > 0.5 {
            OutcomeVerdict::Warn
        } else {
            OutcomeVerdict::Pass
        };
        Some(check(
            CheckKind::Identifier,
            if declared { 1.0 } else { share },
            NAMING,
            verdict,
        ))
    }

    pub(super) fn post_index(&self, name: &str) -> Option<CheckResult> {
        let column = self.column(name)?;
        let (statistic, verdict) = match column.available {
            Availability::AfterIndex => (1.0, OutcomeVerdict::Block),
            Availability::Unknown => (0.5, OutcomeVerdict::Warn),
            Availability::AtIndex | Availability::BeforeIndex => (0.0, OutcomeVerdict::Pass),
        };
        Some(check(CheckKind::PostIndex, statistic, 1.0, verdict))
    }

    pub(super) fn near_constant(&self, name: &str) -> Option<CheckResult> {
        let table = &self.cohort.table;
        let rows = table.rows() as u64;
        let (counts, missing) = table.codes(name).ok()?.counts();
        let share = ratio(counts.into_iter().max().unwrap_or(0).max(missing), rows);
        let verdict = if share > CONSTANT {
            OutcomeVerdict::Warn
        } else {
            OutcomeVerdict::Pass
        };
        Some(check(CheckKind::NearConstant, share, CONSTANT, verdict))
    }

    pub(super) fn duplicates(&self) -> Result<CheckResult> {
        let table = &self.cohort.table;
        let columns: Vec<&str> = table
            .columns()
            .iter()
            .filter(|c| matches!(c.role, Role::Predictor | Role::Outcome))
            .map(|c| c.name.as_str())
            .collect();
        let group = duplicate_groups(table, &columns).map_err(RunError::internal)?;
        // a group of equal rows leaks only if more than one subject has one
        let mut owner: HashMap<u32, Option<u32>> = HashMap::new();
        for (&g, &s) in group.iter().zip(&self.cohort.subject) {
            owner
                .entry(g)
                .and_modify(|o| {
                    if *o != Some(s) {
                        *o = None;
                    }
                })
                .or_insert(Some(s));
        }
        let twins = group.iter().filter(|g| owner.get(g) == Some(&None)).count() as u64;
        let share = ratio(twins, group.len() as u64);
        let by_chance = self.twins_by_chance(&columns);
        let verdict = if share > TWINS && by_chance < TWINS / 10.0 {
            OutcomeVerdict::Block
        } else if share > TWINS || twins >= u64::from(self.session.launch.deident_policy.threshold)
        {
            OutcomeVerdict::Warn
        } else {
            OutcomeVerdict::Pass
        };
        let mut made = check(CheckKind::Duplicates, share, TWINS, verdict);
        made.numbers = vec![number("share-by-chance", by_chance)];
        Ok(made)
    }

    /// Share of rows that would have a twin if the columns were independent: in a table of few
    /// columns with few codes, equal rows are no sign of copies.
    fn twins_by_chance(&self, columns: &[&str]) -> f64 {
        let table = &self.cohort.table;
        let rows = table.rows() as u64;
        let equal: f64 = columns
            .iter()
            .filter_map(|name| table.codes(name).ok())
            .map(|codes| {
                let (mut counts, missing) = codes.counts();
                counts.push(missing);
                counts.iter().map(|&n| ratio(n, rows).powi(2)).sum::<f64>()
            })
            .product();
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of rows are far below 2^53"
        )]
        let others = rows.saturating_sub(1) as f64;
        -(others * (-equal).ln_1p()).exp_m1()
    }

    /// Subjects that a split would put on both sides, over every fold of every seed and the
    /// lock-box.
    pub(super) fn group_overlap(&self) -> Option<CheckResult> {
        let lab = self.lab?;
        let rows = self.rows();
        let mut overlap = 0u64;
        for &seed in &lab.seeds {
            for fold in lab.folds(&rows, seed).ok()? {
                let train: BTreeSet<u32> = fold
                    .train
                    .iter()
                    .map(|&r| self.cohort.subject[r as usize])
                    .collect();
                let test: BTreeSet<u32> = fold
                    .test
                    .iter()
                    .map(|&r| self.cohort.subject[r as usize])
                    .collect();
                overlap += train.intersection(&test).count() as u64;
            }
        }
        let boxed: BTreeSet<u32> = self
            .cohort
            .subject
            .iter()
            .zip(&self.cohort.lockbox)
            .filter_map(|(&s, &b)| b.then_some(s))
            .collect();
        let open: BTreeSet<u32> = self
            .cohort
            .subject
            .iter()
            .zip(&self.cohort.lockbox)
            .filter_map(|(&s, &b)| (!b).then_some(s))
            .collect();
        overlap += boxed.intersection(&open).count() as u64;
        let verdict = if overlap == 0 {
            OutcomeVerdict::Pass
        } else {
            OutcomeVerdict::Block
        };
        let mut made = check(
            CheckKind::GroupOverlap,
            if overlap == 0 { 0.0 } else { 1.0 },
            0.0,
            verdict,
        );
        made.numbers = vec![count(
            "splits-compared",
            (lab.seeds.len() as u64) * u64::from(lab.folds) + 1,
        )];
        Some(made)
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of rows are far below 2^53"
    )]
    let made = if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    };
    made
}
