//! Parameters that a task gives to plugins, held against what their manifests declare.

use std::fmt::Write as _;

use autods_board::{ParamFact, ParamKind, Scalar};
use autods_sandbox::{Parameter, ParameterType, PluginFile};
use autods_spec::{Launch, OptionValue, Task};

use crate::{
    briefing::scalar,
    error::{Result, RunError},
};

/// A parameter of a manifest in the board's vocabulary.
pub(crate) fn declared((name, parameter): (&String, &Parameter)) -> ParamFact {
    ParamFact {
        name: name.clone(),
        kind: match parameter.kind {
            ParameterType::Integer => ParamKind::Integer,
            ParameterType::Number => ParamKind::Number,
            ParameterType::Flag => ParamKind::Flag,
            ParameterType::Text => ParamKind::Text,
        },
        min: parameter.min,
        max: parameter.max,
    }
}

/// Every parameter that TASK.md and LAUNCH.md give has to be one that the plugin's manifest
/// declares, of its type and within its range.
///
/// # Errors
/// The first that is not, with its place and what there is.
pub(crate) fn check(task: &Task, launch: &Launch, plugins: &[PluginFile]) -> Result<()> {
    for (i, source) in task.data.iter().enumerate() {
        if let Some(delimiter) = &source.delimiter {
            let place = format!("TASK.md: `data[{i}].delimiter`");
            let value = OptionValue::Text(delimiter.clone());
            one(&place, "delimiter", &value, &source.loader, plugins)?;
        }
        for (name, value) in &source.options {
            let place = format!("TASK.md: `data[{i}].options.{name}`");
            one(&place, name, value, &source.loader, plugins)?;
        }
    }
    let teams = launch.teams.iter().map(|team| (&team.agent, &team.params));
    let cast = launch.agents.iter().map(|cast| (&cast.agent, &cast.params));
    for (list, players) in [
        ("teams", teams.collect::<Vec<_>>()),
        ("agents", cast.collect()),
    ] {
        for (i, (agent, params)) in players.into_iter().enumerate() {
            for (name, value) in params {
                let place = format!("LAUNCH.md: `{list}[{i}].params.{name}`");
                one(&place, name, value, agent, plugins)?;
            }
        }
    }
    Ok(())
}

fn one(
    place: &str,
    name: &str,
    value: &OptionValue,
    plugin: &str,
    plugins: &[PluginFile],
) -> Result<()> {
    let manifest = plugins
        .iter()
        .map(PluginFile::manifest)
        .find(|manifest| manifest.plugin.id == plugin)
        .ok_or_else(|| RunError::Policy(format!("{place}: there is no plugin `{plugin}`")))?;
    let known: Vec<ParamFact> = manifest.params.iter().map(declared).collect();
    let Some(fact) = known.iter().find(|fact| fact.covers(name)) else {
        let names: Vec<&str> = known.iter().map(|fact| fact.name.as_str()).collect();
        let there = if names.is_empty() {
            "it has none".to_owned()
        } else {
            format!("it has {}", names.join(", "))
        };
        return Err(RunError::Policy(format!(
            "{place}: `{plugin}` has no such parameter; {there}"
        )));
    };
    // absent: the declared default
    let value = scalar(value);
    if value == Scalar::Missing || fact.admits(&value) {
        return Ok(());
    }
    Err(RunError::Policy(format!(
        "{place}: `{plugin}` wants {}",
        wanted(fact)
    )))
}

fn wanted(fact: &ParamFact) -> String {
    let mut text = match fact.kind {
        ParamKind::Integer => "a whole number",
        ParamKind::Number => "a number",
        ParamKind::Flag => "true or false",
        ParamKind::Text => "a text",
    }
    .to_owned();
    let mut and = |words: &str, end: Option<f64>| {
        if let Some(end) = end {
            // writing to a text cannot fail
            let _ = write!(text, ", {words} {end}");
        }
    };
    and("at least", fact.min);
    and("at most", fact.max);
    text
}
