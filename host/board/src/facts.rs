//! What the rules need to know besides the log.

use crate::vocabulary::{ColumnRole, Scalar, TaskCard};
use std::collections::BTreeMap;

/// What LAUNCH.md fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Endorsements by distinct agents, the author not counted, that a proposal needs; at least 1.
    pub quorum: u32,
    /// Experiments at full fidelity that may be run.
    pub experiments: u32,
    /// Rounds (schedules) that a proposal may stay undecided before it lapses.
    pub max_rounds: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            quorum: 2,
            experiments: 16,
            max_rounds: 8,
        }
    }
}

/// What exists: columns, methods, learners, and what the task fixes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Columns of the main table with their roles.
    pub columns: BTreeMap<String, ColumnRole>,
    /// Methods by plugin id.
    pub methods: BTreeMap<String, MethodFacts>,
    /// Learners by id, with their parameters.
    pub learners: BTreeMap<String, Vec<ParamFact>>,
    /// What the task fixes; a protocol that differs is refused. Absent: anything goes.
    pub task: Option<TaskCard>,
}

/// Steps of a method by name, with their parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MethodFacts {
    /// The steps.
    pub steps: BTreeMap<String, Vec<ParamFact>>,
}

/// A parameter as a manifest declares it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamFact {
    /// Its name. One that ends in `-0`, `-n` or `-*` stands for a family: `column-0` for
    /// `column-0`, `column-1` and so on.
    pub name: String,
    /// Its type.
    pub kind: ParamKind,
    /// Smallest value of a number.
    pub min: Option<f64>,
    /// Largest value of a number.
    pub max: Option<f64>,
}

/// Type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// A whole number.
    Integer,
    /// A number; a whole one will do.
    Number,
    /// True or false.
    Flag,
    /// A text.
    Text,
}

impl ParamFact {
    /// Whether `name` is this parameter or one of its family.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        if self.name == name {
            return true;
        }
        let family = ["-0", "-n", "-*"]
            .iter()
            .find_map(|end| self.name.strip_suffix(end));
        family
            .and_then(|family| name.strip_prefix(family)?.strip_prefix('-'))
            .is_some_and(|index| !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Whether the value has the type and lies in the range.
    #[must_use]
    pub fn admits(&self, value: &Scalar) -> bool {
        let number = match (self.kind, value) {
            (ParamKind::Integer | ParamKind::Number, Scalar::Integer(v)) => *v as f64,
            (ParamKind::Number, Scalar::Number(v)) => *v,
            // a whole number that a plugin happened to write as 3.0
            (ParamKind::Integer, Scalar::Number(v)) if v.fract() == 0.0 => *v,
            (ParamKind::Flag, Scalar::Flag(_)) | (ParamKind::Text, Scalar::Text(_)) => return true,
            _ => return false,
        };
        number.is_finite()
            && self.min.is_none_or(|min| number >= min)
            && self.max.is_none_or(|max| number <= max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_covers_its_numbered_members_only() {
        let family = |name: &str| ParamFact {
            name: name.to_owned(),
            kind: ParamKind::Text,
            min: None,
            max: None,
        };
        for declared in ["column-0", "column-n", "column-*"] {
            assert!(family(declared).covers("column-0") && family(declared).covers("column-12"));
            assert!(!family(declared).covers("column-") && !family(declared).covers("column-x"));
        }
        assert!(family("depth").covers("depth") && !family("depth").covers("depth-1"));
    }

    #[test]
    fn ranges_and_types_hold() {
        let depth = ParamFact {
            name: "depth".to_owned(),
            kind: ParamKind::Integer,
            min: Some(1.0),
            max: Some(8.0),
        };
        assert!(depth.admits(&Scalar::Integer(8)) && depth.admits(&Scalar::Number(3.0)));
        for wrong in [
            Scalar::Integer(9),
            Scalar::Number(2.5),
            Scalar::Number(f64::NAN),
            Scalar::Text("3".to_owned()),
        ] {
            assert!(!depth.admits(&wrong), "{wrong:?}");
        }
    }
}
