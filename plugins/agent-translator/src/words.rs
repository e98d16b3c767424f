//! Names in words.

use autods_sdk::agent::Briefing;

/// A learner or baseline in words; its id where it is not known.
pub(crate) fn model(id: &str) -> String {
    match id {
        "elastic-net-logistic" => "penalised logistic regression".to_owned(),
        "gradient-boosting" => "gradient boosting of trees".to_owned(),
        "prevalence" => "the same risk for everybody".to_owned(),
        "best-single-predictor" => "the best single predictor".to_owned(),
        other => other.replace('-', " "),
    }
}

/// A team's name from its modeler's instance, such as `linear` from `modeler-linear`.
pub(crate) fn team(instance: &str) -> &str {
    instance.strip_prefix("modeler-").unwrap_or(instance)
}

/// A column's label, or its name; nothing if both have a digit, which no sentence may have.
pub(crate) fn column(briefing: &Briefing, name: &str) -> Option<String> {
    let label = briefing.column(name).map(|column| column.label.as_str());
    label
        .into_iter()
        .chain([name])
        .find(|words| {
            !words.is_empty() && !words.contains(|c: char| c.is_numeric() || c == '{' || c == '}')
        })
        .map(str::to_owned)
}
