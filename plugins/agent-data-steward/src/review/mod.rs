//! The review of the catalogue: which checks do its columns call for?

mod identifier;
mod missingness;
mod near_constant;
mod post_index;

use autods_sdk::agent::{Action, Briefing, CheckKind, CheckTarget, Column, ColumnRole};

/// Whether a column calls for a check.
type Rule = fn(&Briefing, &Column) -> bool;

/// The rules, in the order in which their requests are made.
const RULES: [(CheckKind, Rule); 4] = [
    (CheckKind::Identifier, identifier::suspected),
    (CheckKind::NearConstant, near_constant::suspected),
    (CheckKind::PostIndex, post_index::suspected),
    (CheckKind::MissingnessProxy, missingness::suspected),
];

/// Requests for every check that the catalogue calls for and that is not on the board yet.
///
/// Equal rows are always looked for: no column can say whether there are any.
pub(crate) fn requests(briefing: &Briefing) -> Vec<Action> {
    let mut wanted = vec![(CheckKind::Duplicates, CheckTarget::Data)];
    for (kind, suspected) in RULES {
        wanted.extend(
            candidates(briefing)
                .filter(|column| suspected(briefing, column))
                .map(|column| (kind, CheckTarget::Column(column.name.clone()))),
        );
    }
    wanted
        .into_iter()
        .filter(|(kind, target)| briefing.check(*kind, target).is_none())
        .map(Action::RequestCheck)
        .collect()
}

/// Columns of the main table that a model could be given.
fn candidates(briefing: &Briefing) -> impl Iterator<Item = &Column> {
    briefing
        .catalogue
        .iter()
        .flat_map(|catalogue| &catalogue.columns)
        .filter(|column| column.table == briefing.task.table)
        .filter(|column| {
            matches!(
                column.role,
                ColumnRole::Predictor | ColumnRole::Site | ColumnRole::Time
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::{Availability, OutcomeVerdict, Role, Stage, TicketKind, ValueKind};
    use autods_sdk::testkit::BriefingBuilder;

    fn briefing() -> BriefingBuilder {
        BriefingBuilder::new(Role::DataSteward, "data-steward")
            .stage(Stage::Govern)
            .ticket(TicketKind::Review, 0)
            .column("badge", ValueKind::Identifier, |_| ())
            .column("visit_code", ValueKind::Integer, |c| {
                c.distinct = Some(9_900)
            })
            .column("age", ValueKind::Integer, |c| c.distinct = Some(90))
            .column("examide", ValueKind::Category, |c| c.distinct = Some(1))
            .column("weight", ValueKind::Number, |c| {
                c.distinct = Some(300);
                c.missing = 0.97;
            })
            .column("billing", ValueKind::Number, |c| {
                c.distinct = Some(300);
                c.available = Availability::AfterIndex;
            })
            .column("patient", ValueKind::Identifier, |c| {
                c.role = ColumnRole::Subject
            })
    }

    #[test]
    fn suspicious_columns_are_checked_and_others_are_not() {
        let wanted =
            |kind, name: &str| Action::RequestCheck((kind, CheckTarget::Column(name.to_owned())));
        assert_eq!(
            requests(&briefing().build()),
            [
                Action::RequestCheck((CheckKind::Duplicates, CheckTarget::Data)),
                wanted(CheckKind::Identifier, "badge"),
                wanted(CheckKind::Identifier, "visit_code"),
                wanted(CheckKind::NearConstant, "examide"),
                wanted(CheckKind::PostIndex, "billing"),
                wanted(CheckKind::MissingnessProxy, "weight"),
            ]
        );
    }

    #[test]
    fn a_check_on_the_board_is_not_requested_again() {
        let mut builder = briefing();
        for action in requests(&briefing().build()) {
            if let Action::RequestCheck((kind, target)) = action {
                builder = builder.checked(kind, target, OutcomeVerdict::Pass);
            }
        }
        assert!(requests(&builder.build()).is_empty());
    }
}
