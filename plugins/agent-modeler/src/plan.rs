//! A plan from a rung: features, learner, parameters, complexity.

use autods_sdk::agent::{Briefing, EventId, FeatureSet, Param, Plan};

use crate::family::Family;
use crate::features;
use crate::numbers::number;

/// The plan that tests `hypothesis` with these parameters.
pub(crate) fn with(
    briefing: &Briefing,
    family: Family,
    hypothesis: EventId,
    (id, set): (EventId, &FeatureSet),
    params: Vec<Param>,
    rationale: String,
) -> Plan {
    let complexity = complexity(briefing, family, set, &params);
    Plan {
        hypothesis,
        features: id,
        method: family.learner().to_owned(),
        params,
        complexity,
        rationale,
    }
}

/// Effective degrees of freedom, rounded up; at least 1.
///
/// Elastic net: design columns, each shrunk by `v / (v + lambda)`, where `v` is the variance of
/// the outcome, which is the weight of a standardised column in logistic regression (Hastie,
/// Tibshirani and Friedman, ESL 2nd ed., eq. 3.50). Boosting: learning rate × rounds × splits of
/// a tree, since each round adds about that share of a tree's degrees of freedom (Bühlmann and
/// Hothorn 2007, section 5.3).
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of u32"
)]
pub(crate) fn complexity(
    briefing: &Briefing,
    family: Family,
    set: &FeatureSet,
    params: &[Param],
) -> u32 {
    let width = f64::from(features::width(briefing, set));
    let freedom = match family {
        Family::ElasticNet => {
            let lambda = number(params, "lambda").unwrap_or(0.0);
            let variance = outcome_variance(briefing);
            width * variance / (variance + lambda)
        }
        Family::Boosting => {
            let rate = number(params, "learning-rate").unwrap_or(0.1);
            let rounds = number(params, "rounds").unwrap_or(100.0);
            let leaves = match number(params, "leaves") {
                Some(leaves) if leaves > 0.0 => leaves,
                _ => number(params, "depth").unwrap_or(6.0).exp2(),
            };
            rate * rounds * (leaves - 1.0)
        }
    };
    freedom.ceil().clamp(1.0, f64::from(u32::MAX)) as u32
}

/// p(1 − p) of the outcome in the catalogue; that of an even coin where it is not known.
#[allow(clippy::cast_precision_loss, reason = "a share needs no more than f64")]
fn outcome_variance(briefing: &Briefing) -> f64 {
    briefing
        .catalogue
        .as_ref()
        .filter(|catalogue| catalogue.rows > 0 && catalogue.events > 0)
        .map(|catalogue| catalogue.events as f64 / catalogue.rows as f64)
        .map_or(0.25, |p| p * (1.0 - p))
}
