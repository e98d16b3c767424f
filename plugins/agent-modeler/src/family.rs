//! The family of learners that a team stands for.

use autods_sdk::agent::Briefing;
use autods_sdk::params;

/// What LAUNCH.md lets a team be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// Penalised logistic regression (Zou and Hastie 2005).
    ElasticNet,
    /// Histogram gradient boosting of trees (Friedman 2001; Chen and Guestrin 2016).
    Boosting,
}

impl Family {
    /// The team's family from its parameter `family`; nothing for one that is not known.
    pub(crate) fn of(briefing: &Briefing) -> Option<Self> {
        let id = params::text(&briefing.card.params, "family", Self::Boosting.learner()).ok()?;
        [Self::ElasticNet, Self::Boosting]
            .into_iter()
            .find(|family| family.learner() == id)
    }

    /// The learner's id.
    pub(crate) const fn learner(self) -> &'static str {
        match self {
            Self::ElasticNet => "elastic-net-logistic",
            Self::Boosting => "gradient-boosting",
        }
    }

    /// The feature set that the feature engineer makes for this family.
    pub(crate) const fn features(self) -> &'static str {
        match self {
            Self::ElasticNet => "linear",
            Self::Boosting => "trees",
        }
    }
}
