//! Claims about every learner.

use super::*;
use crate::random::{stream, unit};

fn sample(rows: usize, columns: usize, seed: u64) -> (Design, Vec<bool>) {
    let mut generator = stream(seed, 3);
    let mut values = Vec::with_capacity(rows * columns);
    let mut outcome = Vec::with_capacity(rows);
    for _ in 0..rows {
        let start = values.len();
        for column in 0..columns {
            let draw = unit(&mut generator);
            values.push(match column % 3 {
                _ if draw > 0.93 => f32::NAN,
                0 => (draw * 4.0) as f32,
                1 => f32::from(u8::from(draw < 0.2)),
                _ => (draw * 50.0).round() as f32,
            });
        }
        let signal: f64 = values[start..start + 2]
            .iter()
            .map(|value| {
                if value.is_nan() {
                    0.5
                } else {
                    f64::from(*value)
                }
            })
            .sum();
        outcome.push(unit(&mut generator) < 1.0 / (1.0 + (3.0 - signal).exp()));
    }
    let names = (0..columns).map(|column| format!("c{column}")).collect();
    (Design::new(names, rows, values).unwrap(), outcome)
}

fn learner(id: &str, params: &[(&str, f64)]) -> Learner {
    let params: Vec<_> = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect();
    Learner::new(id, &params).unwrap()
}

fn all() -> Vec<Learner> {
    vec![
        learner("prevalence", &[]),
        learner("best-single-predictor", &[]),
        learner("elastic-net-logistic", &[("lambda", 0.002), ("alpha", 0.7)]),
        learner(
            "gradient-boosting",
            &[("rounds", 20.0), ("subsample", 0.7), ("column-sample", 0.8)],
        ),
        learner(
            "gradient-boosting",
            &[("rounds", 20.0), ("leaves", 9.0), ("depth", 0.0)],
        ),
    ]
}

#[test]
fn a_misspelt_name_is_answered_with_the_nearest() {
    let error = Learner::new("gradient-bosting", &[]).unwrap_err();
    assert!(error.to_string().contains("`gradient-boosting`"), "{error}");
    let error = Learner::new("gradient-boosting", &[("learning_rate".into(), 0.1)]).unwrap_err();
    assert!(error.to_string().contains("`learning-rate`"), "{error}");
    let error = Learner::new("prevalence", &[("lambda".into(), 0.1)]).unwrap_err();
    assert!(error.to_string().contains("none at all"), "{error}");
}

#[test]
fn parameters_out_of_range_are_refused() {
    for (id, name, value) in [
        ("gradient-boosting", "rounds", 0.0),
        ("gradient-boosting", "rounds", 10.5),
        ("gradient-boosting", "learning-rate", f64::NAN),
        ("elastic-net-logistic", "alpha", 1.1),
        ("elastic-net-logistic", "lambda", 0.0),
    ] {
        let result = Learner::new(id, &[(name.into(), value)]);
        assert!(
            matches!(result, Err(LearnerError::Parameter { .. })),
            "{id} {name}"
        );
    }
    let twice = [("alpha".to_owned(), 0.1), ("alpha".to_owned(), 0.2)];
    assert!(matches!(
        Learner::new("elastic-net-logistic", &twice),
        Err(LearnerError::RepeatedParameter { .. })
    ));
}

#[test]
fn the_number_of_threads_does_not_change_a_bit() {
    let (design, outcome) = sample(3000, 9, 1);
    for learner in all() {
        let run = |threads| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(|| {
                    let fitted = learner.fit(&design, &outcome, 5).unwrap();
                    (fitted.to_bytes().unwrap(), fitted.predict(&design).unwrap())
                })
        };
        assert_eq!(run(1), run(4), "{}", learner.id());
    }
}

#[test]
fn the_seed_matters_only_where_something_is_drawn() {
    let (design, outcome) = sample(1000, 9, 2);
    let risks = |learner: &Learner, seed| {
        learner
            .fit(&design, &outcome, seed)
            .unwrap()
            .predict(&design)
            .unwrap()
    };
    let drawn: Vec<bool> = all().iter().map(|l| risks(l, 1) != risks(l, 2)).collect();
    assert_eq!(drawn, [false, false, false, true, false]);
}

#[test]
fn a_learner_read_back_predicts_the_same_bits() {
    let (design, outcome) = sample(800, 6, 3);
    for learner in all() {
        let fitted = learner.fit(&design, &outcome, 1).unwrap();
        let bytes = fitted.to_bytes().unwrap();
        let back = Fitted::from_bytes(&bytes).unwrap();
        assert_eq!(
            fitted.predict(&design).unwrap(),
            back.predict(&design).unwrap()
        );
        assert_eq!(fitted.complexity(), back.complexity());
        assert_eq!(back.to_bytes().unwrap(), bytes);
        assert_eq!(back.learner(), learner.id());
    }
}

#[test]
fn damaged_bytes_are_refused() {
    let (design, outcome) = sample(300, 3, 3);
    for learner in all() {
        let bytes = learner
            .fit(&design, &outcome, 1)
            .unwrap()
            .to_bytes()
            .unwrap();
        for length in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            assert!(
                Fitted::from_bytes(&bytes[..length]).is_err(),
                "{} {length}",
                learner.id()
            );
        }
        let mut longer = bytes.clone();
        longer.extend(b"more");
        assert!(Fitted::from_bytes(&longer).is_err(), "{}", learner.id());
    }
}

#[test]
fn attributions_add_up_to_the_log_odds() {
    let (design, outcome) = sample(1500, 6, 4);
    for learner in all() {
        let fitted = learner.fit(&design, &outcome, 1).unwrap();
        let attributions = fitted.attributions(&design).unwrap();
        assert!(attributions.additivity_error < 1e-4, "{attributions:?}");
        assert_eq!(attributions.rows, 1500);
        assert_eq!(attributions.columns.len(), 6);
        let tops: Vec<_> = attributions
            .columns
            .iter()
            .filter(|c| c.mean_abs > 0.0)
            .collect();
        match learner.id() {
            "prevalence" => assert!(tops.is_empty()),
            "best-single-predictor" => assert_eq!(tops.len(), 1),
            _ => {
                // The outcome depends on the first two columns, both upwards.
                let best = attributions
                    .columns
                    .iter()
                    .max_by(|a, b| a.mean_abs.total_cmp(&b.mean_abs));
                assert_eq!(best.unwrap().name, "c0", "{attributions:?}");
                assert!(best.unwrap().sign > 0.8);
            }
        }
    }
}

#[test]
fn a_fitted_learner_wants_its_columns() {
    let (design, outcome) = sample(300, 3, 5);
    let (other, _) = sample(300, 4, 5);
    let fitted = learner("elastic-net-logistic", &[])
        .fit(&design, &outcome, 0)
        .unwrap();
    assert!(fitted.predict(&other).is_err());
    let swapped = vec!["c1".to_owned(), "c0".to_owned(), "c2".to_owned()];
    let swapped = Design::new(swapped, 300, design.values().to_vec()).unwrap();
    let error = fitted.predict(&swapped).unwrap_err();
    assert!(error.to_string().contains("place"), "{error}");
}

#[test]
fn columns_without_information_are_harmless() {
    let (design, outcome) = sample(400, 3, 6);
    let mut values = Vec::new();
    for row in 0..400 {
        values.extend_from_slice(design.row(row).unwrap());
        values.extend([7.0, f32::NAN, 1e30, -0.0]);
    }
    let names = (0..7).map(|column| format!("c{column}")).collect();
    let design = Design::new(names, 400, values).unwrap();
    for learner in all() {
        let risks = learner
            .fit(&design, &outcome, 1)
            .unwrap()
            .predict(&design)
            .unwrap();
        assert!(
            risks.iter().all(|risk| (0.0..=1.0).contains(risk)),
            "{}",
            learner.id()
        );
    }
}

#[test]
fn one_class_or_no_columns_is_an_error() {
    let (design, _) = sample(50, 3, 7);
    for learner in all() {
        assert!(learner.fit(&design, &[true; 50], 0).is_err());
        assert!(learner.fit(&design, &[true; 49], 0).is_err());
    }
    let empty = Design::new(vec![], 2, vec![]).unwrap();
    assert!(
        learner("elastic-net-logistic", &[])
            .fit(&empty, &[true, false], 0)
            .is_err()
    );
    let fitted = learner("prevalence", &[])
        .fit(&empty, &[true, false], 0)
        .unwrap();
    assert_eq!(fitted.predict(&empty), Ok(vec![0.5; 2]));
}

#[test]
fn separable_outcomes_still_have_an_optimum() {
    let values: Vec<f32> = (0..200).map(|row| row as f32).collect();
    let outcome: Vec<bool> = (0..200).map(|row| row >= 100).collect();
    let design = Design::new(vec!["x".into()], 200, values).unwrap();
    for lambda in [1e-6, 1e-3, 1.0] {
        for alpha in [0.0, 0.5, 1.0] {
            let learner = learner(
                "elastic-net-logistic",
                &[("lambda", lambda), ("alpha", alpha)],
            );
            let risks = learner
                .fit(&design, &outcome, 0)
                .unwrap()
                .predict(&design)
                .unwrap();
            assert!(risks.iter().all(|risk| risk.is_finite()));
        }
    }
}

#[test]
fn a_full_set_of_indicators_converges() {
    let mut values = Vec::new();
    let mut outcome = Vec::new();
    let mut generator = stream(8, 1);
    for _ in 0..2000 {
        let level = (unit(&mut generator) * 5.0) as usize;
        values.extend((0..5).map(|other| f32::from(u8::from(other == level))));
        outcome.push(unit(&mut generator) < 0.1 + 0.1 * level as f64);
    }
    let names = (0..5).map(|level| format!("x={level}")).collect();
    let design = Design::new(names, 2000, values).unwrap();
    for alpha in [0.0, 0.5, 1.0] {
        let learner = learner(
            "elastic-net-logistic",
            &[("lambda", 1e-5), ("alpha", alpha)],
        );
        let risks = learner
            .fit(&design, &outcome, 0)
            .unwrap()
            .predict(&design)
            .unwrap();
        let mean = risks.iter().sum::<f64>() / 2000.0;
        let rate = outcome.iter().filter(|event| **event).count() as f64 / 2000.0;
        assert!((mean - rate).abs() < 1e-8, "the intercept is free");
    }
}
