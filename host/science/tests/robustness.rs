//! Whatever comes in, an answer or an error comes out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

use autods_science::*;
use proptest::prelude::*;

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => 0.0..1.0f64,
        2 => (0u32..4).prop_map(|n| f64::from(n) / 3.0),
        1 => any::<f64>(),
        1 => Just(f64::NAN),
        1 => Just(f64::MIN_POSITIVE),
    ]
}

fn risk() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..1.0f64,
        2 => (0u32..4).prop_map(|n| f64::from(n) / 3.0),
        1 => Just(f64::MIN_POSITIVE),
    ]
}

fn ordered(estimate: Result<Estimate, StatisticError>) -> bool {
    estimate.is_err() || estimate.is_ok_and(|e| e.lower <= e.value && e.value <= e.upper)
}

proptest! {
    #[test]
    fn no_statistic_panics(
        rows in prop::collection::vec((any::<bool>(), number(), number(), any::<u32>()), 0..60),
        extra in any::<bool>(),
        bins in 0usize..12,
        threshold in number(),
        seed: u64,
        k in 0u32..8,
    ) {
        let mut y: Vec<bool> = rows.iter().map(|row| row.0).collect();
        let a: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let b: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let groups: Vec<u32> = rows.iter().map(|row| row.3 % 20).collect();
        let codes: Vec<u32> = rows.iter().map(|row| row.3 % 5).collect();
        if extra {
            y.push(true);
        }
        let _ = (auroc(&y, &a), auroc_delong(&y, &a), delong_paired(&y, &a, &b));
        let _ = (average_precision(&y, &a), brier(&y, &a), scaled_brier(&y, &a), log_loss(&y, &a));
        let _ = (calibration_in_the_large(&y, &a), weak_calibration(&y, &a));
        let _ = (observed_expected_ratio(&y, &a), calibration_error(&y, &a));
        let _ = (roc_curve(&y, &a, bins), precision_recall_curve(&y, &a, bins));
        let _ = (calibration_curve(&y, &a, bins, 3, 1), rates_at(&y, &a, threshold));
        let _ = (decision_curve(&y, &a, &[threshold]), univariate_auroc(&y, &a), smd(&a, &b));
        let _ = univariate_auroc_categorical(&y, &codes, &groups);
        let _ = (stratified_group_kfold(&groups, &y, k, seed), lockbox(&groups, &y, threshold, seed));
        let _ = riley_binary(threshold, u64::from(k), 0.3);
        if let Ok(bootstrap) = ClusterBootstrap::new(&groups, 20, seed) {
            let _ = (bootstrap.auroc(&y, &a), bootstrap.auroc_difference(&y, &a, &b));
            let _ = bootstrap.mean(&a);
        }
    }

    #[test]
    fn intervals_contain_their_value(
        rows in prop::collection::vec((any::<bool>(), risk()), 4..80),
    ) {
        let (y, p): (Vec<bool>, Vec<f64>) = rows.into_iter().unzip();
        prop_assert!(ordered(auroc_delong(&y, &p)));
        prop_assert!(ordered(calibration_in_the_large(&y, &p)));
        prop_assert!(ordered(calibration_slope(&y, &p)));
        prop_assert!(ordered(observed_expected_ratio(&y, &p)));
        prop_assert!(ordered(univariate_auroc(&y, &p)));
    }

    #[test]
    fn the_area_does_not_change_under_a_monotone_change_of_scale(
        rows in prop::collection::vec((any::<bool>(), 0u32..50), 4..80),
    ) {
        let y: Vec<bool> = rows.iter().map(|row| row.0).collect();
        let p: Vec<f64> = rows.iter().map(|row| f64::from(row.1) / 50.0).collect();
        let scaled: Vec<f64> = p.iter().map(|p| 3.0 * p * p * p - 7.0).collect();
        let turned: Vec<f64> = p.iter().map(|p| -p).collect();
        prop_assert_eq!(auroc(&y, &p), auroc(&y, &scaled));
        if let (Ok(up), Ok(down)) = (auroc(&y, &p), auroc(&y, &turned)) {
            prop_assert!((up + down - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn no_learner_panics(
        values in prop::collection::vec(
            prop_oneof![4 => -5.0f32..5.0, 2 => Just(f32::NAN), 2 => Just(0.0f32), 1 => any::<f32>()],
            0..120,
        ),
        columns in 1usize..5,
        lambda in 1e-6..0.1f64,
        seed: u64,
    ) {
        let rows = values.len() / columns;
        let names = (0..columns).map(|column| format!("c{column}")).collect();
        let y: Vec<bool> = (0..rows).map(|row| (seed >> (row % 64)) & 1 == 1).collect();
        if let Ok(design) = Design::new(names, rows, values[..rows * columns].to_vec()) {
            for (id, params) in [
                ("prevalence", vec![]),
                ("best-single-predictor", vec![]),
                ("elastic-net-logistic", vec![("lambda".to_owned(), lambda)]),
                ("gradient-boosting", vec![("rounds".to_owned(), 3.0)]),
            ] {
                let learner = Learner::new(id, &params).unwrap();
                if let Ok(fitted) = learner.fit(&design, &y, seed) {
                    let risks = fitted.predict(&design).unwrap();
                    prop_assert!(risks.iter().all(|risk| (0.0..=1.0).contains(risk)));
                    let attributions = fitted.attributions(&design).unwrap();
                    prop_assert!(attributions.columns.iter().all(|c| c.mean_abs.is_finite()));
                }
            }
        }
    }
}
