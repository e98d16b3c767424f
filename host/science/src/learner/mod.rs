//! What can be fitted to a design matrix.

mod attribution;
mod boosting;
mod design;
mod elastic_net;
mod fitted;
mod gram;
mod linear;
mod parameter;

use std::collections::BTreeMap;

use crate::LearnerError;
use crate::sample::{both_classes, same_length};

pub use attribution::Attributions;
pub use design::Design;
pub use fitted::Fitted;
pub use parameter::Parameter;

use boosting::Boosting;
use elastic_net::ElasticNet;
use fitted::Model;

/// The learners' ids, from the simplest.
pub const LEARNERS: &[&str] = &[
    "prevalence",
    "best-single-predictor",
    "elastic-net-logistic",
    "gradient-boosting",
];

/// A learner with its parameters: everything but the data and the seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Learner {
    id: &'static str,
    params: BTreeMap<&'static str, f64>,
    method: Method,
}

#[derive(Clone, Debug, PartialEq)]
enum Method {
    Prevalence,
    BestSinglePredictor,
    ElasticNet(ElasticNet),
    Boosting(Boosting),
}

impl Learner {
    /// The learner `id` with parameters by name; those not given have their default.
    ///
    /// # Errors
    /// An id or a name that does not exist (the error says the nearest one), a value out of range,
    /// a parameter given twice.
    pub fn new(id: &str, params: &[(String, f64)]) -> Result<Self, LearnerError> {
        let Some(id) = LEARNERS.iter().copied().find(|known| *known == id) else {
            return Err(LearnerError::UnknownLearner {
                id: id.to_owned(),
                nearest: parameter::nearest(id, LEARNERS.iter().copied()).unwrap_or(LEARNERS[0]),
            });
        };
        let params = parameter::resolve(id, Self::parameters(id), params)?;
        let method = match id {
            "prevalence" => Method::Prevalence,
            "best-single-predictor" => Method::BestSinglePredictor,
            "elastic-net-logistic" => Method::ElasticNet(ElasticNet::new(&params)),
            _ => Method::Boosting(Boosting::new(&params)),
        };
        Ok(Self { id, params, method })
    }

    /// The parameters of a learner: names, ranges, defaults. Empty for an unknown id.
    #[must_use]
    pub fn parameters(id: &str) -> &'static [Parameter] {
        match id {
            "elastic-net-logistic" => elastic_net::PARAMETERS,
            "gradient-boosting" => boosting::PARAMETERS,
            _ => &[],
        }
    }

    /// The learner's id.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Every parameter with the value it has, defaults included, by name.
    pub fn params(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        self.params.iter().map(|(name, value)| (*name, *value))
    }

    /// Fits the learner: rows of `design` with `outcome`, random choices by `seed`. The same
    /// arguments give the same bits, whatever the number of threads.
    ///
    /// # Errors
    /// Lengths that differ, only one class, no columns where some are needed, no convergence.
    pub fn fit(
        &self,
        design: &Design,
        outcome: &[bool],
        seed: u64,
    ) -> Result<Fitted, LearnerError> {
        same_length(self.id, design.rows(), outcome.len())?;
        let classes = both_classes(self.id, outcome, 1)?;
        if design.names().is_empty() && !matches!(self.method, Method::Prevalence) {
            return Err(LearnerError::Size {
                learner: self.id,
                what: "columns",
                got: 0,
                minimum: 1,
                maximum: design::MAX_COLUMNS,
            });
        }
        let model = match &self.method {
            Method::Prevalence => Model::Linear(linear::prevalence(design, classes)),
            Method::BestSinglePredictor => {
                Model::Linear(linear::best_single_predictor(self.id, design, outcome)?)
            }
            Method::ElasticNet(method) => Model::Linear(method.fit(self.id, design, outcome)?),
            Method::Boosting(method) => Model::Boosted(Box::new(
                method.fit(self.id, design, outcome, classes, seed)?,
            )),
        };
        Ok(Fitted::new(self.id, design.names().to_vec(), model))
    }
}

#[cfg(test)]
mod tests;
