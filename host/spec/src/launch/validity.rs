//! What must hold in a LAUNCH.md beyond its types, alone and beside its task.

use super::Launch;
use crate::dictionary::{Kind, Role};
use crate::error::{Fault, SpecError};
use crate::option_value::OptionValue;
use crate::reading::Source;
use crate::task::Task;
use crate::task::validity::kebab;
use std::collections::BTreeMap;
use std::time::Duration;

pub(super) fn check(launch: &Launch, task: &Task, at: &Source) -> Result<(), SpecError> {
    if launch.launch_command.trim().is_empty() {
        return Err(at.error("launch_command", contradiction("must not be empty")));
    }
    policy(launch, at)?;
    splits(launch, at)?;
    subgroups(launch, task, at)?;
    if launch.leakage_checks.is_empty() {
        return Err(at.error(
            "leakage_checks",
            contradiction("at least one check is needed"),
        ));
    }
    let names: Vec<&str> = launch
        .leakage_checks
        .iter()
        .map(|check| check.name())
        .collect();
    at.distinct("leakage_checks", "check", &names)?;
    promotion(launch, task, at)?;
    limits(launch, at)?;
    seeds(launch, at)?;
    methods(launch, at)?;
    teams(launch, at)?;
    agents(launch, at)
}

fn contradiction(words: impl Into<String>) -> Fault {
    Fault::Contradiction(words.into())
}

fn policy(launch: &Launch, at: &Source) -> Result<(), SpecError> {
    let policy = &launch.deident_policy;
    at.in_range(
        "deident_policy.age_cap",
        policy.age_cap,
        (18..=89).contains(&policy.age_cap),
        "18 to 89",
    )?;
    let days = policy.date_shift_days;
    at.in_range(
        "deident_policy.date_shift_days",
        days,
        (1..=3650).contains(&days),
        "1 to 3650 days",
    )?;
    let threshold = policy.threshold;
    at.in_range(
        "deident_policy.threshold",
        threshold,
        (5..=100).contains(&threshold),
        "5 to 100 rows",
    )
}

fn splits(launch: &Launch, at: &Source) -> Result<(), SpecError> {
    let cv = &launch.cv_strategy;
    at.in_range(
        "cv_strategy.folds",
        cv.folds,
        (2..=20).contains(&cv.folds),
        "2 to 20",
    )?;
    at.in_range(
        "cv_strategy.inner_folds",
        cv.inner_folds,
        (2..=20).contains(&cv.inner_folds),
        "2 to 20",
    )?;
    at.in_range(
        "cv_strategy.lockbox",
        cv.lockbox,
        (0.0..=0.5).contains(&cv.lockbox),
        "0 to 0.5",
    )
}

fn subgroups(launch: &Launch, task: &Task, at: &Source) -> Result<(), SpecError> {
    at.distinct("fairness_subgroups", "column", &launch.fairness_subgroups)?;
    let Some(main) = task.main_table() else {
        return Ok(());
    };
    for (i, name) in launch.fairness_subgroups.iter().enumerate() {
        let path = format!("fairness_subgroups[{i}]");
        at.known(
            &path,
            "column",
            name,
            main.columns.iter().map(|c| c.name.as_str()),
        )?;
        let Some(column) = main.column(name) else {
            continue;
        };
        if !matches!(column.kind, Kind::Category | Kind::Ordinal | Kind::Boolean)
            || column.role == Role::Outcome
        {
            let words = format!(
                "`{name}` must be a category, an ordinal or a boolean, and not the outcome"
            );
            return Err(at.error(&path, contradiction(words)));
        }
    }
    let sensitive = main
        .columns
        .iter()
        .find(|c| c.sensitive && !launch.fairness_subgroups.contains(&c.name));
    if let Some(column) = sensitive {
        let words = format!(
            "the task declares `{}` sensitive, so its groups must be compared: add it",
            column.name
        );
        return Err(at.error("fairness_subgroups", contradiction(words)));
    }
    Ok(())
}

fn promotion(launch: &Launch, task: &Task, at: &Source) -> Result<(), SpecError> {
    let criteria = &launch.promotion_criteria;
    if criteria.metric != task.primary_metric {
        let words = format!(
            "the task decides by `{}`, so promotion must too, not by `{}`",
            task.primary_metric, criteria.metric
        );
        return Err(at.error("promotion_criteria.metric", contradiction(words)));
    }
    let delta = criteria.min_delta;
    at.in_range(
        "promotion_criteria.min_delta",
        delta,
        (0.0..=0.2).contains(&delta),
        "0 to 0.2",
    )?;
    let (low, high) = criteria.slope_within;
    at.in_range(
        "promotion_criteria.slope_within",
        format!("[{low}, {high}]"),
        low > 0.0 && low <= 1.0 && (1.0..=5.0).contains(&high),
        "two numbers around 1, the first above 0, the second at most 5",
    )?;
    let loss = criteria.max_group_loss;
    at.in_range(
        "promotion_criteria.max_group_loss",
        loss,
        (0.0..=0.5).contains(&loss),
        "0 to 0.5",
    )?;
    let least = criteria.min_group_events;
    at.in_range(
        "promotion_criteria.min_group_events",
        least,
        (10..=10_000).contains(&least),
        "10 to 10000",
    )?;
    let replicates = criteria.replicates;
    at.in_range(
        "promotion_criteria.replicates",
        replicates,
        (200..=20_000).contains(&replicates),
        "200 to 20000",
    )
}

fn limits(launch: &Launch, at: &Source) -> Result<(), SpecError> {
    let exit = &launch.exit_condition;
    at.in_range(
        "exit_condition.stagnation",
        exit.stagnation,
        (1..=1000).contains(&exit.stagnation),
        "1 to 1000",
    )?;
    if let Some(target) = exit.target {
        at.in_range(
            "exit_condition.target",
            target,
            target > 0.5 && target < 1.0,
            "above 0.5 and below 1",
        )?;
    }
    let budget = &launch.budget;
    let wall = budget.wall;
    let (least, most) = (Duration::from_secs(60), Duration::from_secs(30 * 86_400));
    at.in_range(
        "budget.wall",
        wall,
        (least..=most).contains(&wall.0),
        "1m to 720h",
    )?;
    at.in_range(
        "budget.experiments",
        budget.experiments,
        (1..=1000).contains(&budget.experiments),
        "1 to 1000",
    )?;
    at.in_range(
        "budget.lockbox_opens",
        budget.lockbox_opens,
        budget.lockbox_opens <= 10,
        "0 to 10",
    )?;
    at.in_range(
        "budget.rounds",
        budget.rounds,
        (1..=1000).contains(&budget.rounds),
        "1 to 1000",
    )?;
    let has_box = launch.cv_strategy.lockbox > 0.0;
    if has_box != (budget.lockbox_opens > 0) {
        let words = "a lock-box needs at least 1 opening, and without one there is nothing to open";
        return Err(at.error("budget.lockbox_opens", contradiction(words)));
    }
    let policy = &launch.critique_policy;
    at.in_range(
        "critique_policy.quorum",
        policy.quorum,
        (1..=3).contains(&policy.quorum),
        "1 to 3; a proposal has three critics who are not its author",
    )?;
    at.in_range(
        "critique_policy.max_rounds",
        policy.max_rounds,
        (1..=100).contains(&policy.max_rounds),
        "1 to 100",
    )
}

fn seeds(launch: &Launch, at: &Source) -> Result<(), SpecError> {
    let count = launch.seeds.len();
    at.in_range(
        "seeds",
        format!("{count} seeds"),
        (1..=20).contains(&count),
        "1 to 20 of them",
    )?;
    at.distinct("seeds", "seed", &launch.seeds)
}

fn methods(launch: &Launch, at: &Source) -> Result<(), SpecError> {
    if launch.methods.is_empty() {
        return Err(at.error("methods", contradiction("at least one method is needed")));
    }
    at.distinct("methods", "method", &launch.methods)?;
    for (i, method) in launch.methods.iter().enumerate() {
        let good = method.strip_prefix("method-").is_some_and(kebab);
        at.in_range(
            &format!("methods[{i}]"),
            method,
            good,
            "the id of a method: `method-` and words in kebab-case",
        )?;
    }
    Ok(())
}

fn teams(launch: &Launch, at: &Source) -> Result<(), SpecError> {
    let count = launch.teams.len();
    at.in_range(
        "teams",
        format!("{count} teams"),
        (1..=16).contains(&count),
        "1 to 16 of them",
    )?;
    let names: Vec<&str> = launch.teams.iter().map(|team| team.name.as_str()).collect();
    at.distinct("teams", "team", &names)?;
    for (i, team) in launch.teams.iter().enumerate() {
        let good = kebab(&team.name) && team.name.len() <= 32;
        at.in_range(
            &format!("teams[{i}].name"),
            &team.name,
            good,
            "kebab-case, at most 32 characters",
        )?;
        player(&format!("teams[{i}]"), &team.agent, &team.params, at)?;
    }
    Ok(())
}

fn agents(launch: &Launch, at: &Source) -> Result<(), SpecError> {
    for (i, cast) in launch.agents.iter().enumerate() {
        if launch.agents[..i].iter().any(|one| one.role == cast.role) {
            let words = "the role is given twice: one agent has it";
            return Err(at.error(&format!("agents[{i}].role"), contradiction(words)));
        }
        player(&format!("agents[{i}]"), &cast.agent, &cast.params, at)?;
    }
    Ok(())
}

/// A plugin that plays a role, and what it is told.
fn player(
    path: &str,
    agent: &str,
    params: &BTreeMap<String, OptionValue>,
    at: &Source,
) -> Result<(), SpecError> {
    at.in_range(
        &format!("{path}.agent"),
        agent,
        agent.strip_prefix("agent-").is_some_and(kebab),
        "the id of an agent: `agent-` and words in kebab-case, such as `agent-modeler`",
    )?;
    for name in params.keys() {
        at.in_range(
            &format!("{path}.params.{name}"),
            name,
            kebab(name),
            "a parameter's name in kebab-case",
        )?;
    }
    Ok(())
}
