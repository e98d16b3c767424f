//! Numbers against independent implementations; `fixtures/*.py` made the fixtures and say which.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

use autods_science::*;
use serde_json::Value;

fn fixture(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn metrics() -> Value {
    fixture(include_str!("fixtures/metrics.json"))
}

fn learners() -> Value {
    fixture(include_str!("fixtures/learners.json"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap_or(f64::NAN))
        .collect()
}

fn outcome(value: &Value) -> Vec<bool> {
    numbers(&value["outcome"])
        .iter()
        .map(|v| *v == 1.0)
        .collect()
}

#[track_caller]
fn close(ours: f64, theirs: f64, tolerance: f64) {
    assert!(
        (ours - theirs).abs() <= tolerance,
        "ours {ours}, reference {theirs}"
    );
}

#[track_caller]
fn interval(ours: Estimate, theirs: &Value, tolerance: f64) {
    let theirs = numbers(theirs);
    close(ours.value, theirs[0], tolerance);
    close(ours.lower, theirs[1], tolerance);
    close(ours.upper, theirs[2], tolerance);
}

#[test]
fn discrimination_agrees_with_scikit_learn_and_pairwise_delong() {
    let data = metrics();
    let y = outcome(&data);
    let (a, b) = (numbers(&data["first"]), numbers(&data["second"]));
    let errors = numbers(&data["delong_error"]);
    let paired = delong_paired(&y, &a, &b).unwrap();
    let areas = numbers(&data["auroc"]);
    for (score, area, error, estimate) in [
        (&a, areas[0], errors[0], paired.first),
        (&b, areas[1], errors[1], paired.second),
    ] {
        close(auroc(&y, score).unwrap(), area, 1e-12);
        assert_eq!(auroc_delong(&y, score).unwrap(), estimate);
        close(estimate.value, area, 1e-12);
        close(
            (estimate.upper - estimate.lower) / 2.0 / 1.959963984540054,
            error,
            1e-12,
        );
    }
    let difference = paired.difference;
    close(difference.value, areas[0] - areas[1], 1e-12);
    close(
        (difference.upper - difference.lower) / 2.0 / 1.959963984540054,
        errors[2],
        1e-12,
    );
    close(paired.p_value, data["p_value"].as_f64().unwrap(), 1e-10);
    let precisions = numbers(&data["average_precision"]);
    close(average_precision(&y, &a).unwrap(), precisions[0], 1e-12);
    close(average_precision(&y, &b).unwrap(), precisions[1], 1e-12);
}

#[test]
fn overall_scores_agree_with_scikit_learn() {
    let data = metrics();
    let (y, a) = (outcome(&data), numbers(&data["first"]));
    close(
        brier(&y, &a).unwrap(),
        data["brier"].as_f64().unwrap(),
        1e-12,
    );
    close(
        scaled_brier(&y, &a).unwrap(),
        data["scaled_brier"].as_f64().unwrap(),
        1e-12,
    );
    close(
        log_loss(&y, &a).unwrap(),
        data["log_loss"].as_f64().unwrap(),
        1e-12,
    );
}

#[test]
fn calibration_agrees_with_statsmodels() {
    let data = metrics();
    let y = outcome(&data);
    for (name, expected) in ["first", "second"]
        .iter()
        .zip(data["calibration"].as_array().unwrap())
    {
        let risk = numbers(&data[name]);
        let weak = weak_calibration(&y, &risk).unwrap();
        interval(
            calibration_in_the_large(&y, &risk).unwrap(),
            &expected["in_the_large"],
            1e-8,
        );
        interval(weak.intercept, &expected["intercept"], 1e-8);
        interval(weak.slope, &expected["slope"], 1e-8);
        assert_eq!(calibration_slope(&y, &risk).unwrap(), weak.slope);
        let ratio = observed_expected_ratio(&y, &risk).unwrap();
        close(
            ratio.value,
            expected["observed_expected"].as_f64().unwrap(),
            1e-12,
        );
        assert!(ratio.lower < ratio.value && ratio.value < ratio.upper);
        let error = calibration_error(&y, &risk).unwrap();
        let theirs = numbers(&expected["error"]);
        close(error.mean, theirs[0], 1e-6);
        close(error.median, theirs[1], 1e-6);
        close(error.p90, theirs[2], 1e-6);
        close(error.maximum, theirs[3], 1e-6);
    }
}

#[test]
fn decisions_agree_with_their_definitions() {
    let data = metrics();
    let (y, a) = (outcome(&data), numbers(&data["first"]));
    let rows: Vec<Vec<f64>> = data["net_benefit"]
        .as_array()
        .unwrap()
        .iter()
        .map(numbers)
        .collect();
    let thresholds: Vec<f64> = rows.iter().map(|row| row[0]).collect();
    for (point, row) in decision_curve(&y, &a, &thresholds)
        .unwrap()
        .iter()
        .zip(&rows)
    {
        close(point.model, row[1], 1e-12);
        close(point.treat_all, row[2], 1e-12);
    }
    let rates = rates_at(&y, &a, 0.2).unwrap();
    let cells = numbers(&data["cells"]);
    assert_eq!((rates.tp as f64, rates.fp as f64), (cells[0], cells[1]));
    interval(rates.ppv.unwrap(), &data["ppv"], 1e-12);
}

#[test]
fn standardised_differences_agree_with_their_definitions() {
    let data = metrics();
    let (y, a) = (outcome(&data), numbers(&data["first"]));
    let of = |class: bool| -> Vec<f64> {
        y.iter()
            .zip(&a)
            .filter(|(event, _)| **event == class)
            .map(|(_, a)| *a)
            .collect()
    };
    close(
        smd(&of(true), &of(false)).unwrap(),
        data["smd"].as_f64().unwrap(),
        1e-12,
    );
    let counts = |side: usize| -> Vec<u64> {
        numbers(&data["levels"][side])
            .iter()
            .map(|n| *n as u64)
            .collect()
    };
    let distance = smd_categorical(&counts(0), &counts(1)).unwrap();
    close(distance, data["smd_categorical"].as_f64().unwrap(), 1e-12);
}

fn design(data: &Value) -> Design {
    let columns = data["columns"].as_u64().unwrap() as usize;
    let values: Vec<f32> = numbers(&data["values"]).iter().map(|v| *v as f32).collect();
    let names = (0..columns).map(|column| format!("c{column}")).collect();
    Design::new(names, values.len() / columns, values).unwrap()
}

#[test]
fn the_elastic_net_agrees_with_scikit_learn() {
    let data = learners();
    let (design, y) = (design(&data), outcome(&data));
    for net in data["elastic_net"].as_array().unwrap() {
        let params = ["lambda", "alpha"].map(|name| (name.to_owned(), net[name].as_f64().unwrap()));
        let fitted = Learner::new("elastic-net-logistic", &params)
            .unwrap()
            .fit(&design, &y, 0)
            .unwrap();
        assert_eq!(
            u64::from(fitted.complexity()),
            net["used"].as_u64().unwrap() + 1,
            "{net}"
        );
        for (ours, theirs) in fitted
            .predict(&design)
            .unwrap()
            .iter()
            .zip(numbers(&net["risks"]))
        {
            close(*ours, theirs, 1e-7);
        }
    }
}

#[test]
fn gradient_boosting_and_its_attributions_agree_with_xgboost() {
    let data = learners();
    let (design, y) = (design(&data), outcome(&data));
    for boost in data["boosting"].as_array().unwrap() {
        let params: Vec<(String, f64)> = boost["params"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), value.as_f64().unwrap()))
            .collect();
        let fitted = Learner::new("gradient-boosting", &params)
            .unwrap()
            .fit(&design, &y, 0)
            .unwrap();
        for (ours, theirs) in fitted
            .predict(&design)
            .unwrap()
            .iter()
            .zip(numbers(&boost["risks"]))
        {
            close(*ours, theirs, 1e-5);
        }
        let attributions = fitted.attributions(&design).unwrap();
        assert!(attributions.additivity_error < 1e-4);
        for (ours, theirs) in attributions.columns.iter().zip(numbers(&boost["mean_abs"])) {
            close(ours.mean_abs, theirs, 1e-4);
        }
    }
}
