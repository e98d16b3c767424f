//! What the host computes when an agent asks, and what a critique must cite.
//!
//! Every check is a statistic held against a threshold. Thresholds are defaults of the leakage
//! taxonomy (Kapoor & Narayanan 2023, Patterns 4:100804) as `docs/checks.md` lists them.

mod columns;
mod proposals;
mod results;

pub(crate) use results::paired_difference;

use std::cell::OnceCell;

use autods_board::{
    CheckKind, CheckResult, CheckTarget, OutcomeVerdict, Param, Population, Protocol, Scalar,
};

use crate::{
    cohort::{Cohort, Part, everybody},
    error::Result,
    lab::Lab,
    session::Session,
    stage::{Bench, locked},
};

/// What a predictor says about the outcome by itself.
pub(crate) struct Alone {
    name: String,
    /// Area under the ROC curve, 0.5 to 1.
    auroc: f64,
    /// Whether another check than this one blocks it.
    blocked: bool,
}

/// Everything a check may look at.
pub(crate) struct Examiner<'a> {
    pub(crate) session: &'a Session<'a>,
    pub(crate) cohort: &'a Cohort,
    /// Absent before the lock-box is cut.
    pub(crate) lab: Option<&'a Lab<'a>>,
    pub(crate) protocol: Option<Protocol>,
    /// AUROC of every predictor by itself, computed when first asked for.
    univariate: &'a OnceCell<Vec<Alone>>,
}

impl<'a> Examiner<'a> {
    pub(crate) fn new(
        session: &'a Session<'a>,
        bench: &'a Bench,
        lab: Option<&'a Lab<'a>>,
    ) -> Self {
        Self {
            session,
            cohort: &bench.cohort,
            lab,
            protocol: locked(session),
            univariate: &bench.univariate,
        }
    }

    /// Compute a check. `None`: there is nothing like that to check.
    pub(crate) fn examine(
        &self,
        kind: CheckKind,
        target: &CheckTarget,
    ) -> Result<Option<CheckResult>> {
        let found = match (kind, target) {
            (CheckKind::ImpossibleOutcome, CheckTarget::Column(c)) => self.impossible_outcome(c),
            (CheckKind::TargetProxy, CheckTarget::Column(c)) => self.target_proxy(c),
            (CheckKind::MissingnessProxy, CheckTarget::Column(c)) => self.missingness_proxy(c),
            (CheckKind::Identifier, CheckTarget::Column(c)) => self.identifier(c),
            (CheckKind::PostIndex, CheckTarget::Column(c)) => self.post_index(c),
            (CheckKind::NearConstant, CheckTarget::Column(c)) => self.near_constant(c),
            (CheckKind::Duplicates, CheckTarget::Data) => Some(self.duplicates()?),
            (CheckKind::GroupOverlap, CheckTarget::Data) => self.group_overlap(),
            (CheckKind::SampleSize, _) => Some(self.sample_size()),
            (CheckKind::Lint, CheckTarget::Event(id)) => self.lint(*id),
            (CheckKind::EventsPerParameter, CheckTarget::Event(id)) => {
                self.events_per_parameter(*id)
            }
            (CheckKind::PairedDifference, CheckTarget::Event(id)) => self.paired_difference(*id),
            (CheckKind::SeedSpread, CheckTarget::Event(id)) => self.seed_spread(*id),
            (CheckKind::Calibration, CheckTarget::Event(id)) => self.calibration(*id),
            (CheckKind::Subgroups, CheckTarget::Event(id)) => self.subgroups(*id),
            _ => None,
        };
        Ok(found.map(|mut check| {
            check.target = target.clone();
            check
        }))
    }

    fn population(&self) -> Population {
        self.protocol
            .as_ref()
            .and_then(|p| p.populations.first().cloned())
            .unwrap_or_else(everybody)
    }

    /// The rows a check may look at: once there is a lock-box, never those in it.
    fn rows(&self) -> Vec<u32> {
        self.cohort.rows(&self.population(), Part::Development)
    }
}

/// A check with its deciding number.
fn check(kind: CheckKind, statistic: f64, threshold: f64, verdict: OutcomeVerdict) -> CheckResult {
    CheckResult {
        kind,
        target: CheckTarget::Data,
        verdict,
        statistic: round(statistic),
        threshold,
        levels: Vec::new(),
        numbers: Vec::new(),
    }
}

/// Statistics about rows are released to three decimals.
fn round(value: f64) -> f64 {
    if value.is_finite() {
        (value * 1000.0).round() / 1000.0
    } else {
        0.0
    }
}

fn number(name: &str, value: f64) -> Param {
    Param {
        name: name.to_owned(),
        value: Scalar::Number(round(value)),
    }
}

fn count(name: &str, value: u64) -> Param {
    Param {
        name: name.to_owned(),
        value: Scalar::Integer(i64::try_from(value).unwrap_or(i64::MAX)),
    }
}
