//! Request what is needed, then object or endorse; never twice.

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckResult, CheckTarget, Critique, EventId, Exclusion, Objection,
    OutcomeVerdict, ProposalBody, Protocol, RubricItem,
};

use super::end_of_life::{self, EndOfLife};

/// The judgement of the proposal `target`, or the requests that it has to wait for.
pub(crate) fn critique(briefing: &Briefing, target: EventId) -> Vec<Action> {
    let Some(proposal) = briefing.proposal(target) else {
        return Vec::new();
    };
    if is_judged(briefing, target) {
        return Vec::new();
    }
    let suspects = match &proposal.body {
        ProposalBody::Protocol(_) => end_of_life::columns(briefing),
        ProposalBody::Features(_) | ProposalBody::Analysis(_) => Vec::new(),
    };
    let waiting = requests(briefing, target, &suspects);
    if !waiting.is_empty() {
        return waiting;
    }
    if let ProposalBody::Protocol(protocol) = &proposal.body {
        let objections: Vec<Action> = suspects
            .into_iter()
            .filter_map(|suspect| objection(briefing, target, protocol, suspect))
            .collect();
        if !objections.is_empty() {
            return objections;
        }
    }
    briefing
        .check(CheckKind::Lint, &CheckTarget::Event(target))
        .map(|(id, lint)| by_lint(target, &proposal.body, id, lint))
        .into_iter()
        .collect()
}

/// Whether this agent has already endorsed or objected to the target.
fn is_judged(briefing: &Briefing, target: EventId) -> bool {
    let me = &briefing.card.instance;
    briefing
        .endorsements_of(target)
        .any(|(event, _)| event.author == *me)
        || briefing
            .objections_to(target)
            .any(|(event, _)| event.author == *me)
}

/// Checks that the judgement rests on and that are not on the board yet.
fn requests(briefing: &Briefing, target: EventId, suspects: &[EndOfLife]) -> Vec<Action> {
    let lint = (CheckKind::Lint, CheckTarget::Event(target));
    suspects
        .iter()
        .map(|suspect| {
            (
                CheckKind::ImpossibleOutcome,
                CheckTarget::Column(suspect.column.clone()),
            )
        })
        .chain([lint])
        .filter(|(kind, about)| briefing.check(*kind, about).is_none())
        .map(Action::RequestCheck)
        .collect()
}

/// An objection to keeping the rows of `suspect`, if the check bears the label out and the
/// deciding population keeps them.
fn objection(
    briefing: &Briefing,
    target: EventId,
    protocol: &Protocol,
    suspect: EndOfLife,
) -> Option<Action> {
    let about = CheckTarget::Column(suspect.column.clone());
    let (evidence, check) = briefing.check(CheckKind::ImpossibleOutcome, &about)?;
    if !bears_out(briefing, check, &suspect) || leaves_out(protocol, &suspect) {
        return None;
    }
    Some(Action::Object(Objection {
        critique: Critique {
            target,
            item: RubricItem::Population,
            evidence,
            remark: format!(
                "By the labels of {} some patients died or entered hospice care, and their rows \
                 can hardly have the outcome; they would flatter every model.",
                suspect.column
            ),
        },
        drop_columns: Vec::new(),
        exclude: vec![Exclusion {
            column: suspect.column,
            codes: suspect.codes,
            reason:
                "The patient died or entered hospice care, so that the outcome can hardly occur."
                    .to_owned(),
            evidence,
        }],
    }))
}

/// Whether the check bears the labels out: it warns or blocks, and at least one of the suspected
/// levels that it shows has an outcome rate clearly under that of everybody. A suspicious label on
/// a level that hardly occurs (a transfer *from* a hospice, say) is no evidence, even when another
/// level of the same column is what the check warns of.
fn bears_out(briefing: &Briefing, check: &CheckResult, suspect: &EndOfLife) -> bool {
    let usual = prevalence(briefing);
    let mut shown = check
        .levels
        .iter()
        .filter(|level| suspect.codes.contains(&level.code));
    check.verdict != OutcomeVerdict::Pass
        && shown.any(|level| usual.is_none_or(|usual| level.upper < usual))
}

/// Share of rows with the outcome.
#[allow(clippy::cast_precision_loss, reason = "a share needs no more than f64")]
fn prevalence(briefing: &Briefing) -> Option<f64> {
    let catalogue = briefing.catalogue.as_ref()?;
    (catalogue.rows > 0).then(|| catalogue.events as f64 / catalogue.rows as f64)
}

/// Whether the deciding population already leaves all of these codes out.
fn leaves_out(protocol: &Protocol, suspect: &EndOfLife) -> bool {
    protocol.populations.first().is_some_and(|primary| {
        suspect.codes.iter().all(|code| {
            primary.exclude.iter().any(|exclusion| {
                exclusion.column == suspect.column && exclusion.codes.contains(code)
            })
        })
    })
}

/// What the lint says decides when nothing else is wrong.
fn by_lint(target: EventId, body: &ProposalBody, evidence: EventId, lint: &CheckResult) -> Action {
    let item = match body {
        ProposalBody::Protocol(_) => RubricItem::Population,
        ProposalBody::Features(_) => RubricItem::Features,
        ProposalBody::Analysis(_) => RubricItem::Duplication,
    };
    let critique = |remark: &str| Critique {
        target,
        item,
        evidence,
        remark: remark.to_owned(),
    };
    if lint.verdict == OutcomeVerdict::Block {
        Action::Object(Objection {
            critique: critique("The lint blocks this proposal."),
            drop_columns: Vec::new(),
            exclude: Vec::new(),
        })
    } else {
        Action::Endorse(critique(
            "Every row that decides can have the outcome, and the lint finds nothing that blocks.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::{EventBody, LevelRate, Population, Proposal, Role, Stage, TicketKind};
    use autods_sdk::testkit::BriefingBuilder;

    const ME: &str = "data-steward";

    fn protocol(exclude: Vec<Exclusion>) -> EventBody {
        EventBody::Proposed(Proposal {
            body: ProposalBody::Protocol(Protocol {
                populations: vec![Population {
                    id: "all".to_owned(),
                    title: "all rows".to_owned(),
                    exclude,
                }],
                outcome: "readmitted".to_owned(),
                metric: "auroc".to_owned(),
                folds: 5,
                lockbox: 0.2,
                thresholds: Vec::new(),
                subgroups: Vec::new(),
                seeds: vec![1],
            }),
            supersedes: None,
        })
    }

    fn briefing(exclude: Vec<Exclusion>) -> BriefingBuilder {
        BriefingBuilder::new(Role::DataSteward, ME)
            .stage(Stage::Design)
            .category(
                "disposition",
                &[
                    ("1", "Discharged to home", Some(4000)),
                    ("11", "Expired", Some(130)),
                    ("13", "Hospice / home", None),
                ],
            )
            .event("biostatistician", protocol(exclude))
            .ticket(TicketKind::Critique, 1)
    }

    fn checked(builder: BriefingBuilder, verdict: OutcomeVerdict) -> Briefing {
        checked_with(builder, verdict, 0.03)
    }

    fn checked_with(builder: BriefingBuilder, verdict: OutcomeVerdict, upper: f64) -> Briefing {
        builder
            .checked(
                CheckKind::ImpossibleOutcome,
                CheckTarget::Column("disposition".to_owned()),
                verdict,
            )
            .with(|briefing| {
                if let Some(EventBody::Checked(check)) =
                    briefing.events.last_mut().map(|event| &mut event.body)
                {
                    check.levels = vec![LevelRate {
                        code: "11".to_owned(),
                        label: "Expired".to_owned(),
                        n: 130,
                        rate: upper / 2.0,
                        upper,
                    }];
                }
            })
            .checked(CheckKind::Lint, CheckTarget::Event(1), OutcomeVerdict::Pass)
            .build()
    }

    #[test]
    fn deaths_are_suspected_first_and_objected_to_once_a_check_bears_it_out() {
        let first = critique(&briefing(Vec::new()).build(), 1);
        assert_eq!(
            first[0],
            Action::RequestCheck((
                CheckKind::ImpossibleOutcome,
                CheckTarget::Column("disposition".to_owned())
            ))
        );
        let second = critique(&checked(briefing(Vec::new()), OutcomeVerdict::Block), 1);
        let [Action::Object(objection)] = second.as_slice() else {
            panic!("{second:?}");
        };
        assert_eq!(objection.critique.evidence, 2);
        assert_eq!(objection.exclude[0].codes, ["11", "13"]);
        assert_eq!(objection.exclude[0].evidence, 2);

        let again = briefing(Vec::new()).event(ME, EventBody::Objected(objection.clone()));
        assert!(critique(&checked(again, OutcomeVerdict::Block), 1).is_empty());
    }

    #[test]
    fn a_label_without_evidence_is_no_objection() {
        let actions = critique(&checked(briefing(Vec::new()), OutcomeVerdict::Pass), 1);
        assert!(matches!(actions.as_slice(), [Action::Endorse(c)] if c.evidence == 3));
        // the column warns, but not because of the levels with that label
        let usual = checked_with(briefing(Vec::new()), OutcomeVerdict::Warn, 0.2);
        assert!(matches!(
            critique(&usual, 1).as_slice(),
            [Action::Endorse(_)]
        ));
    }

    #[test]
    fn a_population_without_those_rows_is_endorsed() {
        let exclude = vec![Exclusion {
            column: "disposition".to_owned(),
            codes: vec!["11".to_owned(), "13".to_owned()],
            reason: "cannot be readmitted".to_owned(),
            evidence: 9,
        }];
        let actions = critique(&checked(briefing(exclude), OutcomeVerdict::Block), 1);
        assert!(matches!(actions.as_slice(), [Action::Endorse(_)]));
    }
}
