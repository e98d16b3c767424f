//! Every placeholder has its reference, every reference its placeholder, and each resolves to a
//! number on the board.

use super::{Case, Found};
use crate::pointer::resolve;
use crate::rule::{Refusal, Rule};
use crate::vocabulary::Action;
use std::collections::BTreeSet;

pub(super) fn check(case: &Case<'_>) -> Found {
    let Action::State(statement) = case.action else {
        return Ok(());
    };
    let wanted: BTreeSet<usize> = (0..statement.refs.len()).collect();
    if placeholders(&statement.text) != Some(wanted) {
        return Err(Refusal::new(Rule::BadReference, 0));
    }
    match statement
        .refs
        .iter()
        .find(|reference| resolve(case.events, reference).is_none())
    {
        Some(reference) => Err(Refusal::new(Rule::BadReference, reference.event)),
        None => Ok(()),
    }
}

/// Numbers of the placeholders; `None` where a brace is not part of one.
fn placeholders(text: &str) -> Option<BTreeSet<usize>> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let inner = rest[at..].strip_prefix('{')?;
        let close = inner.find('}')?;
        let number = &inner[..close];
        // one spelling for each number: no sign, no leading zero
        let index: usize = number.parse().ok()?;
        if index.to_string() != number {
            return None;
        }
        found.insert(index);
        rest = &inner[close + 1..];
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, card, statement};
    use crate::vocabulary::{Action, Role, Stage};

    #[test]
    fn references_and_placeholders_match_and_resolve() {
        let mut scene = Scene::explored();
        let result = scene.experiment(scene.plan, 0.68);
        let auroc = (result, "/Experiment/auroc/value");
        let translator = card(Role::Translator, "translator");
        let refused = |text: &str, refs: &[(u64, &str)]| {
            scene.refused(
                &translator,
                Stage::Report,
                &Action::State(statement(text, refs)),
            )
        };
        assert_eq!(
            refused(
                "{0} and again {0}, from {1} seeds",
                &[auroc, (result, "/Experiment/seeds")]
            ),
            None
        );
        assert_eq!(refused("No number at all.", &[]), None);
        for (text, refs) in [
            ("{0} and {1}", &[auroc][..]),
            ("nothing", &[auroc][..]),
            ("{0}", &[(result, "/Experiment/fidelity")][..]),
            ("{0}", &[(result, "/Experiment/nothing")][..]),
            ("{0}", &[(9999, "/Experiment/auroc/value")][..]),
            ("{0} {", &[auroc][..]),
            ("{0} }", &[auroc][..]),
        ] {
            assert_eq!(refused(text, refs), Some(Rule::BadReference), "{text}");
        }
    }
}
