//! `policy show|explain`.

use std::{path::Path, process::ExitCode};

use autods_sandbox::{
    Policy, Profile,
    policy::reference::{commented, explained, find},
};

use crate::{
    arguments::{PolicyArguments, PolicyCommand},
    exit::Failure,
    screen::say,
};

pub(crate) fn policy(arguments: &PolicyArguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        PolicyCommand::Show { policy, json } => show(policy, *json),
        PolicyCommand::Explain { key } => explain(key),
    }
}

/// The policy that a person named, or the default.
pub(crate) fn named(policy: Option<&Path>) -> Result<Policy, Failure> {
    policy.map_or_else(
        || Ok(Policy::default()),
        |policy| Policy::find(policy).map_err(|e| Failure::new(3, e.to_string())),
    )
}

fn show(named_as: &Path, json: bool) -> Result<ExitCode, Failure> {
    let policy = named(Some(named_as))?;
    if json {
        say(serde_json::to_string_pretty(&serde_json::json!({
            "digest": policy.digest(),
            "policy": policy,
        }))?);
    } else if let Some(profile) = named_as.to_str().and_then(Profile::named) {
        say(commented(profile).trim_end());
    } else {
        say(format!("# digest {}", policy.digest()));
        say(policy.to_toml().trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

fn explain(key: &str) -> Result<ExitCode, Failure> {
    match find(key) {
        Ok(key) => {
            say(explained(key).trim().trim_start_matches("### "));
            Ok(ExitCode::SUCCESS)
        }
        Err(nearest) => {
            let hint = nearest.map_or_else(
                || "`autods-host policy show standard` lists them".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Err(Failure::new(
                2,
                format!("a policy has no key `{}`; {hint}", key.escape_default()),
            ))
        }
    }
}
