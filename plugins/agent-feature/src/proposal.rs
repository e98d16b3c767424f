//! Proposing the sets, and their successors after objections.

use autods_sdk::agent::{Action, Briefing, EventId, FeatureSet, Proposal, ProposalBody};

use crate::sets;

/// Proposes every set that is not on the board yet.
pub(crate) fn first(briefing: &Briefing) -> Vec<Action> {
    let known: Vec<&str> = briefing
        .proposals()
        .filter_map(|(_, proposal)| match &proposal.body {
            ProposalBody::Features(set) => Some(set.name.as_str()),
            _ => None,
        })
        .collect();
    sets::names()
        .filter(|name| !known.contains(name))
        .filter_map(|name| sets::build(briefing, name))
        .filter(|set| !set.columns.is_empty())
        .map(|set| propose(set, None))
        .collect()
}

/// Proposes a successor to the set `about` without what objections named, once; nothing if that
/// changes nothing.
pub(crate) fn successor(briefing: &Briefing, about: EventId) -> Option<Action> {
    let Some(ProposalBody::Features(old)) = briefing.proposal(about).map(|old| &old.body) else {
        return None;
    };
    let superseded = briefing
        .proposals()
        .any(|(_, proposal)| proposal.supersedes == Some(about));
    if superseded {
        return None;
    }
    let new = sets::build(briefing, &old.name)?;
    (new.columns != old.columns && !new.columns.is_empty()).then(|| propose(new, Some(about)))
}

fn propose(set: FeatureSet, supersedes: Option<EventId>) -> Action {
    Action::Propose(Proposal {
        body: ProposalBody::Features(set),
        supersedes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::{
        CheckKind, CheckTarget, Critique, EventBody, Objection, OutcomeVerdict, Role, RubricItem,
        Stage, ValueKind,
    };
    use autods_sdk::testkit::BriefingBuilder;

    const ME: &str = "feature-engineer";

    fn many(builder: BriefingBuilder, name: &str) -> BriefingBuilder {
        builder
            .category(name, &[("a", "a", Some(500)), ("b", "b", Some(90))])
            .with(|briefing| {
                if let Some(column) = briefing
                    .catalogue
                    .as_mut()
                    .and_then(|c| c.columns.last_mut())
                {
                    column.distinct = Some(40);
                }
            })
    }

    fn start() -> BriefingBuilder {
        let builder = BriefingBuilder::new(Role::FeatureEngineer, ME)
            .stage(Stage::Prepare)
            .category(
                "age",
                &[("[0-10)", "", Some(90)), ("[10-20)", "", Some(80))],
            )
            .column("stay", ValueKind::Integer, |column| {
                column.quantiles = vec![0.0, 0.0, 1.0, 2.0, 9.0];
                column.missing = 0.2;
            })
            .category("examide", &[("No", "No", Some(9_999))])
            .column("echo", ValueKind::Number, |_| ())
            .column("note", ValueKind::Text, |_| ());
        let builder = many(many(builder, "payer"), "disposition");
        builder
            .checked(
                CheckKind::NearConstant,
                CheckTarget::Column("examide".to_owned()),
                OutcomeVerdict::Block,
            )
            .checked(
                CheckKind::TargetProxy,
                CheckTarget::Column("disposition".to_owned()),
                OutcomeVerdict::Pass,
            )
    }

    fn set(action: &Action) -> &FeatureSet {
        match action {
            Action::Propose(Proposal {
                body: ProposalBody::Features(set),
                ..
            }) => set,
            other => panic!("{other:?}"),
        }
    }

    fn recipe<'a>(set: &'a FeatureSet, column: &str) -> Vec<Vec<&'a str>> {
        set.columns
            .iter()
            .filter(|used| used.column == column)
            .map(|used| used.steps.iter().map(|step| step.name.as_str()).collect())
            .collect()
    }

    #[test]
    fn two_sets_are_proposed_once_with_suspicious_columns_and_without_constants() {
        let actions = first(&start().build());
        let [linear, trees] = actions.as_slice() else {
            panic!("{actions:?}");
        };
        let (linear, trees) = (set(linear), set(trees));
        assert_eq!(
            (linear.name.as_str(), trees.name.as_str()),
            ("linear", "trees")
        );
        assert_eq!(
            recipe(linear, "stay"),
            [["log1p", "missing-indicator", "impute-median", "standardise"]]
        );
        assert_eq!(recipe(trees, "stay"), [Vec::<&str>::new()]);
        assert_eq!(recipe(trees, "age"), [["band-midpoint"]]);
        assert_eq!(recipe(linear, "payer"), [["one-hot"]]);
        assert_eq!(
            recipe(linear, "payer-risk"),
            [["pair", "target-encode", "standardise"]]
        );
        assert_eq!(recipe(trees, "payer"), [["target-encode"]]);
        assert_eq!(
            recipe(trees, "age-x-disposition"),
            [["pair", "target-encode"]]
        );
        assert_eq!(
            recipe(trees, "disposition-x-payer"),
            [["pair", "target-encode"]]
        );
        assert!(recipe(trees, "examide").is_empty());
        assert!(recipe(trees, "note").is_empty());
        assert_eq!(recipe(trees, "echo").len(), 1);

        for set in [linear, trees] {
            let mut names: Vec<&str> = set
                .columns
                .iter()
                .map(|used| used.column.as_str())
                .collect();
            names.sort_unstable();
            let all = names.len();
            names.dedup();
            assert_eq!(names.len(), all, "{}: each name once", set.name);
        }

        let mut board = start();
        for action in actions {
            if let Action::Propose(proposal) = action {
                board = board.event(ME, EventBody::Proposed(proposal));
            }
        }
        assert!(first(&board.build()).is_empty());
    }

    #[test]
    fn what_an_objection_names_is_left_out_of_the_successor_and_its_pairs() {
        let mut board = start();
        for action in first(&board.clone().build()) {
            if let Action::Propose(proposal) = action {
                board = board.event(ME, EventBody::Proposed(proposal));
            }
        }
        // the sets are events 3 and 4
        assert_eq!(successor(&board.clone().build(), 4), None);
        for column in ["echo", "disposition"] {
            board = board.event(
                "validator",
                EventBody::Objected(Objection {
                    critique: Critique {
                        target: 4,
                        item: RubricItem::Leakage,
                        evidence: 2,
                        remark: String::new(),
                    },
                    drop_columns: vec![column.to_owned()],
                    exclude: Vec::new(),
                }),
            );
        }
        let action = successor(&board.clone().build(), 4).unwrap();
        let trees = set(&action);
        assert!(recipe(trees, "echo").is_empty());
        assert!(
            trees
                .columns
                .iter()
                .all(|used| !used.column.contains("disposition"))
        );
        assert_eq!(recipe(trees, "payer").len(), 1);
        let Action::Propose(proposal) = action else {
            panic!("no proposal");
        };
        assert_eq!(proposal.supersedes, Some(4));
        let done = board.event(ME, EventBody::Proposed(proposal));
        assert_eq!(successor(&done.build(), 4), None);
    }
}
