//! Gradient boosting. The only place that knows the library behind it.

use std::collections::BTreeMap;

use hessboost::config::{GrowPolicy, TrainingParamsBuilder};
use hessboost::error::HessboostError;
use hessboost::model::ModelFormat;
use hessboost::prelude::{
    BoostedModel, DMatrix, Iterations, Objective, RegLoss, TrainingParams, TreeMethod, train,
};

use super::{Design, Parameter};
use crate::LearnerError;
use crate::sample::Classes;

const fn whole(
    name: &'static str,
    minimum: f64,
    maximum: f64,
    default: f64,
    description: &'static str,
) -> Parameter {
    Parameter {
        name,
        minimum,
        maximum,
        default,
        whole: true,
        description,
    }
}

const fn real(
    name: &'static str,
    minimum: f64,
    maximum: f64,
    default: f64,
    description: &'static str,
) -> Parameter {
    Parameter {
        name,
        minimum,
        maximum,
        default,
        whole: false,
        description,
    }
}

pub(super) const PARAMETERS: &[Parameter] = &[
    whole("rounds", 1.0, 5000.0, 300.0, "trees; more fit closer"),
    real(
        "learning-rate",
        0.001,
        1.0,
        0.05,
        "share of each tree that is added; smaller needs more rounds",
    ),
    whole(
        "leaves",
        0.0,
        1024.0,
        0.0,
        "leaves of a tree grown best split first; 0 grows level by level to `depth`",
    ),
    whole(
        "depth",
        0.0,
        16.0,
        6.0,
        "levels of a tree; with `leaves` above 0 a further limit, and 0 is none",
    ),
    real(
        "min-child-weight",
        0.0,
        1e6,
        1.0,
        "smallest sum of p(1 − p) over the rows of a leaf; larger is simpler",
    ),
    real(
        "subsample",
        0.05,
        1.0,
        1.0,
        "share of rows drawn for each tree",
    ),
    real(
        "column-sample",
        0.05,
        1.0,
        1.0,
        "share of columns drawn for each tree",
    ),
    real(
        "l2",
        0.0,
        1e6,
        1.0,
        "ridge penalty on the values of leaves; larger is simpler",
    ),
    whole(
        "max-bin",
        2.0,
        1024.0,
        256.0,
        "bins that a column's values are counted in",
    ),
];

/// Rows whose attributions are in memory at once.
const BLOCK: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Boosting {
    rounds: usize,
    learning_rate: f64,
    leaves: usize,
    depth: usize,
    min_child_weight: f64,
    subsample: f64,
    column_sample: f64,
    l2: f64,
    max_bin: usize,
}

/// Trees, summed in log-odds.
#[derive(Clone, Debug)]
pub(super) struct Boosted {
    model: BoostedModel,
}

impl Boosting {
    pub fn new(params: &BTreeMap<&'static str, f64>) -> Self {
        let value = |name| params.get(name).copied().unwrap_or_default();
        // Whole and within `PARAMETERS`, so the conversion is exact.
        let count = |name| value(name) as usize;
        Self {
            rounds: count("rounds"),
            learning_rate: value("learning-rate"),
            leaves: count("leaves"),
            depth: count("depth"),
            min_child_weight: value("min-child-weight"),
            subsample: value("subsample"),
            column_sample: value("column-sample"),
            l2: value("l2"),
            max_bin: count("max-bin"),
        }
    }

    /// The library's parameters. One thread: jobs run beside each other, not within each other.
    fn training(&self, prevalence: f64, seed: u64) -> Result<TrainingParams, HessboostError> {
        let builder: TrainingParamsBuilder = TrainingParams::builder()
            .objective(Objective::BinaryLogistic(RegLoss::default()))
            .tree_method(TreeMethod::Hist)
            .base_score(prevalence)
            .nthread(1)
            .seed(seed)
            .eta(self.learning_rate)
            .min_child_weight(self.min_child_weight)
            .subsample(self.subsample)
            .colsample_bytree(self.column_sample)
            .lambda(self.l2)
            .max_bin(self.max_bin);
        let builder = if self.leaves > 0 {
            builder
                .grow_policy(GrowPolicy::LossGuide)
                .max_leaves(self.leaves)
        } else {
            builder.grow_policy(GrowPolicy::DepthWise)
        };
        let builder = if self.depth > 0 {
            builder.max_depth(self.depth)
        } else if self.leaves > 0 {
            builder.unlimited_depth()
        } else {
            builder.max_depth(1)
        };
        builder.build()
    }

    pub fn fit(
        &self,
        learner: &'static str,
        design: &Design,
        outcome: &[bool],
        classes: Classes,
        seed: u64,
    ) -> Result<Boosted, LearnerError> {
        let engine = |step| move |error: HessboostError| engine(learner, step, &error);
        let params = self
            .training(classes.prevalence(), seed)
            .map_err(engine("reading the parameters"))?;
        let labels: Vec<f32> = outcome
            .iter()
            .map(|event| f32::from(u8::from(*event)))
            .collect();
        let data = matrix(design)
            .and_then(|data| data.with_labels(&labels))
            .map_err(engine("reading the design matrix"))?;
        let model = train(&params, &data, self.rounds).map_err(engine("training"))?;
        Ok(Boosted { model })
    }
}

impl Boosted {
    /// Log-odds of every row.
    pub fn margins(
        &self,
        learner: &'static str,
        design: &Design,
    ) -> Result<Vec<f64>, LearnerError> {
        if design.rows() == 0 {
            return Ok(Vec::new());
        }
        let margins = matrix(design)
            .and_then(|data| self.model.predict_margin(&data, Iterations::Best))
            .map_err(|error| engine(learner, "prediction", &error))?;
        Ok(margins
            .as_slice()
            .iter()
            .map(|margin| f64::from(*margin))
            .collect())
    }

    /// Path-dependent TreeSHAP (Lundberg 2020) in log-odds: `each` gets a row's values, its
    /// attributions with the base value last, and its log-odds.
    pub fn explain(
        &self,
        learner: &'static str,
        design: &Design,
        mut each: impl FnMut(&[f32], &[f32], f64),
    ) -> Result<(), LearnerError> {
        let columns = design.names().len();
        for values in design.values().chunks(BLOCK * columns) {
            let rows = values.len() / columns;
            let explained = DMatrix::from_dense(values, rows, columns).and_then(|data| {
                let margins = self.model.predict_margin(&data, Iterations::Best)?;
                let shares = self.model.predict_contribs(&data, Iterations::Best)?;
                Ok((margins, shares))
            });
            let (margins, shares) =
                explained.map_err(|error| engine(learner, "attribution", &error))?;
            let by_row = shares.as_slice().chunks_exact(columns + 1);
            for ((row, shares), margin) in values
                .chunks_exact(columns)
                .zip(by_row)
                .zip(margins.as_slice())
            {
                each(row, shares, f64::from(*margin));
            }
        }
        Ok(())
    }

    /// Leaves of all trees.
    pub fn complexity(&self) -> u32 {
        let leaves: usize = self
            .model
            .trees()
            .iter()
            .map(|tree| tree.num_leaves())
            .sum();
        u32::try_from(leaves).unwrap_or(u32::MAX)
    }

    /// The library's native format.
    pub fn to_bytes(&self, learner: &'static str) -> Result<Vec<u8>, LearnerError> {
        self.model
            .encode(ModelFormat::Binary)
            .map_err(|error| engine(learner, "writing", &error))
    }

    pub fn from_bytes(bytes: &[u8], columns: usize) -> Result<Self, LearnerError> {
        let format = |why: String| LearnerError::Format { why };
        let model = BoostedModel::decode(bytes, ModelFormat::Binary)
            .map_err(|error| format(error.to_string()))?;
        if model.n_features() != columns || model.n_outputs() != 1 {
            return Err(format("the trees do not fit the columns".to_owned()));
        }
        Ok(Self { model })
    }
}

fn matrix(design: &Design) -> Result<DMatrix, HessboostError> {
    DMatrix::from_dense(design.values(), design.rows(), design.names().len())
}

/// The library's message names parameters and shapes. One about the content of the data is
/// replaced, because it could repeat a value.
fn engine(learner: &'static str, step: &'static str, error: &HessboostError) -> LearnerError {
    let why = match error {
        HessboostError::InvalidData { input, .. } => format!("it does not take these {input}"),
        other => other.to_string(),
    };
    LearnerError::Engine { learner, step, why }
}
