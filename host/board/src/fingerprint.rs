//! What makes two plans the same plan.

use crate::canonical::canonical;
use crate::vocabulary::{ColumnUse, FeatureSet, Param, Plan, Scalar};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// SHA-256, hex, of what a feature set does: its method and its columns with their steps,
/// whatever their order and whatever the set is called.
pub fn features_fingerprint(features: &FeatureSet) -> String {
    digest(&content(features))
}

/// SHA-256, hex, of what a plan does: the content of its feature set, its learner and its
/// parameters, whatever their order, and whatever hypothesis it is said to test.
pub fn plan_fingerprint(plan: &Plan, features: &FeatureSet) -> String {
    digest(&json!({
        "features": content(features),
        "method": plan.method,
        "params": params(&plan.params),
    }))
}

fn digest(value: &Value) -> String {
    // a `Value` of strings, numbers and lists can always be written
    let text = canonical(value).unwrap_or_default();
    Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn content(features: &FeatureSet) -> Value {
    let mut columns: Vec<Value> = features.columns.iter().map(column).collect();
    columns.sort_by_cached_key(|column| canonical(column).unwrap_or_default());
    json!({"method": features.method, "columns": columns})
}

fn column(used: &ColumnUse) -> Value {
    let steps: Vec<Value> = used
        .steps
        .iter()
        .map(|step| json!({"name": step.name, "params": params(&step.params)}))
        .collect();
    json!({"column": used.column, "steps": steps})
}

fn params(params: &[Param]) -> Value {
    let mut sorted: Vec<&Param> = params.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    sorted
        .iter()
        .map(|param| json!([param.name, scalar(&param.value)]))
        .collect()
}

/// 3 and 3.0 are the same value of a parameter.
fn scalar(value: &Scalar) -> Value {
    match value {
        Scalar::Missing => Value::Null,
        Scalar::Flag(v) => json!(v),
        Scalar::Integer(v) => json!({"number": *v as f64}),
        // -0.0 + 0.0 is 0.0
        Scalar::Number(v) => json!({"number": *v + 0.0}),
        Scalar::Text(v) => json!({"text": v}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{column, features, param, plan};

    #[test]
    fn order_names_and_the_spelling_of_numbers_do_not_make_another_plan() {
        let set = features("linear", &[column("age"), column("days")]);
        let same = features("renamed", &[column("days"), column("age")]);
        assert_eq!(features_fingerprint(&set), features_fingerprint(&same));
        let a = plan(
            1,
            2,
            "gradient-boosting",
            &[param("depth", 3), param("rounds", 100)],
        );
        let mut b = plan(
            9,
            8,
            "gradient-boosting",
            &[param("rounds", 100), param("depth", 3)],
        );
        b.params[1].value = Scalar::Number(3.0);
        b.rationale = "something else".to_owned();
        assert_eq!(plan_fingerprint(&a, &set), plan_fingerprint(&b, &same));
    }

    #[test]
    fn another_parameter_step_or_column_does() {
        let set = features("linear", &[column("age")]);
        let base = plan(1, 2, "gradient-boosting", &[param("depth", 3)]);
        let deeper = plan(1, 2, "gradient-boosting", &[param("depth", 4)]);
        assert_ne!(
            plan_fingerprint(&base, &set),
            plan_fingerprint(&deeper, &set)
        );
        let wider = features("linear", &[column("age"), column("days")]);
        assert_ne!(
            plan_fingerprint(&base, &set),
            plan_fingerprint(&base, &wider)
        );
        let mut text = base.clone();
        text.params[0].value = Scalar::Text("3".to_owned());
        assert_ne!(plan_fingerprint(&base, &set), plan_fingerprint(&text, &set));
    }
}
