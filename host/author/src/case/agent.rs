//! An agent's case: a briefing in, actions out.

use autods_sandbox::agent::{Briefing, act};
use serde_json::Value;

use super::check::Problem;
use super::file::{AgentFile, parse};
use super::{CaseReport, Run, counted, read};
use crate::AuthorError;

/// What a briefing of a case leaves out: a small task on an empty board.
const BASE: &str = include_str!("briefing.json");

pub(super) fn run(run: &Run<'_>) -> Result<CaseReport, AuthorError> {
    let path = run.at("case.toml");
    let case: AgentFile = parse(&path)?;
    let mut report = run.report(&case.description);
    let briefing = briefing(run)?;
    let actions = match (act(run.plugin, &briefing), &case.expect.error) {
        (Ok((actions, _)), None) => actions,
        (Ok(_), Some(code)) => {
            let what = format!("expected the error `{code}`, found actions");
            report.problems.push(Problem::at(&path, what));
            return Ok(report);
        }
        (Err(error), wanted) => {
            report.done = format!("acted: {}", error.code());
            if wanted.as_deref() != Some(error.code()) {
                let what = format!("{error} [{}]", error.code());
                report.problems.push(Problem::new(what));
            }
            return Ok(report);
        }
    };
    report.done = counted(actions.len(), "action");
    let made = serde_json::to_value(&actions).unwrap_or_default();
    let text = format!(
        "{}\n",
        serde_json::to_string_pretty(&made).unwrap_or_default()
    );
    let file = run.at("expected/actions.json");
    run.hold(&mut report, "actions.json", &text, |text| {
        let expected: Value = json(&file, text)?;
        let mut problems = Vec::new();
        compare("", &expected, &made, &mut |place, what| {
            problems.push(Problem::at(&file, format!("{place}: {what}")));
        });
        Ok(problems)
    })?;
    // an agent is a pure function
    let again = act(run.plugin, &briefing).map(|(actions, _)| actions);
    if again.as_ref().ok() != Some(&actions) {
        let what = "on the same briefing it acted differently the second time";
        report.problems.push(Problem::new(what));
    }
    Ok(report)
}

/// The case's briefing, over the base.
pub(crate) fn briefing(run: &Run<'_>) -> Result<Briefing, AuthorError> {
    let path = run.at("input/briefing.json");
    let given: Value = json(&path, &read(&path)?)?;
    let mut whole: Value = json(&path, BASE)?;
    merge(&mut whole, given);
    serde_json::from_value(whole).map_err(|error| {
        AuthorError::file(
            &path,
            format!("is no briefing: {error}; its parts are in wit/agent.wit, `briefing`"),
        )
    })
}

fn json(path: &std::path::Path, text: &str) -> Result<Value, AuthorError> {
    serde_json::from_str(text).map_err(|error| AuthorError::File {
        file: path.to_owned(),
        line: Some(error.line()),
        what: error.to_string(),
    })
}

/// Objects are merged, everything else is replaced.
fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over,
    }
}

/// Tells of every place where two values differ.
fn compare(place: &str, expected: &Value, found: &Value, tell: &mut impl FnMut(&str, String)) {
    let shown = if place.is_empty() { "/" } else { place };
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                match found.get(key) {
                    Some(other) => compare(&format!("{place}/{key}"), value, other, tell),
                    None => tell(shown, format!("expected `{key}`, found none")),
                }
            }
            for key in found.keys().filter(|key| !expected.contains_key(*key)) {
                tell(shown, format!("found `{key}`, which is not expected"));
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            for (at, (value, other)) in expected.iter().zip(found).enumerate() {
                compare(&format!("{place}/{at}"), value, other, tell);
            }
            if expected.len() != found.len() {
                let what = format!("expected {} items, found {}", expected.len(), found.len());
                tell(shown, what);
            }
        }
        (expected, found) if expected != found => {
            tell(shown, format!("expected {expected}, found {found}"));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_briefing_that_leaves_everything_out_is_the_base() {
        let base: Value = serde_json::from_str(BASE).unwrap();
        serde_json::from_value::<Briefing>(base).unwrap();
    }

    #[test]
    fn a_difference_names_its_place() {
        let mut said = Vec::new();
        compare(
            "",
            &json!([{"Endorse": {"target": 1, "item": "Features"}}]),
            &json!([{"Endorse": {"target": 2, "remark": "x"}}, {}]),
            &mut |place, what| said.push(format!("{place}: {what}")),
        );
        said.sort();
        assert_eq!(
            said,
            [
                "/0/Endorse/target: expected 1, found 2",
                "/0/Endorse: expected `item`, found none",
                "/0/Endorse: found `remark`, which is not expected",
                "/: expected 1 items, found 2",
            ]
        );
    }
}
