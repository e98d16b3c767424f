//! Checks of results.

use autods_board::{
    CheckKind, CheckResult, CheckTarget, Evaluation, EventBody, EventId, Experiment,
    OutcomeVerdict, Sample,
};

use autods_science::Estimate;

use super::{Examiner, check, count, number};

impl Examiner<'_> {
    fn result(&self, id: EventId) -> Option<&Experiment> {
        match self.session.agent_body(id)? {
            EventBody::Experiment(experiment) => Some(experiment),
            _ => None,
        }
    }

    /// Whether a result beats the champion on identical rows, folds and seeds.
    pub(super) fn paired_difference(&self, id: EventId) -> Option<CheckResult> {
        let result = self.result(id)?;
        Some(paired_difference(id, result.against?, result.gain?))
    }

    /// Whether a result depends on the seed: spread against the confidence interval's half width.
    pub(super) fn seed_spread(&self, id: EventId) -> Option<CheckResult> {
        let result = self.result(id)?;
        let half = (result.auroc.upper - result.auroc.lower) / 2.0;
        let statistic = if half > 0.0 {
            result.seed_sd / half
        } else {
            0.0
        };
        let verdict = if result.seeds < 2 {
            OutcomeVerdict::Warn
        } else if statistic < 1.0 {
            OutcomeVerdict::Pass
        } else {
            OutcomeVerdict::Block
        };
        let mut made = check(CheckKind::SeedSpread, statistic, 1.0, verdict);
        made.numbers = vec![exact("sd", result.seed_sd)];
        Some(made)
    }

    /// Whether the interval of the calibration slope meets the declared band.
    pub(crate) fn calibration(&self, id: EventId) -> Option<CheckResult> {
        let slope = self.result(id)?.slope;
        let (low, high) = self.session.launch.promotion_criteria.slope_within;
        let verdict = if slope.lower <= 1.0 && slope.upper >= 1.0 {
            OutcomeVerdict::Pass
        } else if slope.upper >= low && slope.lower <= high {
            OutcomeVerdict::Warn
        } else {
            OutcomeVerdict::Block
        };
        let mut made = check(CheckKind::Calibration, slope.value, 1.0, verdict);
        made.numbers = vec![number("lower", slope.lower), number("upper", slope.upper)];
        Some(made)
    }

    /// The weakest subgroup against the whole, where the host has evaluated subgroups. It warns and
    /// never blocks: within a group whose members resemble each other discrimination is lower by
    /// case mix alone (Vergouwe et al. 2010, 10.1093/aje/kwq223). What blocks is a subgroup that a
    /// promotion would make worse off than the champion does.
    pub(super) fn subgroups(&self, id: EventId) -> Option<CheckResult> {
        let whole = self.result(id)?.auroc.value;
        let worst = self
            .session
            .seen()
            .iter()
            .filter_map(|e| match &e.body {
                autods_board::Body::Agent(EventBody::Evaluated(Evaluation {
                    experiment,
                    group: Some(_),
                    sample: Sample::OutOfFold,
                    auroc: Some(auroc),
                    ..
                })) if *experiment == id => Some(*auroc),
                _ => None,
            })
            .min_by(|a, b| a.upper.total_cmp(&b.upper))?;
        let loss = whole - worst.upper;
        let margin = self.session.launch.promotion_criteria.max_group_loss;
        let verdict = if loss > margin {
            OutcomeVerdict::Warn
        } else {
            OutcomeVerdict::Pass
        };
        let mut made = check(CheckKind::Subgroups, loss, margin, verdict);
        made.numbers = vec![
            number("worst-auroc", worst.value),
            number("worst-upper", worst.upper),
        ];
        Some(made)
    }
}

/// A paired difference of a result and a champion as a check.
pub(crate) fn paired_difference(result: EventId, champion: EventId, gain: Estimate) -> CheckResult {
    let verdict = if gain.lower > 0.0 {
        OutcomeVerdict::Pass
    } else if gain.upper < 0.0 {
        OutcomeVerdict::Block
    } else {
        OutcomeVerdict::Warn
    };
    let mut made = check(CheckKind::PairedDifference, 0.0, 0.0, verdict);
    made.target = CheckTarget::Event(result);
    made.statistic = gain.value;
    made.numbers = vec![
        exact("lower", gain.lower),
        exact("upper", gain.upper),
        count("champion", champion),
    ];
    made
}

fn exact(name: &str, value: f64) -> autods_board::Param {
    autods_board::Param {
        name: name.to_owned(),
        value: autods_board::Scalar::Number(value),
    }
}
