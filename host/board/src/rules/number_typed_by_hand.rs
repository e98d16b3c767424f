//! No digit in a statement outside a placeholder: a number that is not resolved from an event has
//! no place in a report.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::Action;

pub(super) fn check(case: &Case<'_>) -> Found {
    match case.action {
        Action::State(statement)
            if without_placeholders(&statement.text)
                .chars()
                .any(char::is_numeric) =>
        {
            Err(Refusal::new(Rule::NumberTypedByHand, 0))
        }
        _ => Ok(()),
    }
}

/// The text without its placeholders `{0}`, `{1}`, …
fn without_placeholders(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        plain.push_str(&rest[..open]);
        let inner = &rest[open + 1..];
        match inner.find('}') {
            Some(close) if close > 0 && inner[..close].bytes().all(|b| b.is_ascii_digit()) => {
                rest = &inner[close + 1..];
            }
            _ => {
                plain.push('{');
                rest = inner;
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, card, statement};
    use crate::vocabulary::{Action, Role, Stage};

    #[test]
    fn digits_in_any_script_are_numbers() {
        let mut scene = Scene::explored();
        let result = scene.experiment(scene.plan, 0.68);
        let translator = card(Role::Translator, "translator");
        let refused = |text: &str| {
            let state = Action::State(statement(text, &[(result, "/Experiment/auroc/value")]));
            scene.refused(&translator, Stage::Report, &state)
        };
        assert_eq!(refused("The area is {0}."), None);
        for text in [
            "The area is {0}, that is 0.99.",
            "The area is {0} ½.",
            "x² {0}",
            "٣ {0}",
            "{ 0} {0}",
            "{0a} {0}",
        ] {
            assert_eq!(refused(text), Some(Rule::NumberTypedByHand), "{text}");
        }
    }
}
