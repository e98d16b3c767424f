//! Models' scores, evaluated.

use autods_board::*;

use super::{cohort::Row, log::text, measures, run::THRESHOLDS};

/// A model that knows more or less of the truth.
#[derive(Clone, Copy)]
pub enum Model {
    Linear,
    Boosted,
    Single,
    Prevalence,
}

pub fn scores(rows: &[&Row], model: Model) -> Vec<f64> {
    let share = rows.iter().filter(|row| row.outcome).count() as f64 / rows.len() as f64;
    rows.iter()
        .map(|row| match model {
            Model::Linear => row.linear,
            Model::Boosted => row.boosted,
            Model::Single => row.single,
            Model::Prevalence => share,
        })
        .collect()
}

pub fn outcomes(rows: &[&Row]) -> Vec<bool> {
    rows.iter().map(|row| row.outcome).collect()
}

pub fn evaluation(
    rows: &[&Row],
    model: Model,
    name: &str,
    experiment: EventId,
    population: &str,
    sample: Sample,
    group: Option<Group>,
) -> Evaluation {
    let (y, p) = (outcomes(rows), scores(rows, model));
    let (n, events) = (y.len() as u64, y.iter().filter(|y| **y).count() as u64);
    let insufficient = events < 20;
    let (slope, intercept) = if insufficient || matches!(model, Model::Prevalence) {
        (None, None)
    } else {
        let (slope, intercept) = measures::calibration(&y, &p);
        (Some(slope), Some(intercept))
    };
    Evaluation {
        experiment,
        model: text(name),
        population: text(population),
        sample,
        insufficient,
        n: (n >= 11).then_some(n),
        events: (events >= 11).then_some(events),
        auroc: (!insufficient).then(|| measures::auroc(&y, &p)),
        average_precision: (!insufficient).then(|| measures::average_precision(&y, &p)),
        brier: (!insufficient).then(|| measures::brier(&y, &p)),
        slope,
        intercept,
        rates: if insufficient || matches!(model, Model::Prevalence) {
            Vec::new()
        } else {
            measures::rates(&y, &p, &THRESHOLDS)
        },
        group,
    }
}

pub fn curves(
    rows: &[&Row],
    model: Model,
    name: &str,
    experiment: EventId,
    sample: Sample,
) -> HostBody {
    let (y, p) = (outcomes(rows), scores(rows, model));
    let (roc, precision_recall) = measures::curves(&y, &p, 120);
    HostBody::Curves(Curves {
        experiment,
        model: text(name),
        population: text("eligible"),
        sample,
        auroc_delong: None,
        roc,
        precision_recall,
        calibration: measures::calibration_bins(&y, &p),
        decision: measures::decision(&y, &p),
    })
}
