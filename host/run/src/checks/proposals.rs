//! Checks of proposals: size and form.

use autods_board::{
    CheckKind, CheckResult, EventBody, EventId, OutcomeVerdict, ProposalBody, lint,
};
use autods_science::{max_r2_cox_snell, riley_binary};

use super::{Examiner, check, count, number};

impl Examiner<'_> {
    /// Riley's criteria for a binary outcome (Riley et al. 2019, 10.1002/sim.7992) at the usual
    /// cautious assumption that a model explains 15 % of the explainable variation.
    pub(super) fn sample_size(&self) -> CheckResult {
        let rows = self.rows();
        let events = self.cohort.outcomes(&rows).iter().filter(|&&y| y).count();
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of rows are far below 2^53"
        )]
        let (n, phi) = (rows.len() as f64, events as f64 / rows.len().max(1) as f64);
        let parameters = self
            .cohort
            .table
            .columns()
            .iter()
            .filter(|c| c.role == autods_spec::Role::Predictor)
            .map(|c| c.codings.len().saturating_sub(1).clamp(1, 20))
            .sum::<usize>() as u64;
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of rows are far below 2^53"
        )]
        let needed = max_r2_cox_snell(phi)
            .and_then(|max| riley_binary(0.15 * max, parameters, phi))
            .map_or(f64::INFINITY, |r| r.rows as f64);
        let ratio = if needed.is_finite() { n / needed } else { 0.0 };
        let verdict = if ratio >= 1.0 {
            OutcomeVerdict::Pass
        } else {
            OutcomeVerdict::Warn
        };
        let mut made = check(CheckKind::SampleSize, ratio, 1.0, verdict);
        made.numbers = vec![
            number("rows-needed", if needed.is_finite() { needed } else { 0.0 }),
            count("rows", rows.len() as u64),
            count("candidate-parameters", parameters),
        ];
        made
    }

    /// Whether a proposal keeps to the protocol, its columns and declared ranges.
    pub(super) fn lint(&self, id: EventId) -> Option<CheckResult> {
        let violations = lint(self.session.seen(), &self.session.facts(), id)?;
        let verdict = if violations == 0 {
            OutcomeVerdict::Pass
        } else {
            OutcomeVerdict::Block
        };
        Some(check(CheckKind::Lint, f64::from(violations), 0.0, verdict))
    }

    /// Events in a training fold for each parameter of a plan.
    pub(super) fn events_per_parameter(&self, id: EventId) -> Option<CheckResult> {
        let EventBody::Proposed(proposal) = self.session.agent_body(id)? else {
            return None;
        };
        let ProposalBody::Analysis(plan) = &proposal.body else {
            return None;
        };
        let rows = self.rows();
        let events = self.cohort.outcomes(&rows).iter().filter(|&&y| y).count();
        let folds = f64::from(self.lab.map_or(5, |l| l.folds).max(2));
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of rows are far below 2^53"
        )]
        let training = events as f64 * (folds - 1.0) / folds;
        let each = training / f64::from(plan.complexity.max(1));
        let verdict = if each >= 10.0 {
            OutcomeVerdict::Pass
        } else if each >= 2.0 {
            OutcomeVerdict::Warn
        } else {
            OutcomeVerdict::Block
        };
        Some(check(CheckKind::EventsPerParameter, each, 10.0, verdict))
    }
}
