//! The method without a host: `autods_sdk::testkit` makes its tables cross the border.

use std::sync::Arc;

use autods_sdk::arrow::array::{ArrayRef, Float32Array, Float64Array, RecordBatch};
use autods_sdk::method::{ColumnUse, FaultCode, Param, ROWS, Recipe, Step, Table};
use autods_sdk::params::{param_number, param_text};
use autods_sdk::testkit::{apply, fit};
use method_winsorise::Winsorise;

fn recipe(column: &str, step: &str, params: Vec<Param>) -> Recipe {
    let steps = vec![Step { name: step.to_owned(), params }];
    Recipe {
        columns: vec![ColumnUse { column: column.to_owned(), steps }],
        outcome: None,
        inner_fold: None,
        params: Vec::new(),
    }
}

fn rows(values: Vec<Option<f64>>) -> Vec<Table> {
    let values: ArrayRef = Arc::new(Float64Array::from(values));
    let batch = RecordBatch::try_from_iter([("age", values)]).unwrap();
    vec![Table::new(ROWS, batch)]
}

#[test]
fn other_rows_are_treated_by_what_was_learnt() {
    let recipe = recipe("age", "winsorise", vec![param_number("share", 0.0)]);
    let fitted = fit::<Winsorise>(rows(vec![Some(1.0), Some(2.0), Some(3.0)]), &recipe, 1).unwrap();
    let made = apply::<Winsorise>(&fitted.state, rows(vec![None, Some(99.0), Some(-9.0)])).unwrap();
    let column: &Float32Array = made[0].column("age").unwrap();
    assert_eq!(column.values(), &[0.0, 1.0, -1.0]);
}

#[test]
fn what_is_wrong_with_a_recipe_is_a_fault_that_names_the_column() {
    for (recipe, code) in [
        (recipe("weight", "winsorise", Vec::new()), FaultCode::MissingInput),
        (recipe("age", "clip", Vec::new()), FaultCode::UnknownParameter),
        (
            recipe("age", "winsorise", vec![param_number("share", 0.3)]),
            FaultCode::ParameterOutOfRange,
        ),
        (
            recipe("age", "winsorise", vec![param_text("shaer", "")]),
            FaultCode::UnknownParameter,
        ),
    ] {
        let train = rows(vec![Some(1.0), Some(2.0)]);
        let fault = fit::<Winsorise>(train, &recipe, 1).unwrap_err();
        assert_eq!((fault.code, fault.column), (code, Some(0)));
    }
}
