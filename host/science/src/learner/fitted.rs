//! A fitted learner.

use serde::{Deserialize, Serialize};

use super::attribution::Collector;
use super::boosting::Boosted;
use super::linear::Linear;
use super::{Attributions, Design, LEARNERS};
use crate::LearnerError;
use crate::metrics::newton::expit;

/// The format of [`Fitted::to_bytes`]: a line of JSON, then the trees of a boosted model.
const FORMAT: u32 = 1;

/// A learner fitted to rows. It holds no row.
#[derive(Clone, Debug)]
pub struct Fitted {
    learner: &'static str,
    names: Vec<String>,
    model: Model,
}

#[derive(Clone, Debug)]
pub(super) enum Model {
    Linear(Linear),
    Boosted(Box<Boosted>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: u32,
    learner: String,
    columns: Vec<String>,
    linear: Option<Linear>,
}

impl Fitted {
    pub(super) fn new(learner: &'static str, names: Vec<String>, model: Model) -> Self {
        Self {
            learner,
            names,
            model,
        }
    }

    /// The learner's id.
    #[must_use]
    pub fn learner(&self) -> &'static str {
        self.learner
    }

    /// The columns it was fitted on, in order.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.names
    }

    /// The predicted risk of every row, 0 to 1.
    ///
    /// # Errors
    /// Columns that are not those of the fit, in the same order.
    pub fn predict(&self, design: &Design) -> Result<Vec<f64>, LearnerError> {
        self.check(design)?;
        let margins = match &self.model {
            Model::Linear(model) if self.names.is_empty() => {
                vec![model.intercept; design.rows()]
            }
            Model::Linear(model) => design
                .values()
                .chunks_exact(self.names.len())
                .map(|row| model.margin(row))
                .collect(),
            Model::Boosted(model) => model.margins(self.learner, design)?,
        };
        Ok(margins.into_iter().map(expit).collect())
    }

    /// How much each column moves the log-odds of these rows: for trees path-dependent TreeSHAP,
    /// else coefficient × (value − mean). A few thousand rows are enough; give a sample.
    ///
    /// # Errors
    /// As [`Fitted::predict`].
    pub fn attributions(&self, design: &Design) -> Result<Attributions, LearnerError> {
        self.check(design)?;
        let columns = self.names.len();
        let mut collector = Collector::new(columns);
        let method = match &self.model {
            Model::Linear(model) => {
                for row in design.values().chunks_exact(columns.max(1)) {
                    let shares = row
                        .iter()
                        .enumerate()
                        .map(|(j, value)| model.term(j, *value));
                    collector.add(row, shares, model.intercept, model.margin(row));
                }
                "linear"
            }
            Model::Boosted(model) => {
                model.explain(self.learner, design, |row, shares, margin| {
                    let (shares, base) = shares.split_at(columns);
                    let base = base.iter().map(|value| f64::from(*value)).sum();
                    collector.add(row, shares.iter().map(|s| f64::from(*s)), base, margin);
                })?;
                "tree-shap"
            }
        };
        Ok(collector.finish(method, &self.names))
    }

    /// Parameters in use: coefficients that are not zero and the intercept, or leaves.
    #[must_use]
    pub fn complexity(&self) -> u32 {
        match &self.model {
            Model::Linear(model) => model.complexity(),
            Model::Boosted(model) => model.complexity(),
        }
    }

    /// The fitted learner as bytes; equal learners give equal bytes.
    ///
    /// # Errors
    /// A model that its format cannot hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>, LearnerError> {
        let (linear, trees) = match &self.model {
            Model::Linear(model) => (Some(model.clone()), Vec::new()),
            Model::Boosted(model) => (None, model.to_bytes(self.learner)?),
        };
        let header = Header {
            format: FORMAT,
            learner: self.learner.to_owned(),
            columns: self.names.clone(),
            linear,
        };
        let mut bytes = serde_json::to_vec(&header).map_err(|error| LearnerError::Format {
            why: error.to_string(),
        })?;
        bytes.push(b'\n');
        bytes.extend(trees);
        Ok(bytes)
    }

    /// Reads back what [`Fitted::to_bytes`] wrote; it predicts the same bits.
    ///
    /// # Errors
    /// Bytes of anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LearnerError> {
        let format = |why: &str| LearnerError::Format {
            why: why.to_owned(),
        };
        let end = bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or_else(|| format("there is no header line"))?;
        let header: Header = serde_json::from_slice(&bytes[..end]).map_err(|error| {
            format(&format!(
                "the header is damaged at column {}",
                error.column()
            ))
        })?;
        if header.format != FORMAT {
            return Err(format("the format is of another version"));
        }
        let learner = LEARNERS
            .iter()
            .copied()
            .find(|known| *known == header.learner)
            .ok_or_else(|| format("the learner is not known"))?;
        let trees = &bytes[end + 1..];
        let model = match header.linear {
            Some(linear) if trees.is_empty() && learner != "gradient-boosting" => {
                if !linear.is_sound(header.columns.len()) {
                    return Err(format("the coefficients do not fit the columns"));
                }
                Model::Linear(linear)
            }
            None if learner == "gradient-boosting" => {
                Model::Boosted(Box::new(Boosted::from_bytes(trees, header.columns.len())?))
            }
            _ => return Err(format("the model is not one of its learner")),
        };
        Ok(Self::new(learner, header.columns, model))
    }

    fn check(&self, design: &Design) -> Result<(), LearnerError> {
        let names = design.names();
        let wrong = |what, column: &String| {
            Err(LearnerError::Columns {
                what,
                column: column.clone(),
            })
        };
        for (place, name) in self.names.iter().enumerate() {
            match names.get(place) {
                Some(given) if given == name => {}
                Some(given) if self.names.contains(given) => {
                    return wrong("a column is not at the place it was fitted at", given);
                }
                Some(given) => return wrong("a column that the learner was not fitted on", given),
                None => return wrong("a column that the learner was fitted on is missing", name),
            }
        }
        match names.get(self.names.len()) {
            Some(extra) => wrong("a column that the learner was not fitted on", extra),
            None => Ok(()),
        }
    }
}
