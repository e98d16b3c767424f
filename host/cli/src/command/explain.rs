//! `explain`: a code in words.

use std::process::ExitCode;

use autods_board::Rule;
use autods_sandbox::{Explanation, explain as explain_code, explanations};

use crate::arguments::Explain;
use crate::exit::{self, Failure};
use crate::screen::say;

/// Who changes what a rule of the board refuses: nobody can be asked to change the rule.
const OF_RULES: &str = "  change  what the agent does: nothing in a policy turns a rule off. The refusal stands on the board,
          and the agent sees it the next time it acts
  who     the agent's author";

pub(crate) fn explain(arguments: &Explain) -> Result<ExitCode, Failure> {
    let Some(code) = arguments.code.as_deref() else {
        return list(arguments.json);
    };
    let rule = Rule::ALL.iter().find(|rule| rule.name() == code);
    let found = explain_code(code);
    let number = code.parse::<u8>().ok().and_then(exit::explained);
    if arguments.json {
        say(serde_json::to_string_pretty(&serde_json::json!({
            "plugin": found,
            "rule": rule.map(|rule| serde_json::json!({"code": rule.name(), "what": rule.meaning()})),
            "exit": number.map(|(what, change)| serde_json::json!({"what": what, "change": change})),
        }))?);
    } else {
        if let Some(found) = found {
            say(found.to_string());
        }
        if let Some(rule) = rule {
            say(format!(
                "{code} (a rule of the board)\n  what    {}\n{OF_RULES}",
                rule.meaning()
            ));
        }
        if let Some((what, change)) = number {
            say(format!(
                "exit code {code}\n  what    {what}\n  change  {change}"
            ));
        }
    }
    if found.is_none() && rule.is_none() && number.is_none() {
        return Err(Failure::new(
            2,
            format!(
                "there is no code `{}`; `autods-host explain` lists them all",
                code.escape_default()
            ),
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn list(json: bool) -> Result<ExitCode, Failure> {
    let all: Vec<&Explanation> = explanations().collect();
    if json {
        say(serde_json::to_string_pretty(&all)?);
        return Ok(ExitCode::SUCCESS);
    }
    say("Of plugins:");
    for explanation in all {
        say(format!(
            "  {:<30} {}",
            explanation.code,
            first_sentence(explanation.what)
        ));
    }
    say("\nRules of the board:");
    for rule in Rule::ALL {
        say(format!("  {:<30} {}", rule.name(), rule.meaning()));
    }
    say("\nExit codes:");
    for code in 0..=u8::MAX {
        if let Some((what, _)) = exit::explained(code) {
            say(format!("  {code:<30} {what}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn first_sentence(text: &str) -> &str {
    text.split(". ")
        .next()
        .unwrap_or(text)
        .trim_end_matches('.')
}
