//! The method without a host: `autods_sdk::testkit` makes its tables cross the border.

use std::sync::Arc;

use autods_sdk::arrow::array::{ArrayRef, Float32Array, Float64Array, Int64Array, RecordBatch};
use autods_sdk::method::{ColumnUse, FaultCode, Param, ROWS, Recipe, Step, Table};
use autods_sdk::params::{param_flag, param_integer};
use autods_sdk::testkit::{apply, fit};
use {{snake}}::CentreScale;

fn recipe(column: &str, step: &str, params: Vec<Param>) -> Recipe {
    let steps = vec![Step { name: step.to_owned(), params }];
    Recipe {
        columns: vec![ColumnUse { column: column.to_owned(), steps }],
        outcome: None,
        inner_fold: None,
        params: Vec::new(),
    }
}

fn rows(values: ArrayRef) -> Vec<Table> {
    let batch = RecordBatch::try_from_iter([("age", values)]).unwrap();
    vec![Table::new(ROWS, batch)]
}

#[test]
fn other_rows_are_scaled_by_what_was_learnt_and_missing_stays_missing() {
    let train = rows(Arc::new(Int64Array::from(vec![Some(1), None, Some(3)])));
    let recipe = recipe("age", "centre-scale", Vec::new());
    let fitted = fit::<CentreScale>(train, &recipe, 1).unwrap();
    let other = rows(Arc::new(Float64Array::from(vec![Some(2.0), None, Some(5.0)])));
    let made = apply::<CentreScale>(&fitted.state, other).unwrap();
    let column: &Float32Array = made[0].column("age").unwrap();
    let root = std::f32::consts::FRAC_1_SQRT_2;
    assert_eq!(
        column.iter().collect::<Vec<_>>(),
        [Some(0.0), None, Some(3.0 * root)]
    );
}

#[test]
fn what_is_wrong_with_a_recipe_is_a_fault_that_names_the_column() {
    let train = || rows(Arc::new(Float64Array::from(vec![1.0, 2.0])));
    for (recipe, code) in [
        (recipe("weight", "centre-scale", Vec::new()), FaultCode::MissingInput),
        (recipe("age", "scale", Vec::new()), FaultCode::UnknownParameter),
        (recipe("age", "centre-scale", vec![param_flag("rubust", true)]), FaultCode::UnknownParameter),
        (recipe("age", "centre-scale", vec![param_integer("robust", 1)]), FaultCode::UnknownParameter),
    ] {
        let fault = fit::<CentreScale>(train(), &recipe, 1).unwrap_err();
        assert_eq!((fault.code, fault.column), (code, Some(0)));
    }
}
